//! The matrix against a naive evaluator, by exhaustion.
//!
//! Over a small alphabet every path can be asked: the universe below holds every key of up to four letters in three
//! buckets; one letter and one bucket no pattern names, so that whatever a wildcard matches and nothing else does has its
//! representative. A cell that says *all* must be granted for each sample of its column, *some* for its witness and not
//! for all, *none* for no sample.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use grantlint::engine::matrices;
use grantlint::finding::{PolicyKind, Profile};
use grantlint::rules::Facts;
use grantlint::semantics::matrix::{Cell, Grant, Matrix};
use grantlint::text::Source;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rayon::prelude::*;

use super::naive::{self, Statement, Touches, holds, judge, touches};
use super::support::{Judged, all_fixtures, nothing_wrong};

const HEAD: &str = "qcs::cos:ap-guangzhou:uid/1250000000:";
const BUCKETS: [&str; 3] = ["b-1250000000", "c-1250000000", "z-1250000000"];

/// The letters of keys; no pattern names `z`, neither here nor as a bucket.
const LETTERS: [char; 3] = ['a', 'z', '/'];

/// What may stand in a resource behind the bucket; `*` alone is a resource of its own.
const PATHS: [&str; 14] =
    ["*", "b/", "b/*", "b/a*", "b/a/*", "b/*a", "b/a", "b/a/a", "b/a*a", "b/*a*", "c/", "c/*", "c/a/*", "*/a"];

/// One action for each thing that an action touches, one that needs another, and wildcards.
const ACTIONS: [&str; 10] = [
    "name/cos:PutObject",
    "name/cos:GetObject",
    "name/cos:GetBucket",
    "name/cos:PutBucketCORS",
    "name/cos:GetService",
    "name/cos:Put*",
    "name/cos:*Object",
    "name/cos:Get*",
    "name/cos:*",
    "*",
];

/// The actions whose cells are compared.
const ASKED: [&str; 9] = [
    "PutObject",
    "GetObject",
    "DeleteObject",
    "GetBucket",
    "GetBucketObjectVersions",
    "PutBucketCORS",
    "GetBucketPolicy",
    "GetService",
    "ListJobs",
];

fn resource(path: &str) -> String {
    match path {
        "*" => "*".to_owned(),
        _ => match path.split_once('/') {
            Some(("*", key)) => format!("{HEAD}*/{key}"),
            Some((bucket, key)) => format!("{HEAD}{bucket}-1250000000/{key}"),
            None => format!("{HEAD}{path}"),
        },
    }
}

/// A statement before it is written out: indices into the tables.
#[derive(Debug, Clone, PartialEq)]
struct Sketch {
    allows: bool,
    actions: Vec<usize>,
    paths: Vec<usize>,
    is_conditional: bool,
}

fn write(sketches: &[Sketch]) -> String {
    let mut text = String::from("{\"version\": \"2.0\", \"statement\": [");
    for (number, sketch) in sketches.iter().enumerate() {
        let list = |items: Vec<String>| items.iter().map(|item| format!("\"{item}\"")).collect::<Vec<_>>().join(", ");
        // Each statement asks for another key: the second opinion takes conditions as independent of each other.
        let test = format!(", \"condition\": {{\"string_equal\": {{\"cos:key-{number}\": \"x\"}}}}");
        let condition = if sketch.is_conditional { test.as_str() } else { "" };
        write!(
            text,
            "{}{{\"effect\": \"{}\", \"action\": [{}], \"resource\": [{}]{condition}}}",
            if number == 0 { "" } else { ", " },
            if sketch.allows { "allow" } else { "deny" },
            list(sketch.actions.iter().map(|at| ACTIONS[*at].to_owned()).collect()),
            list(sketch.paths.iter().map(|at| resource(PATHS[*at])).collect()),
        )
        .unwrap();
    }
    text.push_str("]}");
    text
}

