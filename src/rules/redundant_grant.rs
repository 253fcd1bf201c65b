//! `redundant-grant`: a statement grants what another one already grants.

use super::prelude::*;
use crate::catalog::ActionSet;
use crate::semantics::contain::holds;
use crate::semantics::index::PrefixIndex;
use crate::semantics::reading::Reading;

pub(super) static META: RuleMeta = RuleMeta {
    name: "redundant-grant",
    summary: "another statement already grants all of it",
    grades: Grades::all(TIDY),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::Safe,
    page: include_str!("../../rules/redundant-grant.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    if !out.wants(Profile::Strict) {
        return;
    }
    let mut index = PrefixIndex::default();
    for (at, reading) in cx.readings().iter().enumerate().filter(|(_, reading)| reading.statement.allows()) {
        reading.statement.resources.patterns.iter().for_each(|resource| index.insert(resource, at));
    }
    for reading in cx.allows() {
        let actions = reading.fitting(reading.actions(), cx.catalog());
        if reading.has_unknown || actions.is_empty() || reading.statement.resources.is_missing {
            continue;
        }
        let Some(first) = reading.statement.resources.patterns.first() else { continue };
        let holders = index.may_hold(first).filter_map(|at| cx.readings().get(at));
        let wider = holders.filter(|wider| covers(wider, reading, actions)).min_by_key(|wider| wider.statement.index);
        let Some(wider) = wider else { continue };
        let Some(draft) = out.claim(Claim::at(first.span).of(reading.statement)) else { continue };
        draft
            .message(format!("{} already grants all of {}", wider.statement.title(), reading.statement.title()))
            .caption("granted already")
            .help("remove it, or narrow the wider statement");
        if let Some(resource) = wider.statement.resources.patterns.first() {
            draft.label(resource.span, "granted here");
        }
    }
}

/// Whether `wider` grants all of `reading`. Of two equal statements the later one is redundant.
fn covers(wider: &Reading<'_, '_>, reading: &Reading<'_, '_>, actions: ActionSet) -> bool {
    let one_way = |wide: &Reading<'_, '_>, narrow: &Reading<'_, '_>, actions: ActionSet| {
        actions.is_subset(&wide.actions())
            && (!narrow.covers_service || wide.covers_service)
            && same_principals(wide, narrow)
            && wide
                .statement
                .conditions
                .iter()
                .all(|c| narrow.statement.conditions.iter().any(|own| own.says_the_same(c)))
            && narrow
                .statement
                .resources
                .patterns
                .iter()
                .all(|own| wide.statement.resources.patterns.iter().any(|resource| holds(resource, own)))
    };
    wider.statement.index != reading.statement.index
        && one_way(wider, reading, actions)
        && (wider.statement.index < reading.statement.index || !one_way(reading, wider, wider.actions()))
}

fn same_principals(wide: &Reading<'_, '_>, narrow: &Reading<'_, '_>) -> bool {
    match (&wide.statement.principals, &narrow.statement.principals) {
        (None, None) => true,
        (Some(wide), Some(narrow)) => {
            narrow.list.iter().all(|one| wide.list.iter().any(|other| other.text == one.text))
        }
        _ => false,
    }
}
