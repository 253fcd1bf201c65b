//! What a request says about condition keys, as an example that people can read.

use std::fmt;
use std::sync::Arc;

use super::Guard;
use super::cells::Cell;
use super::test::Test;

/// What a request says about one key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Nothing.
    Absent,
    /// This value. It may have a hole, which stands for what the hole is filled with.
    Text(String),
    /// Some value, of which none can be named.
    Some,
}

impl Value {
    pub(super) fn length(&self) -> usize {
        if let Self::Text(text) = self { text.chars().count() } else { 0 }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("absent"),
            Self::Text(text) => f.write_str(text),
            Self::Some => f.write_str("any value"),
        }
    }
}

/// What is taken for granted of a condition that is not modelled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Assumption {
    /// The key.
    pub key: String,
    /// The operator as written.
    pub operator: String,
    /// The values as written.
    pub values: Vec<String>,
    /// Whether the condition is taken to hold, or to fail.
    pub holds: bool,
    /// Another key that says the same of a request, if that is why.
    pub beside: Option<String>,
}

impl Assumption {
    pub(super) fn new(key: &str, test: &Test, holds: bool) -> Self {
        Self { key: key.to_owned(), operator: test.operator.clone(), values: test.values.clone(), holds, beside: None }
    }
}

impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` on `{}`", self.operator, self.key)?;
        if let Some(first) = self.values.first() {
            write!(f, " with `{first}`")?;
        }
        if self.values.len() > 1 {
            write!(f, " and {} more", self.values.len() - 1)?;
        }
        f.write_str(if self.holds { " can hold" } else { " can fail" })?;
        self.beside.as_ref().map_or(Ok(()), |key| write!(f, " beside what `{key}` says of the same"))
    }
}

/// One combination of conditions that hold together, with a request that shows it.
///
/// It speaks of the keys on which that combination depends and of no others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The keys in order of name, each with its number, the tests of it that hold and its cell.
    pub(super) keys: Vec<Said>,
}

/// What a context says about a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) key: usize,
    pub(super) name: Arc<str>,
    pub(super) tests: Arc<[usize]>,
    pub(super) cell: Arc<Cell>,
}

impl Context {
    /// The keys that matter and what the request says about them, in order of key.
    pub fn values(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.keys.iter().map(|said| (&*said.name, &said.cell.value))
    }

    /// What is taken for granted of conditions that are not modelled, in order of key.
    pub fn assumptions(&self) -> impl Iterator<Item = &Assumption> {
        self.keys.iter().flat_map(|said| &said.cell.assumptions)
    }

    /// Whether each assumption stands on a key of its own with no other condition on it, so that nothing known speaks against
    /// it. True without assumptions. A context that is not free may be one that no request has.
    pub fn is_free(&self) -> bool {
        self.keys.iter().all(|said| said.cell.is_free)
    }

    /// The same with other words for its values, for people: nothing is judged by what is shown.
    #[must_use]
    pub(in crate::semantics) fn reworded(mut self, words: impl Fn(&str) -> String) -> Self {
        for said in &mut self.keys {
            if let Value::Text(text) = &said.cell.value {
                let value = Value::Text(words(text));
                said.cell = Arc::new(Cell { value, ..Cell::clone(&said.cell) });
            }
        }
        self
    }

    /// Whether a test holds; `None` if the context does not say.
    pub(super) fn holds(&self, key: usize, test: usize) -> Option<bool> {
        let said = self.keys.iter().find(|said| said.key == key)?;
        let place = said.tests.iter().position(|other| *other == test)?;
        said.cell.holds.get(place).copied()
    }
}

impl Guard {
    /// Whether the guard holds in a context that was laid out for it, and for other guards too as it may be. (A context says
    /// nothing about conditions of a guard that others of its conditions refute already.)
    pub fn holds_in(&self, context: &Context) -> bool {
        self.tests.iter().all(|(key, test)| context.holds(*key, *test) == Some(true))
    }
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (key, value)) in self.values().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            match value {
                Value::Text(text) => write!(f, "{comma}{key}={text}")?,
                value => write!(f, "{comma}{key} {value}")?,
            }
        }
        Ok(())
    }
}
