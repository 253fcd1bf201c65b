//! A pattern: text with wildcards and holes.
//!
//! A pattern is a list of tokens that tile its text. Which characters are wildcards is the dialect's business and is
//! decided once, when the pattern is made; matching and containment (in `semantics`) only see tokens.

mod filled;
mod glance;

use std::borrow::Cow;
use std::ops::Range;

use smallvec::SmallVec;

pub use glance::Glance;

use super::hole::{holes_of, masked_runs};
use super::{Hole, HoleRole};
use crate::text::Span;

/// How letters compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Case {
    /// Letter for letter.
    #[default]
    Sensitive,
    /// ASCII letters of either case are equal.
    Insensitive,
}

/// What a token stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Itself.
    Literal,
    /// Any one character.
    AnyOne,
    /// Any run of characters, the empty one too, across every separator.
    AnyRun,
    /// The hole of this index.
    Hole(u32),
}

/// A piece of a pattern's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Token {
    /// What it stands for.
    pub kind: TokenKind,
    /// Offset of its first byte in the pattern's text.
    pub start: u32,
    /// Offset behind its last byte.
    pub end: u32,
}

/// Where a pattern's text stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// All of it.
    pub whole: Span,
    /// From this offset of the text on, the bytes stand in the file one for one, beginning at this offset of the file.
    pub exact: Option<(u32, u32)>,
}

impl Anchor {
    /// Text that stands in the file byte for byte.
    pub const fn exact(span: Span) -> Self {
        Self { whole: span, exact: Some((0, span.start)) }
    }

    /// Text that stands in the file in other words.
    pub const fn loose(span: Span) -> Self {
        Self { whole: span, exact: None }
    }

    /// The bytes of the file that hold this range of the text; all of it where they cannot be told apart.
    pub fn locate(&self, range: Range<u32>) -> Span {
        match self.exact {
            Some((from, file)) if range.start >= from => {
                // What was added behind the written text has no bytes.
                let at = |offset: u32| (file + (offset - from)).min(self.whole.end.max(file));
                Span::new(at(range.start), at(range.end))
            }
            _ => self.whole,
        }
    }

    /// The anchor of the part of the text that begins at `offset`.
    #[must_use]
    pub fn behind(self, offset: u32) -> Self {
        match self.exact {
            Some((from, file)) if offset >= from => {
                let start = file + (offset - from);
                Self { whole: Span::new(start, self.whole.end), exact: Some((0, start)) }
            }
            Some((from, file)) => Self { whole: self.whole, exact: Some((from - offset, file)) },
            None => self,
        }
    }
}

/// A text with wildcards and holes.
#[derive(Debug, Clone)]
pub struct Pattern<'s> {
    text: Cow<'s, str>,
    tokens: SmallVec<[Token; 2]>,
    holes: Box<[Hole]>,
    case: Case,
    anchor: Anchor,
}

/// Patterns are equal when they stand for the same text set by their tokens; where they stand does not matter.
impl PartialEq for Pattern<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text && self.tokens == other.tokens && self.case == other.case
    }
}

impl Eq for Pattern<'_> {}

impl<'s> Pattern<'s> {
    /// A pattern in which `*` is any run, and `?` any one character if `any_one` says so. Holes are recognised by
    /// their marks; `*` inside a hole is none of the pattern's.
    pub fn new(text: impl Into<Cow<'s, str>>, any_one: bool, case: Case, anchor: Anchor) -> Self {
        let text = text.into();
        let holes = holes_of(&text);
        let tokens = tokenize(&text, &holes, any_one);
        Self { text, tokens, holes: holes.into(), case, anchor }
    }

    /// A pattern of a text that is known to hold no hole, in which `*` is any run.
    pub fn without_holes(text: impl Into<Cow<'s, str>>, anchor: Anchor) -> Self {
        let text = text.into();
        let tokens = tokenize(&text, &[], false);
        Self { text, tokens, holes: Box::default(), case: Case::Sensitive, anchor }
    }

    /// A pattern in which runs of `run` or more `*` hide a value instead of standing for any text,
    /// as published examples have them.
    pub fn masked(text: impl Into<Cow<'s, str>>, run: usize, anchor: Anchor) -> Self {
        let text = text.into();
        let mut holes = holes_of(&text);
        holes.extend(masked_runs(&text, run));
        holes.sort_by_key(|hole| hole.range.start);
        let tokens = tokenize(&text, &holes, false);
        Self { text, tokens, holes: holes.into(), case: Case::Sensitive, anchor }
    }

    /// A pattern without wildcards or holes.
    pub fn literal(text: impl Into<Cow<'s, str>>, anchor: Anchor) -> Self {
        let text = text.into();
        let mut tokens = SmallVec::new();
        if !text.is_empty() {
            tokens.push(Token { kind: TokenKind::Literal, start: 0, end: text.len() as u32 });
        }
        Self { text, tokens, holes: Box::default(), case: Case::Sensitive, anchor }
    }

