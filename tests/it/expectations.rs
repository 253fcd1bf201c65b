//! Policies of every provider held to one expectation, as a user meets it: the program in a project with a `grantlint.toml`.

use super::harness::{Project, Run};

/// Everybody's files are read and listed, one's own are changed; in words that all providers have.
const FILES: &str = "[[expect]]\nname = 'files'\nfiles = '*'\nkind = 'session'\nallow = [\n\
                     { actions = ['GetObject', '@list'], keys = 'app/files/*' },\n\
                     { actions = ['@upload', 'DeleteObject'], keys = 'app/files/{user}/*' },\n]\n";

const DIALECTS: [&str; 3] = ["cos", "oss", "s3"];

fn project() -> Project {
    Project::new().file("grantlint.toml", FILES).file("to-come.json", "{}")
}

/// The policy that is expected, in the words of a provider.
fn policy(dialect: &str, more: &[&str]) -> String {
    let args = ["generate", "--dialect", dialect].into_iter().chain(more.iter().copied());
    project().run(args).exits(0).stdout
}

fn check(policy: &str, more: &[&str]) -> Run {
    let project = project().file("a.json", policy);
    project.run(["check", "--format", "json", "a.json"].iter().chain(more))
}

/// `rule message` of each finding.
fn said(run: &Run) -> Vec<String> {
    let text = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let findings = run.json()["findings"].as_array().unwrap().clone();
    findings.iter().map(|f| format!("{} {}", text(f, "rule"), text(f, "message"))).collect()
}

#[test]
fn one_expectation_holds_the_policies_of_every_provider() {
    for dialect in DIALECTS {
        let template = policy(dialect, &[]);
        let full = policy(dialect, &["--set=user=alice", "--bucket=examplebucket-1250000000"]);
        assert_eq!(said(&check(&template, &[]).exits(0)), [""; 0], "{dialect}");
        assert_eq!(said(&check(&full, &[]).exits(0)), [""; 0], "{dialect}");
        // The owner may be written as it pleases, as long as it is one.
        for own in ["<Username>", "${user}", "{{openId}}"] {
            let run = check(&template.replace("{user}", own), &[]);
            assert_eq!(said(&run.exits(0)), [""; 0], "{dialect} {own}");
        }
    }
    let variable = policy("s3", &["--bucket=examplebucket"]).replace("{user}", "${aws:userid}");
    assert_eq!(said(&check(&variable, &[]).exits(0)), [""; 0]);
}

#[test]
fn one_value_of_the_owner_fits_listings_and_keys() {
    let config =
        "[[expect]]\nfiles = '*.json'\nallow = [{ actions = ['@list', 'PutObject'], keys = 'app/{user}/*' }]\n";
    for dialect in ["oss", "s3"] {
        let project = Project::new().file("grantlint.toml", config);
        let written = project.run(["generate", "--dialect", dialect, "--set=user=alice"]).exits(0).stdout;
        let of = |text: &str| {
            let project = Project::new().file("grantlint.toml", config).file("a.json", text);
            said(&project.run(["check", "--format=json", "--kind=session", "a.json"]))
        };
        assert_eq!(of(&written), [""; 0]);
        assert_eq!(of(&written.replace("/alice/", "/bob/")), [""; 0]);
        let found = of(&written.replacen("/alice/", "/bob/", 1));
        assert!(found.iter().any(|said| said.starts_with("exceeds-expectation ")), "{dialect}: {found:?}");
        assert!(found.iter().any(|said| said.starts_with("misses-expectation ")), "{dialect}: {found:?}");
    }
}

#[test]
fn every_hole_has_one_value_in_a_policy() {
    let config = "[[expect]]\nfiles = '*.json'\nkind = 'session'\nallow = [\n\
                  { actions = ['PutObject'], keys = 'rooms/{room}/{user}/*' },\n\
                  { actions = ['GetObject'], keys = 'rooms/{room}/*' },\n]\n";
    let project = || Project::new().file("grantlint.toml", config).file("to-come.json", "{}");
    let of = |text: &str| said(&project().file("a.json", text).run(["check", "--format=json", "a.json"]));
    for dialect in DIALECTS {
        let args = ["generate", "--dialect", dialect, "--bucket=examplebucket-1250000000"];
        let write = |set: &[&str]| project().run(args.iter().chain(set)).exits(0).stdout;
        for set in [&["--set=user=alice", "--set=room=r1"][..], &["--set=user=alice"], &["--set=room=r1"], &[]] {
            assert_eq!(of(&write(set)), [""; 0], "{dialect} {set:?}");
        }
        let own = write(&["--set=room=r1"]).replace("{user}", "<Username>");
        assert_eq!(of(&own), [""; 0], "{dialect}");
        let two = write(&["--set=user=alice", "--set=room=r1"]).replacen("rooms/r1/", "rooms/r2/", 1);
        let found = of(&two);
        assert!(found.iter().any(|said| said.starts_with("exceeds-expectation ")), "{dialect}: {found:?}");
    }
}

