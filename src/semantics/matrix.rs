//! Actions times resources, cell by cell.
//!
//! The method of the vendor's guide: enumerate every action with every resource, and look at each cell. The rows are
//! the concrete actions; those that no pattern and no fact tells apart stand in one row. The columns are the distinct
//! resources. A cell tells how much of its column is granted, on what conditions, and which statements decide.
//!
//! An action of the bucket touches `bucket/`; one that lists is judged against the prefix it lists, for which `bucket/`
//! and `bucket/*` mean every prefix. Principals are not told apart here: a cell speaks of whomever the statements name.

use std::collections::{BTreeMap, BTreeSet};

use super::contain::{holds, overlap};
use super::graph;
use super::pattern::{canonical, covers, example, matches};
use super::reading::{Meaning, Reading, fits};
use super::scope::{Scope, scope_of};
use crate::catalog::{ActionId, ActionSet, Catalog, Class, Family, Level};
use crate::policy::{ActionKind, Anchor, Case, Owners, Pattern, Place, Resource, ResourceKind};

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
    let seen_as: Vec<[Resource<'static>; 3]> = resources.iter().map(|resource| views(resource)).collect();
    let cover: Vec<Vec<[Resource<'static>; 3]>> =
        readings.iter().map(|reading| reading.statement.resources.patterns.iter().map(views).collect()).collect();
    let grid = Grid { readings, catalog, cover: &cover };
    let mut granting = 0;
    let rows = rows(readings, catalog)
        .into_iter()
        .map(|(subject, mut row)| {
            row.cells = columns
                .iter()
                .zip(&seen_as)
                .map(|(column, views)| grid.cell(&subject, row.level, column.scope, views))
                .collect();
            let granted = row.cells.iter().filter(|cell| matches!(cell.grant, Grant::All | Grant::Some(_))).count();
            granting += (granted * row.actions.len()) as u64;
            row
        })
        .collect();
    Ok(Matrix { columns, rows, scenarios, granting })
}

/// The action of a row.
enum Subject {
    Known(ActionId),
    Unknown(String),
    Future(Pattern<'static>),
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
                others.insert((true, pattern.text().to_owned()), Subject::Future(own(pattern.text())));
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

fn own(text: &str) -> Pattern<'static> {
    Pattern::new(text.to_owned(), false, Case::Sensitive, Anchor::loose(crate::text::Span::default()))
}

/// A resource as actions on objects, on the bucket, and on listed prefixes see it.
fn views(resource: &Resource<'_>) -> [Resource<'static>; 3] {
    let with_path = |path: Option<Pattern<'static>>| {
        let kind = match (&resource.kind, path) {
            (ResourceKind::Place(place), Some(path)) => {
                let whole = |pattern: &Pattern<'_>| own(pattern.text());
                ResourceKind::Place(Box::new(Place {
                    region: whole(&place.region),
                    account: whole(&place.account),
                    path,
                }))
            }
            (ResourceKind::Everything | ResourceKind::Unreadable, _) => ResourceKind::Everything,
            _ => ResourceKind::OtherService,
        };
        Resource { span: resource.span, text: resource.text.to_string().into(), kind, is_faulty: resource.is_faulty }
    };
    let Some(place) = resource.place() else { return [with_path(None), with_path(None), with_path(None)] };
    let text = place.path.text();
    let as_written = || own(text);
    let bucket = match place.slash() {
        Some(slash) => text.get(..=slash as usize).unwrap_or(text).to_owned(),
        None if place.path.is_wild() => text.to_owned(),
        None => format!("{text}/"),
    };
    let is_whole = place.slash().map_or(!place.path.is_wild(), |slash| slash as usize + 1 == text.len());
    let prefix = if is_whole { format!("{}/*", place.bucket()) } else { text.to_owned() };
    // A resource below the bucket does not reach the bucket itself: seen by an action on the bucket, an exact key or a
    // prefix of keys stays what it is, and is matched by nothing.
    let reaches_bucket = place.slash().is_none() || matches(&place.path, &bucket);
    let bucket = if reaches_bucket { own(&bucket) } else { as_written() };
    [with_path(Some(as_written())), with_path(Some(bucket)), with_path(Some(own(&prefix)))]
}

struct Grid<'g, 'p, 's> {
    readings: &'g [Reading<'p, 's>],
    catalog: &'g Catalog,
    cover: &'g [Vec<[Resource<'static>; 3]>],
}

