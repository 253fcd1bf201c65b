//! What OSS policies are lowered to.

use super::*;
use crate::policy::{HoleRole, PrincipalKind, Resource};
use crate::syntax::parse;
use crate::text::Source;

/// Lower a policy and look at it.
fn with(text: &str, look: impl FnOnce(&Policy<'_>)) {
    let source = Source::new("x", text).unwrap();
    let (fragment, tree) = (Fragment::whole(&source), parse(source.text()));
    let value = tree.roots().next().unwrap();
    let candidate =
        Candidate { value, form: super::super::Form::Policy, request: None, pointer: String::new(), document: None };
    look(&Oss.lower(&fragment, &candidate, &Owners::default()));
}

fn with_resource(text: &str, look: impl FnOnce(&Resource<'_>, &[Problem<'_>])) {
    let policy =
        format!(r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"oss:GetObject","Resource":"{text}"}}]}}"#);
    with(&policy, |policy| look(&policy.statements[0].resources.patterns[0], &policy.problems));
}

#[test]
fn a_resource_is_region_account_and_path() {
    with_resource("acs:oss:cn-hangzhou:1234:examplebucket/u/<Username>/*", |resource, problems| {
        let place = resource.place().unwrap();
        assert_eq!((place.region.text(), place.account.text()), ("cn-hangzhou", "1234"));
        assert_eq!((place.bucket(), place.key()), ("examplebucket", Some("u/<Username>/*")));
        assert_eq!(place.path.holes()[0].role, HoleRole::Owner);
        assert_eq!(Oss.account(place), Account::Named("1234".into()));
        assert!(problems.is_empty(), "{problems:?}");
    });
    with_resource("acs:oss:*:*:b?ck/a", |resource, _| {
        let place = resource.place().unwrap();
        assert_eq!((place.slash(), Oss.account(place)), (None, Account::Any));
        assert_eq!(Oss.spell_resource(place, "bock/"), "acs:oss:*:*:bock");
    });
}

#[test]
fn what_is_wrong_with_a_resource_is_told() {
    for (text, words) in [
        ("acs:oss:*:examplebucket/a", "fewer than five parts"),
        ("examplebucket/a", "does not begin with `acs:oss:`"),
        ("acs:oss:*:*:examplebucket.oss-cn-hangzhou.aliyuncs.com/a", "a host name"),
        ("acs:oss:*:*:example_bucket/a", "small letters, digits and hyphens"),
        ("acs:oss:*:*:examplebucket/", "no key"),
        ("acs:oss:*:*:", "is empty"),
        ("acs:oss: *:*:examplebucket/a", "blanks"),
    ] {
        with_resource(text, |_, problems| {
            let [Problem { kind: ProblemKind::MalformedResource { what, .. }, .. }] = problems else {
                panic!("{text}: {problems:?}");
            };
            assert!(what.contains(words), "{text}: {what}");
        });
    }
}

#[test]
fn no_principal_is_everyone() {
    let policy = |principal: &str| {
        format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":"oss:GetObject","Resource":"acs:oss:*:*:examplebucket/*"}}]}}"#
        )
    };
    for (text, kind) in [
        ("[]", PrincipalKind::Anyone),
        (r#"["*"]"#, PrincipalKind::Anyone),
        (r#"["1234567890123456"]"#, PrincipalKind::Identity),
        (r#"["arn:sts::1:assumed-role/r/*"]"#, PrincipalKind::Identity),
        (r#"["somebody"]"#, PrincipalKind::Unknown),
    ] {
        with(&policy(text), |policy| {
            assert_eq!(policy.hint, KindHint::Bucket);
            let principals = policy.statements[0].principals.as_ref().unwrap();
            assert_eq!(principals.list.iter().map(|one| one.kind).collect::<Vec<_>>(), [kind], "{text}");
        });
    }
}

#[test]
fn sites_and_written_policies() {
    let site = |bucket: &str| Site { bucket: Some(bucket.to_owned()), ..Site::default() };
    assert_eq!(Oss.site_fault(&site("examplebucket")), None);
    assert!(Oss.site_fault(&site("Example")).is_some() && Oss.site_fault(&site("b")).is_some());
    let allow = Allow {
        actions: vec!["GetObject"],
        resources: vec![Target::Key("a/*".to_owned()), Target::Bucket],
        prefixes: Vec::new(),
    };
    let written = Oss.write_policy(PolicyKind::Session, &site("examplebucket"), &[allow]);
    let statement = Written::Object(vec![
        ("Effect", Written::Text("Allow".to_owned())),
        ("Action", Written::texts(["oss:GetObject".to_owned()])),
        (
            "Resource",
            Written::texts(["acs:oss:*:*:examplebucket/a/*".to_owned(), "acs:oss:*:*:examplebucket".to_owned()]),
        ),
    ]);
    let version = ("Version", Written::Text("1".to_owned()));
    assert_eq!(written, Written::Object(vec![version, ("Statement", Written::List(vec![statement]))]));
}

#[test]
fn the_catalogue_is_this_ones() {
    assert_eq!((CATALOG.dialect(), CATALOG.service()), ("oss", "oss"));
    assert!(CATALOG.buckets_apart() && CATALOG.find("PutObject").is_some());
}
