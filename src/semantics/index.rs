//! Finding the statements whose resources may hold or meet a resource, without trying them all.
//!
//! A pattern can hold another one only if its literal prefix is a prefix of the other's, and two patterns can meet only
//! if one's literal prefix is a prefix of the other's. So the patterns are sorted by their literal prefix, and a
//! question probes once for each distinct prefix length and, for meeting, the range of longer prefixes.

use std::collections::{BTreeMap, BTreeSet};

use crate::policy::{Resource, ResourceKind};

/// Resources by literal prefix of their path; each belongs to an owner, such as a statement's index.
#[derive(Debug, Clone, Default)]
pub struct PrefixIndex {
    by_prefix: BTreeMap<String, Vec<usize>>,
    lengths: BTreeSet<usize>,
}

impl PrefixIndex {
    /// Add a resource of an owner.
    pub fn insert(&mut self, resource: &Resource<'_>, owner: usize) {
        let Some(prefix) = prefix_of(resource) else { return };
        self.lengths.insert(prefix.len());
        let owners = self.by_prefix.entry(prefix.to_owned()).or_default();
        if owners.last() != Some(&owner) {
            owners.push(owner);
        }
    }

    /// Owners of resources that may hold `resource`. O(distinct prefix lengths x log n) beside the answer.
    pub fn may_hold(&self, resource: &Resource<'_>) -> impl Iterator<Item = usize> {
        let prefix = prefix_of(resource).unwrap_or_default();
        self.lengths
            .range(..=prefix.len())
            .filter_map(|length| self.by_prefix.get(prefix.get(..*length)?))
            .flatten()
            .copied()
    }

    /// Owners of resources that may share a path with `resource`.
    pub fn may_meet(&self, resource: &Resource<'_>) -> impl Iterator<Item = usize> {
        let prefix = prefix_of(resource).unwrap_or_default();
        let longer = self.by_prefix.range::<str, _>((std::ops::Bound::Excluded(prefix), std::ops::Bound::Unbounded));
        let longer = longer.take_while(move |(key, _)| key.starts_with(prefix)).flat_map(|(_, owners)| owners).copied();
        self.may_hold(resource).chain(longer)
    }
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
    use crate::policy::{Anchor, Case, Pattern, Place};
    use crate::text::Span;

    fn resource(path: &str) -> Resource<'_> {
        let part = |text| Pattern::new(text, false, Case::Sensitive, Anchor::loose(Span::default()));
        let place = Place { region: part(""), account: part(""), path: part(path) };
        Resource {
            span: Span::default(),
            text: path.into(),
            kind: ResourceKind::Place(Box::new(place)),
            is_faulty: false,
        }
    }

    #[test]
    fn no_holder_and_no_neighbour_is_lost() {
        let paths = ["*", "b/*", "b/a/*", "b/a/c", "b/*/c", "c/*", "b/a*"];
        let mut index = PrefixIndex::default();
        for (owner, path) in paths.iter().enumerate() {
            index.insert(&resource(path), owner);
        }
        for path in paths {
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
}
