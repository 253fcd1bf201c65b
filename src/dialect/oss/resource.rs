//! Resources: `acs:oss:region:account:bucket/key`, and `*`.
//!
//! Five parts, split at the first four colons; each takes `*`
//! (<https://help.aliyun.com/zh/oss/bucket-policy-settings-faq>). An empty region is every region; an empty account is
//! the policy's own.

use std::borrow::Cow;

use super::super::lowering::{Lowering, ServicePart, is_stars, service_part};
use super::super::parts::{Part, assign_roles, part_pattern, parts};
use super::{CATALOG, GRAMMAR};
use crate::catalog::Word;
use crate::policy::{
    Anchor, Case, HoleRole, Owners, Pattern, Place, ProblemKind, Resource, ResourceKind, TokenKind, find_hole,
    may_hold_hole,
};
use crate::syntax::Value;
use crate::text::Span;

const FORM: &str = "write `acs:oss:*:*:<BucketName>/<key>`";

/// What other providers' variables begin with; RAM fills in none.
const VARIABLES: [&str; 5] = ["${aws:", "${acs:", "${oss:", "${ram:", "${s3:"];

pub(super) fn resource<'s>(cx: &mut Lowering<'_, 's>, value: Value<'_, 's>, text: Cow<'s, str>) -> Resource<'s> {
    let span = cx.span(value);
    if is_stars(text.trim()) {
        return Resource { span, text, kind: ResourceKind::Everything, is_faulty: false };
    }
    if let Some(vendor) = GRAMMAR.foreign(Word::Resource(text.trim_start())) {
        let instead = Cow::Borrowed(GRAMMAR.words().instead().resource.as_str());
        cx.problem(span, ProblemKind::ForeignWord { vendor, instead });
        return Resource { span, text, kind: ResourceKind::Unreadable, is_faulty: true };
    }
    let has_holes = may_hold_hole(&text);
    let Some(parts) = parts::<5>(&text, has_holes).filter(|parts| parts[0].text == "acs") else {
        if find_hole(text.trim(), 0).is_some_and(|(hole, _)| hole.start == 0) {
            let lead = text.len() - text.trim_start().len();
            let mut path = part_pattern(cx, value, &text, Part { text: text.trim(), at: lead }, Case::Sensitive);
            path.holes_mut().iter_mut().for_each(|hole| hole.role = HoleRole::Unknown);
            let nothing = || Pattern::literal("", Anchor::loose(span));
            let place = Place { region: nothing(), account: nothing(), path };
            return Resource { span, text, kind: ResourceKind::Place(Box::new(place)), is_faulty: false };
        }
        let begins = text.trim_start().starts_with("acs:");
        let what = if begins { "it has fewer than five parts" } else { "it does not begin with `acs:oss:`" };
        malformed(cx, span, what, FORM);
        return Resource { span, text, kind: ResourceKind::Unreadable, is_faulty: true };
    };
    let kind = five_parts(cx, value, &text, &parts);
    let is_faulty = has_holes && unexpanded(cx, value, &text);
    Resource { span, text, kind, is_faulty }
}

fn malformed(cx: &mut Lowering<'_, '_>, span: Span, what: &'static str, help: &'static str) {
    cx.problem(span, ProblemKind::MalformedResource { what: what.into(), help: help.into(), is_mended: false });
}

/// A resource that is judged as if this were mended.
fn mended(cx: &mut Lowering<'_, '_>, span: Span, what: &'static str) {
    cx.problem(span, ProblemKind::MalformedResource { what: what.into(), help: FORM.into(), is_mended: true });
}

fn five_parts<'s>(
    cx: &mut Lowering<'_, 's>,
    value: Value<'_, 's>,
    text: &Cow<'s, str>,
    parts: &[Part<'_>; 5],
) -> ResourceKind<'s> {
    let [_, service, region, account, path] = *parts;
    let service_span = |cx: &Lowering<'_, 's>| cx.part(value, service.at, service.at + service.text.len());
    match service_part(service.text, "oss") {
        // A hole may be filled with the service, and what is left is judged as if it were.
        ServicePart::Own | ServicePart::Odd => {}
        ServicePart::OtherCase => {
            let span = service_span(cx);
            mended(cx, span, "the service is written `oss`");
        }
        // The provider's own examples have `*` alone, and no other wildcard.
        ServicePart::Wild if is_stars(service.text) => {}
        ServicePart::Wild => {
            let span = service_span(cx);
            mended(cx, span, "the service is written `oss` or `*`");
        }
        ServicePart::Other => return ResourceKind::OtherService,
    }
    let lead = path.text.len() - path.text.trim_start().len();
    let path = Part { text: path.text.trim(), at: path.at + lead };
    let whole = parts.iter().take(4).map(|part| part.text.len() + 1).sum::<usize>() + path.text.len();
    let span = cx.span(value);
    if whole != text.len() {
        mended(cx, span, "there are blanks in it, and a request's resource has none");
    }
    if path.text.is_empty() {
        malformed(cx, span, "the last part, the bucket and key, is empty", FORM);
        return ResourceKind::Unreadable;
    }
    let with_role = |mut pattern: Pattern<'s>, role| {
        pattern.holes_mut().iter_mut().for_each(|hole| hole.role = role);
        pattern
    };
    let region = with_role(part_pattern(cx, value, text, region, Case::Sensitive), HoleRole::Region);
    let account = with_role(part_pattern(cx, value, text, account, Case::Sensitive), HoleRole::Account);
    let mut path = part_pattern(cx, value, text, path, Case::Sensitive);
    let slash = memchr::memchr(b'/', path.text().as_bytes()).map_or(u32::MAX, |at| at as u32);
    assign_roles(cx.owners, &mut path, slash);
    let place = Place { region, account, path };
    check(cx, &place);
    ResourceKind::Place(Box::new(place))
}

/// Note what is wrong with a resource that can be read.
fn check(cx: &mut Lowering<'_, '_>, place: &Place<'_>) {
    let region = &place.region;
    if region.is_literal() && !region.text().is_empty() && !is_region(region.text()) {
        let name = region.text().trim_start_matches("oss-");
        let suggestion = crate::catalog::nearest(name, CATALOG.regions().iter().map(String::as_str), 2);
        let kind = ProblemKind::UnknownRegion { region: Cow::Owned(region.text().to_owned()), suggestion };
        cx.problem(region.anchor().whole, kind);
    }
    let bucket = place.bucket();
    let end = bucket.len() as u32;
    let span = place.path.anchor().locate(0..end);
    let is_plain = place.path.tokens().iter().all(|token| token.start >= end || token.kind == TokenKind::Literal);
    if is_plain && bucket.contains('.') {
        let help = "write the bucket alone, such as `examplebucket`";
        malformed(cx, span, "a host name stands where the bucket belongs", help);
    } else if is_plain && !bucket.bytes().all(is_of_name) {
        malformed(cx, span, "a bucket's name has small letters, digits and hyphens", FORM);
    } else if place.key() == Some("") {
        let help = "write the bucket alone, or add its keys, such as `/*`";
        malformed(cx, place.path.anchor().whole, "a slash stands behind the bucket and no key", help);
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

/// A key alone, without its bucket.
pub(super) fn key(key: &str, owners: &Owners) -> Pattern<'static> {
    let mut pattern = Pattern::new(key.to_owned(), true, Case::Sensitive, Anchor::loose(Span::default()));
    assign_roles(owners, &mut pattern, 0);
    pattern
}
