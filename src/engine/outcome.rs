//! What a run found, as reports see it.

use std::collections::BTreeSet;

use crate::finding::{Finding, PolicyKind, RuleMeta, Severity};
use crate::rules::GivenWay;
use crate::syntax::Notation;
use crate::text::{Source, Span};

/// The result of looking at one source.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the text")]
pub struct Analysed {
    /// The policies in it, in order of place.
    pub policies: Vec<PolicySummary>,
    /// What survived the filter, sorted by [`Finding::order`].
    pub findings: Vec<Finding>,
    /// Findings that give way to some of those, and are told where what they give way to is not; none unless the filter keeps
    /// them.
    pub given_way: Vec<GivenWay>,
    /// What was not judged; anything here makes the exit status 2.
    pub unjudged: Vec<Unjudged>,
    /// What it is written in where that is plainly no JSON; the one thing that was not judged says so, and stands for all faults.
    pub notation: Option<Notation>,
    /// What the filter held back.
    pub filtered: Filtered,
    /// The JSON has no fault that loses text, and yet no policy was recognised.
    pub no_policy: bool,
    /// The declared layouts of buckets that the policies name, by their indices.
    pub layouts: BTreeSet<usize>,
    /// It is the configuration of the run, which was read for what it declares.
    pub is_configuration: bool,
    /// No policy was recognised, but the text looks as if it should hold one (`statement` beside `cos:` or `qcs:`).
    pub looks_like_policy: bool,
    /// Nothing in it speaks of an effect, an action or a resource, though it has statements.
    pub is_mute: bool,
}

/// A policy that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicySummary {
    /// JSON pointer to the policy within its document; empty for the whole document.
    pub pointer: String,
    /// The line on which it begins, counted from 1, when the file holds one document per line.
    pub line: Option<u32>,
    /// The dialect's name, such as `cos`.
    pub dialect: &'static str,
    /// What the policy is for.
    pub kind: PolicyKind,
    /// How that is known.
    pub kind_source: KindSource,
    /// A role's trust policy: recognised, counted and passed over.
    pub is_trust: bool,
    /// The policy of an upload form.
    pub is_post: bool,
    /// All its statements speak of other services, so that nothing in it was judged.
    pub is_of_other_services: bool,
    /// Number of statements.
    pub statements: u32,
    /// Concrete actions times distinct resources.
    pub scenarios: u64,
}

/// How a policy's kind is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KindSource {
    /// `--kind`
    Flag,
    /// `[[files]]` in the configuration.
    Configuration,
    /// The document itself.
    Document,
    /// Nothing tells.
    Unknown,
}

impl KindSource {
    /// The word for it in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Configuration => "configuration",
            Self::Document => "document",
            Self::Unknown => "unknown",
        }
    }
}

/// Something that was not judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unjudged {
    /// Where, if it is a place in the file.
    pub span: Option<Span>,
    /// What and why: one sentence, lower case, no full stop.
    pub message: String,
}

/// How many findings were held back, and why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filtered {
    /// By profile, severity, confidence, `--select` or `--ignore`.
    pub by_filter: u32,
    /// By an `[[ignore]]` entry.
    pub ignored: u32,
    /// By the baseline.
    pub baseline: u32,
}

impl std::ops::AddAssign for Filtered {
    fn add_assign(&mut self, other: Self) {
        self.by_filter += other.by_filter;
        self.ignored += other.ignored;
        self.baseline += other.baseline;
    }
}

/// A file that was read, with what was found in it.
#[derive(Debug)]
pub struct FileOutcome {
    /// The file.
    pub source: Source,
    /// What was found.
    pub analysed: Analysed,
}

/// A file that could not be read, or that holds no policy and should: makes the exit status 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The path as reported.
    pub file: String,
    /// What is wrong.
    pub message: String,
    /// What to do, starting with a verb.
    pub help: Option<String>,
}

/// A file that was looked at and rightly left aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The path as reported.
    pub file: String,
    /// Why.
    pub reason: &'static str,
}

/// The result of a run.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The files that hold policies, in order of path.
    pub files: Vec<FileOutcome>,
    /// The files that could not be judged at all, in order of path.
    pub troubles: Vec<Trouble>,
    /// The files left aside, in order of path.
    pub skipped: Vec<Skipped>,
    /// The files in directories that were not looked at for the ending of their names, in order of path.
    pub other_names: Vec<String>,
    /// Remarks for people that change nothing, such as an ignore that matched nothing.
    pub notes: Vec<String>,
    /// The rules that ran, by name.
    pub rules: Vec<&'static RuleMeta>,
}

impl Outcome {
    /// All findings with the file they are in.
    pub fn findings(&self) -> impl Iterator<Item = (&FileOutcome, &Finding)> {
        self.files.iter().flat_map(|file| file.analysed.findings.iter().map(move |finding| (file, finding)))
    }

    /// Whether something was not judged.
    pub fn is_incomplete(&self) -> bool {
        !self.troubles.is_empty() || self.files.iter().any(|file| !file.analysed.unjudged.is_empty())
    }

    /// Whether there is a finding at or above `threshold`.
    pub fn fails_on(&self, threshold: Severity) -> bool {
        self.findings().any(|(_, finding)| finding.severity >= threshold)
    }

    /// Number of files that were looked at for policies.
    pub fn files_read(&self) -> usize {
        self.files.iter().filter(|file| !file.analysed.is_configuration).count()
    }

    /// Number of policies that were looked at.
    pub fn policies(&self) -> usize {
        self.files.iter().map(|file| file.analysed.policies.len()).sum()
    }

    /// Number of statements that were looked at.
    pub fn statements(&self) -> u64 {
        self.summaries().map(|policy| u64::from(policy.statements)).sum()
    }

    /// Concrete actions times distinct resources, over all policies.
    pub fn scenarios(&self) -> u64 {
        self.summaries().map(|policy| policy.scenarios).fold(0, u64::saturating_add)
    }

    /// What was held back, over all files.
    pub fn filtered(&self) -> Filtered {
        let mut total = Filtered::default();
        for file in &self.files {
            total += file.analysed.filtered;
        }
        total
    }

    fn summaries(&self) -> impl Iterator<Item = &PolicySummary> {
        self.files.iter().flat_map(|file| &file.analysed.policies)
    }
}
