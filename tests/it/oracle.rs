//! `diff` of S3 policies against an exhaustive evaluator.
//!
//! A policy is a sketch over a small vocabulary, and what it permits is computed by definition: a request of a small universe
//! is an action, a target and a context; a resource is matched as one text by recursion; a condition is evaluated by the
//! words of the IAM manual. No code is shared with the library. What becomes possible in the universe must be told by the
//! comparison, and every example that the comparison gives must be one for the evaluator. A failing pair is shrunk.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::Ipv4Addr;
use std::sync::LazyLock;

use grantlint::engine::{Delta, FileDiff, diff};
use grantlint::finding::PolicyKind;
use grantlint::rules::Facts;
use grantlint::semantics::permission::Verdict;
use grantlint::text::Source;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};

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

/// Whether a pattern matches a text: `*` is any run, `?` is one character.
fn glob(pattern: &str, text: &str) -> bool {
    let mut letters = pattern.chars();
    match letters.next() {
        None => text.is_empty(),
        Some('*') => {
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            ends.into_iter().any(|at| glob(letters.as_str(), &text[at..]))
        }
        Some(letter) => {
            let mut rest = text.chars();
            rest.next().is_some_and(|other| letter == '?' || letter == other) && glob(letters.as_str(), rest.as_str())
        }
    }
}

fn is_named(pattern: &str, action: &str) -> bool {
    let pattern = pattern.strip_prefix("s3:").unwrap_or(pattern);
    glob(&pattern.to_lowercase(), &action.to_lowercase())
}

fn is_held(path: &str, target: &Target, sort: Sort) -> bool {
    let path = match (path, sort) {
        ("*", _) => return true,
        (path, Sort::Account) => return path == ":*",
        _ if target.is_elsewhere => return false,
        (":*", _) => "*",
        (path, _) => path,
    };
    match sort {
        Sort::Bucket | Sort::Listing => glob(path, &target.bucket),
        _ if target.key.is_empty() => glob(path, &target.bucket),
        _ => glob(path, &format!("{}/{}", target.bucket, target.key)),
    }
}

fn is_within(range: &str, address: &str) -> bool {
    let (start, bits) = range.split_once('/').unwrap_or((range, "32"));
    let number = |text: &str| text.parse::<Ipv4Addr>().ok().map(u32::from);
    let shift = 32 - bits.parse::<u32>().unwrap();
    let start = number(start).unwrap() >> shift;
    number(address).is_some_and(|address| address >> shift == start)
}

/// Whether a condition holds for a value of its key.
fn meets(test: usize, value: Option<&str>) -> bool {
    let (operator, _, values) = TESTS[test];
    let if_exists = operator.ends_with("IfExists");
    let negated = operator.contains("Not");
    let Some(value) = value else { return if_exists || negated };
    let is_one = values.iter().any(|wanted| {
        if operator.contains("Ip") {
            is_within(wanted, value)
        } else if operator.contains("Like") {
            glob(wanted, value)
        } else {
            *wanted == value
        }
    });
    is_one != negated
}

fn holds_in(test: usize, context: &Context<'_>) -> bool {
    match TESTS[test].1 {
        IP => meets(test, context.ip),
        NETWORK => meets(test, context.network),
        ACL => meets(test, context.acl),
        _ => true,
    }
}

/// A condition on the prefix; an empty prefix is not sent.
fn holds_of(test: usize, target: &Target) -> bool {
    TESTS[test].1 != PREFIX || meets(test, (!target.key.is_empty()).then_some(target.key.as_str()))
}

fn names(sketch: &Sketch, action: &str) -> bool {
    sketch.actions.iter().any(|at| is_named(ACTIONS[*at], action)) != sketch.but_actions
}

