//! `wildcard-action`: a wildcard in an action reaches further than it seems.

use super::prelude::*;
use crate::catalog::{ActionSet, Class};
use crate::finding::Witness;
use crate::policy::ProblemKind;
use crate::semantics::reading::{Meaning, Reading};
use crate::semantics::scope::Scope;
use crate::text::Span;

pub(super) static META: RuleMeta = RuleMeta {
    name: "wildcard-action",
    summary: "a wildcard in an action grants more than anyone listed",
    grades: Grades {
        session: Grade::default(Severity::High),
        undetermined: Grade::default(Severity::Medium),
        identity: Grade::default(Severity::Medium),
        bucket: Grade::default(Severity::Medium),
    },
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/wildcard-action.md"),
};

pub(super) const CHECK: Check = Check::Grants(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    let catalog = cx.catalog();
    for reading in cx.allows() {
        let statement = reading.statement;
        let is_spelt = !statement.actions.negated && spells_all(reading);
        let has_wildcard = reading.covers_service || !reading.wild.is_empty();
        if !has_wildcard && reading.meanings().all(|meaning| !matches!(meaning, Meaning::Wildcard(_))) {
            continue;
        }
        if reading.is_nowhere() || cx.is_taken_back(reading) {
            continue;
        }
        // What is left out tells that the rest is meant; where nothing can be read, only a wide grant is worth a word.
        let is_wide =
            |scope: Scope| scope.is_shared_or_wider() || (statement.actions.negated && scope != Scope::Nothing);
        if reading.covers_service && !is_spelt && reading.scopes.iter().any(|scoped| is_wide(scoped.scope)) {
            unspelt(cx, reading, out);
        }
        for (action, meaning) in reading.action_patterns().filter(|_| !statement.actions.negated) {
            let members = match meaning {
                Meaning::WholeService => catalog.all(),
                Meaning::Wildcard(members) => members,
                _ => continue,
            };
            let fitting = reading.fitting(members, catalog) - reading.unmet;
            if fitting.is_empty() && reading.fitting(members, catalog).meets(&reading.unmet) {
                continue;
            }
            let changing = fitting & catalog.changing();
            let is_whole = meaning == Meaning::WholeService;
            let mut claim = Claim::at(action.span).of(statement);
            if !is_whole && changing.is_empty() {
                claim = claim.grade(TIDY);
            }
            let Some(draft) = out.claim(claim) else { continue };
            let text = action.text.trim();
            if is_whole {
                draft.message(format!("`{text}` allows every action of the service, now and in future"));
            } else if members.is_empty() {
                draft.message(format!("`{text}` matches no action known today, and any that is added"));
            } else if fitting.is_empty() {
                draft.message(format!("`{text}` matches {}, which act on no such resource", cx.names(members, 3)));
            } else {
                // Counted is what the caption counts, and named is the worst of it.
                let first = surprising(if changing.is_empty() { fitting } else { changing }, cx);
                let most = if fitting.len() > 4 { first.len().min(4) } else { 4 };
                draft.message(format!("`{text}` allows {}", cx.names_with(first, fitting, most)));
            }
            draft.caption(match fitting.len() {
                0 if members.is_empty() => "matches nothing known".to_owned(),
                0 => "nothing that acts here".to_owned(),
                1 => "1 action".to_owned(),
                count => format!("{count} actions"),
            });
            draft.help(help(cx, reading, fitting));
            let shown = if changing.is_empty() { fitting } else { changing };
            draft.witness(witness(cx, reading, shown));
        }
    }
}

/// What is said here of a statement that covers the whole service, if it does; other rules give way to that.
pub(super) fn of_service(reading: &Reading<'_, '_>) -> Option<Yields> {
    reading.covers_service.then_some(Yields { rule: &META, at: None })
}

/// Whether a wildcard for the whole service is written out.
fn spells_all(reading: &Reading<'_, '_>) -> bool {
    reading.meanings().any(|meaning| meaning == Meaning::WholeService)
}

/// Whether no actions can be read in a statement, so that nothing more is to be said of them.
pub(super) fn is_unread(reading: &Reading<'_, '_>) -> bool {
    reading.covers_service && !reading.statement.actions.negated && !spells_all(reading)
}

