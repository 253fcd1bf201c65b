//! Policies that are written from an expectation: what they hold, what fills them, and that nothing is found in them.

use std::collections::BTreeSet;
use std::path::Path;

use grantlint::config::Config;
use grantlint::dialect::{Dialect, Site};
use grantlint::engine::{Filling, dialect_of, expectation, generate};
use grantlint::finding::{PolicyKind, Profile};
use grantlint::policy::Owners;
use grantlint::report::render_policy;
use grantlint::rules::Facts;
use grantlint::text::Source;

use crate::harness::Project;
use crate::support::Judged;

/// The expectation of the issue: everyone's files are read, one's own are changed.
const FILES: &str = "[[expect]]\nfiles = 'policies/files.json'\nkind = 'session'\nallow = [\n\
                     { actions = ['GetObject', 'GetBucket'], keys = 'app/files/*' },\n\
                     { actions = ['@upload', 'DeleteObject'], keys = 'app/files/{user}/*' },\n]\n";

/// One expectation with these grants.
fn expect(allow: &str) -> String {
    format!("[[expect]]\nfiles = 'a.json'\nallow = [{allow}]\n")
}

fn filling(holes: &[(&str, &str)], site: &[&str]) -> Filling {
    let part = |at: usize| site.get(at).map(|text| (*text).to_owned());
    Filling {
        holes: holes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        site: Site { bucket: part(0), region: part(1), account: part(2) },
    }
}

/// The text of the policy for the only expectation of a configuration, or why there is none.
fn written(config: &str, filling: &Filling) -> Result<String, String> {
    let config = Config::parse(config, Path::new("grantlint.toml")).unwrap();
    let entry = expectation(&config, None).unwrap();
    let dialect = dialect_of(&config, entry, None).unwrap();
    let policy = generate(&entry.expectation, dialect, filling).map_err(|refusal| refusal.to_string())?;
    let mut out = Vec::new();
    render_policy(&policy, &mut out).unwrap();
    Ok(String::from_utf8(out).unwrap())
}

/// Each statement's actions and resources, without what all of them begin with.
fn statements(text: &str) -> Vec<(Vec<String>, Vec<String>)> {
    let document: serde_json::Value = serde_json::from_str(text).unwrap();
    let texts = |value: &serde_json::Value, lead: &str| -> Vec<String> {
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let texts = value.as_array().unwrap().iter().map(text);
        texts.map(|text| text.strip_prefix(lead).unwrap_or(&text).to_owned()).collect()
    };
    let statement = |value: &serde_json::Value| {
        let resources = texts(&value["resource"], "qcs::cos:<Region>:uid/<APPID>:<BucketName-APPID>/");
        (texts(&value["action"], "name/cos:"), resources)
    };
    document["statement"].as_array().unwrap().iter().map(statement).collect()
}

/// Actions and resources of each statement, joined.
fn shown(allow: &str) -> Vec<String> {
    let text = written(&expect(allow), &Filling::default()).unwrap();
    statements(&text).iter().map(|(actions, keys)| format!("{}: {}", actions.join(" "), keys.join(" "))).collect()
}

