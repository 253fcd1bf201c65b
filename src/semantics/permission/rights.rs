//! A policy, read into a space: its statements as sets of requests.

use super::area::{Area, Parts};
use super::doubt;
use super::encode::{Look, Unreadable, areas, everything};
use super::prefix::{is_prefix, restrict};
use super::space::Space;
use super::whom::Whom;
use crate::dialect::Dialect;
use crate::policy::{Condition, HoleOrigin, Owners, Policy, PolicyKind, Resource, ResourceKind};
use crate::semantics::condition::Guard;
use crate::semantics::reading::{Meaning, Reading, is_of_listing};

/// What a policy permits.
#[derive(Debug)]
pub struct Permission<'p, 's> {
    pub(super) rights: Vec<Rights<'p, 's>>,
    /// What of it could not be read, each a sentence.
    pub(super) unclear: Vec<String>,
}

/// A statement as a set of requests.
#[derive(Debug)]
pub(super) struct Rights<'p, 's> {
    pub(super) reading: Reading<'p, 's>,
    /// Its resources, by the way in which actions look at them; only those ways that its actions have.
    areas: [Vec<Area>; Look::COUNT],
    /// Its conditions.
    guard: Guard,
    /// Its conditions but for those that are a part of the resource of a listing.
    listing_guard: Guard,
    /// Its conditions in requests for objects, which never carry what a listing does.
    object_guard: Guard,
    pub(super) whom: Whom,
}

impl<'p, 's> Permission<'p, 's> {
    /// Read a policy of a kind. Whom its statements name counts only where principals are told apart.
    pub(super) fn read(
        policy: &'p Policy<'s>,
        kind: PolicyKind,
        tells_apart: bool,
        owners: &Owners,
        space: &mut Space,
    ) -> Self {
        let mut unclear: Vec<String> = doubt::of_policy(policy).collect();
        let statements = policy.statements.iter();
        let rights = statements.map(|statement| {
            let reading = Reading::new(statement, space.dialect, owners);
            Rights::read(reading, (kind, tells_apart), space, &mut unclear)
        });
        let rights = rights.collect();
        unclear.sort();
        unclear.dedup();
        Self { rights, unclear }
    }

    /// What of the policy could not be read, so that nothing is proven about it; each a sentence.
    pub fn unclear(&self) -> &[String] {
        &self.unclear
    }

    /// The statements, read, in order.
    pub fn readings(&self) -> impl Iterator<Item = &Reading<'p, 's>> {
        self.rights.iter().map(|rights| &rights.reading)
    }
}

impl<'p, 's> Rights<'p, 's> {
    fn read(
        reading: Reading<'p, 's>,
        (kind, tells_apart): (PolicyKind, bool),
        space: &mut Space,
        unclear: &mut Vec<String>,
    ) -> Self {
        let statement = reading.statement;
        let catalog = space.dialect.catalog();
        doubt::of_statement(&reading, space.dialect, unclear);
        let needed = needed(&reading, space);
        let mut found: [Vec<Area>; Look::COUNT] = Default::default();
        for (look, out) in LOOKS.into_iter().zip(&mut found) {
            if needed.contains(&look) {
                *out = resources(&reading, kind, look, space, unclear);
            }
        }
        let own = |condition: &&Condition<'s>| !is_prefix(condition, catalog);
        let guard = space.vocabulary.guard(&statement.conditions);
        let listing_guard = if statement.conditions.iter().all(|condition| own(&condition)) {
            guard.clone()
        } else {
            space.vocabulary.guard(statement.conditions.iter().filter(own))
        };
        let is_absent = |condition: &Condition<'s>| is_of_listing(condition, catalog);
        let object_guard = if statement.conditions.iter().any(is_absent) {
            space.vocabulary.guard_without(&statement.conditions, is_absent)
        } else {
            guard.clone()
        };
        let whom = if tells_apart { Whom::read(statement, kind, unclear) } else { Whom::Everyone };
        Self { whom, reading, areas: found, guard, listing_guard, object_guard }
    }

    /// Whether the statement allows.
    pub(super) fn allows(&self) -> bool {
        self.reading.statement.allows()
    }

    /// Its resources as these actions look at them.
    pub(super) fn areas(&self, look: Look) -> &[Area] {
        self.areas.get(look as usize).map_or(&[], Vec::as_slice)
    }