#[test]
fn the_beginning_of_a_name_is_nobody_where_all_is_granted_anyway() {
    let key = |keys: &str| {
        format!(
            "{{\"version\": \"2.0\", \"statement\": [{{\"effect\": \"allow\", \"action\": \"name/cos:PutObject\", \
             \"resource\": [{keys}]}}]}}"
        )
        .replace("\"R", "\"qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/")
    };
    let config = "[[expect]]\nfiles = '*.json'\nkind = 'session'\n\
                  allow = [{ actions = ['PutObject'], keys = 'app/files/{user}/*' }]\n";
    let helps = |keys: &str| {
        let project = Project::new().file("grantlint.toml", config).file("a.json", key(keys));
        let run = project.run(["check", "--format=json"]).exits(1);
        let findings = run.json()["findings"].as_array().unwrap().clone();
        let of_rule = |f: &&serde_json::Value| f["rule"] == "exceeds-expectation";
        findings.iter().filter(of_rule).map(|f| f["help"].as_str().unwrap().to_owned()).collect::<String>()
    };
    assert!(!helps("\"Rapp/files/a*\", \"Rapp/files/*\"").contains("with `a`"));
    assert!(helps("\"Rapp/files/alice*\"").contains("with `alice` for `user`"));
    assert!(helps("\"Rapp/files/alice/*\", \"Rapp/files/a*\"").contains("with `alice` for `user`"));
}

/// The listing of a policy with this condition.
fn listing(dialect: &str, prefixes: &str) -> String {
    let policy = policy(dialect, &["--bucket=examplebucket"]);
    let (before, behind) = policy.split_once("refix\": [").unwrap();
    let (_, behind) = behind.split_once(']').unwrap();
    format!("{before}refix\": {prefixes}{behind}")
}

#[test]
fn a_listing_is_held_to_its_prefixes_by_a_condition() {
    for dialect in ["oss", "s3"] {
        let of = |prefixes: &str| said(&check(&listing(dialect, prefixes), &[]));
        let rules = |prefixes: &str| -> Vec<String> {
            let mut rules: Vec<String> =
                of(prefixes).iter().map(|said| said.split(' ').next().unwrap().to_owned()).collect();
            rules.dedup();
            rules
        };
        assert_eq!(of("[\"app/files/*\"]"), [""; 0]);
        // What lies inside of what is allowed anyway changes nothing, a user's own part included.
        assert_eq!(of("[\"app/files/*\", \"app/files/{user}/photos/*\", \"app/files/a\"]"), [""; 0]);
        assert_eq!(rules("[\"app/*\"]"), ["exceeds-expectation"]);
        assert_eq!(rules("[\"*\"]"), ["exceeds-expectation", "unlimited-listing"]);
        assert_eq!(rules("[\"app/files/{user}/*\"]"), ["misses-expectation"]);
        assert_eq!(rules("[\"app/files/a*\", \"app/files/b*\"]"), ["misses-expectation"]);
        assert_eq!(rules("[\"app/file/*\"]"), ["misses-expectation", "exceeds-expectation"]);
    }
    insta::assert_snapshot!(
        [
            said(&check(&listing("s3", "[\"app/*\"]"), &[]).exits(1)),
            said(&check(&listing("oss", "[\"app/files/<user>/*\"]"), &[]).exits(1)),
        ]
        .concat()
        .join("\n"),
        @r##"
        exceeds-expectation `ListBucket` and `ListBucketVersions` granted here beyond the expectation `files` (when s3:prefix=app/x)
        misses-expectation the expectation `files` needs `ListObjects`, `ListMultipartUploads` and `ListObjectVersions` on `app/files/*`: statement 3 grants it under conditions only, for example on `examplebucket/` (when oss:Prefix=app/files/x)
        "##
    );
}

