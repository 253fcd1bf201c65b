//! What went wrong with what a finding says: its name, its place, its help.

use grantlint::finding::{PolicyKind, Profile};
use grantlint::rules::Facts;
use grantlint::text::Source;

use super::{help, names, policy, session};
use crate::support::Judged;

const READ: &str = r#"{"effect": "allow", "action": "name/cos:GetObject",
    "resource": "qcs::cos::uid/1250000000:b-1250000000/a"}"#;
const HEAD: &str = r#"{"effect": "allow", "action": "name/cos:HeadObject",
    "resource": "qcs::cos::uid/1250000000:b-1250000000/b"}"#;

#[test]
fn a_statement_before_it_does_not_rename_what_is_said_of_the_whole_policy() {
    let text =
        |list: &str| format!("{{\"version\": \"2.0\", \"principal\": {{\"qcs\": [\"*\"]}}, \"statement\": [{list}]}}");
    let (short, long) = (text(READ), text(&format!("{HEAD}, {READ}")));
    assert_eq!(names(&short, "principal-in-session-policy").len(), 1);
    assert_eq!(names(&short, "principal-in-session-policy"), names(&long, "principal-in-session-policy"));
}

#[test]
fn a_statement_before_it_does_not_rename_what_is_no_statement() {
    let text = |list: &str| format!("{{\"version\": \"2.0\", \"statement\": [{list}]}}");
    let (short, long) = (text(&format!("\"none\", {READ}")), text(&format!("{HEAD}, \"none\", {READ}")));
    assert_eq!(names(&short, "wrong-type").len(), 1);
    assert_eq!(names(&short, "wrong-type"), names(&long, "wrong-type"));
}

#[test]
fn pointers_into_the_deep_take_less_than_twenty_times_the_file() {
    let text = format!("{}{}", "[".repeat(10_000), "}".repeat(10_000));
    let judged = Judged::session(&text, Profile::Audit);
    let bytes: usize = judged.findings().iter().map(|finding| finding.pointer.len()).sum();
    assert!(bytes < 20 * text.len(), "{bytes} bytes of pointers for {} of text", text.len());
}

#[test]
fn a_note_is_no_negated_element() {
    let text = format!("{{\"version\": \"2.0\", \"statement\": [{}]}}", READ.replacen('{', "{\"note\": \"x\", ", 1));
    assert!(!help(&text, "unknown-element").contains("negated"));
    let without = r#"{"version": "2.0", "statement": [{"effect": "allow", "notes": "x", "resource": "*"}]}"#;
    assert_eq!(Judged::session(without, Profile::Default).of("missing-element").len(), 1);
}

#[test]
fn the_repair_of_a_reading_wildcard_grants_no_upload() {
    let text = policy(&[("allow", "Get*", "b-1250000000/app/*")]);
    assert!(!help(&text, "wildcard-action").contains("Upload"));
}

#[test]
fn the_repair_of_a_bucket_action_is_the_bucket() {
    let text = policy(&[("allow", "PutBucketCORS", "b-1250000000/*")]);
    assert!(help(&text, "wildcard-resource").contains("b-1250000000/`"));
}

#[test]
fn an_action_is_told_what_is_wrong_with_it() {
    let of = |action: &str| {
        let text = policy(&[("allow", "X", "b-1250000000/a")]).replace("name/cos:X", action);
        let judged = Judged::session(&text, Profile::Audit);
        assert_eq!(judged.of("unknown-action").len(), 1, "{action}: {:?}", judged.shown());
        let finding = judged.of("unknown-action")[0];
        (finding.message.clone(), finding.help.clone().unwrap())
    };
    let (_, help) = of("name/cos:PutObject,name/cos:GetObject");
    assert!(help.contains("PutObject") && help.contains("GetObject"), "{help}");
    for action in ["name/COS:PutObject", "NAME/cos:PutObject"] {
        assert!(!of(action).0.contains("names no service"), "{action}");
    }
    assert!(!of("").1.contains("`name/cos:`"));
}

