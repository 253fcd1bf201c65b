//! Where all the outside globs can be after the letters read so far: a set of places, one bit each.
//!
//! A glob of n steps has n + 1 places, the last one behind its end. The bits of all globs stand one after another, so
//! that reading a letter is a shift under a mask. Three facts keep the sets small. A run is left and stayed in at once,
//! so places stand at runs and behind them. What stands before an active run of the same glob says nothing more: the run
//! takes whatever those places would. And a set is lost once one of its places alone holds all that an inside glob has
//! left; which places do is known beforehand, by the match of `super::token` done backwards for all globs at once.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::budget::{Limit, Meter};
use crate::semantics::glob::{Glob, Letter, Step};

/// The bits of one word of a set.
const WIDTH: usize = u64::BITS as usize;

/// The outside globs as masks over their places.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// Runs.
    runs: Vec<u64>,
    /// One-letter wildcards: what any letter passes.
    ones: Vec<u64>,
    /// For letters that an inside glob and an outside one name: what this letter passes.
    letters: BTreeMap<Letter, Vec<u64>>,
    /// Places from which nothing more needs to be read.
    ends: Vec<u64>,
    /// First places of all globs, and what stands behind their runs.
    start: Vec<u64>,
    /// The first place of each glob.
    firsts: Vec<usize>,
}

impl Places {
    /// The places of `outside`, as far as the letters of `inside` can move them.
    pub(super) fn new(inside: &[&Glob], outside: &[&Glob], meter: &mut Meter<'_>) -> Result<Self, Limit> {
        let named: BTreeSet<Letter> = inside.iter().flat_map(|glob| letters_of(glob)).collect();
        let letters: BTreeSet<Letter> =
            outside.iter().flat_map(|glob| letters_of(glob)).filter(|letter| named.contains(letter)).collect();
        let words = outside.iter().map(|glob| glob.steps().len() + 1).sum::<usize>().div_ceil(WIDTH);
        meter.bytes((4 + letters.len()) * words * size_of::<u64>())?;
        let empty = || vec![0; words];
        let mut places = Self {
            runs: empty(),
            ones: empty(),
            letters: letters.into_iter().map(|letter| (letter, empty())).collect(),
            ends: empty(),
            start: empty(),
            firsts: Vec::with_capacity(outside.len()),
        };
        let mut first = 0;
        for glob in outside {
            places.add(glob, first);
            first += glob.steps().len() + 1;
        }
        for mask in places.letters.values_mut() {
            for (word, ones) in mask.iter_mut().zip(&places.ones) {
                *word |= ones;
            }
        }
        leave_runs(&mut places.start, &places.runs);
        Ok(places)
    }

    fn add(&mut self, glob: &Glob, first: usize) {
        set(&mut self.start, first);
        self.firsts.push(first);
        for (step, at) in glob.steps().iter().zip(first..) {
            match step {
                Step::Run => set(&mut self.runs, at),
                Step::One => set(&mut self.ones, at),
                Step::Letter(letter) => {
                    if let Some(mask) = self.letters.get_mut(letter) {
                        set(mask, at);
                    }
                }
            }
        }
        let end = first + glob.steps().len();
        set(&mut self.ends, end);
        if glob.steps().last() == Some(&Step::Run) {
            set(&mut self.ends, end - 1);
        }
    }

    /// The places before any letter.
    pub(super) fn start(&self) -> Vec<u64> {
        self.start.clone()
    }

    /// How many comparisons a step takes, about.
    pub(super) fn cost(&self) -> u64 {
        (4 * self.runs.len() + self.firsts.len() + 8) as u64
    }

