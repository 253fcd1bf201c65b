//! A word that two lines of pieces have in common, where a name is any name.
//!
//! A line is read place by place; within a name a place is a state of the names' automaton. Both lines are read at once,
//! breadth first, so the word found is a shortest one. Names in one line are taken as independent of each other and of
//! those in the other line: that there is no common word is a proof also for equal names, a word found is none yet.

use std::collections::VecDeque;

use super::template::Piece;
use crate::semantics::glob::{Letter, Step};
use crate::semantics::names::{Names, State};

/// What a wildcard that stays in a directory does not read.
const SLASH: Letter = Letter::of('/');

/// The most pairs of places that are looked at.
const MOST_PAIRS: usize = 1 << 21;

/// There are more pairs of places than are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLarge;

/// One part of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Step(Step),
    /// A wildcard that reads no `/`.
    Inside(Step),
    /// Any name.
    Name,
    /// What follows a whole name in a longer one.
    Tail,
}

/// A sequence of parts, and where the places of each begin.
#[derive(Debug)]
pub(super) struct Line {
    parts: Vec<Part>,
    first: Vec<usize>,
}

/// A place in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct At {
    part: usize,
    inner: State,
}

/// What can be read at a place.
#[derive(Clone, Copy)]
enum Reads {
    Letter(Letter),
    Any,
    /// All but `/`.
    Inside,
    Name(State),
    Nothing,
}

impl Line {
    /// The line of these pieces.
    pub(super) fn new(pieces: &[Piece], names: &Names) -> Self {
        Self::of(pieces.iter().copied().map(part), names)
    }

    /// What follows a whole name in a longer one, and then these pieces.
    pub(super) fn behind_tail(pieces: &[Piece], names: &Names) -> Self {
        Self::of(std::iter::once(Part::Tail).chain(pieces.iter().copied().map(part)), names)
    }

    fn of(parts: impl Iterator<Item = Part>, names: &Names) -> Self {
        let parts: Vec<Part> = parts.collect();
        let mut first = vec![0];
        let mut places = 0;
        for part in &parts {
            places += if matches!(part, Part::Step(_) | Part::Inside(_)) { 1 } else { names.states() };
            first.push(places);
        }
        Self { parts, first }
    }

    fn places(&self) -> usize {
        self.first.last().copied().unwrap_or(0) + 1
    }

    fn index(&self, at: At) -> usize {
        self.first.get(at.part).copied().unwrap_or(0) + at.inner as usize
    }

    /// The first place of a part.
    fn enter(&self, part: usize, names: &Names) -> At {
        let inner = match self.parts.get(part) {
            Some(Part::Name) => Names::start(),
            Some(Part::Tail) => names.tail_start(),
            _ => 0,
        };
        At { part, inner }
    }

    fn is_end(&self, at: At) -> bool {
        at.part == self.parts.len()
    }

    fn reads(&self, at: At) -> Reads {
        match self.parts.get(at.part) {
            Some(Part::Step(Step::Letter(letter))) => Reads::Letter(*letter),
            Some(Part::Step(_)) => Reads::Any,
            Some(Part::Inside(_)) => Reads::Inside,
            Some(Part::Name | Part::Tail) => Reads::Name(at.inner),
            None => Reads::Nothing,
        }
    }

    /// The place that is reached without reading.
    fn skipped(&self, at: At, names: &Names) -> Option<At> {
        let may_skip = match self.parts.get(at.part)? {
            Part::Step(step) | Part::Inside(step) => *step == Step::Run,
            Part::Name | Part::Tail => names.may_end(at.inner),
        };
        may_skip.then(|| self.enter(at.part + 1, names))
    }

    /// The places after a letter that can be read at this one.
    fn after(&self, at: At, letter: Letter, names: &Names, found: &mut Vec<At>) {
        found.clear();
        match self.parts.get(at.part) {
            Some(Part::Inside(_)) if letter == SLASH => {}
            Some(Part::Step(Step::Run) | Part::Inside(Step::Run)) => found.push(at),
            Some(Part::Step(_) | Part::Inside(_)) => found.push(self.enter(at.part + 1, names)),
            Some(Part::Name | Part::Tail) => {
                found.extend(names.after(at.inner, letter).map(|inner| At { inner, ..at }));
            }
            None => {}
        }
    }

