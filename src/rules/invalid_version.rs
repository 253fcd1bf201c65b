//! `invalid-version`: a version that the provider does not know.

use super::prelude::*;
use crate::policy::ProblemKind;

pub(super) static META: RuleMeta = RuleMeta {
    name: "invalid-version",
    summary: "the version is none that the provider knows",
    grades: everywhere(Severity::High),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::Safe,
    page: include_str!("../../rules/invalid-version.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    for problem in cx.problems() {
        let ProblemKind::InvalidVersion { expected } = &problem.kind else { continue };
        let Some(draft) = out.claim(Claim::at(problem.span).in_statement(problem.statement)) else { continue };
        draft
            .message("the provider knows no such version")
            .caption("unknown version")
            .help(format!("write `\"{expected}\"`"));
    }
}
