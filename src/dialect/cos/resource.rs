//! Resources: `qcs::cos:region:uid/appid:bucket-appid/key`, the older `prefix//appid/bucket/key`, and `*`.
//!
//! Six parts, split at the first five colons; the second is a leftover and empty, an empty region or account means
//! all regions and the policy's own account (<https://www.tencentcloud.com/document/product/598/10606>). The APPID is
//! what stands behind the last hyphen of the bucket's name
//! (<https://www.tencentcloud.com/document/product/436/30580>).

use std::borrow::Cow;

use super::super::lowering::{Lowering, glob};
use super::words::vendor_of_resource;
use crate::catalog::nearest;
use crate::policy::{
    Anchor, Case, HoleOrigin, HoleRole, Pattern, Place, ProblemKind, Resource, ResourceKind, find_hole, may_hold_hole,
};
use crate::syntax::Value;

/// Holes with these names stand for a part of a path that owns nothing.
const PATH_WORDS: [&str; 20] = [
    "date",
    "day",
    "month",
    "year",
    "hour",
    "time",
    "timestamp",
    "size",
    "ext",
    "extension",
    "suffix",
    "file",
    "filename",
    "type",
    "format",
    "version",
    "env",
    "stage",
    "category",
    "lang",
];

/// Variables of CAM that COS does not fill in within a resource
/// (<https://www.tencentcloud.com/document/product/598/10607>).
const VARIABLES: [&str; 4] = ["${uin}", "${owner_uin}", "${app_id}", "${qcs:user}"];

pub(super) fn resource<'s>(cx: &mut Lowering<'_, 's>, value: Value<'_, 's>, text: Cow<'s, str>) -> Resource<'s> {
    let span = cx.span(value);
    let trimmed = text.trim();
    if !trimmed.is_empty() && trimmed.bytes().all(|byte| byte == b'*') {
        return Resource { span, text, kind: ResourceKind::Everything, is_faulty: false };
    }
    if let Some(vendor) = vendor_of_resource(&text) {
        let instead = Cow::Borrowed("`qcs::cos:<Region>:uid/<APPID>:<BucketName-APPID>/<key>`");
        cx.problem(span, ProblemKind::ForeignWord { vendor, instead });
        return Resource { span, text, kind: ResourceKind::Unreadable, is_faulty: true };
    }
    let has_holes = may_hold_hole(&text);
    let parts = split(&text, has_holes);
    let Some(parts) = parts else {
        if find_hole(text.trim(), 0).is_some_and(|(hole, _)| hole.start == 0) {
            return Resource { kind: all_hole(cx, value, &text), span, text, is_faulty: false };
        }
        let what = if text.trim_start().starts_with("qcs:") {
            "it has fewer than six parts"
        } else {
            "it does not begin with `qcs::cos:`"
        };
        malformed(cx, span, what.into());
        return Resource { span, text, kind: ResourceKind::Unreadable, is_faulty: true };
    };
    let kind = six_parts(cx, value, &text, &parts, has_holes);
    let is_faulty = has_holes && unexpanded(cx, value, &text);
    Resource { span, text, kind, is_faulty }
}

/// A resource whose first parts a hole holds: nothing tells what it reaches.
fn all_hole<'s>(cx: &mut Lowering<'_, 's>, value: Value<'_, 's>, text: &Cow<'s, str>) -> ResourceKind<'s> {
    let nothing = || Pattern::literal("", Anchor::loose(cx.span(value)));
    let (region, account) = (nothing(), nothing());
    let mut path =
        pattern(cx, value, text, Part { text: text.trim(), at: text.len() - text.trim_start().len() }, 0, true);
    for hole in path.holes_mut() {
        hole.role = HoleRole::Unknown;
    }
    ResourceKind::Place(Box::new(Place { region, account, path }))
}

fn malformed(cx: &mut Lowering<'_, '_>, span: crate::text::Span, what: Cow<'static, str>) {
    let help = Cow::Borrowed("write `qcs::cos:<Region>:uid/<APPID>:<BucketName-APPID>/<key>`");
    cx.problem(span, ProblemKind::MalformedResource { what, help });
}

