//! What S3 policies are lowered to.

use super::*;
use crate::policy::{Base, HoleOrigin, HoleRole, ProblemKind, Resource, ResourceKind};
use crate::syntax::parse;
use crate::text::Source;

/// Lower a policy and look at it.
fn with(text: &str, look: impl FnOnce(&Policy<'_>)) {
    let source = Source::new("x", text).unwrap();
    let (fragment, tree) = (Fragment::whole(&source), parse(source.text()));
    let value = tree.roots().next().unwrap();
    let candidate =
        Candidate { value, form: super::super::Form::Policy, request: None, pointer: String::new(), document: None };
    look(&S3.lower(&fragment, &candidate, &Owners::default()));
}

fn with_resource(text: &str, look: impl FnOnce(&Resource<'_>, &Policy<'_>)) {
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"s3:GetObject","Resource":"{text}"}}]}}"#
    );
    with(&policy, |policy| look(&policy.statements[0].resources.patterns[0], policy));
}

#[test]
fn a_resource_is_partition_account_and_path() {
    with_resource("arn:aws-cn:s3:::examplebucket/home/${aws:username}/*", |resource, policy| {
        let place = resource.place().unwrap();
        assert_eq!((place.region.text(), place.account.text()), ("aws-cn", ":"));
        assert_eq!((place.bucket(), place.key()), ("examplebucket", Some("home/${aws:username}/*")));
        let hole = &place.path.holes()[0];
        assert_eq!((hole.role, hole.origin), (HoleRole::Owner, HoleOrigin::Service));
        assert!(policy.problems.is_empty(), "{:?}", policy.problems);
        assert_eq!(S3.spell_resource(place, "examplebucket/"), "arn:aws-cn:s3:::examplebucket");
        let read = S3.read_resource("arn:aws-cn:s3:::examplebucket/a:b").unwrap();
        assert_eq!(read, ["aws-cn", ":", "examplebucket/a:b"]);
    });
    with_resource("arn:aws:s3:::examplebucket/${aws:PrincipalTag/user}/${s3:prefix}/<Username>", |resource, _| {
        let place = resource.place().unwrap();
        let holes: Vec<_> = place.path.holes().iter().map(|hole| (hole.role, hole.origin)).collect();
        assert_eq!(
            holes,
            [
                (HoleRole::Owner, HoleOrigin::Service),
                (HoleRole::Chosen, HoleOrigin::Service),
                (HoleRole::Owner, HoleOrigin::Template)
            ]
        );
    });
    with_resource("arn:aws:dynamodb:::table/x", |resource, _| {
        assert!(matches!(resource.kind, ResourceKind::OtherService));
    });
}

#[test]
fn the_keys_of_an_access_point_stand_behind_its_name() {
    for (path, from) in [
        ("ap/object/*", Some("*")),
        ("ap/object/app/*", Some("app/*")),
        ("ap/object/", Some("")),
        ("ap/*", Some("*")),
        ("*/object/*", None),
        ("a?/object/*", None),
        ("*", None),
    ] {
        with_resource(&format!("arn:aws:s3:us-east-1:123456789012:accesspoint/{path}"), |resource, _| {
            let place = resource.place().unwrap();
            let from_text = S3.keys_from(place).and_then(|from| place.path.text().get(from as usize..));
            assert_eq!(from_text, from, "{path}");
        });
    }
    with_resource("arn:aws:s3:::accesspoint/ap/object/*", |bucket, _| {
        assert_eq!(S3.keys_from(bucket.place().unwrap()), Some(12), "a bucket may have this name");
    });
}

#[test]
fn a_resource_of_an_access_point_has_the_word_before_its_keys() {
    for (own, path, spelled) in [
        ("ap/*", "ap/<Username>/*", "ap/object/<Username>/*"),
        ("ap/*", "ap/someone/a.jpg", "ap/object/someone/a.jpg"),
        ("ap/obj*", "ap/objsomeone/a.jpg", "ap/object/someone/a.jpg"),
        ("ap/*", "ap/*", "ap/*"),
        ("ap/object/*", "ap/object/a", "ap/object/a"),
        ("ap/other/*", "ap/other/a", "ap/other/a"),
    ] {
        let [own, path, spelled] =
            [own, path, spelled].map(|text| format!("arn:aws:s3:us-east-1:123456789012:accesspoint/{text}"));
        with_resource(&own, |resource, _| {
            let path = path.rsplit(':').next().unwrap();
            assert_eq!(S3.spell_resource(resource.place().unwrap(), path), spelled);
        });
    }
}

