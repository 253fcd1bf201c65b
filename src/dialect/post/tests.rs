//! What the tests of a form are lowered to, and where it stands.

use super::*;
use crate::dialect::{Form, named};
use crate::policy::{Owners, Resource};
use crate::syntax::parse;
use crate::text::{Fragment, Source};

/// What a policy of a form says: its resources, then its conditions, then its problems with their text.
fn lowered(dialect: &str, conditions: &str) -> [Vec<String>; 3] {
    let text = format!(r#"{{"expiration":"2026-12-01T12:00:00Z","conditions":[{conditions}]}}"#);
    let source = Source::new("form.json", text.clone()).unwrap();
    let tree = parse(source.text());
    let value = tree.roots().next().unwrap();
    let candidate = Candidate { value, form: Form::Post, request: None, pointer: String::new(), document: None };
    let policy = named(dialect).unwrap().lower(&Fragment::whole(&source), &candidate, &Owners::default());
    let under = |span: Span| text.get(span.start as usize..span.end as usize).unwrap().to_owned();
    let [statement] = policy.statements.as_slice() else { panic!("{:?}", policy.statements) };
    assert!(statement.allows());
    let path = |resource: &Resource<'_>| {
        let place = resource.place().unwrap();
        format!("{} at {}", place.path.text(), under(resource.span))
    };
    let condition = |condition: &Condition<'_>| {
        let values: Vec<&str> = condition.values.iter().map(|value| &*value.text).collect();
        let not = if condition.operator.negated { "not " } else { "" };
        format!("{} {not}{:?} {}", condition.key, condition.operator.base, values.join(","))
    };
    let problem = |problem: &crate::policy::Problem<'_>| {
        let kind = format!("{:?}", problem.kind);
        format!("{} at {}", kind.split([' ', '{']).next().unwrap(), under(problem.span))
    };
    [
        statement.resources.patterns.iter().map(path).collect(),
        statement.conditions.iter().map(condition).collect(),
        policy.problems.iter().map(problem).collect(),
    ]
}

fn resources(conditions: &str) -> Vec<String> {
    let [resources, ..] = lowered("oss", conditions);
    resources
}

const BUCKET: &str = r#"{"bucket":"b"},"#;

