//! What a placeholder may be filled with.

use grantlint::finding::PolicyKind;

use super::{BUCKET, answer, cos, s3, statement, verdict};
use crate::harness::Project;

fn put(effect: &str, element: &str, resource: &str) -> String {
    format!(r#"{{"Effect": "{effect}", "Action": "s3:PutObject", "{element}": {resource}}}"#)
}

fn of(statements: &[String]) -> String {
    s3(&statements.join(", "), "2012-10-17")
}

#[test]
fn a_placeholder_may_be_what_a_deny_leaves_out() {
    let allow = put("Allow", "Resource", r#""arn:aws:s3:::bkt/a/b""#);
    let deny = |left_out: &str| of(&[allow.clone(), put("Deny", "NotResource", left_out)]);
    let old = deny(r#""arn:aws:s3:::bkt/z""#);
    assert_eq!(verdict(&old, &deny(r#""arn:aws:s3:::bkt/a/{x}""#)), "unknown", "`{{x}}` may be `b`");
    assert_eq!(verdict(&old, &deny(r#""arn:aws:s3:::bkt/c/{x}""#)), "equal");
}

#[test]
fn a_placeholder_may_hold_the_slash_behind_the_bucket() {
    let allow = put("Allow", "Resource", r#""arn:aws:s3:::bkt/*""#);
    for denied in ["bkt{y}*", "bkt{y}{z}*", "bkt{y}?"] {
        let denied = put("Deny", "Resource", &format!("\"arn:aws:s3:::{denied}\""));
        assert_eq!(verdict(&of(&[allow.clone(), denied]), &of(std::slice::from_ref(&allow))), "unknown");
    }
    let policy = of(&[put("Allow", "Resource", r#""arn:aws:s3:::bkt{y}*""#)]);
    assert_eq!(answer(&policy, "PutObject", "bkt/x", None, None), "unknown");
    let policy = of(&[put("Allow", "Resource", r#""arn:aws:s3:::{bucket}/*""#)]);
    assert_eq!(answer(&policy, "PutObject", "bkt/x", None, None), "unknown", "a bucket's name holds none");
}

#[test]
fn a_placeholder_may_be_the_bucket_that_is_asked_for() {
    let policy =
        cos(&[statement("allow", "name/cos:PutObject", "qcs::cos:ap-guangzhou:uid/1250000000:{bucket}/*", "")]);
    let whole = "qcs::cos:ap-guangzhou:uid/1250000000:b-1250000000/x";
    for resource in ["b-1250000000/x", whole] {
        assert_eq!(answer(&policy, "PutObject", resource, None, None), "unknown", "{resource}");
    }
    assert_eq!(answer(&policy, "GetObject", "b-1250000000/x", None, None), "no");
}

#[test]
fn a_cell_that_a_placeholder_may_deny_is_not_granted() {
    let policy = |allowed: &str, denied: &str| {
        let of = |effect: &str, key: &str| statement(effect, "name/cos:PutObject", &format!("{BUCKET}/{key}"), "");
        cos(&[of("allow", allowed), of("deny", denied)])
    };
    for (allowed, denied, status) in
        [("a", "{x}", 2), ("a/*", "{x}/*", 2), ("a/*", "b/{x}", 0), ("{x}/*", "{x}/locked/*", 0)]
    {
        let project = Project::new().file("p.json", policy(allowed, denied));
        project.run(["matrix", "p.json"]).exits(status);
        project.run(["effective", "--caller", "p.json"]).exits(status);
    }
}

#[test]
fn a_variable_without_a_value_matches_nothing() {
    let own = of(&[put("Allow", "Resource", r#""arn:aws:s3:::bkt/home/${aws:username}/*""#)]);
    let session = Some(PolicyKind::Session);
    for key in ["bkt/home/alice/x", "bkt/home/${aws:username}/x"] {
        assert_eq!(answer(&own, "PutObject", key, None, session), "no", "{key}");
    }
    assert_eq!(answer(&own, "PutObject", "bkt/home/alice/x", None, Some(PolicyKind::Identity)), "unknown");
    let run = Project::new().file("p.json", own).run(["matrix", "--kind", "session", "p.json"]).exits(0);
    assert!(run.stdout.contains("0 of them grant something"), "{}", run.stdout);
}
