//! What is not modelled: proven only what holds whatever it means, and examples that say what they take for granted.

use std::collections::BTreeMap;

use grantlint::semantics::condition::{Covered, Given, Guard, MOST_CONTEXTS, Meets, Reason, Truth, Value, Vocabulary};

use super::{FLAGS, condition, evaluator, guard, vocabulary};

/// Conditions of one key with holes `<u>` and `<v>`, and some without.
const WITH_HOLES: [&str; 20] = [
    "equal k=<u>",
    "not-equal k=<u>",
    "not-equal? k=<u>",
    "equal? k=<v>",
    "equal k=a<u>",
    "equal k=<u>,b",
    "not-equal k=a<u>,a",
    "like k=a<u>*",
    "like k=<u>*",
    "not-like k=*<u>",
    "like k=*<u><v>",
    "same k=A<u>",
    "equal k=a",
    "not-equal k=a,ab",
    "like k=a*",
    "not-like? k=a*b",
    "same k=AB",
    "like k=*",
    "null k=true",
    "null k=false",
];

/// What the holes may be filled with.
const FILLS: [&str; 5] = ["a", "b", "ab", "aa", "x"];

struct Laid {
    vocabulary: Vocabulary,
    guards: Vec<Guard>,
    samples: Vec<Option<String>>,
    /// For each filling and condition, the samples for which it holds.
    truths: Vec<Vec<Vec<bool>>>,
}

impl Laid {
    fn new(flag: usize) -> Self {
        let mut vocabulary = vocabulary(FLAGS[flag]);
        let guards = WITH_HOLES.iter().map(|text| guard(&mut vocabulary, &[text])).collect();
        let mut samples = vec![None, Some(String::new())];
        for length in 1..=3 {
            let shorter = samples.iter().flatten().filter(|word| word.chars().count() == length - 1);
            let longer: Vec<_> =
                shorter.flat_map(|word| "abABx".chars().map(move |c| Some(format!("{word}{c}")))).collect();
            samples.extend(longer);
        }
        let fillings = FILLS.iter().flat_map(|u| FILLS.iter().map(move |v| (u, v)));
        let truths = fillings
            .map(|(u, v)| {
                let of = |text: &&str| {
                    let filled = condition(&text.replace("<u>", u).replace("<v>", v));
                    samples.iter().map(|sample| evaluator::holds(&filled, sample.as_deref(), FLAGS[flag])).collect()
                };
                WITH_HOLES.iter().map(of).collect()
            })
            .collect();
        Self { vocabulary, guards, samples, truths }
    }

    /// For how many fillings some sample is in all of `inside` and in none of `outside`.
    fn count(&self, inside: &[usize], outside: &[usize]) -> usize {
        let is_it = |truths: &Vec<Vec<bool>>, sample: usize| {
            inside.iter().all(|test| truths[*test][sample]) && !outside.iter().any(|test| truths[*test][sample])
        };
        self.truths.iter().filter(|truths| (0..self.samples.len()).any(|sample| is_it(truths, sample))).count()
    }

    /// Whether the example is one for every filling.
    fn stands(&self, value: Option<&Value>, inside: &[usize], outside: &[usize]) -> bool {
        let sample = match value {
            None | Some(Value::Some) => self.samples.len() - 1,
            Some(Value::Absent) => 0,
            Some(Value::Text(text)) => self.samples.iter().position(|sample| sample.as_deref() == Some(text)).unwrap(),
        };
        self.truths.iter().all(|truths| {
            inside.iter().all(|test| truths[*test][sample]) && !outside.iter().any(|test| truths[*test][sample])
        })
    }

    fn names(inside: &[usize], outside: &[usize]) -> String {
        let of = |tests: &[usize]| tests.iter().map(|test| WITH_HOLES[*test]).collect::<Vec<_>>().join(" and ");
        format!("{} without {}", of(inside), of(outside))
    }

    /// Answers that were proven, shown, shown under an assumption, and not decided.
    fn ask(&self, inside: &[usize], outside: &[usize], seen: &mut [usize; 4]) {
        let of = |tests: &[usize]| tests.iter().map(|test| &self.guards[*test]).collect::<Vec<_>>();
        let names = Self::names(inside, outside);
        let answer = if outside.is_empty() {
            match self.vocabulary.meets(&of(inside)) {
                Meets::Yes(context) => Ok(Some(context)),
                Meets::No => Ok(None),
                Meets::Unknown(reason) => Err(reason),
            }
        } else {
            match self.vocabulary.covered(&self.guards[inside[0]], &of(outside), MOST_CONTEXTS) {
                Covered::Yes => Ok(None),
                Covered::No(context) => Ok(Some(context)),
                Covered::Unknown(reason) => Err(reason),
            }
        };
        let fillings = self.count(inside, outside);
        let kind = match answer {
            Ok(None) => {
                assert_eq!(fillings, 0, "{names}");
                0
            }
            Ok(Some(context)) if context.assumptions().next().is_none() => {
                let value = context.values().next().map(|(_, value)| value.clone());
                assert!(self.stands(value.as_ref(), inside, outside), "{names}: {context}");
                1
            }
            Ok(Some(context)) => {
                assert!(fillings > 0 && context.is_free(), "{names}: {context}");
                2
            }
            Err(Reason::Opaque(assumptions)) => {
                assert!(!assumptions.is_empty(), "{names}");
                3
            }
            Err(reason) => panic!("{names}: {reason}"),
        };
        seen[kind] += 1;
    }
}

