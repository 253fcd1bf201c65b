//! The grammar that the policies of AWS IAM and of Alibaba Cloud RAM share.
//!
//! Capital element names, `Effect`, `Action` or `NotAction`, `Resource` or `NotResource`, `Principal`, and conditions of
//! operator, key and values. RAM took it over from IAM and left some of it out; what the two have apart is in a
//! [`Grammar`], and their resources and principals are in directories of their own. The grammars:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html> and
//! <https://www.alibabacloud.com/help/document_detail/93739.html>.

mod action;
mod condition;
mod document;
mod write;

use std::borrow::Cow;

pub(super) use condition::{escapes, spell_operator};
pub(super) use write::{plain_path, policy as write_policy};

use super::lowering::Lowering;
use super::{Candidate, Dialect, Form, post};
use crate::catalog::Catalog;
use crate::policy::{Base, Policy, Principals, Resource, Vendor};
use crate::syntax::{Member, Value};

pub(super) const AWS: Vendor = Vendor("AWS");
pub(super) const ALIBABA: Vendor = Vendor("Alibaba Cloud");
pub(super) const TENCENT: Vendor = Vendor("Tencent Cloud");

/// Lowers one resource string.
pub(super) type ReadResource = for<'s> fn(&mut Lowering<'_, 's>, Value<'_, 's>, Cow<'s, str>) -> Resource<'s>;

/// Lowers an element that names principals; the flag tells whether it names those whom the statement leaves out.
pub(super) type ReadPrincipals = for<'s> fn(&mut Lowering<'_, 's>, Member<'_, 's>, bool) -> Principals<'s>;

/// What one provider's grammar has that the other's has not.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is something that one of two grammars has")]
pub(super) struct Grammar {
    /// The word for the service in actions.
    pub(super) service: &'static str,
    /// Whose grammar it is.
    pub(super) vendor: Vendor,
    /// The versions, the one to write first.
    pub(super) versions: &'static [&'static str],
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
    /// Operators take the suffix `IfExists` and the quantifiers, and the ones on absence and on ARNs are there.
    pub(super) has_rich_operators: bool,
    /// Operators that only this provider has.
    pub(super) more_operators: &'static [(&'static str, Base, bool)],
    /// Condition keys are the same in any letter case.
    pub(super) folds_keys: bool,
    /// What to write instead of another vendor's action.
    pub(super) action_form: &'static str,
    pub(super) catalog: fn() -> &'static Catalog,
    pub(super) resource: ReadResource,
    pub(super) principals: ReadPrincipals,
    /// Note variables in a value of a condition that nobody fills in, where the grammar has variables at all.
    pub(super) unexpanded: Option<fn(&mut Lowering<'_, '_>, Value<'_, '_>, &str) -> bool>,
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

    /// The version to write.
    fn version(&self) -> &'static str {
        self.versions.first().copied().unwrap_or_default()
    }

    /// The vendor whose policies carry this version.
    fn vendor_of_version(&self, version: &str) -> Option<Vendor> {
        let vendor = match version {
            "2012-10-17" | "2008-10-17" => AWS,
            "1" => ALIBABA,
            "2.0" => TENCENT,
            _ => return None,
        };
        (vendor != self.vendor).then_some(vendor)
    }

    /// The vendor of an action's service word.
    fn vendor_of_service(&self, service: &str) -> Option<Vendor> {
        let vendor = match service {
            "s3" | "s3-object-lambda" | "s3express" => AWS,
            "oss" => ALIBABA,
            "cos" => TENCENT,
            _ => return None,
        };
        (vendor != self.vendor).then_some(vendor)
    }

    /// The vendor of a resource string.
    pub(super) fn vendor_of_resource(&self, text: &str) -> Option<Vendor> {
        let vendor = match text.split_once(':')?.0 {
            "arn" => AWS,
            "acs" => ALIBABA,
            "qcs" => TENCENT,
            _ => return None,
        };
        (vendor != self.vendor).then_some(vendor)
    }
}
