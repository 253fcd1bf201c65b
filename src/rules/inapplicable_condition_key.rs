//! `inapplicable-condition-key`: a condition on a key that none of the actions carries.

use super::prelude::*;
use crate::policy::Base;

pub(super) static META: RuleMeta = RuleMeta {
    name: "inapplicable-condition-key",
    summary: "no action of the statement carries the key of a condition",
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
        let statement = reading.statement;
        let actions = reading.actions();
        if reading.has_unknown || actions.is_empty() {
            continue;
        }
        for condition in &statement.conditions {
            if catalog.key(&condition.key).is_none() || catalog.carrying(&condition.key).meets(&actions) {
                continue;
            }
            let Some(draft) = out.claim(Claim::at(condition.key_span).in_statement(Some(statement.index))) else {
                continue;
            };
            let asks_for_absence =
                condition.operator.base == Base::Null && condition.values.iter().any(|value| value.text == "true");
            let holds = condition.operator.if_exists || asks_for_absence;
            let effect = if holds { "the test always holds" } else { "the test never holds" };
            draft
                .message(format!("requests for {} carry no `{}`, so {effect}", cx.names(actions, 3), condition.key))
                .caption("never carried here")
                .help("move it to a statement whose actions carry the key, or remove it");
            if let Some(action) = statement.actions.patterns.first() {
                draft.label(action.span, "carries no such key");
            }
        }
    }
}
