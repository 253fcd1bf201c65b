//! Tools that every dialect's lowering needs: positions, strings, lists, problems.

use std::borrow::Cow;

use crate::catalog::nearest;
use crate::policy::{Anchor, Found, Owners, Policy, Problem, ProblemKind, Statement, find_hole};
use crate::syntax::{Kind, Value};
use crate::text::{Fragment, Local, Span};

/// The beginning of a resource, and where its parts stand in it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Head<'s> {
    /// All of it, the slash behind the bucket included.
    pub(super) text: &'s str,
    pub(super) account_at: usize,
    pub(super) path_at: usize,
    /// The number in the account part, empty where there is none.
    pub(super) id: &'s str,
}

/// What a lowering knows and gathers.
#[derive(Debug)]
pub(super) struct Lowering<'a, 's> {
    /// The text that is lowered.
    pub(super) fragment: &'a Fragment<'a>,
    /// Who owns paths.
    pub(super) owners: &'a Owners,
    /// What could not be lowered as written.
    pub(super) problems: Vec<Problem<'s>>,
    /// What was not judged.
    pub(super) unjudged: Vec<(Span, String)>,
    /// The statement at work.
    pub(super) statement: Option<u32>,
    /// The last beginning of a resource in which nothing was wrong: the resources of a policy mostly share it.
    pub(super) sound: Head<'s>,
    /// The provider fills in its variables when it judges a request.
    pub(super) has_variables: bool,
}

impl<'a, 's> Lowering<'a, 's> {
    pub(super) fn new(fragment: &'a Fragment<'a>, owners: &'a Owners) -> Self {
        Self {
            fragment,
            owners,
            problems: Vec::new(),
            unjudged: Vec::new(),
            statement: None,
            sound: Head::default(),
            has_variables: false,
        }
    }

    /// The bytes of a value in the file.
    pub(super) fn span(&self, value: Value<'_, '_>) -> Span {
        self.fragment.locate(value.local())
    }

    /// Offset in the file of the first byte of a string's content, if the content stands there byte for byte.
    pub(super) fn exact_start(&self, value: Value<'_, '_>) -> Option<u32> {
        if value.is_escaped() {
            return None;
        }
        let content = value.content();
        let span = self.fragment.locate(content);
        (self.fragment.is_straight() || span.len() == content.len()).then_some(span.start)
    }

    /// Where the content of a string stands, byte for byte if it does.
    pub(super) fn anchor(&self, value: Value<'_, '_>) -> Anchor {
        match self.exact_start(value) {
            Some(start) => Anchor::exact(Span::new(start, start + value.content().len())),
            None => Anchor::loose(self.span(value)),
        }
    }

    /// The bytes of a part of a string's content, in the file; the whole string where they cannot be told apart.
    pub(super) fn part(&self, value: Value<'_, '_>, start: usize, end: usize) -> Span {
        match self.exact_start(value) {
            Some(_) => {
                let content = value.content();
                self.fragment.locate(Local::new(content.start + start as u32, content.start + end as u32))
            }
            None => self.span(value),
        }
    }

    /// Note something that is not as the grammar has it.
    pub(super) fn problem(&mut self, span: Span, kind: ProblemKind<'s>) {
        self.problems.push(Problem { span, kind, statement: self.statement });
    }

    /// Note a resource that is not as the grammar has it; one that `is_mended` is judged as if it were.
    pub(super) fn malformed(
        &mut self,
        span: Span,
        what: impl Into<Cow<'static, str>>,
        help: impl Into<Cow<'static, str>>,
        is_mended: bool,
    ) {
        self.problem(span, ProblemKind::MalformedResource { what: what.into(), help: help.into(), is_mended });
    }

