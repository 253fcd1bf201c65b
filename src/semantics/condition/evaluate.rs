//! Whether conditions hold for what is given of a request.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::test::{Form, Test};
use super::{Guard, Vocabulary};

/// What is given of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// The request does not carry it.
    Absent,
    /// The request carries it with these values.
    Values(Vec<String>),
}

/// Whether conditions hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Truth {
    /// They do.
    Yes,
    /// They do not.
    No,
    /// It depends on what these keys are, in order of name: they are not given, or not in a way that decides.
    Open(Vec<String>),
}

impl Vocabulary {
    /// Whether a guard holds in a request of which this is given, by key. A key that is not given may be anything, absent
    /// too.
    pub fn evaluate(&self, guard: &Guard, given: &BTreeMap<String, Given>) -> Truth {
        if guard.is_impossible() {
            return Truth::No;
        }
        let mut open = Vec::new();
        for of_key in guard.tests.chunk_by(|a, b| a.0 == b.0) {
            let Some(key) = of_key.first().and_then(|(key, _)| self.keys.get(*key)) else { continue };
            let tests = of_key.iter().filter_map(|(_, test)| key.tests.get(*test));
            let truth = match given.get(&*key.name) {
                Some(given) => tests.map(|test| test.holds_for(given)).fold(Some(true), and),
                None => self.holds_everywhere(of_key),
            };
            match truth {
                Some(true) => {}
                Some(false) => return Truth::No,
                None => open.push(key.name.to_string()),
            }
        }
        open.sort_unstable();
        if open.is_empty() { Truth::Yes } else { Truth::Open(open) }
    }

    /// Whether tests of one key hold whatever a request says about it.
    fn holds_everywhere(&self, of_key: &[(usize, usize)]) -> Option<bool> {
        let tests: Arc<[usize]> = of_key.iter().map(|(_, test)| *test).collect();
        let cells = self.cells(of_key.first()?.0, &tests)?;
        cells.iter().all(|cell| cell.holds.iter().all(|holds| *holds)).then_some(true)
    }
}

/// The conjunction of two truths that may be unknown.
const fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), b) => b,
        (None, _) => None,
    }
}

impl Test {
    /// Whether the test holds for what is given of its key; `None` if that is not known.
    fn holds_for(&self, given: &Given) -> Option<bool> {
        let values = match given {
            Given::Absent => return self.absent,
            Given::Values(values) => values,
        };
        let is_in = match (&self.form, values.as_slice()) {
            (Form::Present, [_, ..]) => true,
            (Form::Texts(set), [text]) => match set.contains(text) {
                false if set.may_contain(text) => return None,
                is_in => is_in,
            },
            (Form::Points(kind, set), [text]) => set.contains(kind.point(text)?),
            // What operators make of several values is not known, nor of a list without one.
            _ => return None,
        };
        Some(is_in != self.negated)
    }
}
