//! Actions times resources: what a matrix of them is. [`permission`](super::permission) fills its cells.
//!
//! The method of the vendor's guide: enumerate every action with every resource, and look at each cell. The rows are
//! the concrete actions; those that no pattern and no fact tells apart stand in one row. The columns are the distinct
//! resources. A cell tells how much of its column is granted, on what conditions, and which statements decide.
//!
//! An action of the bucket touches `bucket/`; one that lists is judged against the prefix it lists, for which `bucket/`
//! and `bucket/*` mean every prefix. Principals are not told apart here: a cell speaks of whomever the statements name.

use smallvec::SmallVec;

use super::reading::{Meaning, Reading};
use super::scope::Scope;
use crate::catalog::{ActionSet, Class, Family, Level};
use crate::policy::{ActionKind, Resource, ResourceKind};

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

impl Matrix {
    /// How many cells were not decided, in words for people; `None` if all were.
    pub fn undecided(&self) -> Option<String> {
        let cells = || self.rows.iter().flat_map(|row| &row.cells);
        let count = cells().filter(|cell| cell.grant == Grant::Unknown).count();
        let (noun, verb) = if count == 1 { ("cell", "was") } else { ("cells", "were") };
        (count > 0).then(|| format!("{count} {noun} of the matrix {verb} not decided"))
    }
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
    /// No resource of the policy, but one that is expected in it.
    pub is_beside: bool,
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
    /// How it stands to what is expected of the policy, if something is.
    pub mark: Option<Mark>,
}

/// How a cell stands to what is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// What it grants is expected.
    Expected,
    /// It grants something that is not.
    Excess,
    /// It lacks something that is.
    Missing,
}

impl Mark {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Excess => "excess",
            Self::Missing => "missing",
        }
    }
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
    let mut others: SmallVec<[&str; 4]> = SmallVec::new();
    let everything = Resource::everything();
    let mut columns: SmallVec<[&Resource<'_>; 8]> = SmallVec::new();
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
        let statement = reading.statement;
        columns.extend(statement.resources.patterns.iter());
        columns.extend((statement.allows() && statement.resources.is_open()).then_some(&everything));
    }
    others.sort_unstable();
    others.dedup();
    (known.len() + others.len()) as u64 * distinct(&mut columns) as u64
}

/// How many resources there are, equal ones counted once. Few are compared each with each, many are sorted.
fn distinct(resources: &mut [&Resource<'_>]) -> usize {
    const FEW: usize = 8;
    if resources.len() <= FEW {
        let is_new = |(at, one): &(usize, &&Resource<'_>)| !resources.iter().take(*at).any(|other| is_same(one, other));
        return resources.iter().enumerate().filter(is_new).count();
    }
    resources.sort_unstable_by(|a, b| identity(a).cmp(&identity(b)));
    resources.chunk_by(|a, b| is_same(a, b)).count()
}

/// Whether two resources are one; what mostly tells them apart is compared first.
fn is_same(one: &Resource<'_>, other: &Resource<'_>) -> bool {
    let ((region, account, path), (others_region, others_account, others_path)) = (identity(one), identity(other));
    path == others_path && account == others_account && region == others_region
}

/// What tells two resources apart: region, account and path, or the text.
pub(super) fn identity<'r>(resource: &'r Resource<'_>) -> (&'r str, &'r str, &'r str) {
    match &resource.kind {
        ResourceKind::Place(place) => (place.region.text(), place.account.text(), place.path.text()),
        ResourceKind::Everything => ("", "", "*"),
        ResourceKind::OtherService | ResourceKind::Unreadable => ("", "", resource.text.as_ref()),
    }
}
