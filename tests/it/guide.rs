//! The examples of the security guide: the bad ones are underlined where the guide says they are wrong, the corrected
//! ones are clean, and the matrix counts as the guide counts.

use grantlint::engine::matrices;
use grantlint::finding::{Finding, PolicyKind, Profile, Severity};
use grantlint::rules::Facts;
use grantlint::semantics::matrix::{Grant, Matrix};
use grantlint::text::Source;

use super::support::{Fixture, Judged, fixtures, nothing_wrong};

fn example(name: &str) -> Fixture {
    fixtures("guide").into_iter().find(|fixture| fixture.name == name).unwrap()
}

/// The one finding of an example in the default profile.
fn only(judged: &Judged) -> &Finding {
    assert_eq!(judged.findings().len(), 1, "{:#?}", judged.shown());
    &judged.findings()[0]
}

#[track_caller]
fn assert_reported(name: &str, rule: &str, underlined: &str, witness: (&str, &str)) {
    let judged = example(name).analyse(Profile::Default);
    let finding = only(&judged);
    assert_eq!(finding.rule.name, rule);
    assert_eq!(judged.text(finding.primary), underlined);
    assert_eq!(finding.severity, Severity::High);
    let found = finding.witness.as_ref().unwrap();
    assert_eq!((found.action.as_str(), found.resource.as_str()), witness);
}

#[test]
fn example_1_every_resource() {
    assert_reported(
        "bad-1-everything.json",
        "wildcard-resource",
        "\"*\"",
        ("name/cos:PutObject", "qcs::cos:<Region>:uid/<APPID>:<BucketName-APPID>/someone-else/photo.jpg"),
    );
}

#[test]
fn example_1_every_users_avatar() {
    assert_reported(
        "bad-1-resource.json",
        "shared-prefix",
        "\"qcs::cos:<Region>:uid/<APPID>:<BucketName-APPID>/app/avatar/*\"",
        ("name/cos:PutObject", "qcs::cos:<Region>:uid/<APPID>:<BucketName-APPID>/app/avatar/someone-else/photo.jpg"),
    );
}

#[test]
fn example_2_every_action() {
    assert_reported(
        "bad-2-action.json",
        "wildcard-action",
        "\"name/cos:*\"",
        // What only an owner of the bucket should do stays out of reach of a prefix; the ACL of its objects does not.
        ("name/cos:PutObjectACL", "qcs::cos:<Region>:uid/<APPID>:<BucketName-APPID>/app/photos/someone-else/photo.jpg"),
    );
}

