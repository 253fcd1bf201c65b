//! The resources of a statement, as a set of words.
//!
//! A request's resource is a word of four parts (region, account, bucket, key) with a mark between them that no text holds.
//! Every glob here has exactly three such marks, so a wildcard never reads across one: where a policy's `*` may stand for
//! the `/` behind the bucket's name too, each way to read it is a glob of its own.

use smallvec::SmallVec;

use super::filling;
use crate::semantics::glob::{Glob, Letter, Step};
use crate::semantics::search::{Answer, Budget, witness};

/// Stands between the parts of a resource.
pub(super) const BETWEEN: Letter = Letter::mark(1);

/// The first mark that a hole may have.
pub(super) const FIRST_HOLE: u32 = 2;

/// The steps of one part of a resource.
pub(super) type Steps = Vec<Step>;

/// The four parts of a resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Parts {
    pub(super) region: Steps,
    pub(super) account: Steps,
    pub(super) bucket: Steps,
    pub(super) key: Steps,
}

impl Parts {
    /// Every resource.
    pub(super) fn everything() -> Self {
        let any = || vec![Step::Run];
        Self { region: any(), account: any(), bucket: any(), key: any() }
    }

    pub(super) fn glob(&self) -> Glob {
        let between = || std::iter::once(Step::Letter(BETWEEN));
        let steps = self.region.iter().copied().chain(between());
        let steps = steps.chain(self.account.iter().copied()).chain(between());
        Glob::new(steps.chain(self.bucket.iter().copied()).chain(between()).chain(self.key.iter().copied()))
    }
}

/// Words that are in all of `inside` and in none of `outside`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Area {
    /// Index of the resource among its statement's; 0 where the statement has none.
    pub(super) resource: usize,
    /// At least one.
    pub(super) inside: SmallVec<[Glob; 1]>,
    /// Mostly none.
    pub(super) outside: Vec<Glob>,
}

impl Area {
    pub(super) fn new(resource: usize, glob: Glob) -> Self {
        Self { resource, inside: std::iter::once(glob).collect(), outside: Vec::new() }
    }

    /// The glob that it is, if it is no more than that.
    pub(super) fn as_glob(&self) -> Option<&Glob> {
        match self.inside.as_slice() {
            [only] if self.outside.is_empty() => Some(only),
            _ => None,
        }
    }

    /// Whether it holds a word, whatever the holes in both are filled with.
    pub(super) fn contains(&self, word: &[Letter]) -> bool {
        self.holds_always(word) && !self.outside.iter().any(|glob| may_match(glob, word))
    }

    fn holds_always(&self, word: &[Letter]) -> bool {
        let is_holed = word.iter().any(|letter| is_hole(Step::Letter(*letter)));
        let own = Glob::word(word.iter().copied().filter(|_| is_holed));
        match filling::lengths(self.inside.iter().chain(&self.outside).chain([&own])) {
            Ok(1) => self.holds(word),
            Ok(lengths) => {
                (1..=lengths).all(|length| self.stretched(length).holds(&filling::stretched_word(word, length)))
            }
            Err(_) => false,
        }
    }

    /// The same area with every hole as a text of this length.
    pub(super) fn stretched(&self, length: u32) -> Self {
        let stretch = |glob: &Glob| filling::stretched(glob, length);
        Self {
            resource: self.resource,
            inside: self.inside.iter().map(stretch).collect(),
            outside: self.outside.iter().map(stretch).collect(),
        }
    }

    /// Whether it holds a word, a hole being one letter.
    pub(super) fn holds(&self, word: &[Letter]) -> bool {
        self.inside.iter().all(|glob| glob.matches(word)) && !self.outside.iter().any(|glob| glob.matches(word))
    }

    /// Whether some glob of it has a hole.
    pub(super) fn has_hole(&self) -> bool {
        self.inside.iter().chain(&self.outside).any(has_hole)
    }

    /// The same words, and all those that some filling of the holes adds: each hole is any text that is not empty. What is
    /// outside stays as it is, so that nothing is lost.
    pub(super) fn loosened(&self) -> Self {
        self.loosened_behind(0)
    }

    /// Areas loosened, but for what all their globs begin with, where the same filling stands in each: what some filling lets
    /// them have in common, the results have in common too. Beside others that leave something out there is no such beginning:
    /// a filling may be what they leave out.
    pub(super) fn loosened_together(areas: &[&Self], others: &[&Self]) -> Vec<Self> {
        let globs = || areas.iter().flat_map(|area| &area.inside).map(Glob::steps);
        let first = globs().next().unwrap_or_default();
        let alike = |steps: &[Step]| {
            first.iter().zip(steps).take_while(|(a, b)| a == b && matches!(a, Step::Letter(_))).count()
        };
        let is_sound = others.iter().all(|other| other.outside.is_empty());
        let head = if is_sound { globs().map(alike).min().unwrap_or(0) } else { 0 };
        areas.iter().map(|area| area.loosened_behind(head)).collect()
    }

