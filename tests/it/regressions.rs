//! What went wrong once, in its smallest form.
//!
//! An ignored test is a fault that is known and not mended yet; its reason says what is wrong.

use grantlint::engine::matrices;
use grantlint::finding::{Finding, PolicyKind, Profile};
use grantlint::rules::Facts;
use grantlint::semantics::matrix::Grant;
use grantlint::text::Source;

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
    let at = matrix.columns.iter().position(|found| found.resource.ends_with(column)).unwrap();
    let row = matrix.rows.iter().find(|row| row.actions.iter().any(|name| name == action)).unwrap();
    row.cells[at].grant.clone()
}

#[test]
#[ignore = "a resource that no request of the action touches counts as a part of the column `*`"]
fn an_action_on_the_bucket_is_not_granted_through_a_key() {
    let text = policy(&[("allow", "PutBucketPolicy", "b-1250000000/a*"), ("deny", "PutObject", "*")]);
    assert_eq!(cell(&text, "PutBucketPolicy", "*"), Grant::None);
}

#[test]
#[ignore = "a resource that no request of the action touches counts as a part of the column `*`"]
fn a_deny_that_no_request_of_the_action_touches_takes_nothing_away() {
    let text = policy(&[("allow", "PutBucketPolicy", "*"), ("deny", "PutBucketPolicy", "b-1250000000/a*")]);
    assert_eq!(cell(&text, "PutBucketPolicy", "*"), Grant::All);
    let text = policy(&[("allow", "PutObject", "*"), ("deny", "PutObject", "b-1250000000/")]);
    assert_eq!(cell(&text, "PutObject", "*"), Grant::All);
}

#[test]
#[ignore = "a witness is compared with the paths of denies, for which the bucket itself is not every prefix"]
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
#[ignore = "the principal of the whole policy is named after the first statement, which another one may become"]
fn a_statement_before_it_does_not_rename_what_is_said_of_the_whole_policy() {
    let text =
        |list: &str| format!("{{\"version\": \"2.0\", \"principal\": {{\"qcs\": [\"*\"]}}, \"statement\": [{list}]}}");
    let (short, long) = (text(READ), text(&format!("{HEAD}, {READ}")));
    assert_eq!(names(&short, "principal-in-session-policy").len(), 1);
    assert_eq!(names(&short, "principal-in-session-policy"), names(&long, "principal-in-session-policy"));
}

#[test]
#[ignore = "what stands in the list of statements and is none is named by its place in the list"]
fn a_statement_before_it_does_not_rename_what_is_no_statement() {
    let text = |list: &str| format!("{{\"version\": \"2.0\", \"statement\": [{list}]}}");
    let (short, long) = (text(&format!("\"none\", {READ}")), text(&format!("{HEAD}, \"none\", {READ}")));
    assert_eq!(names(&short, "wrong-type").len(), 1);
    assert_eq!(names(&short, "wrong-type"), names(&long, "wrong-type"));
}

#[test]
#[ignore = "the pointers of a thousand findings deep inside are a thousand times as long as the file"]
fn pointers_into_the_deep_take_less_than_twenty_times_the_file() {
    let text = format!("{}{}", "[".repeat(10_000), "}".repeat(10_000));
    let judged = Judged::session(&text, Profile::Audit);
    let bytes: usize = judged.findings().iter().map(|finding| finding.pointer.len()).sum();
    assert!(bytes < 20 * text.len(), "{bytes} bytes of pointers for {} of text", text.len());
}
