//! What went wrong with conditions that only uploads carry.

use grantlint::finding::Profile;

use super::{help, session};
use crate::support::Judged;

/// A COS policy in which an upload stands beside other actions.
const COS: &str = r#"{"version": "2.0", "statement": [{"effect": "allow",
    "action": ["name/cos:PutObject", "name/cos:GetObject", "name/cos:DeleteObject"],
    "resource": ["qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/app/<Username>/*"]}]}"#;

const OSS: &str = r#"{"Version": "1", "Statement": [{"Effect": "Allow",
    "Action": ["oss:PutObject", "oss:GetObject"], "Resource": ["acs:oss:*:*:examplebucket/app/<Username>/*"]}]}"#;

/// A policy whose upload was moved to where the help of a rule has it.
fn mended(text: &str, rule: &str) -> String {
    let help = help(text, rule);
    let own = &help[help.find('{').unwrap()..=help.rfind('}').unwrap()];
    let rest = text.replace("\"name/cos:PutObject\", ", "").replace("\"oss:PutObject\", ", "");
    rest.replacen('[', &format!("[{own}, "), 1)
}

#[test]
fn an_upload_beside_other_actions_is_limited_in_a_statement_of_its_own() {
    for (text, rule) in [(COS, "no-upload-limit"), (OSS, "public-object-acl")] {
        let mended = mended(text, rule);
        let judged = Judged::session(&mended, Profile::Audit);
        assert!(judged.of(rule).is_empty(), "{mended}");
        assert!(judged.of("inapplicable-condition-key").is_empty(), "{mended}");
    }
    let alone = COS.replace(", \"name/cos:GetObject\", \"name/cos:DeleteObject\"", "");
    assert!(help(&alone, "no-upload-limit").starts_with("add a condition"));
    // A test that passes without its key takes nothing from the others.
    assert!(help(COS, "public-object-acl").starts_with("add a condition"));
    let bound = COS.replace("]}]}", r#"], "condition": {"ip_equal": {"qcs:ip": "10.0.0.0/8"}}}]}"#);
    assert!(help(&bound, "no-upload-limit").starts_with("put `PutObject` into a statement of its own, with what else"));
}

/// What is said of a statement of these actions under a condition.
fn silenced(actions: &str, condition: &str) -> Vec<String> {
    let statement =
        format!(r#"{{"effect": "allow", "action": [{actions}], "resource": "Ra/*", "condition": {condition}}}"#);
    let judged = session(&statement, Profile::Default);
    judged.of("inapplicable-condition-key").iter().map(|finding| finding.message.clone()).collect()
}

#[test]
fn what_a_condition_on_a_body_silences_is_named() {
    const LIMIT: &str =
        r#"{"numeric_less_than_equal": {"cos:content-length": 9}, "string_like": {"cos:content-type": "image/*"}}"#;
    let put = r#""name/cos:PutObject""#;
    assert_eq!(
        silenced(&format!(r#"{put}, "name/cos:GetObject", "name/cos:DeleteObject""#), LIMIT),
        [
            "requests for `DeleteObject` and `GetObject` carry no `cos:content-length`, so this statement never grants them"
        ]
    );
    let acl = r#"{"string_equal": {"cos:x-cos-acl": "private"}}"#;
    assert_eq!(silenced(&format!(r#"{put}, "name/cos:GetObject""#), acl).len(), 1);
    // Of these nothing says that their requests have a body, or the header, and nothing that they have none.
    let open =
        r#""name/cos:InitiateMultipartUpload", "name/cos:CompleteMultipartUpload", "name/cos:DeleteMultipleObjects""#;
    assert_eq!(silenced(&format!("{put}, {open}"), LIMIT), [""; 0]);
    assert_eq!(silenced(&format!(r#"{put}, "name/cos:UploadPart""#), acl), [""; 0]);
    // Which requests name a version or carry a tag is the client's choice, or the object's.
    let version = r#"{"string_equal": {"cos:versionid": "1"}}"#;
    assert_eq!(silenced(&format!(r#"{put}, "name/cos:GetObject""#), version), [""; 0]);
    let passing = r#"{"string_equal_if_exist": {"cos:x-cos-acl": "private"}}"#;
    assert_eq!(silenced(&format!(r#"{put}, "name/cos:GetObject""#), passing), [""; 0]);
}