    /// The places after one more letter. A letter that no inside glob names is read as the generic one.
    pub(super) fn read(&self, places: &[u64], letter: Letter) -> Rc<[u64]> {
        let passed = self.letters.get(&letter).unwrap_or(&self.ones);
        let mut carry = 0;
        let mut next: Vec<u64> = places
            .iter()
            .zip(passed)
            .zip(&self.runs)
            .map(|((places, passed), runs)| {
                let moved = places & passed;
                let next = (moved << 1) | carry | (places & runs);
                carry = moved >> (WIDTH - 1);
                next
            })
            .collect();
        leave_runs(&mut next, &self.runs);
        self.cut(&mut next);
        next.into()
    }

    /// Take out what stands before the last active run of each glob.
    fn cut(&self, places: &mut [u64]) {
        for (index, runs) in self.runs.iter().enumerate().rev() {
            let mut below = u64::MAX;
            while let Some(bit) = places.get(index).and_then(|word| (word & runs & below).checked_ilog2()) {
                let run = index * WIDTH + bit as usize;
                let glob = self.firsts.partition_point(|first| *first <= run).saturating_sub(1);
                if let Some(first) = self.firsts.get(glob) {
                    clear(places, *first, run);
                }
                below = (1 << bit) - 1;
            }
        }
    }

    /// Whether some glob would match if nothing more were read.
    pub(super) fn is_at_end(&self, places: &[u64]) -> bool {
        meets(places, &self.ends)
    }

    /// For each place of an inside glob, the places that hold all that it has left: row n stands for its end, and each
    /// row follows from the next one.
    pub(super) fn holders(&self, inside: &Glob, meter: &mut Meter<'_>) -> Result<Vec<Vec<u64>>, Limit> {
        let rows = inside.steps().len() + 1;
        meter.bytes(rows * self.runs.len() * size_of::<u64>())?;
        meter.comparisons(rows as u64 * self.cost())?;
        let mut found = vec![self.ends.clone()];
        for step in inside.steps().iter().rev() {
            let passed = match step {
                Step::Run => None,
                Step::One => Some(&self.ones),
                Step::Letter(letter) => Some(self.letters.get(letter).unwrap_or(&self.ones)),
            };
            let next = found.last().map(Vec::as_slice).unwrap_or_default();
            let mut row: Vec<u64> = next.iter().zip(&self.runs).map(|(next, runs)| next & runs).collect();
            if let Some(passed) = passed {
                for ((word, behind), passed) in row.iter_mut().zip(moved_back(next)).zip(passed) {
                    *word |= behind & passed;
                }
            }
            let left: Vec<u64> = moved_back(&row).collect();
            for ((word, behind), runs) in row.iter_mut().zip(left).zip(&self.runs) {
                *word |= behind & runs;
            }
            found.push(row);
        }
        found.reverse();
        Ok(found)
    }
}

fn letters_of(glob: &Glob) -> impl Iterator<Item = Letter> {
    glob.steps().iter().filter_map(|step| if let Step::Letter(letter) = step { Some(*letter) } else { None })
}

/// Add what stands behind the runs of a set. Once is enough: no two runs stand side by side.
fn leave_runs(places: &mut [u64], runs: &[u64]) {
    let mut carry = 0;
    for (word, runs) in places.iter_mut().zip(runs) {
        let at_runs = *word & runs;
        *word |= (at_runs << 1) | carry;
        carry = at_runs >> (WIDTH - 1);
    }
}

/// The set one place earlier.
fn moved_back(places: &[u64]) -> impl Iterator<Item = u64> {
    let next = places.iter().skip(1).chain(std::iter::once(&0));
    places.iter().zip(next).map(|(word, next)| (word >> 1) | (next << (WIDTH - 1)))
}

fn set(places: &mut [u64], at: usize) {
    if let Some(word) = places.get_mut(at / WIDTH) {
        *word |= 1 << (at % WIDTH);
    }
}

/// Take the places from `first` to before `end` out of a set.
fn clear(places: &mut [u64], first: usize, end: usize) {
    let (from, to) = (first / WIDTH, end / WIDTH);
    for (word, index) in places.get_mut(from..=to).into_iter().flatten().zip(from..) {
        let above = if index == from { u64::MAX << (first % WIDTH) } else { u64::MAX };
        let below = if index == to { (1 << (end % WIDTH)) - 1 } else { u64::MAX };
        *word &= !(above & below);
    }
}

