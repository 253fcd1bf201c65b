//! The same policy in the languages of three providers: told by its words, and judged alike.

use std::path::Path;

use grantlint::config::Config;
use grantlint::engine::{FileDiff, Question, analyse, decide, diff};
use grantlint::finding::{PolicyKind, Profile, Severity};
use grantlint::rules::{Facts, Filter};
use grantlint::semantics::permission::{Decision, Verdict};
use grantlint::text::Source;

use super::support::{Fixture, Judged, fixtures, nothing_wrong};

fn source(text: &str) -> Source {
    Source::new("policy.json", text).unwrap()
}

fn facts(kind: PolicyKind) -> Facts {
    Facts { kind: Some(kind), ..Facts::default() }
}

fn judged(kind: PolicyKind, text: &str) -> Judged {
    Judged::new(source(text), &facts(kind), Profile::Default)
}

fn dialect(text: &str) -> Option<&'static str> {
    let analysed = analyse(&source(text), &Facts::default(), &Filter::default());
    analysed.policies.first().map(|policy| policy.dialect)
}

fn example(folder: &str, name: &str) -> Fixture {
    fixtures(folder).into_iter().find(|fixture| fixture.name == name).unwrap()
}

/// A policy of S3 with these statements, each without its braces.
fn s3(statements: &[&str]) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{{{}}}]}}"#, statements.join("},{"))
}

fn difference(old: &str, new: &str) -> FileDiff {
    let facts = facts(PolicyKind::Session);
    diff(Some(source(old)), Some(source(new)), [&facts, &facts])
}

#[track_caller]
fn assert_verdict(old: &str, new: &str, expected: Verdict) {
    let found = difference(old, new);
    let told: Vec<String> = found
        .policies
        .iter()
        .flat_map(|policy| {
            policy.undecided.iter().cloned().chain(policy.added.iter().map(|d| d.witness.resource.clone()))
        })
        .collect();
    assert_eq!(found.verdict(), expected, "{old}\n{new}\n{told:?}");
}

/// File, rule, what is underlined, and the witness where it matters which.
type Expected<'e> = (&'e str, &'e str, String, Option<(String, String)>);

#[test]
fn the_bad_examples_of_the_guide_are_found_where_they_are_wrong() {
    for (folder, service, prefix) in [("guide-oss", "oss", "acs:oss:*:*:"), ("guide-s3", "s3", "arn:aws:s3:::")] {
        let put = format!("{service}:PutObject");
        let resource = |path: &str| format!("{prefix}<BucketName>/{path}");
        let expected: [Expected<'_>; 4] = [
            (
                "bad-1-everything.json",
                "wildcard-resource",
                "\"*\"".to_owned(),
                Some((put.clone(), resource("someone-else/photo.jpg"))),
            ),
            (
                "bad-1-resource.json",
                "shared-prefix",
                format!("\"{}\"", resource("app/avatar/*")),
                Some((put, resource("app/avatar/someone-else/photo.jpg"))),
            ),
            ("bad-2-action.json", "wildcard-action", format!("\"{service}:*\""), None),
            (
                "bad-3-combined.json",
                "combined-action-resource",
                format!("[\"{service}:GetObject\",\"{service}:PutObject\",\"{service}:DeleteObject\"]"),
                None,
            ),
        ];
        for (name, rule, underlined, witness) in expected {
            let judged = example(folder, name).analyse(Profile::Default);
            assert_eq!(judged.analysed.policies[0].dialect, service);
            let [finding] = judged.findings() else { panic!("{folder}/{name}: {:#?}", judged.shown()) };
            assert_eq!(finding.rule.name, rule, "{folder}/{name}");
            assert_eq!(finding.severity, Severity::High, "{folder}/{name}");
            let text: String = judged.text(finding.primary).split_whitespace().collect();
            assert_eq!(text, underlined, "{folder}/{name}");
            if let Some((action, resource)) = witness {
                let found = finding.witness.as_ref().unwrap();
                assert_eq!((&found.action, &found.resource), (&action, &resource), "{folder}/{name}");
            }
        }
    }
}