    /// The word of a grammar that a text is, whatever its letter case; a problem where that is not the grammar's. Some
    /// grammars of small letters have capital ones too, and the problem tells whether it is no more than one.
    pub(super) fn word<T: Copy>(
        &mut self,
        known: &[(&'static str, T)],
        value: Value<'_, '_>,
        text: &str,
        writes_small: bool,
    ) -> Option<(&'static str, T)> {
        let found = *known.iter().find(|(word, _)| word.eq_ignore_ascii_case(text))?;
        let expected = found.0;
        if expected != text {
            let is_capital = writes_small && expected.get(1..) == text.get(1..);
            let span = self.span(value);
            self.problem(span, ProblemKind::ElementCase { expected, is_capital });
        }
        Some(found)
    }

    /// Note a key that names no element of a grammar.
    pub(super) fn unknown_element<T>(
        &mut self,
        key: Value<'_, 's>,
        name: Cow<'s, str>,
        known: &[(&'static str, T)],
        advice: Option<&'static str>,
    ) {
        let known = known.iter().map(|(element, _)| *element);
        let plural = known.clone().find(|element| name.eq_ignore_ascii_case(&format!("{element}s")));
        let suggestion = plural.or_else(|| nearest(&name, known, 2));
        let span = self.span(key);
        self.problem(span, ProblemKind::UnknownElement { name, suggestion, advice });
    }

    /// The policy of a value, with what was noted on the way.
    pub(super) fn policy(
        &mut self,
        value: Value<'_, 's>,
        statements: Vec<Statement<'s>>,
        statements_span: Span,
    ) -> Policy<'s> {
        let mut problems = std::mem::take(&mut self.problems);
        problems.sort_by_key(|problem| problem.span);
        Policy {
            span: self.span(value),
            statements,
            problems,
            unjudged: std::mem::take(&mut self.unjudged),
            statements_span,
            solid_chars: solid_chars(value.raw()),
            ..Policy::nothing()
        }
    }

    /// Visit the strings of an element that is a string or a list of strings; anything else is a problem. Tells
    /// whether the value was of a right type and not empty.
    pub(super) fn strings<'t>(
        &mut self,
        element: &'static str,
        value: Value<'t, 's>,
        mut visit: impl FnMut(&mut Self, Value<'t, 's>, Cow<'s, str>),
    ) -> bool {
        const EXPECTED: &str = "a string or a list of strings";
        if let Some(text) = value.string() {
            visit(self, value, text);
            return true;
        }
        if value.kind() != Kind::Array {
            self.wrong_type(element, value, EXPECTED);
            return false;
        }
        let mut is_empty = true;
        let mut is_right = true;
        for inner in value.elements() {
            is_empty = false;
            if let Some(text) = inner.string() {
                visit(self, inner, text);
            } else {
                is_right = false;
                self.wrong_type(element, inner, "a string");
            }
        }
        if is_empty {
            let span = self.span(value);
            self.problem(span, ProblemKind::MissingElement { element, is_empty: true });
        }
        is_right && !is_empty
    }

    /// Whether a template's function stands in the place of a value, `{"Fn::Sub": ...}`: what it becomes is noted as unjudged.
    pub(super) fn is_filled_in(&mut self, value: Value<'_, '_>) -> bool {
        let mut members = value.members();
        let name = members.next().and_then(|member| member.key.plain_string());
        let Some(name) = name.filter(|name| *name == "Ref" || name.starts_with("Fn::")) else { return false };
        if members.next().is_some() {
            return false;
        }
        let span = self.span(value);
        self.unjudged.push((
            span,
            format!("what `{name}` makes of this is known once the template is filled in; it was not judged"),
        ));
        true
    }

    /// Note a value of the wrong JSON type, unless a fault of the syntax left nothing there.
    pub(super) fn wrong_type(
        &mut self,
        element: impl Into<Cow<'s, str>>,
        value: Value<'_, '_>,
        expected: &'static str,
    ) {
        let found = match value.kind() {
            Kind::Object => Found::Object,
            Kind::Array => Found::List,
            Kind::String => Found::String,
            Kind::Number => Found::Number,
            Kind::True | Kind::False => Found::Bool,
            Kind::Null => Found::Null,
            Kind::Missing => Found::Nothing,
        };
        if found != Found::Nothing && !self.is_filled_in(value) {
            let span = self.span(value);
            self.problem(span, ProblemKind::WrongType { element: element.into(), found, expected });
        }
    }
}

/// Characters that count against the limit of a policy: all but blanks. A policy shorter than every limit is not counted.
fn solid_chars(text: &str) -> u32 {
    if text.len() <= 2048 {
        return text.len() as u32;
    }
    if text.is_ascii() {
        return text.bytes().filter(|byte| !matches!(byte, b'\t'..=b'\r' | b' ')).count() as u32;
    }
    text.chars().filter(|c| !c.is_whitespace()).count() as u32
}

/// For how many strings room is to be made: one, or as many as a list has. A short list is not walked for it, and has at least
/// as many nodes as strings.
pub(super) fn strings_in(value: Value<'_, '_>) -> usize {
    const SHORT: usize = 16;
    match value.kind() {
        Kind::Array if value.nodes_below() <= SHORT => value.nodes_below(),
        Kind::Array => value.elements().count(),
        _ => 1,
    }
}

/// Whether a short word fits a pattern in which `*` is any run of characters.
pub(super) fn glob(pattern: &str, word: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = word.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    true
}

/// What stands in the place of a service within a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ServicePart {
    /// The word for the service itself.
    Own,
    /// The same in another letter case.
    OtherCase,
    /// A wildcard that may stand for it.
    Wild,
    /// Another service, or a wildcard that stands for others.
    Other,
    /// No word for a service: a hole, or marks that none has.
    Odd,
}

/// Read what stands in the place of the service `own`. A `?` may be any one letter, whether or not the provider says so: what
/// might be read as the service is not passed over.
pub(super) fn service_part(text: &str, own: &str) -> ServicePart {
    let is_wild = text.contains(['*', '?']);
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'*' | b'?');
    if text == own {
        ServicePart::Own
    } else if is_wild && may_be(&text.to_ascii_lowercase(), own) {
        ServicePart::Wild
    } else if text.eq_ignore_ascii_case(own) {
        ServicePart::OtherCase
    } else if !text.is_empty() && text.bytes().all(is_plain) {
        ServicePart::Other
    } else {
        ServicePart::Odd
    }
}

/// Whether a short word fits a pattern in which `*` is any run of characters and `?` any one. O(pattern).
fn may_be(pattern: &str, word: &str) -> bool {
    // The places in the word to which the pattern may have come, as bits.
    let all = (1_u32 << (word.len() + 1)) - 1;
    let mut at = 1_u32;
    for byte in pattern.bytes() {
        at = match byte {
            b'*' => !((at & at.wrapping_neg()) - 1),
            b'?' => at << 1,
            _ => {
                word.bytes().enumerate().filter(|(_, own)| *own == byte).fold(0, |to, (i, _)| to | (at & (1 << i)) << 1)
            }
        } & all;
        if at == 0 {
            return false;
        }
    }
    at & (1 << word.len()) != 0
}

/// Whether a text is nothing but wildcards.
pub(super) fn is_stars(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte == b'*')
}

/// The service word and the name behind it; no service where there is no colon outside a hole.
pub(super) fn split_service(rest: &str) -> (Option<&str>, &str) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_may_stand_for_the_service() {
        for (text, expected) in [
            ("s3", ServicePart::Own),
            ("S3", ServicePart::OtherCase),
            ("*", ServicePart::Wild),
            ("s*", ServicePart::Wild),
            ("?3", ServicePart::Wild),
            ("S?", ServicePart::Wild),
            ("*s*3*", ServicePart::Wild),
            ("**", ServicePart::Wild),
            ("s3*", ServicePart::Wild),
            ("s3?", ServicePart::Other),
            ("e?2", ServicePart::Other),
            ("iam*", ServicePart::Other),
            ("?", ServicePart::Other),
            ("sqs", ServicePart::Other),
            ("s3-object-lambda", ServicePart::Other),
            ("", ServicePart::Odd),
            ("<Service>", ServicePart::Odd),
        ] {
            assert_eq!(service_part(text, "s3"), expected, "{text}");
        }
    }
}
