//! Statements with several conditions on several keys, against all samples of all keys.

use std::collections::{BTreeMap, BTreeSet};

use grantlint::policy::AbsentKeys;
use grantlint::semantics::condition::{
    Context, Covered, Given, Guard, MOST_CONTEXTS, Meets, Reason, TooMany, Truth, Value, Vocabulary,
};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::{FLAGS, condition, evaluator, guard, vocabulary};

const KEYS: [&str; 3] = ["size", "type", "secure"];

const CONDITIONS: [&str; 18] = [
    "less size=2",
    "at-most size=2,1",
    "greater size=1",
    "number? size=1.0",
    "not-number size=2",
    "null size=true",
    "like type=a*",
    "like? type=*b",
    "equal type=ab",
    "not-equal type=a,ab",
    "same type=A",
    "not-like? type=a*",
    "null type=false",
    "is secure=true",
    "is? secure=true",
    "not-is secure=true",
    "null secure=true",
    "not-number? size=1,2",
];

const SAMPLES: [&[Option<&str>]; 3] = [
    &[None, Some("0"), Some("1"), Some("1.5"), Some("2"), Some("3")],
    &[None, Some("a"), Some("A"), Some("ab"), Some("axb"), Some("ax"), Some("xb"), Some("x")],
    &[None, Some("true"), Some("false")],
];

