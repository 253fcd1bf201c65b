//! The policy object, the statement object, and the kind that they tell.

use super::super::lowering::{Lowering, Spelling, solid_chars, spelling, strings_in};
use super::super::{Candidate, Form};
use super::principal::ANYONE;
use super::{NAME, action, principal, resource};
use crate::catalog::{Word, vocabulary, words_of};
use crate::policy::{
    Action, ActionKind, Effect, Element, KindHint, Policy, PrincipalKind, Principals, ProblemKind, Request, Resource,
    Statement,
};
use crate::syntax::{Kind, Value};
use crate::text::Span;

const POLICY_ELEMENTS: [&str; 3] = ["version", "statement", "principal"];
const STATEMENT_ELEMENTS: [&str; 6] = ["effect", "action", "resource", "condition", "principal", "sid"];

/// Longest duration of a key in seconds, by call: `GetFederationToken` with a sub-account's key
/// (<https://cloud.tencent.com/document/product/1312/48195>) and `AssumeRole`
/// (<https://cloud.tencent.com/document/product/1312/48197>).
const FEDERATION_LONGEST: f64 = 129_600.0;
const ROLE_LONGEST: f64 = 43_200.0;

pub(super) fn policy<'s>(cx: &mut Lowering<'_, 's>, candidate: &Candidate<'_, 's>) -> Policy<'s> {
    let value = candidate.value;
    let mut statements = Vec::new();
    let mut shared = None;
    let mut statements_span = cx.span(value);
    let (mut has_version, mut has_statement) = (false, false);
    for member in value.members() {
        if member.key.kind() != Kind::String {
            continue;
        }
        let name = member.name();
        match element(cx, member.key, &name, &POLICY_ELEMENTS) {
            Some("version") => {
                has_version = true;
                version(cx, member.value);
            }
            Some("statement") => {
                has_statement = true;
                statements_span = cx.fragment.locate(member.local());
                statement_list(cx, member.value, &mut statements);
            }
            Some("principal") => shared = Some(principal::principals(cx, member, true)),
            _ => {}
        }
    }
    let span = cx.span(value);
    for (is_there, element) in [(has_version, "version"), (has_statement, "statement")] {
        if !is_there {
            cx.problem(span, ProblemKind::MissingElement { element, is_empty: false });
        }
    }
    if let Some(shared) = shared {
        for statement in &mut statements {
            statement.principals.get_or_insert_with(|| shared.clone());
        }
    }
    finish(cx, candidate, statements, statements_span)
}

pub(super) fn lone_statement<'s>(cx: &mut Lowering<'_, 's>, candidate: &Candidate<'_, 's>) -> Policy<'s> {
    let mut statements = Vec::new();
    statement(cx, candidate.value, &mut statements);
    let span = cx.span(candidate.value);
    finish(cx, candidate, statements, span)
}

pub(super) fn finish<'s>(
    cx: &mut Lowering<'_, 's>,
    candidate: &Candidate<'_, 's>,
    mut statements: Vec<Statement<'s>>,
    statements_span: Span,
) -> Policy<'s> {
    for statement in statements.iter_mut().filter(|statement| !statement.allows()) {
        only_unsigned(statement);
    }
    let is_settings = candidate.form == Form::Settings;
    let span = cx.span(candidate.value);
    let hint = if candidate.request.is_some() || is_settings { KindHint::Session } else { hint(&statements) };
    if hint != KindHint::Trust {
        for statement in &statements {
            cx.statement = Some(statement.index);
            if statement.resources.is_missing
                && statement.resources.span == statement.span
                && !speaks_only_of_others(statement)
            {
                cx.problem(statement.span, ProblemKind::MissingElement { element: "resource", is_empty: false });
            }
        }
    }
    let mut problems = std::mem::take(&mut cx.problems);
    problems.sort_by_key(|problem| problem.span);
    Policy {
        span,
        statements,
        hint,
        request: candidate.request.map(|request| Request {
            duration: request.duration,
            longest: if request.assumes_role { ROLE_LONGEST } else { FEDERATION_LONGEST },
            call: if request.assumes_role { "AssumeRole" } else { "GetFederationToken" },
        }),
        problems,
        unjudged: std::mem::take(&mut cx.unjudged),
        statements_span,
        is_settings,
        post: None,
        solid_chars: solid_chars(candidate.value.raw()),
    }
}

