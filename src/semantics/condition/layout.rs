//! Contexts of several guards, laid out key by key.
//!
//! Behind each key only one thing about a context matters: which guards have not failed yet. Contexts that agree in it are
//! one case, of which the best example is kept: the one that assumes least. A key whose tests belong to failed guards only
//! is not laid out at all. So the cases are few where their product is large, and a budget on them is seldom spent.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cells::{Cell, Cost};
use super::context::{Assumption, Context, Said, Value};
use super::{Cells, Covered, Guard, Meets, Reason, TooMany, Vocabulary};

/// For each guard, whether it has not failed yet.
type Alive = Vec<bool>;

/// What an example shows of a key: its name, the value and what is assumed.
type Shown<'e> = (&'e str, &'e Value, &'e [Assumption]);

/// An example of a case.
#[derive(Debug, Clone, Default)]
struct Example {
    cost: Cost,
    keys: Vec<Said>,
}

struct Layout<'v> {
    vocabulary: &'v Vocabulary,
    guards: &'v [&'v Guard],
    /// The keys in the order in which they are laid out.
    keys: Vec<usize>,
    budget: usize,
}

impl<'v> Layout<'v> {
    fn new(vocabulary: &'v Vocabulary, guards: &'v [&'v Guard], budget: usize) -> Self {
        let numbers: BTreeSet<usize> = guards.iter().flat_map(|guard| &guard.tests).map(|(key, _)| *key).collect();
        let mut keys: Vec<usize> = numbers.into_iter().collect();
        let name = |key: &usize| vocabulary.keys.get(*key).map(|key| Arc::clone(&key.name));
        // The keys of the first guard first: of the others most fail there.
        let is_of_first = |key: usize| guards.first().is_some_and(|guard| guard.tests_of(key).next().is_some());
        keys.sort_by_cached_key(|key| (!is_of_first(*key), name(key)));
        Self { vocabulary, guards, keys, budget }
    }

    /// All cases. `settles` is told which guards are alive and which key comes next, and says that a case is not worth
    /// going on with.
    fn cases(&self, settles: impl Fn(&Alive, usize) -> bool) -> Result<BTreeMap<Alive, Example>, TooMany> {
        let start = vec![true; self.guards.len()];
        let mut cases = BTreeMap::new();
        if !settles(&start, 0) {
            cases.insert(start, Example::default());
        }
        for (place, key) in self.keys.clone().into_iter().enumerate() {
            let mut next: BTreeMap<Alive, Example> = BTreeMap::new();
            for (alive, example) in cases {
                for (alive, example) in self.split(key, alive, example)? {
                    if settles(&alive, place + 1) {
                        continue;
                    }
                    if next.get(&alive).is_none_or(|known| example.rank() < known.rank()) {
                        next.insert(alive, example);
                    }
                }
                if next.len() > self.budget {
                    return Err(TooMany::Contexts(self.budget));
                }
            }
            cases = next;
        }
        Ok(cases)
    }

    /// A case, split by the cells of a key.
    fn split(&self, key: usize, alive: Alive, example: Example) -> Result<Vec<(Alive, Example)>, TooMany> {
        let guards = self.guards;
        let of_alive =
            guards.iter().zip(&alive).filter(|(_, alive)| **alive).flat_map(|(guard, _)| guard.tests_of(key));
        let tests: BTreeSet<usize> = of_alive.collect();
        if tests.is_empty() {
            return Ok(vec![(alive, example)]);
        }
        let tests: Arc<[usize]> = tests.into_iter().collect();
        let Some(Key { name, cells }) = self.cells(key, &tests)? else { return Ok(vec![(alive, example)]) };
        let beside = example.keys.iter().find(|said| self.is_alike(said.key) && self.is_alike(key));
        let split = cells.iter().map(|cell| {
            let bound = beside.and_then(|said| self.beside(cell, key, &tests, &said.name));
            let cell = bound.as_ref().unwrap_or(cell);
            let holds = |test: usize| {
                let place = tests.binary_search(&test).ok();
                place.and_then(|place| cell.holds.get(place)).copied().unwrap_or(false)
            };
            let still = |(guard, alive): (&&Guard, &bool)| *alive && guard.tests_of(key).all(holds);
            let alive = guards.iter().zip(&alive).map(still).collect();
            let mut keys = example.keys.clone();
            let said = Said { key, name: Arc::clone(&name), tests: Arc::clone(&tests), cell: Arc::clone(cell) };
            keys.push(said);
            (alive, Example { cost: example.cost + cell.cost(), keys })
        });
        Ok(split.collect())
    }

    /// Whether a key says what other keys say.
    fn is_alike(&self, key: usize) -> bool {
        self.vocabulary.keys.get(key).is_some_and(|key| key.is_alike)
    }

    /// A cell of a key beside what another key says of the same: nobody knows whether there is such a request.
    fn beside(&self, cell: &Cell, key: usize, tests: &[usize], other: &str) -> Option<Arc<Cell>> {
        let key = self.vocabulary.keys.get(key)?;
        let (test, holds) = (key.tests.get(*tests.first()?)?, *cell.holds.first()?);
        let assumption = Assumption { beside: Some(other.to_owned()), ..Assumption::new(&key.name, test, holds) };
        let assumptions = cell.assumptions.iter().cloned().chain([assumption]).collect();
        Some(Arc::new(Cell { assumptions, is_free: false, ..cell.clone() }))
    }

    /// The cells of a key for some tests of it.
    fn cells(&self, number: usize, tests: &Arc<[usize]>) -> Result<Option<Key>, TooMany> {
        let Some(key) = self.vocabulary.keys.get(number) else { return Ok(None) };
        let name = Arc::clone(&key.name);
        let cells = self.vocabulary.cells(number, tests);
        let cells = cells.ok_or_else(|| TooMany::Cells { key: name.to_string() })?;
        Ok(Some(Key { name, cells }))
    }
}

/// A key's name and cells.
struct Key {
    name: Arc<str>,
    cells: Cells,
}

impl Example {
    /// Smaller ones assume less and read better; no two that differ are equal.
    fn rank(&self) -> (Cost, Vec<Shown<'_>>) {
        let said = self.keys.iter();
        (self.cost, said.map(|said| (&*said.name, &said.cell.value, said.cell.assumptions.as_slice())).collect())
    }

