//! An answer for people: yes, no or only if, with the statement that decides under its bytes.

use std::fmt::Write as _;
use std::io;

use super::drawing::Pen;
use super::group::snippets;
use super::wrap::wrapped;
use crate::engine::Answered;
use crate::finding::Severity;
use crate::report::Options;
use crate::report::place::Places;
use crate::report::shown::{file_name, shown};
use crate::semantics::permission::Decision;
use crate::text::Source;

pub(in crate::report) fn render(
    source: &Source,
    answered: &Answered,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let pen = Pen::new(options);
    let mut text = String::new();
    let request = format!("{} on {}", shown(&answered.request.action), shown(&answered.request.resource));
    let title = answered.statement.as_ref().map(|(_, title)| shown(title).into_owned());
    let title = title.unwrap_or_else(|| "a statement".to_owned());
    let (word, severity, why, caption) = match &answered.decision {
        Decision::Yes(_) => ("yes", Severity::Low, format!("{title} allows it"), "allowed here"),
        Decision::No(Some(_)) => ("no", Severity::High, format!("{title} denies it"), "denied here"),
        Decision::No(None) => ("no", Severity::High, "no statement allows it".to_owned(), ""),
        Decision::OnlyIf { open, .. } => {
            let keys: Vec<String> = open.iter().map(|key| format!("`{}`", shown(key))).collect();
            ("only if", Severity::Medium, format!("it depends on {}", keys.join(", ")), "this statement decides")
        }
        Decision::Unknown { reason, .. } => {
            ("unknown", Severity::Medium, shown(reason).into_owned(), "because of this")
        }
    };
    let message = wrapped(&format!("{request}: {why}"), options.width.saturating_sub(6));
    match answered.primary {
        Some(primary) => {
            let mut places = Places::new(source);
            let snippets = snippets(primary, caption, &answered.labels, &mut places);
            pen.draw(&mut text, severity, word.to_owned(), &message, &snippets);
        }
        None => {
            let _ = writeln!(text, "{word}\n\n  {}", message.replace('\n', "\n  "));
        }
    }
    if let Some(help) = &answered.help {
        let _ = writeln!(text, "  {} {}", pen.help("help:"), shown(help));
    }
    for note in answered.notes.iter().filter(|_| !options.quiet) {
        let _ = writeln!(text, "{} {}", pen.help("note:"), shown(note));
    }
    for unjudged in &answered.unjudged {
        let place = unjudged.span.map(|span| source.position(span.start));
        let place = place.map_or_else(String::new, |at| format!(":{}:{}", at.line, at.column));
        let name = file_name(source.name());
        let _ = writeln!(text, "{} {name}{place}: {}", pen.error("error:"), shown(&unjudged.message));
    }
    out.write_all(text.as_bytes())
}
