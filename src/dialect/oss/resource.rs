//! Resources: `acs:oss:region:account:bucket/key`, and `*`.
//!
//! Five parts, split at the first four colons; each takes `*`
//! (<https://help.aliyun.com/zh/oss/bucket-policy-settings-faq>). An empty region is every region; an empty account is
//! the policy's own.

use std::borrow::Cow;

use super::super::iam;
use super::super::lowering::{Lowering, is_stars};
use super::super::parts::{Part, assign_roles, part_pattern};
use super::{CATALOG, GRAMMAR};
use crate::policy::{Case, HoleRole, Place, ProblemKind, Resource, ResourceKind, find_hole, may_hold_hole};
use crate::syntax::Value;

const FORM: iam::Form = iam::Form {
    grammar: &GRAMMAR,
    scheme: "acs",
    begins_otherwise: "it does not begin with `acs:oss:`",
    is_short: "it has fewer than five parts",
    help: "write `acs:oss:*:*:<BucketName>/<key>`",
    // The provider's own examples have `*` alone, and no other wildcard.
    is_odd_service: |word| (!is_stars(word)).then_some("the service is written `oss` or `*`"),
    is_host: |bucket| bucket.contains('.'),
    is_of_name,
    is_misnamed: "a bucket's name has small letters, digits and hyphens",
};

/// What other providers' variables begin with; RAM fills in none.
const VARIABLES: [&str; 5] = ["${aws:", "${acs:", "${oss:", "${ram:", "${s3:"];

pub(super) fn resource<'s>(cx: &mut Lowering<'_, 's>, value: Value<'_, 's>, text: Cow<'s, str>) -> Resource<'s> {
    iam::resource(cx, &FORM, value, text, |cx, text, parts| {
        let (Ok(kind) | Err(kind)) = five_parts(cx, value, text, parts);
        (kind, may_hold_hole(text) && unexpanded(cx, value, text))
    })
}

fn five_parts<'s>(
    cx: &mut Lowering<'_, 's>,
    value: Value<'_, 's>,
    text: &Cow<'s, str>,
    parts: &[Part<'_>; 5],
) -> Result<ResourceKind<'s>, ResourceKind<'s>> {
    let [_, service, region, account, _] = *parts;
    let path = iam::own_path(cx, &FORM, value, service, parts)?;
    let region = iam::of_role(cx, value, text, region, HoleRole::Region);
    let account = iam::of_role(cx, value, text, account, HoleRole::Account);
    let mut path = part_pattern(cx, value, text, path, Case::Sensitive);
    let slash = memchr::memchr(b'/', path.text().as_bytes()).map_or(u32::MAX, |at| at as u32);
    assign_roles(cx.owners, &mut path, slash);
    let place = Place::new(region, account, path);
    check_region(cx, &place);
    iam::check_bucket(cx, &FORM, &place);
    Ok(ResourceKind::Place(Box::new(place)))
}

/// Note a region that the provider does not list.
fn check_region(cx: &mut Lowering<'_, '_>, place: &Place<'_>) {
    let region = &place.region;
    if region.is_literal() && !region.text().is_empty() && !is_region(region.text()) {
        let name = region.text().trim_start_matches("oss-");
        let suggestion = crate::catalog::nearest(name, CATALOG.regions().iter().map(String::as_str), 2);
        let kind = ProblemKind::UnknownRegion { region: Cow::Owned(region.text().to_owned()), suggestion };
        cx.problem(region.anchor().whole, kind);
    }
}

const fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
}

/// Whether a text can be a bucket's name.
pub(super) fn is_bucket_name(text: &str) -> bool {
    (3..=63).contains(&text.len()) && text.bytes().all(is_of_name) && !text.starts_with('-') && !text.ends_with('-')
}

/// Whether the provider lists a region, which some documents write with `oss-` before it.
pub(super) fn is_region(text: &str) -> bool {
    CATALOG.has_region(text.strip_prefix("oss-").unwrap_or(text))
}

/// Note variables that are never filled in; tells whether there is one.
fn unexpanded(cx: &mut Lowering<'_, '_>, value: Value<'_, '_>, text: &str) -> bool {
    let mut found = false;
    let mut from = 0;
    while let Some((hole, _)) = find_hole(text, from) {
        from = hole.end;
        let mark = text.get(hole.clone()).unwrap_or_default();
        if VARIABLES.iter().any(|variable| mark.starts_with(variable)) {
            found = true;
            let span = cx.part(value, hole.start, hole.end);
            cx.problem(span, ProblemKind::UnexpandedVariable { variable: Cow::Owned(mark.to_owned()) });
        }
    }
    found
}
