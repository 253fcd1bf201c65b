//! `diff` and `can` against a naive evaluator.
//!
//! Policies are sketches over a small vocabulary; every request of a small universe is judged by reading the sketch. What
//! becomes possible there must be told by the comparison, and what the comparison tells must be so for the naive evaluator.

mod rules;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use grantlint::engine::{FileDiff, Question, decide, diff};
use grantlint::finding::PolicyKind;
use grantlint::rules::Facts;
use grantlint::semantics::permission::{Decision, Verdict};
use grantlint::text::Source;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use super::naive::{Touches, glob, holds_path, speaks_of, touches};

const HEAD: &str = "qcs::cos:ap-guangzhou:uid/1250000000:";
const LETTERS: [char; 3] = ['a', 'z', '/'];
const PATHS: [&str; 15] =
    ["*", "b/", "b/*", "b/a*", "b/a/*", "b/*a", "b/a", "b/a/a", "b/a*a", "b/*a*", "c/", "c/*", "c/a/*", "*/a", "b*"];
const ACTIONS: [&str; 11] = [
    "name/cos:PutObject",
    "name/cos:GetObject",
    "name/cos:GetBucket",
    "name/cos:PutBucketCORS",
    "name/cos:GetService",
    "name/cos:PutFuture",
    "name/cos:Put*",
    "name/cos:*Object",
    "name/cos:Get*",
    "name/cos:*",
    "*",
];
/// `PutFuture` and `PutOther` are no actions of the catalogue; the second is written by nobody.
const ASKED: [&str; 10] = [
    "PutObject",
    "GetObject",
    "DeleteObject",
    "GetBucket",
    "GetBucketObjectVersions",
    "PutBucketCORS",
    "GetBucketPolicy",
    "GetService",
    "PutFuture",
    "PutOther",
];
const ADDRESSES: [Option<&str>; 3] = [None, Some("10.0.0.1"), Some("192.168.7.7")];
const ACLS: [Option<&str>; 3] = [None, Some("private"), Some("public-read")];

/// A condition of a sketch.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Test {
    Inside,
    Outside,
    Private,
    PrivateIfThere,
    PrefixA,
    PrefixIsA,
    PrefixNotA,
    PrefixIfThere,
}

const TESTS: [Test; 8] = [
    Test::Inside,
    Test::Outside,
    Test::Private,
    Test::PrivateIfThere,
    Test::PrefixA,
    Test::PrefixIsA,
    Test::PrefixNotA,
    Test::PrefixIfThere,
];

impl Test {
    const fn json(self) -> &'static str {
        match self {
            Self::Inside => "{\"ip_equal\":{\"qcs:ip\":\"10.0.0.0/8\"}}",
            Self::Outside => "{\"ip_not_equal\":{\"qcs:ip\":\"10.0.0.0/8\"}}",
            Self::Private => "{\"string_equal\":{\"cos:x-cos-acl\":\"private\"}}",
            Self::PrivateIfThere => "{\"string_equal_if_exist\":{\"cos:x-cos-acl\":[\"private\",\"default\"]}}",
            Self::PrefixA => "{\"string_like\":{\"cos:prefix\":\"a%2F*\"}}",
            Self::PrefixIsA => "{\"string_equal\":{\"cos:prefix\":\"a\"}}",
            Self::PrefixNotA => "{\"string_not_equal\":{\"cos:prefix\":\"a\"}}",
            Self::PrefixIfThere => "{\"string_like_if_exist\":{\"cos:prefix\":\"a*\"}}",
        }
    }

    /// Whether it holds. A prefix is known of listings only; elsewhere it may be anything, and is taken as absent.
    fn holds(self, request: &Ask<'_>) -> bool {
        let prefix = (touches(request.action) == Touches::Prefix && !request.key.is_empty()).then_some(request.key);
        match self {
            Self::Inside => request.ip.is_some_and(|ip| ip.starts_with("10.")),
            Self::Outside => request.ip.is_some_and(|ip| !ip.starts_with("10.")),
            Self::Private => request.acl == Some("private"),
            Self::PrivateIfThere => request.acl.is_none_or(|acl| acl == "private" || acl == "default"),
            Self::PrefixA => prefix.is_some_and(|prefix| prefix.starts_with("a/")),
            Self::PrefixIsA => prefix == Some("a"),
            Self::PrefixNotA => prefix.is_some_and(|prefix| prefix != "a"),
            Self::PrefixIfThere => prefix.is_none_or(|prefix| prefix.starts_with('a')),
        }
    }

    const fn is_about_prefix(self) -> bool {
        matches!(self, Self::PrefixA | Self::PrefixIsA | Self::PrefixNotA | Self::PrefixIfThere)
    }
}

