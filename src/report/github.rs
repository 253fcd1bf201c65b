//! Workflow commands of GitHub Actions, which it shows as annotations beside the changed lines.
//!
//! A command is one line, `::error file=..,line=..,title=..::message`. In the message `%`, CR and LF are escaped, in
//! the properties `:` and `,` too; GitHub turns `%0A` back into a line end within the annotation, so help and witness
//! have lines of their own there. Columns are given only where a finding lies on one line: GitHub ignores them
//! otherwise.

use std::fmt::Write as _;
use std::io;

use super::place::{Place, Places};
use super::problem::problems;
use super::shown::{shown, shown_lines};
use crate::engine::Outcome;
use crate::finding::{Confidence, Finding, Severity};

pub(super) fn render(outcome: &Outcome, out: &mut dyn io::Write) -> io::Result<()> {
    for file in &outcome.files {
        let mut places = Places::new(&file.source);
        for finding in &file.analysed.findings {
            let command = match finding.severity {
                Severity::High => "error",
                Severity::Medium => "warning",
                Severity::Low | Severity::Info => "notice",
            };
            let place = Some(places.of(finding.primary));
            let title = format!("{} ({})", finding.rule.name, finding.severity);
            annotation(out, command, file.source.name(), place, &title, &text(finding))?;
        }
    }
    for problem in problems(outcome) {
        let mut message = shown(problem.message).into_owned();
        if let Some(help) = problem.help {
            let _ = write!(message, "\n{}", shown(help));
        }
        annotation(out, "error", problem.file, problem.place, "not judged", &message)?;
    }
    Ok(())
}

fn text(finding: &Finding) -> String {
    let mut text = shown(&finding.message).into_owned();
    if finding.confidence != Confidence::High {
        let _ = write!(text, " (confidence {})", finding.confidence);
    }
    if let Some(witness) = &finding.witness {
        let _ = write!(text, "\nfor example: {} on {}", shown(&witness.action), shown(&witness.resource));
    }
    for line in finding.help.iter().flat_map(|help| shown_lines(help)) {
        let _ = write!(text, "\n{line}");
    }
    text
}

/// Write one annotation.
pub(super) fn annotation(
    out: &mut dyn io::Write,
    command: &str,
    file: &str,
    place: Option<(Place, Place)>,
    title: &str,
    message: &str,
) -> io::Result<()> {
    write!(out, "::{command} file={}", property(&shown(file)))?;
    if let Some((start, end)) = place {
        write!(out, ",line={},endLine={}", start.line, end.line)?;
        if start.line == end.line {
            write!(out, ",col={},endColumn={}", start.column, end.column)?;
        }
    }
    writeln!(out, ",title={}::{}", property(title), escaped(message))
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_in_the_text_stays_text() {
        assert_eq!(escaped("100%0A\n"), "100%250A%0A");
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
    }
}
