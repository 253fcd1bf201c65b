//! A glance at a text, which tells most patterns apart from those that need a closer look.

use smallvec::smallvec;

use super::super::hole::may_hold_hole;
use super::{Anchor, Case, Pattern, Token, TokenKind};

/// What is known of a text after a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glance {
    /// Some character may begin a hole.
    pub may_hold_hole: bool,
    /// Offset of the first `*`.
    pub star: Option<u32>,
    /// Offset of the first `/`.
    pub slash: Option<u32>,
}

impl Glance {
    /// Glance at a text. O(length).
    pub fn at(text: &str) -> Self {
        let find = |byte: u8| memchr::memchr(byte, text.as_bytes()).map(|at| at as u32);
        Self { may_hold_hole: may_hold_hole(text), star: find(b'*'), slash: find(b'/') }
    }

    /// Offset of the first `/` of a text without holes, if it stands before every `*`.
    pub fn fixed_slash(self) -> Option<u32> {
        self.slash.filter(|slash| self.star.is_none_or(|star| *slash < star))
    }
}

impl<'s> Pattern<'s> {
    /// The pattern of a text at which somebody glanced: `*` is any run, and holes are recognised by their marks.
    pub fn glanced(text: &'s str, glance: Glance, anchor: Anchor) -> Self {
        let end = text.len() as u32;
        let tokens = match glance.star {
            _ if glance.may_hold_hole => return Self::new(text, false, Case::Sensitive, anchor),
            None => return Self::literal(text, anchor),
            Some(star) if star > 0 && star + 1 == end => smallvec![
                Token { kind: TokenKind::Literal, start: 0, end: star },
                Token { kind: TokenKind::AnyRun, start: star, end },
            ],
            Some(_) => return Self::without_holes(text, anchor),
        };
        Self { text: text.into(), tokens, holes: Box::default(), case: Case::Sensitive, anchor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    #[test]
    fn a_glanced_pattern_is_the_pattern_of_its_text() {
        for text in ["", "*", "a", "a*", "a/*", "*/a", "a/b*c/*", "**", "a**", "a/<u>/*", "a[0]", "a%2Fb", "a/$", "{*}"]
        {
            let (glance, anchor) = (Glance::at(text), Anchor::loose(Span::default()));
            let (glanced, usual) =
                (Pattern::glanced(text, glance, anchor), Pattern::new(text, false, Case::Sensitive, anchor));
            assert_eq!(format!("{glanced:?}"), format!("{usual:?}"), "{text}");
            assert!(glance.may_hold_hole || glance.fixed_slash() == usual.fixed_slash(), "{text}");
        }
    }
}
