//! Questions that are hard by construction: decided rightly or not at all, and within their budget.

use grantlint::semantics::glob::{Glob, Letter, Step};
use grantlint::semantics::search::{Answer, Budget, Limit, search, witness};

use super::{Random, texts};

/// A formula in disjunctive form over variables 0..n: terms of (variable, whether it is to be true).
pub(crate) type Formula = Vec<Vec<(usize, bool)>>;

pub(crate) fn is_tautology(variables: usize, formula: &Formula) -> bool {
    let masks: Vec<(u32, u32)> = formula
        .iter()
        .map(|term| {
            let mask = |wanted: bool| term.iter().filter(|(_, is)| *is == wanted).fold(0, |mask, (v, _)| mask | 1 << v);
            (mask(true), mask(false))
        })
        .collect();
    (0..1_u32 << variables).all(|row| masks.iter().any(|(set, unset)| row & set == *set && row & unset == 0))
}

/// The globs that say whether a formula is a tautology: variables are the gaps between letters, a gap that is not empty
/// is true.
pub(super) fn as_globs(variables: usize, formula: &Formula) -> (Glob, Vec<Glob>) {
    let letter = |at: usize| char::from_u32(u32::from('A') + u32::try_from(at).unwrap()).unwrap();
    let with_gaps = |gap: &dyn Fn(usize) -> &'static str| {
        let text: String = (0..variables).flat_map(|v| [letter(v).to_string(), gap(v).to_owned()]).collect();
        Glob::parse(&format!("{text}{}", letter(variables)), true)
    };
    let term = |term: &Vec<(usize, bool)>| {
        with_gaps(&|v| match term.iter().find(|(variable, _)| *variable == v) {
            Some((_, true)) => "?*",
            Some((_, false)) => "",
            None => "*",
        })
    };
    (with_gaps(&|_| "*"), formula.iter().map(term).collect())
}

/// The answer for a formula: whether it is a tautology, if it was decided.
fn decide(variables: usize, formula: &Formula) -> Option<bool> {
    let (inside, outside) = as_globs(variables, formula);
    let outside: Vec<&Glob> = outside.iter().collect();
    let mut budget = Budget::default();
    let answer = witness(&[&inside], &outside, &mut budget);
    assert!(budget.states_left() >= 180_000, "one question takes at most its share");
    match answer {
        Answer::None => Some(true),
        Answer::Some(word) => {
            assert!(inside.matches(&word) && !outside.iter().any(|glob| glob.matches(&word)));
            Some(false)
        }
        Answer::Unknown(reason) => {
            assert!(matches!(reason.limit, Limit::States | Limit::Comparisons | Limit::Bytes));
            assert!(!reason.patterns.is_empty() && reason.states <= 20_000);
            None
        }
    }
}

/// Terms of so many variables, seldom fewer.
pub(crate) fn random_formula(random: &mut Random, variables: usize, terms: usize, size: usize) -> Formula {
    let term = |random: &mut Random| {
        let mut term: Vec<(usize, bool)> = (0..size).map(|_| (random.below(variables), random.below(2) == 1)).collect();
        term.sort_unstable();
        term.dedup_by_key(|(variable, _)| *variable);
        term
    };
    (0..terms).map(|_| term(random)).collect()
}

/// The second half of the variables differs from the first one, or has a true variable, or has none: a tautology by the
/// second half alone.
pub(crate) fn halves(half: usize) -> Formula {
    let differ = (0..half).flat_map(|v| [true, false].map(|is| vec![(v, is), (v + half, !is)]));
    let mut formula: Formula = differ.chain((half..2 * half).map(|v| vec![(v, true)])).collect();
    formula.push((half..2 * half).map(|v| (v, false)).collect());
    formula
}

