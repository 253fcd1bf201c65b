//! `misses-expectation`: the policy does not grant what its expectation needs.

use std::collections::BTreeMap;

use super::expected::{bound, named, when};
use super::prelude::*;
use crate::catalog::Role;
use crate::policy::Statement;
use crate::semantics::permission::{Cause, Change, Subject};

pub(super) static META: RuleMeta = RuleMeta {
    name: "misses-expectation",
    summary: "the policy lacks a grant that the configuration says it is for",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/misses-expectation.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    let (Some(held), Some(expectation)) = (cx.held(), cx.facts().expectation.as_deref()) else { return };
    let mut missing: BTreeMap<(&str, Cause), Vec<&Change>> = BTreeMap::new();
    for change in &held.difference.removed {
        missing.entry((held.expected_key(change), change.cause)).or_default().push(change);
    }
    for ((key, cause), changes) in missing {
        let statement = match cause {
            Cause::Denied(index) | Cause::Condition(index) => cx.policy().statements.get(index),
            Cause::NotAllowed => None,
        };
        let span = statement.map_or(cx.policy().statements_span, |statement| statement.span);
        let claim = Claim::at(span).in_statement(statement.map(|statement| statement.index));
        let Some(draft) = out.claim(claim) else { continue };
        let subjects: Vec<&Subject> = changes.iter().flat_map(|change| &change.subjects).collect();
        let title = statement.map_or_else(String::new, Statement::title);
        let why = match cause {
            Cause::NotAllowed => "no statement grants it".to_owned(),
            Cause::Condition(_) => format!("{title} grants it under conditions only"),
            Cause::Denied(_) => format!("{title} denies it"),
        };
        // Where only a condition holds a listing to its prefixes, what is expected is one too.
        let apart = cx.catalog().buckets_apart();
        let is_on_prefix = statement.filter(|_| apart).is_some_and(|statement| {
            statement.conditions.iter().any(|one| cx.catalog().role_of(&one.key) == Some(Role::ListPrefix))
        });
        let shown = changes.first();
        let on = if key.is_empty() { "the bucket".to_owned() } else { format!("`{key}`") };
        let example = shown
            .map_or_else(String::new, |change| format!(", for example on `{}`{}", change.spot.path(), when(change)));
        draft
            .message(format!(
                "the expectation `{}` needs {} on {on}: {why}{example}",
                expectation.title(),
                named(cx, &subjects)
            ))
            .caption(match cause {
                Cause::NotAllowed => "not granted by any of these",
                Cause::Condition(_) if is_on_prefix => "its conditions let less through than is needed",
                Cause::Condition(_) => "a grant that depends on conditions satisfies nothing",
                Cause::Denied(_) => "denied here",
            })
            .help(format!("grant what {} says{}, or change the expectation", expectation.place, bound(cx, held)));
    }
}
