//! What became allowed and what no longer is, for people, for pull requests and for machines.
//!
//! Every change is told by one request, which was checked against both texts, and by the bytes that permit it.

mod github;
mod json;
mod markdown;

use std::io;

use super::Options;
use super::shown::shown;
use crate::engine::{Delta, Diffs};
use crate::semantics::permission::Verdict;

/// How a comparison is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DiffFormat {
    /// Snippets with carets, for people.
    Human,
    /// JSON, version 1.
    Json,
    /// Markdown, fit for a comment on a pull request.
    Markdown,
    /// Workflow commands that GitHub shows as annotations.
    Github,
}

impl DiffFormat {
    /// All formats, in the order in which help lists them.
    pub const ALL: &'static [Self] = &[Self::Human, Self::Json, Self::Markdown, Self::Github];

    /// The word for it on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Markdown => "markdown",
            Self::Github => "github",
        }
    }
}

impl std::fmt::Display for DiffFormat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.word())
    }
}

impl std::str::FromStr for DiffFormat {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        super::by_word(Self::ALL, Self::word, word)
    }
}

/// Write a comparison to `out` as `format`.
///
/// # Errors
/// Only those of `out`.
pub fn render_diffs(diffs: &Diffs, format: DiffFormat, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    match format {
        DiffFormat::Human => super::human::render_diffs(diffs, options, out),
        DiffFormat::Json => json::write(diffs, out),
        DiffFormat::Markdown => markdown::write(diffs, out),
        DiffFormat::Github => github::write(diffs, out),
    }
}

/// What a verdict says, as a sentence without its subject.
pub(super) const fn sentence(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Equal => "equal: both allow the same",
        Verdict::Narrower => "narrower: nothing is newly allowed, and something no longer is",
        Verdict::Wider => "wider: something is newly allowed",
        Verdict::Incomparable => "incomparable: something is newly allowed, and something no longer is",
        Verdict::Unknown => "unknown: not everything was decided",
    }
}

/// The actions of a change on one line: the first few, and how many more.
pub(super) fn actions(delta: &Delta) -> String {
    const FEW: usize = 3;
    let names: Vec<String> = delta.actions.iter().take(FEW).map(|name| format!("`{}`", shown(name))).collect();
    let more = delta.actions.len().saturating_sub(FEW);
    let names = names.join(", ");
    if more > 0 { format!("{names} and {more} more") } else { names }
}

/// What the request of a change has to carry, in words; `None` when nothing.
pub(super) fn context(delta: &Delta) -> Option<String> {
    let mut parts: Vec<String> = delta.caller.iter().map(|caller| format!("by {}", shown(caller))).collect();
    parts.extend(delta.context.iter().map(|(key, value)| match value {
        Some(value) => format!("{} = {}", shown(key), shown(value)),
        None => format!("without {}", shown(key)),
    }));
    (!parts.is_empty()).then(|| parts.join(", "))
}
