//! What lies in what, and what leads to what.
//!
//! An [`Order`] is made of pairs that somebody has proven: of resources ([`order`]), or of statements that grant or deny what
//! another one does. Things that hold each other are equal and make one component; between components the order is reduced
//! to its direct steps, which is what a reader wants to see beside a column ("lies in column 2") and what a message walks
//! from a statement to the nearest one that covers it, and on from there.
//!
//! [`Leads`] are the ways from an action that changes permissions to what its holder can grant with it.

use petgraph::algo::tred::{dag_to_toposorted_adjacency_list, dag_transitive_reduction_closure};
use petgraph::algo::{astar, tarjan_scc};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::IntoNeighbors;

use super::contain::holds;
use crate::catalog::{ActionId, ActionSet, Catalog, Ground, Lead};
use crate::policy::Resource;

/// The containment order of some things, by their indices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// For each, the first one that is equal to it.
    pub equal_to: Vec<usize>,
    /// For each, the ones that hold it and hold no other one that does; empty for those equal to an earlier one.
    pub within: Vec<Vec<usize>>,
}

impl Order {
    /// The order of `count` things in which, of each pair, the first lies in the second. O(count + pairs), and what the
    /// reduction costs where many lie in one another.
    pub fn of(count: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut graph: DiGraph<usize, ()> = DiGraph::new();
        let nodes: Vec<NodeIndex> = (0..count).map(|index| graph.add_node(index)).collect();
        for (narrow, wide) in pairs {
            if let (Some(from), Some(to)) = (nodes.get(narrow), nodes.get(wide)) {
                graph.update_edge(*from, *to, ());
            }
        }
        let mut equal_to: Vec<usize> = (0..count).collect();
        for component in tarjan_scc(&graph) {
            let first = component.iter().map(|node| node.index()).min().unwrap_or_default();
            for node in component {
                if let Some(slot) = equal_to.get_mut(node.index()) {
                    *slot = first;
                }
            }
        }
        // Each component is one thing, which lies in whatever some member of it lies in.
        let first_of = |node: NodeIndex| equal_to.get(node.index()).copied();
        let mut dag: DiGraph<usize, ()> = DiGraph::new();
        for index in 0..count {
            dag.add_node(index);
        }
        for edge in graph.edge_indices() {
            let ends = graph.edge_endpoints(edge).and_then(|(from, to)| Some((first_of(from)?, first_of(to)?)));
            if let Some((from, to)) = ends.filter(|(from, to)| from != to) {
                dag.update_edge(NodeIndex::new(from), NodeIndex::new(to), ());
            }
        }
        let mut within = vec![Vec::new(); count];
        let sorted = petgraph::algo::toposort(&dag, None).unwrap_or_default();
        let (list, _) = dag_to_toposorted_adjacency_list::<_, u32>(&dag, &sorted);
        let (reduced, _) = dag_transitive_reduction_closure(&list);
        let index_of = |place: usize| sorted.get(place).and_then(|node| dag.node_weight(*node)).copied();
        for place in 0..sorted.len() {
            let Some(index) = index_of(place) else { continue };
            let mut wider: Vec<usize> =
                reduced.neighbors(place as u32).filter_map(|wide| index_of(wide as usize)).collect();
            wider.sort_unstable();
            if let Some(slot) = within.get_mut(index) {
                *slot = wider;
            }
        }
        Self { equal_to, within }
    }

    /// What holds one of them most narrowly: the first equal one, else the first of those directly around it.
    pub fn nearest(&self, index: usize) -> Option<usize> {
        let first = self.equal_to.get(index).copied()?;
        if first == index { self.within.get(index)?.first().copied() } else { Some(first) }
    }

    /// The way out from one of them, nearest first, step by step to one that nothing holds.
    pub fn around(&self, index: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.nearest(index), |at| self.nearest(*at))
    }
}

/// The containment order of `resources`. O(n^2) comparisons.
pub fn order(resources: &[&Resource<'_>]) -> Order {
    let all = || resources.iter().enumerate();
    let pairs = all().flat_map(|(narrow, own)| {
        let wider = all().filter(move |(wide, other)| *wide != narrow && holds(other, own));
        wider.map(move |(wide, _)| (narrow, wide))
    });
    Order::of(resources.len(), pairs)
}

/// The ways from actions that change permissions to what their holder can grant.
#[derive(Debug)]
pub struct Leads<'c> {
    /// An edge where one action can grant the next one, which can grant more.
    graph: DiGraph<&'c Lead, ()>,
}

/// A way to an action that was not granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The actions to use in turn; the first one is granted.
    pub by: Vec<ActionId>,
    /// What can be used in the end.
    pub to: ActionId,
    /// Where that works: all steps taken together.
    pub on: Ground,
}

impl<'c> Leads<'c> {
    /// The ways of a catalogue. O(n^2) in the few actions that lead somewhere.
    pub fn new(catalog: &'c Catalog) -> Self {
        let mut graph = DiGraph::new();
        let nodes: Vec<NodeIndex> = catalog.leads().iter().map(|lead| graph.add_node(lead)).collect();
        for (lead, from) in catalog.leads().iter().zip(&nodes) {
            for (next, to) in catalog.leads().iter().zip(&nodes) {
                if from != to && lead.to.contains(next.by) {
                    graph.add_edge(*from, *to, ());
                }
            }
        }
        Self { graph }
    }

