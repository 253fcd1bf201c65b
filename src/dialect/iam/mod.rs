//! The grammar that the policies of AWS IAM and of Alibaba Cloud RAM share.
//!
//! Capital element names, `Effect`, `Action` or `NotAction`, `Resource` or `NotResource`, `Principal`, and conditions of
//! operator, key and values. RAM took it over from IAM and left some of it out; what the two have apart is in their
//! [`Grammar`](super::grammar::Grammar)s. The grammars:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html> and
//! <https://www.alibabacloud.com/help/document_detail/93739.html>.

mod action;
mod resource;
mod write;

pub(super) use action::action;
pub(super) use resource::{Form, check_bucket, of_role, own_path, resource};
pub(super) use write::{plain_path, policy as write_policy};

use crate::policy::Effect;

pub(super) const EFFECTS: [(&str, Effect); 2] = [("Allow", Effect::Allow), ("Deny", Effect::Deny)];

pub(super) const EFFECT_FORM: &str = "`\"Allow\"` or `\"Deny\"`";

/// What to say of a key that is no element: there are negated ones, and not of each.
pub(super) fn advice(name: &str) -> Option<&'static str> {
    let is_negated = name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("not"));
    is_negated.then_some("list what is meant; the provider documents no such negated element")
}

/// Whether an action is one of the service that issues temporary keys.
pub(super) fn issues_keys(action: &str) -> bool {
    action.trim().to_ascii_lowercase().starts_with("sts:")
}
