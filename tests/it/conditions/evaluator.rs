//! One condition on one value, the plain way.

use grantlint::policy::{AbsentKeys, Base, Condition};

/// Whether a condition holds for a value, or for a request without one.
pub(super) fn holds(condition: &Condition<'_>, value: Option<&str>, absent_keys: AbsentKeys) -> bool {
    let operator = &condition.operator;
    let base = operator.base;
    if base == Base::Null {
        return condition.values.iter().any(|wanted| (wanted.text == "true") == value.is_none());
    }
    let is_order = matches!(base, Base::NumericLess | Base::NumericLessEqual | Base::DateLess | Base::DateLessEqual);
    let Some(value) = value else {
        return operator.if_exists || (operator.negated && !is_order && absent_keys == AbsentKeys::PassNegated);
    };
    let mut fits = condition.values.iter().map(|wanted| fits(base, &wanted.text, value));
    match (operator.negated, is_order) {
        (false, _) => fits.any(|fits| fits),
        (true, false) => !fits.any(|fits| fits),
        // Not less is greater or equal: to some value.
        (true, true) => fits.any(|fits| !fits),
    }
}

fn fits(base: Base, wanted: &str, value: &str) -> bool {
    match base {
        Base::StringEqual | Base::Bool => wanted == value,
        Base::StringEqualIgnoreCase => wanted.eq_ignore_ascii_case(value),
        Base::StringLike => like(wanted.as_bytes(), value.as_bytes()),
        Base::Ip => {
            let (network, length) = wanted.split_once('/').unwrap_or((wanted, "128"));
            let (network, address) = (bits(network), bits(value));
            network.len() == address.len()
                && network.chars().zip(address.chars()).take(length.parse().unwrap()).all(|(a, b)| a == b)
        }
        Base::NumericEqual => hundredths(wanted) == hundredths(value),
        Base::NumericLess => hundredths(value) < hundredths(wanted),
        Base::NumericLessEqual => hundredths(value) <= hundredths(wanted),
        Base::DateEqual => seconds(wanted) == seconds(value),
        Base::DateLess => seconds(value) < seconds(wanted),
        Base::DateLessEqual => seconds(value) <= seconds(wanted),
        Base::Null | Base::Unknown => unreachable!(),
    }
}

fn like(glob: &[u8], text: &[u8]) -> bool {
    match (glob, text) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => (0..=text.len()).any(|skip| like(rest, &text[skip..])),
        ([b'?', rest @ ..], [_, behind @ ..]) => like(rest, behind),
        ([a, rest @ ..], [b, behind @ ..]) if a == b => like(rest, behind),
        _ => false,
    }
}

/// The bits of an address as text, 32 or 128 of them.
fn bits(address: &str) -> String {
    if address.contains(':') {
        let (left, right) = address.split_once("::").unwrap();
        let groups = |text: &str| text.split(':').filter(|group| !group.is_empty()).map(str::to_owned).collect();
        let (mut all, right): (Vec<String>, Vec<String>) = (groups(left), groups(right));
        all.resize(8 - right.len(), "0".to_owned());
        all.extend(right);
        let of_group = |group: &String| format!("{:016b}", u16::from_str_radix(group, 16).unwrap());
        return all.iter().map(of_group).collect::<Vec<_>>().concat();
    }
    address.split('.').map(|octet| format!("{:08b}", octet.parse::<u8>().unwrap())).collect::<Vec<_>>().concat()
}

/// Hundredths of a number with up to two decimals; exponents of the form `e-1` only.
fn hundredths(number: &str) -> i64 {
    if let Some(tenths) = number.strip_suffix("e-1") {
        return tenths.parse::<i64>().unwrap() * 10;
    }
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let size =
        whole.trim_start_matches('-').parse::<i64>().unwrap() * 100 + format!("{part:0<2}").parse::<i64>().unwrap();
    if number.starts_with('-') { -size } else { size }
}

/// Seconds since the beginning of January 2026, for instants of the first months of that year and the end of the one
/// before it.
fn seconds(instant: &str) -> i64 {
    let (date, time) = instant.split_once('T').unwrap_or((instant, "00:00:00Z"));
    let number = |text: &str| text.parse::<i64>().unwrap();
    let day = match &date[..7] {
        "2025-12" => number(&date[8..]) - 32,
        "2026-01" => number(&date[8..]) - 1,
        "2026-02" => number(&date[8..]) + 30,
        _ => panic!("{date}"),
    };
    let zone = match (&time[8..], time.get(9..11), time.get(12..14)) {
        ("Z", ..) => 0,
        (zone, Some(hours), Some(minutes)) => {
            (number(hours) * 3600 + number(minutes) * 60) * if zone.starts_with('-') { -1 } else { 1 }
        }
        _ => panic!("{time}"),
    };
    day * 86_400 + number(&time[..2]) * 3600 + number(&time[3..5]) * 60 + number(&time[6..8]) - zone
}

#[test]
fn the_evaluator_reads_what_it_needs() {
    assert_eq!((hundredths("1.2"), hundredths("12e-1"), hundredths("-0.05")), (120, 120, -5));
    assert_eq!(seconds("2026-01-01"), 0);
    assert_eq!(seconds("2026-01-31T08:00:00+08:00"), seconds("2026-01-31"));
    assert_eq!(seconds("2025-12-31T23:59:59Z"), -1);
    assert_eq!(seconds("2026-01-30T23:59:59-00:30"), seconds("2026-01-31T00:29:59Z"));
    assert_eq!(bits("10.0.0.1").len(), 32);
    assert_eq!(bits("2001:db8::1").len(), 128);
}
