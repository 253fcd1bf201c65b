//! `no-upload-limit`: an upload is not limited in length or in type.

use super::prelude::*;
use super::repair::{form_test, operator, upload_apart};
use crate::catalog::{ActionSet, Class, Role};
use crate::policy::{Base, Statement};
use crate::semantics::reading::Reading;

pub(super) static META: RuleMeta = RuleMeta {
    name: "no-upload-limit",
    summary: "an upload is not limited in length or in type",
    grades: Grades::all(LOOK),
    confidence: Confidence::Medium,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/no-upload-limit.md"),
};

pub(super) const CHECK: Check = Check::Grants(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    // Nobody needs the sets below unless somebody listens.
    if !out.wants(Profile::Audit) {
        return;
    }
    let catalog = cx.catalog();
    let has_own_key = |role| catalog.key_of_role(role).map_or(ActionSet::EMPTY, |key| catalog.told_to_carry(&key.name));
    let limitable =
        if cx.is_post() { catalog.all() } else { has_own_key(Role::BodyLength) | has_own_key(Role::BodyType) };
    let able = limitable & catalog.of_class(Class::Upload);
    for reading in cx.allows() {
        if reading.covers_service || !reading.written.meets(&catalog.of_class(Class::Upload)) {
            continue;
        }
        let missing: Vec<(Role, &str)> = [(Role::BodyLength, "length"), (Role::BodyType, "type")]
            .into_iter()
            .filter(|(role, _)| !is_limited(cx, reading.statement, *role))
            // A form that may not name a type leaves it to the service.
            .filter(|(role, _)| *role != Role::BodyType || !cx.is_left_out(*role, reading.statement))
            .collect();
        if missing.is_empty() {
            continue;
        }
        // What a wildcard stands for is the business of `wildcard-action`.
        let granted = cx.remaining(reading.fitting(reading.written & able, catalog), reading);
        if granted.is_empty() {
            continue;
        }
        let Some(action) = reading.pattern_of(granted, catalog) else { continue };
        let Some(draft) = out.claim(Claim::at(action.span).of(reading.statement)) else { continue };
        let words: Vec<&str> = missing.iter().map(|(_, word)| *word).collect();
        draft
            .message(format!("{} allowed without a limit on {}", cx.names(granted, 3), words.join(" and ")))
            .caption(match words.as_slice() {
                ["length"] => "any size",
                ["type"] => "any type",
                _ => "any size, any type",
            })
            .help(help(cx, reading, granted, &missing, has_own_key));
    }
}

/// Whether a condition limits the body: an upper bound its length, a text its type unless it is nothing but wildcards.
fn is_limited(cx: &Analysis<'_, '_>, statement: &Statement<'_>, role: Role) -> bool {
    statement.conditions.iter().any(|condition| {
        let operator = &condition.operator;
        let limits = match (role, operator.base) {
            (Role::BodyLength, Base::NumericEqual | Base::NumericLess | Base::NumericLessEqual) => true,
            (_, Base::StringEqual | Base::StringEqualIgnoreCase | Base::StringLike) => {
                role == Role::BodyType && condition.values.iter().all(|value| !value.text.trim_matches('*').is_empty())
            }
            _ => false,
        };
        cx.role_of(condition) == Some(role) && limits && !operator.negated && !condition.values.is_empty()
    })
}

/// Conditions that limit what is missing, as they are written, beside nothing that would not pass them.
fn help(
    cx: &Analysis<'_, '_>,
    reading: &Reading<'_, '_>,
    granted: ActionSet,
    missing: &[(Role, &str)],
    has_own_key: impl Fn(Role) -> ActionSet,
) -> String {
    if cx.is_post() {
        let samples = missing.iter().filter_map(|(role, _)| form_test(cx, *role));
        let samples: Vec<String> = samples.map(|sample| format!("`{sample}`")).collect();
        return format!("add {} to the conditions", samples.join(" and "));
    }
    let samples = missing.iter().filter_map(|(role, _)| {
        let key = &cx.catalog().keys().iter().find(|key| key.role == Some(*role))?.name;
        Some(match role {
            Role::BodyLength => format!("\"{}\": {{\"{key}\": 1048576}}", operator(cx, Base::NumericLessEqual)),
            _ => format!("\"{}\": {{\"{key}\": \"image/*\"}}", operator(cx, Base::StringLike)),
        })
    });
    let samples: Vec<String> = samples.collect();
    let form = "a form upload is limited in the form's own policy";
    let others =
        missing.iter().fold(ActionSet::EMPTY, |others, (role, _)| others | (reading.actions() - has_own_key(*role)));
    if reading.has_unknown || !others.is_empty() {
        let apart = upload_apart(cx, reading, granted, &format!("{{{}}}", samples.join(", ")));
        return format!("{apart}\n{form}");
    }
    let samples: Vec<String> = samples.iter().map(|sample| format!("`{{{sample}}}`")).collect();
    format!("add a condition such as {}; {form}", samples.join(" and "))
}