#[test]
fn a_listing_without_its_condition_exceeds() {
    let policy = policy("s3", &["--bucket=examplebucket"]);
    let mut document: serde_json::Value = serde_json::from_str(&policy).unwrap();
    let statements = document["Statement"].as_array_mut().unwrap();
    assert!(statements.iter_mut().any(|one| one.as_object_mut().unwrap().remove("Condition").is_some()));
    let found = said(&check(&document.to_string(), &[]).exits(1));
    assert!(found.iter().any(|said| said.starts_with("exceeds-expectation `ListBucket`")), "{found:?}");
    assert!(!found.iter().any(|said| said.starts_with("misses-expectation")), "{found:?}");
}

#[test]
fn an_action_of_another_provider_leaves_the_policy_undecided() {
    let config = "[[expect]]\nfiles = '*.json'\nallow = [{ actions = ['GetObject', 'GetBucket'], keys = 'app/*' }]\n";
    let project = Project::new().file("grantlint.toml", config).file("a.json", policy("oss", &[]));
    let run = project.run(["check", "--format", "json", "a.json"]).exits(2);
    assert!(
        run.stdout.contains("`GetBucket` is no action of OSS, which has `ListObjects`; the expectation speaks of COS"),
        "{}",
        run.stdout
    );
    let matrix = project.run(["matrix", "--format", "json", "a.json"]).exits(2);
    assert!(!matrix.stdout.contains("\"expectation\""), "nothing is known of any cell: {}", matrix.stdout);
}

/// A project in which one policy lacks most of what is expected.
fn lacking() -> Project {
    let allow = "{ actions = 'GetObject', keys = 'a/*' },\n{ actions = 'DeleteObject', keys = ['b/{user}/*', 'a/x'] },\n\
                 { actions = '@list', keys = 'c/*' },\n";
    let config = format!("[[expect]]\nfiles = '*.json'\nallow = [\n{allow}]\n");
    Project::new()
        .file("grantlint.toml", config)
        .file(
            "cos.json",
            r#"{"version":"2.0","statement":[{"effect":"allow","action":["name/cos:GetObject"],
            "resource":["qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/a/*"]}]}"#,
        )
        .file(
            "s3.json",
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],
            "Resource":["arn:aws:s3:::examplebucket/a/*"]}]}"#,
        )
}

