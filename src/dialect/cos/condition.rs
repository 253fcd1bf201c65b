//! Conditions: operator, then key, then a value or a list.
//!
//! Operators: <https://www.tencentcloud.com/document/product/598/10608> and
//! <https://www.tencentcloud.com/document/product/436/46205>. A suffix `_if_exist` makes a test hold when the key is
//! absent; a prefix `for_any_value:` or `for_all_value:` is for keys with several values.

use std::borrow::Cow;

use super::super::lowering::Lowering;
use super::words::{AWS, foreign_operator};
use crate::catalog::nearest;
use crate::policy::{Base, Condition, Operator, ProblemKind, Quantifier, TestValue};
use crate::syntax::{Kind, Value};

/// The operators without prefix and suffix: name, what it compares, negated. The last six are named by third parties
/// only and count as known.
const OPERATORS: [(&str, Base, bool); 23] = [
    ("string_equal", Base::StringEqual, false),
    ("string_not_equal", Base::StringEqual, true),
    ("string_like", Base::StringLike, false),
    ("ip_equal", Base::Ip, false),
    ("ip_not_equal", Base::Ip, true),
    ("numeric_equal", Base::NumericEqual, false),
    ("numeric_not_equal", Base::NumericEqual, true),
    ("numeric_less_than", Base::NumericLess, false),
    ("numeric_less_than_equal", Base::NumericLessEqual, false),
    ("numeric_greater_than", Base::NumericLessEqual, true),
    ("numeric_greater_than_equal", Base::NumericLess, true),
    ("date_equal", Base::DateEqual, false),
    ("date_not_equal", Base::DateEqual, true),
    ("date_less_than", Base::DateLess, false),
    ("date_less_than_equal", Base::DateLessEqual, false),
    ("date_greater_than", Base::DateLessEqual, true),
    ("date_greater_than_equal", Base::DateLess, true),
    ("bool_equal", Base::Bool, false),
    ("string_equal_ignore_case", Base::StringEqualIgnoreCase, false),
    ("string_not_equal_ignore_case", Base::StringEqualIgnoreCase, true),
    ("string_not_like", Base::StringLike, true),
    ("null_equal", Base::Null, false),
    ("bool_not_equal", Base::Bool, true),
];

/// An operator that compares as `base` does and is otherwise like another one.
pub(super) fn spell(operator: &Operator<'_>, base: Base) -> String {
    let quantifier = match operator.quantifier {
        Quantifier::One => "",
        Quantifier::Any => "for_any_value:",
        Quantifier::All => "for_all_value:",
    };
    let known = OPERATORS.iter().find(|(_, own, negated)| *own == base && *negated == operator.negated);
    let suffix = if operator.if_exists { "_if_exist" } else { "" };
    [quantifier, known.map_or("", |(name, ..)| name), suffix].concat()
}

pub(super) fn conditions<'s>(cx: &mut Lowering<'_, 's>, value: Value<'_, 's>, out: &mut Vec<Condition<'s>>) {
    const SHAPE: &str = "an object of operators, each an object of keys";
    if value.kind() != Kind::Object {
        cx.wrong_type("condition", value, SHAPE);
        return;
    }
    for block in value.members() {
        let operator = operator(cx, block.key);
        if block.value.kind() != Kind::Object {
            cx.wrong_type(operator.text.clone(), block.value, "an object of condition keys");
            continue;
        }
        for test in block.value.members() {
            let elements = test.value.elements();
            let is_list = test.value.kind() == Kind::Array;
            let mut values = Vec::with_capacity(if is_list { elements.clone().count() } else { 1 });
            for value in elements.chain((!is_list).then_some(test.value)) {
                match value.kind() {
                    Kind::Object | Kind::Array | Kind::Null => {
                        cx.wrong_type(test.name(), value, "a string, a number or a list of them");
                    }
                    Kind::Missing => {}
                    kind => values.push(TestValue {
                        text: value.string().unwrap_or(Cow::Borrowed(value.raw())),
                        span: cx.span(value),
                        is_string: kind == Kind::String,
                    }),
                }
            }
            let key_span = cx.span(test.key);
            out.push(Condition { operator: operator.clone(), key: test.name(), key_span, values });
        }
    }
}

fn operator<'s>(cx: &mut Lowering<'_, 's>, key: Value<'_, 's>) -> Operator<'s> {
    let text = key.string().unwrap_or(Cow::Borrowed(key.raw()));
    let span = cx.span(key);
    let (quantifier, rest) = if let Some(rest) = text.strip_prefix("for_any_value:") {
        (Quantifier::Any, rest)
    } else if let Some(rest) = text.strip_prefix("for_all_value:") {
        (Quantifier::All, rest)
    } else {
        (Quantifier::One, &*text)
    };
    let (if_exists, name) = rest.strip_suffix("_if_exist").map_or((false, rest), |name| (true, name));
    let known = OPERATORS.iter().find(|(known, ..)| *known == name).copied();
    let (base, negated) = known.map_or((Base::Unknown, false), |(_, base, negated)| (base, negated));
    let mut operator = Operator { text: text.clone(), span, base, negated, if_exists, quantifier };
    if known.is_some() {
        return operator;
    }
    let bare = rest
        .strip_suffix("IfExists")
        .unwrap_or(rest)
        .trim_start_matches("ForAnyValue:")
        .trim_start_matches("ForAllValues:");
    if let Some(own) = foreign_operator(bare) {
        operator.if_exists = rest.ends_with("IfExists");
        if let Some((_, base, negated)) = OPERATORS.iter().find(|(known, ..)| *known == own) {
            (operator.base, operator.negated) = (*base, *negated);
        }
        let suffix = if operator.if_exists { "_if_exist" } else { "" };
        let instead = if own.is_empty() {
            Cow::Borrowed("an operator of CAM, such as `string_equal`")
        } else {
            Cow::Owned(format!("`{own}{suffix}`"))
        };
        cx.problem(span, ProblemKind::ForeignWord { vendor: AWS, instead });
    } else if crate::policy::find_hole(&text, 0).is_none() {
        let near =
            nearest(name.strip_suffix("_if_exists").unwrap_or(name), OPERATORS.iter().map(|(known, ..)| *known), 2);
        let suffix = if if_exists || name.ends_with("_if_exists") { "_if_exist" } else { "" };
        let suggestion = near.map(|near| Cow::Owned(format!("{near}{suffix}")));
        cx.problem(span, ProblemKind::UnknownOperator { operator: text, suggestion });
    }
    operator
}
