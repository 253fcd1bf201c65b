//! Conditions as sets of requests, against a naive evaluator.
//!
//! The [`evaluator`] takes one condition and one value and decides letter by letter; it shares no code with
//! `semantics::condition`. For each kind of values there are small lists of conditions and of sample values, the samples so
//! many that whatever the conditions tell apart has one. Then every question about one, two or three conditions has an
//! answer that trying all samples gives, and every example has to stand the evaluator.

mod evaluator;
mod keys;
mod kinds;
mod laws;
mod opaque;

use std::collections::{BTreeMap, BTreeSet};

use grantlint::policy::{AbsentKeys, Base, Condition, Operator, Quantifier, TestValue};
use grantlint::semantics::condition::{
    Context, Covered, Given, Guard, MOST_CONTEXTS, Meets, Truth, Usage, Value, Vocabulary,
};
use grantlint::text::Span;

use kinds::{Kind, kinds};

const FLAGS: [AbsentKeys; 2] = [AbsentKeys::FailNegated, AbsentKeys::PassNegated];

fn vocabulary(absent_keys: AbsentKeys) -> Vocabulary {
    Vocabulary::new(Usage { absent_keys, any_one: true })
}

/// A condition in few words: `equal k=a,b`. `not-` negates, a final `?` stands for `if exists`, `any-` and `all-` for the
/// quantifiers; `greater` and `at-least` are the negated comparisons of the policy's form.
fn condition(text: &str) -> Condition<'static> {
    let (operator, rest) = text.split_once(' ').unwrap();
    let (key, values) = rest.split_once('=').unwrap();
    let (plain, if_exists) = operator.strip_suffix('?').map_or((operator, false), |plain| (plain, true));
    let (plain, quantifier) = match plain.split_once('-') {
        Some(("any", plain)) => (plain, Quantifier::Any),
        Some(("all", plain)) => (plain, Quantifier::All),
        _ => (plain, Quantifier::One),
    };
    let (plain, negated) = plain.strip_prefix("not-").map_or((plain, false), |plain| (plain, true));
    let (base, negated) = match plain {
        "equal" => (Base::StringEqual, negated),
        "same" => (Base::StringEqualIgnoreCase, negated),
        "like" => (Base::StringLike, negated),
        "number" => (Base::NumericEqual, negated),
        "less" => (Base::NumericLess, negated),
        "at-most" => (Base::NumericLessEqual, negated),
        "greater" => (Base::NumericLessEqual, true),
        "at-least" => (Base::NumericLess, true),
        "on" => (Base::DateEqual, negated),
        "before" => (Base::DateLess, negated),
        "until" => (Base::DateLessEqual, negated),
        "after" => (Base::DateLessEqual, true),
        "since" => (Base::DateLess, true),
        "is" => (Base::Bool, negated),
        "ip" => (Base::Ip, negated),
        "null" => (Base::Null, negated),
        _ => (Base::Unknown, negated),
    };
    let value = |text: &str| TestValue { text: text.to_owned().into(), span: Span::new(0, 0), is_string: true };
    let values = if values == "[]" { Vec::new() } else { values.split(',').map(value).collect() };
    let operator =
        Operator { text: operator.to_owned().into(), span: Span::new(0, 0), base, negated, if_exists, quantifier };
    Condition {
        operator,
        key: key.to_owned().into(),
        key_text: key.to_owned().into(),
        key_span: Span::new(0, 0),
        values,
    }
}

fn guard(vocabulary: &mut Vocabulary, texts: &[&str]) -> Guard {
    let conditions: Vec<Condition<'_>> = texts.iter().map(|text| condition(text)).collect();
    vocabulary.guard(&conditions)
}

/// The samples for which a condition holds; the first bit is the absent key.
type Bits = Vec<u64>;

struct Laid {
    kind: Kind,
    absent_keys: AbsentKeys,
    vocabulary: Vocabulary,
    guards: Vec<Guard>,
    bits: Vec<Bits>,
}