/// Every request target for an action that touches this.
fn samples(touches: Touches) -> Vec<String> {
    let bucket = |bucket: &str| format!("{HEAD}{bucket}/");
    let mut keys = vec![String::new()];
    let mut from = 0;
    for _ in 0..4 {
        let to = keys.len();
        for at in from..to {
            let longer: Vec<String> = LETTERS.iter().map(|letter| format!("{}{letter}", keys[at])).collect();
            keys.extend(longer);
        }
        from = to;
    }
    let keys_of = |least: usize| {
        let long_enough = keys.iter().filter(move |key| key.len() >= least);
        long_enough.flat_map(move |key| BUCKETS.map(|name| format!("{}{key}", bucket(name)))).collect()
    };
    match touches {
        Touches::Service => vec!["*".to_owned()],
        Touches::Bucket => BUCKETS.map(bucket).to_vec(),
        Touches::Object => keys_of(1),
        Touches::Prefix => keys_of(0),
    }
}

/// The samples of each sort, and which of them each resource holds.
struct Universe {
    samples: HashMap<Touches, Vec<String>>,
    held: HashMap<(String, Touches), Vec<bool>>,
}

impl Universe {
    fn new() -> Self {
        let sorts = [Touches::Object, Touches::Bucket, Touches::Prefix, Touches::Service];
        let samples: HashMap<Touches, Vec<String>> = sorts.into_iter().map(|sort| (sort, samples(sort))).collect();
        let mut held = HashMap::new();
        for path in PATHS.map(resource) {
            for sort in sorts {
                let holds = samples[&sort].iter().map(|target| holds(&path, target, sort)).collect();
                held.insert((path.clone(), sort), holds);
            }
        }
        Self { samples, held }
    }

    /// For each sample of the column: may it pass, must it?
    fn ask(&self, statements: &[Statement], action: &str, column: &str) -> Vec<(usize, bool, bool)> {
        let sort = touches(action);
        let bits = |resource: &String| &self.held[&(resource.clone(), sort)];
        let speaking: Vec<(&Statement, Vec<&Vec<bool>>)> = statements
            .iter()
            .filter(|s| s.actions.iter().any(|pattern| naive::speaks_of(pattern, action)))
            .map(|s| (s, s.resources.iter().map(bits).collect()))
            .collect();
        let own = bits(&column.to_owned());
        let any = |at: usize, allows: bool, is_firm: bool| {
            speaking.iter().any(|(s, held)| {
                s.allows == allows && (!is_firm || !s.is_conditional) && held.iter().any(|bits| bits[at])
            })
        };
        (0..own.len())
            .filter(|at| own[*at])
            .map(|at| {
                let may = any(at, true, false) && !any(at, false, true);
                (at, may, any(at, true, true) && !any(at, false, false))
            })
            .collect()
    }
}

fn matrix_of(text: &str) -> Matrix {
    let source = Source::new("policy.json", text).unwrap();
    let facts = Facts { kind: Some(PolicyKind::Session), ..Facts::default() };
    matrices(&source, &facts, false).policies.remove(0).matrix.unwrap()
}

/// The cells by action and column, without those of actions that do not exist yet.
fn cells(matrix: &Matrix) -> BTreeMap<(String, String), Cell> {
    let mut found = BTreeMap::new();
    for row in matrix.rows.iter().filter(|row| !row.is_future) {
        for action in &row.actions {
            for (column, cell) in matrix.columns.iter().zip(&row.cells) {
                found.insert((action.clone(), column.resource.clone()), cell.clone());
            }
        }
    }
    found
}

fn word(grant: &Grant) -> &'static str {
    match grant {
        Grant::All => "all",
        Grant::Some(_) => "some",
        Grant::None => "none",
        Grant::Unknown => "unknown",
    }
}

