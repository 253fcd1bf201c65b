//! What tests of text ask for, and the parts into which they divide all texts.
//!
//! A set of texts is a union: words, words in letters of either case, globs, and values with a hole. Words are told apart
//! by trying all sets on each of them; what is left are the texts that nobody names as a whole, and only for those the
//! globs are refined, one after the other, by the exact question whether a word is in some and not in others.
//!
//! A value with a hole is a text that nobody knows. It lies inside its hull, where the hole may be any text, and no more
//! is claimed about it. Letters of either case are those of ASCII; tests that ignore case and name others are opaque, for
//! it is not known how they are folded.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::COMPARED_IN_A_STEP;
use super::word::{ANY, Answer, witness};
use crate::policy::find_hole;
use crate::semantics::glob::{Glob, Letter, Step};

/// Most spellings that are laid out of words in letters of either case.
const MOST_SPELLINGS: usize = 1 << 12;

/// Most parts of the texts that nobody names as a whole.
const MOST_PARTS: usize = 1 << 10;

/// Steps for all searches on one key.
const MOST_STEPS: usize = 1 << 19;

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Manner {
    /// Letter for letter.
    Exact,
    /// Letters of either case.
    Folded,
    /// `*` is any run, and `?` any one letter if `any_one` says so.
    Like {
        /// Whether `?` is a wildcard.
        any_one: bool,
    },
}

/// A value with a hole: equal ones are one unknown text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Holed {
    pub(super) manner: Manner,
    /// As written.
    pub(super) text: String,
    /// Told apart by this number where a hole has no name.
    pub(super) occurrence: Option<u32>,
}

impl Holed {
    /// A glob that surely matches what it matches; of texts folded before if `is_folded`.
    fn hull(&self, is_folded: bool) -> Glob {
        let mut steps = Vec::new();
        let mut at = 0;
        while let Some((hole, _)) = find_hole(&self.text, at) {
            steps.extend(self.steps(self.text.get(at..hole.start).unwrap_or_default()));
            steps.push(Step::Run);
            at = hole.end;
        }
        steps.extend(self.steps(self.text.get(at..).unwrap_or_default()));
        if self.manner == Manner::Folded && !is_folded { Glob::everything() } else { Glob::new(steps) }
    }

    fn steps(&self, text: &str) -> Vec<Step> {
        match self.manner {
            Manner::Exact => text.chars().map(Letter::of).map(Step::Letter).collect(),
            Manner::Folded => text.to_ascii_lowercase().chars().map(Letter::of).map(Step::Letter).collect(),
            Manner::Like { any_one } => Glob::parse(text, any_one).steps().to_vec(),
        }
    }
}

/// A set of texts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) struct Texts {
    words: BTreeSet<String>,
    /// In lower case, each for its spellings in letters of either case.
    folded: BTreeSet<String>,
    globs: BTreeSet<Glob>,
    holed: BTreeSet<Holed>,
}

impl Texts {
    /// Add a value; none is added, and `None` returned, when it is not known how it is compared.
    pub(super) fn add(&mut self, text: &str, manner: Manner, occurrence: &mut u32) -> Option<()> {
        if manner == Manner::Folded && text.chars().any(|c| !c.is_ascii() && c.is_alphabetic()) {
            return None;
        }
        if let Some(is_named) = holes(text) {
            let occurrence = (!is_named).then(|| {
                *occurrence += 1;
                *occurrence
            });
            self.holed.insert(Holed { manner, text: text.to_owned(), occurrence });
            return Some(());
        }
        match manner {
            Manner::Exact => {
                self.words.insert(text.to_owned());
            }
            Manner::Folded => {
                self.folded.insert(text.to_ascii_lowercase());
            }
            Manner::Like { any_one } => {
                let glob = Glob::parse(text, any_one);
                if glob.steps().iter().all(|step| matches!(step, Step::Letter(_))) {
                    self.words.insert(text.to_owned());
                } else {
                    self.globs.insert(glob);
                }
            }
        }
        Some(())
    }

    /// The values with a hole.
    pub(super) fn holed(&self) -> impl Iterator<Item = &Holed> {
        self.holed.iter()
    }

