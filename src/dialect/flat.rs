//! Keys that hold a whole way: `Statement.1.Action`, `PolicyArns[0].arn`, `Statement__0__Effect`.
//!
//! Query strings and environments have no lists and objects, so that a document made of one writes the way to each value into
//! its key. Nothing is read from them; what they grant is told.

use super::form::is_spelt;
use crate::syntax::Value;

/// The elements of statements that say what is granted.
const ELEMENTS: [&str; 9] =
    ["effect", "action", "actions", "notaction", "notactions", "resource", "resources", "notresource", "notresources"];

/// What stands between the steps of a way, beside two underscores.
const SEPARATORS: [char; 5] = ['.', '[', ']', '/', ':'];

/// A way to an element of a statement.
#[derive(Debug)]
pub(super) struct Path<'n> {
    /// The statement, in small letters.
    pub(super) statement: String,
    /// The way leads through a list of statements.
    pub(super) is_in_list: bool,
    pub(super) element: &'n str,
}

/// Whether some key of an object may be a way. O(keys).
pub(super) fn has_paths(object: Value<'_, '_>) -> bool {
    let text = object.tree().text();
    object.members().any(|member| {
        let raw = member.key.content().of(text);
        raw.contains(SEPARATORS) || raw.contains("__")
    })
}

/// The steps of a way.
fn steps(name: &str) -> impl Iterator<Item = &str> {
    name.split(SEPARATORS).flat_map(|part| part.split("__")).filter(|step| !step.is_empty())
}

/// The first step of a way, which may be the only one.
pub(super) fn first_step(name: &str) -> &str {
    steps(name).next().unwrap_or(name)
}

/// The way that a key is, if it leads to an element of a statement.
pub(super) fn path_of(name: &str) -> Option<Path<'_>> {
    let mut steps: Vec<&str> = steps(name).collect();
    // Elements may be lists themselves: `Action.member.1`.
    while steps.last().is_some_and(|step| *step == "member" || step.bytes().all(|byte| byte.is_ascii_digit())) {
        steps.pop();
    }
    let element = steps.pop()?;
    let is_one = !steps.is_empty() && ELEMENTS.iter().any(|word| is_spelt(element, word));
    is_one.then(|| Path {
        statement: steps.join(".").to_ascii_lowercase(),
        is_in_list: steps.iter().any(|step| is_spelt(step, "statement") || is_spelt(step, "statements")),
        element,
    })
}