/// What is wrong with the matrix of a policy, if anything. `unknown` counts the cells that were not decided.
fn faults(universe: &Universe, sketches: &[Sketch], unknown: &mut usize) -> Vec<String> {
    let text = write(sketches);
    let statements = naive::statements(&text).unwrap();
    let mut wrong = Vec::new();
    for ((action, column), cell) in cells(&matrix_of(&text)) {
        if !ASKED.contains(&action.as_str()) {
            continue;
        }
        let asked = universe.ask(&statements, &action, &column);
        let samples = &universe.samples[&touches(&action)];
        let first = |test: fn(&(usize, bool, bool)) -> bool| asked.iter().find(|a| test(a)).map(|a| &samples[a.0]);
        let (may, not_may, not_must) = (first(|a| a.1), first(|a| !a.1), first(|a| a.1 && !a.2));
        let right = match (&cell.grant, may, not_may) {
            (Grant::All, Some(_), None) | (Grant::None, None, _) => true,
            (Grant::Some(path), Some(_), Some(_)) => {
                let target =
                    if path.starts_with("qcs:") || path == "*" { path.clone() } else { format!("{HEAD}{path}") };
                let is_granted = judge(&statements, &action, &target).may && holds(&column, &target, touches(&action));
                if !is_granted {
                    wrong.push(format!("{action} on {column}: the witness `{path}` is not granted\n  {text}"));
                }
                true
            }
            (Grant::Unknown, ..) => {
                *unknown += 1;
                true
            }
            _ => false,
        };
        if !right {
            let (may, not) = (may.map_or("none", |s| s), not_may.map_or("none", |s| s));
            let said = word(&cell.grant);
            wrong.push(format!("{action} on {column}: says {said}; granted: {may}; not granted: {not}\n  {text}"));
        } else if !cell.conditional && cell.grant == Grant::All && not_must.is_some() {
            let sample = not_must.map_or("", |s| s);
            wrong.push(format!(
                "{action} on {column}: says all, unconditional; {sample} hangs on a condition\n  {text}"
            ));
        } else if cell.conditional && cell.grant == Grant::All && not_must.is_none() {
            wrong.push(format!("{action} on {column}: says conditional; no sample hangs on one\n  {text}"));
        }
    }
    wrong
}

/// Fail with a few of the complaints, the shortest first.
#[track_caller]
fn few(mut wrong: Vec<String>) {
    let count = wrong.len();
    wrong.sort_by_key(|complaint| (complaint.len(), complaint.clone()));
    wrong.truncate(10);
    assert!(wrong.is_empty(), "{count} complaints, among them:\n{}", wrong.join("\n"));
}

fn sketch(allows: bool, action: usize, path: usize, is_conditional: bool) -> Sketch {
    Sketch { allows, actions: vec![action], paths: vec![path], is_conditional }
}

/// Allow, deny and allow again, of one action, on every three resources.
fn exhaust(conditions: [bool; 3]) -> (Vec<String>, usize) {
    let universe = Universe::new();
    (0..PATHS.len() * PATHS.len())
        .into_par_iter()
        .map(|pair| {
            let (mut wrong, mut unknown) = (Vec::new(), 0);
            let (one, two) = (pair / PATHS.len(), pair % PATHS.len());
            for action in [0, 2, 3, 4] {
                // The third statement adds little to most pairs: every other resource is enough.
                for three in (0..PATHS.len()).step_by(2) {
                    let sketches = [
                        sketch(true, action, one, conditions[0]),
                        sketch(false, action, two, conditions[1]),
                        sketch(true, action, three, conditions[2]),
                    ];
                    wrong.extend(faults(&universe, &sketches, &mut unknown));
                }
            }
            (wrong, unknown)
        })
        .reduce(
            || (Vec::new(), 0),
            |mut a, b| {
                a.0.extend(b.0);
                (a.0, a.1 + b.1)
            },
        )
}

#[test]
fn every_cell_is_right_without_conditions() {
    let (wrong, unknown) = exhaust([false; 3]);
    few(wrong);
    assert_eq!(unknown, 0, "cells that were not decided");
}

#[test]
fn every_cell_is_right_with_conditional_allows_and_denies() {
    few(exhaust([true, false, false]).0.into_iter().chain(exhaust([false, true, false]).0).collect());
}

fn any_sketch() -> impl Strategy<Value = Sketch> {
    let some = |most: usize, of: usize| proptest::collection::btree_set(0..of, 1..=most);
    (prop::bool::weighted(0.7), some(3, ACTIONS.len()), some(2, PATHS.len()), prop::bool::weighted(0.2)).prop_map(
        |(allows, actions, paths, is_conditional)| Sketch {
            allows,
            actions: actions.into_iter().collect(),
            paths: paths.into_iter().collect(),
            is_conditional,
        },
    )
}

fn any_policy() -> impl Strategy<Value = Vec<Sketch>> {
    proptest::collection::vec(any_sketch(), 2..=4)
}

