//! What in a document may grant something and was not read.
//!
//! It is told, so that no key is passed over because of what was read beside it. Documents hold much that has a word or two
//! of a policy; what counts here has plainly the form of a grant.

use crate::text::Span;

/// Why a part of a document counts as unread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unread {
    /// A grant in a form that is none of those that are read.
    Grant,
    /// A request for a key without a policy, beside some that have one.
    Request,
    /// Policies that are kept elsewhere and say with the one beside them what a key may do.
    Attached,
    /// Nothing else is known than that others beside it are policies.
    Neighbour,
}

impl Unread {
    /// Whether it grants something, as far as one can tell, whatever else was read.
    pub const fn is_grant(self) -> bool {
        matches!(self, Self::Grant)
    }

    /// What to say of it: one sentence, lower case, no full stop.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Grant => {
                "this has the form of a grant, but of none that is read: write it as a statement of a policy, with an effect, \
                 actions and resources"
            }
            Self::Request => {
                "this request for a key has no policy that was read, beside others that have one; without one the key of a role \
                 may do all that the role may"
            }
            Self::Attached => {
                "the policies that are named here are not in this document, and their key may also do what they allow"
            }
            Self::Neighbour => "no policy was recognised here, beside others that were",
        }
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
