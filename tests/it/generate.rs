//! Policies that are written from an expectation: what they hold, what fills them, and that nothing is found in them.

mod command;
mod providers;

use std::collections::BTreeSet;
use std::path::Path;

use grantlint::config::Config;
use grantlint::dialect::Site;
use grantlint::engine::{Filling, dialect_of, expectation, generate};
use grantlint::finding::{PolicyKind, Profile};
use grantlint::policy::Owners;
use grantlint::report::render_policy;
use grantlint::rules::Facts;
use grantlint::text::Source;

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
fn nothing_is_granted_twice() {
    for (allow, statements) in [
        (
            "{ actions = ['PutObject', 'ListParts'], keys = 'a/{user}/*' }, \
             { actions = ['GetBucket', 'ListParts'], keys = 'a/{user}/*' }",
            &["ListParts PutObject: a/{user}/*", "GetBucket: a/{user}/*"][..],
        ),
        (
            "{ actions = ['GetObject', 'PutObject'], keys = ['a/{user}/*', 'b/*'] }, \
             { actions = ['GetObject', 'HeadObject'], keys = ['b/*', 'c/*'] }, { actions = 'GetObject', keys = 'a/*' }",
            &["GetObject PutObject: a/{user}/* b/*", "HeadObject: b/*", "GetObject HeadObject: c/*", "GetObject: a/*"],
        ),
    ] {
        assert_eq!(shown(allow), statements);
        is_what_is_expected(&expect(allow), &written(&expect(allow), &Filling::default()).unwrap(), None);
    }
    let upload = expect("{ actions = '@upload', keys = 'a/{user}/*' }, { actions = '@list', keys = 'a/{user}/*' }");
    let text = written(&upload, &Filling::default()).unwrap();
    assert_eq!(Judged::session(&text, Profile::Strict).of("redundant-grant").len(), 0, "{text}");
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
