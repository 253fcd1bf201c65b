//! Actions times resources, cell by cell.
//!
//! The method of the vendor's guide: enumerate every action with every resource, and look at each cell. The rows are
//! the concrete actions; those that no pattern and no fact tells apart stand in one row. The columns are the distinct
//! resources. A cell tells how much of its column is granted, on what conditions, and which statements decide.
//!
//! An action of the bucket touches `bucket/`; one that lists is judged against the prefix it lists, for which `bucket/`
//! and `bucket/*` mean every prefix. Principals are not told apart here: a cell speaks of whomever the statements name.

mod cell;

use std::collections::{BTreeMap, BTreeSet};

use self::cell::{Grid, Subject};
use super::graph;
use super::reading::{Meaning, Reading};
use super::scope::{Scope, scope_of};
use super::view::own;
use crate::catalog::{ActionId, ActionSet, Catalog, Class, Family, Level};
use crate::policy::{ActionKind, Owners, Resource, ResourceKind};

/// The most cells that are laid out unless more is asked for.
pub const MAX_CELLS: u64 = 1_000_000;

/// The matrix of a policy.
#[derive(Debug, Clone)]
pub struct Matrix {
    /// The distinct resources.
    pub columns: Vec<Column>,
    /// The actions, grouped.
    pub rows: Vec<Row>,
    /// Concrete actions times distinct resources, before grouping.
    pub scenarios: u64,
    /// How many of them grant something.
    pub granting: u64,
}

/// A resource of the policy.
#[derive(Debug, Clone)]
pub struct Column {
    /// As written.
    pub resource: String,
    /// How wide it reaches.
    pub scope: Scope,
    /// The columns in which it lies directly.
    pub within: Vec<usize>,
}

/// Actions that nothing tells apart.
#[derive(Debug, Clone)]
pub struct Row {
    /// Their names; for actions unknown today, the wildcard that would match them.
    pub actions: Vec<String>,
    /// It stands for actions that do not exist yet.
    pub is_future: bool,
    /// Their level; `None` for actions that the catalogue does not know.
    pub level: Option<Level>,
    /// Their class; `None` for actions that the catalogue does not know.
    pub class: Option<Class>,
    /// Their family.
    pub family: Option<Family>,
    /// A cell for each column.
    pub cells: Vec<Cell>,
}

/// An action on a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// How much of the column is granted.
    pub grant: Grant,
    /// It hangs on a condition.
    pub conditional: bool,
    /// The statements that decide, counted from 0.
    pub statements: Vec<u32>,
}

/// How much of a column is granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant {
    /// All of it.
    All,
    /// Some of it; a path in it that is granted.
    Some(String),
    /// Nothing.
    None,
    /// It was not decided: neither a whole nor a free part was found.
    Unknown,
}

/// The matrix would have too many cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the matrix would have {cells} cells, more than {MAX_CELLS}")]
pub struct TooLarge {
    /// Concrete actions times distinct resources.
    pub cells: u64,
}

/// Concrete actions times distinct resources, without laying them out. O(n log n) in patterns.
pub fn scenarios(readings: &[Reading<'_, '_>]) -> u64 {
    let mut known = ActionSet::EMPTY;
    let mut others: Vec<&str> = Vec::new();
    let mut columns: Vec<(&str, &str, &str)> = Vec::new();
    for reading in readings {
        known |= reading.actions();
        for (action, meaning) in reading.action_patterns() {
            match (meaning, &action.kind) {
                (Meaning::Known(_) | Meaning::Other, _) => {}
                (Meaning::WholeService, _) => others.push("*"),
                (_, ActionKind::Own(pattern)) => others.push(pattern.text()),
                _ => others.push(&action.text),
            }
        }
        columns.extend(reading.statement.resources.patterns.iter().map(identity));
    }
    others.sort_unstable();
    others.dedup();
    columns.sort_unstable();
    columns.dedup();
    (known.len() + others.len()) as u64 * columns.len() as u64
}

/// What tells two resources apart: region, account and path, or the text.
fn identity<'r>(resource: &'r Resource<'_>) -> (&'r str, &'r str, &'r str) {
    match &resource.kind {
        ResourceKind::Place(place) => (place.region.text(), place.account.text(), place.path.text()),
        ResourceKind::Everything => ("", "", "*"),
        ResourceKind::OtherService | ResourceKind::Unreadable => ("", "", resource.text.as_ref()),
    }
}

