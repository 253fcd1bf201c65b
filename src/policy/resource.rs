//! What a statement is about, split into region, account and path.
//!
//! The path is `bucket/key` as one pattern, because a `*` crosses every separator. A `*` in the region or in the
//! account stays inside its part: the provider splits the string before it looks for wildcards.

use super::Pattern;
use crate::text::Span;

/// A resource of a statement.
#[derive(Debug, Clone)]
pub struct Resource<'s> {
    /// The whole string, quotes included.
    pub span: Span,
    /// The string as written.
    pub text: std::borrow::Cow<'s, str>,
    /// What it says.
    pub kind: ResourceKind<'s>,
    /// A finding of the grammar already underlines it, so that rules about its width stay silent.
    pub is_faulty: bool,
}

impl Resource<'_> {
    /// Everything, as it stands nowhere.
    pub fn everything() -> Self {
        Self { span: Span::default(), text: "*".into(), kind: ResourceKind::Everything, is_faulty: false }
    }
}

/// What a resource says.
#[derive(Debug, Clone)]
pub enum ResourceKind<'s> {
    /// Everything of every service: `*`.
    Everything,
    /// Buckets or keys of the dialect's own service.
    Place(Box<Place<'s>>),
    /// Something of another service.
    OtherService,
    /// It cannot be read; an allow is judged as if it said everything, a deny as if it said nothing.
    Unreadable,
}

/// Region, account and path; made by [`Place::new`].
#[derive(Debug, Clone)]
pub struct Place<'s> {
    /// The region; the empty text means every region.
    pub region: Pattern<'s>,
    /// The account; the empty text means the policy owner's.
    pub account: Pattern<'s>,
    /// `bucket/key`, or a bucket alone.
    pub path: Pattern<'s>,
    /// Offset of the `/` behind the bucket; every rule asks for it.
    slash: Option<u32>,
}

impl<'s> Place<'s> {
    /// The place of these parts.
    pub fn new(region: Pattern<'s>, account: Pattern<'s>, path: Pattern<'s>) -> Self {
        let slash = path.fixed_slash();
        Self { region, account, path, slash }
    }

    /// The place of these parts, of whose path somebody knows where the bucket ends.
    pub fn with_slash(region: Pattern<'s>, account: Pattern<'s>, path: Pattern<'s>, slash: Option<u32>) -> Self {
        debug_assert_eq!(slash, path.fixed_slash());
        Self { region, account, path, slash }
    }

    /// Offset of the `/` behind the bucket, if it stands before every wildcard.
    pub const fn slash(&self) -> Option<u32> {
        self.slash
    }

    /// The bucket as written: the text before the first `/`.
    pub fn bucket(&self) -> &str {
        let text = self.path.text();
        self.slash().and_then(|at| text.get(..at as usize)).unwrap_or(text)
    }

    /// The key as written: the text behind the first `/`; `None` where there is no `/` or a wildcard stands before it.
    pub fn key(&self) -> Option<&str> {
        self.slash().and_then(|at| self.path.text().get(at as usize + 1..))
    }
}

impl Pattern<'_> {
    /// Offset of the first `/` that stands in a literal before every wildcard.
    pub(super) fn fixed_slash(&self) -> Option<u32> {
        let end = self.first_wildcard().map_or(u32::MAX, |token| token.start);
        self.tokens().iter().filter(|token| token.start < end && token.kind == super::TokenKind::Literal).find_map(
            |token| memchr::memchr(b'/', self.token_text(*token).as_bytes()).map(|at| token.start + at as u32),
        )
    }
}

impl<'s> Resource<'s> {
    /// Region, account and path, if it names a place of the dialect's own service.
    pub fn place(&self) -> Option<&Place<'s>> {
        match &self.kind {
            ResourceKind::Place(place) => Some(place),
            _ => None,
        }
    }
}
