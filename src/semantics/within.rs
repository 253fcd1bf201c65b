//! A session policy as far as its caller lets it reach.
//!
//! What a key may do is what both policies permit. So that rules can judge it with the words and the bytes of the session's
//! policy, each of its allows is cut down to what one allow of the caller leaves of it, once for each that meets it; the
//! caller's denies stand beside. Where two resources share only a part, the session's stays whole: this never narrows
//! too much.

use super::contain::{holds, may_overlap};
use super::pattern::{covers, matches};
use super::reading::{Meaning, Reading};
use crate::catalog::Catalog;
use crate::dialect::Dialect;
use crate::policy::{
    Action, ActionKind, Anchor, Condition, Effect, Element, Owners, Pattern, Policy, Resource, Statement,
};

/// The statements of `session`, cut down to what `caller` permits. O(statements of one x statements of the other).
pub fn within<'x>(session: &Policy<'x>, caller: &Policy<'x>, dialect: &dyn Dialect) -> Policy<'x> {
    let catalog = dialect.catalog();
    let nobody = Owners::default();
    let read = |statement| Reading::new(statement, dialect, &nobody);
    let allows: Vec<Reading<'_, 'x>> = caller.statements.iter().filter(|one| one.allows()).map(read).collect();
    let mut statements = Vec::new();
    for own in &session.statements {
        if own.allows() {
            cut(&read(own), &allows, catalog, &mut statements);
        } else {
            statements.push(copy(own, own.index));
        }
    }
    let denies = caller.statements.iter().filter(|one| !one.allows());
    // Numbers that no statement of the session has.
    statements.extend(denies.zip(0..).map(|(deny, number)| copy(deny, u32::MAX - number)));
    let mut policy = Policy::nothing();
    (policy.span, policy.hint, policy.statements_span) = (session.span, session.hint, session.statements_span);
    (policy.request, policy.is_settings, policy.post) = (session.request, session.is_settings, session.post.clone());
    policy.problems.clone_from(&session.problems);
    policy.statements = statements;
    policy
}

fn copy<'x>(statement: &Statement<'x>, index: u32) -> Statement<'x> {
    Statement {
        index,
        span: statement.span,
        node: statement.node,
        sid: statement.sid.clone(),
        effect: statement.effect,
        principals: None,
        actions: element(&statement.actions, statement.actions.patterns.clone()),
        resources: element(&statement.resources, statement.resources.patterns.clone()),
        conditions: statement.conditions.clone(),
    }
}

fn element<T: Clone>(like: &Element<T>, patterns: Vec<T>) -> Element<T> {
    Element {
        negated: like.negated,
        widest: like.widest.clone(),
        span: like.span,
        patterns,
        is_missing: like.is_missing,
    }
}

/// What the caller's allows leave of one of the session's.
fn cut<'x>(own: &Reading<'_, 'x>, allows: &[Reading<'_, 'x>], catalog: &Catalog, out: &mut Vec<Statement<'x>>) {
    let statement = own.statement;
    let mut parts = Vec::new();
    for allow in allows {
        let actions = actions_within(own, allow, catalog);
        let resources = resources_within(statement, allow.statement);
        if actions.is_empty() || resources.is_empty() {
            continue;
        }
        let is_whole = actions.len() == statement.actions.patterns.len()
            && actions.iter().zip(&statement.actions.patterns).all(|(a, b)| a.text == b.text)
            && resources.len() == statement.resources.patterns.len()
            && resources.iter().zip(&statement.resources.patterns).all(|(a, b)| a.text == b.text)
            && allow.statement.conditions.is_empty();
        let conditions: Vec<Condition<'x>> =
            statement.conditions.iter().chain(&allow.statement.conditions).cloned().collect();
        let part = Statement {
            effect: Effect::Allow,
            actions: Element {
                negated: statement.actions.negated,
                widest: None,
                is_missing: false,
                span: statement.actions.span,
                patterns: actions,
            },
            resources: Element {
                negated: statement.resources.negated,
                widest: statement.resources.widest.clone(),
                is_missing: false,
                span: statement.resources.span,
                patterns: resources,
            },
            conditions,
            ..copy(statement, statement.index)
        };
        if is_whole {
            out.push(part);
            return;
        }
        parts.push(part);
    }
    out.extend(parts);
}

/// The actions that both statements speak of, standing where the session writes them.
fn actions_within<'x>(own: &Reading<'_, 'x>, allow: &Reading<'_, 'x>, catalog: &Catalog) -> Vec<Action<'x>> {
    if own.statement.actions.negated || allow.statement.actions.negated {
        return own.statement.actions.patterns.clone();
    }
    let mut found = Vec::new();
    let speaks_of_all = allow.covers_service;
    let wildcards = || {
        allow.action_patterns().filter_map(|(action, meaning)| match (meaning, &action.kind) {
            (Meaning::Wildcard(_), ActionKind::Own(pattern)) => Some((action, pattern)),
            _ => None,
        })
    };
    for (action, meaning) in own.action_patterns() {
        let covered = match (meaning, &action.kind) {
            _ if speaks_of_all => true,
            (Meaning::Known(id), _) => allow.actions().contains(id),
            (Meaning::Wildcard(_), ActionKind::Own(pattern)) => wildcards().any(|(_, wide)| covers(wide, pattern)),
            (Meaning::Unknown, ActionKind::Own(pattern)) => {
                allow.action_patterns().any(|(other, _)| match &other.kind {
                    ActionKind::Own(wide) => matches(wide, pattern.text()),
                    _ => false,
                })
            }
            (Meaning::Unreadable | Meaning::Other, _) => true,
            _ => false,
        };
        if covered {
            found.push(action.clone());
            continue;
        }
        // A wildcard of the session is what the caller has of it, at the same bytes.
        let own_set = meaning.actions(catalog);
        let here = |text: String, kind| Action { text: text.into(), kind, ..action.clone() };
        let written = (own_set & allow.written).iter().map(|id| catalog.name(id).to_owned());
        found.extend(written.map(|name| {
            let kind = ActionKind::Own(Pattern::literal(name.clone(), Anchor::loose(action.span)));
            here(name, kind)
        }));
        let is_inside = |pattern: &Pattern<'_>| match &action.kind {
            ActionKind::Own(own) => covers(own, pattern),
            _ => meaning == Meaning::WholeService,
        };
        found.extend(
            wildcards()
                .filter(|(_, pattern)| is_inside(pattern))
                .map(|(other, pattern)| here(other.text.to_string(), ActionKind::Own(pattern.clone()))),
        );
    }
    if own.statement.actions.is_missing {
        found.extend(allow.statement.actions.patterns.iter().cloned());
    }
    found
}

/// The resources that both statements speak of, standing where the session writes them.
fn resources_within<'x>(own: &Statement<'x>, allow: &Statement<'x>) -> Vec<Resource<'x>> {
    if allow.resources.is_missing || allow.resources.negated || own.resources.negated {
        return own.resources.patterns.clone();
    }
    let mut found: Vec<Resource<'x>> = Vec::new();
    for resource in &own.resources.patterns {
        let theirs = || allow.resources.patterns.iter();
        let is_partly = |other: &&Resource<'_>| may_overlap(other, resource) && !holds(resource, other);
        if theirs().any(|other| holds(other, resource)) || theirs().any(|other| is_partly(&other)) {
            found.push(resource.clone());
            continue;
        }
        for other in theirs().filter(|other| holds(resource, other)) {
            found.push(Resource { span: resource.span, is_faulty: resource.is_faulty, ..other.clone() });
        }
    }
    found
}
