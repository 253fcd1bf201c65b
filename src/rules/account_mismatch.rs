//! `account-mismatch`: the account of a resource is not the one that its bucket belongs to.

use super::prelude::*;
use crate::policy::{Problem, ProblemKind};

pub(super) static META: RuleMeta = RuleMeta {
    name: "account-mismatch",
    summary: "the account of a resource is not the one its bucket belongs to",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/account-mismatch.md"),
};

pub(super) const CHECK: Check = Check::Problem(check);

fn check(_: &Analysis<'_, '_>, problem: &Problem<'_>, out: &mut Reporter<'_>) {
    let ProblemKind::AccountMismatch { what, help } = &problem.kind else { return };
    let Some(draft) = out.claim(Claim::at(problem.span).in_statement(problem.statement)) else { return };
    draft.message(format!("{what}, so nothing matches")).caption("not the bucket's account").help(help.clone());
}
