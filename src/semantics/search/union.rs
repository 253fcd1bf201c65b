//! Many globs, of which one that holds a given glob is found without trying them all.
//!
//! A glob can hold another one only if the letters before its first wildcard begin the other's. So the distinct literal
//! beginnings are kept in order, each with the longest other one that begins it: below the place where the narrow glob's
//! own beginning would stand, the candidates form a chain, one for each length. Globs that begin with a wildcard stand in
//! a list of their own. A question allocates nothing.

use std::borrow::Borrow;
use std::cmp::Ordering;

use super::token::{OneTakes, fits, may_meet};
use super::{Answer, Budget, witness};
use crate::semantics::glob::{Glob, Letter, Step};

/// How many comparisons a look-up may take before it gives up; far more than patterns take that were not made to be slow.
const MOST_COMPARISONS: u64 = 1 << 22;

/// Globs, sorted so that those that may hold or meet another one are found quickly.
#[derive(Debug, Clone)]
pub struct Union<G> {
    globs: Vec<G>,
    /// The letters of all beginnings, one after another.
    letters: Vec<Letter>,
    /// The distinct beginnings that are not empty, in order.
    beginnings: Vec<Beginning>,
    /// Indices of globs, by beginning.
    members: Vec<usize>,
    /// Indices of globs that begin with a wildcard, and of the one that matches the empty word only.
    open: Vec<usize>,
}

/// A literal beginning.
#[derive(Debug, Clone)]
struct Beginning {
    /// Its letters.
    letters: std::ops::Range<usize>,
    /// The globs that begin so and go on with a wildcard or not at all.
    members: std::ops::Range<usize>,
    /// The longest other one that begins it.
    shorter: Option<usize>,
}

impl<G: Borrow<Glob>> FromIterator<G> for Union<G> {
    fn from_iter<I: IntoIterator<Item = G>>(globs: I) -> Self {
        Self::new(globs.into_iter().collect())
    }
}

impl<G: Borrow<Glob>> Union<G> {
    /// The union of these globs. O(n log n) comparisons of beginnings.
    pub fn new(globs: Vec<G>) -> Self {
        let mut sorted: Vec<(Vec<Letter>, usize)> =
            globs.iter().enumerate().map(|(index, glob)| (beginning(glob.borrow()).collect(), index)).collect();
        sorted.sort();
        let mut union =
            Self { globs, letters: Vec::new(), beginnings: Vec::new(), members: Vec::new(), open: Vec::new() };
        let mut before: Vec<Letter> = Vec::new();
        // The beginnings that begin each other up to the last one.
        let mut chain: Vec<usize> = Vec::new();
        for (letters, index) in sorted {
            if letters.is_empty() {
                union.open.push(index);
                continue;
            }
            union.members.push(index);
            if let Some(last) = union.beginnings.last_mut()
                && letters == before
            {
                last.members.end += 1;
                continue;
            }
            while chain.last().is_some_and(|top| !letters.starts_with(union.letters_of(*top))) {
                chain.pop();
            }
            let start = union.letters.len();
            union.letters.extend(&letters);
            let members = union.members.len() - 1..union.members.len();
            let shorter = chain.last().copied();
            chain.push(union.beginnings.len());
            union.beginnings.push(Beginning { letters: start..union.letters.len(), members, shorter });
            before = letters;
        }
        union
    }

    /// The globs in the order in which they were given.
    pub fn globs(&self) -> &[G] {
        &self.globs
    }

    /// The index of a glob that holds all of `narrow`, as far as [`holds`](super::holds) shows it. `None` is no proof
    /// that the union does not: ask [`Union::witness`].
    pub fn holder(&self, narrow: &Glob) -> Option<usize> {
        self.holders(narrow).next()
    }

    /// The indices of all globs that hold all of `narrow`, those with the longest literal beginning first.
    pub fn holders(&self, narrow: &Glob) -> impl Iterator<Item = usize> {
        let mut spent = 0;
        let chain = self.chain(narrow).flat_map(|beginning| {
            let length = beginning.letters.len();
            self.members(beginning).iter().map(move |index| (length, *index))
        });
        let candidates = chain.chain(self.open.iter().map(|index| (0, *index)));
        candidates
            .map_while(move |(length, index)| {
                // What both begin with needs no second look.
                let wide = self.globs.get(index)?.borrow().steps().get(length..)?;
                let narrow = narrow.steps().get(length..)?;
                let is_holder = fits(wide, narrow, OneTakes::Single, &mut spent);
                (spent <= MOST_COMPARISONS).then_some(is_holder.then_some(index))
            })
            .flatten()
    }

    /// The indices of all globs that may have a word in common with `glob`; the others have none.
    pub fn neighbours(&self, glob: &Glob) -> impl Iterator<Item = usize> {
        let longer = self.beginnings.iter().skip(self.place(glob)).take_while(|b| self.is_begun_by(b, glob));
        self.chain(glob)
            .chain(longer)
            .flat_map(|beginning| self.members(beginning))
            .chain(&self.open)
            .copied()
            .filter(|index| self.globs.get(*index).is_some_and(|other| may_meet(other.borrow(), glob)))
    }

