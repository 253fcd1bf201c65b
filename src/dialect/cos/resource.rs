//! Resources: `qcs::cos:region:uid/appid:bucket-appid/key`, the older `prefix//appid/bucket/key`, and `*`.
//!
//! Six parts, split at the first five colons; the second is a leftover and empty, an empty region or account means
//! all regions and the policy's own account (<https://www.tencentcloud.com/document/product/598/10606>). The APPID is
//! what stands behind the last hyphen of the bucket's name
//! (<https://www.tencentcloud.com/document/product/436/30580>).

pub(super) mod check;

use std::borrow::Cow;

use super::super::lowering::{Head, Lowering, ServicePart, is_stars, service_part};
use super::super::parts::{Part, assign_roles, parts};
use super::GRAMMAR;
use super::account::contradiction;
use crate::catalog::Word;
use crate::policy::{
    Anchor, Case, Glance, HoleRole, Pattern, Place, ProblemKind, Resource, ResourceKind, find_hole, may_hold_hole,
};
use crate::syntax::Value;
use crate::text::Span;

pub(super) fn resource<'s>(cx: &mut Lowering<'_, 's>, value: Value<'_, 's>, text: Cow<'s, str>) -> Resource<'s> {
    documented(cx, value, &text).unwrap_or_else(|| any(cx, value, text))
}

/// A resource in whatever form.
fn any<'s>(cx: &mut Lowering<'_, 's>, value: Value<'_, 's>, text: Cow<'s, str>) -> Resource<'s> {
    let span = cx.span(value);
    if !text.starts_with("qcs:") && is_stars(text.trim()) {
        return Resource { span, text, kind: ResourceKind::Everything, is_faulty: false };
    }
    if let Some(vendor) = GRAMMAR.foreign(Word::Resource(&text)) {
        let instead = Cow::Borrowed(GRAMMAR.words().instead().resource.as_str());
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
        malformed(cx, span, what, false);
        return Resource { span, text, kind: ResourceKind::Unreadable, is_faulty: true };
    };
    let kind = six_parts(cx, value, &text, &parts, has_holes);
    let is_nowhere = matches!(&kind, ResourceKind::Place(place) if contradiction(place).is_some());
    let is_faulty = has_holes && check::unexpanded(cx, value, &text) || is_nowhere;
    Resource { span, text, kind, is_faulty }
}

/// A resource in the documented form, `qcs::cos:region:uid/appid:bucket-appid/key`, whose region and account are plain or
/// empty. Nearly all are; the way for all others would say the same of it and takes longer.
fn documented<'s>(cx: &mut Lowering<'_, 's>, value: Value<'_, 's>, text: &Cow<'s, str>) -> Option<Resource<'s>> {
    let Cow::Borrowed(text) = *text else { return None };
    let start = cx.exact_start(value).filter(|_| cx.fragment.is_straight())?;
    let is_sound = !cx.sound.text.is_empty() && text.starts_with(cx.sound.text);
    let head @ Head { account_at, path_at, .. } = if is_sound { cx.sound } else { head_of(text)? };
    let path = text.get(path_at..)?;
    let is_solid = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    if !is_solid(path.as_bytes().first()) || !is_solid(path.as_bytes().last()) || path.starts_with("prefix/") {
        return None;
    }
    let part = |from: usize, to: usize| {
        let span = Span::new(start + from as u32, start + to as u32);
        Pattern::literal(text.get(from..to).unwrap_or_default(), Anchor::exact(span))
    };
    let (region, account) = (part(SCHEME.len(), account_at - 1), part(account_at, path_at - 1));
    let glance = Glance::at(path);
    let path_anchor = Anchor::exact(Span::new(start + path_at as u32, start + text.len() as u32));
    let mut path_pattern = Pattern::glanced(path, glance, path_anchor);
    let mut is_faulty = !path_pattern.holes().is_empty() && {
        assign_roles(cx.owners, &mut path_pattern, glance.slash.unwrap_or(u32::MAX));
        check::unexpanded(cx, value, text)
    };
    let place = if glance.may_hold_hole {
        Place::new(region, account, path_pattern)
    } else {
        Place::with_slash(region, account, path_pattern, glance.fixed_slash())
    };
    if !is_sound {
        let problems = cx.problems.len();
        check::region(cx, &place.region);
        if !is_of_account(place.bucket(), head.id) {
            check::bucket(cx, &place);
        }
        if cx.problems.len() > problems {
            is_faulty |= contradiction(&place).is_some();
        } else if let Some(slash) = place.slash() {
            cx.sound = Head { text: text.get(..=path_at + slash as usize)?, ..head };
        }
    }
    let kind = ResourceKind::Place(Box::new(place));
    Some(Resource { span: cx.span(value), text: Cow::Borrowed(text), kind, is_faulty })
}

