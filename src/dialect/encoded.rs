//! Strings that hold a document in base64, as the policy of an upload form travels.
//!
//! Only what may begin a document is decoded, in either alphabet, with or without padding, line ends and a `data:` head, and as
//! often as it was encoded.

use std::borrow::Cow;

use data_encoding::BASE64_NOPAD;

use crate::syntax::Value;

/// The letters by which a bracket begins, a quote, or a blank, a line end or a byte-order mark of any width before it, and those
/// by which these begin that were encoded once more, however often; a mark may begin with an escape.
const FIRST: [char; 21] =
    ['e', 'W', 'I', 'C', 'D', 'K', '7', '/', '_', '%', '\\', 'Z', 'V', 'S', 'Q', 'R', 'N', 'L', 'X', 'U', 'T'];

/// What a string begins with that says how it is written.
const SCHEME: &str = "data:";

/// So many letters tell whether a document begins.
const HEAD: usize = 24;

/// Whether the text of a string, still escaped, may be a document in base64: its first letter says so.
pub(super) fn may_be_encoded(raw: &str) -> bool {
    let raw = raw.trim_start();
    raw.starts_with(FIRST) || raw.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME))
}

/// The document that a string holds in base64; bytes that are no text are replaced.
pub(super) fn decoded(value: Value<'_, '_>) -> Option<String> {
    let text = value.string()?;
    let text = text.trim_start();
    let scheme = text.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME));
    let text = text.split_once(',').filter(|_| scheme).map_or(text, |(_, rest)| rest);
    let mut escaped = Cow::Borrowed(text);
    for (code, letter) in [("%2B", "+"), ("%2F", "/"), ("%3D", "="), ("%2b", "+"), ("%2f", "/"), ("%3d", "=")] {
        if escaped.contains(code) {
            escaped = Cow::Owned(escaped.replace(code, letter));
        }
    }
    let head: Option<Vec<u8>> = letters(&escaped).take(HEAD).collect();
    if !begins_document(&unpacked(text_of(&head?))) {
        return None;
    }
    let all: Option<Vec<u8>> = letters(&escaped).collect();
    Some(unpacked(text_of(&all?)))
}

/// What is left of a text that may be in base64 itself when nothing more can be decoded. Each time it is a quarter shorter.
fn unpacked(mut text: String) -> String {
    while !text.is_empty() && !begins_document(&text) {
        let Some(all) = letters(&text).collect::<Option<Vec<u8>>>() else { break };
        text = text_of(&all);
    }
    text
}

fn begins_document(text: &str) -> bool {
    text.trim_start_matches(super::find::is_lead).starts_with(['{', '[', '"'])
}

/// The letters of a text in base64, in the usual alphabet; `None` for what is none.
fn letters(text: &str) -> impl Iterator<Item = Option<u8>> {
    let is_letter = |byte: &u8| !byte.is_ascii_whitespace() && *byte != b'=';
    text.bytes().filter(is_letter).map(|byte| match byte {
        b'-' => Some(b'+'),
        b'_' => Some(b'/'),
        b'+' | b'/' => Some(byte),
        _ => byte.is_ascii_alphanumeric().then_some(byte),
    })
}

/// What letters stand for; a last one that is too much is left out, and so is what another width of characters adds.
fn text_of(letters: &[u8]) -> String {
    let whole = || letters.get(..letters.len() / 4 * 4).unwrap_or_default();
    let bytes = BASE64_NOPAD.decode(letters).or_else(|_| BASE64_NOPAD.decode(whole())).unwrap_or_default();
    let marked = bytes.strip_prefix(b"\xFF\xFE").or_else(|| bytes.strip_prefix(b"\xFE\xFF"));
    let text = String::from_utf8_lossy(marked.unwrap_or(&bytes));
    if text.contains('\0') { text.replace('\0', "") } else { text.into_owned() }
}
