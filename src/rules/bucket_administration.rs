//! `bucket-administration`: a key may configure a bucket, change permissions or delete the bucket.

use super::prelude::*;
use crate::catalog::{Class, Level};

pub(super) static META: RuleMeta = RuleMeta {
    name: "bucket-administration",
    summary: "a key may configure a bucket, change who may do what, or delete the bucket",
    grades: Grades {
        session: Grade::default(Severity::High),
        undetermined: Grade::default(Severity::Medium),
        identity: TIDY,
        bucket: TIDY,
    },
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/bucket-administration.md"),
};

pub(super) const CHECK: Check = Check::Grants(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    let catalog = cx.catalog();
    let of_the_bucket =
        (catalog.of_class(Class::Configure) | catalog.of_class(Class::Delete)) & catalog.of_level(Level::Bucket);
    let administration = of_the_bucket | catalog.of_class(Class::Permissions);
    for reading in cx.allows() {
        // A wildcard that stands for such actions is `wildcard-action`'s business.
        let granted = reading.fitting(reading.written & administration, catalog);
        if reading.covers_service || granted.is_empty() || cx.is_taken_back(reading) {
            continue;
        }
        let Some(first) = reading.pattern_of(granted, catalog) else { continue };
        let Some(draft) = out.claim(Claim::at(first.span).of(reading.statement)) else { continue };
        let permissions = granted & catalog.of_class(Class::Permissions);
        let what = if permissions.is_empty() {
            "which configures the bucket or removes it"
        } else if permissions.meets(&catalog.of_level(Level::Bucket)) {
            "which decides who may use the bucket"
        } else {
            "which decides who may read the object"
        };
        draft.message(format!("{} allowed, {what}", cx.names(granted, 3))).caption("administration");
        for (action, meaning) in reading.action_patterns().filter(|(action, _)| action.span != first.span).take(8) {
            if meaning.actions(catalog).meets(&granted) {
                draft.label(action.span, "administration too");
            }
        }
        draft.help(if cx.kind() == PolicyKind::Session {
            "remove it from the key and let the server do it with its own credentials"
        } else {
            "keep it out of policies for keys, and grant it to administrators by name"
        });
        draft.witness(reading.resources().find_map(|(resource, scoped)| cx.witness(granted, resource, scoped.scope)));
    }
}
