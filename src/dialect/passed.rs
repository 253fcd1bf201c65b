//! Policies in strings that are no documents: what a URL or a form passes as one, and texts under the name of a policy.

use super::encoded::{unpacked, without_percents};
use super::form::is_wrapper;
use super::lead::begins_document;
use crate::syntax::{Kind, Value};

/// The documents that a URL or a form in a string passes as policies: `https://...?Action=...&Policy=%7B...`.
pub(super) fn passed(value: Value<'_, '_>) -> Vec<String> {
    let raw = value.content().of(value.tree().text());
    let has = |word: &str| memchr::memmem::find(raw.as_bytes(), word.as_bytes()).is_some();
    let Some(text) = value.string().filter(|_| has("olicy") || has("OLICY")) else { return Vec::new() };
    let mut found = parameters(&text);
    if found.is_empty() {
        // The whole of it may be a parameter itself.
        found = without_percents(&text).map_or(found, |plain| parameters(&plain));
    }
    found
}

fn parameters(text: &str) -> Vec<String> {
    let parts = text.split(['?', '&']).filter_map(|part| part.split_once('='));
    let policies = parts.filter(|(name, _)| is_wrapper(name.trim())).map(|(_, text)| text);
    let document = |text: &str| if begins_document(text) { Some(text.to_owned()) } else { unpacked(text) };
    policies.filter_map(document).collect()
}

/// Whether a string stands under the name of a policy and says what policies say, in whatever notation.
pub(super) fn is_unread_policy(value: Value<'_, '_>) -> bool {
    let raw = value.content().of(value.tree().text());
    let has = |word: &str| memchr::memmem::find(raw.as_bytes(), word.as_bytes()).is_some();
    (has("ffect") || has("FFECT") || has("\\u"))
        && value.string().is_some_and(|text| names_elements(&text))
        && stands_in_wrapper(value)
}

fn stands_in_wrapper(value: Value<'_, '_>) -> bool {
    let list = value.parent().filter(|parent| parent.kind() == Kind::Array);
    let value = list.unwrap_or(value);
    let member = value.parent().and_then(|object| object.members().find(|own| own.value.index() == value.index()));
    member.is_some_and(|member| is_wrapper(&member.name()))
}

/// Whether a text has an effect and another element of a statement, each before what says its value.
fn names_elements(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let is_mark = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\');
    let is_named = |word: &str| {
        text.match_indices(word).any(|(at, _)| {
            let rest = text.get(at + word.len()..).unwrap_or_default();
            let rest = rest.trim_start_matches('s').trim_start_matches(is_mark);
            // What follows an equals sign in the parameters of a URL has no quotes.
            let is_quoted = |value: &str| value.trim_start().starts_with(['"', '\'', '\\', '[']);
            rest.starts_with([':', '>']) || rest.strip_prefix('=').is_some_and(is_quoted)
        })
    };
    is_named("effect") && ["action", "resource", "statement"].into_iter().any(is_named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_stand_before_their_values() {
        for text in [
            r#"// c {"Effect": "Allow", "Action": "*"}"#,
            "effect: allow\nresource: '*'",
            "effect = \"Allow\"\nactions = [\"*\"]",
            r#"{\"statement\":[{\"effect\":\"allow\"}]}"#,
            "<Effect>Allow</Effect><Action>*</Action>",
        ] {
            assert!(names_elements(text), "{text}");
        }
        for text in [
            "private",
            "arn:aws:iam::aws:policy/X",
            "This statement says what effect each action on a resource has: none",
            "https://docs.example/policy.html?effect=allow&action=read",
            "side effects: none at all, whatever you do",
        ] {
            assert!(!names_elements(text), "{text}");
        }
    }
}
