//! The policy object, the statement object, and the kind that they tell: of every dialect, by its [`Grammar`].

use std::borrow::Cow;

use super::Candidate;
use super::grammar::{ElementKind, Grammar, Named};
use super::lowering::{Lowering, strings_in};
use super::request::StsRequest;
use crate::catalog::Word;
use crate::policy::{
    Action, ActionKind, Effect, Element, KindHint, Policy, Principals, ProblemKind, Request, Resource, ResourceKind,
    Statement, find_hole,
};
use crate::syntax::{Kind, Member, Value};
use crate::text::Span;

/// Longest duration of a key in seconds, by call: `GetFederationToken`
/// (<https://cloud.tencent.com/document/product/1312/48195> with a sub-account's key,
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html>) and `AssumeRole`
/// (<https://cloud.tencent.com/document/product/1312/48197>,
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>,
/// <https://alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole>).
const FEDERATION_LONGEST: f64 = 129_600.0;
const ROLE_LONGEST: f64 = 43_200.0;

pub(super) fn policy<'s>(cx: &mut Lowering<'_, 's>, grammar: &Grammar, candidate: &Candidate<'_, 's>) -> Policy<'s> {
    let value = candidate.value;
    let span = cx.span(value);
    let elements = grammar.policy_elements;
    let mut statements = Vec::new();
    let mut shared = None;
    let mut statements_span = span;
    let (mut has_version, mut has_statement) = (!grammar.needs_version, false);
    // The version decides how statements are read, wherever it stands.
    cx.has_variables = !grammar.with_variables.is_empty()
        && value.members().any(|member| {
            let is_version = member.is_named(name_of(elements, ElementKind::Version));
            let text = if is_version { member.value.string() } else { None };
            text.is_some_and(|text| grammar.with_variables.contains(&&*text))
        });
    for member in value.members().filter(|member| member.key.kind() == Kind::String) {
        let Some((name, kind)) = element(cx, member, elements, grammar) else { continue };
        match kind {
            ElementKind::Version => {
                has_version = true;
                version(cx, grammar, name, member.value);
            }
            ElementKind::Statement => {
                has_statement = true;
                statements_span = cx.fragment.locate(member.local());
                statement_list(cx, grammar, name, member.value, &mut statements);
            }
            ElementKind::Principal => {
                shared = Some(Principals { is_shared: true, ..principals(cx, grammar, name, member) });
            }
            _ => {}
        }
    }
    missing(cx, span, elements, [(has_version, ElementKind::Version), (has_statement, ElementKind::Statement)]);
    if let Some(shared) = shared {
        for statement in &mut statements {
            statement.principals.get_or_insert_with(|| shared.clone());
        }
    }
    finish(cx, grammar, candidate, statements, statements_span)
}

pub(super) fn lone_statement<'s>(
    cx: &mut Lowering<'_, 's>,
    grammar: &Grammar,
    candidate: &Candidate<'_, 's>,
) -> Policy<'s> {
    // What it will stand in is not known; today's version is.
    cx.has_variables = !grammar.with_variables.is_empty();
    let mut statements = Vec::new();
    statement(cx, grammar, candidate.value, &mut statements);
    let span = cx.span(candidate.value);
    finish(cx, grammar, candidate, statements, span)
}

/// The policy of these statements, its kind as far as they tell it.
pub(super) fn finish<'s>(
    cx: &mut Lowering<'_, 's>,
    grammar: &Grammar,
    candidate: &Candidate<'_, 's>,
    statements: Vec<Statement<'s>>,
    statements_span: Span,
) -> Policy<'s> {
    let hint = if candidate.request.is_some() { KindHint::Session } else { hint(grammar, &statements) };
    if hint != KindHint::Trust {
        let element = name_of(grammar.statement_elements, ElementKind::Resource);
        for statement in &statements {
            cx.statement = Some(statement.index);
            let resources = &statement.resources;
            let is_absent = resources.is_missing && resources.span == statement.span;
            if is_absent && !speaks_only_of_others(statement) {
                cx.problem(statement.span, ProblemKind::MissingElement { element, is_empty: false });
            }
        }
    }
    let request = candidate.request.map(request);
    Policy { hint, request, ..cx.policy(candidate.value, statements, statements_span) }
}

/// The call that a request for a temporary key makes.
pub(super) const fn request(request: StsRequest) -> Request {
    Request {
        duration: request.duration,
        longest: if request.assumes_role { ROLE_LONGEST } else { FEDERATION_LONGEST },
        call: if request.assumes_role { "AssumeRole" } else { "GetFederationToken" },
    }
}

