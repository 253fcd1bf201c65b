//! What went wrong once, in its smallest form.
//!
//! An ignored test is a fault that is known and not mended yet; its reason says what is wrong.

use grantlint::engine::matrices;
use grantlint::finding::{Finding, PolicyKind, Profile};
use grantlint::rules::Facts;
use grantlint::semantics::matrix::Grant;
use grantlint::text::Source;

use super::naive;
use super::support::Judged;

/// A policy of these statements: effect, action, path behind the account.
fn policy(statements: &[(&str, &str, &str)]) -> String {
    let one = |(effect, action, path): &(&str, &str, &str)| {
        let resource =
            if *path == "*" { "*".to_owned() } else { format!("qcs::cos:ap-guangzhou:uid/1250000000:{path}") };
        format!("{{\"effect\": \"{effect}\", \"action\": \"name/cos:{action}\", \"resource\": \"{resource}\"}}")
    };
    let statements: Vec<String> = statements.iter().map(one).collect();
    format!("{{\"version\": \"2.0\", \"statement\": [{}]}}", statements.join(", "))
}

/// The cell of an action and a column.
fn cell(text: &str, action: &str, column: &str) -> Grant {
    let facts = Facts { kind: Some(PolicyKind::Session), ..Facts::default() };
    let matrix = matrices(&Source::new("policy.json", text).unwrap(), &facts, false).policies.remove(0).matrix.unwrap();
    let at = matrix.columns.iter().position(|found| found.resource == column).unwrap();
    let row = matrix.rows.iter().find(|row| row.actions.iter().any(|name| name == action)).unwrap();
    row.cells[at].grant.clone()
}

#[test]
fn an_action_on_the_bucket_is_not_granted_through_a_key() {
    let text = policy(&[("allow", "PutBucketPolicy", "b-1250000000/a*"), ("deny", "PutObject", "*")]);
    assert_eq!(cell(&text, "PutBucketPolicy", "*"), Grant::None);
}

#[test]
fn a_deny_that_no_request_of_the_action_touches_takes_nothing_away() {
    let text = policy(&[("allow", "PutBucketPolicy", "*"), ("deny", "PutBucketPolicy", "b-1250000000/a*")]);
    assert_eq!(cell(&text, "PutBucketPolicy", "*"), Grant::All);
    let text = policy(&[("allow", "PutObject", "*"), ("deny", "PutObject", "b-1250000000/")]);
    assert_eq!(cell(&text, "PutObject", "*"), Grant::All);
}

#[test]
fn a_witness_does_not_list_what_a_deny_on_the_bucket_takes_back() {
    let text = policy(&[("allow", "Get*", "b-1250000000/*"), ("deny", "GetBucket", "b-1250000000/")]);
    for finding in Judged::session(&text, Profile::Audit).findings() {
        assert_ne!(finding.witness.as_ref().map(|w| w.action.as_str()), Some("name/cos:GetBucket"), "{finding:?}");
    }
}

/// The fingerprints of a rule's findings.
fn names(text: &str, rule: &str) -> Vec<String> {
    let judged = Judged::session(text, Profile::Audit);
    judged.of(rule).iter().map(|finding: &&Finding| finding.fingerprint.to_string()).collect()
}

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

/// Every witness of the findings on these statements, and what a plain reading says of it.
fn witnesses_pass(text: &str) {
    let statements = naive::statements(text).unwrap();
    for finding in Judged::session(text, Profile::Audit).findings() {
        let Some(witness) = &finding.witness else { continue };
        let action = witness.action.strip_prefix("name/cos:").unwrap();
        assert!(naive::judge(&statements, action, &witness.resource).may, "{}: {witness:?}", finding.rule.name);
    }
}

#[test]
fn the_witness_of_a_collision_has_the_ending_of_its_resource() {
    witnesses_pass(&policy(&[("allow", "PutObject", "<BucketName-APPID>/app/<Username>*.png")]));
}

#[test]
fn nothing_is_said_to_be_allowed_that_a_deny_takes_back() {
    for (allowed, denied) in [("b-1250000000/app/*", "b-1250000000/app/*"), ("b-1250000000/app/*", "*"), ("*", "*")] {
        let text = policy(&[("allow", "PutObject", allowed), ("deny", "PutObject", denied)]);
        assert_eq!(Judged::session(&text, Profile::Default).rules(), ["cancelled-grant"], "{text}");
    }
}

