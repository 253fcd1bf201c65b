//! `bucket-administration`: a key may configure a bucket, change permissions or delete the bucket.

use super::prelude::*;
use super::wildcard_action;
use crate::catalog::{ActionId, ActionSet, Class, Ground, Level};
use crate::semantics::graph::{Leads, Way};
use crate::semantics::reading::{Reading, fits};
use crate::semantics::scope::Scope;

pub(super) static META: RuleMeta = RuleMeta {
    name: "bucket-administration",
    summary: "a key may configure a bucket, change who may do what, or delete the bucket",
    grades: Grades {
        session: Grade::default(Severity::High),
        undetermined: Grade::default(Severity::Medium),
        identity: TIDY,
        bucket: TIDY,
    },
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/bucket-administration.md"),
};

pub(super) const CHECK: Check = Check::Grants(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    let catalog = cx.catalog();
    let of_the_bucket =
        (catalog.of_class(Class::Configure) | catalog.of_class(Class::Delete)) & catalog.of_level(Level::Bucket);
    let administration = of_the_bucket | catalog.of_class(Class::Permissions);
    for reading in cx.allows() {
        // A wildcard that stands for such actions is `wildcard-action`'s business.
        if wildcard_action::is_unread(reading) {
            continue;
        }
        let all = reading.fitting(reading.actions() & administration, catalog);
        let written = if reading.covers_service { ActionSet::EMPTY } else { all & reading.written };
        let by_wildcard = Yields { rule: &wildcard_action::META, at: None };
        tell(cx, reading, written, None, out);
        tell(cx, reading, all - written - reading.unmet, Some(by_wildcard), out);
    }
}

/// Say of these actions of a statement that they are administration, where that is not said of its wildcards instead.
fn tell(
    cx: &Analysis<'_, '_>,
    reading: &Reading<'_, '_>,
    granted: ActionSet,
    instead: Option<Yields>,
    out: &mut Reporter<'_>,
) {
    let catalog = cx.catalog();
    if granted.is_empty() {
        return;
    }
    let granted = cx.remaining(granted, reading);
    if granted.is_empty() {
        return;
    }
    let first = reading.pattern_of(granted, catalog).filter(|_| !reading.statement.actions.negated);
    let first = first.map_or(reading.statement.actions.span, |action| action.span);
    let claim = Claim::at(first).of(reading.statement).yielding([instead, None]);
    let Some(draft) = out.claim(claim) else { return };
    let permissions = granted & catalog.of_class(Class::Permissions);
    let what = if permissions.is_empty() {
        "which configures the bucket or removes it"
    } else if permissions.meets(&catalog.of_level(Level::Bucket)) {
        "which decides who may use the bucket"
    } else {
        "which decides who may read the object"
    };
    let message = match way_out(cx, reading, permissions) {
        Some(way) => format!("{} allowed: {}", cx.names(granted, 3), told(cx, reading, &way, granted)),
        None => format!("{} allowed, {what}", cx.names(granted, 3)),
    };
    draft.message(message).caption("administration");
    for (action, meaning) in reading.action_patterns().filter(|(action, _)| action.span != first).take(8) {
        if meaning.actions(catalog).meets(&granted) {
            draft.label(action.span, "administration too");
        }
    }
    draft.help(if cx.kind() == PolicyKind::Session {
        "remove it from the key and let the server do it with its own credentials"
    } else {
        "keep it out of policies for keys, and grant it to administrators by name"
    });
    draft.witness(reading.resources().find_map(|(resource, scoped)| cx.witness(granted, resource, scoped.scope)));
}

/// The way from one of these granted actions to the worst that its holder can grant with it.
fn way_out(cx: &Analysis<'_, '_>, reading: &Reading<'_, '_>, permissions: ActionSet) -> Option<Way> {
    let catalog = cx.catalog();
    // A condition on what the request itself asks for may leave nothing of it.
    let is_limited = |id: ActionId| {
        let keys = catalog.action(id).map_or(&[][..], |action| action.condition_keys.as_slice());
        reading.statement.conditions.iter().any(|condition| keys.iter().any(|key| *key == condition.key))
    };
    let of_objects = catalog.of_level(Level::Object);
    let typical = |class| catalog.of_class(class) & of_objects & catalog.typical();
    let goals = [Class::Delete, Class::Upload, Class::Read].map(typical);
    let leads = Leads::new(catalog);
    let ways = permissions.iter().filter(|id| !is_limited(*id)).filter_map(|id| leads.way(id, &goals));
    let is_typical = |way: &Way| way.by.first().is_some_and(|id| catalog.typical().contains(*id));
    ways.min_by_key(|way| (goals.iter().position(|goal| goal.contains(way.to)), way.by.len(), !is_typical(way)))
}

/// A way in words.
fn told(cx: &Analysis<'_, '_>, reading: &Reading<'_, '_>, way: &Way, granted: ActionSet) -> String {
    let catalog = cx.catalog();
    let first = way.by.first().copied();
    let by = match first.filter(|_| granted.len() > 1) {
        Some(id) => format!("with `{}` its holder", catalog.name(id)),
        None => "its holder".to_owned(),
    };
    let through: Vec<String> = way.by.iter().skip(1).map(|id| format!(" through `{}`", catalog.name(*id))).collect();
    let to = catalog.name(way.to);
    let acts = |scope: Scope| first.is_some_and(|id| fits(scope, catalog).contains(id));
    let place = reading.resources().find(|(_, scoped)| acts(scoped.scope));
    let on = match (way.on, place) {
        (Ground::Object, _) => "the same keys".to_owned(),
        (Ground::Bucket, Some((resource, scoped))) if scoped.scope > Scope::Account => {
            format!("every key of `{}`", resource.place().map_or("", |place| place.bucket()))
        }
        (Ground::Bucket, _) => "every key of these buckets".to_owned(),
    };
    format!("{by} can grant `{to}` on {on}{} to anyone, themselves included", through.concat())
}
