//! `foreign-syntax`: words of another vendor in a policy.

use super::prelude::*;
use crate::policy::ProblemKind;

pub(super) static META: RuleMeta = RuleMeta {
    name: "foreign-syntax",
    summary: "a policy uses another vendor's words",
    grades: everywhere(Severity::High),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/foreign-syntax.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    let mut foreign = cx
        .problems()
        .iter()
        .filter_map(|problem| match &problem.kind {
            ProblemKind::ForeignWord { vendor, instead } => Some((problem, vendor, instead)),
            _ => None,
        })
        .peekable();
    // One finding for each statement, since the whole of it was taken over.
    while let Some((first, vendor, instead)) = foreign.next() {
        let draft = out.claim(Claim::at(first.span).in_statement(first.statement));
        let mut labels = Vec::new();
        while let Some((problem, _, instead)) = foreign.next_if(|(problem, ..)| problem.statement == first.statement) {
            labels.push((problem.span, instead));
        }
        let Some(draft) = draft else { continue };
        draft
            .message(format!("this is {}'s syntax, which {} does not read", vendor.0, cx.dialect().words().service))
            .caption(format!("{}'s", vendor.0))
            .help(format!("write {instead}"));
        for (span, instead) in labels.into_iter().take(7) {
            draft.label(span, format!("here: {instead}"));
        }
    }
}