    /// The first part that is a name or its tail.
    fn first_name(&self) -> Option<usize> {
        self.parts.iter().position(|part| matches!(part, Part::Name | Part::Tail))
    }
}

fn part(piece: Piece) -> Part {
    match piece {
        Piece::Step(step) => Part::Step(step),
        Piece::Inside(step) => Part::Inside(step),
        Piece::Owner => Part::Name,
    }
}

/// A word that was found, and what the first name in each line, or its tail, is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) word: Vec<Letter>,
    pub(super) left: Option<String>,
    pub(super) right: Option<String>,
}

/// A node of the search: a place in each line, and how much of the name to avoid was read.
#[derive(Clone, Copy)]
struct Node {
    left: At,
    right: At,
    read: usize,
}

/// A move to a node: from which one, and the letter read.
#[derive(Clone, Copy)]
struct Move {
    to: Node,
    from: usize,
    letter: Option<Letter>,
}

/// A shortest word of both lines in which the first name of `left` is not `avoid`. O(|left| x |right| x letters), and
/// that times the length of `avoid`.
pub(super) fn common(left: &Line, right: &Line, avoid: Option<&str>, names: &Names) -> Result<Option<Found>, TooLarge> {
    Ok(Search::new(left, right, avoid, names)?.run())
}

struct Search<'l> {
    left: &'l Line,
    right: &'l Line,
    avoid: Option<Vec<char>>,
    /// The part of `left` in which `avoid` must not stand.
    avoided_in: Option<usize>,
    names: &'l Names,
    width: usize,
    depth: usize,
    /// How each node was first reached.
    reached: Vec<Option<(usize, Option<Letter>)>>,
    queue: VecDeque<Move>,
}

impl<'l> Search<'l> {
    fn new(left: &'l Line, right: &'l Line, avoid: Option<&str>, names: &'l Names) -> Result<Self, TooLarge> {
        let avoid: Option<Vec<char>> = avoid.map(|name| name.chars().collect());
        let depth = avoid.as_ref().map_or(1, |name| name.len() + 2);
        let width = right.places();
        let pairs = left.places().checked_mul(width).and_then(|pairs| pairs.checked_mul(depth));
        let size = pairs.filter(|pairs| *pairs <= MOST_PAIRS).ok_or(TooLarge)?;
        let avoided_in = avoid.as_ref().and_then(|_| left.first_name());
        let reached = vec![None; size];
        Ok(Self { left, right, avoid, avoided_in, names, width, depth, reached, queue: VecDeque::new() })
    }

    fn index(&self, node: Node) -> usize {
        (self.left.index(node.left) * self.width + self.right.index(node.right)) * self.depth + node.read
    }

    fn run(mut self) -> Option<Found> {
        let (left, right) = (self.left, self.right);
        let start = Node { left: left.enter(0, self.names), right: right.enter(0, self.names), read: 0 };
        self.queue.push_back(Move { to: start, from: self.index(start), letter: None });
        let (mut lefts, mut rights, mut letters) = (Vec::new(), Vec::new(), Vec::new());
        while let Some(Move { to: node, from, letter }) = self.queue.pop_front() {
            let index = self.index(node);
            match self.reached.get_mut(index) {
                Some(slot @ None) => *slot = Some((from, letter)),
                _ => continue,
            }
            if left.is_end(node.left) && right.is_end(node.right) {
                return Some(self.found(index));
            }
            self.skip(node, index);
            self.letters(node, &mut letters);
            for letter in &letters {
                left.after(node.left, *letter, self.names, &mut lefts);
                right.after(node.right, *letter, self.names, &mut rights);
                let read = self.read(node, *letter);
                for (l, r) in lefts.iter().flat_map(|l| rights.iter().map(move |r| (*l, *r))) {
                    let to = Node { left: l, right: r, read };
                    self.queue.push_back(Move { to, from: index, letter: Some(*letter) });
                }
            }
        }
        None
    }

