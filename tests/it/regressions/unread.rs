//! What may grant something and was passed over, because something else in the same document was read.

use crate::harness::Project;

const GOOD: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::media/app/alice/a.jpg"}]}"#;

/// The errors for a text in which `GOOD` stands for a policy with nothing wrong.
#[track_caller]
fn errors(text: &str) -> Vec<String> {
    let project = Project::new().file("p.json", text.replace("GOOD", GOOD));
    let run = project.run(["check", "--kind=session", "--format=concise", "p.json"]);
    let found: Vec<String> = run.stdout.lines().filter(|line| line.contains("error: ")).map(str::to_owned).collect();
    assert_eq!(run.status, Some(if found.is_empty() { 0 } else { 2 }), "{text}\n{}{}", run.stdout, run.stderr);
    found
}

#[track_caller]
fn is_told(text: &str, what: &str) {
    let found = errors(text);
    assert!(matches!(found.as_slice(), [one] if one.contains(what)), "{text}: {found:?}");
}

#[track_caller]
fn is_quiet(text: &str) {
    assert_eq!(errors(text), [] as [&str; 0], "{text}");
}

#[test]
fn a_request_without_a_policy_asks_for_all_that_the_role_has() {
    const TOLD: &str = "this request for a key has no policy";
    const WITH: &str = r#"{"RoleArn": "arn:aws:iam::111122223333:role/r", "RoleSessionName": "a", "Policy": GOOD}"#;
    for without in [
        r#"{"RoleArn": "arn:aws:iam::111122223333:role/r", "RoleSessionName": "b", "Policy": null}"#,
        r#"{"RoleArn": "arn:aws:iam::111122223333:role/r", "RoleSessionName": "b", "Policy": ""}"#,
        r#"{"role_arn": "arn:aws:iam::111122223333:role/r", "role_session_name": "b"}"#,
        r#"{"RoleArn": "arn:aws:iam::111122223333:role/r", "DurationSeconds": 900}"#,
        r#"{"RoleArn": "arn:aws:iam::111122223333:role/r"}"#,
        r#"{"RoleArn": "arn:aws:iam::111122223333:role/r", "Policy": "${policy}"}"#,
    ] {
        is_told(&format!("[{WITH}, {without}]"), TOLD);
        is_told(&format!(r#"{{"a": {WITH}, "b": {{"c": {without}}}}}"#), TOLD);
    }
    is_quiet(&format!("[{WITH}, {WITH}]"));
    // What a role is for is said elsewhere, what requests have in common stands around them, and not all have roles.
    is_quiet(&format!(r#"[{WITH}, {{"Arn": "x", "Id": "y", "RoleArn": "arn:aws:iam::111122223333:role/r"}}]"#));
    is_quiet(r#"{"policy": GOOD, "sts": {"roleArn": "arn:aws:iam::111122223333:role/r", "roleSessionName": "web"}}"#);
    is_quiet(&format!(r#"{{"RoleArn": "x", "RoleSessionName": "y", "requests": [{WITH}]}}"#));
    is_quiet(r#"[{"name": "a", "policy": GOOD}, {"name": "b", "policy": null}]"#);
}
