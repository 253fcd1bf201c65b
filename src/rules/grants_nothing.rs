//! `grants-nothing`: an allow that can match no request.

use super::prelude::*;
use crate::catalog::Level;
use crate::policy::ProblemKind;
use crate::semantics::reading::{Meaning, Reading};
use crate::semantics::scope::Scope;

pub(super) static META: RuleMeta = RuleMeta {
    name: "grants-nothing",
    summary: "an allow can match no request",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::Safe,
    page: include_str!("../../rules/grants-nothing.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    for reading in cx.allows() {
        let Some(reason) = nothing(cx, reading) else { continue };
        let Some(resource) = reading.statement.resources.patterns.first() else { continue };
        let Some(draft) = out.claim(Claim::at(resource.span).in_statement(Some(reading.statement.index))) else {
            continue;
        };
        let names = cx.names(reading.actions(), 3);
        draft
            .message(format!("{} grants nothing: {names} {}", reading.statement.title(), reason.what))
            .caption("no request fits")
            .help(reason.help);
        if let Some(action) = reading.statement.actions.patterns.first() {
            draft.label(action.span, "never granted by this");
        }
    }
}

/// Why a statement can match no request.
pub(super) struct Nothing {
    pub(super) what: String,
    pub(super) help: String,
}

/// Whether no action of a statement can meet any of its resources, all of them being known. Silent where another
/// finding already explains it.
pub(super) fn nothing(cx: &Analysis<'_, '_>, reading: &Reading<'_, '_>) -> Option<Nothing> {
    let catalog = cx.catalog();
    let statement = reading.statement;
    let actions = reading.actions();
    let is_open = reading.has_unknown
        || actions.is_empty()
        || statement.resources.is_missing
        || reading.meanings.iter().any(|m| matches!(m, Meaning::Wildcard(set) if set.is_empty()));
    if is_open || !reading.fitting(actions, catalog).is_empty() {
        return None;
    }
    let explained = cx.has_problem_in(statement.index, |problem| {
        matches!(
            problem.kind,
            ProblemKind::AccountMismatch { .. }
                | ProblemKind::MalformedResource { .. }
                | ProblemKind::ForeignWord { .. }
                | ProblemKind::UnexpandedVariable { .. }
        )
    });
    if explained {
        return None;
    }
    let acts = if actions.len() == 1 { "acts" } else { "act" };
    let scopes = || reading.scopes.iter().map(|scoped| scoped.scope);
    Some(if scopes().all(|scope| scope == Scope::Nothing) {
        Nothing {
            what: format!("never {acts} on a resource of another service"),
            help: "name a resource of the service that the action belongs to".to_owned(),
        }
    } else if actions.is_subset(&catalog.of_level(Level::Service)) {
        Nothing {
            what: format!("{acts} on the resource `*` only"),
            help: "put it into a statement of its own with the resource `*`".to_owned(),
        }
    } else if scopes().all(|scope| scope == Scope::BucketItself) {
        Nothing {
            what: format!("{acts} on keys, and the resource is the bucket itself"),
            help: "add the keys behind the slash, such as `app/photos/*`".to_owned(),
        }
    } else {
        Nothing {
            what: format!("{acts} on the bucket, and the resource is some of its keys"),
            help: format!("write the bucket itself as the resource: {}", cx.dialect().words().bucket_form),
        }
    })
}