/// A part of a text and where it begins.
#[derive(Debug, Clone, Copy)]
struct Part<'t> {
    text: &'t str,
    at: usize,
}

/// Split at the first five colons that stand in no hole; blanks around the first five parts are cut off.
fn split(text: &str, has_holes: bool) -> Option<[Part<'_>; 6]> {
    let mut parts = [Part { text: "", at: 0 }; 6];
    let mut from = 0;
    let mut search = 0;
    let first_hole = if has_holes { find_hole(text, 0) } else { None };
    let mut hole = first_hole.map(|(range, _)| range);
    for slot in parts.iter_mut().take(5) {
        let colon = loop {
            let colon = search + memchr::memchr(b':', text.as_bytes().get(search..)?)?;
            match &hole {
                Some(range) if range.contains(&colon) => {
                    search = range.end;
                    hole = find_hole(text, search).map(|(range, _)| range);
                }
                Some(range) if range.end <= colon => hole = find_hole(text, range.end).map(|(range, _)| range),
                _ => break colon,
            }
        };
        let part = text.get(from..colon)?;
        *slot = Part { text: part.trim(), at: from + part.len() - part.trim_start().len() };
        from = colon + 1;
        search = from;
    }
    let last = text.get(from..)?;
    parts[5] = Part { text: last, at: from };
    (parts[0].text == "qcs").then_some(parts)
}

fn six_parts<'s>(
    cx: &mut Lowering<'_, 's>,
    value: Value<'_, 's>,
    text: &Cow<'s, str>,
    parts: &[Part<'_>; 6],
    has_holes: bool,
) -> ResourceKind<'s> {
    let [_, project, service, region, account, path] = *parts;
    let part_span = |cx: &Lowering<'_, 's>, part: Part<'_>| cx.part(value, part.at, part.at + part.text.len());
    if !matches!(service.text, "cos" | "" | "*") {
        if service.text.eq_ignore_ascii_case("cos") {
            let span = part_span(cx, service);
            malformed(cx, span, "the service is written `cos`".into());
        } else if is_other_service(service.text) {
            return ResourceKind::OtherService;
        }
        // Any other wildcard covers COS too, a hole may be filled with it, and what is left is judged as if it were.
    }
    let blanks = path.text.len() - path.text.trim_start().len();
    let path = Part { text: path.text.trim(), at: path.at + blanks };
    let whole = parts.iter().take(5).map(|part| part.text.len() + 1).sum::<usize>() + path.text.len();
    if whole != text.len() {
        let span = cx.span(value);
        malformed(cx, span, "there are blanks in it, and a request's resource has none".into());
    } else if !project.text.is_empty() {
        let span = part_span(cx, project);
        malformed(cx, span, "the second part is a leftover and must be empty".into());
    }
    if path.text.is_empty() {
        let span = cx.span(value);
        malformed(cx, span, "the sixth part, the bucket and key, is empty".into());
        return ResourceKind::Unreadable;
    }
    let mut region_pattern = pattern(cx, value, text, region, 0, has_holes);
    for hole in region_pattern.holes_mut() {
        hole.role = HoleRole::Region;
    }
    check_region(cx, &region_pattern);
    let mut account_pattern = pattern(cx, value, text, account, 2, has_holes);
    for hole in account_pattern.holes_mut() {
        hole.role = HoleRole::Account;
    }
    let id = check_account(cx, value, account, &account_pattern);
    let mut path_pattern = match path.text.strip_prefix("prefix/") {
        Some(rest) => legacy(cx, value, rest, path, id),
        None => pattern(cx, value, text, path, 0, has_holes),
    };
    let place_of_slash = memchr::memchr(b'/', path_pattern.text().as_bytes()).map_or(u32::MAX, |at| at as u32);
    assign_roles(cx, &mut path_pattern, place_of_slash);
    let place = Place { region: region_pattern, account: account_pattern, path: path_pattern };
    check_bucket(cx, &place, account, id);
    ResourceKind::Place(Box::new(place))
}

/// Whether a service word, with or without wildcards, is another service's.
fn is_other_service(word: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'*');
    word.bytes().all(is_plain) && !glob(word, "cos")
}

