//! `diff` of S3 policies against an exhaustive evaluator.
//!
//! A policy is a sketch over a small vocabulary, and what it permits is computed by definition: a request of a small universe
//! is an action, a target and a context; a resource is matched as one text by recursion; a condition is evaluated by the
//! words of the IAM manual. No code is shared with the library. What becomes possible in the universe must be told by the
//! comparison, and every example that the comparison gives must be one for the evaluator. A failing pair is shrunk.

mod evaluator;
mod verdict;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use grantlint::engine::diff;
use grantlint::finding::PolicyKind;
use grantlint::rules::Facts;
use grantlint::semantics::permission::Verdict;
use grantlint::text::Source;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use verdict::{json, judged, target_of};

const HEAD: &str = "arn:aws:s3:::";
const PAIRS: u32 = 6000;

const ACTIONS: [&str; 17] = [
    "s3:GetObject",
    "s3:getobject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:ListBucket",
    "s3:GetBucketPolicy",
    "s3:ListAllMyBuckets",
    "s3:GetFuture",
    "s3:GetF*",
    "s3:Get*",
    "s3:Put*",
    "s3:*Object",
    "s3:?etObject",
    "s3:List*",
    "s3:*Bucket*",
    "s3:*",
    "*",
];

/// What of `ACTIONS` a statement with a condition on the listed prefix has.
const LISTS: usize = 4;

/// The actions of the universe. `GetFuture` and `PutOther` are no actions of the catalogue; the second is written by nobody.
const ASKED: [&str; 9] = [
    "GetObject",
    "PutObject",
    "DeleteObject",
    "ListBucket",
    "GetBucketPolicy",
    "PutBucketPolicy",
    "ListAllMyBuckets",
    "GetFuture",
    "PutOther",
];

/// Names that nobody knows, for examples of actions that are yet to come: one at least for each set of wildcards.
static LATER: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut names = vec!["QetObject".to_owned()];
    for start in ["Qq", "GetQq", "GetFq", "PutQq", "ListQq"] {
        names.extend(["", "Object", "BucketQq", "BucketQqObject"].map(|end| format!("{start}{end}")));
    }
    names
});

/// Resources: `*`, and what stands behind the colons of an ARN.
const PATHS: [&str; 27] = [
    "*", ":*", "b", "b*", "b?", "?", "b?a", "*a", "b*a", "b/*", "b/a*", "b/a/*", "b/?", "b/a?", "b/*a", "b/?/*", "b/a",
    "*/a", "b*/a", "?/a", "b?/*", "z", "z/*", "b/?*", "b/*/a", "b/a*a", "b/??a",
];

/// The letter `x` is named by no pattern, and so is the bucket `z` but for itself.
const LETTERS: [char; 3] = ['a', 'x', '/'];

const BUCKETS: [&str; 4] = ["b", "bc", "bxa", "z"];
const ADDRESSES: [Option<&str>; 4] = [None, Some("10.0.0.1"), Some("10.9.0.1"), Some("192.168.7.7")];
const NETWORKS: [Option<&str>; 5] = [None, Some("a"), Some("ab"), Some("b"), Some("q")];
const PREFIXES: [Option<&str>; 6] = [None, Some("a"), Some("ax"), Some("a/x"), Some("xx"), Some("xaa")];
const ACLS: [Option<&str>; 3] = [None, Some("private"), Some("public-read")];
const IP: &str = "aws:SourceIp";
const NETWORK: &str = "aws:SourceVpc";
const ACL: &str = "s3:x-amz-acl";
const PREFIX: &str = "s3:prefix";

/// Conditions: operator, key, values.
const TESTS: [(&str, &str, &[&str]); 26] = [
    ("IpAddress", IP, &["10.0.0.0/8"]),
    ("IpAddress", IP, &["10.0.0.0/16", "192.168.0.0/16"]),
    ("NotIpAddress", IP, &["10.0.0.0/8"]),
    ("NotIpAddress", IP, &["10.0.0.0/16", "192.168.7.7"]),
    ("IpAddressIfExists", IP, &["10.0.0.0/16"]),
    ("NotIpAddressIfExists", IP, &["10.0.0.0/16"]),
    ("StringEquals", NETWORK, &["a"]),
    ("StringEquals", NETWORK, &["a*", "b"]),
    ("StringNotEquals", NETWORK, &["a", "b"]),
    ("StringLike", NETWORK, &["a*"]),
    ("StringLike", NETWORK, &["a?", "b"]),
    ("StringLike", NETWORK, &["?"]),
    ("StringNotLike", NETWORK, &["a*"]),
    ("StringEqualsIfExists", NETWORK, &["ab"]),
    ("StringNotEqualsIfExists", NETWORK, &["ab"]),
    ("StringLikeIfExists", NETWORK, &["?*b"]),
    ("StringEquals", ACL, &["private"]),
    ("StringEqualsIfExists", ACL, &["private", "bucket-owner-read"]),
    ("StringNotEquals", ACL, &["public-read"]),
    ("StringLikeIfExists", ACL, &["p*"]),
    ("StringEquals", PREFIX, &["a"]),
    ("StringLike", PREFIX, &["a*", "x?"]),
    ("StringNotEquals", PREFIX, &["a"]),
    ("StringNotLike", PREFIX, &["?a*"]),
    ("StringLikeIfExists", PREFIX, &["a/*"]),
    ("StringEqualsIfExists", PREFIX, &["a", "ax"]),
];

