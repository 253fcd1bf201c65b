//! What the conditions of a statement mean: the set of requests that meet them, exactly.
//!
//! A request gives each condition key one value or none; the conditions of a statement are a conjunction of tests, each of
//! one key, and hold or fail in such a context. So the contexts that some statements tell apart are laid out key by key: the
//! values of a key fall into few cells that their tests tell apart (`cells`), and only combinations of cells that make
//! different statements hold are kept (`layout`). Values are ranges of exact numbers, instants and addresses, truths, or
//! texts with wildcards, whichever the operators compare; nothing is known here of particular keys. What the operators of one
//! key compare is taken for the kind of all its values: a number's test never sees a text.
//!
//! What is not modelled is opaque and never guessed: unknown operators, keys with several values, values that are not of their
//! operator's type, two kinds of values on one key, and holes. An opaque condition is a truth of its own, the same for equal
//! conditions. What is proven for both truths is proven; an example that needs one says so ([`Context::assumptions`]), and is
//! only offered as one when nothing else on the key speaks against it.

mod address;
mod cells;
mod context;
mod evaluate;
mod instant;
mod layout;
mod number;
mod ranges;
mod test;
mod text;
mod word;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

pub use crate::policy::AbsentKeys;
pub use context::{Assumption, Context, Value};
pub use evaluate::{Given, Truth};
pub use test::holds_without;

use crate::policy::Condition;
use cells::{Cell, cells};
use test::Test;

/// The most contexts that are laid out for one question, unless the caller says otherwise.
pub const MOST_CONTEXTS: usize = 4_096;

/// What a provider's service makes of conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Usage {
    /// What an absent key does to a negated operator.
    pub absent_keys: AbsentKeys,
    /// Whether `?` in a text with wildcards is any one letter.
    pub any_one: bool,
}

/// The tests of any number of statements and policies, each known once. Questions about guards are asked here, and only
/// about guards that were made here.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    usage: Usage,
    numbers: BTreeMap<Arc<str>, usize>,
    keys: Vec<Key>,
    /// How many holes without a name were read.
    occurrences: u32,
    /// Names of keys that all say the same of a request, each in its own way.
    alike: Vec<Arc<str>>,
    known: RefCell<Known>,
}

/// The parts of keys that were told apart before.
#[derive(Debug, Clone)]
struct Known {
    /// By key and tests, by number; `None` where there are too many.
    cells: BTreeMap<(usize, Arc<[usize]>), Option<Cells>>,
    /// Steps for all further searches on any key.
    steps: usize,
}

/// The cells of one key for some of its tests.
type Cells = Arc<[Arc<Cell>]>;

/// Steps for all searches on the keys of one vocabulary.
const MOST_STEPS: usize = 1 << 21;

/// A condition key and its tests.
#[derive(Debug, Clone)]
struct Key {
    name: Arc<str>,
    tests: Vec<Test>,
    /// Other keys say the same of a request.
    is_alike: bool,
}

/// The conditions of a statement: the contexts in which all of them hold. Guards of one vocabulary are equal when they are
/// made of the same tests.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guard {
    /// Key and test by number, in order.
    tests: Vec<(usize, usize)>,
    is_impossible: bool,
}

impl Guard {
    /// The guard of a statement without conditions.
    pub const ALWAYS: Self = Self { tests: Vec::new(), is_impossible: false };

    /// Whether no request meets it; this is a proof.
    pub const fn is_impossible(&self) -> bool {
        self.is_impossible
    }

    /// Whether every request meets it for want of conditions that ask anything.
    pub const fn is_always(&self) -> bool {
        self.tests.is_empty()
    }

    /// The numbers of its tests of one key.
    fn tests_of(&self, key: usize) -> impl Iterator<Item = usize> {
        self.tests.iter().filter(move |(of, _)| *of == key).map(|(_, test)| *test)
    }
}

/// Whether some guards cover another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Covered {
    /// Wherever it holds, one of them does.
    Yes,
    /// It holds in this context and none of them does; under its assumptions, if it has some.
    No(Context),
    /// Not decided.
    Unknown(Reason),
}

/// Whether guards hold together somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meets {
    /// All of them hold in this context; under its assumptions, if it has some.
    Yes(Context),
    /// They never do.
    No,
    /// Not decided.
    Unknown(Reason),
}

/// Why a question is not decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// There are more contexts than the budget has.
    TooMany(TooMany),
    /// It depends on conditions that are not modelled: these would have to hold or fail together.
    Opaque(Vec<Assumption>),
}

/// There is more to lay out than may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TooMany {
    /// More contexts than this.
    Contexts(usize),
    /// More cells of one key than can be told apart.
    Cells {
        /// The key.
        key: String,
    },
}

impl std::error::Error for TooMany {}

