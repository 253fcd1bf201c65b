//! Strings that are not as they should be: other quotes, none, or one only.
//!
//! Where such a string ends is a guess, made in one way everywhere: it ends at a quote with something sensible behind
//! it (a comma, a colon, a closing bracket, a comment, the end of the text). Every look ahead is bounded, so that no
//! text takes more than linear time.

use memchr::memchr;

use super::parse::Parser;
use super::{FaultKind, Kind, Node};

/// How far to look for a better quote than the first one.
const LOOK_AHEAD: usize = 4_096;
/// How many blanks to look across.
const BLANKS: usize = 256;

/// Quotes that a word processor or an input method puts where `"` belongs.
pub(super) fn is_typographic_double(c: char) -> bool {
    matches!(c, '\u{201C}'..='\u{201F}' | '\u{FF02}' | '\u{AB}' | '\u{BB}' | '\u{2033}' | '\u{2036}' | '\u{301D}'..='\u{301F}')
}

/// Quotes that a word processor or an input method puts where `'` would stand.
pub(super) fn is_typographic_single(c: char) -> bool {
    matches!(c, '\u{2018}'..='\u{201B}' | '\u{FF07}' | '\u{2032}' | '\u{2035}' | '\u{2039}' | '\u{203A}' | '\u{B4}')
}

