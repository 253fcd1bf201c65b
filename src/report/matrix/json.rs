//! The matrix as JSON, version 1.

use std::io::{self, Write};

use serde::Serialize;

use super::super::shown::begins_command;
use super::{grant_word, witness};
use crate::catalog::{Class, Level};
use crate::engine::Matrices;
use crate::text::is_invisible;

#[derive(Debug, Serialize)]
struct V1<'a> {
    version: u32,
    file: &'a str,
    policies: Vec<Policy<'a>>,
    errors: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
struct Policy<'a> {
    pointer: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    kind: &'static str,
    kind_source: &'static str,
    scenarios: u64,
    granting: u64,
    columns: Vec<Column<'a>>,
    rows: Vec<Row<'a>>,
}

#[derive(Debug, Serialize)]
struct Column<'a> {
    resource: &'a str,
    within: &'a [usize],
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    actions: &'a [String],
    future: bool,
    level: Option<&'static str>,
    class: Option<&'static str>,
    cells: Vec<Cell<'a>>,
}

#[derive(Debug, Serialize)]
struct Cell<'a> {
    grant: &'static str,
    conditional: bool,
    statements: Vec<u32>,
    witness: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expectation: Option<&'static str>,
}

pub(super) fn write(file: &str, matrices: &Matrices, out: &mut dyn Write) -> io::Result<()> {
    let policies = matrices.policies.iter().filter_map(|policy| {
        let matrix = policy.matrix.as_ref().ok()?;
        Some(Policy {
            pointer: &policy.pointer,
            line: policy.line,
            kind: policy.kind.word(),
            kind_source: policy.kind_source.word(),
            scenarios: matrix.scenarios,
            granting: matrix.granting,
            columns: matrix.columns.iter().map(|c| Column { resource: &c.resource, within: &c.within }).collect(),
            rows: matrix.rows.iter().map(row).collect(),
        })
    });
    let errors = matrices.unjudged.iter().map(|unjudged| unjudged.message.as_str()).collect();
    let v1 = V1 { version: 1, file, policies: policies.collect(), errors };
    let mut text = serde_json::to_string(&v1)?;
    // serde_json escapes control characters; what reorders or hides text, or commands a build service, is escaped here.
    if text.contains("##") || text.chars().any(is_invisible) {
        let mut escaped = String::with_capacity(text.len() + 64);
        for (at, c) in text.char_indices() {
            let commands = c == '#' && begins_command(text.get(at..).unwrap_or_default());
            if commands || is_invisible(c) {
                let mut units = [0; 2];
                c.encode_utf16(&mut units).iter().for_each(|unit| escaped.push_str(&format!("\\u{unit:04x}")));
            } else {
                escaped.push(c);
            }
        }
        text = escaped;
    }
    writeln!(out, "{text}")
}

/// One matrix as a JSON value.
pub(in crate::report) fn value(matrix: &crate::semantics::matrix::Matrix) -> io::Result<serde_json::Value> {
    #[derive(Serialize)]
    struct One<'a> {
        scenarios: u64,
        granting: u64,
        columns: Vec<Column<'a>>,
        rows: Vec<Row<'a>>,
    }
    let one = One {
        scenarios: matrix.scenarios,
        granting: matrix.granting,
        columns: matrix.columns.iter().map(|c| Column { resource: &c.resource, within: &c.within }).collect(),
        rows: matrix.rows.iter().map(row).collect(),
    };
    Ok(serde_json::to_value(one)?)
}

fn row(row: &crate::semantics::matrix::Row) -> Row<'_> {
    Row {
        actions: &row.actions,
        future: row.is_future,
        level: row.level.map(Level::word),
        class: row.class.map(Class::word),
        cells: row
            .cells
            .iter()
            .map(|cell| Cell {
                grant: grant_word(&cell.grant),
                conditional: cell.conditional,
                statements: cell.statements.iter().map(|index| index + 1).collect(),
                witness: witness(cell),
                expectation: cell.mark.map(crate::semantics::matrix::Mark::word),
            })
            .collect(),
    }
}
