//! Conditions of every dialect: operator, then key, then a value or a list. The operators are data of the vendor's words.

use std::borrow::Cow;

use super::lowering::Lowering;
use super::{Dialect, named};
use crate::catalog::{Catalog, Compares, Role, VendorWords, Word, vocabulary};
use crate::policy::{Base, Condition, Operator, ProblemKind, TestValue, find_hole};
use crate::syntax::{Kind, Value};
use crate::text::Span;

/// How a dialect's conditions are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader {
    /// The element in which they stand.
    pub(super) element: &'static str,
    /// The vendor's words.
    pub(super) words: &'static VendorWords,
    /// The catalogue whose spelling keys get, where their letter case does not matter.
    pub(super) folded: Option<&'static Catalog>,
    /// Notes what stands in a value and is not filled in.
    pub(super) unexpanded: Option<Unexpanded>,
}

/// Notes variables in a text that nobody fills in; tells whether there is one.
pub(super) type Unexpanded = fn(&mut Lowering<'_, '_>, Value<'_, '_>, &str) -> bool;

impl Reader {
    /// Lower a condition element.
    pub(super) fn read<'s>(self, cx: &mut Lowering<'_, 's>, value: Value<'_, 's>, out: &mut Vec<Condition<'s>>) {
        if value.kind() != Kind::Object {
            cx.wrong_type(self.element, value, "an object of operators, each an object of keys");
            return;
        }
        if cx.is_filled_in(value) {
            return;
        }
        if out.is_empty() {
            out.reserve_exact(value.members().map(|block| block.value.members().count()).sum());
        }
        for block in value.members() {
            if cx.is_filled_in(block.value) {
                continue;
            }
            let (operator, compares) = self.operator(cx, block.key);
            if block.value.kind() != Kind::Object {
                cx.wrong_type(operator.text, block.value, "an object of condition keys");
                continue;
            }
            for test in block.value.members() {
                let key_text = test.name();
                self.foreign_key(cx, test.key, &key_text);
                let elements = test.value.elements();
                let is_list = test.value.kind() == Kind::Array;
                let mut values = Vec::with_capacity(if is_list { elements.clone().count() } else { 1 });
                for value in elements.chain((!is_list).then_some(test.value)) {
                    match value.kind() {
                        Kind::Object | Kind::Array | Kind::Null => {
                            cx.wrong_type(key_text.clone(), value, "a string, a number or a list of them");
                        }
                        Kind::Missing => {}
                        kind => {
                            let text = value.string().unwrap_or(Cow::Borrowed(value.raw()));
                            let span = cx.span(value);
                            escapes(cx, &text, span);
                            if let Some(unexpanded) = self.unexpanded {
                                unexpanded(cx, value, &text);
                            }
                            values.push(TestValue { text, span, is_string: kind == Kind::String });
                        }
                    }
                }
                let mut operator = operator.clone();
                if let Some(compares @ Compares::Arn) = compares {
                    operator.base = compares.base(!values.iter().any(|value| value.text.contains(['*', '?'])));
                }
                let key = self.key(key_text.clone());
                out.push(Condition { operator, key, key_text, key_span: cx.span(test.key), values });
            }
        }
    }

    /// A key in the catalogue's spelling, where letter case does not matter.
    fn key(self, name: Cow<'_, str>) -> Cow<'_, str> {
        let Some(catalog) = self.folded else { return name };
        if catalog.key(&name).is_some() || find_hole(&name, 0).is_some() {
            return name;
        }
        if let Some(known) = catalog.key_folded(&name) {
            return Cow::Owned(known.spelled(&name));
        }
        let (head, tail) = name.split_at(name.find('/').unwrap_or(name.len()));
        Cow::Owned([&head.to_ascii_lowercase(), tail].concat())
    }

    /// Note a key that only another vendor's policies have. What belongs in its place plays the same role.
    fn foreign_key(self, cx: &mut Lowering<'_, '_>, key: Value<'_, '_>, name: &str) {
        let own = named(self.words.dialect()).map(Dialect::catalog);
        if own.is_some_and(|catalog| catalog.key(name).is_some()) {
            return;
        }
        let place = vocabulary().place_of(Word::ConditionKey(name));
        let Some(theirs) = place.and_then(|place| vocabulary().vendors().get(place)) else { return };
        if theirs.dialect() == self.words.dialect() {
            return;
        }
        let other = named(theirs.dialect()).map(Dialect::catalog);
        let role = other.and_then(|catalog| catalog.role_of(name).or_else(|| catalog.key_folded(name)?.role));
        // Who asks, and with which tags, is told in as many ways as there are providers.
        let role = role.filter(|role| !matches!(role, Role::Caller | Role::Tag));
        let same = own.zip(role).and_then(|(catalog, role)| catalog.key_of_role(role));
        let instead = match same {
            Some(key) => Cow::Owned(format!("`{}`", key.name)),
            None => Cow::Borrowed(self.words.instead().condition_key.as_str()),
        };
        let span = cx.span(key);
        cx.problem(span, ProblemKind::ForeignWord { vendor: theirs.vendor(), instead });
    }

    /// The operator that a key names, and what the vendor whose word it is compares with it.
    fn operator<'s>(self, cx: &mut Lowering<'_, 's>, key: Value<'_, 's>) -> (Operator<'s>, Option<Compares>) {
        let text = key.string().unwrap_or(Cow::Borrowed(key.raw()));
        let span = cx.span(key);
        let own = self.words.operators();
        let mut reading = own.read(&text);
        if reading.operator.is_none() {
            if let Some((vendor, theirs)) = vocabulary().foreign_operator(self.words.dialect(), &text) {
                let word = theirs.operator.and_then(|word| own.named(word.compares, word.negated));
                let spelt = word.map(|name| own.spell(name, theirs.quantifier, theirs.if_exists));
                let kind = if own.took_over_from() == Some(vendor.dialect()) {
                    // Not every name was taken over, and little of what stands before and behind.
                    ProblemKind::UnknownOperator { operator: text.clone(), suggestion: spelt.map(Cow::Owned) }
                } else {
                    let other = || Cow::Borrowed(self.words.instead().operator.as_str());
                    let instead = spelt.map_or_else(other, |spelt| Cow::Owned(format!("`{spelt}`")));
                    ProblemKind::ForeignWord { vendor: vendor.vendor(), instead }
                };
                cx.problem(span, kind);
                reading = theirs;
            } else if find_hole(&text, 0).is_none() {
                let suggestion = own.near(&text).map(Cow::Owned);
                cx.problem(span, ProblemKind::UnknownOperator { operator: text.clone(), suggestion });
            }
        }
        let (quantifier, if_exists) = (reading.quantifier, reading.if_exists);
        let compares = reading.operator.map(|word| word.compares);
        let base = compares.map_or(Base::Unknown, |compares| compares.base(false));
        let negated = reading.operator.is_some_and(|word| word.negated);
        (Operator { text, span, base, negated, if_exists, quantifier }, compares)
    }
}

