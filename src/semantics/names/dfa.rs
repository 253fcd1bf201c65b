//! A set of words as a deterministic automaton over classes of characters.

use std::collections::{BTreeMap, VecDeque};

use super::classes::{Class, Classes};

/// A state, by its number; [`START`] is where every word begins.
pub(in crate::semantics) type State = u32;

/// Where every word begins.
pub(super) const START: State = 0;

/// The state from which nothing is accepted; it has no row.
const DEAD: State = State::MAX;

/// A set of words. Every state is reached by some word, and from every one but the start a word of the set is reached.
#[derive(Debug, Clone)]
pub(super) struct Dfa {
    classes: Classes,
    /// A row for each state: the state after each class.
    next: Vec<State>,
    accepting: Vec<bool>,
}

impl Dfa {
    /// The automaton of these rows, without the states that lead nowhere or are reached by nothing.
    pub(super) fn new(classes: Classes, rows: &[Vec<Option<State>>], accepting: &[bool]) -> Self {
        let mut into: Vec<Vec<State>> = vec![Vec::new(); rows.len()];
        for (from, row) in (0..).zip(rows) {
            for to in row.iter().flatten() {
                into.get_mut(*to as usize).into_iter().for_each(|list| list.push(from));
            }
        }
        let mut is_alive = accepting.to_vec();
        let mut queue: Vec<State> = (0..).zip(accepting).filter(|(_, end)| **end).map(|(state, _)| state).collect();
        while let Some(state) = queue.pop() {
            for from in into.get(state as usize).into_iter().flatten() {
                if let Some(alive @ false) = is_alive.get_mut(*from as usize) {
                    *alive = true;
                    queue.push(*from);
                }
            }
        }
        let mut number: BTreeMap<State, State> = BTreeMap::from([(START, START)]);
        let mut order = vec![START];
        let mut next = Vec::new();
        let mut at = 0;
        while let Some(state) = order.get(at).copied() {
            at += 1;
            for to in rows.get(state as usize).into_iter().flatten() {
                let to = to.filter(|to| is_alive.get(*to as usize) == Some(&true));
                next.push(to.map_or(DEAD, |to| {
                    *number.entry(to).or_insert_with(|| {
                        order.push(to);
                        order.len() as State - 1
                    })
                }));
            }
        }
        let accepting = order.iter().map(|state| accepting.get(*state as usize).copied().unwrap_or_default()).collect();
        Self { classes, next, accepting }
    }

    /// The empty set.
    pub(super) fn nothing() -> Self {
        Self::new(Classes::of_sets(&[]).0, &[vec![None]], &[false])
    }

    /// How many states there are.
    pub(super) fn len(&self) -> usize {
        self.accepting.len()
    }

    /// The classes of characters that it tells apart.
    pub(super) fn classes(&self) -> &Classes {
        &self.classes
    }

    /// Whether a word that ends in this state is in the set.
    pub(super) fn accepts(&self, state: State) -> bool {
        self.accepting.get(state as usize).copied().unwrap_or(false)
    }

    /// The state after a character of this class, unless no word of the set goes on so.
    pub(super) fn step(&self, state: State, class: Class) -> Option<State> {
        let row = self.row(state)?;
        row.get(class as usize).copied().filter(|next| *next != DEAD)
    }

    /// The states after each class.
    fn row(&self, state: State) -> Option<&[State]> {
        let width = self.classes.len();
        self.next.get(state as usize * width..(state as usize + 1) * width)
    }

    /// The state after each class from which some word of the set goes on.
    pub(super) fn steps(&self, state: State) -> impl Iterator<Item = (Class, State)> + '_ {
        let row = self.row(state).unwrap_or_default();
        (0..).zip(row.iter().copied()).filter(|(_, next)| *next != DEAD)
    }

    /// The state after a text from `state` on.
    pub(super) fn walk(&self, state: State, text: &str) -> Option<State> {
        text.chars().try_fold(state, |state, c| self.step(state, self.classes.of(c)))
    }

    /// Whether a word is in the set. O(its length).
    pub(super) fn contains(&self, word: &str) -> bool {
        self.walk(START, word).is_some_and(|state| self.accepts(state))
    }

    /// Whether there is no word.
    pub(super) fn is_empty(&self) -> bool {
        !self.accepting.contains(&true)
    }

    /// For each state a shortest word that leads to it. O(states x classes) beside the words.
    pub(super) fn access(&self) -> Vec<String> {
        let mut found: Vec<Option<String>> = vec![None; self.len()];
        if let Some(first) = found.first_mut() {
            *first = Some(String::new());
        }
        let mut queue = VecDeque::from([START]);
        while let Some(state) = queue.pop_front() {
            let word = found.get(state as usize).cloned().flatten().unwrap_or_default();
            for (class, next) in self.steps(state) {
                if let Some(slot @ None) = found.get_mut(next as usize) {
                    *slot = Some(format!("{word}{}", self.classes.samples(class).0));
                    queue.push_back(next);
                }
            }
        }
        found.into_iter().map(Option::unwrap_or_default).collect()
    }

    /// A shortest word of the set, of the most readable ones.
    pub(super) fn shortest(&self) -> Option<String> {
        let words = self.access();
        let in_set = words.into_iter().zip(&self.accepting).filter(|(_, end)| **end).map(|(word, _)| word);
        // Of words of one length the first that was found is the most readable.
        in_set.min_by_key(|word| word.chars().count())
    }

    /// The words that are in this set and, if `is_in` says so, in `other`, else not in it. O(|self| x |other| x classes).
    pub(super) fn and(&self, other: &Self, is_in: bool) -> Self {
        let (classes, parts) = Classes::joint(&self.classes, &other.classes);
        let start = (START, Some(START));
        let mut number = BTreeMap::from([(start, START)]);
        let mut order = vec![start];
        let (mut rows, mut accepting) = (Vec::new(), Vec::new());
        let mut at = 0;
        while let Some((mine, theirs)) = order.get(at).copied() {
            at += 1;
            accepting.push(self.accepts(mine) && theirs.is_some_and(|state| other.accepts(state)) == is_in);
            let row = parts.iter().map(|(my_class, their_class)| {
                let next = self.step(mine, *my_class)?;
                let pair = (next, theirs.and_then(|state| other.step(state, *their_class)));
                Some(*number.entry(pair).or_insert_with(|| {
                    order.push(pair);
                    order.len() as State - 1
                }))
            });
            rows.push(row.collect());
        }
        Self::new(classes, &rows, &accepting)
    }
}
