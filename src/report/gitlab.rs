//! GitLab's code-quality report: a JSON array with an entry for each finding.
//!
//! The format knows no errors of a run. What was not judged is therefore an entry too, of the check `not-judged`, so
//! that a merge request never looks clean because a file could not be read.

use std::io;

use serde::Serialize;

use super::json::writer;
use super::place::Places;
use super::problem::problems;
use super::shown::harmless;
use crate::engine::Outcome;
use crate::finding::{Finding, Fingerprint, Hasher, Severity};

#[derive(Serialize)]
struct Entry<'o> {
    description: String,
    check_name: &'o str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'o>,
}

#[derive(Serialize)]
struct Location<'o> {
    path: &'o str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

pub(super) fn render(outcome: &Outcome, out: &mut dyn io::Write) -> io::Result<()> {
    let mut entries = Vec::new();
    for file in &outcome.files {
        let mut places = Places::new(&file.source);
        for finding in &file.analysed.findings {
            let severity = match finding.severity {
                Severity::High => "critical",
                Severity::Medium => "major",
                Severity::Low => "minor",
                Severity::Info => "info",
            };
            entries.push(Entry {
                description: description(finding),
                check_name: finding.rule.name,
                fingerprint: finding.fingerprint.to_string(),
                severity,
                location: location(file.source.name(), places.at(finding.primary.start).line),
            });
        }
    }
    for (index, problem) in problems(outcome).iter().enumerate() {
        let hash = Hasher::default().field("not-judged").field(problem.file).field(problem.message);
        // Two equal sentences about one file must not be folded into one entry.
        let hash = hash.number(index as u64).finish();
        entries.push(Entry {
            description: harmless(problem.message).into_owned(),
            check_name: "not-judged",
            fingerprint: Fingerprint(hash).to_string(),
            severity: "critical",
            location: location(problem.file, problem.place.map_or(1, |(start, _)| start.line)),
        });
    }
    writer::write(&entries, out)
}

/// The sentence, the example and the repair: the format has no place of its own for either.
fn description(finding: &Finding) -> String {
    let mut text = harmless(&finding.message).into_owned();
    if let Some(witness) = &finding.witness {
        text.push_str(&format!("; for example: {} on {}", harmless(&witness.action), harmless(&witness.resource)));
    }
    if let Some(help) = &finding.help {
        let lines: Vec<_> = help.lines().map(str::trim).map(harmless).collect();
        text.push_str(&format!("; help: {}", lines.join(" ")));
    }
    text
}

fn location(path: &str, begin: u32) -> Location<'_> {
    Location { path, lines: Lines { begin } }
}