#[test]
fn tautologies_are_told_by_their_truth_table() {
    let mut random = Random(0x7a07);
    let mut answers = [0, 0];
    for round in 0..300 {
        let variables = 2 + round % 5;
        let terms = 1 + random.below(3 * variables);
        let formula = random_formula(&mut random, variables, terms, 2);
        let is_tautology = is_tautology(variables, &formula);
        assert_eq!(decide(variables, &formula), Some(is_tautology), "{formula:?}");
        answers[usize::from(is_tautology)] += 1;
    }
    assert!(answers.iter().all(|count| *count > 50), "both answers are common: {answers:?}");
    for variables in 1..=7 {
        // All rows of the table, then all but one.
        let mut all: Formula =
            (0..1_usize << variables).map(|row| (0..variables).map(|v| (v, row >> v & 1 == 1)).collect()).collect();
        assert_eq!(decide(variables, &all), Some(true));
        all.remove(all.len() / 2);
        assert_eq!(decide(variables, &all), Some(false));
    }
}

#[test]
fn hard_formulas_are_decided_rightly_or_not_at_all() {
    let mut random = Random(0x0dd5);
    for (variables, terms, size) in [(12, 60, 3), (12, 120, 3), (14, 200, 4), (16, 100, 3), (16, 400, 4), (18, 150, 3)]
    {
        let formula = random_formula(&mut random, variables, terms, size);
        if let Some(answer) = decide(variables, &formula) {
            assert_eq!(answer, is_tautology(variables, &formula), "{variables} {terms} {size}");
        }
    }
    // Every second variable equals the one before it, or some pair differs: a tautology that needs all pairs.
    for pairs in [4, 8, 12] {
        let variables = 2 * pairs;
        let differ = (0..pairs).flat_map(|p| [true, false].map(|v| vec![(2 * p, v), (2 * p + 1, !v)]));
        let mut formula: Formula = differ.collect();
        assert_eq!(decide(variables, &formula), Some(false), "all may be equal");
        formula.extend((0..pairs).map(|p| vec![(2 * p, true), (2 * p + 1, true)]));
        assert_eq!(decide(variables, &formula), Some(false), "all may be false");
        formula.push((0..variables).map(|v| (v, false)).collect());
        assert_eq!(decide(variables, &formula), Some(true));
    }
    // The search reads the first half first and has to remember all of it.
    for (half, expected) in [(5, Some(true)), (9, Some(true)), (16, None), (24, None)] {
        assert_eq!(decide(2 * half, &halves(half)), expected, "2^{half} rows to remember");
    }
}

#[test]
fn patterns_that_count_from_the_end_are_decided_rightly_or_not_at_all() {
    let parse = |text: &str| Glob::parse(text, true);
    for n in [1, 5, 10, 20, 40, 80] {
        let ones = |count: usize| "?".repeat(count);
        // The last a stands at one of the last n places, or further in front.
        let mut outside: Vec<Glob> = (0..n).map(|i| parse(&format!("*a{}", ones(i)))).collect();
        for inside in ["*a*", "*a*a*", "*a*b*a*"] {
            let inside = parse(inside);
            let letters = inside.steps().iter().filter(|step| **step != Step::Run).count();
            let answer = search(&[&inside], &outside.iter().collect::<Vec<_>>(), &mut Budget::default());
            if let Answer::Some(word) = answer {
                assert_eq!(word.len(), n + letters);
            } else {
                panic!("{n}: {answer:?}");
            }
        }
        outside.push(parse(&format!("*a{}*", ones(n))));
        for inside in ["*a*", "*a*a*", "*a*b*a*"] {
            let answer = witness(&[&parse(inside)], &outside.iter().collect::<Vec<_>>(), &mut Budget::default());
            assert_eq!(answer, Answer::None, "{n}");
        }
    }
}

