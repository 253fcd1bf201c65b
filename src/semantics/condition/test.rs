//! What one condition asks of its key.
//!
//! A test is a set of values, whether its complement is meant, and whether an absent key passes. Whatever is not modelled
//! is opaque: a set of which nothing is known but that equal descriptions are equal sets.

use super::ranges::{Point, Range, Ranges};
use super::text::{Manner, Texts, holes};
use super::{Usage, address, instant, number};
use crate::policy::{AbsentKeys, Base, Condition, Quantifier};

/// A kind of values. Keys have values of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    Text,
    Number,
    Instant,
    Address,
    Truth,
}

/// False and true as points.
const TRUTH: Range = (0, 1);

impl Kind {
    /// All values of a kind that stands on the line.
    pub(super) const fn all(self) -> Range {
        match self {
            Self::Number => number::ALL,
            Self::Instant => instant::ALL,
            Self::Address | Self::Text => address::ALL,
            Self::Truth => TRUTH,
        }
    }

    /// The point of a value of a kind that stands on the line.
    pub(super) fn point(self, text: &str) -> Option<Point> {
        match self {
            Self::Number => number::parse(text),
            Self::Instant => instant::parse(text),
            Self::Address => address::parse(text),
            Self::Truth => match text {
                "false" => Some(TRUTH.0),
                "true" => Some(TRUTH.1),
                _ => None,
            },
            Self::Text => None,
        }
    }

    /// A value in these ranges, the one that reads best.
    pub(super) fn example(self, ranges: &[Range]) -> String {
        let spell = match self {
            Self::Address | Self::Text => return address::example(ranges),
            Self::Number => number::example,
            Self::Instant => instant::example,
            Self::Truth => |(start, _): Range| (start == TRUTH.1).to_string(),
        };
        let readability = |text: &String| (text.starts_with('-'), text.len(), text.clone());
        ranges.iter().map(|range| spell(*range)).min_by_key(readability).unwrap_or_default()
    }
}

/// A set of values, negation left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// Every value.
    Present,
    /// These texts.
    Texts(Texts),
    /// These points of a kind that stands on the line.
    Points(Kind, Ranges),
    /// It is not known which.
    Opaque(Opaque),
}

impl Form {
    pub(super) const fn kind(&self) -> Option<Kind> {
        match self {
            Self::Present | Self::Opaque(_) => None,
            Self::Texts(_) => Some(Kind::Text),
            Self::Points(kind, _) => Some(*kind),
        }
    }
}

/// All that is known of a set of values that is not modelled. Equal ones are equal sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Opaque {
    base: Base,
    /// What else tells operators apart, as far as it is not said elsewhere in the test.
    operator: Option<(bool, bool, Quantifier, String)>,
    /// In order, each once.
    values: Vec<String>,
    /// Told apart by this number where a hole of a value has no name.
    occurrence: Option<u32>,
}

/// What one condition asks of its key.
#[derive(Debug, Clone)]
pub(super) struct Test {
    pub(super) form: Form,
    /// Whether the values outside of the form pass.
    pub(super) negated: bool,
    /// Whether an absent key passes. `None` for a test of which not even that is known; then its form tells.
    pub(super) absent: Option<bool>,
    /// As the first condition that was read so has them.
    pub(super) operator: String,
    pub(super) values: Vec<String>,
}

/// Tests are equal when they ask the same, however it is written.
impl PartialEq for Test {
    fn eq(&self, other: &Self) -> bool {
        self.negated == other.negated && self.absent == other.absent && self.form == other.form
    }
}

impl Eq for Test {}

/// A comparison of order is true of values on one side; its negation in the policy's form means those on the other side, and
/// is no negated operator: several values are alternatives, and an absent key fails it.
const fn is_order(base: Base) -> bool {
    matches!(base, Base::NumericLess | Base::NumericLessEqual | Base::DateLess | Base::DateLessEqual)
}

impl Test {
    /// That the key be absent.
    pub(super) fn absence() -> Self {
        let (operator, values) = ("Null".to_owned(), vec!["true".to_owned()]);
        Self { form: Form::Present, negated: true, absent: Some(true), operator, values }
    }

