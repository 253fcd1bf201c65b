//! Finding the statements whose resources may hold or meet a resource, without trying them all.
//!
//! A pattern can hold another one only if its literal prefix is a prefix of the other's, and two patterns can meet only
//! if one's literal prefix is a prefix of the other's. So the patterns are sorted by their literal prefix, and a
//! question probes once for each distinct prefix length and, for meeting, the range of longer prefixes.

//!
//! Patterns with a wildcard in their middle may be many behind one prefix. What follows it is then matched all at once, by
//! a `trie` that is made when it is first needed.

mod trie;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use self::trie::{FEW, HOLES, MOST_STEPS, NOTHING, ONE, RUN, Step, Trie};
use super::pattern::{Unit, each_unit};
use crate::policy::{Case, Pattern, Resource, ResourceKind, TokenKind};

/// Resources by literal prefix of their path; each belongs to an owner, such as a statement's index.
#[derive(Debug, Clone, Default)]
pub struct PrefixIndex {
    by_prefix: BTreeMap<String, Group>,
    lengths: BTreeSet<usize>,
    /// A number for each name of a hole in a pattern's middle.
    holes: BTreeMap<String, Step>,
}

/// The resources of one literal prefix.
#[derive(Debug, Clone, Default)]
struct Group {
    /// Owners of those that end with the prefix.
    exact: Vec<usize>,
    /// Owners of those that hold whatever begins with the prefix, or of which that is not known.
    all: Vec<usize>,
    /// Owners of the others.
    odd: Vec<usize>,
    /// What follows the prefix in each of the others.
    tails: Vec<Box<[Step]>>,
    trie: OnceCell<Trie>,
}

impl PrefixIndex {
    /// Add a resource of an owner.
    pub fn insert(&mut self, resource: &Resource<'_>, owner: usize) {
        let Some(prefix) = prefix_of(resource) else { return };
        self.lengths.insert(prefix.len());
        // Most prefixes are there already, or stand alone.
        let group = self.by_prefix.entry(prefix.to_owned()).or_default();
        let owners = match resource.place().map(|place| &place.path) {
            Some(path) if path.text().len() == prefix.len() => &mut group.exact,
            Some(path) if path.case() == Case::Sensitive && !is_run(path, prefix.len()) => {
                let holes = &mut self.holes;
                let mut number = |name: &str| {
                    let next = HOLES + holes.len() as Step;
                    holes.get(name).copied().unwrap_or_else(|| *holes.entry(name.to_owned()).or_insert(next))
                };
                let units = each_unit(path).skip(prefix.chars().count()).take(MOST_STEPS);
                group.tails.push(units.map(|unit| step(unit, &mut number)).collect());
                group.odd.push(owner);
                group.trie.take();
                return;
            }
            _ => &mut group.all,
        };
        if owners.last() != Some(&owner) {
            owners.push(owner);
        }
    }

    /// Owners of resources that may hold `resource`, in no order that means anything. O(distinct prefix lengths x log n)
    /// beside the answer where few patterns of a prefix have a wildcard in their middle; else in addition one walk over the
    /// path for each branch of them that fits.
    pub fn may_hold(&self, resource: &Resource<'_>) -> impl Iterator<Item = usize> {
        let prefix = prefix_of(resource).unwrap_or_default();
        let path = resource.place().map(|place| &place.path);
        let is_whole = path.is_some_and(|path| path.text().len() == prefix.len());
        self.groups(prefix).flat_map(move |(length, group)| {
            let is_end = is_whole && length == prefix.len();
            let exact = if is_end { group.exact.as_slice() } else { &[] };
            let is_few = group.odd.len() <= FEW;
            let few = if is_few { group.odd.as_slice() } else { &[] };
            let found = if is_few { Vec::new() } else { self.odd(group, path, length) };
            exact.iter().chain(&group.all).chain(few).copied().chain(found)
        })
    }

    /// Owners of resources that may share a path with `resource`.
    pub fn may_meet(&self, resource: &Resource<'_>) -> impl Iterator<Item = usize> {
        let prefix = prefix_of(resource).unwrap_or_default();
        let longer = self.by_prefix.range::<str, _>((Bound::Excluded(prefix), Bound::Unbounded));
        let longer = longer.take_while(move |(key, _)| key.starts_with(prefix)).map(|(_, group)| group);
        let groups = self.groups(prefix).map(|(_, group)| group).chain(longer);
        groups.flat_map(|group| group.exact.iter().chain(&group.all).chain(&group.odd)).copied()
    }

    /// The groups whose prefix begins this one, and its length.
    fn groups(&self, prefix: &str) -> impl Iterator<Item = (usize, &Group)> {
        self.lengths
            .range(..=prefix.len())
            .filter_map(move |length| Some((*length, self.by_prefix.get(prefix.get(..*length)?)?)))
    }

    /// Those of many owners whose pattern may hold `path`, which begins with the group's prefix; what has no path is held by
    /// what holds everything.
    fn odd(&self, group: &Group, path: Option<&Pattern<'_>>, length: usize) -> Vec<usize> {
        let trie = group.trie.get_or_init(|| Trie::new(&group.tails, FEW));
        let mut found = Vec::new();
        let take = |at: usize| found.extend(group.odd.get(at));
        let Some(path) = path else {
            trie.covering(std::iter::once(RUN), take);
            return found;
        };
        let start = path.text().get(..length).map_or(0, |prefix| prefix.chars().count());
        let number = |name: &str| self.holes.get(name).copied().unwrap_or(NOTHING);
        trie.covering(each_unit(path).skip(start).map(|unit| step(unit, number)), take);
        found
    }
}