/// What a documented resource begins with.
const SCHEME: &str = "qcs::cos:";

/// Where the parts of a text begin whose region and account are plain or empty; what its bucket is, is not looked at yet.
fn head_of(text: &str) -> Option<Head<'_>> {
    let rest = text.strip_prefix(SCHEME)?;
    let (_, rest) = rest.split_at_checked(rest.bytes().position(|byte| !is_plain(byte))?)?;
    let rest = rest.strip_prefix(':')?;
    let account_at = text.len() - rest.len();
    let id = rest.strip_prefix("uid/").unwrap_or(rest);
    let (id, behind) = id.split_at_checked(id.bytes().position(|byte| !byte.is_ascii_digit())?)?;
    let path_at = text.len() - behind.strip_prefix(':')?.len();
    let is_empty = path_at == account_at + 1;
    let is_named = !id.is_empty() && id.len() < path_at - 1 - account_at;
    (is_empty || is_named).then_some(Head { text: "", account_at, path_at, id })
}

/// Whether a byte is one of which regions and buckets are named.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
}

/// Whether a bucket is plainly named and of the account of this number.
fn is_of_account(bucket: &str, id: &str) -> bool {
    let name = bucket.strip_suffix(id).and_then(|rest| rest.strip_suffix('-')).filter(|_| !id.is_empty());
    name.is_some_and(|name| !name.is_empty() && name.bytes().all(is_plain))
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
    ResourceKind::Place(Box::new(Place::new(region, account, path)))
}

fn malformed(cx: &mut Lowering<'_, '_>, span: Span, what: &'static str, is_mended: bool) {
    cx.malformed(span, what, "write `qcs::cos:<Region>:uid/<APPID>:<BucketName-APPID>/<key>`", is_mended);
}