/// How much is granted, by action and column.
fn grants(sketches: &[Sketch]) -> BTreeMap<(String, String), (&'static str, bool)> {
    let cells = cells(&matrix_of(&write(sketches)));
    cells.into_iter().map(|(place, cell)| (place, (word(&cell.grant), cell.conditional))).collect()
}

/// `none` below `some` below `all`; `unknown` may be anything.
fn rank(word: &str, unknown: u8) -> u8 {
    match word {
        "none" => 0,
        "some" => 1,
        "all" => 2,
        _ => unknown,
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(250),
        failure_persistence: None,
        // The same policies in every run; PROPTEST_CASES asks for more of them.
        rng_seed: RngSeed::Fixed(20_261_124),
        ..ProptestConfig::default()
    })]

    #[test]
    fn random_policies_are_judged_as_the_second_opinion_has_it(sketches in any_policy()) {
        let universe = Universe::new();
        let wrong = faults(&universe, &sketches, &mut 0);
        prop_assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn the_order_of_statements_does_not_matter(sketches in any_policy(), turn in 1_usize..4) {
        let mut turned = sketches.clone();
        let len = turned.len();
        turned.rotate_left(turn % len);
        turned.swap(0, len - 1);
        prop_assert_eq!(grants(&sketches), grants(&turned));
    }

    #[test]
    fn a_deny_never_adds_and_an_allow_never_removes(sketches in any_policy(), more in any_sketch()) {
        let before = grants(&sketches);
        let mut longer = sketches.clone();
        longer.push(more.clone());
        let after = grants(&longer);
        for (place, (old, _)) in &before {
            let (new, _) = after[place];
            if more.allows {
                prop_assert!(rank(new, 2) >= rank(old, 0), "{place:?}: {old}, then {new}");
            } else {
                prop_assert!(rank(new, 0) <= rank(old, 2), "{place:?}: {old}, then {new}");
            }
        }
    }

    #[test]
    fn every_witness_of_a_random_policy_passes(sketches in any_policy()) {
        let text = write(&sketches);
        let statements = naive::statements(&text).unwrap();
        for finding in Judged::session(&text, Profile::Audit).findings() {
            if let Some(witness) = &finding.witness {
                let action = witness.action.strip_prefix("name/cos:").unwrap();
                let answer = judge(&statements, action, &witness.resource);
                prop_assert!(answer.may, "{}: {witness:?}\n{text}", finding.rule.name);
            }
        }
    }
}

#[test]
fn every_witness_of_a_fixture_passes() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for fixture in all_fixtures() {
        let Some(statements) = fixture.text().and_then(naive::statements) else { continue };
        // The naive judge reads one provider's policies; `dialects` has the witnesses of the others.
        if fixture.analyse(Profile::Audit).analysed.policies.iter().any(|policy| policy.dialect != "cos") {
            continue;
        }
        for finding in fixture.analyse(Profile::Audit).findings() {
            let Some(witness) = &finding.witness else { continue };
            let Some(action) = witness.action.strip_prefix("name/cos:") else {
                wrong.push(format!("{}: {} names the action {}", fixture.id, finding.rule.name, witness.action));
                continue;
            };
            count += 1;
            // With a layout a witness is one of the policy that the user to whom it is granted gets.
            let granted_to = finding.message.split_once("`, to whom it is granted");
            let filled = granted_to.and_then(|(before, _)| before.rsplit('`').next()).and_then(|name| {
                let filled = fixture.text()?.replace("<Username>", name).replace("{user}", name);
                naive::statements(&filled)
            });
            if !judge(filled.as_ref().unwrap_or(&statements), action, &witness.resource).may {
                wrong.push(format!("{}: {}: {action} on {}", fixture.id, finding.rule.name, witness.resource));
            }
        }
    }
    assert!(count > 300, "only {count} witnesses");
    nothing_wrong(&wrong);
}

#[test]
fn the_samples_are_as_many_as_they_should_be() {
    assert_eq!(samples(Touches::Object).len(), 3 * (3 + 9 + 27 + 81));
    assert_eq!(samples(Touches::Prefix).len(), 3 + samples(Touches::Object).len());
}