impl Laid {
    fn new(kind: Kind, absent_keys: AbsentKeys) -> Self {
        let mut vocabulary = vocabulary(absent_keys);
        let guards = kind.conditions.iter().map(|text| guard(&mut vocabulary, &[text])).collect();
        let samples: Vec<Option<&str>> = std::iter::once(None).chain(kind.samples.iter().map(|s| Some(&**s))).collect();
        let bits = |text: &String| {
            let condition = condition(text);
            let mut bits = vec![0_u64; samples.len() / 64 + 1];
            for (place, sample) in samples.iter().enumerate() {
                bits[place / 64] |= u64::from(evaluator::holds(&condition, *sample, absent_keys)) << (place % 64);
            }
            bits
        };
        let bits = kind.conditions.iter().map(bits).collect();
        Self { kind, absent_keys, vocabulary, guards, bits }
    }

    fn all() -> impl Iterator<Item = Self> {
        FLAGS.into_iter().flat_map(|flag| kinds().into_iter().map(move |kind| Self::new(kind, flag)))
    }

    /// Whether some sample is in all of `inside` and in none of `outside`.
    fn exists(&self, inside: &[usize], outside: &[usize]) -> bool {
        let last = self.kind.samples.len();
        (0..=last / 64).any(|word| {
            let valid = if word == last / 64 { u64::MAX >> (63 - last % 64) } else { u64::MAX };
            let both = inside.iter().fold(valid, |bits, test| bits & self.bits[*test][word]);
            outside.iter().fold(both, |bits, test| bits & !self.bits[*test][word]) != 0
        })
    }

    /// Whether the example of a context is in all of `inside` and in none of `outside`, for the evaluator and for the guards.
    fn check(&self, context: &Context, inside: &[usize], outside: &[usize]) {
        assert!(context.is_free() && context.assumptions().next().is_none());
        let said: Vec<(&str, &Value)> = context.values().collect();
        let value = match said.as_slice() {
            [] | [("k", Value::Absent)] => None,
            [("k", Value::Text(text))] => Some(&**text),
            // Only asked whether there is a value.
            [("k", Value::Some)] => Some(&*self.kind.samples[0]),
            other => panic!("{other:?}"),
        };
        for (tests, expected) in [(inside, true), (outside, false)] {
            for test in tests {
                let text = &self.kind.conditions[*test];
                assert_eq!(
                    evaluator::holds(&condition(text), value, self.absent_keys),
                    expected,
                    "{text} of {value:?}"
                );
                if expected {
                    assert!(self.guards[*test].holds_in(context), "{text} of {value:?}");
                }
            }
        }
    }

    fn names(&self, tests: &[usize]) -> Vec<&str> {
        tests.iter().map(|test| &*self.kind.conditions[*test]).collect()
    }

    fn ask_covered(&self, narrow: usize, wide: &[usize]) {
        let guards: Vec<&Guard> = wide.iter().map(|test| &self.guards[*test]).collect();
        let exists = self.exists(&[narrow], wide);
        match self.vocabulary.covered(&self.guards[narrow], &guards, MOST_CONTEXTS) {
            Covered::Yes => assert!(!exists, "{} in {:?}", self.kind.conditions[narrow], self.names(wide)),
            Covered::No(context) => {
                assert!(exists);
                self.check(&context, &[narrow], wide);
            }
            Covered::Unknown(reason) => panic!("{reason}: {:?}", self.names(wide)),
        }
    }

    fn ask_meets(&self, tests: &[usize]) {
        let guards: Vec<&Guard> = tests.iter().map(|test| &self.guards[*test]).collect();
        let exists = self.exists(tests, &[]);
        match self.vocabulary.meets(&guards) {
            Meets::No => assert!(!exists, "{:?}", self.names(tests)),
            Meets::Yes(context) => {
                assert!(exists, "{:?}", self.names(tests));
                self.check(&context, tests, &[]);
            }
            Meets::Unknown(reason) => panic!("{reason}: {:?}", self.names(tests)),
        }
        let mut vocabulary = self.vocabulary.clone();
        assert_eq!(guard(&mut vocabulary, &self.names(tests)).is_impossible(), !exists, "{:?}", self.names(tests));
    }

