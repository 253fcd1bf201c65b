//! A comparison as Markdown, fit for a comment on a pull request: the verdict, then a table of what changed.

use std::io;

use super::{actions, context, sentence};
use crate::engine::{Delta, Diffs, FileDiff};
use crate::report::shown::shown;
use crate::text::Source;

/// The most rows of one table; a comment has a greatest length.
const MOST: usize = 100;

pub(super) fn write(diffs: &Diffs, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "### grantlint: {}\n", sentence(diffs.verdict()))?;
    for file in &diffs.files {
        write_file(file, out)?;
    }
    for trouble in &diffs.troubles {
        writeln!(out, "- **not judged**: {}: {}", text(&trouble.file), text(&trouble.message))?;
    }
    Ok(())
}

fn write_file(file: &FileDiff, out: &mut dyn io::Write) -> io::Result<()> {
    let is_silent = file.policies.iter().all(|policy| {
        policy.added.is_empty() && policy.removed.is_empty() && policy.undecided.is_empty() && policy.notes.is_empty()
    });
    let before = file.old_name.as_deref().map_or_else(String::new, |old| format!(" (before: {})", code(old)));
    writeln!(out, "**{}**{before}: {}\n", code(&file.name), file.verdict().word())?;
    if is_silent && file.unjudged.iter().all(Vec::is_empty) {
        return Ok(());
    }
    let added: Vec<&Delta> = file.policies.iter().flat_map(|policy| &policy.added).collect();
    let removed: Vec<&Delta> = file.policies.iter().flat_map(|policy| &policy.removed).collect();
    table(out, "Newly allowed", "Before", &added, file.new.as_ref())?;
    table(out, "No longer allowed", "Now", &removed, file.old.as_ref())?;
    for policy in &file.policies {
        for reason in &policy.undecided {
            writeln!(out, "- **not decided**: {}", text(reason))?;
        }
        for note in &policy.notes {
            writeln!(out, "- {}", text(note))?;
        }
    }
    for unjudged in file.unjudged.iter().flatten() {
        writeln!(out, "- **not judged**: {}", text(&unjudged.message))?;
    }
    writeln!(out)
}

fn table(
    out: &mut dyn io::Write,
    title: &str,
    other: &str,
    deltas: &[&Delta],
    source: Option<&Source>,
) -> io::Result<()> {
    let (Some(source), false) = (source, deltas.is_empty()) else { return Ok(()) };
    writeln!(out, "| {title} | For example | Where | {other} |\n| --- | --- | --- | --- |")?;
    for delta in deltas.iter().take(MOST) {
        let line = source.position(delta.primary.start).line;
        let when = context(delta).map_or_else(String::new, |when| format!("<br>{}", text(&when)));
        writeln!(
            out,
            "| {} | {} on {}{when} | line {line}, statement {} | {} |",
            cell(&actions(delta)),
            code(&delta.witness.action),
            code(&delta.witness.resource),
            delta.statement + 1,
            text(&delta.cause),
        )?;
    }
    if deltas.len() > MOST {
        writeln!(out, "| and {} more | | | |", deltas.len() - MOST)?;
    }
    writeln!(out)
}

/// Somebody's text as code in a table: what would end the code or the cell is told by entities.
fn code(text: &str) -> String {
    format!("<code>{}</code>", self::text(text))
}

/// Somebody's text in Markdown, in which nothing acts: no link, no mention, no markup.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in shown(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '|' | '`' | '*' | '_' | '[' | ']' | '@' | '#' | '~' | '\\' | '!' => {
                out.push_str(&format!("&#{};", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out
}

/// Names in backticks as code.
fn cell(names: &str) -> String {
    let mut parts = names.split('`');
    let mut out = text(parts.next().unwrap_or_default());
    while let Some(name) = parts.next() {
        out.push_str(&code(name));
        out.push_str(&text(parts.next().unwrap_or_default()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_policy_is_markup() {
        assert_eq!(code("a|b`*<x>"), "<code>a&#124;b&#96;&#42;&lt;x&gt;</code>");
        assert_eq!(cell("`a` and 2 more"), "<code>a</code> and 2 more");
        assert_eq!(text("@all [x](y)"), "&#64;all &#91;x&#93;(y)");
    }
}
