//! Resources: `arn:aws:s3:::bucket/key`, access points, and `*`.
//!
//! Six parts, split at the first five colons
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>); `*` and `?` are wildcards in each.

use std::borrow::Cow;

use super::super::lowering::{Lowering, ServicePart, is_stars, service_part};
use super::super::parts::{Part, part_pattern, parts};
use super::{GRAMMAR, NO_ACCOUNT, variable};
use crate::catalog::Word;
use crate::policy::{
    Anchor, Case, HoleRole, Owners, Pattern, Place, ProblemKind, Resource, ResourceKind, TokenKind, find_hole,
    may_hold_hole,
};
use crate::syntax::Value;
use crate::text::Span;

const FORM: &str = "write `arn:aws:s3:::<BucketName>/<key>`";

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
    let Some(parts) = parts::<6>(&text, has_holes).filter(|parts| parts[0].text == "arn") else {
        if find_hole(text.trim(), 0).is_some_and(|(hole, _)| hole.start == 0) {
            let lead = text.len() - text.trim_start().len();
            let mut path = part_pattern(cx, value, &text, Part { text: text.trim(), at: lead }, Case::Sensitive);
            path.holes_mut().iter_mut().for_each(|hole| hole.role = HoleRole::Unknown);
            let nothing = || Pattern::literal("", Anchor::loose(span));
            let place = Place { region: nothing(), account: nothing(), path };
            return Resource { span, text, kind: ResourceKind::Place(Box::new(place)), is_faulty: false };
        }
        let begins = text.trim_start().starts_with("arn:");
        let what = if begins { "it has fewer than six parts" } else { "it does not begin with `arn:`" };
        malformed(cx, span, what, FORM);
        return Resource { span, text, kind: ResourceKind::Unreadable, is_faulty: true };
    };
    let kind = six_parts(cx, value, &text, &parts);
    let is_faulty = has_holes && matches!(kind, ResourceKind::Place(_)) && variable::check(cx, value, &text);
    Resource { span, text, kind, is_faulty }
}

fn malformed(cx: &mut Lowering<'_, '_>, span: Span, what: &'static str, help: &'static str) {
    cx.problem(span, ProblemKind::MalformedResource { what: what.into(), help: help.into(), is_mended: false });
}

/// A resource that is judged as if this were mended.
fn mended(cx: &mut Lowering<'_, '_>, span: Span, what: &'static str) {
    cx.problem(span, ProblemKind::MalformedResource { what: what.into(), help: FORM.into(), is_mended: true });
}

fn six_parts<'s>(
    cx: &mut Lowering<'_, 's>,
    value: Value<'_, 's>,
    text: &Cow<'s, str>,
    parts: &[Part<'_>; 6],
) -> ResourceKind<'s> {
    let [_, partition, service, region, account, path] = *parts;
    let service_span = |cx: &Lowering<'_, 's>| cx.part(value, service.at, service.at + service.text.len());
    match service_part(service.text, "s3") {
        // A hole may be filled with the service, and what is left is judged as if it were.
        ServicePart::Own | ServicePart::Odd => {}
        ServicePart::OtherCase => {
            let span = service_span(cx);
            mended(cx, span, "the service is written `s3`");
        }
        // <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
        ServicePart::Wild => {
            let span = service_span(cx);
            mended(cx, span, "the service cannot be a wildcard");
        }
        ServicePart::Other => return ResourceKind::OtherService,
    }
    let lead = path.text.len() - path.text.trim_start().len();
    let path = Part { text: path.text.trim(), at: path.at + lead };
    let whole = parts.iter().take(5).map(|part| part.text.len() + 1).sum::<usize>() + path.text.len();
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
    let partition = with_role(part_pattern(cx, value, text, partition, Case::Sensitive), HoleRole::Region);
    let end = account.at + account.text.len();
    let account = Part { text: text.get(region.at..end).unwrap_or_default(), at: region.at };
    let account = with_role(part_pattern(cx, value, text, account, Case::Sensitive), HoleRole::Account);
    let mut path = part_pattern(cx, value, text, path, Case::Sensitive);
    let slash = slash(&path);
    variable::fill(cx.owners, &mut path, slash);
    let place = Place { region: partition, account, path };
    check(cx, &place);
    ResourceKind::Place(Box::new(place))
}

/// Offset of the `/` behind the bucket, no part of a hole; `u32::MAX` where there is none.
fn slash(path: &Pattern<'_>) -> u32 {
    memchr::memchr_iter(b'/', path.text().as_bytes())
        .map(|at| at as u32)
        .find(|at| !path.holes().iter().any(|hole| hole.range.contains(at)))
        .unwrap_or(u32::MAX)
}

/// Note what is wrong with a resource that can be read.
fn check(cx: &mut Lowering<'_, '_>, place: &Place<'_>) {
    let partition = &place.region;
    if partition.is_literal() && !partition.text().starts_with("aws") {
        let help = "write `aws`, `aws-cn` or `aws-us-gov`";
        malformed(cx, partition.anchor().whole, "the second part is no partition", help);
    }
    let is_bucket = !["accesspoint/", "job/", "storage-lens", "async-request/", "access-grants/"]
        .iter()
        .any(|other| place.path.text().starts_with(other));
    if is_bucket && place.account.is_literal() && place.account.text() != NO_ACCOUNT {
        let help = "write `arn:aws:s3:::` and the bucket";
        malformed(cx, place.account.anchor().whole, "the ARN of a bucket has neither region nor account", help);
    }
    let bucket = place.bucket();
    let end = bucket.len() as u32;
    let span = place.path.anchor().locate(0..end);
    let is_plain = place.path.tokens().iter().all(|token| token.start >= end || token.kind == TokenKind::Literal);
    if is_plain && bucket.ends_with(".amazonaws.com") {
        let help = "write the bucket alone, such as `examplebucket`";
        malformed(cx, span, "a host name stands where the bucket belongs", help);
    } else if is_plain && !bucket.bytes().all(is_of_name) {
        malformed(cx, span, "a bucket's name has letters, digits, hyphens and dots", FORM);
    } else if place.key() == Some("") {
        let help = "write the bucket alone, or add its keys, such as `/*`";
        malformed(cx, place.path.anchor().whole, "a slash stands behind the bucket and no key", help);
    }
}

/// Old buckets have capital letters and underscores in their names.
const fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')
}

/// Whether a text can be a new bucket's name.
pub(super) fn is_bucket_name(text: &str) -> bool {
    let is_end = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    (3..=63).contains(&text.len())
        && text.bytes().all(is_inner)
        && is_end(text.bytes().next())
        && is_end(text.bytes().last())
}

/// A key alone, without its bucket.
pub(super) fn key(key: &str, owners: &Owners) -> Pattern<'static> {
    let mut pattern = Pattern::new(key.to_owned(), true, Case::Sensitive, Anchor::loose(Span::default()));
    variable::fill(owners, &mut pattern, 0);
    pattern
}