#[test]
fn the_matrix_has_a_row_for_what_is_wholly_missing() {
    let matrix = |file: &str| lacking().run(["matrix", file]).exits(0).stdout;
    insta::assert_snapshot!([matrix("cos.json"), matrix("s3.json")].concat(), @r##"
        cos.json (undetermined policy): 1 action x 1 resource = 1 scenario, 1 of them grants something

           A  qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/a/*  (shared)
           B  qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/b/{user}/*  (one owner's, expected and not in the policy)
           C  qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/c/*  (shared, expected and not in the policy)

          action                              level    class        A          B          C        
          DeleteObject                        object   delete       - MISSING  - MISSING  -
          GetBucket, GetBucketObjectVersions  bucket   list         -          -          - MISSING
          GetObject                           object   read         all (1)    -          -
          ListMultipartUploads                bucket   list         -          -          - MISSING
          ListParts                           object   list         -          -          - MISSING

          numbers in brackets are the statements that decide
          EXCESS: beyond what is expected; MISSING: expected and not granted; all else is as expected
        s3.json (undetermined policy): 1 action x 1 resource = 1 scenario, 1 of them grants something

           A  arn:aws:s3:::examplebucket/a/*  (shared)
           B  arn:aws:s3:::examplebucket/b/{user}/*  (one owner's, expected and not in the policy)
           C  arn:aws:s3:::examplebucket/c/*  (shared, expected and not in the policy)
           D  arn:aws:s3:::examplebucket  (the bucket itself, expected and not in the policy)

          action                          level    class        A          B          C          D        
          DeleteObject                    object   delete       - MISSING  - MISSING  -          -
          GetObject                       object   read         all (1)    -          -          -
          ListBucket, ListBucketVersions  bucket   list         -          -          -          - MISSING
          ListMultipartUploadParts        object   list         -          -          - MISSING  -

          numbers in brackets are the statements that decide
          EXCESS: beyond what is expected; MISSING: expected and not granted; all else is as expected
        "##);
}

#[test]
fn the_legend_of_marks_stands_beside_marks_only() {
    for dialect in DIALECTS {
        let project = project().file("a.json", policy(dialect, &[]));
        let run = project.run(["matrix", "a.json"]).exits(0);
        assert!(!run.stdout.contains("EXCESS") && !run.stdout.contains("MISSING"), "{}", run.stdout);
        let cells = project.run(["matrix", "--format", "csv", "a.json"]).exits(0).stdout;
        assert!(cells.contains(",expected") && !cells.contains(",missing") && !cells.contains(",excess"), "{cells}");
    }
}

#[test]
fn the_dialect_to_write_is_chosen() {
    let head = |config: &str, args: &[&str]| {
        let run = Project::new().file("grantlint.toml", config).run(["generate"].iter().chain(args));
        let json = run.exits(0).json();
        let version = json.get("version").or_else(|| json.get("Version")).unwrap();
        version.as_str().unwrap().to_owned()
    };
    let expect = |more: &str, action: &str| {
        format!("[[expect]]\nfiles = 'keys/a.json'\n{more}\nallow = [{{ actions = '{action}', keys = 'a/*' }}]\n")
    };
    assert_eq!(head(&expect("", "GetObject"), &[]), "2.0");
    assert_eq!(head(&expect("", "GetObject"), &["--dialect=s3"]), "2012-10-17");
    assert_eq!(head(&expect("dialect = 'oss'", "GetObject"), &[]), "1");
    assert_eq!(head(&expect("dialect = 'oss'", "GetObject"), &["--dialect=cos"]), "2.0");
    assert_eq!(head(&expect("", "ListObjects"), &[]), "1");
    let files = "[[files]]\nglob = 'keys/**'\ndialect = 's3'\n";
    assert_eq!(head(&[files, &expect("", "GetObject")].concat(), &[]), "2012-10-17");
    assert_eq!(head(&[files, &expect("dialect = 'cos'", "GetObject")].concat(), &[]), "2.0");
}

#[test]
fn what_a_provider_cannot_say_is_refused() {
    let error = |action: &str, args: &[&str]| {
        let config = format!("[[expect]]\nfiles = 'a'\nallow = [{{ actions = '{action}', keys = 'a/*' }}]\n");
        let run = Project::new().file("grantlint.toml", config).run(["generate"].iter().chain(args)).exits(2);
        assert_eq!(run.stdout, "");
        run.stderr
    };
    insta::assert_snapshot!(
        [
            error("DeleteObjectVersion", &[]),
            error("DeleteObjectVersion", &["--dialect=cos"]),
            error("GetBucket", &["--dialect=oss"]),
            error("GetObject", &["--dialect=s3", "--region=us-east-1"]),
            error("GetObject", &["--dialect=s3", "--account=111122223333"]),
            error("GetObject", &["--dialect=s3", "--bucket=Photos"]),
            error("GetObject", &["--dialect=oss", "--region=ap-guangzhou"]),
            error("GetObject", &["--dialect=oss", "--account=examplecorp"]),
        ]
        .concat(),
        @r##"
        error: nothing tells in whose words `grantlint.toml:1` is to be written
          help: choose with `--dialect`: `oss` or `s3`
        error: `DeleteObjectVersion` is no action of COS
          help: in its place name the action of COS or all of its class, `@delete`, or write it with `--dialect oss` or `--dialect s3`
        error: `GetBucket` is no action of OSS, which has `ListObjects`
          help: in its place name `ListObjects` or all of its class, `@list`, or write it with `--dialect cos`
        error: `us-east-1` is no partition, and the ARN of a bucket has no region
          help: write `aws`, `aws-cn` or `aws-us-gov`, or leave it out
        error: the ARN of a bucket has no account, and `111122223333` is one
          help: leave it out
        error: `Photos` is no bucket's name: it has small letters, digits, hyphens and dots
          help: write it in full, such as `examplebucket`
        error: `ap-guangzhou` is no region
          help: write it in full, such as `cn-hangzhou`
        error: `examplecorp` is no account: it has digits only
          help: write the number alone, or leave it out
        "##
    );
}
