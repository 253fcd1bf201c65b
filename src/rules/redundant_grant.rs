//! `redundant-grant`: a statement grants what another one already grants.

use super::cancelled_grant::{MOST_PAIRS, spend};
use super::denials::{Sight, VIEWS};
use super::imply;
use super::prelude::*;
use crate::catalog::ActionSet;
use crate::policy::Statement;
use crate::semantics::graph::Order;
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
    let grants = Grants::new(cx);
    let pairs = grants.pairs();
    let order = Order::of(cx.readings().len(), pairs);
    // Those that no other statement grants alone, with their actions.
    let mut single: Vec<(usize, ActionSet)> = Vec::new();
    for (at, reading) in cx.readings().iter().enumerate() {
        let Some(actions) = grants.judged(at) else { continue };
        let around = |at| order.around(at).filter_map(|wide| cx.readings().get(wide));
        let Some(nearest) = around(at).next() else {
            single.push((at, actions));
            continue;
        };
        let Some(place) = reading.statement.resources.patterns.first() else { continue };
        let Some(draft) = out.claim(Claim::at(place.span).of(reading.statement)) else { continue };
        draft
            .message(format!("{} already grants all of {}", nearest.statement.title(), reading.statement.title()))
            .caption("granted already")
            .help("remove it, or narrow the wider statement");
        for (wider, label) in around(at).zip(["granted here", "and here"]) {
            if let Some(resource) = wider.statement.resources.patterns.first() {
                draft.label(resource.span, label);
            }
        }
    }
    together(cx, single, out);
}

/// In a policy that is not small, the search for what grants a statement's grants ends after this many.
const MOST_WIDER: usize = 16;

/// The most pairs of statements that are compared exactly in one policy.
const MOST_EXACT: usize = 32;

/// The most statements that are compared exactly with all others together.
const MOST_TOGETHER: usize = 16;

/// The allows of a policy, as they are held against each other.
struct Grants<'c, 'a, 's> {
    cx: &'c Analysis<'a, 's>,
    /// The resources of each statement, of those that can be compared pattern by pattern.
    sights: Vec<Vec<Sight<'a, 's>>>,
    indices: [PrefixIndex; View::COUNT],
}

impl<'c, 'a, 's> Grants<'c, 'a, 's> {
    fn new(cx: &'c Analysis<'a, 's>) -> Self {
        let mut all = Self {
            cx,
            sights: Vec::with_capacity(cx.readings().len()),
            indices: <[PrefixIndex; View::COUNT]>::default(),
        };
        for (at, reading) in cx.readings().iter().enumerate() {
            let patterns = reading.statement.resources.patterns.iter().filter(|_| is_clear(reading));
            let sights: Vec<Sight<'a, 's>> =
                patterns.map(|resource| Sight::new(resource, reading.actions(), cx.catalog())).collect();
            for sight in &sights {
                for (index, view) in all.indices.iter_mut().zip(VIEWS) {
                    index.insert(sight.seen(view), at);
                }
            }
            all.sights.push(sights);
        }
        all
    }

    /// The known actions of an allow that is judged: one that grants something, and all of whose actions are known.
    fn judged(&self, at: usize) -> Option<ActionSet> {
        let reading = self.cx.readings().get(at).filter(|reading| is_clear(reading) && !reading.has_unknown)?;
        let actions = reading.fitting(reading.actions(), self.cx.catalog());
        (!actions.is_empty() && !self.sights_of(at).is_empty()).then_some(actions)
    }

    fn sights_of(&self, at: usize) -> &[Sight<'a, 's>] {
        self.sights.get(at).map_or(&[], Vec::as_slice)
    }