    /// The contexts of some guards are the combinations that samples show.
    fn ask_contexts(&self, tests: &[usize]) {
        let guards: Vec<&Guard> = tests.iter().map(|test| &self.guards[*test]).collect();
        let mut seen = BTreeSet::new();
        for context in self.vocabulary.contexts(&guards, MOST_CONTEXTS).unwrap() {
            let (inside, outside): (Vec<usize>, Vec<usize>) =
                tests.iter().partition(|test| self.guards[**test].holds_in(&context));
            self.check(&context, &inside, &outside);
            assert!(self.exists(&inside, &outside));
            assert!(seen.insert(inside), "each combination once");
        }
        for picked in 0..1 << tests.len() {
            let (inside, outside): (Vec<usize>, Vec<usize>) = tests
                .iter()
                .partition(|test| tests.iter().position(|t| t == *test).is_some_and(|i| picked & (1 << i) != 0));
            if self.exists(&inside, &outside) {
                assert!(seen.contains(&inside), "{:?} and not {:?}", self.names(&inside), self.names(&outside));
            }
        }
    }
}

#[test]
fn samples_tell_apart_what_conditions_tell_apart() {
    for laid in Laid::all() {
        let full: Vec<usize> = (0..laid.guards.len()).collect();
        let shown: BTreeSet<Vec<bool>> = (0..=laid.kind.samples.len())
            .map(|place| full.iter().map(|test| laid.bits[*test][place / 64] & (1 << (place % 64)) != 0).collect())
            .collect();
        let guards: Vec<&Guard> = laid.guards.iter().collect();
        let contexts = laid.vocabulary.contexts(&guards, MOST_CONTEXTS).unwrap();
        let laid_out: BTreeSet<Vec<bool>> =
            contexts.iter().map(|context| guards.iter().map(|guard| guard.holds_in(context)).collect()).collect();
        assert_eq!(laid_out, shown, "{}", laid.kind.name);
        assert_eq!(contexts.len(), shown.len(), "{}", laid.kind.name);
    }
}

#[test]
fn one_condition_within_another() {
    for laid in Laid::all() {
        for narrow in 0..laid.guards.len() {
            laid.ask_covered(narrow, &[]);
            for wide in 0..laid.guards.len() {
                laid.ask_covered(narrow, &[wide]);
            }
        }
    }
}

#[test]
fn one_condition_within_two_others() {
    for laid in Laid::all() {
        let step = if laid.kind.samples.len() > 100 { 3 } else { 1 };
        for narrow in 0..laid.guards.len() {
            for one in 0..laid.guards.len() {
                for other in ((one + 1 + narrow % step)..laid.guards.len()).step_by(step) {
                    laid.ask_covered(narrow, &[one, other]);
                }
            }
        }
    }
}

#[test]
fn conditions_that_hold_together() {
    for laid in Laid::all() {
        let step = if laid.kind.samples.len() > 100 { 3 } else { 1 };
        for one in 0..laid.guards.len() {
            for other in one..laid.guards.len() {
                laid.ask_meets(&[one, other]);
                for third in ((other + one % step)..laid.guards.len()).step_by(step) {
                    laid.ask_meets(&[one, other, third]);
                }
            }
        }
    }
}

#[test]
fn contexts_are_the_combinations_that_there_are() {
    for laid in Laid::all() {
        for one in 0..laid.guards.len() {
            for other in (one + 1)..laid.guards.len() {
                laid.ask_contexts(&[one, other]);
                if let Some(third) = (other + 1..laid.guards.len()).nth(one % 5) {
                    laid.ask_contexts(&[one, other, third]);
                }
            }
        }
    }
}

#[test]
fn evaluation_of_given_values_is_that_of_the_evaluator() {
    for laid in Laid::all() {
        for (guard, text) in laid.guards.iter().zip(&laid.kind.conditions) {
            for value in std::iter::once(None).chain(laid.kind.samples.iter().map(|s| Some(&**s))) {
                let given = value.map_or(Given::Absent, |value| Given::Values(vec![value.to_owned()]));
                let truth = laid.vocabulary.evaluate(guard, &BTreeMap::from([("k".to_owned(), given)]));
                let holds = evaluator::holds(&condition(text), value, laid.absent_keys);
                assert_eq!(truth, if holds { Truth::Yes } else { Truth::No }, "{text} of {value:?}");
            }
        }
    }
}
