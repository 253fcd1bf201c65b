//! Whom a statement speaks of, where one caller may have several names.

use grantlint::finding::PolicyKind;

use super::{BUCKET, answer, cos, s3, verdict_of};

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