/// What the statements tell of the policy's kind: a principal beside a resource makes a bucket policy, one beside actions
/// of the service that issues keys and no resource a trust policy. Exactly the principal that an SDK puts into session
/// policies tells a session.
fn hint(grammar: &Grammar, statements: &[Statement<'_>]) -> KindHint {
    let mut principals = statements.iter().filter_map(|statement| statement.principals.as_ref()).peekable();
    if principals.peek().is_none() {
        return KindHint::None;
    }
    if principals.all(|principals| principals.is_sdk_habit) {
        return KindHint::Session;
    }
    let issues_keys = |action: &Action<'_>| (grammar.issues_keys)(&action.text);
    let trusts = |statement: &Statement<'_>| {
        let actions = &statement.actions.patterns;
        statement.resources.is_missing && !actions.is_empty() && actions.iter().all(issues_keys)
    };
    if statements.iter().all(trusts) { KindHint::Trust } else { KindHint::Bucket }
}

fn speaks_only_of_others(statement: &Statement<'_>) -> bool {
    let actions = &statement.actions.patterns;
    !actions.is_empty() && actions.iter().all(|action| matches!(action.kind, ActionKind::OtherService))
}

/// What a grammar calls an element.
fn name_of(elements: &[Named], kind: ElementKind) -> &'static str {
    elements.iter().find(|(_, known)| *known == kind).map_or("", |(name, _)| name)
}

/// Note the elements that are not there.
fn missing(cx: &mut Lowering<'_, '_>, span: Span, elements: &[Named], needed: [(bool, ElementKind); 2]) {
    for (_, kind) in needed.into_iter().filter(|(is_there, _)| !is_there) {
        cx.problem(span, ProblemKind::MissingElement { element: name_of(elements, kind), is_empty: false });
    }
}

/// The element that a key names; a problem where it is misspelled or none.
fn element<'s>(cx: &mut Lowering<'_, 's>, member: Member<'_, 's>, known: &[Named], grammar: &Grammar) -> Option<Named> {
    let is_it = |word: &str, name: &str| word.as_bytes().first() == name.as_bytes().first() && word == name;
    // A key without escapes, as nearly all are, need not be decoded.
    if let Some(plain) = member.key.plain_string()
        && let Some(exact) = known.iter().find(|(word, _)| is_it(word, plain))
    {
        return Some(*exact);
    }
    let name = member.name();
    if let Some(exact) = known.iter().find(|(word, _)| is_it(word, &name)) {
        return Some(*exact);
    }
    let found = cx.word(known, member.key, &name, grammar.words().writes_small());
    if found.is_none() {
        let advice = (grammar.advice)(&name);
        cx.unknown_element(member.key, name, known, advice);
    }
    found
}

fn version(cx: &mut Lowering<'_, '_>, grammar: &Grammar, name: &'static str, value: Value<'_, '_>) {
    let span = cx.span(value);
    let Some(text) = value.string() else {
        cx.wrong_type(name, value, grammar.version_form);
        return;
    };
    if grammar.words().versions().iter().any(|known| *known == text) || find_hole(&text, 0).is_some() {
        return;
    }
    let expected = grammar.words().version();
    cx.problem(
        span,
        match grammar.foreign(Word::Version(&text)) {
            Some(vendor) => ProblemKind::ForeignWord { vendor, instead: format!("version `{expected}`").into() },
            None => ProblemKind::InvalidVersion { expected },
        },
    );
}

fn statement_list<'s>(
    cx: &mut Lowering<'_, 's>,
    grammar: &Grammar,
    name: &'static str,
    value: Value<'_, 's>,
    statements: &mut Vec<Statement<'s>>,
) {
    let span = cx.span(value);
    match value.kind() {
        Kind::Array => {
            let mut is_empty = true;
            statements.reserve_exact(value.elements().count());
            for inner in value.elements() {
                is_empty = false;
                if cx.is_filled_in(inner) {
                    continue;
                }
                if inner.kind() == Kind::Object {
                    statement(cx, grammar, inner, statements);
                } else {
                    cx.wrong_type(name, inner, "an object");
                }
            }
            if is_empty {
                cx.problem(span, ProblemKind::MissingElement { element: name, is_empty: true });
            }
        }
        Kind::Object => {
            if !grammar.takes_single_statement {
                cx.problem(span, ProblemKind::SingleStatement);
            }
            statement(cx, grammar, value, statements);
        }
        _ => cx.wrong_type(name, value, "a list of statements"),
    }
}

