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
#[ignore = "a combination counts the cells that a deny takes back"]
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
#[ignore = "every element that begins with `not` is taken for a negated one"]
fn a_note_is_no_negated_element() {
    let text = format!("{{\"version\": \"2.0\", \"statement\": [{}]}}", READ.replacen('{', "{\"note\": \"x\", ", 1));
    assert!(!help(&text, "unknown-element").contains("negated"));
    let without = r#"{"version": "2.0", "statement": [{"effect": "allow", "notes": "x", "resource": "*"}]}"#;
    assert_eq!(Judged::session(without, Profile::Default).of("missing-element").len(), 1);
}

#[test]
#[ignore = "the help of a wildcard always lists the upload family"]
fn the_repair_of_a_reading_wildcard_grants_no_upload() {
    let text = policy(&[("allow", "Get*", "b-1250000000/app/*")]);
    assert!(!help(&text, "wildcard-action").contains("Upload"));
}

#[test]
#[ignore = "the repair of a wildcard resource is a path of keys, on which an action on the bucket grants nothing"]
fn the_repair_of_a_bucket_action_is_the_bucket() {
    let text = policy(&[("allow", "PutBucketCORS", "b-1250000000/*")]);
    assert!(help(&text, "wildcard-resource").contains("b-1250000000/`"));
}

#[test]
#[ignore = "what is wrong with an action is told from its last colon alone"]
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
#[ignore = "a combination that only a guess makes shared is repaired by the same resource again"]
fn the_repair_of_a_guessed_owner_changes_something() {
    let text = r#"{"version": "2.0", "statement": [{"effect": "allow", "action": ["cos:PutObject", "cos:GetObject"],
        "resource": "qcs::cos::uid/1250000000:b-1250000000/users/7c9e6679-7425-40de-944b-e07fc1f90ae7/*"}]}"#;
    assert!(help(text, "combined-action-resource").contains("<Username>"));
}