    /// The shortest way from an action that is granted to the first of `goals` that it leads to; a lower set of goals is
    /// looked at only when nothing of a higher one can be had.
    pub fn way(&self, from: ActionId, goals: &[ActionSet]) -> Option<Way> {
        let start = self.graph.node_indices().find(|node| self.lead(*node).is_some_and(|lead| lead.by == from))?;
        goals.iter().find_map(|goals| {
            let is_there = |node: NodeIndex| self.lead(node).is_some_and(|lead| lead.to.meets(goals));
            let (_, nodes) = astar(&self.graph, start, is_there, |_| 1, |_| 0)?;
            let steps: Vec<&Lead> = nodes.into_iter().filter_map(|node| self.lead(node)).collect();
            let to = (steps.last()?.to & *goals).iter().next()?;
            let on = steps.iter().map(|lead| lead.on).max()?;
            Some(Way { by: steps.iter().map(|lead| lead.by).collect(), to, on })
        })
    }

    fn lead(&self, node: NodeIndex) -> Option<&'c Lead> {
        self.graph.node_weight(node).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Class;

    #[test]
    fn what_is_held_twice_over_lies_directly_in_the_nearer_one() {
        // 0 in 1 in 2, and 3 equal to 1.
        let order = Order::of(5, [(0, 2), (0, 1), (1, 2), (1, 3), (3, 1), (3, 2), (0, 3)]);
        assert_eq!(order.equal_to, [0, 1, 2, 1, 4]);
        assert_eq!(order.within, [vec![1], vec![2], vec![], vec![], vec![]]);
        assert_eq!(
            (0..5).map(|index| order.nearest(index)).collect::<Vec<_>>(),
            [Some(1), Some(2), None, Some(1), None]
        );
        assert_eq!(order.around(0).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(order.around(3).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn a_pair_that_only_a_later_equal_one_was_tried_for_is_not_lost() {
        // 0 and 1 are equal, and only 1 was found to lie in 2.
        let order = Order::of(3, [(0, 1), (1, 0), (1, 2)]);
        assert_eq!(order.nearest(0), Some(2));
        assert_eq!(order.around(1).collect::<Vec<_>>(), [0, 2]);
    }

    #[test]
    fn of_two_that_hold_it_and_not_each_other_both_are_direct() {
        let order = Order::of(3, [(0, 1), (0, 2)]);
        assert_eq!(order.within, [vec![1, 2], vec![], vec![]]);
        assert_eq!(order.around(0).collect::<Vec<_>>(), [1]);
    }

    /// A provider for whom object owners may replace policies.
    fn catalog() -> Catalog {
        let action = |name: &str, level: &str, class: &str, leads_to: &str| {
            format!(
                r#"{{"name":"{name}","level":"{level}","class":"{class}","description":"x","confidence":"documented",
                "sources":[],"read":"2026-11-25"{leads_to}}}"#
            )
        };
        let lead = |on: &str, to: &str| format!(r#","leads_to":{{"on":"{on}","actions":[{to}],"sources":[]}}"#);
        let actions = [
            action("Delete", "object", "delete", ""),
            action("ListAccounts", "service", "list", ""),
            action("PutAcl", "object", "permissions", &lead("object", r#""Read", "PutAcl""#)),
            action("PutOwner", "object", "permissions", &lead("object", r#""PutPolicy""#)),
            action("PutPolicy", "bucket", "permissions", &lead("bucket", r#""*""#)),
            action("Read", "object", "read", ""),
        ];
        let text = format!(
            r#"{{"dialect":"d","service":"d","actions":[{}],"condition_keys":[],"foreign_actions":[],"form_fields":[],
            "regions":{{"names":[],"sources":[],"read":""}}}}"#,
            actions.join(",")
        );
        Catalog::load(&text).unwrap()
    }

    #[test]
    fn a_way_leads_to_the_worst_that_can_be_had_by_the_fewest_steps() {
        let catalog = catalog();
        let leads = Leads::new(&catalog);
        let goals = [catalog.of_class(Class::Delete), catalog.of_class(Class::Read)];
        let way = |from: &str| {
            leads.way(catalog.find(from).unwrap(), &goals).map(|way| {
                let by: Vec<&str> = way.by.iter().map(|id| catalog.name(*id)).collect();
                (by.join(" "), catalog.name(way.to).to_owned(), way.on)
            })
        };
        let told = |by: &str, to: &str, on| Some((by.to_owned(), to.to_owned(), on));
        assert_eq!(way("PutPolicy"), told("PutPolicy", "Delete", Ground::Bucket));
        assert_eq!(way("PutAcl"), told("PutAcl", "Read", Ground::Object));
        assert_eq!(way("PutOwner"), told("PutOwner PutPolicy", "Delete", Ground::Bucket));
        assert_eq!(way("Read"), None);
        // A wildcard does not stand for what works on the account alone.
        assert_eq!(leads.way(catalog.find("PutPolicy").unwrap(), &[catalog.of_class(Class::List)]), None);
    }
}
