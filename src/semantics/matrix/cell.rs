//! One cell: how much of a resource the statements grant to an action.
//!
//! What a cell needs of the resources does not depend on the action but for the way it looks at them, so it is found
//! once for each column and way of looking: the resources of statements that share a path with the column.

use super::{Cell, Grant};
use crate::catalog::{ActionId, Catalog, Level};
use crate::policy::{ActionKind, Pattern, Resource, ResourceKind, Statement};
use crate::semantics::contain::{holds, may_overlap, overlap};
use crate::semantics::index::PrefixIndex;
use crate::semantics::pattern::{canonical, covers, example, matches, may_meet};
use crate::semantics::reading::{Meaning, Reading, fits};
use crate::semantics::scope::Scope;
use crate::semantics::view::{View, Views, own, views};

/// The action of a row.
pub(super) enum Subject {
    /// An action of the catalogue.
    Known(ActionId),
    /// A name that the catalogue does not know.
    Unknown(String),
    /// Actions that do not exist yet and that this wildcard would match.
    Future(Pattern<'static>),
}

/// A resource of a statement that shares a path with a column.
struct Neighbour {
    /// Index of the statement's reading.
    reading: usize,
    /// Index of the resource among the statement's.
    resource: usize,
    /// It holds the whole column.
    is_wider: bool,
    /// It lies within the column.
    is_narrower: bool,
    /// A path that both match; `None` where it hangs on what a hole is filled with.
    common: Option<String>,
}

/// All that the cells of a policy have in common.
pub(super) struct Grid<'g, 'p, 's> {
    readings: &'g [Reading<'p, 's>],
    catalog: &'g Catalog,
    columns: Vec<Views<'g>>,
    resources: Vec<Vec<Views<'g>>>,
    neighbours: Vec<[Vec<Neighbour>; View::COUNT]>,
}

impl<'g, 'p, 's> Grid<'g, 'p, 's> {
    /// Find for each column the resources that share a path with it.
    pub(super) fn new(readings: &'g [Reading<'p, 's>], catalog: &'g Catalog, columns: &[&'g Resource<'_>]) -> Self {
        let columns: Vec<Views<'_>> = columns.iter().map(|resource| views(resource)).collect();
        let resources: Vec<Vec<Views<'_>>> =
            readings.iter().map(|reading| reading.statement.resources.patterns.iter().map(views).collect()).collect();
        let mut owners = Vec::new();
        let mut indices: [PrefixIndex; View::COUNT] = Default::default();
        for (reading, all) in resources.iter().enumerate() {
            let statement = readings.get(reading).map(|reading| reading.statement);
            for (resource, views) in all.iter().enumerate() {
                // What cannot be read denies nothing.
                let own = statement.and_then(|statement| statement.resources.patterns.get(resource));
                let is_unreadable = own.is_some_and(|own| matches!(own.kind, ResourceKind::Unreadable));
                if is_unreadable && statement.is_some_and(|statement| !statement.allows()) {
                    continue;
                }
                for (index, view) in indices.iter_mut().zip(views) {
                    index.insert(view, owners.len());
                }
                owners.push((reading, resource));
            }
        }
        let neighbours_in = |view: usize, column: &Resource<'_>| -> Vec<Neighbour> {
            let near = indices.get(view).into_iter().flat_map(|index| index.may_meet(column));
            let mut near: Vec<(usize, usize)> = near.filter_map(|owner| owners.get(owner).copied()).collect();
            near.sort_unstable();
            let found = near.into_iter().filter_map(|(reading, resource)| {
                let other = resources.get(reading)?.get(resource)?.get(view)?;
                let is_reached = view != View::Bucket as usize || reaches_bucket(other);
                if !is_reached || !may_overlap(other, column) {
                    return None;
                }
                let common = overlap(other, column);
                let (is_wider, is_narrower) = (holds(other, column), holds(column, other));
                Some(Neighbour { reading, resource, is_wider, is_narrower, common })
            });
            found.collect()
        };
        let neighbours = columns
            .iter()
            .map(|views| {
                std::array::from_fn(|view| views.get(view).map_or_else(Vec::new, |column| neighbours_in(view, column)))
            })
            .collect();
        Self { readings, catalog, columns, resources, neighbours }
    }

    /// The cells of an action, given the scopes of the columns.
    pub(super) fn row(
        &self,
        subject: &Subject,
        level: Option<Level>,
        scopes: impl Iterator<Item = Scope>,
    ) -> Vec<Cell> {
        let speaks: Vec<bool> = self.readings.iter().map(|reading| speaks_of(reading, subject)).collect();
        let view = match subject {
            Subject::Known(id) => View::of(*id, self.catalog) as usize,
            Subject::Unknown(_) | Subject::Future(_) => View::Object as usize,
        };
        let cells = scopes.enumerate().map(|(column, scope)| {
            let fitting = match subject {
                Subject::Known(id) => fits(scope, self.catalog).contains(*id),
                _ => scope != Scope::Nothing,
            };
            if fitting { self.cell(column, view, subject, level, &speaks) } else { nothing() }
        });
        cells.collect()
    }

    fn cell(&self, column: usize, view: usize, subject: &Subject, level: Option<Level>, speaks: &[bool]) -> Cell {
        let Some(whole) = self.columns.get(column).and_then(|views| views.get(view)) else { return nothing() };
        if view == View::Bucket as usize && !reaches_bucket(whole) {
            return nothing();
        }
        let near = self.neighbours.get(column).and_then(|views| views.get(view)).map_or(&[][..], Vec::as_slice);
        let parts = near.iter().filter_map(|near| {
            let reading = self.readings.get(near.reading)?;
            let resource = self.resources.get(near.reading)?.get(near.resource)?.get(view)?;
            // An operation-level action is granted on `*` only.
            let counts = level != Some(Level::Service) || matches!(resource.kind, ResourceKind::Everything);
            // A resource that no request for the action touches neither grants nor denies any.
            let touches = |scope| match subject {
                Subject::Known(id) => fits(scope, self.catalog).contains(*id),
                Subject::Unknown(_) | Subject::Future(_) => true,
            };
            let counts = counts && reading.scopes.get(near.resource).is_some_and(|scoped| touches(scoped.scope));
            (counts && speaks.get(near.reading) == Some(&true)).then_some((reading.statement, near, resource))
        });
        let (allows, denies): (Vec<_>, Vec<_>) = parts.partition(|(statement, ..)| statement.allows());
        let is_firm = |statement: &Statement<'_>| statement.conditions.is_empty();
        if let Some((statement, ..)) = denies.iter().find(|(statement, near, _)| is_firm(statement) && near.is_wider) {
            return Cell { statements: vec![statement.index], ..nothing() };
        }
        let firm_denies: Vec<&Resource<'_>> = denies.iter().filter(|(s, ..)| is_firm(s)).map(|(.., r)| *r).collect();
        let (mut firm, mut best) = (Grant::None, Grant::None);
        let mut statements = Vec::new();
        for (statement, near, resource) in allows {
            let grant = part_granted(whole, resource, near, &firm_denies);
            if grant == Grant::None {
                continue;
            }
            statements.push(statement.index);
            if is_firm(statement) && rank(&grant) > rank(&firm) {
                firm = grant.clone();
            }
            if rank(&grant) > rank(&best) {
                best = grant;
            }
        }
        if best == Grant::None {
            return nothing();
        }
        statements.extend(denies.iter().map(|(statement, ..)| statement.index));
        statements.sort_unstable();
        statements.dedup();
        let conditional = rank(&firm) < rank(&best) || denies.iter().any(|(statement, ..)| !is_firm(statement));
        Cell { grant: best, conditional, statements }
    }
}