fn statement<'s>(
    cx: &mut Lowering<'_, 's>,
    grammar: &Grammar,
    value: Value<'_, 's>,
    statements: &mut Vec<Statement<'s>>,
) {
    let index = statements.len() as u32;
    cx.statement = Some(index);
    let span = cx.span(value);
    let elements = grammar.statement_elements;
    let mut result = Statement::bare(index, span, value.index());
    let (mut has_effect, mut has_action, mut conditions) = (false, false, None);
    for member in value.members().filter(|member| member.key.kind() == Kind::String) {
        let Some((name, kind)) = element(cx, member, elements, grammar) else {
            // Another vendor's, and what it names is no less said for it.
            has_action |= member.name().eq_ignore_ascii_case("notaction");
            continue;
        };
        if grammar.retired_elements.contains(&kind) {
            let advice = Some("list what is meant; only old documents of the provider have it");
            let (span, name) = (cx.span(member.key), member.name());
            cx.problem(span, ProblemKind::UnknownElement { name, suggestion: None, advice });
        }
        match kind {
            ElementKind::Effect => {
                // Of two effects the wider one is judged; the repetition is a finding of its own.
                let effect = effect(cx, grammar, name, member.value);
                result.effect = if has_effect && result.effect == Effect::Allow { Effect::Allow } else { effect };
                has_effect = true;
            }
            ElementKind::Action | ElementKind::NotAction => {
                has_action = true;
                let (actions, negated) = (&mut result.actions, kind == ElementKind::NotAction);
                exclusive(cx, member, actions.span != span && actions.negated != negated);
                actions.negated = negated;
                patterns(cx, name, member.value, actions, |cx, value, text| (grammar.action)(cx, value, text));
            }
            ElementKind::Resource | ElementKind::NotResource => {
                let (resources, negated) = (&mut result.resources, kind == ElementKind::NotResource);
                exclusive(cx, member, resources.span != span && resources.negated != negated);
                resources.negated = negated;
                patterns(cx, name, member.value, resources, |cx, value, text| (grammar.resource)(cx, value, text));
                let (span, kind) = (resources.span, ResourceKind::Everything);
                let widest = || Box::new(Resource { span, text: "*".into(), kind, is_faulty: false });
                resources.widest = negated.then(widest);
            }
            ElementKind::Principal | ElementKind::NotPrincipal => {
                exclusive(cx, member, result.principals.is_some() && !grammar.takes_last_principals);
                let negated = kind == ElementKind::NotPrincipal;
                result.principals = Some(Principals { negated, ..principals(cx, grammar, name, member) });
            }
            ElementKind::Condition => {
                // Spelled in two ways; what stands twice in one is a finding of its own.
                exclusive(cx, member, conditions.is_some_and(|before: Member<'_, '_>| before.name() != member.name()));
                conditions = Some(member);
                grammar.conditions(name).read(cx, member.value, &mut result.conditions);
            }
            ElementKind::Sid => result.sid = member.value.string(),
            _ => {}
        }
    }
    missing(cx, span, elements, [(has_effect, ElementKind::Effect), (has_action, ElementKind::Action)]);
    cx.statement = None;
    statements.push(result);
}

/// Lower an element that names principals. An object without any names nobody, which no grammar knows.
fn principals<'s>(
    cx: &mut Lowering<'_, 's>,
    grammar: &Grammar,
    element: &'static str,
    member: Member<'_, 's>,
) -> Principals<'s> {
    if member.value.kind() == Kind::Object && member.value.nodes_below() == 0 {
        let span = cx.span(member.value);
        cx.problem(span, ProblemKind::MissingElement { element, is_empty: true });
    }
    (grammar.principals)(cx, member)
}

/// Of an element and its negation a statement has one; with both, nobody knows what it says.
fn exclusive(cx: &mut Lowering<'_, '_>, member: Member<'_, '_>, has_both: bool) {
    if has_both {
        let span = cx.span(member.key);
        cx.unjudged.push((span, "a statement has this element and its negation, or has it twice".to_owned()));
    }
}

fn effect(cx: &mut Lowering<'_, '_>, grammar: &Grammar, name: &'static str, value: Value<'_, '_>) -> Effect {
    let Some(text) = value.string() else {
        cx.wrong_type(name, value, grammar.effect_form);
        return Effect::Allow;
    };
    if let Some((_, effect)) = cx.word(&grammar.effects, value, &text, grammar.words().writes_small()) {
        return effect;
    }
    let span = cx.span(value);
    let is_open = find_hole(&text, 0).is_some();
    cx.problem(span, if is_open { ProblemKind::StrayHole } else { ProblemKind::InvalidEffect });
    Effect::Allow
}

/// Lower the strings of an element, behind those of its first half where it stands twice.
fn patterns<'s, T>(
    cx: &mut Lowering<'_, 's>,
    name: &'static str,
    value: Value<'_, 's>,
    element: &mut Element<T>,
    read: impl Fn(&mut Lowering<'_, 's>, Value<'_, 's>, Cow<'s, str>) -> T,
) {
    let patterns = &mut element.patterns;
    patterns.reserve_exact(strings_in(value));
    cx.strings(name, value, |cx, value, text| patterns.push(read(cx, value, text)));
    element.is_missing = patterns.is_empty();
    element.span = cx.span(value);
}
