//! What a run found, written for people and for machines: a file per format.
//!
//! Every format is made from an [`Outcome`] alone and goes to any writer, so the same outcome gives the same bytes:
//! no terminal, no environment and no clock is asked. Colour and width are settled by the caller in [`Options`].
//!
//! Text that comes from a policy or from a file name is never written as it stands: `shown` makes it harmless to a
//! terminal and to the log of a CI service, and `json::writer` does the same for the machine formats.

mod concise;
mod decision;
mod diff;
mod effective;
mod github;
mod gitlab;
mod human;
mod json;
mod matrix;
mod place;
mod problem;
mod sarif;
mod shown;

use std::io;

pub use decision::{DecisionFormat, answer_word, render_decision};
pub use diff::{DiffFormat, render_diffs};
pub use effective::render_effective;
pub use matrix::{MatrixFormat, render_matrices};
pub(crate) use shown::safe_line;

use crate::dialect::Written;
use crate::engine::Outcome;

/// Write the document of a policy, indented and with a line end.
///
/// # Errors
/// When the writer fails.
pub fn render_policy(policy: &Written, out: &mut dyn io::Write) -> io::Result<()> {
    json::writer::write(policy, out)
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Snippets with carets, for people.
    Human,
    /// One line for each finding.
    Concise,
    /// grantlint's own JSON, version 1; its schema is [`schema`].
    Json,
    /// SARIF 2.1.0, for code-scanning services.
    Sarif,
    /// Workflow commands that GitHub shows as annotations.
    Github,
    /// GitLab's code-quality report.
    Gitlab,
}

impl Format {
    /// All formats, in the order in which help lists them.
    pub const ALL: &'static [Self] = &[Self::Human, Self::Concise, Self::Json, Self::Sarif, Self::Github, Self::Gitlab];

    /// The word for it on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
        }
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.word())
    }
}

impl std::str::FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        by_word(Self::ALL, Self::word, word)
    }
}

/// The format that a word on the command line names.
fn by_word<F: Copy>(all: &[F], word_of: impl Fn(F) -> &'static str, word: &str) -> Result<F, String> {
    all.iter().copied().find(|format| word_of(*format) == word).ok_or_else(|| {
        let words: Vec<_> = all.iter().map(|format| word_of(*format)).collect();
        format!("`{word}` is none of {}", words.join(", "))
    })
}

/// How the human report looks; the other formats have no options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Use ANSI colours.
    pub color: bool,
    /// Also tell which policies were read and which files were skipped.
    pub verbose: bool,
    /// No notes and no hint: findings, errors and the last line only.
    pub quiet: bool,
    /// Columns of the terminal, to which prose is wrapped.
    pub width: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { color: false, verbose: false, quiet: false, width: 100 }
    }
}

/// Write `outcome` to `out` as `format`.
///
/// # Errors
/// Only those of `out`.
pub fn render(outcome: &Outcome, format: Format, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    match format {
        Format::Human => human::render(outcome, options, out),
        Format::Concise => concise::render(outcome, out),
        Format::Json => json::render(outcome, out),
        Format::Sarif => sarif::render(outcome, out),
        Format::Github => github::render(outcome, out),
        Format::Gitlab => gitlab::render(outcome, out),
    }
}

/// The last line of a human report, without line end: how much was read, found and held back.
pub fn summary(outcome: &Outcome) -> String {
    human::summary(outcome)
}

/// The JSON schema of [`Format::Json`], version 1, with a line end.
pub fn schema() -> String {
    json::schema()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_back_to_their_formats() {
        for format in Format::ALL {
            assert_eq!(format.word().parse(), Ok(*format));
        }
        assert!("xml".parse::<Format>().unwrap_err().contains("human, concise"));
    }
}
