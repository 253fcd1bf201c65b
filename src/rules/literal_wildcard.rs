//! `literal-wildcard`: a `*` in a value that is compared letter for letter.

use super::prelude::*;
use crate::policy::{Base, ProblemKind};

pub(super) static META: RuleMeta = RuleMeta {
    name: "literal-wildcard",
    summary: "a wildcard stands in a value that is compared letter for letter",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/literal-wildcard.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

/// What to write in an upload form, whose tests know no wildcards.
const IN_A_FORM: &str = "leave the `*` out: `starts-with` takes whatever follows its value";

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    for problem in cx.problems() {
        let ProblemKind::LiteralWildcard { operator, at } = &problem.kind else { continue };
        let Some(draft) = out.claim(Claim::at(problem.span).in_statement(problem.statement)) else { continue };
        draft
            .message(format!("`{operator}` compares letter for letter, so `*` only matches an asterisk"))
            .caption("taken literally")
            .label(*at, "no wildcards here")
            .help(IN_A_FORM);
    }
    for statement in &cx.policy().statements {
        for condition in &statement.conditions {
            if !condition.operator.base.is_equality_of_text() {
                continue;
            }
            for value in condition.values.iter().filter(|value| value.text.contains('*') && !value.text.contains("**"))
            {
                let Some(draft) = out.claim(Claim::at(value.span).in_statement(Some(statement.index))) else {
                    continue;
                };
                draft
                    .message(format!(
                        "`{}` compares letter for letter, so `*` only matches an asterisk",
                        condition.operator.text
                    ))
                    .caption("taken literally")
                    .label(condition.operator.span, "no wildcards here")
                    .help(if cx.is_post() {
                        IN_A_FORM.to_owned()
                    } else {
                        let like = cx.dialect().spell_operator(&condition.operator, Base::StringLike);
                        format!("write `{like}`, or spell the values out")
                    });
            }
        }
    }
}
