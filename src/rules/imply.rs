//! Whether one statement speaks of everything that another one speaks of.
//!
//! `cancelled-grant` asks it of a deny and an allow, `redundant-grant` of two allows. Every answer is for one statement
//! against one other; a yes is a proof, a no is not.

use super::analysis::Analysis;
use super::denials::Sight;
use crate::catalog::{ActionSet, Catalog};
use crate::finding::PolicyKind;
use crate::policy::{
    ActionKind, Base, Case, Condition, Operator, Place, PrincipalKind, Quantifier, Resource, Statement, TokenKind,
    find_hole,
};
use crate::semantics::contain::holds;
use crate::semantics::pattern::covers;
use crate::semantics::reading::{Meaning, Reading, fits};
use crate::semantics::scope::Scope;
use crate::semantics::view::View;

/// More comparisons of two statements' conditions than any person writes; beyond it nothing is proven.
const MOST_TESTS: usize = 4096;

/// Whether a statement that surely speaks of the actions `known`, and of every action of the service if `is_service`, holds
/// all that `narrow` speaks of, of which `fitting` are the known ones that matter. A wildcard also stands for actions that
/// nobody knows yet, so only a wildcard that covers it holds it.
pub(super) fn holds_actions(
    wide: &Reading<'_, '_>,
    (known, is_service): (ActionSet, bool),
    narrow: &Reading<'_, '_>,
    fitting: ActionSet,
) -> bool {
    if !fitting.is_subset(&known) || (narrow.covers_service && !is_service) {
        return false;
    }
    let wildcards = || {
        let sound = wide.action_patterns().filter(|(action, _)| action.fault.is_none());
        sound.filter_map(|(action, meaning)| match (meaning, &action.kind) {
            (Meaning::Wildcard(_), ActionKind::Own(pattern)) => Some(pattern),
            _ => None,
        })
    };
    is_service
        || narrow.action_patterns().all(|(action, meaning)| match (meaning, &action.kind) {
            (Meaning::Wildcard(_), ActionKind::Own(own)) => wildcards().any(|pattern| covers(pattern, own)),
            _ => true,
        })
}

/// Whether some resource of `wide` holds each resource of `narrow`, as each of the actions that act on it sees it.
pub(super) fn holds_resources(
    wide: &[Sight<'_, '_>],
    narrow: &Reading<'_, '_>,
    sights: &[Sight<'_, '_>],
    actions: ActionSet,
    catalog: &Catalog,
) -> bool {
    let is_open = narrow.covers_service || !narrow.wild.is_empty();
    sights.iter().zip(&narrow.scopes).all(|(own, scoped)| {
        let acting = actions & fits(scoped.scope, catalog);
        let needed = views_of(acting, catalog);
        let is_needed = |view: View| {
            let is_future = is_open && view == View::Object && scoped.scope < Scope::BucketItself;
            is_future || needed.get(view as usize).copied().unwrap_or(false)
        };
        let mut views = [View::Object, View::Bucket, View::Prefix].into_iter().filter(|view| is_needed(*view));
        views.all(|view| {
            let own = own.seen(view);
            wide.iter().map(|other| other.seen(view)).any(|other| ends_alike(other, own) && holds(other, own))
        })
    })
}

/// The first resource of a statement on which some of these actions act: whatever holds them all holds that one.
pub(super) fn acting(reading: &Reading<'_, '_>, actions: ActionSet, catalog: &Catalog) -> usize {
    reading.scopes.iter().position(|scoped| actions.meets(&fits(scoped.scope, catalog))).unwrap_or(0)
}

/// Whether the texts behind the last wildcards of two resources let one request touch both: a glance that spares most of the
/// comparisons among thousands of patterns with one prefix.
pub(super) fn ends_alike(a: &Resource<'_>, b: &Resource<'_>) -> bool {
    match (a.place().and_then(end_of), b.place().and_then(end_of)) {
        (Some(a), Some(b)) => a.ends_with(b) || b.ends_with(a),
        _ => true,
    }
}

/// The text behind the last wildcard or hole of a path.
fn end_of<'p>(place: &'p Place<'_>) -> Option<&'p str> {
    let last = *place.path.tokens().last()?;
    (last.kind == TokenKind::Literal && place.path.case() == Case::Sensitive).then(|| place.path.token_text(last))
}

