//! Policy variables: `${aws:username}`, `${aws:PrincipalTag/team}`, with or without a default.
//!
//! The service fills them in when it judges a request, where the policy's version is `2012-10-17`
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>).

use std::borrow::Cow;

use super::super::condition::escapes;
use super::super::lowering::Lowering;
use super::S3;
use crate::catalog::Whose;
use crate::dialect::Dialect;
use crate::policy::{HoleOrigin, HoleRole, Owners, Pattern, ProblemKind};
use crate::syntax::Value;

/// Whether the text of a hole is a policy variable: a word, a colon, a word. A template's `${AWS::Region}` is none.
fn is_variable(mark: &str) -> bool {
    key_of(mark).is_some()
}

/// Where keys of conditions are named, in any letter case as they are; other words with capitals are a template's own.
const SPACES: [&str; 2] = ["aws", "s3"];

/// The condition key whose value is filled in for the text of a hole; a default behind a comma is no part of it.
pub(super) fn key_of(mark: &str) -> Option<&str> {
    let name = mark.strip_prefix("${")?;
    let (space, rest) = name.split_once(':')?;
    let is_of_space = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-');
    let is_one = !space.is_empty()
        && !rest.starts_with(':')
        && (space.bytes().all(is_of_space) || SPACES.iter().any(|known| known.eq_ignore_ascii_case(space)));
    let name = name.trim_end_matches('}');
    is_one.then(|| name.split(',').next().unwrap_or(name).trim())
}

/// What a variable stands for in a key. One whose key may be missing and that has a default stands for the same in every request
/// without it: for all who hold a temporary key, where only users have it.
/// A tag of who asks that is called as kinds and groups are is many users'.
fn role_of(key: &str, has_default: bool, owners: &Owners) -> HoleRole {
    let catalog = S3.catalog();
    let is_of_group = || key.split_once('/').is_some_and(|(_, tag)| owners.is_group_name(tag));
    let never_in_sessions = || S3.words().not_in_sessions.iter().any(|known| known.eq_ignore_ascii_case(key));
    match catalog.whose(key) {
        Some(Whose::Caller) if is_of_group() => HoleRole::Unknown,
        Some(Whose::Caller) if !has_default || catalog.is_always_there(key) => HoleRole::Owner,
        Some(Whose::Caller) if !never_in_sessions() => HoleRole::Unknown,
        Some(Whose::Caller | Whose::Shared) => HoleRole::Path,
        Some(Whose::Request) => HoleRole::Chosen,
        None => HoleRole::Unknown,
    }
}

/// Give the holes of a path, whose roles are assigned, those of the variables that they are; `slash` as for
/// [`assign_roles`](super::super::parts::assign_roles).
pub(super) fn fill(path: &mut Pattern<'_>, slash: u32, owners: &Owners) {
    let known: Vec<Option<HoleRole>> = path
        .holes()
        .iter()
        .map(|hole| {
            let mark = path.text().get(hole.range.start as usize..hole.range.end as usize).unwrap_or_default();
            let key = key_of(mark)?;
            let role = role_of(key, mark.contains(','), owners);
            Some(match hole.role {
                HoleRole::Bucket if role != HoleRole::Chosen => HoleRole::Bucket,
                _ if hole.range.start < slash && role != HoleRole::Chosen => HoleRole::Unknown,
                _ => role,
            })
        })
        .collect();
    for (hole, role) in path.holes_mut().iter_mut().zip(known) {
        if let Some(role) = role {
            (hole.origin, hole.role) = (HoleOrigin::Service, role);
        }
    }
}

/// Note what is wrong with the variables of a resource; tells whether one is not filled in.
pub(super) fn check(cx: &mut Lowering<'_, '_>, value: Value<'_, '_>, text: &str) -> bool {
    let span = cx.span(value);
    escapes(cx, text, span);
    unexpanded(cx, value, text)
}

/// Note variables in a policy whose version has none; tells whether there is one.
pub(super) fn unexpanded(cx: &mut Lowering<'_, '_>, value: Value<'_, '_>, text: &str) -> bool {
    if cx.has_variables {
        return false;
    }
    let mut found = false;
    let mut from = 0;
    while let Some((hole, _)) = crate::policy::find_hole(text, from) {
        from = hole.end;
        let mark = text.get(hole.clone()).unwrap_or_default();
        if is_variable(mark) {
            found = true;
            let span = cx.part(value, hole.start, hole.end);
            cx.problem(span, ProblemKind::UnexpandedVariable { variable: Cow::Owned(mark.to_owned()) });
        }
    }
    found
}
