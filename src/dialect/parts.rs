//! Resource strings whose parts stand between colons, and what the holes in them stand for.

use std::borrow::Cow;

use super::lowering::Lowering;
use crate::policy::{Anchor, Case, HoleRole, Owners, Pattern, Words, find_hole, may_hold_hole};
use crate::syntax::Value;
use crate::text::Span;

/// A part of a text and where it begins.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Part<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
}

/// Split at the first colons that stand in no hole, one less than there are parts; blanks around all parts but the last
/// are cut off. `None` for fewer colons.
pub(super) fn parts<const COUNT: usize>(text: &str, has_holes: bool) -> Option<[Part<'_>; COUNT]> {
    let mut parts = [Part::default(); COUNT];
    let mut from = 0;
    let mut search = 0;
    let first_hole = if has_holes { find_hole(text, 0) } else { None };
    let mut hole = first_hole.map(|(range, _)| range);
    let (last, slots) = parts.split_last_mut()?;
    for slot in slots {
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
    *last = Part { text: text.get(from..)?, at: from };
    Some(parts)
}

/// The pattern of a part in which both `*` and `?` are wildcards.
pub(super) fn part_pattern<'s>(
    cx: &Lowering<'_, 's>,
    value: Value<'_, 's>,
    text: &Cow<'s, str>,
    part: Part<'_>,
    case: Case,
) -> Pattern<'s> {
    let end = part.at + part.text.len();
    let anchor = match cx.exact_start(value) {
        Some(_) => Anchor::exact(cx.part(value, part.at, end)),
        None => Anchor::loose(cx.span(value)),
    };
    let own: Cow<'s, str> = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(part.at..end).unwrap_or_default()),
        Cow::Owned(_) => Cow::Owned(part.text.to_owned()),
    };
    let is_plain = case == Case::Sensitive && !own.contains('?') && !may_hold_hole(&own);
    if is_plain { Pattern::without_holes(own, anchor) } else { Pattern::new(own, true, case, anchor) }
}

/// A key alone, without its bucket.
pub(super) fn key(key: &str, any_one: bool, owners: &Owners) -> Pattern<'static> {
    let mut pattern = Pattern::new(key.to_owned(), any_one, Case::Sensitive, Anchor::loose(Span::default()));
    assign_roles(owners, &mut pattern, 0);
    pattern
}

/// Give the holes of a path their roles; `slash` is the offset of the `/` behind the bucket, `u32::MAX` where there is none.
pub(super) fn assign_roles(owners: &Owners, path: &mut Pattern<'_>, slash: u32) {
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
            } else if owners.is_owner_name(name) {
                HoleRole::Owner
            } else if Words::Part.has(name) || owners.is_sort_name(name) {
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
