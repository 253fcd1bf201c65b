//! The exact primitive against the definition: every word over a, b and c up to some length, matched letter by letter by
//! code that shares nothing with the one under test. No pattern names c, so it stands in for the generic letter.

pub(crate) mod hard;
mod laws;
mod limits;

use grantlint::semantics::glob::{Glob, Letter, Step};
use grantlint::semantics::search::{Answer, Budget, holds, readable, search, witness};

/// The definition, letter by letter.
fn naive(pattern: &[u8], word: &[u8]) -> bool {
    match (pattern.first(), word.first()) {
        (None, None) => true,
        (Some(b'*'), _) => naive(&pattern[1..], word) || (!word.is_empty() && naive(pattern, &word[1..])),
        (Some(b'?'), Some(_)) => naive(&pattern[1..], &word[1..]),
        (Some(a), Some(b)) if a == b => naive(&pattern[1..], &word[1..]),
        _ => false,
    }
}

/// All texts over an alphabet up to a length, the shortest first.
fn texts(alphabet: &str, longest: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..longest {
        last = last.iter().flat_map(|text| alphabet.chars().map(move |c| format!("{text}{c}"))).collect();
        all.extend(last.iter().cloned());
    }
    all
}

/// Patterns of different languages, up to a length.
fn patterns(alphabet: &str, longest: usize) -> Vec<Pattern> {
    let mut all: Vec<Pattern> = texts(alphabet, longest).into_iter().map(Pattern::new).collect();
    all.sort_by(|a, b| a.glob.cmp(&b.glob));
    all.dedup_by(|a, b| a.glob == b.glob);
    all
}

/// A pattern with the words that it matches.
#[derive(Debug, Clone)]
struct Pattern {
    text: String,
    glob: Glob,
}

impl Pattern {
    fn new(mut text: String) -> Self {
        // Runs side by side only make the definition slow.
        while text.contains("**") {
            text = text.replace("**", "*");
        }
        Self { glob: Glob::parse(&text, true), text }
    }
}

/// All short words, the shortest first, and which of them some patterns match.
struct Words {
    words: Vec<String>,
    longest: usize,
}

impl Words {
    fn new(longest: usize) -> Self {
        Self { words: texts("abc", longest), longest }
    }

    fn members(&self, pattern: &Pattern) -> Vec<bool> {
        self.words.iter().map(|word| naive(pattern.text.as_bytes(), word.as_bytes())).collect()
    }

    fn shortest(&self, inside: &[&[bool]], outside: &[&[bool]]) -> Option<&str> {
        let is_witness = |at: &usize| inside.iter().all(|set| set[*at]) && !outside.iter().any(|set| set[*at]);
        (0..self.words.len()).find(is_witness).map(|at| self.words[at].as_str())
    }
}

/// A word with c for the generic letter.
fn spelled(word: &[Letter]) -> String {
    word.iter().map(|letter| if *letter == Letter::ANY { 'c' } else { letter.as_char().unwrap() }).collect()
}

fn globs<'p>(patterns: &[&'p Pattern]) -> Vec<&'p Glob> {
    patterns.iter().map(|pattern| &pattern.glob).collect()
}

/// Ask both ways, and hold the answers against the shortest word that there is up to `longest`.
fn check(inside: &[&Pattern], outside: &[&Pattern], shortest: Option<&str>, longest: usize) {
    let show = |patterns: &[&Pattern]| patterns.iter().map(|p| p.text.clone()).collect::<Vec<_>>().join(" ");
    let label = format!("{} without {}", show(inside), show(outside));
    let (ins, outs) = (globs(inside), globs(outside));
    let simple = witness(&ins, &outs, &mut Budget::default());
    let searched = search(&ins, &outs, &mut Budget::default());
    for answer in [&simple, &searched] {
        match answer {
            Answer::None => assert_eq!(shortest, None, "{label}: said to have no word"),
            Answer::Some(word) => {
                let word = spelled(word);
                assert!(
                    inside.iter().all(|p| naive(p.text.as_bytes(), word.as_bytes())),
                    "{label}: {word} is not inside"
                );
                assert!(
                    !outside.iter().any(|p| naive(p.text.as_bytes(), word.as_bytes())),
                    "{label}: {word} is outside"
                );
            }
            Answer::Unknown(reason) => panic!("{label}: {reason}"),
        }
    }
    if let Answer::Some(word) = &searched {
        match shortest {
            Some(shortest) => assert_eq!(word.len(), shortest.len(), "{label}: {} or {shortest}", spelled(word)),
            None => assert!(word.len() > longest, "{label}: {} was overlooked", spelled(word)),
        }
    }
}

