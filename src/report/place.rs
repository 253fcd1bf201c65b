//! Lines and columns of findings, without counting a long line again for each of them.
//!
//! A policy may be one line of many megabytes with thousands of findings. The number of characters before every
//! [`STEP`]th byte of such a line is kept, so a column costs one short walk.

use std::collections::BTreeMap;

use crate::text::{Source, Span};

/// Bytes between two kept counts, and the longest stretch that is counted for one column.
const STEP: usize = 4096;

/// A place in a file; line and column count from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Bytes from the start of the file.
    pub(super) offset: u32,
    /// Line.
    pub(super) line: u32,
    /// Column in characters.
    pub(super) column: u32,
}

/// From offsets to places in one file.
#[derive(Debug)]
pub(super) struct Places<'s> {
    source: &'s Source,
    /// By zero-based line: characters before each `STEP`th byte of the line.
    long: BTreeMap<usize, Vec<u32>>,
}

impl<'s> Places<'s> {
    /// Places in `source`.
    pub(super) fn new(source: &'s Source) -> Self {
        Self { source, long: BTreeMap::new() }
    }

    /// The file.
    pub(super) fn source(&self) -> &'s Source {
        self.source
    }

    /// The place of `offset`; inside a character that is its start, behind the end it is the end.
    pub(super) fn at(&mut self, offset: u32) -> Place {
        let text = self.source.text();
        let offset = floor(text, offset);
        let line = self.source.lines().line_of(offset as u32);
        let (start, end) = self.source.lines().range(line, text);
        let (start, end) = (start as usize, end as usize);
        let bytes = |from, to| text.as_bytes().get(from..to).unwrap_or_default();
        let before = if offset - start <= STEP {
            characters(bytes(start, offset))
        } else {
            let counts = self.long.entry(line).or_insert_with(|| counts(bytes(start, end)));
            let step = (offset - start) / STEP;
            counts.get(step).copied().unwrap_or_default() + characters(bytes(start + step * STEP, offset))
        };
        Place { offset: offset as u32, line: line as u32 + 1, column: before + 1 }
    }

    /// Both ends of `span`.
    pub(super) fn of(&mut self, span: Span) -> (Place, Place) {
        let start = self.at(span.start);
        (start, self.at(span.end.max(start.offset)))
    }
}

/// `offset` moved back to the start of its character, at most the length of `text`.
pub(super) fn floor(text: &str, offset: u32) -> usize {
    let mut offset = (offset as usize).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Characters in `bytes`, which may begin or end inside one: a character counts where its first byte is.
fn characters(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u32
}

fn counts(line: &[u8]) -> Vec<u32> {
    let mut so_far = 0;
    line.chunks(STEP)
        .map(|chunk| {
            let before = so_far;
            so_far += characters(chunk);
            before
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_a_long_line_agree_with_the_line_index() {
        let line = "a\u{7528}\u{1F600}\u{e9}".repeat(3000);
        let source = Source::new("x", format!("short\n{line}\nend")).unwrap();
        let mut places = Places::new(&source);
        for offset in (0..source.text().len() as u32 + 3).step_by(7) {
            let (expected, found) = (source.position(offset), places.at(offset));
            assert_eq!((found.offset, found.line, found.column), (expected.offset, expected.line, expected.column));
        }
    }
}
