//! One glob against another, step by step, without a search.
//!
//! A glob holds another one when it matches that one's steps as if they were letters: its run takes any steps, its
//! one-letter wildcard takes a letter or another such wildcard but no run, its letters take themselves. That is a proof
//! of inclusion. When no wildcard of the wider one takes exactly one letter it is also necessary, since then the
//! canonical word of the narrower one, in which every wildcard is a letter that nobody names, tells the two apart.

use crate::semantics::glob::{Glob, Letter, Step};

/// Whether every word of `narrow` is matched by `wide`, as far as one match over steps shows it: `true` is a proof, and
/// `false` is one too when `wide` has no one-letter wildcard. O(|wide| x |narrow|).
pub fn holds(wide: &Glob, narrow: &Glob) -> bool {
    fits(wide.steps(), narrow.steps(), OneTakes::Single, &mut 0)
}

/// What a one-letter wildcard of the wider glob takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OneTakes {
    /// One letter, or another such wildcard: inclusion.
    Single,
    /// A run as well, which is read as one letter: a match of the canonical word.
    RunToo,
}

/// Whether the steps of `wide` match those of `narrow`. Comparisons are added to `spent`.
pub(super) fn fits(wide: &[Step], narrow: &[Step], one: OneTakes, spent: &mut u64) -> bool {
    let is_run = |step: &Step| *step == Step::Run;
    let Some(first) = wide.iter().position(is_run) else {
        return wide.len() == narrow.len() && all_taken(wide, narrow, one, spent);
    };
    let (head, behind) = wide.split_at(first);
    let mut parts = behind.rsplitn(2, is_run);
    let tail = parts.next().unwrap_or_default();
    // What lies between the first run and the last one; that it begins with the first run does no harm.
    let middle = parts.next().unwrap_or_default();
    let Some(inner) = narrow.len().checked_sub(head.len() + tail.len()) else { return false };
    let (narrow_head, rest) = narrow.split_at(head.len());
    let (mut rest, narrow_tail) = rest.split_at(inner);
    if !all_taken(head, narrow_head, one, spent) || !all_taken(tail, narrow_tail, one, spent) {
        return false;
    }
    for segment in middle.split(is_run).filter(|segment| !segment.is_empty()) {
        let found = rest.windows(segment.len()).position(|window| all_taken(segment, window, one, spent));
        let Some(at) = found else { return false };
        rest = rest.get(at + segment.len()..).unwrap_or_default();
    }
    true
}

/// Whether each step takes its neighbour; none of `wide` is a run.
fn all_taken(wide: &[Step], narrow: &[Step], one: OneTakes, spent: &mut u64) -> bool {
    let mut compared = 1;
    let all = wide.iter().zip(narrow).all(|(wide, narrow)| {
        compared += 1;
        match (wide, narrow) {
            (Step::One, Step::Run) => one == OneTakes::RunToo,
            (Step::One, _) => true,
            (wide, narrow) => wide == narrow,
        }
    });
    *spent += compared;
    all
}

/// Whether a word can be in both: `false` is a proof, and so is `true` when both have a run. What stands before the first
/// run and behind the last one decides: the rest of one word can go where the other one's run is.
pub(super) fn may_meet(a: &Glob, b: &Glob) -> bool {
    let (a, b) = (a.steps(), b.steps());
    let is_length_possible = |word: &[Step], other: &[Step]| {
        word.contains(&Step::Run) || other.iter().filter(|step| **step != Step::Run).count() <= word.len()
    };
    agree(a.iter(), b.iter())
        && agree(a.iter().rev(), b.iter().rev())
        && is_length_possible(a, b)
        && is_length_possible(b, a)
}

/// Whether two sequences of steps can read the same letters up to the first run of either.
fn agree<'s>(a: impl Iterator<Item = &'s Step>, b: impl Iterator<Item = &'s Step>) -> bool {
    a.zip(b)
        .take_while(|(a, b)| **a != Step::Run && **b != Step::Run)
        .all(|(a, b)| a == b || *a == Step::One || *b == Step::One)
}

