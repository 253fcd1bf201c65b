//! `unencoded-condition-value`: a value that must be URL-encoded and is not.

use super::prelude::*;
use crate::policy::{Base, find_hole};

pub(super) static META: RuleMeta = RuleMeta {
    name: "unencoded-condition-value",
    summary: "a condition compares with text that is not URL-encoded",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::Unsafe,
    page: include_str!("../../rules/unencoded-condition-value.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    for statement in &cx.policy().statements {
        for condition in &statement.conditions {
            let is_text = condition.operator.base.is_equality_of_text() || condition.operator.base == Base::StringLike;
            if !is_text || !cx.catalog().key(&condition.key).is_some_and(|key| key.encoded) {
                continue;
            }
            for value in condition.values.iter().filter(|value| needs_encoding(&value.text)) {
                let Some(draft) = out.claim(Claim::at(value.span).in_statement(Some(statement.index))) else {
                    continue;
                };
                let effect = if condition.operator.negated { "every value passes" } else { "this never matches" };
                draft
                    .message(format!("`{}` is compared with URL-encoded text, so {effect}", value.text))
                    .caption("not URL-encoded")
                    .label(condition.key_span, "taken from the request as it is encoded")
                    .help(format!("write `{}`", encoded(&value.text)));
            }
        }
    }
}

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