/// A request for the worst of some actions on the widest resource.
fn witness(cx: &Analysis<'_, '_>, reading: &Reading<'_, '_>, shown: ActionSet) -> Option<Witness> {
    let (resource, scoped) = reading.resources().min_by_key(|(_, scoped)| scoped.scope)?;
    cx.witness(worst(shown, cx), resource, scoped.scope).or_else(|| cx.witness(shown, resource, scoped.scope))
}

/// An allow that covers the service and spells no wildcard: its actions are negated, missing or unreadable, and then every
/// action counts as allowed.
fn unspelt(cx: &Analysis<'_, '_>, reading: &Reading<'_, '_>, out: &mut Reporter<'_>) {
    let statement = reading.statement;
    let negated = cx.problems_in(statement.index).find(|problem| {
        matches!(&problem.kind, ProblemKind::UnknownElement { name, .. } if name.to_ascii_lowercase().contains("action"))
    });
    let is_there = statement.actions.span != statement.span;
    let place = match negated {
        _ if is_there => statement.actions.span,
        Some(problem) => problem.span,
        None => Span::new(statement.span.start, statement.span.start + statement.span.len().min(1)),
    };
    let Some(draft) = out.claim(Claim::at(place).of(statement)) else { return };
    // What a negation names is not granted.
    let fitting = reading.fitting(reading.actions(), cx.catalog()) - reading.unmet;
    let changing = fitting & cx.catalog().changing();
    match negated {
        _ if statement.actions.negated => draft
            .message("all actions but the named ones are allowed, now and in future")
            .caption("nearly every action"),
        Some(_) if !is_there => draft
            .message("all actions but the named ones are allowed, now and in future")
            .caption("nearly every action"),
        _ => draft
            .message("no actions can be read here, so every action of the service counts as allowed")
            .caption("taken as every action"),
    };
    draft.help(help(cx, reading, fitting)).witness(witness(cx, reading, changing));
}

/// The members of the most harmful class, to be named first.
fn worst(set: ActionSet, cx: &Analysis<'_, '_>) -> ActionSet {
    [Class::Permissions, Class::Delete, Class::Upload, Class::Configure, Class::List]
        .into_iter()
        .map(|class| set & cx.catalog().of_class(class))
        .find(|members| !members.is_empty())
        .unwrap_or(set)
}

/// What a reader of the wildcard would not expect: its most harmful members, or all when there are few.
fn surprising(set: ActionSet, cx: &Analysis<'_, '_>) -> ActionSet {
    if set.len() <= 4 { set } else { worst(set, cx) }
}

/// The explicit list, of members of the wildcard alone: all when they are few, those that the policy writes out elsewhere, or the
/// usual families.
fn help(cx: &Analysis<'_, '_>, reading: &Reading<'_, '_>, fitting: ActionSet) -> String {
    let list = |set: ActionSet| {
        let mut text = String::with_capacity(set.len() * 32);
        for (index, id) in set.iter().enumerate() {
            text.push_str(if index == 0 { "\"" } else { ", \"" });
            text.push_str(&cx.dialect().spell_action(cx.catalog().name(id)));
            text.push('"');
        }
        text
    };
    let elsewhere = cx.allows().fold(ActionSet::EMPTY, |all, other| all | other.written);
    let suggested = elsewhere & fitting;
    if fitting.is_empty() && !reading.wild.is_empty() {
        "name the actions that are needed, and the resource that they act on".to_owned()
    } else if !reading.covers_service && !fitting.is_empty() && fitting.len() <= 10 {
        format!("list the actions that are needed, of {}", list(fitting))
    } else if suggested.is_empty() {
        let catalog = cx.catalog();
        let gentle = fitting & (catalog.typical() - catalog.changing());
        let uploads = fitting & catalog.upload_family();
        let looks = (!gentle.is_empty()).then(|| format!("{} to look", list(gentle)));
        let writes = uploads.meets(&catalog.of_class(Class::Upload)).then(|| format!("for uploads {}", list(uploads)));
        let families: Vec<String> = looks.into_iter().chain(writes).collect();
        if families.is_empty() {
            "list the actions that are needed, each by its name".to_owned()
        } else {
            format!("list the actions that are needed: {}", families.join("; "))
        }
    } else {
        format!("list the actions that are needed, such as those that the policy names elsewhere: {}", list(suggested))
    }
}