    /// A word: text in which no character is a wildcard, while holes are recognised by their marks.
    pub fn word(text: impl Into<Cow<'s, str>>, case: Case, anchor: Anchor) -> Self {
        let text = text.into();
        let holes = holes_of(&text);
        let mut tokens = SmallVec::new();
        let mut at = 0;
        let literal = |start: u32, end: u32, tokens: &mut SmallVec<[Token; 2]>| {
            if start < end {
                tokens.push(Token { kind: TokenKind::Literal, start, end });
            }
        };
        for (index, Hole { range, .. }) in holes.iter().enumerate() {
            literal(at, range.start, &mut tokens);
            tokens.push(Token { kind: TokenKind::Hole(index as u32), start: range.start, end: range.end });
            at = range.end;
        }
        literal(at, text.len() as u32, &mut tokens);
        Self { text, tokens, holes: holes.into(), case, anchor }
    }

    /// A pattern of pieces: words, in which no character is a wildcard while holes are recognised, and between them, for
    /// `None`, any run, which the text shows as `*`.
    pub fn of_pieces<'p>(pieces: impl IntoIterator<Item = Option<&'p str>>, anchor: Anchor) -> Self {
        let mut text = String::new();
        let mut tokens: SmallVec<[Token; 2]> = SmallVec::new();
        let mut holes = Vec::new();
        for piece in pieces {
            let from = text.len() as u32;
            let Some(piece) = piece else {
                text.push('*');
                tokens.push(Token { kind: TokenKind::AnyRun, start: from, end: from + 1 });
                continue;
            };
            text.push_str(piece);
            let word = Pattern::word(piece, Case::Sensitive, anchor);
            let before = holes.len() as u32;
            tokens.extend(word.tokens.iter().map(|token| {
                let kind = match token.kind {
                    TokenKind::Hole(index) => TokenKind::Hole(index + before),
                    kind => kind,
                };
                Token { kind, start: token.start + from, end: token.end + from }
            }));
            let moved = |range: &Range<u32>| range.start + from..range.end + from;
            holes.extend(word.holes.iter().map(|hole| Hole {
                range: moved(&hole.range),
                name: moved(&hole.name),
                ..hole.clone()
            }));
        }
        Self { text: text.into(), tokens, holes: holes.into(), case: Case::Sensitive, anchor }
    }

    /// The same pattern, its text borrowed from this one.
    pub fn reborrow(&self) -> Pattern<'_> {
        Pattern {
            text: Cow::Borrowed(&self.text),
            tokens: self.tokens.clone(),
            holes: self.holes.clone(),
            case: self.case,
            anchor: self.anchor,
        }
    }

    /// The text as the pattern's author wrote it, in its canonical form.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The tokens in order; neighbouring runs of `*` are one.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The holes in order.
    pub fn holes(&self) -> &[Hole] {
        &self.holes
    }

    /// The holes, to give them roles.
    pub fn holes_mut(&mut self) -> &mut [Hole] {
        &mut self.holes
    }

    /// How letters compare.
    pub const fn case(&self) -> Case {
        self.case
    }

    /// The same pattern, standing there.
    #[must_use]
    pub fn at(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    /// Where it stands.
    pub const fn anchor(&self) -> Anchor {
        self.anchor
    }

    /// The text of a token.
    pub fn token_text(&self, token: Token) -> &str {
        self.text.get(token.start as usize..token.end as usize).unwrap_or_default()
    }

    /// The name of a hole; empty for an anonymous one.
    pub fn hole_name(&self, hole: &Hole) -> &str {
        self.text.get(hole.name.start as usize..hole.name.end as usize).unwrap_or_default()
    }

    /// Whether there is neither wildcard nor hole, so that the text means itself.
    pub fn is_literal(&self) -> bool {
        self.tokens.iter().all(|token| token.kind == TokenKind::Literal)
    }

    /// Whether there is a wildcard.
    pub fn is_wild(&self) -> bool {
        self.tokens.iter().any(|token| matches!(token.kind, TokenKind::AnyRun | TokenKind::AnyOne))
    }

    /// Whether it matches everything.
    pub fn is_everything(&self) -> bool {
        matches!(self.tokens.as_slice(), [token] if token.kind == TokenKind::AnyRun)
    }

    /// The first wildcard.
    pub fn first_wildcard(&self) -> Option<Token> {
        self.tokens.iter().copied().find(|token| matches!(token.kind, TokenKind::AnyRun | TokenKind::AnyOne))
    }

    /// Where the text begins to be anybody's choice: the first wildcard or hole whose text its requester chooses.
    pub fn first_open(&self) -> Option<Token> {
        self.tokens.iter().copied().find(|token| self.is_open(*token))
    }

    /// Whether whoever asks chooses what a token stands for.
    pub fn is_open(&self, token: Token) -> bool {
        match token.kind {
            TokenKind::Literal => false,
            TokenKind::AnyOne | TokenKind::AnyRun => true,
            TokenKind::Hole(index) => self.holes.get(index as usize).is_some_and(|hole| hole.role == HoleRole::Chosen),
        }
    }

    /// The text before the first wildcard or hole.
    pub fn literal_prefix(&self) -> &str {
        match self.tokens.first() {
            Some(token) if token.kind == TokenKind::Literal => self.token_text(*token),
            _ => "",
        }
    }

    /// The text up to where it begins to be anybody's choice, other holes included as they are written.
    pub fn fixed_prefix(&self) -> &str {
        let end = self.first_open().map_or(self.text.len(), |token| token.start as usize);
        self.text.get(..end).unwrap_or_default()
    }
}

