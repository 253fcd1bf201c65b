//! `shared-prefix`: a key of one user may change what lies under a prefix that all users share.

use super::narrow::{advice, narrowed};
use super::owned::ownerless;
use super::prelude::*;
use super::{combined_action_resource, exceeds_expectation, wildcard_action};
use crate::semantics::reading::fits;
use crate::semantics::scope::Scope;

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
        let mut absorbed = None;
        for (resource, scoped) in reading.resources() {
            // An owner that is not closed is the business of `prefix-collision`, a guessed one too.
            let is_guessed = scoped.scope == Scope::Owned && scoped.certain == Scope::Shared;
            if !matches!(scoped.scope, Scope::Shared | Scope::Unknown) && !is_guessed {
                continue;
            }
            let fitting = reading.actions() & fits(scoped.scope, catalog);
            let Some(fitting) = cx.left_of(fitting, reading, resource) else { continue };
            let changing = fitting & catalog.changing();
            let is_absorbed = !changing.is_empty()
                && *absorbed.get_or_insert_with(|| combined_action_resource::find(cx, reading).is_some());
            let joined = is_absorbed
                .then_some(Yields { rule: &combined_action_resource::META, at: Some(reading.statement.actions.span) });
            if (fitting.is_empty() && !reading.has_unknown) || resource.is_faulty {
                continue;
            }
            let yields = [joined, wildcard_action::of_service(reading)];
            let mut claim = Claim::at(resource.span).of(reading.statement).yielding(yields);
            if changing.is_empty() {
                claim = claim.grade(LOOK);
            }
            if scoped.scope == Scope::Unknown || is_guessed {
                claim = claim.grade(LOOK).confidence(Confidence::Low);
            }
            let Some(draft) = out.claim(claim) else { continue };
            let shown = if changing.is_empty() { fitting } else { changing };
            let names = if shown.is_empty() { "an unknown action".to_owned() } else { cx.names(shown, 3) };
            let prefix = resource.place().map_or("", |place| place.path.fixed_prefix());
            let whose = cx.whose(resource);
            if scoped.scope == Scope::Unknown {
                draft.message(format!(
                    "cannot tell whether the hole in `{prefix}` names one user: {names} allowed on everything below"
                ));
                draft.caption("one user's, or everyone's?");
            } else {
                let told = ownerless(&whose, resource, &names, is_guessed);
                draft.message(told.message).caption(told.caption);
            }
            draft
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
    }
}
