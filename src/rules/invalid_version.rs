//! `invalid-version`: a version that the provider does not know.

use super::prelude::*;
use crate::policy::{Problem, ProblemKind};

pub(super) static META: RuleMeta = RuleMeta {
    name: "invalid-version",
    summary: "the version is none that the provider knows",
    grades: everywhere(Severity::High),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::Safe,
    page: include_str!("../../rules/invalid-version.md"),
};

pub(super) const CHECK: Check = Check::Problem(check);

fn check(_: &Analysis<'_, '_>, problem: &Problem<'_>, out: &mut Reporter<'_>) {
    let ProblemKind::InvalidVersion { expected } = &problem.kind else { return };
    let Some(draft) = out.claim(Claim::at(problem.span).in_statement(problem.statement)) else { return };
    draft
        .message("the provider knows no such version")
        .caption("unknown version")
        .help(format!("write `\"{expected}\"`"));
}
