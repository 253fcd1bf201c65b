//! What to write in place of a path that several users share: one with an owner in it, or who the owner is.

use super::analysis::Analysis;
use super::encoding::encoded;
use super::repair::{json_string, spelled};
use crate::policy::{
    Anchor, Base, Case, Condition, HoleRole, Ownership, Pattern, Place, Resource, Token, TokenKind, Words,
};
use crate::semantics::layout::{Layout, OwnedKey};
use crate::text::Span;

/// The hole that stands for the user who gets the key.
pub(super) const OWNER: &str = "<Username>";

/// The resource as one user's: by the layout of its keys where one is declared, else with an owner's segment where its first
/// wildcard stands (`users/*/in/*` becomes `users/<Username>/in/*`) or before it (`app/files/*` becomes
/// `app/files/<Username>/*`).
pub(super) fn narrowed(cx: &Analysis<'_, '_>, resource: &Resource<'_>) -> String {
    let path = narrowed_path(cx, resource);
    match (resource.place(), path) {
        (Some(place), Some(path)) => spelled(cx, place, &path),
        (Some(place), None) if place.path.first_open().is_none() => resource.text.to_string(),
        // Several of what keys are reached through, none of them a bucket.
        _ => cx.dialect().spell_sample(&format!("{OWNER}/*")),
    }
}

/// The keys of a resource as one user's, behind its bucket.
fn narrowed_key(cx: &Analysis<'_, '_>, resource: &Resource<'_>) -> String {
    let path = narrowed_path(cx, resource).unwrap_or_default();
    path.split_once('/').map_or_else(|| format!("{OWNER}/*"), |(_, key)| key.to_owned())
}

/// The path of [`narrowed`]; `None` where it has no wildcard, or nothing tells its bucket.
fn narrowed_path(cx: &Analysis<'_, '_>, resource: &Resource<'_>) -> Option<String> {
    let place = resource.place()?;
    let wild = place.path.first_open()?;
    let is_named = place.slash().is_some_and(|slash| slash < wild.start);
    let bucket = |layout: &Layout| if is_named { place.bucket().to_owned() } else { layout.bucket.clone() };
    let by_layout = || cx.shape_of(place).map(|(layout, key)| format!("{}/{}", bucket(layout), shape(layout, key)));
    let is_of_keys = cx.dialect().keys_from(place).is_some();
    if !is_of_keys && place.slash().is_some() {
        return None;
    }
    let is_owned_behind = place.path.holes().iter().any(|h| h.role == HoleRole::Owner && h.range.start > wild.start);
    let by_wildcard = || with_owner(&opened(&place.path), wild.start as usize, is_owned_behind);
    let path = is_of_keys
        .then(|| by_layout().or_else(by_wildcard))
        .flatten()
        .unwrap_or_else(|| format!("{}/{OWNER}/*", cx.dialect().words().bucket_hole));
    // A form asks how a key begins, and no more.
    Some(match path.find('*').filter(|_| cx.is_post()) {
        Some(at) => path.get(..=at).unwrap_or_default().to_owned(),
        None => path,
    })
}

/// The text of a path in which what its requester chooses is a wildcard.
fn opened(path: &Pattern<'_>) -> String {
    let is_hole = |token: Token| matches!(token.kind, TokenKind::Hole(_));
    let texts = path.tokens().iter().map(|token| match *token {
        token if is_hole(token) && path.is_open(token) => "*",
        token => path.token_text(token),
    });
    texts.collect()
}

/// A path with an owner's segment; its first wildcard stands at `wild`, and is kept only where it stands for a file's name. One
/// with an owner behind the wildcard needs no other.
fn with_owner(path: &str, wild: usize, is_owned_behind: bool) -> Option<String> {
    let (before, rest) = path.split_at_checked(wild)?;
    let (folder, start) = before.rsplit_once('/')?;
    let is_any = |text: &str| text.chars().all(|c| matches!(c, '*' | '?'));
    Some(match rest.split_once('/') {
        Some((_, deeper)) if is_owned_behind => format!("{folder}/{deeper}"),
        Some((_, deeper)) => format!("{folder}/{OWNER}/{deeper}"),
        None if is_any(rest) && is_folder(start) => format!("{folder}/{start}/{OWNER}/*"),
        None if is_any(rest) => format!("{folder}/{OWNER}/*"),
        None => format!("{folder}/{OWNER}/{start}{rest}"),
    })
}

/// Whether a name is one that directories have, and no user's.
fn is_folder(name: &str) -> bool {
    Words::Folder.has(name)
}

/// The keys of a layout's shape that one user owns: what stands behind the owner may be anything.
fn shape(layout: &Layout, key: &OwnedKey) -> String {
    let pattern = Pattern::new(key.text.as_str(), false, Case::Sensitive, Anchor::loose(Span::default()));
    let (mut text, mut at, mut is_owned) = (String::new(), 0, false);
    for hole in pattern.holes() {
        let (start, end) = (hole.range.start as usize, hole.range.end as usize);
        text.push_str(key.text.get(at..start).unwrap_or_default());
        let is_owner = pattern.hole_name(hole) == layout.owner;
        text.push_str(match key.text.get(start..end) {
            _ if is_owner => OWNER,
            Some(hole) if !is_owned => hole,
            _ => "*",
        });
        is_owned |= is_owner;
        at = end;
    }
    text.push_str(key.text.get(at..).unwrap_or_default());
    text
}

