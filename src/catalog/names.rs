//! Names and their numbers, for look-ups that happen once for every action and condition of every policy.
//!
//! A table of at least twice as many places as names, filled in order and probed from the place that a name's bytes give.
//! The names come with the program, so nobody can choose them to collide.

/// Where each name of a list stands.
#[derive(Debug)]
pub(super) struct Names {
    /// Index of a name, by place; [`Names::EMPTY`] where there is none.
    places: Vec<u16>,
}

impl Names {
    const EMPTY: u16 = u16::MAX;

    /// The table of a list of names.
    pub(super) fn new<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> Self {
        let mut places = vec![Self::EMPTY; (names.len() * 2).next_power_of_two().max(2)];
        for (index, name) in names.enumerate() {
            let mut at = place(name, places.len());
            while places.get(at).is_some_and(|taken| *taken != Self::EMPTY) {
                at = (at + 1) % places.len();
            }
            if let Some(free) = places.get_mut(at) {
                *free = index as u16;
            }
        }
        Self { places }
    }

    /// The index of a name, given what stands at an index of the list. O(1).
    pub(super) fn find<'n>(&self, name: &str, at: impl Fn(usize) -> Option<&'n str>) -> Option<usize> {
        let mut place = place(name, self.places.len());
        loop {
            let index = *self.places.get(place)?;
            if index == Self::EMPTY {
                return None;
            }
            if at(usize::from(index)) == Some(name) {
                return Some(usize::from(index));
            }
            place = (place + 1) % self.places.len();
        }
    }
}

/// The place of a name among so many, a power of two. Of a long name both ends tell, which mostly differ.
fn place(name: &str, count: usize) -> usize {
    const MIX: u64 = 0x9E37_79B9_7F4A_7C15;
    let bytes = name.as_bytes();
    let ends = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(first), Some(last)) => u64::from_le_bytes(*first).wrapping_mul(MIX) ^ u64::from_le_bytes(*last),
        _ => bytes.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)),
    };
    let hash = (ends ^ name.len() as u64).wrapping_mul(MIX);
    (hash >> 40) as usize & (count - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_and_no_other() {
        let list: Vec<String> = (0..300).map(|number| format!("Put{number}Object")).collect();
        let names = Names::new(list.iter().map(String::as_str));
        let at = |index: usize| list.get(index).map(String::as_str);
        for (index, name) in list.iter().enumerate() {
            assert_eq!(names.find(name, at), Some(index));
        }
        assert_eq!(names.find("Put300Object", at), None);
        assert_eq!(Names::new(std::iter::empty::<&str>()).find("", at), None);
    }
}
