//! Principals: `"*"`, `{"qcs": ...}`, `{"service": ...}`, `{"federated": ...}`.
//!
//! Forms: <https://www.tencentcloud.com/document/product/436/45235>. The Node SDK's `getPolicy` writes
//! `"principal": {"qcs": "*"}` into session policies, where the API has no principal
//! (<https://cloud.tencent.com/document/product/1312/48195>).

use std::borrow::Cow;

use super::super::lowering::Lowering;
use super::words::{AWS, vendor_of_principal};
use crate::policy::{Principal, PrincipalKind, Principals, ProblemKind};
use crate::syntax::{Kind, Member};

pub(super) fn principals<'s>(cx: &mut Lowering<'_, 's>, member: Member<'_, 's>, is_shared: bool) -> Principals<'s> {
    let value = member.value;
    let span = cx.span(value);
    let mut list: Vec<Principal<'s>> = Vec::new();
    let mut is_sdk_habit = false;
    match value.kind() {
        Kind::String => {
            let text = value.string().unwrap_or_default();
            let kind = if text.trim() == "*" { PrincipalKind::Anyone } else { kind_of(&text) };
            list.push(Principal { span, text, kind });
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
                        if let Some(vendor) = vendor_of_principal(other) {
                            let instead = Cow::Borrowed("`{\"qcs\": [\"qcs::cam::uin/<account>:uin/<user>\"]}`");
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
                    let kind = fixed.unwrap_or_else(|| kind_of(&text));
                    list.push(Principal { span: cx.span(value), text, kind });
                });
            }
            is_sdk_habit = count == 1
                && member.is_named("principal")
                && value.get("qcs").is_some()
                && matches!(list.as_slice(), [one] if one.text == "*");
        }
        Kind::Missing => {}
        Kind::Array => {
            cx.problem(
                span,
                ProblemKind::ForeignWord {
                    vendor: super::words::ALIBABA,
                    instead: Cow::Borrowed("`{\"qcs\": [...]}`"),
                },
            );
            for inner in value.elements() {
                if let Some(text) = inner.string() {
                    list.push(Principal { span: cx.span(inner), text, kind: PrincipalKind::Unknown });
                }
            }
        }
        _ => cx.wrong_type("principal", value, "`\"*\"` or an object such as `{\"qcs\": [...]}`"),
    }
    if list.iter().any(|one| one.text.starts_with("arn:")) {
        cx.problem(
            span,
            ProblemKind::ForeignWord { vendor: AWS, instead: Cow::Borrowed("`qcs::cam::uin/<account>:uin/<user>`") },
        );
    }
    Principals { span, is_shared, is_sdk_habit, negated: false, list }
}

/// Who a `qcs` string names; blanks that publishing put in are passed over.
fn kind_of(text: &str) -> PrincipalKind {
    let compact: Cow<'_, str> =
        if text.contains(' ') { Cow::Owned(text.replace(' ', "")) } else { Cow::Borrowed(text) };
    let compact = compact.trim();
    if matches!(
        compact,
        "*" | "qcs::cam::anyone:anyone" | "qcs::cam::uin/*:uin/*" | "qcs::cam::*:*" | "qcs::cam::uin/*:*"
    ) {
        PrincipalKind::Anyone
    } else if compact == "qcs::cam::anonymous:anonymous" {
        PrincipalKind::Anonymous
    } else if let Some(rest) = compact.strip_prefix("qcs::cam::") {
        if rest.contains(":service/") || rest.contains("tencentcloudServiceRole") {
            PrincipalKind::Service
        } else {
            PrincipalKind::Account
        }
    } else {
        PrincipalKind::Unknown
    }
}
