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
        let mut vendors = vec![vendor.0];
        while let Some((problem, vendor, instead)) =
            foreign.next_if(|(problem, ..)| problem.statement == first.statement)
        {
            if !vendors.contains(&vendor.0) {
                vendors.push(vendor.0);
            }
            labels.push((problem.span, vendor, instead));
        }
        let Some(draft) = draft else { continue };
        let whose: Vec<String> = vendors.iter().map(|vendor| format!("{vendor}'s")).collect();
        draft
            .message(format!(
                "this is {} syntax, which {} does not read",
                whose.join(" and "),
                cx.dialect().words().service
            ))
            .caption(format!("{}'s", vendor.0))
            .help(format!("write {instead}"));
        for (span, vendor, instead) in labels.into_iter().take(7) {
            draft.label(span, format!("{}'s: write {instead}", vendor.0));
        }
    }
}
