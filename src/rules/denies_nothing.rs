//! `denies-nothing`: a deny that refuses no request.

use super::grants_nothing::nothing;
use super::prelude::*;
use crate::semantics::contain::overlap;
use crate::semantics::index::PrefixIndex;
use crate::semantics::reading::Reading;

pub(super) static META: RuleMeta = RuleMeta {
    name: "denies-nothing",
    summary: "a deny refuses nothing",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::Safe,
    page: include_str!("../../rules/denies-nothing.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    let mut index = PrefixIndex::default();
    if cx.kind() == PolicyKind::Session && cx.denies().next().is_some() {
        for (at, reading) in cx.readings().iter().enumerate().filter(|(_, reading)| reading.statement.allows()) {
            reading.statement.resources.patterns.iter().for_each(|resource| index.insert(resource, at));
        }
    }
    for deny in cx.denies() {
        let statement = deny.statement;
        let impossible = nothing(cx, deny);
        let (what, help) = match impossible {
            Some(reason) => (format!("{} {}", cx.names(deny.actions(), 3), reason.what), reason.help),
            None if cx.kind() == PolicyKind::Session && meets_no_allow(cx, deny, &index) => (
                "no allow of this policy grants any of it".to_owned(),
                "remove it, or check its actions and resources against what is allowed",
            ),
            None => continue,
        };
        let Some(resource) = statement.resources.patterns.first() else { continue };
        let Some(draft) = out.claim(Claim::at(resource.span).of(statement)) else { continue };
        draft.message(format!("{} denies nothing: {what}", statement.title())).caption("refuses no request").help(help);
    }
}

/// Whether no allow of the policy grants anything that the deny speaks of.
fn meets_no_allow(cx: &Analysis<'_, '_>, deny: &Reading<'_, '_>, index: &PrefixIndex) -> bool {
    let is_open = |r: &Reading<'_, '_>| r.has_unknown || r.statement.resources.is_missing;
    if is_open(deny) || deny.actions().is_empty() {
        return false;
    }
    if cx.allows().any(is_open) {
        return false;
    }
    let denied = &deny.statement.resources.patterns;
    !denied.iter().any(|denied| {
        index.may_meet(denied).filter_map(|at| cx.readings().get(at)).any(|allow| {
            allow.actions().meets(&deny.actions())
                && allow.statement.resources.patterns.iter().any(|allowed| overlap(denied, allowed).is_some())
        })
    })
}
