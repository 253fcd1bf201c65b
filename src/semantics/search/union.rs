//! Many globs, asked as one: what holds or meets a given glob is found without trying them all.
//!
//! They are found by their [`Affixes`]. That is enough for most questions about one glob: the union holds it if one of
//! those around it does, and if none of those matches its canonical word, that word is an example; globs that begin or end
//! otherwise could not match it. Only where a one-letter wildcard outside reads a run of the glob as one letter its
//! neighbours have to be looked at, and perhaps to be searched.

use std::borrow::Borrow;

use super::affixes::Affixes;
use super::budget::Meter;
use super::token::{OneTakes, may_meet};
use super::{Answer, Budget, check_letters, witness};
use crate::semantics::glob::{Glob, Letter};

/// How many comparisons a look-up may take before it gives up; far more than patterns take that were not made to be slow.
const MOST_COMPARISONS: u64 = 1 << 22;

/// Globs, sorted so that those that may hold or meet another one are found quickly.
#[derive(Debug, Clone)]
pub struct Union<G> {
    globs: Vec<G>,
    affixes: Affixes,
    /// Whether one of them names the generic letter, so that no canonical word tells anything.
    is_reserved: bool,
}

impl<G: Borrow<Glob>> FromIterator<G> for Union<G> {
    fn from_iter<I: IntoIterator<Item = G>>(globs: I) -> Self {
        Self::new(globs.into_iter().collect())
    }
}

/// What those around a glob say of it.
enum Around {
    /// One of them holds it.
    Held,
    /// None of them matches this word of it, nor does any other glob of the union.
    Apart(Vec<Letter>),
    /// It hangs on one-letter wildcards, or would take too many comparisons.
    Open,
}

