//! Characters in classes: those that no set in question tells apart.

use std::collections::{BTreeMap, BTreeSet};

/// The number of a class.
pub(super) type Class = u32;

/// All characters, each in one class. Classes are numbered from 0, the one with the most readable character first.
#[derive(Debug, Clone)]
pub(super) struct Classes {
    /// Where each stretch of characters of one class begins, in order; the first begins at 0.
    starts: Vec<u32>,
    /// The class of each stretch.
    of_stretch: Vec<Class>,
    /// The classes of the first characters, which are asked for most.
    ascii: [Class; 128],
    /// For each class the most readable character and another one, if there is one.
    samples: Vec<(char, Option<char>)>,
}

impl Classes {
    /// The classes that `sets` make, each a list of ranges; and for each set, its classes in order.
    pub(super) fn of_sets(sets: &[Vec<(char, char)>]) -> (Self, Vec<Vec<Class>>) {
        let mut edges: BTreeMap<u32, Vec<usize>> = BTreeMap::from([(0, Vec::new())]);
        for (index, set) in sets.iter().enumerate() {
            for (first, last) in set {
                edges.entry(u32::from(*first)).or_default().push(index);
                edges.entry(u32::from(*last) + 1).or_default().push(index);
            }
        }
        let mut inside: BTreeSet<usize> = BTreeSet::new();
        let stretches = edges.into_iter().map(|(start, changed)| {
            for index in changed {
                // Ranges of one set may touch: what ends here may begin anew.
                if !inside.remove(&index) {
                    inside.insert(index);
                }
            }
            (start, inside.clone())
        });
        let (classes, kinds) = Self::of_stretches(stretches);
        let classes_of = |index: usize| {
            (0..).zip(&kinds).filter(|(_, kind)| kind.contains(&index)).map(|(class, _)| class).collect()
        };
        (classes, (0..sets.len()).map(classes_of).collect())
    }

    /// The classes that two divisions make together, and for each the two that it is part of.
    pub(super) fn joint(a: &Self, b: &Self) -> (Self, Vec<(Class, Class)>) {
        let starts: BTreeSet<u32> = a.starts.iter().chain(&b.starts).copied().collect();
        Self::of_stretches(starts.into_iter().map(|start| (start, (a.at(start), b.at(start)))))
    }

    /// Stretches of the same kind are one class.
    fn of_stretches<K: Ord + Clone>(stretches: impl Iterator<Item = (u32, K)>) -> (Self, Vec<K>) {
        let stretches: Vec<(u32, K)> = stretches.take_while(|(start, _)| *start <= u32::from(char::MAX)).collect();
        let ends = stretches.iter().skip(1).map(|(start, _)| *start).chain([u32::from(char::MAX) + 1]);
        let mut samples: BTreeMap<K, Vec<char>> = BTreeMap::new();
        for ((start, kind), end) in stretches.iter().zip(ends) {
            let samples = samples.entry(kind.clone()).or_default();
            samples.extend(readable(*start, end));
            samples.sort_by_key(|c| (rank(*c), *c));
            samples.truncate(2);
        }
        let mut kinds: Vec<(K, (char, Option<char>))> = samples
            .into_iter()
            // Without a sample it is a stretch of surrogates, which are no characters.
            .map(|(kind, samples)| {
                (kind, (samples.first().copied().unwrap_or(char::REPLACEMENT_CHARACTER), samples.get(1).copied()))
            })
            .collect();
        kinds.sort_by_key(|(_, (sample, _))| (rank(*sample), *sample));
        let number: BTreeMap<&K, Class> = kinds.iter().map(|(kind, _)| kind).zip(0..).collect();
        let class_of = |(_, kind): &(u32, K)| number.get(kind).copied().unwrap_or_default();
        let mut classes = Self {
            starts: stretches.iter().map(|(start, _)| *start).collect(),
            of_stretch: stretches.iter().map(class_of).collect(),
            ascii: [0; 128],
            samples: kinds.iter().map(|(_, samples)| *samples).collect(),
        };
        let ascii = std::array::from_fn(|c| classes.at(c as u32));
        classes.ascii = ascii;
        (classes, kinds.into_iter().map(|(kind, _)| kind).collect())
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.samples.len()
    }

    /// The class of a character. O(log n).
    pub(super) fn of(&self, c: char) -> Class {
        match self.ascii.get(c as usize) {
            Some(class) => *class,
            None => self.at(u32::from(c)),
        }
    }

    fn at(&self, c: u32) -> Class {
        let stretch = self.starts.partition_point(|start| *start <= c).saturating_sub(1);
        self.of_stretch.get(stretch).copied().unwrap_or_default()
    }

    /// The most readable character of a class, and another one, if there is one.
    pub(super) fn samples(&self, class: Class) -> (char, Option<char>) {
        self.samples.get(class as usize).copied().unwrap_or((char::REPLACEMENT_CHARACTER, None))
    }
}

/// How well a character reads in an example, the best first.
fn rank(c: char) -> u8 {
    match c {
        'a'..='z' => 0,
        '1'..='9' => 1,
        '0' => 2,
        'A'..='Z' => 3,
        _ if c.is_ascii_graphic() => 4,
        _ if c.is_alphanumeric() => 5,
        ' ' => 6,
        _ if c.is_control() => 8,
        _ => 7,
    }
}

/// The most readable characters from `start` to before `end`, two for each rank that is tried.
fn readable(start: u32, end: u32) -> impl Iterator<Item = char> {
    /// How many characters behind ASCII are looked at for a letter.
    const LOOKED_AT: u32 = 64;
    let ascii = (start..end.min(128)).filter_map(char::from_u32);
    let behind = start.max(128);
    let first = (behind..end.min(behind.saturating_add(LOOKED_AT))).filter_map(char::from_u32);
    ascii.chain(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_make_classes_and_every_character_has_one() {
        let sets = [vec![('a', 'z'), ('0', '9')], vec![('a', 'f'), ('g', 'g')], vec![('\0', char::MAX)]];
        let (classes, of_sets) = Classes::of_sets(&sets);
        assert_eq!((classes.of('a'), classes.of('g'), classes.of('h'), classes.of('7')), (0, 0, 1, 1));
        assert_eq!(classes.of('-'), classes.of('\u{10ffff}'));
        assert_eq!(of_sets, [vec![0, 1], vec![0], vec![0, 1, 2]]);
        assert_eq!(classes.samples(0), ('a', Some('b')));
        assert_eq!(classes.samples(2), ('A', Some('B')));
    }

    #[test]
    fn two_divisions_make_a_finer_one() {
        let (letters, _) = Classes::of_sets(&[vec![('a', 'z')]]);
        let (vowels, _) = Classes::of_sets(&[vec![('a', 'a'), ('e', 'e'), ('é', 'é')]]);
        let (both, parts) = Classes::joint(&letters, &vowels);
        for c in ['a', 'b', 'e', 'é', 'A', '/', '语'] {
            let parts = parts[both.of(c) as usize];
            assert_eq!(parts, (letters.of(c), vowels.of(c)), "{c}");
        }
        assert_eq!(both.len(), 4);
    }
}
