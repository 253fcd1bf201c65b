//! SARIF 2.1.0, the format of code-scanning services: one run, with every rule's page inside.
//!
//! Columns count Unicode code points (`columnKind` says so), paths are relative URIs below `%SRCROOT%`, and what was
//! not judged is a notification of an invocation that did not succeed.

mod log;
mod uri;

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use log::{
    ArtifactLocation, Base, BaseIds, Configuration, Driver, Fingerprints, Help, Invocation, Location, Log, Message,
    Notification, PhysicalLocation, Region, Related, Reported, Rule, RuleProperties, Run, Tool, Verdict,
};

use super::json::writer;
use super::place::{Place, Places};
use super::problem::problems;
use super::shown::harmless;
use crate::engine::Outcome;
use crate::finding::{Confidence, Finding, RuleMeta, Severity};

pub(super) fn render(outcome: &Outcome, out: &mut dyn io::Write) -> io::Result<()> {
    let rules = rules(outcome);
    let index: BTreeMap<&str, usize> = rules.iter().enumerate().map(|(index, rule)| (rule.name, index)).collect();
    let mut results = Vec::new();
    for file in &outcome.files {
        let mut places = Places::new(&file.source);
        for finding in &file.analysed.findings {
            results.push(result(finding, index.get(finding.rule.name).copied(), &mut places));
        }
    }
    let notifications: Vec<_> = problems(outcome)
        .iter()
        .map(|problem| Notification {
            level: "error",
            message: Message { text: harmless(problem.message).into_owned() },
            locations: [location(problem.file, problem.place)],
        })
        .collect();
    let run = Run {
        tool: Tool { driver: Driver::of(rules.iter().map(|meta| rule(meta)).collect()) },
        invocations: [Invocation {
            execution_successful: notifications.is_empty(),
            tool_execution_notifications: notifications,
        }],
        original_uri_base_ids: BaseIds {
            srcroot: Base { description: Message { text: "the directory in which grantlint ran".to_owned() } },
        },
        column_kind: "unicodeCodePoints",
        results,
    };
    writer::write(&Log::of(run), out)
}

/// The rules that ran, and whatever other rule a finding names.
fn rules(outcome: &Outcome) -> Vec<&'static RuleMeta> {
    let mut rules = outcome.rules.clone();
    let mut known: BTreeSet<&str> = rules.iter().map(|rule| rule.name).collect();
    for (_, finding) in outcome.findings() {
        if known.insert(finding.rule.name) {
            rules.push(finding.rule);
        }
    }
    rules
}

fn rule(meta: &'static RuleMeta) -> Rule {
    let worst = meta.grades.worst();
    Rule {
        id: meta.name,
        name: pascal(meta.name),
        short_description: Message { text: meta.summary.to_owned() },
        full_description: Message { text: first_paragraph(meta.page).unwrap_or_else(|| meta.summary.to_owned()) },
        help: Help {
            text: format!("{}; run `grantlint explain {}` for the whole page", meta.summary, meta.name),
            markdown: meta.page,
        },
        default_configuration: Configuration { level: level(worst) },
        properties: RuleProperties {
            security_severity: match worst {
                Severity::High => "8.0",
                Severity::Medium => "5.5",
                Severity::Low => "3.0",
                Severity::Info => "1.0",
            },
            precision: match meta.confidence {
                Confidence::High => "high",
                Confidence::Medium => "medium",
                Confidence::Low => "low",
            },
            tags: ["security", "access-policy", meta.grades.first_profile().word()],
        },
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// `wildcard-resource` as `WildcardResource`, the form in which SARIF names rules.
fn pascal(name: &str) -> String {
    name.split('-')
        .flat_map(|word| {
            let mut rest = word.chars();
            rest.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(rest)
        })
        .collect()
}

/// The first paragraph below `## What it does`, on one line; with the list that its sentence goes on into, if there is one.
fn first_paragraph(page: &str) -> Option<String> {
    let lines = page.lines().skip_while(|line| line.trim_end() != "## What it does").skip(1);
    let lines = lines.skip_while(|line| line.trim().is_empty()).take_while(|line| !line.starts_with('#'));
    let mut text = String::new();
    for line in lines.map(str::trim) {
        if line.is_empty() && text.ends_with('.') {
            break;
        }
        // A table that the sentence announces is none of its words.
        if line.starts_with('|') {
            text = format!("{}.", text.trim_end_matches(':'));
            break;
        }
        let line = line.strip_prefix("- ").unwrap_or(line);
        if !text.is_empty() && !line.is_empty() {
            text.push(' ');
        }
        text.push_str(line);
    }
    (!text.is_empty()).then_some(text)
}

fn result<'o>(finding: &'o Finding, rule_index: Option<usize>, places: &mut Places<'o>) -> Reported<'o> {
    let mut text = harmless(&finding.message).into_owned();
    if let Some(witness) = &finding.witness {
        text.push_str("; for example: ");
        text.push_str(&harmless(&witness.action));
        text.push_str(" on ");
        text.push_str(&harmless(&witness.resource));
    }
    let file = places.source().name();
    Reported {
        rule_id: finding.rule.name,
        rule_index,
        level: level(finding.severity),
        message: Message { text },
        locations: [location(file, Some(places.of(finding.primary)))],
        related_locations: finding
            .labels
            .iter()
            .enumerate()
            .map(|(id, label)| Related {
                id,
                location: location(file, Some(places.of(label.span))),
                message: Message { text: harmless(&label.text).into_owned() },
            })
            .collect(),
        partial_fingerprints: Fingerprints { v1: finding.fingerprint.to_string() },
        properties: Verdict {
            severity: finding.severity,
            confidence: finding.confidence,
            profile: finding.profile,
            pointer: &finding.pointer,
            help: finding.help.as_deref().map(super::shown::harmless_lines),
        },
    }
}

fn location(file: &str, place: Option<(Place, Place)>) -> Location {
    let (uri, uri_base_id) = uri::of(file);
    Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri, uri_base_id },
            region: place.map(|(start, end)| Region {
                start_line: start.line,
                start_column: start.column,
                end_line: end.line,
                end_column: end.column,
                byte_offset: start.offset,
                byte_length: end.offset - start.offset,
            }),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_gives_its_first_paragraph() {
        let page = "# x\n\n## What it does\n\nReports `*`\nand more.\n\nSecond.\n";
        assert_eq!(first_paragraph(page).as_deref(), Some("Reports `*` and more."));
        assert_eq!(first_paragraph("# x"), None);
        let page = "## What it does\n\nReports\n\n- one;\n- another\n  one.\n\nMore.\n\n## Why it matters\n";
        assert_eq!(first_paragraph(page).as_deref(), Some("Reports one; another one."));
        let unfinished = |meta: &&&RuleMeta| !first_paragraph(meta.page).is_some_and(|text| text.ends_with('.'));
        let unfinished: Vec<&str> = crate::rules::all().iter().filter(unfinished).map(|meta| meta.name).collect();
        assert!(unfinished.is_empty(), "{unfinished:?}");
        assert_eq!(pascal("combined-action-resource"), "CombinedActionResource");
    }
}