fn tokenize(text: &str, holes: &[Hole], any_one: bool) -> SmallVec<[Token; 2]> {
    let mut tokens: SmallVec<[Token; 2]> = SmallVec::new();
    let mut at = 0_u32;
    for (index, hole) in holes.iter().enumerate() {
        plain_tokens(text, at, hole.range.start, any_one, &mut tokens);
        tokens.push(Token { kind: TokenKind::Hole(index as u32), start: hole.range.start, end: hole.range.end });
        at = hole.range.end;
    }
    plain_tokens(text, at, text.len() as u32, any_one, &mut tokens);
    tokens
}

fn plain_tokens(text: &str, start: u32, end: u32, any_one: bool, tokens: &mut SmallVec<[Token; 2]>) {
    let bytes = text.as_bytes().get(..end as usize).unwrap_or_default();
    let mut literal = start;
    let mut at = start;
    while let Some(rest) = bytes.get(at as usize..).filter(|rest| !rest.is_empty()) {
        let found = if any_one { memchr::memchr2(b'*', b'?', rest) } else { memchr::memchr(b'*', rest) };
        let Some(offset) = found else { break };
        let wild = at + offset as u32;
        if literal < wild {
            tokens.push(Token { kind: TokenKind::Literal, start: literal, end: wild });
        }
        let kind = if rest.get(offset) == Some(&b'*') { TokenKind::AnyRun } else { TokenKind::AnyOne };
        match tokens.last_mut() {
            Some(last) if kind == TokenKind::AnyRun && last.kind == kind && last.end == wild => last.end = wild + 1,
            _ => tokens.push(Token { kind, start: wild, end: wild + 1 }),
        }
        at = wild + 1;
        literal = at;
    }
    if literal < end {
        tokens.push(Token { kind: TokenKind::Literal, start: literal, end });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let pattern = Pattern::new(text, false, Case::Sensitive, Anchor::loose(Span::default()));
        pattern.tokens().iter().map(|token| format!("{:?} {}", token.kind, pattern.token_text(*token))).collect()
    }

    #[test]
    fn tokens_tile_the_text() {
        assert_eq!(shown("a**b<u>*"), ["Literal a", "AnyRun **", "Literal b", "Hole(0) <u>", "AnyRun *"]);
        assert_eq!(shown("a?"), ["Literal a?"]);
        assert_eq!(shown(""), [] as [&str; 0]);
        assert_eq!(shown("*"), ["AnyRun *"]);
        assert_eq!(shown("{*}"), ["Literal {", "AnyRun *", "Literal }"]);
    }

    #[test]
    fn pieces_are_words_and_runs() {
        let pattern = Pattern::of_pieces([Some("b*"), Some("/"), Some("u/<u>"), None], Anchor::loose(Span::default()));
        assert_eq!(pattern.text(), "b*/u/<u>*");
        let tokens = pattern.tokens().iter().map(|token| format!("{:?} {}", token.kind, pattern.token_text(*token)));
        let expected = ["Literal b*", "Literal /", "Literal u/", "Hole(0) <u>", "AnyRun *"];
        assert_eq!(tokens.collect::<Vec<_>>(), expected);
        assert_eq!(pattern.hole_name(&pattern.holes()[0]), "u");
    }

    #[test]
    fn an_anchor_ends_with_the_written_text() {
        let anchor = Anchor { whole: Span::new(100, 105), exact: Some((2, 100)) };
        assert_eq!(anchor.locate(4..8), Span::new(102, 105), "the wildcard behind it was not written");
    }

    #[test]
    fn an_anchor_finds_the_exact_bytes_behind_the_rewritten_part() {
        let anchor = Anchor { whole: Span::new(100, 140), exact: Some((10, 120)) };
        assert_eq!(anchor.locate(12..15), Span::new(122, 125));
        assert_eq!(anchor.locate(8..15), Span::new(100, 140));
        assert_eq!(anchor.behind(4).locate(6..7), Span::new(120, 121));
        assert_eq!(anchor.behind(12).locate(0..3), Span::new(122, 125));
    }
}