/// A deny on anyone only hits requests without a signature
/// (<https://www.tencentcloud.com/document/product/436/35240>).
fn only_unsigned(statement: &mut Statement<'_>) {
    let anyone = statement.principals.iter_mut().flat_map(|principals| &mut principals.list);
    for one in anyone.filter(|one| one.kind == PrincipalKind::Anyone && one.callers == ANYONE) {
        one.kind = PrincipalKind::Anonymous;
    }
}

/// A call of `GetFederationToken`, which is what the SDKs make of their settings.
pub(super) const fn federation(duration: Option<(f64, Span)>) -> Request {
    Request { duration, longest: FEDERATION_LONGEST, call: "GetFederationToken" }
}

/// What the statements tell of the policy's kind. The Node SDK puts `{"qcs": "*"}` into session policies, so exactly
/// that tells a session; any other principal beside a resource tells a bucket policy.
fn hint(statements: &[Statement<'_>]) -> KindHint {
    let mut hint = KindHint::None;
    let mut has_resource = false;
    for statement in statements {
        has_resource |= !statement.resources.is_missing;
        match &statement.principals {
            Some(principals) if principals.is_sdk_habit && hint == KindHint::None => hint = KindHint::Session,
            Some(principals) if !principals.is_sdk_habit => hint = KindHint::Bucket,
            _ => {}
        }
    }
    let assumes = |a: &Action<'_>| a.text.trim_start_matches("name/").starts_with("sts:");
    let is_trust = hint == KindHint::Bucket
        && !has_resource
        && statements.iter().all(|s| !s.actions.patterns.is_empty() && s.actions.patterns.iter().all(assumes));
    if is_trust { KindHint::Trust } else { hint }
}

fn speaks_only_of_others(statement: &Statement<'_>) -> bool {
    let actions = &statement.actions.patterns;
    !actions.is_empty() && actions.iter().all(|action| matches!(action.kind, ActionKind::OtherService))
}

/// The element that a key names; a problem where it is misspelled or none.
fn element<'s>(
    cx: &mut Lowering<'_, 's>,
    key: Value<'_, 's>,
    name: &str,
    known: &[&'static str],
) -> Option<&'static str> {
    match spelling(name, known) {
        Spelling::Exact(element) => Some(element),
        Spelling::Capital(element) => {
            let span = cx.span(key);
            cx.problem(span, ProblemKind::ElementCase { expected: element, is_capital: true });
            Some(element)
        }
        Spelling::Odd(element) => {
            let span = cx.span(key);
            cx.problem(span, ProblemKind::ElementCase { expected: element, is_capital: false });
            Some(element)
        }
        Spelling::Unknown => {
            let span = cx.span(key);
            let plural = known.iter().copied().find(|element| name.eq_ignore_ascii_case(&format!("{element}s")));
            let suggestion = plural.or_else(|| crate::catalog::nearest(name, known.iter().copied(), 2));
            let advice = is_negated(name).then_some("list what is meant; the provider documents no negated element");
            let name = key.string().unwrap_or(std::borrow::Cow::Borrowed(key.raw()));
            cx.problem(span, ProblemKind::UnknownElement { name, suggestion, advice });
            None
        }
    }
}

/// Whether a key is another vendor's negated element.
fn is_negated(name: &str) -> bool {
    ["notaction", "notresource", "notprincipal"].iter().any(|negated| name.eq_ignore_ascii_case(negated))
}

fn version(cx: &mut Lowering<'_, '_>, value: Value<'_, '_>) {
    let span = cx.span(value);
    let expected = words_of(NAME).version();
    match value.string() {
        Some(text) if text == expected || crate::policy::find_hole(&text, 0).is_some() => {}
        Some(text) => match vocabulary().foreign(NAME, Word::Version(&text)) {
            Some(vendor) => {
                let instead = format!("version `{expected}`").into();
                cx.problem(span, ProblemKind::ForeignWord { vendor, instead });
            }
            None => cx.problem(span, ProblemKind::InvalidVersion { expected }),
        },
        None => cx.wrong_type("version", value, "the string `\"2.0\"`"),
    }
}

fn statement_list<'s>(cx: &mut Lowering<'_, 's>, value: Value<'_, 's>, statements: &mut Vec<Statement<'s>>) {
    match value.kind() {
        Kind::Array => {
            let mut is_empty = true;
            statements.reserve_exact(value.elements().count());
            for inner in value.elements() {
                is_empty = false;
                if inner.kind() == Kind::Object {
                    statement(cx, inner, statements);
                } else {
                    cx.wrong_type("statement", inner, "an object");
                }
            }
            if is_empty {
                let span = cx.span(value);
                cx.problem(span, ProblemKind::MissingElement { element: "statement", is_empty: true });
            }
        }
        Kind::Object => {
            let span = cx.span(value);
            cx.problem(span, ProblemKind::SingleStatement);
            statement(cx, value, statements);
        }
        _ => cx.wrong_type("statement", value, "a list of statements"),
    }
}

