//! POST policies: the documents that upload forms carry, signed.
//!
//! A browser uploads an object with an HTML form; the policy in it says until when (`expiration`) and what the other
//! fields of the form may hold (`conditions`). The providers took the document over from each other:
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html>,
//! <https://www.alibabacloud.com/help/doc-detail/31988.htm>,
//! <https://www.tencentcloud.com/document/product/436/14690>. What they have apart is in a [`Grammar`].
//!
//! It is lowered to one statement, which allows the upload: what is asked of the fields `bucket` and `key` is its resource
//! (`test`, `reach`), what is asked of the others its conditions. Every part keeps the bytes that it came from.

mod instant;
mod reach;
mod test;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use self::instant::seconds;
use self::reach::{Reach, resources};
use self::test::{How, Test};
use super::grammar::{ElementKind, Named};
use super::lowering::Lowering;
use super::{Candidate, Dialect};
use crate::catalog::{About, Word, vocabulary};
use crate::policy::{
    Action, ActionKind, Anchor, Base, Condition, Element, KindHint, Operator, Pattern, Policy, PostPolicy, ProblemKind,
    Quantifier, Request, Statement, TestValue, find_hole,
};
use crate::syntax::{Kind, Member, Value};
use crate::text::Span;

/// What a provider's forms have that those of others have not.
#[derive(Debug)]
pub(super) struct Grammar {
    /// The action that a form asks for.
    pub(super) action: &'static str,
    /// A test may name several values, with `in` and `not-in`.
    pub(super) has_lists: bool,
    /// The service fills in the name of the client's file before it looks at the policy, so that it is none there.
    pub(super) fills_first: bool,
    /// A form may carry fields that the policy does not name.
    pub(super) takes_any_field: bool,
    /// The field that tells when the form was signed, and for how many seconds it is good from then on.
    pub(super) longest: Option<(&'static str, f64)>,
    /// The region and the account of a resource in this bucket, or in any one where it is empty.
    pub(super) place: fn(&str) -> [Cow<'static, str>; 2],
}

const ELEMENTS: [Named; 2] = [("expiration", ElementKind::Expiration), ("conditions", ElementKind::Fields)];

const INSTANT: &str = "an instant such as `2026-12-01T12:00:00.000Z`";

/// The test of an upload's length.
const LENGTH: &str = "content-length-range";

/// Operators that name several values, which only some forms have.
const LISTS: [&str; 2] = ["in", "not-in"];

/// Whether a value is one of the tests that only such policies have: a list of an operator, a field with its mark and a
/// value, or of the range and its bounds.
pub(super) fn is_test(value: Value<'_, '_>) -> bool {
    let mut parts = value.elements();
    let Some(operator) = parts.next().and_then(Value::string) else { return false };
    operator.eq_ignore_ascii_case(LENGTH)
        || parts.next().and_then(Value::string).is_some_and(|field| {
            field.starts_with('$') || ["eq", "starts-with"].iter().any(|known| operator.eq_ignore_ascii_case(known))
        })
}

/// The fields and operators of the tests of a policy, in order of place.
pub(super) fn words(value: Value<'_, '_>, see: &mut dyn FnMut(&str, bool) -> bool) -> bool {
    let conditions = value.members().filter(|member| member.name().eq_ignore_ascii_case("conditions"));
    conditions.flat_map(|member| member.value.elements()).all(|test| {
        let mut parts = test.elements();
        let operator = parts.next().and_then(Value::string);
        let field = parts.next().and_then(Value::string);
        test.members().all(|member| see(&member.name(), true))
            && operator.is_none_or(|operator| see(&operator, false))
            && field.is_none_or(|field| see(field.trim_start_matches('$'), true))
    })
}

/// Lower a policy of this form.
pub(super) fn policy<'s>(
    cx: &mut Lowering<'_, 's>,
    dialect: &dyn Dialect,
    grammar: &Grammar,
    candidate: &Candidate<'_, 's>,
) -> Policy<'s> {
    let value = candidate.value;
    let span = cx.span(value);
    let (mut expiration, mut conditions) = (None, None);
    let mut tests: Vec<Test<'_, 's>> = Vec::new();
    let mut lengths = Vec::new();
    for member in value.members().filter(|member| member.key.kind() == Kind::String) {
        match element(cx, member) {
            Some(ElementKind::Expiration) => expiration = Some(member.value),
            Some(_) => {
                conditions = Some((cx.span(member.key), cx.fragment.locate(member.local()), cx.span(member.value)));
                test::read(cx, grammar, member.value, &mut tests, &mut lengths);
            }
            None => {}
        }
    }
    let (opening, statements_span, list) = conditions.unwrap_or((span, span, span));
    for (is_there, element) in [(expiration.is_some(), "expiration"), (conditions.is_some(), "conditions")] {
        if !is_there {
            cx.problem(span, ProblemKind::MissingElement { element, is_empty: false });
        }
    }
    check_fields(cx, dialect, &tests);
    let request = expiration.and_then(|value| lasting(cx, grammar, value, &tests));
    let expiration = expiration.and_then(|value| Some((value, value.string()?)));
    let expiration = expiration.map(|(value, text)| TestValue { text, span: cx.span(value), is_string: true });