#[test]
fn the_corrected_examples_of_the_guide_are_clean() {
    let mut wrong = Vec::new();
    for folder in ["guide-oss", "guide-s3"] {
        let good: Vec<Fixture> = fixtures(folder).into_iter().filter(Fixture::is_good).collect();
        assert!(good.len() >= 10, "{folder}");
        for fixture in good {
            let judged = fixture.analyse(Profile::Default);
            assert_eq!(judged.analysed.policies.len(), 1, "{}", fixture.id);
            wrong.extend(judged.shown().into_iter().map(|finding| format!("{}: {finding}", fixture.id)));
            assert_eq!(judged.analysed.unjudged, [], "{}", fixture.id);
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn the_repair_of_a_combined_statement_is_clean() {
    for (folder, version) in [("guide-oss", "1"), ("guide-s3", "2012-10-17")] {
        let judged = example(folder, "bad-3-combined.json").analyse(Profile::Default);
        let help = judged.findings()[0].help.clone().unwrap();
        let (_, statements) = help.split_once('\n').unwrap();
        let mended = format!(r#"{{"Version": "{version}", "Statement": [{statements}]}}"#);
        assert_eq!(Judged::session(&mended, Profile::Default).shown(), [] as [String; 0], "{mended}");
    }
}

#[test]
fn the_words_of_a_policy_tell_its_dialect() {
    assert_eq!(
        dialect(r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:GetObject","Resource":"*"}]}"#),
        Some("oss")
    );
    assert_eq!(dialect(&s3(&[r#""Effect":"Allow","Action":"sts:AssumeRole","Resource":"*""#])), Some("s3"));
    assert_eq!(dialect(r#"{"version":"2.0","statement":[]}"#), Some("cos"));
}

#[test]
fn what_no_word_tells_is_not_judged() {
    let text = r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    let analysed = analyse(&source(text), &Facts::default(), &Filter::default());
    assert!(analysed.policies.is_empty() && !analysed.no_policy);
    let [unjudged] = analysed.unjudged.as_slice() else { panic!("{:?}", analysed.unjudged) };
    assert!(unjudged.message.contains("name it with `--dialect`"), "{}", unjudged.message);
    let named = Facts { dialect: Some("s3"), ..Facts::default() };
    let analysed = analyse(&source(text), &named, &Filter::default());
    assert_eq!((analysed.policies[0].dialect, analysed.unjudged.len()), ("s3", 0));
}

#[test]
fn an_expectation_is_held_to_policies_in_their_own_words() {
    let of = |action: &str| {
        let text = format!("[[expect]]\nfiles = '*.json'\nallow = [{{ actions = {action}, keys = 'a/*' }}]");
        let config = Config::parse(&text, Path::new("/project/grantlint.toml")).unwrap();
        let facts = config.facts(Path::new("/project/policy.json"));
        let policy = s3(&[r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b1b/a/*""#]);
        let analysed = analyse(&source(&policy), &facts, &Filter::default());
        analysed.unjudged.iter().map(|unjudged| unjudged.message.clone()).collect::<Vec<_>>()
    };
    assert_eq!(of("'GetObject'"), [""; 0]);
    let [unjudged] = &of("['GetObject', 'PostObject']")[..] else { panic!() };
    assert!(unjudged.contains("`PostObject` is no action of S3, which has `PutObject`; the expectation"), "{unjudged}");
}

#[test]
fn the_configuration_names_a_dialect() {
    let text = "[[files]]\nglob = '*.json'\ndialect = 'oss'";
    let config = Config::parse(text, Path::new("/project/grantlint.toml")).unwrap();
    let facts = config.facts(Path::new("/project/policy.json"));
    let analysed = analyse(&source(&s3(&[])), &facts, &Filter::default());
    assert_eq!(analysed.policies[0].dialect, "oss");
}

#[test]
fn words_of_another_provider_are_told() {
    let mixed = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":["oss:GetObject","s3:PutObject"],"Resource":["acs:oss:*:*:examplebucket/a.jpg","qcs::cos:::b-1/a"]}]}"#;
    let judged = judged(PolicyKind::Session, mixed);
    let [finding] = judged.of("foreign-syntax")[..] else { panic!("{:?}", judged.shown()) };
    assert_eq!(judged.text(finding.primary), "\"s3:PutObject\"");
    assert!(
        finding.message.contains("AWS's and Tencent Cloud's syntax, which OSS does not read"),
        "{}",
        finding.message
    );
    let [label] = finding.labels.as_slice() else { panic!("{:?}", finding.labels) };
    assert_eq!(label.text, "Tencent Cloud's: write `acs:oss:*:*:<BucketName>/<key>`");
}

#[test]
fn listing_takes_the_bucket_and_a_condition() {
    let of = |kind, statement: &str| judged(kind, &s3(&[statement])).rules();
    let session = PolicyKind::Session;
    let on_keys = r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::examplebucket/app/photos/*""#;
    assert_eq!(of(session, on_keys), ["grants-nothing"]);
    let on_all_keys = r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::examplebucket/*""#;
    assert_eq!(of(session, on_all_keys), ["grants-nothing"]);
    let open = r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::examplebucket""#;
    assert_eq!(of(session, open), ["unlimited-listing"]);
    let limited = format!(r#"{open},"Condition":{{"StringLike":{{"s3:prefix":"app/photos/*"}}}}"#);
    assert_eq!(of(session, &limited), [] as [&str; 0]);
    let literal = format!(r#"{open},"Condition":{{"StringEquals":{{"s3:prefix":"app/photos/*"}}}}"#);
    assert_eq!(of(session, &literal), ["literal-wildcard"]);
    let get_on_bucket = r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::examplebucket""#;
    assert_eq!(of(session, get_on_bucket), ["grants-nothing"]);
}

#[test]
fn a_bucket_and_its_keys_are_two_resources() {
    let of = |resource: &str| s3(&[&format!(r#""Effect":"Allow","Action":"s3:*","Resource":"{resource}""#)]);
    let (bucket, keys, both) = (of("arn:aws:s3:::b1b"), of("arn:aws:s3:::b1b/*"), of("arn:aws:s3:::b1b*"));
    assert_verdict(&bucket, &keys, Verdict::Incomparable);
    assert_verdict(&both, &keys, Verdict::Narrower);
    assert_verdict(&both, &bucket, Verdict::Narrower);
    assert_verdict(&bucket, &both, Verdict::Wider);
    let listed = |prefix: &str| {
        s3(&[&format!(
            r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b1b","Condition":{{"StringLike":{{"s3:prefix":"{prefix}"}}}}"#
        )])
    };
    assert_verdict(&listed("a/*"), &listed("a/b/*"), Verdict::Narrower);
    assert_verdict(&listed("a/b/*"), &listed("a/*"), Verdict::Wider);
    // Partitions are apart, and so are access points.
    assert_verdict(&of("arn:aws:s3:::*"), &of("arn:aws-cn:s3:::b1b"), Verdict::Incomparable);
    assert_verdict(&of("arn:*:s3:::*"), &of("arn:aws-cn:s3:::b1b"), Verdict::Narrower);
    assert_verdict(
        &of("arn:aws:s3:::*"),
        &of("arn:aws:s3:eu-west-1:123456789012:accesspoint/p/object/a"),
        Verdict::Incomparable,
    );
}

#[test]
fn a_one_letter_wildcard_takes_no_placeholder() {
    let of =
        |key: &str| s3(&[&format!(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b1b/{key}""#)]);
    // A name has one letter or more.
    assert_verdict(&of("u/?/a"), &of("u/${aws:userid}/a"), Verdict::Incomparable);
    assert_verdict(&of("u/?*/a"), &of("u/${aws:userid}/a"), Verdict::Narrower);
    assert_verdict(&of("u/??*/a"), &of("u/${aws:userid}/a"), Verdict::Incomparable);
    assert_verdict(&of("u/*/a"), &of("u/${aws:userid}/a"), Verdict::Narrower);
    assert_verdict(&of("u/${aws:userid}/?"), &of("u/${aws:userid}/x"), Verdict::Narrower);
    assert_verdict(&of("u/${aws:userid}/a"), &of("u/${aws:userid}/?"), Verdict::Wider);
    assert_verdict(&of("a?c"), &of("abc"), Verdict::Narrower);
    assert_verdict(&of("abc"), &of("a?c"), Verdict::Wider);
}

#[test]
fn negated_elements_are_all_the_rest() {
    let all = r#""Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b1b/*""#;
    let but_get = r#""Effect":"Allow","NotAction":"s3:Get*","Resource":"arn:aws:s3:::b1b/*""#;
    assert_verdict(&s3(&[all]), &s3(&[but_get]), Verdict::Narrower);
    let deny_rest = r#""Effect":"Deny","NotAction":"s3:get*","Resource":"*""#;
    let get = r#""Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::b1b/*""#;
    assert_verdict(&s3(&[all, deny_rest]), &s3(&[get]), Verdict::Equal);
    let elsewhere = r#""Effect":"Deny","Action":"s3:*","NotResource":"arn:aws:s3:::b1b/a/*""#;
    let within = r#""Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b1b/a/*""#;
    assert_verdict(&s3(&[all, elsewhere]), &s3(&[within]), Verdict::Equal);
    let rules = judged(PolicyKind::Session, &s3(&[but_get])).rules();
    assert!(rules.contains(&"wildcard-action"), "{rules:?}");
    let but_one = r#""Effect":"Allow","Action":"s3:PutObject","NotResource":"arn:aws:s3:::b1b/a/*""#;
    assert_eq!(judged(PolicyKind::Session, &s3(&[but_one])).rules(), ["wildcard-resource"]);
}

#[test]
fn letter_case_of_actions_does_not_matter() {
    let of = |action: &str| s3(&[&format!(r#""Effect":"Allow","Action":"{action}","Resource":"arn:aws:s3:::b1b/*""#)]);
    assert_verdict(&of("s3:GetObject"), &of("S3:getobject"), Verdict::Equal);
    assert_verdict(&of("s3:get*"), &of("s3:Get*"), Verdict::Equal);
    assert_verdict(&of("s3:foobar*"), &of("s3:FooBarBaz"), Verdict::Narrower);
    let oss = |action: &str| {
        format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"{action}","Resource":"acs:oss:*:*:examplebucket/app/a.jpg"}}]}}"#
        )
    };
    assert_eq!(judged(PolicyKind::Session, &oss("oss:getobject")).rules(), [] as [&str; 0]);
    let strict = Judged::new(source(&oss("oss:getobject")), &facts(PolicyKind::Session), Profile::Strict);
    assert_eq!(strict.rules(), ["unknown-action"]);
    assert!(strict.shown()[0].contains("`getobject` is written `GetObject`"), "{:?}", strict.shown());
    let wrong = judged(PolicyKind::Session, &oss("oss:UploadPart"));
    assert!(wrong.of("unknown-action")[0].help.as_ref().unwrap().contains("`oss:PutObject`"));
}

#[test]
fn principals_of_bucket_policies() {
    let oss = |principal: &str| {
        format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":"oss:PutObject","Resource":"acs:oss:*:*:examplebucket/app/a.jpg"}}]}}"#
        )
    };
    let of = |text: &str| {
        let judged = Judged::new(source(text), &Facts::default(), Profile::Default);
        assert_eq!(judged.analysed.policies[0].kind, PolicyKind::Bucket);
        judged.rules()
    };
    assert_eq!(of(&oss("[]")), ["public-grant"]);
    assert_eq!(of(&oss(r#"["*"]"#)), ["public-grant"]);
    assert_eq!(of(&oss(r#"["1234567890123456"]"#)), [] as [&str; 0]);
    assert_eq!(of(&oss(r#"["arn:sts::1234567890123456:assumed-role/r/*"]"#)), [] as [&str; 0]);
    assert_eq!(of(&oss(r#"{"RAM":["acs:ram::1234567890123456:root"]}"#)), ["wrong-type"]);
    let s3 = |element: &str| {
        s3(&[&format!(
            r#""Effect":"Allow",{element},"Action":"s3:PutObject","Resource":"arn:aws:s3:::examplebucket/app/a.jpg""#
        )])
    };
    assert_eq!(of(&s3(r#""Principal":"*""#)), ["public-grant"]);
    assert_eq!(of(&s3(r#""Principal":{"AWS":"*"}"#)), ["public-grant"]);
    assert_eq!(of(&s3(r#""Principal":{"AWS":"arn:aws:iam::123456789012:root"}"#)), [] as [&str; 0]);
    assert_eq!(of(&s3(r#""NotPrincipal":{"AWS":"arn:aws:iam::123456789012:root"}"#)), ["public-grant"]);
}

#[test]
fn trust_policies_are_passed_over() {
    for text in [
        r#"{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":["acs:ram::1:root"]},"Action":"sts:AssumeRole"}]}"#,
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#,
    ] {
        let judged = Judged::new(source(text), &Facts::default(), Profile::Audit);
        assert!(judged.analysed.policies[0].is_trust, "{text}");
        assert_eq!(judged.shown(), [] as [String; 0]);
    }
}

#[test]
fn grammar_is_each_providers_own() {
    let oss = |text: &str| judged(PolicyKind::Session, text).rules();
    let statement = |more: &str| {
        format!(
            r#"{{"Effect":"Allow","Action":"oss:GetObject","Resource":"acs:oss:*:*:examplebucket/app/a.jpg"{more}}}"#
        )
    };
    let policy = |statement: &str| format!(r#"{{"Version":"1","Statement":[{statement}]}}"#);
    assert_eq!(oss(&policy(&statement(""))), [] as [&str; 0]);
    assert_eq!(oss(&format!(r#"{{"Statement":[{}]}}"#, statement(""))), ["missing-element"]);
    assert_eq!(oss(&format!(r#"{{"Version":1,"Statement":[{}]}}"#, statement(""))), ["wrong-type"]);
    let if_exists = r#","Condition":{"StringEqualsIfExists":{"acs:SourceVpc":"vpc-1"}}"#;
    assert_eq!(oss(&policy(&statement(if_exists))), ["unknown-operator"]);
    let of_cam = r#","Condition":{"string_equal":{"acs:SourceVpc":"vpc-1"}}"#;
    assert_eq!(oss(&policy(&statement(of_cam))), ["foreign-syntax"]);
    assert_eq!(oss(&policy(&statement("").replace("Effect", "effect"))), ["element-case"]);
    assert_eq!(oss(&policy(&statement("").replace("bucket/app", "bucket/${aws:username}"))), ["unexpanded-variable"]);
    let aws = |version: &str, more: &str| {
        let text = format!(
            r#"{{{version}"Statement":{{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::examplebucket/u/${{aws:userid}}/*"{more}}}}}"#
        );
        judged(PolicyKind::Session, &text).rules()
    };
    let today = r#""Version":"2012-10-17","#;
    assert_eq!(aws(today, ""), [] as [&str; 0]);
    assert_eq!(
        aws(
            today,
            r#","Condition":{"StringEqualsIfExists":{"AWS:sourcevpc":"vpc-1"},"Bool":{"aws:SecureTransport":true}}"#
        ),
        [] as [&str; 0]
    );
    assert_eq!(aws(r#""Version":"2008-10-17","#, ""), ["unexpanded-variable"]);
    assert_eq!(aws("", ""), ["unexpanded-variable"], "without a version it is the old one");
}

#[test]
fn a_request_is_answered_in_the_policys_language() {
    let text = s3(&[r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b1b/u/?.jpg""#]);
    let ask = |resource: &str| {
        let question =
            Question { action: "s3:getobject".to_owned(), resource: resource.to_owned(), ..Question::default() };
        decide(&source(&text), &facts(PolicyKind::Session), &question).unwrap().decision
    };
    assert!(matches!(ask("b1b/u/a.jpg"), Decision::Yes(_)));
    assert!(matches!(ask("arn:aws:s3:::b1b/u/a.jpg"), Decision::Yes(_)));
    assert!(matches!(ask("b1b/u/ab.jpg"), Decision::No(_)));
}

#[test]
fn a_condition_key_of_another_vendor_is_told_with_what_plays_its_role() {
    let told = |text: &str| {
        let judged = judged(PolicyKind::Session, text);
        let [finding] = judged.findings() else { panic!("{text}: {:?}", judged.rules()) };
        (finding.rule.name, finding.message.clone(), finding.help.clone().unwrap_or_default())
    };
    let of_s3 = |condition: &str| {
        s3(&[&format!(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b1b/u/a.jpg","Condition":{{{condition}}}"#
        )])
    };
    let of_oss = |condition: &str| {
        format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"oss:GetObject","Resource":"acs:oss:*:*:b1b/u/a.jpg","Condition":{{{condition}}}}}]}}"#
        )
    };
    let of_cos = |condition: &str| {
        format!(
            r#"{{"version":"2.0","statement":[{{"effect":"allow","action":"name/cos:GetObject","resource":"qcs::cos::uid/1250000000:b1b-1250000000/u/a.jpg","condition":{{{condition}}}}}]}}"#
        )
    };
    for (text, whose, help) in [
        (of_s3(r#""StringLike":{"COS:prefix":"u/*"}"#), "Tencent Cloud", "write `s3:prefix`"),
        (of_oss(r#""IpAddress":{"aws:SourceIp":"192.0.2.0/24"}"#), "AWS", "write `acs:SourceIp`"),
        (of_cos(r#""string_like":{"oss:Prefix":"u%2F*"}"#), "Alibaba Cloud", "write `cos:prefix`"),
        (
            of_oss(r#""StringEquals":{"aws:PrincipalTag/team":"a"}"#),
            "AWS",
            "write a condition key of OSS, such as `oss:Prefix`",
        ),
    ] {
        let (rule, message, found) = told(&text);
        assert_eq!((rule, found.as_str()), ("foreign-syntax", help), "{text}");
        assert!(message.contains(whose), "{message}");
    }
    // Nobody's key is quoted as it is written.
    let (rule, message, _) = told(&of_s3(r#""IpAddress":{"aws:MyClientIp":"192.0.2.0/24"}"#));
    assert_eq!((rule, message.as_str()), ("unknown-condition-key", "no request carries the key `aws:MyClientIp`"));
}
