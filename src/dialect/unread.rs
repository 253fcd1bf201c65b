//! What in a document may grant something and was not read.
//!
//! It is told, so that no key is passed over because of what was read beside it. Documents hold much that has a word or two
//! of a policy; what counts here has plainly the form of a grant.

use super::form::Form;
use super::visitor::{Candidate, FoundPolicy, Visitor};
use crate::syntax::Tree;
use crate::text::{Fragment, Span};

/// Why a part of a document counts as unread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unread {
    /// A grant in a form that is none of those that are read.
    Grant,
    /// A policy in base64, or encoded in more than one way.
    Encoded,
    /// A policy that a URL or a form passes.
    Passed,
    /// A request for a key without a policy, beside one that has a policy or beside a policy alone.
    Request,
    /// Policies that are kept elsewhere and say with the one beside them what a key may do.
    Attached,
    /// Nothing else is known than that others beside it are policies.
    Neighbour,
}

impl Unread {
    /// Whether it grants something, as far as one can tell, whatever else was read.
    pub const fn is_grant(self) -> bool {
        matches!(self, Self::Grant | Self::Encoded | Self::Passed)
    }

    /// What to say of it: one sentence, lower case, no full stop.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Grant => {
                "this grants something in a form that is not read: write it as a statement with effect, action and resource"
            }
            Self::Encoded => {
                "this is a policy in base64 or encoded several times over, which is not judged: decode it and check the text"
            }
            Self::Passed => {
                "a policy is passed in this URL or form, where it is not judged: decode it and check its text"
            }
            Self::Request => {
                "this request for a key has no policy that was read; without one the key of a role may do all that the role may"
            }
            Self::Attached => {
                "the policies that are named here are not in this document, and their key may also do what they allow"
            }
            Self::Neighbour => "no policy was recognised here, beside others that were",
        }
    }
}

/// Sees whether a document grants something at all.
#[derive(Debug, Default)]
pub struct Grants {
    /// There is a policy with something in it.
    pub has_policy: bool,
    /// There is something that grants and is not read.
    pub has_unread: bool,
}

impl Visitor for Grants {
    fn text(&mut self, _: &Fragment<'_>, _: &Tree<'_>, _: bool) {}

    /// A version alone grants nothing.
    fn wants(&self, candidate: &Candidate<'_, '_>) -> bool {
        candidate.value.members().any(|member| !member.name().eq_ignore_ascii_case("version"))
    }

    fn policy(&mut self, found: &FoundPolicy<'_, '_, '_>) {
        self.has_policy |= !found.policy.statements.is_empty() || found.policy.post.is_some();
    }

    fn untold(&mut self, _: Span, _: Form) {
        self.has_policy = true;
    }

    fn unread(&mut self, _: Span, why: Unread) {
        self.has_unread |= why.is_grant();
    }
}

/// A part of a document that is perhaps to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Suspect {
    pub(super) span: Span,
    pub(super) why: Unread,
    /// It counts even if no policy was found in the document.
    pub(super) is_sure: bool,
}

/// What is to be told of a document, in order of place: each place once, and the smallest parts that say why.
pub(super) fn told(mut suspects: Vec<Suspect>, found_policy: bool) -> Vec<(Span, Unread)> {
    suspects.retain(|suspect| suspect.is_sure || found_policy);
    suspects.sort_by_key(|suspect| (suspect.span.start, std::cmp::Reverse(suspect.span.end), suspect.why));
    suspects.dedup_by_key(|suspect| suspect.span);
    let next = suspects.iter().skip(1).map(|next| next.span.start).chain([u32::MAX]);
    let is_vague = |suspect: &Suspect, next: u32| suspect.why == Unread::Neighbour && next < suspect.span.end;
    let pairs = suspects.iter().zip(next);
    pairs.filter(|(suspect, next)| !is_vague(suspect, *next)).map(|(suspect, _)| (suspect.span, suspect.why)).collect()
}
