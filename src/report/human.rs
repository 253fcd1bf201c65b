//! The report for people: for each finding a snippet with carets, then what was not judged, and a last line that says
//! how much was read.
//!
//! `miette` draws the title and the snippet; what it may look at is narrowed to a `Snippet`, a few lines that were
//! made safe and short beforehand. It never sees the environment: theme, width and links are set here. Prose is
//! wrapped here too, so that statements written out in a help keep their lines.

mod decision;
mod diff;
mod drawing;
mod group;
mod lines;
mod snippet;
mod summary;
mod wrap;

pub(super) use decision::render as render_decision;
pub(super) use diff::render as render_diffs;
pub(super) use summary::summary;

use std::fmt::Write as _;
use std::io;

use drawing::Pen;
use group::snippets;
use wrap::wrapped;

use super::Options;
use super::place::Places;
use super::problem::{Problem, problems};
use super::shown::{line_start, shown, shown_lines};
use crate::engine::Outcome;
use crate::finding::{Confidence, Finding, Severity};

pub(super) fn render(outcome: &Outcome, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let pen = Pen::new(options);
    let mut text = String::new();
    for file in &outcome.files {
        let mut places = Places::new(&file.source);
        for finding in &file.analysed.findings {
            text.clear();
            write_finding(&mut text, &pen, options.width, finding, &mut places);
            out.write_all(text.as_bytes())?;
        }
    }
    text.clear();
    if options.verbose && !options.quiet {
        summary::write_details(&mut text, outcome);
    }
    for problem in problems(outcome) {
        write_problem(&mut text, &pen, &problem);
    }
    if !options.quiet {
        write_notes(&mut text, &pen, outcome);
    }
    let _ = writeln!(text, "{}", summary(outcome));
    out.write_all(text.as_bytes())
}

fn write_finding(text: &mut String, pen: &Pen, width: usize, finding: &Finding, places: &mut Places<'_>) {
    let mut code = format!("{}[{}]", finding.rule.name, finding.severity);
    if finding.confidence != Confidence::High {
        let _ = write!(code, " (confidence {})", finding.confidence);
    }
    let snippets = snippets(finding.primary, &finding.caption, &finding.labels, places);
    pen.draw(text, finding.severity, code, &wrapped(&shown(&finding.message), width.saturating_sub(6)), &snippets);
    if snippets.is_empty() {
        // An empty file has nothing to underline; the place must be said all the same.
        let place = places.at(finding.primary.start);
        let _ = writeln!(text, "   at {}:{}:{}", shown(places.source().name()), place.line, place.column);
    }
    if let Some(help) = &finding.help {
        write_help(text, pen, width, help);
    }
    if let Some(witness) = &finding.witness {
        let _ =
            writeln!(text, "  {} {} on {}", pen.help("for example:"), shown(&witness.action), shown(&witness.resource));
    }
    text.push('\n');
}

fn write_help(text: &mut String, pen: &Pen, width: usize, help: &str) {
    let mut margin = format!("  {} ", pen.help("help:"));
    for line in shown_lines(help) {
        for line in wrapped(&line, width.saturating_sub(10)).lines() {
            let _ = writeln!(text, "{margin}{}", line_start(line.into()));
            margin.clear();
            margin.push_str("        ");
        }
    }
}

fn write_problem(text: &mut String, pen: &Pen, problem: &Problem<'_>) {
    let _ = write!(text, "{} {}", pen.error("error:"), shown(problem.file));
    if let Some((place, _)) = problem.place {
        let _ = write!(text, ":{}:{}", place.line, place.column);
    }
    let _ = writeln!(text, ": {}", shown(problem.message));
    if let Some((source, span)) = problem.telling {
        pen.draw_alone(text, Severity::High, &snippets(span, "", &[], &mut Places::new(source)));
    }
    if let Some(help) = problem.help {
        let _ = writeln!(text, "  {} {}", pen.help("help:"), shown(help));
    }
}

fn write_notes(text: &mut String, pen: &Pen, outcome: &Outcome) {
    for note in &outcome.notes {
        let _ = writeln!(text, "{} {}", pen.help("note:"), shown(note));
    }
    for note in outcome.files.iter().filter_map(summary::elsewhere) {
        let _ = writeln!(text, "{} {note}", pen.help("note:"));
    }
    for note in outcome.files.iter().filter_map(summary::undetermined) {
        let _ = writeln!(text, "{} {note}", pen.help("note:"));
    }
    if outcome.findings().next().is_some() {
        text.push_str("run `grantlint explain RULE` to read what a rule means and when to ignore it\n");
    }
}
