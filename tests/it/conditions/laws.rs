//! Laws that hold for all conditions, those that are not modelled among them, and questions that are hard by construction.

use std::time::{Duration, Instant};

use grantlint::policy::AbsentKeys;
use grantlint::semantics::condition::{Context, Covered, Guard, MOST_CONTEXTS, Meets, Vocabulary};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::{FLAGS, guard, vocabulary};
use crate::search::Random;
use crate::search::hard::{Formula, halves, is_tautology, random_formula};

/// Conditions on few keys: modelled ones, unknown operators, several values, holes, and two kinds of values on one key.
const CONDITIONS: [&str; 24] = [
    "less size=2",
    "at-least size=1",
    "not-number? size=2",
    "null size=true",
    "like size=1*",
    "like type=a*",
    "like? type=*b",
    "like type=?b",
    "not-equal type=a,ab",
    "same type=A",
    "equal type=<kind>",
    "like type=<kind>*",
    "null type=false",
    "is secure=true",
    "not-is? secure=true",
    "unheard-of secure=true",
    "unheard-of tag=a",
    "any-equal tag=a,b",
    "all-like tag=a*",
    "ip from=10.0.0.0/8",
    "not-ip from=10.1.0.0/16",
    "ip from=somewhere",
    "null size=false",
    "null type=true",
];

/// Two conditions of which one holds and the other does not, as they stand in the list.
const OPPOSITES: [[usize; 2]; 2] = [[3, 22], [12, 23]];

fn statement() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..CONDITIONS.len(), 0..4)
}

fn statements(most: usize) -> impl Strategy<Value = Vec<Vec<usize>>> {
    prop::collection::vec(statement(), 1..=most)
}

struct Laid {
    vocabulary: Vocabulary,
}

impl Laid {
    fn new(absent_keys: AbsentKeys) -> Self {
        Self { vocabulary: vocabulary(absent_keys) }
    }

    fn guard(&mut self, statement: &[usize]) -> Guard {
        let texts: Vec<&str> = statement.iter().map(|index| CONDITIONS[*index]).collect();
        guard(&mut self.vocabulary, &texts)
    }

    fn guards(&mut self, statements: &[Vec<usize>]) -> Vec<Guard> {
        statements.iter().map(|statement| self.guard(statement)).collect()
    }

    fn covered(&self, narrow: &Guard, wide: &[Guard]) -> Covered {
        self.vocabulary.covered(narrow, &wide.iter().collect::<Vec<_>>(), MOST_CONTEXTS)
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400),
        failure_persistence: None,
        // The same statements in every run; PROPTEST_CASES asks for more of them.
        rng_seed: RngSeed::Fixed(20_261_126),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_statement_covers_itself_and_what_asks_for_more(
        own in statement(),
        more in statement(),
        others in statements(3),
        flag in 0_usize..2,
    ) {
        let mut laid = Laid::new(FLAGS[flag]);
        let mut wide = laid.guards(&others);
        let guard = laid.guard(&own);
        wide.insert(wide.len() / 2, guard.clone());
        prop_assert_eq!(laid.covered(&guard, &wide), Covered::Yes);
        let narrower = laid.guard(&[own, more].concat());
        prop_assert_eq!(laid.covered(&narrower, &wide), Covered::Yes);
    }

    #[test]
    fn what_covers_a_cover_covers(
        narrow in prop::collection::vec(0..CONDITIONS.len(), 1..4),
        split in 0..OPPOSITES.len(),
        dropped in 0_usize..4,
        others in statements(2),
        flag in 0_usize..2,
    ) {
        let mut laid = Laid::new(FLAGS[flag]);
        // The narrow one asks for one thing less, in two cases; then each case asks for less again.
        let middle: Vec<Vec<usize>> =
            OPPOSITES[split].iter().map(|case| [&narrow[1..], &[*case]].concat()).collect();
        let loosened = |statement: &Vec<usize>| {
            let kept = statement.iter().enumerate().filter(|(place, _)| *place != dropped);
            kept.map(|(_, condition)| *condition).collect::<Vec<_>>()
        };
        let wide: Vec<Vec<usize>> = middle.iter().map(loosened).rev().chain(others).collect();
        let (narrow, middle, wide) = (laid.guard(&narrow), laid.guards(&middle), laid.guards(&wide));
        for guard in &middle {
            prop_assert_eq!(laid.covered(guard, &wide), Covered::Yes);
        }
        prop_assert_eq!(laid.covered(&narrow, &middle), Covered::Yes);
        prop_assert_eq!(laid.covered(&narrow, &wide), Covered::Yes);
    }

