"""Writes the policies that the peers are measured on.

    python3 benches/peers/policies.py FOLDER [COUNT [SEED]]

COUNT (1000) S3 policies of 300 to 900 bytes, as people pass them to a key or attach them to a role; the same ones for
the same SEED (1). Most are narrow, some have the faults that linters look for: a wildcard in the action, `*` or the
whole bucket as the resource, a listing without a prefix. Bucket and user names are made up.
"""

import json
import random
import sys
from pathlib import Path

SMALLEST, LARGEST = 300, 900

UPLOAD = ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
READ = ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectTagging"]
CHANGE = ["s3:DeleteObject", "s3:PutObjectTagging", "s3:PutObjectAcl"]
SETTINGS = ["s3:GetBucketLocation", "s3:GetBucketVersioning", "s3:PutLifecycleConfiguration", "s3:PutBucketPolicy"]
WILDCARDS = ["s3:*", "s3:Put*", "s3:Get*", "s3:*Object", "*"]
BUCKETS = ["examplebucket", "photos-prod", "reports-eu", "upload-inbox", "static.example.com"]
FOLDERS = ["app/avatar", "reports/2026", "invoices", "tmp/inbox", "media/photos/original"]
USERS = ["alice", "bob", "user-1007", "${aws:username}", "${aws:PrincipalTag/team}"]


def some(chance, words):
    return sorted(chance.sample(words, chance.randint(1, len(words))))


def objects(chance):
    bucket, folder, user = chance.choice(BUCKETS), chance.choice(FOLDERS), chance.choice(USERS)
    roll = chance.random()
    if roll < 0.7:
        return f"arn:aws:s3:::{bucket}/{folder}/{user}/*"
    if roll < 0.85:
        return f"arn:aws:s3:::{bucket}/{folder}/*"
    return f"arn:aws:s3:::{bucket}/*" if roll < 0.97 else "*"


def condition(chance):
    return chance.choice(
        [
            {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "198.51.100.7"]}},
            {"Bool": {"aws:SecureTransport": "true"}},
            {"StringEquals": {"s3:x-amz-acl": "private"}},
            {"DateLessThan": {"aws:CurrentTime": "2026-12-31T00:00:00Z"}},
            {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1a2b3c4d"}},
        ]
    )


def statement(chance, number):
    roll = chance.random()
    made = {"Sid": f"Part{number}", "Effect": "Allow"}
    if roll < 0.2:
        made["Action"] = "s3:ListBucket"
        made["Resource"] = f"arn:aws:s3:::{chance.choice(BUCKETS)}"
        if chance.random() < 0.8:
            prefix = f"{chance.choice(FOLDERS)}/{chance.choice(USERS)}/*"
            made["Condition"] = {"StringLike": {"s3:prefix": [prefix]}}
        return made
    if roll < 0.3:
        made["Action"] = some(chance, SETTINGS)
        made["Resource"] = f"arn:aws:s3:::{chance.choice(BUCKETS)}"
        return made
    if roll < 0.4:
        made["Effect"] = "Deny"
        made["Action"] = chance.choice(WILDCARDS)
        made["Resource"] = f"arn:aws:s3:::{chance.choice(BUCKETS)}/private/*"
        made["Condition"] = {"Bool": {"aws:SecureTransport": "false"}}
        return made
    if roll < 0.47:
        made["Action"] = chance.choice(WILDCARDS)
    else:
        made["Action"] = some(chance, chance.choice([UPLOAD, READ, UPLOAD + READ, CHANGE]))
    made["Resource"] = [objects(chance) for _ in range(chance.randint(1, 3))]
    if chance.random() < 0.3:
        made["Condition"] = condition(chance)
    return made


def policy(chance):
    while True:
        statements = [statement(chance, number) for number in range(chance.randint(1, 3))]
        text = json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2) + "\n"
        if SMALLEST <= len(text) <= LARGEST:
            return text


def main(folder, count="1000", seed="1"):
    chance = random.Random(int(seed))
    Path(folder).mkdir(parents=True, exist_ok=True)
    for number in range(int(count)):
        (Path(folder) / f"policy-{number:04}.json").write_text(policy(chance), encoding="utf-8")


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
