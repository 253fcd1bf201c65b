//! From the bytes of a string to its text, and from a string to the fragment that it holds.
//!
//! Escapes are read in one place, [`escape`], by the parser (which reports the bad ones) and by the decoder (which
//! keeps them). A decoded text is worth nothing without its way back to the file, so what is to be parsed again comes
//! as a [`Fragment`]: every run between escapes is a straight piece, every escape a piece of its own.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use super::{Kind, Value};
use crate::text::{Fragment, FragmentBuilder, Local};

/// What a backslash begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    /// A character.
    Char(char),
    /// Half of a surrogate pair.
    Lone,
    /// No escape of JSON, and yet a mark behind a backslash, which stands for itself where marks are escaped.
    Mark(char),
    /// Nothing that JSON knows.
    Bad,
}

/// Read the escape at the start of `raw`, a backslash: what it is and how many bytes it takes.
pub(super) fn escape(raw: &str) -> (Escape, usize) {
    let simple = match raw.as_bytes().get(1) {
        Some(b'u') => return unicode_escape(raw.as_bytes()),
        Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{C}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        // A raw control character is a fault of its own.
        Some(..0x20) | None => return (Escape::Bad, 1),
        Some(mark) if mark.is_ascii_punctuation() => return (Escape::Mark(char::from(*mark)), 2),
        Some(_) => return (Escape::Bad, 1 + raw.chars().nth(1).map_or(0, char::len_utf8)),
    };
    (Escape::Char(simple), 2)
}

fn unicode_escape(raw: &[u8]) -> (Escape, usize) {
    let Some(unit) = code_unit(raw) else {
        let digits = raw.iter().skip(2).take(4).take_while(|byte| byte.is_ascii_hexdigit()).count();
        return (Escape::Bad, 2 + digits);
    };
    if let Some(c) = char::from_u32(unit) {
        return (Escape::Char(c), 6);
    }
    let low = raw.get(6..).and_then(code_unit).filter(|low| (0xDC00..0xE000).contains(low));
    match low {
        Some(low) if unit < 0xDC00 => {
            let c = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            (char::from_u32(c).map_or(Escape::Lone, Escape::Char), 12)
        }
        _ => (Escape::Lone, 6),
    }
}

/// The four digits of `\uXXXX` at the start of `raw`.
fn code_unit(raw: &[u8]) -> Option<u32> {
    let digits = raw.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |value, digit| Some(value << 4 | char::from(*digit).to_digit(16)?))
}

/// The text of a string whose content is written as `raw`. Bad escapes stay as they are written but for marks, and half a surrogate
/// pair becomes U+FFFD.
///
/// ```
/// assert_eq!(grantlint::syntax::decode(r"a\/b\u0021"), "a/b!");
/// assert_eq!(grantlint::syntax::decode(r"C:\q"), r"C:\q");
/// ```
pub fn decode(raw: &str) -> Cow<'_, str> {
    if memchr(b'\\', raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    pieces(raw, |piece| match piece {
        Piece::Straight(start, end) => text.push_str(raw.get(start..end).unwrap_or_default()),
        Piece::Decoded(c, ..) => text.push(c),
    });
    Cow::Owned(text)
}

/// A part of a string's content, with its range.
enum Piece {
    Straight(usize, usize),
    Decoded(char, usize, usize),
}

/// Cut `raw` at its escapes.
fn pieces(raw: &str, mut each: impl FnMut(Piece)) {
    let mut from = 0;
    let mut at = 0;
    while let Some(next) = raw.as_bytes().get(at..).and_then(|rest| memchr(b'\\', rest)) {
        let start = at + next;
        let (escape, len) = escape(raw.get(start..).unwrap_or_default());
        at = start + len;
        let c = match escape {
            Escape::Char(c) | Escape::Mark(c) => c,
            Escape::Lone => char::REPLACEMENT_CHARACTER,
            Escape::Bad => continue,
        };
        each(Piece::Straight(from, start));
        each(Piece::Decoded(c, start, at));
        from = at;
    }
    each(Piece::Straight(from, raw.len()));
}

