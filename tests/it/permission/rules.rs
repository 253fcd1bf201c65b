//! What rules say of statements among the others of their policy, against the naive evaluator.

use grantlint::engine::analyse;
use grantlint::finding::{PolicyKind, Profile};
use grantlint::rules::{Facts, Filter};
use grantlint::text::Source;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

use super::{ACLS, ACTIONS, ADDRESSES, Ask, PATHS, Sketch, json, keys, passes, requests, runner, sketch};

/// The statements of which each of these rules speaks.
fn spoken_of(text: &str, rules: [&str; 3]) -> [Vec<usize>; 3] {
    let source = Source::new("policy.json", text).unwrap();
    let facts = Facts { kind: Some(PolicyKind::Session), ..Facts::default() };
    let findings = analyse(&source, &facts, &Filter { profile: Profile::Audit, ..Filter::default() }).findings;
    rules.map(|rule| {
        let of_rule = findings.iter().filter(|finding| finding.rule.name == rule);
        of_rule.map(|finding| finding.pointer.split('/').nth(2).unwrap().parse().unwrap()).collect()
    })
}

/// Whether some request of the universe passes one policy and not the other one.
fn is_wider(one: &[Sketch], other: &[Sketch], keys: &[String]) -> bool {
    let mut found = false;
    requests(keys, &mut |request| found = found || (passes(one, request) && !passes(other, request)));
    found
}

#[test]
fn what_rules_say_of_a_statement_among_others_is_so() {
    let keys = keys();
    let mut runner = runner(1);
    let policy = proptest::collection::vec(sketch(), 2..6);
    let mut counts = [0; 4];
    for _ in 0..600 {
        let mut sketches = policy.new_tree(&mut runner).unwrap().current();
        // Each policy lists a bucket, too.
        let test = sketches.last().and_then(|last| last.test).filter(|test| test.is_about_prefix());
        sketches.push(Sketch { allows: true, actions: vec![2], paths: vec![1], test });
        let text = json(&sketches);
        let [cancelled, redundant, listing] =
            spoken_of(&text, ["cancelled-grant", "redundant-grant", "unlimited-listing"]);
        let denies = || sketches.iter().filter(|sketch| !sketch.allows).cloned();
        for at in cancelled {
            let own: Vec<Sketch> = denies().chain([sketches[at].clone()]).collect();
            assert!(!is_wider(&own, &[], &keys), "statement {} is not cancelled\n{text}", at + 1);
            counts[0] += 1;
        }
        for at in redundant {
            let others = sketches.iter().enumerate().filter(|(other, sketch)| *other != at && sketch.allows);
            let others: Vec<Sketch> = others.map(|(_, sketch)| sketch.clone()).collect();
            assert!(!is_wider(&[sketches[at].clone()], &others, &keys), "statement {} adds something\n{text}", at + 1);
            counts[1] += 1;
        }
        // Listings of one bucket alone: whatever is listed there may be a prefix that nobody names, or is not.
        for (at, own) in sketches.iter().enumerate() {
            let lists = own.actions.iter().all(|action| ACTIONS[*action] == "name/cos:GetBucket");
            if !own.allows || !lists || own.paths.iter().any(|path| PATHS[*path] != "b/") {
                continue;
            }
            let all: Vec<Sketch> = denies().chain([own.clone()]).collect();
            let lists_all = ["", "z", "z/"].iter().any(|key| {
                let asks = ADDRESSES.iter().flat_map(|ip| ACLS.iter().map(move |acl| (*ip, *acl)));
                asks.map(|(ip, acl)| Ask { action: "GetBucket", bucket: "b", key, ip, acl, is_elsewhere: false })
                    .any(|ask| passes(&all, &ask))
            });
            assert_eq!(listing.contains(&at), lists_all, "statement {}\n{text}", at + 1);
            counts[2 + usize::from(lists_all)] += 1;
        }
    }
    assert!(counts.iter().all(|count| *count >= 5), "{counts:?}");
}
