//! Keys of one user, for all users at once.

use std::collections::{BTreeSet, VecDeque};

use crate::semantics::glob::{Glob, Letter, Step};

/// Closes a directory.
const SLASH: char = '/';

/// Stands for a user's name where it is a name like any other.
const OWNER: Letter = Letter::mark(1);

/// The most pairs of places that are looked at to find one template in another.
const MOST_PAIRS: usize = 1 << 12;

/// One part of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Piece {
    /// A step that is the same for every user.
    Step(Step),
    /// A wildcard that stays in a directory: it reads every letter but `/`.
    Inside(Step),
    /// The user's name.
    Owner,
}

/// A pattern of keys with places for a user's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Template {
    pieces: Vec<Piece>,
}

impl Template {
    /// The template of these pieces.
    pub fn new(pieces: impl IntoIterator<Item = Piece>) -> Self {
        Self { pieces: pieces.into_iter().collect() }
    }

    /// Its pieces in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The keys of the user with this name.
    #[must_use]
    pub fn with(&self, name: &str) -> Self {
        let mut pieces = Vec::with_capacity(self.pieces.len() + name.len());
        for piece in &self.pieces {
            match piece {
                Piece::Owner => pieces.extend(name.chars().map(|c| Piece::Step(Step::Letter(Letter::of(c))))),
                other => pieces.push(*other),
            }
        }
        Self { pieces }
    }

    /// The glob of the same keys; `None` where no glob says the same.
    pub(super) fn as_glob(&self) -> Option<Glob> {
        let step = |piece: &Piece| if let Piece::Step(step) = piece { Some(*step) } else { None };
        let steps: Option<Vec<Step>> = self.pieces.iter().map(step).collect();
        steps.map(Glob::new)
    }

    /// A glob of the same keys and perhaps of more.
    pub(super) fn loosened(&self) -> Glob {
        Glob::new(self.pieces.iter().map(|piece| match piece {
            Piece::Step(step) | Piece::Inside(step) => *step,
            Piece::Owner => Step::Letter(OWNER),
        }))
    }

    /// Whether a word is a key. O(length x pieces).
    pub fn matches(&self, word: &[Letter]) -> bool {
        let mut places = self.start();
        for letter in word {
            places = self.after(&places, *letter);
        }
        places.contains(&self.pieces.len())
    }

    /// Whether every key of `other` is one of this template, for every user; `false` is no proof.
    pub fn holds(&self, other: &Self) -> bool {
        let mut letters: BTreeSet<Letter> = self.letters().chain(other.letters()).collect();
        letters.extend([Letter::of(SLASH), Letter::ANY]);
        let mut seen = BTreeSet::new();
        let mut queue: VecDeque<(usize, BTreeSet<usize>)> =
            other.start().into_iter().map(|place| (place, self.start())).collect();
        while let Some((place, places)) = queue.pop_front() {
            if !seen.insert((place, places.clone())) {
                continue;
            }
            let is_lost = place == other.pieces.len() && !places.contains(&self.pieces.len());
            if is_lost || seen.len() > MOST_PAIRS {
                return false;
            }
            let read: Vec<Letter> = match other.pieces.get(place) {
                Some(Piece::Step(Step::Letter(letter))) => vec![*letter],
                Some(Piece::Owner) => vec![OWNER],
                Some(_) => letters.iter().copied().collect(),
                None => Vec::new(),
            };
            for letter in read {
                let here = BTreeSet::from([place]);
                let next = self.after(&places, letter);
                queue.extend(other.after(&here, letter).into_iter().map(|place| (place, next.clone())));
            }
        }
        true
    }

    /// The places before a word, by the piece that is read next.
    fn start(&self) -> BTreeSet<usize> {
        self.closed([0])
    }

    /// The places after one more letter.
    fn after(&self, places: &BTreeSet<usize>, letter: Letter) -> BTreeSet<usize> {
        let next = |place: &usize| {
            let (is_read, stays) = match self.pieces.get(*place)? {
                Piece::Step(Step::Letter(own)) => (*own == letter, false),
                Piece::Owner => (letter == OWNER, false),
                Piece::Step(step) => (true, *step == Step::Run),
                Piece::Inside(step) => (letter != Letter::of(SLASH), *step == Step::Run),
            };
            is_read.then_some(if stays { *place } else { place + 1 })
        };
        self.closed(places.iter().filter_map(next))
    }

    /// The places, and those that are reached from them without a letter.
    fn closed(&self, places: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for mut place in places {
            found.insert(place);
            while matches!(self.pieces.get(place), Some(Piece::Step(Step::Run) | Piece::Inside(Step::Run))) {
                place += 1;
                found.insert(place);
            }
        }
        found
    }

    /// How often the user's name stands in it.
    pub fn owners(&self) -> usize {
        self.pieces.iter().filter(|piece| **piece == Piece::Owner).count()
    }

    /// What stands before the first piece that takes more or less than one letter, and what stands from there on.
    pub(super) fn split(&self) -> (&[Piece], &[Piece]) {
        let is_single =
            |piece: &Piece| matches!(piece, Piece::Step(Step::Letter(_) | Step::One) | Piece::Inside(Step::One));
        let head = self.pieces.iter().position(|piece| !is_single(piece)).unwrap_or(self.pieces.len());
        self.pieces.split_at_checked(head).unwrap_or_default()
    }

    /// Where the first name stands, if all before it tells in which directory: how many there are before it, what stands
    /// before the one of the name, and what stands from there on.
    pub(super) fn directories(&self) -> Option<(usize, &[Piece], &[Piece])> {
        let owner = self.pieces.iter().position(|piece| *piece == Piece::Owner)?;
        let before = self.pieces.get(..owner)?;
        if before.iter().any(|piece| matches!(piece, Piece::Step(Step::One | Step::Run))) {
            return None;
        }
        let is_slash = |piece: &&Piece| **piece == Piece::Step(Step::Letter(Letter::of(SLASH)));
        let count = before.iter().filter(is_slash).count();
        let start = before.iter().rposition(|piece| is_slash(&piece)).map_or(0, |at| at + 1);
        let (head, rest) = self.pieces.split_at_checked(start)?;
        Some((count, head, rest))
    }

    /// The letters and marks that it names.
    pub(super) fn letters(&self) -> impl Iterator<Item = Letter> + '_ {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Step(Step::Letter(letter)) => Some(*letter),
            _ => None,
        })
    }
}

impl From<&Glob> for Template {
    fn from(glob: &Glob) -> Self {
        Self::new(glob.steps().iter().copied().map(Piece::Step))
    }
}