    /// Its conditions as these actions meet them.
    pub(super) fn guard(&self, look: Look) -> &Guard {
        match look {
            Look::Prefix => &self.listing_guard,
            Look::Object => &self.object_guard,
            Look::Bucket | Look::Operation | Look::Any => &self.guard,
        }
    }
}

const LOOKS: [Look; Look::COUNT] = [Look::Object, Look::Bucket, Look::Prefix, Look::Operation, Look::Any];

/// The ways in which the actions of a statement look at resources.
fn needed(reading: &Reading<'_, '_>, space: &Space) -> Vec<Look> {
    let catalog = space.dialect.catalog();
    let statement = reading.statement;
    if statement.actions.negated || statement.actions.is_missing || reading.covers_service {
        return LOOKS.to_vec();
    }
    let mut found: Vec<Look> = reading.actions().iter().map(|id| Look::of(id, catalog)).collect();
    if reading.has_unknown || !reading.wild.is_empty() || reading.meanings().any(|m| matches!(m, Meaning::Wildcard(_)))
    {
        found.push(Look::Any);
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The resources of a statement in one way of looking.
fn resources(
    reading: &Reading<'_, '_>,
    kind: PolicyKind,
    look: Look,
    space: &mut Space,
    unclear: &mut Vec<String>,
) -> Vec<Area> {
    let statement = reading.statement;
    let dialect = space.dialect;
    if statement.resources.is_missing {
        let all = || vec![everything(0, look, space.dialect).0];
        return if statement.allows() { all() } else { Vec::new() };
    }
    let mut found: Vec<(Area, Parts)> = Vec::new();
    let patterns = statement.resources.patterns.iter().enumerate();
    // What a statement leaves out by one is not known.
    let is_there = |resource: &Resource<'_>| statement.resources.negated || !is_never_filled(resource, kind, dialect);
    for (index, resource) in patterns.filter(|(_, resource)| is_there(resource)) {
        let before = statement.resources.patterns.iter().take(index);
        let occurrence =
            if has_anonymous(resource) { before.filter(|other| other.text == resource.text).count() } else { 0 };
        let mut marks = space.marks(format!("{}\0{occurrence}", resource.text));
        match areas(index, resource, look, dialect, &mut marks) {
            Ok(areas) => found.extend(areas),
            Err(Unreadable(why)) => {
                unclear.push(why);
                if statement.allows() && !statement.resources.negated {
                    found.push(everything(index, look, dialect));
                }
            }
        }
    }
    if statement.resources.negated {
        let (mut all, parts) = everything(0, look, space.dialect);
        all.outside = found.into_iter().flat_map(|(area, _)| area.inside).collect();
        found = vec![(all, parts)];
    }
    if look == Look::Prefix {
        let catalog = dialect.catalog();
        for condition in statement.conditions.iter().filter(|condition| is_prefix(condition, catalog)) {
            let values: Vec<&str> = condition.values.iter().map(|value| &*value.text).collect();
            let mut marks = space.marks(values.join("\0"));
            found = restrict(found, condition, catalog, dialect.absent_keys(), dialect.any_one(), &mut marks);
        }
    }
    found.into_iter().map(|(area, _)| area).collect()
}

/// Whether a resource has a variable for which no request of this kind of policy has a value, so that none matches it.
fn is_never_filled(resource: &Resource<'_>, kind: PolicyKind, dialect: &dyn Dialect) -> bool {
    let never = dialect.words().not_in_sessions;
    let Some(place) = resource.place().filter(|_| kind == PolicyKind::Session && !never.is_empty()) else {
        return false;
    };
    place.path.holes().iter().filter(|hole| hole.origin == HoleOrigin::Service).any(|hole| {
        let name = place.path.hole_name(hole).trim();
        never.iter().any(|known| known.eq_ignore_ascii_case(name))
    })
}

/// Whether a resource has a hole without a name.
fn has_anonymous(resource: &Resource<'_>) -> bool {
    let ResourceKind::Place(place) = &resource.kind else { return false };
    [&place.region, &place.account, &place.path]
        .into_iter()
        .any(|part| part.holes().iter().any(|hole| part.hole_name(hole).is_empty()))
}
