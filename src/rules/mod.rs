//! The rules and their registry.

mod filter;

pub use filter::{Facts, Filter};

use crate::finding::RuleMeta;

/// All rules, sorted by name.
pub fn all() -> &'static [&'static RuleMeta] {
    &[]
}

/// The rule of this name.
pub fn find(name: &str) -> Option<&'static RuleMeta> {
    all().iter().find(|meta| meta.name == name).copied()
}
