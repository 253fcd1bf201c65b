//! `malformed-resource`: a resource that is not of the six-part form.

use super::prelude::*;
use crate::policy::{Problem, ProblemKind};
use crate::semantics::reading::Reading;

pub(super) static META: RuleMeta = RuleMeta {
    name: "malformed-resource",
    summary: "a resource is not of the six-part form",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/malformed-resource.md"),
};

pub(super) const CHECK: Check = Check::Problem(check);

fn check(cx: &Analysis<'_, '_>, problem: &Problem<'_>, out: &mut Reporter<'_>) {
    let ProblemKind::MalformedResource { what, help, .. } = &problem.kind else { return };
    // Other services have forms of their own.
    let reading = problem.statement.and_then(|index| cx.readings().get(index as usize));
    if reading.is_some_and(Reading::is_of_other_services) {
        return;
    }
    let Some(draft) = out.claim(Claim::at(problem.span).in_statement(problem.statement)) else { return };
    draft.message(format!("malformed resource: {what}")).caption("malformed").help(help.as_ref());
}
