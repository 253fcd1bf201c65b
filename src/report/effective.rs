//! What a key may really do: the matrix of what both policies permit, and what the session asks for in vain.

use std::io;

use serde::Serialize;

use super::diff;
use super::json::writer;
use super::matrix::{MatrixFormat, json_matrix, title, write_csv, write_table};
use super::shown::{file_name, harmless, shown};
use crate::engine::{Delta, Effective};
use crate::semantics::matrix::Matrix;

/// Write what a key may really do.
///
/// # Errors
/// Only those of `out`.
pub fn render_effective(effective: &Effective, format: MatrixFormat, out: &mut dyn io::Write) -> io::Result<()> {
    match (&effective.matrix, format) {
        (Ok(matrix), MatrixFormat::Json) => write_json(effective, matrix, out),
        (Ok(matrix), MatrixFormat::Csv) => write_csv(narrower(effective).name(), matrix, out),
        // Policies that cannot be compared have no table; why not is told beside it.
        (Ok(matrix), _) if matrix.columns.is_empty() && !effective.undecided.is_empty() => Ok(()),
        (Ok(matrix), _) => {
            let is_markdown = format == MatrixFormat::Markdown;
            let heading = heading(effective);
            let heading = if is_markdown { format!("**{}**", super::matrix::escaped(&heading)) } else { heading };
            writeln!(out, "{heading}: {}\n", title(matrix))?;
            let whose = effective.session.as_ref().map(|session| format!(" of {}", shown(session.name())));
            let whose = whose.unwrap_or_default();
            let whose = if is_markdown { super::matrix::escaped(&whose) } else { whose };
            write_table(matrix, &whose, is_markdown, out)?;
            write_rest(effective, is_markdown, out)
        }
        (Err(error), _) => writeln!(out, "{}: {error}; ask for it with --large", heading(effective)),
    }
}

/// The policy whose statements are numbered.
fn narrower(effective: &Effective) -> &crate::text::Source {
    effective.session.as_ref().unwrap_or(&effective.caller)
}

fn heading(effective: &Effective) -> String {
    match &effective.session {
        Some(session) => format!("{} within {}", file_name(session.name()), shown(effective.caller.name())),
        None => format!("{}: no session policy, so the key has all of it", file_name(effective.caller.name())),
    }
}

fn write_rest(effective: &Effective, is_markdown: bool, out: &mut dyn io::Write) -> io::Result<()> {
    if !effective.unmet.is_empty() {
        writeln!(out, "\nasked for by the session and not granted by the caller:")?;
        for delta in &effective.unmet {
            let line = unmet_line(effective, delta);
            let line = if is_markdown { super::matrix::escaped(&line) } else { line };
            writeln!(out, "{} {line}", if is_markdown { "-" } else { " " })?;
        }
    }
    Ok(())
}

fn unmet_line(effective: &Effective, delta: &Delta) -> String {
    let source = narrower(effective);
    let at = source.position(delta.primary.start);
    let when = diff::context(delta).map_or_else(String::new, |when| format!(", {when}"));
    format!(
        "{}:{}:{}: {}, for example on {}{when}: in {} {}",
        shown(source.name()),
        at.line,
        at.column,
        diff::actions(delta),
        shown(&delta.witness.resource),
        shown(effective.caller.name()),
        shown(&delta.cause),
    )
}

#[derive(Debug, Serialize)]
struct V1<'a> {
    version: u32,
    caller: &'a str,
    session: Option<&'a str>,
    matrix: serde_json::Value,
    unmet: Vec<Unmet<'a>>,
    errors: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Unmet<'a> {
    action: &'a str,
    actions: &'a [String],
    resource: &'a str,
    statement: u32,
    reason: String,
}

fn write_json(effective: &Effective, matrix: &Matrix, out: &mut dyn io::Write) -> io::Result<()> {
    let unmet = effective.unmet.iter().map(|delta| Unmet {
        action: &delta.witness.action,
        actions: &delta.actions,
        resource: &delta.witness.resource,
        statement: delta.statement + 1,
        reason: harmless(&delta.cause).into_owned(),
    });
    let undecided = effective.undecided.iter();
    let unjudged = effective.unjudged.iter().flatten().map(|unjudged| &unjudged.message);
    let v1 = V1 {
        version: 1,
        caller: effective.caller.name(),
        session: effective.session.as_ref().map(crate::text::Source::name),
        matrix: json_matrix(matrix)?,
        unmet: unmet.collect(),
        errors: undecided.chain(unjudged).map(|message| harmless(message).into_owned()).collect(),
    };
    writer::write(&v1, out)
}
