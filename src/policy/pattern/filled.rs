//! A pattern in which holes are filled.

use smallvec::SmallVec;

use super::{Anchor, Pattern, Token, TokenKind};
use crate::policy::Hole;

impl Pattern<'_> {
    /// The pattern with its holes filled as `value` tells, which is asked with the mark and the name of each; the value is text
    /// in which nothing is a wildcard. A hole of which it tells nothing stays as it is.
    pub fn filled(&self, mut value: impl FnMut(&str, &str) -> Option<String>) -> Pattern<'static> {
        let mut text = String::with_capacity(self.text.len());
        let mut tokens: SmallVec<[Token; 2]> = SmallVec::new();
        let mut holes: Vec<Hole> = Vec::new();
        for token in &self.tokens {
            let start = text.len() as u32;
            let written = self.token_text(*token);
            let hole = if let TokenKind::Hole(index) = token.kind { self.holes.get(index as usize) } else { None };
            let known = hole.and_then(|hole| value(written, self.hole_name(hole)));
            text.push_str(known.as_deref().unwrap_or(written));
            let end = text.len() as u32;
            let kind = match hole {
                Some(hole) if known.is_none() => {
                    let moved = |at: u32| at - token.start + start;
                    let name = moved(hole.name.start)..moved(hole.name.end);
                    holes.push(Hole { range: start..end, name, ..hole.clone() });
                    TokenKind::Hole(holes.len() as u32 - 1)
                }
                Some(_) => TokenKind::Literal,
                None => token.kind,
            };
            match tokens.last_mut() {
                Some(last) if kind == TokenKind::Literal && last.kind == kind => last.end = end,
                _ => tokens.push(Token { kind, start, end }),
            }
        }
        Pattern {
            text: text.into(),
            tokens,
            holes: holes.into(),
            case: self.case,
            anchor: Anchor::loose(self.anchor.whole),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Case;
    use crate::text::Span;

    #[test]
    fn filled_holes_are_letters_and_the_others_stay() {
        let pattern = Pattern::new("a/<u>/{d}/*", false, Case::Sensitive, Anchor::loose(Span::default()));
        let filled = pattern.filled(|mark, name| (name == "u").then(|| format!("{}*", mark.len())));
        assert_eq!(filled.text(), "a/3*/{d}/*");
        let kinds: Vec<_> = filled.tokens().iter().map(|token| (token.kind, filled.token_text(*token))).collect();
        let literal = TokenKind::Literal;
        let expected = [(literal, "a/3*/"), (TokenKind::Hole(0), "{d}"), (literal, "/"), (TokenKind::AnyRun, "*")];
        assert_eq!(kinds, expected);
        assert_eq!(filled.hole_name(&filled.holes()[0]), "d");
    }
}
