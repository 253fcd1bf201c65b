//! `no-upload-limit`: an upload is not limited in length or in type.

use super::prelude::*;
use crate::catalog::{ActionId, ActionSet, Class, Role};
use crate::policy::Statement;

pub(super) static META: RuleMeta = RuleMeta {
    name: "no-upload-limit",
    summary: "an upload is not limited in length or in type",
    grades: Grades::all(LOOK),
    confidence: Confidence::Medium,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/no-upload-limit.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    // Nobody needs the sets below unless somebody listens.
    if !out.wants(Profile::Audit) {
        return;
    }
    let catalog = cx.catalog();
    let has_own_key = |role| {
        catalog
            .actions()
            .iter()
            .zip(0..)
            .filter(|(action, _)| action.condition_keys.iter().any(|key| catalog.role_of(key) == Some(role)))
            .map(|(_, id)| ActionId(id))
            .collect::<ActionSet>()
    };
    let able = (has_own_key(Role::BodyLength) | has_own_key(Role::BodyType)) & catalog.of_class(Class::Upload);
    for reading in cx.allows() {
        if reading.covers_service || !reading.actions().meets(&catalog.of_class(Class::Upload)) {
            continue;
        }
        let missing: Vec<&str> = [(Role::BodyLength, "length"), (Role::BodyType, "type")]
            .into_iter()
            .filter(|(role, _)| !has_condition(cx, reading.statement, *role))
            .map(|(_, word)| word)
            .collect();
        if missing.is_empty() {
            continue;
        }
        let granted = reading.fitting(reading.actions() & able, catalog);
        if granted.is_empty() {
            continue;
        }
        let Some(action) = reading.pattern_of(granted, catalog) else { continue };
        let Some(draft) = out.claim(Claim::at(action.span).of(reading.statement)) else { continue };
        draft
            .message(format!("{} allowed without a limit on {}", cx.names(granted, 3), missing.join(" and ")))
            .caption("any size, any type")
            .help("add a condition on the body's length and type; the fields of a form upload are limited in the form's own policy");
    }
}

fn has_condition(cx: &Analysis<'_, '_>, statement: &Statement<'_>, role: Role) -> bool {
    statement.conditions.iter().any(|condition| cx.catalog().role_of(&condition.key) == Some(role))
}