/// A small generator of numbers that look random and never change.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % limit as u64).unwrap()
    }

    fn pick<'p, T>(&mut self, from: &'p [T]) -> &'p T {
        &from[self.below(from.len())]
    }

    fn pattern(&mut self, alphabet: &str, longest: usize) -> Pattern {
        let length = self.below(longest + 1);
        Pattern::new((0..length).map(|_| char::from(alphabet.as_bytes()[self.below(alphabet.len())])).collect())
    }
}

#[test]
fn one_in_one_is_the_definition_for_all_short_patterns() {
    let words = Words::new(7);
    let narrow = patterns("ab*?", 4);
    let wide = patterns("ab*?", 3);
    let narrow_words: Vec<Vec<bool>> = narrow.iter().map(|p| words.members(p)).collect();
    let wide_words: Vec<Vec<bool>> = wide.iter().map(|p| words.members(p)).collect();
    for (p, ps) in narrow.iter().zip(&narrow_words) {
        for (q, qs) in wide.iter().zip(&wide_words) {
            check(&[p], &[q], words.shortest(&[ps], &[qs]), words.longest);
        }
    }
}

#[test]
fn one_in_a_union_is_the_definition() {
    let words = Words::new(7);
    let mut random = Random(0x5eed);
    // The fewer letters, the more unions hold a pattern that none of their patterns holds.
    for alphabet in ["ab*?", "a*?"] {
        let all = patterns(alphabet, 4);
        let members: Vec<Vec<bool>> = all.iter().map(|p| words.members(p)).collect();
        for (p, ps) in all.iter().zip(&members) {
            for _ in 0..60 {
                let union: Vec<usize> = (0..2 + random.below(2)).map(|_| random.below(all.len())).collect();
                let outside: Vec<&Pattern> = union.iter().map(|at| &all[*at]).collect();
                let sets: Vec<&[bool]> = union.iter().map(|at| members[*at].as_slice()).collect();
                check(&[p], &outside, words.shortest(&[ps], &sets), words.longest);
            }
        }
    }
}

#[test]
fn a_union_of_two_over_one_letter_is_the_definition_for_all() {
    let words = Words::new(6);
    let all = patterns("a*?", 3);
    let members: Vec<Vec<bool>> = all.iter().map(|p| words.members(p)).collect();
    for (p, ps) in all.iter().zip(&members) {
        for (i, (q, qs)) in all.iter().zip(&members).enumerate() {
            for (r, rs) in all.iter().zip(&members).skip(i + 1) {
                check(&[p], &[q, r], words.shortest(&[ps], &[qs, rs]), words.longest);
            }
        }
    }
}

#[test]
fn what_two_have_in_common_is_the_definition() {
    let words = Words::new(6);
    let all = patterns("ab*?", 3);
    let members: Vec<Vec<bool>> = all.iter().map(|p| words.members(p)).collect();
    let mut random = Random(0xcafe);
    for (i, (p, ps)) in all.iter().zip(&members).enumerate() {
        for (q, qs) in all.iter().zip(&members).skip(i) {
            check(&[p, q], &[], words.shortest(&[ps, qs], &[]), words.longest);
            let (one, other) = (random.below(all.len()), random.below(all.len()));
            let sets = [members[one].as_slice(), &members[other]];
            check(&[p, q], &[&all[one], &all[other]], words.shortest(&[ps, qs], &sets), words.longest);
        }
    }
}

#[test]
fn long_random_questions_agree_with_the_definition() {
    let words = Words::new(8);
    let mut random = Random(0xbead);
    for round in 0..400 {
        let alphabet = *random.pick(&["ab*?", "aab**??", "a*?", "abab*", "a***?"]);
        let inside: Vec<Pattern> = (0..=round % 3).map(|_| random.pattern(alphabet, 8)).collect();
        let outside: Vec<Pattern> = (0..random.below(5)).map(|_| random.pattern(alphabet, 8)).collect();
        let members = |patterns: &[Pattern]| patterns.iter().map(|p| words.members(p)).collect::<Vec<_>>();
        let (ins, outs) = (members(&inside), members(&outside));
        let ins: Vec<&[bool]> = ins.iter().map(Vec::as_slice).collect();
        let outs: Vec<&[bool]> = outs.iter().map(Vec::as_slice).collect();
        let shortest = words.shortest(&ins, &outs);
        check(&inside.iter().collect::<Vec<_>>(), &outside.iter().collect::<Vec<_>>(), shortest, words.longest);
    }
}

