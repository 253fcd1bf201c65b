//! What an exact question may cost, and what is said when it would cost more.
//!
//! Costs are counted, never timed, so that the same question gets the same answer everywhere. States are what a search
//! creates; comparisons are what matching takes, and bound it on patterns that were made to be slow.

use std::fmt;

/// The most that questions may cost. Several questions can share one: it remembers what is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    states_each: usize,
    states: usize,
    bytes: usize,
    comparisons: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(20_000, 200_000)
    }
}

impl Budget {
    /// At most `each` states for one question and `in_all` for all that share this budget; 32 MiB for one question, and
    /// comparisons for about a second in all.
    pub fn new(each: usize, in_all: usize) -> Self {
        Self { states_each: each, states: in_all, bytes: 32 << 20, comparisons: 1 << 30 }
    }

    /// The same with this many bytes for one question.
    pub fn with_bytes(self, bytes: usize) -> Self {
        Self { bytes, ..self }
    }

    /// The same with this many comparisons in all.
    pub fn with_comparisons(self, comparisons: u64) -> Self {
        Self { comparisons, ..self }
    }

    /// Whether no further question would be searched for an answer.
    pub fn is_spent(&self) -> bool {
        self.states == 0 || self.comparisons == 0
    }

    /// Take off what it costs to make patterns ready, in comparisons; whether there was so much.
    pub fn spend(&mut self, comparisons: u64) -> bool {
        let left = self.comparisons.checked_sub(comparisons);
        self.comparisons = left.unwrap_or(0);
        left.is_some()
    }

    /// The states that are left for all further questions.
    pub fn states_left(&self) -> usize {
        self.states
    }

    /// The comparisons that are left for all further questions.
    pub fn comparisons_left(&self) -> u64 {
        self.comparisons
    }
}

/// What ended a question without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// The states of this question, or of all that share its budget.
    States,
    /// The bytes that it may hold.
    Bytes,
    /// The comparisons of all that share its budget.
    Comparisons,
    /// A pattern on the outside names the generic letter, on which the search relies.
    Reserved,
    /// The word that was found did not stand up to the plain matcher. A mistake in this program; no answer is better
    /// than a wrong one.
    Unconfirmed,
}

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What ended it.
    pub limit: Limit,
    /// The states that it had created.
    pub states: usize,
    /// Indices of the patterns on the outside that caused it, in order: those that took part and have a one-letter
    /// wildcard somewhere behind a run, for they remember which of many letters were read. Empty if there are none.
    pub patterns: Vec<usize>,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.limit {
            Limit::States => write!(f, "not decided after {} states", self.states)?,
            Limit::Bytes => write!(f, "not decided within the memory it may take, after {} states", self.states)?,
            Limit::Comparisons => f.write_str("not decided, since the patterns are too many or too long to compare")?,
            Limit::Reserved => return f.write_str("not decided, since a pattern names a reserved mark"),
            Limit::Unconfirmed => return f.write_str("not decided, since the example found did not stand the check"),
        }
        match self.patterns.len() {
            0 => Ok(()),
            1 => f.write_str(
                " - one pattern has a one-letter wildcard behind a run and fits in too many ways - write it without",
            ),
            n => write!(
                f,
                " - {n} patterns have one-letter wildcards behind runs and fit in too many ways - write them without"
            ),
        }
    }
}

/// What one question has cost so far, taken off a budget.
#[derive(Debug)]
pub(super) struct Meter<'b> {
    budget: &'b mut Budget,
    states: usize,
    bytes: usize,
}

impl<'b> Meter<'b> {
    pub(super) fn new(budget: &'b mut Budget) -> Self {
        Self { budget, states: 0, bytes: 0 }
    }

    pub(super) fn states(&self) -> usize {
        self.states
    }

    /// Take one state of this size.
    pub(super) fn state(&mut self, bytes: usize) -> Result<(), Limit> {
        if self.states >= self.budget.states_each || self.budget.states == 0 {
            return Err(Limit::States);
        }
        self.states += 1;
        self.budget.states -= 1;
        self.bytes(bytes)
    }

    /// Take memory; there is no giving back.
    pub(super) fn bytes(&mut self, bytes: usize) -> Result<(), Limit> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > self.budget.bytes { Err(Limit::Bytes) } else { Ok(()) }
    }

    /// Take comparisons, which were or will be made.
    pub(super) fn comparisons(&mut self, spent: u64) -> Result<(), Limit> {
        let left = self.budget.comparisons.checked_sub(spent);
        self.budget.comparisons = left.unwrap_or(0);
        left.map(|_| ()).ok_or(Limit::Comparisons)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_share_what_is_left() {
        let mut budget = Budget::new(2, 3);
        for (states, left) in [(2, 1), (1, 0), (0, 0)] {
            let mut meter = Meter::new(&mut budget);
            for _ in 0..states {
                assert_eq!(meter.state(1), Ok(()));
            }
            assert_eq!(meter.state(1), Err(Limit::States));
            assert_eq!((meter.states(), budget.states_left()), (states, left));
        }
    }

    #[test]
    fn memory_and_comparisons_end_a_question_too() {
        let mut budget = Budget::default().with_bytes(10).with_comparisons(5);
        let mut meter = Meter::new(&mut budget);
        assert_eq!((meter.bytes(10), meter.state(1)), (Ok(()), Err(Limit::Bytes)));
        assert_eq!((meter.comparisons(4), meter.comparisons(2)), (Ok(()), Err(Limit::Comparisons)));
        assert_eq!(Meter::new(&mut budget).state(10), Ok(()), "memory is for one question");
        assert_eq!(budget.comparisons_left(), 0);
    }
}