#[test]
fn bucket_and_key_are_the_resource() {
    let with = |tests: &str| resources(&format!("{BUCKET}{tests}")).join("; ");
    assert_eq!(with(r#"["eq","$key","u/a.jpg"]"#), r#"b/u/a.jpg at "u/a.jpg""#);
    assert_eq!(with(r#"{"key":"u/a.jpg"}"#), r#"b/u/a.jpg at "u/a.jpg""#);
    assert_eq!(with(r#"["starts-with","$key","u/"]"#), r#"b/u/* at "u/""#);
    assert_eq!(with(r#"["starts-with","$key",""]"#), r#"b/* at """#);
    assert_eq!(with(r#"["in","$key",["a","b"]]"#), r#"b/a at "a"; b/b at "b""#);
    assert_eq!(with(r#"["eq","$key","u/${filename}"]"#), r#"b/u/* at "u/${filename}""#);
    assert_eq!(with(r#"["eq","$x","y"]"#), r#"b/* at "b""#);
    assert_eq!(resources(r#"["starts-with","$key","u/"]"#), [r#"*/u/* at "conditions""#]);
    assert_eq!(resources(""), [r#"* at "conditions""#]);
    assert_eq!(resources(r#"["starts-with","$bucket","b"]"#), [r#"b*/* at "conditions""#]);
}

#[test]
fn all_tests_of_a_field_hold() {
    let both = |tests: &str| {
        let [resources, conditions, _] = lowered("oss", &format!("{BUCKET}{tests}"));
        (resources.join("; "), conditions.join("; "))
    };
    let one = |text: &str| (text.to_owned(), String::new());
    assert_eq!(both(r#"["starts-with","$key","u/"],["starts-with","$key","u/a/"]"#), one(r#"b/u/a/* at "u/a/""#));
    assert_eq!(both(r#"["starts-with","$key","u/a/"],["starts-with","$key","u/"]"#), one(r#"b/u/a/* at "u/a/""#));
    assert_eq!(both(r#"["starts-with","$key","u/"],["eq","$key","u/a"]"#), one(r#"b/u/a at "u/a""#));
    assert_eq!(both(r#"["in","$key",["u/a","v/a"]],["starts-with","$key","u/"]"#), one(r#"b/u/a at "u/a""#));
    assert_eq!(both(r#"["in","$key",["u/a","v/a"]],["not-in","$key",["u/a"]]"#), one(r#"b/v/a at "v/a""#));
    let (resources, conditions) = both(r#"["starts-with","$key","u/"],["starts-with","$key","v/"]"#);
    assert_eq!(resources, r#"b/u/* at "u/""#);
    assert_eq!(conditions, "key StringLike u/*; key StringLike v/*", "nothing meets both, and that is seen");
    let (resources, conditions) = both(r#"["starts-with","$key","u/"],["not-in","$key",["u/a"]]"#);
    assert_eq!(resources, r#"b/u/* at "u/""#);
    assert_eq!(conditions, "key Unknown u/a", "what no resource says is not known");
    let (resources, conditions) = both(r#"["starts-with","$key","<user>/"],["starts-with","$key","al"]"#);
    assert_eq!(resources, r#"b/<user>/* at "<user>/""#);
    assert_eq!(conditions, "key Unknown al", "the hole may begin so");
}

#[test]
fn the_other_fields_are_conditions() {
    let [_, conditions, problems] = lowered(
        "oss",
        r#"["content-length-range",1,9],["content-length-range",0,"8"],["in","$Content-Type",["image/png"]],
           ["starts-with","$x-oss-meta-a","?"],{"x-oss-object-acl":"private"},{"x-oss-credential":"c"},
           {"success_action_status":"200"},["not-in","$cache-control",["a","b"]]"#,
    );
    assert_eq!(problems, [] as [&str; 0]);
    assert_eq!(
        conditions,
        [
            "content-length-range not NumericLess 1",
            "content-length-range NumericLessEqual 9",
            "content-length-range NumericLessEqual 8",
            "content-type StringEqual image/png",
            "x-oss-meta-a Unknown ?",
            "x-oss-object-acl StringEqual private",
            "success_action_status StringEqual 200",
            "cache-control not StringEqual a,b",
        ]
    );
}

#[test]
fn what_cannot_be_read_is_a_problem_where_it_stands() {
    let problems = |dialect: &str, test: &str| {
        let [_, _, problems] = lowered(dialect, &format!(r#"{{"bucket":"b"}},["starts-with","$key","u/a/"],{test}"#));
        problems.join("; ")
    };
    for (test, expected) in [
        (r#"["eq","$x"]"#, r#"WrongType at ["eq","$x"]"#),
        (r#"["eq","$x","a","b"]"#, r#"WrongType at ["eq","$x","a","b"]"#),
        (r#"["eq","$x",1]"#, "WrongType at 1"),
        (r#"["eq",1,"a"]"#, r#"WrongType at ["eq",1,"a"]"#),
        ("[]", "WrongType at []"),
        ("[1]", "WrongType at [1]"),
        ("{}", "WrongType at {}"),
        ("null", "WrongType at null"),
        (r#"{"x":null}"#, "WrongType at null"),
        (r#"["ends-with","$key","a"]"#, r#"UnknownOperator at "ends-with""#),
        (r#"["Eq","$x","a"]"#, r#"UnknownOperator at "Eq""#),
        (r#"["eq","x","a"]"#, r#"UnknownElement at "x""#),
        (r#"["content-length-range",1]"#, r#"WrongType at ["content-length-range",1]"#),
        (r#"["content-length-range",-1,2.5]"#, "WrongType at -1; WrongType at 2.5"),
        (r#"["content-length-range","a",[]]"#, r#"WrongType at "a"; WrongType at []"#),
        (r#"["in","$x",[]]"#, "MissingElement at []"),
        (r#"["in","$x","a"]"#, r#"WrongType at "a""#),
        (r#"["in","$x",["a",1]]"#, "WrongType at 1"),
        (r#"["starts-with","$key","u/*"]"#, r#"LiteralWildcard at "u/*""#),
        (r#"{"x-amz-acl":"private"}"#, r#"ForeignWord at "x-amz-acl""#),
    ] {
        assert_eq!(problems("oss", test), expected, "{test}");
    }
    assert_eq!(problems("s3", r#"["in","$x",["a"]]"#), r#"UnknownOperator at "in""#);
}

#[test]
fn a_test_that_cannot_be_read_silences_what_is_said_of_width() {
    let is_faulty = |tests: &str| {
        let text = format!(r#"{{"expiration":"2026-12-01T12:00:00Z","conditions":[{tests}]}}"#);
        let source = Source::new("form.json", text).unwrap();
        let tree = parse(source.text());
        let value = tree.roots().next().unwrap();
        let candidate = Candidate { value, form: Form::Post, request: None, pointer: String::new(), document: None };
        let policy = named("oss").unwrap().lower(&Fragment::whole(&source), &candidate, &Owners::default());
        policy.statements[0].resources.patterns[0].is_faulty
    };
    assert!(is_faulty(r#"["ends-with","$key","a"]"#));
    assert!(is_faulty(r#"["ends-with"]"#), "which field it was about is not known");
    assert!(!is_faulty(r#"["ends-with","$content-type","a"]"#));
    assert!(!is_faulty(r#"["content-length-range","a"]"#));
}
