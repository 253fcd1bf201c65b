//! What went wrong with denies: what they take back, and what no witness may show then.

use grantlint::engine::matrices;
use grantlint::finding::{PolicyKind, Profile};
use grantlint::rules::Facts;
use grantlint::semantics::matrix::Grant;
use grantlint::text::Source;

use super::{policy, said, session};
use crate::support::Judged;

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
