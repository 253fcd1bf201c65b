//! What one provider's documents have that those of the others have not.
//!
//! Every provider has policies of statements, statements of an effect, actions, resources, principals and conditions, and
//! conditions of operator, key and values; [`document`] lowers them all. What its elements are called, which of them there
//! are, and how its actions, resources and principals are read, a provider says in a [`Grammar`].

use std::borrow::Cow;

use super::lowering::Lowering;
use super::{Candidate, Dialect, Form, KeyCase, condition, document, named, post};
use crate::catalog::{VendorWords, Word, vocabulary, words_of};
use crate::policy::{Action, Effect, Policy, Principal, Principals, ProblemKind, Resource, Vendor};
use crate::syntax::{Member, Value};

/// An element of a policy, a statement or the policy of an upload form, whatever it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ElementKind {
    Version,
    Id,
    Statement,
    Effect,
    Action,
    NotAction,
    Resource,
    NotResource,
    Condition,
    Principal,
    NotPrincipal,
    Sid,
    /// Until when a form is good.
    Expiration,
    /// What the fields of a form may hold.
    Fields,
}

/// The name of an element, and what it is.
pub(super) type Named = (&'static str, ElementKind);

/// Lowers one action string.
pub(super) type ReadAction = for<'s> fn(&mut Lowering<'_, 's>, Value<'_, 's>, Cow<'s, str>) -> Action<'s>;

/// Lowers one resource string.
pub(super) type ReadResource = for<'s> fn(&mut Lowering<'_, 's>, Value<'_, 's>, Cow<'s, str>) -> Resource<'s>;

/// Lowers an element that names principals.
pub(super) type ReadPrincipals = for<'s> fn(&mut Lowering<'_, 's>, Member<'_, 's>) -> Principals<'s>;

/// What one provider's grammar has that the others' have not.
#[derive(Debug)]
pub(super) struct Grammar {
    /// The dialect's name, which is the word for the service in actions too.
    pub(super) service: &'static str,
    /// The elements of a policy. One that names principals here does it for all statements.
    pub(super) policy_elements: &'static [Named],
    /// The elements of a statement.
    pub(super) statement_elements: &'static [Named],
    /// Elements of a statement that are read and that the grammar no longer has.
    pub(super) retired_elements: &'static [ElementKind],
    /// The effects.
    pub(super) effects: [(&'static str, Effect); 2],
    /// What an effect is, for messages.
    pub(super) effect_form: &'static str,
    /// What a version is, for messages.
    pub(super) version_form: &'static str,
    /// A policy without a version is refused.
    pub(super) needs_version: bool,
    /// Versions in which the provider fills in variables.
    pub(super) with_variables: &'static [&'static str],
    /// One statement may stand as an object.
    pub(super) takes_single_statement: bool,
    /// Of two elements that name principals the last one counts.
    pub(super) takes_last_principals: bool,
    /// What to say of a key that is no element, where there is more to say.
    pub(super) advice: fn(&str) -> Option<&'static str>,
    /// Whether an action is one of the service that issues temporary keys.
    pub(super) issues_keys: fn(&str) -> bool,
    pub(super) action: ReadAction,
    pub(super) resource: ReadResource,
    pub(super) principals: ReadPrincipals,
    /// Note variables in a value of a condition that nobody fills in, where the grammar has variables at all.
    pub(super) unexpanded: Option<condition::Unexpanded>,
    /// The policies of upload forms.
    pub(super) post: post::Grammar,
}

impl Grammar {
    /// Lower a candidate that is written in this grammar, which the settings of an SDK are not.
    pub(super) fn lower<'s>(
        &self,
        cx: &mut Lowering<'_, 's>,
        dialect: &dyn Dialect,
        candidate: &Candidate<'_, 's>,
    ) -> Policy<'s> {
        match candidate.form {
            Form::Post => post::policy(cx, dialect, &self.post, candidate),
            Form::Statement => document::lone_statement(cx, self, candidate),
            Form::Policy | Form::Settings => document::policy(cx, self, candidate),
        }
    }

    /// The words that only this provider's policies have.
    pub(super) fn words(&self) -> &'static VendorWords {
        words_of(self.service)
    }

    /// The vendor who alone has a word, unless it is this one.
    pub(super) fn foreign(&self, word: Word<'_>) -> Option<Vendor> {
        vocabulary().foreign(self.service, word)
    }

    /// What belongs in the place of another vendor's principals.
    pub(super) fn instead_of_principals(&self) -> Cow<'static, str> {
        Cow::Borrowed(&self.words().instead().principals)
    }

    /// Principals in a list, as only another vendor has them: nothing tells who they are.
    pub(super) fn listed_principals<'s>(&self, cx: &mut Lowering<'_, 's>, value: Value<'_, 's>) -> Vec<Principal<'s>> {
        if let Some(vendor) = vocabulary().foreign_list(self.service) {
            let span = cx.span(value);
            cx.problem(span, ProblemKind::ForeignWord { vendor, instead: self.instead_of_principals() });
        }
        let strings = value.elements().filter_map(|inner| inner.string().map(|text| (inner, text)));
        strings.map(|(inner, text)| Principal::unknown(cx.span(inner), text)).collect()
    }

    /// How conditions are read that stand in an element of this name.
    pub(super) fn conditions(&self, element: &'static str) -> condition::Reader {
        let own = named(self.service).filter(|dialect| dialect.key_case() == KeyCase::Folded);
        let folded = own.map(Dialect::catalog);
        condition::Reader { element, words: self.words(), folded, unexpanded: self.unexpanded }
    }
}
