//! A few lines of a file, made safe and short, with places to underline: all that miette gets to see of a source.
//!
//! The lines are copied into a text of their own, in which every character that would act on a terminal is replaced
//! by U+FFFD, one for one, and long lines are cut. Offsets in that text are what miette works with; line numbers and
//! the column of each place are those of the file.

use std::collections::BTreeSet;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::group::{CONTEXT, Mark};
use super::lines::{content, window};
use crate::report::place::Place;
use crate::report::shown::{begins_command, shown};
use crate::text::{Source, is_invisible};

/// Stands where a line was cut.
const CUT: char = '\u{2026}';

/// What is drawn of one group of places.
#[derive(Debug)]
pub(super) struct Snippet {
    name: String,
    text: String,
    rows: Vec<Row>,
    labels: Vec<LabeledSpan>,
    /// Where each label begins in `text`, and where that is in the file.
    places: Vec<(usize, Place)>,
}

/// A line of the snippet.
#[derive(Debug)]
struct Row {
    /// Its zero-based number in the file.
    number: usize,
    /// Where it begins in the snippet's text.
    start: usize,
    /// The part of the file that it shows.
    from: usize,
    to: usize,
    /// Bytes before that part: those of [`CUT`], or none.
    lead: usize,
    /// Bytes behind that part, of [`CUT`] or none; the line end follows.
    trail: usize,
}

impl Snippet {
    /// The snippet that shows `marks`, which can be drawn together.
    pub(super) fn new(source: &Source, marks: &[Mark]) -> Self {
        let mut snippet = Self {
            name: shown(source.name()).into_owned(),
            text: String::new(),
            rows: Vec::new(),
            labels: Vec::new(),
            places: Vec::new(),
        };
        let numbers: BTreeSet<usize> = marks
            .iter()
            .flat_map(|mark| {
                let lines = mark.lines(source);
                lines.start().saturating_sub(CONTEXT)..=lines.end() + CONTEXT
            })
            .collect();
        for number in numbers {
            snippet.push_row(source, number, marks);
        }
        for mark in marks {
            let (start, end) = snippet.locate(source, mark);
            snippet.places.push((start, mark.place));
            let text = (!mark.text.is_empty()).then(|| mark.text.clone());
            let span = SourceSpan::from((start, end - start));
            snippet.labels.push(if mark.is_primary {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            });
        }
        snippet
    }

    /// The places to underline.
    pub(super) fn labels(&self) -> &[LabeledSpan] {
        &self.labels
    }

    fn push_row(&mut self, source: &Source, number: usize, marks: &[Mark]) {
        let whole = source.text();
        let (start, end) = content(source, number);
        if start >= whole.len() {
            return;
        }
        let low = marks.iter().filter_map(|mark| mark.interest(source, number)).map(|(low, _)| low).min();
        let (from, to) = window(whole, start, end, low.unwrap_or(start));
        let mut row = Row { number, start: self.text.len(), from, to, lead: 0, trail: 0 };
        if from > start {
            self.text.push(CUT);
            row.lead = CUT.len_utf8();
        }
        for (at, c) in whole.get(from..to).unwrap_or_default().char_indices() {
            self.text.push(stand_in(c, whole.get(from + at..).unwrap_or_default()));
        }
        if to < end {
            self.text.push(CUT);
            row.trail = CUT.len_utf8();
        }
        self.text.push('\n');
        self.rows.push(row);
    }

    /// Where `mark` lies in the snippet's text.
    fn locate(&self, source: &Source, mark: &Mark) -> (usize, usize) {
        let lines = mark.lines(source);
        let start = self.row(*lines.start()).map_or(0, |row| row.offset(source.text(), mark.start));
        let end = self.row(*lines.end()).map_or(start, |row| {
            let inside = row.offset(source.text(), mark.end);
            // A place that runs past the cut is underlined up to and with the sign for it.
            if mark.end > row.to { inside + row.trail } else { inside }
        });
        // What remains empty is a line end, which miette draws behind the line.
        (start, end.max(start + 1).min(self.text.len()))
    }

    fn row(&self, number: usize) -> Option<&Row> {
        self.rows.binary_search_by_key(&number, |row| row.number).ok().and_then(|at| self.rows.get(at))
    }

    /// The row that holds `offset` of the snippet's text.
    fn row_at(&self, offset: usize) -> usize {
        self.rows.partition_point(|row| row.start <= offset).saturating_sub(1)
    }

    fn is_run(&self, first: usize, last: usize) -> bool {
        match (self.rows.get(first), self.rows.get(last)) {
            (Some(a), Some(b)) => b.number - a.number == last - first,
            _ => false,
        }
    }
}

impl Row {
    /// Where `offset` of the file lies in the snippet's text; what was cut off counts as the nearest that was not.
    fn offset(&self, whole: &str, offset: usize) -> usize {
        let shown = whole.get(self.from..offset.clamp(self.from, self.to)).unwrap_or_default();
        let bytes: usize = shown
            .char_indices()
            .map(|(at, c)| stand_in(c, whole.get(self.from + at..).unwrap_or_default()).len_utf8())
            .sum();
        self.start + self.lead + bytes
    }
}

/// What is shown for `c`, with which `rest` begins: itself, or one replacement of the same width.
fn stand_in(c: char, rest: &str) -> char {
    let acts = match c {
        '\t' => false,
        '#' => begins_command(rest),
        _ => is_invisible(c),
    };
    if acts { char::REPLACEMENT_CHARACTER } else { c }
}

impl SourceCode for Snippet {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let (mut first, mut last) = (self.row_at(start), self.row_at(end.saturating_sub(1).max(start)));
        // Lines that do not follow one another cannot be drawn as one; miette then draws them apart.
        if end > self.text.len() || !self.is_run(first, last) {
            return Err(MietteError::OutOfBounds);
        }
        let place = self.places.iter().find(|(at, _)| *at == start).map(|(_, place)| *place);
        for _ in 0..before {
            first = first.checked_sub(1).filter(|row| self.is_run(*row, last)).unwrap_or(first);
        }
        for _ in 0..after {
            last = Some(last + 1).filter(|row| self.is_run(first, *row)).unwrap_or(last);
        }
        let from = self.rows.get(first).map_or(0, |row| row.start);
        let to = self.rows.get(last + 1).map_or(self.text.len(), |row| row.start);
        let number = self.rows.get(first).map_or(0, |row| row.number);
        // Without context miette only asks where the place is, for the head of the snippet.
        let (line, column) = match place {
            Some(place) if before == 0 => (place.line as usize - 1, place.column as usize - 1),
            _ => (number, 0),
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            self.text.get(from..to).unwrap_or_default().as_bytes(),
            (from, to - from).into(),
            line,
            column,
            last - first + 1,
        )))
    }
}
