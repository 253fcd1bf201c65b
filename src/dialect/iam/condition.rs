//! Conditions: operator, then key, then a value or a list.
//!
//! Operators: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html> and
//! <https://www.alibabacloud.com/help/en/ram/conditional-operator>. Only IAM has `IfExists`, the quantifiers
//! `ForAnyValue:` and `ForAllValues:`, `Null`, and operators on ARNs and bytes.

use std::borrow::Cow;

use super::super::cos::words::foreign_operator;
use super::super::lowering::Lowering;
use super::{Grammar, TENCENT};
use crate::catalog::nearest;
use crate::policy::{Base, Condition, Operator, ProblemKind, Quantifier, TestValue, find_hole};
use crate::syntax::{Kind, Value};

/// The operators of both: name, what it compares, negated.
const OPERATORS: [(&str, Base, bool); 21] = [
    ("StringEquals", Base::StringEqual, false),
    ("StringNotEquals", Base::StringEqual, true),
    ("StringEqualsIgnoreCase", Base::StringEqualIgnoreCase, false),
    ("StringNotEqualsIgnoreCase", Base::StringEqualIgnoreCase, true),
    ("StringLike", Base::StringLike, false),
    ("StringNotLike", Base::StringLike, true),
    ("NumericEquals", Base::NumericEqual, false),
    ("NumericNotEquals", Base::NumericEqual, true),
    ("NumericLessThan", Base::NumericLess, false),
    ("NumericLessThanEquals", Base::NumericLessEqual, false),
    ("NumericGreaterThan", Base::NumericLessEqual, true),
    ("NumericGreaterThanEquals", Base::NumericLess, true),
    ("DateEquals", Base::DateEqual, false),
    ("DateNotEquals", Base::DateEqual, true),
    ("DateLessThan", Base::DateLess, false),
    ("DateLessThanEquals", Base::DateLessEqual, false),
    ("DateGreaterThan", Base::DateLessEqual, true),
    ("DateGreaterThanEquals", Base::DateLess, true),
    ("Bool", Base::Bool, false),
    ("IpAddress", Base::Ip, false),
    ("NotIpAddress", Base::Ip, true),
];

/// What only IAM has. An ARN is compared part by part, which is the same as letter for letter where no value has a
/// wildcard; elsewhere nothing is claimed about it.
const RICH: [(&str, Base, bool); 6] = [
    ("ArnEquals", Base::Unknown, false),
    ("ArnLike", Base::Unknown, false),
    ("ArnNotEquals", Base::Unknown, true),
    ("ArnNotLike", Base::Unknown, true),
    ("BinaryEquals", Base::Unknown, false),
    ("Null", Base::Null, false),
];

const ANY_VALUE: &str = "ForAnyValue:";
const ALL_VALUES: &str = "ForAllValues:";
const IF_EXISTS: &str = "IfExists";

/// An operator as it is written.
pub(in crate::dialect) fn spell_operator(base: Base, negated: bool, quantifier: Quantifier, if_exists: bool) -> String {
    let known = OPERATORS.iter().chain(&RICH).find(|(_, other, is_negated)| *other == base && *is_negated == negated);
    let quantifier = match quantifier {
        Quantifier::One => "",
        Quantifier::Any => ANY_VALUE,
        Quantifier::All => ALL_VALUES,
    };
    [quantifier, known.map_or("", |(name, ..)| name), if if_exists { IF_EXISTS } else { "" }].concat()
}

pub(super) fn conditions<'s>(
    cx: &mut Lowering<'_, 's>,
    grammar: &Grammar,
    value: Value<'_, 's>,
    out: &mut Vec<Condition<'s>>,
) {
    const SHAPE: &str = "an object of operators, each an object of keys";
    if value.kind() != Kind::Object {
        cx.wrong_type("Condition", value, SHAPE);
        return;
    }
    for block in value.members() {
        let operator = operator(cx, grammar, block.key);
        if block.value.kind() != Kind::Object {
            cx.wrong_type(operator.text.clone(), block.value, "an object of condition keys");
            continue;
        }
        for test in block.value.members() {
            let elements = test.value.elements();
            let is_list = test.value.kind() == Kind::Array;
            let mut values = Vec::new();
            for value in elements.chain((!is_list).then_some(test.value)) {
                match value.kind() {
                    Kind::Object | Kind::Array | Kind::Null => {
                        cx.wrong_type(test.name(), value, "a string, a number or a list of them");
                    }
                    Kind::Missing => {}
                    kind => {
                        let text = value.string().unwrap_or(Cow::Borrowed(value.raw()));
                        let span = cx.span(value);
                        escapes(cx, &text, span);
                        if let Some(unexpanded) = grammar.unexpanded {
                            unexpanded(cx, value, &text);
                        }
                        values.push(TestValue { text, span, is_string: kind == Kind::String });
                    }
                }
            }
            let mut operator = operator.clone();
            if operator.base == Base::Unknown
                && operator.text.contains("Arn")
                && !values.iter().any(|value| value.text.contains(['*', '?']))
            {
                operator.base = Base::StringEqual;
            }
            let key = key(grammar, test.name());
            out.push(Condition { operator, key, key_span: cx.span(test.key), values });
        }
    }
}

