//! Actions: `*`, `oss:PutObject`, `s3:Get*`, in any letter case.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html>: the service and the name are
//! case-insensitive, and `*` and `?` are wildcards in the name.

use std::borrow::Cow;

use super::super::grammar::Grammar;
use super::super::lowering::{Lowering, is_stars, split_service};
use super::super::parts::{Part, part_pattern};
use crate::catalog::Word;
use crate::policy::{Action, ActionFault, ActionKind, Case, ProblemKind, find_hole, may_hold_hole};
use crate::syntax::Value;

pub(in crate::dialect) fn action<'s>(
    cx: &mut Lowering<'_, 's>,
    grammar: &Grammar,
    value: Value<'_, 's>,
    text: Cow<'s, str>,
) -> Action<'s> {
    let span = cx.span(value);
    let lead = text.len() - text.trim_start().len();
    let trimmed = text.trim();
    let mut name_span = cx.part(value, lead, lead + trimmed.len());
    let mut is_odd = false;
    let (head, name) = if may_hold_hole(trimmed) {
        split_service(trimmed)
    } else {
        trimmed.split_once(':').map_or((None, trimmed), |(head, name)| (Some(head), name))
    };
    let is_own = head.is_some_and(|head| head.eq_ignore_ascii_case(grammar.service));
    let vendor = if is_own { None } else { grammar.foreign(Word::Action(trimmed)) };
    let kind = if is_stars(trimmed) || trimmed == "*:*" {
        ActionKind::EveryService
    } else if let Some(vendor) = vendor {
        cx.problem(
            span,
            ProblemKind::ForeignWord { vendor, instead: Cow::Borrowed(&grammar.words().instead().action) },
        );
        ActionKind::Unreadable
    } else {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        match head {
            Some(head) if find_hole(head, 0).is_some() => ActionKind::Unreadable,
            Some(head) if !is_own && !head.is_empty() && head.bytes().all(is_plain) && !name.contains(':') => {
                ActionKind::OtherService
            }
            _ => {
                is_odd = !is_own || name.contains(':');
                let name = name.rsplit(':').next().unwrap_or(name);
                let at = lead + trimmed.len() - name.trim_start().len();
                let name = name.trim();
                name_span = cx.part(value, at, at + name.len());
                ActionKind::Own(part_pattern(cx, value, &text, Part { text: name, at }, Case::Insensitive))
            }
        }
    };
    let is_open = may_hold_hole(&text) && find_hole(&text, 0).is_some();
    let fault = if is_open { None } else { fault(&text, &kind, is_odd) };
    Action { span, text, name_span, kind, fault }
}

/// What keeps a text from being an action of this service.
fn fault(text: &str, kind: &ActionKind<'_>, is_odd: bool) -> Option<ActionFault> {
    if !matches!(kind, ActionKind::Own(_)) {
        return None;
    }
    let Some((_, name)) = text.split_once(':') else { return Some(ActionFault::NoService) };
    let has_blank = text.contains(char::is_whitespace);
    if is_odd && !has_blank {
        Some(ActionFault::OddService)
    } else if has_blank {
        Some(ActionFault::Blank)
    } else if name.is_empty() {
        Some(ActionFault::NoName)
    } else {
        let is_usual = |c: char| c.is_ascii_alphanumeric() || matches!(c, '*' | '?');
        (!name.chars().all(is_usual)).then_some(ActionFault::OddCharacter)
    }
}
