//! Whom a statement speaks of.
//!
//! Only a bucket policy says so; elsewhere every statement speaks of the holder. Callers that no statement tells apart are
//! one: those who are named, those who do not sign, and all others.

use std::collections::BTreeSet;

use crate::policy::PolicyKind;
use crate::policy::{PrincipalKind, Statement};
use crate::semantics::glob::Glob;

/// Who makes a request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Caller {
    /// Whoever holds the policy.
    Holder,
    /// Somebody whom a statement names, or one of those whom a pattern fits.
    Named(String),
    /// Somebody who does not sign.
    Anonymous,
    /// Somebody else, who signs.
    Other,
}

/// Whom a statement speaks of.
#[derive(Debug, Clone)]
pub(super) enum Whom {
    Everyone,
    Nobody,
    These {
        anonymous: bool,
        named: Vec<(String, Glob)>,
    },
    /// Everyone but these.
    Others {
        named: Vec<(String, Glob)>,
    },
}

impl Whom {
    pub(super) fn read(statement: &Statement<'_>, kind: PolicyKind) -> Self {
        if kind != PolicyKind::Bucket {
            return Self::Everyone;
        }
        // An element that is missing is the widest for an allow and nothing for a deny.
        let unnamed = if statement.allows() { Self::Everyone } else { Self::Nobody };
        let Some(principals) = &statement.principals else { return unnamed };
        if principals.list.is_empty() {
            return unnamed;
        }
        if principals.negated && principals.list.iter().any(|one| one.kind == PrincipalKind::Anyone) {
            return Self::Nobody;
        }
        let (mut anonymous, mut named) = (false, Vec::new());
        for one in &principals.list {
            match one.kind {
                PrincipalKind::Anyone => return Self::Everyone,
                PrincipalKind::Anonymous => anonymous = true,
                _ => {
                    let text: String = one.text.chars().filter(|c| !c.is_whitespace()).collect();
                    let glob = Glob::parse(&text, false);
                    named.push((text, glob));
                }
            }
        }
        if principals.negated { Self::Others { named } } else { Self::These { anonymous, named } }
    }

    /// Whether it speaks of a caller.
    pub(super) fn includes(&self, caller: &Caller) -> bool {
        match (self, caller) {
            (Self::Everyone, _) | (_, Caller::Holder) | (Self::Others { .. }, Caller::Anonymous | Caller::Other) => {
                true
            }
            (Self::Nobody, _) | (Self::These { .. }, Caller::Other) => false,
            (Self::These { anonymous, .. }, Caller::Anonymous) => *anonymous,
            (Self::These { named, .. }, Caller::Named(name)) => is_among(name, named),
            (Self::Others { named }, Caller::Named(name)) => !is_among(name, named),
        }
    }
}

fn is_among(name: &str, named: &[(String, Glob)]) -> bool {
    let word = Glob::parse(name, false).canonical();
    named.iter().any(|(text, glob)| text == name || glob.matches(&word))
}

/// The callers that statements tell apart.
pub(super) fn callers<'w>(all: impl IntoIterator<Item = &'w Whom>) -> Vec<Caller> {
    let mut names = BTreeSet::new();
    let mut tells_apart = false;
    for whom in all {
        match whom {
            Whom::Everyone => {}
            Whom::Nobody => tells_apart = true,
            Whom::These { named, .. } | Whom::Others { named } => {
                tells_apart = true;
                names.extend(named.iter().map(|(text, _)| text.clone()));
            }
        }
    }
    if !tells_apart {
        return vec![Caller::Holder];
    }
    [Caller::Anonymous, Caller::Other].into_iter().chain(names.into_iter().map(Caller::Named)).collect()
}
