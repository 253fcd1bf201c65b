//! What every rule file needs.

pub(super) use super::Check;
pub(super) use super::analysis::{Analysis, Document};
pub(super) use super::reporter::{Claim, Reporter, Yields};
pub(super) use crate::finding::{Confidence, FixLevel, Grade, Grades, PolicyKind, Profile, RuleMeta, Severity, Status};

/// The status of the rules of the first version.
pub(super) const SINCE_0_1: Status = Status::Stable { since: "0.1.0" };

/// Strict, low: worth tidying.
pub(super) const TIDY: Grade = Grade::strict(Severity::Low);

/// Audit, low: a person should look.
pub(super) const LOOK: Grade = Grade::audit(Severity::Low);

/// The default profile in every kind of policy.
pub(super) const fn everywhere(severity: Severity) -> Grades {
    Grades::all(Grade::default(severity))
}
