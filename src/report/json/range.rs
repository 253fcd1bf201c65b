//! Ranges of files, as every JSON of grantlint has them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::report::place::{Place, Places};
use crate::text::Span;

/// A range of a file, its end excluded.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::report) struct Range {
    /// The first character.
    start: Position,
    /// Behind the last character.
    end: Position,
}

/// A place in a file.
#[derive(Debug, Serialize, JsonSchema)]
struct Position {
    /// Bytes from the start of the file.
    offset: u32,
    /// Line, counted from 1.
    #[schemars(range(min = 1))]
    line: u32,
    /// Column in characters, counted from 1.
    #[schemars(range(min = 1))]
    column: u32,
}

impl Range {
    /// The range of a span.
    pub(in crate::report) fn of(span: Span, places: &mut Places<'_>) -> Self {
        let (start, end) = places.of(span);
        Self { start: start.into(), end: end.into() }
    }
}

impl From<Place> for Position {
    fn from(place: Place) -> Self {
        Self { offset: place.offset, line: place.line, column: place.column }
    }
}