impl fmt::Display for TooMany {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contexts(budget) => write!(f, "the conditions make more than {budget} cases"),
            Self::Cells { key } => write!(f, "the conditions on `{key}` make too many cases"),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany(too_many) => too_many.fmt(f),
            Self::Opaque(assumptions) => {
                f.write_str("it is not known whether ")?;
                for (place, assumption) in assumptions.iter().enumerate() {
                    write!(f, "{}{assumption}", if place == 0 { "" } else { " and " })?;
                }
                Ok(())
            }
        }
    }
}

impl Vocabulary {
    /// An empty one.
    pub const fn new(usage: Usage) -> Self {
        let known = RefCell::new(Known { cells: BTreeMap::new(), steps: MOST_STEPS });
        Self { usage, numbers: BTreeMap::new(), keys: Vec::new(), occurrences: 0, alike: Vec::new(), known }
    }

    /// The same, where the keys of these names all say the same of a request. What one of them may be beside another one is
    /// not known: an example that speaks of two is none to rely on.
    #[must_use]
    pub fn with_alike<'n>(mut self, names: impl IntoIterator<Item = &'n str>) -> Self {
        self.alike = names.into_iter().map(Arc::from).collect();
        self
    }

    /// The guard that conditions make for requests that never carry the keys of those that `is_absent` tells: what holds without
    /// its key asks nothing of them, and what fails without it no such request meets.
    pub fn guard_without<'c, 's: 'c>(
        &mut self,
        conditions: &'c [Condition<'s>],
        is_absent: impl Fn(&Condition<'s>) -> bool,
    ) -> Guard {
        let fails = |condition: &Condition<'s>| holds_without(condition, self.usage.absent_keys) == Some(false);
        let failing = conditions.iter().find(|condition| is_absent(condition) && fails(condition));
        let failing = failing.and_then(|condition| self.intern_absence(condition));
        let usage = self.usage;
        let asks = |condition: &&Condition<'s>| {
            !is_absent(condition) || holds_without(condition, usage.absent_keys) != Some(true)
        };
        let asked: Vec<&Condition<'s>> = conditions.iter().filter(asks).collect();
        let mut guard = self.guard(asked);
        if let Some(absence) = failing {
            guard.tests.push(absence);
            guard.tests.sort_unstable();
            guard.tests.dedup();
            guard.is_impossible = true;
        }
        guard
    }

    /// The guard that these conditions make together. Holes without a name are another unknown with every call, so a
    /// statement that has some is read once.
    pub fn guard<'c, 's: 'c>(&mut self, conditions: impl IntoIterator<Item = &'c Condition<'s>>) -> Guard {
        let mut tests: Vec<(usize, usize)> =
            conditions.into_iter().filter_map(|condition| self.intern(condition)).collect();
        tests.sort_unstable();
        tests.dedup();
        let is_refuted = |of_key: &[(usize, usize)]| {
            let tests: Arc<[usize]> = of_key.iter().map(|(_, test)| *test).collect();
            let cells = of_key.first().and_then(|(key, _)| self.cells(*key, &tests));
            cells.is_some_and(|cells| !cells.iter().any(|cell| cell.holds.iter().all(|holds| *holds)))
        };
        let is_impossible = tests.chunk_by(|a, b| a.0 == b.0).any(is_refuted);
        Guard { tests, is_impossible }
    }

    /// The cells of a key for some tests of it, in order of number; `None` when there are too many.
    fn cells(&self, key: usize, tests: &Arc<[usize]>) -> Option<Cells> {
        let mut known = self.known.borrow_mut();
        let place = (key, Arc::clone(tests));
        if let Some(cells) = known.cells.get(&place) {
            return cells.clone();
        }
        let key = self.keys.get(key)?;
        let own: Vec<&Test> = tests.iter().filter_map(|test| key.tests.get(*test)).collect();
        let found = cells(&key.name, &own, &mut known.steps);
        let found: Option<Cells> = found.map(|cells| cells.into_iter().map(Arc::new).collect());
        known.cells.insert(place, found.clone());
        found
    }

    /// The numbers of a condition's key and test; `None` if it asks nothing.
    fn intern(&mut self, condition: &Condition<'_>) -> Option<(usize, usize)> {
        let test = Test::read(condition, self.usage, &mut self.occurrences)?;
        self.intern_test(condition, test)
    }

    /// The numbers of a condition's key and of the test that it be absent.
    fn intern_absence(&mut self, condition: &Condition<'_>) -> Option<(usize, usize)> {
        self.intern_test(condition, Test::absence())
    }

    fn intern_test(&mut self, condition: &Condition<'_>, test: Test) -> Option<(usize, usize)> {
        let number = if let Some(number) = self.numbers.get(&*condition.key) {
            *number
        } else {
            let name: Arc<str> = Arc::from(&*condition.key);
            self.numbers.insert(Arc::clone(&name), self.keys.len());
            let is_alike = self.alike.contains(&name);
            self.keys.push(Key { name, tests: Vec::new(), is_alike });
            self.keys.len() - 1
        };
        let tests = &mut self.keys.get_mut(number)?.tests;
        let place = tests.iter().position(|known| *known == test).unwrap_or_else(|| {
            tests.push(test);
            tests.len() - 1
        });
        Some((number, place))
    }
}
