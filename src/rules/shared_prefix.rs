//! `shared-prefix`: a key of one user may change what lies under a prefix that all users share.

use super::listed::{Listed, each_listed};
use super::narrow::{advice, advice_on_prefix, narrowed};
use super::owned::{Ownerless, Whose, ownerless};
use super::prelude::*;
use super::{combined_action_resource, exceeds_expectation, wildcard_action};
use crate::catalog::Role;
use crate::policy::{Action, Base, Condition, Hole, HoleRole, Place, Resource, find_hole};
use crate::semantics::reading::{Meaning, Reading, begins_fixed, fits};
use crate::semantics::scope::{Scope, Scoped};

pub(super) static META: RuleMeta = RuleMeta {
    name: "shared-prefix",
    summary: "a key may change what other users keep under the same prefix",
    grades: Grades {
        session: Grade::default(Severity::High),
        undetermined: Grade::default(Severity::Medium),
        identity: LOOK,
        bucket: LOOK,
    },
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/shared-prefix.md"),
};

pub(super) const CHECK: Check = Check::Grants(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    // Held to an expectation, a policy is judged exactly, and this only guesses.
    if cx.facts().expectation.is_some() && out.hears(&exceeds_expectation::META, &Claim::at(cx.policy().span)) {
        return;
    }
    let catalog = cx.catalog();
    for reading in cx.allows() {
        if wildcard_action::is_unread(reading) {
            continue;
        }
        for (resource, scoped) in reading.resources() {
            if !matches!(scoped.scope, Scope::Shared | Scope::Unknown) && !is_guessed(scoped) {
                continue;
            }
            let fitting = reading.actions() & fits(scoped.scope, catalog);
            let Some(fitting) = cx.left_beyond_owner(fitting, reading, resource) else { continue };
            let changing = fitting & catalog.changing();
            let joined = (!changing.is_empty())
                .then_some(Yields { rule: &combined_action_resource::META, at: Some(reading.statement.actions.span) });
            if (fitting.is_empty() && !reading.has_unknown) || resource.is_faulty {
                continue;
            }
            let yields = [joined, wildcard_action::of_service(reading)];
            let mut claim = Claim::at(resource.span).of(reading.statement).yielding(yields);
            if changing.is_empty() && !may_be_any(reading) {
                claim = claim.grade(LOOK);
            } else if changing.is_empty() {
                claim = claim.confidence(Confidence::Low);
            }
            if scoped.scope == Scope::Unknown || is_guessed(scoped) {
                claim = claim.grade(LOOK).confidence(Confidence::Low);
            }
            let Some(draft) = out.claim(claim) else { continue };
            let shown = if changing.is_empty() { fitting } else { changing };
            let names = match shown.is_empty() {
                true if may_be_any(reading) => "an action that a placeholder hides".to_owned(),
                true => "an unknown action".to_owned(),
                false => cx.names(shown, 3),
            };
            let whose = cx.whose(resource);
            let told = told(cx, &whose, resource, scoped, &names);
            draft
                .message(told.message)
                .caption(told.caption)
                .help(match whose.misnamed {
                    Some((name, layout)) => format!(
                        "write a name that `{}` takes, as in `{}`, or let `names` there take `{name}`",
                        layout.names.text(),
                        narrowed(cx, resource)
                    ),
                    None => advice(cx, resource),
                })
                .witness(cx.witness_of_other(&whose, shown, resource, scoped.scope));
        }
        listed(cx, reading, out);
    }
}

/// What is said of actions on a resource of this scope.
fn told(
    cx: &Analysis<'_, '_>,
    whose: &Whose<'_, '_>,
    resource: &Resource<'_>,
    scoped: Scoped,
    names: &str,
) -> Ownerless {
    if let Some(group) = resource.place().filter(|_| scoped.scope == Scope::Unknown).and_then(|place| group(cx, place))
    {
        let message = format!("{names} allowed on what all of one kind or group share: `{group}` names no one user");
        return Ownerless { message, caption: "a group's, and each of its members'" };
    }
    if scoped.scope == Scope::Unknown {
        let prefix = resource.place().map_or("", |place| place.path.fixed_prefix());
        let message =
            format!("cannot tell whether the hole in `{prefix}` names one user: {names} allowed on everything below");
        return Ownerless { message, caption: "one user's, or everyone's?" };
    }
    ownerless(whose, resource, names, is_guessed(scoped))
}

