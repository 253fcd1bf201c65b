//! `invalid-effect`: an effect that is neither allow nor deny.

use super::prelude::*;
use crate::policy::{Problem, ProblemKind};

pub(super) static META: RuleMeta = RuleMeta {
    name: "invalid-effect",
    summary: "an effect is neither allow nor deny",
    grades: everywhere(Severity::High),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/invalid-effect.md"),
};

pub(super) const CHECK: Check = Check::Problem(check);

fn check(cx: &Analysis<'_, '_>, problem: &Problem<'_>, out: &mut Reporter<'_>) {
    let ProblemKind::InvalidEffect = &problem.kind else { return };
    let Some(draft) = out.claim(Claim::at(problem.span).in_statement(problem.statement)) else { return };
    draft
        .message("the effect is neither allow nor deny")
        .caption("no such effect")
        .help(format!("write {}", cx.dialect().words().effect));
}
