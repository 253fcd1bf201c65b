//! Version 1 of the JSON report: the shape that programs rely on.
//!
//! Sentences have their invisible characters written out; `file`, `pointer` and the witness are exact, since programs
//! use them to find things again.

use schemars::JsonSchema;
use serde::Serialize;

use super::range::Range;
use crate::engine::{FileOutcome, Outcome};
use crate::finding::{self, Confidence, PolicyKind, Profile, Severity};
use crate::report::place::Places;
use crate::report::problem::{self, problems};
use crate::report::shown::{harmless, harmless_lines};

/// What one run of `grantlint check` found.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Report<'o> {
    /// The version of this format.
    #[schemars(extend("const" = 1))]
    version: u32,
    /// How much was read and found.
    summary: Summary,
    /// The policies that were looked at, in order of path and place.
    files: Vec<Policy<'o>>,
    /// The findings, in order of path and place.
    findings: Vec<Finding<'o>>,
    /// What was not judged; anything here makes the exit status 2.
    errors: Vec<Error<'o>>,
}

/// How much was read and found.
#[derive(Debug, Serialize, JsonSchema)]
struct Summary {
    /// Files that were read.
    files: usize,
    /// Policies in them.
    policies: usize,
    /// Statements in these.
    statements: u64,
    /// Concrete actions times distinct resources, over all policies.
    scenarios: u64,
    /// Files that were rightly left aside.
    skipped: usize,
    /// Findings by severity.
    findings: Counts,
}

/// Findings by severity.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct Counts {
    /// The holder of the key can damage or read what belongs to others, or the policy is refused.
    high: u32,
    /// Access that is probably not meant, or a policy that does not do what it says.
    medium: u32,
    /// Worth tidying, or harmless in most settings.
    low: u32,
    /// Worth knowing.
    info: u32,
}

/// A policy that was looked at.
#[derive(Debug, Serialize, JsonSchema)]
struct Policy<'o> {
    /// The file it is in.
    file: &'o str,
    /// The provider's grammar, such as `cos`.
    dialect: &'static str,
    /// What the policy is for.
    kind: PolicyKind,
    /// How that is known.
    #[schemars(extend("enum" = ["flag", "configuration", "document", "unknown"]))]
    kind_source: &'static str,
    /// It is a POST policy, which an upload form carries.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    upload_form: bool,
    /// All its statements speak of other services: nothing in it was judged.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    other_services: bool,
    /// JSON pointer to the policy within its document; empty for the whole document.
    pointer: &'o str,
    /// The line on which it begins, counted from 1, where a file holds one document per line.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
}

/// One thing that is wrong.
#[derive(Debug, Serialize, JsonSchema)]
struct Finding<'o> {
    /// The rule that says so.
    rule: &'static str,
    /// What happens if it is true.
    severity: Severity,
    /// How sure the rule is.
    confidence: Confidence,
    /// Who wants to hear it.
    profile: Profile,
    /// What is wrong, in one sentence.
    message: String,
    /// What to do; may hold several lines.
    help: Option<String>,
    /// The file it is in.
    file: &'o str,
    /// JSON pointer to the smallest node that holds the range; very deep inside, to one around it.
    pointer: &'o str,
    /// The bytes that are wrong.
    range: Range,
    /// Further places that explain it.
    labels: Vec<Label>,
    /// A request that the policy lets through.
    witness: Option<Witness<'o>>,
    /// Names this finding across runs, whatever happens to the lines around it.
    #[schemars(extend("pattern" = "^[0-9a-f]{16}$"))]
    fingerprint: String,
}

/// A place that explains a finding.
#[derive(Debug, Serialize, JsonSchema)]
struct Label {
    /// The bytes.
    range: Range,
    /// A few words about them.
    text: String,
}

/// One request: an action on a resource.
#[derive(Debug, Serialize, JsonSchema)]
struct Witness<'o> {
    /// The action in the vendor's spelling.
    action: &'o str,
    /// The resource.
    resource: &'o str,
}

/// Something that was not judged.
#[derive(Debug, Serialize, JsonSchema)]
struct Error<'o> {
    /// The file it is in.
    file: &'o str,
    /// What and why.
    message: String,
}

impl<'o> Report<'o> {
    /// The report of `outcome`.
    pub(super) fn of(outcome: &'o Outcome) -> Self {
        let mut counts = Counts::default();
        let mut findings = Vec::new();
        for file in &outcome.files {
            let mut places = Places::new(&file.source);
            for finding in &file.analysed.findings {
                counts.add(finding.severity);
                findings.push(Finding::of(finding, file.source.name(), &mut places));
            }
        }
        Self {
            version: 1,
            summary: Summary {
                files: outcome.files_read(),
                policies: outcome.policies(),
                statements: outcome.statements(),
                scenarios: outcome.scenarios(),
                skipped: outcome.skipped.len(),
                findings: counts,
            },
            files: outcome.files.iter().flat_map(policies).collect(),
            findings,
            errors: problems(outcome).iter().map(Error::of).collect(),
        }
    }
}

fn policies(file: &FileOutcome) -> impl Iterator<Item = Policy<'_>> {
    file.analysed.policies.iter().map(|policy| Policy {
        file: file.source.name(),
        dialect: policy.dialect,
        kind: policy.kind,
        kind_source: policy.kind_source.word(),
        upload_form: policy.is_post,
        other_services: policy.is_of_other_services,
        pointer: &policy.pointer,
        line: policy.line,
    })
}

impl Counts {
    fn add(&mut self, severity: Severity) {
        match severity {
            Severity::High => self.high += 1,
            Severity::Medium => self.medium += 1,
            Severity::Low => self.low += 1,
            Severity::Info => self.info += 1,
        }
    }
}

impl<'o> Finding<'o> {
    fn of(finding: &'o finding::Finding, file: &'o str, places: &mut Places<'_>) -> Self {
        Self {
            rule: finding.rule.name,
            severity: finding.severity,
            confidence: finding.confidence,
            profile: finding.profile,
            message: harmless(&finding.message).into_owned(),
            help: finding.help.as_deref().map(harmless_lines),
            file,
            pointer: &finding.pointer,
            range: Range::of(finding.primary, places),
            labels: finding
                .labels
                .iter()
                .map(|label| Label { range: Range::of(label.span, places), text: harmless(&label.text).into_owned() })
                .collect(),
            witness: finding
                .witness
                .as_ref()
                .map(|witness| Witness { action: &witness.action, resource: &witness.resource }),
            fingerprint: finding.fingerprint.to_string(),
        }
    }
}

impl<'o> Error<'o> {
    fn of(problem: &problem::Problem<'o>) -> Self {
        let mut message = harmless(problem.message).into_owned();
        if let Some((start, _)) = problem.place {
            message = format!("line {}, column {}: {message}", start.line, start.column);
        }
        if let Some(help) = problem.help {
            message.push_str("; ");
            message.push_str(&harmless(help));
        }
        Self { file: problem.file, message }
    }
}
