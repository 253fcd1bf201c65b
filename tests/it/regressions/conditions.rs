//! What went wrong with conditions.

use grantlint::finding::Profile;
use grantlint::rules::Facts;
use grantlint::text::Source;

use super::{Judged, said, session};

#[test]
fn a_prefix_that_begins_with_a_wildcard_limits_no_listing() {
    for values in ["\"*a\"", "\"*a*\"", "\"*%2F\"", "[\"*a\", \"b*\"]"] {
        let text = format!(
            r#"{{"effect": "allow", "action": "cos:GetBucket", "resource": "R", "condition": {{"string_like": {{"cos:prefix": {values}}}}}}}"#
        );
        assert_eq!(said(&text), ["unlimited-listing"], "{values}");
    }
    let every = r#"{"effect": "allow", "action": "cos:GetBucket", "resource": "R",
        "condition": {"for_all_value:string_like": {"cos:prefix": "a*"}}}"#;
    assert_eq!(said(every), ["unlimited-listing"]);
}

/// Whether a session policy for S3 whose listing of a bucket has this condition lists all of it.
fn lists_all(condition: &str) -> bool {
    let text = format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "s3:ListBucket",
            "Resource": "arn:aws:s3:::bkt", "Condition": {condition}}}]}}"#
    );
    !Judged::session(&text, Profile::Default).of("unlimited-listing").is_empty()
}

#[test]
fn a_delimiter_limits_no_listing() {
    for delimiter in [
        r#"{"StringLike": {"s3:delimiter": "*"}}"#,
        r#"{"StringEquals": {"s3:delimiter": "/"}}"#,
        r#"{"StringEquals": {"s3:delimiter": ""}}"#,
        r#"{"StringEquals": {"s3:delimiter": ["", "/"]}}"#,
        r#"{"StringEquals": {"s3:prefix": ["", "a/"], "s3:delimiter": "z"}}"#,
        r#"{"StringLike": {"s3:prefix": ["", "a/"], "s3:delimiter": "*"}}"#,
        r#"{"StringLike": {"s3:prefix": ["", "*/"], "s3:delimiter": "/"}}"#,
        r#"{"StringLike": {"s3:prefix": "*/"}}"#,
    ] {
        assert!(lists_all(delimiter), "{delimiter}");
    }
    for first_level in [
        r#"{"StringEquals": {"s3:prefix": "", "s3:delimiter": "/"}}"#,
        r#"{"StringEquals": {"s3:prefix": ["", "a/"], "s3:delimiter": "/"}}"#,
        r#"{"StringLike": {"s3:prefix": ["", "${aws:userid}/*"], "s3:delimiter": "/"}}"#,
        r#"{"StringLike": {"s3:prefix": ["", "a/", "a/b/*"]}, "StringEquals": {"s3:delimiter": ["/"]}}"#,
    ] {
        assert!(!lists_all(first_level), "{first_level}");
    }
}

#[test]
fn a_prefix_that_its_requester_chooses_limits_no_listing() {
    for (prefix, is_all) in [
        ("${s3:prefix}", true),
        ("${s3:delimiter}", true),
        ("${aws:Referer}", true),
        ("${aws:UserAgent}", true),
        ("${aws:UserAgent}*", true),
        ("${aws:RequestTag/a}/*", true),
        ("${s3:prefix, 'home/'}", true),
        ("${aws:PrincipalTag/a, '*'}", true),
        ("${aws:PrincipalTag/a, ''}*", true),
        ("home/${aws:UserAgent}*", false),
        ("${aws:userid}/*", false),
        ("${aws:PrincipalOrgID}/*", false),
        ("${aws:PrincipalTag/a, 'x'}/*", false),
    ] {
        for operator in
            ["StringEquals", "StringLike"].iter().filter(|it| **it == "StringLike" || !prefix.ends_with('*'))
        {
            assert_eq!(lists_all(&format!(r#"{{"{operator}": {{"s3:prefix": "{prefix}"}}}}"#)), is_all, "{prefix}");
        }
    }
}

#[test]
fn what_a_test_does_without_its_key_is_claimed_only_where_it_is_known() {
    let of_s3 = |operator: &str| {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "s3:GetObject",
                "Resource": "arn:aws:s3:::b/a", "Condition": {{"{operator}": {{"s3:prefix": "a"}}}}}}]}}"#
        );
        let judged = Judged::session(&text, Profile::Default);
        judged.of("inapplicable-condition-key")[0].message.clone()
    };
    let none = "requests for `GetObject` carry no `s3:prefix`";
    assert_eq!(of_s3("StringEquals"), format!("{none}, so the test never holds"));
    assert_eq!(of_s3("ForAllValues:StringEquals"), format!("{none}, so the test always holds"));
    assert_eq!(of_s3("ForAnyValue:StringEquals"), none);
    let of_cos = r#"{"effect": "allow", "action": "cos:GetObject", "resource": "Ra",
        "condition": {"for_all_value:string_equal": {"cos:prefix": "a"}}}"#;
    let judged = session(of_cos, Profile::Default);
    assert_eq!(judged.of("inapplicable-condition-key")[0].message, "requests for `GetObject` carry no `cos:prefix`");
}