/// Whether a request passes: the definition, for any target and context.
fn passes(policy: &[Sketch], action: &str, target: &Target, context: &Context<'_>) -> bool {
    let speaks = |sketch: &Sketch| {
        names(sketch, action)
            && sketch.paths.iter().any(|at| is_held(PATHS[*at], target, sort(action))) != sketch.but_paths
            && sketch.tests.iter().all(|test| holds_in(*test, context) && holds_of(*test, target))
    };
    policy.iter().any(|sketch| sketch.allows && speaks(sketch))
        && !policy.iter().any(|sketch| !sketch.allows && speaks(sketch))
}

/// Targets as bits.
type Bits = [u64; 3];

/// The universe, with what each word of the vocabulary holds of it.
struct Universe {
    targets: Vec<Target>,
    contexts: Vec<Context<'static>>,
    /// By action, the targets it may have.
    valid: Vec<Bits>,
    /// By action and path.
    held: Vec<Vec<Bits>>,
    /// By condition, the contexts, and the targets of a listing.
    meets: Vec<(u64, Bits)>,
}

static UNIVERSE: LazyLock<Universe> = LazyLock::new(Universe::new);

impl Universe {
    fn new() -> Self {
        let mut keys = vec![String::new()];
        for at in 0..13 {
            keys.extend(LETTERS.map(|letter| format!("{}{letter}", keys[at])));
        }
        let elsewhere = ["", "x"].map(|key| Target { bucket: "z".to_owned(), key: key.to_owned(), is_elsewhere: true });
        let of_bucket = |bucket: &&str| {
            let target = |key: &String| Target { bucket: (*bucket).to_owned(), key: key.clone(), is_elsewhere: false };
            keys.iter().map(target).collect::<Vec<_>>()
        };
        let targets: Vec<Target> = BUCKETS.iter().flat_map(of_bucket).chain(elsewhere).collect();
        let mut contexts = Vec::new();
        for ip in ADDRESSES {
            for network in NETWORKS {
                contexts.extend(ACLS.map(|acl| Context { ip, network, acl }));
            }
        }
        assert!(targets.len() <= 192 && contexts.len() <= 64);
        let bits = |test: &dyn Fn(&Target) -> bool| {
            let mut bits = Bits::default();
            for (at, _) in targets.iter().enumerate().filter(|(_, target)| test(target)) {
                bits[at / 64] |= 1 << (at % 64);
            }
            bits
        };
        let valid = |action: &&str| match sort(action) {
            Sort::Object => bits(&|target| !target.key.is_empty()),
            Sort::Bucket | Sort::Account => bits(&|target| target.key.is_empty()),
            Sort::Listing | Sort::Open => bits(&|_| true),
        };
        let held = |action: &&str| -> Vec<Bits> {
            PATHS.iter().map(|path| bits(&|target| is_held(path, target, sort(action)))).collect()
        };
        let meets = (0..TESTS.len()).map(|test| {
            let of_context = contexts.iter().enumerate().filter(|(_, context)| holds_in(test, context));
            (of_context.map(|(at, _)| 1 << at).sum(), bits(&|target| holds_of(test, target)))
        });
        let (valid, held, meets) =
            (ASKED.iter().map(valid).collect(), ASKED.iter().map(held).collect(), meets.collect());
        Self { targets, contexts, valid, held, meets }
    }

    /// The targets that pass, context by context.
    fn permitted(&self, policy: &[Sketch], action: usize) -> Vec<Bits> {
        let mut sides = [vec![Bits::default(); self.contexts.len()], vec![Bits::default(); self.contexts.len()]];
        for sketch in policy.iter().filter(|sketch| names(sketch, ASKED[action])) {
            let mut bits = Bits::default();
            let mut contexts = u64::MAX;
            for (word, own) in bits.iter_mut().enumerate() {
                let held = sketch.paths.iter().fold(0, |all, path| all | self.held[action][*path][word]);
                *own = if sketch.but_paths { !held } else { held } & self.valid[action][word];
                for test in &sketch.tests {
                    *own &= self.meets[*test].1[word];
                    contexts &= self.meets[*test].0;
                }
            }
            for (at, side) in sides[usize::from(sketch.allows)].iter_mut().enumerate() {
                if contexts >> at & 1 == 1 {
                    side.iter_mut().zip(bits).for_each(|(all, own)| *all |= own);
                }
            }
        }
        let [denied, allowed] = sides;
        let rest = |(allowed, denied): (Bits, Bits)| [0, 1, 2].map(|word| allowed[word] & !denied[word]);
        allowed.into_iter().zip(denied).map(rest).collect()
    }

