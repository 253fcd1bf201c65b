//! When two policies cannot be held against each other exactly, above all those of upload forms.
//!
//! A form's policy speaks of the fields of the form, other policies of condition keys, and which of them are the same is
//! not known. Where a form carries no field but those that its conditions name, the names themselves are a condition.

use std::collections::BTreeSet;

use crate::dialect::Dialect;
use crate::policy::Policy;

/// What is tested beside the fields of a form: the length of the upload is none, and the target is the resource.
const NO_FIELDS: [&str; 3] = ["content-length-range", "bucket", "key"];

/// The fields that the conditions of a form's policy name.
fn fields<'p>(policy: &'p Policy<'_>) -> BTreeSet<&'p str> {
    let conditions = policy.statements.iter().flat_map(|statement| &statement.conditions);
    conditions.map(|condition| &*condition.key).filter(|key| !NO_FIELDS.contains(key)).collect()
}

/// A policy and its language.
type Told<'p, 's> = (&'static dyn Dialect, &'p Policy<'s>);

/// Why two policies cannot be held against each other exactly, if they cannot.
pub(super) fn apart((dialect, one): Told<'_, '_>, (of_other, other): Told<'_, '_>) -> Option<String> {
    if dialect.name() != of_other.name() {
        return Some(format!("one policy is of {}, the other of {}", dialect.name(), of_other.name()));
    }
    of_forms(one, other).map(str::to_owned)
}

fn of_forms(one: &Policy<'_>, other: &Policy<'_>) -> Option<&'static str> {
    let has_conditions = |policy: &Policy<'_>| policy.statements.iter().any(|one| !one.conditions.is_empty());
    match (one.post, other.post) {
        (None, None) => None,
        (Some(a), Some(b)) if a.takes_any_field && b.takes_any_field => None,
        (Some(_), Some(_)) => (fields(one) != fields(other))
            .then_some("a form carries just the fields that its conditions name, and those of the two differ"),
        _ => (has_conditions(one) && has_conditions(other)).then_some(
            "one is the policy of an upload form, and how its fields and the condition keys of the other hang together \
             is not known",
        ),
    }
}

/// The first of these fields that no form of the policy may carry.
pub(super) fn left_out<'k>(policy: &Policy<'_>, mut keys: impl Iterator<Item = &'k String>) -> Option<&'k str> {
    let named = policy.post.filter(|post| !post.takes_any_field).map(|_| fields(policy))?;
    keys.find(|key| !named.contains(key.as_str()) && !NO_FIELDS.contains(&key.as_str())).map(String::as_str)
}

/// What is to be said of two forms that are compared: a verdict speaks of the time in which both are good.
pub(super) fn note(one: &Policy<'_>, other: &Policy<'_>) -> Option<String> {
    (one.post.is_some() || other.post.is_some())
        .then(|| "how long a form is good is not compared; the verdict speaks of requests before it expires".to_owned())
}
