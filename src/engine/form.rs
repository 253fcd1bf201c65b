//! When two policies cannot be held against each other exactly, above all those of upload forms.
//!
//! A form's policy speaks of the fields of the form, other policies of condition keys, and which of them are the same is
//! not known. Where a form carries no field but those that its conditions name, the names themselves are a condition.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::dialect::Dialect;
use crate::policy::{Base, Condition, Operator, Policy, Quantifier, TestValue};
use crate::semantics::condition::Given;
use crate::semantics::permission::Decision;

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
    of_forms(one, other).map(str::to_owned).or_else(|| of_lists([one, other], dialect.catalog()))
}

/// The tests of the fields of forms in which a value with commas is a list.
fn of_listed<'p, 's>(policy: &'p Policy<'s>, catalog: &'p Catalog) -> impl Iterator<Item = &'p Condition<'s>> {
    let is_listed = |key: &str| catalog.form_field(key).is_some_and(|field| field.lists);
    let statements = policy.statements.iter().filter(|_| policy.post.is_some());
    statements.flat_map(|statement| &statement.conditions).filter(move |condition| is_listed(&condition.key))
}

/// Why two forms cannot be held against each other: one asks for a list, and how it begins is asked as well.
pub(super) fn of_lists(policies: [&Policy<'_>; 2], catalog: &Catalog) -> Option<String> {
    let all = || policies.into_iter().flat_map(|policy| of_listed(policy, catalog));
    let whole = all().filter(|condition| condition.operator.base == Base::StringEqual);
    let mut lists = whole.filter(|condition| condition.values.iter().any(|value| value.text.contains(',')));
    lists.find_map(|list| {
        let begins = |other: &&Condition<'_>| {
            let asks = other.values.iter().all(|value| value.text != "*");
            other.key == list.key && other.operator.base == Base::StringLike && asks
        };
        let value = list.values.first().filter(|_| all().any(|other| begins(&other)))?;
        Some(format!("`{}` of `{}` is a list, and each member is held to how it has to begin", value.text, list.key))
    })
}

/// The members of a given value that is a list, with its key, where the policy asks how it begins.
pub(super) fn members<'g>(
    policy: &Policy<'_>,
    catalog: &Catalog,
    given: &'g BTreeMap<String, Given>,
) -> Option<(&'g str, Vec<&'g str>)> {
    let begins =
        |key: &str| of_listed(policy, catalog).any(|test| test.key == key && test.operator.base == Base::StringLike);
    given.iter().find_map(|(key, given)| match given {
        Given::Values(values) => match values.as_slice() {
            [value] if value.contains(',') && begins(key) => Some((key.as_str(), value.split(',').collect())),
            _ => None,
        },
        Given::Absent => None,
    })
}

/// The decision on a list, which passes as a whole, out of those on its members.
pub(super) fn joined(whole: Decision, members: impl Iterator<Item = [Decision; 2]>) -> Decision {
    let mut joined = whole;
    for [as_written, trimmed] in members {
        if std::mem::discriminant(&as_written) != std::mem::discriminant(&trimmed) {
            let reason = "nothing tells whether the blanks between the members of a list count".to_owned();
            return Decision::Unknown { reason, by: None };
        }
        match as_written {
            no @ Decision::No(_) => return no,
            Decision::Yes(_) => {}
            other => joined = other,
        }
    }
    joined
}

fn of_forms(one: &Policy<'_>, other: &Policy<'_>) -> Option<&'static str> {
    let has_conditions = |policy: &Policy<'_>| policy.statements.iter().any(|one| !one.conditions.is_empty());
    match (&one.post, &other.post) {
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
    let named = policy.post.as_ref().filter(|post| !post.takes_any_field).map(|_| fields(policy))?;
    keys.find(|key| !named.contains(key.as_str()) && !NO_FIELDS.contains(&key.as_str())).map(String::as_str)
}

/// What stands for the time of an upload beside the fields of a form; no field has such a name.
const TIME: &str = "time of the upload";

/// The policies with the instants until which forms are good as conditions, unless both are good for the same time or one
/// permits nothing: whoever still has the form asks for as long as it is good, and other policies name no end.
pub(super) fn dated<'s>([old, new]: [&Policy<'s>; 2]) -> Option<[Policy<'s>; 2]> {
    let ends = [old, new].map(|policy| policy.post.as_ref().and_then(|post| post.expiration.as_ref()));
    let permits = |policy: &Policy<'_>| !policy.statements.is_empty();
    let is_same = match ends {
        [Some(one), Some(other)] => one.text == other.text,
        [one, other] => one.is_none() && other.is_none(),
    };
    if is_same || !permits(old) || !permits(new) {
        return None;
    }
    let [old_end, new_end] = ends;
    Some([until(old, old_end), until(new, new_end)])
}

/// A policy that permits nothing from an instant on.
fn until<'s>(policy: &Policy<'s>, end: Option<&TestValue<'s>>) -> Policy<'s> {
    let mut policy = policy.clone();
    let Some(end) = end else { return policy };
    let operator = Operator {
        text: "earlier".into(),
        span: end.span,
        base: Base::DateLess,
        negated: false,
        if_exists: false,
        quantifier: Quantifier::One,
    };
    let condition =
        Condition { operator, key: TIME.into(), key_text: TIME.into(), key_span: end.span, values: vec![end.clone()] };
    for statement in &mut policy.statements {
        statement.conditions.push(condition.clone());
    }
    policy
}

/// What is to be said of two forms that are compared and are good for different times.
pub(super) fn note(old: &Policy<'_>, new: &Policy<'_>) -> Option<String> {
    let end = |policy: &Policy<'_>| policy.post.as_ref()?.expiration.as_ref().map(|end| end.text.to_string());
    match (end(old), end(new)) {
        (Some(old), Some(new)) => {
            (old != new).then(|| format!("the form was good until `{old}` and is now good until `{new}`"))
        }
        (Some(old), None) => {
            let is_policy = !new.statements.is_empty() && new.post.is_none();
            is_policy.then(|| format!("the form was good until `{old}`, and the policy in its place names no end"))
        }
        _ => None,
    }
}