#[test]
fn the_repair_of_a_guessed_owner_changes_something() {
    let text = r#"{"version": "2.0", "statement": [{"effect": "allow", "action": ["cos:PutObject", "cos:GetObject"],
        "resource": "qcs::cos::uid/1250000000:b-1250000000/users/7c9e6679-7425-40de-944b-e07fc1f90ae7/*"}]}"#;
    assert!(help(text, "combined-action-resource").contains("<Username>"));
}

#[test]
fn what_changes_a_bucket_is_not_moved_to_a_users_path() {
    let text = r#"{"effect": "allow", "action": ["cos:GetObject", "cos:PutBucketLifecycle"], "resource": "*"}"#;
    let judged = session(text, Profile::Default);
    let help = judged.of("combined-action-resource")[0].help.clone().unwrap();
    assert!(!help.contains("\"cos:PutBucketLifecycle\"") && help.contains("leave out `PutBucketLifecycle`"), "{help}");
}

#[test]
fn a_rule_is_silent_only_beside_one_that_speaks() {
    use grantlint::rules::Filter;
    let text = r#"{"version": "2.0", "statement": [{"effect": "allow", "action": ["cos:GetObject", "cos:PutObject"],
        "resource": "qcs::cos::uid/1250000000:b-1250000000/app/files/*"}]}"#;
    let facts = Facts { kind: Some(PolicyKind::Session), ..Facts::default() };
    let source = Source::new("policy.json", text).unwrap();
    let filter = Filter { ignore: ["combined-action-resource"].into(), ..Filter::default() };
    assert_eq!(grantlint::engine::analyse(&source, &facts, &filter).findings.len(), 1);
    assert_eq!(grantlint::engine::analyse(&source, &facts, &Filter::default()).findings.len(), 1);
}

#[test]
fn a_rule_speaks_where_the_one_it_gives_way_to_is_not_heard() {
    use grantlint::rules::Filter;
    let said = |action: &str, path: &str, filter: Filter| {
        let facts = Facts { kind: Some(PolicyKind::Session), ..Facts::default() };
        let source = Source::new("policy.json", policy(&[("allow", action, path)])).unwrap();
        let analysed = grantlint::engine::analyse(&source, &facts, &filter);
        let mut rules: Vec<_> = analysed.findings.iter().map(|finding| finding.rule.name).collect();
        rules.sort_unstable();
        rules
    };
    let only = |rule| Filter { select: Some([rule].into()), ..Filter::default() };
    for (action, path, first, second) in [
        ("*", "b-1250000000/app/*", "wildcard-action", "shared-prefix"),
        ("*", "b-1250000000/app/{user}*", "wildcard-action", "prefix-collision"),
        ("*", "b-1250000000/", "wildcard-action", "unlimited-listing"),
        ("PutBucket*", "b-1250000000/", "wildcard-action", "bucket-administration"),
    ] {
        assert_eq!(said(action, path, Filter::default()), [first], "{path}");
        assert_eq!(said(action, path, only(second)), [second], "{path}");
        let without = said(action, path, Filter { ignore: [first].into(), ..Filter::default() });
        assert!(without.contains(&second), "{path}: {without:?}");
    }
    let listing = only("unlimited-listing");
    assert_eq!(said("Get*", "b-1250000000/*", listing), ["unlimited-listing"]);
    assert_eq!(said("Get*", "b-1250000000/*", Filter::default()), ["wildcard-resource"]);
}

#[test]
fn a_finding_of_equal_weight_in_a_session_is_as_sure() {
    let text = r#"{"version": "2.0", "statement": [{"effect": "allow", "action": "cos:GetObject",
        "resource": "qcs::cos::uid/1250000000:b-1250000000/app/*"}]}"#;
    let of = |kind| {
        let facts = Facts { kind, ..Facts::default() };
        let judged = Judged::new(Source::new("policy.json", text).unwrap(), &facts, Profile::Audit);
        (judged.of("shared-prefix")[0].severity, judged.of("shared-prefix")[0].confidence)
    };
    assert_eq!(of(None), of(Some(PolicyKind::Session)));
}

