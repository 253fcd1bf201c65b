//! `cancelled-grant`: an allow that a deny takes back completely.

use super::denials::{FirmDeny, Sight};
use super::imply;
use super::prelude::*;
use crate::catalog::ActionSet;
use crate::semantics::graph::Order;
use crate::semantics::permission::{Alone, Known};
use crate::semantics::reading::Reading;

pub(super) static META: RuleMeta = RuleMeta {
    name: "cancelled-grant",
    summary: "a deny takes back all that a statement allows",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/cancelled-grant.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

/// More pairs of statements than this are not compared; only a policy of thousands of statements has them.
pub(super) const MOST_PAIRS: usize = 1_000_000;

/// Among so many denies that take an allow back, the nearest one is looked for.
const MOST_NAMED: usize = 16;

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    if !cx.has_denies() {
        return;
    }
    let mut budget = MOST_PAIRS;
    for allow in cx.allows() {
        let actions = allow.fitting(allow.actions(), cx.catalog());
        if allow.statement.resources.negated || allow.statement.actions.negated {
            continue;
        }
        if allow.has_unknown || actions.is_empty() || allow.statement.resources.is_missing {
            continue;
        }
        if !may_be_cancelled(cx, allow, actions) {
            check_together(cx, allow, actions, out);
            continue;
        }
        let resources = allow.statement.resources.patterns.iter();
        let sights: Vec<Sight<'_, '_>> =
            resources.map(|resource| Sight::new(resource, cx.catalog().all(), cx.catalog())).collect();
        let denies: Vec<(&FirmDeny<'_, '_>, &Reading<'_, '_>)> = sights
            .get(imply::acting(allow, actions, cx.catalog()))
            .into_iter()
            .flat_map(|sight| cx.denials().may_hold(sight))
            .take_while(|_| spend(&mut budget))
            .filter_map(|firm| Some((firm, cx.readings().get(firm.reading)?)))
            .filter(|(firm, deny)| cancels(cx, firm, deny, allow, &sights, actions))
            .take(MOST_NAMED)
            .collect();
        let Some(deny) = narrowest(cx, &denies) else {
            check_together(cx, allow, actions, out);
            continue;
        };
        report(allow, deny, out);
    }
}

/// The first deny that holds no other one of these.
fn narrowest<'r, 'a, 's>(
    cx: &Analysis<'a, 's>,
    denies: &[(&FirmDeny<'a, 's>, &'r Reading<'a, 's>)],
) -> Option<&'r Reading<'a, 's>> {
    if denies.len() < 2 {
        return denies.first().map(|(_, deny)| *deny);
    }
    let all = || denies.iter().enumerate();
    let lies_in = |(firm, deny): &(&FirmDeny<'a, 's>, &Reading<'a, 's>),
                   (wide, wider): &(&FirmDeny<'a, 's>, &Reading<'a, 's>)| {
        // What of it is not firm has no place among its scopes.
        firm.sights.len() == deny.scopes.len() && cancels(cx, wide, wider, deny, &firm.sights, firm.actions)
    };
    let pairs = all().flat_map(|(at, own)| {
        all().filter(move |(wide, other)| *wide != at && lies_in(own, other)).map(move |(wide, _)| (at, wide))
    });
    let order = Order::of(denies.len(), pairs);
    let holds_some = |at: usize| order.within.iter().any(|wider| wider.contains(&at));
    let is_first = |at: usize| order.equal_to.get(at) == Some(&at);
    all().find(|(at, _)| is_first(*at) && !holds_some(*at)).map(|(_, (_, deny))| *deny)
}

/// Of the denies that take back a statement by themselves, the first one that holds no other of them.
fn nearest(alone: &Alone<'_, '_>, at: usize, denies: &[usize]) -> Option<usize> {
    let lies_in = |narrow: usize, wide: usize| alone.lies_in(narrow, &[wide]) == Known::Yes;
    let single: Vec<usize> = denies.iter().copied().filter(|deny| lies_in(at, *deny)).take(MOST_NAMED).collect();
    let mut nearest = single.first().copied()?;
    for deny in single.into_iter().skip(1) {
        if lies_in(deny, nearest) && !lies_in(nearest, deny) {
            nearest = deny;
        }
    }
    Some(nearest)
}

/// Report an allow that a deny takes back.
fn report(allow: &Reading<'_, '_>, deny: &Reading<'_, '_>, out: &mut Reporter<'_>) {
    let Some(first) = allow.statement.resources.patterns.first() else { return };
    let Some(draft) = out.claim(Claim::at(first.span).of(allow.statement)) else { return };
    draft
        .message(format!("{} allows nothing: {} denies all of it", allow.statement.title(), deny.statement.title()))
        .caption("allowed here")
        .help("remove the one that is not meant, or narrow the deny");
    if let Some(denied) = deny.statement.resources.patterns.first() {
        draft.label(denied.span, "and denied here");
    }
}

/// Report an allow that no pattern of a single deny takes back, and the exact comparison proves that the denies do.
fn check_together(cx: &Analysis<'_, '_>, allow: &Reading<'_, '_>, actions: ActionSet, out: &mut Reporter<'_>) {
    if !cx.is_small() || !imply::may_be_held_together(allow, actions, cx.denies()) {
        return;
    }
    let others = cx.denials().firm();
    let denies: Vec<&Reading<'_, '_>> = others.iter().filter_map(|at| cx.readings().get(*at)).collect();
    let Some(at) = cx.position_of(allow) else { return };
    let Some(alone) = cx.alone().filter(|alone| alone.lies_in(at, others) == Known::Yes) else { return };
    if let Some(deny) = nearest(alone, at, others).and_then(|deny| cx.readings().get(deny)) {
        report(allow, deny, out);
        return;
    }
    let Some(first) = allow.statement.resources.patterns.first() else { return };
    let Some(draft) = out.claim(Claim::at(first.span).of(allow.statement)) else { return };
    let message = format!("{} allows nothing: the denies take back all of it together", allow.statement.title());
    draft.message(message).caption("allowed here").help("remove what is not meant, or narrow the denies");
    for denied in denies.iter().filter_map(|deny| deny.statement.resources.patterns.first()) {
        draft.label(denied.span, "and denied here");
    }
}

/// A glance at the denies that spares most policies a closer look: few denies refuse every action of an allow whenever it
/// grants them.
fn may_be_cancelled(cx: &Analysis<'_, '_>, allow: &Reading<'_, '_>, actions: ActionSet) -> bool {
    const FEW: usize = 16;
    let refuses = |deny: &Reading<'_, '_>| {
        actions.is_subset(&deny.actions()) && imply::conditions_imply(allow.statement, deny.statement)
    };
    cx.denies().nth(FEW).is_some() || cx.denies().any(refuses)
}

/// Take one from the budget; `false` when nothing is left.
pub(super) fn spend(budget: &mut usize) -> bool {
    let has_some = *budget > 0;
    *budget = budget.saturating_sub(1);
    has_some
}

/// Whether the deny refuses whatever the allow grants, its conditions holding whenever those of the allow do.
fn cancels(
    cx: &Analysis<'_, '_>,
    firm: &FirmDeny<'_, '_>,
    deny: &Reading<'_, '_>,
    allow: &Reading<'_, '_>,
    sights: &[Sight<'_, '_>],
    actions: ActionSet,
) -> bool {
    imply::holds_actions(deny, (firm.actions, firm.covers_service), allow, actions)
        && imply::same_principals(cx, deny.statement, allow.statement)
        && imply::conditions_imply(allow.statement, deny.statement)
        && imply::holds_resources(&firm.sights, allow, sights, actions, cx.catalog())
}
