//! `contradictory-condition`: two conditions of one statement that no request meets.

use super::prelude::*;
use crate::policy::{Base, Condition, Quantifier, find_hole};

pub(super) static META: RuleMeta = RuleMeta {
    name: "contradictory-condition",
    summary: "no request can meet the conditions of a statement",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/contradictory-condition.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    for statement in &cx.policy().statements {
        for (index, one) in statement.conditions.iter().enumerate() {
            let Some(other) = statement.conditions.iter().skip(index + 1).find(|other| contradict(one, other)) else {
                continue;
            };
            let Some(draft) = out.claim(Claim::at(other.key_span).in_statement(Some(statement.index))) else {
                continue;
            };
            draft
                .message(format!("no request meets both conditions on `{}`", one.key))
                .caption(format!("`{}` here", other.operator.text))
                .label(one.key_span, format!("`{}` here", one.operator.text))
                .help("keep one of them; values under one operator are alternatives, operators must all hold");
        }
    }
}

/// Whether one test asks for values that the other one refuses: equal and not equal to the same, or equal to different
/// single values. Ranges are not reasoned about.
fn contradict(a: &Condition<'_>, b: &Condition<'_>) -> bool {
    let (x, y) = (&a.operator, &b.operator);
    let comparable = a.key == b.key
        && x.base == y.base
        && x.quantifier == Quantifier::One
        && y.quantifier == Quantifier::One
        && !(x.if_exists && y.if_exists)
        && matches!(
            x.base,
            Base::StringEqual
                | Base::StringEqualIgnoreCase
                | Base::NumericEqual
                | Base::Ip
                | Base::DateEqual
                | Base::Bool
        )
        && !a.values.is_empty()
        && !b.values.is_empty();
    if !comparable {
        return false;
    }
    let within =
        |a: &Condition<'_>, b: &Condition<'_>| a.values.iter().all(|v| b.values.iter().any(|w| w.text == v.text));
    match (x.negated, y.negated) {
        (false, true) => within(a, b),
        (true, false) => within(b, a),
        (false, false) => {
            x.base != Base::Ip
                && (x.text != y.text || a.values.len() == 1)
                && !a.values.iter().any(|v| b.values.iter().any(|w| w.text == v.text))
                && [a, b].iter().all(|c| c.values.iter().all(|v| find_hole(&v.text, 0).is_none()))
        }
        (true, true) => false,
    }
}
