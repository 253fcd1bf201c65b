//! `contradictory-condition`: two conditions of one statement that no request meets.

use std::collections::BTreeSet;

use super::prelude::*;
use crate::policy::{Base, Condition, Quantifier, Statement, find_hole};
use crate::semantics::condition::{Usage, Vocabulary};

pub(super) static META: RuleMeta = RuleMeta {
    name: "contradictory-condition",
    summary: "no request can meet the conditions of a statement",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/contradictory-condition.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    for statement in &cx.policy().statements {
        if statement.conditions.len() < 2 {
            continue;
        }
        let mut tests: Vec<Test<'_, '_>> = statement.conditions.iter().enumerate().filter_map(Test::new).collect();
        tests.sort_by(|a, b| a.order().cmp(&b.order()));
        // Two equal operators on one key are a repeated key, and that is another finding; not so in a form.
        tests.dedup_by(|a, b| {
            !cx.is_post() && a.order().0 == b.order().0 && a.condition.operator.text == b.condition.operator.text
        });
        let mut found = Vec::new();
        for group in tests.chunk_by(|a, b| a.condition.key == b.condition.key && a.base() == b.base()) {
            for (index, one) in group.iter().enumerate() {
                let other = group.iter().skip(index + 1).find(|other| contradict(one, other));
                found.extend(other.map(|other| if one.place < other.place { (one, other) } else { (other, one) }));
            }
        }
        found.sort_by_key(|(one, other)| (one.place, other.place));
        if found.is_empty() {
            check_exactly(cx, statement, out);
        }
        for (one, other) in found {
            let (one, other) = (one.condition, other.condition);
            let Some(draft) = out.claim(Claim::at(other.key_span).in_statement(Some(statement.index))) else {
                continue;
            };
            draft
                .message(format!("no request meets both conditions on `{}`", one.key))
                .caption(format!("`{}` here", other.operator.text))
                .label(one.key_span, format!("`{}` here", one.operator.text))
                .help(if cx.is_post() {
                    "keep one of them; all conditions of a form must hold"
                } else {
                    "keep one of them; values under one operator are alternatives, operators must all hold"
                });
        }
    }
}

/// Report conditions on one key that no value meets, ranges, addresses and wildcards included. Only keys with several
/// conditions of a size that people write are looked at.
fn check_exactly(cx: &Analysis<'_, '_>, statement: &Statement<'_>, out: &mut Reporter<'_>) {
    const MOST_TESTS: usize = 8;
    const MOST_VALUES: usize = 32;
    let mut keys: Vec<&str> = statement.conditions.iter().map(|condition| &*condition.key).collect();
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        let tests: Vec<&Condition<'_>> = statement.conditions.iter().filter(|test| test.key == key).collect();
        let values: usize = tests.iter().map(|test| test.values.len()).sum();
        let (Some((first, rest)), true) = (tests.split_first(), tests.len() <= MOST_TESTS && values <= MOST_VALUES)
        else {
            continue;
        };
        let (Some(last), true) = (rest.last(), tests.iter().all(|test| test.operator.quantifier == Quantifier::One))
        else {
            continue;
        };
        // Two equal operators on one key are a repeated key, and that is another finding.
        let mut operators: Vec<&str> = tests.iter().map(|test| &*test.operator.text).collect();
        operators.sort_unstable();
        operators.dedup();
        if operators.len() < tests.len() && !cx.is_post() {
            continue;
        }
        // A test that nothing meets by itself is another fault.
        let dialect = cx.dialect();
        let usage = Usage { absent_keys: dialect.absent_keys(), any_one: dialect.any_one() };
        let is_impossible =
            |tests: &[&Condition<'_>]| Vocabulary::new(usage).guard(tests.iter().copied()).is_impossible();
        if !is_impossible(&tests) || tests.iter().any(|test| is_impossible(&[test])) {
            continue;
        }
        let Some(draft) = out.claim(Claim::at(last.key_span).in_statement(Some(statement.index))) else { continue };
        if is_range(cx.is_post(), first, rest) {
            draft
                .message(format!("the least that `{key}` allows is above the greatest, so no request meets it"))
                .caption("the greatest")
                .label(first.key_span, "the least")
                .help("write the smaller number first");
            continue;
        }
        draft
            .message(format!("no request meets all conditions on `{key}`"))
            .caption(format!("`{}` here", last.operator.text))
            .label(first.key_span, format!("`{}` here", first.operator.text))
            .help(if cx.is_post() {
                "keep those that are meant; all conditions of a form must hold"
            } else {
                "keep those that are meant; values under one operator are alternatives, operators must all hold"
            });
    }
}

/// Whether two tests are the ends of one range, as a form writes it.
fn is_range(is_post: bool, first: &Condition<'_>, rest: &[&Condition<'_>]) -> bool {
    let [last] = rest else { return false };
    is_post
        && first.operator.text == last.operator.text
        && first.operator.base.is_numeric()
        && first.operator.negated != last.operator.negated
}

/// A condition that can be compared with others, and its values in a form in which equal ones are equal texts.
struct Test<'c, 's> {
    place: usize,
    condition: &'c Condition<'s>,
    values: BTreeSet<String>,
}

impl<'c, 's> Test<'c, 's> {
    fn new((place, condition): (usize, &'c Condition<'s>)) -> Option<Self> {
        let base = condition.operator.base;
        let is_comparable = condition.operator.quantifier == Quantifier::One
            && !condition.values.is_empty()
            && matches!(
                base,
                Base::StringEqual
                    | Base::StringEqualIgnoreCase
                    | Base::NumericEqual
                    | Base::Ip
                    | Base::DateEqual
                    | Base::Bool
            );
        is_comparable.then(|| {
            let values = condition.values.iter().map(|value| normal(base, &value.text)).collect();
            Self { place, condition, values }
        })
    }

    fn base(&self) -> Base {
        self.condition.operator.base
    }

    /// Tests that can contradict each other stand together.
    fn order(&self) -> ((&str, u8), &str, usize) {
        ((&*self.condition.key, self.base() as u8), &*self.condition.operator.text, self.place)
    }
}

/// A value in the form in which its operator compares it.
fn normal(base: Base, text: &str) -> String {
    match base {
        Base::StringEqualIgnoreCase => text.to_lowercase(),
        Base::NumericEqual => text.trim().parse::<f64>().map_or_else(|_| text.to_owned(), |number| number.to_string()),
        _ => text.to_owned(),
    }
}

/// Whether one test asks for values that the other one refuses: equal and not equal to the same, or equal to different
/// values. Ranges are not reasoned about, and one instant or address has several spellings.
fn contradict(a: &Test<'_, '_>, b: &Test<'_, '_>) -> bool {
    let (x, y) = (&a.condition.operator, &b.condition.operator);
    if x.if_exists && y.if_exists {
        return false;
    }
    match (x.negated, y.negated) {
        (false, true) => a.values.is_subset(&b.values),
        (true, false) => b.values.is_subset(&a.values),
        (false, false) => {
            !matches!(x.base, Base::Ip | Base::DateEqual)
                && a.values.is_disjoint(&b.values)
                && a.values.iter().chain(&b.values).all(|value| find_hole(value, 0).is_none())
        }
        (true, true) => false,
    }
}
