//! Which places of a finding are drawn together.
//!
//! miette draws two underlines of one line side by side, even if they overlap, and knows no windows on a long line.
//! So places that overlap, or that lie too far apart on one long line, go to different snippets of the finding. The
//! first snippet holds the primary place.

use std::ops::RangeInclusive;

use super::lines::{content, fits_window, is_long, reach};
use super::snippet::Snippet;
use crate::finding::Label;
use crate::report::place::{Place, Places, floor};
use crate::report::shown::shown;
use crate::text::{Source, Span};

/// Lines shown above and below an underlined one.
pub(super) const CONTEXT: usize = 1;

/// The most labels that are drawn; they come in order of importance.
const LABELS: usize = 8;

/// A place of more lines than this is underlined on its first line only.
const TALL: usize = 8;

/// How many characters of a long place should be in view.
const INTEREST: usize = 60;

/// A place to underline: inside the file, on character boundaries and never empty.
#[derive(Debug)]
pub(super) struct Mark {
    /// Offset of the first byte.
    pub(super) start: usize,
    /// Offset behind the last byte.
    pub(super) end: usize,
    /// Where the finding really says it is, before it was widened.
    pub(super) place: Place,
    /// Words under the caret.
    pub(super) text: String,
    /// Whether this is the place of the finding.
    pub(super) is_primary: bool,
}

/// The snippets that show `primary` with its caption, and the labels beside it; none when the file is empty.
pub(super) fn snippets(primary: Span, caption: &str, labels: &[Label], places: &mut Places<'_>) -> Vec<Snippet> {
    let source = places.source();
    if source.text().is_empty() {
        return Vec::new();
    }
    let mut groups = vec![vec![Mark::new(source, places, primary, caption, true)]];
    for label in labels.iter().take(LABELS) {
        let mark = Mark::new(source, places, label.span, &label.text, false);
        if let Some(same) = groups.iter_mut().flatten().find(|other| other.start == mark.start && other.end == mark.end)
        {
            same.join(&mark.text);
            continue;
        }
        match groups.iter_mut().find(|group| group.iter().all(|other| together(source, other, &mark))) {
            Some(group) => group.push(mark),
            None => groups.push(vec![mark]),
        }
    }
    groups.iter().map(|group| Snippet::new(source, group)).collect()
}

impl Mark {
    fn new(source: &Source, places: &mut Places<'_>, span: Span, text: &str, is_primary: bool) -> Self {
        let place = places.at(span.start);
        let whole = source.text();
        let mut start = floor(whole, span.start);
        let mut end = ceiling(whole, span.end.max(start as u32));
        if start == end {
            end = ceiling(whole, end as u32 + 1);
        }
        if start == end {
            start = floor(whole, (start as u32).saturating_sub(1));
        }
        let mut mark = Self { start, end, place, text: shown(text).into_owned(), is_primary };
        let lines = mark.lines(source);
        if lines.end() - lines.start() >= TALL {
            let (_, content_end) = content(source, *lines.start());
            mark.end = content_end.max(ceiling(whole, start as u32 + 1));
        }
        mark
    }

    /// The zero-based lines it lies on.
    pub(super) fn lines(&self, source: &Source) -> RangeInclusive<usize> {
        let lines = source.lines();
        lines.line_of(self.start as u32)..=lines.line_of(self.end as u32 - 1)
    }

    /// The part of it that should be in view on the zero-based line `number`, if any.
    pub(super) fn interest(&self, source: &Source, number: usize) -> Option<(usize, usize)> {
        let lines = self.lines(source);
        let (_, content_end) = content(source, number);
        if number == *lines.start() {
            let end = self.end.min(content_end).max(self.start);
            Some((self.start, reach(source.text(), self.start, end, INTEREST)))
        } else if number == *lines.end() {
            let end = self.end.min(content_end);
            Some((floor(source.text(), (end as u32).saturating_sub(1)), end))
        } else {
            None
        }
    }

    fn join(&mut self, text: &str) {
        if !self.text.is_empty() && !text.is_empty() {
            self.text.push_str("; ");
        }
        self.text.push_str(text);
    }
}

/// Whether two places can be drawn in one snippet.
fn together(source: &Source, one: &Mark, other: &Mark) -> bool {
    let (ones, others) = (one.lines(source), other.lines(source));
    let single = |lines: &RangeInclusive<usize>| lines.start() == lines.end();
    if single(&ones) && single(&others) && one.start < other.end && other.start < one.end {
        return false;
    }
    [*ones.start(), *ones.end()].into_iter().all(|number| {
        let (start, end) = content(source, number);
        match (one.interest(source, number), other.interest(source, number)) {
            (Some(a), Some(b)) if is_long(source.text(), start, end) => {
                fits_window(source.text(), a.0.min(b.0), a.1.max(b.1))
            }
            _ => true,
        }
    })
}

/// `offset` moved forward to the end of its character, at most the length of `text`.
fn ceiling(text: &str, offset: u32) -> usize {
    let mut offset = (offset as usize).min(text.len());
    while !text.is_char_boundary(offset) {
        offset += 1;
    }
    offset
}