    /// A request that passes `with` and not `without`, for each action that has one.
    fn gained(&self, with: &[Sketch], without: &[Sketch]) -> Vec<(&'static str, &Target, Context<'static>)> {
        let mut found = Vec::new();
        for (index, action) in ASKED.iter().enumerate() {
            let sides = self.permitted(with, index).into_iter().zip(self.permitted(without, index));
            let first = sides.enumerate().find_map(|(context, (with, without))| {
                let at =
                    (0..self.targets.len()).find(|at| (with[at / 64] & !without[at / 64]) >> (at % 64) & 1 == 1)?;
                Some((*action, &self.targets[at], self.contexts[context]))
            });
            found.extend(first);
        }
        found
    }
}

fn json(policy: &[Sketch]) -> String {
    let quoted = |texts: Vec<String>| format!("[\"{}\"]", texts.join("\",\""));
    let mut text = String::from("{\"Version\":\"2012-10-17\",\"Statement\":[");
    for (index, sketch) in policy.iter().enumerate() {
        let path = |at: &usize| match PATHS[*at] {
            "*" => "*".to_owned(),
            path => [HEAD, path.trim_start_matches(':')].concat(),
        };
        write!(
            text,
            "{}{{\"Effect\":\"{}\",\"{}Action\":{},\"{}Resource\":{}",
            if index == 0 { "" } else { "," },
            if sketch.allows { "Allow" } else { "Deny" },
            if sketch.but_actions { "Not" } else { "" },
            quoted(sketch.actions.iter().map(|at| ACTIONS[*at].to_owned()).collect()),
            if sketch.but_paths { "Not" } else { "" },
            quoted(sketch.paths.iter().map(path).collect()),
        )
        .unwrap();
        let tests = sketch.tests.iter().map(|test| {
            let (operator, key, values) = TESTS[*test];
            format!("\"{operator}\":{{\"{key}\":{}}}", quoted(values.iter().map(|value| (*value).to_owned()).collect()))
        });
        let tests: Vec<String> = tests.collect();
        if !tests.is_empty() {
            write!(text, ",\"Condition\":{{{}}}", tests.join(",")).unwrap();
        }
        text.push('}');
    }
    text + "]}"
}

fn compared(old: &[Sketch], new: &[Sketch]) -> FileDiff {
    let source = |policy: &[Sketch]| Some(Source::new("policy.json", json(policy)).unwrap());
    let facts = Facts { kind: Some(PolicyKind::Session), ..Facts::default() };
    diff(source(old), source(new), [&facts, &facts])
}

/// The target of an example; `None` for what is no ARN.
fn target_of(resource: &str) -> Option<Target> {
    let is_elsewhere = resource != "*" && !resource.starts_with(HEAD);
    let path = if resource == "*" { "z" } else { resource.splitn(6, ':').nth(5)? };
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    Some(Target { bucket: bucket.to_owned(), key: key.to_owned(), is_elsewhere })
}

