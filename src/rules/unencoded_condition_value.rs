//! `unencoded-condition-value`: a value that must be URL-encoded and is not.

use super::encoding::{encoded, needs_encoding};
use super::prelude::*;
use crate::policy::Base;

pub(super) static META: RuleMeta = RuleMeta {
    name: "unencoded-condition-value",
    summary: "a condition compares with text that is not URL-encoded",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::Unsafe,
    page: include_str!("../../rules/unencoded-condition-value.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    for statement in &cx.policy().statements {
        for condition in &statement.conditions {
            let is_text = condition.operator.base.is_equality_of_text() || condition.operator.base == Base::StringLike;
            if !is_text || !cx.catalog().key(&condition.key).is_some_and(|key| key.encoded) {
                continue;
            }
            for value in condition.values.iter().filter(|value| needs_encoding(&value.text)) {
                let Some(draft) = out.claim(Claim::at(value.span).in_statement(Some(statement.index))) else {
                    continue;
                };
                let effect = if condition.operator.negated { "every value passes" } else { "this never matches" };
                draft
                    .message(format!("`{}` is compared with URL-encoded text, so {effect}", value.text))
                    .caption("not URL-encoded")
                    .label(condition.key_span, "taken from the request as it is encoded")
                    .help(format!("write `{}`", encoded(&value.text)));
            }
        }
    }
}