    /// The moves on which nothing is read come first, so that the order stays one of length.
    fn skip(&mut self, node: Node, from: usize) {
        let is_avoided = self.avoided_in == Some(node.left.part)
            && self.avoid.as_ref().is_some_and(|avoid| avoid.len() == node.read);
        if let Some(left) = self.left.skipped(node.left, self.names).filter(|_| !is_avoided) {
            self.queue.push_front(Move { to: Node { left, ..node }, from, letter: None });
        }
        if let Some(right) = self.right.skipped(node.right, self.names) {
            self.queue.push_front(Move { to: Node { right, ..node }, from, letter: None });
        }
    }

    /// The letters to try: what a line names, or one for each way to go on within a name.
    fn letters(&self, node: Node, letters: &mut Vec<Letter>) {
        letters.clear();
        let is_avoiding = self.avoided_in == Some(node.left.part);
        match (self.left.reads(node.left), self.right.reads(node.right)) {
            (Reads::Nothing, _) | (_, Reads::Nothing) => {}
            (Reads::Letter(a), Reads::Letter(b)) => letters.extend((a == b).then_some(a)),
            (Reads::Letter(letter), _) | (_, Reads::Letter(letter)) => letters.push(letter),
            (Reads::Any | Reads::Inside, Reads::Any | Reads::Inside) => letters.push(Letter::ANY),
            (Reads::Name(state), Reads::Any) | (Reads::Any, Reads::Name(state)) if !is_avoiding => {
                letters.extend(self.names.choices(state).iter().copied().map(Letter::of));
            }
            // Beside a wildcard that leaves a letter out, one letter for each way to go on may be just that one.
            (Reads::Name(_) | Reads::Any | Reads::Inside, Reads::Name(_) | Reads::Any | Reads::Inside) => {
                letters.extend(self.names.letters().map(Letter::of));
                let next = self.avoid.as_ref().and_then(|avoid| avoid.get(node.read)).copied().map(Letter::of);
                letters.extend(next.filter(|_| is_avoiding));
            }
        }
    }

    /// How much of the avoided name was read after this letter; one more than its length when it was left.
    fn read(&self, node: Node, letter: Letter) -> usize {
        let Some(avoid) = self.avoid.as_ref().filter(|_| self.avoided_in == Some(node.left.part)) else {
            return node.read;
        };
        let goes_on = avoid.get(node.read).is_some_and(|next| Letter::of(*next) == letter);
        if goes_on { node.read + 1 } else { avoid.len() + 1 }
    }

    /// The names on the way to a node.
    fn found(&self, mut at: usize) -> Found {
        let part_of = |line: &Line, place: usize| line.first.partition_point(|first| *first <= place).saturating_sub(1);
        let (first_left, first_right) = (self.left.first_name(), self.right.first_name());
        let (mut left, mut right) = (first_left.map(|_| Vec::new()), first_right.map(|_| Vec::new()));
        let mut word = Vec::new();
        while let Some((from, letter)) = self.reached.get(at).copied().flatten() {
            if from == at {
                break;
            }
            word.extend(letter);
            if let Some(c) = letter.and_then(Letter::as_char) {
                let pair = from / self.depth;
                let is_in = |line: &Line, place, part: Option<usize>| part == Some(part_of(line, place));
                if is_in(self.left, pair / self.width, first_left) {
                    left.get_or_insert_default().push(c);
                }
                if is_in(self.right, pair % self.width, first_right) {
                    right.get_or_insert_default().push(c);
                }
            }
            at = from;
        }
        let text = |word: Option<Vec<char>>| word.map(|word| word.into_iter().rev().collect());
        word.reverse();
        Found { word, left: text(left), right: text(right) }
    }
}
