//! Instants, as far as forms tell how long they are good.

/// The seconds from an arbitrary day to an instant: `2026-12-01T12:00:00.000Z`, or `20261201T120000Z`, in UTC or with an
/// offset. `None` for any other text.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let (date, time) = text.split_once('T')?;
    let (clock, zone) = match time.find(['Z', '+', '-']) {
        Some(at) => time.split_at_checked(at)?,
        None => return None,
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    let offset = match zone.strip_prefix(['+', '-']) {
        Some(zone) => {
            let [hours, minutes] = numbers(zone, ':', [2, 2])?;
            (hours < 24 && minutes < 60).then_some((hours * 60 + minutes) * 60)?
        }
        None => (zone == "Z").then_some(0)?,
    };
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !is_fraction || day == 0 || day > days_of(year, month)? || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let offset = if zone.starts_with('-') { -offset } else { offset };
    Some(((days_before(year, month) + day) * 24 + hour) * 3600 + minute * 60 + second - offset)
}

/// Numbers of so many digits, with a mark between them or with nothing.
fn numbers<const COUNT: usize>(text: &str, mark: char, digits: [usize; COUNT]) -> Option<[i64; COUNT]> {
    let has_marks = text.contains(mark);
    let mut found = [0; COUNT];
    let mut rest = text;
    for (index, (slot, digits)) in found.iter_mut().zip(digits).enumerate() {
        if has_marks && index > 0 {
            rest = rest.strip_prefix(mark)?;
        }
        let (number, behind) = rest.split_at_checked(digits)?;
        *slot = number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok()).flatten()?;
        rest = behind;
    }
    rest.is_empty().then_some(found)
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// The days of a month; `None` where there is none.
fn days_of(year: i64, month: i64) -> Option<i64> {
    Some(match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    })
}

/// The days before a month.
fn days_before(year: i64, month: i64) -> i64 {
    let past = year - 1;
    let years = past * 365 + past / 4 - past / 100 + past / 400;
    years + (1..month).filter_map(|month| days_of(year, month)).sum::<i64>()
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn instants_are_seconds_apart() {
        let between = |a: &str, b: &str| seconds(b).unwrap() - seconds(a).unwrap();
        assert_eq!(between("2026-12-01T12:00:00.000Z", "20261201T120001Z"), 1);
        assert_eq!(between("2024-02-28T00:00:00Z", "2024-03-01T00:00:00Z"), 2 * 86_400);
        assert_eq!(between("2026-12-31T23:59:60Z", "2027-01-01T00:00:00Z"), 0);
        assert_eq!(between("2026-12-01T12:00:00+08:00", "2026-12-01T12:00:00Z"), 8 * 3600);
        assert_eq!(between("1999-12-31T00:00:00Z", "2100-01-01T00:00:00Z"), (365 * 100 + 25 + 1) * 86_400);
    }

    #[test]
    fn other_texts_are_none() {
        for text in [
            "",
            "T",
            "2026-12-01",
            "2026-12-01T12:00:00",
            "2026-12-01 12:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-12-01T24:00:00Z",
            "2026-12-01T12:00:00.Z",
            "1764590400",
            "2026-12-1T1:00:00Z",
            "２026-12-01T12:00:00Z",
            "2026-12-01T12:00:00ZZ",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
