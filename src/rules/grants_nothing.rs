//! `grants-nothing`: an allow that can match no request.

use super::prelude::*;
use super::repair::folder;
use crate::catalog::{ActionSet, Level, Role};
use crate::policy::{Condition, Place, ProblemKind, Resource};
use crate::semantics::permission::Known;
use crate::semantics::reading::{Meaning, Reading};
use crate::semantics::scope::Scope;

pub(super) static META: RuleMeta = RuleMeta {
    name: "grants-nothing",
    summary: "an allow can match no request",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::Safe,
    page: include_str!("../../rules/grants-nothing.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

/// One action of several, while the others grant something: what it was meant for fails, and nothing else does.
const ONE_OF_SEVERAL: Grade = Grade { severity: Severity::Low, profile: Profile::Default };

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    for reading in cx.allows() {
        let Some(reason) = nothing(cx, reading) else {
            idle(cx, reading, out);
            continue;
        };
        let Some(resource) = reading.statement.resources.patterns.first() else { continue };
        let Some(draft) = out.claim(Claim::at(resource.span).in_statement(Some(reading.statement.index))) else {
            continue;
        };
        let names = cx.names(reading.actions(), 3);
        draft
            .message(format!("{} grants nothing: {names} {}", reading.statement.title(), reason.what))
            .caption("no request fits")
            .help(reason.help);
        if let Some(action) = reading.statement.actions.patterns.first() {
            draft.label(action.span, "never granted by this");
        }
    }
}

/// Report the actions of a statement that meet none of its resources, where others do.
fn idle(cx: &Analysis<'_, '_>, reading: &Reading<'_, '_>, out: &mut Reporter<'_>) {
    let catalog = cx.catalog();
    let statement = reading.statement;
    let written = reading.written - reading.unmet;
    let fitting = reading.fitting(written, catalog);
    let idle = written - fitting;
    if idle.is_empty() || fitting.is_empty() || statement.resources.is_open() || is_explained(cx, statement.index) {
        return;
    }
    for idle in [Level::Object, Level::Bucket, Level::Service].map(|level| idle & catalog.of_level(level)) {
        let Some(first) = reading.pattern_of(idle, catalog) else { continue };
        let claim = Claim::at(first.span).in_statement(Some(statement.index)).grade(ONE_OF_SEVERAL);
        let Some(draft) = out.claim(claim) else { continue };
        let Nothing { what, help } = why(cx, reading, idle);
        let (grants, it) = if idle.len() == 1 { ("grants", "it") } else { ("grant", "they") };
        draft
            .message(format!("{} {grants} nothing here: {it} {what}", cx.names(idle, 3)))
            .caption("meets none of the resources")
            .help(help);
        for (action, meaning) in reading.action_patterns().filter(|(action, _)| action.span != first.span) {
            if meaning.actions(catalog).meets(&idle) {
                draft.label(action.span, "nor does this");
            }
        }
    }
}

/// Why a statement can match no request.
pub(super) struct Nothing {
    pub(super) what: String,
    pub(super) help: String,
}

/// Whether no action of a statement can meet any of its resources, all of them being known. Silent where another
/// finding already explains it.
pub(super) fn nothing(cx: &Analysis<'_, '_>, reading: &Reading<'_, '_>) -> Option<Nothing> {
    let catalog = cx.catalog();
    let statement = reading.statement;
    let actions = reading.actions();
    let is_open = reading.has_unknown
        || actions.is_empty()
        || statement.resources.is_missing
        || reading.meanings().any(|m| matches!(m, Meaning::Wildcard(set) if set.is_empty()));
    if is_open {
        return None;
    }
    let fitting = reading.fitting(actions, catalog);
    let apart = if fitting.is_empty() { None } else { exclude_each_other(cx, reading, fitting) };
    if !fitting.is_empty() && apart.is_none() {
        return None;
    }
    if is_explained(cx, statement.index) {
        return None;
    }
    Some(apart.unwrap_or_else(|| why(cx, reading, actions)))
}

/// Whether another finding says why a statement matches nothing.
fn is_explained(cx: &Analysis<'_, '_>, statement: u32) -> bool {
    cx.has_problem_in(statement, |problem| {
        matches!(
            problem.kind,
            ProblemKind::AccountMismatch { .. }
                | ProblemKind::MalformedResource { .. }
                | ProblemKind::ForeignWord { .. }
                | ProblemKind::UnexpandedVariable { .. }
        )
    })
}

/// Why these actions meet none of the resources of their statement.
fn why(cx: &Analysis<'_, '_>, reading: &Reading<'_, '_>, actions: ActionSet) -> Nothing {
    let catalog = cx.catalog();
    let statement = reading.statement;
    let acts = if actions.len() == 1 { "acts" } else { "act" };
    let scopes = || reading.scopes.iter().map(|scoped| scoped.scope);
    if scopes().all(|scope| scope == Scope::Nothing) {
        Nothing {
            what: format!("never {acts} on a resource of another service"),
            help: "name a resource of the service that the action belongs to".to_owned(),
        }
    } else if actions.is_subset(&catalog.of_level(Level::Service)) {
        Nothing {
            what: format!("{acts} on the resource `*` only"),
            help: "put it into a statement of its own with the resource `*`".to_owned(),
        }
    } else if scopes().all(|scope| scope == Scope::BucketItself) {
        Nothing {
            what: format!("{acts} on keys, and the resource is the bucket itself"),
            help: match statement.resources.patterns.first() {
                Some(resource) => format!("name keys of the bucket, such as `{}`", folder(cx, resource)),
                None => "name keys of the bucket".to_owned(),
            },
        }
    } else {
        Nothing {
            what: format!("{acts} on the bucket, and the resource is some of its keys"),
            help: format!("write the bucket itself as the resource: {}", cx.dialect().words().bucket_form),
        }
    }
}

/// Whether a statement matches no request although each of its parts could, by the exact comparison; asked only where a look at
/// the parts makes it likely.
fn exclude_each_other(cx: &Analysis<'_, '_>, reading: &Reading<'_, '_>, fitting: ActionSet) -> Option<Nothing> {
    let catalog = cx.catalog();
    let statement = reading.statement;
    let places = || statement.resources.named().iter().map(Resource::place);
    let names_keys = |place: Option<&Place<'_>>| place.is_some_and(|place| place.path.text().contains('/'));
    let is_of_keys =
        catalog.buckets_apart() && fitting.is_subset(&catalog.of_level(Level::Bucket)) && places().all(names_keys);
    let lists_only = fitting.is_subset(&catalog.prefix_reach());
    if !is_of_keys && !lists_only {
        return None;
    }
    let prefix = statement.conditions.iter().find(|test| catalog.role_of(&test.key) == Some(Role::ListPrefix));
    let prefix = prefix.filter(|test| lists_only && !test.operator.negated);
    let is_elsewhere = |test: &Condition<'_>| {
        // What begins with nothing begins like everything.
        if places().any(|place| place.and_then(Place::key).map(beginning).is_none_or(str::is_empty)) {
            return false;
        }
        let starts = test.values.iter().map(|value| cx.asked(test, beginning(&value.text)));
        let Some(starts) = starts.collect::<Option<Vec<_>>>() else { return false };
        let begins_alike = |key: &str| starts.iter().any(|start| start.starts_with(key) || key.starts_with(&**start));
        places().all(|place| place.and_then(Place::key).is_some_and(|key| !begins_alike(beginning(key))))
    };
    if !is_of_keys && !prefix.is_some_and(is_elsewhere) {
        return None;
    }
    if cx.alone()?.speaks(cx.position_of(reading)?) != Known::No {
        return None;
    }
    let (acts, lists) = if fitting.len() == 1 { ("acts", "lists") } else { ("act", "list") };
    Some(match prefix {
        Some(test) if !is_of_keys => Nothing {
            what: format!("{lists} inside the resource, and the condition on `{}` names other prefixes", test.key),
            help: "name the same folder in the resource and in the condition".to_owned(),
        },
        _ => Nothing {
            what: format!("{acts} on buckets, and the resource names keys"),
            help: format!("write the bucket itself as the resource: {}", cx.dialect().words().bucket_form),
        },
    })
}

/// A text up to its first wildcard or placeholder.
fn beginning(text: &str) -> &str {
    text.split(['*', '?', '<', '$', '{', '[']).next().unwrap_or_default()
}
