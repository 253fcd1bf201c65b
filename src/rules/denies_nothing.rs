//! `denies-nothing`: a deny that refuses no request.

use std::cell::OnceCell;
use std::collections::HashSet;

use super::cancelled_grant::spend;
use super::denials::{Sight, VIEWS};
use super::grants_nothing::nothing;
use super::imply::{ends_alike, views_of};
use super::prelude::*;
use crate::catalog::ActionSet;
use crate::policy::{Resource, ResourceKind, Statement};
use crate::semantics::contain::may_overlap;
use crate::semantics::index::PrefixIndex;
use crate::semantics::reading::Reading;
use crate::semantics::scope::Scope;
use crate::semantics::view::View;

pub(super) static META: RuleMeta = RuleMeta {
    name: "denies-nothing",
    summary: "a deny refuses nothing",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/denies-nothing.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

/// More pairs of resources than this are not compared, and the deny then counts as one that refuses something.
const MOST_PAIRS: usize = 2_000_000;

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    if !cx.has_denies() {
        return;
    }
    // In other kinds a deny acts on other documents.
    let allowed = (cx.kind() == PolicyKind::Session).then(OnceCell::new);
    let mut budget = MOST_PAIRS;
    for deny in cx.denies() {
        let statement = deny.statement;
        let impossible = nothing(cx, deny);
        let (what, help) = match (impossible, &allowed) {
            (Some(reason), _) => (format!("{} {}", cx.names(deny.actions(), 3), reason.what), reason.help),
            (None, Some(allowed))
                if !surely_meets(cx, deny)
                    && !allowed.get_or_init(|| Allowed::new(cx)).may_meet(cx, deny, &mut budget) =>
            {
                (
                    "no allow of this policy grants any of it".to_owned(),
                    "remove it, or check its actions and resources against what is allowed".to_owned(),
                )
            }
            _ => continue,
        };
        let Some(resource) = statement.resources.patterns.first() else { continue };
        let Some(draft) = out.claim(Claim::at(resource.span).of(statement)) else { continue };
        draft.message(format!("{} denies nothing: {what}", statement.title())).caption("refuses no request").help(help);
    }
}

/// Whether a deny speaks of everything, and the first allow of something that it refuses: then no closer look is needed.
fn surely_meets(cx: &Analysis<'_, '_>, deny: &Reading<'_, '_>) -> bool {
    let is_everything = |resource: &Resource<'_>| matches!(resource.kind, ResourceKind::Everything);
    deny.covers_service
        && deny.statement.resources.named().iter().any(is_everything)
        && cx.allows().next().is_some_and(|allow| {
            !allow.fitting(allow.actions(), cx.catalog()).is_empty()
                && allow.scopes.iter().all(|scoped| scoped.scope != Scope::Nothing)
        })
}

/// What the allows of a policy speak of, pattern by pattern.
struct Allowed<'a, 's> {
    /// Some allow speaks of what nobody can tell.
    is_open: bool,
    /// The actions of the allow, and one of its resources.
    patterns: Vec<(ActionSet, Sight<'a, 's>)>,
    /// Which of them stand where, for each view.
    indices: [PrefixIndex; View::COUNT],
}

impl<'a, 's> Allowed<'a, 's> {
    fn new(cx: &Analysis<'a, 's>) -> Self {
        let mut all = Self { is_open: false, patterns: Vec::new(), indices: <[PrefixIndex; View::COUNT]>::default() };
        // Of an allow only what some deny names too can be refused.
        let denied = cx.denies().fold(ActionSet::EMPTY, |all, deny| all | deny.actions());
        let mut seen = HashSet::new();
        for allow in cx.allows() {
            all.is_open |= is_open(allow);
            let actions = allow.actions() & denied;
            let resources = allow.statement.resources.patterns.iter().filter(|_| !actions.is_empty());
            for resource in resources.filter(|resource| seen.insert((actions, &*resource.text))) {
                let sight = Sight::new(resource, actions, cx.catalog());
                for (index, view) in all.indices.iter_mut().zip(VIEWS) {
                    index.insert(sight.seen(view), all.patterns.len());
                }
                all.patterns.push((actions, sight));
            }
        }
        all
    }

    /// Whether some allow may grant something that the deny speaks of, as each of its actions sees the resources. Only a
    /// `false` is a proof.
    fn may_meet(&self, cx: &Analysis<'_, '_>, deny: &Reading<'_, '_>, budget: &mut usize) -> bool {
        let catalog = cx.catalog();
        let actions = deny.actions();
        if self.is_open || is_open(deny) || actions.is_empty() {
            return true;
        }
        let needed = views_of(actions, catalog);
        let sights = deny.statement.resources.patterns.iter().map(|resource| Sight::new(resource, actions, catalog));
        sights.into_iter().any(|denied| {
            VIEWS.into_iter().zip(&self.indices).zip(needed).filter(|(_, is_needed)| *is_needed).any(
                |((view, index), _)| {
                    let of_view: ActionSet = actions.iter().filter(|id| View::of(*id, catalog) == view).collect();
                    index.may_meet(denied.seen(view)).filter_map(|at| self.patterns.get(at)).any(|(allowed, sight)| {
                        let (denied, own) = (denied.seen(view), sight.seen(view));
                        let may = allowed.meets(&of_view) && ends_alike(denied, own);
                        may && (!spend(budget) || may_overlap(denied, own))
                    })
                },
            )
        })
    }
}

/// Whether nobody can tell what a statement speaks of.
fn is_open(reading: &Reading<'_, '_>) -> bool {
    let Statement { actions, resources, .. } = reading.statement;
    reading.has_unknown || resources.is_missing || resources.negated || actions.negated
}