    /// Read a condition; `None` if it asks nothing. `occurrence` counts holes without a name.
    pub(super) fn read(condition: &Condition<'_>, usage: Usage, occurrence: &mut u32) -> Option<Self> {
        let operator = &condition.operator;
        let negated = operator.negated && !is_order(operator.base);
        let absent = holds_without(condition, usage.absent_keys);
        let of_form = |form: Form, negated: bool, absent: Option<bool>| Self {
            form,
            negated,
            absent,
            operator: operator.text.clone().into_owned(),
            values: condition.values.iter().map(|value| value.text.clone().into_owned()).collect(),
        };
        let unknown = |occurrence: &mut u32| {
            let quantified = (operator.negated, operator.if_exists, operator.quantifier, unknown_name(condition));
            Some(of_form(Form::Opaque(opaque(condition, Some(quantified), occurrence)), false, absent))
        };
        if operator.quantifier != Quantifier::One || operator.base == Base::Unknown || condition.values.is_empty() {
            return unknown(occurrence);
        }
        if operator.base == Base::Null {
            let (wants_absent, wants_present) = (has(condition, "true"), has(condition, "false"));
            return match (wants_absent, wants_present) {
                _ if absent.is_none() => unknown(occurrence),
                (true, true) => None,
                (wants_absent, _) => Some(of_form(Form::Present, wants_absent, absent)),
            };
        }
        let form = texts(condition, usage, occurrence).or_else(|| points(condition)).unwrap_or_else(|| {
            let side = is_order(operator.base).then(|| (operator.negated, false, Quantifier::One, String::new()));
            Form::Opaque(opaque(condition, side, occurrence))
        });
        Some(of_form(form, negated, absent))
    }
}

/// Whether a condition holds in a request that does not carry its key; `None` where nothing tells. O(values).
pub fn holds_without(condition: &Condition<'_>, absent_keys: AbsentKeys) -> Option<bool> {
    let operator = &condition.operator;
    let passes_negated = absent_keys == AbsentKeys::PassNegated;
    let is_plain = || condition.values.iter().all(|value| matches!(&*value.text, "true" | "false"));
    match (operator.base, operator.quantifier) {
        (Base::Unknown, _) => None,
        _ if condition.values.is_empty() => None,
        (Base::Null, Quantifier::One) if operator.negated || operator.if_exists || !is_plain() => None,
        (Base::Null, Quantifier::One) => Some(has(condition, "true")),
        (Base::Null, _) | (_, Quantifier::Any) => None,
        // There is no value that fails it.
        (_, Quantifier::All) => passes_negated.then_some(true),
        (base, Quantifier::One) => Some(operator.if_exists || (operator.negated && !is_order(base) && passes_negated)),
    }
}

fn has(condition: &Condition<'_>, text: &str) -> bool {
    condition.values.iter().any(|value| value.text == text)
}

/// The name of an operator of which nothing else is known.
fn unknown_name(condition: &Condition<'_>) -> String {
    if condition.operator.base == Base::Unknown { condition.operator.text.clone().into_owned() } else { String::new() }
}

fn opaque(
    condition: &Condition<'_>,
    operator: Option<(bool, bool, Quantifier, String)>,
    occurrence: &mut u32,
) -> Opaque {
    let mut values: Vec<String> = condition.values.iter().map(|value| value.text.clone().into_owned()).collect();
    values.sort_unstable();
    values.dedup();
    let has_nameless = values.iter().any(|value| holes(value) == Some(false));
    *occurrence += u32::from(has_nameless);
    Opaque { base: condition.operator.base, operator, values, occurrence: has_nameless.then_some(*occurrence) }
}

/// The texts that a condition names, if it compares texts and all of them are understood.
fn texts(condition: &Condition<'_>, usage: Usage, occurrence: &mut u32) -> Option<Form> {
    let manner = match condition.operator.base {
        Base::StringEqual => Manner::Exact,
        Base::StringEqualIgnoreCase => Manner::Folded,
        Base::StringLike => Manner::Like { any_one: usage.any_one },
        _ => return None,
    };
    let mut texts = Texts::default();
    condition.values.iter().try_for_each(|value| texts.add(&value.text, manner, occurrence))?;
    Some(Form::Texts(texts))
}

/// The points that a condition names, if it compares values that stand on the line and all of them are understood.
fn points(condition: &Condition<'_>) -> Option<Form> {
    let operator = &condition.operator;
    let kind = match operator.base {
        base if base.is_numeric() => Kind::Number,
        base if base.is_date() => Kind::Instant,
        Base::Ip => Kind::Address,
        Base::Bool => Kind::Truth,
        _ => return None,
    };
    let all = kind.all();
    let mut ranges = Vec::new();
    for value in &condition.values {
        if kind == Kind::Address {
            ranges.extend(address::parse_range(&value.text)?);
            continue;
        }
        // Room on both sides of every value: a point behind it exists.
        let point = kind.point(&value.text)?;
        ranges.push(match (operator.base, operator.negated) {
            (Base::NumericLess | Base::DateLess, false) => (all.0, point - 1),
            (Base::NumericLess | Base::DateLess, true) => (point, all.1),
            (Base::NumericLessEqual | Base::DateLessEqual, false) => (all.0, point),
            (Base::NumericLessEqual | Base::DateLessEqual, true) => (point + 1, all.1),
            _ => (point, point),
        });
    }
    Some(Form::Points(kind, Ranges::new(ranges)))
}
