//! What a run wants to hear, and what it knows beside the policy.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::finding::{Confidence, PolicyKind, Profile, Severity};
use crate::policy::Owners;
use crate::semantics::expectation::Expectation;
use crate::semantics::layout::Layout;

/// Which findings survive. Applied before a message is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Findings of later profiles are held back.
    pub profile: Profile,
    /// Findings below are held back.
    pub min_severity: Severity,
    /// Findings below are held back.
    pub min_confidence: Confidence,
    /// Only these rules, by name; all when `None`. A rule named here speaks whatever the profile.
    pub select: Option<BTreeSet<&'static str>>,
    /// Not these rules, by name.
    pub ignore: BTreeSet<&'static str>,
    /// Write findings that give way to others too, so that they can be told when all of those are accepted.
    pub keeps_given_way: bool,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            profile: Profile::Default,
            min_severity: Severity::Info,
            min_confidence: Confidence::Low,
            select: None,
            ignore: BTreeSet::new(),
            keeps_given_way: false,
        }
    }
}

/// What is known of a file beside its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// What the policies in it are for, if the user said so.
    pub kind: Option<PolicyKind>,
    /// The name of the dialect that they are in, if the user said so.
    pub dialect: Option<&'static str>,
    /// Who owns paths.
    pub owners: Owners,
    /// The file's name says that it is a template (`.tpl`, `.tmpl`, `.j2`).
    pub is_template: bool,
    /// What the policies in it shall grant, if the project said so.
    pub expectation: Option<Arc<Expectation>>,
    /// Who owns which keys, in all files alike.
    pub layouts: Arc<[Layout]>,
}
