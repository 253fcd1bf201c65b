//! `wildcard-action`: a wildcard in an action reaches further than it seems.

use super::prelude::*;
use crate::catalog::{ActionSet, Class};
use crate::semantics::reading::{Meaning, Reading};

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

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    let catalog = cx.catalog();
    for reading in cx.allows() {
        let statement = reading.statement;
        for (action, meaning) in reading.action_patterns() {
            let members = match meaning {
                Meaning::WholeService => catalog.all(),
                Meaning::Wildcard(members) => members,
                _ => continue,
            };
            let fitting = reading.fitting(members, catalog);
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
            } else if fitting.is_empty() {
                draft.message(format!("`{text}` matches no action known today, and any that is added"));
            } else if changing.is_empty() {
                draft.message(format!("`{text}` allows {}", cx.names(surprising(fitting, cx), 4)));
            } else {
                draft.message(format!("`{text}` allows {}", cx.names(surprising(changing, cx), 4)));
            }
            draft.caption(match fitting.len() {
                0 => "matches nothing known".to_owned(),
                1 => "1 action".to_owned(),
                count => format!("{count} actions"),
            });
            draft.help(help(cx, reading, fitting));
            let widest = reading.resources().min_by_key(|(_, scoped)| scoped.scope);
            let shown = if changing.is_empty() { fitting } else { changing };
            draft.witness(widest.and_then(|(resource, scoped)| {
                cx.witness(worst(shown, cx), resource, scoped.scope)
                    .or_else(|| cx.witness(shown, resource, scoped.scope))
            }));
        }
    }
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

/// The explicit list: what else the policy writes out, the members when they are few, or the usual families.
fn help(cx: &Analysis<'_, '_>, reading: &Reading<'_, '_>, fitting: ActionSet) -> String {
    let list = |set: ActionSet| {
        let names = set.iter().map(|id| format!("\"{}\"", cx.dialect().spell_action(cx.catalog().name(id))));
        names.collect::<Vec<_>>().join(", ")
    };
    let elsewhere = cx.allows().fold(ActionSet::EMPTY, |all, other| all | other.written);
    let suggested = elsewhere & reading.fitting(cx.catalog().all(), cx.catalog());
    if !reading.covers_service && !fitting.is_empty() && fitting.len() <= 10 {
        format!("list the actions that are needed, of {}", list(fitting))
    } else if suggested.is_empty() {
        let catalog = cx.catalog();
        let gentle = fitting & (catalog.typical() - catalog.changing());
        let reading = if gentle.is_empty() { String::new() } else { format!("{} to look; ", list(gentle)) };
        format!("list the actions that are needed: {reading}for uploads {}", list(catalog.upload_family()))
    } else {
        format!("list the actions that are needed, such as those that the policy names elsewhere: {}", list(suggested))
    }
}
