//! The policy of whoever passes other policies to the token service.

use std::sync::Arc;

use super::Trouble;
use super::parsed::{Key, Parsed};
use crate::dialect::Dialect;
use crate::finding::PolicyKind;
use crate::policy::Policy;
use crate::rules::Facts;
use crate::semantics::permission::Space;
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
    /// When there is none, or several, or some of it cannot be judged or read in one way only: what it grants less by one
    /// reading would be taken from the findings.
    pub fn new(source: Source) -> Result<Self, Trouble> {
        let facts = Facts { kind: Some(PolicyKind::Identity), ..Facts::default() };
        let trouble = |message: String| Trouble { file: source.name().to_owned(), message, help: None };
        let parsed = Parsed::new(&source, &facts);
        let (keys, unjudged) = parsed.policies();
        if let Some(first) = unjudged.first() {
            return Err(trouble(format!("the caller's policy was not judged: {}", first.message)));
        }
        match keys.as_slice() {
            [] => Err(trouble("no policy was found in this file".to_owned())),
            [only] => {
                if let Some(reason) = unclear(&parsed, only, &facts) {
                    return Err(trouble(format!("the caller's policy was not judged: {reason}")));
                }
                Ok(Self { key: only.clone(), facts, source: Arc::new(source) })
            }
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

/// Why it is not known what a policy permits.
fn unclear(parsed: &Parsed<'_>, key: &Key, facts: &Facts) -> Option<String> {
    let mut reason = None;
    parsed.with(key, &mut |dialect, _, policy| {
        let mut space = Space::new(dialect, [policy]);
        reason = space.permission(policy, PolicyKind::Identity, &facts.owners).unclear().first().cloned();
    });
    reason
}
