//! One test of a form's field: `{"field": "value"}`, `["starts-with", "$field", "value"]` and the like.

use std::borrow::Cow;

use super::super::lowering::Lowering;
use super::{Grammar, LENGTH, LISTS};
use crate::catalog::nearest;
use crate::policy::{Base, Condition, Found, Operator, ProblemKind, Quantifier, TestValue};
use crate::syntax::{Kind, Value};
use crate::text::Span;

/// A test of one field.
#[derive(Debug)]
pub(super) struct Test<'t, 's> {
    /// The field, without the mark before it; `None` where it cannot be told.
    pub(super) field: Option<Cow<'s, str>>,
    pub(super) field_span: Span,
    /// As written; `eq` where a member of an object says it.
    pub(super) operator: Cow<'s, str>,
    pub(super) operator_span: Span,
    pub(super) how: How,
    /// What the field is compared with, and its bytes, quotes included.
    pub(super) values: Vec<(Span, Cow<'s, str>)>,
    /// The string of the first value.
    pub(super) value: Option<Value<'t, 's>>,
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// Letter for letter.
    Equal,
    /// It begins so.
    Begins,
    /// It is one of several.
    Among,
    /// It is none of several.
    NotAmong,
    /// It cannot be told.
    Unreadable,
}

impl Test<'_, '_> {
    /// Whether it is a test of this field.
    pub(super) fn is_of(&self, field: &str) -> bool {
        self.field.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(field))
    }
}

/// The operators and how they compare.
const OPERATORS: [(&str, How); 4] =
    [("eq", How::Equal), ("starts-with", How::Begins), (LISTS[0], How::Among), (LISTS[1], How::NotAmong)];

const SHAPE: &str = "an object of a field and its value, or a list of an operator, a field and a value";
const THREE: &str = "an operator with a field and a value";
const RANGE: &str = "`content-length-range` with two whole numbers";

/// Read the list of tests; those of the upload's length are conditions at once.
pub(super) fn read<'t, 's>(
    cx: &mut Lowering<'_, 's>,
    grammar: &Grammar,
    list: Value<'t, 's>,
    tests: &mut Vec<Test<'t, 's>>,
    lengths: &mut Vec<Condition<'s>>,
) {
    if list.kind() != Kind::Array {
        cx.wrong_type("conditions", list, "a list of conditions");
        tests.push(unreadable(cx, list));
        return;
    }
    for value in list.elements() {
        match value.kind() {
            Kind::Object => members(cx, value, tests),
            Kind::Array => test(cx, grammar, value, tests, lengths),
            Kind::Missing => {}
            _ => {
                cx.wrong_type("condition", value, SHAPE);
                tests.push(unreadable(cx, value));
            }
        }
    }
}

/// A test of which nothing is known, not even the field; a problem says why.
fn unreadable<'t, 's>(cx: &Lowering<'_, 's>, value: Value<'t, 's>) -> Test<'t, 's> {
    let span = cx.span(value);
    Test {
        field: None,
        field_span: span,
        operator: Cow::Borrowed(""),
        operator_span: span,
        how: How::Unreadable,
        values: Vec::new(),
        value: None,
    }
}

/// Exact matches: `{"bucket": "examplebucket"}`.
fn members<'t, 's>(cx: &mut Lowering<'_, 's>, object: Value<'t, 's>, tests: &mut Vec<Test<'t, 's>>) {
    let mut is_empty = true;
    for member in object.members() {
        is_empty = false;
        let span = cx.span(member.key);
        let mut test = Test {
            field: Some(member.name()),
            field_span: span,
            operator: Cow::Borrowed("eq"),
            operator_span: span,
            how: How::Equal,
            values: Vec::new(),
            value: None,
        };
        one_value(cx, &mut test, member.value);
        tests.push(test);
    }
    if is_empty {
        let span = cx.span(object);
        let kind = ProblemKind::WrongType { element: "condition".into(), found: Found::Object, expected: SHAPE };
        cx.problem(span, kind);
        tests.push(unreadable(cx, object));
    }
}

/// The value of a test that has one.
fn one_value<'t, 's>(cx: &mut Lowering<'_, 's>, test: &mut Test<'t, 's>, value: Value<'t, 's>) {
    if let Some(text) = value.string() {
        test.values.push((cx.span(value), text));
        test.value = Some(value);
    } else {
        test.how = How::Unreadable;
        let name = test.field.clone().unwrap_or_default();
        cx.wrong_type(name, value, "a string");
    }
}