/// Note marks that stand for a character which would be a wildcard, nothing here tells the two apart; and what the provider
/// may read as a variable while nothing here tells which.
pub(super) fn escapes(cx: &mut Lowering<'_, '_>, text: &str, span: Span) {
    if !cx.has_variables {
        return;
    }
    if ["${*}", "${?}", "${$}"].iter().any(|mark| text.contains(mark)) {
        cx.unjudged.push((span, "a wildcard that is written as `${...}` to mean itself was not judged".to_owned()));
        return;
    }
    let is_clear = |at: usize| match find_hole(text, at) {
        Some((hole, _)) => hole.start == at && !text.get(hole).is_some_and(|mark| mark.contains(['*', '?'])),
        None => false,
    };
    if text.match_indices("${").any(|(at, _)| !is_clear(at)) {
        cx.unjudged.push((
            span,
            "it holds a `${...}` of which nothing tells what it stands for; it was not judged".to_owned(),
        ));
    }
}

/// An operator that compares as `base` does and is otherwise like another one, as a vendor's documents write it.
pub(super) fn spell(words: &VendorWords, operator: &Operator<'_>, base: Base) -> String {
    let own = words.operators();
    own.spell(own.named_for(base, operator.negated).unwrap_or_default(), operator.quantifier, operator.if_exists)
}
