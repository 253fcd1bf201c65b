//! The policy object, the statement object, and the kind that they tell.

use super::super::Candidate;
use super::super::find::StsRequest;
use super::super::lowering::{Lowering, solid_chars, strings_in};
use super::{Grammar, action};
use crate::catalog::Word;
use crate::policy::{
    Action, ActionKind, Effect, Element, KindHint, Policy, Principals, ProblemKind, Request, Resource, ResourceKind,
    Statement, find_hole,
};
use crate::syntax::{Kind, Member, Value};
use crate::text::Span;

/// Longest duration of a key in seconds, by call: `GetFederationToken`
/// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html>) and `AssumeRole`
/// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>,
/// <https://alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole>).
const FEDERATION_LONGEST: f64 = 129_600.0;
const ROLE_LONGEST: f64 = 43_200.0;

pub(super) fn policy<'s>(cx: &mut Lowering<'_, 's>, grammar: &Grammar, candidate: &Candidate<'_, 's>) -> Policy<'s> {
    let value = candidate.value;
    let mut statements = Vec::new();
    let mut statements_span = cx.span(value);
    let (mut has_version, mut has_statement) = (false, false);
    // The version decides how statements are read, wherever it stands.
    cx.has_variables = value.members().any(|member| {
        let text = if member.is_named("Version") { member.value.string() } else { None };
        text.is_some_and(|text| grammar.with_variables.contains(&&*text))
    });
    for member in value.members() {
        if member.key.kind() != Kind::String {
            continue;
        }
        match element(cx, member, grammar.policy_elements) {
            Some("Version") => {
                has_version = true;
                version(cx, grammar, member.value);
            }
            Some("Statement") => {
                has_statement = true;
                statements_span = cx.fragment.locate(member.local());
                statement_list(cx, grammar, member.value, &mut statements);
            }
            _ => {}
        }
    }
    let span = cx.span(value);
    for (is_there, element) in [(has_version || !grammar.needs_version, "Version"), (has_statement, "Statement")] {
        if !is_there {
            cx.problem(span, ProblemKind::MissingElement { element, is_empty: false });
        }
    }
    finish(cx, candidate, statements, statements_span)
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
    finish(cx, candidate, statements, span)
}

fn finish<'s>(
    cx: &mut Lowering<'_, 's>,
    candidate: &Candidate<'_, 's>,
    statements: Vec<Statement<'s>>,
    statements_span: Span,
) -> Policy<'s> {
    let hint = if candidate.request.is_some() { KindHint::Session } else { hint(&statements) };
    if hint != KindHint::Trust {
        for statement in &statements {
            cx.statement = Some(statement.index);
            let resources = &statement.resources;
            let is_absent = resources.is_missing && resources.span == statement.span;
            if is_absent && !speaks_only_of_others(statement) {
                cx.problem(statement.span, ProblemKind::MissingElement { element: "Resource", is_empty: false });
            }
        }
    }
    let mut problems = std::mem::take(&mut cx.problems);
    problems.sort_by_key(|problem| problem.span);
    Policy {
        span: cx.span(candidate.value),
        statements,
        hint,
        request: candidate.request.map(request),
        problems,
        unjudged: std::mem::take(&mut cx.unjudged),
        statements_span,
        is_settings: false,
        post: None,
        solid_chars: solid_chars(candidate.value.raw()),
    }
}

fn request(request: StsRequest) -> Request {
    Request {
        duration: request.duration,
        longest: if request.assumes_role { ROLE_LONGEST } else { FEDERATION_LONGEST },
        call: if request.assumes_role { "AssumeRole" } else { "GetFederationToken" },
    }
}

/// What the statements tell of the policy's kind: a principal beside a resource makes a bucket policy, one beside actions
/// of the token service and no resource a trust policy.
fn hint(statements: &[Statement<'_>]) -> KindHint {
    if statements.iter().all(|statement| statement.principals.is_none()) {
        return KindHint::None;
    }
    let assumes = |action: &Action<'_>| action.text.trim().to_ascii_lowercase().starts_with("sts:");
    let trusts = |statement: &Statement<'_>| {
        let actions = &statement.actions.patterns;
        statement.resources.is_missing && !actions.is_empty() && actions.iter().all(assumes)
    };
    if statements.iter().all(trusts) { KindHint::Trust } else { KindHint::Bucket }
}

fn speaks_only_of_others(statement: &Statement<'_>) -> bool {
    let actions = &statement.actions.patterns;
    !actions.is_empty() && actions.iter().all(|action| matches!(action.kind, ActionKind::OtherService))
}

/// The element that a key names; a problem where it is misspelt or none.
fn element<'s>(cx: &mut Lowering<'_, 's>, member: Member<'_, 's>, known: &[&'static str]) -> Option<&'static str> {
    let name = member.name();
    if let Some(exact) = known.iter().find(|element| **element == name) {
        return Some(exact);
    }
    let span = cx.span(member.key);
    if let Some(expected) = known.iter().find(|element| element.eq_ignore_ascii_case(&name)) {
        cx.problem(span, ProblemKind::ElementCase { expected, is_capital: false });
        return Some(expected);
    }
    let plural = known.iter().copied().find(|element| name.eq_ignore_ascii_case(&format!("{element}s")));
    let suggestion = plural.or_else(|| crate::catalog::nearest(&name, known.iter().copied(), 2));
    let is_negated = name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("not"));
    let advice = is_negated.then_some("list what is meant; the provider documents no such negated element");
    cx.problem(span, ProblemKind::UnknownElement { name, suggestion, advice });
    None
}