/// The hole by which a path is a group's, where all before its wildcard that cannot be told are called so.
fn group<'p>(cx: &Analysis<'_, '_>, place: &'p Place<'_>) -> Option<&'p str> {
    let path = &place.path;
    let wild = path.first_open()?.start;
    let mut open = path.holes().iter().filter(|hole| hole.role == HoleRole::Unknown && hole.range.end <= wild);
    // What a service fills in may have the name of a tag behind that of its key, and a default behind that.
    let last_name = |hole: &Hole| path.hole_name(hole).split(',').next().and_then(|name| name.rsplit('/').next());
    let is_group = |hole: &&Hole| last_name(hole).is_some_and(|name| cx.facts().owners.is_group_name(name.trim()));
    let first = open.next().filter(is_group)?;
    open.all(|hole| is_group(&hole)).then(|| path.text().get(first.range.start as usize..first.range.end as usize))?
}

/// Whether an owner is only guessed. One that is not closed is the business of `prefix-collision`, a guessed one too.
fn is_guessed(scoped: Scoped) -> bool {
    scoped.scope == Scope::Owned && scoped.certain == Scope::Shared
}

/// The prefixes that conditions let a statement list, where its resource is the bucket.
fn listed(cx: &Analysis<'_, '_>, reading: &Reading<'_, '_>, out: &mut Reporter<'_>) {
    if !out.wants(Profile::Audit) {
        return;
    }
    let catalog = cx.catalog();
    let conditions = &reading.statement.conditions;
    let role = |condition: &Condition<'_>| catalog.role_of(&condition.key);
    // One level of folders shows the names of users, and no keys of theirs.
    let has_delimiter = conditions.iter().any(|condition| role(condition) == Some(Role::ListDelimiter));
    let is_sought = |condition: &Condition<'_>, key: &str| {
        let is_exact = condition.operator.base != Base::StringLike;
        !condition.operator.if_exists
            && begins_fixed(key, cx.dialect())
            && !(is_exact && (has_delimiter || key.contains(['*', '?'])))
    };
    each_listed(cx, reading, is_sought, |listed| {
        let Listed { condition, ref resource, scoped, actions } = *listed;
        if !matches!(scoped.scope, Scope::Shared | Scope::Unknown) && !is_guessed(scoped) {
            return;
        }
        let claim = Claim::at(resource.span);
        // The prefix is what is told; what else the request has to have is a condition on it.
        let claim = if conditions.iter().all(|condition| role(condition) == Some(Role::ListPrefix)) {
            claim.in_statement(Some(reading.statement.index))
        } else {
            claim.of(reading.statement)
        };
        let mut claim = claim.grade(LOOK).yielding([wildcard_action::of_service(reading), None]);
        if scoped.scope != Scope::Shared {
            claim = claim.confidence(Confidence::Low);
        }
        let Some(draft) = out.claim(claim) else { return };
        let whose = cx.whose(resource);
        let told = told(cx, &whose, resource, scoped, &cx.names(actions, 3));
        draft
            .message(told.message)
            .caption(told.caption)
            .help(advice_on_prefix(cx, condition, resource))
            .witness(cx.witness_of_other(&whose, actions, resource, scoped.scope));
    });
}

/// Whether a placeholder stands where an action is named, so that it may be any.
fn may_be_any(reading: &Reading<'_, '_>) -> bool {
    let is_hidden = |action: &Action<'_>| find_hole(&action.text, 0).is_some();
    reading.action_patterns().any(|(action, meaning)| meaning == Meaning::Unreadable && is_hidden(action))
}