/// The pattern of a part. With `masked` above 0, runs of that many `*` or more hide a value.
fn pattern<'s>(
    cx: &Lowering<'_, 's>,
    value: Value<'_, 's>,
    text: &Cow<'s, str>,
    part: Part<'_>,
    masked: usize,
    has_holes: bool,
) -> Pattern<'s> {
    let end = part.at + part.text.len();
    let anchor = cx.anchor(value);
    let anchor =
        if anchor.exact.is_some() { Anchor::exact(cx.part(value, part.at, end)) } else { Anchor::loose(anchor.whole) };
    let own: Cow<'s, str> = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(part.at..end).unwrap_or_default()),
        Cow::Owned(_) => Cow::Owned(part.text.to_owned()),
    };
    if masked > 0 && has_run(&own, masked) {
        return Pattern::masked(own, masked, anchor);
    }
    if has_holes { Pattern::new(own, false, Case::Sensitive, anchor) } else { Pattern::without_holes(own, anchor) }
}

fn has_run(text: &str, len: usize) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'*', bytes)
        .any(|at| bytes.get(at..at + len).is_some_and(|run| run.iter().all(|byte| *byte == b'*')))
}

/// `prefix//appid/bucket/key` in today's form; `prefix/bucket/key`, which old pages have too, takes the APPID from the
/// account.
fn legacy<'s>(cx: &mut Lowering<'_, 's>, value: Value<'_, 's>, rest: &str, path: Part<'_>, id: &str) -> Pattern<'s> {
    let (appid, behind) = match rest.strip_prefix('/') {
        Some(rest) => rest.split_once('/').unwrap_or((rest, "*")),
        None => (id, rest),
    };
    let (bucket, key) = match behind.split_once('/') {
        Some((bucket, key)) => (bucket, Some(key)),
        None => (behind, None),
    };
    let mut modern = String::with_capacity(behind.len() + appid.len() + 1);
    modern.push_str(bucket);
    if !bucket.contains('*') && !appid.is_empty() && !appid.contains('*') {
        modern.push('-');
        modern.push_str(appid);
    }
    let mut key_at = modern.len() as u32;
    if let Some(key) = key {
        modern.push('/');
        key_at += 1;
        modern.push_str(key);
    }
    let whole = cx.part(value, path.at, path.at + path.text.len());
    let key_len = key.map_or(0, str::len);
    let exact = (cx.anchor(value).exact.is_some() && key.is_some()).then(|| (key_at, whole.end - key_len as u32));
    cx.problem(whole, ProblemKind::LegacyResource { modern: modern.clone() });
    Pattern::new(modern, false, Case::Sensitive, Anchor { whole, exact })
}

fn assign_roles(cx: &Lowering<'_, '_>, path: &mut Pattern<'_>, slash: u32) {
    let roles: smallvec::SmallVec<[HoleRole; 2]> = path
        .holes()
        .iter()
        .map(|hole| {
            let name = path.hole_name(hole);
            if slash == u32::MAX && !names_bucket(name) {
                // Without a slash the hole may hold the key as well.
                HoleRole::Unknown
            } else if hole.range.start < slash {
                HoleRole::Bucket
            } else if cx.owners.is_owner_name(name) {
                HoleRole::Owner
            } else if PATH_WORDS.iter().any(|word| name.eq_ignore_ascii_case(word)) {
                HoleRole::Path
            } else {
                HoleRole::Unknown
            }
        })
        .collect();
    for (hole, role) in path.holes_mut().iter_mut().zip(roles) {
        hole.role = role;
    }
}

/// Whether a hole's name says that it is a bucket's name or a part of one.
fn names_bucket(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["bucket", "appid", "app_id", "app-id"].iter().any(|word| name.contains(word))
}

fn check_region<'s>(cx: &mut Lowering<'_, 's>, region: &Pattern<'s>) {
    let text = region.text();
    if text.is_empty() || !region.is_literal() || super::CATALOG.has_region(text) {
        return;
    }
    let suggestion = nearest(text, super::CATALOG.regions().iter().map(String::as_str), 2);
    let kind = ProblemKind::UnknownRegion { region: Cow::Owned(text.to_owned()), suggestion };
    cx.problem(region.anchor().whole, kind);
}

