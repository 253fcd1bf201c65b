//! What the two rules about expectations share: names of actions, and what a change is told as.

use super::analysis::Analysis;
use crate::catalog::ActionId;
use crate::finding::Witness;
use crate::policy::{Anchor, Pattern, Place, Resource, find_hole};
use crate::semantics::expectation::{Expectation, ExpectedGrant};
use crate::semantics::permission::{Change, Held, Subject};
use crate::text::Span;

/// The names of actions, the most telling first: a few of them, and how many more.
pub(super) fn named(cx: &Analysis<'_, '_>, subjects: &[&Subject]) -> String {
    const FEW: usize = 3;
    let mut names: Vec<(u8, String)> = subjects.iter().map(|subject| (rank(cx, subject), name(cx, subject))).collect();
    names.sort();
    names.dedup();
    let more = names.len().saturating_sub(FEW);
    let mut text = String::new();
    let shown = names.len().min(FEW);
    for (index, (_, name)) in names.iter().take(FEW).enumerate() {
        text.push_str(match index {
            0 => "",
            _ if index + 1 == shown && more == 0 => " and ",
            _ => ", ",
        });
        text.push_str(name);
    }
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

fn name(cx: &Analysis<'_, '_>, subject: &Subject) -> String {
    match subject {
        Subject::Known(id) => format!("`{}`", cx.catalog().name(*id)),
        Subject::Named(name) => format!("`{name}`"),
        Subject::Future(pattern) => format!("whatever else `{pattern}` will fit"),
    }
}

/// The keys on which an expectation has one of these actions, a few of them; `None` where it names none of the actions.
pub(super) fn keys(cx: &Analysis<'_, '_>, expectation: &Expectation, subjects: &[&Subject]) -> Option<String> {
    const FEW: usize = 3;
    let is_meant = |grant: &ExpectedGrant| {
        subjects.iter().any(|subject| matches!(subject, Subject::Known(id) if grant.actions.contains(*id)))
    };
    let grants = expectation.grants_in(cx.dialect()).unwrap_or_default();
    let mut keys: Vec<&str> = Vec::new();
    for key in grants.iter().filter(|grant| is_meant(grant)).flat_map(|grant| &grant.keys).map(Pattern::text) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let more = keys.len().saturating_sub(FEW);
    keys.truncate(FEW);
    match (keys.as_slice(), more) {
        ([], _) => None,
        (keys, 0) => Some(format!("`{}`", keys.join("`, `"))),
        (keys, more) => Some(format!("`{}` and {more} more", keys.join("`, `"))),
    }
}

/// What is usual and changes something first.
fn rank(cx: &Analysis<'_, '_>, subject: &Subject) -> u8 {
    let known = |id: ActionId| {
        2 * u8::from(!cx.catalog().typical().contains(id)) + u8::from(!cx.catalog().changing().contains(id))
    };
    match subject {
        Subject::Known(id) => known(*id),
        Subject::Named(_) => 4,
        Subject::Future(_) => 5,
    }
}

/// The request of a change, in the place of the resource that it is about; `None` for actions that have no name.
pub(super) fn witness(cx: &Analysis<'_, '_>, change: &Change, resource: Option<&Resource<'_>>) -> Option<Witness> {
    let best = change.subjects.iter().min_by_key(|subject| (rank(cx, subject), (*subject).clone()))?;
    let action = match best {
        Subject::Known(id) => cx.dialect().spell_action(cx.catalog().name(*id)),
        Subject::Named(name) => cx.dialect().spell_action(name),
        Subject::Future(_) => return None,
    };
    if change.is_operation {
        return Some(Witness { action, resource: "*".to_owned() });
    }
    let path = change.spot.path();
    let own = resource.and_then(Resource::place);
    let part = |text: &str| Pattern::literal(text.to_owned(), Anchor::loose(Span::default()));
    let elsewhere = || Place::new(part(&change.spot.region), part(&change.spot.account), part(&path));
    let resource = match own {
        Some(place) => cx.dialect().spell_resource(place, &path),
        None => cx.dialect().spell_resource(&elsewhere(), &path),
    };
    Some(Witness { action, resource })
}

/// What a request has to carry beside action and resource, for the end of a message; empty when nothing.
pub(super) fn when(change: &Change) -> String {
    let context = change.context.to_string();
    if context.is_empty() { context } else { format!(" (when {context})") }
}

/// What the policy takes for the holes of the expectation, for the end of a help; empty when nothing is bound. A name that a
/// layout of the same owner does not allow is nobody's, and that is said.
pub(super) fn bound(cx: &Analysis<'_, '_>, held: &Held) -> String {
    let refusing = held.bound.iter().filter(|(_, value)| find_hole(value, 0).is_none()).find_map(|(hole, value)| {
        let mut layouts = cx.layouts().filter_map(|at| cx.facts().layouts.get(at));
        Some((hole, value, layouts.find(|layout| layout.owner == *hole && !layout.names.contains(value))?))
    });
    if let Some((hole, value, layout)) = refusing {
        return format!("; `{value}` is no name for `{hole}` that the layout at {} allows", layout.at);
    }
    let told: Vec<String> = held.bound.iter().map(|(hole, value)| format!("`{value}` for `{hole}`")).collect();
    if told.is_empty() { String::new() } else { format!(", with {}", told.join(" and ")) }
}
