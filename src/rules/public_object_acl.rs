//! `public-object-acl`: an upload may set an ACL that makes its object public.

use super::prelude::*;
use super::repair::{asks_for_key, form_test, upload_apart};
use crate::catalog::{ActionSet, Class, Role};
use crate::policy::{Condition, Quantifier, Statement};
use crate::semantics::reading::Reading;
use crate::text::Span;

pub(super) static META: RuleMeta = RuleMeta {
    name: "public-object-acl",
    summary: "an upload may make its object public",
    grades: Grades::all(LOOK),
    confidence: Confidence::Medium,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/public-object-acl.md"),
};

pub(super) const CHECK: Check = Check::Grants(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    let catalog = cx.catalog();
    let able = catalog.carrying_role(Role::ObjectAcl) & catalog.of_class(Class::Upload);
    for reading in cx.allows() {
        // What a wildcard stands for is the business of `wildcard-action`.
        let granted = reading.fitting(reading.written & able, catalog);
        if reading.covers_service || granted.is_empty() || is_limited(cx, reading.statement) {
            continue;
        }
        let granted = cx.remaining(granted, reading);
        if granted.is_empty() {
            continue;
        }
        if let Some(test) = reading.statement.conditions.iter().find(|test| is_forced(cx, test)) {
            forced(cx, reading, granted, test, out);
            continue;
        }
        let Some(action) = reading.pattern_of(granted, catalog) else { continue };
        let Some(draft) = out.claim(Claim::at(action.span).of(reading.statement)) else { continue };
        draft
            .message(format!("{} allowed with any ACL, so the holder may make the object public", cx.names(granted, 3)))
            .caption("the request chooses the ACL")
            .help(match form_test(cx, Role::ObjectAcl).filter(|_| cx.is_post()) {
                Some(test) => format!("add `{test}` to the conditions, in place of others on the ACL"),
                None => help(cx, reading, granted),
            });
    }
}

/// How to hold uploads to a private ACL, alone where others of the statement would not pass the condition.
fn help(cx: &Analysis<'_, '_>, reading: &Reading<'_, '_>, granted: ActionSet) -> String {
    let condition = cx.dialect().words().private_upload;
    let others = reading.actions() - cx.catalog().carrying_role(Role::ObjectAcl);
    if asks_for_key(cx) && (reading.has_unknown || !others.is_empty()) {
        return upload_apart(cx, reading, granted, condition);
    }
    format!("add a condition such as `{condition}`")
}

/// A condition lets through no upload but a public one: it is no choice of the holder, and certain.
fn forced(
    cx: &Analysis<'_, '_>,
    reading: &Reading<'_, '_>,
    granted: ActionSet,
    test: &Condition<'_>,
    out: &mut Reporter<'_>,
) {
    let values = || test.values.iter().map(|value| value.span);
    let start = values().map(|span| span.start).min().unwrap_or(test.key_span.start).min(test.key_span.start);
    let end = values().map(|span| span.end).max().unwrap_or(test.key_span.end).max(test.key_span.end);
    let grade = match cx.kind() {
        PolicyKind::Identity | PolicyKind::Bucket => TIDY,
        _ => Grade::default(Severity::Medium),
    };
    let claim = Claim::at(Span::new(start, end)).in_statement(Some(reading.statement.index)).grade(grade);
    let Some(draft) = out.claim(claim) else { return };
    let acl = test.values.first().map_or("", |value| &value.text);
    let what = if cx.is_post() { "every upload".to_owned() } else { format!("every {}", cx.names(granted, 3)) };
    draft
        .message(format!("{what} becomes public: the ACL has to be `{acl}`"))
        .caption("anyone may read what is uploaded")
        .help(match form_test(cx, Role::ObjectAcl).filter(|_| cx.is_post()) {
            Some(test) => format!("write `{test}`, and let the bucket's policy open what is meant to be public"),
            None => format!("write a condition such as `{}`", cx.dialect().words().private_upload),
        });
    if let Some(action) = reading.pattern_of(granted, cx.catalog()).filter(|_| !cx.is_post()) {
        draft.label(action.span, "uploads");
    }
}

/// Whether a condition holds for no upload but a public one.
fn is_forced(cx: &Analysis<'_, '_>, test: &Condition<'_>) -> bool {
    let operator = &test.operator;
    cx.role_of(test) == Some(Role::ObjectAcl)
        && operator.base.is_equality_of_text()
        && !operator.negated
        && !operator.if_exists
        && operator.quantifier == Quantifier::One
        && !test.values.is_empty()
        && test.values.iter().all(|value| is_public(&value.text))
}

/// Whether a condition leaves only ACLs that are not public.
fn is_limited(cx: &Analysis<'_, '_>, statement: &Statement<'_>) -> bool {
    // A form that may not name an ACL leaves the object with the bucket's.
    cx.is_left_out(Role::ObjectAcl, statement)
        || statement.conditions.iter().any(|condition| {
            cx.role_of(condition) == Some(Role::ObjectAcl)
                && !condition.operator.negated
                && condition.operator.base.is_equality_of_text()
                && condition.values.iter().all(|value| !is_public(&value.text))
        })
}

/// Whether an ACL lets people in whom nobody named: everyone, or everyone with an account.
fn is_public(acl: &str) -> bool {
    acl.contains("public") || acl == "authenticated-read"
}