/// `["starts-with", "$key", "user/alice/"]`.
fn test<'t, 's>(
    cx: &mut Lowering<'_, 's>,
    grammar: &Grammar,
    list: Value<'t, 's>,
    tests: &mut Vec<Test<'t, 's>>,
    lengths: &mut Vec<Condition<'s>>,
) {
    let parts: Vec<Value<'t, 's>> = list.elements().take(4).collect();
    let span = cx.span(list);
    let wrong = |cx: &mut Lowering<'_, 's>, expected| {
        cx.problem(span, ProblemKind::WrongType { element: "condition".into(), found: Found::List, expected });
    };
    let Some((first, operator)) = parts.first().and_then(|first| Some((*first, first.string()?))) else {
        wrong(cx, THREE);
        tests.push(unreadable(cx, list));
        return;
    };
    let operator_span = cx.span(first);
    if operator == LENGTH {
        match parts.as_slice() {
            [_, least, most] => length(cx, operator_span, [*least, *most], lengths),
            _ => wrong(cx, RANGE),
        }
        return;
    }
    let known = OPERATORS.iter().filter(|(name, _)| grammar.has_lists || !LISTS.contains(name));
    let how = known.clone().find(|(name, _)| *name == operator).map(|(_, how)| *how);
    if how.is_none() {
        let names = || known.clone().map(|(name, _)| *name).chain(Some(LENGTH));
        let folded = names().find(|name| name.eq_ignore_ascii_case(&operator));
        // Two letters are as near to `eq` as to anything.
        let near = || nearest(&operator, names(), 2).filter(|_| operator.len() > 3);
        let suggestion = folded.or_else(near).map(Cow::Borrowed);
        cx.problem(operator_span, ProblemKind::UnknownOperator { operator: operator.clone(), suggestion });
    }
    let field = parts.get(1).and_then(|field| Some((*field, field.string()?)));
    let Some((place, name)) = field else {
        if how.is_some() {
            wrong(cx, THREE);
        }
        tests.push(unreadable(cx, list));
        return;
    };
    let field_span = cx.span(place);
    let name = unmarked(cx, name, field_span);
    let mut test = Test {
        field: Some(name),
        field_span,
        operator,
        operator_span,
        how: how.unwrap_or(How::Unreadable),
        values: Vec::new(),
        value: None,
    };
    match (how, parts.as_slice()) {
        // What the operator makes of them is not known.
        (None, [_, _, rest @ ..]) => {
            let texts =
                rest.iter().map(|value| (cx.span(*value), value.string().unwrap_or(Cow::Borrowed(value.raw()))));
            test.values.extend(texts);
        }
        (None, _) => {}
        (Some(How::Equal | How::Begins), [_, _, value]) => one_value(cx, &mut test, *value),
        (Some(_), [_, _, values]) => {
            let element = if test.how == How::Among { LISTS[0] } else { LISTS[1] };
            let found = &mut test.values;
            let is_read = values.kind() == Kind::Array
                && cx.strings(element, *values, |cx, value, text| found.push((cx.span(value), text)));
            if values.kind() != Kind::Array {
                cx.wrong_type(element, *values, "a list of strings");
            }
            if !is_read {
                test.how = How::Unreadable;
            }
        }
        (Some(_), _) => {
            test.how = How::Unreadable;
            wrong(cx, THREE);
        }
    }
    tests.push(test);
}

/// The name of a field, which has a `$` before it.
fn unmarked<'s>(cx: &mut Lowering<'_, 's>, name: Cow<'s, str>, span: Span) -> Cow<'s, str> {
    if !name.starts_with('$') {
        let advice = Some("write a `$` before the name of the field");
        cx.problem(span, ProblemKind::UnknownElement { name: name.clone(), suggestion: None, advice });
        return name;
    }
    match name {
        Cow::Borrowed(name) => Cow::Borrowed(name.get(1..).unwrap_or_default()),
        Cow::Owned(name) => Cow::Owned(name.get(1..).unwrap_or_default().to_owned()),
    }
}

/// The bounds of the upload's length, both of them allowed; a smallest one of 0 asks nothing.
fn length<'s>(
    cx: &mut Lowering<'_, 's>,
    operator_span: Span,
    bounds: [Value<'_, 's>; 2],
    lengths: &mut Vec<Condition<'s>>,
) {
    for (value, (base, negated)) in bounds.into_iter().zip([(Base::NumericLess, true), (Base::NumericLessEqual, false)])
    {
        let span = cx.span(value);
        let text = value.string().unwrap_or(Cow::Borrowed(value.raw()));
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            if value.kind() == Kind::Number {
                let expected = "a whole number that is not negative";
                cx.problem(span, ProblemKind::WrongType { element: LENGTH.into(), found: Found::Number, expected });
            } else {
                cx.wrong_type(LENGTH, value, "a whole number");
            }
            continue;
        }
        if base == Base::NumericLess && text.bytes().all(|byte| byte == b'0') {
            continue;
        }
        lengths.push(Condition {
            operator: Operator {
                text: Cow::Borrowed(LENGTH),
                span: operator_span,
                base,
                negated,
                if_exists: false,
                quantifier: Quantifier::One,
            },
            key: Cow::Borrowed(LENGTH),
            key_text: Cow::Borrowed(LENGTH),
            key_span: span,
            values: vec![TestValue { text, span, is_string: false }],
        });
    }
}
