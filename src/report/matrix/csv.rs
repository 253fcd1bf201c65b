//! The matrix as RFC 4180 lines, one for each action and resource.

use std::io::{self, Write};

use super::{grant_word, witness};
use crate::engine::Matrices;
use crate::report::shown::harmless;
use crate::semantics::matrix::Matrix;

const HEAD: &str = "policy,action,level,class,resource,grant,conditional,statements,witness,expectation";

pub(super) fn write(file: &str, matrices: &Matrices, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{HEAD}\r\n")?;
    for policy in &matrices.policies {
        let Ok(matrix) = &policy.matrix else { continue };
        let place = match (policy.line, policy.pointer.as_str()) {
            (Some(line), _) => format!("{file}:{line}"),
            (None, "") => file.to_owned(),
            (None, pointer) => format!("{file} {pointer}"),
        };
        write_cells(&place, matrix, out)?;
    }
    Ok(())
}

/// Write one matrix, that of a policy in `file`.
pub(in crate::report) fn write_one(file: &str, matrix: &Matrix, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{HEAD}\r\n")?;
    write_cells(file, matrix, out)
}

fn write_cells(place: &str, matrix: &Matrix, out: &mut dyn Write) -> io::Result<()> {
    for row in &matrix.rows {
        for action in &row.actions {
            for (column, cell) in matrix.columns.iter().zip(&row.cells) {
                let numbers: Vec<String> = cell.statements.iter().map(|index| (index + 1).to_string()).collect();
                let fields = [
                    field(place),
                    field(action),
                    row.level.map_or("", |level| level.word()).to_owned(),
                    row.class.map_or("", |class| class.word()).to_owned(),
                    field(&column.resource),
                    grant_word(&cell.grant).to_owned(),
                    cell.conditional.to_string(),
                    numbers.join(" "),
                    field(witness(cell).unwrap_or_default()),
                    cell.mark.map_or("", |mark| mark.word()).to_owned(),
                ];
                write!(out, "{}\r\n", fields.join(","))?;
            }
        }
    }
    Ok(())
}

/// A field that a spreadsheet neither splits nor takes for a formula.
fn field(text: &str) -> String {
    let text = harmless(text);
    let guard = if text.starts_with(['=', '+', '-', '@', '\t']) { "'" } else { "" };
    if text.contains([',', '"', '\n', '\r', ';']) || !guard.is_empty() {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        text.into_owned()
    }
}
