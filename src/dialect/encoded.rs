//! Strings that hold a document in base64, as the policy of an upload form travels, or URL-encoded beneath that.
//!
//! Either alphabet is read, with or without padding, line ends and a `data:` head, and as often as it was encoded. All rounds
//! together cost no more than four times the first, since each leaves a quarter less.

use data_encoding::BASE64_NOPAD;

use super::lead::begins_document;
use crate::syntax::Value;

/// What a string begins with that says how it is written.
const SCHEME: &str = "data:";

/// So many bytes are looked at before a string is decoded; in most of them stands what no encoded text has.
const HEAD: usize = 24;

/// Shorter strings hold no policy that grants something.
const SHORTEST: usize = 40;

/// Whether the text of a string, still escaped, may be an encoded document: its first letters say so.
pub(super) fn may_be_encoded(raw: &str) -> bool {
    let is_one = |byte: u8| letter(byte).is_some() || matches!(byte, b'=' | b'%' | b'\\' | 0x80..) || is_blank(byte);
    raw.len() >= SHORTEST
        && (has_scheme(raw.trim_start()) || raw.trim_start_matches(is_unseen).bytes().take(HEAD).all(is_one))
}

/// The document that a string holds encoded; bytes that are no text are replaced.
pub(super) fn decoded(value: Value<'_, '_>) -> Option<String> {
    unpacked(&value.string()?)
}

/// The document that a text holds encoded, once nothing more can be decoded.
pub(super) fn unpacked(text: &str) -> Option<String> {
    let text = text.trim_start();
    let text = text.split_once(',').filter(|_| has_scheme(text)).map_or(text, |(_, rest)| rest);
    let mut left = decoded_once(text)?;
    while !begins_document(&left) {
        let Some(next) = decoded_once(&left) else { break };
        left = next;
    }
    // A comment or other marks may stand before it.
    let is_one = begins_document(&left) || has_word(&left);
    let at = left.find(['{', '[', '"']).filter(|_| is_one)?;
    Some(left.split_off(at))
}

/// What is left of a text when the outermost encoding is taken off it, or all percent signs where there are any.
fn decoded_once(text: &str) -> Option<String> {
    if let Some(plain) = without_percents(text) {
        return Some(plain);
    }
    let letters: Option<Vec<u8>> = letters(text.trim_start_matches(is_unseen)).collect();
    letters.map(|letters| text_of(&letters)).filter(|text| !text.is_empty())
}

/// Whether one of the words without which no policy grants anything stands in a text.
fn has_word(text: &str) -> bool {
    ["ffect", "FFECT", "onditions"].iter().any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}

fn has_scheme(text: &str) -> bool {
    text.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME))
}

fn is_unseen(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{FEFF}' | '\u{200B}')
}

fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace()
}

/// A letter of base64 in the usual alphabet.
fn letter(byte: u8) -> Option<u8> {
    match byte {
        b'-' => Some(b'+'),
        b'_' => Some(b'/'),
        b'+' | b'/' => Some(byte),
        _ => byte.is_ascii_alphanumeric().then_some(byte),
    }
}

/// The letters of a text in base64; `None` for what is none.
fn letters(text: &str) -> impl Iterator<Item = Option<u8>> {
    text.bytes().filter(|byte| !is_blank(*byte) && *byte != b'=').map(letter)
}

/// What letters stand for; a last one that is too much is left out, and so is what another width of characters adds.
fn text_of(letters: &[u8]) -> String {
    let whole = || letters.get(..letters.len() / 4 * 4).unwrap_or_default();
    let bytes = BASE64_NOPAD.decode(letters).or_else(|_| BASE64_NOPAD.decode(whole())).unwrap_or_default();
    let marked = bytes.strip_prefix(b"\xFF\xFE").or_else(|| bytes.strip_prefix(b"\xFE\xFF"));
    let text = String::from_utf8_lossy(marked.unwrap_or(&bytes));
    if text.contains('\0') { text.replace('\0', "") } else { text.into_owned() }
}

/// A text in which no `%XX` is left, however often it was URL-encoded; `None` if there was none. O(length).
pub(super) fn without_percents(text: &str) -> Option<String> {
    let mut bytes: Vec<u8> = Vec::new();
    let mut is_changed = false;
    if text.contains('%') {
        for byte in text.bytes() {
            bytes.push(byte);
            while let Some(code) = last_code(&bytes) {
                bytes.truncate(bytes.len() - 3);
                bytes.push(code);
                is_changed = true;
            }
        }
    }
    let plain = is_changed.then(|| String::from_utf8_lossy(&bytes).into_owned())?;
    // In a form a plus is a blank.
    let is_form = !text.contains(' ') && begins_document(&plain);
    Some(if is_form { plain.replace('+', " ") } else { plain })
}

/// The byte that stands as `%XX` at the end.
fn last_code(bytes: &[u8]) -> Option<u8> {
    let [.., b'%', high, low] = bytes else { return None };
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}
