//! A resource within other resources, as far as one plain match decides it.
//!
//! A resource is region, account and path. It lies within another one when each part does. A union of resources on
//! the wider side never matters while its paths have no one-character wildcard: the canonical word of the narrower
//! path is matched by a single one of them or by none. Where that argument does not hold the answer is unknown.

use super::pattern::{canonical, covers, may_meet, meet};
use crate::policy::{Pattern, Place, Resource, ResourceKind, TokenKind};

/// Whether everything within one thing is within others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Containment {
    /// Yes; the index of one that holds it all.
    Yes(usize),
    /// No; a path that is in none of them.
    No(String),
    /// It was not decided, and why.
    Unknown(&'static str),
}

/// Whether `narrow` lies within one of `wide`.
pub fn within<'r, 's: 'r>(narrow: &Resource<'s>, wide: impl IntoIterator<Item = &'r Resource<'s>>) -> Containment {
    let mut has_any_one = false;
    for (index, wide) in wide.into_iter().enumerate() {
        if holds(wide, narrow) {
            return Containment::Yes(index);
        }
        has_any_one |=
            wide.place().is_some_and(|place| place.path.tokens().iter().any(|t| t.kind == TokenKind::AnyOne));
    }
    if has_any_one {
        return Containment::Unknown("a one-character wildcard stands on the wider side");
    }
    Containment::No(narrow.place().map_or_else(String::new, |place| canonical(&place.path)))
}

/// Whether `wide` holds all of `narrow`.
pub fn holds(wide: &Resource<'_>, narrow: &Resource<'_>) -> bool {
    match (&wide.kind, &narrow.kind) {
        (ResourceKind::Everything, _) => true,
        (ResourceKind::Place(wide), ResourceKind::Place(narrow)) => place_holds(wide, narrow),
        (ResourceKind::Place(wide), ResourceKind::Everything) => {
            is_any(&wide.region) && is_any(&wide.account) && wide.path.is_everything()
        }
        (ResourceKind::OtherService, ResourceKind::OtherService) => wide.text == narrow.text,
        _ => false,
    }
}

/// Whether a place holds all of another one.
pub fn place_holds(wide: &Place<'_>, narrow: &Place<'_>) -> bool {
    covers(&wide.path, &narrow.path)
        && (is_any(&wide.region) || (!narrow.region.text().is_empty() && covers(&wide.region, &narrow.region)))
        && same_account(&wide.account, &narrow.account)
}

/// A path that both match, or `None` when no request touches both.
pub fn overlap(a: &Resource<'_>, b: &Resource<'_>) -> Option<String> {
    match (&a.kind, &b.kind) {
        (ResourceKind::Everything, ResourceKind::Everything) => Some(String::new()),
        (ResourceKind::Everything, ResourceKind::Place(place))
        | (ResourceKind::Place(place), ResourceKind::Everything) => {
            Some(super::pattern::example(&place.path, "x").into_owned())
        }
        (ResourceKind::Place(a), ResourceKind::Place(b)) => {
            let region = is_any(&a.region) || is_any(&b.region) || meet(&a.region, &b.region).is_some();
            (region && (same_account(&a.account, &b.account) || same_account(&b.account, &a.account)))
                .then(|| meet(&a.path, &b.path))
                .flatten()
        }
        (ResourceKind::OtherService, ResourceKind::OtherService) if a.text == b.text => Some(String::new()),
        _ => None,
    }
}

/// Whether a request may touch both, whatever their holes are filled with; `false` is a proof.
pub fn may_overlap(a: &Resource<'_>, b: &Resource<'_>) -> bool {
    match (&a.kind, &b.kind) {
        (ResourceKind::OtherService, ResourceKind::OtherService) => a.text == b.text,
        (ResourceKind::OtherService, _) | (_, ResourceKind::OtherService) => false,
        (ResourceKind::Place(a), ResourceKind::Place(b)) => {
            let may = |a: &Pattern<'_>, b: &Pattern<'_>| is_any(a) || is_any(b) || may_meet(a, b);
            let account = same_account(&a.account, &b.account)
                || same_account(&b.account, &a.account)
                || may(&a.account, &b.account);
            account && may(&a.region, &b.region) && may_meet(&a.path, &b.path)
        }
        _ => true,
    }
}

/// Whether a region or account is left open.
pub fn is_any(part: &Pattern<'_>) -> bool {
    part.text().is_empty() || part.is_everything()
}

/// Whether a statement about account `wide` speaks of account `narrow` too. The empty account is the policy's own,
/// which is the one that every document here is about; an APPID and an account id cannot be compared, and the bucket's
/// name holds the APPID anyway.
fn same_account(wide: &Pattern<'_>, narrow: &Pattern<'_>) -> bool {
    let sort = |p: &Pattern<'_>| p.text().split_once('/').map(|(sort, _)| sort.to_owned());
    let lists_all = |p: &Pattern<'_>| p.text().ends_with("/*") || p.text().ends_with('/');
    is_any(wide) || lists_all(wide) || narrow.text().is_empty() || sort(wide) != sort(narrow) || covers(wide, narrow)
}
