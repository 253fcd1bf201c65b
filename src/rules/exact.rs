//! What the exact comparison knows better than a glance at patterns.
//!
//! [`denials`](super::denials) takes an allow's actions back where one deny without conditions holds its resource. Several
//! denies together, conditions that imply each other, what a deny leaves out and one-letter wildcards are beyond that; they are
//! asked here, of small policies only and only where such a deny speaks of the same actions and resource at all.

use super::analysis::Analysis;
use super::imply::exclude;
use crate::catalog::{ActionSet, Role};
use crate::policy::{Condition, Resource, Statement, TokenKind};
use crate::semantics::contain::may_overlap;
use crate::semantics::permission::Taken;
use crate::semantics::reading::Reading;

impl Analysis<'_, '_> {
    /// What the denies surely take of `granted` on one resource of an allow; `None` where a glance already tells all.
    pub(super) fn taken_exactly(
        &self,
        granted: ActionSet,
        reading: &Reading<'_, '_>,
        resource: &Resource<'_>,
    ) -> Option<Taken> {
        if !self.has_denies() || !self.is_small() {
            return None;
        }
        // What the denies surely refuse is laid out for a policy only where some of them, as they stand here, may be news.
        let denies = || self.denies().filter(|deny| !exclude(reading.statement, deny.statement));
        let is_open = |deny: &Reading<'_, '_>| !self.may_imply(reading.statement, deny.statement);
        let is_surprising = |deny: &Reading<'_, '_>| {
            let Statement { conditions, resources, .. } = deny.statement;
            let is_subtle = !conditions.is_empty() || resources.negated || has_any_one(resource);
            (is_subtle || resources.patterns.iter().any(has_any_one)) && !is_open(deny)
        };
        let speaks = |deny: &Reading<'_, '_>| {
            let named = &deny.statement.resources;
            (deny.covers_service || deny.actions().meets(&granted))
                && (named.negated || named.patterns.iter().any(|denied| may_overlap(denied, resource)))
        };
        // Of those with other conditions one alone leaves something, and two may leave nothing if they are about one key.
        let open = || denies().filter(|deny| is_open(deny)).flat_map(|deny| &deny.statement.conditions);
        let is_twice = |key: &str| open().filter(|condition| condition.key == key).nth(1).is_some();
        let is_news = |deny: &Reading<'_, '_>| {
            is_surprising(deny) || deny.statement.conditions.iter().any(|condition| is_twice(&condition.key))
        };
        if !denies().any(|deny| is_news(deny) && speaks(deny)) {
            return None;
        }
        let firm = self.denials().firm();
        let at = self.position_of(reading)?;
        let named = reading.statement.resources.named();
        let resource = named.iter().position(|own| std::ptr::eq(own, resource))?;
        Some(self.alone()?.taken(at, resource, firm))
    }

    /// Whether an allow may let its holder list all keys of a bucket by some of these actions; only a `false` is a proof.
    pub(super) fn may_list_all(&self, listed: ActionSet, reading: &Reading<'_, '_>) -> bool {
        let limits = |statement: &Statement<'_>| statement.conditions.iter().any(|test| self.asks_what_is_listed(test));
        let is_limiting = |deny: &Reading<'_, '_>| limits(deny.statement) && deny.actions().meets(&listed);
        if !limits(reading.statement) && !self.denies().any(is_limiting) {
            return true;
        }
        let firm = if self.has_denies() { self.denials().firm() } else { &[] };
        // Where the prefix is a part of the resource, nothing tells what a value without any text refuses.
        let is_empty =
            |test: &Condition<'_>| self.asks_what_is_listed(test) && test.values.iter().any(|v| v.text.is_empty());
        if !self.catalog().buckets_apart() && reading.statement.conditions.iter().any(is_empty) {
            return true;
        }
        let (Some(at), Some(alone)) = (self.position_of(reading), self.alone()) else { return true };
        listed.iter().any(|id| alone.may_list_all(id, at, firm))
    }

    /// The place of a reading among all.
    pub(super) fn position_of(&self, reading: &Reading<'_, '_>) -> Option<usize> {
        let own = std::ptr::from_ref(reading).cast::<()>();
        self.readings().iter().position(|other| std::ptr::from_ref(other).cast::<()>() == own)
    }

    /// Whether the conditions of an allow may imply those of a deny: they are about the same keys, or about what is listed,
    /// which is a part of the resource.
    fn may_imply(&self, allow: &Statement<'_>, deny: &Statement<'_>) -> bool {
        let is_known = |test: &Condition<'_>| allow.conditions.iter().any(|own| own.key == test.key);
        deny.conditions.iter().all(|test| is_known(test) || self.asks_what_is_listed(test))
    }

    /// Whether a condition asks for what is listed, whichever actions carry its key.
    fn asks_what_is_listed(&self, condition: &Condition<'_>) -> bool {
        matches!(self.catalog().role_of(&condition.key), Some(Role::ListPrefix | Role::ListDelimiter))
    }
}

fn has_any_one(resource: &Resource<'_>) -> bool {
    resource.place().is_some_and(|place| place.path.tokens().iter().any(|token| token.kind == TokenKind::AnyOne))
}