fn statement<'s>(cx: &mut Lowering<'_, 's>, value: Value<'_, 's>, statements: &mut Vec<Statement<'s>>) {
    let index = statements.len() as u32;
    cx.statement = Some(index);
    let span = cx.span(value);
    let mut result = Statement {
        index,
        span,
        node: value.index(),
        sid: None,
        effect: Effect::Allow,
        principals: None::<Principals<'s>>,
        actions: Element { negated: false, widest: None, span, patterns: Vec::new(), is_missing: true },
        resources: Element { negated: false, widest: None, span, patterns: Vec::new(), is_missing: true },
        conditions: Vec::new(),
    };
    let (mut has_effect, mut has_action, mut has_negation) = (false, false, false);
    for member in value.members() {
        if member.key.kind() != Kind::String {
            continue;
        }
        let name = member.name();
        match element(cx, member.key, &name, &STATEMENT_ELEMENTS) {
            Some("effect") => {
                // Of two effects the wider one is judged; the repetition is a finding of its own.
                let effect = effect(cx, member.value);
                result.effect = if has_effect && result.effect == Effect::Allow { Effect::Allow } else { effect };
                has_effect = true;
            }
            Some("action") => {
                has_action = true;
                actions(cx, member.value, &mut result.actions);
            }
            Some("resource") => resources(cx, member.value, &mut result.resources),
            Some("condition") => super::conditions().read(cx, member.value, &mut result.conditions),
            Some("principal") => result.principals = Some(principal::principals(cx, member, false)),
            Some("sid") => result.sid = member.value.string(),
            _ => has_negation |= name.eq_ignore_ascii_case("notaction"),
        }
    }
    for (is_there, element) in [(has_effect, "effect"), (has_action || has_negation, "action")] {
        if !is_there {
            cx.problem(span, ProblemKind::MissingElement { element, is_empty: false });
        }
    }
    cx.statement = None;
    statements.push(result);
}

fn effect(cx: &mut Lowering<'_, '_>, value: Value<'_, '_>) -> Effect {
    let span = cx.span(value);
    let Some(text) = value.string() else {
        cx.wrong_type("effect", value, "`\"allow\"` or `\"deny\"`");
        return Effect::Allow;
    };
    match &*text {
        "allow" => Effect::Allow,
        "deny" => Effect::Deny,
        _ if crate::policy::find_hole(&text, 0).is_some() => {
            cx.problem(span, ProblemKind::StrayHole);
            Effect::Allow
        }
        word => match spelling(word, &["allow", "deny"]) {
            Spelling::Capital(expected) => {
                cx.problem(span, ProblemKind::ElementCase { expected, is_capital: true });
                if expected == "deny" { Effect::Deny } else { Effect::Allow }
            }
            Spelling::Odd(expected) | Spelling::Exact(expected) => {
                cx.problem(span, ProblemKind::ElementCase { expected, is_capital: false });
                if expected == "deny" { Effect::Deny } else { Effect::Allow }
            }
            Spelling::Unknown => {
                cx.problem(span, ProblemKind::InvalidEffect);
                Effect::Allow
            }
        },
    }
}

fn actions<'s>(cx: &mut Lowering<'_, 's>, value: Value<'_, 's>, element: &mut Element<Action<'s>>) {
    let mut patterns = std::mem::take(&mut element.patterns);
    patterns.reserve_exact(strings_in(value));
    cx.strings("action", value, |cx, value, text| patterns.push(action::action(cx, value, text)));
    *element =
        Element { negated: false, widest: None, span: cx.span(value), is_missing: patterns.is_empty(), patterns };
}

fn resources<'s>(cx: &mut Lowering<'_, 's>, value: Value<'_, 's>, element: &mut Element<Resource<'s>>) {
    let mut patterns = std::mem::take(&mut element.patterns);
    patterns.reserve_exact(strings_in(value));
    cx.strings("resource", value, |cx, value, text| patterns.push(resource::resource(cx, value, text)));
    *element =
        Element { negated: false, widest: None, span: cx.span(value), is_missing: patterns.is_empty(), patterns };
}
