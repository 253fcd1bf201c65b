//! A found word in a shape that a person can read.
//!
//! The generic letter stands for any letter that no glob names, so one such letter can stand in for it, and where a whole
//! segment is generic a whole word reads better. Length may matter to a glob, so a longer word is only taken when the
//! plain matcher still finds it inside and not outside.

use std::collections::BTreeSet;

use crate::semantics::glob::{Glob, Letter, Step};

/// What is put where the name of something stands.
const NAME: &str = "example";

/// How many comparisons one check may take; a cosmetic change that costs more is not made.
const MOST_COMPARISONS: u64 = 1 << 20;

/// How many segments are tried on their own when they cannot all be named.
const MOST_SEGMENTS: usize = 8;

/// `word`, which is in all of `inside` and in none of `outside`, with readable text for its generic letters: `example`
/// where it stands at the start of a segment and no letter, digit or mark follows, else `x` or another letter that no
/// outside glob names. `ends_segment` says which letters part segments; other marks stay what they are. Falls back to the
/// word as it is, generic letters and all, when the globs are too long to check the change.
pub fn readable(
    word: &[Letter],
    inside: &[&Glob],
    outside: &[&Glob],
    ends_segment: impl Fn(Letter) -> bool,
) -> Vec<Letter> {
    let is_witness = |word: &[Letter]| {
        let mut spent = 0;
        let globs = inside.iter().map(|glob| (glob, true)).chain(outside.iter().map(|glob| (glob, false)));
        globs
            .into_iter()
            .all(|(glob, is_inside)| glob.matches_counting(word, &mut spent) == is_inside && spent <= MOST_COMPARISONS)
    };
    if !word.contains(&Letter::ANY) {
        return word.to_vec();
    }
    let stretches = stretches(word, &ends_segment);
    let filler = filler(outside);
    let with_names = |named: &[usize]| {
        let mut text = Vec::with_capacity(word.len() + named.len() * NAME.len());
        for (index, stretch) in stretches.iter().enumerate() {
            match stretch {
                Stretch::Given(letters) => text.extend_from_slice(letters),
                Stretch::Generic { .. } if named.contains(&index) => text.extend(NAME.chars().map(Letter::of)),
                Stretch::Generic { length, .. } => text.extend(std::iter::repeat_n(filler, *length)),
            }
        }
        text
    };
    let is_segment = |(_, stretch): &(usize, &Stretch<'_>)| matches!(stretch, Stretch::Generic { is_name: true, .. });
    let segments: Vec<usize> = stretches.iter().enumerate().filter(is_segment).map(|(index, _)| index).collect();
    let all = with_names(&segments);
    if is_witness(&all) {
        return all;
    }
    let mut named = Vec::new();
    for segment in segments.into_iter().take(MOST_SEGMENTS) {
        named.push(segment);
        if !is_witness(&with_names(&named)) {
            named.pop();
        }
    }
    let some = with_names(&named);
    if is_witness(&some) { some } else { word.to_vec() }
}

/// A part of a word: generic letters, or others.
enum Stretch<'w> {
    Given(&'w [Letter]),
    Generic { length: usize, is_name: bool },
}

fn stretches(word: &[Letter], ends_segment: impl Fn(Letter) -> bool) -> Vec<Stretch<'_>> {
    let is_generic = |letter: &Letter| *letter == Letter::ANY;
    let mut found = Vec::new();
    let mut before: Option<Letter> = None;
    let mut parts = word.chunk_by(|a, b| is_generic(a) == is_generic(b)).peekable();
    while let Some(part) = parts.next() {
        let behind = parts.peek().and_then(|next| next.first()).copied();
        found.push(if part.first().is_some_and(is_generic) {
            let closes =
                |letter: Letter| ends_segment(letter) || letter.as_char().is_some_and(|c| !c.is_alphanumeric());
            let is_name = before.is_none_or(&ends_segment) && behind.is_none_or(closes);
            Stretch::Generic { length: part.len(), is_name }
        } else {
            Stretch::Given(part)
        });
        before = part.last().copied();
    }
    found
}

/// The first readable letter that no outside glob names.
fn filler(outside: &[&Glob]) -> Letter {
    let named: BTreeSet<Letter> = outside
        .iter()
        .flat_map(|glob| glob.steps())
        .filter_map(|step| if let Step::Letter(letter) = step { Some(*letter) } else { None })
        .collect();
    let plain = std::iter::once('x').chain('a'..='z').chain('0'..='9').chain('A'..='Z');
    let others = ('\u{c0}'..=char::MAX).filter(|c| c.is_alphabetic());
    plain.chain(others).map(Letter::of).find(|letter| !named.contains(letter)).unwrap_or(Letter::ANY)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `#` is the generic letter, `@` the mark of a hole.
    fn letters(text: &str) -> Vec<Letter> {
        let letter = |c| match c {
            '#' => Letter::ANY,
            '@' => Letter::mark(1),
            c => Letter::of(c),
        };
        text.chars().map(letter).collect()
    }

    fn shown(word: &str, inside: &str, outside: &[&str]) -> String {
        let steps = |text: &str| {
            Glob::new(text.chars().map(|c| match c {
                '*' => Step::Run,
                '?' => Step::One,
                c => Step::Letter(letters(&c.to_string())[0]),
            }))
        };
        let (inside, outside) = (steps(inside), outside.iter().map(|text| steps(text)).collect::<Vec<_>>());
        let outside: Vec<&Glob> = outside.iter().collect();
        let word = readable(&letters(word), &[&inside], &outside, |letter| letter == Letter::of('/'));
        word.iter().map(|letter| letter.as_char().unwrap_or(if *letter == Letter::ANY { '#' } else { '@' })).collect()
    }

    #[test]
    fn a_segment_gets_a_name_and_the_rest_a_letter() {
        assert_eq!(shown("app/#", "app/*", &[]), "app/example");
        assert_eq!(shown("app/#.jpg", "app/*.jpg", &["b*"]), "app/example.jpg");
        assert_eq!(shown("app/a#/#", "app/a*/*", &[]), "app/ax/example");
        assert_eq!(shown("app/#@", "app/*@", &[]), "app/x@");
        assert_eq!(shown("app/@#", "app/@*", &[]), "app/@x");
        assert_eq!(shown("#a", "?a", &[]), "xa");
    }

    #[test]
    fn what_the_globs_refuse_is_not_written() {
        assert_eq!(shown("a/#", "a/?", &[]), "a/x", "one letter is no name");
        assert_eq!(shown("a/#", "a/*", &["a/ex*"]), "a/b", "`a`, `e` and `x` are named outside");
        assert_eq!(shown("a/#/#", "a/*/*", &["a/*/e*"]), "a/example/x");
        assert_eq!(shown("a/##", "a/*", &["a/?", "a/???*"]), "a/xx");
        assert_eq!(shown("a/#", "a/*", &["*x*"]), "a/a");
    }

    #[test]
    fn a_word_without_generic_letters_stays() {
        assert_eq!(shown("app/@/a", "app/@/*", &[]), "app/@/a");
    }
}
