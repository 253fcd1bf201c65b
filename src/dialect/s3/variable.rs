//! Policy variables: `${aws:username}`, `${aws:PrincipalTag/team}`, with or without a default.
//!
//! The service fills them in when it judges a request, where the policy's version is `2012-10-17`
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>).

use std::borrow::Cow;

use super::super::condition::escapes;
use super::super::lowering::Lowering;
use crate::policy::{HoleOrigin, HoleRole, Pattern, ProblemKind};
use crate::syntax::Value;

/// Variables that stand for the one who asks, in small letters.
const OWNERS: [&str; 4] = ["aws:username", "aws:userid", "aws:sourceidentity", "graph.facebook.com:id"];

/// Ends of variables that stand for the one who asks: what identity providers call them.
const OWNER_ENDS: [&str; 3] = [":sub", ":user_id", ":app_user_id"];

/// Whether the text of a hole is a policy variable: a word, a colon, a word. A template's `${AWS::Region}` is none.
fn is_variable(mark: &str) -> bool {
    key_of(mark).is_some()
}

/// The condition key whose value is filled in for the text of a hole; a default behind a comma is no part of it.
pub(super) fn key_of(mark: &str) -> Option<&str> {
    let name = mark.strip_prefix("${")?;
    let (space, rest) = name.split_once(':')?;
    let is_of_space = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-');
    let is_one = !space.is_empty() && space.bytes().all(is_of_space) && !rest.starts_with(':');
    let name = name.trim_end_matches('}');
    is_one.then(|| name.split(',').next().unwrap_or(name).trim())
}

/// Whether a variable stands for the one who asks.
fn names_owner(name: &str) -> bool {
    let name = name.split(',').next().unwrap_or(name).trim().to_ascii_lowercase();
    OWNERS.contains(&name.as_str())
        || name.starts_with("aws:principaltag/")
        || OWNER_ENDS.iter().any(|end| name.ends_with(end))
}

/// Give the holes of a path, whose roles are assigned, those of the variables that they are; `slash` as for
/// [`assign_roles`](super::super::parts::assign_roles).
pub(super) fn fill(path: &mut Pattern<'_>, slash: u32) {
    let known: Vec<Option<HoleRole>> = path
        .holes()
        .iter()
        .map(|hole| {
            let mark = path.text().get(hole.range.start as usize..hole.range.end as usize).unwrap_or_default();
            is_variable(mark).then(|| match hole.role {
                HoleRole::Bucket => HoleRole::Bucket,
                _ if hole.range.start < slash => HoleRole::Unknown,
                _ if names_owner(path.hole_name(hole)) => HoleRole::Owner,
                _ => HoleRole::Unknown,
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