    fn into_context(mut self) -> Context {
        self.keys.sort_by(|a, b| a.name.cmp(&b.name));
        Context { keys: self.keys }
    }
}

impl Vocabulary {
    /// The contexts that these guards tell apart: each combination of guards that may hold together and no others with them,
    /// once, in an order that depends on nothing but the guards. All assumptions about opaque conditions are tried.
    pub fn contexts(&self, guards: &[&Guard], budget: usize) -> Result<Vec<Context>, TooMany> {
        let cases = Layout::new(self, guards, budget).cases(|_, _| false)?;
        Ok(cases.into_values().rev().map(Example::into_context).collect())
    }

    /// Whether in every context in which `narrow` holds one of `wide` holds.
    pub fn covered(&self, narrow: &Guard, wide: &[&Guard], budget: usize) -> Covered {
        match self.not_covered(narrow, wide, budget) {
            Ok(None) => Covered::Yes,
            Ok(Some(context)) if context.is_free() => Covered::No(context),
            Ok(Some(context)) => Covered::Unknown(Reason::Opaque(context.assumptions().cloned().collect())),
            // One of them alone may be enough, and that is a small question.
            Err(_) if wide.len() > 1 && wide.iter().any(|wide| self.is_within(narrow, wide, budget)) => Covered::Yes,
            Err(too_many) => Covered::Unknown(Reason::TooMany(too_many)),
        }
    }

    fn is_within(&self, narrow: &Guard, wide: &Guard, budget: usize) -> bool {
        matches!(self.not_covered(narrow, &[wide], budget), Ok(None))
    }

    /// The best context in which `narrow` holds and none of `wide` does.
    fn not_covered(&self, narrow: &Guard, wide: &[&Guard], budget: usize) -> Result<Option<Context>, TooMany> {
        let guards: Vec<&Guard> = std::iter::once(narrow).chain(wide.iter().copied()).collect();
        let layout = Layout::new(self, &guards, budget);
        let keys = layout.keys.clone();
        // A guard that is alive behind its last key holds.
        let last = |guard: &&Guard| keys.iter().rposition(|key| guard.tests_of(*key).next().is_some());
        let ends: Vec<usize> = guards.iter().map(|guard| last(guard).map_or(0, |place| place + 1)).collect();
        let cases = layout.cases(|alive, next| {
            let holds = |(alive, end): (&bool, &usize)| *alive && *end <= next;
            alive.first() == Some(&false) || alive.iter().zip(&ends).skip(1).any(holds)
        })?;
        Ok(best(cases))
    }

    /// Whether there is a context in which all of these hold.
    pub fn meets(&self, guards: &[&Guard]) -> Meets {
        let cases = Layout::new(self, guards, MOST_ALIVE).cases(|alive, _| alive.contains(&false));
        match cases.map(best) {
            Ok(None) => Meets::No,
            Ok(Some(context)) if context.is_free() => Meets::Yes(context),
            Ok(Some(context)) => Meets::Unknown(Reason::Opaque(context.assumptions().cloned().collect())),
            Err(too_many) => Meets::Unknown(Reason::TooMany(too_many)),
        }
    }
}

/// Only one case keeps all guards alive.
const MOST_ALIVE: usize = 1;

fn best(cases: BTreeMap<Alive, Example>) -> Option<Context> {
    cases.into_values().min_by(|a, b| a.rank().cmp(&b.rank())).map(Example::into_context)
}