    /// The same words with each hole as the letter that stands for any: where areas begin alike and have no other holes, what
    /// these are filled with does not matter.
    pub(super) fn plain(&self) -> Self {
        let plain = |step: &Step| if is_hole(*step) { Step::Letter(Letter::ANY) } else { *step };
        let of = |glob: &Glob| Glob::new(glob.steps().iter().map(plain));
        let outside = self.outside.iter().map(of).collect();
        Self { resource: self.resource, inside: self.inside.iter().map(of).collect(), outside }
    }

    fn loosened_behind(&self, head: usize) -> Self {
        let outside = self.outside.iter().filter(|glob| !has_hole(glob)).cloned().collect();
        let inside = self.inside.iter().map(|glob| loosened(glob, head)).collect();
        Self { resource: self.resource, inside, outside }
    }

    /// Fewer words: what is outside for some filling of the holes is outside.
    pub(super) fn tightened(&self) -> Self {
        let outside = self.outside.iter().map(|glob| loosened(glob, 0)).collect();
        Self { resource: self.resource, inside: self.inside.clone(), outside }
    }
}

/// A glob with each hole behind its first `head` steps as any text that is not empty.
fn loosened(glob: &Glob, head: usize) -> Glob {
    Glob::new(glob.steps().iter().enumerate().flat_map(|(at, step)| {
        let is_loose = at >= head && is_hole(*step);
        let (first, second) = if is_loose { (Step::One, Some(Step::Run)) } else { (*step, None) };
        std::iter::once(first).chain(second)
    }))
}

fn has_hole(glob: &Glob) -> bool {
    glob.steps().iter().copied().any(is_hole)
}

/// Whether a glob matches a word for some filling of the holes in both, or nobody knows.
fn may_match(glob: &Glob, word: &[Letter]) -> bool {
    let word = Glob::word(word.iter().copied());
    if !has_hole(glob) && !has_hole(&word) {
        return glob.matches(&word.canonical());
    }
    !matches!(witness(&[&loosened(glob, 0), &loosened(&word, 0)], &[], &mut Budget::default()), Answer::None)
}

/// Whether a step stands for a hole.
pub(super) const fn is_hole(step: Step) -> bool {
    match step {
        Step::Letter(letter) => matches!(letter.as_mark(), Some(FIRST_HOLE..)),
        Step::One | Step::Run => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOLE: char = '#';

    /// `#` is a hole.
    fn glob(text: &str) -> Glob {
        let step = |step: &Step| if *step == Step::Letter(Letter::of(HOLE)) { Step::Letter(hole()) } else { *step };
        Glob::new(Glob::parse(text, true).steps().iter().map(step))
    }

    fn hole() -> Letter {
        Letter::mark(FIRST_HOLE)
    }

    fn word(text: &str) -> Vec<Letter> {
        text.chars().map(|c| if c == HOLE { hole() } else { Letter::of(c) }).collect()
    }

    fn area(inside: &str, outside: &[&str]) -> Area {
        Area { outside: outside.iter().map(|text| glob(text)).collect(), ..Area::new(0, glob(inside)) }
    }

    #[test]
    fn an_area_contains_what_every_filling_of_its_holes_leaves_in_it() {
        assert!(area("#/*", &[]).contains(&word("#/a")));
        assert!(!area("#/*", &[]).contains(&word("alice/a")), "the hole may be bob");
        assert!(area("*", &["bob/*"]).contains(&word("alice/a")));
        assert!(!area("*", &["#/*"]).contains(&word("alice/a")), "the hole may be alice");
        assert!(!area("*", &["alice/*"]).contains(&word("#/a")), "the hole may be alice");
        assert!(area("*", &["#/*"]).contains(&word("alice")), "no filling has a slash behind it here");
    }

    #[test]
    fn a_one_letter_wildcard_takes_no_hole_of_every_length() {
        assert!(!area("?/*", &[]).contains(&word("#/a")));
        assert!(area("?*/*", &[]).contains(&word("#/a")));
    }

    #[test]
    fn what_areas_begin_with_is_filled_alike() {
        let meet = |a: &str, b: &str| {
            let (a, b) = (area(a, &[]), area(b, &[]));
            let both = Area::loosened_together(&[&a, &b], &[]);
            let globs: Vec<&Glob> = both.iter().flat_map(|area| &area.inside).collect();
            !matches!(witness(&globs, &[], &mut Budget::default()), Answer::None)
        };
        assert!(!meet("t/#/shared/*", "t/#/users/*"), "one filling in both");
        assert!(meet("t/#/shared/*", "t/#/*/x"));
        assert!(!meet("t/#/a", "t/#a"), "what follows differs");
        assert!(meet("*/#/a", "*/#/b/a"), "a wildcard begins no common text");
        assert!(meet("#/a/*", "b/#/*"), "`b/a/x` with `b` and `a`: the filling is looked at in one place only");
    }

    #[test]
    fn loosened_holds_more_and_tightened_less() {
        let gap = area("#/*", &["#/secret", "x/*"]);
        assert!(gap.loosened().holds(&word("alice/secret")) && !gap.loosened().holds(&word("x/a")));
        assert!(!gap.tightened().holds(&word("#/secret")) && gap.tightened().holds(&word("#/a")));
    }
}
