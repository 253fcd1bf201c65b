//! `unknown-action`: an action that the catalogue does not know.

use super::prelude::*;
use crate::catalog::nearest;
use crate::policy::{ActionFault, ActionKind, Case};
use crate::semantics::reading::Meaning;

pub(super) static META: RuleMeta = RuleMeta {
    name: "unknown-action",
    summary: "an action is none that is known",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::Medium,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/unknown-action.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    let catalog = cx.catalog();
    for reading in cx.readings() {
        if reading.is_spelled_right {
            continue;
        }
        let statement = reading.statement;
        for (action, meaning) in reading.action_patterns() {
            let ActionKind::Own(pattern) = &action.kind else { continue };
            let name = pattern.text();
            let fault = action.fault;
            match meaning {
                // A name may be known for what it would do, and yet be none that policies use.
                Meaning::Known(id)
                    if fault.is_none() && catalog.name(id) == name && !catalog.is_spelled_otherwise(id) =>
                {
                    continue;
                }
                Meaning::Wildcard(_) | Meaning::WholeService | Meaning::Unreadable if fault.is_none() => continue,
                _ => {}
            }
            let at = Claim::at(if fault.is_some() { action.span } else { action.name_span })
                .in_statement(Some(statement.index));
            let known =
                catalog.find_in_any_case(name).filter(|id| fault.is_some() || !catalog.is_spelled_otherwise(*id));
            if let Some(fault) = fault {
                let Some(draft) = out.claim(at) else { continue };
                let right = known.map_or(name.trim(), |id| catalog.name(id));
                draft
                    .message(format!("`{}` {}", action.text, clause(fault, &action.text)))
                    .caption("not an action")
                    .help(repaired(cx, &action.text, right));
            } else if let Some(id) = known {
                let is_sensitive = cx.dialect().action_case() == Case::Sensitive;
                let grade = if is_sensitive { Grade::default(Severity::Low) } else { TIDY };
                let Some(draft) = out.claim(at.grade(grade)) else { continue };
                let why = if is_sensitive { "and actions are case-sensitive" } else { "by the provider's documents" };
                draft
                    .message(format!("`{name}` is written `{}`, {why}", catalog.name(id)))
                    .caption("letter case")
                    .help(format!("write `{}`", cx.dialect().spell_action(catalog.name(id))));
            } else if let Some(foreign) = catalog.foreign(name) {
                let Some(draft) = out.claim(at) else { continue };
                let right: Vec<String> =
                    foreign.instead.iter().map(|name| format!("`{}`", cx.dialect().spell_action(name))).collect();
                draft
                    .message(format!("there is no action `{name}`, so this matches nothing"))
                    .caption("no such action")
                    .help(format!("write {}", right.join(" and ")));
            } else if let Some(near) = nearest(name, catalog.actions().iter().map(|action| action.name.as_str()), 2) {
                let Some(draft) = out.claim(at) else { continue };
                draft
                    .message(format!("there is no action `{name}`, so this matches nothing"))
                    .caption("no such action")
                    .help(format!("write `{}`, if that is meant", cx.dialect().spell_action(near)));
            } else {
                let Some(draft) = out.claim(at.grade(TIDY)) else { continue };
                draft
                    .message(format!("`{name}` is not in the catalogue of actions"))
                    .caption("not known")
                    .help("check the name in the provider's list of actions; the catalogue may lack new ones");
            }
        }
    }
}

/// What to write instead of a text that is no action; `name` is the name that was read in it.
fn repaired(cx: &Analysis<'_, '_>, text: &str, name: &str) -> String {
    let spelled = |part: &str| {
        let plain: String = part.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '*').collect();
        (!plain.is_empty()).then(|| format!("`{}`", cx.dialect().spell_action(&plain)))
    };
    let parts = text.split(',').filter_map(|part| spelled(part.rsplit(':').next().unwrap_or(part)));
    let parts: Vec<String> = parts.collect();
    if text.contains(',') && parts.len() > 1 {
        return format!("write each action as a string of its own: {}", parts.join(", "));
    }
    if let Some(action) = spelled(name) {
        return format!("write {action}");
    }
    let catalog = cx.catalog();
    let typical = catalog.typical().iter().next().map_or("", |id| catalog.name(id));
    format!("name an action, such as `{}`", cx.dialect().spell_action(typical))
}

/// What is wrong with a text that is no action.
fn clause(fault: ActionFault, text: &str) -> &'static str {
    match fault {
        ActionFault::OddService | ActionFault::OddCharacter if text.contains(',') => {
            "holds several actions, and a string is read as one"
        }
        ActionFault::OddService => "has before its colon what is no service's word",
        ActionFault::NoService => "names no service",
        ActionFault::Blank => "holds a blank, so it matches nothing",
        ActionFault::NoName => "names no action",
        ActionFault::OddCharacter => "holds a character that no action has",
    }
}
