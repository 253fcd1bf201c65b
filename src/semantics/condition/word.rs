//! A word that is in all of some globs and in none of others, or that there is none.
//!
//! Exact, by walking through all globs at once, letter by letter, shortest words first. A letter is tried only if a glob
//! that must match names it; all others are alike to those, and one generic letter that no glob names stands for them. It
//! is enough for the few short values of conditions, and says so when it is not.

use std::collections::{BTreeSet, HashSet, VecDeque};

use crate::semantics::glob::{Glob, Letter, Step};

/// The generic letter.
pub(super) const ANY: Letter = Letter::mark(0);

/// What is known about a word that is inside and not outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// There is none; this is a proof.
    None,
    /// This one. It holds [`ANY`] where any letter will do that no glob names.
    Some(Vec<Letter>),
    /// Not decided within the budget.
    Unknown,
}

/// The places in a glob that its readings of a word have reached.
type Places = Vec<usize>;

/// A shortest word that all of `inside` match and none of `outside`; every word counts as inside when nothing is. Each step
/// of the walk is taken off the budget.
pub(super) fn witness(inside: &[&Glob], outside: &[&Glob], budget: &mut usize) -> Answer {
    let globs: Vec<&Glob> = inside.iter().chain(outside).copied().collect();
    let start: Vec<Places> = globs.iter().map(|glob| closed(glob, BTreeSet::from([0]))).collect();
    let mut seen = HashSet::from([start.clone()]);
    let mut queue = VecDeque::from([(start, Vec::new())]);
    while let Some((state, word)) = queue.pop_front() {
        let mut ends = globs.iter().zip(&state).map(|(glob, places)| places.last() == Some(&glob.steps().len()));
        if ends.by_ref().take(inside.len()).all(|ends| ends) && !ends.any(|ends| ends) {
            return Answer::Some(word);
        }
        let named = globs.iter().zip(&state).take(inside.len()).flat_map(|(glob, places)| {
            places.iter().filter_map(|place| match glob.steps().get(*place) {
                Some(Step::Letter(letter)) => Some(*letter),
                _ => None,
            })
        });
        for letter in std::iter::once(ANY).chain(named.collect::<BTreeSet<_>>()) {
            let next: Vec<Places> = globs.iter().zip(&state).map(|(glob, places)| read(glob, places, letter)).collect();
            if next.iter().take(inside.len()).any(Vec::is_empty) || seen.contains(&next) {
                continue;
            }
            let cost = next.iter().map(Vec::len).sum::<usize>() + 1;
            match budget.checked_sub(cost) {
                Some(left) => *budget = left,
                None => return Answer::Unknown,
            }
            seen.insert(next.clone());
            let mut longer = word.clone();
            longer.push(letter);
            queue.push_back((next, longer));
        }
    }
    Answer::None
}

/// Places, and those behind the runs at them.
fn closed(glob: &Glob, mut places: BTreeSet<usize>) -> Places {
    for place in places.clone() {
        // Never two runs in a row: a glob is in normal form.
        if glob.steps().get(place) == Some(&Step::Run) {
            places.insert(place + 1);
        }
    }
    places.into_iter().collect()
}

fn read(glob: &Glob, places: &[usize], letter: Letter) -> Places {
    let next = places.iter().filter_map(|place| match glob.steps().get(*place)? {
        Step::Letter(wanted) => (*wanted == letter).then_some(place + 1),
        Step::One => Some(place + 1),
        Step::Run => Some(*place),
    });
    closed(glob, next.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(letters: &str, longest: usize) -> Vec<Vec<Letter>> {
        let mut words = vec![Vec::new()];
        let mut from = 0;
        for _ in 0..longest {
            let to = words.len();
            for index in from..to {
                for c in letters.chars() {
                    let mut word = words[index].clone();
                    word.push(Letter::of(c));
                    words.push(word);
                }
            }
            from = to;
        }
        words
    }

    #[test]
    fn answers_are_those_of_trying_all_short_words() {
        let texts: Vec<String> =
            words("a*?", 3).iter().map(|w| w.iter().filter_map(|l| l.as_char()).collect()).collect();
        let globs: BTreeSet<Glob> = texts.iter().map(|text| Glob::parse(text, true)).collect();
        let globs: Vec<Glob> = globs.into_iter().collect();
        // Shortest witnesses over globs of three steps have at most six letters; `z` is named by none.
        let words = words("az", 6);
        let mut found = [0; 2];
        for (i, a) in globs.iter().enumerate() {
            for b in globs.iter().skip(i) {
                for c in globs.iter().step_by(1 + i % 3) {
                    for (inside, outside) in [(vec![a, b], vec![c]), (vec![c], vec![a, b])] {
                        let is_witness = |word: &[Letter]| {
                            inside.iter().all(|g| g.matches(word)) && !outside.iter().any(|g| g.matches(word))
                        };
                        let exists = words.iter().any(|word| is_witness(word));
                        match witness(&inside, &outside, &mut 100_000) {
                            Answer::Some(word) => assert!(exists && is_witness(&word), "{inside:?} {outside:?}"),
                            Answer::None => assert!(!exists, "{inside:?} {outside:?}"),
                            Answer::Unknown => panic!("{inside:?} {outside:?}"),
                        }
                        found[usize::from(exists)] += 1;
                    }
                }
            }
        }
        assert!(found.iter().all(|count| *count > 500), "{found:?}");
    }

    #[test]
    fn a_budget_ends_it() {
        let (run, text) = (Glob::parse("*a??????????", true), Glob::parse("*b??????????", true));
        assert_eq!(witness(&[&run], &[&text], &mut 50), Answer::Unknown);
        assert!(matches!(witness(&[&run], &[&text], &mut 1_000_000), Answer::Some(_)));
    }
}