    /// Pairs of statements of which the second grants all that the first does.
    fn pairs(&self) -> Vec<(usize, usize)> {
        let most = if self.cx.is_small() { usize::MAX } else { MOST_WIDER };
        let (mut budget, mut exact) = (MOST_PAIRS, MOST_EXACT);
        let mut pairs = Vec::new();
        for (at, reading) in self.cx.readings().iter().enumerate() {
            let Some(actions) = self.judged(at) else { continue };
            let Some(first) = self.sights_of(at).get(imply::acting(reading, actions, self.cx.catalog())) else {
                continue;
            };
            let views = VIEWS.into_iter().zip(&self.indices);
            let holders = views.flat_map(|(view, index)| index.may_hold(first.seen(view))).filter(|wide| *wide != at);
            let mut wider: Vec<usize> = Vec::new();
            for wide in holders.take_while(|_| spend(&mut budget)) {
                if !wider.contains(&wide) && self.covers(wide, at, actions) {
                    wider.push(wide);
                }
                if wider.len() == most {
                    break;
                }
            }
            if self.cx.is_small() {
                let rest = (0..self.sights.len()).filter(|wide| *wide != at && !wider.contains(wide));
                let surely = rest.filter(|wide| self.covers_exactly(*wide, at, actions, &mut exact));
                pairs.extend(surely.map(|wide| (at, wide)));
            }
            pairs.extend(wider.into_iter().map(|wide| (at, wide)));
        }
        pairs
    }

    /// Whether a glance at the patterns proves that a statement grants these actions wherever the narrow one does.
    fn covers(&self, wide: usize, narrow: usize, actions: ActionSet) -> bool {
        let cx = self.cx;
        let (Some(wider), Some(narrower)) = (cx.readings().get(wide), cx.readings().get(narrow)) else { return false };
        imply::conditions_imply(narrower.statement, wider.statement) && self.holds(wide, narrow, actions)
    }

    /// The same, but for the conditions.
    fn holds(&self, wide: usize, narrow: usize, actions: ActionSet) -> bool {
        let cx = self.cx;
        let (Some(wider), Some(narrower)) = (cx.readings().get(wide), cx.readings().get(narrow)) else { return false };
        imply::holds_actions(wider, (wider.actions(), wider.covers_service), narrower, actions)
            && imply::same_principals(cx, wider.statement, narrower.statement)
            && imply::holds_resources(self.sights_of(wide), narrower, self.sights_of(narrow), actions, cx.catalog())
    }

    /// The same by the exact comparison, for what a glance cannot decide: conditions that imply each other in other words,
    /// and statements that leave something out.
    fn covers_exactly(&self, wide: usize, narrow: usize, actions: ActionSet, budget: &mut usize) -> bool {
        let cx = self.cx;
        let (Some(wider), Some(narrower)) = (cx.readings().get(wide), cx.readings().get(narrow)) else { return false };
        let (own, other) = (narrower.statement, wider.statement);
        let holds = || self.holds(wide, narrow, actions);
        other.allows()
            && actions.is_subset(&wider.actions())
            && (!is_clear(wider) || (!imply::conditions_imply(own, other) && holds()))
            && other.conditions.iter().all(|test| own.conditions.iter().any(|known| known.key == test.key))
            && spend(budget)
            && cx.alone().is_some_and(|alone| alone.lies_in(narrow, &[wide]) == Known::Yes)
    }
}

/// Whether a statement allows what it names, and leaves nothing out.
fn is_clear(reading: &Reading<'_, '_>) -> bool {
    let Statement { actions, resources, .. } = reading.statement;
    reading.statement.allows() && !resources.is_missing && !resources.negated && !actions.negated
}

/// Report the allows, the later ones first, that no other one grants alone and all others do together.
fn together(cx: &Analysis<'_, '_>, mut single: Vec<(usize, ActionSet)>, out: &mut Reporter<'_>) {
    if !cx.is_small() {
        return;
    }
    let (mut at, mut budget) = (single.len(), MOST_TOGETHER);
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
        if !spend(&mut budget) || !cx.alone().is_some_and(lies_in) {
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
