//! What policies have in common that are asked about together: holes, conditions, the account they are about.

use std::collections::BTreeMap;

use super::area::FIRST_HOLE;
use super::encode::OWN_ACCOUNT;
use super::rights::Permission;
use crate::catalog::Role;
use crate::dialect::{Account, Dialect};
use crate::policy::PolicyKind;
use crate::policy::{Owners, Place, Policy, ResourceKind};
use crate::semantics::condition::{Usage, Vocabulary};
use crate::semantics::glob::Letter;

/// Where policies of one dialect are read to be compared.
///
/// Holes of one name are one unknown in all of them. A hole without a name is one unknown wherever the same resource is
/// written: the program that fills it does so in the same way before and after a change.
#[derive(Debug)]
pub struct Space {
    pub(super) dialect: &'static dyn Dialect,
    pub(super) vocabulary: Vocabulary,
    pub(super) holes: Holes,
    pub(super) own_account: Option<String>,
    /// Region and account do not matter.
    pub(super) is_of_keys: bool,
}

impl Space {
    /// A space for these policies and no others.
    pub fn new<'p, 's: 'p>(dialect: &'static dyn Dialect, policies: impl IntoIterator<Item = &'p Policy<'s>>) -> Self {
        let usage = Usage { absent_keys: dialect.absent_keys(), any_one: dialect.any_one() };
        let own_account = only_account(dialect, policies);
        let of_time = dialect.catalog().keys().iter().filter(|key| key.role == Some(Role::Time));
        let vocabulary = Vocabulary::new(usage).with_alike(of_time.map(|key| key.name.as_str()));
        Self { dialect, vocabulary, holes: Holes::default(), own_account, is_of_keys: false }
    }

    /// A space in which region and account do not matter, since the name of a bucket tells both.
    pub(super) fn of_keys(dialect: &'static dyn Dialect) -> Self {
        Self { is_of_keys: true, ..Self::new(dialect, []) }
    }

    /// What a policy permits.
    pub fn permission<'p, 's>(
        &mut self,
        policy: &'p Policy<'s>,
        kind: PolicyKind,
        owners: &Owners,
    ) -> Permission<'p, 's> {
        Permission::read(policy, kind, true, owners, self)
    }

    /// What a policy permits to whomever its statements name, as if all of them named everyone.
    pub fn permission_to_whomever<'p, 's>(
        &mut self,
        policy: &'p Policy<'s>,
        kind: PolicyKind,
        owners: &Owners,
    ) -> Permission<'p, 's> {
        Permission::read(policy, kind, false, owners, self)
    }

    /// The account of a place, for a [`Request`](super::Request); `None` where it is any.
    pub fn account_of(&self, place: &Place<'_>) -> Option<String> {
        match self.dialect.account(place) {
            Account::Any => None,
            Account::Own => Some(self.own_account.clone().unwrap_or_else(|| OWN_ACCOUNT.to_owned())),
            Account::Named(account) | Account::Alias(account) => Some(account.into_owned()),
            Account::AsWritten => Some(place.account.text().to_owned()),
        }
    }

    /// The language of the policies.
    pub fn dialect(&self) -> &'static dyn Dialect {
        self.dialect
    }

    /// Numbers for the holes of one text; `context` tells holes without a name apart.
    pub(super) fn marks(&mut self, context: String) -> Marks<'_> {
        Marks {
            holes: &mut self.holes,
            own_account: self.own_account.as_deref(),
            is_of_keys: self.is_of_keys,
            context,
            anonymous: 0,
        }
    }
}

/// The account that all policies name, if they name one: the one that a resource without an account is about.
fn only_account<'p, 's: 'p>(
    dialect: &'static dyn Dialect,
    policies: impl IntoIterator<Item = &'p Policy<'s>>,
) -> Option<String> {
    let mut found: Option<String> = None;
    let statements = policies.into_iter().flat_map(|policy| &policy.statements);
    for resource in statements.flat_map(|statement| &statement.resources.patterns) {
        let ResourceKind::Place(place) = &resource.kind else { continue };
        if let Account::Named(account) = dialect.account(place) {
            match &found {
                Some(other) if **other != *account => return None,
                Some(_) => {}
                None => found = Some(account.into_owned()),
            }
        }
    }
    found
}

/// The holes of all policies, numbered.
#[derive(Debug, Default)]
pub(super) struct Holes {
    numbers: BTreeMap<String, u32>,
    /// As first written, by number.
    shown: Vec<String>,
}

impl Holes {
    /// A hole as it was first written.
    pub(super) fn text(&self, letter: Letter) -> Option<&str> {
        let number = letter.as_mark()?.checked_sub(FIRST_HOLE)?;
        self.shown.get(number as usize).map(String::as_str)
    }

    /// The letter of the hole that is written so.
    pub(super) fn written(&self, text: &str) -> Option<Letter> {
        let at = self.shown.iter().position(|shown| shown == text)?;
        Some(Letter::mark(FIRST_HOLE + at as u32))
    }
}

/// Numbers for the holes of one text.
#[derive(Debug)]
pub(super) struct Marks<'m> {
    holes: &'m mut Holes,
    own_account: Option<&'m str>,
    is_of_keys: bool,
    context: String,
    anonymous: u32,
}

impl Marks<'_> {
    /// The letter of a hole with this name and text.
    pub(super) fn hole(&mut self, name: &str, text: &str) -> Letter {
        let key = if name.is_empty() {
            self.anonymous += 1;
            format!("\0{}\0{}", self.context, self.anonymous)
        } else {
            name.to_owned()
        };
        let next = self.holes.shown.len() as u32;
        let number = *self.holes.numbers.entry(key).or_insert(next);
        if number == next {
            self.holes.shown.push(text.to_owned());
        }
        Letter::mark(FIRST_HOLE + number)
    }

    /// Whether region and account do not matter.
    pub(super) const fn is_of_keys(&self) -> bool {
        self.is_of_keys
    }

    /// The account that a resource without one is about.
    pub(super) fn own_account(&self) -> Option<&str> {
        self.own_account
    }
}