/// A statement before it is written out; the numbers are indices of the tables above.
#[derive(Debug, Clone, PartialEq)]
struct Sketch {
    allows: bool,
    but_actions: bool,
    actions: Vec<usize>,
    but_paths: bool,
    paths: Vec<usize>,
    tests: Vec<usize>,
}

/// What an action acts on.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sort {
    Object,
    Bucket,
    /// The bucket; its prefix is a value of the request.
    Listing,
    Account,
    /// An action that nobody knows acts on the bucket or on a key.
    Open,
}

fn sort(action: &str) -> Sort {
    match action {
        "GetObject" | "PutObject" | "DeleteObject" => Sort::Object,
        "GetBucketPolicy" | "PutBucketPolicy" => Sort::Bucket,
        "ListBucket" => Sort::Listing,
        "ListAllMyBuckets" => Sort::Account,
        _ => Sort::Open,
    }
}

/// What a request acts on. In a listing the key is the prefix.
#[derive(Debug, Clone, PartialEq)]
struct Target {
    bucket: String,
    key: String,
    /// In a partition that only `*` speaks of.
    is_elsewhere: bool,
}

#[derive(Debug, Clone, Copy)]
struct Context<'a> {
    ip: Option<&'a str>,
    network: Option<&'a str>,
    acl: Option<&'a str>,
}

/// The policy with one thing less, in every way.
fn smaller(policy: &[Sketch]) -> Vec<Vec<Sketch>> {
    let mut found = Vec::new();
    for at in 0..policy.len() {
        let mut less = policy.to_vec();
        less.remove(at);
        found.push(less);
        let own = &policy[at];
        let mut add = |change: &dyn Fn(&mut Sketch)| {
            let mut less = policy.to_vec();
            change(&mut less[at]);
            if less[at] != *own && !less[at].actions.is_empty() && !less[at].paths.is_empty() {
                found.push(less);
            }
        };
        add(&|sketch| sketch.but_actions = false);
        add(&|sketch| sketch.but_paths = false);
        for index in 0..own.actions.len() {
            add(&|sketch| {
                sketch.actions.remove(index);
            });
        }
        for index in 0..own.paths.len() {
            add(&|sketch| {
                sketch.paths.remove(index);
            });
        }
        for index in 0..own.tests.len() {
            add(&|sketch| {
                sketch.tests.remove(index);
            });
        }
    }
    found
}

/// The smallest pair that fails, in words.
fn shrunk(mut old: Vec<Sketch>, mut new: Vec<Sketch>, mut fault: String) -> String {
    loop {
        let pairs = smaller(&old).into_iter().map(|less| (less, new.clone()));
        let pairs = pairs.chain(smaller(&new).into_iter().map(|less| (old.clone(), less)));
        let next = pairs.into_iter().find_map(|(old, new)| judged(&old, &new).err().map(|fault| (old, new, fault)));
        match next {
            Some(pair) => (old, new, fault) = pair,
            None => return format!("{fault}\n{}\n{}", json(&old), json(&new)),
        }
    }
}