/// A unit as a number; `number` tells that of a hole's name.
fn step(unit: Unit<'_>, number: impl FnOnce(&str) -> Step) -> Step {
    match unit {
        Unit::Char(c) => c as Step,
        Unit::One => ONE,
        Unit::Run => RUN,
        Unit::Hole("") => NOTHING,
        Unit::Hole(name) => number(name),
    }
}

/// Whether a pattern is any run from an offset on.
fn is_run(path: &Pattern<'_>, offset: usize) -> bool {
    path.tokens().last().is_some_and(|last| last.kind == TokenKind::AnyRun && last.start as usize == offset)
}

/// The literal prefix of a resource's path; `None` where it has none of this service.
fn prefix_of<'r>(resource: &'r Resource<'_>) -> Option<&'r str> {
    match &resource.kind {
        ResourceKind::Place(place) => Some(place.path.literal_prefix()),
        ResourceKind::Everything | ResourceKind::Unreadable => Some(""),
        ResourceKind::OtherService => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Anchor, Place};
    use crate::semantics::pattern::covers;
    use crate::text::Span;

    fn resource(path: &str) -> Resource<'_> {
        let part = |text| Pattern::new(text, false, Case::Sensitive, Anchor::loose(Span::default()));
        let place = Place::new(part(""), part(""), part(path));
        Resource {
            span: Span::default(),
            text: path.into(),
            kind: ResourceKind::Place(Box::new(place)),
            is_faulty: false,
        }
    }

    fn index(paths: &[String]) -> PrefixIndex {
        let mut index = PrefixIndex::default();
        for (owner, path) in paths.iter().enumerate() {
            index.insert(&resource(path), owner);
        }
        index
    }

    /// Every text of up to so many pieces.
    fn texts(pieces: &[&str], most: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut last = all.clone();
        for _ in 0..most {
            last = last.iter().flat_map(|text| pieces.iter().map(move |piece| format!("{text}{piece}"))).collect();
            all.extend(last.iter().cloned());
        }
        all
    }

    #[test]
    fn no_holder_and_no_neighbour_is_lost() {
        let paths = ["*", "b/*", "b/a/*", "b/a/c", "b/*/c", "c/*", "b/a*"].map(str::to_owned);
        let index = index(&paths);
        for path in &paths {
            let narrow = resource(path);
            for (owner, other) in paths.iter().enumerate() {
                let wide = resource(other);
                if super::super::contain::holds(&wide, &narrow) {
                    assert!(index.may_hold(&narrow).any(|found| found == owner), "{other} holds {path}");
                }
                if super::super::contain::overlap(&wide, &narrow).is_some() {
                    assert!(index.may_meet(&narrow).any(|found| found == owner), "{other} meets {path}");
                }
            }
        }
    }

    #[test]
    fn a_trie_finds_what_pairs_of_patterns_find() {
        let pattern = |text: &'static str| Pattern::new(text, true, Case::Sensitive, Anchor::loose(Span::default()));
        let all: Vec<Pattern<'_>> = texts(&["a", "b", "*", "?", "{h}", "{}"], 3)
            .into_iter()
            .chain(texts(&["a", "*"], 6))
            .map(|text| pattern(text.leak()))
            .collect();
        let steps = |path: &Pattern<'_>| -> Box<[Step]> { each_unit(path).map(|unit| step(unit, |_| HOLES)).collect() };
        let tails: Vec<Box<[Step]>> = all.iter().map(steps).collect();
        for few in [0, FEW] {
            let trie = Trie::new(&tails, few);
            for narrow in &all {
                let mut found = Vec::new();
                trie.covering(steps(narrow).iter().copied(), |at| found.push(at));
                found.sort_unstable();
                let once = found.len();
                found.dedup();
                assert_eq!(found.len(), once, "{narrow:?}: each is found once");
                let wanted: Vec<usize> = (0..all.len()).filter(|at| covers(&all[*at], narrow)).collect();
                if few == 0 {
                    assert_eq!(found, wanted, "{narrow:?}");
                }
                assert!(wanted.iter().all(|at| found.contains(at)), "{narrow:?}");
            }
        }
    }

    #[test]
    fn thousands_of_wildcards_behind_one_prefix_leave_a_handful() {
        let long = "x".repeat(2 * MOST_STEPS);
        for form in ["b/app/*/N", "b/app/*/N*", "*N*x", "b/*/N/*", "b/{u}/N/*", "b/\u{7528}*/N"] {
            let paths: Vec<String> = (1_000..4_000).map(|number| form.replace('N', &number.to_string())).collect();
            let index = index(&paths);
            for (owner, path) in paths.iter().enumerate().step_by(97) {
                let narrow = path.replace('*', "y");
                for narrow in [path.clone(), narrow, path.replace('*', "y/*")] {
                    let found: Vec<usize> = index.may_hold(&resource(&narrow)).collect();
                    assert!(found.contains(&owner), "{path} holds {narrow}");
                    assert!(found.len() <= 2 * FEW, "{narrow}: {} candidates", found.len());
                }
            }
            assert!(index.may_hold(&resource("b/app/none")).next().is_none());
            assert_eq!(index.may_meet(&resource("*")).count(), paths.len());
        }
        // What differs only far behind the wildcard is told apart by whoever asks.
        let paths: Vec<String> = (0..100).map(|number| format!("b/*/{long}/{number}")).collect();
        assert_eq!(index(&paths).may_hold(&resource(&paths[7])).count(), paths.len());
    }
}