#[test]
fn without_one_letter_wildcards_one_match_decides_and_the_search_agrees() {
    let mut random = Random(0xfeed);
    let mut answers = [0, 0];
    for _ in 0..3_000 {
        let narrow = random.pattern("aab*?", 12);
        let outside: Vec<Pattern> = (0..=random.below(6)).map(|_| random.pattern("aab***", 9)).collect();
        let outside: Vec<&Pattern> = outside.iter().collect();
        // The search is not allowed a single state: it must not be needed.
        let simple = witness(&[&narrow.glob], &globs(&outside), &mut Budget::new(0, 0));
        let searched = search(&[&narrow.glob], &globs(&outside), &mut Budget::default());
        let is_held = outside.iter().any(|wide| holds(&wide.glob, &narrow.glob));
        match (simple, searched) {
            (Answer::None, Answer::None) => assert!(is_held),
            (Answer::Some(word), Answer::Some(shortest)) => {
                assert!(!is_held && shortest.len() <= word.len());
                assert_eq!(word, narrow.glob.canonical());
            }
            other => panic!("{} in {outside:?}: {other:?}", narrow.text),
        }
        answers[usize::from(is_held)] += 1;
    }
    assert!(answers.iter().all(|count| *count > 300), "both answers are common: {answers:?}");
}

#[test]
fn the_order_of_patterns_and_a_second_try_change_nothing() {
    let mut random = Random(0xabba);
    for _ in 0..500 {
        let inside: Vec<Pattern> = (0..=random.below(2)).map(|_| random.pattern("ab*?", 7)).collect();
        let outside: Vec<Pattern> = (0..2 + random.below(4)).map(|_| random.pattern("ab**??", 7)).collect();
        let inside: Vec<&Glob> = inside.iter().map(|p| &p.glob).collect();
        let mut outside: Vec<&Glob> = outside.iter().map(|p| &p.glob).collect();
        // So few states that some searches end early: that too must not depend on the order.
        for states in [3, 20_000] {
            let ask = |outside: &[&Glob]| witness(&inside, outside, &mut Budget::new(states, states));
            let first = ask(&outside);
            assert_eq!(first, ask(&outside));
            for _ in 0..3 {
                outside.rotate_left(1);
                let other = ask(&outside);
                assert_eq!(std::mem::discriminant(&first), std::mem::discriminant(&other), "{inside:?} {outside:?}");
                if let (Answer::Some(a), Answer::Some(b)) = (&first, &other) {
                    assert_eq!(a.len(), b.len());
                }
            }
        }
    }
}

#[test]
fn marks_are_letters_like_others() {
    let mut random = Random(0xd00d);
    let marked = |pattern: &Pattern| {
        let b = Step::Letter(Letter::of('b'));
        let mark = Step::Letter(Letter::mark(5));
        Glob::new(pattern.glob.steps().iter().map(|step| if *step == b { mark } else { *step }))
    };
    for _ in 0..1_000 {
        let inside = random.pattern("ab*?", 7);
        let outside: Vec<Pattern> = (0..=random.below(3)).map(|_| random.pattern("ab*?", 5)).collect();
        let plain = search(&[&inside.glob], &globs(&outside.iter().collect::<Vec<_>>()), &mut Budget::default());
        let other: Vec<Glob> = outside.iter().map(marked).collect();
        let other = search(&[&marked(&inside)], &other.iter().collect::<Vec<_>>(), &mut Budget::default());
        let back = |answer: Answer| match answer {
            Answer::Some(word) => Some(word.len()),
            Answer::None => None,
            Answer::Unknown(reason) => panic!("{reason}"),
        };
        assert_eq!(back(plain), back(other), "{inside:?} {outside:?}");
    }
}

#[test]
fn readable_words_are_witnesses_still() {
    let mut random = Random(0xf00d);
    let mut named = 0;
    for _ in 0..2_000 {
        let inside = random.pattern("a/*?*", 8);
        let outside: Vec<Pattern> = (0..random.below(4)).map(|_| random.pattern("ax/*?", 6)).collect();
        let outside = globs(&outside.iter().collect::<Vec<_>>()).into_iter().cloned().collect::<Vec<Glob>>();
        let outside: Vec<&Glob> = outside.iter().collect();
        let Answer::Some(word) = witness(&[&inside.glob], &outside, &mut Budget::default()) else { continue };
        let shown = readable(&word, &[&inside.glob], &outside, |letter| letter == Letter::of('/'));
        assert!(!shown.contains(&Letter::ANY), "{inside:?}");
        assert!(inside.glob.matches(&shown) && !outside.iter().any(|glob| glob.matches(&shown)), "{inside:?}");
        named += usize::from(spelled(&shown).contains("example"));
    }
    assert!(named > 300, "only {named} with a name");
}
