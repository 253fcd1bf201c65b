//! What the denies of a policy surely refuse.
//!
//! A deny that cannot be read as written refuses nothing that one may rely on: the provider may pass over it. So only the
//! parts of a deny that are spelled right count here, and a grant is called cancelled, or a witness refused, by these alone.

use super::analysis::Analysis;
use super::fence::Fence;
use super::imply::{ends_alike, same_principals, views_of};
use crate::catalog::{ActionId, ActionSet, Catalog, Level};
use crate::policy::{ActionKind, Problem, ProblemKind, Resource, ResourceKind};
use crate::semantics::contain::{holds, may_overlap};
use crate::semantics::index::PrefixIndex;
use crate::semantics::pattern::matches;
use crate::semantics::reading::{Meaning, Reading, fits};
use crate::semantics::scope::Scope;
use crate::semantics::view::{View, Views, views};

/// All views, in the order of their numbers.
pub(super) const VIEWS: [View; View::COUNT] = [View::Object, View::Bucket, View::Prefix];

/// A resource and how actions see it; the views are made only where some action needs another one than the key's.
#[derive(Debug)]
pub(super) struct Sight<'a, 's> {
    own: &'a Resource<'s>,
    views: Option<Box<Views<'a>>>,
}

impl<'a, 's> Sight<'a, 's> {
    /// A resource as these actions see it.
    pub(super) fn new(resource: &'a Resource<'s>, actions: ActionSet, catalog: &Catalog) -> Self {
        let [_, bucket, prefix] = views_of(actions, catalog);
        Self { own: resource, views: (bucket || prefix).then(|| Box::new(views(resource, catalog))) }
    }

    /// The resource in a view.
    pub(super) fn seen(&self, view: View) -> &Resource<'_> {
        let other =
            if view == View::Object { None } else { self.views.as_ref().and_then(|all| all.get(view as usize)) };
        match other {
            Some(seen) => seen,
            None => self.own,
        }
    }
}

/// A deny, as far as it surely refuses.
#[derive(Debug)]
pub(super) struct FirmDeny<'a, 's> {
    /// Index of its reading.
    pub(super) reading: usize,
    /// The known actions that it refuses.
    pub(super) actions: ActionSet,
    /// It refuses every action of the service.
    pub(super) covers_service: bool,
    /// Its resources.
    pub(super) sights: Vec<Sight<'a, 's>>,
}

/// The firm denies of a policy, indexed by their resources.
#[derive(Debug)]
pub(super) struct Denials<'a, 's> {
    denies: Vec<FirmDeny<'a, 's>>,
    /// Deny and resource of each entry of the indices.
    entries: Vec<(usize, usize)>,
    /// One for each view.
    indices: [PrefixIndex; View::COUNT],
    /// The readings of denies that are spelled right throughout, in order, also of those that leave something out.
    firm: Vec<usize>,
    /// Those of them that refuse everything but some resources.
    pub(super) fences: Vec<Fence<'a, 's>>,
}

