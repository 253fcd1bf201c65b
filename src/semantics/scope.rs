//! How wide a resource reaches.
//!
//! The question behind it: of the keys that the resource matches, whose are they? A segment that names an owner and is
//! closed by `/` before the first wildcard makes the rest one owner's; without one, every user's keys are reached.

use crate::dialect::Dialect;
use crate::policy::{Hole, HoleRole, Owners, Ownership, Pattern, Place, Resource, ResourceKind, TokenKind};

/// How wide a resource reaches, the widest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Everything of every service.
    Everything,
    /// Several buckets: every one, or a wildcard in the bucket's name.
    Account,
    /// Every key of one bucket.
    Bucket,
    /// A wildcard with no owner before it.
    Shared,
    /// A hole whose role cannot be told stands where an owner would.
    Unknown,
    /// A wildcard directly behind an owner that is not closed by `/`.
    Unclosed,
    /// An owner's keys.
    Owned,
    /// One key.
    Object,
    /// The bucket, not its keys.
    BucketItself,
    /// Nothing of this service, or a place that is nowhere.
    Nothing,
}

impl Scope {
    /// Whether keys of more than one owner are reached.
    pub fn is_shared_or_wider(self) -> bool {
        self <= Self::Shared
    }

    /// Whether the keys are one owner's, or one key.
    pub fn is_private(self) -> bool {
        matches!(self, Self::Owned | Self::Object)
    }
}

/// A scope, and what it would be if nothing were guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scoped {
    /// The scope, segments that look like owners taken as owners.
    pub scope: Scope,
    /// The scope with only those owners that a hole's name or the user vouches for.
    pub certain: Scope,
}

impl Scoped {
    pub(super) const fn both(scope: Scope) -> Self {
        Self { scope, certain: scope }
    }
}

/// The scope of a resource. O(length).
pub fn scope_of(resource: &Resource<'_>, owners: &Owners, dialect: &dyn Dialect) -> Scoped {
    match &resource.kind {
        ResourceKind::Everything | ResourceKind::Unreadable => Scoped::both(Scope::Everything),
        ResourceKind::OtherService => Scoped::both(Scope::Nothing),
        ResourceKind::Place(place) => scope_of_place(place, owners, dialect),
    }
}

fn scope_of_place(place: &Place<'_>, owners: &Owners, dialect: &dyn Dialect) -> Scoped {
    let path = &place.path;
    let is_chosen = |end: u32| path.holes().iter().any(|hole| hole.role == HoleRole::Chosen && hole.range.start < end);
    let Some(key_start) = dialect.keys_from(place) else {
        if is_chosen(u32::MAX) {
            return Scoped::both(Scope::Account);
        }
        // A hole before the wildcard may hold the bucket and more, unless it is an owner's name, which has no slash; one behind
        // it limits no bucket, whatever it holds.
        let wild = path.first_wildcard().map_or(u32::MAX, |token| token.start);
        let is_name = |hole: &Hole| path.is_wild() && owners.is_owner_name(path.hole_name(hole));
        let may_hold_more = |hole: &Hole| hole.role == HoleRole::Unknown && hole.range.start < wild && !is_name(hole);
        if path.holes().iter().any(may_hold_more) {
            return Scoped::both(Scope::Unknown);
        }
        return Scoped::both(if path.is_wild() { Scope::Account } else { Scope::BucketItself });
    };
    if key_start as usize == path.text().len() {
        return Scoped::both(Scope::BucketItself);
    }
    if is_chosen(key_start) {
        return Scoped::both(Scope::Account);
    }
    let Some(wild) = path.first_open() else { return Scoped::both(Scope::Object) };
    if wild.start == key_start {
        return Scoped::both(if is_whole(path, key_start) { Scope::Bucket } else { Scope::Shared });
    }
    before_wildcard(place, owners, key_start, wild.start)
}

/// Whether what stands from an offset on holds back nothing: wildcards of which one is any run, and what a requester chooses.
/// That a key has some length is no limit.
fn is_whole(path: &Pattern<'_>, from: u32) -> bool {
    let key = || path.tokens().iter().filter(|token| token.start >= from);
    key().all(|token| path.is_open(*token)) && key().any(|token| token.kind != TokenKind::AnyOne)
}

/// The scope of a key with a wildcard, from the segments before it.
fn before_wildcard(place: &Place<'_>, owners: &Owners, from: u32, wild: u32) -> Scoped {
    let path = &place.path;
    let account = place.account.text();
    let slash = account.bytes().position(|byte| byte == b'/');
    let account = slash.and_then(|at| account.get(at + 1..)).unwrap_or(account);
    let mut parent = None;
    let mut best = Ownership::None;
    let mut has_unknown = false;
    let mut start = from;
    let (open, open_unknown) = loop {
        let rest = path.text().get(start as usize..wild as usize).unwrap_or_default();
        let slash = slash_outside_holes(place, start, rest);
        let end = slash.map_or(wild, |at| start + at);
        let segment = path.text().get(start as usize..end as usize).unwrap_or_default();
        let mut ownership = Ownership::None;
        let mut unknown = false;
        let mut holes =
            path.holes().iter().filter(|hole| hole.range.start >= start && hole.range.start < end).peekable();
        if holes.peek().is_none() {
            // Before a wildcard the owner ends where its name does: `user_123.*`.
            let name = if slash.is_none() { end_of_name(segment) } else { segment };
            ownership = owners.of_segment(name, parent, account);
        }
        for hole in holes {
            match hole.role {
                HoleRole::Owner => ownership = Ownership::Certain,
                HoleRole::Path => {}
                _ => unknown = true,
            }
        }
        if slash.is_none() {
            break (ownership, unknown);
        }
        best = best.max(ownership);
        has_unknown |= unknown;
        parent = Some(segment);
        start = end + 1;
    };
    let judge = |least: Ownership| {
        if best >= least {
            Scope::Owned
        } else if open >= least {
            Scope::Unclosed
        } else if has_unknown || open_unknown {
            Scope::Unknown
        } else {
            Scope::Shared
        }
    };
    Scoped { scope: judge(Ownership::Guessed), certain: judge(Ownership::Certain) }
}

/// A text up to the last character that names are assumed to hold.
pub fn end_of_name(text: &str) -> &str {
    text.trim_end_matches(|c: char| !c.is_alphanumeric())
}

/// Offset of the first `/` in `rest`, which begins at `start` of the path, that is no part of a hole.
fn slash_outside_holes(place: &Place<'_>, start: u32, rest: &str) -> Option<u32> {
    memchr::memchr_iter(b'/', rest.as_bytes())
        .map(|at| at as u32)
        .find(|at| !place.path.holes().iter().any(|hole| hole.range.contains(&(start + at))))
}