/// A value of each key.
type Request = [Option<&'static str>; 3];

fn requests() -> impl Iterator<Item = Request> {
    let [sizes, types, secures] = SAMPLES;
    sizes
        .iter()
        .flat_map(move |size| types.iter().flat_map(move |of| secures.iter().map(move |secure| [*size, *of, *secure])))
}

fn holds(conditions: &[usize], request: &[Option<&str>; 3], absent_keys: AbsentKeys) -> bool {
    conditions.iter().all(|index| {
        let condition = condition(CONDITIONS[*index]);
        let place = KEYS.iter().position(|key| *key == condition.key).unwrap();
        evaluator::holds(&condition, request[place], absent_keys)
    })
}

/// Requests as a context says; a key of which it says nothing takes all values that there are.
fn requests_of(context: &Context) -> Vec<[Option<String>; 3]> {
    let said: BTreeMap<&str, &Value> = context.values().collect();
    let mut found = vec![[None, None, None]];
    for (place, key) in KEYS.iter().enumerate() {
        let values: Vec<Option<String>> = match said.get(key) {
            Some(Value::Absent) => vec![None],
            Some(Value::Text(text)) => vec![Some(text.clone())],
            Some(Value::Some) => SAMPLES[place].iter().flatten().map(|text| Some((*text).to_owned())).collect(),
            None => SAMPLES[place].iter().map(|value| value.map(str::to_owned)).collect(),
        };
        let with = |request: &[Option<String>; 3]| {
            let with = |value: &Option<String>| {
                let mut request = request.clone();
                request[place].clone_from(value);
                request
            };
            values.iter().map(with).collect::<Vec<_>>()
        };
        found = found.iter().flat_map(with).collect();
    }
    found
}

struct Laid {
    absent_keys: AbsentKeys,
    statements: Vec<Vec<usize>>,
    vocabulary: Vocabulary,
    guards: Vec<Guard>,
}

impl Laid {
    fn new(statements: &[Vec<usize>], absent_keys: AbsentKeys) -> Self {
        let mut vocabulary = vocabulary(absent_keys);
        let texts = |statement: &Vec<usize>| statement.iter().map(|index| CONDITIONS[*index]).collect::<Vec<_>>();
        let guards = statements.iter().map(|statement| guard(&mut vocabulary, &texts(statement))).collect();
        Self { absent_keys, statements: statements.to_vec(), vocabulary, guards }
    }

    /// Which statements hold in a request.
    fn truths(&self, request: &[Option<&str>; 3]) -> Vec<bool> {
        self.statements.iter().map(|statement| holds(statement, request, self.absent_keys)).collect()
    }

    /// Which statements hold in a context, in each request of it.
    fn truths_in(&self, context: &Context) -> BTreeSet<Vec<bool>> {
        let requests = requests_of(context);
        requests.iter().map(|request| self.truths(&request.each_ref().map(Option::as_deref))).collect()
    }

    fn check(&self) -> Result<(), TestCaseError> {
        let guards: Vec<&Guard> = self.guards.iter().collect();
        let shown: BTreeSet<Vec<bool>> = requests().map(|request| self.truths(&request)).collect();
        let contexts = self.vocabulary.contexts(&guards, MOST_CONTEXTS).unwrap();
        prop_assert_eq!(contexts.len(), shown.len());
        for context in &contexts {
            let truths: Vec<bool> = guards.iter().map(|guard| guard.holds_in(context)).collect();
            prop_assert!(shown.contains(&truths));
            prop_assert_eq!(self.truths_in(context), BTreeSet::from([truths]), "{}", context);
        }
        for (place, narrow) in guards.iter().enumerate() {
            let wide: Vec<&Guard> = guards[place + 1..].to_vec();
            let uncovered = |truths: &Vec<bool>| truths[place] && !truths[place + 1..].contains(&true);
            match self.vocabulary.covered(narrow, &wide, MOST_CONTEXTS) {
                Covered::Yes => prop_assert!(!shown.iter().any(uncovered)),
                Covered::No(context) => prop_assert!(self.truths_in(&context).iter().all(uncovered), "{}", context),
                Covered::Unknown(reason) => prop_assert!(false, "{}", reason),
            }
            let together = |truths: &Vec<bool>| !truths[place..].contains(&false);
            match self.vocabulary.meets(&guards[place..]) {
                Meets::No => prop_assert!(!shown.iter().any(together)),
                Meets::Yes(context) => prop_assert!(self.truths_in(&context).iter().all(together), "{}", context),
                Meets::Unknown(reason) => prop_assert!(false, "{}", reason),
            }
            prop_assert_eq!(narrow.is_impossible(), !shown.iter().any(|truths| truths[place]));
        }
        Ok(())
    }

    /// What a guard is in a request of which some keys are given, against all values of the others.
    fn check_evaluation(&self, request: &Request, is_given: [bool; 3]) -> Result<(), TestCaseError> {
        let values = KEYS.iter().zip(request).zip(is_given).filter(|(_, is_given)| *is_given);
        let given: BTreeMap<String, Given> = values
            .map(|((key, value), _)| {
                let given = value.map_or(Given::Absent, |value| Given::Values(vec![value.to_owned()]));
                ((*key).to_owned(), given)
            })
            .collect();
        for (guard, statement) in self.guards.iter().zip(&self.statements) {
            let fits = |other: &Request| (0..3).all(|place| !is_given[place] || other[place] == request[place]);
            let truths: BTreeSet<bool> =
                requests().filter(fits).map(|request| holds(statement, &request, self.absent_keys)).collect();
            match self.vocabulary.evaluate(guard, &given) {
                Truth::Yes => prop_assert_eq!(truths, BTreeSet::from([true])),
                Truth::No => prop_assert_eq!(truths, BTreeSet::from([false])),
                Truth::Open(keys) => {
                    prop_assert_eq!(truths.len(), 2);
                    prop_assert!(keys.iter().all(|key| !given.contains_key(key)) && keys.is_sorted());
                }
            }
        }
        Ok(())
    }
}

fn any_statements() -> impl Strategy<Value = Vec<Vec<usize>>> {
    prop::collection::vec(prop::collection::vec(0..CONDITIONS.len(), 0..5), 1..5)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(300),
        failure_persistence: None,
        // The same statements in every run; PROPTEST_CASES asks for more of them.
        rng_seed: RngSeed::Fixed(20_261_125),
        ..ProptestConfig::default()
    })]

    #[test]
    fn random_statements_are_what_all_samples_say(statements in any_statements()) {
        for flag in FLAGS {
            Laid::new(&statements, flag).check()?;
        }
    }

    #[test]
    fn evaluation_is_open_only_where_both_are_possible(
        statements in any_statements(),
        pick in 0_usize..144,
        is_given in prop::array::uniform3(any::<bool>()),
    ) {
        let request = requests().nth(pick).unwrap();
        for flag in FLAGS {
            Laid::new(&statements, flag).check_evaluation(&request, is_given)?;
        }
    }

    #[test]
    fn the_order_of_conditions_and_statements_does_not_matter(statements in any_statements(), turn in 1_usize..4) {
        let mut turned: Vec<Vec<usize>> = statements.iter().map(|s| s.iter().rev().copied().collect()).collect();
        let turn = turn % turned.len();
        turned.rotate_left(turn);
        let (laid, mut other) = (Laid::new(&statements, FLAGS[0]), Laid::new(&turned, FLAGS[0]));
        other.guards.rotate_right(turn);
        let spelled = |laid: &Laid| {
            let guards: Vec<&Guard> = laid.guards.iter().collect();
            let contexts = laid.vocabulary.contexts(&guards, MOST_CONTEXTS).unwrap();
            contexts.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        prop_assert_eq!(spelled(&laid), spelled(&other));
        let narrow = |laid: &Laid| {
            let wide: Vec<&Guard> = laid.guards.iter().skip(1).collect();
            match laid.vocabulary.covered(&laid.guards[0], &wide, MOST_CONTEXTS) {
                Covered::No(context) => context.to_string(),
                other => format!("{other:?}"),
            }
        };
        prop_assert_eq!(narrow(&laid), narrow(&other));
    }
}