impl<G: Borrow<Glob>> Union<G> {
    /// The union of these globs. O(n log n) comparisons of globs.
    pub fn new(globs: Vec<G>) -> Self {
        let affixes = Affixes::new(&globs);
        let is_reserved = globs.iter().any(|glob| check_letters(&[glob.borrow()]).is_err());
        Self { globs, affixes, is_reserved }
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
    pub fn holders<'u>(&'u self, narrow: &'u Glob) -> impl Iterator<Item = usize> + 'u {
        let mut spent = 0;
        self.affixes
            .around(&self.globs, narrow)
            .map_while(move |wide| {
                let is_holder = wide.fits(narrow, OneTakes::Single, &mut spent);
                (spent <= MOST_COMPARISONS).then_some(is_holder.then_some(wide.members))
            })
            .flatten()
            .flatten()
            .copied()
    }

    /// The indices of all globs that may have a word in common with `glob`; the others have none.
    pub fn neighbours<'u>(&'u self, glob: &'u Glob) -> impl Iterator<Item = usize> + 'u {
        let all = self.affixes.beside(&self.globs, glob);
        all.filter(move |other| may_meet(other.glob(), glob)).flat_map(|other| other.members).copied()
    }

    /// [`witness`] with all these globs on the outside. The reason's indices are those of this union.
    pub fn witness(&self, inside: &[&Glob], budget: &mut Budget) -> Answer {
        if let ([only], false) = (inside, self.is_reserved) {
            match self.around(only, budget) {
                Around::Held => return Answer::None,
                Around::Apart(word) => return Answer::Some(word),
                Around::Open => {}
            }
        } else if inside.iter().any(|narrow| self.holder(narrow).is_some()) {
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

    /// [`witness`] of one glob as far as those around it decide; the same answer.
    fn around(&self, narrow: &Glob, budget: &mut Budget) -> Around {
        let mut spent = 0;
        let mut is_open = false;
        for wide in self.affixes.around(&self.globs, narrow) {
            if wide.fits(narrow, OneTakes::RunToo, &mut spent) {
                if wide.fits(narrow, OneTakes::Single, &mut spent) {
                    return Around::Held;
                }
                is_open = true;
            }
            if spent > MOST_COMPARISONS {
                return Around::Open;
            }
        }
        // Where it is open the search would find the least word, if that is outside.
        let word = if is_open { narrow.least() } else { narrow.canonical() };
        let is_apart = narrow.matches_counting(&word, &mut spent) && self.is_apart(&word, &mut spent);
        debug_assert!(is_open || is_apart || spent > MOST_COMPARISONS, "{word:?} is no witness");
        if Meter::new(budget).comparisons(spent).is_ok() && is_apart { Around::Apart(word) } else { Around::Open }
    }

    /// Whether the plain matcher finds a word in no glob.
    fn is_apart(&self, word: &[Letter], spent: &mut u64) -> bool {
        let exactly = Glob::word(word.iter().copied());
        let mut around = self.affixes.around(&self.globs, &exactly);
        around.all(|wide| *spent <= MOST_COMPARISONS && !wide.glob().matches_counting(word, spent))
    }
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

    /// Parts of a list, of neighbours and of far ones.
    fn parts(all: &[Glob], size: usize) -> Vec<Vec<&Glob>> {
        let near = all.chunks(size).map(|few| few.iter().collect());
        let count = all.len() / size;
        near.chain((0..count).map(|from| all.iter().skip(from).step_by(count).collect())).collect()
    }

    #[test]
    fn no_holder_and_no_neighbour_is_lost() {
        let all = globs();
        for few in parts(&all, 23) {
            let union: Union<&Glob> = few.iter().copied().collect();
            for narrow in all.iter().step_by(3) {
                let mut found: Vec<usize> = union.holders(narrow).collect();
                found.sort_unstable();
                let wanted: Vec<usize> = (0..few.len()).filter(|index| holds(few[*index], narrow)).collect();
                assert_eq!(found, wanted, "{narrow:?}");
                let mut found: Vec<usize> = union.neighbours(narrow).collect();
                found.sort_unstable();
                let wanted: Vec<usize> = (0..few.len()).filter(|index| may_meet(few[*index], narrow)).collect();
                assert_eq!(found, wanted, "{narrow:?}");
            }
        }
    }

    #[test]
    fn the_union_answers_as_the_list_does() {
        let all = globs();
        for few in parts(&all, 7).iter().step_by(3) {
            let union: Union<&Glob> = few.iter().copied().collect();
            for narrow in all.iter().step_by(11) {
                let (mut one, mut other) = (Budget::default(), Budget::default());
                let answer = union.witness(&[narrow], &mut one);
                assert_eq!(answer, witness(&[narrow], few, &mut other), "{narrow:?}");
            }
        }
    }

    #[test]
    fn small_unions_answer_as_their_words_tell() {
        let mut all: Vec<Glob> = globs().into_iter().filter(|glob| glob.steps().len() <= 2).collect();
        all.sort();
        all.dedup();
        // No glob names c, so that it stands for the generic letter; longer words tell nothing new of globs this short.
        let mut words = vec![String::new()];
        for length in 0..6 {
            let last: Vec<String> = words.iter().filter(|word| word.len() == length).cloned().collect();
            words.extend(last.iter().flat_map(|word| ['a', 'b', 'c'].map(|c| format!("{word}{c}"))));
        }
        let words: Vec<Vec<Letter>> = words.iter().map(|word| word.chars().map(Letter::of).collect()).collect();
        let members = |glob: &Glob| words.iter().map(|word| glob.matches(word)).collect::<Vec<_>>();
        let sets: Vec<Vec<bool>> = all.iter().map(members).collect();
        for i in 0..all.len() {
            for j in i..all.len() {
                for k in j..all.len() {
                    let union: Union<&Glob> = [&all[k], &all[i], &all[j]].into_iter().collect();
                    for (narrow, set) in all.iter().zip(&sets) {
                        let exists =
                            (0..words.len()).any(|at| set[at] && ![i, j, k].iter().any(|other| sets[*other][at]));
                        match union.witness(&[narrow], &mut Budget::default()) {
                            Answer::None => assert!(!exists, "{narrow:?} in {:?}", union.globs()),
                            Answer::Some(word) => {
                                let is_witness =
                                    narrow.matches(&word) && !union.globs().iter().any(|g| g.matches(&word));
                                assert!(exists && is_witness, "{narrow:?} in {:?}: {word:?}", union.globs());
                            }
                            Answer::Unknown(reason) => panic!("{reason}"),
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn two_inside_and_reserved_letters_are_asked_of_the_list() {
        let all = globs();
        let any = Glob::word([Letter::ANY]);
        for few in parts(&all, 5).iter().step_by(17) {
            for outside in [few.clone(), few.iter().copied().chain([&any]).collect()] {
                let union: Union<&Glob> = outside.iter().copied().collect();
                for (a, b) in all.iter().step_by(29).zip(all.iter().skip(100).step_by(7)) {
                    for inside in [&[a, b][..], &[a], &[&any], &[]] {
                        let answer = union.witness(inside, &mut Budget::default());
                        let listed = witness(inside, &outside, &mut Budget::default());
                        // A glob that holds an inside one settles it before the others are looked at.
                        let is_held = inside.iter().any(|narrow| union.holder(narrow).is_some());
                        assert!(answer == listed || is_held && answer == Answer::None, "{inside:?} {outside:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn only_globs_that_begin_and_end_fittingly_are_looked_at() {
        let wide: Vec<Glob> = (0..1_000)
            .map(|n| Glob::parse(&format!("store-*/app/*/{n}.jpg"), false))
            .chain((0..1_000).map(|n| Glob::parse(&format!("store-125/{}/*", n % 7), false)))
            .collect();
        let union: Union<Glob> = wide.into_iter().collect();
        let around = |text: &str| union.affixes.around(&union.globs, &Glob::parse(text, false)).count();
        assert_eq!(around("store-125/app/a/12.jpg"), 1);
        assert_eq!(around("store-*/app/a/*"), 0);
        assert_eq!(around("store-125/3/a.png"), 1, "equal ones are one");
        assert_eq!(union.neighbours(&Glob::parse("store-125/3/*2.jpg", false)).count(), 100 + 143);
    }

    #[test]
    fn a_thousand_in_a_thousand_are_found_by_their_beginning() {
        let wide: Vec<Glob> = (0..1_000).map(|n| Glob::parse(&format!("store-1250000000/app/{n}/*"), false)).collect();
        let union: Union<Glob> = wide.into_iter().collect();
        for n in 0..1_000 {
            let narrow = Glob::parse(&format!("store-1250000000/app/{n}/a/*.jpg"), false);
            assert_eq!(union.holder(&narrow), Some(n));
            assert_eq!(union.affixes.around(&union.globs, &narrow).count(), 1);
            let loose = Glob::parse(&format!("store-1250000000/app/{n}*"), false);
            assert_eq!(union.holder(&loose), None);
        }
    }
}
