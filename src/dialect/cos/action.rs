//! Actions: `*`, `name/*:*`, `name/cos:PutObject`, `cos:Get*`, `permid/280649`.
//!
//! The `name/` in front is optional in practice: both forms stand in official examples
//! (<https://www.tencentcloud.com/document/product/598/10603>).

use std::borrow::Cow;

use super::super::lowering::{Lowering, glob, is_stars, split_service};
use super::GRAMMAR;
use crate::catalog::Word;
use crate::policy::{
    Action, ActionFault, ActionKind, Anchor, Case, Pattern, ProblemKind, Vendor, find_hole, may_hold_hole,
};
use crate::syntax::Value;
use crate::text::Span;

pub(super) fn action<'s>(cx: &mut Lowering<'_, 's>, value: Value<'_, 's>, text: Cow<'s, str>) -> Action<'s> {
    if let Some(action) = documented(cx, value, &text) {
        return action;
    }
    let span = cx.span(value);
    let lead = text.len() - text.trim_start().len();
    let trimmed = text.trim();
    let has_holes = may_hold_hole(trimmed);
    let rest = trimmed.strip_prefix("name/").unwrap_or(trimmed);
    let mut name_span = cx.part(value, lead, lead + trimmed.len());
    let mut is_odd = false;
    let kind = if is_stars(rest) || rest == "*:*" {
        ActionKind::EveryService
    } else if rest.starts_with("permid/") || rest.starts_with("actionName/") {
        cx.unjudged.push((span, format!("`{trimmed}` names a set of permissions that only the provider can look up")));
        ActionKind::Unreadable
    } else {
        let (head, name) = match trimmed.split_once(':') {
            Some((head, name)) if !has_holes => (Some(head), name),
            _ => split_service(trimmed),
        };
        let service = head.map_or(Service::Odd, service_of);
        // More than one colon is no action's form, so the service is the word before the last one.
        let (service, name) = match name.rsplit_once(':') {
            Some((_, last)) if matches!(service, Service::Own | Service::Other) => (Service::Odd, last),
            _ => (service, name),
        };
        let at = lead + trimmed.len() - name.trim_start().len();
        let name = name.trim();
        match service {
            Service::Own | Service::Odd => {
                is_odd = service == Service::Odd;
                name_span = cx.part(value, at, at + name.len());
                ActionKind::Own(pattern(cx, value, &text, at, name, has_holes))
            }
            Service::Foreign(vendor) => {
                let instead = Cow::Borrowed(GRAMMAR.words().instead().action.as_str());
                cx.problem(span, ProblemKind::ForeignWord { vendor, instead });
                ActionKind::Unreadable
            }
            Service::Hole => ActionKind::Unreadable,
            Service::Other => ActionKind::OtherService,
        }
    };
    let is_open = has_holes && find_hole(&text, 0).is_some();
    let fault = if is_open { None } else { fault(&text, &kind, is_odd) };
    Action { span, text, name_span, kind, fault }
}

/// What a byte of an action's name may be: of a name, a wildcard, or neither.
const NAMED: u8 = 1;
const WILD: u8 = 2;
const ODD: u8 = 4;

#[expect(clippy::indexing_slicing, reason = "what is out of bounds here does not compile")]
const BYTES: [u8; 256] = {
    let mut bytes = [ODD; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            bytes[byte as usize] = NAMED;
        }
        byte += 1;
    }
    bytes[b'*' as usize] = WILD;
    bytes
};

/// An action in a documented form and nothing else: `cos:` with or without `name/`, then letters, digits and wildcards.
/// Nearly all are, and need no closer look.
fn documented<'s>(cx: &Lowering<'_, 's>, value: Value<'_, 's>, text: &Cow<'s, str>) -> Option<Action<'s>> {
    let Cow::Borrowed(text) = *text else { return None };
    let start = cx.exact_start(value)?;
    let name = text.strip_prefix("name/").unwrap_or(text).strip_prefix("cos:")?;
    let of = |byte: u8| BYTES.get(usize::from(byte)).copied().unwrap_or(ODD);
    let seen = name.bytes().fold(0, |seen, byte| seen | of(byte));
    if seen & ODD != 0 || seen == 0 {
        return None;
    }
    let is_plain = seen == NAMED;
    let name_span = Span::new(start + (text.len() - name.len()) as u32, start + text.len() as u32);
    let anchor = Anchor::exact(name_span);
    let pattern = if is_plain { Pattern::literal(name, anchor) } else { Pattern::without_holes(name, anchor) };
    let kind = ActionKind::Own(pattern);
    Some(Action { span: cx.span(value), text: Cow::Borrowed(text), name_span, kind, fault: None })
}

/// What keeps a text from being an action of this service.
fn fault(text: &str, kind: &ActionKind<'_>, is_odd: bool) -> Option<ActionFault> {
    if !matches!(kind, ActionKind::Own(_)) {
        return None;
    }
    let Some((_, name)) = text.split_once(':') else { return Some(ActionFault::NoService) };
    if is_odd && !text.contains(char::is_whitespace) {
        return Some(ActionFault::OddService);
    }
    if text.contains(char::is_whitespace) {
        Some(ActionFault::Blank)
    } else if name.is_empty() {
        Some(ActionFault::NoName)
    } else {
        (!name.chars().all(|c| c.is_ascii_alphanumeric() || c == '*')).then_some(ActionFault::OddCharacter)
    }
}

/// What stands before the colon of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Service {
    /// COS, or a wildcard that covers it.
    Own,
    /// Another service of the provider.
    Other,
    /// A service of another vendor.
    Foreign(Vendor),
    /// A hole stands in it.
    Hole,
    /// Nothing that any document has; judged as COS, because the provider might read it so.
    Odd,
}

/// What the text before the colon names: `cos` or another word, with or without `name/`, or a pattern of these.
fn service_of(head: &str) -> Service {
    let head = head.trim();
    let word = head.strip_prefix("name/").unwrap_or(head);
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if word == GRAMMAR.service {
        Service::Own
    } else if find_hole(head, 0).is_some() {
        Service::Hole
    } else if head.contains('*') {
        let covers = |text: &str| glob(head, text);
        let is_other = word.chars().all(|c| is_plain(c) || c == '*') && !covers("cos") && !covers("name/cos");
        if is_other { Service::Other } else { Service::Own }
    } else if let Some(vendor) = GRAMMAR.foreign(Word::Service(word)) {
        Service::Foreign(vendor)
    } else if !word.is_empty() && word.chars().all(is_plain) {
        Service::Other
    } else {
        Service::Odd
    }
}

fn pattern<'s>(
    cx: &Lowering<'_, 's>,
    value: Value<'_, 's>,
    text: &Cow<'s, str>,
    at: usize,
    name: &str,
    has_holes: bool,
) -> Pattern<'s> {
    let end = at + name.len();
    let exact = cx.anchor(value).exact.is_some();
    let span = cx.part(value, at, end);
    let anchor = if exact { Anchor::exact(span) } else { Anchor::loose(span) };
    let own: Cow<'s, str> = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(at..end).unwrap_or_default()),
        Cow::Owned(_) => Cow::Owned(name.to_owned()),
    };
    if has_holes { Pattern::new(own, false, Case::Sensitive, anchor) } else { Pattern::without_holes(own, anchor) }
}
