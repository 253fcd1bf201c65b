//! The grammar that the policies of AWS IAM and of Alibaba Cloud RAM share.
//!
//! Capital element names, `Effect`, `Action` or `NotAction`, `Resource` or `NotResource`, `Principal`, and conditions of
//! operator, key and values. RAM took it over from IAM and left some of it out; what the two have apart is in a
//! [`Grammar`], and their resources and principals are in directories of their own. The grammars:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html> and
//! <https://www.alibabacloud.com/help/document_detail/93739.html>.

mod action;
mod document;
mod write;

use std::borrow::Cow;

pub(super) use write::{plain_path, policy as write_policy};

use super::lowering::Lowering;
use super::{Candidate, Dialect, Form, condition, post};
use crate::catalog::{Catalog, VendorWords, Word, vocabulary, words_of};
use crate::policy::{Policy, Principals, Resource, Vendor};
use crate::syntax::{Member, Value};

/// Lowers one resource string.
pub(super) type ReadResource = for<'s> fn(&mut Lowering<'_, 's>, Value<'_, 's>, Cow<'s, str>) -> Resource<'s>;

/// Lowers an element that names principals; the flag tells whether it names those whom the statement leaves out.
pub(super) type ReadPrincipals = for<'s> fn(&mut Lowering<'_, 's>, Member<'_, 's>, bool) -> Principals<'s>;

/// What one provider's grammar has that the other's has not.
#[derive(Debug)]
pub(super) struct Grammar {
    /// The dialect's name, which is the word for the service in actions too.
    pub(super) service: &'static str,
    /// What a version is, for messages.
    pub(super) version_form: &'static str,
    /// A policy without a version is refused.
    pub(super) needs_version: bool,
    /// Versions in which the provider fills in variables.
    pub(super) with_variables: &'static [&'static str],
    /// The elements of a policy.
    pub(super) policy_elements: &'static [&'static str],
    /// The elements of a statement.
    pub(super) statement_elements: &'static [&'static str],
    /// Elements that are read and that the grammar no longer has.
    pub(super) retired_elements: &'static [&'static str],
    /// One statement may stand as an object.
    pub(super) takes_single_statement: bool,
    /// Condition keys are the same in any letter case.
    pub(super) folds_keys: bool,
    pub(super) catalog: fn() -> &'static Catalog,
    pub(super) resource: ReadResource,
    pub(super) principals: ReadPrincipals,
    /// Note variables in a value of a condition that nobody fills in, where the grammar has variables at all.
    pub(super) unexpanded: Option<condition::Unexpanded>,
    /// The policies of upload forms.
    pub(super) post: post::Grammar,
}

impl Grammar {
    /// Lower a candidate. The settings of an SDK are another provider's, and are read as a statement without elements.
    pub(super) fn lower<'s>(
        &self,
        cx: &mut Lowering<'_, 's>,
        dialect: &dyn Dialect,
        candidate: &Candidate<'_, 's>,
    ) -> Policy<'s> {
        match candidate.form {
            Form::Post => post::policy(cx, dialect, &self.post, candidate),
            Form::Policy => document::policy(cx, self, candidate),
            Form::Statement | Form::Settings => document::lone_statement(cx, self, candidate),
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

    /// How conditions are read.
    fn conditions(&self) -> condition::Reader {
        let folded = self.folds_keys.then(|| (self.catalog)());
        condition::Reader { element: "Condition", words: self.words(), folded, unexpanded: self.unexpanded }
    }
}
