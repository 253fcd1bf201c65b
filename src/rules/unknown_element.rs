//! `unknown-element`: a key that the grammar does not have.

use super::prelude::*;
use crate::policy::{Problem, ProblemKind};

pub(super) static META: RuleMeta = RuleMeta {
    name: "unknown-element",
    summary: "a key that the grammar does not have",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/unknown-element.md"),
};

pub(super) const CHECK: Check = Check::Problem(check);

fn check(_: &Analysis<'_, '_>, problem: &Problem<'_>, out: &mut Reporter<'_>) {
    let ProblemKind::UnknownElement { name, suggestion, advice } = &problem.kind else { return };
    let Some(draft) = out.claim(Claim::at(problem.span).in_statement(problem.statement)) else { return };
    draft.message(format!("the grammar has no element `{name}`")).caption("unknown element").help(
        match (advice, suggestion) {
            (Some(advice), _) => (*advice).to_owned(),
            (None, Some(near)) => format!("write `{near}`, if that is meant"),
            (None, None) => "remove it; the provider may refuse the policy or pass over it".to_owned(),
        },
    );
}
