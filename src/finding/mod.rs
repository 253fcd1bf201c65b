//! What a rule says: the finding and its parts.
//!
//! A finding has three independent axes: [`Severity`] (what happens if it is true), [`Confidence`] (how sure) and
//! [`Profile`] (who wants to hear it). It always has a place, and where it claims that something is possible, a
//! [`Witness`]: one concrete request that the policy lets through. [`RuleMeta`] is what reports know of a rule.

mod fingerprint;
mod grade;
mod meta;

pub use fingerprint::{Fingerprint, Hasher};
pub use grade::{Confidence, Profile, Severity};
pub use meta::{FixLevel, Grade, Grades, RuleMeta, Status};

pub use crate::policy::PolicyKind;
use crate::text::Span;

/// One thing that is wrong, at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that says so.
    pub rule: &'static RuleMeta,
    /// What happens if it is true.
    pub severity: Severity,
    /// How sure the rule is.
    pub confidence: Confidence,
    /// Who wants to hear it.
    pub profile: Profile,
    /// What is wrong: one sentence, lower case, no full stop. Text from the policy stands in backticks, not yet made
    /// visible: reports do that.
    pub message: String,
    /// What is wrong with it in a few words, for the label under the caret.
    pub caption: String,
    /// What to do; starts with a verb; may hold several lines, such as the statements to write instead.
    pub help: Option<String>,
    /// The bytes that are wrong.
    pub primary: Span,
    /// Further places that explain it, in order of importance.
    pub labels: Vec<Label>,
    /// JSON pointer (RFC 6901) to the smallest node that holds the primary range; very deep inside, to one around it.
    pub pointer: String,
    /// A request that the policy lets through.
    pub witness: Option<Witness>,
    /// Names this finding across runs; see [`Fingerprint`].
    pub fingerprint: Fingerprint,
}

impl Finding {
    /// The order in which the findings of one file are reported.
    pub fn order(&self) -> (u32, u32, &'static str, &str) {
        (self.primary.start, self.primary.end, self.rule.name, &self.message)
    }
}

/// A place that explains a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The bytes.
    pub span: Span,
    /// A few words about them.
    pub text: String,
}

/// One request: an action on a resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Witness {
    /// The action in the vendor's spelling, such as `name/cos:PutObject`.
    pub action: String,
    /// The resource, such as `qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/app/x`.
    pub resource: String,
}
