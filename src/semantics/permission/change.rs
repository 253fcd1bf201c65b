//! What a comparison tells: changes with an example each, and the verdict that follows from them.

use super::class::Subject;
use super::whom::Caller;
use super::word::Spot;
use crate::semantics::condition::Context;

/// How a new policy compares with an old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Both permit the same.
    Equal,
    /// The new one permits less.
    Narrower,
    /// The new one permits more.
    Wider,
    /// The new one permits more of one thing and less of another.
    Incomparable,
    /// Not decided.
    Unknown,
}

impl Verdict {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Narrower => "narrower",
            Self::Wider => "wider",
            Self::Incomparable => "incomparable",
            Self::Unknown => "unknown",
        }
    }
}

/// What two policies permit differently.
#[derive(Debug, Clone, Default)]
pub struct Difference {
    /// What the new one permits and the old one does not.
    pub added: Vec<Change>,
    /// What the old one permits and the new one does not.
    pub removed: Vec<Change>,
    /// What was not decided.
    pub undecided: Vec<Undecided>,
}

/// Requests that one policy permits and the other one does not, with one of them.
#[derive(Debug, Clone)]
pub struct Change {
    /// The actions for which it is so.
    pub subjects: Vec<Subject>,
    /// The resource of the example.
    pub spot: Spot,
    /// The example is an operation that has no resource.
    pub is_operation: bool,
    /// The context of the example; it speaks of keys that matter only.
    pub context: Context,
    /// Whose request it is.
    pub caller: Caller,
    /// Index of the statement that permits it.
    pub statement: usize,
    /// Index of the resource among the statement's.
    pub resource: usize,
    /// Why the other policy does not.
    pub cause: Cause,
}

/// Why a policy does not permit a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// No statement speaks of it.
    NotAllowed,
    /// The statement of this index would, but for its conditions.
    Condition(usize),
    /// The statement of this index denies it.
    Denied(usize),
}

/// Something that was not decided.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Undecided {
    /// The actions.
    pub subjects: Vec<Subject>,
    /// Why: one sentence, lower case, no full stop.
    pub reason: String,
}

impl Difference {
    /// How the new policy compares with the old one.
    pub fn verdict(&self) -> Verdict {
        match (self.undecided.is_empty(), self.added.is_empty(), self.removed.is_empty()) {
            (false, ..) => Verdict::Unknown,
            (true, true, true) => Verdict::Equal,
            (true, true, false) => Verdict::Narrower,
            (true, false, true) => Verdict::Wider,
            (true, false, false) => Verdict::Incomparable,
        }
    }
}