#[test]
fn an_action_that_policies_spell_in_another_way_is_said_to_be_one() {
    let judged =
        session(r#"{"effect": "allow", "action": "cos:GetObjectVersion", "resource": "Ra"}"#, Profile::Default);
    assert_eq!(judged.of("unknown-action")[0].help.as_deref(), Some("write `name/cos:GetObject`"));
}

#[test]
fn nothing_is_granted_on_a_place_that_is_nowhere() {
    let at = |account: &str, action: &str| {
        let text = format!(
            r#"{{"version": "2.0", "statement": [{{"effect": "allow", "action": "{action}",
                "resource": "qcs::cos:ap-guangzhou:uid/{account}:examplebucket-1250000000/*"}}]}}"#
        );
        Judged::session(&text, Profile::Audit).rules()
    };
    for (action, rule) in [
        ("name/cos:PutBucketACL", "bucket-administration"),
        ("name/cos:PutObject", "no-upload-limit"),
        ("name/cos:PutObject", "public-object-acl"),
        ("name/cos:Put*", "wildcard-action"),
        ("*", "wildcard-action"),
    ] {
        assert!(at("1250000000", action).contains(&rule), "{action} {rule}");
        assert_eq!(at("1250000001", action), ["account-mismatch"], "{action}");
    }
    // What has marks and is no hole is a name like any other.
    let text = r#"{"version": "2.0", "statement": [{"effect": "allow", "action": "name/cos:PutObject",
        "resource": "qcs::cos:ap-guangzhou:uid/1250000001:b$-1250000000/*"}]}"#;
    assert_eq!(Judged::session(text, Profile::Audit).rules(), ["account-mismatch"]);
}

#[test]
fn a_suggested_condition_is_json_whatever_the_keys_hold() {
    let text = r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b"},
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/a\"b\\/*"}]}"#;
    let help = help(text, "unlimited-listing");
    let condition: serde_json::Value = serde_json::from_str(help.split('`').nth(1).unwrap()).unwrap();
    assert_eq!(condition["StringLike"]["s3:prefix"], "a\"b\\/*");
}

#[test]
fn a_split_statement_lists_the_bucket_and_not_its_keys() {
    let text = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Action": ["s3:PutObject", "s3:ListBucket", "s3:GetBucketLocation", "s3:GetObject"],
        "Resource": ["arn:aws:s3:::ledger", "arn:aws:s3:::ledger/inbox/*", "arn:aws:s3:::ledger/inbox/<Username>/*"]}]}"#;
    let help = help(text, "combined-action-resource");
    let statements = help.split_once(":\n").unwrap().1;
    let split = format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{statements}]}}");
    let judged = Judged::session(&split, Profile::Default);
    assert!(judged.findings().is_empty(), "{split}\n{:?}", judged.shown());
    let listing = r#"["s3:ListBucket"],
 "Resource": ["arn:aws:s3:::ledger"],
 "Condition": {"StringLike": {"s3:prefix": "inbox/*"}}"#;
    assert!(help.contains(listing), "{help}");
    assert!(help.contains("[\"s3:GetBucketLocation\"],\n \"Resource\": [\"arn:aws:s3:::ledger\"]"), "{help}");
}

#[test]
fn one_action_of_several_that_fits_no_resource_is_told() {
    let text = |action: &str, resource: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": ["s3:GetObject", {action}],
            "Resource": {resource}}}]}}"#
        )
    };
    let dead = text(r#""s3:ListBucket""#, r#""arn:aws:s3:::b/app/${aws:userid}/*""#);
    let judged = Judged::session(&dead, Profile::Default);
    let said = judged.of("grants-nothing");
    assert_eq!(said.len(), 1, "{:?}", judged.shown());
    assert!(
        said[0].message.starts_with("`ListBucket` grants nothing here: it acts on the bucket"),
        "{}",
        said[0].message
    );
    for alive in [
        text(r#""s3:ListBucket""#, r#"["arn:aws:s3:::b", "arn:aws:s3:::b/app/${aws:userid}/*"]"#),
        text(r#""s3:List*""#, r#""arn:aws:s3:::b/app/${aws:userid}/*""#),
    ] {
        assert!(Judged::session(&alive, Profile::Default).of("grants-nothing").is_empty(), "{alive}");
    }
}

#[test]
fn a_resource_of_another_service_has_a_form_of_its_own() {
    let text = |action: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": "*", "Action": "{action}",
            "Resource": "execute-api:/*"}}]}}"#
        )
    };
    assert!(Judged::session(&text("execute-api:Invoke"), Profile::Audit).of("malformed-resource").is_empty());
    assert_eq!(Judged::session(&text("s3:GetObject"), Profile::Audit).of("malformed-resource").len(), 1);
}