/// A statement before it is written out.
#[derive(Debug, Clone, PartialEq)]
struct Sketch {
    allows: bool,
    actions: Vec<usize>,
    paths: Vec<usize>,
    test: Option<Test>,
}

/// One request of the universe.
#[derive(Debug, Clone, Copy)]
struct Ask<'a> {
    action: &'a str,
    bucket: &'a str,
    key: &'a str,
    ip: Option<&'a str>,
    acl: Option<&'a str>,
    /// In a region or an account that only `*` speaks of.
    is_elsewhere: bool,
}

fn written(path: &str) -> String {
    match path.split_once('/') {
        _ if path == "*" => "*".to_owned(),
        Some(("*", key)) => format!("{HEAD}*/{key}"),
        Some((bucket, key)) => format!("{HEAD}{bucket}-1250000000/{key}"),
        None => format!("{HEAD}{path}"),
    }
}

fn json(sketches: &[Sketch]) -> String {
    let mut text = String::from("{\"version\":\"2.0\",\"statement\":[");
    for (index, sketch) in sketches.iter().enumerate() {
        let effect = if sketch.allows { "allow" } else { "deny" };
        let actions: Vec<String> = sketch.actions.iter().map(|at| format!("\"{}\"", ACTIONS[*at])).collect();
        let resources: Vec<String> = sketch.paths.iter().map(|at| format!("\"{}\"", written(PATHS[*at]))).collect();
        let comma = if index == 0 { "" } else { "," };
        write!(
            text,
            "{comma}{{\"effect\":\"{effect}\",\"action\":[{}],\"resource\":[{}]",
            actions.join(","),
            resources.join(",")
        )
        .unwrap();
        if let Some(test) = sketch.test {
            write!(text, ",\"condition\":{}", test.json()).unwrap();
        }
        text.push('}');
    }
    text + "]}"
}

fn passes(sketches: &[Sketch], request: &Ask<'_>) -> bool {
    let sort = touches(request.action);
    let target = format!("{}-1250000000/{}", request.bucket, if sort == Touches::Bucket { "" } else { request.key });
    let speaks = |sketch: &Sketch| {
        sketch.actions.iter().any(|at| speaks_of(ACTIONS[*at], request.action))
            && sketch.paths.iter().any(|at| match PATHS[*at] {
                "*" => true,
                _ if request.is_elsewhere => false,
                path => {
                    let path = written(path);
                    let path = path.strip_prefix(HEAD).unwrap();
                    holds_path(path, &target, sort)
                }
            })
            && sketch.test.is_none_or(|test| test.holds(request))
    };
    sketches.iter().any(|sketch| sketch.allows && speaks(sketch))
        && !sketches.iter().any(|sketch| !sketch.allows && speaks(sketch))
}

fn keys() -> Vec<String> {
    let mut keys = vec![String::new()];
    let mut from = 0;
    for _ in 0..3 {
        let to = keys.len();
        for at in from..to {
            keys.extend(LETTERS.map(|letter| format!("{}{letter}", keys[at])));
        }
        from = to;
    }
    keys
}

