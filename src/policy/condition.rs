//! Conditions: operator, key, values.

use std::borrow::Cow;

use serde::Deserialize;

use crate::text::Span;

/// One test: a key compared with values by an operator. All tests of a statement must hold.
#[derive(Debug, Clone)]
pub struct Condition<'s> {
    /// The operator.
    pub operator: Operator<'s>,
    /// The key, in one spelling where letter case does not tell keys apart.
    pub key: Cow<'s, str>,
    /// The key as written.
    pub key_text: Cow<'s, str>,
    /// The key's bytes, quotes included.
    pub key_span: Span,
    /// The values, of which one (or, for a negated operator, none) must fit.
    pub values: Vec<TestValue<'s>>,
}

/// How a key is compared.
#[derive(Debug, Clone)]
pub struct Operator<'s> {
    /// As written.
    pub text: Cow<'s, str>,
    /// Its bytes, quotes included.
    pub span: Span,
    /// What it compares.
    pub base: Base,
    /// Whether it holds when the comparison does not.
    pub negated: bool,
    /// Whether it holds when the request does not carry the key.
    pub if_exists: bool,
    /// How keys with several values are compared.
    pub quantifier: Quantifier,
}

/// What an operator compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Base {
    /// Text, letter for letter.
    StringEqual,
    /// Text, letters of either case.
    StringEqualIgnoreCase,
    /// Text with wildcards.
    StringLike,
    /// Numbers, equal.
    NumericEqual,
    /// Numbers, smaller (negated: greater or equal).
    NumericLess,
    /// Numbers, smaller or equal (negated: greater).
    NumericLessEqual,
    /// Instants, equal.
    DateEqual,
    /// Instants, earlier (negated: later or equal).
    DateLess,
    /// Instants, earlier or equal (negated: later).
    DateLessEqual,
    /// Truth.
    Bool,
    /// Addresses.
    Ip,
    /// Whether the key is absent.
    Null,
    /// It cannot be told.
    #[serde(skip)]
    Unknown,
}

impl Base {
    /// Whether values are text without wildcards.
    pub const fn is_equality_of_text(self) -> bool {
        matches!(self, Self::StringEqual | Self::StringEqualIgnoreCase)
    }

    /// Whether values are numbers.
    pub const fn is_numeric(self) -> bool {
        matches!(self, Self::NumericEqual | Self::NumericLess | Self::NumericLessEqual)
    }

    /// Whether values are instants.
    pub const fn is_date(self) -> bool {
        matches!(self, Self::DateEqual | Self::DateLess | Self::DateLessEqual)
    }
}

/// How keys with several values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Quantifier {
    /// The key has one value.
    #[default]
    One,
    /// Some value of the request fits.
    Any,
    /// Every value of the request fits.
    All,
}

/// What a request without the key does to a test that asks for other values (`not equal`, `not like`), and to one that every
/// value of the key has to pass; any other test that asks for values fails. A provider's rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AbsentKeys {
    /// It fails too; what it does to a test of every value is not told.
    FailNegated,
    /// It passes, and so does a test of every value, for there is none that fails it.
    PassNegated,
}

/// A value that a key is compared with.
#[derive(Debug, Clone)]
pub struct TestValue<'s> {
    /// Its text; a number or word as written.
    pub text: Cow<'s, str>,
    /// Its bytes, quotes included.
    pub span: Span,
    /// Whether it was written as a string.
    pub is_string: bool,
}

impl Condition<'_> {
    /// Whether two tests compare with the same values.
    pub fn same_values(&self, other: &Self) -> bool {
        let within = |a: &Self, b: &Self| a.values.iter().all(|value| b.values.iter().any(|v| v.text == value.text));
        within(self, other) && within(other, self)
    }
}
