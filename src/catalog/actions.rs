//! Sets of actions, as bits.

use super::ActionId;

const WORDS: usize = 4;

/// A set of actions of one catalogue; a catalogue has at most [`ActionSet::CAPACITY`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ActionSet([u64; WORDS]);

impl ActionSet {
    /// The most actions a catalogue can have.
    pub const CAPACITY: usize = WORDS * 64;

    /// No action.
    pub const EMPTY: Self = Self([0; WORDS]);

    /// The set of one action.
    pub fn one(id: ActionId) -> Self {
        let mut set = Self::EMPTY;
        set.insert(id);
        set
    }

    /// The first `count` actions.
    pub fn first(count: usize) -> Self {
        (0..count as u16).map(ActionId).collect()
    }

    /// Add an action.
    pub fn insert(&mut self, id: ActionId) {
        if let Some(word) = self.0.get_mut(usize::from(id.0) / 64) {
            *word |= 1 << (id.0 % 64);
        }
    }

    /// Whether an action is in it.
    pub fn contains(&self, id: ActionId) -> bool {
        self.0.get(usize::from(id.0) / 64).is_some_and(|word| word >> (id.0 % 64) & 1 == 1)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0 == [0; WORDS]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether all of these are in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        (*self - *other).is_empty()
    }

    /// Whether some action is in both.
    pub fn meets(&self, other: &Self) -> bool {
        !(*self & *other).is_empty()
    }

    /// The actions in order of name.
    pub fn iter(&self) -> impl Iterator<Item = ActionId> + use<> {
        let words = self.0;
        words.into_iter().enumerate().flat_map(|(index, mut word)| {
            std::iter::from_fn(move || {
                (word != 0).then(|| {
                    let bit = word.trailing_zeros();
                    word &= word - 1;
                    ActionId(index as u16 * 64 + bit as u16)
                })
            })
        })
    }
}

impl FromIterator<ActionId> for ActionSet {
    fn from_iter<I: IntoIterator<Item = ActionId>>(ids: I) -> Self {
        let mut set = Self::EMPTY;
        for id in ids {
            set.insert(id);
        }
        set
    }
}

macro_rules! operator {
    ($trait:ident, $method:ident, |$a:ident, $b:ident| $word:expr) => {
        impl std::ops::$trait for ActionSet {
            type Output = Self;

            fn $method(mut self, other: Self) -> Self {
                for ($a, $b) in self.0.iter_mut().zip(other.0) {
                    *$a = $word;
                }
                self
            }
        }
    };
}

operator!(BitAnd, bitand, |a, b| *a & b);
operator!(BitOr, bitor, |a, b| *a | b);
operator!(Sub, sub, |a, b| *a & !b);

impl std::ops::BitOrAssign for ActionSet {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_algebra() {
        let low: ActionSet = [0, 63, 64].map(ActionId).into_iter().collect();
        let high: ActionSet = [64, 255].map(ActionId).into_iter().collect();
        assert_eq!((low & high).iter().collect::<Vec<_>>(), [ActionId(64)]);
        assert_eq!((low | high).len(), 4);
        assert_eq!((low - high).iter().map(|id| id.0).collect::<Vec<_>>(), [0, 63]);
        assert!((low & high).is_subset(&low) && low.meets(&high) && !ActionSet::EMPTY.meets(&low));
        assert_eq!(ActionSet::first(65).len(), 65);
    }
}