    /// Whether a text is in the set, the values with a hole left out.
    pub(super) fn contains(&self, text: &str) -> bool {
        self.words.contains(text)
            || !self.folded.is_empty() && self.folded.contains(&text.to_ascii_lowercase())
            || !self.globs.is_empty() && self.has_glob(&letters(text))
    }

    /// Whether a value with a hole may be this text.
    pub(super) fn may_contain(&self, text: &str) -> bool {
        let (plain, folded) = (letters(text), letters(&text.to_ascii_lowercase()));
        self.holed
            .iter()
            .any(|value| value.hull(true).matches(if value.manner == Manner::Folded { &folded } else { &plain }))
    }

    fn has_glob(&self, word: &[Letter]) -> bool {
        self.globs.iter().any(|glob| glob.matches(word))
    }

    fn tells_case(&self) -> bool {
        let is_folded = |value: &Holed| value.manner == Manner::Folded;
        !(self.words.is_empty() && self.globs.is_empty() && self.holed.iter().all(is_folded))
    }
}

/// Whether a text has a hole, and if so whether all of them have a name.
pub(super) fn holes(text: &str) -> Option<bool> {
    let mut found = None;
    let mut at = 0;
    while let Some((hole, name)) = find_hole(text, at) {
        found = Some(found.unwrap_or(true) && !name.is_empty());
        at = hole.end;
    }
    found
}

fn letters(text: &str) -> Vec<Letter> {
    text.chars().map(Letter::of).collect()
}

/// A part of all texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// For each set, whether the part lies in it, values with a hole left out.
    pub(super) is_in: Vec<bool>,
    /// For each value with a hole, whether it may be one of the part.
    pub(super) is_in_hull: Vec<bool>,
    /// One text of it.
    pub(super) example: String,
}

/// The parts of all texts that some sets and the hulls of some values tell apart; `None` when there are too many. Searches
/// are taken off `steps`.
pub(super) fn parts(sets: &[&Texts], holed: &[&Holed], steps: &mut usize) -> Option<Vec<Part>> {
    let tells_case = sets.iter().any(|set| set.tells_case());
    let hulls: Vec<Glob> = holed.iter().map(|value| value.hull(!tells_case)).collect();
    let mut words: BTreeSet<String> = sets.iter().flat_map(|set| &set.words).cloned().collect();
    for folded in sets.iter().flat_map(|set| &set.folded).collect::<BTreeSet<_>>() {
        if tells_case {
            add_spellings(folded, &mut words)?;
        } else {
            words.insert(folded.clone());
        }
    }
    *steps = steps.checked_sub(words.len().saturating_mul(sets.len()) / COMPARED_IN_A_STEP)?;
    let mut examples: BTreeMap<(Vec<bool>, Vec<bool>), String> = BTreeMap::new();
    let mut add = |text: String| {
        let word = letters(&text);
        let is_in = sets.iter().map(|set| set.contains(&text)).collect();
        let is_in_hull = hulls.iter().map(|hull| hull.matches(&word)).collect();
        let example = examples.entry((is_in, is_in_hull)).or_insert_with(|| text.clone());
        if readability(&text) < readability(example) {
            *example = text;
        }
    };
    let globs: BTreeSet<&Glob> = sets.iter().flat_map(|set| &set.globs).chain(&hulls).collect();
    for rest in rests(&globs, &words, steps)? {
        add(rest);
    }
    words.into_iter().for_each(&mut add);
    let part = |((is_in, is_in_hull), example)| Part { is_in, is_in_hull, example };
    Some(examples.into_iter().map(part).collect())
}

/// Shorter texts read better, then those in lower case; an empty one reads worst.
fn readability(text: &str) -> (bool, usize, usize, &str) {
    (text.is_empty(), text.chars().count(), text.chars().filter(char::is_ascii_uppercase).count(), text)
}

