//! What a project expects of the policies in some of its files.
//!
//! An expectation is a set of requests, written as grants: each grants every one of its actions on every one of its keys.
//! Where an action is judged follows from its level, as everywhere: one on objects, or on the prefix that it lists, is
//! expected on the keys; one on the bucket is expected on the bucket, whatever the keys; one on the account on `*`.

use crate::catalog::{ActionSet, Catalog, Level};
use crate::policy::{Pattern, PolicyKind};

/// What the policies in some files are for: what they grant, no more and no less.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// Its name, by which a command asks for it.
    pub name: Option<String>,
    /// What the policies are for.
    pub kind: Option<PolicyKind>,
    /// The bucket that they speak of; without it every bucket that a policy names is held to the same keys.
    pub bucket: Option<String>,
    /// What they grant.
    pub grants: Vec<ExpectedGrant>,
    /// Where it was declared, `file:line`.
    pub place: String,
    /// The name of the dialect in which its actions are written.
    pub dialect: &'static str,
}

impl Expectation {
    /// What it is called in messages: its name, else where it stands.
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.place)
    }

    /// The names of the holes in its keys, each once, in order of appearance.
    pub fn holes(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for key in self.grants.iter().flat_map(|grant| &grant.keys) {
            for name in key.holes().iter().map(|hole| key.hole_name(hole)) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }
}

/// Every action on every key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedGrant {
    /// The actions.
    pub actions: ActionSet,
    /// The keys, as patterns without a bucket.
    pub keys: Vec<Pattern<'static>>,
}

impl ExpectedGrant {
    /// Its actions, parted by where a request of theirs is judged.
    pub fn parts(&self, catalog: &Catalog) -> Parts {
        let on_account = self.actions & catalog.of_level(Level::Service);
        let on_bucket = (self.actions & catalog.of_level(Level::Bucket)) - catalog.prefix_reach();
        Parts { on_keys: self.actions - on_account - on_bucket, on_bucket, on_account }
    }
}

/// Actions, parted by where a request of theirs is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// On a key, or on the prefix that is listed.
    pub on_keys: ActionSet,
    /// On the bucket itself.
    pub on_bucket: ActionSet,
    /// On the account, or on the operation itself.
    pub on_account: ActionSet,
}