#[test]
fn what_a_variable_stands_for() {
    for (variable, role) in [
        ("aws:userid", HoleRole::Owner),
        ("aws:USERNAME", HoleRole::Owner),
        ("aws:PrincipalTag/user", HoleRole::Owner),
        ("aws:PrincipalTag/team", HoleRole::Unknown),
        ("aws:PrincipalTag/access-project", HoleRole::Unknown),
        ("aws:SourceIp", HoleRole::Path),
        ("aws:TokenIssueTime", HoleRole::Path),
        ("aws:PrincipalArn", HoleRole::Unknown),
        ("cognito-identity.amazonaws.com:sub", HoleRole::Owner),
        ("graph.facebook.com:id", HoleRole::Owner),
        ("aws:userid, 'x'", HoleRole::Owner),
        ("aws:username, 'x'", HoleRole::Path),
        ("aws:PrincipalTag/user, 'x'", HoleRole::Unknown),
        ("aws:PrincipalAccount", HoleRole::Path),
        ("aws:PrincipalOrgID", HoleRole::Path),
        ("aws:RequestedRegion", HoleRole::Path),
        ("aws:CurrentTime", HoleRole::Path),
        ("aws:PrincipalType", HoleRole::Path),
        ("s3:x-amz-acl", HoleRole::Path),
        ("cognito-identity.amazonaws.com:aud", HoleRole::Path),
        ("aws:UserAgent", HoleRole::Chosen),
        ("aws:Referer", HoleRole::Chosen),
        ("s3:prefix", HoleRole::Chosen),
        ("aws:RequestTag/user", HoleRole::Chosen),
        ("s3:RequestObjectTag/user", HoleRole::Chosen),
        ("saml:iss", HoleRole::Unknown),
    ] {
        with_resource(&format!("arn:aws:s3:::examplebucket/${{{variable}}}/*"), |resource, _| {
            assert_eq!(resource.place().unwrap().path.holes()[0].role, role, "{variable}");
        });
    }
}

#[test]
fn what_is_wrong_with_a_resource_is_told() {
    for (text, words) in [
        ("arn:aws:s3:examplebucket/a", "fewer than six parts"),
        ("examplebucket/a", "does not begin with `arn:`"),
        ("arn:aws:s3:us-east-1:123456789012:examplebucket/a", "neither region nor account"),
        ("arn:aliyun:s3:::examplebucket/a", "no partition"),
        ("arn:aws:s3:::examplebucket.s3.amazonaws.com/a", "a host name"),
        ("arn:aws:s3:::examplebucket/", "no key"),
        ("arn:aws:S3:::examplebucket/a", "written `s3`"),
    ] {
        with_resource(text, |_, policy| {
            let [first, ..] = policy.problems.as_slice() else { panic!("{text} has no problem") };
            let ProblemKind::MalformedResource { what, .. } = &first.kind else { panic!("{text}: {first:?}") };
            assert!(what.contains(words), "{text}: {what}");
        });
    }
    with_resource("arn:aws:s3:us-east-1:123456789012:accesspoint/p/object/a", |_, policy| {
        assert!(policy.problems.is_empty(), "{:?}", policy.problems);
    });
    with_resource("arn:aws:s3:::examplebucket/${*}/a", |_, policy| assert_eq!(policy.unjudged.len(), 1));
}

#[test]
fn condition_keys_are_the_same_in_any_letter_case() {
    let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*",
        "Condition":{"ArnLike":{"AWS:sourcearn":"arn:aws:sns:*:1:x"},
                     "ForAllValues:StringNotEqualsIfExists":{"S3:existingobjecttag/Team":"a"},
                     "ArnEquals":{"X:Y":"arn:aws:iam::1:root"}}}]}"#;
    with(text, |policy| {
        let told: Vec<_> = policy.statements[0]
            .conditions
            .iter()
            .map(|c| (&*c.key, c.operator.base, c.operator.negated, c.operator.if_exists))
            .collect();
        assert_eq!(
            told,
            [
                ("aws:SourceArn", Base::Unknown, false, false),
                ("s3:ExistingObjectTag/Team", Base::StringEqual, true, true),
                ("x:y", Base::StringEqual, false, false),
            ]
        );
        assert!(policy.problems.is_empty(), "{:?}", policy.problems);
    });
}

#[test]
fn an_element_and_its_negation_are_not_judged() {
    let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","NotAction":"s3:*","Resource":"*"}]}"#;
    with(text, |policy| assert_eq!(policy.unjudged.len(), 1));
}

#[test]
fn the_catalogue_is_this_ones() {
    assert_eq!((CATALOG.dialect(), CATALOG.service()), ("s3", "s3"));
    assert!(CATALOG.buckets_apart() && CATALOG.find("PutObject").is_some());
    assert_eq!(CATALOG.regions(), PARTITIONS);
}
