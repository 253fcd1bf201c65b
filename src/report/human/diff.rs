//! A comparison for people: what became allowed under its bytes in the new text, what no longer is under its bytes in the
//! old one, and a last line with the verdict.

use std::fmt::Write as _;
use std::io;

use super::drawing::Pen;
use super::group::snippets;
use super::wrap::wrapped;
use crate::engine::{Delta, Diffs, FileDiff, PolicyDiff};
use crate::finding::Severity;
use crate::report::Options;
use crate::report::diff::{actions, context, sentence};
use crate::report::place::Places;
use crate::report::shown::{file_name, shown};
use crate::text::Source;

pub(in crate::report) fn render(diffs: &Diffs, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let pen = Pen::new(options);
    let mut text = String::new();
    for file in &diffs.files {
        write_file(&mut text, &pen, options, file);
        out.write_all(text.as_bytes())?;
        text.clear();
    }
    for trouble in &diffs.troubles {
        let _ = writeln!(text, "{} {}: {}", pen.error("error:"), shown(&trouble.file), shown(&trouble.message));
        if let Some(help) = &trouble.help {
            let _ = writeln!(text, "  {} {}", pen.help("help:"), shown(help));
        }
    }
    if let [only] = diffs.files.as_slice()
        && diffs.troubles.is_empty()
    {
        let _ = writeln!(text, "{}", last_line(only));
    } else {
        let count = diffs.files.len();
        let files = if count == 1 { "file" } else { "files" };
        let _ = writeln!(text, "compared {count} {files}: {}", sentence(diffs.verdict()));
    }
    out.write_all(text.as_bytes())
}

/// The verdict on one file, and what it is about.
fn last_line(file: &FileDiff) -> String {
    let mut services: Vec<&str> = file.policies.iter().map(|policy| policy.service).collect();
    services.dedup();
    let about = if services.is_empty() { String::new() } else { format!(" ({})", services.join(", ")) };
    format!("{}{about}", sentence(file.verdict()))
}

fn write_file(text: &mut String, pen: &Pen, options: &Options, file: &FileDiff) {
    let mut new_places = file.new.as_ref().map(Places::new);
    let mut old_places = file.old.as_ref().map(Places::new);
    for policy in &file.policies {
        for delta in &policy.added {
            let severity = if delta.is_changing { Severity::High } else { Severity::Medium };
            write_delta(text, pen, options, (severity, "newly allowed", "before"), delta, new_places.as_mut());
        }
        for delta in &policy.removed {
            write_delta(text, pen, options, (Severity::Low, "no longer allowed", "now"), delta, old_places.as_mut());
        }
        write_open(text, pen, options, file, policy);
    }
    for (source, unjudged) in [&file.old, &file.new].into_iter().zip(&file.unjudged) {
        for unjudged in unjudged {
            let place = unjudged.span.zip(source.as_ref()).map(|(span, source)| source.position(span.start));
            let place = place.map_or_else(String::new, |at| format!(":{}:{}", at.line, at.column));
            let name = source.as_ref().map_or(file.name.as_str(), Source::name);
            let _ = writeln!(text, "{} {}{place}: {}", pen.error("error:"), shown(name), shown(&unjudged.message));
        }
    }
}

fn write_open(text: &mut String, pen: &Pen, options: &Options, file: &FileDiff, policy: &PolicyDiff) {
    for reason in &policy.undecided {
        let line = format!("{}: not decided: {}", file_name(&file.name), shown(reason));
        let _ = writeln!(text, "{} {}", pen.error("error:"), line);
    }
    if options.quiet {
        return;
    }
    for note in &policy.notes {
        let _ = writeln!(text, "{} {}: {}", pen.help("note:"), shown(&file.name), shown(note));
    }
}

fn write_delta(
    text: &mut String,
    pen: &Pen,
    options: &Options,
    (severity, title, other): (Severity, &str, &'static str),
    delta: &Delta,
    places: Option<&mut Places<'_>>,
) {
    let Some(places) = places else { return };
    let caption = if severity == Severity::Low { "allowed here before" } else { "allowed here" };
    let snippets = snippets(delta.primary, caption, &delta.labels, places);
    let message = wrapped(&actions(delta), options.width.saturating_sub(6));
    pen.draw(text, severity, title.to_owned(), &message, &snippets);
    let witness = &delta.witness;
    let _ = writeln!(text, "  {} {} on {}", pen.help("for example:"), shown(&witness.action), shown(&witness.resource));
    if let Some(context) = context(delta) {
        let _ = writeln!(text, "  {} {context}", pen.help("when:"));
    }
    let _ = writeln!(text, "  {}: {}\n", pen.help(other), shown(&delta.cause));
}
