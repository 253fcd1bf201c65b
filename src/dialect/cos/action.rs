//! Actions: `*`, `name/*:*`, `name/cos:PutObject`, `cos:Get*`, `permid/280649`.
//!
//! The `name/` in front is optional in practice: both forms stand in official examples
//! (<https://www.tencentcloud.com/document/product/598/10603>).

use std::borrow::Cow;

use super::super::lowering::Lowering;
use super::words::vendor_of_service;
use crate::policy::{Action, ActionFault, ActionKind, Anchor, Case, Pattern, ProblemKind, find_hole};
use crate::syntax::Value;

const SERVICE: &str = "cos";

pub(super) fn action<'s>(cx: &mut Lowering<'_, 's>, value: Value<'_, 's>, text: Cow<'s, str>) -> Action<'s> {
    let span = cx.span(value);
    let lead = text.len() - text.trim_start().len();
    let trimmed = text.trim();
    let rest = trimmed.strip_prefix("name/").unwrap_or(trimmed);
    let mut at = lead + trimmed.len() - rest.len();
    let mut name_span = cx.part(value, at, at + rest.len());
    let kind = if is_stars(rest) || rest == "*:*" {
        ActionKind::EveryService
    } else if rest.starts_with("permid/") || rest.starts_with("actionName/") {
        cx.unjudged.push((span, format!("`{trimmed}` names a set of permissions that only the provider can look up")));
        ActionKind::Unreadable
    } else {
        let (service, name) = split_service(rest);
        let service = service.map(str::trim);
        let start = rest.len() - name.len();
        let blank = name.len() - name.trim_start().len();
        let name = name.trim();
        at += start + blank;
        let own = match service {
            None => true,
            Some(service) => service.eq_ignore_ascii_case(SERVICE) || covers_own(service),
        };
        if own {
            name_span = cx.part(value, at, at + name.len());
            ActionKind::Own(pattern(cx, value, &text, at, name))
        } else if let Some(vendor) = service.and_then(vendor_of_service) {
            let instead = Cow::Borrowed("an action of COS, such as `name/cos:PutObject`");
            cx.problem(span, ProblemKind::ForeignWord { vendor, instead });
            ActionKind::Unreadable
        } else if service.is_some_and(|s| find_hole(s, 0).is_some()) {
            ActionKind::Unreadable
        } else {
            ActionKind::OtherService
        }
    };
    let fault = fault(&text, &kind);
    Action { span, text, name_span, kind, fault }
}

/// What keeps a text from being an action of this service.
fn fault(text: &str, kind: &ActionKind<'_>) -> Option<ActionFault> {
    if !matches!(kind, ActionKind::Own(_)) || find_hole(text, 0).is_some() {
        return None;
    }
    let Some((_, name)) = text.split_once(':') else { return Some(ActionFault::NoService) };
    if text.contains(char::is_whitespace) {
        Some(ActionFault::Blank)
    } else if name.is_empty() {
        Some(ActionFault::NoName)
    } else {
        (!name.chars().all(|c| c.is_ascii_alphanumeric() || c == '*')).then_some(ActionFault::OddCharacter)
    }
}

/// Whether a text is nothing but wildcards.
fn is_stars(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte == b'*')
}

/// The service word and the name behind it; no service where there is no colon outside a hole.
fn split_service(rest: &str) -> (Option<&str>, &str) {
    let mut from = 0;
    while let Some(offset) = rest.get(from..).and_then(|tail| tail.find(':')) {
        let colon = from + offset;
        match find_hole(rest, 0) {
            Some((hole, _)) if hole.contains(&colon) => from = hole.end,
            _ => return (rest.get(..colon), rest.get(colon + 1..).unwrap_or_default()),
        }
    }
    (None, rest)
}

/// Whether a service word with wildcards covers COS.
fn covers_own(service: &str) -> bool {
    match service.split_once('*') {
        Some((before, after)) => {
            SERVICE.starts_with(before) && (after.is_empty() || after == "*" || SERVICE.ends_with(after))
        }
        None => false,
    }
}

fn pattern<'s>(cx: &Lowering<'_, 's>, value: Value<'_, 's>, text: &Cow<'s, str>, at: usize, name: &str) -> Pattern<'s> {
    let end = at + name.len();
    let exact = cx.anchor(value).exact.is_some();
    let span = cx.part(value, at, end);
    let anchor = if exact { Anchor::exact(span) } else { Anchor::loose(span) };
    let own: Cow<'s, str> = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(at..end).unwrap_or_default()),
        Cow::Owned(_) => Cow::Owned(name.to_owned()),
    };
    Pattern::new(own, false, Case::Sensitive, anchor)
}
