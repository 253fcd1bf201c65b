//! The policy of whoever passes other policies to the token service.

use std::sync::Arc;

use super::Trouble;
use super::parsed::{Key, Parsed};
use crate::dialect::Dialect;
use crate::finding::PolicyKind;
use crate::policy::Policy;
use crate::rules::Facts;
use crate::text::Source;

/// A caller's policy: a source that holds one, all of which can be judged.
#[derive(Debug, Clone)]
pub struct Caller {
    source: Arc<Source>,
    facts: Facts,
    key: Key,
}

impl Caller {
    /// The one policy of a source.
    ///
    /// # Errors
    /// When there is none, or several, or some of it cannot be judged.
    pub fn new(source: Source) -> Result<Self, Trouble> {
        let facts = Facts { kind: Some(PolicyKind::Identity), ..Facts::default() };
        let trouble = |message: String| Trouble { file: source.name().to_owned(), message, help: None };
        let (keys, unjudged) = Parsed::new(&source, &facts).policies();
        if let Some(first) = unjudged.first() {
            return Err(trouble(format!("the caller's policy was not judged: {}", first.message)));
        }
        match keys.as_slice() {
            [] => Err(trouble("no policy was found in this file".to_owned())),
            [only] => Ok(Self { key: only.clone(), facts, source: Arc::new(source) }),
            several => Err(trouble(format!("there are {} policies in this file, and one is needed", several.len()))),
        }
    }

    /// Visit the policy, if it is of this dialect.
    pub(super) fn with(&self, dialect: &'static dyn Dialect, visit: &mut dyn FnMut(&Policy<'_>)) {
        Parsed::new(&self.source, &self.facts).with(&self.key, &mut |own, _, policy| {
            if own.name() == dialect.name() {
                visit(policy);
            }
        });
    }
}
