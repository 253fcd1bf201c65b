//! The parts into which some tests divide what a request may say about one key.
//!
//! A request gives a key one value or none. Values that no test tells apart are one cell, and cells in which the same tests
//! hold are one too; each has an example. A set that is not modelled (opaque) is a truth of its own, tried both ways
//! wherever the rest of its test does not decide; a cell says which tests it assumes to hold or to fail, and whether nothing
//! else on the key speaks against the assumption.

use std::collections::{BTreeMap, BTreeSet};

use super::context::{Assumption, Value};
use super::ranges::{self, Ranges};
use super::test::{Form, Kind, Test};
use super::text::{self, Holed, Texts};

/// Most opaque sets in one part of a key's values.
const MOST_OPAQUE: usize = 10;

/// How often a value is held against a test in the time of one step of a search.
pub(super) const COMPARED_IN_A_STEP: usize = 8;

/// A part of what a request may say about a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    /// For each test, whether it holds.
    pub(super) holds: Vec<bool>,
    /// One value of the cell.
    pub(super) value: Value,
    /// What it takes for granted of opaque sets.
    pub(super) assumptions: Vec<Assumption>,
    /// Whether nothing else on the key speaks against the assumptions.
    pub(super) is_free: bool,
}

impl Cell {
    /// What speaks against choosing this one among cells that are alike.
    pub(super) fn cost(&self) -> Cost {
        Cost {
            bound: u32::from(!self.is_free),
            assumptions: u32::try_from(self.assumptions.len()).unwrap_or(u32::MAX),
            absent: u32::from(self.value == Value::Absent),
            keys: 1,
        }
    }

    /// Smaller ones assume less and read better; no two that differ for a reader are equal.
    fn rank(&self) -> (Cost, usize, &Value, &[Assumption]) {
        (self.cost(), self.value.length(), &self.value, &self.assumptions)
    }
}

/// What speaks against an example, gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Cost {
    bound: u32,
    assumptions: u32,
    absent: u32,
    keys: u32,
}

impl std::ops::Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            bound: self.bound.saturating_add(other.bound),
            assumptions: self.assumptions.saturating_add(other.assumptions),
            absent: self.absent.saturating_add(other.absent),
            keys: self.keys.saturating_add(other.keys),
        }
    }
}

/// A set of which it is not known what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Atom<'t> {
    /// The text of a value with a hole.
    Holed(&'t Holed),
    /// A whole form.
    Form(&'t Form),
}

/// What a part of the values, or an absent key, makes of a test.
enum Outcome<'t> {
    Known(bool),
    /// It holds, or fails if `negated`, when one of these atoms is true.
    Open {
        atoms: Vec<Atom<'t>>,
        negated: bool,
    },
}

impl<'t> Outcome<'t> {
    fn atoms(&self) -> &[Atom<'t>] {
        if let Self::Open { atoms, .. } = self { atoms } else { &[] }
    }

    /// Whether the test holds when these atoms are true and no others.
    fn holds(&self, assumed: &[Atom<'_>]) -> bool {
        match self {
            Self::Known(holds) => *holds,
            Self::Open { atoms, negated } => atoms.iter().any(|atom| assumed.contains(atom)) != *negated,
        }
    }
}

/// The sets of one kind that the tests name, and the values with a hole in them.
struct Sets<'t> {
    kind: Option<Kind>,
    texts: Vec<&'t Texts>,
    points: Vec<&'t Ranges>,
    holed: Vec<&'t Holed>,
    /// For each test, which of these sets is its own; `None` for one of another kind.
    places: Vec<Option<usize>>,
}

/// A part of the values that the modelled sets tell apart.
struct Part {
    is_in: Vec<bool>,
    is_in_hull: Vec<bool>,
    example: Option<String>,
}

