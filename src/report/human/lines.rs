//! Lines of a file as a snippet shows them: where they begin and end, and which part of a long one is shown.

use crate::text::Source;

/// A line of more characters than this is cut.
const LONG: usize = 160;

/// Characters that are left of a line that is cut.
const WINDOW: usize = 120;

/// Characters shown before the first underlined one of a cut line.
const BEFORE: usize = 20;

/// The widest stretch of underlined places that fits a window beside `BEFORE`.
pub(super) const REACH: usize = WINDOW - BEFORE;

/// Where the zero-based line `number` begins and ends in bytes, its line end excluded.
pub(super) fn content(source: &Source, number: usize) -> (usize, usize) {
    let (start, end) = source.lines().range(number, source.text());
    let line = source.text().get(start as usize..end as usize).unwrap_or_default();
    let line = line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
    (start as usize, start as usize + line.len())
}

/// Whether the line from `start` to `end` is cut.
pub(super) fn is_long(text: &str, start: usize, end: usize) -> bool {
    end - start > LONG && text.get(start..end).is_some_and(|line| line.chars().nth(LONG).is_some())
}

/// Whether the places from `low` to `high` of a line fit one window.
pub(super) fn fits_window(text: &str, low: usize, high: usize) -> bool {
    text.get(low..high).is_some_and(|part| part.chars().nth(REACH).is_none())
}

/// The part of the line from `start` to `end` that is shown when the underlined places lie from `low` on.
pub(super) fn window(text: &str, start: usize, end: usize, low: usize) -> (usize, usize) {
    if !is_long(text, start, end) {
        return (start, end);
    }
    let low = low.clamp(start, end);
    let before = text.get(start..low).unwrap_or_default();
    let from = before.char_indices().rev().nth(BEFORE - 1).map_or(start, |(at, _)| start + at);
    let after = text.get(from..end).unwrap_or_default();
    let to = after.char_indices().nth(WINDOW).map_or(end, |(at, _)| from + at);
    (from, to)
}

/// The end of `reach` characters from `start`, at most `end`.
pub(super) fn reach(text: &str, start: usize, end: usize, reach: usize) -> usize {
    let part = text.get(start..end).unwrap_or_default();
    part.char_indices().nth(reach).map_or(end, |(at, _)| start + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_cut_round_the_place_and_a_short_one_is_not() {
        let text = "\u{7528}".repeat(500);
        assert_eq!(window(&text, 0, 1500, 600), (540, 900));
        assert_eq!(window(&text, 0, 1500, 0), (0, 360));
        assert_eq!(window(&text, 0, 1500, 1497), (1437, 1500));
        assert_eq!(window(&text, 0, 480, 300), (0, 480));
    }

    #[test]
    fn a_line_ends_before_its_line_end() {
        let source = Source::new("x", "ab\r\n\nc\r").unwrap();
        assert_eq!(content(&source, 0), (0, 2));
        assert_eq!(content(&source, 1), (4, 4));
        assert_eq!(content(&source, 2), (5, 7));
    }
}
