//! Tokens: blanks, comments, strings in straight quotes, numbers and words.
//!
//! Strings are scanned eight bytes at a time for the three things that end the ordinary: a quote, a backslash, a
//! control character. A string that is neither closed nor ordinary goes to `quotes`.

use memchr::{memchr2, memmem};

use super::decode::{Escape, escape};
use super::parse::Parser;
use super::{FaultKind, Kind, Node};
use crate::text::{Local, is_invisible};

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Offset of the first `"`, backslash or control character in `bytes` at or behind `at`, or the end.
#[inline]
pub(super) fn scan(bytes: &[u8], mut at: usize) -> usize {
    // Eight bytes as one number. A lane's high bit is set where its byte is one of the three; a borrow can only set
    // bits above a true hit, so the lowest one is always right.
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        let quote = word ^ (ONES * 0x22);
        let backslash = word ^ (ONES * 0x5C);
        let hits = (quote.wrapping_sub(ONES) & !quote)
            | (backslash.wrapping_sub(ONES) & !backslash)
            | (word.wrapping_sub(ONES * 0x20) & !word);
        let hits = hits & HIGHS;
        if hits != 0 {
            return at + (hits.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while let Some(byte) = bytes.get(at) {
        if matches!(byte, b'"' | b'\\' | ..0x20) {
            break;
        }
        at += 1;
    }
    at.min(bytes.len())
}

/// Whether `c` shows as a blank, or as nothing at all, and is no blank in JSON.
fn is_odd_blank(c: char) -> bool {
    (c.is_whitespace() && !matches!(c, ' ' | '\t' | '\n' | '\r')) || (is_invisible(c) && !c.is_control())
}

impl Parser<'_> {
    /// The next byte that is no blank and in no comment.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            match byte {
                b'\n' => {
                    self.at += 1;
                    while self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(b"        ")) {
                        self.at += 8;
                    }
                }
                b' ' | b'\r' | b'\t' => self.at += 1,
                b'/' | b'#' | 0x0B | 0x0C | 0x80.. => {
                    if !self.skip_odd(byte) {
                        return Some(byte);
                    }
                }
                _ => return Some(byte),
            }
        }
    }

    /// The character at `at`; NUL behind the end.
    pub(super) fn char_at(&self, at: usize) -> char {
        self.text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or('\0')
    }

    /// Pass over a comment or a run of one odd blank, if one stands here.
    #[cold]
    fn skip_odd(&mut self, byte: u8) -> bool {
        let start = self.at;
        if byte == b'/' || byte == b'#' {
            let Some((end, closed)) = self.comment_end(start) else { return false };
            self.comments.push(Local::new(start as u32, end as u32));
            self.at = end;
            if !closed {
                self.fault(FaultKind::UnclosedComment, start, start + 2);
            }
            return true;
        }
        let c = self.char_at(start);
        if !is_odd_blank(c) {
            return false;
        }
        let end = self.run_of(c, start);
        self.fault(FaultKind::OddBlank(c), start, end);
        self.at = end;
        true
    }

    /// The end of the run of `c` at `at`.
    pub(super) fn run_of(&self, c: char, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        at + rest.len() - rest.trim_start_matches(c).len()
    }

    /// Where the comment at `at` ends, and whether it is closed; `None` if none begins there.
    fn comment_end(&self, at: usize) -> Option<(usize, bool)> {
        let rest = self.bytes.get(at..)?;
        if rest.starts_with(b"/*") {
            let end = memmem::find(rest.get(2..)?, b"*/").map(|len| at + len + 4);
            return Some((end.unwrap_or(self.bytes.len()), end.is_some()));
        }
        (rest.starts_with(b"#") || rest.starts_with(b"//")).then(|| (self.line_end(at), true))
    }

    /// The end of the line that holds `at`, before the line feed or carriage return.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        memchr2(b'\n', b'\r', rest).map_or(self.bytes.len(), |len| at + len)
    }

    /// U+FEFF before everything else.
    pub(super) fn byte_order_mark(&mut self) {
        if self.bytes.starts_with(b"\xEF\xBB\xBF") {
            self.at = 3;
            self.fault(FaultKind::ByteOrderMark, 0, 3);
        }
    }

    /// The string in straight quotes that begins here.
    #[inline]
    pub(super) fn string(&mut self) {
        let start = self.at;
        let mut at = start + 1;
        let mut escaped = false;
        loop {
            at = scan(self.bytes, at);
            match self.bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    // A control character behind the backslash is still to be seen.
                    at += if matches!(self.bytes.get(at + 1), Some(..0x20)) { 1 } else { 2 };
                }
                _ => return self.odd_string(start, at.min(self.bytes.len())),
            }
        }
        if escaped {
            self.check_content(start + 1, at);
        }
        let (start, end) = (start as u32, at as u32 + 1);
        self.leaf(Node { start, end, next: 0, kind: Kind::String, open: 1, close: 1, escaped });
    }

    /// Report what may not stand inside a string; whether there are backslashes.
    #[cold]
    pub(super) fn check_content(&mut self, start: usize, end: usize) -> bool {
        let Some(content) = self.text.get(start..end) else { return false };
        let bytes = content.as_bytes();
        let mut escaped = false;
        let mut at = scan(bytes, 0);
        while let Some(byte) = bytes.get(at) {
            let from = at;
            match byte {
                b'"' => at += 1,
                b'\\' => {
                    escaped = true;
                    let (what, len) = escape(content.get(at..).unwrap_or_default());
                    at += len;
                    match what {
                        Escape::Char(_) => {}
                        Escape::Lone => self.fault(FaultKind::LoneSurrogate, start + from, start + at),
                        Escape::Bad | Escape::Mark(_) => self.fault(FaultKind::BadEscape, start + from, start + at),
                    }
                }
                _ => {
                    let rest = bytes.get(at..).unwrap_or_default();
                    let len = rest.iter().take_while(|other| *other == byte).count();
                    let line_feed = rest.starts_with(b"\r\n");
                    at += if line_feed { 2 } else { len };
                    self.fault(FaultKind::RawControl(char::from(*byte)), start + from, start + at);
                }
            }
            at = scan(bytes, at);
        }
        escaped
    }

    /// The number that begins here with a digit or a minus.
    #[inline]
    pub(super) fn number(&mut self) {
        let start = self.at;
        let mut at = start + usize::from(self.bytes.get(start) == Some(&b'-'));
        let first = self.bytes.get(at);
        let whole = self.digits(at);
        let mut good = whole > at && (first != Some(&b'0') || whole == at + 1);
        at = whole;
        if self.bytes.get(at) == Some(&b'.') {
            let end = self.digits(at + 1);
            good &= end > at + 1;
            at = end;
        }
        if let Some(b'e' | b'E') = self.bytes.get(at) {
            let sign = usize::from(matches!(self.bytes.get(at + 1), Some(b'+' | b'-')));
            let end = self.digits(at + 1 + sign);
            good &= end > at + 1 + sign;
            at = end;
        }
        if good && !self.bare_goes_on(at) {
            self.plain(Kind::Number, start, at);
        } else {
            self.bare_value();
        }
    }

    fn digits(&self, mut at: usize) -> usize {
        while self.bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    }

    /// Take `word` as a value if it stands here by itself.
    pub(super) fn word(&mut self, word: &[u8], kind: Kind) -> bool {
        let found = self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(word));
        let end = self.at + word.len();
        if !found || self.bare_goes_on(end) {
            return false;
        }
        self.plain(kind, self.at, end);
        true
    }

    /// Whether bare text that ends at `at` would go on there.
    #[inline]
    fn bare_goes_on(&self, at: usize) -> bool {
        match self.bytes.get(at) {
            None | Some(b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t') => false,
            Some(b'/') => self.comment_end(at).is_none(),
            // `1: 2` and the like: a colon is the parser's business, not the number's.
            Some(byte) => byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'_' | b'*' | b'%'),
        }
    }
}