/// The six parts of a resource; `None` for a text that is in no such form.
fn split(text: &str, has_holes: bool) -> Option<[Part<'_>; 6]> {
    parts(text, has_holes).filter(|parts| parts[0].text == "qcs")
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
    match service_part(service.text, "cos") {
        // Every service is an empty part, and was a `*` in older documents.
        ServicePart::Own => {}
        ServicePart::Odd if service.text.is_empty() => {}
        // A hole may be filled with COS, and what is left is judged as if it were.
        ServicePart::Odd => {
            let span = part_span(cx, service);
            malformed(cx, span, "nothing tells which service it is of", true);
        }
        ServicePart::Wild if service.text == "*" => {}
        ServicePart::OtherCase => {
            let span = part_span(cx, service);
            malformed(cx, span, "the service is written `cos`", true);
        }
        ServicePart::Wild => {
            let span = part_span(cx, service);
            malformed(cx, span, "the service is written `cos`, or left empty for every one", true);
        }
        ServicePart::Other => return ResourceKind::OtherService,
    }
    let blanks = path.text.len() - path.text.trim_start().len();
    let path = Part { text: path.text.trim(), at: path.at + blanks };
    let whole = parts.iter().take(5).map(|part| part.text.len() + 1).sum::<usize>() + path.text.len();
    if whole != text.len() {
        let span = cx.span(value);
        malformed(cx, span, "there are blanks in it, and a request's resource has none", true);
    } else if !project.text.is_empty() {
        let span = part_span(cx, project);
        malformed(cx, span, "the second part is a leftover and must be empty", true);
    }
    if path.text.is_empty() {
        let span = cx.span(value);
        malformed(cx, span, "the sixth part, the bucket and key, is empty", false);
        return ResourceKind::Unreadable;
    }
    let mut region_pattern = pattern(cx, value, text, region, 0, has_holes);
    for hole in region_pattern.holes_mut() {
        hole.role = HoleRole::Region;
    }
    check::region(cx, &region_pattern);
    let mut account_pattern = pattern(cx, value, text, account, 2, has_holes);
    for hole in account_pattern.holes_mut() {
        hole.role = HoleRole::Account;
    }
    let id = check::account(cx, value, account, &account_pattern);
    let mut path_pattern = match path.text.strip_prefix("prefix/") {
        Some(rest) => {
            let legacy = Legacy::read(rest, id);
            // The bucket's name tells no account where it holds a wildcard, so the account has to.
            if account.text.is_empty() && !legacy.is_named() && is_number(legacy.appid) {
                account_pattern = Pattern::literal(format!("uid/{}", legacy.appid), account_pattern.anchor());
            }
            legacy.pattern(cx, value, path)
        }
        None => pattern(cx, value, text, path, 0, has_holes),
    };
    let place_of_slash = memchr::memchr(b'/', path_pattern.text().as_bytes()).map_or(u32::MAX, |at| at as u32);
    assign_roles(cx.owners, &mut path_pattern, place_of_slash);
    let place = Place::new(region_pattern, account_pattern, path_pattern);
    check::bucket(cx, &place);
    ResourceKind::Place(Box::new(place))
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
    let anchor = match cx.exact_start(value) {
        Some(start) if cx.fragment.is_straight() => {
            Anchor::exact(Span::new(start + part.at as u32, start + end as u32))
        }
        Some(_) => Anchor::exact(cx.part(value, part.at, end)),
        None => Anchor::loose(cx.span(value)),
    };
    let own: Cow<'s, str> = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(part.at..end).unwrap_or_default()),
        Cow::Owned(_) => Cow::Owned(part.text.to_owned()),
    };
    if masked > 0 && check::has_run(&own, masked) {
        return Pattern::masked(own, masked, anchor);
    }
    if has_holes && may_hold_hole(&own) {
        return Pattern::new(own, false, Case::Sensitive, anchor);
    }
    Pattern::without_holes(own, anchor)
}

/// `prefix//appid/bucket/key`; `prefix/bucket/key`, which old pages have too, takes the APPID from the account.
struct Legacy<'t> {
    appid: &'t str,
    bucket: &'t str,
    key: Option<&'t str>,
}

impl<'t> Legacy<'t> {
    /// Read what stands behind `prefix/`; `id` is the account's.
    fn read(rest: &'t str, id: &'t str) -> Self {
        let (appid, behind) = match rest.strip_prefix('/') {
            Some(rest) => rest.split_once('/').unwrap_or((rest, "*")),
            None => (id, rest),
        };
        match behind.split_once('/') {
            Some((bucket, key)) => Self { appid, bucket, key: Some(key) },
            None => Self { appid, bucket: behind, key: None },
        }
    }

    /// Whether the bucket's name is known to its end, so that the APPID stands behind it today.
    fn is_named(&self) -> bool {
        !self.bucket.contains('*') && !self.appid.is_empty() && !self.appid.contains('*')
    }

