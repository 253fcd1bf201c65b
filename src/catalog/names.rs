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

/// The place of a name among so many, a power of two.
fn place(name: &str, count: usize) -> usize {
    let hash = name.bytes().fold(name.len() as u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash ^ (hash >> 15)) as usize & (count - 1)
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