/// All spellings of a word in letters of either case.
fn add_spellings(folded: &str, words: &mut BTreeSet<String>) -> Option<()> {
    let mut spellings = vec![String::new()];
    for c in folded.chars() {
        let upper = c.to_ascii_uppercase();
        let in_upper =
            spellings.iter().filter(|_| upper != c).map(|start| format!("{start}{upper}")).collect::<Vec<_>>();
        for start in &mut spellings {
            start.push(c);
        }
        spellings.extend(in_upper);
        if spellings.len() + words.len() > MOST_SPELLINGS {
            return None;
        }
    }
    words.extend(spellings);
    Some(())
}

/// Words that are in some of the globs and not in the others, one of each combination that there is, none of them in
/// `words`.
fn rests(globs: &BTreeSet<&Glob>, words: &BTreeSet<String>, left: &mut usize) -> Option<Vec<String>> {
    let whole: Vec<Glob> = words.iter().map(|word| Glob::word(word.chars().map(Letter::of))).collect();
    let fillers = fillers(globs, words);
    let mut steps = MOST_STEPS.min(*left);
    *left -= steps;
    let mut example = |inside: &[&Glob], outside: &[&Glob]| -> Option<Option<String>> {
        let fits = |text: &str| {
            let word = letters(text);
            !words.contains(text)
                && inside.iter().all(|glob| glob.matches(&word))
                && !outside.iter().any(|glob| glob.matches(&word))
        };
        let simple = fillers.iter().map(|filler| simple(inside, *filler)).find(|text| fits(text));
        if simple.is_some() {
            return Some(simple);
        }
        let is_relevant = |word: &&Glob| {
            let letters: Vec<Letter> = word.steps().iter().copied().filter_map(letter_of).collect();
            inside.iter().all(|glob| glob.matches(&letters)) && !outside.iter().any(|glob| glob.matches(&letters))
        };
        let outside: Vec<&Glob> = outside.iter().copied().chain(whole.iter().filter(is_relevant)).collect();
        match witness(inside, &outside, &mut steps) {
            Answer::None => Some(None),
            Answer::Some(word) => Some(Some(spell(&word, *fillers.last()?))),
            Answer::Unknown => None,
        }
    };
    let mut parts = Vec::from_iter(example(&[], &[])?.map(|text| (Vec::new(), Vec::new(), text)));
    for glob in globs.iter().copied() {
        let mut finer = Vec::with_capacity(parts.len() + 1);
        for (inside, outside, text) in parts {
            let with: Vec<&Glob> = [inside.as_slice(), &[glob]].concat();
            let without: Vec<&Glob> = [outside.as_slice(), &[glob]].concat();
            let is_inside = glob.matches(&letters(&text));
            let other = if is_inside { example(&inside, &without)? } else { example(&with, &outside)? };
            let (in_it, not_in_it) = if is_inside { (Some(text), other) } else { (other, Some(text)) };
            finer.extend(in_it.map(|text| (with, outside, text)));
            finer.extend(not_in_it.map(|text| (inside, without, text)));
        }
        if finer.len() > MOST_PARTS {
            return None;
        }
        parts = finer;
    }
    *left += steps;
    Some(parts.into_iter().map(|(.., text)| text).collect())
}

const fn letter_of(step: Step) -> Option<Letter> {
    if let Step::Letter(letter) = step { Some(letter) } else { None }
}

/// Letters to write for wildcards: `x`, which reads best, and last one that nobody names.
fn fillers(globs: &BTreeSet<&Glob>, words: &BTreeSet<String>) -> Vec<char> {
    let in_globs =
        globs.iter().flat_map(|glob| glob.steps()).copied().filter_map(letter_of).filter_map(Letter::as_char);
    let named: BTreeSet<char> = in_globs.chain(words.iter().flat_map(|word| word.chars())).collect();
    // No capitals: where case is not told, they would be other letters again.
    let plain = std::iter::once('x').chain('a'..='z').chain('0'..='9');
    let unnamed = plain.chain('\u{c0}'..=char::MAX).find(|c| !named.contains(c));
    std::iter::once('x').chain(unnamed).collect()
}