/// A glance that spares most statements the exact question whether several others hold all of them together: of those with a
/// resource that holds the first one of `narrow`, some must speak of each of its actions.
pub(super) fn may_be_held_together<'r, 'p: 'r, 's: 'p>(
    narrow: &Reading<'_, '_>,
    actions: ActionSet,
    others: impl Iterator<Item = &'r Reading<'p, 's>>,
) -> bool {
    let Some(first) = narrow.statement.resources.patterns.first() else { return false };
    // Whose conditions may hold whenever the narrow one's do; and, of the rest, those that stand there once and twice.
    let (mut sure, mut once, mut twice) = (ActionSet::EMPTY, ActionSet::EMPTY, ActionSet::EMPTY);
    for other in others {
        let wide = other.statement.resources.patterns.iter();
        let mut wide = wide.filter(|wide| ends_alike(wide, first) && holds(wide, first));
        let own = actions & other.actions();
        if own.is_empty()
            || exclude(narrow.statement, other.statement)
            || (wide.next().is_none() && !other.statement.resources.negated)
        {
            continue;
        }
        let is_known = |test: &Condition<'_>| narrow.statement.conditions.iter().any(|known| known.key == test.key);
        if other.statement.conditions.iter().all(is_known) {
            sure |= own;
        } else {
            twice |= once & own;
            once |= own;
        }
    }
    actions.is_subset(&(sure | twice))
}

/// Which views some of the actions take, indexed by [`View`].
pub(super) fn views_of(actions: ActionSet, catalog: &Catalog) -> [bool; View::COUNT] {
    let mut found = [false; View::COUNT];
    for id in actions.iter() {
        if let Some(slot) = found.get_mut(View::of(id, catalog) as usize) {
            *slot = true;
        }
        if found.iter().all(|view| *view) {
            break;
        }
    }
    found
}

/// Whether the conditions of `wide` hold whenever those of `narrow` do.
pub(super) fn conditions_imply(narrow: &Statement<'_>, wide: &Statement<'_>) -> bool {
    if wide.conditions.is_empty() {
        return true;
    }
    narrow.conditions.len() * wide.conditions.len() <= MOST_TESTS
        && wide.conditions.iter().all(|wanted| narrow.conditions.iter().any(|own| implies(own, wanted)))
}

/// Whether a request that passes `own` passes `wanted`: the same comparison with the same values. A request without the key
/// passes only what ends in `_if_exist`, so that may be more on the wanted side and never less.
fn implies(own: &Condition<'_>, wanted: &Condition<'_>) -> bool {
    let (a, b) = (&own.operator, &wanted.operator);
    a.base == b.base
        && a.base != Base::Unknown
        && a.negated == b.negated
        && a.quantifier == b.quantifier
        && (!a.if_exists || b.if_exists)
        && is_known(&own.key)
        && own.key == wanted.key
        && !own.values.is_empty()
        && own.values.len() * wanted.values.len() <= MOST_TESTS
        && own.values.iter().chain(&wanted.values).all(|value| is_known(&value.text))
        && own.same_values(wanted)
}

/// Whether no request meets the conditions of both statements, as far as two tests of one key for other values tell.
pub(super) fn exclude(one: &Statement<'_>, other: &Statement<'_>) -> bool {
    let (own, others) = (&one.conditions, &other.conditions);
    own.len() * others.len() <= MOST_TESTS && own.iter().any(|a| others.iter().any(|b| are_apart(a, b)))
}

/// Whether two tests of a key with one value compare it with other ones.
fn are_apart(a: &Condition<'_>, b: &Condition<'_>) -> bool {
    let is_plain = |test: &Condition<'_>| {
        let Operator { base, negated, quantifier, .. } = &test.operator;
        matches!(base, Base::StringEqual | Base::Bool) && !negated && *quantifier == Quantifier::One
    };
    let is_in = |text: &str| b.values.iter().any(|value| value.text.eq_ignore_ascii_case(text));
    a.key == b.key
        && is_plain(a)
        && is_plain(b)
        && !(a.operator.if_exists && b.operator.if_exists)
        && a.values.len() * b.values.len() <= MOST_TESTS
        && !a.values.iter().any(|value| is_in(&value.text))
        && a.values.iter().chain(&b.values).all(|value| find_hole(&value.text, 0).is_none())
}

/// Whether equal texts mean equal values: anonymous holes never do.
fn is_known(text: &str) -> bool {
    let mut from = 0;
    while let Some((hole, name)) = find_hole(text, from) {
        if name.is_empty() {
            return false;
        }
        from = hole.end;
    }
    true
}

/// Whether `wide` speaks of everyone whom `narrow` speaks of, as far as the text tells. Only a bucket policy says whom it
/// speaks of; elsewhere both speak of the holder.
pub(super) fn same_principals(cx: &Analysis<'_, '_>, wide: &Statement<'_>, narrow: &Statement<'_>) -> bool {
    if cx.kind() != PolicyKind::Bucket {
        return true;
    }
    match (&wide.principals, &narrow.principals) {
        (Some(wide), Some(narrow)) => {
            let is_everyone = !wide.negated && wide.list.iter().any(|one| one.kind == PrincipalKind::Anyone);
            if wide.negated || narrow.negated {
                return is_everyone;
            }
            is_everyone
                || (narrow.list.len() * wide.list.len() <= MOST_TESTS
                    && narrow
                        .list
                        .iter()
                        .all(|one| is_known(&one.text) && wide.list.iter().any(|other| other.text == one.text)))
        }
        (None, None) => true,
        _ => false,
    }
}
