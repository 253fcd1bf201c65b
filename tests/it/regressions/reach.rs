//! What went wrong with how far a resource reaches, and with what is said in its place.

use std::sync::Arc;

use grantlint::config::Config;
use grantlint::finding::{PolicyKind, Profile, Severity};
use grantlint::rules::{Facts, Filter};
use grantlint::text::Source;

use super::policy;
use crate::support::Judged;

fn s3(actions: &str, resource: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": {actions}, "Resource": "{resource}"}}]}}"#
    )
}

fn is_high(text: &str, rule: &str) -> bool {
    Judged::session(text, Profile::Default).of(rule).iter().any(|finding| finding.severity == Severity::High)
}

#[test]
fn a_wildcard_before_a_placeholder_reaches_many_buckets() {
    let writes = r#"["s3:PutObject", "s3:DeleteObject"]"#;
    for path in [
        "*{user}",
        "*{user}*",
        "*-{user}",
        "bkt*{user}",
        "bkt?{user}",
        "*${aws:username}",
        "{bucket}*{user}",
        "{user}*",
    ] {
        assert!(is_high(&s3(writes, &format!("arn:aws:s3:::{path}")), "wildcard-resource"), "{path}");
    }
    for path in ["*{user}", "b*{y}"] {
        assert!(is_high(&policy(&[("allow", "PutObject", path)]), "wildcard-resource"), "{path}");
        let oss = format!(
            r#"{{"Version": "1", "Statement": [{{"Effect": "Allow", "Action": "oss:PutObject", "Resource": "acs:oss:*:*:{path}"}}]}}"#
        );
        assert!(is_high(&oss, "wildcard-resource"), "{path}");
    }
    // What the hole holds may be the bucket and more; a user's name has no slash.
    assert!(!is_high(&s3(writes, "arn:aws:s3:::{resource}*"), "wildcard-resource"));
}

#[test]
fn a_wildcard_before_a_placeholder_is_told_beside_a_layout() {
    let config = "[[layout]]\nbucket = \"bkt\"\nkey = \"app/{user}/*\"\nowner = \"user\"\n";
    let config = Config::parse(config, std::path::Path::new("grantlint.toml")).unwrap();
    let facts = Facts { kind: Some(PolicyKind::Session), layouts: Arc::clone(&config.layouts), ..Facts::default() };
    let text = s3(r#""s3:PutObject""#, "arn:aws:s3:::bkt*{user}");
    let judged = Judged::new(Source::new("policy.json", text).unwrap(), &facts, Profile::Default);
    assert_eq!(judged.rules(), ["wildcard-resource"]);
}

#[test]
fn a_policy_variable_has_its_name_in_any_letter_case() {
    let rules = |path: &str| {
        let text = s3(r#""s3:PutObject""#, &format!("arn:aws:s3:::bkt/{path}/*"));
        Judged::session(&text, Profile::Default).rules()
    };
    for path in ["${aws:UserAgent}", "${AWS:UserAgent}", "${Aws:Referer}", "${S3:Prefix}"] {
        assert_eq!(rules(path), ["shared-prefix"], "{path}");
    }
    assert_eq!(rules("${AWS:username}"), rules("${aws:username}"));
    assert_eq!(rules("${AWS::Region}"), [] as [&str; 0], "CloudFormation fills it in");
    assert_eq!(rules("${USERNAME:-nobody}"), [] as [&str; 0], "a shell fills it in");
}

#[test]
fn the_repair_stays_behind_the_access_point() {
    let help = |actions: &str, resource: &str| super::help(&s3(actions, resource), "wildcard-resource");
    let point = "arn:aws:s3:us-east-1:123456789012:accesspoint/ap/object/";
    for action in [r#""s3:GetObject""#, r#""s3:PutObject""#] {
        assert!(help(action, &format!("{point}*")).contains(&format!("`{point}<Username>/*`")), "{action}");
        let of_requester = help(action, "arn:aws:s3:::${aws:UserAgent}/*");
        assert!(of_requester.contains("`arn:aws:s3:::<BucketName>/<Username>/*`"), "{of_requester}");
        let points = help(action, "arn:aws:s3:us-east-1:123456789012:accesspoint/ap*");
        assert!(!points.contains("accesspoint/<Username>"), "{points}");
    }
}

#[test]
fn the_administration_of_a_wildcard_is_told_beside_what_is_written() {
    let text = policy(&[("allow", "PutBucketTagging\", \"name/cos:PutBucket*", "b-1250000000/")])
        .replace("\"action\": ", "\"action\": [")
        .replace("PutBucket*\"", "PutBucket*\"]");
    let said = |ignore: &[&'static str]| {
        let facts = Facts { kind: Some(PolicyKind::Session), ..Facts::default() };
        let filter = Filter { ignore: ignore.iter().copied().collect(), ..Filter::default() };
        let analysed = grantlint::engine::analyse(&Source::new("policy.json", &*text).unwrap(), &facts, &filter);
        let of_rule = analysed.findings.into_iter().filter(|finding| finding.rule.name == "bucket-administration");
        of_rule.map(|finding| finding.message).collect::<Vec<_>>()
    };
    assert_eq!(said(&[]).len(), 1);
    let both = said(&["wildcard-action"]);
    assert!(both.len() == 2 && both.iter().any(|message| message.contains("PutBucketPolicy")), "{both:?}");
}

#[test]
fn many_listed_prefixes_and_delimiters_are_judged_soon() {
    let list = |begin: &str| (0..400).map(|n| format!("\"{begin}{n}\"")).collect::<Vec<_>>().join(", ");
    let tests = format!(r#"{{"s3:prefix": [{}], "s3:delimiter": [{}]}}"#, list("*a"), list("d"));
    let statement = |effect: &str, condition: &str| {
        format!(
            r#"{{"Effect": "{effect}", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::bkt", "Condition": {condition}}}"#
        )
    };
    let allow = statement("Allow", &format!(r#"{{"StringLike": {tests}}}"#));
    let deny = statement("Deny", r#"{"StringLike": {"s3:prefix": "*a*"}}"#);
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{allow}, {deny}]}}"#);
    let judged = Judged::session(&text, Profile::Default);
    assert_eq!(judged.of("unlimited-listing").len(), 1, "beyond what is tried nothing is proven");
}
