//! Keys that hold a whole path: `Statement.1.Action`, `PolicyArns[0].arn`, `Statement__0__Effect`.
//!
//! Query strings and environments have no lists and objects, so that a document made of one writes the path to each value into
//! its key. Nothing is read from them; what they grant is told.

use super::form::is_spelt;
use crate::syntax::Value;

/// The elements of statements that say what is granted.
const ELEMENTS: [&str; 9] =
    ["effect", "action", "actions", "notaction", "notactions", "resource", "resources", "notresource", "notresources"];

/// What stands between the steps of a path, beside two underscores.
const SEPARATORS: [char; 5] = ['.', '[', ']', '/', ':'];

/// What stands between them in keys that have no other marks: there a step must be the list of statements.
const WEAK_SEPARATORS: [char; 2] = ['_', '-'];

/// A key that holds the path to an element of a statement.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FlatKey {
    /// The path to the statement, in small letters.
    pub(super) statement: String,
    /// The path leads through a list of statements.
    pub(super) is_in_list: bool,
    pub(super) element: &'static str,
}

/// Whether some key of an object may hold a path. O(keys).
pub(super) fn has_paths(object: Value<'_, '_>) -> bool {
    let text = object.tree().text();
    object.members().any(|member| {
        let raw = member.key.content().of(text);
        raw.contains(SEPARATORS) || raw.contains("__") || raw.contains(WEAK_SEPARATORS) && names_list(raw)
    })
}

/// Whether the list of statements is named in a key.
fn names_list(raw: &str) -> bool {
    const LIST: &[u8] = b"statement";
    raw.as_bytes().windows(LIST.len()).any(|word| word.eq_ignore_ascii_case(LIST))
}

/// The steps of a path.
fn steps(name: &str) -> impl Iterator<Item = &str> {
    name.split(SEPARATORS).flat_map(|part| part.split("__")).filter(|step| !step.is_empty())
}

/// The first step of a path, which may be the only one.
pub(super) fn first_step(name: &str) -> &str {
    steps(name).next().unwrap_or(name)
}

/// The path that a key holds, if it leads to an element of a statement.
pub(super) fn path_of(name: &str) -> Option<FlatKey> {
    let steps: Vec<&str> = without_places(steps(name).collect());
    let (element, before) = steps.split_last()?;
    if let Some(element) = element_of(element).filter(|_| !before.is_empty()) {
        return Some(flat_key(before, element, before.iter().any(|step| is_list(step))));
    }
    // Here the name of an element may be several steps itself: `statement_0_not_action`.
    let steps = without_places(name.split(|c| SEPARATORS.contains(&c) || WEAK_SEPARATORS.contains(&c)).collect());
    let list = steps.iter().rposition(|step| is_list(step))?;
    let behind = list + 1 + steps.iter().skip(list + 1).take_while(|step| is_place(step)).count();
    let (before, element) = steps.split_at_checked(behind)?;
    Some(flat_key(before, element_of(&element.concat())?, true))
}

fn flat_key(before: &[&str], element: &'static str, is_in_list: bool) -> FlatKey {
    FlatKey { statement: before.join(".").to_ascii_lowercase(), is_in_list, element }
}

/// A path without the places of elements that are lists themselves: `Action.member.1`.
fn without_places(mut steps: Vec<&str>) -> Vec<&str> {
    while steps.last().is_some_and(|step| is_place(step)) {
        steps.pop();
    }
    steps
}

fn is_place(step: &str) -> bool {
    step == "member" || step.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_list(step: &str) -> bool {
    is_spelt(step, "statement") || is_spelt(step, "statements")
}

fn element_of(step: &str) -> Option<&'static str> {
    ELEMENTS.into_iter().find(|word| is_spelt(step, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_may_hold_a_path() {
        for (name, expected) in [
            ("a__b", None),
            ("effect", None),
            ("[0]", None),
            ("Action.member.1", None),
            ("user_action", None),
            ("statement_of_effect", None),
            ("__", None),
            ("a__effect", Some(("a", false, "effect"))),
            ("a.Action.member.1", Some(("a", false, "action"))),
            ("Statement.1.Action", Some(("statement.1", true, "action"))),
            ("Statement[0].NotAction[0]", Some(("statement.0", true, "notaction"))),
            ("Statement__0__not_action", Some(("statement.0", true, "notaction"))),
            ("statement_0_effect", Some(("statement.0", true, "effect"))),
            ("statement_0_not_action_1", Some(("statement.0", true, "notaction"))),
            ("Statement-1-Effect", Some(("statement.1", true, "effect"))),
            ("policy_statement_action", Some(("policy.statement", true, "action"))),
        ] {
            let expected = expected.map(|(statement, is_in_list, element)| FlatKey {
                statement: statement.to_owned(),
                is_in_list,
                element,
            });
            assert_eq!(path_of(name), expected, "{name}");
        }
    }
}