/// What is wrong with a change that was told: its example must pass on one side and not on the other, for each action, and
/// whatever the values of keys that it does not speak of.
fn fault_of_change(change: &Delta, with: &[Sketch], without: &[Sketch]) -> Option<String> {
    let resource = &change.witness.resource;
    let Some(target) = target_of(resource) else { return Some(format!("no resource in {change:?}")) };
    if target.bucket.is_empty() || target.bucket.contains(['*', '?']) {
        return Some(format!("no bucket in {change:?}"));
    }
    let open = |key: &str, all: &'static [Option<&'static str>]| -> Vec<Option<String>> {
        match change.context.iter().find(|(name, _)| name == key) {
            Some((_, value)) => vec![value.clone()],
            None => all.iter().map(|value| value.map(str::to_owned)).collect(),
        }
    };
    let prefixes = open(PREFIX, &PREFIXES);
    let (ips, networks, acls) = (open(IP, &ADDRESSES), open(NETWORK, &NETWORKS), open(ACL, &ACLS));
    let is_change = |action: &str| {
        let has_target = match sort(action) {
            Sort::Object => !target.key.is_empty(),
            Sort::Bucket => target.key.is_empty(),
            Sort::Account => resource == "*",
            Sort::Listing | Sort::Open => true,
        };
        // Of a listing, the key is the prefix.
        let targets: Vec<Target> = match sort(action) {
            Sort::Listing if !target.key.is_empty() => return false,
            Sort::Listing => {
                let keys = prefixes.iter().map(|prefix| prefix.clone().unwrap_or_default());
                keys.map(|key| Target { key, ..target.clone() }).collect()
            }
            _ => vec![target.clone()],
        };
        let is_one = |context: &Context<'_>| {
            let differs =
                |target: &Target| passes(with, action, target, context) && !passes(without, action, target, context);
            targets.iter().all(differs)
        };
        let of_network = |ip: Option<&str>, network: Option<&str>| {
            acls.iter().all(|acl| is_one(&Context { ip, network, acl: acl.as_deref() }))
        };
        let of_ip = |ip: Option<&str>| networks.iter().all(|network| of_network(ip, network.as_deref()));
        has_target && ips.iter().all(|ip| of_ip(ip.as_deref()))
    };
    for told in &change.actions {
        let (name, is_later) = name_of(told);
        let is_so = if is_later {
            LATER.iter().any(|later| is_named(name, later) && is_change(later))
        } else if !ASKED.contains(&name) {
            // Another action of the catalogue; what it acts on is not known here.
            continue;
        } else {
            is_change(name)
        };
        if !is_so {
            return Some(format!("{told} is no example: {change:?}"));
        }
    }
    None
}

/// The name of an action as it was told, and whether it stands for later ones.
fn name_of(told: &str) -> (&str, bool) {
    let name = told.rsplit(':').next().unwrap();
    (name, told.starts_with("any later") || name.contains(['*', '?']))
}

/// The verdict, or what is wrong with it.
fn judged(old: &[Sketch], new: &[Sketch]) -> Result<Verdict, String> {
    let found = compared(old, new);
    let policy = &found.policies[0];
    if let Some(unjudged) = found.unjudged.iter().flatten().next() {
        return Err(format!("unjudged: {unjudged:?}"));
    }
    for (changes, with, without) in [(&policy.added, new, old), (&policy.removed, old, new)] {
        if let Some(fault) = changes.iter().find_map(|change| fault_of_change(change, with, without)) {
            return Err(fault);
        }
        if policy.verdict == Verdict::Unknown {
            continue;
        }
        for (action, target, context) in UNIVERSE.gained(with, without) {
            let is_told = changes.iter().flat_map(|change| &change.actions).any(|told| {
                let (name, is_later) = name_of(told);
                name.eq_ignore_ascii_case(action) || is_later && is_named(name, action)
            });
            if !is_told {
                return Err(format!("{action} on {target:?} in {context:?} is not told: {:?}", policy.verdict));
            }
        }
    }
    let expected = match (policy.added.is_empty(), policy.removed.is_empty()) {
        (true, true) => Verdict::Equal,
        (true, false) => Verdict::Narrower,
        (false, true) => Verdict::Wider,
        (false, false) => Verdict::Incomparable,
    };
    if policy.verdict != expected && policy.verdict != Verdict::Unknown {
        return Err(format!("{:?} and not {expected:?}", policy.verdict));
    }
    Ok(policy.verdict)
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
