//! The settings of the STS SDKs, lowered to the one statement that the SDKs make of them.
//!
//! The official SDKs (`qcloud-cos-sts-sdk`) take a bucket, a region, prefixes and actions and join them all: every
//! action on every prefix. An empty or missing prefix list is taken as the whole bucket. Each part of the statement
//! keeps the bytes of the setting that it came from.

use std::borrow::Cow;

use super::super::lowering::Lowering;
use super::super::request::StsRequest;
use super::super::{Candidate, document};
use super::{GRAMMAR, action};
use crate::policy::{
    Anchor, Case, HoleRole, KindHint, Pattern, Place, Policy, ProblemKind, Resource, ResourceKind, Statement, find_hole,
};
use crate::syntax::{Kind, Value};
use crate::text::Span;

pub(super) fn policy<'s>(cx: &mut Lowering<'_, 's>, candidate: &Candidate<'_, 's>) -> Policy<'s> {
    let value = candidate.value;
    let span = cx.span(value);
    cx.statement = Some(0);
    let mut statement = Statement::bare(0, span, value.index());
    let (mut bucket, mut region, mut duration, mut has_actions) = (None, None, None, false);
    let mut prefixes: Vec<Value<'_, 's>> = Vec::new();
    for member in value.members() {
        // The SDKs differ in case and underscores, and one compares keys in any case; every spelling is judged.
        match plain(&member.name()).as_str() {
            "bucket" => bucket = Some(member.value),
            "region" => region = Some(member.value),
            "allowprefix" | "allowprefixes" => prefixes.push(member.value),
            "allowactions" => {
                has_actions = true;
                statement.actions.span = cx.span(member.value);
                let patterns = &mut statement.actions.patterns;
                cx.strings("allowActions", member.value, |cx, value, text| {
                    patterns.push(action::action(cx, value, text));
                });
                statement.actions.is_missing = statement.actions.patterns.is_empty();
            }
            "durationseconds" => {
                let text = member.value.string();
                let seconds = member.value.number().or_else(|| text.and_then(|text| text.trim().parse().ok()));
                duration = seconds.map(|seconds| (seconds, cx.span(member.value)));
            }
            "condition" => GRAMMAR.conditions("condition").read(cx, member.value, &mut statement.conditions),
            _ => {}
        }
    }
    if !has_actions {
        cx.problem(span, ProblemKind::MissingElement { element: "allowActions", is_empty: false });
    }
    for (element, setting) in [("bucket", bucket), ("region", region)] {
        if let Some(setting) = setting.filter(|setting| setting.kind() != Kind::String) {
            cx.wrong_type(element, setting, "a string");
        }
    }
    let bucket_text = bucket.and_then(Value::string).unwrap_or_default();
    let region_text = region.and_then(Value::string).unwrap_or_default();
    if let Some(bucket) = bucket {
        check_bucket(cx, bucket, &bucket_text);
    }
    let resources = &mut statement.resources;
    resources.is_missing = false;
    for setting in &prefixes {
        resources.span = cx.span(*setting);
        let before = resources.patterns.len();
        let patterns = &mut resources.patterns;
        let mut from = |cx: &mut Lowering<'_, 's>, value: Value<'_, 's>, text: Cow<'s, str>| {
            patterns.push(resource(cx, value, &text, &bucket_text, &region_text));
        };
        if let Some(text) = setting.string() {
            from(cx, *setting, text);
        } else if !matches!(setting.kind(), Kind::Array | Kind::Missing | Kind::Null) {
            cx.wrong_type("allowPrefixes", *setting, "a string or a list of strings");
        } else {
            for inner in setting.elements() {
                match inner.string() {
                    Some(text) => from(cx, inner, text),
                    None => cx.wrong_type("allowPrefixes", inner, "a string"),
                }
            }
        }
        // An empty list means the whole bucket, and each SDK reads a setting of its own.
        if resources.patterns.len() == before {
            let at = cx.span(*setting);
            resources.patterns.push(whole_bucket(&bucket_text, &region_text, at));
        }
    }
    if resources.patterns.is_empty() {
        let at = bucket.map_or(span, |value| cx.span(value));
        resources.patterns.push(whole_bucket(&bucket_text, &region_text, at));
    }
    cx.statement = None;
    let request = Some(document::request(StsRequest { duration, assumes_role: false }));
    let policy = document::finish(cx, &GRAMMAR, candidate, vec![statement], span);
    Policy { hint: KindHint::Session, request, is_settings: true, ..policy }
}

/// A setting's name without case and underscores.
fn plain(name: &str) -> String {
    let mut plain: String = name.chars().filter(|c| *c != '_').collect();
    plain.make_ascii_lowercase();
    plain
}

/// A bucket is named with its APPID, which the SDKs cut out of it.
fn check_bucket(cx: &mut Lowering<'_, '_>, value: Value<'_, '_>, bucket: &str) {
    let has_appid =
        bucket.rsplit_once('-').is_some_and(|(_, id)| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()));
    let is_open =
        bucket.contains('*') || find_hole(bucket, 0).is_some() || bucket.to_ascii_lowercase().ends_with("-appid");
    if !has_appid && !is_open {
        let span = cx.span(value);
        cx.malformed(span, "the bucket's name lacks its APPID", format!("write `{bucket}-<APPID>`"), false);
    }
}

fn whole_bucket<'s>(bucket: &str, region: &str, span: Span) -> Resource<'s> {
    let path = Pattern::new(format!("{bucket}/*"), false, Case::Sensitive, Anchor::loose(span));
    place(bucket, region, path, span, Cow::Borrowed("*"))
}

/// The resource that a prefix becomes; a leading slash is not doubled.
fn resource<'s>(
    cx: &mut Lowering<'_, 's>,
    value: Value<'_, 's>,
    prefix: &str,
    bucket: &str,
    region: &str,
) -> Resource<'s> {
    let span = cx.span(value);
    if prefix.is_empty() {
        return whole_bucket(bucket, region, span);
    }
    let key = prefix.strip_prefix('/').unwrap_or(prefix);
    let cut = prefix.len() - key.len();
    let anchor = if cx.anchor(value).exact.is_some() {
        let content = cx.part(value, cut, prefix.len());
        Anchor { whole: span, exact: Some((bucket.len() as u32 + 1, content.start)) }
    } else {
        Anchor::loose(span)
    };
    let mut path = Pattern::new(format!("{bucket}/{key}"), false, Case::Sensitive, anchor);
    let roles: Vec<HoleRole> = path
        .holes()
        .iter()
        .map(|hole| match hole.range.start as usize {
            at if at < bucket.len() => HoleRole::Bucket,
            _ if cx.owners.is_owner_name(path.hole_name(hole)) => HoleRole::Owner,
            _ => HoleRole::Unknown,
        })
        .collect();
    for (hole, role) in path.holes_mut().iter_mut().zip(roles) {
        hole.role = role;
    }
    let is_faulty = super::resource::check::unexpanded(cx, value, prefix);
    Resource { is_faulty, ..place(bucket, region, path, span, value.string().unwrap_or_default()) }
}

fn place<'s>(bucket: &str, region: &str, path: Pattern<'s>, span: Span, text: Cow<'s, str>) -> Resource<'s> {
    let appid = bucket.rsplit_once('-').map_or("", |(_, appid)| appid);
    let account = if appid.is_empty() { String::new() } else { format!("uid/{appid}") };
    let new = |text: String| Pattern::new(text, false, Case::Sensitive, Anchor::loose(span));
    let place = Place::new(new(region.to_owned()), new(account), path);
    Resource { span, text, kind: ResourceKind::Place(Box::new(place)), is_faulty: false }
}
