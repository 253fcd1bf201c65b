//! `element-case`: an element or its value in another letter case.

use super::prelude::*;
use crate::policy::ProblemKind;

pub(super) static META: RuleMeta = RuleMeta {
    name: "element-case",
    summary: "an element is written in another letter case than the grammar has",
    grades: everywhere(Severity::Low),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::Safe,
    page: include_str!("../../rules/element-case.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    let may_capitalise = cx.dialect().may_capitalise(cx.kind());
    for capital in [true, false] {
        if capital && may_capitalise {
            continue;
        }
        let mut found = cx.problems().iter().filter_map(|problem| match problem.kind {
            ProblemKind::ElementCase { expected, is_capital } if is_capital == capital => Some((problem, expected)),
            _ => None,
        });
        // One finding for all of them: it is one habit.
        let Some((first, expected)) = found.next() else { continue };
        let mut claim = Claim::at(first.span).in_statement(first.statement);
        if !capital {
            claim = claim.grade(Grade::default(Severity::Medium));
        }
        let Some(draft) = out.claim(claim) else { continue };
        draft.message(if capital {
            "capital element names are for bucket policies and may be refused here"
        } else {
            "no document of the provider writes it in this letter case"
        });
        draft.caption(format!("written `{expected}`")).help(if cx.is_post() {
            "write the elements of a form's policy in lower case"
        } else {
            cx.dialect().words().element_case
        });
        for (problem, expected) in found.take(7) {
            draft.label(problem.span, format!("written `{expected}`"));
        }
    }
}
