//! A comparison as annotations of GitHub: what became allowed stands at the statement that allows it.

use std::io;

use super::{actions, context, sentence};
use crate::engine::{Diffs, FileDiff};
use crate::report::github::annotation;
use crate::report::place::Places;
use crate::report::shown::shown;

pub(super) fn write(diffs: &Diffs, out: &mut dyn io::Write) -> io::Result<()> {
    for file in &diffs.files {
        write_added(file, out)?;
        write_removed(file, out)?;
        for policy in &file.policies {
            for reason in &policy.undecided {
                annotation(out, "error", &file.name, None, "not decided", &shown(reason))?;
            }
        }
        for unjudged in file.unjudged.iter().flatten() {
            annotation(out, "error", &file.name, None, "not judged", &shown(&unjudged.message))?;
        }
    }
    for trouble in &diffs.troubles {
        annotation(out, "error", &trouble.file, None, "not judged", &shown(&trouble.message))?;
    }
    Ok(())
}

fn write_added(file: &FileDiff, out: &mut dyn io::Write) -> io::Result<()> {
    let Some(source) = &file.new else { return Ok(()) };
    let mut places = Places::new(source);
    for delta in file.policies.iter().flat_map(|policy| &policy.added) {
        let when = context(delta).map_or_else(String::new, |when| format!(" ({when})"));
        let message = format!(
            "newly allowed: {}\nfor example: {} on {}{when}\nbefore: {}",
            actions(delta),
            shown(&delta.witness.action),
            shown(&delta.witness.resource),
            shown(&delta.cause),
        );
        let command = if delta.is_changing { "error" } else { "warning" };
        annotation(out, command, source.name(), Some(places.of(delta.primary)), "newly allowed", &message)?;
    }
    Ok(())
}

/// What is no longer allowed has no place in the new text; one notice for a file is enough.
fn write_removed(file: &FileDiff, out: &mut dyn io::Write) -> io::Result<()> {
    let removed: Vec<String> = file
        .policies
        .iter()
        .flat_map(|policy| &policy.removed)
        .map(|delta| {
            format!("no longer allowed: {}, for example on {}", actions(delta), shown(&delta.witness.resource))
        })
        .collect();
    if removed.is_empty() {
        return Ok(());
    }
    annotation(out, "notice", &file.name, None, sentence(file.verdict()), &removed.join("\n"))
}
