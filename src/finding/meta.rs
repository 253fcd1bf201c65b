//! What everyone may know of a rule.

use super::{Confidence, PolicyKind, Profile, Severity};

/// A rule's name and standing. Reports see this, never the rule.
#[derive(Debug, PartialEq, Eq)]
pub struct RuleMeta {
    /// The rule's only id: kebab-case, read after "allow ...".
    pub name: &'static str,
    /// One lower-case sentence without full stop.
    pub summary: &'static str,
    /// How bad it is in each kind of policy when nothing speaks for or against it.
    pub grades: Grades,
    /// How sure the rule is at best.
    pub confidence: Confidence,
    /// Since when it exists and whether it may still change.
    pub status: Status,
    /// Whether grantlint could repair it.
    pub fix: FixLevel,
    /// The rule's page, Markdown.
    pub page: &'static str,
}

/// Severity and profile of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grade {
    /// What happens if it is true.
    pub severity: Severity,
    /// Who wants to hear it.
    pub profile: Profile,
}

impl Grade {
    /// In the default profile.
    pub const fn default(severity: Severity) -> Self {
        Self { severity, profile: Profile::Default }
    }

    /// In the strict profile.
    pub const fn strict(severity: Severity) -> Self {
        Self { severity, profile: Profile::Strict }
    }

    /// In the audit profile.
    pub const fn audit(severity: Severity) -> Self {
        Self { severity, profile: Profile::Audit }
    }

    /// One step less severe, in the same profile.
    pub const fn lower(self) -> Self {
        Self { severity: self.severity.lower(), profile: self.profile }
    }
}

/// A grade for each kind of policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grades {
    /// In the policy of a temporary key.
    pub session: Grade,
    /// Where the document does not tell what it is.
    pub undetermined: Grade,
    /// In a policy attached to a user, group or role.
    pub identity: Grade,
    /// In a policy attached to a bucket.
    pub bucket: Grade,
}

impl Grades {
    /// The same grade in every kind.
    pub const fn all(grade: Grade) -> Self {
        Self { session: grade, undetermined: grade, identity: grade, bucket: grade }
    }

    /// The grade in policies of this kind.
    pub const fn of(&self, kind: PolicyKind) -> Grade {
        match kind {
            PolicyKind::Session => self.session,
            PolicyKind::Undetermined => self.undetermined,
            PolicyKind::Identity => self.identity,
            PolicyKind::Bucket => self.bucket,
        }
    }

    /// The highest severity in any kind.
    pub fn worst(&self) -> Severity {
        [self.session, self.undetermined, self.identity, self.bucket]
            .map(|grade| grade.severity)
            .into_iter()
            .max()
            .unwrap_or(Severity::Info)
    }

    /// The first profile that shows the rule for some kind.
    pub fn first_profile(&self) -> Profile {
        [self.session, self.undetermined, self.identity, self.bucket]
            .map(|grade| grade.profile)
            .into_iter()
            .min()
            .unwrap_or(Profile::Audit)
    }
}

/// Since when a rule exists, and whether it may still change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Its meaning is kept.
    Stable {
        /// The first version that has it.
        since: &'static str,
    },
    /// Its meaning may change in any version.
    Preview {
        /// The first version that has it.
        since: &'static str,
    },
}

/// Whether grantlint could repair what a rule reports, and at what risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixLevel {
    /// The set of allowed requests is the same before and after.
    Safe,
    /// The set of allowed requests becomes smaller.
    Unsafe,
    /// A person has to choose.
    None,
}