impl Grid<'_, '_, '_> {
    /// Which view of a resource an action takes.
    fn view(&self, subject: &Subject) -> usize {
        match subject {
            Subject::Known(id) if self.catalog.prefix_reach().contains(*id) => 2,
            Subject::Known(id) => usize::from(self.catalog.action(*id).is_some_and(|a| a.level == Level::Bucket)),
            _ => 0,
        }
    }

    fn cell(&self, subject: &Subject, level: Option<Level>, scope: Scope, column: &[Resource<'static>; 3]) -> Cell {
        let nothing = Cell { grant: Grant::None, conditional: false, statements: Vec::new() };
        let fitting = match subject {
            Subject::Known(id) => fits(scope, self.catalog).contains(*id),
            _ => scope != Scope::Nothing,
        };
        let view = self.view(subject);
        let Some(column) = column.get(view).filter(|_| fitting) else { return nothing };
        // An operation-level action is granted on `*` only.
        let only_everything = level == Some(Level::Service);
        let speaking = |allows: bool| {
            self.readings
                .iter()
                .zip(self.cover)
                .filter(move |(r, _)| r.statement.allows() == allows && speaks_of(r, subject))
                .flat_map(move |(r, cover)| {
                    cover
                        .iter()
                        .filter_map(move |views| views.get(view))
                        .filter(move |resource| !only_everything || matches!(resource.kind, ResourceKind::Everything))
                        .map(move |resource| (r.statement, resource))
                })
        };
        let denies: Vec<_> = speaking(false).filter(|(_, resource)| overlap(resource, column).is_some()).collect();
        let firm = |statement: &crate::policy::Statement<'_>| statement.conditions.is_empty();
        if let Some((statement, _)) =
            denies.iter().find(|(statement, resource)| firm(statement) && holds(resource, column))
        {
            return Cell { statements: vec![statement.index], ..nothing };
        }
        let firm_denies: Vec<&Resource<'static>> = denies.iter().filter(|(s, _)| firm(s)).map(|(_, r)| *r).collect();
        let mut cell = nothing;
        let mut is_open = true;
        for (statement, resource) in speaking(true) {
            let grant = part_granted(column, resource, &firm_denies);
            if grant == Grant::None {
                continue;
            }
            cell.statements.push(statement.index);
            is_open &= !firm(statement);
            if better(&grant, &cell.grant) {
                cell.grant = grant;
            }
        }
        if cell.grant != Grant::None {
            cell.statements.extend(denies.iter().map(|(statement, _)| statement.index));
            cell.conditional = is_open || denies.iter().any(|(statement, _)| !firm(statement));
        }
        cell.statements.sort_unstable();
        cell.statements.dedup();
        cell
    }
}

/// Whether a statement speaks of the action.
fn speaks_of(reading: &Reading<'_, '_>, subject: &Subject) -> bool {
    match subject {
        Subject::Known(id) => reading.actions().contains(*id),
        Subject::Unknown(name) => {
            reading.covers_service
                || reading.action_patterns().any(|(action, meaning)| match &action.kind {
                    ActionKind::Own(pattern) if meaning != Meaning::Unreadable => matches(pattern, name),
                    ActionKind::Own(pattern) => pattern.text() == name,
                    _ => action.text == *name,
                })
        }
        Subject::Future(wild) => {
            reading.covers_service
                || reading.action_patterns().any(|(action, meaning)| match &action.kind {
                    ActionKind::Own(pattern) => matches!(meaning, Meaning::Wildcard(_)) && covers(pattern, wild),
                    _ => false,
                })
        }
    }
}

fn better(new: &Grant, old: &Grant) -> bool {
    let rank = |grant: &Grant| match grant {
        Grant::All => 3,
        Grant::Some(_) => 2,
        Grant::Unknown => 1,
        Grant::None => 0,
    };
    rank(new) > rank(old)
}

/// How much of a column an allow grants beside firm denies, none of which holds the whole column.
fn part_granted(column: &Resource<'_>, allowed: &Resource<'_>, denies: &[&Resource<'static>]) -> Grant {
    if holds(allowed, column) {
        return if denies.is_empty() { Grant::All } else { free(column, denies).map_or(Grant::Unknown, Grant::Some) };
    }
    if holds(column, allowed) {
        if denies.iter().any(|denied| holds(denied, allowed)) {
            return Grant::None;
        }
        return free(allowed, denies).map_or(Grant::Unknown, Grant::Some);
    }
    match overlap(column, allowed) {
        None => Grant::None,
        Some(word) if !is_denied(&word, denies) => Grant::Some(word),
        Some(_) => Grant::Unknown,
    }
}

/// A path of the resource that no deny matches. The canonical one settles it whenever no single deny holds the resource.
fn free(resource: &Resource<'_>, denies: &[&Resource<'static>]) -> Option<String> {
    let Some(place) = resource.place() else {
        return Some("otherbucket/example".to_owned()).filter(|word| !is_denied(word, denies));
    };
    let words =
        [example(&place.path, "example").into_owned(), example(&place.path, "x").into_owned(), canonical(&place.path)];
    words.into_iter().find(|word| !is_denied(word, denies))
}

fn is_denied(word: &str, denies: &[&Resource<'static>]) -> bool {
    denies.iter().any(|denied| match &denied.kind {
        ResourceKind::Everything => true,
        ResourceKind::Place(place) => matches(&place.path, word),
        _ => false,
    })
}
