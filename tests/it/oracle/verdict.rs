//! What the comparison tells of two policies, held against the evaluator.

use std::fmt::Write as _;

use grantlint::engine::{Delta, FileDiff, diff};
use grantlint::finding::PolicyKind;
use grantlint::rules::Facts;
use grantlint::semantics::permission::Verdict;
use grantlint::text::Source;

use super::evaluator::{UNIVERSE, is_named, passes};
use super::{
    ACL, ACLS, ACTIONS, ADDRESSES, ASKED, Context, HEAD, IP, LATER, NETWORK, NETWORKS, PATHS, PREFIX, PREFIXES, Sketch,
    Sort, TESTS, Target, sort,
};

pub(super) fn json(policy: &[Sketch]) -> String {
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
pub(super) fn target_of(resource: &str) -> Option<Target> {
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
pub(super) fn judged(old: &[Sketch], new: &[Sketch]) -> Result<Verdict, String> {
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
