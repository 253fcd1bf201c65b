//! Sets of points on a line, as sorted ranges.
//!
//! Numbers, instants, addresses and truth are all laid on one line of 128-bit points. Values of a dense kind (numbers,
//! instants) stand on every tenth point only, so that the points between two of them stand for whatever lies strictly
//! between, and an open end is simply the next point. One kind of range, closed at both ends, is then exact for all.

use std::collections::BTreeMap;

/// A place on the line.
pub(super) type Point = u128;

/// A range, both ends included.
pub(super) type Range = (Point, Point);

/// A set of points: sorted ranges with a gap between any two. Equal sets are equal values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) struct Ranges(Vec<Range>);

impl Ranges {
    /// The union of these ranges; one whose end lies before its start is empty.
    pub(super) fn new(ranges: impl IntoIterator<Item = Range>) -> Self {
        let mut sorted: Vec<Range> = ranges.into_iter().filter(|(start, end)| start <= end).collect();
        sorted.sort_unstable();
        let mut merged: Vec<Range> = Vec::with_capacity(sorted.len());
        for (start, end) in sorted {
            match merged.last_mut() {
                Some((_, last)) if start <= last.saturating_add(1) => *last = (*last).max(end),
                _ => merged.push((start, end)),
            }
        }
        Self(merged)
    }

    /// Whether a point is in the set. O(log n).
    pub(super) fn contains(&self, point: Point) -> bool {
        let before = self.0.partition_point(|(start, _)| *start <= point);
        before.checked_sub(1).and_then(|last| self.0.get(last)).is_some_and(|(_, end)| point <= *end)
    }

    /// The first points of its ranges and the first points behind them.
    fn edges(&self) -> impl Iterator<Item = Point> {
        self.0.iter().flat_map(|(start, end)| [Some(*start), end.checked_add(1)]).flatten()
    }
}

/// The parts of `whole` that `sets` tell apart: for each combination of them that some point lies in, its ranges in order.
/// Two ranges of one part may touch.
pub(super) fn parts(whole: Range, sets: &[&Ranges]) -> BTreeMap<Vec<bool>, Vec<Range>> {
    let mut starts: Vec<Point> = sets.iter().flat_map(|set| set.edges()).collect();
    starts.push(whole.0);
    starts.retain(|point| (whole.0..=whole.1).contains(point));
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).map(|next| next - 1).chain([whole.1]);
    let mut parts: BTreeMap<Vec<bool>, Vec<Range>> = BTreeMap::new();
    for (start, end) in starts.iter().copied().zip(ends) {
        parts.entry(sets.iter().map(|set| set.contains(start)).collect()).or_default().push((start, end));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_sets_are_equal_values() {
        assert_eq!(Ranges::new([(4, 6), (1, 2), (3, 3)]), Ranges::new([(1, 6)]));
        assert_ne!(Ranges::new([(1, 2), (4, 6)]), Ranges::new([(1, 6)]));
        assert_eq!(Ranges::new([(0, u128::MAX), (5, 7), (3, 2)]), Ranges::new([(0, u128::MAX)]));
    }

    #[test]
    fn parts_are_those_that_points_tell_apart() {
        // All pairs of sets over eight points, one of them reaching each end of the line.
        let set = |bits: u8| Ranges::new((0..8_u128).filter(|i| bits & (1 << i) != 0).map(|i| (i, i)));
        for a in 0..=u8::MAX {
            for b in (0..=u8::MAX).step_by(3) {
                let (left, right) = (set(a), set(b));
                let mut seen = [0_u8; 8];
                for (part, ranges) in parts((0, 7), &[&left, &right]) {
                    for point in ranges.into_iter().flat_map(|(start, end)| start..=end) {
                        seen[usize::try_from(point).unwrap()] += 1;
                        assert_eq!(part, [a & (1 << point) != 0, b & (1 << point) != 0]);
                    }
                }
                assert_eq!(seen, [1; 8], "{a:b} {b:b}");
            }
        }
        let all = Ranges::new([(0, u128::MAX)]);
        assert_eq!(parts((0, u128::MAX), &[&all]), BTreeMap::from([(vec![true], vec![(0, u128::MAX)])]));
    }
}
