//! What went wrong once, in its smallest form.
//!
//! An ignored test is a fault that is known and not mended yet; its reason says what is wrong.

mod conditions;
mod denies;
mod findings;
mod reach;
mod readers;
mod unread;
mod uploads;

use grantlint::finding::{Finding, PolicyKind, Profile};
use grantlint::rules::Facts;
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

/// The fingerprints of a rule's findings.
fn names(text: &str, rule: &str) -> Vec<String> {
    let judged = Judged::session(text, Profile::Audit);
    judged.of(rule).iter().map(|finding: &&Finding| finding.fingerprint.to_string()).collect()
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

/// The help of a rule's only finding.
fn help(text: &str, rule: &str) -> String {
    let judged = Judged::session(text, Profile::Audit);
    assert_eq!(judged.of(rule).len(), 1, "{:?}", judged.shown());
    judged.of(rule)[0].help.clone().unwrap()
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
fn each_listed_bucket_is_reported() {
    let text = r#"{"effect": "allow", "action": "cos:GetBucket", "resource": ["R", "qcs::cos::uid/1250000000:b-1250000000/"]}"#;
    assert_eq!(session(text, Profile::Default).of("unlimited-listing").len(), 2);
}

/// The rules that speak of one action of a session policy for S3 on this path.
fn said_of_s3(action: &str, path: &str) -> Vec<&'static str> {
    let text = format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "s3:{action}", "Resource": "arn:aws:s3:{path}"}}]}}"#
    );
    Judged::session(&text, Profile::Default).rules()
}

#[test]
fn a_key_of_wildcards_only_is_a_whole_bucket() {
    for key in ["?*", "*?", "??*", "**", "${aws:UserAgent}", "${aws:UserAgent}*"] {
        assert_eq!(said_of_s3("GetObject", &format!("::bkt/{key}")), ["wildcard-resource"], "{key}");
    }
    assert_eq!(said_of_s3("GetObject", "::bkt/???"), [] as [&str; 0], "keys of one length");
    let point = "us-east-1:123456789012:accesspoint";
    for keys in ["ap/object/*", "ap/*", "*/object/*", "*"] {
        assert_eq!(said_of_s3("GetObject", &format!("{point}/{keys}")), ["wildcard-resource"], "{keys}");
    }
    assert_eq!(said_of_s3("GetObject", &format!("{point}/ap/object/app/*")), [] as [&str; 0]);
    assert_eq!(said_of_s3("PutObject", &format!("{point}/ap/object/app/*")), ["shared-prefix"]);
    assert_eq!(said_of_s3("PutObject", &format!("{point}/ap/object/${{aws:userid}}/*")), [] as [&str; 0]);
    // In COS it is a letter.
    let cos = r#"{"effect": "allow", "action": "cos:GetObject", "resource": "R?*"}"#;
    assert_eq!(said(cos), [] as [&str; 0]);
}

#[test]
fn a_variable_that_many_share_or_a_requester_chooses_is_no_owner() {
    for variable in ["aws:UserAgent", "aws:RequestTag/user", "aws:PrincipalOrgID", "aws:username, 'x'", "s3:x-amz-acl"]
    {
        assert_eq!(said_of_s3("PutObject", &format!("::bkt/app/${{{variable}}}/*")), ["shared-prefix"], "{variable}");
    }
    let in_bucket = said_of_s3("PutObject", "::${aws:UserAgent}/*");
    assert_eq!(in_bucket, ["wildcard-resource"]);
    assert_eq!(said_of_s3("PutObject", "::bkt/${aws:userid}/${aws:UserAgent}"), [] as [&str; 0]);
}

#[test]
fn a_hole_named_for_a_kind_or_a_group_is_no_owner_for_certain() {
    let default = |hole: &str| {
        said(&format!(r#"{{"effect": "allow", "action": "cos:PutObject", "resource": "Rapp/{{{hole}}}/*"}}"#))
    };
    // A sort of things is nobody's; a group's folder may be meant.
    for hole in ["userType", "deviceType", "memberLevelId", "user-role", "accountTier", "fileType"] {
        assert_eq!(default(hole), ["shared-prefix"], "{hole}");
    }
    for hole in ["user_group", "ownerBucket", "userAgent", "userPool", "team", "projectId"] {
        let text = format!(r#"{{"effect": "allow", "action": "cos:PutObject", "resource": "Rapp/{{{hole}}}/*"}}"#);
        let judged = session(&text, Profile::Audit);
        let [told] = judged.of("shared-prefix")[..] else { panic!("{hole}: {:?}", judged.shown()) };
        let shared =
            format!("`PutObject` allowed on what all of one kind or group share: `{{{hole}}}` names no one user");
        assert_eq!((&*told.message, default(hole)), (&*shared, vec![]), "{hole}");
    }
    for hole in ["role", "tier", "prefix", "sectionId"] {
        assert_eq!(default(hole), [] as [&str; 0], "{hole}: it may be anybody's");
    }
    for hole in ["userId", "user", "openid", "user_name", "accountUserId", "userAvatar"] {
        let text = format!(r#"{{"effect": "allow", "action": "cos:PutObject", "resource": "Rapp/{{{hole}}}/*"}}"#);
        assert!(session(&text, Profile::Audit).of("shared-prefix").is_empty(), "{hole}");
    }
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
fn a_wildcard_is_covered_by_a_wildcard_only() {
    let cancelled = r#"{"effect": "allow", "action": "cos:HeadB*", "resource": "R"}, {"effect": "deny", "action": "cos:HeadBucket", "resource": "R"}"#;
    assert_eq!(session(cancelled, Profile::Audit).of("cancelled-grant").len(), 0);
    let listed = r#"{"effect": "allow", "action": ["cos:HeadBucket", "cos:HeadObject"], "resource": "R*"}, {"effect": "allow", "action": "cos:Head*", "resource": "R*"}"#;
    let judged = session(listed, Profile::Strict);
    assert_eq!(judged.of("redundant-grant")[0].message, "statement 2 already grants all of statement 1");
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
fn a_wildcard_for_uploads_is_one_finding() {
    let judged = session(r#"{"effect": "allow", "action": "cos:Put*", "resource": "Rapp/a.jpg"}"#, Profile::Audit);
    assert_eq!(judged.rules(), ["wildcard-action"]);
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
