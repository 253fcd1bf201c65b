//! From a regex to the automaton of the words that it matches as a whole.
//!
//! The regex library reads the text and resolves what it means; its automata work on bytes, while a template's wildcards
//! take characters, so the automaton is made here: one node for each place between characters, then sets of nodes. All
//! work is counted, and a regex that would take more than a fixed amount is refused.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use regex_syntax::hir::{self, Hir, HirKind, Look};

use super::classes::Classes;
use super::dfa::{Dfa, State};

/// Why a regex is no set of names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct NamesError {
    /// What is wrong: one sentence, lower case, no full stop.
    pub message: String,
    /// The bytes of the regex that it is about, where one place can be named.
    pub range: Option<Range<usize>>,
}

impl NamesError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), range: None }
    }
}

/// The bytes that a regex may have.
const MOST_BYTES: usize = 4096;
/// How deep groups may be nested.
const MOST_NESTED: u32 = 100;
/// The nodes that a regex may have, repetitions written out.
const MOST_NODES: usize = 50_000;
/// The states that its automaton may have.
const MOST_STATES: usize = 5_000;
/// The nodes in all states together, and the same for the steps between states.
const MOST_WORK: usize = 2_000_000;

type Refusal<T> = Result<T, NamesError>;

/// The words that a regex matches as a whole, without the empty one.
///
/// # Errors
/// When the text is no regex, holds what depends on more than the word itself, or would take too much room.
pub(super) fn compile(regex: &str) -> Refusal<Dfa> {
    if regex.len() > MOST_BYTES {
        return Err(NamesError::new(format!("the regex has {} bytes, more than {MOST_BYTES}", regex.len())));
    }
    let hir = regex_syntax::ParserBuilder::new()
        .nest_limit(MOST_NESTED)
        .build()
        .parse(regex)
        .map_err(|error| unreadable(&error))?;
    let mut graph = Graph { nodes: vec![Node::End], sets: BTreeMap::new(), calls: 0 };
    let start = graph.add(&hir, 0)?;
    graph.determined(start)
}

fn unreadable(error: &regex_syntax::Error) -> NamesError {
    let (message, span) = match error {
        regex_syntax::Error::Parse(error) => (error.kind().to_string(), *error.span()),
        regex_syntax::Error::Translate(error) => (error.kind().to_string(), *error.span()),
        other => return NamesError::new(other.to_string()),
    };
    NamesError { message, range: Some(span.start.offset..span.end.offset) }
}

fn too_large() -> NamesError {
    NamesError::new("the regex stands for too many different beginnings to tell apart")
}

/// A place between characters.
#[derive(Debug)]
enum Node {
    /// The end of the regex.
    End,
    /// A character of this set, and the node behind it.
    Set(usize, usize),
    /// Any of these nodes.
    Any(Vec<usize>),
    /// The node behind, at the beginning of the word only.
    AtStart(usize),
    /// The node behind, at the end of the word only.
    AtEnd(usize),
}

struct Graph {
    nodes: Vec<Node>,
    /// The sets of characters, as ranges in order, with their numbers.
    sets: BTreeMap<Vec<(char, char)>, usize>,
    calls: usize,
}

impl Graph {
    /// The node at which `hir` begins when the node `behind` follows it.
    fn add(&mut self, hir: &Hir, behind: usize) -> Refusal<usize> {
        self.calls += 1;
        if self.calls > MOST_NODES {
            return Err(too_large());
        }
        match hir.kind() {
            HirKind::Empty => Ok(behind),
            HirKind::Literal(hir::Literal(bytes)) => {
                let text = std::str::from_utf8(bytes).map_err(|_| NamesError::new("a name is text, not bytes"))?;
                text.chars().rev().try_fold(behind, |behind, c| self.set(vec![(c, c)], behind))
            }
            HirKind::Class(hir::Class::Unicode(class)) => {
                let ranges = class.ranges().iter().map(|range| (range.start(), range.end())).collect();
                self.set(ranges, behind)
            }
            HirKind::Class(hir::Class::Bytes(class)) => {
                if !class.is_ascii() {
                    return Err(NamesError::new("a name is text, not bytes"));
                }
                let range = |range: &hir::ClassBytesRange| (char::from(range.start()), char::from(range.end()));
                self.set(class.ranges().iter().map(range).collect(), behind)
            }
            HirKind::Look(Look::Start) => self.node(Node::AtStart(behind)),
            HirKind::Look(Look::End) => self.node(Node::AtEnd(behind)),
            HirKind::Look(_) => Err(NamesError::new(
                "a name is matched as a whole: word boundaries and the ends of lines have no meaning in it",
            )),
            HirKind::Capture(capture) => self.add(&capture.sub, behind),
            HirKind::Concat(parts) => parts.iter().rev().try_fold(behind, |behind, part| self.add(part, behind)),
            HirKind::Alternation(parts) => {
                let starts = parts.iter().map(|part| self.add(part, behind)).collect::<Refusal<_>>()?;
                self.node(Node::Any(starts))
            }
            HirKind::Repetition(repetition) => self.repeat(repetition, behind),
        }
    }

