//! Condition keys, their values and variables, where documents leave open what a request carries.

use grantlint::engine::{Question, decide};
use grantlint::finding::PolicyKind;
use grantlint::rules::Facts;
use grantlint::semantics::permission::Decision;
use grantlint::text::Source;

use super::{BUCKET, answer, answer_to, cos, s3, statement, verdict};

#[test]
fn an_encoded_prefix_is_read_as_the_provider_encodes_it() {
    let listing = |prefix: &str| {
        let only = format!(r#", "condition": {{"string_like": {{"cos:prefix": "{prefix}"}}}}"#);
        cos(&[statement("allow", "name/cos:GetBucket", &format!("{BUCKET}/*"), &only)])
    };
    assert_eq!(verdict(&listing("app%2Fa%2F*"), &listing("app%2F*")), "wider");
    for odd in ["app%2f*", "app%2*", "app%*", "%E7*"] {
        assert_eq!(verdict(&listing("app%2Fa%2F*"), &listing(odd)), "unknown", "{odd}");
    }
}

#[test]
fn a_variable_is_filled_in_by_versions_that_have_some() {
    let policy = |version: &str| {
        s3(r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}/*"}"#, version)
    };
    assert_eq!(verdict(&policy("2012-10-17"), &policy("2012-10-17")), "equal");
    assert_eq!(verdict(&policy("2012-10-17"), &policy("2008-10-17")), "unknown");
}

#[test]
fn a_variable_of_a_condition_is_filled_in_by_versions_that_have_some() {
    let policy = |version: &str| {
        let deny = r#"{"Effect": "Deny", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b",
            "Condition": {"StringNotLike": {"s3:prefix": "${aws:username}/*"}}}"#;
        s3(
            &format!(r#"{{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b"}}, {deny}"#),
            version,
        )
    };
    assert_eq!(verdict(&policy("2012-10-17"), &policy("2012-10-17")), "equal");
    assert_eq!(verdict(&policy("2008-10-17"), &policy("2012-10-17")), "unknown");
    let user = |name: &str| {
        s3(
            &format!(r#"{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${{{name}}}/*"}}"#),
            "2012-10-17",
        )
    };
    assert_eq!(verdict(&user("aws:username"), &user("aws:UserName")), "equal", "names of variables in any case");
}

#[test]
fn two_keys_of_one_instant_are_not_free_of_each_other() {
    let only = |effect: &str, tests: &str| {
        format!(
            r#"{{"Effect": "{effect}", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": {{{tests}}}}}"#
        )
    };
    let policy = |statements: &[String]| s3(&statements.join(", "), "2012-10-17");
    // The first second of 2026, told in two ways.
    let date = r#""DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}"#;
    let epoch = r#""NumericLessThan": {"aws:EpochTime": "1767225600"}"#;
    let later = r#""NumericGreaterThanEquals": {"aws:EpochTime": "1767225600"}"#;
    let of = |tests: &str| policy(&[only("Allow", tests)]);
    assert_eq!(verdict(&of(date), &of(epoch)), "unknown", "they may be the same, and are");
    let never = of(&format!("{date}, {later}"));
    assert_eq!(verdict(&policy(&[]), &never), "unknown", "nobody can ask then");
    assert_eq!(verdict(&of(date), &never), "unknown", "whether anything is gone hangs on it");
    // Each for itself is exact.
    assert_eq!(verdict(&of(date), &of(date)), "equal");
    assert_eq!(verdict(&never, &never), "equal");
    assert_eq!(verdict(&of(epoch), &of(&epoch.replace("1767225600", "1767225601"))), "wider");
    assert_eq!(verdict(&of(date), &policy(&[only("Allow", date), only("Allow", epoch)])), "unknown");
    let source =
        r#""DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}"#;
    assert_eq!(verdict(&of(source), &of(date)), "wider", "other keys are free");
}

#[test]
fn a_key_in_another_case_is_the_same_where_the_provider_says_so() {
    let ask = |policy: &str, key: &str| {
        let source = Source::new("policy.json", policy).unwrap();
        let question = Question {
            action: "GetObject".to_owned(),
            resource: "b/a".to_owned(),
            context: vec![(key.to_owned(), "10.0.0.1".to_owned())],
            ..Question::default()
        };
        match decide(&source, &Facts::default(), &question).map(|answered| answered.decision) {
            Ok(Decision::Yes(_)) => "yes",
            Ok(Decision::OnlyIf { .. }) => "only if",
            Ok(_) => "unknown",
            Err(_) => "refused",
        }
    };
    let of_s3 = |key: &str| {
        s3(
            &format!(
                r#"{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
                "Condition": {{"IpAddress": {{"{key}": "10.0.0.0/8"}}}}}}"#
            ),
            "2012-10-17",
        )
    };
    for (written, asked) in [
        ("aws:SourceIp", "aws:SourceIp"),
        ("aws:SourceIp", "AWS:sourceip"),
        ("aws:sourceip", "aws:SourceIP"),
        ("aws:NewKey", "aws:NewKey"),
        ("aws:NewKey", "AWS:newkey"),
    ] {
        assert_eq!(ask(&of_s3(written), asked), "yes", "{written} {asked}");
    }
    assert_eq!(ask(&of_s3("aws:PrincipalTag/Team"), "aws:principaltag/Team"), "yes");
    assert_eq!(ask(&of_s3("aws:PrincipalTag/Team"), "aws:PrincipalTag/team"), "only if", "perhaps another tag");
    let of_oss = |key: &str| {
        format!(
            r#"{{"Version": "1", "Statement": [{{"Effect": "Allow", "Action": "oss:GetObject", "Resource": "acs:oss:*:*:b/*",
            "Condition": {{"IpAddress": {{"{key}": "10.0.0.0/8"}}}}}}]}}"#
        )
    };
    assert_eq!(ask(&of_oss("acs:SourceIp"), "ACS:sourceip"), "yes");
    assert_eq!(ask(&of_oss("acs:sourceip"), "acs:sourceip"), "unknown", "what the policy's key is, nobody says");
    assert_eq!(verdict(&of_oss("acs:sourceip"), &of_oss("acs:SourceIp")), "unknown");
    let only = r#", "condition": {"ip_equal": {"qcs:ip": "10.0.0.0/8"}}"#;
    let of_cos = cos(&[statement("allow", "name/cos:GetObject", "qcs::cos::uid/1250000000:*", only)]);
    assert_eq!(ask(&of_cos, "QCS:ip"), "refused", "documented in small letters alone");
}

#[test]
fn a_variable_of_any_tag_is_no_plain_text() {
    let allow =
        |path: &str| format!(r#"{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/{path}"}}"#);
    let old = s3(&[allow("*"), allow("red/*").replace("Allow", "Deny")].join(", "), "2012-10-17");
    for name in [
        "${aws:PrincipalTag/a=b}",
        "${aws:PrincipalTag/a+b}",
        "${aws:PrincipalTag/team, 'a+b'}",
        "${aws:username, 'x*'}",
        "${s3:ExistingObjectTag/a&b}",
        "${a=b}",
        "${aws:username",
        "${aws:PrincipalTag/${aws:username}}",
        &format!("${{aws:PrincipalTag/{}}}", "a".repeat(100)),
        &format!("${{aws:PrincipalTag/{}}}", "a".repeat(2000)),
    ] {
        let new = s3(&allow(&format!("{name}/*")), "2012-10-17");
        assert_eq!(verdict(&old, &new), "unknown", "{name}");
        assert_eq!(answer(&new, "GetObject", "b/red/a", None, None), "unknown", "{name}");
    }
    let tagged = s3(&allow("${aws:PrincipalTag/a=b}/*"), "2012-10-17");
    assert_eq!(verdict(&tagged, &tagged), "equal");
    assert_eq!(verdict(&tagged, &s3(&allow("${aws:PrincipalTag/a=b}/x"), "2012-10-17")), "narrower");
}

#[test]
fn an_empty_prefix_may_be_there_or_not() {
    let listing = |values: &str| {
        let only = format!(r#", "condition": {{"string_equal": {{"cos:prefix": {values}}}}}"#);
        cos(&[statement("allow", "name/cos:GetBucket", &format!("{BUCKET}/*"), &only)])
    };
    assert_eq!(verdict(&listing(r#""app%2F""#), &listing(r#"["app%2F", ""]"#)), "unknown");
    assert_eq!(verdict(&listing(r#""app%2F""#), &listing(r#"["app%2F", "b%2F"]"#)), "wider");
    assert_eq!(answer(&listing(r#"["app%2F", ""]"#), "GetBucket", "examplebucket-1250000000/", None, None), "unknown");
}

#[test]
fn a_name_in_an_encoded_key_is_encoded() {
    let only = r#", "condition": {"string_like": {"cos:prefix": "app%2F<user>%2F*"}}"#;
    let policy = cos(&[statement("allow", "name/cos:GetBucket", &format!("{BUCKET}/*"), only)]);
    let ask = |name: &str, prefix: &str| {
        let question = Question {
            action: "GetBucket".to_owned(),
            resource: format!("examplebucket-1250000000/{prefix}"),
            holes: vec![("user".to_owned(), name.to_owned())],
            ..Question::default()
        };
        answer_to(&policy, None, &question)
    };
    assert_eq!(ask("\u{5f20}", "app/\u{5f20}/"), "yes");
    assert_eq!(ask("a+b", "app/a+b/"), "yes");
    assert_eq!(ask("alice", "app/alice/"), "yes");
    assert_eq!(ask("\u{5f20}", "app/alice/"), "no");
    assert!(ask(&"a".repeat(1025), "app/a/").contains("longer"));
}

#[test]
fn a_session_has_no_user_name_and_a_tag_has_one_case() {
    let policy = |name: &str| {
        let resource = format!("arn:aws:s3:::b/${{{name}}}/*");
        s3(&format!(r#"{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "{resource}"}}"#), "2012-10-17")
    };
    let ask = |name: &str, kind, key: &str| {
        let question = Question {
            action: "GetObject".to_owned(),
            resource: "b/red/a".to_owned(),
            context: vec![(key.to_owned(), "red".to_owned())],
            ..Question::default()
        };
        answer_to(&policy(name), Some(kind), &question)
    };
    let (user, tag) = ("aws:username", "aws:PrincipalTag/Team");
    assert_eq!(ask(user, PolicyKind::Identity, user), "yes");
    assert!(ask(user, PolicyKind::Session, user).contains("carries no `aws:username`"));
    assert_eq!(ask(tag, PolicyKind::Session, tag), "yes");
    assert_eq!(ask(tag, PolicyKind::Session, "AWS:principaltag/Team"), "yes");
    assert_eq!(ask(tag, PolicyKind::Session, "aws:PrincipalTag/team"), "unknown", "perhaps another tag");
    assert_ne!(verdict(&policy(tag), &policy("aws:PrincipalTag/team")), "equal");
}
