//! What of a policy leaves open what the provider makes of it.
//!
//! Rules take the widest reading of an allow and none of a deny, and judge a word as if it were spelled right. An exact answer
//! may not: a fault that the provider passes over, or refuses, hides what its repair newly allows. So nothing is proven
//! about a policy in which something stands that providers may read otherwise.

use std::borrow::Cow;

use super::prefix::{is_prefix, unreadable};
use crate::catalog::Catalog;
use crate::dialect::Dialect;
use crate::policy::{Action, ActionKind, Base, Case, Policy, Problem, ProblemKind, Statement};
use crate::semantics::pattern::matches;
use crate::semantics::reading::{Meaning, Reading};

/// The doubts about a policy as a whole, each a sentence.
pub(super) fn of_policy<'a>(policy: &'a Policy<'_>) -> impl Iterator<Item = String> + 'a {
    let unjudged = policy.unjudged.iter().map(|(_, message)| message.clone());
    unjudged.chain(policy.problems.iter().filter_map(|problem| of_problem(policy, problem)))
}

fn of_problem(policy: &Policy<'_>, problem: &Problem<'_>) -> Option<String> {
    let statement = problem.statement.and_then(|index| policy.statements.get(index as usize));
    let of = statement.map_or_else(String::new, |statement| format!(" of {}", statement.title()));
    Some(match &problem.kind {
        // Without statements nothing is permitted.
        ProblemKind::MissingElement { element: "version" | "Version" | "statement" | "Statement", .. } => return None,
        ProblemKind::MissingElement { element, is_empty: false } => format!("`{element}`{of} is missing"),
        ProblemKind::MissingElement { element, is_empty: true } => format!("`{element}`{of} is empty"),
        ProblemKind::WrongType { element, expected, .. } => format!("`{element}`{of} is not {expected}"),
        ProblemKind::InvalidEffect => format!("the effect{of} is neither allow nor deny"),
        ProblemKind::StrayHole => format!("a placeholder stands for the effect{of}"),
        ProblemKind::InvalidVersion { .. } => "the version is none of the provider's".to_owned(),
        ProblemKind::ElementCase { expected, is_capital: false } => {
            format!("`{expected}`{of} is in another letter case")
        }
        // What stands beside the statements says nothing about them, unless a word that counts was meant.
        ProblemKind::UnknownElement { name, suggestion, .. }
            if problem.statement.is_some() || suggestion.is_some() || policy.post.is_some() =>
        {
            format!("`{name}`{of} is no element that the provider has")
        }
        ProblemKind::UnknownOperator { operator, .. } => {
            format!("`{operator}`{of} is no operator that the provider has")
        }
        ProblemKind::UnexpandedVariable { variable } => format!("`{variable}`{of} is not filled in by the provider"),
        ProblemKind::MalformedResource { what, is_mended: true, .. } => format!("a resource{of} is malformed: {what}"),
        ProblemKind::ForeignWord { vendor, .. } => format!("a word{of} is {}'s", vendor.0),
        _ => return None,
    })
}

/// Append the doubts about the actions, resources and prefixes of a statement.
pub(super) fn of_statement(reading: &Reading<'_, '_>, dialect: &dyn Dialect, out: &mut Vec<String>) {
    let catalog = dialect.catalog();
    for (action, meaning) in reading.action_patterns() {
        if meaning == Meaning::Unreadable || action.fault.is_some() || has_blanks(&action.text) {
            out.push(format!("the action `{}` cannot be read", action.text));
        } else if let Some(name) = other_case(action, meaning, catalog) {
            out.push(format!("the action `{}` is spelled `{name}`", action.text));
        }
    }
    let statement: &Statement<'_> = reading.statement;
    if dialect.any_one() && !dialect.is_any_one_sure() {
        let actions = statement.actions.patterns.iter().map(|action| &action.text);
        let all = actions.chain(statement.resources.patterns.iter().map(|resource| &resource.text));
        out.extend(
            all.filter(|text| text.contains('?'))
                .map(|text| format!("nothing tells whether `?` in `{text}` is a wildcard")),
        );
    }
    if !dialect.is_inner_run_sure() {
        let like = statement.conditions.iter().filter(|condition| condition.operator.base == Base::StringLike);
        let texts = like.flat_map(|condition| &condition.values).map(|value| &value.text);
        let has_inner = |text: &&Cow<'_, str>| text.trim_matches('*').contains('*');
        out.extend(
            texts.filter(has_inner).map(|text| format!("nothing tells whether `*` within `{text}` is a wildcard")),
        );
    }
    for condition in &statement.conditions {
        if let Some(known) = catalog.key_folded(&condition.key) {
            let known = known.spelled(&condition.key);
            out.push(format!("nothing tells whether the key `{}` is `{known}`", condition.key));
        }
    }
    for condition in statement.conditions.iter().filter(|condition| is_prefix(condition, catalog)) {
        if let Some(value) = unreadable(condition, catalog) {
            out.push(format!("nothing tells which prefixes `{value}` of `{}` means", condition.key));
        }
    }
    for resource in statement.resources.patterns.iter().filter(|resource| has_blanks(&resource.text)) {
        out.push(format!("there are blanks around the resource `{}`", resource.text.trim()));
    }
}

fn has_blanks(text: &str) -> bool {
    text.trim().len() != text.len()
}

/// The name of an action in the letter case that the provider compares, where it is written in another one.
fn other_case<'c>(action: &Action<'_>, meaning: Meaning, catalog: &'c Catalog) -> Option<&'c str> {
    let ActionKind::Own(pattern) = &action.kind else { return None };
    if pattern.case() != Case::Sensitive {
        return None;
    }
    match meaning {
        Meaning::Known(id) => Some(catalog.name(id)).filter(|name| *name != pattern.text()),
        Meaning::Wildcard(members) => {
            members.iter().next().map(|id| catalog.name(id)).filter(|name| !matches(pattern, name))
        }
        _ => None,
    }
}
