//! A text that was cut out of a source, and the way back.
//!
//! The idea: a fragment is a list of pieces, in order. A straight piece stands in the file byte for byte; any other
//! piece (an escape such as `\"` or `%2F`) is taken as a whole, so that a range which touches it covers all of it.
//! A whole file is one straight piece.

use std::borrow::Cow;

use super::{Local, Source, Span};

/// A text and where its bytes lie in a source.
#[derive(Debug, Clone)]
pub struct Fragment<'s> {
    text: Cow<'s, str>,
    map: Map,
}

#[derive(Debug, Clone)]
enum Map {
    /// Offset 0 of the text is this offset of the file, and so on.
    Straight(u32),
    /// Sorted by `local`.
    Pieces { pieces: Vec<Piece>, end: Span },
}

#[derive(Debug, Clone, Copy)]
struct Piece {
    local: u32,
    file: Span,
    straight: bool,
}

impl<'s> Fragment<'s> {
    /// The whole of `source`.
    pub fn whole(source: &'s Source) -> Self {
        Self { text: Cow::Borrowed(source.text()), map: Map::Straight(0) }
    }

    /// A part of `source` that stands there byte for byte.
    pub fn part(source: &'s Source, span: Span) -> Self {
        Self { text: Cow::Borrowed(source.slice(span)), map: Map::Straight(span.start) }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the fragment's bytes are the file's, so that strings can be borrowed with exact positions.
    pub fn is_straight(&self) -> bool {
        matches!(self.map, Map::Straight(_))
    }

    /// Where `local` lies in the file. O(1) for a straight fragment, else O(log pieces).
    pub fn locate(&self, local: Local) -> Span {
        match &self.map {
            Map::Straight(base) => Span::new(base + local.start, base + local.end),
            Map::Pieces { pieces, end } => {
                let start = match piece_at(pieces, local.start) {
                    _ if local.start as usize >= self.text.len() => end.start,
                    Some(piece) if piece.straight => piece.file.start + (local.start - piece.local),
                    Some(piece) => piece.file.start,
                    None => end.start,
                };
                if local.is_empty() {
                    return Span::new(start, start);
                }
                let stop = match piece_at(pieces, local.end - 1) {
                    Some(piece) if piece.straight => piece.file.start + (local.end - piece.local),
                    Some(piece) => piece.file.end,
                    None => end.end,
                };
                Span::new(start, stop)
            }
        }
    }
}

fn piece_at(pieces: &[Piece], offset: u32) -> Option<&Piece> {
    pieces.partition_point(|piece| piece.local <= offset).checked_sub(1).and_then(|at| pieces.get(at))
}

/// Builds a fragment from another one, piece by piece.
#[derive(Debug)]
pub struct FragmentBuilder<'p, 's> {
    parent: &'p Fragment<'s>,
    text: String,
    pieces: Vec<Piece>,
}

impl<'p, 's> FragmentBuilder<'p, 's> {
    /// An empty fragment whose pieces will come from `parent`.
    pub fn new(parent: &'p Fragment<'s>) -> Self {
        Self { parent, text: String::new(), pieces: Vec::new() }
    }

    /// Append the bytes `from` of the parent as they stand.
    pub fn straight(&mut self, from: Local) {
        if from.is_empty() {
            return;
        }
        let Fragment { text, map } = self.parent;
        match map {
            Map::Straight(base) => {
                self.push(Span::new(base + from.start, base + from.end), true);
            }
            Map::Pieces { pieces, .. } => {
                // A straight run of the parent may cross several of its own pieces.
                let mut at = from.start;
                let first = pieces.partition_point(|piece| piece.local <= from.start).saturating_sub(1);
                for (index, piece) in pieces.iter().enumerate().skip(first) {
                    if at >= from.end {
                        break;
                    }
                    let next = pieces.get(index + 1).map_or(text.len() as u32, |next| next.local).min(from.end);
                    let local = self.text.len() as u32 + (at - from.start);
                    let file = self.parent.locate(Local::new(at, next));
                    self.pieces.push(Piece { local, file, straight: piece.straight });
                    at = next;
                }
            }
        }
        self.text.push_str(from.of(text));
    }

    /// Append `decoded`, which the parent writes as `from`.
    pub fn decoded(&mut self, decoded: &str, from: Local) {
        if !decoded.is_empty() {
            self.push(self.parent.locate(from), false);
            self.text.push_str(decoded);
        }
    }

    fn push(&mut self, file: Span, straight: bool) {
        self.pieces.push(Piece { local: self.text.len() as u32, file, straight });
    }

    /// The finished fragment; `whole` is the range of the parent that it was made of.
    pub fn finish(self, whole: Local) -> Fragment<'static> {
        let end = self.parent.locate(whole);
        Fragment {
            text: Cow::Owned(self.text),
            map: Map::Pieces { pieces: self.pieces, end: Span::new(end.end, end.end) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_is_covered_whole_and_text_exactly() {
        // The file holds "a\"b"; the fragment is a"b.
        let source = Source::new("x", "\"a\\\"b\"").unwrap();
        let file = Fragment::whole(&source);
        let mut inner = FragmentBuilder::new(&file);
        inner.straight(Local::new(1, 2));
        inner.decoded("\"", Local::new(2, 4));
        inner.straight(Local::new(4, 5));
        let inner = inner.finish(Local::new(1, 5));
        assert_eq!(inner.text(), "a\"b");
        assert_eq!(inner.locate(Local::new(0, 1)), Span::new(1, 2));
        assert_eq!(inner.locate(Local::new(1, 2)), Span::new(2, 4));
        assert_eq!(inner.locate(Local::new(0, 3)), Span::new(1, 5));
        assert_eq!(inner.locate(Local::new(3, 3)), Span::new(5, 5));
    }

    #[test]
    fn fragments_nest() {
        let source = Source::new("x", "__a\\\"b__").unwrap();
        let file = Fragment::whole(&source);
        let mut outer = FragmentBuilder::new(&file);
        outer.straight(Local::new(2, 3));
        outer.decoded("\"", Local::new(3, 5));
        outer.straight(Local::new(5, 6));
        let outer = outer.finish(Local::new(2, 6));
        let mut inner = FragmentBuilder::new(&outer);
        inner.straight(Local::new(0, 3));
        let inner = inner.finish(Local::new(0, 3));
        assert_eq!(inner.text(), "a\"b");
        assert_eq!(inner.locate(Local::new(1, 2)), Span::new(3, 5));
        assert_eq!(inner.locate(Local::new(2, 3)), Span::new(5, 6));
    }
}
