//! Keys of one user, for all users at once.

use crate::semantics::glob::{Glob, Letter, Step};

/// One part of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Piece {
    /// A step that is the same for every user.
    Step(Step),
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
    pub fn with(&self, name: &str) -> Glob {
        let mut steps = Vec::with_capacity(self.pieces.len() + name.len());
        for piece in &self.pieces {
            match piece {
                Piece::Step(step) => steps.push(*step),
                Piece::Owner => steps.extend(name.chars().map(|c| Step::Letter(Letter::of(c)))),
            }
        }
        Glob::new(steps)
    }

    /// How often the user's name stands in it.
    pub fn owners(&self) -> usize {
        self.pieces.iter().filter(|piece| **piece == Piece::Owner).count()
    }

    /// What stands before the first piece that takes more or less than one letter, and what stands from there on.
    pub(super) fn split(&self) -> (&[Piece], &[Piece]) {
        let is_single = |piece: &Piece| matches!(piece, Piece::Step(Step::Letter(_) | Step::One));
        let head = self.pieces.iter().position(|piece| !is_single(piece)).unwrap_or(self.pieces.len());
        self.pieces.split_at_checked(head).unwrap_or_default()
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
