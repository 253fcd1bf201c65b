//! Principals: a list of ids in a bucket policy, an object in a trust policy.
//!
//! `["<UID>"]`, `["arn:sts::<uid>:assumed-role/<role>/<session>"]`; `["*"]` and `[]` are everyone
//! (<https://www.alibabacloud.com/help/en/oss/user-guide/oss-bucket-policy/>). A trust policy has `RAM`, `Service` or
//! `Federated` (<https://help.aliyun.com/en/ram/user-guide/edit-the-trust-policy-of-a-ram-role>).

use std::borrow::Cow;

use super::super::lowering::Lowering;
use super::GRAMMAR;
use crate::catalog::Word;
use crate::policy::{Principal, PrincipalKind, Principals, ProblemKind, Who};
use crate::syntax::{Kind, Member};

pub(super) fn principals<'s>(cx: &mut Lowering<'_, 's>, member: Member<'_, 's>) -> Principals<'s> {
    let value = member.value;
    let span = cx.span(value);
    let form = GRAMMAR.words().instead().principals.as_str();
    let mut list: Vec<Principal<'s>> = Vec::new();
    match value.kind() {
        Kind::String | Kind::Array if value.elements().next().is_none() && value.kind() == Kind::Array => {
            list.push(Principal { kind: PrincipalKind::Anyone, ..Principal::unknown(span, Cow::Borrowed("*")) });
        }
        Kind::String | Kind::Array => {
            cx.strings("Principal", value, |cx, value, text| {
                let Who { kind, callers, .. } = who(&text);
                let callers = Cow::Owned(callers.into_owned());
                list.push(Principal { kind, callers, ..Principal::unknown(cx.span(value), text) });
            });
        }
        Kind::Object => {
            for inner in value.members() {
                let name = inner.name();
                let kind = match &*name {
                    "RAM" => PrincipalKind::Identity,
                    "Service" => PrincipalKind::Service,
                    "Federated" => PrincipalKind::Federated,
                    other => {
                        let at = cx.span(inner.key);
                        cx.problem(
                            at,
                            match GRAMMAR.foreign(Word::PrincipalMember(other)) {
                                Some(vendor) => ProblemKind::ForeignWord { vendor, instead: form.into() },
                                None => ProblemKind::UnknownElement {
                                    name: name.clone(),
                                    suggestion: Some("RAM"),
                                    advice: None,
                                },
                            },
                        );
                        PrincipalKind::Unknown
                    }
                };
                cx.strings("Principal", inner.value, |cx, value, text| {
                    let is_open = text == "*" && kind == PrincipalKind::Identity;
                    let kind = if is_open { PrincipalKind::Anyone } else { kind };
                    list.push(Principal { kind, callers: text.clone(), ..Principal::unknown(cx.span(value), text) });
                });
            }
        }
        Kind::Missing => {}
        _ => cx.wrong_type("Principal", value, form),
    }
    Principals { span, is_shared: false, is_sdk_habit: false, negated: false, list }
}

/// Who an id names.
pub(super) fn who(id: &str) -> Who<'_> {
    let id = id.trim();
    // Every session of every account, which whoever has an account can hold.
    let is_any_session = id
        .strip_prefix("arn:sts::")
        .is_some_and(|rest| rest.starts_with("*:") && rest.bytes().all(|byte| matches!(byte, b'*' | b':' | b'/')));
    let kind = if id == "*" || is_any_session || id == "arn:sts::*:assumed-role/*/*" {
        PrincipalKind::Anyone
    } else if (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()))
        || id.starts_with("arn:sts::")
        || id.starts_with("acs:ram:")
    {
        PrincipalKind::Identity
    } else {
        PrincipalKind::Unknown
    };
    Who::new(kind, Cow::Borrowed(id))
}
