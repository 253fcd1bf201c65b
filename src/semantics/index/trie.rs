//! Many patterns that begin alike, matched at once.
//!
//! What follows the common beginning is laid out as a trie whose edges are units: characters, wildcards, holes. A pattern
//! is read along all edges that take its next unit, as an automaton with many states; an edge for any run is taken without
//! reading anything, and then reads whatever comes. So patterns that share their first units are tried together: a
//! question costs as many steps as there are branches that fit, not as there are patterns.
//!
//! A branch with a handful of patterns is not divided further; whoever asks compares those one by one. That keeps the
//! trie small, and patterns are known by their first units only.

use std::collections::BTreeSet;

/// A unit as a number: a character, or one of those below.
pub(super) type Step = u32;

/// Any one character.
pub(super) const ONE: Step = 0x0011_0000;
/// Any run of characters.
pub(super) const RUN: Step = 0x0011_0001;
/// What nothing takes and what takes nothing: a hole without a name, or one that no pattern here has.
pub(super) const NOTHING: Step = 0x0011_0002;
/// The first hole with a name.
pub(super) const HOLES: Step = 0x0011_0003;

/// Units of a pattern by which it is known.
pub(super) const MOST_STEPS: usize = 64;

/// A branch of so many patterns is not divided.
pub(super) const FEW: usize = 8;

#[derive(Debug, Clone)]
struct Node {
    /// The edge to it.
    step: Step,
    /// The patterns that end here, as a range of the members; those of the whole branch if it is not divided.
    start: u32,
    end: u32,
    /// Its children, as a range of the nodes, in order of their edges.
    first: u32,
    last: u32,
    is_divided: bool,
}

/// Patterns by their units.
#[derive(Debug, Clone)]
pub(super) struct Trie {
    members: Vec<u32>,
    nodes: Vec<Node>,
}

impl Trie {
    /// A trie of these patterns; a branch of at most `few` is not divided. O(n log n) comparisons, and nodes for no more
    /// than the units given.
    pub(super) fn new(patterns: &[Box<[Step]>], few: usize) -> Self {
        let steps = |member: &u32| patterns.get(*member as usize).map_or(&[][..], |steps| steps);
        let mut members: Vec<u32> = (0..patterns.len() as u32).collect();
        members.sort_by(|a, b| steps(a).cmp(steps(b)));
        let root = Node { step: NOTHING, start: 0, end: members.len() as u32, first: 0, last: 0, is_divided: false };
        let mut nodes = vec![root];
        // The depth of each level's first node; the nodes of a level stand together.
        let (mut next, mut depth, mut level) = (0, 0, 1);
        while let Some(node) = nodes.get(next) {
            if next == level {
                (depth, level) = (depth + 1, nodes.len());
            }
            let (start, end) = (node.start, node.end);
            let branch = members.get(start as usize..end as usize).unwrap_or_default();
            if branch.len() > few && depth < MOST_STEPS {
                // The shorter ones come first.
                let ended = start + branch.partition_point(|member| steps(member).len() == depth) as u32;
                let first = nodes.len() as u32;
                let mut from = ended;
                while let Some(step) =
                    members.get(from as usize).filter(|_| from < end).and_then(|m| steps(m).get(depth))
                {
                    let rest = members.get(from as usize..end as usize).unwrap_or_default();
                    let to = from + rest.partition_point(|member| steps(member).get(depth) == Some(step)) as u32;
                    nodes.push(Node { step: *step, start: from, end: to, first: 0, last: 0, is_divided: false });
                    from = to;
                }
                let last = nodes.len() as u32;
                if let Some(node) = nodes.get_mut(next) {
                    *node = Node { end: ended, first, last, is_divided: true, ..*node };
                }
            }
            next += 1;
        }
        Self { members, nodes }
    }

    /// Hand every pattern that may cover these units to `take`, each once, and none that surely does not by the units it is
    /// known by, but for those of a branch that is not divided.
    pub(super) fn covering(&self, units: impl Iterator<Item = Step>, mut take: impl FnMut(usize)) {
        let mut states = States { trie: self, runs: Vec::new(), plain: Vec::new(), seen: BTreeSet::new() };
        states.enter(0, &mut take);
        let mut before = Vec::new();
        for unit in units {
            std::mem::swap(&mut before, &mut states.plain);
            if before.is_empty() && states.runs.is_empty() {
                return;
            }
            // A run that is entered now reads from the next unit on.
            let runs = states.runs.len();
            for node in before.drain(..) {
                states.read(node, unit, &mut take);
            }
            for index in 0..runs {
                if let Some(node) = states.runs.get(index) {
                    states.read(*node, unit, &mut take);
                }
            }
        }
        for node in states.plain.iter().chain(&states.runs) {
            self.hand(*node, &mut take);
        }
    }

    fn hand(&self, node: u32, take: &mut impl FnMut(usize)) {
        let Some(node) = self.nodes.get(node as usize) else { return };
        for member in self.members.get(node.start as usize..node.end as usize).unwrap_or_default() {
            take(*member as usize);
        }
    }

    fn child(&self, node: &Node, step: Step) -> Option<u32> {
        let children = self.nodes.get(node.first as usize..node.last as usize)?;
        let at = children.binary_search_by_key(&step, |child| child.step).ok()?;
        Some(node.first + at as u32)
    }
}

/// Where one is in a trie after some units.
struct States<'t> {
    trie: &'t Trie,
    /// The nodes behind a run: once entered they are never left.
    runs: Vec<u32>,
    /// The other ones; each is entered from one place only, so none stands here twice.
    plain: Vec<u32>,
    /// The runs, and the branches that were handed out.
    seen: BTreeSet<u32>,
}

impl States<'_> {
    /// Enter a node, and what can be reached from it without reading.
    fn enter(&mut self, node: u32, take: &mut impl FnMut(usize)) {
        let mut next = Some(node);
        while let Some(index) = next.take() {
            let Some(node) = self.trie.nodes.get(index as usize) else { return };
            let is_run = node.step == RUN;
            if (is_run || !node.is_divided) && !self.seen.insert(index) {
                return;
            }
            if !node.is_divided {
                self.trie.hand(index, take);
                return;
            }
            if is_run {
                self.runs.push(index);
            } else {
                self.plain.push(index);
            }
            next = self.trie.child(node, RUN);
        }
    }

    /// Follow the edges of a node that take a unit.
    fn read(&mut self, node: u32, unit: Step, take: &mut impl FnMut(usize)) {
        let trie = self.trie;
        let Some(node) = trie.nodes.get(node as usize) else { return };
        // A run is taken by runs alone.
        if !matches!(unit, RUN | NOTHING)
            && let Some(child) = trie.child(node, unit)
        {
            self.enter(child, take);
        }
        if unit < ONE
            && let Some(child) = trie.child(node, ONE)
        {
            self.enter(child, take);
        }
    }
}