fn sketch() -> impl Strategy<Value = Sketch> {
    let count = || prop_oneof![3 => Just(1_usize), 2 => Just(2), 1 => Just(3)];
    let actions = count().prop_flat_map(|count| proptest::collection::vec(0..ACTIONS.len(), count));
    let paths = count().prop_flat_map(|count| proptest::collection::vec(0..PATHS.len(), count));
    let tests = prop_oneof![5 => Just(0_usize), 3 => Just(1), 2 => Just(2)]
        .prop_flat_map(|count| proptest::collection::vec(0..TESTS.len(), count));
    let flag = proptest::bool::weighted;
    (flag(0.65), flag(0.15), actions, flag(0.15), paths, tests).prop_map(
        |(allows, but_actions, actions, but_paths, paths, mut tests)| {
            if tests.len() == 2 && TESTS[tests[0]].0 == TESTS[tests[1]].0 {
                tests.pop();
            }
            // A prefix is asked for by listings; a statement that asks for it lists.
            let lists = tests.iter().any(|test| TESTS[*test].1 == PREFIX);
            let actions = if lists { vec![LISTS] } else { actions };
            Sketch { allows, but_actions: but_actions && !lists, actions, but_paths, paths, tests }
        },
    )
}

#[test]
fn an_example_is_a_request() {
    let statement = |effect: &str, action: &str, resource: &str| {
        format!(r#"{{"Effect":"{effect}","Action":"{action}","Resource":"{resource}"}}"#)
    };
    let policy = |statements: &[String]| format!(r#"{{"Statement":[{}]}}"#, statements.join(","));
    let everything = statement("Allow", "s3:GetObject", "*");
    let facts = Facts { kind: Some(PolicyKind::Session), ..Facts::default() };
    let between = |old: &[String], new: &[String]| {
        let source = |statements| Some(Source::new("policy.json", policy(statements)).unwrap());
        diff(source(old), source(new), [&facts, &facts])
    };
    // Every resource has a region and an account, though both be empty, and a bucket has a name.
    let found = between(std::slice::from_ref(&everything), &[statement("Allow", "s3:GetObject", "arn:*:s3:*:*:?*/?*")]);
    assert_eq!(found.verdict(), Verdict::Equal, "{:?}", found.policies[0].removed);
    let denied = statement("Deny", "s3:GetObject", "arn:aws:s3:::*");
    for change in &between(&[], &[everything, denied]).policies[0].added {
        assert_eq!(change.witness.resource.splitn(6, ':').count(), 6, "{change:?}");
    }
    let found = between(&[], &[statement("Allow", "s3:GetObject", "arn:aws:s3:::?/a")]);
    let target = target_of(&found.policies[0].added[0].witness.resource).unwrap();
    assert!(!target.bucket.is_empty(), "{target:?}");
    // Two wildcards that only a known action fits are about no later action.
    let both = ["s3:?etObject", "s3:Get*"].map(|action| statement("Allow", action, "arn:aws:s3:::b/a"));
    let found = between(&both, &[]);
    let told = found.policies[0].removed.iter().flat_map(|change| &change.actions);
    assert_eq!(told.filter(|action| action.ends_with("?etObject")).count(), 1, "{:?}", found.policies[0].removed);
}

#[test]
fn s3_verdicts_are_those_of_an_exhaustive_evaluator() {
    let config = Config { cases: PAIRS, rng_seed: RngSeed::Fixed(11), failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let policy = || proptest::collection::vec(sketch(), 0..4);
    let pairs = (policy(), policy(), proptest::option::weighted(0.6, 0..3_usize));
    let mut verdicts: BTreeMap<&str, u32> = BTreeMap::new();
    let mut faults = Vec::new();
    for _ in 0..PAIRS {
        let (old, mut new, change) = pairs.new_tree(&mut runner).unwrap().current();
        // Most pairs differ in one statement only.
        if let Some(at) = change {
            let mut one = old.clone();
            match new.first().cloned() {
                Some(sketch) if at < one.len() => one[at] = sketch,
                Some(sketch) => one.push(sketch),
                None => drop(one.pop()),
            }
            new = one;
        }
        match judged(&old, &new) {
            Ok(verdict) => *verdicts.entry(verdict.word()).or_default() += 1,
            Err(fault) => faults.push((old, new, fault)),
        }
    }
    let wrong = faults.len();
    let shown: Vec<String> = faults.into_iter().take(3).map(|(old, new, fault)| shrunk(old, new, fault)).collect();
    assert!(shown.is_empty(), "{wrong} of {PAIRS} are wrong, such as\n{}", shown.join("\n\n"));
    let unknown = verdicts.get("unknown").copied().unwrap_or_default();
    assert!(unknown * 100 < PAIRS, "{unknown} of {PAIRS} are undecided: {verdicts:?}");
    let decided = verdicts.iter().filter(|(word, _)| **word != "unknown");
    println!("{verdicts:?}");
    assert!(decided.clone().count() == 4 && decided.clone().all(|(_, count)| *count > 100), "{verdicts:?}");
}