fn requests(keys: &[String], visit: &mut dyn FnMut(&Ask<'_>)) {
    for action in ASKED {
        let sort = touches(action);
        for bucket in ["b", "c", "z"] {
            for key in keys {
                let is_request = match sort {
                    Touches::Object => !key.is_empty(),
                    Touches::Bucket | Touches::Service => key.is_empty(),
                    Touches::Prefix => true,
                };
                if !is_request {
                    continue;
                }
                for ip in ADDRESSES {
                    for acl in ACLS {
                        visit(&Ask { action, bucket, key, ip, acl, is_elsewhere: false });
                    }
                }
            }
        }
    }
}

fn compared(old: &str, new: &str) -> FileDiff {
    let source = |text: &str| Some(Source::new("policy.json", text).unwrap());
    let facts = Facts { kind: Some(PolicyKind::Session), ..Facts::default() };
    diff(source(old), source(new), [&facts, &facts])
}

/// Whether a pattern of either policy reads the prefix key outside of listings, where it is open to the library.
fn is_plain(sketches: &[Sketch]) -> bool {
    let lists_only = |sketch: &Sketch| sketch.actions.iter().all(|at| ACTIONS[*at].ends_with(":GetBucket"));
    sketches.iter().all(|sketch| !sketch.test.is_some_and(Test::is_about_prefix) || lists_only(sketch))
}

/// What became possible in the universe: the actions.
fn widened<'a>(old: &[Sketch], new: &[Sketch], keys: &[String]) -> Vec<&'a str> {
    let mut found = Vec::new();
    requests(keys, &mut |request| {
        let action = ASKED.iter().find(|action| **action == request.action).unwrap();
        if !found.contains(action) && passes(new, request) && !passes(old, request) {
            found.push(*action);
        }
    });
    found
}

/// Each change is one: the example passes on one side and not on the other, for each action.
fn check_changes(changes: &[grantlint::engine::Delta], with: &[Sketch], without: &[Sketch], shown: &str) {
    for change in changes {
        let path = match change.witness.resource.strip_prefix(HEAD) {
            Some(path) => path.to_owned(),
            None if change.witness.resource == "*" => "z-1250000000/".to_owned(),
            None => change.witness.resource.rsplit(':').next().unwrap().to_owned(),
        };
        let is_elsewhere = change.witness.resource != "*" && !change.witness.resource.starts_with(HEAD);
        let (bucket, key) = path.split_once('/').unwrap();
        let bucket = bucket.strip_suffix("-1250000000").unwrap_or(bucket);
        let context: BTreeMap<&str, Option<&str>> =
            change.context.iter().map(|(key, value)| (key.as_str(), value.as_deref())).collect();
        let given = |key: &str| context.get(key).copied().flatten();
        for action in &change.actions {
            // An action that nobody knows has no name to ask for, and may act on the bucket.
            let Some(action) = action.strip_prefix("name/cos:") else { continue };
            if touches(action) == Touches::Object && key.is_empty() {
                continue;
            }
            let open_ips = if context.contains_key("qcs:ip") { vec![given("qcs:ip")] } else { ADDRESSES.to_vec() };
            let open_acls =
                if context.contains_key("cos:x-cos-acl") { vec![given("cos:x-cos-acl")] } else { ACLS.to_vec() };
            for ip in &open_ips {
                for acl in &open_acls {
                    let ask = Ask { action, bucket, key, ip: *ip, acl: *acl, is_elsewhere };
                    assert!(passes(with, &ask), "{ask:?} does not pass\n{change:?}\n{shown}");
                    assert!(!passes(without, &ask), "{ask:?} passes on both sides\n{change:?}\n{shown}");
                }
            }
        }
    }
}

fn sketch() -> impl Strategy<Value = Sketch> {
    (
        proptest::bool::weighted(0.7),
        proptest::collection::vec(0..ACTIONS.len(), 1..3),
        proptest::collection::vec(0..PATHS.len(), 1..3),
        proptest::option::weighted(0.4, 0..TESTS.len()),
    )
        .prop_map(|(allows, actions, paths, test)| {
            let test = test.map(|at| TESTS[at]);
            // A prefix is asked for by listings; a statement that asks for it lists.
            let actions = if test.is_some_and(Test::is_about_prefix) { vec![2] } else { actions };
            Sketch { allows, actions, paths, test }
        })
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config { cases, rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..Config::default() })
}

