//! `unknown-condition-key`: a condition on a key that the provider does not have.

use super::prelude::*;
use crate::catalog::{Word, nearest, vocabulary};
use crate::policy::{ActionKind, find_hole};
use crate::semantics::reading::Meaning;

pub(super) static META: RuleMeta = RuleMeta {
    name: "unknown-condition-key",
    summary: "a condition uses a key that the provider does not have",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::Medium,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/unknown-condition-key.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    // A form has whatever fields its author gives it.
    if cx.is_post() {
        return;
    }
    for reading in cx.readings() {
        let statement = reading.statement;
        // Keys of other services are not in this catalogue.
        if reading.meanings().len() > 0 && reading.meanings().all(|meaning| meaning == Meaning::Other) {
            continue;
        }
        // Beside actions of this service alone a key of another one is a mistake too.
        let is_own = statement.actions.patterns.iter().all(|action| matches!(action.kind, ActionKind::Own(_)));
        for condition in &statement.conditions {
            if !is_own && !has_known_space(cx, &condition.key) {
                continue;
            }
            let (key, text) = (&condition.key, &condition.key_text);
            let is_foreign = || vocabulary().foreign(cx.dialect().name(), Word::ConditionKey(text)).is_some();
            if cx.catalog().key(key).is_some() || find_hole(key, 0).is_some() || is_foreign() {
                continue;
            }
            let Some(draft) = out.claim(Claim::at(condition.key_span).in_statement(Some(statement.index))) else {
                continue;
            };
            let near = nearest(key, cx.catalog().keys().iter().map(|key| key.name.as_str()), 2);
            draft.message(format!("no request carries the key `{text}`")).caption("unknown key").help(match near {
                Some(near) => format!("write `{near}`, if that is meant"),
                None => "check the key in the provider's list of condition keys".to_owned(),
            });
        }
    }
}

/// Whether some key of the catalogue has the same word before its colon.
fn has_known_space(cx: &Analysis<'_, '_>, key: &str) -> bool {
    let space = |key: &str| key.split_once(':').map(|(space, _)| space.to_owned());
    let own = space(key);
    cx.catalog().keys().iter().any(|known| space(&known.name) == own)
}
