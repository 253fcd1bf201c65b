//! What providers may read otherwise than it is judged is never "equal", "narrower" or "yes".
//!
//! Each pair here once got a wrong answer, or is the nearest neighbour of one that did. Where the provider's reading is
//! known the answer is exact; where it is not, there is none.

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
    let source = Source::new("policy.json", policy).unwrap();
    let facts = Facts { kind, ..Facts::default() };
    let question = Question {
        action: action.to_owned(),
        resource: resource.to_owned(),
        principal: principal.map(str::to_owned),
        ..Question::default()
    };
    match decide(&source, &facts, &question) {
        Ok(answered) => match answered.decision {
            Decision::Yes(_) => "yes".to_owned(),
            Decision::No(_) => "no".to_owned(),
            Decision::OnlyIf { .. } => "only if".to_owned(),
            Decision::Unknown { .. } => "unknown".to_owned(),
        },
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
fn an_encoded_prefix_is_read_as_the_provider_encodes_it() {
    let listing = |prefix: &str| {
        let only = format!(r#", "condition": {{"string_like": {{"cos:prefix": "{prefix}"}}}}"#);
        cos(&[statement("allow", "name/cos:GetBucket", &format!("{BUCKET}/*"), &only)])
    };
    assert_eq!(verdict(&listing("app%2Fa%2F*"), &listing("app%2F*")), "wider");
    for odd in ["app%2f*", "app%2*", "app%*", "%E7*"] {
        assert_eq!(verdict(&listing("app%2Fa%2F*"), &listing(odd)), "unknown", "{odd}");
    }
}

#[test]
fn a_variable_is_filled_in_by_versions_that_have_some() {
    let policy = |version: &str| {
        s3(r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}/*"}"#, version)
    };
    assert_eq!(verdict(&policy("2012-10-17"), &policy("2012-10-17")), "equal");
    assert_eq!(verdict(&policy("2012-10-17"), &policy("2008-10-17")), "unknown");
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
fn who_is_who_among_principals() {
    let bucket = Some(PolicyKind::Bucket);
    let one = |effect: &str, principal: &str| {
        format!(
            r#"{{"Effect": "{effect}", "Principal": {principal}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}}"#
        )
    };
    let allow = |principal: &str| s3(&one("Allow", principal), "2012-10-17");
    let aws = |id: &str| format!(r#"{{"AWS": "{id}"}}"#);
    let user = "arn:aws:iam::111122223333:user/alice";
    let role = aws("arn:aws:iam::111122223333:role/team/up");
    // Another spelling of the same account.
    assert_eq!(
        verdict_of(&allow(&aws("111122223333")), &allow(&aws("arn:aws:iam::111122223333:root")), bucket),
        "equal"
    );
    // A role's session is the role's.
    let session = aws("arn:aws:sts::111122223333:assumed-role/up/s");
    assert_eq!(verdict_of(&allow(&role), &allow(&session), bucket), "narrower");
    // Whether an account's user has what the account has is the account's business.
    assert_eq!(verdict_of(&allow(&aws("111122223333")), &allow(&aws(user)), bucket), "unknown");
    assert_eq!(verdict_of(&allow(&aws("444455556666")), &allow(&aws(user)), bucket), "incomparable");
    // Every service is not everyone.
    assert_eq!(verdict_of(&allow(r#"{"Service": "*"}"#), &allow("\"*\""), bucket), "wider");
    assert_eq!(
        verdict_of(&allow(r#"{"Service": "*"}"#), &allow(r#"{"Service": "a.amazonaws.com"}"#), bucket),
        "narrower"
    );
    // Nobody can tell who these are.
    for odd in [aws("${role}"), "\"somebody\"".to_owned(), r#"{"Aws": "111122223333"}"#.to_owned()] {
        assert_eq!(verdict_of(&allow(&odd), &allow(&odd), bucket), "unknown", "{odd}");
    }
    let nobody = s3(r#"{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}"#, "2012-10-17");
    assert_eq!(verdict_of(&nobody, &nobody, bucket), "unknown", "a statement without a principal");
    let denied = s3(&[one("Allow", "\"*\""), one("Deny", &aws("111122223333"))].join(", "), "2012-10-17");
    let ask = |principal: &str| answer(&denied, "GetObject", "b/a", Some(principal), bucket);
    assert_eq!(ask(user), "unknown");
    assert_eq!(ask("arn:aws:iam::444455556666:user/bob"), "yes");
    assert_eq!(ask("arn:aws:iam::111122223333:root"), "no");
}

#[test]
fn callers_whom_two_patterns_fit_are_callers_of_their_own() {
    let one = |effect: &str, principal: &str| {
        format!(
            r#"{{"Effect": "{effect}", "Principal": ["{principal}"], "Action": "oss:GetObject", "Resource": "acs:oss:*:*:b/*"}}"#
        )
    };
    let policy = |statements: &[String]| format!(r#"{{"Version": "1", "Statement": [{}]}}"#, statements.join(", "));
    let allow = one("Allow", "arn:sts::*:assumed-role/up/*");
    let deny = one("Deny", "arn:sts::1:*/*");
    let bucket = Some(PolicyKind::Bucket);
    assert_eq!(
        verdict_of(&policy(&[allow.clone(), deny.clone()]), &policy(std::slice::from_ref(&allow)), bucket),
        "wider"
    );
    assert_eq!(verdict_of(&policy(std::slice::from_ref(&allow)), &policy(&[allow, deny]), bucket), "narrower");
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
fn a_variable_of_a_condition_is_filled_in_by_versions_that_have_some() {
    let policy = |version: &str| {
        let deny = r#"{"Effect": "Deny", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b",
            "Condition": {"StringNotLike": {"s3:prefix": "${aws:username}/*"}}}"#;
        s3(
            &format!(r#"{{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b"}}, {deny}"#),
            version,
        )
    };
    assert_eq!(verdict(&policy("2012-10-17"), &policy("2012-10-17")), "equal");
    assert_eq!(verdict(&policy("2008-10-17"), &policy("2012-10-17")), "unknown");
    let user = |name: &str| {
        s3(
            &format!(r#"{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${{{name}}}/*"}}"#),
            "2012-10-17",
        )
    };
    assert_eq!(verdict(&user("aws:username"), &user("aws:UserName")), "equal", "names of variables in any case");
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
fn whoever_signs_may_do_what_whoever_does_not_may() {
    let bucket = Some(PolicyKind::Bucket);
    let one = |effect: &str, principal: &str| {
        format!(
            r#"{{"Effect": "{effect}", "Principal": {{"qcs": ["{principal}"]}}, "Action": ["name/cos:GetObject"],
             "Resource": ["{BUCKET}/*"]}}"#
        )
    };
    let user = "qcs::cam::uin/100000000001:uin/100000000002";
    let (anyone, unsigned) = ("qcs::cam::anyone:anyone", "qcs::cam::anonymous:anonymous");
    let policy = |statements: &[String]| cos(statements);
    let ask = |policy: &str| answer(policy, "GetObject", "examplebucket-1250000000/a", Some(user), bucket);
    let denied = policy(&[one("allow", user), one("deny", user)]);
    let open = policy(&[one("allow", user), one("deny", anyone)]);
    assert_eq!(verdict_of(&denied, &open, bucket), "wider", "a deny on anyone hits unsigned requests only");
    assert_eq!((ask(&denied), ask(&open)), ("no".to_owned(), "yes".to_owned()));
    assert_eq!(ask(&policy(&[one("allow", unsigned)])), "yes");
    assert_eq!(ask(&policy(&[one("allow", anyone), one("deny", user)])), "yes");
}

#[test]
fn a_caller_may_have_another_name() {
    let bucket = Some(PolicyKind::Bucket);
    let one = |effect: &str, element: &str, principal: &str| {
        format!(
            r#"{{"Effect": "{effect}", "{element}": {principal}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}}"#
        )
    };
    let policy = |statements: &[String]| s3(&statements.join(", "), "2012-10-17");
    let (alice, id) = (r#"{"AWS": "arn:aws:iam::111122223333:user/alice"}"#, r#"{"AWS": "AIDAEXAMPLE"}"#);
    let allow = one("Allow", "Principal", alice);
    let both = policy(&[allow.clone(), one("Deny", "Principal", id)]);
    assert_eq!(verdict_of(&both, &policy(std::slice::from_ref(&allow)), bucket), "unknown");
    let others = policy(&[one("Allow", "Principal", "\"*\""), one("Deny", "NotPrincipal", alice)]);
    let asked = answer(&others, "GetObject", "b/a", Some("arn:aws:iam::111122223333:user/alice"), bucket);
    assert_eq!(asked, "unknown", "the account is not named beside");
    let part = policy(&[one("Deny", "Principal", r#"{"AWS": "arn:aws:iam::111122223333:user/*"}"#)]);
    assert_eq!(verdict_of(&part, &part, bucket), "unknown", "a part of a name is refused");
    assert_eq!(verdict_of(&both, &both, Some(PolicyKind::Session)), "unknown", "no session's policy has principals");
}

#[test]
fn a_role_has_a_number_and_a_name() {
    let bucket = Some(PolicyKind::Bucket);
    let one = |effect: &str, member: &str| {
        format!(
            r#"{{"Effect": "{effect}", "Principal": {{"qcs": ["qcs::cam::uin/100000000001:{member}"]}},
             "Action": ["name/cos:GetObject"], "Resource": ["{BUCKET}/*"]}}"#
        )
    };
    let (number, name, user) = ("role/4611686018427397919", "roleName/up", "uin/100000000002");
    let policy = |statements: &[String]| cos(statements);
    let of = |member: &str| policy(&[one("allow", member)]);
    let ask = |policy: &str, member: &str| {
        let caller = format!("qcs::cam::uin/100000000001:{member}");
        answer(policy, "GetObject", "examplebucket-1250000000/a", Some(&caller), bucket)
    };
    let denied = |member: &str| policy(&[one("allow", name), one("deny", member)]);
    assert_eq!(verdict_of(&denied(number), &of(name), bucket), "unknown", "the deny may be of the same role");
    assert_eq!(ask(&denied(number), name), "unknown");
    assert_eq!(ask(&of(number), name), "unknown");
    assert_eq!(verdict_of(&of(number), &of(name), bucket), "unknown");
    assert_eq!(verdict_of(&of(number), &policy(&[one("allow", number), one("allow", name)]), bucket), "unknown");
    // Nobody else is a role, and a role of one number or name is no other one of such.
    assert_eq!(verdict_of(&denied(user), &of(name), bucket), "equal");
    assert_eq!(ask(&denied(user), name), "yes");
    assert_eq!(ask(&of(user), number), "no");
    assert_eq!(verdict_of(&of("roleName/a"), &of("roleName/b"), bucket), "incomparable");
    assert_eq!(verdict_of(&of(name), &of(name), bucket), "equal");
    assert_eq!(verdict_of(&of(name), &policy(&[one("allow", name), one("allow", user)]), bucket), "wider");
    let other = one("allow", number).replace("uin/100000000001:", "uin/100000000009:");
    assert_eq!(verdict_of(&of(name), &policy(&[other]), bucket), "incomparable", "another account's");
}

#[test]
fn two_keys_of_one_instant_are_not_free_of_each_other() {
    let only = |effect: &str, tests: &str| {
        format!(
            r#"{{"Effect": "{effect}", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": {{{tests}}}}}"#
        )
    };
    let policy = |statements: &[String]| s3(&statements.join(", "), "2012-10-17");
    // The first second of 2026, told in two ways.
    let date = r#""DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}"#;
    let epoch = r#""NumericLessThan": {"aws:EpochTime": "1767225600"}"#;
    let later = r#""NumericGreaterThanEquals": {"aws:EpochTime": "1767225600"}"#;
    let of = |tests: &str| policy(&[only("Allow", tests)]);
    assert_eq!(verdict(&of(date), &of(epoch)), "unknown", "they may be the same, and are");
    let never = of(&format!("{date}, {later}"));
    assert_eq!(verdict(&policy(&[]), &never), "unknown", "nobody can ask then");
    assert_eq!(verdict(&of(date), &never), "unknown", "whether anything is gone hangs on it");
    // Each for itself is exact.
    assert_eq!(verdict(&of(date), &of(date)), "equal");
    assert_eq!(verdict(&never, &never), "equal");
    assert_eq!(verdict(&of(epoch), &of(&epoch.replace("1767225600", "1767225601"))), "wider");
    assert_eq!(verdict(&of(date), &policy(&[only("Allow", date), only("Allow", epoch)])), "unknown");
    let source =
        r#""DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}"#;
    assert_eq!(verdict(&of(source), &of(date)), "wider", "other keys are free");
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
fn a_key_in_another_case_is_the_same_where_the_provider_says_so() {
    let ask = |policy: &str, key: &str| {
        let source = Source::new("policy.json", policy).unwrap();
        let question = Question {
            action: "GetObject".to_owned(),
            resource: "b/a".to_owned(),
            context: vec![(key.to_owned(), "10.0.0.1".to_owned())],
            ..Question::default()
        };
        match decide(&source, &Facts::default(), &question).map(|answered| answered.decision) {
            Ok(Decision::Yes(_)) => "yes",
            Ok(Decision::OnlyIf { .. }) => "only if",
            Ok(_) => "unknown",
            Err(_) => "refused",
        }
    };
    let of_s3 = |key: &str| {
        s3(
            &format!(
                r#"{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
                "Condition": {{"IpAddress": {{"{key}": "10.0.0.0/8"}}}}}}"#
            ),
            "2012-10-17",
        )
    };
    for (written, asked) in [
        ("aws:SourceIp", "aws:SourceIp"),
        ("aws:SourceIp", "AWS:sourceip"),
        ("aws:sourceip", "aws:SourceIP"),
        ("aws:NewKey", "aws:NewKey"),
        ("aws:NewKey", "AWS:newkey"),
    ] {
        assert_eq!(ask(&of_s3(written), asked), "yes", "{written} {asked}");
    }
    assert_eq!(ask(&of_s3("aws:PrincipalTag/Team"), "aws:principaltag/Team"), "yes");
    assert_eq!(ask(&of_s3("aws:PrincipalTag/Team"), "aws:PrincipalTag/team"), "only if", "perhaps another tag");
    let of_oss = |key: &str| {
        format!(
            r#"{{"Version": "1", "Statement": [{{"Effect": "Allow", "Action": "oss:GetObject", "Resource": "acs:oss:*:*:b/*",
            "Condition": {{"IpAddress": {{"{key}": "10.0.0.0/8"}}}}}}]}}"#
        )
    };
    assert_eq!(ask(&of_oss("acs:SourceIp"), "ACS:sourceip"), "yes");
    assert_eq!(ask(&of_oss("acs:sourceip"), "acs:sourceip"), "unknown", "what the policy's key is, nobody says");
    assert_eq!(verdict(&of_oss("acs:sourceip"), &of_oss("acs:SourceIp")), "unknown");
    let only = r#", "condition": {"ip_equal": {"qcs:ip": "10.0.0.0/8"}}"#;
    let of_cos = cos(&[statement("allow", "name/cos:GetObject", "qcs::cos::uid/1250000000:*", only)]);
    assert_eq!(ask(&of_cos, "QCS:ip"), "refused", "documented in small letters alone");
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
fn a_variable_of_any_tag_is_no_plain_text() {
    let allow =
        |path: &str| format!(r#"{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/{path}"}}"#);
    let old = s3(&[allow("*"), allow("red/*").replace("Allow", "Deny")].join(", "), "2012-10-17");
    for name in [
        "${aws:PrincipalTag/a=b}",
        "${aws:PrincipalTag/a+b}",
        "${aws:PrincipalTag/team, 'a+b'}",
        "${aws:username, 'x*'}",
        "${s3:ExistingObjectTag/a&b}",
        "${a=b}",
        "${aws:username",
        "${aws:PrincipalTag/${aws:username}}",
        &format!("${{aws:PrincipalTag/{}}}", "a".repeat(100)),
        &format!("${{aws:PrincipalTag/{}}}", "a".repeat(2000)),
    ] {
        let new = s3(&allow(&format!("{name}/*")), "2012-10-17");
        assert_eq!(verdict(&old, &new), "unknown", "{name}");
        assert_eq!(answer(&new, "GetObject", "b/red/a", None, None), "unknown", "{name}");
    }
    let tagged = s3(&allow("${aws:PrincipalTag/a=b}/*"), "2012-10-17");
    assert_eq!(verdict(&tagged, &tagged), "equal");
    assert_eq!(verdict(&tagged, &s3(&allow("${aws:PrincipalTag/a=b}/x"), "2012-10-17")), "narrower");
}

#[test]
fn an_empty_prefix_may_be_there_or_not() {
    let listing = |values: &str| {
        let only = format!(r#", "condition": {{"string_equal": {{"cos:prefix": {values}}}}}"#);
        cos(&[statement("allow", "name/cos:GetBucket", &format!("{BUCKET}/*"), &only)])
    };
    assert_eq!(verdict(&listing(r#""app%2F""#), &listing(r#"["app%2F", ""]"#)), "unknown");
    assert_eq!(verdict(&listing(r#""app%2F""#), &listing(r#"["app%2F", "b%2F"]"#)), "wider");
    assert_eq!(answer(&listing(r#"["app%2F", ""]"#), "GetBucket", "examplebucket-1250000000/", None, None), "unknown");
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

fn asked_with(policy: &str, kind: Option<PolicyKind>, question: &Question) -> String {
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
fn a_name_in_an_encoded_key_is_encoded() {
    let only = r#", "condition": {"string_like": {"cos:prefix": "app%2F<user>%2F*"}}"#;
    let policy = cos(&[statement("allow", "name/cos:GetBucket", &format!("{BUCKET}/*"), only)]);
    let ask = |name: &str, prefix: &str| {
        let question = Question {
            action: "GetBucket".to_owned(),
            resource: format!("examplebucket-1250000000/{prefix}"),
            holes: vec![("user".to_owned(), name.to_owned())],
            ..Question::default()
        };
        asked_with(&policy, None, &question)
    };
    assert_eq!(ask("\u{5f20}", "app/\u{5f20}/"), "yes");
    assert_eq!(ask("a+b", "app/a+b/"), "yes");
    assert_eq!(ask("alice", "app/alice/"), "yes");
    assert_eq!(ask("\u{5f20}", "app/alice/"), "no");
    assert!(ask(&"a".repeat(1025), "app/a/").contains("longer"));
}

#[test]
fn a_session_has_no_user_name_and_a_tag_has_one_case() {
    let policy = |name: &str| {
        let resource = format!("arn:aws:s3:::b/${{{name}}}/*");
        s3(&format!(r#"{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "{resource}"}}"#), "2012-10-17")
    };
    let ask = |name: &str, kind, key: &str| {
        let question = Question {
            action: "GetObject".to_owned(),
            resource: "b/red/a".to_owned(),
            context: vec![(key.to_owned(), "red".to_owned())],
            ..Question::default()
        };
        asked_with(&policy(name), Some(kind), &question)
    };
    let (user, tag) = ("aws:username", "aws:PrincipalTag/Team");
    assert_eq!(ask(user, PolicyKind::Identity, user), "yes");
    assert!(ask(user, PolicyKind::Session, user).contains("carries no `aws:username`"));
    assert_eq!(ask(tag, PolicyKind::Session, tag), "yes");
    assert_eq!(ask(tag, PolicyKind::Session, "AWS:principaltag/Team"), "yes");
    assert_eq!(ask(tag, PolicyKind::Session, "aws:PrincipalTag/team"), "unknown", "perhaps another tag");
    assert_ne!(verdict(&policy(tag), &policy("aws:PrincipalTag/team")), "equal");
}