#[test]
fn patterns_made_to_be_hard_end_within_their_budget() {
    let parse = |text: &str| Glob::parse(text, true);
    let mut random = Random(0x4a2d);
    let words = texts("abc", 7);
    for n in [3, 6, 9, 12, 15, 18, 24] {
        let ones = "?".repeat(n);
        let inside = parse(&"a*b*".repeat(n));
        let both = [parse(&format!("*a{ones}*")), parse(&format!("*b{ones}*"))];
        let outside = [
            parse(&format!("*a{ones}a*")),
            parse(&format!("*a{ones}b*")),
            parse(&format!("*b{ones}a*")),
            parse(&format!("*b{ones}c*")),
            parse(&format!("*b?{ones}b*")),
        ];
        let outside: Vec<&Glob> = outside.iter().collect();
        for inside in [vec![&inside], both.iter().collect(), vec![&inside, &both[0], &both[1]]] {
            let mut budget = Budget::default();
            match witness(&inside, &outside, &mut budget) {
                Answer::Some(word) => {
                    assert!(inside.iter().all(|glob| glob.matches(&word)));
                    assert!(!outside.iter().any(|glob| glob.matches(&word)));
                }
                Answer::Unknown(reason) => assert!(reason.states <= 20_000 && !reason.patterns.is_empty()),
                Answer::None => {
                    for _ in 0..2_000 {
                        // Too long to try all words: short ones joined.
                        let word = format!("{}{}{}", random.pick(&words), random.pick(&words), random.pick(&words));
                        let word: Vec<Letter> = word.chars().map(Letter::of).collect();
                        let is_inside = inside.iter().all(|glob| glob.matches(&word));
                        assert!(!is_inside || outside.iter().any(|glob| glob.matches(&word)));
                    }
                }
            }
            assert!(budget.states_left() >= 180_000);
        }
    }
}

#[test]
fn the_longest_patterns_in_the_largest_unions_end() {
    let parse = |text: &str| Glob::parse(text, true);
    // Slow to match: every place of the narrow one could be the start.
    let slow = parse(&format!("*{}b*", "a".repeat(2_000)));
    let outside = vec![&slow; 1_000];
    let narrow = parse(&format!("*{}*", "a".repeat(4_000)));
    let mut budget = Budget::default().with_comparisons(1 << 26);
    let answer = witness(&[&narrow], &outside, &mut budget);
    assert!(matches!(&answer, Answer::Unknown(reason) if reason.limit == Limit::Comparisons), "{answer:?}");
    // Large to search: a thousand long globs with one-letter wildcards in all of which the canonical word is.
    let wide: Vec<Glob> =
        (0..1_000).map(|n| parse(&format!("*{}?{}*", "a".repeat(1_000 + n), "?".repeat(40)))).collect();
    let narrow = parse(&format!("{}*{}*", "a".repeat(2_000), "b*".repeat(200)));
    let mut budget = Budget::default();
    let answer = witness(&[&narrow], &wide.iter().collect::<Vec<_>>(), &mut budget);
    assert!(!matches!(answer, Answer::Unknown(_)), "{answer:?}");
    // Too large to search: places by the million.
    let wide: Vec<Glob> =
        (0..1_000).map(|n| parse(&format!("a*{}{}*", "?".repeat(1_000 + n), "b".repeat(200)))).collect();
    let narrow = parse(&format!("a{}", "*b".repeat(2_000)));
    let mut budget = Budget::default();
    let answer = search(&[&narrow], &wide.iter().collect::<Vec<_>>(), &mut budget);
    assert!(!matches!(answer, Answer::None), "{answer:?}");
    let two = [&wide[0], &narrow];
    let answer = witness(&two, &wide.iter().skip(1).collect::<Vec<_>>(), &mut budget);
    assert!(!matches!(answer, Answer::None), "{answer:?}");
    // What two long ones have in common is found without laying out all pairs of places.
    let (a, b) = (parse(&format!("{}*b", "a*".repeat(2_000))), parse(&format!("a{}", "*ab".repeat(1_300))));
    let answer = witness(&[&a, &b], &[], &mut Budget::default());
    assert!(matches!(answer, Answer::Some(_)), "{answer:?}");
}
