//! A resource as different actions see it.
//!
//! An action on objects is judged against the key. An action on the bucket touches `bucket/`, which `bucket/*` matches
//! and `bucket/dir/*` does not. An action that lists is judged against the prefix it lists, for which both `bucket/` and
//! `bucket/*` mean every prefix.

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
pub type Views = [Resource<'static>; View::COUNT];

/// A resource as actions on objects, on the bucket, and on listed prefixes see it.
pub fn views(resource: &Resource<'_>) -> Views {
    let with_path = |path: Option<Pattern<'static>>| {
        let kind = match (&resource.kind, path) {
            (ResourceKind::Place(place), Some(path)) => {
                let whole = |pattern: &Pattern<'_>| own(pattern.text());
                ResourceKind::Place(Box::new(Place {
                    region: whole(&place.region),
                    account: whole(&place.account),
                    path,
                }))
            }
            (ResourceKind::Everything | ResourceKind::Unreadable, _) => ResourceKind::Everything,
            _ => ResourceKind::OtherService,
        };
        Resource { span: resource.span, text: resource.text.to_string().into(), kind, is_faulty: resource.is_faulty }
    };
    let Some(place) = resource.place() else { return [with_path(None), with_path(None), with_path(None)] };
    let text = place.path.text();
    let as_written = || own(text);
    let bucket = match place.slash() {
        Some(slash) => text.get(..=slash as usize).unwrap_or(text).to_owned(),
        None if place.path.is_wild() => text.to_owned(),
        None => format!("{text}/"),
    };
    let is_whole = place.slash().map_or(!place.path.is_wild(), |slash| slash as usize + 1 == text.len());
    let prefix = if is_whole { format!("{}/*", place.bucket()) } else { text.to_owned() };
    // A resource below the bucket does not reach the bucket itself: seen by an action on the bucket, an exact key or a
    // prefix of keys stays what it is, and is matched by nothing.
    let reaches_bucket = place.slash().is_none() || matches(&place.path, &bucket);
    let bucket = if reaches_bucket { own(&bucket) } else { as_written() };
    [with_path(Some(as_written())), with_path(Some(bucket)), with_path(Some(own(&prefix)))]
}

/// A pattern that stands nowhere.
pub(super) fn own(text: &str) -> Pattern<'static> {
    Pattern::new(text.to_owned(), false, Case::Sensitive, Anchor::loose(crate::text::Span::default()))
}
