//! What was not judged, gathered from files that could not be read and from places that could not be understood.

use super::place::{Place, Places};
use crate::engine::Outcome;
use crate::text::{Source, Span};

/// One thing that kept grantlint from judging.
#[derive(Debug)]
pub(super) struct Problem<'o> {
    /// The file as reported.
    pub(super) file: &'o str,
    /// Where it begins and ends, if it is a place in the file.
    pub(super) place: Option<(Place, Place)>,
    /// What and why.
    pub(super) message: &'o str,
    /// What to do.
    pub(super) help: Option<&'o str>,
    /// The bytes to draw, where they tell more than their place.
    pub(super) telling: Option<(&'o Source, Span)>,
}

/// All of them: files that could not be judged at all first, then places, each in order of path.
pub(super) fn problems(outcome: &Outcome) -> Vec<Problem<'_>> {
    let mut found: Vec<_> = outcome
        .troubles
        .iter()
        .map(|trouble| Problem {
            file: &trouble.file,
            place: None,
            message: &trouble.message,
            help: trouble.help.as_deref(),
            telling: None,
        })
        .collect();
    for file in &outcome.files {
        let mut places = Places::new(&file.source);
        found.extend(file.analysed.unjudged.iter().map(|unjudged| Problem {
            file: file.source.name(),
            place: unjudged.span.map(|span| places.of(span)),
            message: &unjudged.message,
            help: None,
            telling: unjudged.span.filter(|_| file.analysed.notation.is_some()).map(|span| (&file.source, span)),
        }));
    }
    found
}
