//! What a project expects of the policies in some of its files.
//!
//! An expectation is a set of requests, written as grants: each grants every one of its actions on every one of its keys. It
//! is written for no provider: the names of its actions are looked up in the words of each policy that is held to it
//! ([`Expectation::grants_in`]), and a class stands for what is of that class there.
//!
//! Where an action is judged follows from its level, as everywhere: one on objects, or on the prefix that it lists, is
//! expected on the keys; one on the bucket is expected on the bucket, whatever the keys; one on the account on `*`. A class
//! stands for its members that can act on the keys: of `read` on some keys, reading the bucket's settings is no part, and
//! neither is a listing that nothing can hold to a prefix.

use std::fmt;

use crate::catalog::{ActionId, ActionSet, Catalog, Class, Level};
use crate::dialect::Dialect;
use crate::policy::{Owners, Pattern, PolicyKind, find_hole};

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
    pub grants: Vec<AskedGrant>,
    /// Which holes of the keys stand for an owner, beside those that are known everywhere.
    pub owners: Owners,
    /// The dialect in which a policy is written from it, if it says so.
    pub dialect: Option<&'static str>,
    /// The names of the dialects that have all of its actions, and in which its bucket is one, in order.
    pub dialects: Vec<&'static str>,
    /// Where it was declared, `file:line`.
    pub place: String,
}

/// Every action on every key, as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedGrant {
    /// The actions.
    pub actions: Vec<Asked>,
    /// The keys, as they are written behind the bucket.
    pub keys: Vec<String>,
}

/// Actions as they were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// All of a class; `upload` is the whole family.
    Class(Class),
    /// The one of this name, which may have before it what the provider's documents write there.
    Named(String),
}

/// An action that the language of a policy does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignAction {
    /// Its name as written.
    pub action: String,
    /// The service that does not have it.
    pub service: &'static str,
    /// The actions that do there what is meant, as far as that is known.
    pub instead: Vec<String>,
}

impl fmt::Display for ForeignAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no action of {}", self.action, self.service)?;
        for (place, name) in self.instead.iter().enumerate() {
            write!(f, "{}`{name}`", if place == 0 { ", which has " } else { " and " })?;
        }
        Ok(())
    }
}

impl std::error::Error for ForeignAction {}

impl Expectation {
    /// What it is called in messages: its name, else where it stands.
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.place)
    }

    /// The names of the holes in its keys, each once, in order of appearance.
    pub fn holes(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for key in self.grants.iter().flat_map(|grant| &grant.keys) {
            let mut at = 0;
            while let Some((hole, name)) = find_hole(key, at) {
                at = hole.end;
                let name = key.get(name).unwrap_or_default();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// What is granted, in the words of a dialect. O(actions + letters of the keys).
    ///
    /// # Errors
    /// When the dialect does not have one of the actions.
    pub fn grants_in(&self, dialect: &dyn Dialect) -> Result<Vec<ExpectedGrant>, ForeignAction> {
        let mut grants = Vec::new();
        for grant in &self.grants {
            grants.extend(grant.in_dialect(dialect, &self.owners)?);
        }
        Ok(grants)
    }
}

impl Asked {
    /// The action of this name, if the dialect has it.
    pub fn find(name: &str, dialect: &dyn Dialect) -> Option<ActionId> {
        let catalog = dialect.catalog();
        catalog.find(dialect.action_name(name)).filter(|id| !catalog.is_spelled_otherwise(*id))
    }

    /// What is to be said of an action that the dialect does not have.
    pub fn foreign(name: &str, dialect: &dyn Dialect) -> ForeignAction {
        // The name alone: which service stands before it is what may be wrong.
        let bare = name.rsplit(':').next().unwrap_or(name);
        let known = dialect.catalog().foreign(bare).map(|foreign| foreign.instead.clone());
        ForeignAction { action: name.to_owned(), service: dialect.words().service, instead: known.unwrap_or_default() }
    }
}

impl AskedGrant {
    /// Of the classes, what can act on the keys. A key that is every key reaches the bucket too.
    fn in_dialect(&self, dialect: &dyn Dialect, owners: &Owners) -> Result<Vec<ExpectedGrant>, ForeignAction> {
        let catalog = dialect.catalog();
        let (mut named, mut classes) = (ActionSet::EMPTY, ActionSet::EMPTY);
        for asked in &self.actions {
            match asked {
                // A member alone is useless, and one of another class belongs to it.
                Asked::Class(Class::Upload) => classes |= catalog.upload_family(),
                Asked::Class(class) => classes |= catalog.of_class(*class) & catalog.nameable(),
                Asked::Named(name) => {
                    named.insert(Asked::find(name, dialect).ok_or_else(|| Asked::foreign(name, dialect))?);
                }
            }
        }
        let on_keys = catalog.of_level(Level::Object);
        let whole = named | (classes & (on_keys | catalog.of_level(Level::Bucket)));
        let some = named | (classes & (on_keys | catalog.by_prefix()));
        let keys: Vec<_> = self.keys.iter().map(|key| dialect.key_pattern(key, owners)).collect();
        let grants = if whole == some {
            vec![ExpectedGrant { actions: some, keys }]
        } else {
            let (every, keys) = keys.into_iter().partition(Pattern::is_everything);
            vec![ExpectedGrant { actions: whole, keys: every }, ExpectedGrant { actions: some, keys }]
        };
        Ok(grants.into_iter().filter(|grant| !grant.actions.is_empty() && !grant.keys.is_empty()).collect())
    }
}

/// Every action on every key, in the words of one dialect.
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
        let on_bucket = (self.actions & catalog.of_level(Level::Bucket)) - catalog.by_prefix();
        let rest = self.actions - on_account - on_bucket;
        let on_prefixes = if catalog.buckets_apart() { rest & catalog.by_prefix() } else { ActionSet::EMPTY };
        Parts { on_keys: rest - on_prefixes, on_prefixes, on_bucket, on_account }
    }
}

/// Actions, parted by where a request of theirs is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// On a key, or on the prefix that is listed where a resource tells it.
    pub on_keys: ActionSet,
    /// On the bucket, and held to the prefix that is listed by a condition.
    pub on_prefixes: ActionSet,
    /// On the bucket itself.
    pub on_bucket: ActionSet,
    /// On the account, or on the operation itself.
    pub on_account: ActionSet,
}
