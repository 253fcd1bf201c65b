//! Instants as points.
//!
//! `2026-01-31` is its midnight in UTC, `2026-01-31T08:00:00+08:00` the same instant; a time needs its zone, for nobody
//! says which one is meant without. An instant is counted from the year 0 in units of 10⁻¹⁰ seconds; texts with more than
//! nine decimals, leap seconds and years without a neighbour on both sides are no instants here.

use super::ranges::{Point, Range};

/// Units of a second.
const SECOND: u128 = 10_000_000_000;

/// Seconds of a day.
const DAY: u128 = 86_400;

/// Days of the years 0 to 9999.
const DAYS: u128 = 3_652_425;

/// All instants that can be spelled.
pub(super) const ALL: Range = (0, DAYS * DAY * SECOND - 1);

/// The point of an instant in ISO 8601.
pub(super) fn parse(text: &str) -> Option<Point> {
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    let midnight = u128::from(days(date)?) * DAY * SECOND;
    let Some(time) = time else { return Some(midnight) };
    let at = time.find(['Z', '+', '-'])?;
    let (clock, zone) = time.split_at_checked(at)?;
    let (clock, part) = clock.split_once('.').map_or((clock, None), |(clock, part)| (clock, Some(part)));
    let mut parts = clock.split(':');
    let (hour, minute) = (below(parts.next()?, 24)?, below(parts.next()?, 60)?);
    let second = parts.next().map(|text| below(text, 60));
    if parts.next().is_some() || (second.is_none() && part.is_some()) {
        return None;
    }
    let seconds = hour * 3600 + minute * 60 + second.unwrap_or(Some(0))?;
    let instant = midnight + u128::from(seconds) * SECOND + part.map_or(Some(0), fraction)?;
    let offset = |text: &str| {
        let (hours, minutes) =
            text.split_once(':').or_else(|| (text.len() == 4).then(|| text.split_at_checked(2))?)?;
        Some(u128::from(below(hours, 24)? * 3600 + below(minutes, 60)? * 60) * SECOND)
    };
    match zone.split_at_checked(1)? {
        ("Z", "") => Some(instant),
        ("+", east) => instant.checked_sub(offset(east)?),
        ("-", west) => instant.checked_add(offset(west)?),
        _ => None,
    }
}

/// A number of two digits below `limit`.
fn below(text: &str, limit: u32) -> Option<u32> {
    digits(text, 2).filter(|number| *number < limit)
}

