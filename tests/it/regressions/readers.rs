//! What new users of the tool ran into: each with the smallest policy that shows it.

use grantlint::finding::{Finding, PolicyKind, Profile, Severity};
use grantlint::rules::Facts;
use grantlint::text::Source;

use crate::harness::Project;
use crate::support::Judged;

/// An S3 policy of one allow.
fn s3(action: &str, resource: &str, more: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": {action}, "Resource": "{resource}"{more}}}]}}"#
    )
}

fn of_kind(text: &str, kind: PolicyKind, profile: Profile) -> Judged {
    let facts = Facts { kind: Some(kind), ..Facts::default() };
    Judged::new(Source::new("policy.json", text).unwrap(), &facts, profile)
}

fn rules(judged: &Judged) -> Vec<(&'static str, Severity)> {
    judged.findings().iter().map(|finding| (finding.rule.name, finding.severity)).collect()
}

fn help(finding: &Finding) -> &str {
    finding.help.as_deref().unwrap_or_default()
}

#[test]
fn a_misspelt_list_of_statements_is_no_object_around_a_policy() {
    let statement = r#"[{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bkt/users/u-1/*"}]"#;
    for key in ["Statment", "Statements", "statemnt"] {
        for around in [("", ""), (r#"{"a": "#, "}")] {
            let text = format!(r#"{}{{"Version": "2012-10-17", "{key}": {statement}}}{}"#, around.0, around.1);
            let judged = Judged::session(&text, Profile::Default);
            assert!(rules(&judged).contains(&("unknown-element", Severity::Medium)), "{text}: {:?}", judged.shown());
            assert!(rules(&judged).contains(&("missing-element", Severity::High)), "{text}");
            assert!(help(judged.of("unknown-element")[0]).contains("`Statement`"), "{text}");
        }
    }
    let small = r#"{"version": "2.0", "statments": [{"effect": "allow", "action": "cos:GetObject", "resource": "*"}]}"#;
    assert!(!Judged::session(small, Profile::Default).of("unknown-element").is_empty());
    let wrapped =
        r#"{"version": "v1", "settlement": [{"effect": "allow", "action": "cos:GetObject", "resource": "*"}]}"#;
    assert!(Judged::session(wrapped, Profile::Default).of("unknown-element").is_empty(), "another word");
}

#[test]
fn a_grant_to_anyone_whom_a_condition_names_is_for_a_person_to_look_at() {
    let with = |operator: &str, key: &str, value: &str| {
        let more = format!(r#", "Principal": "*", "Condition": {{"{operator}": {{"{key}": "{value}"}}}}"#);
        s3(r#""s3:PutObject""#, "arn:aws:s3:::bkt/in/*", &more)
    };
    let says = |text: &str, profile| !of_kind(text, PolicyKind::Bucket, profile).of("public-grant").is_empty();
    for (operator, key, value) in [
        ("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5"),
        ("StringEquals", "aws:SourceVpce", "vpce-1a2b3c4d"),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/r-ab12/*"),
        ("StringLike", "aws:PrincipalArn", "arn:aws:iam::123456789012:role/*"),
        ("IpAddress", "aws:SourceIp", "203.0.113.0/24"),
        ("IpAddress", "aws:SourceIp", "10.0.0.0/8"),
    ] {
        let text = with(operator, key, value);
        assert!(!says(&text, Profile::Default) && says(&text, Profile::Audit), "{text}");
    }
    for (operator, key, value) in [
        ("StringEqualsIfExists", "aws:SourceVpce", "vpce-1a2b3c4d"),
        ("StringNotEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5"),
        ("StringLike", "aws:PrincipalArn", "arn:aws:iam::*:role/uploads"),
        ("StringLike", "aws:PrincipalArn", "arn:aws:*"),
        ("StringLike", "aws:SourceVpce", "vpce-*"),
        ("StringEquals", "aws:PrincipalType", "User"),
        ("StringEquals", "aws:username", "alice"),
        ("StringEquals", "aws:SourceVpce", "${aws:SourceVpce}"),
        ("StringEquals", "aws:FederatedProvider", "cognito-identity.amazonaws.com"),
        ("StringEquals", "aws:PrincipalServiceName", "cloudfront.amazonaws.com"),
        ("ForAllValues:StringEquals", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/"),
        ("IpAddress", "aws:SourceIp", "0.0.0.0/0"),
        ("IpAddress", "aws:SourceIp", "0.0.0.0/1"),
        ("StringLike", "aws:UserAgent", "app/*"),
    ] {
        let text = with(operator, key, value);
        assert!(says(&text, Profile::Default), "{text}");
    }
}

#[test]
fn what_matches_nothing_collides_with_nobody() {
    let text = s3(r#""s3:PutObject""#, "arn:aws:s3:::bkt/avatar/${aws:username}*", "");
    assert_eq!(rules(&Judged::session(&text, Profile::Default)), [("unexpanded-variable", Severity::Medium)]);
    let identity = of_kind(&text, PolicyKind::Identity, Profile::Audit);
    assert!(!identity.of("prefix-collision").is_empty(), "a user has a name");
}

#[test]
fn a_placeholder_for_the_bucket_leaves_its_listings_to_be_judged() {
    for bucket in ["bkt", "<BucketName>", "{{bucket}}", "${Bucket}"] {
        let more = r#", "Condition": {"StringLike": {"s3:prefix": "users/{{user}}*"}}"#;
        let text = s3(r#""s3:ListBucket""#, &format!("arn:aws:s3:::{bucket}"), more);
        let judged = Judged::session(&text, Profile::Default);
        assert_eq!(judged.of("prefix-collision").len(), 1, "{bucket}: {:?}", judged.shown());
    }
}

#[test]
fn a_bucket_that_is_denied_stands_for_no_other() {
    for denied in ["one", "two"] {
        let more = format!(
            r#", "Condition": {{"StringLike": {{"s3:prefix": "users/<Username>*"}}}}}}, {{"Effect": "Deny", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::{denied}""#
        );
        let text = s3(r#""s3:ListBucket""#, "arn:aws:s3:::one", &more).replace(
            r#""Resource": "arn:aws:s3:::one", "Condition""#,
            r#""Resource": ["arn:aws:s3:::one", "arn:aws:s3:::two"], "Condition""#,
        );
        let judged = Judged::session(&text, Profile::Default);
        assert_eq!(judged.of("prefix-collision").len(), 1, "{denied}: {:?}", judged.shown());
    }
}

#[test]
fn an_element_that_may_be_passed_over_narrows_nothing() {
    let text = r#"{"Version": "1", "Statement": [
        {"Effect": "Allow", "Action": "oss:PutObject", "Resource": "acs:oss:*:*:bkt/*"},
        {"Effect": "Deny", "Action": "oss:*", "NotResource": "acs:oss:*:*:bkt/u/<Username>/*"}]}"#;
    assert_eq!(highs(text), ["wildcard-resource"]);
}

#[test]
fn a_statement_that_is_split_reads_what_it_read() {
    let text = s3(r#"["s3:GetObject", "s3:PutObject"]"#, "X", "")
        .replace(r#""X""#, r#"["arn:aws:s3:::bkt/public/*", "arn:aws:s3:::bkt/own/<Username>/*"]"#);
    let judged = Judged::session(&text, Profile::Default);
    let told = help(judged.of("combined-action-resource")[0]);
    assert!(
        told.contains(r#""Resource": ["arn:aws:s3:::bkt/public/*", "arn:aws:s3:::bkt/own/<Username>/*"]"#),
        "{told}"
    );
}

#[test]
fn users_of_one_tenant_reach_each_other() {
    let says = |key: &str, profile| {
        let text = s3(r#""s3:PutObject""#, &format!("arn:aws:s3:::bkt/{key}"), "");
        !Judged::session(&text, profile).of("prefix-collision").is_empty()
    };
    assert!(says("{{tenant}}/{{user}}*", Profile::Audit) && !says("{{tenant}}/{{user}}*", Profile::Default));
    for key in ["{{user}}/{{user}}*", "{{user}}/{{size}}*", "{{tenant}}/{{user}}/*", "{{user}}/*"] {
        assert!(!says(key, Profile::Audit), "{key}");
    }
}

#[test]
fn a_repair_has_the_shape_of_the_layout() {
    let layout = "[[layout]]\nbucket = \"bkt\"\nkey = \"KEY\"\nowner = \"user\"\nnames = \"[a-z0-9_]{1,32}\"\n";
    for (key, repair) in [("avatar/{user}.jpg", "such as `avatar/{user}.jpg`"), ("avatar/{user}/*", "avatar/{user}/*`")]
    {
        let project = Project::new()
            .file("grantlint.toml", layout.replace("KEY", key))
            .file("p.session.json", s3(r#""s3:PutObject""#, "arn:aws:s3:::bkt/avatar/{user}*", ""));
        let said = project.run(["check", "p.session.json", "--kind", "session"]).exits(1).stdout;
        assert!(said.contains("prefix-collision") && said.contains(repair), "{said}");
    }
}

#[test]
fn the_request_that_shows_a_wildcard_is_one_that_can_be_sent() {
    let judged = Judged::session(&s3(r#""s3:*""#, "arn:aws:s3:::bkt/u/{user}/*", ""), Profile::Default);
    assert_eq!(judged.of("wildcard-action")[0].witness.as_ref().unwrap().action, "s3:PutObjectAcl");
}

#[test]
fn what_acts_on_buckets_is_said_of_buckets_and_mended_apart_from_what_needs_all() {
    let text = s3(r#"["s3:ListAllMyBuckets", "s3:GetBucketLocation"]"#, "*", "");
    let judged = Judged::session(&text, Profile::Default);
    let finding = judged.of("wildcard-resource")[0];
    assert_eq!(finding.message, "`GetBucketLocation` allowed on every bucket");
    assert!(help(finding).starts_with("put `GetBucketLocation` into a statement of its own"), "{}", help(finding));
}

fn cos(action: &str, key: &str, more: &str) -> String {
    format!(
        r#"{{"version": "2.0", "statement": [{{"effect": "allow", "action": "{action}", "resource": "qcs::cos:ap-guangzhou:uid/1250000000:b-1250000000/{key}"{more}}}]}}"#
    )
}

fn highs(text: &str) -> Vec<&'static str> {
    let judged = Judged::session(text, Profile::Default);
    rules(&judged).into_iter().filter(|(_, severity)| *severity == Severity::High).map(|(rule, _)| rule).collect()
}

#[test]
fn a_folder_behind_a_word_for_users_is_no_user() {
    for key in ["user/avatar/*", "users/public/*", "u/img/*", "users/photos/2024/*"] {
        assert_eq!(highs(&cos("name/cos:PutObject", key, "")), ["shared-prefix"], "{key}");
    }
    for key in ["users/alice/*", "user/8841/*"] {
        assert!(highs(&cos("name/cos:PutObject", key, "")).is_empty(), "{key}");
    }
}

#[test]
fn what_no_name_holds_ends_an_owners_name_before_a_wildcard() {
    for key in ["app/user_123.*", "app/user_123-*", "users/alice.*", "member/42_*", "u/<uid>_*"] {
        let judged = Judged::session(&cos("name/cos:PutObject", key, ""), Profile::Default);
        assert!(judged.findings().is_empty(), "{key}: {:?}", judged.shown());
    }
    for key in ["app/photos-*", "app/2024_*"] {
        assert_eq!(highs(&cos("name/cos:PutObject", key, "")), ["shared-prefix"], "{key}");
    }
    assert_eq!(highs(&cos("name/cos:PutObject", "app/user_123*", "")), ["prefix-collision"]);
}

#[test]
fn conditions_under_two_spellings_are_not_believed() {
    let narrow = r#", "condition": {"string_like": {"cos:prefix": "u%2F<Username>%2F*"}}"#;
    let project = Project::new()
        .file("one.json", cos("name/cos:GetBucket", "", narrow))
        .file("two.json", cos("name/cos:GetBucket", "", &format!(r#"{narrow}, "Condition": {{}}"#)));
    project.run(["check", "--kind", "session", "one.json"]).exits(0);
    project.run(["check", "--kind", "session", "two.json"]).exits(2);
}

#[test]
fn every_session_of_every_account_is_anyone() {
    let with = |id: &str| {
        format!(
            r#"{{"Version": "1", "Statement": [{{"Effect": "Allow", "Principal": ["{id}"], "Action": ["oss:PutObject"], "Resource": "acs:oss:*:*:bkt/*"}}]}}"#
        )
    };
    for (id, is_open) in
        [("arn:sts::*:*/*/*", true), ("arn:sts::*:assumed-role/*/*", true), ("arn:sts::1234567890123456:*/*/*", false)]
    {
        let judged = of_kind(&with(id), PolicyKind::Bucket, Profile::Default);
        assert_eq!(!judged.of("public-grant").is_empty(), is_open, "{id}");
    }
}

#[test]
fn a_placeholder_for_an_action_may_write() {
    for action in ["name/<service>:*", "name/cos:<Action>", "name/cos:{verb}Object"] {
        assert_eq!(highs(&cos(action, "u/*", "")), ["shared-prefix"], "{action}");
        assert!(highs(&cos(action, "u/<Username>/*", "")).is_empty(), "{action}");
    }
}

#[test]
fn a_shells_default_is_no_placeholder() {
    assert_eq!(highs(&cos("name/cos:PutObject", "u/${USER:-*}/*", "")), ["shared-prefix"]);
}

#[test]
fn a_deny_of_all_but_an_owners_keys_narrows_what_is_allowed() {
    let fenced = |left_out: &str, actions: &str| {
        let deny =
            format!(r#"}}, {{"Effect": "Deny", "Action": {actions}, "NotResource": "arn:aws:s3:::bkt/{left_out}""#);
        s3(r#"["s3:PutObject", "s3:GetObject"]"#, "arn:aws:s3:::bkt/*", &deny)
    };
    let whole = r#""s3:*""#;
    assert!(highs(&fenced("u/<Username>/*", whole)).is_empty());
    for (left_out, actions) in [("u/*", whole), ("u/<Username>/*", r#""s3:GetObject""#)] {
        let judged = Judged::session(&fenced(left_out, actions), Profile::Default);
        assert!(rules(&judged).iter().any(|(_, severity)| *severity == Severity::High), "{left_out}");
        for witness in judged.findings().iter().filter_map(|finding| finding.witness.as_ref()) {
            let allowed = if left_out == "u/*" { "arn:aws:s3:::bkt/u/" } else { "arn:aws:s3:::bkt/" };
            assert!(witness.resource.starts_with(allowed), "{witness:?}");
        }
    }
    // What the owner has is still judged.
    let all = fenced("u/<Username>/*", whole).replace(r#"["s3:PutObject", "s3:GetObject"]"#, whole);
    assert!(highs(&all).contains(&"wildcard-action"));
}

#[test]
fn a_layout_speaks_of_paths_with_other_placeholders() {
    let layout = "[[layout]]\nbucket = \"b-1250000000\"\nkey = \"app/{team}/{user}/*\"\nowner = \"user\"\nnames = \"[a-z0-9]{1,32}\"\n";
    for (key, status) in [("app/{team}/*", 1), ("app/<Team>/*", 1), ("app/{team}/{user}/*", 0), ("app/{team}/{x}/*", 0)]
    {
        let project =
            Project::new().file("grantlint.toml", layout).file("p.json.tpl", cos("name/cos:PutObject", key, ""));
        let run = project.run(["check", "--kind", "session", "p.json.tpl"]).exits(status);
        assert_eq!(run.stdout.contains("shared-prefix[high]"), status == 1, "{key}: {}", run.stdout);
    }
}

#[test]
fn principals_that_name_nobody_are_missing() {
    let bucket = cos("name/cos:PutObject", "in/*", r#", "principal": {}"#);
    let judged = of_kind(&bucket, PolicyKind::Bucket, Profile::Default);
    assert!(rules(&judged).contains(&("missing-element", Severity::High)), "{:?}", judged.shown());
}

#[test]
fn another_providers_variable_is_filled_in_by_nobody() {
    for variable in ["${aws:username}", "${acs:username}", "${aws:PrincipalTag/user}"] {
        let judged = Judged::session(&cos("name/cos:PutObject", &format!("u/{variable}/*"), ""), Profile::Default);
        assert_eq!(rules(&judged), [("unexpanded-variable", Severity::Medium)], "{variable}");
        assert!(judged.of("unexpanded-variable")[0].message.contains(variable));
    }
}
