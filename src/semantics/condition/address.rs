//! Addresses as points.
//!
//! The two families stay apart: an address of version 4 stands where version 6 has the addresses that are mapped from it
//! (`::ffff:0:0/96`), and no range of version 6 holds those. One written in that form is no address here, for services
//! do not agree on what it is.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::ranges::{Point, Range, Ranges};

/// All addresses.
pub(super) const ALL: Range = (0, Point::MAX);

/// Those of version 4.
const FOUR: Range = (0xffff_0000_0000, 0xffff_ffff_ffff);

/// Addresses kept for documents, which nobody mistakes for a real one.
const SAMPLES: [&str; 4] = ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1"];

/// The point of one address.
pub(super) fn parse(text: &str) -> Option<Point> {
    match text.parse().ok()? {
        IpAddr::V4(four) => Some(FOUR.0 + u128::from(four.to_bits())),
        IpAddr::V6(six) => Some(six.to_bits()).filter(|point| !(FOUR.0..=FOUR.1).contains(point)),
    }
}

/// The points of an address, or of a range with its length. Bits behind the length do not count.
pub(super) fn parse_range(text: &str) -> Option<Vec<Range>> {
    let Some((address, length)) = text.split_once('/') else { return parse(text).map(|point| vec![(point, point)]) };
    let point = parse(address)?;
    let is_plain = length.bytes().all(|b| b.is_ascii_digit()) && (length.len() == 1 || !length.starts_with('0'));
    let is_four = (FOUR.0..=FOUR.1).contains(&point);
    let width: u32 = if is_four { 32 } else { 128 };
    let length = length.parse::<u32>().ok().filter(|length| is_plain && *length <= width)?;
    let host = u128::MAX.checked_shr(128 - (width - length)).unwrap_or(0);
    let (start, end) = (point & !host, point | host);
    if is_four || end < FOUR.0 || FOUR.1 < start {
        return Some(vec![(start, end)]);
    }
    Some(vec![(start, FOUR.0 - 1), (FOUR.1 + 1, end)])
}

/// An address of these ranges, the one that reads best.
pub(super) fn example(ranges: &[Range]) -> String {
    let set = Ranges::new(ranges.iter().copied());
    if let Some(sample) = SAMPLES.iter().find(|sample| parse(sample).is_some_and(|point| set.contains(point))) {
        return (*sample).to_owned();
    }
    let four = ranges.iter().find(|(start, end)| *start <= FOUR.1 && FOUR.0 <= *end);
    let (start, end) = four.map_or_else(
        || ranges.first().copied().unwrap_or(ALL),
        |(start, end)| ((*start).max(FOUR.0), (*end).min(FOUR.1)),
    );
    // The first address of a network is its name, the next one a host.
    let point = if start < end && start.is_multiple_of(4) { start + 1 } else { start };
    match u32::try_from(point.wrapping_sub(FOUR.0)) {
        Ok(bits) => Ipv4Addr::from_bits(bits).to_string(),
        Err(_) => Ipv6Addr::from_bits(point).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(text: &str) -> Ranges {
        Ranges::new(parse_range(text).unwrap())
    }

    #[test]
    fn a_range_holds_the_addresses_with_its_prefix() {
        for (range, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.0"),
            ("10.1.2.3/8", "10.0.0.0", "9.255.255.255"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.6"),
            ("192.0.2.7/32", "192.0.2.7", "192.0.2.8"),
            ("0.0.0.0/0", "255.255.255.255", "::1"),
            ("0.0.0.0/0", "0.0.0.0", "::"),
            ("::/0", "ffff::", "10.0.0.1"),
            ("::/0", "::1:0:0:0", "255.255.255.255"),
            ("2001:db8::/32", "2001:db8:ffff::", "2001:db9::"),
        ] {
            let set = ranges(range);
            assert!(set.contains(parse(inside).unwrap()), "{inside} in {range}");
            assert!(!set.contains(parse(outside).unwrap()), "{outside} not in {range}");
        }
        let both = Ranges::new([parse_range("0.0.0.0/0").unwrap(), parse_range("::/0").unwrap()].concat());
        assert_eq!(both, Ranges::new([ALL]));
    }

    #[test]
    fn what_is_not_plain_is_no_address() {
        for no in [
            "",
            "10.0.0",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/08",
            "10.0.0.0/+8",
            "10.0.0.0/",
            "10.0.0.0/8/8",
            "010.0.0.1",
            "10.0.*",
            " 10.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:0:0/96",
            "localhost",
        ] {
            assert_eq!(parse_range(no), None, "{no}");
        }
    }

    #[test]
    fn examples_read_well() {
        for (range, example) in [
            ("10.0.0.0/8", "10.0.0.1"),
            ("10.0.0.0/32", "10.0.0.0"),
            ("0.0.0.0/0", "192.0.2.1"),
            ("192.0.2.128/25", "192.0.2.129"),
            ("fe80::/10", "fe80::1"),
            ("::/0", "2001:db8::1"),
        ] {
            assert_eq!(super::example(&parse_range(range).unwrap()), example);
        }
    }
}