fn version(cx: &mut Lowering<'_, '_>, grammar: &Grammar, value: Value<'_, '_>) {
    let span = cx.span(value);
    let Some(text) = value.string() else {
        cx.wrong_type("Version", value, grammar.version_form);
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
                if inner.kind() == Kind::Object {
                    statement(cx, grammar, inner, statements);
                } else {
                    cx.wrong_type("Statement", inner, "an object");
                }
            }
            if is_empty {
                cx.problem(span, ProblemKind::MissingElement { element: "Statement", is_empty: true });
            }
        }
        Kind::Object => {
            if !grammar.takes_single_statement {
                cx.problem(span, ProblemKind::SingleStatement);
            }
            statement(cx, grammar, value, statements);
        }
        _ => cx.wrong_type("Statement", value, "a list of statements"),
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
    let (mut has_effect, mut has_action) = (false, false);
    for member in value.members() {
        if member.key.kind() != Kind::String {
            continue;
        }
        let Some(name) = element(cx, member, grammar.statement_elements) else { continue };
        let key_span = cx.span(member.key);
        if grammar.retired_elements.contains(&name) {
            let advice = Some("list what is meant; only old documents of the provider have it");
            let name = member.name();
            cx.problem(key_span, ProblemKind::UnknownElement { name, suggestion: None, advice });
        }
        match name {
            "Effect" => {
                // Of two effects the wider one is judged; the repetition is a finding of its own.
                let effect = effect(cx, member.value);
                result.effect = if has_effect && result.effect == Effect::Allow { Effect::Allow } else { effect };
                has_effect = true;
            }
            "Action" | "NotAction" => {
                has_action = true;
                let negated = name == "NotAction";
                exclusive(cx, key_span, result.actions.span != span && result.actions.negated != negated);
                actions(cx, grammar, member.value, negated, &mut result.actions);
            }
            "Resource" | "NotResource" => {
                let negated = name == "NotResource";
                exclusive(cx, key_span, result.resources.span != span && result.resources.negated != negated);
                resources(cx, grammar, member.value, negated, &mut result.resources);
            }
            "Principal" | "NotPrincipal" => {
                exclusive(cx, key_span, result.principals.is_some());
                result.principals = Some((grammar.principals)(cx, member, name == "NotPrincipal"));
            }
            "Condition" => grammar.conditions().read(cx, member.value, &mut result.conditions),
            "Sid" => result.sid = member.value.string(),
            _ => {}
        }
    }
    for (is_there, element) in [(has_effect, "Effect"), (has_action, "Action")] {
        if !is_there {
            cx.problem(span, ProblemKind::MissingElement { element, is_empty: false });
        }
    }
    cx.statement = None;
    statements.push(result);
}

/// Of an element and its negation a statement has one; with both, nobody knows what it says.
fn exclusive(cx: &mut Lowering<'_, '_>, span: Span, has_both: bool) {
    if has_both {
        cx.unjudged.push((span, "a statement has this element and its negation, or has it twice".to_owned()));
    }
}

fn effect(cx: &mut Lowering<'_, '_>, value: Value<'_, '_>) -> Effect {
    let span = cx.span(value);
    let Some(text) = value.string() else {
        cx.wrong_type("Effect", value, "`\"Allow\"` or `\"Deny\"`");
        return Effect::Allow;
    };
    match &*text {
        "Allow" => Effect::Allow,
        "Deny" => Effect::Deny,
        _ if find_hole(&text, 0).is_some() => {
            cx.problem(span, ProblemKind::StrayHole);
            Effect::Allow
        }
        word if word.eq_ignore_ascii_case("allow") => {
            cx.problem(span, ProblemKind::ElementCase { expected: "Allow", is_capital: false });
            Effect::Allow
        }
        word if word.eq_ignore_ascii_case("deny") => {
            cx.problem(span, ProblemKind::ElementCase { expected: "Deny", is_capital: false });
            Effect::Deny
        }
        _ => {
            cx.problem(span, ProblemKind::InvalidEffect);
            Effect::Allow
        }
    }
}

fn actions<'s>(
    cx: &mut Lowering<'_, 's>,
    grammar: &Grammar,
    value: Value<'_, 's>,
    negated: bool,
    element: &mut Element<Action<'s>>,
) {
    let mut patterns = std::mem::take(&mut element.patterns);
    patterns.reserve_exact(strings_in(value));
    let name = if negated { "NotAction" } else { "Action" };
    cx.strings(name, value, |cx, value, text| patterns.push(action::action(cx, grammar, value, text)));
    *element = Element { negated, widest: None, span: cx.span(value), is_missing: patterns.is_empty(), patterns };
}

fn resources<'s>(
    cx: &mut Lowering<'_, 's>,
    grammar: &Grammar,
    value: Value<'_, 's>,
    negated: bool,
    element: &mut Element<Resource<'s>>,
) {
    let mut patterns = std::mem::take(&mut element.patterns);
    patterns.reserve_exact(strings_in(value));
    let name = if negated { "NotResource" } else { "Resource" };
    cx.strings(name, value, |cx, value, text| patterns.push((grammar.resource)(cx, value, text)));
    let span = cx.span(value);
    let everything = || Resource { span, text: "*".into(), kind: ResourceKind::Everything, is_faulty: false };
    let widest = negated.then(|| Box::new(everything()));
    *element = Element { negated, widest, span, is_missing: patterns.is_empty(), patterns };
}
