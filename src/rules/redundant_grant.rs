//! `redundant-grant`: a statement grants what another one already grants.

use super::cancelled_grant::{MOST_PAIRS, spend};
use super::denials::{Sight, VIEWS};
use super::imply;
use super::prelude::*;
use crate::catalog::ActionSet;
use crate::policy::Statement;
use crate::semantics::index::PrefixIndex;
use crate::semantics::permission::{Alone, Known};
use crate::semantics::reading::Reading;
use crate::semantics::view::View;

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
    if !out.wants(Profile::Strict) || cx.allows().nth(1).is_none() {
        return;
    }
    let catalog = cx.catalog();
    let is_clear = |reading: &Reading<'_, '_>| {
        let Statement { actions, resources, .. } = reading.statement;
        reading.statement.allows() && !resources.is_missing && !resources.negated && !actions.negated
    };
    let mut all: Vec<Vec<Sight<'_, '_>>> = Vec::with_capacity(cx.readings().len());
    let mut indices: [PrefixIndex; View::COUNT] = <[PrefixIndex; View::COUNT]>::default();
    for (at, reading) in cx.readings().iter().enumerate() {
        let patterns = reading.statement.resources.patterns.iter().filter(|_| is_clear(reading));
        let sights: Vec<Sight<'_, '_>> =
            patterns.map(|resource| Sight::new(resource, reading.actions(), catalog)).collect();
        for sight in &sights {
            for (index, view) in indices.iter_mut().zip(VIEWS) {
                index.insert(sight.seen(view), at);
            }
        }
        all.push(sights);
    }
    let sights_at = |at: usize| all.get(at).map_or(&[][..], Vec::as_slice);
    let mut budget = MOST_PAIRS;
    // Those that no other statement grants alone, with their actions.
    let mut single: Vec<(usize, ActionSet)> = Vec::new();
    for (at, reading) in cx.readings().iter().enumerate() {
        let actions = reading.fitting(reading.actions(), catalog);
        let own = sights_at(at);
        if reading.has_unknown || actions.is_empty() {
            continue;
        }
        let Some(first) = own.get(imply::acting(reading, actions, catalog)) else { continue };
        let views = VIEWS.into_iter().zip(&indices);
        let mut holders: Vec<usize> = views.flat_map(|(view, index)| index.may_hold(first.seen(view))).collect();
        holders.sort_unstable();
        holders.dedup();
        let covers = |wide: usize, narrow: usize, actions: ActionSet| -> bool {
            let (Some(wider), Some(narrower)) = (cx.readings().get(wide), cx.readings().get(narrow)) else {
                return false;
            };
            imply::holds_actions(wider, (wider.actions(), wider.covers_service), narrower, actions)
                && imply::same_principals(cx, wider.statement, narrower.statement)
                && imply::conditions_imply(narrower.statement, wider.statement)
                && imply::holds_resources(sights_at(wide), narrower, sights_at(narrow), actions, catalog)
        };
        // Of two equal statements the later one is redundant.
        let wider = holders.into_iter().filter(|wide| *wide != at).take_while(|_| spend(&mut budget)).find(|wide| {
            covers(*wide, at, actions)
                && (*wide < at || {
                    let back = cx.readings().get(*wide).map(|r| r.fitting(r.actions(), catalog)).unwrap_or_default();
                    !covers(at, *wide, back)
                })
        });
        let Some(wider) = wider.and_then(|wide| cx.readings().get(wide)) else {
            single.push((at, actions));
            continue;
        };
        let Some(place) = reading.statement.resources.patterns.first() else { continue };
        let Some(draft) = out.claim(Claim::at(place.span).of(reading.statement)) else { continue };
        draft
            .message(format!("{} already grants all of {}", wider.statement.title(), reading.statement.title()))
            .caption("granted already")
            .help("remove it, or narrow the wider statement");
        if let Some(resource) = wider.statement.resources.patterns.first() {
            draft.label(resource.span, "granted here");
        }
    }
    together(cx, single, out);
}

/// Report the allows, the later ones first, that no other one grants alone and all others do together.
fn together(cx: &Analysis<'_, '_>, mut single: Vec<(usize, ActionSet)>, out: &mut Reporter<'_>) {
    if !cx.is_small() {
        return;
    }
    let mut at = single.len();
    while at > 0 && single.len() > 2 {
        at -= 1;
        let Some((own, actions)) = single.get(at).copied() else { return };
        let others = || single.iter().filter(|(other, _)| *other != own);
        let Some(reading) = cx.readings().get(own) else { return };
        if !imply::may_be_held_together(reading, actions, others().filter_map(|(other, _)| cx.readings().get(*other))) {
            continue;
        }
        let others: Vec<usize> = others().map(|(other, _)| *other).collect();
        let lies_in = |alone: &Alone<'_, '_>| alone.lies_in(own, &others) == Known::Yes;
        if !cx.alone().is_some_and(lies_in) {
            continue;
        }
        single.remove(at);
        let statement = cx.readings().get(own).map(|reading| reading.statement);
        let Some((statement, place)) = statement.and_then(|s| Some((s, s.resources.patterns.first()?))) else {
            continue;
        };
        let Some(draft) = out.claim(Claim::at(place.span).of(statement)) else { continue };
        let message = format!("the other statements together already grant all of {}", statement.title());
        draft.message(message).caption("granted already").help("remove it, or narrow the wider statements");
    }
}
