//! Denies of everything but some resources, such as an owner's keys: what they leave of an allow, and what they refuse.

use super::analysis::Analysis;
use super::denials::is_open;
use super::owned::refined;
use crate::catalog::{ActionId, ActionSet, Level};
use crate::policy::Resource;
use crate::semantics::contain::may_overlap;
use crate::semantics::reading::Reading;
use crate::semantics::scope::scope_of;

/// A deny of everything but some resources, spelled right throughout.
#[derive(Debug)]
pub(super) struct Fence<'a, 's> {
    /// Index of its reading.
    pub(super) reading: usize,
    /// The known actions that it refuses.
    pub(super) actions: ActionSet,
    /// It refuses every action of the service.
    pub(super) covers_service: bool,
    /// What it does not refuse.
    pub(super) left_out: &'a [Resource<'s>],
}

impl Analysis<'_, '_> {
    /// Whether a deny without conditions refuses an action on a request's resource, since it leaves out others only.
    pub(super) fn is_fenced_off(&self, id: ActionId, request: &Resource<'_>) -> bool {
        self.denials().fences.iter().any(|fence| {
            fence.actions.contains(id)
                && self.is_unconditional(fence.reading)
                && !fence.left_out.iter().any(|own| may_overlap(own, request))
        })
    }

    /// What is left of `granted` on keys that are not one owner's: beside what [`Analysis::left_of`] knows, a deny of all but an
    /// owner's keys takes back the rest. The owner's keys are still granted.
    pub(super) fn left_beyond_owner(
        &self,
        granted: ActionSet,
        reading: &Reading<'_, '_>,
        resource: &Resource<'_>,
    ) -> Option<ActionSet> {
        let left = self.left_of(granted, reading, resource)?;
        if !self.denies_firmly() {
            return Some(left);
        }
        let facts = self.facts();
        let is_one_owners = |own: &Resource<'_>| {
            let scoped = || refined(scope_of(own, &facts.owners, self.dialect()), own, &facts.layouts);
            !may_overlap(own, resource) || scoped().scope.is_private()
        };
        let on_objects = self.catalog().of_level(Level::Object);
        let (mut taken, mut takes_all) = (ActionSet::EMPTY, false);
        for fence in self.denials().fences.iter().filter(|fence| self.is_unconditional(fence.reading)) {
            if self.speaks_of_the_same(fence.reading, reading) && fence.left_out.iter().all(is_one_owners) {
                taken |= fence.actions & on_objects;
                takes_all |= fence.covers_service;
            }
        }
        let beyond = left - taken;
        (!beyond.is_empty() || left.is_empty() || (is_open(reading) && !takes_all)).then_some(beyond)
    }
}