    fn repeat(&mut self, repetition: &hir::Repetition, behind: usize) -> Refusal<usize> {
        let mut start = behind;
        match repetition.max {
            None => {
                let again = self.node(Node::Any(Vec::new()))?;
                let once = self.add(&repetition.sub, again)?;
                if let Some(node) = self.nodes.get_mut(again) {
                    *node = Node::Any(vec![once, behind]);
                }
                start = again;
            }
            Some(max) => {
                for _ in repetition.min..max {
                    let once = self.add(&repetition.sub, start)?;
                    start = self.node(Node::Any(vec![once, behind]))?;
                }
            }
        }
        for _ in 0..repetition.min {
            start = self.add(&repetition.sub, start)?;
        }
        Ok(start)
    }

    fn set(&mut self, ranges: Vec<(char, char)>, behind: usize) -> Refusal<usize> {
        let number = self.sets.len();
        let set = *self.sets.entry(ranges).or_insert(number);
        self.node(Node::Set(set, behind))
    }

    fn node(&mut self, node: Node) -> Refusal<usize> {
        if self.nodes.len() >= MOST_NODES {
            return Err(too_large());
        }
        self.nodes.push(node);
        Ok(self.nodes.len() - 1)
    }

    /// The automaton of the words from `start` on.
    fn determined(self, start: usize) -> Refusal<Dfa> {
        let mut sets: Vec<(Vec<(char, char)>, usize)> = self.sets.iter().map(|(set, at)| (set.clone(), *at)).collect();
        sets.sort_by_key(|(_, number)| *number);
        let sets: Vec<Vec<(char, char)>> = sets.into_iter().map(|(set, _)| set).collect();
        let ranges: usize = sets.iter().map(Vec::len).sum();
        if ranges.saturating_mul(sets.len()) > MOST_WORK {
            return Err(too_large());
        }
        let (classes, classes_of) = Classes::of_sets(&sets);
        // The start is a state of its own: no word of the set is empty, but one may come back to the same nodes.
        let mut order = vec![self.reached([start], Place::Start)];
        let mut number: HashMap<Vec<usize>, State> = HashMap::new();
        let (mut rows, mut accepting, mut work) = (Vec::new(), vec![false], 0);
        let mut at = 0;
        while let Some(nodes) = order.get(at).cloned() {
            at += 1;
            let mut targets: Vec<Vec<usize>> = vec![Vec::new(); classes.len()];
            for node in &nodes {
                let Some(Node::Set(set, behind)) = self.nodes.get(*node) else { continue };
                for class in classes_of.get(*set).into_iter().flatten() {
                    targets.get_mut(*class as usize).into_iter().for_each(|list| list.push(*behind));
                    work += 1;
                }
            }
            let mut row: Vec<Option<State>> = Vec::with_capacity(classes.len());
            for target in targets {
                if target.is_empty() {
                    row.push(None);
                    continue;
                }
                let nodes = self.reached(target, Place::Inside);
                work += nodes.len() + 1;
                let state = if let Some(state) = number.get(&nodes) {
                    *state
                } else {
                    let state = order.len() as State;
                    accepting.push(self.reached(nodes.clone(), Place::End).contains(&0));
                    number.insert(nodes.clone(), state);
                    order.push(nodes);
                    state
                };
                row.push(Some(state));
            }
            work += row.len();
            rows.push(row);
            if order.len() > MOST_STATES || work > MOST_WORK {
                return Err(too_large());
            }
        }
        Ok(Dfa::new(classes, &rows, &accepting))
    }

    /// The nodes at which something is decided that are reached from `from` without reading, in order.
    fn reached(&self, from: impl IntoIterator<Item = usize>, place: Place) -> Vec<usize> {
        let mut seen = std::collections::BTreeSet::new();
        let mut queue: Vec<usize> = from.into_iter().collect();
        let mut found = Vec::new();
        while let Some(at) = queue.pop() {
            if !seen.insert(at) {
                continue;
            }
            match self.nodes.get(at) {
                Some(Node::Any(nodes)) => queue.extend(nodes),
                Some(Node::AtStart(behind)) if place == Place::Start => queue.push(*behind),
                Some(Node::AtEnd(behind)) if place == Place::End => queue.push(*behind),
                Some(Node::Set(..) | Node::End | Node::AtEnd(_)) => found.push(at),
                Some(Node::AtStart(_)) | None => {}
            }
        }
        found.sort_unstable();
        found
    }
}

/// Where in a word one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Inside,
    End,
}