#[test]
fn contexts_are_spelled_for_people() {
    let mut vocabulary = vocabulary(FLAGS[0]);
    let limits =
        guard(&mut vocabulary, &["at-most size=5242880", "like type=image/*", "ip from=10.0.0.0/8", "null tag=true"]);
    let secure = guard(&mut vocabulary, &["is secure=true"]);
    let Meets::Yes(context) = vocabulary.meets(&[&limits, &secure]) else { panic!("they meet") };
    assert_eq!(context.to_string(), "from=10.0.0.1, secure=true, size=5242880, tag absent, type=image/x");
    // Only keys that matter: without the address the rest does not.
    let contexts: Vec<String> =
        vocabulary.contexts(&[&limits, &secure], 10).unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(
        contexts,
        [
            "from=10.0.0.1, secure=true, size=5242880, tag absent, type=image/x",
            "from=10.0.0.1, secure=false, size=5242880, tag absent, type=image/x",
            "from=192.0.2.1, secure=true",
            "from=192.0.2.1, secure=false",
        ]
    );
}

#[test]
fn a_guard_without_conditions_always_holds() {
    let mut vocabulary = vocabulary(FLAGS[0]);
    let always = guard(&mut vocabulary, &[]);
    assert!(always.is_always() && !always.is_impossible() && always == Guard::ALWAYS);
    assert_eq!(guard(&mut vocabulary, &["null k=true,false"]), Guard::ALWAYS);
    let some = guard(&mut vocabulary, &["equal k=a"]);
    assert_eq!(vocabulary.covered(&some, &[&always], 10), Covered::Yes);
    assert!(matches!(vocabulary.covered(&always, &[&some], 10), Covered::No(_)));
    assert!(matches!(vocabulary.covered(&always, &[], 10), Covered::No(context) if context.values().next().is_none()));
    assert_eq!(vocabulary.contexts(&[], 10).unwrap().len(), 1);
    assert_eq!(vocabulary.evaluate(&always, &BTreeMap::new()), Truth::Yes);
}

#[test]
fn one_set_of_tests_is_one_guard() {
    let mut vocabulary = vocabulary(FLAGS[0]);
    let mut of = |texts: &[&str]| guard(&mut vocabulary, texts);
    assert_eq!(of(&["equal k=a,b", "number n=1.0"]), of(&["number n=1", "like k=b,a", "equal k=a,b,a"]));
    assert_ne!(of(&["equal k=a"]), of(&["equal? k=a"]));
    assert_ne!(of(&["equal k=a"]), of(&["equal j=a"]));
}

#[test]
fn many_cases_are_said_to_be_too_many() {
    let mut vocabulary = vocabulary(FLAGS[0]);
    let guards: Vec<Guard> = (0..13).map(|i| guard(&mut vocabulary, &[&format!("equal k{i}=a")])).collect();
    let all: Vec<&Guard> = guards.iter().collect();
    assert_eq!(vocabulary.contexts(&all, MOST_CONTEXTS), Err(TooMany::Contexts(MOST_CONTEXTS)));
    assert_eq!(vocabulary.contexts(&all, 8_192).unwrap().len(), 8_192);
    // Coverage needs none of these cases apart.
    assert!(matches!(vocabulary.covered(&Guard::ALWAYS, &all, 8), Covered::No(_)));
    assert_eq!(vocabulary.covered(&guards[7], &all, 8), Covered::Yes);
}

#[test]
fn a_question_that_is_too_large_is_not_answered() {
    let mut vocabulary = vocabulary(FLAGS[0]);
    // Each of many pairs leaves two ways open, and only the last key refutes all of them.
    let pairs: Vec<Guard> =
        (0..6).map(|i| guard(&mut vocabulary, &[&format!("null k{i}=true"), &format!("equal z=v{i}")])).collect();
    let narrow = guard(&mut vocabulary, &["equal y=a"]);
    let mut wide: Vec<&Guard> = pairs.iter().collect();
    let answer = vocabulary.covered(&narrow, &wide, 8);
    assert_eq!(answer, Covered::Unknown(Reason::TooMany(TooMany::Contexts(8))));
    assert!(matches!(vocabulary.covered(&narrow, &wide, MOST_CONTEXTS), Covered::No(_)));
    // One that covers alone is found all the same, although it looks at the last key of all.
    let alone = guard(&mut vocabulary, &["null zz=true", "equal? y=a"]);
    wide.push(&alone);
    let narrower = guard(&mut vocabulary, &["null zz=true", "equal y=a"]);
    assert_eq!(vocabulary.covered(&narrower, &wide, 8), Covered::Yes);
}

#[test]
fn values_that_cannot_be_told_apart_are_said() {
    let mut vocabulary = vocabulary(FLAGS[0]);
    let folded = guard(&mut vocabulary, &["same k=abcdefghijklmnopq"]);
    let exact = guard(&mut vocabulary, &["like k=a*"]);
    let too_many = TooMany::Cells { key: "k".to_owned() };
    assert_eq!(vocabulary.contexts(&[&folded, &exact], MOST_CONTEXTS), Err(too_many.clone()));
    assert_eq!(vocabulary.meets(&[&folded, &exact]), Meets::Unknown(Reason::TooMany(too_many)));
}
