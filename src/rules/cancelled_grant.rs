//! `cancelled-grant`: an allow that a deny takes back completely.

use super::prelude::*;
use crate::catalog::ActionSet;
use crate::semantics::contain::holds;
use crate::semantics::index::PrefixIndex;
use crate::semantics::reading::Reading;

pub(super) static META: RuleMeta = RuleMeta {
    name: "cancelled-grant",
    summary: "a deny takes back all that a statement allows",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::Safe,
    page: include_str!("../../rules/cancelled-grant.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    let mut index = PrefixIndex::default();
    for (at, deny) in cx.readings().iter().enumerate().filter(|(_, reading)| !reading.statement.allows()) {
        deny.statement.resources.patterns.iter().for_each(|resource| index.insert(resource, at));
    }
    for allow in cx.allows() {
        let Some(first) = allow.statement.resources.patterns.first() else { continue };
        let actions = allow.fitting(allow.actions(), cx.catalog());
        if allow.has_unknown || actions.is_empty() || allow.statement.resources.is_missing {
            continue;
        }
        let holders = index.may_hold(first).filter_map(|at| cx.readings().get(at));
        let deny = holders.filter(|deny| cancels(deny, allow, actions)).min_by_key(|deny| deny.statement.index);
        let Some(deny) = deny else { continue };
        let Some(draft) = out.claim(Claim::at(first.span).of(allow.statement)) else { continue };
        draft
            .message(format!("{} allows nothing: {} denies all of it", allow.statement.title(), deny.statement.title()))
            .caption("allowed here")
            .help("remove the one that is not meant, or narrow the deny");
        if let Some(denied) = deny.statement.resources.patterns.first() {
            draft.label(denied.span, "and denied here");
        }
    }
}

/// Whether the deny refuses whatever the allow grants. A deny's conditions must be among the allow's, so that they
/// hold whenever those do.
fn cancels(deny: &Reading<'_, '_>, allow: &Reading<'_, '_>, actions: ActionSet) -> bool {
    actions.is_subset(&deny.actions())
        && (!allow.covers_service || deny.covers_service)
        && same_principals(deny, allow)
        && deny
            .statement
            .conditions
            .iter()
            .all(|denied| allow.statement.conditions.iter().any(|c| c.says_the_same(denied)))
        && allow
            .statement
            .resources
            .patterns
            .iter()
            .all(|allowed| deny.statement.resources.patterns.iter().any(|denied| holds(denied, allowed)))
}

/// Whether the deny speaks of everyone whom the allow speaks of, as far as the text tells.
fn same_principals(deny: &Reading<'_, '_>, allow: &Reading<'_, '_>) -> bool {
    match (&deny.statement.principals, &allow.statement.principals) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(denied), Some(allowed)) => {
            allowed.list.iter().all(|one| denied.list.iter().any(|other| other.text == one.text))
        }
    }
}
