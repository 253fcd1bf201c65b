//! The words at the end of a human report: how much was read, found and held back, and what could not be told.

use std::fmt::Write as _;

use crate::engine::{FileOutcome, KindSource, Outcome, PolicySummary};
use crate::finding::{PolicyKind, Severity};
use crate::report::shown::{file_name, shown};

/// The last line, without line end.
pub(in crate::report) fn summary(outcome: &Outcome) -> String {
    let mut text = format!(
        "checked {}: {}, {}, {}; {}",
        counted(outcome.files_read() as u64, "file", "files"),
        counted(outcome.policies() as u64, "policy", "policies"),
        counted(outcome.statements(), "statement", "statements"),
        counted(outcome.scenarios(), "scenario", "scenarios"),
        found(outcome),
    );
    let held = outcome.filtered();
    let reasons =
        [(held.by_filter, "by profile and level"), (held.ignored, "ignored"), (held.baseline, "in the baseline")];
    let total: u64 = reasons.iter().map(|(count, _)| u64::from(*count)).sum();
    if total > 0 {
        let reasons: Vec<_> =
            reasons.iter().filter(|(count, _)| *count > 0).map(|(count, why)| format!("{count} {why}")).collect();
        let _ = write!(text, "; {total} held back ({})", reasons.join(", "));
    }
    if !outcome.skipped.is_empty() {
        let _ = write!(text, ", {} skipped", counted(outcome.skipped.len() as u64, "file", "files"));
    }
    let places: usize = outcome.files.iter().map(|file| file.analysed.unjudged.len()).sum();
    let errors = (outcome.troubles.len() + places) as u64;
    if errors > 0 {
        let _ = write!(text, "; {}: not everything was judged", counted(errors, "error", "errors"));
    }
    text
}

fn found(outcome: &Outcome) -> String {
    let mut levels = Vec::new();
    let mut total = 0;
    for severity in Severity::ALL.iter().rev() {
        let count = outcome.findings().filter(|(_, finding)| finding.severity == *severity).count() as u64;
        if count > 0 {
            levels.push(format!("{count} {severity}"));
        }
        total += count;
    }
    if total == 0 {
        "no findings".to_owned()
    } else {
        format!("{} ({})", counted(total, "finding", "findings"), levels.join(", "))
    }
}

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// What to say of the policies in `file` of which nothing tells what they are for.
pub(super) fn undetermined(file: &FileOutcome) -> Option<String> {
    let open: Vec<_> = file
        .analysed
        .policies
        .iter()
        .filter(|policy| policy.kind == PolicyKind::Undetermined && !policy.is_trust && !policy.is_of_other_services)
        .collect();
    let which = named(&open)?;
    let verb = if open.len() == 1 { "is" } else { "are" };
    Some(format!(
        "{}: nothing tells what {which} {verb} for, so findings may be milder than they should be; say it with \
         `--kind` or with `[[files]]` in grantlint.toml",
        shown(file.source.name())
    ))
}

/// The most files that are listed of those at which a walk did not look.
const PASSED_OVER: usize = 50;

/// What to say of the policies in `file` that speak of other services alone.
pub(super) fn elsewhere(file: &FileOutcome) -> Option<String> {
    let all: Vec<_> = file.analysed.policies.iter().filter(|policy| policy.is_of_other_services).collect();
    let which = named(&all)?;
    let (verb, it) = if all.len() == 1 { ("speaks", "it") } else { ("speak", "them") };
    let file = shown(file.source.name());
    Some(format!(
        "{file}: {which} {verb} of other services only; nothing in {it} is about object storage, so nothing was judged"
    ))
}

/// Some policies of one file as a sentence names them; `None` where there is none.
fn named(policies: &[&PolicySummary]) -> Option<String> {
    let first = policies.first()?;
    Some(match (policies.len(), first.line, first.pointer.as_str()) {
        (1, None, "") => "the policy".to_owned(),
        (1, Some(line), _) => format!("the policy on line {line}"),
        (1, None, pointer) => format!("the policy at `{}`", shown(pointer)),
        (count, ..) => format!("{count} policies"),
    })
}

/// The policies that were read and the files that were skipped, a line each.
pub(super) fn write_details(text: &mut String, outcome: &Outcome) {
    for file in &outcome.files {
        for policy in &file.analysed.policies {
            let place = match policy.line {
                Some(line) => format!(":{line}"),
                None if policy.pointer.is_empty() => String::new(),
                None => format!(" at `{}`", shown(&policy.pointer)),
            };
            let remark = match policy {
                policy if policy.is_trust => ", trust policy passed over",
                policy if policy.is_post => ", POST policy of an upload form",
                _ => "",
            };
            let by = match policy.kind_source {
                KindSource::Unknown => String::new(),
                known => format!(" (by {})", known.word()),
            };
            let _ = writeln!(
                text,
                "read: {}{place}: {}, {}{by}, {}, {}{remark}",
                shown(file.source.name()),
                policy.dialect,
                policy.kind,
                counted(u64::from(policy.statements), "statement", "statements"),
                counted(policy.scenarios, "scenario", "scenarios"),
            );
        }
    }
    for skipped in &outcome.skipped {
        let _ = writeln!(text, "skipped: {}: {}", file_name(&skipped.file), skipped.reason);
    }
    for file in outcome.other_names.iter().take(PASSED_OVER) {
        let _ = writeln!(text, "skipped: {}: its name does not end as a policy's does", file_name(file));
    }
    if let Some(more @ 1..) = outcome.other_names.len().checked_sub(PASSED_OVER) {
        let _ = writeln!(text, "skipped: {} more for their names", counted(more as u64, "file", "files"));
    }
}
