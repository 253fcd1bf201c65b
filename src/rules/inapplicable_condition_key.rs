//! `inapplicable-condition-key`: a condition on a key that actions of its statement never carry.

use super::prelude::*;
use crate::catalog::ActionSet;
use crate::policy::Condition;
use crate::semantics::condition::holds_without;
use crate::semantics::reading::{Reading, is_of_listing};

pub(super) static META: RuleMeta = RuleMeta {
    name: "inapplicable-condition-key",
    summary: "actions of the statement never carry the key of a condition",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::Medium,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/inapplicable-condition-key.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    let catalog = cx.catalog();
    for reading in cx.readings() {
        let actions = reading.actions();
        let mut told = ActionSet::EMPTY;
        for condition in &reading.statement.conditions {
            let Some(carriers) = catalog.carriers(&condition.key).filter(|_| !actions.is_empty()) else { continue };
            if actions.is_subset(&carriers) {
                continue;
            }
            if carriers.meets(&actions) {
                of_some(cx, reading, condition, &mut told, out);
            } else if !reading.has_unknown {
                of_none(cx, reading, condition, out);
            }
        }
    }
}

/// No action of the statement carries the key.
fn of_none(cx: &Analysis<'_, '_>, reading: &Reading<'_, '_>, condition: &Condition<'_>, out: &mut Reporter<'_>) {
    let statement = reading.statement;
    let Some(draft) = out.claim(Claim::at(condition.key_span).in_statement(Some(statement.index))) else { return };
    let effect = match holds_without(condition, cx.dialect().absent_keys()) {
        Some(true) => ", so the test always holds",
        Some(false) => ", so the test never holds",
        None => "",
    };
    draft
        .message(format!("requests for {} carry no `{}`{effect}", cx.names(reading.actions(), 3), condition.key))
        .caption("never carried here")
        .help("move it to a statement whose actions carry the key, or remove it");
    if let Some(action) = statement.actions.patterns.first() {
        draft.label(action.span, "carries no such key");
    }
}

/// An allow has a condition that fails without its key, and some of its actions surely carry no such key: they are never
/// granted. `told` are those of which that was said.
fn of_some(
    cx: &Analysis<'_, '_>,
    reading: &Reading<'_, '_>,
    condition: &Condition<'_>,
    told: &mut ActionSet,
    out: &mut Reporter<'_>,
) {
    let catalog = cx.catalog();
    let statement = reading.statement;
    if !statement.allows() || holds_without(condition, cx.dialect().absent_keys()) != Some(false) {
        return;
    }
    let lists = is_of_listing(condition, catalog);
    let without = if lists { reading.unmet } else { catalog.surely_without(&condition.key) };
    let dead = reading.fitting(reading.actions(), catalog) & without;
    if dead.is_subset(told) {
        return;
    }
    *told |= dead;
    let Some(draft) = out.claim(Claim::at(condition.key_span).in_statement(Some(statement.index))) else { return };
    let carrying = reading.actions() & catalog.told_to_carry(&condition.key);
    let these = if statement.conditions.len() == 1 { "this condition" } else { "its conditions" };
    let them = if dead.len() == 1 { "it" } else { "them" };
    draft
        .message(format!(
            "requests for {} carry no `{}`, so this statement never grants {them}",
            cx.names_with(dead & catalog.typical(), dead, 3),
            condition.key
        ))
        .caption(if lists { "carried by listing only" } else { "not carried by all" })
        .help(format!("put {} with {these} into a statement of its own", cx.names(carrying, 3)));
    if let Some(action) = reading.pattern_of(dead, catalog) {
        draft.label(action.span, "never granted by this");
    }
}
