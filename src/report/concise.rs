//! One line for each finding: `file:line:col: severity[rule] message (confidence X)`, as compilers and editors
//! expect. No summary: every line is a finding or an error.

use std::io;

use super::place::Places;
use super::problem::problems;
use super::shown::{file_name, shown};
use crate::engine::Outcome;

pub(super) fn render(outcome: &Outcome, out: &mut dyn io::Write) -> io::Result<()> {
    for file in &outcome.files {
        let name = file_name(file.source.name());
        let mut places = Places::new(&file.source);
        for finding in &file.analysed.findings {
            let place = places.at(finding.primary.start);
            writeln!(
                out,
                "{name}:{}:{}: {}[{}] {} (confidence {})",
                place.line,
                place.column,
                finding.severity,
                finding.rule.name,
                shown(&finding.message),
                finding.confidence
            )?;
        }
    }
    for problem in problems(outcome) {
        write!(out, "{}", file_name(problem.file))?;
        if let Some((place, _)) = problem.place {
            write!(out, ":{}:{}", place.line, place.column)?;
        }
        writeln!(out, ": error: {}", shown(problem.message))?;
    }
    Ok(())
}