    /// The path in today's form.
    fn pattern<'s>(&self, cx: &mut Lowering<'_, 's>, value: Value<'_, 's>, path: Part<'_>) -> Pattern<'s> {
        let mut modern = self.bucket.to_owned();
        if self.is_named() {
            modern.push('-');
            modern.push_str(self.appid);
        }
        let mut key_at = modern.len() as u32;
        if let Some(key) = self.key {
            modern.push('/');
            key_at += 1;
            modern.push_str(key);
        }
        let whole = cx.part(value, path.at, path.at + path.text.len());
        let key_len = self.key.map_or(0, str::len);
        let is_exact = cx.anchor(value).exact.is_some() && self.key.is_some();
        let exact = is_exact.then(|| (key_at, whole.end - key_len as u32));
        cx.problem(whole, ProblemKind::LegacyResource { modern: modern.clone() });
        Pattern::new(modern, false, Case::Sensitive, Anchor { whole, exact })
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Owners;
    use crate::syntax::parse;
    use crate::text::{Fragment, Source};

    #[test]
    fn the_short_way_says_what_the_long_way_says() {
        let mut texts: Vec<String> = Vec::new();
        for region in ["", "ap-beijing", "ap-beijin", "AP", "*", "ap-*", "<Region>"] {
            for account in ["", "uid/1250000000", "uid/", "uid/*", "uin/100000000001", "1250000000", "uid/1259999999"] {
                for path in [
                    "*",
                    "b-1250000000/*",
                    "b-1250000000/",
                    "b-1250000000",
                    "b/a",
                    " b-1/a",
                    "b-1/a ",
                    "prefix//1250000000/b/a",
                    "b-1250000000/<Username>/*",
                    "b-1250000000/${uin}/a",
                    "<Bucket>-1/a",
                    "b***-1/a",
                    "b.cos/a",
                    "b-1250000000/图/*",
                    "",
                ] {
                    texts.push(format!("qcs::cos:{region}:{account}:{path}"));
                }
            }
        }
        for text in texts {
            let source = Source::new("x", format!("\"{text}\"")).unwrap();
            let (fragment, tree) = (Fragment::whole(&source), parse(source.text()));
            let value = tree.roots().next().unwrap();
            let owners = Owners::default();
            let content = || Cow::Borrowed(value.content().of(value.tree().text()));
            let mut cx = Lowering::new(&fragment, &owners);
            // Once as the first of a policy, and once behind one that begins alike.
            let [(short, problems), again] = [(); 2].map(|()| {
                let short = format!("{:?}", resource(&mut cx, value, content()));
                let mut problems = std::mem::take(&mut cx.problems);
                problems.sort_by_key(|problem| problem.span);
                (short, problems)
            });
            assert_eq!(format!("{:?}", (&short, &problems)), format!("{again:?}"), "{text}");
            let long = format!("{:?}", any(&mut cx, value, content()));
            cx.problems.sort_by_key(|problem| problem.span);
            assert_eq!(format!("{problems:?}"), format!("{:?}", cx.problems), "{text}");
            assert_eq!(short, long, "{text}");
        }
    }

    #[test]
    fn what_stands_before_a_resource_changes_nothing_of_it() {
        let head = "qcs::cos::uid/1250000000:";
        let paths = [
            "b-1250000000/k",
            "${a/b}-1250000000/k",
            "${a/evil",
            "b-1250000000/*",
            "b-1250000000",
            "b-1250000000/<u>",
            "c/k",
        ];
        let source = |text: &str| Source::new("x", format!("\"{head}{text}\"")).unwrap();
        let read = |texts: &[&str]| {
            let owners = Owners::default();
            let sources: Vec<Source> = texts.iter().map(|text| source(text)).collect();
            let whole: Vec<_> = sources.iter().map(Fragment::whole).collect();
            let trees: Vec<_> = sources.iter().map(|source| parse(source.text())).collect();
            let mut cx = Lowering::new(whole.first().unwrap(), &owners);
            let mut last = String::new();
            for tree in &trees {
                cx.problems.clear();
                let value = tree.roots().next().unwrap();
                let content = Cow::Borrowed(value.content().of(tree.text()));
                last = format!("{:?} {:?}", resource(&mut cx, value, content), cx.problems);
            }
            last
        };
        for first in paths {
            for second in paths {
                assert_eq!(read(&[first, second]), read(&[second]), "{first} before {second}");
            }
        }
    }
}
