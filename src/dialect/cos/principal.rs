//! Principals: `"*"`, `{"qcs": ...}`, `{"service": ...}`, `{"federated": ...}`.
//!
//! Forms: <https://www.tencentcloud.com/document/product/436/45235>. The Node SDK's `getPolicy` writes
//! `"principal": {"qcs": "*"}` into session policies, where the API has no principal
//! (<https://cloud.tencent.com/document/product/1312/48195>).

use std::borrow::Cow;

use super::super::lowering::Lowering;
use super::GRAMMAR;
use crate::catalog::Word;
use crate::policy::{Principal, PrincipalKind, Principals, ProblemKind, Who};
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
    let Who { kind, callers, aliases } = who(&text);
    let (callers, aliases) = (Cow::Owned(callers.into_owned()), Cow::Owned(aliases.into_owned()));
    Principal { span, text, kind, callers, aliases }
}

/// Who a `qcs` string names; blanks that publishing put in are passed over. The account itself has its own number or `root`
/// for a member. A role has a number and a name, and nothing in a policy tells which of them belong together.
pub(super) fn who(id: &str) -> Who<'_> {
    let compact = if id.contains(' ') { Cow::Owned(id.replace(' ', "")) } else { Cow::Borrowed(id.trim()) };
    if matches!(&*compact, "*" | ANYONE | "qcs::cam::uin/*:uin/*" | "qcs::cam::*:*" | "qcs::cam::uin/*:*") {
        return Who::new(PrincipalKind::Anyone, compact);
    }
    if compact == "qcs::cam::anonymous:anonymous" {
        return Who::new(PrincipalKind::Anonymous, compact);
    }
    let Some(rest) = compact.strip_prefix("qcs::cam::") else { return Who::new(PrincipalKind::Unknown, compact) };
    let member = rest.strip_prefix("uin/").and_then(|rest| rest.split_once(':'));
    let other = member.and_then(|(account, member)| {
        let names = ["role/", "roleName/"];
        let other = names.iter().rev().zip(names).find(|(_, own)| member.starts_with(own));
        other.map(|(other, _)| format!("{account}/{other}*"))
    });
    let aliases = Cow::Owned(other.unwrap_or_default());
    if rest.contains(":service/") || rest.contains("tencentcloudServiceRole") {
        return Who { kind: PrincipalKind::Service, callers: compact, aliases };
    }
    let Some((account, member)) = member else { return Who::new(PrincipalKind::Identity, compact) };
    if member == "root" || member.strip_prefix("uin/") == Some(account) {
        return Who::new(PrincipalKind::Account, Cow::Owned(format!("{account}/*")));
    }
    let is_group = member.starts_with("groupid/");
    let kind = if is_group { PrincipalKind::Account } else { PrincipalKind::Identity };
    Who { kind, callers: Cow::Owned(format!("{account}/{member}")), aliases }
}