#[test]
fn holes_are_judged_as_every_filling_would_be() {
    for flag in 0..FLAGS.len() {
        let laid = Laid::new(flag);
        let mut seen = [0; 4];
        for one in 0..WITH_HOLES.len() {
            for other in 0..WITH_HOLES.len() {
                laid.ask(&[one], &[other], &mut seen);
                laid.ask(&[one, other], &[], &mut seen);
                for third in (other + 1)..WITH_HOLES.len() {
                    laid.ask(&[one], &[other, third], &mut seen);
                }
            }
        }
        // Much is decided in spite of the holes.
        assert!(seen[3] * 10 < seen.iter().sum::<usize>() * 6 && seen.iter().all(|count| *count > 5), "{seen:?}");
    }
}

/// What a question about an opaque condition comes to, in a word.
fn covered(narrow: &[&str], wide: &[&[&str]]) -> String {
    let mut vocabulary = vocabulary(FLAGS[0]);
    let narrow = guard(&mut vocabulary, narrow);
    let wide: Vec<Guard> = wide.iter().map(|texts| guard(&mut vocabulary, texts)).collect();
    match vocabulary.covered(&narrow, &wide.iter().collect::<Vec<_>>(), MOST_CONTEXTS) {
        Covered::Yes => "yes".to_owned(),
        Covered::No(context) => {
            let assumptions: Vec<String> = context.assumptions().map(ToString::to_string).collect();
            if assumptions.is_empty() { format!("no: {context}") } else { format!("no, if {}", assumptions.join(", ")) }
        }
        Covered::Unknown(reason) => reason.to_string(),
    }
}

#[test]
fn an_opaque_condition_is_itself_and_nothing_else() {
    for opaque in [
        "any-equal k=a",
        "all-not-equal k=a,b",
        "odd k=a",
        "number k=10MB",
        "at-most k=1,<limit>",
        "ip k=10.0.*",
        "on k=yesterday",
        "is k=yes",
        "null k=maybe",
        "null? k=true",
        "equal k=<user>",
        "same k=straße",
        "equal k=[]",
    ] {
        assert_eq!(covered(&[opaque], &[&[opaque]]), "yes", "{opaque}");
        assert_eq!(covered(&[opaque, "equal j=a"], &[&[opaque]]), "yes", "{opaque}");
        let fails = covered(&[], &[&[opaque]]);
        let is_shown = fails.starts_with("no, if ") && fails.ends_with(" can fail") || fails == "no: k absent";
        assert!(is_shown, "{opaque}: {fails}");
        let holds = covered(&[opaque], &[]);
        assert!(holds.starts_with("no, if ") && holds.ends_with(" can hold"), "{opaque}: {holds}");
    }
}

#[test]
fn equal_descriptions_are_equal_sets() {
    // The order of values, and a negation of the same, are seen through.
    assert_eq!(covered(&["any-equal k=a,b"], &[&["any-equal k=b,a,b"]]), "yes");
    assert_eq!(covered(&["null k=false"], &[&["number k=10MB"], &["not-number k=10MB"]]), "yes");
    assert_eq!(covered(&["number k=10MB"], &[&["number? k=10MB"]]), "yes");
    assert_eq!(covered(&["not-equal k=<user>", "equal k=<user>"], &[]), "yes");
    // Other operators and other values are other sets, of which nothing is known together.
    for (narrow, wide) in [
        ("any-equal k=a", "all-equal k=a"),
        ("any-equal k=a", "any-not-equal k=a"),
        ("any-equal k=a", "any-equal k=a,b"),
        ("odd k=a", "odder k=a"),
        ("less k=10MB", "greater k=10MB"),
        ("equal k=<user>", "equal k=<owner>"),
        ("equal k=%s", "equal k=%s"),
        ("at-most k=%s", "at-most k=%s"),
    ] {
        let answer = covered(&[narrow], &[&[wide]]);
        assert!(answer.starts_with("it is not known whether "), "{narrow}, {wide}: {answer}");
    }
}

#[test]
fn an_assumption_is_free_only_on_a_key_of_its_own() {
    assert_eq!(covered(&["equal j=a"], &[&["any-equal k=a"]]), "no, if `any-equal` on `k` with `a` can fail");
    assert_eq!(
        covered(&["odd k=a,b,c"], &[&["odd j=a"]]),
        "no, if `odd` on `j` with `a` can fail, `odd` on `k` with `a` and 2 more can hold"
    );
    assert_eq!(
        covered(&["equal k=a"], &[&["any-equal k=a"]]),
        "it is not known whether `any-equal` on `k` with `a` can fail"
    );
    // An example that needs no assumption is taken before one that does.
    assert_eq!(covered(&["equal j=a"], &[&["any-equal k=a", "equal j=b"]]), "no: j=a");
    assert_eq!(covered(&["less? size=5"], &[&["number size=10MB"]]), "no: size absent");
}