/// Lay out the matrix of a policy's statements.
///
/// # Errors
/// When it would have more than [`MAX_CELLS`] cells and `is_large` does not allow it.
pub fn matrix(
    readings: &[Reading<'_, '_>],
    catalog: &Catalog,
    owners: &Owners,
    is_large: bool,
) -> Result<Matrix, TooLarge> {
    let scenarios = scenarios(readings);
    if scenarios > MAX_CELLS && !is_large {
        return Err(TooLarge { cells: scenarios });
    }
    let mut seen = BTreeSet::new();
    let all = readings.iter().flat_map(|reading| &reading.statement.resources.patterns);
    let resources: Vec<&Resource<'_>> = all.filter(|resource| seen.insert(identity(resource))).collect();
    let order = graph::order(&resources);
    let columns: Vec<Column> = resources
        .iter()
        .zip(order.within)
        .map(|(resource, within)| Column {
            resource: resource.text.trim().to_owned(),
            scope: scope_of(resource, owners).scope,
            within,
        })
        .collect();
    let grid = Grid::new(readings, catalog, &resources);
    let mut granting = 0;
    let rows = rows(readings, catalog)
        .into_iter()
        .map(|(subject, mut row)| {
            row.cells = grid.row(&subject, row.level, columns.iter().map(|column| column.scope));
            let granted = row.cells.iter().filter(|cell| matches!(cell.grant, Grant::All | Grant::Some(_))).count();
            granting += (granted * row.actions.len()) as u64;
            row
        })
        .collect();
    Ok(Matrix { columns, rows, scenarios, granting })
}

/// What tells two known actions apart: the patterns that match them (statement and number), level, class, reach, family.
type Signature = (Vec<(u32, u32)>, u8, u8, u8, bool);

/// The rows without their cells, known actions first, in order of name.
fn rows(readings: &[Reading<'_, '_>], catalog: &Catalog) -> Vec<(Subject, Row)> {
    let known = readings.iter().fold(ActionSet::EMPTY, |all, reading| all | reading.actions());
    let mut groups: BTreeMap<Signature, Vec<ActionId>> = BTreeMap::new();
    for id in known.iter() {
        let Some(action) = catalog.action(id) else { continue };
        let matching = readings.iter().zip(0..).flat_map(|(reading, s)| {
            let meanings = reading.meanings.iter().zip(0..);
            meanings.filter(move |(meaning, _)| meaning.actions(catalog).contains(id)).map(move |(_, p)| (s, p))
        });
        let key =
            (matching.collect(), action.level as u8, action.class as u8, action.reach as u8, action.family.is_some());
        groups.entry(key).or_default().push(id);
    }
    let mut groups: Vec<Vec<ActionId>> = groups.into_values().collect();
    groups.sort();
    let mut rows: Vec<(Subject, Row)> = Vec::new();
    for group in groups {
        let Some(first) = group.first().copied() else { continue };
        let Some(action) = catalog.action(first) else { continue };
        let row = Row {
            actions: group.iter().map(|id| catalog.name(*id).to_owned()).collect(),
            is_future: false,
            level: Some(action.level),
            class: Some(action.class),
            family: action.family,
            cells: Vec::new(),
        };
        rows.push((Subject::Known(first), row));
    }
    let mut others: BTreeMap<(bool, String), Subject> = BTreeMap::new();
    for (action, meaning) in readings.iter().flat_map(Reading::action_patterns) {
        match (meaning, &action.kind) {
            (Meaning::Known(_) | Meaning::Other, _) => {}
            (Meaning::WholeService, _) => {
                others.insert((true, "*".to_owned()), Subject::Future(own("*")));
            }
            (Meaning::Wildcard(_), ActionKind::Own(pattern)) => {
                others.insert((true, pattern.text().to_owned()), Subject::Future(own(pattern.text().to_owned())));
            }
            (_, ActionKind::Own(pattern)) => {
                others.insert((false, pattern.text().to_owned()), Subject::Unknown(pattern.text().to_owned()));
            }
            _ => {
                others.insert((false, action.text.to_string()), Subject::Unknown(action.text.to_string()));
            }
        }
    }
    for ((is_future, name), subject) in others {
        let row = Row { actions: vec![name], is_future, level: None, class: None, family: None, cells: Vec::new() };
        rows.push((subject, row));
    }
    rows
}
