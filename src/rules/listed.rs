//! The prefixes that conditions let a statement list, as resources: each is as wide as the same keys would be.
//!
//! Some providers check a listing against the bucket, and only a condition says of which prefix; others against the prefix
//! itself. What rules ask of resources they ask of these too, so that the same key is judged alike.

use super::analysis::Analysis;
use super::encoding::needs_encoding;
use super::owned::refined;
use crate::catalog::{ActionSet, Role};
use crate::policy::{Anchor, Base, Condition, HoleRole, Place, Quantifier, Resource, ResourceKind};
use crate::semantics::reading::{Reading, fits};
use crate::semantics::scope::{Scope, Scoped, scope_of};

/// A prefix that may be listed.
pub(super) struct Listed<'r> {
    /// The condition that names it.
    pub(super) condition: &'r Condition<'r>,
    /// It as a resource: the keys that are listed, where the value of the condition stands.
    pub(super) resource: Resource<'r>,
    /// How wide it is.
    pub(super) scoped: Scoped,
    /// The listings that no deny takes back.
    pub(super) actions: ActionSet,
}

/// See the prefixes that a statement lists, where its resources are buckets: those that `is_sought` with their condition. The
/// first bucket of which something is left stands for all of them.
pub(super) fn each_listed<'r>(
    cx: &Analysis<'_, '_>,
    reading: &'r Reading<'_, '_>,
    is_sought: impl Fn(&Condition<'_>, &str) -> bool,
    mut see: impl FnMut(&Listed<'_>),
) {
    let catalog = cx.catalog();
    let conditions: &'r [Condition<'r>] = &reading.statement.conditions;
    let mut conditions = conditions.iter().filter(|condition| is_of_prefixes(cx, condition)).peekable();
    if conditions.peek().is_none() {
        return;
    }
    let is_of_bucket = |scope: Scope| matches!(scope, Scope::BucketItself | Scope::Bucket);
    let names_bucket = |place: &&Place<'_>| place.path.holes().iter().all(|hole| hole.role == HoleRole::Bucket);
    let buckets = || {
        let of_bucket = reading.resources().filter(|(own, scoped)| is_of_bucket(scoped.scope) && !own.is_faulty);
        of_bucket.filter_map(|(bucket, scoped)| Some((bucket, bucket.place().filter(names_bucket)?, scoped.scope)))
    };
    for condition in conditions {
        // What a bucket as a whole leaves to these actions, they have on each of the prefixes.
        let listed = |(bucket, own, scope)| {
            let fitting = reading.actions() & catalog.carrying(&condition.key) & fits(scope, catalog);
            Some((own, cx.left_of(fitting, reading, bucket).filter(|left| !left.is_empty())?))
        };
        let Some((own, actions)): Option<(&Place<'_>, _)> = buckets().find_map(listed) else { continue };
        let is_encoded = catalog.key(&condition.key).is_some_and(|key| key.encoded);
        // What should be encoded and is not is no prefix of any request.
        for value in condition.values.iter().filter(|value| !is_encoded || !needs_encoding(&value.text)) {
            let Some(key) = cx.asked(condition, &value.text).filter(|key| is_sought(condition, key)) else { continue };
            let any = if condition.operator.base == Base::StringLike { "" } else { "*" };
            let path = cx.dialect().key_pattern(&format!("{}/{key}{any}", own.bucket()), &cx.facts().owners);
            let path = path.at(Anchor::loose(value.span));
            let place = Place::new(own.region.reborrow(), own.account.reborrow(), path);
            let (text, kind) = (value.text.as_ref().into(), ResourceKind::Place(Box::new(place)));
            let resource = Resource { span: value.span, text, kind, is_faulty: false };
            let scoped = scope_of(&resource, &cx.facts().owners, cx.dialect());
            let scoped = refined(scoped, &resource, &cx.facts().layouts);
            see(&Listed { condition, resource, scoped, actions });
        }
    }
}

/// Whether a condition lets through listings of some prefixes alone: all that begin as a value does, where the prefix equals it.
fn is_of_prefixes(cx: &Analysis<'_, '_>, condition: &Condition<'_>) -> bool {
    let operator = &condition.operator;
    matches!(operator.base, Base::StringEqual | Base::StringLike)
        && !operator.negated
        && operator.quantifier == Quantifier::One
        && cx.catalog().role_of(&condition.key) == Some(Role::ListPrefix)
}
