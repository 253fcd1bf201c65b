//! `unexpanded-variable`: a variable that is never filled in here.

use super::prelude::*;
use crate::policy::{HoleOrigin, ProblemKind, Statement, find_hole};
use crate::text::Span;

pub(super) static META: RuleMeta = RuleMeta {
    name: "unexpanded-variable",
    summary: "a variable stands where the provider fills none in",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/unexpanded-variable.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    for problem in cx.problems() {
        let ProblemKind::UnexpandedVariable { variable } = &problem.kind else { continue };
        let Some(draft) = out.claim(Claim::at(problem.span).in_statement(problem.statement)) else { continue };
        let place = if cx.is_post() { "the policy of a form" } else { "a resource" };
        draft
            .message(format!("`{variable}` is not filled in within {place}, so this matches nothing"))
            .caption("taken literally")
            .help(if cx.is_post() {
                "test how the key begins instead, with `starts-with` and the text before the variable"
            } else {
                "let the server that makes the policy write the value in"
            });
    }
    let words = cx.dialect().words();
    if cx.kind() != PolicyKind::Session || words.not_in_sessions.is_empty() {
        return;
    }
    for reading in cx.readings() {
        let statement = reading.statement;
        // Where no variable is filled in at all, that is said already.
        if cx.has_problem_in(statement.index, |problem| matches!(problem.kind, ProblemKind::UnexpandedVariable { .. }))
        {
            continue;
        }
        for (span, variable) in without_value(statement, words.not_in_sessions) {
            let Some(draft) = out.claim(Claim::at(span).in_statement(Some(statement.index))) else { continue };
            draft
                .message(format!("`{variable}` has no value for who holds a temporary key, so this matches nothing"))
                .caption("never filled in")
                .help(format!("write {}, or let the server write the name in", words.session_variables));
        }
    }
}

/// Whether the mark of a hole is a variable that has no value for whoever holds what the policy is for.
pub(super) fn is_without_value(cx: &Analysis<'_, '_>, mark: &str) -> bool {
    cx.kind() == PolicyKind::Session && is_listed(mark, cx.dialect().words().not_in_sessions)
}

/// Whether a mark is one of these variables. One with a default is filled with that.
fn is_listed(mark: &str, listed: &[&str]) -> bool {
    let name = mark.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).unwrap_or_default().trim();
    listed.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The variables of a statement that are in this list, in its resources and in what its conditions ask for, with their bytes.
fn without_value<'p>(statement: &'p Statement<'_>, listed: &[&str]) -> Vec<(Span, &'p str)> {
    let mut found = Vec::new();
    let resources = &statement.resources;
    for path in resources.patterns.iter().filter_map(|resource| resource.place()).map(|place| &place.path) {
        for hole in path.holes().iter().filter(|hole| hole.origin == HoleOrigin::Service) {
            let mark = path.text().get(hole.range.start as usize..hole.range.end as usize).unwrap_or_default();
            if is_listed(mark, listed) {
                found.push((path.anchor().locate(hole.range.clone()), mark));
            }
        }
    }
    for condition in statement.conditions.iter().filter(|condition| !condition.operator.negated) {
        for value in &condition.values {
            let mut from = 0;
            while let Some((hole, _)) = find_hole(&value.text, from) {
                from = hole.end;
                let mark = value.text.get(hole).unwrap_or_default();
                if is_listed(mark, listed) {
                    found.push((value.span, mark));
                }
            }
        }
    }
    found.dedup();
    found
}
