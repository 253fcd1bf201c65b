//! Principals: `"*"`, `{"qcs": ...}`, `{"service": ...}`, `{"federated": ...}`.
//!
//! Forms: <https://www.tencentcloud.com/document/product/436/45235>. The Node SDK's `getPolicy` writes
//! `"principal": {"qcs": "*"}` into session policies, where the API has no principal
//! (<https://cloud.tencent.com/document/product/1312/48195>).

use std::borrow::Cow;

use super::super::lowering::Lowering;
use super::GRAMMAR;
use crate::catalog::Word;
use crate::policy::{Principal, PrincipalKind, Principals, ProblemKind};
use crate::syntax::{Kind, Member};
use crate::text::Span;

pub(super) fn principals<'s>(cx: &mut Lowering<'_, 's>, member: Member<'_, 's>) -> Principals<'s> {
    let value = member.value;
    let span = cx.span(value);
    let mut list: Vec<Principal<'s>> = Vec::new();
    let mut is_sdk_habit = false;
    match value.kind() {
        Kind::String => {
            let text = value.string().unwrap_or_default();
            list.push(principal(span, text));
        }
        Kind::Object => {
            let mut count = 0;
            for inner in value.members() {
                count += 1;
                let name = inner.name();
                let fixed = match &*name {
                    "qcs" => None,
                    "service" | "Service" => Some(PrincipalKind::Service),
                    "federated" | "Federated" => Some(PrincipalKind::Federated),
                    other => {
                        let span = cx.span(inner.key);
                        if let Some(vendor) = GRAMMAR.foreign(Word::PrincipalMember(other)) {
                            let instead = GRAMMAR.instead_of_principals();
                            cx.problem(span, ProblemKind::ForeignWord { vendor, instead });
                        } else if other.eq_ignore_ascii_case("qcs") {
                            cx.problem(span, ProblemKind::ElementCase { expected: "qcs", is_capital: other == "Qcs" });
                        } else {
                            let suggestion = Some("qcs");
                            cx.problem(
                                span,
                                ProblemKind::UnknownElement { name: name.clone(), suggestion, advice: None },
                            );
                        }
                        (!other.eq_ignore_ascii_case("qcs") && other != "AWS").then_some(PrincipalKind::Unknown)
                    }
                };
                cx.strings("principal", inner.value, |cx, value, text| {
                    let mut one = principal(cx.span(value), text);
                    if let Some(kind) = fixed {
                        (one.kind, one.callers) = (kind, one.text.clone());
                    }
                    list.push(one);
                });
            }
            is_sdk_habit = count == 1
                && member.is_named("principal")
                && value.get("qcs").is_some()
                && matches!(list.as_slice(), [one] if one.text == "*");
        }
        Kind::Missing => {}
        Kind::Array => {
            list = GRAMMAR.listed_principals(cx, value);
        }
        _ => cx.wrong_type("principal", value, "`\"*\"` or an object such as `{\"qcs\": [...]}`"),
    }
    if let Some(vendor) = list.iter().find_map(|one| GRAMMAR.foreign(Word::Principal(&one.text))) {
        cx.problem(span, ProblemKind::ForeignWord { vendor, instead: GRAMMAR.instead_of_principals() });
    }
    Principals { span, is_shared: false, is_sdk_habit, negated: false, list }
}

/// Everyone.
pub(super) const ANYONE: &str = "qcs::cam::anyone:anyone";

fn principal(span: Span, text: Cow<'_, str>) -> Principal<'_> {
    let (kind, callers) = who(&text);
    let callers = Cow::Owned(callers.into_owned());
    Principal { span, text, kind, callers }
}

/// Who a `qcs` string names; blanks that publishing put in are passed over. The account itself has its own number or `root`
/// for a member.
pub(super) fn who(id: &str) -> (PrincipalKind, Cow<'_, str>) {
    let compact = if id.contains(' ') { Cow::Owned(id.replace(' ', "")) } else { Cow::Borrowed(id.trim()) };
    if matches!(&*compact, "*" | ANYONE | "qcs::cam::uin/*:uin/*" | "qcs::cam::*:*" | "qcs::cam::uin/*:*") {
        return (PrincipalKind::Anyone, compact);
    }
    if compact == "qcs::cam::anonymous:anonymous" {
        return (PrincipalKind::Anonymous, compact);
    }
    let Some(rest) = compact.strip_prefix("qcs::cam::") else { return (PrincipalKind::Unknown, compact) };
    if rest.contains(":service/") || rest.contains("tencentcloudServiceRole") {
        return (PrincipalKind::Service, compact);
    }
    let Some((account, member)) = rest.strip_prefix("uin/").and_then(|rest| rest.split_once(':')) else {
        return (PrincipalKind::Identity, compact);
    };
    if member == "root" || member.strip_prefix("uin/") == Some(account) {
        return (PrincipalKind::Account, Cow::Owned(format!("{account}/*")));
    }
    let is_group = member.starts_with("groupid/");
    let kind = if is_group { PrincipalKind::Account } else { PrincipalKind::Identity };
    (kind, Cow::Owned(format!("{account}/{member}")))
}