/// A key in the catalogue's spelling, where letter case does not matter.
fn key<'s>(grammar: &Grammar, name: Cow<'s, str>) -> Cow<'s, str> {
    let catalog = (grammar.catalog)();
    if !grammar.folds_keys || catalog.key(&name).is_some() || find_hole(&name, 0).is_some() {
        return name;
    }
    let (head, tail) = name.split_at(name.find('/').unwrap_or(name.len()));
    let known = catalog.keys().iter().find(|key| key.name.eq_ignore_ascii_case(head));
    Cow::Owned([known.map_or_else(|| head.to_ascii_lowercase(), |key| key.name.clone()).as_str(), tail].concat())
}

/// Marks that stand for a character which would be a wildcard; nothing here tells the two apart.
pub(in crate::dialect) fn escapes(cx: &mut Lowering<'_, '_>, text: &str, span: crate::text::Span) {
    if cx.has_variables && ["${*}", "${?}", "${$}"].iter().any(|mark| text.contains(mark)) {
        cx.unjudged.push((span, "a wildcard that is written as `${...}` to mean itself was not judged".to_owned()));
    }
}

fn operator<'s>(cx: &mut Lowering<'_, 's>, grammar: &Grammar, key: Value<'_, 's>) -> Operator<'s> {
    let text = key.string().unwrap_or(Cow::Borrowed(key.raw()));
    let span = cx.span(key);
    let (quantifier, rest) = if let Some(rest) = text.strip_prefix(ANY_VALUE) {
        (Quantifier::Any, rest)
    } else if let Some(rest) = text.strip_prefix(ALL_VALUES) {
        (Quantifier::All, rest)
    } else {
        (Quantifier::One, &*text)
    };
    let (if_exists, name) = rest.strip_suffix(IF_EXISTS).map_or((false, rest), |name| (true, name));
    let all = || OPERATORS.iter().chain(grammar.more_operators).chain(&RICH);
    let known = all().find(|(known, ..)| *known == name).copied();
    let (base, negated) = known.map_or((Base::Unknown, false), |(_, base, negated)| (base, negated));
    let mut operator = Operator { text: text.clone(), span, base, negated, if_exists, quantifier };
    let is_rich = if_exists || quantifier != Quantifier::One || RICH.iter().any(|(rich, ..)| *rich == name);
    if known.is_some() {
        if is_rich && !grammar.has_rich_operators {
            let is_plain = OPERATORS.iter().any(|(plain, ..)| *plain == name);
            let suggestion = is_plain.then(|| Cow::Owned(name.to_owned()));
            cx.problem(span, ProblemKind::UnknownOperator { operator: text, suggestion });
        }
        return operator;
    }
    let bare = rest.strip_suffix("_if_exist").unwrap_or(rest);
    let bare = bare.trim_start_matches("for_any_value:").trim_start_matches("for_all_value:");
    if let Some((own, base, negated)) = all().find(|(own, ..)| foreign_operator(own) == Some(bare)) {
        (operator.base, operator.negated) = (*base, *negated);
        operator.if_exists = rest.ends_with("_if_exist");
        cx.problem(span, ProblemKind::ForeignWord { vendor: TENCENT, instead: Cow::Owned(format!("`{own}`")) });
    } else if find_hole(&text, 0).is_none() {
        let near = nearest(name, OPERATORS.iter().map(|(known, ..)| *known), 2);
        let suffix = if if_exists && grammar.has_rich_operators { IF_EXISTS } else { "" };
        let suggestion = near.map(|near| Cow::Owned(format!("{near}{suffix}")));
        cx.problem(span, ProblemKind::UnknownOperator { operator: text, suggestion });
    }
    operator
}
