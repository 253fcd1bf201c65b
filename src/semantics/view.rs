//! A resource as different actions see it.
//!
//! An action on objects is judged against the key. An action on the bucket touches `bucket/`, which `bucket/*` matches
//! and `bucket/dir/*` does not. An action that lists is judged against the prefix it lists, for which both `bucket/` and
//! `bucket/*` mean every prefix.
//!
//! Where a bucket is a resource of its own, nothing of this holds: every action is judged against the resource as it is
//! written, and `bucket/*` is keys and not the bucket.

use std::borrow::Cow;

use super::pattern::matches;
use crate::catalog::{ActionId, Catalog, Level};
use crate::policy::{Anchor, Case, Pattern, Place, Resource, ResourceKind};

/// How an action looks at a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum View {
    /// As a key.
    Object,
    /// As a bucket.
    Bucket,
    /// As a prefix to list.
    Prefix,
}

impl View {
    /// How many ways there are.
    pub const COUNT: usize = 3;

    /// How a known action looks.
    pub fn of(id: ActionId, catalog: &Catalog) -> Self {
        match catalog.action(id) {
            _ if catalog.prefix_reach().contains(id) => Self::Prefix,
            Some(action) if action.level == Level::Bucket => Self::Bucket,
            _ => Self::Object,
        }
    }
}

/// A resource in all views, indexed by [`View`].
pub type Views<'r> = [Resource<'r>; View::COUNT];

/// A resource as actions on objects, on the bucket, and on listed prefixes see it.
pub fn views<'r>(resource: &'r Resource<'_>, catalog: &Catalog) -> Views<'r> {
    let seen = |kind| Resource {
        span: resource.span,
        text: Cow::Borrowed(&*resource.text),
        kind,
        is_faulty: resource.is_faulty,
    };
    let place = match &resource.kind {
        ResourceKind::Place(place) => place,
        ResourceKind::Everything | ResourceKind::Unreadable => {
            return std::array::from_fn(|_| seen(ResourceKind::Everything));
        }
        ResourceKind::OtherService => return std::array::from_fn(|_| seen(ResourceKind::OtherService)),
    };
    let with_path = |path: Pattern<'r>| {
        let (region, account) = (place.region.reborrow(), place.account.reborrow());
        seen(ResourceKind::Place(Box::new(Place::new(region, account, path))))
    };
    if catalog.buckets_apart() {
        return std::array::from_fn(|_| with_path(place.path.reborrow()));
    }
    let text = place.path.text();
    let bucket = match place.slash() {
        Some(slash) => Cow::Borrowed(text.get(..=slash as usize).unwrap_or(text)),
        None if place.path.is_wild() => Cow::Borrowed(text),
        None => Cow::Owned(format!("{text}/")),
    };
    let is_whole = place.slash().map_or(!place.path.is_wild(), |slash| slash as usize + 1 == text.len());
    let prefix = if is_whole { own(format!("{}/*", place.bucket())) } else { place.path.reborrow() };
    // A resource below the bucket does not reach the bucket itself: seen by an action on the bucket, an exact key or a
    // prefix of keys stays what it is, and is matched by nothing.
    let reaches_bucket = place.slash().is_none() || matches(&place.path, &bucket);
    let bucket = if reaches_bucket && *bucket != *text { own(bucket) } else { place.path.reborrow() };
    [with_path(place.path.reborrow()), with_path(bucket), with_path(prefix)]
}

/// A pattern that stands nowhere.
pub(super) fn own<'t>(text: impl Into<Cow<'t, str>>) -> Pattern<'t> {
    Pattern::new(text, false, Case::Sensitive, Anchor::loose(crate::text::Span::default()))
}
