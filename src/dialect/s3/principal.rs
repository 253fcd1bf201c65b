//! Principals: `"*"`, and an object of `AWS`, `Service`, `Federated` and `CanonicalUser`.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>.

use std::borrow::Cow;

use super::super::lowering::Lowering;
use super::GRAMMAR;
use crate::catalog::Word;
use crate::policy::{Principal, PrincipalKind, Principals, ProblemKind, Who};
use crate::syntax::{Kind, Member};

pub(super) fn principals<'s>(cx: &mut Lowering<'_, 's>, member: Member<'_, 's>) -> Principals<'s> {
    let value = member.value;
    let span = cx.span(value);
    let mut list: Vec<Principal<'s>> = Vec::new();
    match value.kind() {
        Kind::String => {
            let text = value.string().unwrap_or_default();
            if text == "*" {
                list.push(Principal { kind: PrincipalKind::Anyone, ..Principal::unknown(span, text) });
            } else {
                cx.wrong_type("Principal", value, "`\"*\"` or an object such as `{\"AWS\": [...]}`");
                list.push(Principal::unknown(span, text));
            }
        }
        Kind::Object if cx.is_filled_in(value) => {}
        Kind::Object => {
            for inner in value.members() {
                let name = inner.name();
                let kind = match &*name {
                    "AWS" => None,
                    "CanonicalUser" => Some(PrincipalKind::Identity),
                    "Service" => Some(PrincipalKind::Service),
                    "Federated" => Some(PrincipalKind::Federated),
                    other => {
                        foreign(cx, inner, other);
                        Some(PrincipalKind::Unknown)
                    }
                };
                cx.strings("Principal", inner.value, |cx, value, text| {
                    let other = |kind| Who { aliases: of_id(kind), ..Who::new(kind, Cow::Borrowed(&*text)) };
                    let Who { kind, callers, aliases } = kind.map_or_else(|| who(&text), other);
                    let (callers, aliases) = (Cow::Owned(callers.into_owned()), Cow::Owned(aliases.into_owned()));
                    list.push(Principal { span: cx.span(value), kind, callers, aliases, text });
                });
            }
        }
        Kind::Missing => {}
        Kind::Array => {
            list = GRAMMAR.listed_principals(cx, value);
        }
        _ => cx.wrong_type("Principal", value, "`\"*\"` or an object such as `{\"AWS\": [...]}`"),
    }
    Principals { span, is_shared: false, is_sdk_habit: false, negated: false, list }
}

/// The callers whose id may be one that no account is told of: anybody who has a name in an account.
const fn of_id(kind: PrincipalKind) -> Cow<'static, str> {
    Cow::Borrowed(if matches!(kind, PrincipalKind::Identity) { "*/*" } else { "" })
}

/// Who an id of the member `AWS` names. A role's sessions are the role's, whatever path its name has.
pub(super) fn who(id: &str) -> Who<'_> {
    let is_account = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if id == "*" {
        return Who::new(PrincipalKind::Anyone, Cow::Borrowed(id));
    }
    // The service refuses a part of a name.
    if id.contains('*') {
        return Who::new(PrincipalKind::Unknown, Cow::Borrowed(id));
    }
    if is_account(id) {
        return Who::new(PrincipalKind::Account, Cow::Owned(format!("{id}/*")));
    }
    let mut parts = id.splitn(6, ':');
    let (arn, _, service, region) = (parts.next(), parts.next(), parts.next(), parts.next());
    let (Some("arn"), Some("iam" | "sts"), Some(""), Some(account), Some(name)) =
        (arn, service, region, parts.next(), parts.next())
    else {
        let kind = PrincipalKind::Identity;
        return Who { aliases: of_id(kind), ..Who::new(kind, Cow::Borrowed(id)) };
    };
    if name == "root" {
        return Who::new(PrincipalKind::Account, Cow::Owned(format!("{account}/*")));
    }
    let role = |name: &str| format!("{account}/role/{name}");
    let callers = match (name.strip_prefix("role/"), name.strip_prefix("assumed-role/")) {
        (Some(path), _) => role(path.rsplit('/').next().unwrap_or(path)) + "/*",
        (_, Some(session)) => role(session),
        _ => format!("{account}/{name}"),
    };
    Who::new(PrincipalKind::Identity, Cow::Owned(callers))
}

/// Note a member of a principal object that the grammar does not have.
fn foreign(cx: &mut Lowering<'_, '_>, member: Member<'_, '_>, name: &str) {
    let at = cx.span(member.key);
    cx.problem(
        at,
        match GRAMMAR.foreign(Word::PrincipalMember(name)) {
            Some(vendor) => ProblemKind::ForeignWord { vendor, instead: GRAMMAR.instead_of_principals() },
            None => {
                ProblemKind::UnknownElement { name: Cow::Owned(name.to_owned()), suggestion: Some("AWS"), advice: None }
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_for_each_caller() {
        let callers = |id: &'static str| who(id).callers;
        assert_eq!(callers("111122223333"), callers("arn:aws:iam::111122223333:root"));
        assert_eq!(callers("arn:aws:iam::111122223333:role/team/up"), "111122223333/role/up/*");
        assert_eq!(callers("arn:aws:sts::111122223333:assumed-role/up/s"), "111122223333/role/up/s");
        assert_eq!(callers("arn:aws:iam::111122223333:user/alice"), "111122223333/user/alice");
        assert_eq!(who("*").kind, PrincipalKind::Anyone);
        assert_eq!(who("111122223333").kind, PrincipalKind::Account);
    }
}
