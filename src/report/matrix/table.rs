//! The matrix for people: a legend of resources, the table, and a path for each cell that grants only some.

use std::io::{self, Write};

use super::{grant_word, letter, row_name, title, witness};
use crate::engine::{Matrices, PolicyMatrix};
use crate::report::shown::{file_name, shown};
use crate::semantics::matrix::{Cell, Column, Grant, Mark, Matrix};
use crate::semantics::scope::Scope;

pub(super) fn write(file: &str, matrices: &Matrices, is_markdown: bool, out: &mut dyn Write) -> io::Result<()> {
    for (index, policy) in matrices.policies.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        let heading = heading(file, policy);
        match (&policy.matrix, is_markdown) {
            (Err(error), _) => writeln!(out, "{heading}: {error}; ask for it with --large")?,
            (Ok(matrix), false) => {
                writeln!(out, "{heading}: {}\n", title(matrix))?;
                write_one(matrix, "", false, out)?;
            }
            (Ok(matrix), true) => {
                writeln!(out, "**{}**: {}\n", escaped(&heading), title(matrix))?;
                write_one(matrix, "", true, out)?;
            }
        }
    }
    Ok(())
}

/// Write one matrix, without a heading; `whose` tells whose statements are numbered where there is more than one policy.
pub(in crate::report) fn write_one(
    matrix: &Matrix,
    whose: &str,
    is_markdown: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    if is_markdown { markdown(matrix, whose, out) } else { plain(matrix, whose, out) }
}

fn heading(file: &str, policy: &PolicyMatrix) -> String {
    let place = match (policy.line, policy.pointer.as_str()) {
        (Some(line), _) => format!(":{line}"),
        (None, "") => String::new(),
        (None, pointer) => format!(" {}", shown(pointer)),
    };
    format!("{}{place} ({} policy)", file_name(file), policy.kind)
}

fn plain(matrix: &Matrix, whose: &str, out: &mut dyn Write) -> io::Result<()> {
    for (index, column) in matrix.columns.iter().enumerate() {
        writeln!(out, "  {:>2}  {}  ({})", letter(index), shown(&column.resource), remark(column))?;
    }
    let cells: Vec<Vec<String>> = matrix.rows.iter().map(|row| row.cells.iter().map(cell_text).collect()).collect();
    let names: Vec<String> = matrix.rows.iter().map(row_name).collect();
    let width = |texts: &mut dyn Iterator<Item = &str>, least: usize| {
        texts.map(|t| t.chars().count()).max().unwrap_or(0).max(least)
    };
    let name_width = width(&mut names.iter().map(String::as_str), 6);
    let widths: Vec<usize> = (0..matrix.columns.len())
        .map(|column| width(&mut cells.iter().filter_map(|row| row.get(column)).map(String::as_str), 1))
        .collect();
    write!(out, "\n  {:name_width$}  {:7}  {:11}", "action", "level", "class")?;
    for (index, width) in widths.iter().enumerate() {
        write!(out, "  {:width$}", letter(index))?;
    }
    writeln!(out)?;
    for ((row, name), cells) in matrix.rows.iter().zip(&names).zip(&cells) {
        let level = row.level.map_or("", |level| level.word());
        let class = row.class.map_or("", |class| class.word());
        let mut line = format!("  {name:name_width$}  {level:7}  {class:11}");
        for (cell, width) in cells.iter().zip(&widths) {
            line.push_str(&format!("  {cell:width$}"));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    notes(matrix, whose, "  ", out)
}

fn markdown(matrix: &Matrix, whose: &str, out: &mut dyn Write) -> io::Result<()> {
    for (index, column) in matrix.columns.iter().enumerate() {
        writeln!(out, "- **{}** `{}` ({})", letter(index), shown(&column.resource).replace('`', "'"), remark(column))?;
    }
    write!(out, "\n| action | level | class |")?;
    for index in 0..matrix.columns.len() {
        write!(out, " {} |", letter(index))?;
    }
    write!(out, "\n| --- | --- | --- |")?;
    for _ in &matrix.columns {
        write!(out, " --- |")?;
    }
    writeln!(out)?;
    for row in &matrix.rows {
        let level = row.level.map_or("", |level| level.word());
        let class = row.class.map_or("", |class| class.word());
        write!(out, "| {} | {level} | {class} |", escaped(&row_name(row)))?;
        for cell in &row.cells {
            write!(out, " {} |", cell_text(cell))?;
        }
        writeln!(out)?;
    }
    notes(matrix, whose, "- ", out)
}

/// `all 1`: how much, whether on a condition, and which statements decide.
fn cell_text(cell: &Cell) -> String {
    let mut text = match cell.grant {
        Grant::None => "-".to_owned(),
        _ => grant_word(&cell.grant).to_owned(),
    };
    if cell.conditional {
        text.push('?');
    }
    match cell.mark {
        Some(Mark::Excess) => text.push_str(" EXCESS"),
        Some(Mark::Missing) => text.push_str(" MISSING"),
        Some(Mark::Expected) | None => {}
    }
    let numbers: Vec<String> = cell.statements.iter().take(4).map(|index| (index + 1).to_string()).collect();
    if !numbers.is_empty() {
        text.push_str(&format!(" ({}{})", numbers.join(","), if cell.statements.len() > 4 { ",.." } else { "" }));
    }
    text
}

fn remark(column: &Column) -> String {
    let reach = match column.scope {
        Scope::Everything => "everything",
        Scope::Account => "several buckets",
        Scope::Bucket => "a whole bucket",
        Scope::Shared => "shared",
        Scope::Unknown => "cannot tell whose",
        Scope::Unclosed => "owner not closed",
        Scope::Owned => "one owner's",
        Scope::Object => "one key",
        Scope::BucketItself => "the bucket itself",
        Scope::Nothing => "another service's",
    };
    if column.is_beside {
        return format!("{reach}, expected and not in the policy");
    }
    let within: Vec<String> = column.within.iter().map(|index| letter(*index)).collect();
    if within.is_empty() { reach.to_owned() } else { format!("{reach}, lies in {}", within.join(" and ")) }
}

fn notes(matrix: &Matrix, whose: &str, bullet: &str, out: &mut dyn Write) -> io::Result<()> {
    let cells = || matrix.rows.iter().flat_map(|row| &row.cells);
    writeln!(out)?;
    writeln!(out, "{bullet}numbers in brackets are the statements{whose} that decide")?;
    if cells().any(|cell| cell.conditional) {
        writeln!(out, "{bullet}`?` hangs on a condition")?;
    }
    if cells().any(|cell| matches!(cell.mark, Some(Mark::Excess | Mark::Missing))) {
        writeln!(
            out,
            "{bullet}EXCESS: beyond what is expected; MISSING: expected and not granted; all else is as expected"
        )?;
    }
    let mut shown_paths = 0;
    for row in &matrix.rows {
        for (index, cell) in row.cells.iter().enumerate() {
            let Some(path) = witness(cell) else { continue };
            shown_paths += 1;
            if shown_paths <= 12 {
                let name = row_name(row);
                writeln!(
                    out,
                    "{bullet}some of {} for {}: `{}`",
                    letter(index),
                    name.replace('`', "'"),
                    shown(path).replace('`', "'")
                )?;
            }
        }
    }
    if shown_paths > 12 {
        writeln!(out, "{bullet}and {} more cells that grant some", shown_paths - 12)?;
    }
    Ok(())
}

/// Text in a Markdown table or sentence.
pub(in crate::report) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '!' | '#' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}