/// The id in the account part: an APPID behind `uid/`, an account id behind `uin/`; empty where there is none.
fn check_account<'t>(
    cx: &mut Lowering<'_, '_>,
    value: Value<'_, '_>,
    account: Part<'t>,
    pattern: &Pattern<'_>,
) -> &'t str {
    let text = account.text;
    if pattern.holes().iter().any(|hole| hole.origin == HoleOrigin::Masked) {
        let span = pattern.anchor().whole;
        cx.problem(span, ProblemKind::MaskedText);
    }
    if text.is_empty() || text == "*" {
        return "";
    }
    let id = text.strip_prefix("uid/").or_else(|| text.strip_prefix("uin/"));
    let Some(id) = id else {
        if pattern.holes().is_empty() {
            let span = cx.part(value, account.at, account.at + text.len());
            let help = Cow::Borrowed("write `uid/<APPID>` or `uin/<account id>`");
            cx.problem(
                span,
                ProblemKind::MalformedResource { what: "the account is neither `uid/...` nor `uin/...`".into(), help },
            );
        }
        return "";
    };
    id
}

/// A bucket is named `name-APPID`; its APPID is the account's.
fn check_bucket(cx: &mut Lowering<'_, '_>, place: &Place<'_>, account: Part<'_>, id: &str) {
    let bucket = place.bucket();
    let bucket_len = bucket.len() as u32;
    let span = place.path.anchor().locate(0..bucket_len);
    let is_plain =
        place.path.tokens().iter().all(|t| t.start >= bucket_len || t.kind == crate::policy::TokenKind::Literal);
    if has_run(bucket, 3) {
        // To the provider this is a wildcard like any other, and it is judged as one.
        cx.problem(span, ProblemKind::MaskedText);
    }
    if !is_plain {
        return;
    }
    if bucket.contains('.') {
        let what = Cow::Borrowed("a host name stands where the bucket belongs");
        let help = Cow::Borrowed("write the bucket alone, such as `examplebucket-1250000000`");
        cx.problem(span, ProblemKind::MalformedResource { what, help });
        return;
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let Some(appid) = bucket.rsplit_once('-').map(|(_, appid)| appid).filter(|appid| digits(appid)) else {
        if !bucket.is_empty() && !bucket.to_ascii_lowercase().ends_with("-appid") && bucket.is_ascii() {
            let what = Cow::Borrowed("the bucket's name lacks its APPID");
            let help = Cow::Owned(format!("write `{bucket}-<APPID>`"));
            cx.problem(span, ProblemKind::MalformedResource { what, help });
        }
        return;
    };
    let is_uin = account.text.starts_with("uin/");
    if !digits(id) {
        return;
    }
    let account_span = place.account.anchor().whole;
    if is_uin && id == appid {
        let what = format!("`{id}` is an APPID and stands behind `uin/`");
        cx.problem(account_span, ProblemKind::AccountMismatch { what, help: format!("write `uid/{appid}`") });
    } else if !is_uin && id != appid {
        let what = if id.len() == 12 && id.starts_with("100") {
            format!("`{id}` is an account id (uin) and stands behind `uid/`, where the APPID belongs")
        } else {
            format!("the account is `{id}`, the bucket belongs to `{appid}`")
        };
        cx.problem(
            account_span,
            ProblemKind::AccountMismatch { what, help: format!("write `uid/{appid}`, or correct the bucket") },
        );
    }
}

/// Note variables that are never filled in here; tells whether there is one.
pub(super) fn unexpanded(cx: &mut Lowering<'_, '_>, value: Value<'_, '_>, text: &str) -> bool {
    let mut found = false;
    if !text.contains("${") {
        return false;
    }
    for variable in VARIABLES {
        for (at, _) in text.match_indices(variable) {
            found = true;
            let span = cx.part(value, at, at + variable.len());
            cx.problem(span, ProblemKind::UnexpandedVariable { variable: Cow::Borrowed(variable) });
        }
    }
    found
}
