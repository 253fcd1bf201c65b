//! What providers may read otherwise than it is judged is never "equal", "narrower" or "yes".
//!
//! Each pair here once got a wrong answer, or is the nearest neighbour of one that did. Where the provider's reading is
//! known the answer is exact; where it is not, there is none. Callers, placeholders and the values of conditions have modules of their
//! own.

mod callers;
mod holes;
mod values;

use grantlint::engine::{Question, decide, diff};
use grantlint::finding::PolicyKind;
use grantlint::rules::Facts;
use grantlint::semantics::permission::Decision;
use grantlint::text::Source;

const BUCKET: &str = "qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000";

fn verdict_of(old: &str, new: &str, kind: Option<PolicyKind>) -> &'static str {
    let facts = Facts { kind, ..Facts::default() };
    let source = |text: &str| Some(Source::new("policy.json", text).unwrap());
    diff(source(old), source(new), [&facts, &facts]).verdict().word()
}

fn verdict(old: &str, new: &str) -> &'static str {
    verdict_of(old, new, None)
}

fn cos(statements: &[String]) -> String {
    format!(r#"{{"version": "2.0", "statement": [{}]}}"#, statements.join(", "))
}

fn statement(effect: &str, action: &str, resource: &str, more: &str) -> String {
    format!(r#"{{"effect": "{effect}", "action": "{action}", "resource": "{resource}"{more}}}"#)
}

fn allow_all() -> String {
    statement("allow", "name/cos:*", &format!("{BUCKET}/*"), "")
}

/// An allow of everything in a bucket, and one more statement.
fn beside(statement: String) -> String {
    cos(&[allow_all(), statement])
}

fn s3(statements: &str, version: &str) -> String {
    format!(r#"{{"Version": "{version}", "Statement": [{statements}]}}"#)
}

fn answer(policy: &str, action: &str, resource: &str, principal: Option<&str>, kind: Option<PolicyKind>) -> String {
    let question = Question {
        action: action.to_owned(),
        resource: resource.to_owned(),
        principal: principal.map(str::to_owned),
        ..Question::default()
    };
    answer_to(policy, kind, &question)
}

fn answer_to(policy: &str, kind: Option<PolicyKind>, question: &Question) -> String {
    let source = Source::new("policy.json", policy).unwrap();
    match decide(&source, &Facts { kind, ..Facts::default() }, question).map(|answered| answered.decision) {
        Ok(Decision::Yes(_)) => "yes".to_owned(),
        Ok(Decision::No(_)) => "no".to_owned(),
        Ok(Decision::OnlyIf { .. }) => "only if".to_owned(),
        Ok(Decision::Unknown { .. }) => "unknown".to_owned(),
        Err(trouble) => trouble.message,
    }
}

#[test]
fn a_deny_that_the_provider_may_pass_over_is_none() {
    let deny =
        |effect: &str, action: &str, resource: &str, more: &str| beside(statement(effect, action, resource, more));
    let (action, resource) = ("name/cos:DeleteObject", &*format!("{BUCKET}/*"));
    let old = deny("deny", action, resource, "");
    assert_eq!(verdict(&old, &cos(&[allow_all()])), "wider", "the deny counts");
    for (new, what) in [
        (deny("{effect}", action, resource, ""), "a placeholder for the effect"),
        (deny("deny", "name/cos:deleteobject", resource, ""), "an action in another case"),
        (deny("deny", "name/cos:deleteo*", resource, ""), "a wildcard in another case"),
        (deny("deny", " *", resource, ""), "a blank before a wildcard"),
        (deny("deny", action, " *", ""), "a blank before a resource"),
        (deny("deny", action, &format!("{resource} "), ""), "a blank behind a resource"),
        (deny("deny", action, &resource.replace("qcs::cos", "qcs:0:cos"), ""), "a second part"),
        (
            deny("deny", action, resource, r#", "conditions": {"ip_equal": {"qcs:ip": "10.0.0.0/8"}}"#),
            "an element misspelled",
        ),
        (deny("deny", action, resource, r#", "Effect": "allow""#), "an effect twice, in two cases"),
        (deny("deny", action, resource, r#", "eFFect": "deny""#), "an odd case"),
        (deny("deny", action, resource, "").replace("\"2.0\"", "\"2.1\""), "a version"),
        (deny("deny", action, &format!("{BUCKET}/${{uin}}/*"), ""), "a variable that is not filled in"),
    ] {
        assert_eq!(verdict(&old, &new), "unknown", "{what}");
    }
}

#[test]
fn a_placeholder_may_be_what_a_resource_leaves_out() {
    let allow = |element: &str, resource: &str| {
        s3(&format!(r#"{{"Effect": "Allow", "Action": "s3:GetObject", "{element}": "{resource}"}}"#), "2012-10-17")
    };
    let all_but = |key: &str| allow("NotResource", &format!("arn:aws:s3:::b/{key}"));
    let only = |key: &str| allow("Resource", &format!("arn:aws:s3:::b/{key}"));
    let user = "${aws:username}/*";
    assert_eq!(verdict(&all_but(user), &all_but(user)), "equal");
    assert_eq!(verdict(&all_but(user), &only("alice/*")), "unknown");
    assert_eq!(verdict(&all_but("alice/*"), &only(user)), "unknown");
    assert_eq!(verdict(&all_but("alice/*"), &only("bob/*")), "narrower");
    assert_eq!(verdict(&all_but("alice/*"), &only("alice/*")), "incomparable");
    assert_eq!(answer(&all_but(user), "GetObject", "b/alice/a", None, None), "unknown");
    assert_eq!(answer(&all_but("alice/*"), "GetObject", "b/bob/a", None, None), "yes");
}

#[test]
fn the_account_of_a_resource_that_names_none_is_one_account() {
    let of = |resource: &str| cos(&[statement("allow", "name/cos:GetObject", resource, "")]);
    let own = of("qcs::cos:ap-guangzhou::bucket/*");
    assert_eq!(verdict(&own, &own), "equal");
    assert_eq!(verdict(&own, &of("qcs::cos:ap-guangzhou:uid/*:bucket/*")), "wider");
    assert_eq!(verdict(&of("qcs::cos:ap-guangzhou:uid/*:bucket/*"), &own), "narrower");
    // Two numbers of what may be one account.
    let allow = statement("allow", "name/cos:GetObject", "qcs::cos:ap-guangzhou:uid/1250000000:*", "");
    let deny = statement("deny", "name/cos:GetObject", "qcs::cos:ap-guangzhou:uin/100000000001:*", "");
    assert_eq!(verdict(&cos(&[allow.clone(), deny]), &cos(&[allow])), "unknown");
    // The old form tells it between the slashes.
    let legacy = of("qcs::cos:ap-guangzhou::prefix//1250000000/*");
    assert_eq!(verdict(&legacy, &of("qcs::cos:ap-guangzhou:uid/1250000000:*")), "equal");
    assert_eq!(verdict(&legacy, &of("qcs::cos:ap-guangzhou:uid/1250000001:*")), "incomparable");
}

#[test]
fn a_short_resource_lies_where_its_name_and_the_policy_say() {
    let allow = |resource: &str| statement("allow", "name/cos:GetObject", resource, "");
    let deny = |resource: &str| statement("deny", "name/cos:GetObject", resource, "");
    let ask = |statements: &[String]| answer(&cos(statements), "GetObject", "b-1250000000/a", None, None);
    assert_eq!(ask(&[allow("qcs::cos:ap-beijing:uid/1250000001:*")]), "no", "another account's buckets");
    assert_eq!(ask(&[allow("qcs::cos:ap-beijing:uid/1250000000:*")]), "yes");
    let everywhere = allow("qcs::cos:*:uid/1250000000:b-1250000000/*");
    let in_beijing = |key: &str| format!("qcs::cos:ap-beijing:uid/1250000000:b-1250000000/{key}");
    assert!(ask(&[everywhere.clone(), deny(&in_beijing("*"))]).starts_with("the answer differs between"));
    assert_eq!(ask(&[everywhere.clone(), allow(&in_beijing("*"))]), "yes");
    assert_eq!(ask(&[everywhere, deny(&in_beijing("other"))]), "yes");
    assert_eq!(ask(&[allow(&in_beijing("*")), deny("qcs::cos:ap-shanghai:uid/1250000000:*")]), "yes");
}

#[test]
fn two_policies_at_one_place_are_not_compared() {
    let two = |first: &str, second: &str| format!(r#"{{"a": {first}, "a": {second}}}"#);
    let (narrow, wide) =
        (cos(&[statement("allow", "name/cos:GetObject", &format!("{BUCKET}/a"), "")]), cos(&[allow_all()]));
    assert_eq!(verdict(&two(&narrow, &narrow), &two(&wide, &narrow)), "unknown");
}

/// Counted costs, not clocks, end a question; these took minutes when every question had a budget of its own.
#[test]
fn policies_made_to_be_slow_end_undecided() {
    let patterns = |at: usize| (0..10).map(|n| format!("\"*{at}*{n}?*\"")).collect::<Vec<_>>().join(", ");
    let listing = |at: usize| {
        let only = format!(r#", "Condition": {{"StringNotLike": {{"s3:prefix": [{}]}}}}"#, patterns(at));
        format!(r#"{{"Effect": "Deny", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b"{only}}}"#)
    };
    let allow = r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#.to_owned();
    let prefixes = |from: usize| {
        let all: Vec<String> = std::iter::once(allow.clone()).chain((from..from + 10).map(listing)).collect();
        s3(&all.join(", "), "2012-10-17")
    };
    let but = |at: usize| {
        let keys: Vec<String> = (0..30).map(|n| format!("\"arn:aws:s3:::b/*{}*\"", at * 7 + n)).collect();
        format!(r#"{{"Effect": "Deny", "Action": "s3:GetObject", "NotResource": [{}]}}"#, keys.join(", "))
    };
    let gaps = |from: usize| {
        let all: Vec<String> = std::iter::once(allow.clone()).chain((from..from + 20).map(but)).collect();
        s3(&all.join(", "), "2012-10-17")
    };
    let began = std::time::Instant::now();
    assert_eq!(verdict(&prefixes(0), &prefixes(1)), "unknown");
    assert_ne!(verdict(&gaps(0), &gaps(1)), "equal");
    // Far more than it takes, far less than it took.
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}

#[test]
fn what_only_some_documents_have_is_not_relied_on() {
    let oss = |statements: &str| format!(r#"{{"Version": "1", "Statement": [{statements}]}}"#);
    let deny = |condition: &str| {
        oss(&format!(
            r#"{{"Effect": "Allow", "Action": "oss:*", "Resource": "*"}},
               {{"Effect": "Deny", "Action": "oss:*", "Resource": "*", "Condition": {condition}}}"#
        ))
    };
    let known = deny(r#"{"StringEquals": {"acs:UserAgent": "x"}}"#);
    assert_eq!(verdict(&known, &known), "equal");
    assert_eq!(verdict(&known, &deny(r#"{"StringEqualsIfExists": {"acs:UserAgent": "x"}}"#)), "unknown");
    let object = |key: &str| {
        oss(&format!(r#"{{"Effect": "Allow", "Action": "oss:GetObject", "Resource": "acs:oss:*:*:b/{key}"}}"#))
    };
    assert_eq!(verdict(&object("a?"), &object("ab")), "unknown", "`?` is documented for StringLike only");
    assert_eq!(answer(&object("a?"), "GetObject", "b/ab", None, None), "unknown");
    let like = |value: &str| {
        let only = format!(r#", "condition": {{"string_like": {{"cos:content-type": "{value}"}}}}"#);
        cos(&[statement("allow", "name/cos:PutObject", &format!("{BUCKET}/a"), &only)])
    };
    assert_eq!(verdict(&like("image/*"), &like("*")), "wider");
    assert_eq!(verdict(&like("im*ge/*"), &like("image/*")), "unknown", "`*` is documented for the ends only");
}

#[test]
fn a_wildcard_for_the_service_reaches_it_or_is_not_decided() {
    let allow = |action: &str, resource: &str| {
        format!(r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "{resource}"}}"#)
    };
    let deny = |action: &str, resource: &str| allow(action, resource).replace("Allow", "Deny");
    let of_s3 = |resource: &str| s3(&allow("s3:GetObject", resource), "2012-10-17");
    let but = |resource: &str| {
        s3(&[allow("s3:GetObject", "arn:aws:s3:::b/*"), deny("s3:*", resource)].join(", "), "2012-10-17")
    };
    // A part between colons may have wildcards, but for the service.
    assert_eq!(verdict(&of_s3("arn:aws:s3:::b/*"), &of_s3("arn:*:s3:::b/*")), "wider");
    assert_eq!(verdict(&of_s3("arn:*:s3:::b/*"), &of_s3("arn:aws:s3:::b/*")), "narrower");
    for service in ["*", "s*", "?3", "S?", "s3*"] {
        let wild = format!("arn:aws:{service}:::b/*");
        assert_eq!(verdict(&of_s3("arn:aws:s3:::b/*"), &of_s3(&wild)), "unknown", "{wild}");
        assert_eq!(verdict(&but(&wild), &but("arn:aws:s3:::other/*")), "unknown", "{wild}");
        assert_eq!(answer(&of_s3(&wild), "GetObject", "b/a", None, None), "unknown", "{wild}");
    }
    // Another service stays one.
    assert_eq!(answer(&but("arn:aws:e?2:::b/*"), "GetObject", "b/a", None, None), "yes");
    let oss = |resource: &str| format!(r#"{{"Version": "1", "Statement": [{}]}}"#, allow("oss:GetObject", resource));
    assert_eq!(verdict(&oss("acs:oss:*:*:b/*"), &oss("acs:*:*:*:b/*")), "equal");
    assert_eq!(verdict(&oss("acs:oss:*:*:b/*"), &oss("acs:o*:*:*:b/*")), "unknown");
    let of_cos = |resource: &str| cos(&[statement("allow", "name/cos:GetObject", resource, "")]);
    let wild = |service: &str| of_cos(&format!("{BUCKET}/*").replace(":cos:", &format!(":{service}:")));
    assert_eq!(verdict(&wild("cos"), &wild("*")), "equal");
    assert_eq!(verdict(&wild("cos"), &wild("")), "equal");
    assert_eq!(verdict(&wild("cos"), &wild("c*")), "unknown");
    assert_eq!(verdict(&wild("cos"), &wild("?os")), "unknown");
    assert_eq!(verdict(&wild("cos"), &wild("cvm*")), "narrower");
}

#[test]
fn tests_of_a_form_that_cannot_be_read_are_not_alike() {
    let form = |test: &str| {
        format!(
            r#"{{"expiration": "2030-01-01T00:00:00.000Z", "conditions": [{{"bucket": "b"}}, {{"x-amz-date": "d"}}, {test}]}}"#
        )
    };
    for (old, new) in [
        (r#"["in", "$key", ["a"]]"#, r#"["in", "$key", ["a", "b"]]"#),
        (r#"["starts-with", "$key", "u/${filename}"]"#, r#"["starts-with", "$key", "u/"]"#),
        (r#"["starts-with", "key", "u/"]"#, r#"["starts-with", "$key", "u/"]"#),
    ] {
        assert_eq!(verdict(&form(old), &form(new)), "unknown", "{old}");
    }
}

#[test]
fn a_path_of_many_wildcards_is_given_up() {
    let ask = |path: &str| {
        s3(
            &format!(r#"{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::{path}"}}"#),
            "2012-10-17",
        )
    };
    let marks = "?".repeat(1400);
    let began = std::time::Instant::now();
    assert_eq!(verdict(&ask(&marks), &ask(&format!("{}*", &marks[1..]))), "unknown");
    assert!(began.elapsed().as_secs() < 30, "{:?}", began.elapsed());
}

#[test]
fn a_placeholder_for_the_service_may_be_any() {
    let of = |effect: &str, resource: &str| {
        format!(r#"{{"Effect": "{effect}", "Action": "s3:GetObject", "Resource": "{resource}"}}"#)
    };
    let allow = s3(&of("Allow", "arn:aws:s3:::b/*"), "2012-10-17");
    for service in ["<svc>", "${svc}", ""] {
        let resource = format!("arn:aws:{service}:::b/*");
        let denied = s3(&[of("Allow", "arn:aws:s3:::b/*"), of("Deny", &resource)].join(", "), "2012-10-17");
        assert_eq!(verdict(&allow, &denied), "unknown", "{resource}");
        assert_eq!(answer(&denied, "GetObject", "b/a", None, None), "unknown", "{resource}");
        assert_eq!(answer(&s3(&of("Allow", &resource), "2012-10-17"), "GetObject", "b/a", None, None), "unknown");
    }
    let of_cos =
        cos(&[statement("allow", "name/cos:GetObject", &format!("{BUCKET}/*").replace(":cos:", ":<svc>:"), "")]);
    assert_eq!(verdict(&of_cos, &cos(&[allow_all()])), "unknown");
}

#[test]
fn what_a_form_says_of_the_answer_is_compared() {
    let form = |test: &str| {
        format!(
            r#"{{"expiration": "2030-01-01T00:00:00.000Z", "conditions": [{{"bucket": "b"}}, {{"x-amz-date": "d"}},
            ["starts-with", "$key", "u/"], {test}]}}"#
        )
    };
    for field in ["success_action_redirect", "redirect", "success_action_status"] {
        let exact = form(&format!(r#"{{"{field}": "https://a/"}}"#));
        let any = form(&format!(r#"["starts-with", "${field}", ""]"#));
        assert_eq!(verdict(&exact, &any), "wider", "{field}");
        assert_eq!(verdict(&any, &exact), "narrower", "{field}");
        assert_eq!(verdict(&exact, &exact), "equal", "{field}");
    }
}

#[test]
fn an_example_of_a_bucket_has_no_account() {
    let one = |element: &str, path: &str| {
        format!(r#"{{"Effect": "Allow", "Action": "s3:GetObject", "{element}": "arn:aws:s3:::bkt/{path}"}}"#)
    };
    let old = s3(&one("Resource", "b"), "2012-10-17");
    let new = s3(&[one("Resource", "b"), one("NotResource", "?*b?")].join(", "), "2012-10-17");
    let source = |text: &str| Some(Source::new("policy.json", text).unwrap());
    let facts = Facts::default();
    let compared = format!("{:?}", diff(source(&old), source(&new), [&facts, &facts]));
    assert!(compared.contains("arn:aws:s3:::") && !compared.contains("arn:aws:s3:example"), "{compared}");
}
