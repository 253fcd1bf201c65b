//! What is wrong with a file that the user wrote for grantlint, and how it is shown.
//!
//! A file is read to its end before it is refused, so that all its mistakes are seen at once.

use std::fmt;
use std::path::PathBuf;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::excerpt::Excerpt;
use crate::text::{Position, Source, Span, visible};

/// Mistakes that are drawn at most; the rest is counted.
const SHOWN: usize = 20;

/// One mistake at its place.
#[derive(Debug)]
pub struct Mistake {
    message: String,
    caption: String,
    help: Option<String>,
    excerpt: Excerpt,
}

impl Mistake {
    pub(super) fn new(source: &Source, span: Span, message: impl AsRef<str>, caption: impl AsRef<str>) -> Self {
        Self {
            message: visible(message.as_ref()).into_owned(),
            caption: visible(caption.as_ref()).into_owned(),
            help: None,
            excerpt: Excerpt::new(source, span),
        }
    }

    pub(super) fn with_help(mut self, help: Option<impl AsRef<str>>) -> Self {
        self.help = help.map(|help| visible(help.as_ref()).into_owned());
        self
    }

    /// What is wrong: one sentence, lower case, no full stop, safe to print.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it, safe to print.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// The text above the caret, as it is shown.
    pub fn underlined(&self) -> &str {
        self.excerpt.underlined()
    }

    /// Where it is.
    pub fn position(&self) -> Position {
        self.excerpt.position()
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Mistake {}

impl Diagnostic for Mistake {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as _)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.label().map(|_| &self.excerpt as _)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (offset, len) = self.excerpt.label()?;
        Some(Box::new(std::iter::once(LabeledSpan::new(Some(self.caption.clone()), offset, len))))
    }
}

/// Why a configuration or a baseline could not be used. Every case is exit status 2.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file could not be read.
    #[error("cannot read `{path}`: {cause}", path = shown(.path))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The file could not be written.
    #[error("cannot write `{path}`: {cause}", path = shown(.path))]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The file is not what it should be; the mistakes stand in the order of their places, at least one.
    #[error("{}", summary(.0))]
    Invalid(Vec<Mistake>),
}

fn shown(path: &std::path::Path) -> String {
    visible(&path.to_string_lossy()).into_owned()
}

fn summary(mistakes: &[Mistake]) -> String {
    let Some(first) = mistakes.first() else { return String::new() };
    let at = first.position();
    let more = match mistakes.len() {
        0 | 1 => String::new(),
        2 => " (and 1 more mistake)".to_owned(),
        many => format!(" (and {} more mistakes)", many - 1),
    };
    let help = first.help().map_or_else(String::new, |help| format!("; {help}"));
    format!("{}:{}:{}: {}{help}{more}", first.excerpt.name(), at.line, at.column, first.message)
}

impl Diagnostic for ConfigError {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        match self {
            Self::Invalid(mistakes) => Some(Box::new(mistakes.iter().map(|mistake| mistake as &dyn Diagnostic))),
            Self::Unreadable { .. } | Self::Unwritable { .. } => None,
        }
    }
}

impl ConfigError {
    /// The mistakes, when the file could be read and is wrong.
    pub fn mistakes(&self) -> &[Mistake] {
        match self {
            Self::Invalid(mistakes) => mistakes,
            Self::Unreadable { .. } | Self::Unwritable { .. } => &[],
        }
    }

    /// The text for a person: each mistake with a caret under its bytes, wrapped at `width` columns, with ANSI colours
    /// if `color`. Ends with a line end and holds no control character of the file.
    pub fn render(&self, color: bool, width: usize) -> String {
        let theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme).with_width(width.max(40)).with_links(false);
        let mut out = String::new();
        for mistake in self.mistakes().iter().take(SHOWN) {
            if !out.is_empty() {
                out.push('\n');
            }
            if handler.render_report(&mut out, mistake).is_err() {
                // A `String` takes everything; should the drawing itself fail, the words still arrive.
                out.push_str(&mistake.message);
                out.push('\n');
            }
        }
        let drawn = self.mistakes().len().min(SHOWN);
        if drawn == 0 && handler.render_report(&mut out, self).is_err() {
            out.push_str(&self.to_string());
        }
        if self.mistakes().len() > drawn {
            out.push_str("\n  … and ");
            out.push_str(&(self.mistakes().len() - drawn).to_string());
            out.push_str(" more\n");
        }
        out
    }
}