impl<'a, 's> Denials<'a, 's> {
    pub(super) fn new<'c>(cx: &'c Analysis<'a, 's>) -> Self {
        let catalog = cx.catalog();
        let mut all = Self {
            denies: Vec::new(),
            entries: Vec::new(),
            indices: Default::default(),
            firm: Vec::new(),
            fences: Vec::new(),
        };
        let readings = cx.readings().iter().enumerate().filter(|(_, reading)| !reading.statement.allows());
        for (reading, deny) in readings {
            // What it leaves out is not looked for here, so a deny of all other resources refuses nothing surely.
            if cx.has_problem_in(deny.statement.index, is_spoiling) {
                continue;
            }
            if is_firm(deny, catalog) {
                all.firm.push(reading);
            }
            let (actions, covers_service) = firm_actions(deny, catalog);
            if deny.statement.resources.negated {
                let left_out = deny.statement.resources.patterns.as_slice();
                // An element that the provider may pass over leaves out nothing surely.
                let is_odd = |problem: &Problem<'_>| matches!(problem.kind, ProblemKind::UnknownElement { .. });
                if is_firm(deny, catalog) && !cx.has_problem_in(deny.statement.index, is_odd) {
                    all.fences.push(Fence { reading, actions, covers_service, left_out });
                }
                continue;
            }
            let resources = deny.statement.resources.patterns.iter();
            let sights: Vec<Sight<'a, 's>> = resources
                .filter(|resource| !resource.is_faulty && !matches!(resource.kind, ResourceKind::Unreadable))
                .map(|resource| Sight::new(resource, catalog.all(), catalog))
                .collect();
            if actions.is_empty() || sights.is_empty() {
                continue;
            }
            for (number, sight) in sights.iter().enumerate() {
                for (index, view) in all.indices.iter_mut().zip(VIEWS) {
                    index.insert(sight.seen(view), all.entries.len());
                }
                all.entries.push((all.denies.len(), number));
            }
            all.denies.push(FirmDeny { reading, actions, covers_service, sights });
        }
        all
    }

    /// The firm denies of which some resource may hold all of one, without repetition, in their order.
    pub(super) fn may_hold(&self, sight: &Sight<'_, '_>) -> impl Iterator<Item = &FirmDeny<'a, 's>> {
        // A listing sees a bucket as all its keys, so what holds it may stand behind a longer prefix than it does itself.
        let views = VIEWS.into_iter().zip(&self.indices);
        let mut found: Vec<usize> = views
            .flat_map(|(view, index)| index.may_hold(sight.seen(view)).map(move |at| (view, at)))
            .filter_map(|(view, at)| {
                let (deny, number) = *self.entries.get(at)?;
                let denied = self.denies.get(deny)?.sights.get(number)?.seen(view);
                ends_alike(denied, sight.seen(view)).then_some(deny)
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().filter_map(|at| self.denies.get(at))
    }

    /// The denies that are spelled right throughout, as indices of readings.
    pub(super) fn firm(&self) -> &[usize] {
        &self.firm
    }

    /// The resources of denies that may hold one, in a view.
    fn near(&self, view: View, resource: &Resource<'_>) -> impl Iterator<Item = (&FirmDeny<'a, 's>, &Resource<'_>)> {
        let index = self.indices.get(view as usize);
        index.into_iter().flat_map(|index| index.may_hold(resource)).filter_map(move |at| {
            let (deny, number) = *self.entries.get(at)?;
            let deny = self.denies.get(deny)?;
            Some((deny, deny.sights.get(number)?.seen(view)))
        })
    }
}

/// A fault by which a deny matches nothing, or by which the provider may read it in another way.
fn is_spoiling(problem: &Problem<'_>) -> bool {
    matches!(
        problem.kind,
        ProblemKind::MalformedResource { .. }
            | ProblemKind::WrongType { .. }
            | ProblemKind::MissingElement { .. }
            | ProblemKind::AccountMismatch { .. }
            | ProblemKind::ForeignWord { .. }
            | ProblemKind::UnexpandedVariable { .. }
            | ProblemKind::UnknownOperator { .. }
    )
}

/// Whether every part of a deny can be read as it is written.
fn is_firm(deny: &Reading<'_, '_>, catalog: &Catalog) -> bool {
    let is_readable =
        |resource: &Resource<'_>| !resource.is_faulty && !matches!(resource.kind, ResourceKind::Unreadable);
    !deny.statement.resources.is_missing
        && deny.statement.resources.patterns.iter().all(is_readable)
        && deny.action_patterns().all(|(action, _)| action.fault.is_none())
        && firm_actions(deny, catalog).0 == deny.actions()
}

/// The actions that a deny names letter for letter: a wrong case is judged as if spelled right for an allow only.
fn firm_actions(deny: &Reading<'_, '_>, catalog: &Catalog) -> (ActionSet, bool) {
    if deny.statement.actions.negated {
        return (if deny.has_unknown { ActionSet::EMPTY } else { deny.actions() }, false);
    }
    let mut firm = ActionSet::EMPTY;
    let mut covers_service = false;
    for (action, meaning) in deny.action_patterns().filter(|(action, _)| action.fault.is_none()) {
        match (meaning, &action.kind) {
            (Meaning::WholeService, _) => {
                firm = catalog.all();
                covers_service = true;
            }
            (Meaning::Known(id), ActionKind::Own(pattern)) if matches(pattern, catalog.name(id)) => firm.insert(id),
            (Meaning::Wildcard(set), ActionKind::Own(pattern))
                if set.iter().next().is_some_and(|id| matches(pattern, catalog.name(id))) =>
            {
                firm |= set;
            }
            _ => {}
        }
    }
    (firm, covers_service)
}

impl Analysis<'_, '_> {
    /// Whether a deny without conditions surely refuses an action on a path of `resource`.
    pub(super) fn is_denied(&self, id: ActionId, resource: &Resource<'_>, path: &str) -> bool {
        if !self.denies_firmly() {
            return false;
        }
        let view = View::of(id, self.catalog());
        let request = request_on(resource, path);
        let is_elsewhere = |denied: &Resource<'_>| !may_overlap(denied, &request);
        if view == View::Object && self.is_fenced_off(id, &request) {
            return true;
        }
        self.denials().near(view, &request).any(|(deny, denied)| {
            self.is_unconditional(deny.reading)
                && deny.actions.contains(id)
                && !is_elsewhere(denied)
                && match &denied.kind {
                    ResourceKind::Everything => true,
                    ResourceKind::Place(place) => matches(&place.path, path),
                    _ => false,
                }
        })
    }

    /// What firm denies leave of `granted` on one resource of an allow; `None` when they take back all of
    /// it, actions that nobody knows included. What is left is never empty unless `granted` is.
    pub(super) fn left_of(
        &self,
        granted: ActionSet,
        reading: &Reading<'_, '_>,
        resource: &Resource<'_>,
    ) -> Option<ActionSet> {
        let unmet = reading.unmet;
        // What nobody can name today is not told by a condition that leaves nothing of what is known.
        let is_open = if unmet.is_empty() { is_open(reading) } else { reading.covers_service || reading.has_unknown };
        let within = granted - beyond(resource, self.catalog()) - unmet;
        if within.is_empty() && !granted.is_empty() && !is_open {
            return None;
        }
        let granted = within;
        if !self.has_denies() {
            return Some(granted);
        }
        let (left, takes_all) = self.taken_from(granted, reading, resource);
        match ((takes_all || !is_open) && left.is_empty(), granted.is_empty()) {
            (true, false) => None,
            (true, true) => (!takes_all).then_some(granted),
            (false, _) => Some(if left.is_empty() { granted } else { left }),
        }
    }

    /// What firm denies leave of known actions on one resource of an allow, and whether they take back all
    /// that nobody can name today.
    fn taken_from(&self, granted: ActionSet, reading: &Reading<'_, '_>, resource: &Resource<'_>) -> (ActionSet, bool) {
        if matches!(resource.kind, ResourceKind::Unreadable) {
            return (granted, false);
        }
        let (left, takes_all) = self.left_at_a_glance(granted, reading, resource);
        match self.taken_exactly(left, reading, resource) {
            Some(taken) => (left - taken.actions, takes_all || taken.is_future),
            None => (left, takes_all),
        }
    }

    /// The same, as far as each deny without conditions tells by itself.
    fn left_at_a_glance(
        &self,
        granted: ActionSet,
        reading: &Reading<'_, '_>,
        resource: &Resource<'_>,
    ) -> (ActionSet, bool) {
        if !self.denies_firmly() {
            return (granted, false);
        }
        let catalog = self.catalog();
        let mut taken = ActionSet::EMPTY;
        let mut takes_all = false;
        let sight = Sight::new(resource, granted, catalog);
        let views = views_of(granted, catalog);
        for view in VIEWS {
            if view != View::Object && !views.get(view as usize).copied().unwrap_or(false) {
                continue;
            }
            let of_view: ActionSet = granted.iter().filter(|id| View::of(*id, catalog) == view).collect();
            for (deny, denied) in self.denials().near(view, sight.seen(view)) {
                let is_news = deny.covers_service || (of_view - taken).meets(&deny.actions);
                let speaks =
                    is_news && self.is_unconditional(deny.reading) && self.speaks_of_the_same(deny.reading, reading);
                if speaks && ends_alike(denied, sight.seen(view)) && holds(denied, sight.seen(view)) {
                    taken |= of_view & deny.actions;
                    takes_all |= deny.covers_service && view == View::Object;
                }
            }
        }
        (granted - taken, takes_all)
    }

    /// The known actions that an allow still grants somewhere when firm denies have taken theirs back.
    pub(super) fn remaining(&self, granted: ActionSet, reading: &Reading<'_, '_>) -> ActionSet {
        let granted = granted - reading.unmet;
        if !self.has_denies() || reading.statement.resources.is_missing {
            return granted;
        }
        let catalog = self.catalog();
        reading.resources().fold(ActionSet::EMPTY, |all, (resource, scoped)| {
            all | self.taken_from(granted & fits(scoped.scope, catalog), reading, resource).0
        })
    }

    /// Whether the deny of this reading has no condition.
    pub(super) fn is_unconditional(&self, deny: usize) -> bool {
        self.readings().get(deny).is_some_and(|deny| deny.statement.conditions.is_empty())
    }

    /// Whether the deny of this reading speaks of all of whom an allow does.
    pub(super) fn speaks_of_the_same(&self, deny: usize, allow: &Reading<'_, '_>) -> bool {
        self.readings().get(deny).is_some_and(|deny| same_principals(self, deny.statement, allow.statement))
    }

    /// Whether nothing of what an allow grants is left by the denies.
    pub(super) fn is_taken_back(&self, reading: &Reading<'_, '_>) -> bool {
        let mut grants = false;
        self.has_denies()
            && reading.resources().all(|(resource, scoped)| {
                let granted = reading.actions() & fits(scoped.scope, self.catalog());
                if scoped.scope == Scope::Nothing || (granted.is_empty() && !is_open(reading)) {
                    return true;
                }
                grants = true;
                self.left_of(granted, reading, resource).is_none()
            })
            && grants
    }
}

/// The actions on buckets, where a resource names keys of several of them and a bucket is a resource of its own.
fn beyond(resource: &Resource<'_>, catalog: &Catalog) -> ActionSet {
    let names_keys = resource.place().is_some_and(|place| place.slash().is_none() && place.path.text().contains('/'));
    if names_keys && catalog.buckets_apart() { catalog.of_level(Level::Bucket) } else { ActionSet::EMPTY }
}

/// Whether a statement speaks of actions that nobody can name today.
pub(super) fn is_open(reading: &Reading<'_, '_>) -> bool {
    reading.covers_service || reading.has_unknown || !reading.wild.is_empty()
}

/// The one path of a request, in the region and account of the resource that grants it.
fn request_on(resource: &Resource<'_>, path: &str) -> Resource<'static> {
    use crate::policy::{Anchor, Case, Pattern, Place};
    let own = |text: &str| Pattern::new(text.to_owned(), false, Case::Sensitive, Anchor::loose(resource.span));
    let (region, account) = resource.place().map_or(("", ""), |place| (place.region.text(), place.account.text()));
    let place = Place::new(own(region), own(account), own(path));
    Resource {
        span: resource.span,
        text: path.to_owned().into(),
        kind: ResourceKind::Place(Box::new(place)),
        is_faulty: false,
    }
}
