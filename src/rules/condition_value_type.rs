//! `condition-value-type`: a value that the operator cannot compare.

use super::prelude::*;
use super::repair::operator;
use std::net::IpAddr;

use crate::catalog::ValueType;
use crate::policy::{Base, TestValue, find_hole};

pub(super) static META: RuleMeta = RuleMeta {
    name: "condition-value-type",
    summary: "a value of a condition is of the wrong type",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/condition-value-type.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    let takes_bare = cx.dialect().words().takes_bare_values;
    for statement in &cx.policy().statements {
        for condition in &statement.conditions {
            let key = cx.catalog().key(&condition.key);
            let at = |span| Claim::at(span).in_statement(Some(statement.index));
            if let Some((what, base)) =
                key.and_then(|key| mismatch(key.value_type, condition.operator.base, takes_bare))
            {
                let Some(draft) = out.claim(at(condition.operator.span)) else { continue };
                draft
                    .message(format!(
                        "`{}` is {what}, which `{}` does not compare",
                        condition.key, condition.operator.text
                    ))
                    .caption("wrong operator for the key")
                    .label(condition.key_span, what)
                    .help(format!("write an operator such as `{}`", operator(cx, base)));
                continue;
            }
            for value in &condition.values {
                let Some(expected) = fault(condition.operator.base, value, takes_bare) else { continue };
                let Some(draft) = out.claim(at(value.span)) else { continue };
                draft
                    .message(format!("`{}` is not {expected}", value.text))
                    .caption("wrong type")
                    .help(format!("write {expected}"));
            }
        }
    }
}

/// What the key is and what an operator for it compares, when the operator compares something else.
fn mismatch(key: ValueType, base: Base, takes_bare: bool) -> Option<(&'static str, Base)> {
    let fits = match (key, base) {
        (_, Base::Unknown | Base::Null) => true,
        (ValueType::Ip, base) => base == Base::Ip,
        (ValueType::Number, base) => base.is_numeric(),
        // An instant that may be a number compares as one.
        (ValueType::Date, base) => base.is_date() || (takes_bare && base.is_numeric()),
        (ValueType::Bool, base) => base == Base::Bool || base.is_equality_of_text(),
        (ValueType::String, base) => !(base == Base::Ip || base.is_numeric() || base.is_date() || base == Base::Bool),
    };
    (!fits).then_some(match key {
        ValueType::Ip => ("an address", Base::Ip),
        ValueType::Number => ("a number", Base::NumericLessEqual),
        ValueType::Date => ("an instant", Base::DateLess),
        ValueType::Bool => ("a truth value", Base::Bool),
        ValueType::String => ("text", Base::StringEqual),
    })
}

/// What the value should be and is not.
fn fault(base: Base, value: &TestValue<'_>, takes_bare: bool) -> Option<&'static str> {
    let text = value.text.trim();
    let (fits, expected) = match base {
        Base::Ip => (value.is_string && is_address(text), "an address or range such as `\"10.0.0.0/8\"`"),
        Base::Bool => (
            (value.is_string || takes_bare) && matches!(text, "true" | "false"),
            "the string `\"true\"` or `\"false\"`",
        ),
        base if base.is_numeric() => (text.parse::<f64>().is_ok_and(f64::is_finite), "a number"),
        base if base.is_date() => (
            (value.is_string && is_instant(text)) || (takes_bare && text.parse::<u64>().is_ok()),
            "an instant such as `\"2026-01-31T00:00:00Z\"`",
        ),
        Base::StringEqual | Base::StringEqualIgnoreCase | Base::StringLike => {
            (value.is_string || takes_bare || text.parse::<f64>().is_ok(), "a string")
        }
        _ => (true, ""),
    };
    // What is filled in later, or hidden in a published example, may be of any type.
    (!fits && find_hole(text, 0).is_none() && !text.contains("**")).then_some(expected)
}

/// An address, or a range with its length.
fn is_address(text: &str) -> bool {
    let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let most = if address.is_ipv4() { 32 } else { 128 };
    length.is_none_or(|length| length.parse::<u8>().is_ok_and(|length| length <= most))
}

/// `2026-01-31`, with or without a time and a zone behind it.
fn is_instant(text: &str) -> bool {
    let (date, time) = text.split_once(['T', ' ']).map_or((text, None), |(date, time)| (date, Some(time)));
    is_day(date) && time.is_none_or(is_time)
}

/// A number of exactly `digits` digits.
fn digits(text: &str, digits: usize) -> Option<u32> {
    (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// `2026-01-31`, a day that the calendar has.
fn is_day(date: &str) -> bool {
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2)) else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=longest).contains(&day)
}

/// `23:59`, `23:59:60`, with a fraction, with `Z` or an offset such as `+08:00`.
fn is_time(time: &str) -> bool {
    let (clock, zone) = match time.find(['Z', '+', '-']) {
        Some(at) => time.split_at(at),
        None => (time, "Z"),
    };
    let hours_and_minutes = |text: &str| {
        let (hours, minutes) = text.split_once(':').unwrap_or_else(|| text.split_at_checked(2).unwrap_or((text, "")));
        digits(hours, 2).is_some_and(|h| h < 24) && digits(minutes, 2).is_some_and(|m| m < 60)
    };
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let clock_fits = match whole.match_indices(':').nth(1) {
        Some((at, _)) => {
            let (start, seconds) = whole.split_at_checked(at).unwrap_or((whole, ""));
            hours_and_minutes(start) && digits(seconds.trim_start_matches(':'), 2).is_some_and(|s| s <= 60)
        }
        None => whole.contains(':') && !clock.contains('.') && hours_and_minutes(whole),
    };
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit());
    clock_fits && is_fraction && (zone == "Z" || zone.strip_prefix(['+', '-']).is_some_and(hours_and_minutes))
}