#[test]
fn a_policy_is_written_as_the_provider_writes_it() {
    insta::assert_snapshot!(written(FILES, &Filling::default()).unwrap(), @r###"
    {
      "version": "2.0",
      "statement": [
        {
          "effect": "allow",
          "action": [
            "name/cos:GetBucket",
            "name/cos:GetObject"
          ],
          "resource": [
            "qcs::cos:<Region>:uid/<APPID>:<BucketName-APPID>/app/files/*"
          ]
        },
        {
          "effect": "allow",
          "action": [
            "name/cos:AbortMultipartUpload",
            "name/cos:AppendObject",
            "name/cos:CompleteMultipartUpload",
            "name/cos:DeleteObject",
            "name/cos:InitiateMultipartUpload",
            "name/cos:ListMultipartUploads",
            "name/cos:ListParts",
            "name/cos:PostObject",
            "name/cos:PutObject",
            "name/cos:UploadPart",
            "name/cos:UploadPartCopy"
          ],
          "resource": [
            "qcs::cos:<Region>:uid/<APPID>:<BucketName-APPID>/app/files/{user}/*"
          ]
        }
      ]
    }
    "###);
}

#[test]
fn holes_and_parts_of_the_resource_are_filled() {
    let text = written(FILES, &filling(&[("user", "alice")], &["examplebucket-1250000000", "ap-guangzhou"])).unwrap();
    let resources: Vec<&str> = text.lines().filter(|line| line.contains("qcs::")).map(str::trim).collect();
    assert_eq!(
        resources,
        [
            "\"qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/app/files/*\"",
            "\"qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/app/files/alice/*\"",
        ]
    );
    let own = FILES.replace("kind =", "bucket = 'b-1250000000'\nkind =");
    assert!(written(&own, &Filling::default()).unwrap().contains("<Region>:uid/1250000000:b-1250000000/app"));
    let account =
        Filling { site: Site { account: Some("1250000000".into()), ..Site::default() }, ..Filling::default() };
    assert!(written(FILES, &account).unwrap().contains("<Region>:uid/1250000000:<BucketName-APPID>/app"));
    assert!(written(&own, &account).is_ok());
}

#[test]
fn grants_of_the_same_actions_share_a_statement_and_no_others() {
    assert_eq!(
        shown(
            "{ actions = ['GetObject'], keys = 'a/*' }, { actions = ['HeadObject', 'GetObject'], keys = 'b/*' }, \
             { actions = ['cos:GetObject'], keys = ['c/{user}/*', 'c', 'a/b/*', 'a/*'] }, \
             { actions = ['GetObject', 'HeadObject'], keys = '*' }"
        ),
        ["GetObject: a/* c/{user}/* c", "GetObject HeadObject: *"]
    );
}

#[test]
fn an_action_stands_on_what_it_acts_on() {
    assert_eq!(
        shown(
            "{ actions = ['GetObject', 'GetBucket', 'HeadBucket'], keys = 'a/*' }, \
             { actions = ['GetBucketLocation', 'HeadBucket', 'GetService'], keys = 'b/*' }"
        ),
        ["GetBucket GetObject: a/*", "GetBucketLocation HeadBucket: ", "GetService: *"]
    );
    assert_eq!(shown("{ actions = 'GetBucket', keys = '*' }"), ["GetBucket: *"], "every prefix, as `bucket/` would");
}

#[test]
fn exactly_the_pairs_that_are_expected_are_granted() {
    let text = written(FILES, &Filling::default()).unwrap();
    let mut pairs = BTreeSet::new();
    for (actions, keys) in statements(&text) {
        for action in &actions {
            pairs.extend(keys.iter().map(|key| (action.clone(), key.clone())));
        }
    }
    let catalog = grantlint::dialect::usual().catalog();
    let family = catalog.upload_family().iter().map(|id| catalog.name(id));
    let changing = family.chain(["DeleteObject"]).map(|name| (name.to_owned(), "app/files/{user}/*".to_owned()));
    let reading = ["GetBucket", "GetObject"].map(|name| (name.to_owned(), "app/files/*".to_owned()));
    assert_eq!(pairs, changing.chain(reading).collect());
}

/// What a session policy of this text gives in the default profile.
#[track_caller]
fn nothing_is_found(text: &str, kind: PolicyKind, owner: Option<&str>) {
    let owners = Owners { names: owner.map(str::to_owned).into_iter().collect(), words: Vec::new() };
    let facts = Facts { kind: Some(kind), owners, ..Facts::default() };
    let judged = Judged::new(Source::new("a.json", text).unwrap(), &facts, Profile::Default);
    assert!(judged.findings().is_empty(), "{:#?}\n{text}", judged.shown());
    assert!(judged.analysed.unjudged.is_empty(), "{:?}", judged.analysed.unjudged);
    assert_eq!(judged.analysed.policies.len(), 1);
}

/// A first action that no statement has, so that one is missing and one is too many.
const WRONG: [(&str, &str); 3] = [("name/cos:", "name/cos:X"), ("\"oss:", "\"oss:X"), ("\"s3:", "\"s3:X")];

/// What is written equals the expectation: both are compared as sets of requests, and neither has one that the other has
/// not.
#[track_caller]
fn is_what_is_expected(config: &str, text: &str, owner: Option<&str>) {
    let config = Config::parse(config, Path::new("/project/grantlint.toml")).unwrap();
    let owners = Owners { names: owner.map(str::to_owned).into_iter().collect(), words: Vec::new() };
    let facts = Facts { owners, ..config.facts(Path::new("/project/a.json")) };
    assert!(facts.expectation.is_some());
    let judged = Judged::new(Source::new("a.json", text).unwrap(), &facts, Profile::Default);
    assert!(judged.findings().is_empty(), "{:#?}\n{text}", judged.shown());
    assert!(judged.analysed.unjudged.is_empty(), "{:?}\n{text}", judged.analysed.unjudged);
    // And the proof can fail: one action less is missing, one resource more exceeds.
    let (own, wrong) = WRONG.into_iter().find(|(own, _)| text.contains(own)).unwrap();
    let shorter = text.replacen(own, wrong, 1);
    let judged = Judged::new(Source::new("a.json", shorter).unwrap(), &facts, Profile::Default);
    assert!(!judged.of("misses-expectation").is_empty(), "{:#?}", judged.shown());
    assert!(!judged.of("exceeds-expectation").is_empty(), "{:#?}", judged.shown());
    // So is a listing of other prefixes, where conditions tell them.
    let Some((before, behind)) = text.split_once("refix\": [").filter(|_| text.contains("\"Condition\"")) else {
        return;
    };
    let other = format!("{before}refix\": [{}", behind.replacen('"', "\"other/", 1));
    let judged = Judged::new(Source::new("a.json", other).unwrap(), &facts, Profile::Default);
    assert!(!judged.of("misses-expectation").is_empty(), "{:#?}", judged.shown());
    assert!(!judged.of("exceeds-expectation").is_empty(), "{:#?}", judged.shown());
    let wider = format!("{before}refix\": [\"*\", {behind}");
    let judged = Judged::new(Source::new("a.json", wider).unwrap(), &facts, Profile::Default);
    assert!(!judged.of("exceeds-expectation").is_empty(), "{:#?}", judged.shown());
    assert!(judged.of("misses-expectation").is_empty(), "{:#?}", judged.shown());
}

#[test]
fn nothing_is_found_in_what_is_written() {
    let sound = [
        "{ actions = ['GetObject', 'GetBucket'], keys = 'app/files/*' }, \
         { actions = ['@upload', 'DeleteObject'], keys = 'app/files/{user}/*' }",
        "{ actions = '@upload', keys = 'app/avatar/{user}/*' }",
        "{ actions = ['PutObject', 'PostObject'], keys = ['app/avatar/{user}.jpg', 'app/avatar/{user}_s.jpg'] }",
        "{ actions = ['@read', '@list'], keys = 'app/photos/*' }",
        "{ actions = ['@upload', '@delete', '@read', '@list'], keys = ['{user}/*', 'tmp/{user}/*'] }",
        "{ actions = '@read', keys = 'a/*' }, { actions = '@list', keys = 'b/*' }, { actions = '@read', keys = 'c/*' }",
        "{ actions = ['GetObject', 'HeadBucket', 'GetService'], keys = ['a/*', 'b/用户/*'] }",
        "{ actions = 'GetObject', keys = 'app/{user}/{date}/*' }, { actions = 'PutObject', keys = 'app/{user}/{date}/a' }",
        "{ actions = ['GetBucket'], keys = 'app/{user}/*' }, { actions = ['PutObjectTagging'], keys = 'app/{user}/*' }",
        "{ actions = ['PutObject'], keys = 'app/one.jpg' }",
    ];
    for allow in sound {
        let config = expect(allow);
        let full = ["examplebucket-1250000000", "ap-guangzhou", "1250000000"];
        for site in [&full[..0], &full[..1], &full] {
            for kind in [PolicyKind::Session, PolicyKind::Identity] {
                nothing_is_found(&written(&config, &filling(&[], site)).unwrap(), kind, None);
            }
            if allow.contains("{user}") {
                let text = written(&config, &filling(&[("user", "alice")], site)).unwrap();
                assert!(text.contains("alice") && !text.contains("{user}"), "{text}");
                nothing_is_found(&text, PolicyKind::Session, Some("alice"));
                is_what_is_expected(&config, &text, Some("alice"));
            }
            is_what_is_expected(&config, &written(&config, &filling(&[], site)).unwrap(), None);
        }
    }
}

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

#[test]
fn a_bucket_policy_names_a_principal() {
    let config = FILES.replace("session", "bucket");
    let text = written(&config, &Filling::default()).unwrap();
    assert!(text.contains("\"Principal\": {\n        \"qcs\": [\n          \"qcs::cam::uin/<"), "{text}");
    nothing_is_found(&text, PolicyKind::Bucket, None);
    let identity = written(&FILES.replace("session", "identity"), &Filling::default()).unwrap();
    assert_eq!(identity, written(FILES, &Filling::default()).unwrap());
}

#[test]
fn a_value_that_grants_something_else_is_refused() {
    let refused = |value: &str| written(FILES, &filling(&[("user", value)], &[])).unwrap_err();
    for (value, words) in [
        ("", "it is empty"),
        ("*", "a wildcard"),
        ("a*", "a wildcard"),
        ("a/b", "it holds `/`"),
        (".", "another directory"),
        ("..", "another directory"),
        ("a..b", "another directory"),
        ("a\"b", "a quote"),
        ("a'b", "a quote"),
        ("a`b", "a quote"),
        ("\u{201c}a", "a quote"),
        ("a\\b", "a backslash"),
        ("$a", "a mark of holes"),
        ("{a}", "a mark of holes"),
        ("a}", "a mark of holes"),
        ("<a>", "a mark of holes"),
        ("[a]", "a mark of holes"),
        ("%2F", "a mark of holes"),
        ("a b", "a blank"),
        ("a\u{a0}b", "a blank"),
        ("a\u{3000}b", "a blank"),
        ("a\nb", "a control character"),
        ("a\0b", "a control character"),
        ("a\u{202e}b", "nobody sees"),
        ("a\u{200b}b", "nobody sees"),
    ] {
        assert!(refused(value).contains(words), "{value:?}: {}", refused(value));
    }
    for value in ["alice", "Alice-1_2.3", "用户", "a@b.example", "o6_bmjrPTlm6_2sgVt7hMZOPfL2M", "0"] {
        let text = written(FILES, &filling(&[("user", value)], &[])).unwrap();
        assert!(text.contains(&format!("app/files/{value}/*")), "{text}");
    }
    let odd = expect("{ actions = 'GetObject', keys = 'a/%{x}/*' }");
    assert!(written(&odd, &filling(&[("x", "s")], &[])).unwrap_err().contains("reads as another hole"));
    assert!(written(&odd, &filling(&[("x", "t")], &[])).is_ok());
}

/// A project with two named expectations and one without a name.
fn project() -> Project {
    let entry = |name: &str, keys: &str| {
        let allow = format!("allow = [{{ actions = 'GetObject', keys = '{keys}' }}]\n");
        format!("[[expect]]\nfiles = 'to-come.json'\n{name}\n{allow}")
    };
    let text = [
        entry("name = 'avatars'\nbucket = 'b-1250000000'", "app/avatar/{user}/*"),
        entry("name = 'files'", "app/files/*"),
        entry("kind = 'identity'", "app/*"),
    ];
    Project::new().file("grantlint.toml", text.concat())
}

#[test]
fn an_expectation_is_asked_for_by_name_or_place() {
    let keys = |args: &[&str]| {
        let run = project().run(["generate"].iter().chain(args)).exits(0);
        assert_eq!(run.stderr, "");
        run.json()["statement"][0]["resource"][0].as_str().unwrap().rsplit_once("0000000/").map_or_else(
            || run.json()["statement"][0]["resource"][0].as_str().unwrap().rsplit_once(">/").unwrap().1.to_owned(),
            |(_, key)| key.to_owned(),
        )
    };
    assert_eq!(keys(&["--expect", "avatars"]), "app/avatar/{user}/*");
    assert_eq!(keys(&["--expect=avatars", "--set", "user=bob"]), "app/avatar/bob/*");
    assert_eq!(keys(&["--expect=files"]), "app/files/*");
    assert_eq!(keys(&["--expect=grantlint.toml:10"]), "app/*");
    let only = Project::new().file("grantlint.toml", FILES).file("deep/x", "").file(".git/HEAD", "");
    assert_eq!(only.run(["generate"]).exits(0).stdout, only.run(["generate", "--config=grantlint.toml"]).stdout);
    only.within("deep").run(["generate"]).exits(0);
}

#[test]
fn what_cannot_be_generated_is_said() {
    let error = |args: &[&str]| {
        let run = project().run(["generate"].iter().chain(args)).exits(2);
        assert_eq!(run.stdout, "");
        run.stderr
    };
    insta::assert_snapshot!(
        [
            error(&[]),
            error(&["--expect=avatar"]),
            error(&["--expect=x"]),
            error(&["--expect=avatars", "--set=usr=alice"]),
            error(&["--expect=avatars", "--set=name=alice"]),
            error(&["--expect=files", "--set=user=alice"]),
            error(&["--expect=avatars", "--set=user=a", "--set=user=a"]),
            error(&["--expect=avatars", "--set=user=##vso[task.complete]\u{1b}\n::error::"]),
            error(&["--expect=avatars", "--bucket=c-1250000000"]),
            error(&["--expect=avatars", "--account=1250000001"]),
            error(&["--expect=files", "--bucket=photos"]),
            error(&["--expect=files", "--region=ap-guangzou"]),
            error(&["--expect=files", "--account=100000000001"]),
        ]
        .concat(),
        @r###"
    error: there are several expectations
      help: choose one with `--expect`: `avatars`, `files`, `grantlint.toml:10`
    error: there is no expectation `avatar`
      help: did you mean `avatars`?
    error: there is no expectation `x`
      help: use one of `avatars`, `files`, `grantlint.toml:10`
    error: the expectation `avatars` has no hole `usr`
      help: did you mean `user`?
    error: the expectation `avatars` has no hole `name`
      help: its keys have `user`
    error: the expectation `files` has no hole `user`
      help: its keys have no holes
    error: the hole `user` is filled twice
      help: give it one value
    error: `\u{23}#vso[task.complete]\u{1b}\u{a}::error::` cannot fill `user`: it holds `[`, a mark of holes
      help: a hole stands for one plain name, such as `alice`
    error: the expectation `avatars` is for the bucket `b-1250000000`, not `c-1250000000`
      help: leave `--bucket` out
    error: the account is `1250000001`, and the bucket `b-1250000000` belongs to `1250000000`
      help: write `1250000000`, or leave it out
    error: the bucket `photos` lacks its APPID
      help: write `photos-<APPID>`
    error: `ap-guangzou` is no region
      help: did you mean `ap-guangzhou`?
    error: `100000000001` is an account id (uin), not an APPID
      help: write the number behind the last hyphen of the bucket's name
    "###
    );
    assert!(error(&["--set=user"]).contains("write it as KEY=VALUE"));
    assert!(error(&["--set==a"]).contains("write it as KEY=VALUE"));
    let run = Project::new().run(["generate"]).exits(2);
    assert!(
        run.stderr.starts_with("error: there is no `grantlint.toml` here\n  help: `grantlint init`"),
        "{}",
        run.stderr
    );
    let run = Project::new().file("grantlint.toml", "").run(["generate"]).exits(2);
    assert!(run.stderr.starts_with("error: grantlint.toml has no `[[expect]]`\n"), "{}", run.stderr);
    let run = Project::new().file("grantlint.toml", "[[expect]]\n").run(["generate"]).exits(2);
    assert!(run.stderr.contains("`[[expect]]` without `files`"), "{}", run.stderr);
    Project::new().run(["generate", "--config=none.toml"]).exits(2);
}

#[test]
fn a_policy_that_is_written_is_checked_clean() {
    let project = Project::new().file("grantlint.toml", FILES);
    project.run(["check"]).exits(2);
    let text = project.run(["generate"]).exits(0).stdout;
    let project = project.file("policies/files.json", &text);
    let run = project.run(["check", "policies"]).exits(0);
    assert!(run.stdout.contains("; no findings"), "{}", run.stdout);
    let text = project.run(["generate", "--set=user=alice"]).exits(0).stdout;
    project.stdin(text).run(["check", "--kind=session", "--owner=alice", "-"]).exits(0);
    let help = Project::new().run(["generate", "--help"]).exits(0).stdout;
    assert!(help.contains("--set <HOLE=VALUE>") && help.contains("Exit status:"), "{help}");
}
