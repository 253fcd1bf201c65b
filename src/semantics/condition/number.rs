//! Exact decimal numbers as points.
//!
//! A number is counted in units of 10⁻¹⁸, nothing is rounded: one with more than 17 decimals, or beyond ±8 · 10¹⁹ (twice
//! what 64 bits hold), is no number here, and the test that names it is opaque. So values are multiples of ten units.

use super::ranges::{Point, Range};

/// Decimals of a unit.
const DECIMALS: u32 = 18;

/// Units of one.
const ONE: i128 = 10_i128.pow(DECIMALS);

/// The largest number that is counted; there is room behind it for a number that is larger.
const MOST: i128 = i128::MAX / 2;

/// The bit that keeps the order of signed numbers among points.
const SIGN: u128 = 1 << 127;

/// All numbers.
pub(super) const ALL: Range = (0, Point::MAX);

const fn point(units: i128) -> Point {
    units.cast_unsigned() ^ SIGN
}

const fn units(point: Point) -> i128 {
    (point ^ SIGN).cast_signed()
}

/// The point of a number in the notation of JSON: `1.20`, `-3`, `12e-1`.
pub(super) fn parse(text: &str) -> Option<Point> {
    let (is_negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(whole, part)| (whole, Some(part)));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_digits(whole) || (whole.len() > 1 && whole.starts_with('0')) || fraction.is_some_and(|part| !is_digits(part))
    {
        return None;
    }
    if !is_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)) {
        return None;
    }
    let fraction = fraction.unwrap_or_default();
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        return Some(point(0));
    }
    let dropped = digits.len() - digits.trim_end_matches('0').len();
    let scale = exponent.parse::<i64>().ok()?.checked_add(i64::from(DECIMALS))?;
    let scale = scale.checked_add(i64::try_from(dropped).ok()?)?.checked_sub(i64::try_from(fraction.len()).ok()?)?;
    // The last digit is not 0, so a scale of 0 would be 18 decimals: a value between the tenth points.
    let scale = u32::try_from(scale).ok().filter(|scale| *scale > 0)?;
    let size = significant.parse::<i128>().ok()?.checked_mul(10_i128.checked_pow(scale)?)?;
    (size <= MOST).then(|| point(if is_negative { -size } else { size }))
}

/// A number of a range, the one that reads best: a bound that somebody wrote, or the next one with fewest decimals.
pub(super) fn example((start, end): Range) -> String {
    spell(readable(units(start), units(end)))
}

fn readable(start: i128, end: i128) -> i128 {
    match (start, end) {
        (_, end) if end % 10 == 0 => end,
        (start, _) if start % 10 == 0 => start,
        (start, end) if start <= 0 && 0 <= end => 0,
        (start, end) if start > 0 => {
            let steps = (0..=DECIMALS).map(|decimals| 10_i128.pow(DECIMALS - decimals));
            let above = |step: i128| start.checked_sub(1).map(|below| (below / step + 1) * step);
            steps.filter_map(above).find(|number| *number <= end).unwrap_or(start)
        }
        (start, end) => -readable(-end, start.checked_neg().unwrap_or(i128::MAX)),
    }
}

fn spell(units: i128) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let (whole, part) = (units.unsigned_abs() / ONE.unsigned_abs(), units.unsigned_abs() % ONE.unsigned_abs());
    let text = format!("{sign}{whole}.{part:018}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_in_many_spellings() {
        for same in ["1.2", "1.20", "12e-1", "0.12E1", "0.0012e+3", "120e-2"] {
            assert_eq!(parse(same), parse("1.2"), "{same}");
        }
        assert_eq!(parse("-0"), parse("0.000e9"));
        assert_eq!(parse("18446744073709551616").map(|p| spell(units(p))).as_deref(), Some("18446744073709551616"));
    }

    #[test]
    fn no_number_is_rounded() {
        for close in [("9007199254740993", "9007199254740992"), ("0.1", "0.10000000000000001"), ("1e-17", "0")] {
            assert!(parse(close.0).is_some() && parse(close.0) != parse(close.1), "{close:?}");
        }
        for no in ["", "-", "10MB", "1.", ".5", "+5", "007", "1e", "1e+", "0x10", " 1", "1_000", "NaN", "1e-18"] {
            assert_eq!(parse(no), None, "{no}");
        }
        for too_much in ["1e20", "0.000000000000000001", "1e99999999999999999999", "-1e400"] {
            assert_eq!(parse(too_much), None, "{too_much}");
        }
    }

    #[test]
    fn order_is_that_of_numbers() {
        let rising =
            ["-85000000000000000000", "-10", "-9.5", "-1", "-0.1", "0", "1e-17", "0.1", "1", "9.5", "10", "8e19"];
        let points: Vec<Point> = rising.iter().map(|text| parse(text).unwrap()).collect();
        assert!(points.windows(2).all(|pair| pair[0] + 1 < pair[1]), "and there is room between any two");
    }

    #[test]
    fn examples_read_well_and_lie_in_their_range() {
        let between = |low: Option<&str>, high: Option<&str>| {
            let low = low.map_or(ALL.0, |text| parse(text).unwrap() + 1);
            let high = high.map_or(ALL.1, |text| parse(text).unwrap() - 1);
            let example = example((low, high));
            assert!((low..=high).contains(&parse(&example).unwrap()), "{example}");
            example
        };
        assert_eq!(between(Some("5242880"), None), "5242881");
        assert_eq!(between(Some("0.25"), None), "1");
        assert_eq!(between(Some("1"), Some("1.3")), "1.1");
        assert_eq!(between(Some("4"), Some("5")), "4.1");
        assert_eq!(between(None, Some("10")), "0");
        assert_eq!(between(None, Some("-2.5")), "-3");
        assert_eq!(between(Some("-3"), Some("-2.5")), "-2.6");
        assert_eq!(between(None, None), "0");
        assert_eq!(example((ALL.0, parse("1024").unwrap())), "1024");
        assert_eq!(example((parse("8").unwrap(), ALL.1)), "8");
    }
}