#[test]
fn example_3_all_actions_on_all_resources() {
    let judged = example("bad-3-combined.json").analyse(Profile::Default);
    let finding = only(&judged);
    assert_eq!(finding.rule.name, "combined-action-resource");
    let actions: String = judged.text(finding.primary).split_whitespace().collect();
    assert_eq!(actions, r#"["name/cos:GetBucket","name/cos:GetObject","name/cos:PutObject","name/cos:DeleteObject"]"#);
    let labels: Vec<&str> = finding.labels.iter().map(|label| judged.text(label.span)).collect();
    assert_eq!(
        labels,
        [
            "\"qcs::cos:<Region>:uid/<APPID>:<BucketName-APPID>/app/files/*\"",
            "\"qcs::cos:<Region>:uid/<APPID>:<BucketName-APPID>/app/files/<Username>/*\""
        ]
    );
    assert!(finding.message.contains("8 scenarios"), "{}", finding.message);
}

#[test]
fn the_repair_of_example_3_is_the_guides_own_and_clean() {
    let judged = example("bad-3-combined.json").analyse(Profile::Default);
    let help = only(&judged).help.clone().unwrap();
    let (_, statements) = help.split_once('\n').unwrap();
    let mended = format!("{{\"version\": \"2.0\", \"statement\": [{statements}]}}");
    assert_eq!(Judged::session(&mended, Profile::Default).shown(), [] as [String; 0], "{mended}");
    let same = |text: &str| -> Vec<(Vec<String>, Vec<String>)> {
        let statements = super::naive::statements(text).unwrap();
        statements.into_iter().map(|statement| (statement.actions, statement.resources)).collect()
    };
    let guide = example("good-3.json");
    assert_eq!(same(&mended), same(guide.text().unwrap()));
}

#[test]
fn the_corrected_policies_are_clean_as_templates_and_as_alices() {
    let good: Vec<Fixture> = fixtures("guide").into_iter().filter(Fixture::is_good).collect();
    assert_eq!(good.iter().filter(|fixture| fixture.is_alices()).count(), 5);
    assert_eq!(good.len(), 10);
    let mut wrong = Vec::new();
    for fixture in good {
        let judged = fixture.analyse(Profile::Default);
        assert_eq!(judged.analysed.policies.len(), 1);
        wrong.extend(judged.shown().into_iter().map(|finding| format!("{}: {finding}", fixture.id)));
        assert_eq!(judged.analysed.unjudged, []);
    }
    nothing_wrong(&wrong);
}

#[test]
fn without_the_owners_name_alices_directory_is_a_shared_one() {
    let alices = example("good-1b.alice.json");
    let judged = Judged::session(alices.text().unwrap(), Profile::Default);
    assert_eq!(judged.rules(), ["shared-prefix"]);
}

fn matrix_of(text: &str) -> Matrix {
    let facts = Facts { kind: Some(PolicyKind::Session), ..Facts::default() };
    let source = Source::new("policy.json", text).unwrap();
    matrices(&source, &facts, false).policies.remove(0).matrix.unwrap()
}

/// `action on resource: all`, for every scenario.
fn scenarios(matrix: &Matrix) -> Vec<String> {
    let mut found = Vec::new();
    for row in &matrix.rows {
        for action in &row.actions {
            for (column, cell) in matrix.columns.iter().zip(&row.cells) {
                let grant = match &cell.grant {
                    Grant::All => "all",
                    Grant::Some(_) => "some",
                    Grant::None => "none",
                    Grant::Unknown => "unknown",
                };
                let path = column.resource.rsplit(':').next().unwrap_or_default();
                found.push(format!("{action} on {path}: {grant}"));
            }
        }
    }
    found
}

#[test]
fn three_actions_and_two_resources_are_six_scenarios() {
    let policy = r#"{"version": "2.0", "statement": [{"effect": "allow",
        "action": ["name/cos:GetObject", "name/cos:PutObject", "name/cos:DeleteObject"],
        "resource": ["qcs::cos:<Region>:uid/<APPID>:<BucketName-APPID>/app/files/*",
                     "qcs::cos:<Region>:uid/<APPID>:<BucketName-APPID>/app/files/<Username>/*"]}]}"#;
    let matrix = matrix_of(policy);
    assert_eq!((matrix.scenarios, matrix.granting), (6, 6));
    // The owner's directory lies in the shared one.
    assert_eq!(matrix.columns[1].within, [0]);
    let mut all = scenarios(&matrix);
    all.sort();
    assert_eq!(
        all,
        [
            "DeleteObject on <BucketName-APPID>/app/files/*: all",
            "DeleteObject on <BucketName-APPID>/app/files/<Username>/*: all",
            "GetObject on <BucketName-APPID>/app/files/*: all",
            "GetObject on <BucketName-APPID>/app/files/<Username>/*: all",
            "PutObject on <BucketName-APPID>/app/files/*: all",
            "PutObject on <BucketName-APPID>/app/files/<Username>/*: all",
        ]
    );
    assert_eq!(Judged::session(policy, Profile::Default).analysed.policies[0].scenarios, 6);
}

#[test]
fn the_corrected_example_3_opens_only_what_is_meant() {
    let matrix = matrix_of(example("good-3.json").text().unwrap());
    let mut all = scenarios(&matrix);
    all.sort();
    assert_eq!(
        all,
        [
            "DeleteObject on <BucketName-APPID>/app/files/*: some",
            "DeleteObject on <BucketName-APPID>/app/files/<Username>/*: all",
            "GetBucket on <BucketName-APPID>/app/files/*: all",
            "GetBucket on <BucketName-APPID>/app/files/<Username>/*: all",
            "GetObject on <BucketName-APPID>/app/files/*: all",
            "GetObject on <BucketName-APPID>/app/files/<Username>/*: all",
            "PutObject on <BucketName-APPID>/app/files/*: some",
            "PutObject on <BucketName-APPID>/app/files/<Username>/*: all",
        ]
    );
}
