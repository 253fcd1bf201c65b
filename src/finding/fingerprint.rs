//! A name for a finding that survives reformatting and neighbours.
//!
//! It is made of the rule, the file, the statement (its `sid`, or else a hash of its content that knows no blanks,
//! comments or order of keys) and the place within the statement; no line and no statement index. Equal findings in
//! equal statements are told apart by a counter.

use std::fmt;

/// A 64-bit name of a finding, shown as 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub u64);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl std::str::FromStr for Fingerprint {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(text, 16).map(Self)
    }
}

/// A hash of eight bytes at a time: stable across platforms and versions, which the standard library's hashers do not
/// promise. Not meant to resist anybody: whoever can choose a policy's text can also choose to have no finding.
#[derive(Debug, Clone, Copy)]
pub struct Hasher(u64);

impl Default for Hasher {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher {
    /// Take in a field; its length is taken in too, so that neighbours cannot run together.
    pub fn field(mut self, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self = self.number(u64::from_le_bytes(*word));
        }
        let rest = rest.iter().rev().fold(0, |rest, byte| rest << 8 | u64::from(*byte));
        self.number(rest).number(bytes.len() as u64)
    }

    /// Take in a number.
    pub const fn number(self, number: u64) -> Self {
        let mixed = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self((mixed ^ (mixed >> 32)).wrapping_mul(0x0100_0000_01b3))
    }

    /// The hash so far.
    pub const fn finish(self) -> u64 {
        self.0
    }
}
