//! `unknown-region`: a region that the provider does not list.

use super::prelude::*;
use crate::policy::{Problem, ProblemKind};

pub(super) static META: RuleMeta = RuleMeta {
    name: "unknown-region",
    summary: "a region is none that the provider lists",
    grades: Grades::all(TIDY),
    confidence: Confidence::Medium,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/unknown-region.md"),
};

pub(super) const CHECK: Check = Check::Problem(check);

fn check(cx: &Analysis<'_, '_>, problem: &Problem<'_>, out: &mut Reporter<'_>) {
    let ProblemKind::UnknownRegion { region, suggestion } = &problem.kind else { return };
    let Some(draft) = out.claim(Claim::at(problem.span).in_statement(problem.statement)) else { return };
    draft.message(format!("`{region}` is no region that is known")).caption("unknown region").help(match suggestion {
        Some(near) => format!("write `{near}`, if that is meant"),
        None => format!("write a region such as `{}`, or leave it empty for all regions", cx.dialect().words().region),
    });
}