impl<'t> Sets<'t> {
    /// Those of the kind that most tests have; the tests of other kinds count as opaque.
    fn of(tests: &[&'t Test]) -> Self {
        let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
        for kind in tests.iter().filter_map(|test| test.form.kind()) {
            *counts.entry(kind).or_default() += 1;
        }
        let kind = counts.iter().rev().max_by_key(|(_, count)| **count).map(|(kind, _)| *kind);
        let places = Vec::with_capacity(tests.len());
        let mut sets = Self { kind, texts: Vec::new(), points: Vec::new(), holed: Vec::new(), places };
        for test in tests {
            let place = match &test.form {
                form if form.kind() != kind => None,
                Form::Texts(set) => Some(place_of(set, &mut sets.texts)),
                Form::Points(_, set) => Some(place_of(set, &mut sets.points)),
                Form::Present | Form::Opaque(_) => None,
            };
            sets.places.push(place);
        }
        sets.holed.extend(sets.texts.iter().flat_map(|set| set.holed()));
        sets.holed.sort_unstable();
        sets.holed.dedup();
        sets
    }

    fn parts(&self, steps: &mut usize) -> Option<Vec<Part>> {
        match self.kind {
            None => Some(vec![Part { is_in: Vec::new(), is_in_hull: Vec::new(), example: None }]),
            Some(Kind::Text) => {
                let parts = text::parts(&self.texts, &self.holed, steps)?;
                let part = |part: text::Part| Part {
                    is_in: part.is_in,
                    is_in_hull: part.is_in_hull,
                    example: Some(part.example),
                };
                Some(parts.into_iter().map(part).collect())
            }
            Some(kind) => {
                let part = |(is_in, ranges): (Vec<bool>, Vec<ranges::Range>)| Part {
                    is_in,
                    is_in_hull: Vec::new(),
                    example: Some(kind.example(&ranges)),
                };
                Some(ranges::parts(kind.all(), &self.points).into_iter().map(part).collect())
            }
        }
    }

    /// What the values of a part make of a test, by its place among the tests.
    fn outcome(&self, at: usize, test: &'t Test, part: &Part) -> Outcome<'t> {
        if test.form == Form::Present {
            return Outcome::Known(!test.negated);
        }
        let Some(place) = self.places.get(at).copied().flatten() else {
            return Outcome::Open { atoms: vec![Atom::Form(&test.form)], negated: test.negated };
        };
        if part.is_in.get(place) == Some(&true) {
            return Outcome::Known(!test.negated);
        }
        let Form::Texts(set) = &test.form else { return Outcome::Known(test.negated) };
        let may_be = |value: &&Holed| {
            let hulls = self.holed.iter().zip(&part.is_in_hull);
            hulls.into_iter().any(|(other, is_in)| other == value && *is_in)
        };
        let atoms: Vec<Atom<'t>> = set.holed().filter(may_be).map(Atom::Holed).collect();
        if atoms.is_empty() { Outcome::Known(test.negated) } else { Outcome::Open { atoms, negated: test.negated } }
    }
}

/// The place of a set among others, to which it is added where it is new.
fn place_of<'t, T: PartialEq>(set: &'t T, all: &mut Vec<&'t T>) -> usize {
    all.iter().position(|other| *other == set).unwrap_or_else(|| {
        all.push(set);
        all.len() - 1
    })
}

/// What an absent key makes of a test.
fn outcome_absent(test: &Test) -> Outcome<'_> {
    match test.absent {
        Some(holds) => Outcome::Known(holds),
        None => Outcome::Open { atoms: vec![Atom::Form(&test.form)], negated: test.negated },
    }
}

/// The cells of one key for some tests of it, each combination of tests that may hold together once; `None` when there are
/// too many, or it was not decided whether there are some. Searches are taken off `steps`.
pub(super) fn cells(key: &str, tests: &[&Test], steps: &mut usize) -> Option<Vec<Cell>> {
    // Each value is held against each test.
    *steps = steps.checked_sub(tests.len().saturating_mul(tests.len()) / COMPARED_IN_A_STEP)?;
    let sets = Sets::of(tests);
    // One form is one unknown, however many atoms it has; several may depend on each other.
    let is_lone = tests.windows(2).all(|pair| matches!(pair, [a, b] if a.form == b.form));
    let mut found: BTreeMap<Vec<bool>, Cell> = BTreeMap::new();
    for part in sets.parts(steps)?.into_iter().map(Some).chain([None]) {
        let outcomes: Vec<Outcome<'_>> = tests
            .iter()
            .enumerate()
            .map(|(at, test)| part.as_ref().map_or_else(|| outcome_absent(test), |part| sets.outcome(at, test, part)))
            .collect();
        let atoms = atoms(&outcomes);
        if atoms.len() > MOST_OPAQUE {
            return None;
        }
        let value = part.map_or(Value::Absent, |part| part.example.map_or(Value::Some, Value::Text));
        for truths in 0_u32..1 << atoms.len() {
            let places = (0..atoms.len()).filter(|place| truths & (1 << place) != 0);
            let assumed: Vec<Atom<'_>> = places.filter_map(|place| atoms.get(place)).copied().collect();
            let holds: Vec<bool> = outcomes.iter().map(|outcome| outcome.holds(&assumed)).collect();
            let assumptions = assumptions(key, tests, &outcomes, &atoms, &holds);
            let is_free = atoms.is_empty() || is_lone;
            let cell = Cell { holds, value: with_hole(&value, &assumed), assumptions, is_free };
            if found.get(&cell.holds).is_none_or(|known| cell.rank() < known.rank()) {
                found.insert(cell.holds.clone(), cell);
            }
        }
    }
    Some(found.into_values().collect())
}

/// The atoms on which some outcomes depend, each once.
fn atoms<'t>(outcomes: &[Outcome<'t>]) -> Vec<Atom<'t>> {
    let mut atoms: Vec<Atom<'t>> = Vec::new();
    for atom in outcomes.iter().flat_map(Outcome::atoms) {
        if !atoms.contains(atom) {
            atoms.push(*atom);
        }
    }
    atoms
}

/// What is taken for granted when tests hold as `holds` says, in order: one test for each atom, whatever the order of tests.
fn assumptions(
    key: &str,
    tests: &[&Test],
    outcomes: &[Outcome<'_>],
    atoms: &[Atom<'_>],
    holds: &[bool],
) -> Vec<Assumption> {
    let of = |atom: &Atom<'_>| {
        let depend = outcomes.iter().enumerate().filter(|(_, outcome)| outcome.atoms().contains(atom));
        depend.filter_map(|(place, _)| Some(Assumption::new(key, tests.get(place)?, *holds.get(place)?))).min()
    };
    let all: BTreeSet<Assumption> = atoms.iter().filter_map(of).collect();
    all.into_iter().collect()
}

/// The value, or the one with a hole that it is assumed to be.
fn with_hole(value: &Value, assumed: &[Atom<'_>]) -> Value {
    let holed = assumed.iter().filter_map(|atom| if let Atom::Holed(value) = atom { Some(&value.text) } else { None });
    holed.min().map_or_else(|| value.clone(), |text| Value::Text(text.clone()))
}