/// The text of a string as a fragment of its own, so that a policy inside a string can be parsed. The ranges of
/// `value` are those of `parent`. `None` when the value is no string.
pub fn embed_json_string(parent: &Fragment<'_>, value: Value<'_, '_>) -> Option<Fragment<'static>> {
    if value.kind() != Kind::String {
        return None;
    }
    let content = value.content();
    let raw = content.of(parent.text());
    let local = |start: usize, end: usize| Local::new(content.start + start as u32, content.start + end as u32);
    let mut builder = FragmentBuilder::new(parent);
    pieces(raw, |piece| match piece {
        Piece::Straight(start, end) => builder.straight(local(start, end)),
        Piece::Decoded(c, start, end) => builder.decoded(c.encode_utf8(&mut [0; 4]), local(start, end)),
    });
    Some(builder.finish(content))
}

/// The text at `whole` with its `%XX` decoded, as a fragment of its own. A `+` is a blank only where the text looks
/// like an encoded form: it holds an encoded `{` or `"` and no blank. `None` when there is nothing to decode or the
/// result is not UTF-8.
pub fn embed_url_decoded(parent: &Fragment<'_>, whole: Local) -> Option<Fragment<'static>> {
    let raw = whole.of(parent.text());
    let bytes = raw.as_bytes();
    let is_form = !raw.contains(' ') && memchr::memchr_iter(b'%', bytes).any(|at| is_form_mark(bytes.get(at..)));
    let plus = if is_form { b'+' } else { b'%' };
    let local = |start: usize, end: usize| Local::new(whole.start + start as u32, whole.start + end as u32);
    let mut builder = FragmentBuilder::new(parent);
    let mut any = false;
    let mut from = 0;
    let mut at = 0;
    while let Some(next) = bytes.get(at..).and_then(|rest| memchr2(b'%', plus, rest)) {
        let start = at + next;
        let rest = raw.get(start..)?;
        if rest.starts_with('+') {
            builder.straight(local(from, start));
            builder.decoded(" ", local(start, start + 1));
            at = start + 1;
        } else if let Some(first) = percent_byte(rest.as_bytes()) {
            let (c, len) = percent_char(first, rest.as_bytes())?;
            any = true;
            builder.straight(local(from, start));
            builder.decoded(c.encode_utf8(&mut [0; 4]), local(start, start + len));
            at = start + len;
        } else {
            at = start + 1;
            continue;
        }
        from = at;
    }
    builder.straight(local(from, raw.len()));
    any.then(|| builder.finish(whole))
}

fn is_form_mark(rest: Option<&[u8]>) -> bool {
    matches!(rest, Some([b'%', b'7', b'B' | b'b', ..] | [b'%', b'2', b'2', ..]))
}

/// The character that a run of `%XX` at the start of `raw` encodes, and the bytes it takes; `None` when the bytes are
/// not UTF-8.
fn percent_char(first: u8, raw: &[u8]) -> Option<(char, usize)> {
    let width = match first {
        ..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    };
    let mut buffer = [0; 4];
    let bytes = buffer.get_mut(..width)?;
    for (index, slot) in bytes.iter_mut().enumerate() {
        *slot = percent_byte(raw.get(index * 3..)?)?;
    }
    let c = std::str::from_utf8(bytes).ok()?.chars().next()?;
    Some((c, width * 3))
}

/// The text of which this is the percent-encoded form; `None` where a `%` begins no byte, or the bytes are not UTF-8. O(length).
pub fn url_decoded(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        if *first == b'%' {
            bytes.push(percent_byte(rest)?);
            rest = rest.get(3..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = behind;
        }
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

fn percent_byte(raw: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = raw else { return None };
    let (high, low) = (char::from(*high).to_digit(16)?, char::from(*low).to_digit(16)?);
    Some((high << 4 | low) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::parse;
    use crate::text::{Source, Span};

    /// The text of the string that `json` holds under `key`, as a fragment, and where `needle` lies in the file.
    fn located(source: &Source, fragment: &Fragment<'_>, needle: &str) -> String {
        let at = fragment.text().find(needle).unwrap() as u32;
        let span = fragment.locate(Local::new(at, at + needle.len() as u32));
        source.slice(span).to_owned()
    }

    #[test]
    fn every_escape_is_decoded() {
        assert_eq!(decode(r#"\"\\\/\b\f\n\r\t"#), "\"\\/\u{8}\u{c}\n\r\t");
        assert_eq!(decode(r"\u7528\ud83d\ude00x"), "\u{7528}\u{1F600}x");
        assert!(matches!(decode("plain"), Cow::Borrowed("plain")));
    }

    #[test]
    fn what_cannot_be_decoded_is_kept_or_replaced() {
        assert_eq!(decode(r"a\qb\u12g\"), r"a\qb\u12g\");
        assert_eq!(decode(r"b/\*\_\'"), "b/*_'", "as Markdown and JavaScript write marks");
        assert_eq!(decode("\\\u{7528}x"), "\\\u{7528}x");
        assert_eq!(decode(r"\ud800!\udc00\ud800\ud800\udc00"), "\u{FFFD}!\u{FFFD}\u{FFFD}\u{10000}");
    }

    #[test]
    fn a_policy_in_a_string_in_a_string_is_found_in_the_file() {
        let inner = r#"{"resource":"*\u002f"}"#;
        let middle = serde_json::to_string(&serde_json::json!({ "policy": inner })).unwrap();
        let outer = serde_json::to_string(&serde_json::json!({ "body": middle })).unwrap();
        let source = Source::new("x", outer).unwrap();
        let file = Fragment::whole(&source);
        let tree = parse(file.text());
        let body = embed_json_string(&file, tree.roots().next().unwrap().get("body").unwrap()).unwrap();
        assert_eq!(body.text(), middle);
        let tree = parse(body.text());
        assert!(tree.faults().is_empty());
        let policy = embed_json_string(&body, tree.roots().next().unwrap().get("policy").unwrap()).unwrap();
        assert_eq!(policy.text(), inner);
        let tree = parse(policy.text());
        let resource = tree.roots().next().unwrap().get("resource").unwrap();
        assert_eq!(resource.string().unwrap(), "*/");
        assert_eq!(located(&source, &policy, "resource"), "resource");
        assert_eq!(source.slice(policy.locate(resource.local())), r#"\\\"*\\\\u002f\\\""#);
        assert_eq!(located(&source, &policy, "{"), "{");
        assert_eq!(policy.locate(Local::new(inner.len() as u32, inner.len() as u32)).len(), 0);
    }

    #[test]
    fn only_strings_are_embedded() {
        let source = Source::new("x", "[1, \"a\"]").unwrap();
        let file = Fragment::whole(&source);
        let tree = parse(file.text());
        let texts: Vec<_> = tree
            .roots()
            .flat_map(Value::elements)
            .map(|value| embed_json_string(&file, value).map(|inner| inner.text().to_owned()))
            .collect();
        assert_eq!(texts, [None, Some("a".to_owned())]);
    }

    #[test]
    fn percent_signs_are_decoded_with_their_places() {
        let source = Source::new("x", "p=%7B%22a%22:+%22%E7%94%A8%22%7d&q").unwrap();
        let file = Fragment::whole(&source);
        let inner = embed_url_decoded(&file, Local::new(2, 32)).unwrap();
        assert_eq!(inner.text(), "{\"a\": \"\u{7528}\"}");
        assert_eq!(located(&source, &inner, "\u{7528}"), "%E7%94%A8");
        assert_eq!(located(&source, &inner, ": \""), ":+%22");
        assert_eq!(inner.locate(Local::new(0, 1)), Span::new(2, 5));
    }

    #[test]
    fn an_encoded_text_is_decoded_whole_or_not_at_all() {
        assert_eq!(url_decoded("app%2F%E7%94%A8*+").as_deref(), Some("app/\u{7528}*+"));
        for text in ["%", "a%2", "%zz", "%+1", "%E7*", "%FF"] {
            assert_eq!(url_decoded(text), None, "{text}");
        }
    }

    #[test]
    fn a_plus_is_a_plus_outside_forms() {
        let decoded = |text: &str| {
            let source = Source::new("x", text).unwrap();
            embed_url_decoded(&Fragment::whole(&source), Local::new(0, text.len() as u32)).map(|f| f.text().to_owned())
        };
        assert_eq!(decoded("a+b%2Fc").as_deref(), Some("a+b/c"));
        assert_eq!(decoded("%7B +%7D").as_deref(), Some("{ +}"));
        assert_eq!(decoded("%7B+%7D%").as_deref(), Some("{ }%"));
        assert_eq!(decoded("100% sure"), None);
        assert_eq!(decoded("a+b"), None);
        assert_eq!(decoded("%FF"), None);
        assert_eq!(decoded("%E7%94"), None);
        assert_eq!(decoded("%C0%AF"), None);
    }
}
