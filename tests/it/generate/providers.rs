//! The same expectation in the words of the other providers.

use std::path::Path;

use grantlint::config::Config;
use grantlint::dialect::Dialect;
use grantlint::engine::{Filling, dialect_of, expectation, generate};
use grantlint::finding::PolicyKind;
use grantlint::report::render_policy;

use super::{expect, filling, is_what_is_expected, nothing_is_found};

/// The same in the words of a dialect.
fn written_in(dialect: &str, config: &str, filling: &Filling) -> Result<String, String> {
    let parsed = Config::parse(config, Path::new("grantlint.toml")).unwrap();
    let entry = expectation(&parsed, None).unwrap();
    let dialect = dialect_of(&parsed, entry, grantlint::dialect::named(dialect).map(Dialect::name)).unwrap();
    let policy = generate(&entry.expectation, dialect, filling).map_err(|refusal| refusal.to_string())?;
    let mut out = Vec::new();
    render_policy(&policy, &mut out).unwrap();
    Ok(String::from_utf8(out).unwrap())
}

/// The expectation of the issue in words that all providers have.
const EVERYWHERE: &str = "[[expect]]\nfiles = 'policies/files.json'\nkind = 'session'\nallow = [\n\
                     { actions = ['GetObject', '@list'], keys = 'app/files/*' },\n\
                     { actions = ['@upload', 'DeleteObject'], keys = 'app/files/{user}/*' },\n]\n";

#[test]
fn each_provider_has_its_own_words() {
    let oss = written_in("oss", EVERYWHERE, &Filling::default()).unwrap();
    insta::assert_snapshot!(oss, @r##"
    {
      "Version": "1",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": [
            "oss:GetObject",
            "oss:ListLiveChannel",
            "oss:ListParts"
          ],
          "Resource": [
            "acs:oss:*:*:<BucketName>/app/files/*"
          ]
        },
        {
          "Effect": "Allow",
          "Action": [
            "oss:AbortMultipartUpload",
            "oss:DeleteObject",
            "oss:ListParts",
            "oss:PutObject"
          ],
          "Resource": [
            "acs:oss:*:*:<BucketName>/app/files/{user}/*"
          ]
        },
        {
          "Effect": "Allow",
          "Action": [
            "oss:ListMultipartUploads",
            "oss:ListObjectVersions",
            "oss:ListObjects"
          ],
          "Resource": [
            "acs:oss:*:*:<BucketName>"
          ],
          "Condition": {
            "StringLike": {
              "oss:Prefix": [
                "app/files/*"
              ]
            }
          }
        },
        {
          "Effect": "Allow",
          "Action": [
            "oss:ListMultipartUploads"
          ],
          "Resource": [
            "acs:oss:*:*:<BucketName>"
          ],
          "Condition": {
            "StringLike": {
              "oss:Prefix": [
                "app/files/{user}/*"
              ]
            }
          }
        }
      ]
    }
    "##);
    let site = filling(&[("user", "alice")], &["examplebucket"]);
    let s3 = written_in("s3", EVERYWHERE, &site).unwrap();
    insta::assert_snapshot!(s3, @r##"
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": [
            "s3:GetObject",
            "s3:ListMultipartUploadParts"
          ],
          "Resource": [
            "arn:aws:s3:::examplebucket/app/files/*"
          ]
        },
        {
          "Effect": "Allow",
          "Action": [
            "s3:AbortMultipartUpload",
            "s3:DeleteObject",
            "s3:ListMultipartUploadParts",
            "s3:PutObject"
          ],
          "Resource": [
            "arn:aws:s3:::examplebucket/app/files/alice/*"
          ]
        },
        {
          "Effect": "Allow",
          "Action": [
            "s3:ListBucket",
            "s3:ListBucketVersions"
          ],
          "Resource": [
            "arn:aws:s3:::examplebucket"
          ],
          "Condition": {
            "StringLike": {
              "s3:prefix": [
                "app/files/*"
              ]
            }
          }
        }
      ]
    }
    "##);
}

#[test]
fn nothing_is_found_in_what_is_written_for_other_providers() {
    let sound = [
        "{ actions = ['GetObject', '@list'], keys = 'app/files/*' }, \
         { actions = ['@upload', 'DeleteObject'], keys = 'app/files/{user}/*' }",
        "{ actions = '@upload', keys = 'app/avatar/{user}/*' }",
        "{ actions = 'PutObject', keys = ['app/avatar/{user}.jpg', 'app/avatar/{user}_s.jpg'] }",
        "{ actions = ['@read', '@list'], keys = 'app/photos/*' }",
        "{ actions = ['@upload', '@delete', '@read', '@list'], keys = ['{user}/*', 'tmp/{user}/*'] }",
        "{ actions = '@read', keys = 'a/*' }, { actions = '@list', keys = 'b/*' }, { actions = '@list', keys = 'c/*' }",
        "{ actions = ['GetObject', 'GetBucketAcl'], keys = ['a/*', 'b/\u{7528}\u{6237}/*'] }",
        "{ actions = '@list', keys = 'app/{user}/{date}/*' }, { actions = 'PutObject', keys = 'app/{user}/{date}/a' }",
        "{ actions = '@list', keys = 'app/one.jpg' }",
    ];
    for (dialect, site) in [
        ("oss", vec![]),
        ("oss", vec!["examplebucket", "cn-hangzhou", "1000000000000001"]),
        ("s3", vec![]),
        ("s3", vec!["examplebucket", "aws-cn"]),
    ] {
        for allow in sound {
            let config = expect(allow);
            let text = written_in(dialect, &config, &filling(&[], &site)).unwrap();
            for kind in [PolicyKind::Session, PolicyKind::Identity] {
                nothing_is_found(&text, kind, None);
            }
            is_what_is_expected(&config, &text, None);
            if allow.contains("{user}") {
                let text = written_in(dialect, &config, &filling(&[("user", "alice")], &site)).unwrap();
                assert!(text.contains("alice") && !text.contains("{user}"), "{text}");
                nothing_is_found(&text, PolicyKind::Session, Some("alice"));
                is_what_is_expected(&config, &text, Some("alice"));
            }
        }
    }
}