/// The longest of some globs with a letter for each of its wildcards.
fn simple(globs: &[&Glob], filler: char) -> String {
    let Some(longest) = globs.iter().max_by_key(|glob| glob.steps().len()) else { return filler.to_string() };
    longest.steps().iter().map(|step| letter_of(*step).and_then(Letter::as_char).unwrap_or(filler)).collect()
}

/// A word with this letter for the generic one.
fn spell(word: &[Letter], filler: char) -> String {
    word.iter().map(|letter| if *letter == ANY { filler } else { letter.as_char().unwrap_or(filler) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(values: &[&str], manner: Manner) -> Texts {
        let mut set = Texts::default();
        for value in values {
            set.add(value, manner, &mut 0).unwrap();
        }
        set
    }

    const LIKE: Manner = Manner::Like { any_one: false };

    fn told_apart(sets: &[&Texts], holed: &[&Holed]) -> Option<Vec<Part>> {
        let mut steps = MOST_STEPS;
        parts(sets, holed, &mut steps)
    }

    fn examples(sets: &[&Texts]) -> Vec<String> {
        let parts = told_apart(sets, &[]).unwrap();
        for part in &parts {
            let is_in: Vec<bool> = sets.iter().map(|set| set.contains(&part.example)).collect();
            assert_eq!(is_in, part.is_in, "{}", part.example);
        }
        parts.into_iter().map(|part| part.example).collect()
    }

    #[test]
    fn examples_are_short_and_readable() {
        let (images, jpegs) = (texts(&["image/*"], LIKE), texts(&["*/jpeg"], LIKE));
        assert_eq!(examples(&[&images]), ["x", "image/x"]);
        assert_eq!(examples(&[&images, &jpegs]), ["x", "x/jpeg", "image/x", "image/jpeg"]);
        assert_eq!(examples(&[&texts(&["*"], LIKE)]), ["x"]);
        assert_eq!(examples(&[&texts(&["x", "private"], Manner::Exact)]), ["b", "x"]);
    }

    #[test]
    fn case_is_told_only_where_a_test_tells_it() {
        let folded = texts(&["Private"], Manner::Folded);
        assert_eq!(examples(&[&folded]), ["x", "private"]);
        let exact = texts(&["PRIVATE", "public"], Manner::Exact);
        assert_eq!(examples(&[&folded, &exact]), ["x", "public", "private", "PRIVATE"]);
        let all = texts(&["A", "a"], Manner::Exact);
        assert_eq!(examples(&[&texts(&["a"], Manner::Folded), &all]), ["x", "a"]);
    }

    #[test]
    fn too_many_spellings_are_not_laid_out() {
        let folded = texts(&["abcdefghijklmnopq"], Manner::Folded);
        assert_eq!(examples(&[&folded]).len(), 2);
        assert_eq!(told_apart(&[&folded, &texts(&["a"], Manner::Exact)], &[]), None);
        assert_eq!(Texts::default().add("straße", Manner::Folded, &mut 0), None);
    }

    #[test]
    fn a_value_with_a_hole_lies_in_its_hull() {
        let (holed, like) = (texts(&["app/<user>/x"], Manner::Exact), texts(&["app/*"], LIKE));
        let value = holed.holed().next().unwrap();
        let found = told_apart(&[&holed, &like], &[value]).unwrap();
        let seen: Vec<_> =
            found.iter().map(|part| (part.example.as_str(), part.is_in[1], part.is_in_hull[0])).collect();
        assert_eq!(seen, [("x", false, false), ("app/x", true, false), ("app/x/x", true, true)]);
        assert!(holed.may_contain("app/bob/x") && !holed.may_contain("app/bob") && !holed.contains("app/bob/x"));
    }

    #[test]
    fn holes_without_a_name_never_are_equal() {
        let mut occurrence = 0;
        let mut set = || {
            let mut set = Texts::default();
            set.add("a/%s", Manner::Exact, &mut occurrence).unwrap();
            set
        };
        assert_ne!(set(), set());
        assert_eq!(texts(&["a/<u>"], Manner::Exact), texts(&["a/<u>"], Manner::Exact));
        assert_eq!((holes("a"), holes("<u>"), holes("<u>/%s")), (None, Some(true), Some(false)));
    }
}
