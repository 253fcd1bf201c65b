//! Which resource lies in which: the containment order.
//!
//! Resources that hold each other are equal and make one component; between components the order is reduced to its
//! direct steps, which is what a reader wants to see beside a column ("lies in column 2").

use petgraph::algo::tarjan_scc;
use petgraph::algo::tred::{dag_to_toposorted_adjacency_list, dag_transitive_reduction_closure};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::IntoNeighbors;

use super::contain::holds;
use crate::policy::Resource;

/// The containment order of some resources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// For each resource, the first one that is equal to it.
    pub equal_to: Vec<usize>,
    /// For each resource, the ones that hold it and hold no other one that does; empty for those equal to an earlier one.
    pub within: Vec<Vec<usize>>,
}

/// The containment order of `resources`. O(n^2) comparisons.
pub fn order(resources: &[&Resource<'_>]) -> Order {
    let mut graph: DiGraph<usize, ()> = DiGraph::new();
    let nodes: Vec<NodeIndex> = (0..resources.len()).map(|index| graph.add_node(index)).collect();
    for (i, (from, narrow)) in nodes.iter().zip(resources).enumerate() {
        for (j, (to, wide)) in nodes.iter().zip(resources).enumerate() {
            if i != j && holds(wide, narrow) {
                graph.add_edge(*from, *to, ());
            }
        }
    }
    let mut equal_to: Vec<usize> = (0..resources.len()).collect();
    for component in tarjan_scc(&graph) {
        let first = component.iter().map(|node| node.index()).min().unwrap_or_default();
        for node in component {
            if let Some(slot) = equal_to.get_mut(node.index()) {
                *slot = first;
            }
        }
    }
    let is_first = |index: usize| equal_to.get(index) == Some(&index);
    let dag = graph.filter_map(|node, index| is_first(node.index()).then_some(*index), |_, ()| Some(()));
    let mut within = vec![Vec::new(); resources.len()];
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
    Order { equal_to, within }
}
