//! `legacy-resource`: the old `prefix//appid/bucket` form of a resource.

use super::prelude::*;
use crate::policy::ProblemKind;

pub(super) static META: RuleMeta = RuleMeta {
    name: "legacy-resource",
    summary: "a resource is written in the old form",
    grades: Grades::all(TIDY),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::Safe,
    page: include_str!("../../rules/legacy-resource.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    for problem in cx.problems() {
        let ProblemKind::LegacyResource { modern } = &problem.kind else { continue };
        let Some(draft) = out.claim(Claim::at(problem.span).in_statement(problem.statement)) else { continue };
        draft.message("resource in the old `prefix//` form").caption("old form").help(format!("write `{modern}`"));
    }
}