/// A word that is in all of these globs, each of which has a run and may meet the others, with `gap` generic letters for
/// every run: the longest beginning, what stands between the runs of each glob in turn, the longest end.
pub(super) fn merged(globs: &[&Glob], gap: usize) -> Vec<Letter> {
    let is_run = |step: &Step| *step == Step::Run;
    let gap = || std::iter::repeat_n(Letter::ANY, gap);
    let ends = |glob: &&Glob| glob.steps().rsplit(is_run).next().map(|end| end.iter().rev().copied().collect());
    let starts = |glob: &&Glob| glob.steps().split(is_run).next().map(<[Step]>::to_vec);
    let mut word = overlaid(globs.iter().filter_map(starts));
    word.extend(gap());
    for glob in globs {
        let mut segments: Vec<&[Step]> = glob.steps().split(is_run).skip(1).collect();
        segments.pop();
        for segment in segments {
            word.extend(overlaid(std::iter::once(segment.to_vec())));
            word.extend(gap());
        }
    }
    word.extend(overlaid(globs.iter().filter_map(ends)).into_iter().rev());
    word
}

/// The letters of several sequences laid over each other: a letter where one of them has it, else the generic one.
fn overlaid(sequences: impl Iterator<Item = Vec<Step>>) -> Vec<Letter> {
    let mut word: Vec<Letter> = Vec::new();
    for steps in sequences {
        word.resize(word.len().max(steps.len()), Letter::ANY);
        for (slot, step) in word.iter_mut().zip(steps) {
            if let Step::Letter(letter) = step {
                *slot = letter;
            }
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glob(text: &str) -> Glob {
        Glob::parse(text, true)
    }

    fn globs(longest: usize) -> Vec<Glob> {
        let mut all = vec![String::new()];
        let mut last = all.clone();
        for _ in 0..longest {
            last = last.iter().flat_map(|g| ['a', 'b', '?', '*'].map(|c| format!("{g}{c}"))).collect();
            all.extend(last.iter().cloned());
        }
        let mut globs: Vec<Glob> = all.iter().map(|text| glob(text)).collect();
        globs.sort();
        globs.dedup();
        globs
    }

    #[test]
    fn a_run_is_taken_by_a_run_only() {
        assert!(
            holds(&glob("a*"), &glob("ab*c")) && holds(&glob("*b*"), &glob("a?b?")) && holds(&glob("?*"), &glob("a"))
        );
        assert!(
            !holds(&glob("a?"), &glob("a*")) && !holds(&glob("ab*"), &glob("a*")) && !holds(&glob("*a"), &glob("a*"))
        );
        assert!(holds(&glob("*ab*ab"), &glob("abab")) && !holds(&glob("*ab*ab"), &glob("ab")));
    }

    #[test]
    fn the_canonical_word_is_matched_when_one_takes_a_run_too() {
        let all = globs(3);
        for wide in &all {
            for narrow in &all {
                let loose = fits(wide.steps(), narrow.steps(), OneTakes::RunToo, &mut 0);
                assert_eq!(loose, wide.matches(&narrow.canonical()), "{wide:?} on {narrow:?}");
                assert!(loose || !holds(wide, narrow));
            }
        }
    }

    #[test]
    fn globs_with_runs_that_may_meet_have_the_merged_word_in_common() {
        let all = globs(3);
        for a in &all {
            for b in &all {
                if !may_meet(a, b) || !a.has_run() || !b.has_run() {
                    continue;
                }
                for gap in 0..3 {
                    let word = merged(&[a, b], gap);
                    assert!(a.matches(&word) && b.matches(&word), "{a:?} {b:?} {word:?}");
                }
            }
        }
    }

    #[test]
    fn globs_that_may_not_meet_have_no_word_in_common() {
        let all = globs(3);
        let words: Vec<Vec<Letter>> = globs(5).iter().filter_map(Glob::as_word).collect();
        for a in &all {
            for b in &all {
                if !may_meet(a, b) {
                    assert!(!words.iter().any(|word| a.matches(word) && b.matches(word)), "{a:?} {b:?}");
                }
            }
        }
    }
}