    /// [`witness`] with all these globs on the outside. The reason's indices are those of this union.
    pub fn witness(&self, inside: &[&Glob], budget: &mut Budget) -> Answer {
        if inside.iter().any(|narrow| self.holder(narrow).is_some()) {
            return Answer::None;
        }
        let mut indices: Vec<usize> = match inside {
            [first, ..] => self.neighbours(first).collect(),
            [] => (0..self.globs.len()).collect(),
        };
        indices.sort_unstable();
        let outside: Vec<&Glob> =
            indices.iter().filter_map(|index| self.globs.get(*index)).map(Borrow::borrow).collect();
        let mut answer = witness(inside, &outside, budget);
        if let Answer::Unknown(reason) = &mut answer {
            reason.patterns = reason.patterns.iter().filter_map(|index| indices.get(*index).copied()).collect();
        }
        answer
    }

    /// The beginnings that begin a glob, the longest first.
    fn chain(&self, glob: &Glob) -> impl Iterator<Item = &Beginning> {
        let nearest = self.place(glob).checked_sub(1);
        let mut next = nearest;
        let common = nearest.map_or(0, |nearest| {
            self.letters_of(nearest).iter().zip(beginning(glob)).take_while(|(a, b)| **a == *b).count()
        });
        std::iter::from_fn(move || {
            let beginning = self.beginnings.get(next?)?;
            next = beginning.shorter;
            Some(beginning)
        })
        .skip_while(move |beginning| beginning.letters.len() > common)
    }

    /// How many beginnings stand before or at that of a glob.
    fn place(&self, glob: &Glob) -> usize {
        self.beginnings.partition_point(|b| self.order(b, glob) != Ordering::Greater)
    }

    fn order(&self, b: &Beginning, glob: &Glob) -> Ordering {
        self.letters.get(b.letters.clone()).unwrap_or_default().iter().copied().cmp(beginning(glob))
    }

    fn is_begun_by(&self, b: &Beginning, glob: &Glob) -> bool {
        let mut letters = self.letters.get(b.letters.clone()).unwrap_or_default().iter();
        beginning(glob).all(|letter| letters.next() == Some(&letter))
    }

    fn letters_of(&self, index: usize) -> &[Letter] {
        self.beginnings.get(index).and_then(|b| self.letters.get(b.letters.clone())).unwrap_or_default()
    }

    fn members(&self, b: &Beginning) -> &[usize] {
        self.members.get(b.members.clone()).unwrap_or_default()
    }
}

/// The letters before the first wildcard.
fn beginning(glob: &Glob) -> impl Iterator<Item = Letter> {
    glob.steps().iter().map_while(|step| if let Step::Letter(letter) = step { Some(*letter) } else { None })
}

#[cfg(test)]
mod tests {
    use super::super::holds;
    use super::*;

    fn globs() -> Vec<Glob> {
        let mut texts = vec![String::new()];
        let mut last = texts.clone();
        for _ in 0..4 {
            last = last.iter().flat_map(|g| ['a', 'b', '?', '*'].map(|c| format!("{g}{c}"))).collect();
            texts.extend(last.iter().cloned());
        }
        texts.iter().map(|text| Glob::parse(text, true)).collect()
    }

    #[test]
    fn no_holder_and_no_neighbour_is_lost() {
        let all = globs();
        for few in all.chunks(23) {
            let union: Union<&Glob> = few.iter().collect();
            for narrow in all.iter().step_by(3) {
                let mut found: Vec<usize> = union.holders(narrow).collect();
                found.sort_unstable();
                let wanted: Vec<usize> = (0..few.len()).filter(|index| holds(&few[*index], narrow)).collect();
                assert_eq!(found, wanted, "{narrow:?}");
                let mut found: Vec<usize> = union.neighbours(narrow).collect();
                found.sort_unstable();
                let wanted: Vec<usize> = (0..few.len()).filter(|index| may_meet(&few[*index], narrow)).collect();
                assert_eq!(found, wanted, "{narrow:?}");
            }
        }
    }

    #[test]
    fn the_union_answers_as_the_list_does() {
        let all = globs();
        for few in all.chunks(7).step_by(3) {
            let union: Union<&Glob> = few.iter().collect();
            let outside: Vec<&Glob> = few.iter().collect();
            for narrow in all.iter().step_by(11) {
                let (mut one, mut other) = (Budget::default(), Budget::default());
                let answer = union.witness(&[narrow], &mut one);
                assert_eq!(answer, witness(&[narrow], &outside, &mut other), "{narrow:?}");
            }
        }
    }

    #[test]
    fn a_thousand_in_a_thousand_are_found_by_their_beginning() {
        let wide: Vec<Glob> = (0..1_000).map(|n| Glob::parse(&format!("store-1250000000/app/{n}/*"), false)).collect();
        let union: Union<Glob> = wide.into_iter().collect();
        for n in 0..1_000 {
            let narrow = Glob::parse(&format!("store-1250000000/app/{n}/a/*.jpg"), false);
            assert_eq!(union.holder(&narrow), Some(n));
            assert_eq!(union.chain(&narrow).count(), 1);
            let loose = Glob::parse(&format!("store-1250000000/app/{n}*"), false);
            assert_eq!(union.holder(&loose), None);
        }
    }
}