/// Whether a resource, as actions on the bucket see it, matches some `bucket/`: `exam*` does, `exam*/a` does not.
fn reaches_bucket(resource: &Resource<'_>) -> bool {
    resource.place().is_none_or(|place| may_meet(&place.path, &own("*/")))
}

const fn nothing() -> Cell {
    Cell { grant: Grant::None, conditional: false, statements: Vec::new() }
}

const fn rank(grant: &Grant) -> u8 {
    match grant {
        Grant::All => 3,
        Grant::Some(_) => 2,
        Grant::Unknown => 1,
        Grant::None => 0,
    }
}

/// How much of a column an allow grants beside firm denies, none of which holds the whole column.
fn part_granted(column: &Resource<'_>, allowed: &Resource<'_>, near: &Neighbour, denies: &[&Resource<'_>]) -> Grant {
    if near.is_wider {
        return if denies.is_empty() { Grant::All } else { free(column, denies).map_or(Grant::Unknown, Grant::Some) };
    }
    if near.is_narrower {
        if denies.iter().any(|denied| holds(denied, allowed)) {
            return Grant::None;
        }
        return free(allowed, denies).map_or(Grant::Unknown, Grant::Some);
    }
    let common = near.common.clone().filter(|common| !is_denied(common, denies));
    common.map_or(Grant::Unknown, Grant::Some)
}

/// A path of the resource that no deny matches. The canonical one settles it whenever no single deny holds the resource.
fn free(resource: &Resource<'_>, denies: &[&Resource<'_>]) -> Option<String> {
    let Some(place) = resource.place() else {
        return Some("otherbucket/example".to_owned()).filter(|word| !is_denied(word, denies));
    };
    let words =
        [example(&place.path, "example").into_owned(), example(&place.path, "x").into_owned(), canonical(&place.path)];
    words.into_iter().find(|word| !is_denied(word, denies))
}

fn is_denied(word: &str, denies: &[&Resource<'_>]) -> bool {
    denies.iter().any(|denied| match &denied.kind {
        ResourceKind::Everything => true,
        ResourceKind::Place(place) => matches(&place.path, word),
        _ => false,
    })
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
