//! How a document in a string begins.

/// What it begins with; the quote is that of a document which was escaped twice.
const DOCUMENT: [char; 3] = ['{', '[', '"'];

/// Blanks and marks that may stand before a document in a string.
fn is_lead(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{FEFF}' | '+')
}

/// Whether a text begins as a document does.
pub(super) fn begins_document(text: &str) -> bool {
    text.trim_start_matches(is_lead).starts_with(DOCUMENT)
}

/// Whether the text of a string, still escaped, may hold a document: its first character says so.
pub(super) fn may_hold_document(raw: &str) -> bool {
    raw.trim_start_matches(is_lead).starts_with(['{', '[', '%', '\\'])
}