#[test]
fn a_folder_that_everybody_lists_is_told_alike_whoever_the_provider_is() {
    let cos = |condition: &str| {
        format!(
            r#"{{"version": "2.0", "statement": [{{"effect": "allow", "action": "name/cos:GetBucket",
            "resource": "qcs::cos::uid/1250000000:b-1250000000/", "condition": {{{condition}}}}}]}}"#
        )
    };
    let other = |version: &str, action: &str, bucket: &str, condition: &str| {
        format!(
            r#"{{"Version": "{version}", "Statement": [{{"Effect": "Allow", "Action": "{action}",
            "Resource": "{bucket}", "Condition": {{{condition}}}}}]}}"#
        )
    };
    let judged = |text: &str| {
        let judged = Judged::session(text, Profile::Audit);
        assert!(judged.findings().iter().all(|finding| finding.profile == Profile::Audit), "{text}");
        judged.findings().iter().map(|finding| (finding.rule.name, finding.help.clone())).collect::<Vec<_>>()
    };
    for (prefix, mended) in [
        ("reviews/*", Some("give each key its own path, such as `reviews/<Username>/*`")),
        ("users/<Username>/*", None),
    ] {
        let mended: Vec<_> = mended.into_iter().collect();
        let told = |encoded: bool| {
            let spelled =
                |help: &str| if encoded { help.replace("s/", "s%2F").replace(">/", ">%2F") } else { help.to_owned() };
            mended.iter().map(|help| ("shared-prefix", Some(spelled(help)))).collect::<Vec<_>>()
        };
        let encoded = prefix.replace('/', "%2F");
        assert_eq!(judged(&cos(&format!(r#""string_like": {{"cos:prefix": "{encoded}"}}"#))), told(true));
        let oss = format!(r#""StringLike": {{"oss:Prefix": "{prefix}"}}"#);
        assert_eq!(judged(&other("1", "oss:ListObjects", "acs:oss:*:*:b", &oss)), told(false));
        let s3 = format!(r#""StringLike": {{"s3:prefix": "{prefix}"}}"#);
        assert_eq!(judged(&other("2012-10-17", "s3:ListBucket", "arn:aws:s3:::bucket", &s3)), told(false));
    }
    // All that begins as an equal prefix does is listed, unless only the folders on the first level are.
    let s3 = |more: &str| {
        let condition = format!(r#""StringEquals": {{"s3:prefix": "home/"{more}}}"#);
        judged(&other("2012-10-17", "s3:ListBucket", "arn:aws:s3:::bucket", &condition))
    };
    let mended = "give each key its own path, such as `home/<Username>/`".to_owned();
    assert_eq!(s3(""), [("shared-prefix", Some(mended))]);
    assert_eq!(s3(r#", "s3:delimiter": "/""#), []);
}

#[test]
fn whose_an_upload_form_s_path_is_can_be_said() {
    let form = r#"{"expiration": "2026-12-01T12:00:00.000Z", "conditions": [{"bucket": "media"}, {"x-amz-date": "x"},
        ["starts-with", "$key", "app/alice/"], ["content-length-range", 1, 9]]}"#;
    assert!(help(form, "shared-prefix").ends_with(
        "if `alice` is its user, say so with `--owner alice`, with `owners` in `[[files]]`, or with a `[[layout]]`"
    ));
}