    let mut kept: Vec<Condition<'s>> = lengths;
    let bucket = Reach::of(cx, grammar, "bucket", &tests, &mut kept);
    let key = Reach::of(cx, grammar, "key", &tests, &mut kept);
    for test in tests.iter().filter(|test| !test.is_of("bucket") && !test.is_of("key")) {
        let about = test.field.as_deref().and_then(|name| dialect.catalog().form_field(name)).map(|field| field.about);
        // Who signs the form limits no upload.
        if about.is_none_or(|about| about != About::Signature) {
            kept.extend(condition(cx, dialect, test));
        }
    }
    kept.sort_by_key(|condition| condition.key_span);
    if !grammar.takes_any_field {
        for (reach, element) in [(&bucket, "bucket"), (&key, "$key")] {
            if reach.is_untested() {
                cx.problem(list, ProblemKind::MissingElement { element, is_empty: false });
            }
        }
    }
    let name = grammar.action;
    let action = Action {
        span: opening,
        text: Cow::Owned(dialect.spell_action(name)),
        name_span: opening,
        kind: ActionKind::Own(Pattern::new(name, false, dialect.action_case(), Anchor::loose(opening))),
        fault: None,
    };
    let resources = resources(cx, dialect, grammar, &bucket, &key, opening);
    let statement = Statement {
        actions: Element { patterns: vec![action], is_missing: false, ..Element::missing(opening) },
        resources: Element { patterns: resources, is_missing: false, ..Element::missing(statements_span) },
        conditions: kept,
        ..Statement::bare(0, span, value.index())
    };
    let post = Some(PostPolicy { takes_any_field: grammar.takes_any_field, expiration });
    Policy { hint: KindHint::Session, request, post, ..cx.policy(value, vec![statement], statements_span) }
}

/// The element that a key names; a problem where it is misspelled or none.
fn element<'s>(cx: &mut Lowering<'_, 's>, member: Member<'_, 's>) -> Option<ElementKind> {
    let name = member.name();
    let found = cx.word(&ELEMENTS, member.key, &name, false);
    if found.is_none() {
        cx.unknown_element(member.key, name, &ELEMENTS, None);
    }
    found.map(|(_, kind)| kind)
}

/// Note fields that only another provider's forms have.
fn check_fields(cx: &mut Lowering<'_, '_>, dialect: &dyn Dialect, tests: &[Test<'_, '_>]) {
    for test in tests {
        let field = test.field.as_deref();
        if let Some(vendor) = field.and_then(|field| vocabulary().foreign(dialect.name(), Word::FormField(field))) {
            let instead = format!("a field that the forms of {} have", dialect.words().service).into();
            cx.problem(test.field_span, ProblemKind::ForeignWord { vendor, instead });
        }
    }
}