impl Parser<'_> {
    /// Where the text goes on behind the blanks at `at`, and with what.
    pub(super) fn look(&self, at: usize) -> (usize, Option<char>) {
        let rest = self.text.get(at..).unwrap_or_default();
        let found = rest.char_indices().take(BLANKS).find(|(_, c)| !c.is_whitespace());
        found.map_or((at, None), |(offset, c)| (at + offset, Some(c)))
    }

    /// Whether a string may well have ended before `at`.
    fn is_sensible(&self, at: usize) -> bool {
        let (at, next) = self.look(at);
        match next {
            None => true,
            Some('/') => matches!(self.bytes.get(at + 1), Some(b'/' | b'*')),
            Some(c) => matches!(c, ',' | ':' | '}' | ']' | ';' | '#' | '\u{FF0C}' | '\u{FF1A}' | '\u{3001}'),
        }
    }

    /// The string with the straight quote at `start` that meets a control character, or the end of the text, at `stop`
    /// before it is closed.
    #[cold]
    pub(super) fn odd_string(&mut self, start: usize, stop: usize) {
        let content = start + 1;
        let mut stop = stop;
        // A control character that is no line end stands in the string and ends nothing.
        loop {
            match self.bytes.get(stop) {
                None | Some(b'\n' | b'\r') => break,
                Some(b'"') => return self.quoted(start, 1, stop, 1),
                Some(b'\\') => {
                    stop += if matches!(self.bytes.get(stop + 1), Some(..0x20)) { 1 } else { 2 };
                }
                Some(_) => stop += 1,
            }
            stop = super::scan::scan(self.bytes, stop);
        }
        let stop = stop.min(self.bytes.len());
        if let Some((at, c)) = self.typographic_close(content, stop) {
            self.quoted(start, 1, at, c.len_utf8());
            self.fault(FaultKind::TypographicQuote(c), at, at + c.len_utf8());
        } else if let Some(end) = self.close_further_down(stop) {
            self.quoted(start, 1, end, 1);
        } else {
            self.unclosed(start, content, stop);
        }
    }

    /// The first typographic quote in a range with something sensible behind it.
    fn typographic_close(&self, start: usize, end: usize) -> Option<(usize, char)> {
        let content = self.text.get(start..end)?;
        let mut quotes = content.char_indices().filter(|(_, c)| is_typographic_double(*c));
        quotes.find(|(at, c)| self.is_sensible(start + at + c.len_utf8())).map(|(at, c)| (start + at, c))
    }

    /// The next straight quote on a line below, if it closes a string rather than opens one.
    fn close_further_down(&self, from: usize) -> Option<usize> {
        let mut at = from;
        while at < from + LOOK_AHEAD {
            match self.bytes.get(at)? {
                b'"' => return self.is_sensible(at + 1).then_some(at),
                b'\\' => at += 2,
                _ => at += 1,
            }
            at = super::scan::scan(self.bytes, at);
        }
        None
    }

    /// Add the string whose opening quote stands at `start` and whose closing quote at `close`.
    fn quoted(&mut self, start: usize, open: usize, close: usize, close_len: usize) {
        let escaped = self.check_content(start + open, close);
        let (start, end) = (start as u32, (close + close_len) as u32);
        let (open, close) = (open as u8, close_len as u8);
        self.leaf(Node { start, end, next: 0, kind: Kind::String, open, close, escaped });
    }

    /// Add the string that `stop`, the end of its line, cuts off. A comma before the line end is not part of it.
    fn unclosed(&mut self, start: usize, content: usize, stop: usize) {
        let line = self.text.get(content..stop).unwrap_or_default();
        let line = line.trim_end();
        let end = content + line.strip_suffix(',').unwrap_or(line).len();
        self.fault(FaultKind::UnclosedString, start, end);
        self.quoted(start, content - start, end, 0);
    }

    /// The string that begins here with `quote`, which is no straight double one.
    pub(super) fn wrong_quotes(&mut self, quote: char) {
        let start = self.at;
        let content = start + quote.len_utf8();
        let closes = |c: char| match quote {
            '\'' => c == '\'',
            _ if is_typographic_single(quote) => is_typographic_single(c) || c == '\'',
            _ => is_typographic_double(c) || c == '"',
        };
        let mut first = None;
        let mut best = None;
        let mut stop = self.bytes.len();
        let mut behind_backslash = false;
        for (offset, c) in self.text.get(content..).unwrap_or_default().char_indices() {
            let at = content + offset;
            if matches!(c, '\n' | '\r') {
                stop = at;
                break;
            }
            if let Some((first, _)) = first {
                if at > first + LOOK_AHEAD || self.looks == 0 {
                    break;
                }
                self.looks -= 1;
            }
            if closes(c) && !behind_backslash {
                if self.is_sensible(at + c.len_utf8()) {
                    best = Some((at, c));
                    break;
                }
                first = first.or(Some((at, c)));
            }
            behind_backslash = c == '\\' && !behind_backslash;
        }
        if quote != '\'' {
            self.fault(FaultKind::TypographicQuote(quote), start, content);
        }
        let Some((close, c)) = best.or(first) else { return self.unclosed(start, content, stop) };
        let end = close + c.len_utf8();
        self.quoted(start, content - start, close, end - close);
        match c {
            '\'' if quote == '\'' => self.fault(FaultKind::SingleQuote, start, end),
            '\'' => self.fault(FaultKind::SingleQuote, close, end),
            '"' => {}
            _ => self.fault(FaultKind::TypographicQuote(c), close, end),
        }
    }

    /// What follows the last token, a string, makes no sense: perhaps the string ended earlier, at a typographic quote.
    /// If so, go back there.
    pub(super) fn end_string_earlier(&mut self) -> bool {
        let Some(node) = self.nodes.last().copied() else { return false };
        let (start, end) = (node.start as usize, node.end as usize);
        if (node.kind, node.open, node.close) != (Kind::String, 1, 1)
            || end != self.last
            || self.bytes.get(start) != Some(&b'"')
        {
            return false;
        }
        let Some((at, c)) = self.typographic_close(start + 1, end - 1) else { return false };
        self.nodes.pop();
        self.roots.pop_if(|root| *root as usize == self.nodes.len());
        while self.faults.pop_if(|fault| fault.at.start > node.start).is_some() {}
        while self.comments.pop_if(|comment| comment.start > node.start).is_some() {}
        self.quoted(start, 1, at, c.len_utf8());
        self.fault(FaultKind::TypographicQuote(c), at, at + c.len_utf8());
        true
    }

    /// The end of the bare text at `at`. A key ends at a colon, a value only at one with a blank behind it.
    fn bare_end(&self, at: usize, is_key: bool) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        let mut hole = 0;
        for (offset, c) in rest.char_indices() {
            if offset < hole {
                continue;
            }
            let behind = rest.as_bytes().get(offset + 1);
            let stops = match c {
                '$' if behind == Some(&b'{') => {
                    // `${name}` belongs to the word.
                    let line = rest.as_bytes().get(offset..).unwrap_or_default();
                    let line = line.get(..LOOK_AHEAD).unwrap_or(line);
                    hole = memchr(b'}', line).map_or(hole, |len| offset + len + 1);
                    false
                }
                ',' | '{' | '}' | '[' | ']' | '"' | '\'' | ';' | '\u{FF0C}' | '\u{FF1A}' => true,
                ':' => is_key || matches!(behind, None | Some(b' ' | b'\t' | b'\r' | b'\n' | b'{' | b'[' | b'"')),
                '=' => is_key,
                _ => c.is_whitespace() || c.is_control() || is_typographic_double(c),
            };
            if stops && offset > 0 {
                return at + offset;
            }
        }
        self.bytes.len()
    }

    /// The key that begins here without quotes.
    pub(super) fn bare_key(&mut self) {
        let start = self.at;
        let end = self.bare_end(start, true);
        self.fault(FaultKind::Unquoted, start, end);
        self.quoted(start, 0, end, 0);
    }

    /// The value that begins here without quotes: a bad number, a word that is no value, or a text.
    pub(super) fn bare_value(&mut self) {
        let start = self.at;
        let end = self.bare_end(start, false);
        let text = self.text.get(start..end).unwrap_or_default();
        if is_like_number(text) {
            self.fault(FaultKind::BadNumber, start, end);
            self.plain(Kind::Number, start, end);
        } else if text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')) {
            self.fault(FaultKind::BadLiteral, start, end);
            self.plain(Kind::Missing, start, end);
        } else {
            self.fault(FaultKind::Unquoted, start, end);
            self.quoted(start, 0, end, 0);
        }
    }
}

/// Whether `text` was meant as a number, in some language.
fn is_like_number(text: &str) -> bool {
    let unsigned = text.trim_start_matches(['+', '-']);
    let digits = unsigned.strip_prefix('.').unwrap_or(unsigned);
    matches!(unsigned, "" | "NaN" | "Infinity")
        || digits.starts_with(|c: char| c.is_ascii_digit())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'_'))
}
