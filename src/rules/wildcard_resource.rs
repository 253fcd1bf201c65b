//! `wildcard-resource`: an allow on everything, on several buckets, or on a whole bucket.

use super::narrow::narrowed;
use super::prelude::*;
use super::repair::folder;
use crate::catalog::{ActionSet, Class, Level};
use crate::policy::{Pattern, Resource};
use crate::semantics::reading::{Reading, fits};
use crate::semantics::scope::Scope;

pub(super) static META: RuleMeta = RuleMeta {
    name: "wildcard-resource",
    summary: "an allow reaches every bucket, or every key of one",
    grades: Grades {
        session: Grade::default(Severity::High),
        undetermined: Grade::default(Severity::Medium),
        identity: Grade::default(Severity::Medium),
        bucket: Grade::default(Severity::Medium),
    },
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/wildcard-resource.md"),
};

pub(super) const CHECK: Check = Check::Grants(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    for reading in cx.allows() {
        for (resource, scoped) in reading.resources() {
            let scope = scoped.scope;
            if scope > Scope::Bucket || resource.is_faulty {
                continue;
            }
            let Some(granted) = granted(cx, reading, scope) else { continue };
            let Some(granted) = cx.left_beyond_owner(granted, reading, resource) else { continue };
            let gentle = granted.is_subset(&gentle(cx)) && !reading.has_unknown;
            let mut claim = Claim::at(resource.span).of(reading.statement).lower_if(gentle);
            if scope == Scope::Bucket && matches!(cx.kind(), PolicyKind::Identity | PolicyKind::Bucket) {
                claim = claim.grade(TIDY);
            }
            let Some(draft) = out.claim(claim) else { continue };
            let what = if reading.covers_service {
                "every action".to_owned()
            } else if granted.is_empty() {
                "the actions".to_owned()
            } else {
                cx.names_with(listing(cx), granted, 3)
            };
            let (reach, caption) = match (scope, resource.place()) {
                _ if is_of_buckets(cx, reading, granted) && scope < Scope::Bucket => {
                    ("every bucket".to_owned(), "every bucket")
                }
                (Scope::Bucket, Some(place))
                    if place.slash().map(|slash| slash + 1) != cx.dialect().keys_from(place) =>
                {
                    let from = cx.dialect().keys_from(place).unwrap_or_default();
                    let before = place.path.text().get(..from as usize).unwrap_or_default();
                    (format!("every key below `{before}`"), "every key")
                }
                (Scope::Bucket, Some(place)) => {
                    (format!("every key of bucket `{}`", place.bucket()), "every key of the bucket")
                }
                (Scope::Account, Some(_)) if is_without_bucket(cx, resource) => {
                    ("the same keys of every bucket".to_owned(), "every bucket")
                }
                (Scope::Account, Some(place)) if !place.path.is_everything() => {
                    ("every bucket whose name fits".to_owned(), "several buckets")
                }
                _ => ("every key of every bucket".to_owned(), "every bucket"),
            };
            draft
                .message(format!("{what} allowed on {reach}"))
                .caption(caption)
                .help(help(cx, reading, granted, resource))
                .witness(cx.witness_of_other(&cx.whose(resource), granted, resource, scope));
        }
    }
}

/// The actions that list the keys of a bucket; their reach surprises most, so they are named first.
pub(super) fn listing(cx: &Analysis<'_, '_>) -> ActionSet {
    cx.catalog().of_class(Class::List) & cx.catalog().of_level(Level::Bucket)
}

/// List and read.
fn gentle(cx: &Analysis<'_, '_>) -> ActionSet {
    cx.catalog().all() - cx.catalog().changing()
}

/// What the statement grants on a resource of this scope and should not; `None` when all of it is exempt: actions that
/// only work on `*`, making a bucket, and statements that only list or read a bucket itself.
fn granted(cx: &Analysis<'_, '_>, reading: &Reading<'_, '_>, scope: Scope) -> Option<ActionSet> {
    let catalog = cx.catalog();
    let mut granted = reading.actions() & fits(scope, catalog);
    let all = reading.actions();
    if is_exempt(cx, reading, scope) {
        return None;
    }
    granted = granted - catalog.of_level(Level::Service);
    if scope <= Scope::Account && all.is_subset(&(catalog.account_reach() | catalog.of_level(Level::Service))) {
        granted = granted - catalog.account_reach();
    }
    (!granted.is_empty() || reading.has_unknown || reading.covers_service).then_some(granted)
}

/// Whether a statement only lists or reads the bucket itself, for which the whole bucket is the right resource.
pub(super) fn is_exempt(cx: &Analysis<'_, '_>, reading: &Reading<'_, '_>, scope: Scope) -> bool {
    let catalog = cx.catalog();
    let of_the_bucket = catalog.of_level(Level::Bucket) - catalog.changing();
    scope == Scope::Bucket
        && !reading.has_unknown
        && !reading.actions().is_empty()
        && reading.actions().is_subset(&of_the_bucket)
}

/// Whether all that is granted acts on buckets, and on no key of theirs.
fn is_of_buckets(cx: &Analysis<'_, '_>, reading: &Reading<'_, '_>, granted: ActionSet) -> bool {
    let of_the_bucket = cx.catalog().of_level(Level::Bucket) - cx.catalog().prefix_reach();
    !reading.covers_service && !granted.is_empty() && granted.is_subset(&of_the_bucket)
}

/// How to name what is needed and no more.
fn help(cx: &Analysis<'_, '_>, reading: &Reading<'_, '_>, granted: ActionSet, resource: &Resource<'_>) -> String {
    let catalog = cx.catalog();
    if is_of_buckets(cx, reading, granted) {
        let bucket = match resource.place().filter(|place| place.slash().is_some()) {
            Some(place) => cx.dialect().spell_resource(place, &format!("{}/", place.bucket())),
            None => cx.dialect().spell_sample(""),
        };
        let others = reading.actions() & catalog.of_level(Level::Service);
        if others.is_empty() {
            return format!("name the bucket itself: `{bucket}`");
        }
        // What acts on no bucket needs the resource that stands here.
        let those = cx.names(granted, 3);
        return format!("put {those} into a statement of its own, on the bucket itself: `{bucket}`");
    }
    if is_without_bucket(cx, resource) {
        return format!("name the bucket: `{{\"bucket\": \"{}\"}}`", cx.dialect().words().bucket_hole);
    }
    let changes = reading.covers_service || reading.actions().meets(&cx.catalog().changing());
    if changes && cx.kind() != PolicyKind::Identity {
        format!("name the keys that the holder needs, such as `{}`", narrowed(cx, resource))
    } else {
        format!("name the buckets and prefixes that are needed, such as `{}`", folder(cx, resource))
    }
}

/// Whether a form says which keys and leaves the bucket open.
fn is_without_bucket(cx: &Analysis<'_, '_>, resource: &Resource<'_>) -> bool {
    let begins_open = |path: &Pattern<'_>| path.first_wildcard().is_some_and(|wild| wild.start == 0);
    cx.is_post() && resource.place().is_some_and(|place| !place.path.is_everything() && begins_open(&place.path))
}
