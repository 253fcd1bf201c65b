//! The only place where `miette` draws.

use std::fmt::{self, Write as _};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::snippet::Snippet;
use crate::finding::Severity;
use crate::report::Options;

/// Theme and handler, set up once for a report.
pub(super) struct Pen {
    theme: GraphicalTheme,
    handler: GraphicalReportHandler,
}

impl Pen {
    /// A pen with the colours of `options`. Widths do not matter to it: everything is wrapped beforehand.
    pub(super) fn new(options: &Options) -> Self {
        let theme = if options.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme.clone())
            .with_urls(false)
            .with_wrap_lines(false)
            .without_cause_chain()
            .without_syntax_highlighting()
            .with_context_lines(super::group::CONTEXT);
        Self { theme, handler }
    }

    /// Draw a title and its snippets. `title` may hold lines, which are the report's own.
    pub(super) fn draw(&self, out: &mut String, severity: Severity, code: String, title: &str, snippets: &[Snippet]) {
        let drawing = Drawing { severity, code: Some(code), title, snippet: snippets.first() };
        let start = out.len();
        if self.handler.render_report(out, &drawing).is_err() {
            // A drawing that fails must not cost the finding.
            out.truncate(start);
            let code = drawing.code.as_deref().unwrap_or_default();
            let _ = write!(out, "{code}\n\n  {title}\n");
        }
        self.draw_alone(out, severity, snippets.get(1..).unwrap_or_default());
    }

    /// Draw snippets without a title.
    pub(super) fn draw_alone(&self, out: &mut String, severity: Severity, snippets: &[Snippet]) {
        for snippet in snippets {
            let drawing = Drawing { severity, code: None, title: "", snippet: Some(snippet) };
            let mut text = String::new();
            if self.handler.render_report(&mut text, &drawing).is_ok() {
                // The first line is the title, which this drawing has not.
                out.push_str(text.split_once('\n').map_or("", |(_, snippet)| snippet));
            }
        }
    }

    /// `word` in the colour of help and notes.
    pub(super) fn help(&self, word: &'static str) -> impl fmt::Display {
        self.theme.styles.help.style(word)
    }

    /// `word` in the colour of errors.
    pub(super) fn error(&self, word: &'static str) -> impl fmt::Display {
        self.theme.styles.error.style(word)
    }
}

/// What miette is told of a finding.
#[derive(Debug)]
struct Drawing<'a> {
    severity: Severity,
    code: Option<String>,
    title: &'a str,
    snippet: Option<&'a Snippet>,
}

impl fmt::Display for Drawing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title)
    }
}

impl std::error::Error for Drawing<'_> {}

impl Diagnostic for Drawing<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.as_ref().map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::High => miette::Severity::Error,
            Severity::Medium => miette::Severity::Warning,
            Severity::Low | Severity::Info => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.snippet.map(|snippet| snippet as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.snippet.map(|snippet| Box::new(snippet.labels().iter().cloned()) as Box<dyn Iterator<Item = _>>)
    }
}
