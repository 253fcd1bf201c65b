//! A comparison as JSON, version 1.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use crate::engine::{Delta, Diffs, FileDiff, PolicyDiff};
use crate::report::json::range::Range;
use crate::report::json::writer;
use crate::report::place::Places;
use crate::report::shown::harmless;
use crate::text::Source;

#[derive(Debug, Serialize)]
struct V1<'a> {
    version: u32,
    verdict: &'static str,
    added: Vec<Change<'a>>,
    removed: Vec<Change<'a>>,
    undecided: Vec<Undecided<'a>>,
    files: Vec<File<'a>>,
    errors: Vec<Error<'a>>,
}

#[derive(Debug, Serialize)]
struct File<'a> {
    #[serde(rename = "file")]
    name: &'a str,
    #[serde(rename = "old_file", skip_serializing_if = "Option::is_none")]
    old_name: Option<&'a str>,
    status: &'static str,
    verdict: &'static str,
    policies: Vec<Policy<'a>>,
}

#[derive(Debug, Serialize)]
struct Policy<'a> {
    pointer: &'a str,
    service: &'static str,
    verdict: &'static str,
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Change<'a> {
    action: &'a str,
    actions: &'a [String],
    resource: &'a str,
    context: BTreeMap<&'a str, Option<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caller: Option<&'a str>,
    file: &'a str,
    pointer: &'a str,
    statement: u32,
    range: Range,
    reason: String,
}

#[derive(Debug, Serialize)]
struct Undecided<'a> {
    file: &'a str,
    pointer: &'a str,
    reason: String,
}

#[derive(Debug, Serialize)]
struct Error<'a> {
    file: &'a str,
    message: String,
}

pub(super) fn write(diffs: &Diffs, out: &mut dyn io::Write) -> io::Result<()> {
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    for file in &diffs.files {
        added.extend(changes(file, file.new.as_ref(), |policy| &policy.added));
        removed.extend(changes(file, file.old.as_ref(), |policy| &policy.removed));
    }
    let policies = || diffs.files.iter().flat_map(|file| file.policies.iter().map(move |policy| (file, policy)));
    let undecided = policies().flat_map(|(file, policy)| {
        policy.undecided.iter().map(move |reason| Undecided {
            file: &file.name,
            pointer: &policy.pointer,
            reason: harmless(reason).into_owned(),
        })
    });
    let files = diffs.files.iter().map(|file| File {
        name: &file.name,
        old_name: file.old_name.as_deref(),
        status: status(file),
        verdict: file.verdict().word(),
        policies: file
            .policies
            .iter()
            .map(|policy| Policy {
                pointer: &policy.pointer,
                service: policy.service,
                verdict: policy.verdict.word(),
                notes: policy.notes.iter().map(|note| harmless(note).into_owned()).collect(),
            })
            .collect(),
    });
    let unjudged = diffs.files.iter().flat_map(|file| {
        file.unjudged
            .iter()
            .flatten()
            .map(|unjudged| Error { file: &file.name, message: harmless(&unjudged.message).into_owned() })
    });
    let troubles = diffs
        .troubles
        .iter()
        .map(|trouble| Error { file: &trouble.file, message: harmless(&trouble.message).into_owned() });
    let v1 = V1 {
        version: 1,
        verdict: diffs.verdict().word(),
        added,
        removed,
        undecided: undecided.collect(),
        files: files.collect(),
        errors: troubles.chain(unjudged).collect(),
    };
    writer::write(&v1, out)
}

fn status(file: &FileDiff) -> &'static str {
    match (&file.old, &file.new, &file.old_name) {
        (None, ..) => "new",
        (_, None, _) => "deleted",
        (_, _, Some(_)) => "renamed",
        _ => "changed",
    }
}

fn changes<'a>(
    file: &'a FileDiff,
    source: Option<&'a Source>,
    pick: impl Fn(&'a PolicyDiff) -> &'a [Delta],
) -> Vec<Change<'a>> {
    let Some(source) = source else { return Vec::new() };
    let mut places = Places::new(source);
    let mut found = Vec::new();
    for policy in &file.policies {
        for delta in pick(policy) {
            found.push(Change {
                action: &delta.witness.action,
                actions: &delta.actions,
                resource: &delta.witness.resource,
                context: delta.context.iter().map(|(key, value)| (key.as_str(), value.as_deref())).collect(),
                caller: delta.caller.as_deref(),
                file: source.name(),
                pointer: &policy.pointer,
                statement: delta.statement + 1,
                range: Range::of(delta.primary, &mut places),
                reason: harmless(&delta.cause).into_owned(),
            });
        }
    }
    found
}