#[test]
fn a_combination_whose_changing_half_is_denied_is_none() {
    let text = r#"{"version": "2.0", "statement": [
        {"effect": "allow", "action": ["cos:PutObject", "cos:GetObject"], "resource": "qcs::cos::uid/1250000000:b-1250000000/app/*"},
        {"effect": "deny", "action": "cos:PutObject", "resource": "*"}]}"#;
    assert_eq!(Judged::session(text, Profile::Default).shown(), [] as [String; 0]);
}

/// The help of a rule's only finding.
fn help(text: &str, rule: &str) -> String {
    let judged = Judged::session(text, Profile::Audit);
    assert_eq!(judged.of(rule).len(), 1, "{:?}", judged.shown());
    judged.of(rule)[0].help.clone().unwrap()
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

/// A session policy of these statements, the resource of each written as `R` and what follows the bucket's slash.
fn session(statements: &str, profile: Profile) -> Judged {
    let text = format!("{{\"version\": \"2.0\", \"statement\": [{statements}]}}");
    Judged::session(&text.replace("\"R", "\"qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/"), profile)
}

/// The rules that speak of these statements in the default profile.
fn said(statements: &str) -> Vec<&'static str> {
    session(statements, Profile::Default).rules()
}

#[test]
fn an_allow_without_readable_actions_is_a_wildcard() {
    for (action, underlined) in [
        (r#""NotAction": "name/cos:GetObject""#, "\"NotAction\""),
        (r#""action": {"a": 1}"#, "{\"a\": 1}"),
        (r#""action": []"#, "[]"),
    ] {
        let judged = session(&format!(r#"{{"effect": "allow", {action}, "resource": "Ra*"}}"#), Profile::Default);
        let found = judged.of("wildcard-action");
        assert_eq!(found.iter().map(|f| judged.text(f.primary)).collect::<Vec<_>>(), [underlined], "{action}");
    }
    let missing = session(r#"{"effect": "allow", "resource": "Ra*"}"#, Profile::Default);
    assert_eq!(missing.of("wildcard-action").len(), 1);
}

#[test]
fn an_owner_who_is_only_guessed_and_not_closed_is_a_collision() {
    for key in ["users/alice*", "users/a*/*", "u/a*", "members/gold*", "tenant/a*.jpg", "user1*", "1234567*"] {
        let text =
            format!(r#"{{"effect": "allow", "action": ["cos:PutObject", "cos:DeleteObject"], "resource": "R{key}"}}"#);
        assert_eq!(said(&text), ["prefix-collision"], "{key}");
    }
}

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

#[test]
fn each_listed_bucket_is_reported() {
    let text = r#"{"effect": "allow", "action": "cos:GetBucket", "resource": ["R", "qcs::cos::uid/1250000000:b-1250000000/"]}"#;
    assert_eq!(session(text, Profile::Default).of("unlimited-listing").len(), 2);
}

#[test]
fn the_witness_of_a_collision_matches_and_is_not_denied() {
    let witness = |denied: &str| {
        let deny = format!(r#"{{"effect": "deny", "action": "*", "resource": "{denied}"}}"#);
        let allow = r#"{"effect": "allow", "action": "cos:PutObject", "resource": "Rapp/<Username>*"}"#;
        let judged = session(&format!("{allow}, {deny}"), Profile::Default);
        let found = judged.of("prefix-collision").first().and_then(|finding| finding.witness.clone());
        found.map(|witness| witness.resource.rsplit_once("app/").unwrap().1.to_owned())
    };
    assert_eq!(witness("Rother/*").as_deref(), Some("<Username>2/photo.jpg"));
    assert_eq!(witness("Rapp/<Username>2/*").as_deref(), Some("<Username>2"));
    assert_eq!(witness("Rapp/*/*").as_deref(), Some("<Username>2"));
    assert_eq!(witness("Rapp/<Username>*"), None);
    let nested = r#"{"effect": "allow", "action": "cos:PutObject", "resource": "Rsomeone-else/<Username>*"}"#;
    let judged = session(nested, Profile::Default);
    let resource = &judged.of("prefix-collision")[0].witness.as_ref().unwrap().resource;
    assert!(resource.ends_with("/someone-else/<Username>2/photo.jpg"), "{resource}");
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
fn a_wildcard_is_covered_by_a_wildcard_only() {
    let cancelled = r#"{"effect": "allow", "action": "cos:HeadB*", "resource": "R"}, {"effect": "deny", "action": "cos:HeadBucket", "resource": "R"}"#;
    assert_eq!(session(cancelled, Profile::Audit).of("cancelled-grant").len(), 0);
    let listed = r#"{"effect": "allow", "action": ["cos:HeadBucket", "cos:HeadObject"], "resource": "R*"}, {"effect": "allow", "action": "cos:Head*", "resource": "R*"}"#;
    let judged = session(listed, Profile::Strict);
    assert_eq!(judged.of("redundant-grant")[0].message, "statement 2 already grants all of statement 1");
}

#[test]
fn a_deny_on_the_bucket_takes_every_listing_back() {
    let text = r#"{"effect": "allow", "action": "cos:GetBucket", "resource": "R*"}, {"effect": "deny", "action": "cos:GetBucket", "resource": "R"}"#;
    assert_eq!(said(text), ["cancelled-grant"]);
    let part = r#"{"effect": "allow", "action": "cos:GetBucket", "resource": "Rapp/*"}, {"effect": "deny", "action": "cos:GetBucket", "resource": "R"}"#;
    assert_eq!(said(part), ["cancelled-grant"]);
}

#[test]
fn a_deny_that_cannot_be_read_cancels_nothing() {
    let allow = r#"{"effect": "allow", "action": "cos:PutObject", "resource": "Ra*"}"#;
    for deny in [
        r#""action": "cos:PutObject", "resource": "Ra*", "condition": []"#,
        r#""action": "cos:PutObject", "resource": "Ra* ""#,
        r#""action": " name/cos:PutObject", "resource": "Ra*""#,
        r#""action": "name/cos:putobject", "resource": "Ra*""#,
        r#""action": "cos:PutObject", "resource": "qcs:x:cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/a*""#,
        r#""action": "cos:PutObject", "resource": "qcs::COS:ap-guangzhou:uid/1250000000:examplebucket-1250000000/a*""#,
    ] {
        let judged = session(&format!(r#"{allow}, {{"effect": "deny", {deny}}}"#), Profile::Default);
        assert!(judged.of("cancelled-grant").is_empty(), "{deny}");
        assert!(judged.of("shared-prefix").iter().all(|f| f.witness.is_some()), "{deny}");
        assert_eq!(judged.of("shared-prefix").len(), 1, "{deny}");
    }
}

#[test]
fn a_deny_of_another_region_refuses_no_witness() {
    let text = r#"{"effect": "allow", "action": "cos:PutObject", "resource": "Ra*"},
        {"effect": "deny", "action": "*", "resource": "qcs::cos:ap-beijing:uid/1250000000:*"}"#;
    assert!(session(text, Profile::Default).of("shared-prefix")[0].witness.is_some());
}

#[test]
fn a_hole_may_be_what_a_deny_names() {
    for denied in ["Rapp/admin/*", "Rapp/<Other>/*"] {
        let text = format!(
            r#"{{"effect": "allow", "action": "cos:PutObject", "resource": "Rapp/<Username>/*"}}, {{"effect": "deny", "action": "cos:PutObject", "resource": "{denied}"}}"#
        );
        assert_eq!(said(&text), [] as [&str; 0], "{denied}");
    }
}

#[test]
fn many_denies_of_one_prefix_are_read_in_time() {
    use std::fmt::Write as _;
    let mut text = String::new();
    for i in 0..400 {
        write!(text, r#"{{"effect": "allow", "action": "cos:GetObject", "resource": "Rapp/users/{i}a"}},"#).unwrap();
        write!(text, r#"{{"effect": "deny", "action": "cos:GetObject", "resource": "Rapp/*/{i}b"}},"#).unwrap();
    }
    let start = std::time::Instant::now();
    let judged = session(text.trim_end_matches(','), Profile::Audit);
    assert_eq!(judged.of("denies-nothing").len(), 400);
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
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
fn a_wildcard_of_the_wrong_level_matches_actions() {
    let judged = session(r#"{"effect": "allow", "action": "cos:PutBucket*", "resource": "Rapp/x/*"}"#, Profile::Strict);
    let found = judged.of("wildcard-action")[0];
    assert!(found.message.contains("act on no such resource") && !found.help.as_ref().unwrap().contains("Upload"));
}

#[test]
fn scenarios_are_distinct_actions_and_resources() {
    let text = r#"{"effect": "allow", "action": ["cos:GetObject", "cos:PutObject", "cos:PutObject"], "resource": ["Rapp/*", "Rapp/*"]}"#;
    let judged = session(text, Profile::Default);
    let found = judged.of("combined-action-resource")[0];
    assert!(found.message.contains("2 actions and 1 resource joined"), "{}", found.message);
    assert_eq!(found.help.as_ref().unwrap().matches("PutObject").count(), 1);
}

#[test]
fn what_changes_a_bucket_is_not_moved_to_a_users_path() {
    let text = r#"{"effect": "allow", "action": ["cos:GetObject", "cos:PutBucketLifecycle"], "resource": "*"}"#;
    let judged = session(text, Profile::Default);
    let help = judged.of("combined-action-resource")[0].help.clone().unwrap();
    assert!(!help.contains("\"cos:PutBucketLifecycle\"") && help.contains("leave out `PutBucketLifecycle`"), "{help}");
}

#[test]
fn a_wildcard_resource_names_the_listing_first() {
    let text = r#"{"effect": "allow", "action": ["cos:PutObject", "cos:DeleteObject", "cos:AppendObject", "cos:AbortMultipartUpload", "cos:GetBucket"], "resource": "*"}"#;
    assert!(session(text, Profile::Default).of("wildcard-resource")[0].message.starts_with("`GetBucket`"));
}

#[test]
fn a_public_grant_shows_a_request_on_the_resource_that_fits() {
    let text = r#"{"version": "2.0", "statement": [{"effect": "allow", "principal": "*", "action": "cos:PutObject", "resource":
        ["qcs::cos::uid/1250000000:b-1250000000/", "qcs::cos::uid/1250000000:b-1250000000/*"]}]}"#;
    let facts = Facts { kind: Some(PolicyKind::Bucket), ..Facts::default() };
    let judged = Judged::new(Source::new("policy.json", text).unwrap(), &facts, Profile::Default);
    assert!(judged.of("public-grant")[0].witness.is_some());
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
fn a_wildcard_for_uploads_is_one_finding() {
    let judged = session(r#"{"effect": "allow", "action": "cos:Put*", "resource": "Rapp/a.jpg"}"#, Profile::Audit);
    assert_eq!(judged.rules(), ["wildcard-action"]);
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
fn holes_are_told_apart_however_many_there_are() {
    // The number of a hole once had 16 bits, so the last one here was taken for the first.
    let many = format!("<a>/{}", "<x>/".repeat(65_535));
    let resource = |last: &str| format!("qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/{many}{last}");
    let text =
        policy(&[("allow", "name/cos:PutObject", &resource("<a>")), ("deny", "name/cos:PutObject", &resource("<b>"))]);
    assert!(!text.is_empty() && names(&text, "cancelled-grant").is_empty());
}

#[test]
fn another_vendors_service_is_foreign_in_any_letter_case() {
    // `S3:*` in capitals was once taken for one of the vendor's own services, and passed over.
    let of = |version: &str, action: &str, resource: &str| {
        let statement = format!(r#"{{"Effect": "Allow", "Action": ["{action}"], "Resource": "{resource}"}}"#);
        format!(r#"{{"Version": "{version}", "Statement": [{statement}]}}"#)
    };
    let (oss, s3) = ("acs:oss:*:*:b/users/alice/*", "arn:aws:s3:::b/users/alice/a");
    for text in [
        of("1", r#"oss:GetObject", "S3:*"#, oss),
        of("1", r#"oss:GetObject", "COS:*"#, oss),
        of("2012-10-17", r#"s3:GetObject", "OSS:*"#, s3),
    ] {
        assert_eq!(names(&text, "foreign-syntax").len(), 1, "{text}");
    }
}