/// How to mend a path that is taken for everybody's: give it an owner, or say who the owner is.
pub(super) fn advice(cx: &Analysis<'_, '_>, resource: &Resource<'_>) -> String {
    mending(cx, resource, &narrowed(cx, resource))
}

/// The same of a prefix that a condition lets everybody list, as the condition has it.
pub(super) fn advice_on_prefix(cx: &Analysis<'_, '_>, condition: &Condition<'_>, resource: &Resource<'_>) -> String {
    let key = narrowed_key(cx, resource);
    // Where the prefix is to equal the value, all that begins so is listed.
    let key = if condition.operator.base == Base::StringLike { &key } else { key.trim_end_matches('*') };
    let is_encoded = cx.catalog().key(&condition.key).is_some_and(|key| key.encoded);
    mending(cx, resource, &if is_encoded { encoded(key) } else { key.to_owned() })
}

/// How to mend a path that is everybody's, where this is one that is not.
fn mending(cx: &Analysis<'_, '_>, resource: &Resource<'_>, path: &str) -> String {
    match resource.place().and_then(|place| owner_in(cx, place)) {
        Some((name, Ownership::Guessed)) => {
            format!("say whose it is, with {}; if it is no user's, write `{path}`", telling(name))
        }
        Some((name, _)) => format!(
            "give each key its own path, such as `{path}`; if `{name}` is its user, say so with {}",
            telling(name)
        ),
        None => format!("give each key its own path, such as `{path}`"),
    }
}

/// How to say that a segment of the path is its owner, if one could be.
pub(super) fn hint(cx: &Analysis<'_, '_>, resource: &Resource<'_>) -> Option<String> {
    let (name, _) = owner_in(cx, resource.place()?)?;
    Some(format!("if `{name}` is the user of this key, say so with {}", telling(name)))
}

/// The ways to say whose a path is.
fn telling(name: &str) -> String {
    let needs_quotes = name.contains(['"', '\\']);
    let name = if needs_quotes { json_string(name) } else { name.to_owned() };
    format!("`--owner {name}`, with `owners` in `[[files]]`, or with a `[[layout]]`")
}

/// A segment before the first wildcard that looks like one owner's, or could be an owner's name: then it is the last one,
/// in a directory, and not called as directories are.
fn owner_in<'p>(cx: &Analysis<'_, '_>, place: &'p Place<'_>) -> Option<(&'p str, Ownership)> {
    if cx.shape_of(place).is_some() {
        return None;
    }
    let wild = place.path.first_wildcard()?.start as usize;
    let from = place.slash()? as usize + 1;
    let (folders, _) = place.path.text().get(from..wild)?.rsplit_once('/')?;
    if place.path.holes().iter().any(|hole| (hole.range.start as usize) < wild && hole.role != HoleRole::Bucket) {
        return None;
    }
    let account = place.account.text();
    let account = account.split_once('/').map_or(account, |(_, id)| id);
    let owners = &cx.facts().owners;
    let segments: Vec<&str> = folders.split('/').collect();
    let parents = std::iter::once(None).chain(segments.iter().copied().map(Some));
    let mut pairs = segments.iter().copied().zip(parents);
    if let Some((name, _)) = pairs.find(|(name, parent)| owners.of_segment(name, *parent, account) > Ownership::None) {
        return Some((name, Ownership::Guessed));
    }
    let last = segments.get(1..)?.last()?;
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit());
    (!is_folder(last) && !is_number && !last.contains(' ')).then_some((*last, Ownership::None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_takes_the_place_of_a_wildcard() {
        for (path, owned) in [
            ("b/*", "b/<Username>/*"),
            ("b/app/files/*", "b/app/files/<Username>/*"),
            ("b/app/*.jpg", "b/app/<Username>/*.jpg"),
            ("b/app/avatar-*.png", "b/app/<Username>/avatar-*.png"),
            ("b/users/??????/*", "b/users/<Username>/*"),
            ("b/users/??????", "b/users/<Username>/*"),
            ("b/home/bo*/in/*", "b/home/<Username>/in/*"),
            ("b/home/alice*", "b/home/<Username>/*"),
            ("b/app/avatar*", "b/app/avatar/<Username>/*"),
            ("b/*/in/x.jpg", "b/<Username>/in/x.jpg"),
        ] {
            assert_eq!(with_owner(path, path.find(['*', '?']).unwrap(), false).as_deref(), Some(owned), "{path}");
        }
        assert_eq!(with_owner("b/app/*/<user>/*", 6, true).as_deref(), Some("b/app/<user>/*"));
    }
}
