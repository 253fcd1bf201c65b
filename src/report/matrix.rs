//! The action x resource matrix, for people and for machines.
//!
//! Columns are lettered, because resources are long; cells say how much of the column is granted and which statements
//! decide. `table` and `markdown` are for people, `csv` has a line for each cell, `json` has a version.

mod csv;
mod json;
mod table;

use std::io;

pub(super) use csv::write_one as write_csv;
pub(super) use json::value as json_matrix;
pub(super) use table::{escaped, write_one as write_table};

use super::shown::shown;
use crate::engine::Matrices;
use crate::semantics::matrix::{Cell, Grant, Matrix, Row};

/// How a matrix is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MatrixFormat {
    /// Aligned columns, for a terminal.
    Table,
    /// A Markdown table.
    Markdown,
    /// One line for each action and resource.
    Csv,
    /// JSON, version 1.
    Json,
}

impl MatrixFormat {
    /// All formats, in the order in which help lists them.
    pub const ALL: &'static [Self] = &[Self::Table, Self::Markdown, Self::Csv, Self::Json];

    /// The word for it on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Markdown => "markdown",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }
}

impl std::fmt::Display for MatrixFormat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.word())
    }
}

impl std::str::FromStr for MatrixFormat {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        super::by_word(Self::ALL, Self::word, word)
    }
}

/// Write the matrices of the policies in `file`.
///
/// # Errors
/// When `out` cannot be written.
pub fn render_matrices(
    file: &str,
    matrices: &Matrices,
    format: MatrixFormat,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        MatrixFormat::Table => table::write(file, matrices, false, out),
        MatrixFormat::Markdown => table::write(file, matrices, true, out),
        MatrixFormat::Csv => csv::write(file, matrices, out),
        MatrixFormat::Json => json::write(file, matrices, out),
    }
}

/// The word for how much a cell grants.
const fn grant_word(grant: &Grant) -> &'static str {
    match grant {
        Grant::All => "all",
        Grant::Some(_) => "some",
        Grant::None => "none",
        Grant::Unknown => "unknown",
    }
}

/// A path that a cell grants, if it grants only some.
fn witness(cell: &Cell) -> Option<&str> {
    match &cell.grant {
        Grant::Some(path) => Some(path),
        _ => None,
    }
}

/// The name of a column: A to Z, then AA, AB and so on.
fn letter(index: usize) -> String {
    let mut name = String::new();
    let mut rest = index + 1;
    while rest > 0 {
        rest -= 1;
        name.insert(0, char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    name
}

/// The actions of a row, shortened to fit a line.
fn row_name(row: &Row) -> String {
    if row.is_future {
        let wild = row.actions.first().map_or("*", String::as_str);
        return format!("any later action that fits {}", shown(wild));
    }
    let shown_names: Vec<_> = row.actions.iter().take(3).map(|name| shown(name)).collect();
    let more = row.actions.len().saturating_sub(3);
    let names = shown_names.join(", ");
    if more > 0 { format!("{names} +{more}") } else { names }
}

/// The sentence over a matrix: the guide's count.
pub(super) fn title(matrix: &Matrix) -> String {
    let columns = matrix.columns.iter().filter(|column| !column.is_beside).count() as u64;
    let rows: u64 = matrix.scenarios.checked_div(columns).unwrap_or(0);
    format!(
        "{rows} {} x {columns} {} = {} {}, {} of them {} something",
        plural(rows, "action", "actions"),
        plural(columns, "resource", "resources"),
        matrix.scenarios,
        plural(matrix.scenarios, "scenario", "scenarios"),
        matrix.granting,
        plural(matrix.granting, "grants", "grant"),
    )
}

const fn plural(count: u64, one: &'static str, many: &'static str) -> &'static str {
    if count == 1 { one } else { many }
}

#[cfg(test)]
mod tests {
    use super::letter;

    #[test]
    fn columns_are_lettered_as_in_a_spreadsheet() {
        assert_eq!([0, 25, 26, 27, 701, 702].map(letter), ["A", "Z", "AA", "AB", "ZZ", "AAA"]);
    }
}
