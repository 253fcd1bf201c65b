//! Resources: `arn:aws:s3:::bucket/key`, access points, and `*`.
//!
//! Six parts, split at the first five colons
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>); `*` and `?` are wildcards in each.

use std::borrow::Cow;

use super::super::iam;
use super::super::lowering::Lowering;
use super::super::parts::{Part, assign_roles, part_pattern};
use super::{GRAMMAR, NO_ACCOUNT, variable};
use crate::policy::{Case, HoleRole, Pattern, Place, Resource, ResourceKind, may_hold_hole};
use crate::syntax::Value;

const FORM: iam::Form = iam::Form {
    grammar: &GRAMMAR,
    scheme: "arn",
    begins_otherwise: "it does not begin with `arn:`",
    is_short: "it has fewer than six parts",
    help: "write `arn:aws:s3:::<BucketName>/<key>`",
    // <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
    is_odd_service: |_| Some("the service cannot be a wildcard"),
    is_host: |bucket| bucket.ends_with(".amazonaws.com"),
    is_of_name,
    is_misnamed: "a bucket's name has letters, digits, hyphens and dots",
};

pub(super) fn resource<'s>(cx: &mut Lowering<'_, 's>, value: Value<'_, 's>, text: Cow<'s, str>) -> Resource<'s> {
    iam::resource(cx, &FORM, value, text, |cx, text, parts| match six_parts(cx, value, text, parts) {
        Ok(place) => (place, may_hold_hole(text) && variable::check(cx, value, text)),
        Err(kind) => (kind, false),
    })
}

fn six_parts<'s>(
    cx: &mut Lowering<'_, 's>,
    value: Value<'_, 's>,
    text: &Cow<'s, str>,
    parts: &[Part<'_>; 6],
) -> Result<ResourceKind<'s>, ResourceKind<'s>> {
    let [_, partition, service, region, account, _] = *parts;
    let path = iam::own_path(cx, &FORM, value, service, parts)?;
    let partition = iam::of_role(cx, value, text, partition, HoleRole::Region);
    let end = account.at + account.text.len();
    let account = Part { text: text.get(region.at..end).unwrap_or_default(), at: region.at };
    let account = iam::of_role(cx, value, text, account, HoleRole::Account);
    let mut path = part_pattern(cx, value, text, path, Case::Sensitive);
    let slash = slash(&path);
    assign_roles(cx.owners, &mut path, slash);
    variable::fill(&mut path, slash, cx.owners);
    let place = Place::new(partition, account, path);
    check_site(cx, &place);
    iam::check_bucket(cx, &FORM, &place);
    Ok(ResourceKind::Place(Box::new(place)))
}

/// Offset of the `/` behind the bucket, no part of a hole; `u32::MAX` where there is none.
fn slash(path: &Pattern<'_>) -> u32 {
    memchr::memchr_iter(b'/', path.text().as_bytes())
        .map(|at| at as u32)
        .find(|at| !path.holes().iter().any(|hole| hole.range.contains(at)))
        .unwrap_or(u32::MAX)
}

/// Where the keys of a bucket or of an access point begin; `None` for several of them, and for none.
pub(super) fn keys_from(place: &Place<'_>) -> Option<u32> {
    let slash = place.slash()? + 1;
    let text = place.path.text();
    let Some(rest) = text.strip_prefix("accesspoint/").filter(|_| place.account.text() != NO_ACCOUNT) else {
        return Some(slash);
    };
    let open = place.path.first_open().map_or(text.len(), |open| open.start as usize);
    let is_wild = open < text.len();
    let Some(name) = rest.find('/').map(|at| slash as usize + at + 1).filter(|at| *at <= open) else {
        return (!is_wild).then_some(slash);
    };
    let keys = text.get(name..).and_then(|rest| rest.strip_prefix("object/")).map(|keys| text.len() - keys.len());
    // A wildcard behind the name stands for the word before the keys as well.
    keys.or((name == open && is_wild).then_some(name)).map_or(Some(slash), |from| Some(from as u32))
}

/// A path in a place as one of its keys' resources: behind the name of an access point stands the word before the keys, for which
/// a wildcard of the place may stand as well.
pub(super) fn with_keys_word<'p>(place: &Place<'_>, path: &'p str) -> Cow<'p, str> {
    const WORD: &str = "object/";
    let point = |text: &str| {
        let rest = text.strip_prefix("accesspoint/")?;
        rest.find('/').map(|at| text.len() - rest.len() + at + 1)
    };
    let own = place.path.text();
    let open = place.path.first_open().map(|open| open.start as usize);
    // What of the word the place has before its wildcard.
    let start = point(own).zip(open).and_then(|(name, open)| own.get(name..open));
    let is_point = place.account.text() != NO_ACCOUNT;
    let Some(start) = start.filter(|start| is_point && *start != WORD && WORD.starts_with(start)) else {
        return Cow::Borrowed(path);
    };
    match point(path).and_then(|name| path.split_at_checked(name)) {
        Some((head, key)) if !key.is_empty() && !key.starts_with(['*', '?']) && !key.starts_with(WORD) => {
            Cow::Owned([head, WORD, key.strip_prefix(start).unwrap_or(key)].concat())
        }
        _ => Cow::Borrowed(path),
    }
}

/// Note a partition that is none, and an account where a bucket has none.
fn check_site(cx: &mut Lowering<'_, '_>, place: &Place<'_>) {
    let partition = &place.region;
    if partition.is_literal() && !partition.text().starts_with("aws") {
        let help = "write `aws`, `aws-cn` or `aws-us-gov`";
        cx.malformed(partition.anchor().whole, "the second part is no partition", help, false);
    }
    let is_bucket = !["accesspoint/", "job/", "storage-lens", "async-request/", "access-grants/"]
        .iter()
        .any(|other| place.path.text().starts_with(other));
    if is_bucket && place.account.is_literal() && place.account.text() != NO_ACCOUNT {
        let help = "write `arn:aws:s3:::` and the bucket";
        cx.malformed(place.account.anchor().whole, "the ARN of a bucket has neither region nor account", help, false);
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
