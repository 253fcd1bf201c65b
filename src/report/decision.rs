//! Whether a request passes, for people and for machines.

use std::io;

use serde::Serialize;

use super::Options;
use super::json::range::Range;
use super::json::writer;
use super::place::Places;
use super::shown::harmless;
use crate::engine::Answered;
use crate::semantics::permission::Decision;
use crate::text::Source;

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DecisionFormat {
    /// A sentence and a snippet with carets, for people.
    Human,
    /// JSON, version 1.
    Json,
}

impl std::str::FromStr for DecisionFormat {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "human" => Ok(Self::Human),
            "json" => Ok(Self::Json),
            _ => Err(format!("`{word}` is none of human, json")),
        }
    }
}

impl std::fmt::Display for DecisionFormat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Human => "human",
            Self::Json => "json",
        })
    }
}

/// The word for an answer.
pub const fn answer_word(decision: &Decision) -> &'static str {
    match decision {
        Decision::Yes(_) => "yes",
        Decision::No(_) => "no",
        Decision::OnlyIf { .. } => "conditional",
        Decision::Unknown { .. } => "unknown",
    }
}

/// Write an answer about the policy in `source`.
///
/// # Errors
/// Only those of `out`.
pub fn render_decision(
    source: &Source,
    answered: &Answered,
    format: DecisionFormat,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        DecisionFormat::Human => super::human::render_decision(source, answered, options, out),
        DecisionFormat::Json => write_json(source, answered, out),
    }
}

#[derive(Debug, Serialize)]
struct V1<'a> {
    version: u32,
    answer: &'static str,
    action: &'a str,
    resource: &'a str,
    open: &'a [String],
    statement: Option<u32>,
    range: Option<Range>,
    reason: Option<String>,
    help: Option<String>,
    notes: Vec<String>,
    file: &'a str,
    errors: Vec<String>,
}

fn write_json(source: &Source, answered: &Answered, out: &mut dyn io::Write) -> io::Result<()> {
    let mut places = Places::new(source);
    let range = answered.primary.map(|span| Range::of(span, &mut places));
    let (open, reason) = match &answered.decision {
        Decision::OnlyIf { open, .. } => (open.as_slice(), None),
        Decision::Unknown { reason, .. } => (&[][..], Some(harmless(reason).into_owned())),
        Decision::Yes(_) | Decision::No(_) => (&[][..], None),
    };
    let v1 = V1 {
        version: 1,
        answer: answer_word(&answered.decision),
        action: &answered.request.action,
        resource: &answered.request.resource,
        open,
        statement: answered.statement.as_ref().map(|(index, _)| index + 1),
        range,
        reason,
        help: answered.help.as_ref().map(|help| harmless(help).into_owned()),
        notes: answered.notes.iter().map(|note| harmless(note).into_owned()).collect(),
        file: source.name(),
        errors: answered.unjudged.iter().map(|unjudged| harmless(&unjudged.message).into_owned()).collect(),
    };
    writer::write(&v1, out)
}
