//! Text from a policy, made safe to show.
//!
//! A policy can hold escape sequences that recolour a terminal, newlines that forge a line of a CI log, and
//! characters that reorder or hide their neighbours. None of them may act; all of them should be seen.

use std::borrow::Cow;

/// Whether `c` acts on the display instead of being shown: control characters, bidirectional marks, zero-width
/// characters, line and paragraph separators, variation selectors and tag characters.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

/// `text` with every invisible character written as `\u{..}`; borrowed when there is none.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_invisible(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_written_out() {
        assert_eq!(visible("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(visible("a\u{202E}b\n"), "a\\u{202e}b\\u{a}");
        assert!(matches!(visible("\u{7528}\u{6237} a"), Cow::Borrowed(_)));
    }
}
