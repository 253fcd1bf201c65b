//! Resources whose parts stand between colons, the bucket and key in the last one.
//!
//! RAM took the form over from the ARNs of IAM. What the texts begin with and how many parts they have is in a [`Form`];
//! what the parts are is the provider's own.

use std::borrow::Cow;

use super::super::grammar::Grammar;
use super::super::lowering::{Lowering, ServicePart, is_stars, service_part};
use super::super::parts::{Part, part_pattern, parts};
use crate::catalog::Word;
use crate::policy::{
    Anchor, Case, HoleRole, Pattern, Place, ProblemKind, Resource, ResourceKind, TokenKind, find_hole, may_hold_hole,
};
use crate::syntax::Value;

/// How one provider writes resources and the buckets in them.
#[derive(Debug)]
pub(in crate::dialect) struct Form {
    pub(in crate::dialect) grammar: &'static Grammar,
    /// The first part.
    pub(in crate::dialect) scheme: &'static str,
    /// What is wrong with a text that begins in another way.
    pub(in crate::dialect) begins_otherwise: &'static str,
    /// What is wrong with a text that has fewer parts.
    pub(in crate::dialect) is_short: &'static str,
    /// What to write instead: starts with a verb.
    pub(in crate::dialect) help: &'static str,
    /// What is wrong with a wildcard in the place of the service, if anything is.
    pub(in crate::dialect) is_odd_service: fn(&str) -> Option<&'static str>,
    /// Whether what stands in the place of a bucket is the name of a host.
    pub(in crate::dialect) is_host: fn(&str) -> bool,
    /// Whether a byte may stand in the name of a bucket, and what is wrong where another one does.
    pub(in crate::dialect) is_of_name: fn(u8) -> bool,
    pub(in crate::dialect) is_misnamed: &'static str,
}

/// Lower a resource; `read` makes of its parts what it says, and tells whether something in it is not filled in.
pub(in crate::dialect) fn resource<'s, const PARTS: usize>(
    cx: &mut Lowering<'_, 's>,
    form: &Form,
    value: Value<'_, 's>,
    text: Cow<'s, str>,
    read: impl FnOnce(&mut Lowering<'_, 's>, &Cow<'s, str>, &[Part<'_>; PARTS]) -> (ResourceKind<'s>, bool),
) -> Resource<'s> {
    let span = cx.span(value);
    let trimmed = text.trim();
    let (kind, is_faulty) = if is_stars(trimmed) {
        (ResourceKind::Everything, false)
    } else if let Some(vendor) = form.grammar.foreign(Word::Resource(text.trim_start())) {
        let instead = Cow::Borrowed(form.grammar.words().instead().resource.as_str());
        cx.problem(span, ProblemKind::ForeignWord { vendor, instead });
        (ResourceKind::Unreadable, true)
    } else if let Some(parts) = parts(&text, may_hold_hole(&text)).filter(|parts| parts[0].text == form.scheme) {
        read(cx, &text, &parts)
    } else if find_hole(trimmed, 0).is_some_and(|(hole, _)| hole.start == 0) {
        let part = Part { text: trimmed, at: text.len() - text.trim_start().len() };
        let nothing = || Pattern::literal("", Anchor::loose(span));
        let path = of_role(cx, value, &text, part, HoleRole::Unknown);
        (ResourceKind::Place(Box::new(Place::new(nothing(), nothing(), path))), false)
    } else {
        let begins = trimmed.strip_prefix(form.scheme).is_some_and(|rest| rest.starts_with(':'));
        cx.malformed(span, if begins { form.is_short } else { form.begins_otherwise }, form.help, false);
        (ResourceKind::Unreadable, true)
    };
    Resource { span, text, kind, is_faulty }
}

/// The bucket and key of a resource of this service, or what the resource says where it has none of its own.
pub(in crate::dialect) fn own_path<'t, 's>(
    cx: &mut Lowering<'_, 's>,
    form: &Form,
    value: Value<'_, 's>,
    service: Part<'_>,
    parts: &[Part<'t>],
) -> Result<Part<'t>, ResourceKind<'s>> {
    let what = match service_part(service.text, form.grammar.service) {
        ServicePart::Own => None,
        // A hole may be filled with the service, and what is left is judged as if it were.
        ServicePart::Odd => Some(Cow::Borrowed("nothing tells which service it is of")),
        ServicePart::OtherCase => Some(Cow::Owned(format!("the service is written `{}`", form.grammar.service))),
        ServicePart::Wild => (form.is_odd_service)(service.text).map(Cow::Borrowed),
        ServicePart::Other => return Err(ResourceKind::OtherService),
    };
    if let Some(what) = what {
        let span = cx.part(value, service.at, service.at + service.text.len());
        cx.malformed(span, what, form.help, true);
    }
    let Some((path, before)) = parts.split_last() else { return Err(ResourceKind::Unreadable) };
    let trimmed = Part { text: path.text.trim(), at: path.at + path.text.len() - path.text.trim_start().len() };
    let whole = before.iter().map(|part| part.text.len() + 1).sum::<usize>() + trimmed.text.len();
    let span = cx.span(value);
    if whole != path.at + path.text.len() {
        cx.malformed(span, "there are blanks in it, and a request's resource has none", form.help, true);
    }
    if trimmed.text.is_empty() {
        cx.malformed(span, "the last part, the bucket and key, is empty", form.help, false);
        return Err(ResourceKind::Unreadable);
    }
    Ok(trimmed)
}

/// The pattern of a part in which every hole stands for the same.
pub(in crate::dialect) fn of_role<'s>(
    cx: &Lowering<'_, 's>,
    value: Value<'_, 's>,
    text: &Cow<'s, str>,
    part: Part<'_>,
    role: HoleRole,
) -> Pattern<'s> {
    let mut pattern = part_pattern(cx, value, text, part, Case::Sensitive);
    pattern.holes_mut().iter_mut().for_each(|hole| hole.role = role);
    pattern
}

/// Note what is wrong with the bucket of a resource that can be read.
pub(in crate::dialect) fn check_bucket(cx: &mut Lowering<'_, '_>, form: &Form, place: &Place<'_>) {
    let bucket = place.bucket();
    let end = bucket.len() as u32;
    let span = place.path.anchor().locate(0..end);
    let is_plain = place.path.tokens().iter().all(|token| token.start >= end || token.kind == TokenKind::Literal);
    if is_plain && (form.is_host)(bucket) {
        let help = "write the bucket alone, such as `examplebucket`";
        cx.malformed(span, "a host name stands where the bucket belongs", help, false);
    } else if is_plain && !bucket.bytes().all(form.is_of_name) {
        cx.malformed(span, form.is_misnamed, form.help, false);
    } else if place.key() == Some("") {
        let help = "write the bucket alone, or add its keys, such as `/*`";
        cx.malformed(place.path.anchor().whole, "a slash stands behind the bucket and no key", help, false);
    }
}
