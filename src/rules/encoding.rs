//! Values that are compared with text as it is URL-encoded in a request, as the keys of some conditions are.

use crate::policy::find_hole;

/// Whether a value, holes left aside, has a character that a URL-encoded parameter cannot have.
pub(super) fn needs_encoding(text: &str) -> bool {
    // A glance at all of it spares most values the search for holes.
    text.char_indices().any(|(at, c)| must_encode(text, at, c))
        && parts(text)
            .any(|part| matches!(part, Part::Text(text) if text.char_indices().any(|(at, c)| must_encode(text, at, c))))
}

/// Whether a character of a text stands encoded in every URL; a `%` does unless it begins an encoded byte itself.
fn must_encode(text: &str, at: usize, c: char) -> bool {
    match c {
        '%' => {
            let digits = text.as_bytes().get(at + 1..at + 3);
            !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        }
        '/' | ' ' | '"' | '#' | '&' | '=' | '?' | '+' | ':' | '@' | ',' | ';' | '|' | '\\' => true,
        _ => !c.is_ascii(),
    }
}

/// A piece of a value.
enum Part<'t> {
    /// What is compared as it stands.
    Text(&'t str),
    /// A hole with its marks.
    Hole(&'t str),
}

/// A value cut at its holes.
fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut from = 0;
    let mut next: Option<std::ops::Range<usize>> = None;
    std::iter::from_fn(move || {
        if let Some(hole) = next.take() {
            from = hole.end;
            return text.get(hole).map(Part::Hole);
        }
        let rest = text.get(from..).filter(|rest| !rest.is_empty())?;
        next = find_hole(text, from).map(|(hole, _)| hole);
        let end = next.as_ref().map_or(rest.len(), |hole| hole.start - from);
        from += end;
        Some(Part::Text(rest.get(..end).unwrap_or_default()))
    })
}

/// The value as it should be written; holes stay.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for part in parts(text) {
        match part {
            Part::Hole(hole) => out.push_str(hole),
            Part::Text(text) => {
                for (at, c) in text.char_indices() {
                    if must_encode(text, at, c) {
                        let mut buffer = [0; 4];
                        for byte in c.encode_utf8(&mut buffer).bytes() {
                            out.push_str(&format!("%{byte:02X}"));
                        }
                    } else {
                        out.push(c);
                    }
                }
            }
        }
    }
    out
}