/// Whether two sets have a place in common.
pub(super) fn meets(a: &[u64], b: &[u64]) -> bool {
    a.iter().zip(b).any(|(a, b)| a & b != 0)
}

/// Whether all of `small` is in `large`.
pub(super) fn is_within(small: &[u64], large: &[u64]) -> bool {
    small.iter().zip(large).all(|(small, large)| small & !large == 0)
}

#[cfg(test)]
mod tests {
    use super::super::budget::Budget;
    use super::super::token::holds;
    use super::*;

    fn places(inside: &Glob, outside: &[&Glob]) -> (Places, Vec<Vec<u64>>) {
        let mut budget = Budget::default();
        let mut meter = Meter::new(&mut budget);
        let places = Places::new(&[inside], outside, &mut meter).unwrap();
        let holders = places.holders(inside, &mut meter).unwrap();
        (places, holders)
    }

    /// Globs long enough that their places fill several words of a set, runs at the borders of words among them.
    fn long() -> Vec<Glob> {
        let texts = ["a*b", "*a?b*", "ab*a*", &"ab".repeat(31), &format!("{}*b?", "a".repeat(60)), "*", "?*", "a*b*a"];
        texts.iter().map(|text| Glob::parse(text, true)).collect()
    }

    #[test]
    fn reading_a_word_ends_where_the_matcher_says() {
        let outside = long();
        let borrowed: Vec<&Glob> = outside.iter().collect();
        let inside = Glob::parse("ab", true);
        let words = ["", "ab", "aab", "aaxb", "abxa", &"ab".repeat(31), &format!("{}xbx", "a".repeat(60)), "abab"];
        for from in 0..outside.len() {
            let (places, _) = places(&inside, &borrowed[from..]);
            for word in words {
                let word: Vec<Letter> =
                    word.chars().map(|c| if c == 'x' { Letter::ANY } else { Letter::of(c) }).collect();
                let end = word.iter().fold(places.start().into(), |set: Rc<[u64]>, c| places.read(&set, *c));
                let is_matched = outside[from..].iter().any(|glob| glob.matches(&word));
                assert_eq!(places.is_at_end(&end), is_matched, "{word:?} from {from}");
            }
        }
    }

    #[test]
    fn what_stands_before_the_last_active_run_is_forgotten() {
        let outside = [Glob::parse("ab", true), Glob::parse("*a*b*a", true)];
        let (places, _) = places(&Glob::parse("ab", true), &outside.iter().collect::<Vec<_>>());
        let count = |set: &[u64]| set.iter().map(|word| word.count_ones()).sum::<u32>();
        assert_eq!(count(&places.start()), 3, "`a` of the one, the first run and `a` of the other");
        let set = places.read(&places.start(), Letter::of('a'));
        assert_eq!(count(&set), 3, "`b` of the one, the second run and `b` of the other");
    }

    #[test]
    fn holders_are_those_of_the_plain_match() {
        for inside in long() {
            for outside in long() {
                let (places, holders) = places(&inside, &[&outside]);
                assert_eq!(meets(&places.start(), &holders[0]), holds(&outside, &inside), "{outside:?} {inside:?}");
            }
        }
    }

    #[test]
    fn clearing_takes_a_range_across_words() {
        let is_set = |places: &[u64], at: usize| places[at / WIDTH] >> (at % WIDTH) & 1 == 1;
        for (first, end) in [(0, 1), (3, 64), (5, 130), (64, 128), (70, 71), (9, 9)] {
            let mut all = [u64::MAX; 3];
            clear(&mut all, first, end);
            for at in 0..192 {
                assert_eq!(is_set(&all, at), at < first || at >= end, "{at} of {first}..{end}");
            }
        }
    }
}
