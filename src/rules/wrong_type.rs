//! `wrong-type`: an element of the wrong JSON type.

use super::prelude::*;
use crate::policy::{Problem, ProblemKind};

pub(super) static META: RuleMeta = RuleMeta {
    name: "wrong-type",
    summary: "an element is of the wrong JSON type",
    grades: everywhere(Severity::High),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/wrong-type.md"),
};

pub(super) const CHECK: Check = Check::Problem(check);

fn check(_: &Analysis<'_, '_>, problem: &Problem<'_>, out: &mut Reporter<'_>) {
    let claim = Claim::at(problem.span).in_statement(problem.statement);
    match &problem.kind {
        ProblemKind::WrongType { element, found, expected } => {
            let Some(draft) = out.claim(claim) else { return };
            draft
                .message(format!("`{element}` is {} where {expected} belongs", found.named()))
                .caption(found.named())
                .help(format!("write {expected}"));
        }
        ProblemKind::SingleStatement => {
            let Some(draft) = out.claim(claim.grade(TIDY)) else { return };
            draft
                .message("one statement stands where a list of statements belongs")
                .caption("a single object")
                .help("put it into a list: `[{ ... }]`");
        }
        _ => {}
    }
}
