//! `unknown-operator`: an operator that the provider does not have.

use super::prelude::*;
use super::repair::operator;
use crate::policy::{Base, Problem, ProblemKind};

pub(super) static META: RuleMeta = RuleMeta {
    name: "unknown-operator",
    summary: "a condition uses an operator that the provider does not have",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/unknown-operator.md"),
};

pub(super) const CHECK: Check = Check::Problem(check);

fn check(cx: &Analysis<'_, '_>, problem: &Problem<'_>, out: &mut Reporter<'_>) {
    let ProblemKind::UnknownOperator { operator: written, suggestion } = &problem.kind else { return };
    let Some(draft) = out.claim(Claim::at(problem.span).in_statement(problem.statement)) else { return };
    draft.message(format!("no such operator: `{written}`")).caption("unknown operator").help(match suggestion {
        Some(near) => format!("write `{near}`, if that is meant"),
        None if cx.is_post() => "write `eq` or `starts-with`; the provider refuses the form otherwise".to_owned(),
        None => format!(
            "write an operator of the provider, such as `{}` or `{}`",
            operator(cx, Base::StringEqual),
            operator(cx, Base::Ip)
        ),
    });
}
