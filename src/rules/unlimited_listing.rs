//! `unlimited-listing`: a key may list a whole bucket.

use super::prelude::*;
use super::repair::Narrowed;
use super::{wildcard_action, wildcard_resource};
use crate::catalog::{ActionSet, Role};
use crate::policy::{Base, Condition, Quantifier, Resource, Statement, TestValue};
use crate::semantics::reading::{Reading, begins_fixed, fits};
use crate::semantics::scope::Scope;

pub(super) static META: RuleMeta = RuleMeta {
    name: "unlimited-listing",
    summary: "a key may list every key of a bucket",
    grades: Grades {
        session: Grade::default(Severity::Medium),
        undetermined: Grade::default(Severity::Low),
        identity: TIDY,
        bucket: TIDY,
    },
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/unlimited-listing.md"),
};

pub(super) const CHECK: Check = Check::Grants(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    let catalog = cx.catalog();
    let listing = wildcard_resource::listing(cx);
    for reading in cx.allows() {
        let listed = reading.actions() & listing;
        if wildcard_action::is_unread(reading) || listed.is_empty() || is_limited(cx, reading.statement) {
            continue;
        }
        let speaks = |scope| matches!(scope, Scope::BucketItself | Scope::Bucket);
        for (resource, scoped) in
            reading.resources().filter(|(resource, scoped)| speaks(scoped.scope) && !resource.is_faulty)
        {
            let listed = listed & fits(scoped.scope, catalog);
            if listed.is_empty() {
                continue;
            }
            let Some(listed) = cx.left_of(listed, reading, resource) else { continue };
            if !cx.may_list_all(listed, reading) {
                continue;
            }
            // On more than the bucket itself `wildcard-resource` names the listing.
            let is_named = scoped.scope == Scope::Bucket && !wildcard_resource::is_exempt(cx, reading, scoped.scope);
            let named = is_named.then_some(Yields { rule: &wildcard_resource::META, at: Some(resource.span) });
            let yields = [named, wildcard_action::of_service(reading)];
            let claim = Claim::at(resource.span).of(reading.statement).yielding(yields);
            let Some(draft) = out.claim(claim) else { continue };
            let bucket = resource.place().map_or("", |place| place.bucket());
            draft
                .message(format!(
                    "{} allowed on all of bucket `{bucket}`, whatever prefix is asked for",
                    cx.names(listed, 3)
                ))
                .caption("no prefix limits the listing")
                .help(help(cx, reading, listed, resource))
                .witness(cx.witness(listed, resource, scoped.scope));
            if let Some(action) = reading.pattern_of(listed, catalog) {
                draft.label(action.span, "lists keys");
            }
            if let Some(value) = unlimiting(cx, reading.statement) {
                draft.label(value.span, "other prefixes pass too");
            }
        }
    }
}

/// How to list one prefix only, one of those that the policy names. A condition on the prefix would take all else that a
/// statement allows, since only listings carry it; and there are listings that carry none.
fn help(cx: &Analysis<'_, '_>, reading: &Reading<'_, '_>, listed: ActionSet, resource: &Resource<'_>) -> String {
    let catalog = cx.catalog();
    let prefix = catalog.key_of_role(Role::ListPrefix).map_or("", |key| key.name.as_str());
    let carrying = catalog.carrying(prefix);
    let is_alone = reading.actions().is_subset(&carrying) && !reading.has_unknown;
    match Narrowed::of(cx, reading, resource) {
        Narrowed::ByCondition(_) if !listed.meets(&carrying) => {
            format!("leave {} out if it is not needed: no condition narrows what it lists", cx.names(listed, 3))
        }
        Narrowed::ByCondition(condition) if is_alone && unlimiting(cx, reading.statement).is_some() => {
            format!("name the holder's own keys only in the condition on `{prefix}`, such as `{condition}`")
        }
        Narrowed::ByCondition(condition) if is_alone => format!("add a condition such as `{condition}`"),
        Narrowed::ByResource { resource, condition } if is_alone => {
            format!("list a prefix only, such as `{resource}`, or add a condition such as `{condition}`")
        }
        narrowed @ Narrowed::ByResource { .. } => {
            format!("put the listing into a statement of its own:\n{}", narrowed.statement(cx, listed, resource))
        }
        narrowed @ Narrowed::ByCondition(_) => {
            let own = narrowed.statement(cx, listed & carrying, resource);
            let others = listed - carrying;
            let rest = if others.is_empty() {
                String::new()
            } else {
                format!("\nand leave out {}, which no condition narrows", cx.names(others, 3))
            };
            format!("put the listing into a statement of its own:\n{own}{rest}")
        }
    }
}

/// The value of a test of the listed prefix under which any prefix may be listed.
fn unlimiting<'p, 's>(cx: &Analysis<'_, '_>, statement: &'p Statement<'s>) -> Option<&'p TestValue<'s>> {
    let is_of_prefix = |test: &&Condition<'_>| cx.catalog().role_of(&test.key) == Some(Role::ListPrefix);
    let test = statement.conditions.iter().find(is_of_prefix)?;
    test.values.iter().find(|value| !begins_fixed(&value.text, cx.dialect()))
}

/// Whether a condition holds the listing to prefixes: an equality or likeness whose values all begin with what every listed
/// key begins with. With a quantifier the test also holds for a request that names no prefix.
fn is_limited(cx: &Analysis<'_, '_>, statement: &Statement<'_>) -> bool {
    statement.conditions.iter().any(|condition| {
        let operator = &condition.operator;
        let compares = matches!(operator.base, Base::StringEqual | Base::StringEqualIgnoreCase | Base::StringLike);
        cx.catalog().role_of(&condition.key) == Some(Role::ListPrefix)
            && compares
            && !operator.negated
            && !operator.if_exists
            && operator.quantifier == Quantifier::One
            && !condition.values.is_empty()
            && condition.values.iter().all(|value| begins_fixed(&value.text, cx.dialect()))
    })
}
