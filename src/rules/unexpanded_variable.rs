//! `unexpanded-variable`: a variable that is never filled in here.

use super::prelude::*;
use crate::policy::ProblemKind;

pub(super) static META: RuleMeta = RuleMeta {
    name: "unexpanded-variable",
    summary: "a variable stands where the provider fills none in",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/unexpanded-variable.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    for problem in cx.problems() {
        let ProblemKind::UnexpandedVariable { variable } = &problem.kind else { continue };
        let Some(draft) = out.claim(Claim::at(problem.span).in_statement(problem.statement)) else { continue };
        let place = if cx.is_post() { "the policy of a form" } else { "a resource" };
        draft
            .message(format!("`{variable}` is not filled in within {place}, so this matches nothing"))
            .caption("taken literally")
            .help(if cx.is_post() {
                "test how the key begins instead, with `starts-with` and the text before the variable"
            } else {
                "let the server that makes the policy write the value in"
            });
    }
}