fn digits(text: &str, count: usize) -> Option<u32> {
    (text.len() == count && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// Units of a fraction of a second.
fn fraction(text: &str) -> Option<u128> {
    let is_fraction = (1..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    is_fraction.then(|| format!("{text:0<10}").parse().ok()).flatten()
}

const fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

const fn month_length(year: u32, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from the first day of the year 0, a leap year, to the first day of this one.
const fn days_before(year: u32) -> u32 {
    let leaps = if year == 0 { 0 } else { (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 + 1 };
    year * 365 + leaps
}

/// Days from the first day of the year 0 to a day of the years 1 to 9998.
fn days(date: &str) -> Option<u32> {
    let mut parts = date.split('-');
    let (year, month, day) = (digits(parts.next()?, 4)?, digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let is_real = parts.next().is_none()
        && (1..=9998).contains(&year)
        && (1..=12).contains(&month)
        && (1..=month_length(year, month)).contains(&day);
    is_real.then(|| days_before(year) + (1..month).map(|month| month_length(year, month)).sum::<u32>() + day - 1)
}

/// An instant of a range, the one that reads best: a bound that somebody wrote, or a whole second beside one.
pub(super) fn example((start, end): Range) -> String {
    let steps = (0..=10).map(|decimals| SECOND / 10_u128.pow(decimals));
    let point = match (start, end) {
        ALL => u128::from(days_before(2026)) * DAY * SECOND,
        (_, end) if end.is_multiple_of(10) => end,
        (start, _) if start.is_multiple_of(10) && start != ALL.0 => start,
        (start, end) if start == ALL.0 => end - end % SECOND,
        (start, end) => steps.map(|step| start.div_ceil(step) * step).find(|point| *point <= end).unwrap_or(start),
    };
    spell(point)
}

fn spell(point: Point) -> String {
    let (seconds, part) = (point / SECOND, point % SECOND);
    let mut day = u32::try_from(seconds / DAY).unwrap_or_default();
    let mut year = day / 366;
    while days_before(year + 1) <= day {
        year += 1;
    }
    day -= days_before(year);
    let mut month = 1;
    while day >= month_length(year, month) {
        day -= month_length(year, month);
        month += 1;
    }
    let time = seconds % DAY;
    let text = format!(
        "{year:04}-{month:02}-{:02}T{:02}:{:02}:{:02}.{part:010}",
        day + 1,
        time / 3600,
        time / 60 % 60,
        time % 60
    );
    format!("{}Z", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_instant_in_many_spellings() {
        for same in [
            "2026-01-31",
            "2026-01-31T00:00Z",
            "2026-01-31T08:00:00+08:00",
            "2026-01-30T19:30:00.000-0430",
            "2026-01-31T00:00:00-00:00",
        ] {
            assert_eq!(parse(same), parse("2026-01-31T00:00:00Z"), "{same}");
        }
        assert_eq!(parse("2026-01-31T00:00:00.1Z"), parse("2026-01-31T00:00:00.100000000Z"));
        assert_ne!(parse("2026-01-31T00:00:00.000000001Z"), parse("2026-01-31"));
    }

    #[test]
    fn what_is_not_exact_is_no_instant() {
        for no in [
            "",
            "2026",
            "2026-02-29",
            "2026-13-01",
            "2026-1-1",
            "0000-01-01",
            "9999-12-31",
            "2026-01-31T10:00:00",
            "2026-01-31T24:00:00Z",
            "2026-01-31T23:59:60Z",
            "2026-01-31 10:00:00Z",
            "2026-01-31T10:00:00z",
            "2026-01-31T10Z",
            "2026-01-31T10:00:00.Z",
            "2026-01-31T10:00.5Z",
            "2026-01-31T10:00:00.0000000001Z",
            "2026-01-31T10:00:00+24:00",
            "2026-01-31T10:00:00+8",
            "2026-01-31T10:00:00Zx",
            "1767225600",
            "２026-01-31",
        ] {
            assert_eq!(parse(no), None, "{no}");
        }
    }

    #[test]
    fn every_day_is_spelled_as_it_was_read() {
        let mut expected = parse("0001-01-01").unwrap();
        for year in 1..=9998 {
            for month in 1..=12 {
                for day in [1, 2, month_length(year, month)] {
                    let text = format!("{year:04}-{month:02}-{day:02}");
                    let point = parse(&text).unwrap();
                    assert_eq!(spell(point), format!("{text}T00:00:00Z"));
                    if day == 1 {
                        assert_eq!(point, expected);
                    }
                }
                expected += u128::from(month_length(year, month)) * DAY * SECOND;
            }
        }
        assert_eq!(u128::from(days_before(10_000)), DAYS);
    }

    #[test]
    fn examples_read_well_and_lie_in_their_range() {
        let at = |text: &str| parse(text).unwrap();
        assert_eq!(example((at("2026-01-31") + 1, ALL.1)), "2026-01-31T00:00:01Z");
        assert_eq!(example((ALL.0, at("2026-01-31") - 1)), "2026-01-30T23:59:59Z");
        assert_eq!(example((ALL.0, at("2026-01-31"))), "2026-01-31T00:00:00Z");
        assert_eq!(example((at("2026-01-31") + 1, at("2026-01-31T00:00:00.5Z") - 1)), "2026-01-31T00:00:00.1Z");
        assert_eq!(example(ALL), "2026-01-01T00:00:00Z");
    }
}
