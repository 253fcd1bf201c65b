//! `public-object-acl`: an upload may set an ACL that makes its object public.

use super::prelude::*;
use super::repair::form_test;
use crate::catalog::{Class, Role};
use crate::policy::Statement;

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
        let Some(action) = reading.pattern_of(granted, catalog) else { continue };
        let Some(draft) = out.claim(Claim::at(action.span).of(reading.statement)) else { continue };
        draft
            .message(format!("{} allowed with any ACL, so the holder may make the object public", cx.names(granted, 3)))
            .caption("the request chooses the ACL")
            .help(match form_test(cx, Role::ObjectAcl).filter(|_| cx.is_post()) {
                Some(test) => format!("add `{test}` to the conditions, in place of others on the ACL"),
                None => format!("add a condition such as `{}`", cx.dialect().words().private_upload),
            });
    }
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