#[test]
fn what_a_comparison_tells_is_so_and_nothing_else_is() {
    let keys = keys();
    let policy = || proptest::collection::vec(sketch(), 0..4);
    let (mut unknown, mut verdicts) = (0_u32, BTreeMap::new());
    let mut runner = runner(600);
    let pairs = (policy(), policy(), proptest::option::weighted(0.5, 0..3_usize));
    for _ in 0..600 {
        let (old, mut new, change) = pairs.new_tree(&mut runner).unwrap().current();
        // Half of the pairs differ in one statement only.
        if let Some(at) = change {
            let mut one = old.clone();
            match new.first().cloned() {
                Some(sketch) if at < one.len() => one[at] = sketch,
                Some(sketch) => one.push(sketch),
                None => drop(one.pop()),
            }
            new = one;
        }
        let (old_text, new_text) = (json(&old), json(&new));
        let shown = format!("{old_text}\n{new_text}");
        let found = compared(&old_text, &new_text);
        let policy = &found.policies[0];
        assert!(found.unjudged.iter().all(Vec::is_empty), "{shown}");
        check_changes(&policy.added, &new, &old, &shown);
        check_changes(&policy.removed, &old, &new, &shown);
        *verdicts.entry(policy.verdict.word()).or_insert(0_u32) += 1;
        if policy.verdict == Verdict::Unknown {
            unknown += 1;
            continue;
        }
        for (changes, with, without) in [(&policy.added, &new, &old), (&policy.removed, &old, &new)] {
            for action in widened(without, with, &keys) {
                let is_told = changes.iter().flat_map(|change| &change.actions).any(|told| {
                    let name = told.rsplit(':').next().unwrap();
                    name == action || told.starts_with("any later") && glob(name, action)
                });
                assert!(is_told, "{action} is not told\n{changes:?}\n{shown}");
            }
        }
    }
    assert!(unknown < 6, "{unknown} of 600 undecided: {verdicts:?}");
    assert!(verdicts.len() >= 4, "{verdicts:?}");
}

/// The answer; of an action that the catalogue does not know and no statement names there is none, and it is not allowed.
fn asked(text: &str, request: &Ask<'_>, is_open: bool) -> &'static str {
    let source = Source::new("policy.json", text).unwrap();
    let facts = Facts { kind: Some(PolicyKind::Session), ..Facts::default() };
    let mut question = Question {
        action: request.action.to_owned(),
        resource: format!("{HEAD}{}-1250000000/{}", request.bucket, request.key),
        ..Question::default()
    };
    if !is_open {
        for (key, value) in [("qcs:ip", request.ip), ("cos:x-cos-acl", request.acl)] {
            match value {
                Some(value) => question.context.push((key.to_owned(), value.to_owned())),
                None => question.absent.push(key.to_owned()),
            }
        }
    }
    match decide(&source, &facts, &question) {
        Ok(answered) => word(&answered.decision),
        Err(trouble) => {
            assert!(trouble.message.ends_with("and no statement names it"), "{trouble:?}");
            "no"
        }
    }
}

#[test]
fn an_answer_is_that_of_the_naive_evaluator() {
    let keys = keys();
    let mut all: Vec<(String, String, String)> = Vec::new();
    requests(&keys, &mut |request| {
        if request.key.len() < 4 && request.ip.is_none() && request.acl.is_none() {
            all.push((request.action.to_owned(), request.bucket.to_owned(), request.key.to_owned()));
        }
    });
    let policies = proptest::collection::vec(sketch(), 1..5);
    let mut runner = runner(200);
    let picks = proptest::collection::vec(0..all.len(), 20);
    let mut words = BTreeMap::new();
    for _ in 0..200 {
        let (sketches, picks) = (&policies, &picks).new_tree(&mut runner).unwrap().current();
        assert!(is_plain(&sketches));
        let text = json(&sketches);
        for pick in picks {
            let (action, bucket, key) = &all[pick];
            let mut passing = Vec::new();
            for ip in ADDRESSES {
                for acl in ACLS {
                    let ask = Ask { action, bucket, key, ip, acl, is_elsewhere: false };
                    let is_passing = passes(&sketches, &ask);
                    passing.push(is_passing);
                    let answered = asked(&text, &ask, false);
                    let expected = if is_passing { "yes" } else { "no" };
                    assert_eq!(answered, expected, "{ask:?}\n{text}");
                }
            }
            let ask = Ask { action, bucket, key, ip: None, acl: None, is_elsewhere: false };
            let answered = asked(&text, &ask, true);
            let expected = match (passing.contains(&true), passing.contains(&false)) {
                (true, true) => "only if",
                (true, false) => "yes",
                _ => "no",
            };
            assert_eq!(answered, expected, "{ask:?}\n{text}");
            *words.entry(expected).or_insert(0_u32) += 1;
        }
    }
    assert!(words.len() == 3 && words.values().all(|count| *count > 50), "{words:?}");
}

const fn word(decision: &Decision) -> &'static str {
    match decision {
        Decision::Yes(_) => "yes",
        Decision::No(_) => "no",
        Decision::OnlyIf { .. } => "only if",
        Decision::Unknown { .. } => "unknown",
    }
}