    #[test]
    fn one_more_statement_never_uncovers_and_one_more_condition_never_lets_meet(
        narrow in statement(),
        wide in statements(3),
        more in statement(),
        flag in 0_usize..2,
    ) {
        let mut laid = Laid::new(FLAGS[flag]);
        let mut guards = laid.guards(&wide);
        let (own, another) = (laid.guard(&narrow), laid.guard(&more));
        let (before, meets) = (laid.covered(&own, &guards), laid.vocabulary.meets(&[&own, &guards[0]]));
        let narrower = laid.guard(&[narrow, more].concat());
        if meets == Meets::No {
            prop_assert!(!matches!(laid.vocabulary.meets(&[&narrower, &guards[0]]), Meets::Yes(_)));
        }
        guards.push(another);
        if before == Covered::Yes {
            prop_assert!(!matches!(laid.covered(&own, &guards), Covered::No(_)));
        }
    }

    #[test]
    fn the_order_of_what_is_not_modelled_does_not_matter(
        narrow in statement(),
        wide in statements(4),
        flag in 0_usize..2,
    ) {
        let backwards = |statement: &Vec<usize>| statement.iter().rev().copied().collect::<Vec<_>>();
        let turned: Vec<Vec<usize>> = wide.iter().rev().map(backwards).collect();
        let (mut laid, mut other) = (Laid::new(FLAGS[flag]), Laid::new(FLAGS[flag]));
        let (guards, turned) = (laid.guards(&wide), other.guards(&turned));
        let (own, same) = (laid.guard(&narrow), other.guard(&backwards(&narrow)));
        let spelled = |covered: Covered| match covered {
            Covered::No(context) => context.to_string(),
            other => format!("{other:?}"),
        };
        prop_assert_eq!(spelled(laid.covered(&own, &guards)), spelled(other.covered(&same, &turned)));
    }

    #[test]
    fn coverage_and_contexts_agree(narrow in statement(), wide in statements(3), flag in 0_usize..2) {
        let mut laid = Laid::new(FLAGS[flag]);
        let (narrow, wide) = (laid.guard(&narrow), laid.guards(&wide));
        let all: Vec<&Guard> = std::iter::once(&narrow).chain(&wide).collect();
        let contexts = laid.vocabulary.contexts(&all, MOST_CONTEXTS).unwrap();
        let uncovered = |context: &&Context| {
            narrow.holds_in(context) && !wide.iter().any(|guard| guard.holds_in(context))
        };
        let found: Vec<_> = contexts.iter().filter(uncovered).collect();
        match laid.covered(&narrow, &wide) {
            Covered::Yes => prop_assert!(found.is_empty()),
            Covered::No(context) => {
                prop_assert!(context.is_free());
                prop_assert!(found.iter().any(|other| other.is_free()));
            }
            Covered::Unknown(_) => prop_assert!(!found.is_empty() && found.iter().all(|other| !other.is_free())),
        }
    }
}

/// Whether a formula is a tautology, asked as coverage: a variable is a key that is there or not.
fn decide(variables: usize, formula: &Formula) -> Option<bool> {
    let mut vocabulary = vocabulary(FLAGS[0]);
    let terms: Vec<Guard> = formula
        .iter()
        .map(|term| {
            let texts: Vec<String> = term.iter().map(|(v, is)| format!("null k{v:02}={}", !is)).collect();
            guard(&mut vocabulary, &texts.iter().map(String::as_str).collect::<Vec<_>>())
        })
        .collect();
    let start = Instant::now();
    let answer = vocabulary.covered(&Guard::ALWAYS, &terms.iter().collect::<Vec<_>>(), MOST_CONTEXTS);
    let spent = start.elapsed();
    // The budget counts cases and no time, so this is generous to a machine that has other work to do.
    assert!(spent < Duration::from_secs(20), "{variables} variables, {} terms: {spent:?}", formula.len());
    match answer {
        Covered::Yes => Some(true),
        Covered::No(context) => {
            assert!(!terms.iter().any(|term| term.holds_in(&context)), "{context}");
            Some(false)
        }
        Covered::Unknown(_) => None,
    }
}

#[test]
fn tautologies_over_many_keys_are_told_rightly_or_not_at_all() {
    let mut random = Random(0x7a08);
    let mut answers = [0, 0];
    for round in 0..200 {
        let variables = 2 + round % 5;
        let terms = 1 + random.below(3 * variables);
        let formula = random_formula(&mut random, variables, terms, 2);
        let expected = is_tautology(variables, &formula);
        assert_eq!(decide(variables, &formula), Some(expected), "{formula:?}");
        answers[usize::from(expected)] += 1;
    }
    assert!(answers.iter().all(|count| *count > 30), "both answers are common: {answers:?}");
    let mut undecided = 0;
    for (variables, terms, size) in [(10, 60, 2), (12, 60, 3), (14, 120, 3), (16, 200, 4), (18, 60, 6)] {
        let formula = random_formula(&mut random, variables, terms, size);
        match decide(variables, &formula) {
            Some(answer) => assert_eq!(answer, is_tautology(variables, &formula), "{variables} {terms} {size}"),
            None => undecided += 1,
        }
    }
    assert_eq!(undecided, 0, "random formulas leave few cases");
    // The cases of the first half have to be kept apart.
    for (half, expected) in [(4, Some(true)), (8, Some(true)), (14, None), (20, None)] {
        assert_eq!(decide(2 * half, &halves(half)), expected, "2^{half} cases");
    }
}
