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
                draft
                    .message(format!("`{}` is compared with URL-encoded text, so this never matches", value.text))
                    .caption("not URL-encoded")
                    .label(condition.key_span, "taken from the request as it is encoded")
                    .help(format!("write `{}`", encoded(&value.text)));
            }
        }
    }
}

/// Whether a value, holes left aside, has a character that a URL-encoded parameter cannot have.
fn needs_encoding(text: &str) -> bool {
    without_holes(text, |part| part.chars().any(must_encode))
}

fn must_encode(c: char) -> bool {
    matches!(c, '/' | ' ' | '"' | '#' | '&' | '=' | '?' | '+' | ':' | '@' | ',' | ';') || !c.is_ascii()
}

/// Whether `test` holds for some part of `text` that is no hole.
fn without_holes(text: &str, test: impl Fn(&str) -> bool) -> bool {
    let mut from = 0;
    while let Some((hole, _)) = find_hole(text, from) {
        if test(text.get(from..hole.start).unwrap_or_default()) {
            return true;
        }
        from = hole.end;
    }
    test(text.get(from..).unwrap_or_default())
}

/// The value as it should be written; holes stay.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut from = 0;
    let plain = |part: &str, out: &mut String| {
        for c in part.chars() {
            if must_encode(c) {
                let mut buffer = [0; 4];
                for byte in c.encode_utf8(&mut buffer).bytes() {
                    out.push_str(&format!("%{byte:02X}"));
                }
            } else {
                out.push(c);
            }
        }
    };
    while let Some((hole, _)) = find_hole(text, from) {
        plain(text.get(from..hole.start).unwrap_or_default(), &mut out);
        out.push_str(text.get(hole.clone()).unwrap_or_default());
        from = hole.end;
    }
    plain(text.get(from..).unwrap_or_default(), &mut out);
    out
}