#[test]
fn what_is_known_of_a_hole_is_used() {
    assert_eq!(covered(&["equal k=app/<user>/"], &[&["like k=app/*"]]), "yes");
    assert_eq!(covered(&["like k=app/<user>/*"], &[&["like k=app/*"]]), "yes");
    assert_eq!(covered(&["equal k=app/<user>/", "like k=web/*"], &[]), "yes");
    assert_eq!(covered(&["like k=app/*"], &[&["like k=app/<user>/*"]]), "no: k=app/x");
    assert_eq!(covered(&["equal k=<user>"], &[]), "no, if `equal` on `k` with `<user>` can hold");
}

#[test]
fn two_kinds_of_values_on_one_key_are_not_mixed() {
    let answer = covered(&["equal k=1", "equal k=1"], &[&["number k=1"]]);
    assert!(answer.starts_with("it is not known whether "), "{answer}");
    // What most conditions compare is taken for the key's kind; the others are opaque and equal to themselves.
    assert_eq!(covered(&["number k=1", "equal k=1"], &[&["less k=2", "equal k=1"]]), "yes");
    assert_eq!(covered(&["less k=1", "greater k=2", "equal k=1"], &[]), "yes");
    assert_eq!(covered(&["null k=true", "number k=1", "equal k=1"], &[]), "yes");
}

#[test]
fn nothing_is_proven_of_mixed_kinds_that_some_value_refutes() {
    const MIXED: [&str; 12] = [
        "number k=1",
        "not-number k=1",
        "less k=2",
        "at-least k=2",
        "number? k=2.0,3",
        "equal k=1",
        "equal k=1.0,2",
        "not-equal k=1",
        "not-equal? k=2",
        "like k=1*",
        "not-like k=*0",
        "null k=false",
    ];
    const SAMPLES: [Option<&str>; 8] =
        [None, Some("1"), Some("1.0"), Some("1.00"), Some("2"), Some("2.0"), Some("3"), Some("30")];
    for flag in FLAGS {
        let mut vocabulary = vocabulary(flag);
        let guards: Vec<Guard> = MIXED.iter().map(|text| guard(&mut vocabulary, &[text])).collect();
        let holds = |test: usize, sample: Option<&str>| evaluator::holds(&condition(MIXED[test]), sample, flag);
        let mut proven = 0;
        for a in 0..MIXED.len() {
            for b in 0..MIXED.len() {
                for c in b..MIXED.len() {
                    if vocabulary.covered(&guards[a], &[&guards[b], &guards[c]], MOST_CONTEXTS) == Covered::Yes {
                        let refutes = |sample| holds(a, sample) && !holds(b, sample) && !holds(c, sample);
                        assert_eq!(SAMPLES.into_iter().find(|sample| refutes(*sample)), None, "{a} {b} {c}");
                        proven += 1;
                    }
                    if vocabulary.meets(&[&guards[a], &guards[b], &guards[c]]) == Meets::No {
                        let refutes = |sample| holds(a, sample) && holds(b, sample) && holds(c, sample);
                        assert_eq!(SAMPLES.into_iter().find(|sample| refutes(*sample)), None, "{a} {b} {c}");
                        proven += 1;
                    }
                }
            }
        }
        assert!(proven > 200, "{proven}");
    }
}

#[test]
fn values_that_do_not_decide_leave_a_guard_open() {
    let mut vocabulary = vocabulary(FLAGS[0]);
    let mut ask = |text: &str, values: &[&str]| {
        let guard = guard(&mut vocabulary, &[text]);
        let given = Given::Values(values.iter().map(|value| (*value).to_owned()).collect());
        vocabulary.evaluate(&guard, &BTreeMap::from([("k".to_owned(), given)]))
    };
    let open = Truth::Open(vec!["k".to_owned()]);
    assert_eq!(ask("number k=10", &["10.0"]), Truth::Yes);
    assert_eq!(ask("number k=10", &["10MB"]), open);
    assert_eq!(ask("ip k=10.0.0.0/8", &["10.0.0.0/9"]), open);
    assert_eq!(ask("equal k=a", &["a", "b"]), open);
    assert_eq!(ask("equal k=a", &[]), open);
    assert_eq!(ask("null k=false", &["a", "b"]), Truth::Yes);
    assert_eq!(ask("any-equal k=a", &["a"]), open);
    assert_eq!(ask("equal k=app/<user>/", &["app/bob/"]), open);
    assert_eq!(ask("equal k=app/<user>/", &["web/bob/"]), Truth::No);
    assert_eq!(ask("not-equal k=app/<user>/", &["web/bob/"]), Truth::Yes);
    assert_eq!(ask("equal k=app/<user>/,web", &["web"]), Truth::Yes);
    let absent = BTreeMap::from([("k".to_owned(), Given::Absent)]);
    let unknown = guard(&mut vocabulary, &["any-equal k=a"]);
    assert_eq!(vocabulary.evaluate(&unknown, &absent), open);
}
