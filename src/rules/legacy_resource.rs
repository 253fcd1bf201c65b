//! `legacy-resource`: the old `prefix//appid/bucket` form of a resource.

use super::prelude::*;
use crate::policy::{Problem, ProblemKind};

pub(super) static META: RuleMeta = RuleMeta {
    name: "legacy-resource",
    summary: "a resource is written in the old form",
    grades: Grades::all(TIDY),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::Safe,
    page: include_str!("../../rules/legacy-resource.md"),
};

pub(super) const CHECK: Check = Check::Problem(check);

fn check(_: &Analysis<'_, '_>, problem: &Problem<'_>, out: &mut Reporter<'_>) {
    let ProblemKind::LegacyResource { modern } = &problem.kind else { return };
    let Some(draft) = out.claim(Claim::at(problem.span).in_statement(problem.statement)) else { return };
    draft.message("resource in the old `prefix//` form").caption("old form").help(format!("write `{modern}`"));
}
