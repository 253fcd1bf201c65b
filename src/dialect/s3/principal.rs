//! Principals: `"*"`, and an object of `AWS`, `Service`, `Federated` and `CanonicalUser`.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>.

use std::borrow::Cow;

use super::super::iam::{ALIBABA, TENCENT};
use super::super::lowering::Lowering;
use crate::policy::{Principal, PrincipalKind, Principals, ProblemKind};
use crate::syntax::{Kind, Member};

const FORM: &str = "`{\"AWS\": [\"arn:aws:iam::<account>:role/<role>\"]}`";

pub(super) fn principals<'s>(cx: &mut Lowering<'_, 's>, member: Member<'_, 's>, negated: bool) -> Principals<'s> {
    let value = member.value;
    let span = cx.span(value);
    let mut list: Vec<Principal<'s>> = Vec::new();
    match value.kind() {
        Kind::String => {
            let text = value.string().unwrap_or_default();
            let kind = if text == "*" { PrincipalKind::Anyone } else { PrincipalKind::Unknown };
            if kind == PrincipalKind::Unknown {
                cx.wrong_type("Principal", value, "`\"*\"` or an object such as `{\"AWS\": [...]}`");
            }
            list.push(Principal { span, text, kind });
        }
        Kind::Object => {
            for inner in value.members() {
                let name = inner.name();
                let kind = match &*name {
                    "AWS" | "CanonicalUser" => PrincipalKind::Account,
                    "Service" => PrincipalKind::Service,
                    "Federated" => PrincipalKind::Federated,
                    other => {
                        foreign(cx, inner, other);
                        PrincipalKind::Unknown
                    }
                };
                cx.strings("Principal", inner.value, |cx, value, text| {
                    let kind = if text == "*" { PrincipalKind::Anyone } else { kind };
                    list.push(Principal { span: cx.span(value), text, kind });
                });
            }
        }
        Kind::Missing => {}
        Kind::Array => {
            cx.problem(span, ProblemKind::ForeignWord { vendor: ALIBABA, instead: FORM.into() });
            for inner in value.elements() {
                if let Some(text) = inner.string() {
                    list.push(Principal { span: cx.span(inner), text, kind: PrincipalKind::Unknown });
                }
            }
        }
        _ => cx.wrong_type("Principal", value, "`\"*\"` or an object such as `{\"AWS\": [...]}`"),
    }
    Principals { span, is_shared: false, is_sdk_habit: false, negated, list }
}

/// Note a member of a principal object that the grammar does not have.
fn foreign(cx: &mut Lowering<'_, '_>, member: Member<'_, '_>, name: &str) {
    let vendor = match name {
        "RAM" => Some(ALIBABA),
        "qcs" => Some(TENCENT),
        _ => None,
    };
    let at = cx.span(member.key);
    cx.problem(
        at,
        match vendor {
            Some(vendor) => ProblemKind::ForeignWord { vendor, instead: FORM.into() },
            None => {
                ProblemKind::UnknownElement { name: Cow::Owned(name.to_owned()), suggestion: Some("AWS"), advice: None }
            }
        },
    );
}
