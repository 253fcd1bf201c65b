//! Holes where a wildcard takes exactly one letter.
//!
//! A hole is one letter to the search, which is as good as any text as long as every wildcard takes any number of letters. A
//! wildcard that takes one letter would take the hole whole, and a hole is filled with a text of any length. So it is asked
//! for fillings of every length that such wildcards tell apart: up to one letter more than a glob has of them, since a
//! longer filling has a letter which a run takes, and then another one changes nothing. The first of them beside a run tells
//! no lengths apart: together they take any text that is not empty, and so is a filling.

use std::collections::BTreeSet;

use super::area::{FIRST_HOLE, is_hole};
use crate::semantics::glob::{Glob, Letter, Step};

/// The first mark of letters behind the first one of a filling; there are [`MOST_LENGTH`] for each hole.
const BEHIND: u32 = 1 << 20;

/// The longest filling.
const MOST_LENGTH: u32 = 16;

/// The lengths of fillings that globs tell apart: one where it does not matter. An error where there are too many.
pub(super) fn lengths<'g>(globs: impl Iterator<Item = &'g Glob> + Clone) -> Result<u32, String> {
    let most = globs.clone().map(telling).max().unwrap_or(0);
    if most == 0 || !globs.flat_map(Glob::steps).copied().any(is_hole) {
        return Ok(1);
    }
    let most = u32::try_from(most + 1).unwrap_or(u32::MAX);
    if most > MOST_LENGTH {
        return Err("too many one-letter wildcards stand beside a placeholder".to_owned());
    }
    Ok(most)
}

/// How many of the one-letter wildcards of a glob tell lengths apart.
fn telling(glob: &Glob) -> usize {
    let blocks = glob.steps().split(|step| matches!(step, Step::Letter(_)));
    let of_block = |block: &[Step]| {
        let ones = block.iter().filter(|step| **step == Step::One).count();
        if ones < block.len() { ones.saturating_sub(1) } else { ones }
    };
    blocks.map(of_block).sum()
}

/// How many holes there are in globs.
pub(super) fn count<'g>(globs: impl Iterator<Item = &'g Glob>) -> usize {
    let steps = globs.flat_map(Glob::steps).copied().filter(|step| is_hole(*step));
    steps.collect::<BTreeSet<Step>>().len()
}

/// A glob with every hole as a text of this length.
pub(super) fn stretched(glob: &Glob, length: u32) -> Glob {
    Glob::new(glob.steps().iter().flat_map(|step| {
        let letter = if let Step::Letter(letter) = step { filling(*letter, length) } else { Vec::new() };
        let other = letter.is_empty().then_some(*step);
        letter.into_iter().map(Step::Letter).chain(other)
    }))
}

/// A word with every hole as a text of this length.
pub(super) fn stretched_word(word: &[Letter], length: u32) -> Vec<Letter> {
    word.iter().flat_map(|letter| filling(*letter, length)).collect()
}

/// A word with every hole as one letter.
pub(super) fn collapsed(word: &[Letter]) -> Vec<Letter> {
    word.iter().copied().filter(|letter| letter.as_mark().is_none_or(|mark| mark < BEHIND)).collect()
}

/// The letters of a filling; those of a text that is no hole are its own.
fn filling(letter: Letter, length: u32) -> Vec<Letter> {
    let behind = letter
        .as_mark()
        .filter(|mark| (FIRST_HOLE..BEHIND).contains(mark))
        .into_iter()
        .flat_map(|mark| (1..length).map(move |at| Letter::mark(BEHIND + mark * MOST_LENGTH + at)));
    std::iter::once(letter).chain(behind).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filling_is_a_text_of_its_length() {
        let hole = Letter::mark(FIRST_HOLE);
        let word = [Letter::of('a'), hole, Letter::of('b')];
        let glob = |text: &str| Glob::parse(text, true);
        let fits = |text: &str, length| glob(text).matches(&stretched_word(&word, length));
        assert!(fits("a?b", 1) && !fits("a?b", 2) && fits("a??b", 2));
        assert!(fits("a?*b", 1) && fits("a?*b", 3) && !fits("a??*b", 1));
        assert_eq!(collapsed(&stretched_word(&word, 3)), word);
        let own = Glob::word(word);
        assert!(stretched(&own, 3).matches(&stretched_word(&word, 3)));
    }

    #[test]
    fn lengths_matter_only_where_a_wildcard_takes_one_letter() {
        let holed = Glob::word([Letter::mark(FIRST_HOLE)]);
        let of = |text: &str| lengths([&holed, &Glob::parse(text, true)].into_iter());
        assert_eq!((of("a*"), of("a??*"), of("a??")), (Ok(1), Ok(2), Ok(3)));
        assert_eq!((of("?*a?*"), of("*?/?")), (Ok(1), Ok(2)));
        assert_eq!(lengths([&Glob::parse("a??", true)].into_iter()), Ok(1), "there is no hole");
        assert!(of(&"?".repeat(20)).is_err());
    }
}