/// How long the form is good, as far as it tells when it was signed; a problem where it does not tell until when.
fn lasting(
    cx: &mut Lowering<'_, '_>,
    grammar: &Grammar,
    expiration: Value<'_, '_>,
    tests: &[Test<'_, '_>],
) -> Option<Request> {
    let text = expiration.string();
    if text.as_ref().is_some_and(|text| find_hole(text, 0).is_some()) {
        return None;
    }
    let Some(end) = text.as_deref().and_then(seconds) else {
        cx.wrong_type("expiration", expiration, INSTANT);
        return None;
    };
    let (field, longest) = grammar.longest?;
    let signed = tests.iter().find(|test| test.is_of(field) && test.how == How::Equal)?;
    let start = signed.values.first().and_then(|(_, text)| seconds(text))?;
    let span = cx.span(expiration);
    let exactly = |number: i64| i32::try_from(number).ok().map(f64::from);
    let lasts = exactly((end - start).div_euclid(3600))? * 3600.0 + exactly((end - start).rem_euclid(3600))?;
    Some(Request { duration: Some((lasts, span)), longest, call: "the service" })
}

/// A test as a condition; `None` where it asks nothing.
fn condition<'s>(cx: &mut Lowering<'_, 's>, dialect: &dyn Dialect, test: &Test<'_, 's>) -> Option<Condition<'s>> {
    let name = test.field.clone()?;
    let key = match dialect.catalog().form_field(&name) {
        Some(field) => Cow::Owned(field.name.clone()),
        None => name,
    };
    let lists = dialect.catalog().form_field(&key).is_some_and(|field| field.lists);
    // What a list begins with that is itself one is not said.
    let is_open = lists && test.how == How::Begins && test.values.iter().any(|(_, text)| text.contains(','));
    let condition = Condition { key, ..if is_open { test.opaque() } else { test.condition() } };
    if test.how == How::Begins {
        test.note_wildcards(cx);
    }
    Some(condition)
}

impl<'s> Test<'_, 's> {
    /// The same test of its field, in the neutral form.
    fn condition(&self) -> Condition<'s> {
        let is_plain = |text: &str| !text.contains(['*', '?']);
        let (base, negated) = match self.how {
            How::Equal | How::Among => (Base::StringEqual, false),
            How::NotAmong => (Base::StringEqual, true),
            How::Begins if self.values.iter().all(|(_, text)| is_plain(text)) => (Base::StringLike, false),
            // Where a wildcard means itself no operator says so.
            How::Begins | How::Unreadable => (Base::Unknown, false),
        };
        self.compared(base, negated)
    }

    /// The same test, of which nothing is known.
    fn opaque(&self) -> Condition<'s> {
        self.compared(Base::Unknown, false)
    }

    fn compared(&self, base: Base, negated: bool) -> Condition<'s> {
        let (text, span) = (self.operator.clone(), self.operator_span);
        let values = self.values.iter().map(|(span, text)| {
            let text = if base == Base::StringLike { Cow::Owned(format!("{text}*")) } else { text.clone() };
            TestValue { text, span: *span, is_string: true }
        });
        Condition {
            operator: Operator { text, span, base, negated, if_exists: false, quantifier: Quantifier::One },
            key: self.field.clone().unwrap_or_default(),
            key_text: self.field.clone().unwrap_or_default(),
            key_span: self.field_span,
            values: values.collect(),
        }
    }

    /// Note values in which `*` means itself, and was hardly meant so.
    fn note_wildcards(&self, cx: &mut Lowering<'_, 's>) {
        for (span, _) in self.values.iter().filter(|(_, text)| text.contains('*') && !text.contains("**")) {
            let (operator, at) = (self.operator.clone(), self.operator_span);
            cx.problem(*span, ProblemKind::LiteralWildcard { operator, at });
        }
    }
}

/// The bytes of a string without its quotes.
fn content(cx: &Lowering<'_, '_>, value: Value<'_, '_>) -> Anchor {
    match cx.anchor(value) {
        anchor if anchor.exact.is_some() => anchor,
        _ => Anchor::loose(cx.span(value)),
    }
}

/// The opening of a policy's conditions, for what is said of all of them.
type Opening = Span;