#[test]
fn a_test_that_an_absent_key_passes_implies_none_that_it_fails() {
    let with = |effect: &str, operator: &str, value: &str| {
        format!(
            r#"{{"effect": "{effect}", "action": "cos:PutObject", "resource": "Ra", "condition": {{"{operator}": {{"cos:x-cos-acl": "{value}"}}}}}}"#
        )
    };
    let (firm, loose) = ("string_equal", "string_equal_if_exist");
    let cancelled = |allow: &str, deny: &str, value: &str| {
        said(&format!("{}, {}", with("allow", allow, value), with("deny", deny, value))) == ["cancelled-grant"]
    };
    assert!(cancelled(firm, loose, "private") && cancelled(loose, loose, "private"));
    assert!(!cancelled(loose, firm, "private") && !cancelled(firm, firm, "%s") && cancelled(firm, firm, "<acl>"));
    let redundant = |first: &str, second: &str| {
        let text = format!("{}, {}", with("allow", first, "private"), with("allow", second, "private"));
        let judged = session(&text, Profile::Strict);
        judged.of("redundant-grant").iter().map(|finding| finding.message.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        redundant(firm, loose),
        ["statement 2 already grants all of statement 1 (where the condition on `cos:x-cos-acl` holds)"]
    );
    assert_eq!(
        redundant(loose, firm),
        ["statement 1 already grants all of statement 2 (where the condition on `cos:x-cos-acl` holds)"]
    );
}

#[test]
fn many_tests_of_one_statement_are_read_in_time() {
    use grantlint::rules::Filter;
    let tests = |value: &str| (0..20_000).map(|i| format!("\"cos:k{i}\": \"{value}\"")).collect::<Vec<_>>().join(", ");
    let (equal, other) = (tests("a"), tests("b"));
    let condition = format!(r#""string_equal": {{{equal}}}, "string_not_equal": {{{other}}}"#);
    let text = format!(
        r#"{{"version": "2.0", "statement": [{{"effect": "allow", "action": "cos:PutObject", "resource": "*", "condition": {{{condition}}}}}]}}"#
    );
    let filter = Filter { select: Some(["contradictory-condition"].into()), ..Filter::default() };
    let source = Source::new("policy.json", text).unwrap();
    let start = std::time::Instant::now();
    assert_eq!(grantlint::engine::analyse(&source, &Facts::default(), &filter).findings.len(), 0);
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

/// A statement that is fine but for its condition.
fn on_condition(condition: &str) -> String {
    format!(r#"{{"effect": "allow", "action": "cos:PutObject", "resource": "Ra", "condition": {{{condition}}}}}"#)
}

#[test]
fn an_address_has_no_wildcard_and_an_instant_is_a_real_one() {
    for condition in [
        r#""ip_equal": {"qcs:ip": "10.*"}"#,
        r#""ip_equal": {"qcs:ip": "*"}"#,
        r#""ip_not_equal": {"qcs:ip": "10.*"}"#,
        r#""date_less_than": {"qcs:current_time": "2026-99-99T99:99:99Z"}"#,
        r#""date_less_than": {"qcs:current_time": "2026-02-29"}"#,
    ] {
        assert!(said(&on_condition(condition)).contains(&"condition-value-type"), "{condition}");
    }
    for instant in ["2028-02-29", "2026-01-31T23:59:59Z", "2026-01-31T23:59:59.5+08:00", "2026-01-31T23:59Z"] {
        let text = on_condition(&format!(r#""date_less_than": {{"qcs:current_time": "{instant}"}}"#));
        assert!(!said(&text).contains(&"condition-value-type"), "{instant}");
    }
}

#[test]
fn what_a_url_never_holds_is_not_encoded() {
    for (value, right) in [("100%", "100%25"), ("a|b", "a%7Cb"), ("a\\\\b", "a%5Cb")] {
        let text = format!(
            r#"{{"effect": "allow", "action": "cos:GetBucket", "resource": "Rapp/*", "condition": {{"string_equal": {{"cos:prefix": "{value}"}}}}}}"#
        );
        let judged = session(&text, Profile::Default);
        assert_eq!(
            judged.of("unencoded-condition-value")[0].help.as_deref(),
            Some(format!("write `{right}`").as_str())
        );
    }
    let negated = r#"{"effect": "allow", "action": "cos:GetBucket", "resource": "Rapp/*", "condition": {"string_not_equal": {"cos:prefix": "a/b"}}}"#;
    assert!(
        session(negated, Profile::Default).of("unencoded-condition-value")[0].message.ends_with("every value passes")
    );
}

#[test]
fn equal_values_in_other_spellings_contradict_nothing() {
    for condition in [
        r#""string_equal_ignore_case": {"cos:content-type": "Image/png"}, "string_equal_ignore_case_if_exist": {"cos:content-type": "image/PNG"}"#,
        r#""numeric_equal": {"cos:content-length": 10}, "numeric_equal_if_exist": {"cos:content-length": "10.0"}"#,
    ] {
        assert_eq!(said(&on_condition(condition)), [] as [&str; 0]);
    }
    let twice = r#""string_equal": {"cos:x-cos-acl": "private"}, "string_equal": {"cos:x-cos-acl": "default"}"#;
    assert_eq!(said(&on_condition(twice)), ["duplicate-key"]);
}

#[test]
fn a_key_of_another_service_is_judged_only_beside_actions_of_this_one() {
    let with = |action: &str| {
        format!(
            r#"{{"effect": "deny", "action": {action}, "resource": "*", "condition": {{"string_equal": {{"cvm:instance_type": "a"}}}}}}"#
        )
    };
    let speaks = |action: &str| said(&with(action)).contains(&"unknown-condition-key");
    assert!(!speaks("\"*\"") && !speaks(r#"["cos:GetObject", "cvm:RunInstances"]"#) && speaks("\"cos:GetObject\""));
}

#[test]
fn a_test_for_absence_holds_where_the_key_is_never_carried() {
    let judged = session(&on_condition(r#""null_equal": {"cos:prefix": "true"}"#), Profile::Default);
    assert!(
        judged.of("inapplicable-condition-key")[0].message.ends_with("the test always holds"),
        "{:?}",
        judged.shown()
    );
}

#[test]
fn a_lower_bound_limits_no_upload() {
    let text =
        on_condition(r#""numeric_greater_than": {"cos:content-length": 1}, "string_like": {"cos:content-type": "*"}"#);
    assert!(session(&text, Profile::Audit).of("no-upload-limit")[0].message.contains("on length and type"));
}

#[test]
fn an_operator_that_ignores_case_is_given_one_that_exists() {
    let text = on_condition(r#""string_equal_ignore_case": {"cos:content-type": "image/*"}"#);
    assert!(
        session(&text, Profile::Default).of("literal-wildcard")[0].help.as_ref().unwrap().contains("`string_like`")
    );
}

#[test]
fn a_listed_prefix_is_read_as_it_is_encoded() {
    let helps = |prefix: &str| {
        let text = format!(
            r#"{{"effect": "allow", "action": "cos:GetBucket", "resource": "R", "condition": {{"string_like": {{"cos:prefix": "{prefix}"}}}}}}"#
        );
        let judged = session(&text, Profile::Default);
        let found = judged.of("prefix-collision");
        found.iter().map(|finding| (finding.message.clone(), finding.help.clone().unwrap())).collect::<Vec<_>>()
    };
    let found = helps("users%2Fj%C3%BCrgen*");
    assert_eq!(found.len(), 1);
    assert!(found[0].0.starts_with("`j\u{fc}rgen*` also fits"), "{found:?}");
    assert!(found[0].1.contains("`users%2Fj%C3%BCrgen%2F*`"), "{found:?}");
    for silent in ["users%2Fj%C3*", "users%2Fa%2A", "users%2Fj%zz*"] {
        assert!(helps(silent).is_empty(), "{silent}");
    }
}
