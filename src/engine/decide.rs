//! Whether one request passes the policy in a text.

use std::collections::BTreeMap;

use super::asked::{given, path, places, subject};
use super::delta::{granting, spelled};
use super::fill::{fill, missing};
use super::parsed::{Key, Parsed};
use super::{Trouble, Unjudged, form, kind_of};
use crate::catalog::{Catalog, Level};
use crate::dialect::Dialect;
use crate::finding::{Label, PolicyKind, Witness};
use crate::policy::{Policy, PrincipalKind, Statement, Who};
use crate::rules::Facts;
use crate::semantics::condition::Given;
use crate::semantics::permission::{Caller, Deciding, Decision, Name, Permission, Request, Space, Spot, Subject};
use crate::text::{Source, Span};

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// The action, with or without its service.
    pub action: String,
    /// The resource: whole, or `bucket/key`.
    pub resource: String,
    /// Values of condition keys; a key may have several.
    pub context: Vec<(String, String)>,
    /// Condition keys that the request does not carry.
    pub absent: Vec<String>,
    /// Names of the template's holes and what they are filled with.
    pub holes: Vec<(String, String)>,
    /// Who asks, in a policy that names principals; `anonymous` does not sign.
    pub principal: Option<String>,
    /// Which policy of the file, by JSON pointer.
    pub pointer: Option<String>,
}

/// The answer and where it comes from.
#[derive(Debug)]
pub struct Answered {
    /// The request as it was understood.
    pub request: Witness,
    /// The answer.
    pub decision: Decision,
    /// The statement that decides, counted from 0, with its name for people.
    pub statement: Option<(u32, String)>,
    /// The bytes that decide.
    pub primary: Option<Span>,
    /// Further places that do.
    pub labels: Vec<Label>,
    /// Remarks for people.
    pub notes: Vec<String>,
    /// What to do about an answer that was not decided.
    pub help: Option<String>,
    /// What of the text was not judged; then nothing is decided.
    pub unjudged: Vec<Unjudged>,
}

/// Answer a question about the policy in a source.
///
/// # Errors
/// When the source holds no policy or several, or the question cannot be understood.
pub fn decide(source: &Source, facts: &Facts, question: &Question) -> Result<Answered, Trouble> {
    let parsed = Parsed::new(source, facts);
    let (keys, unjudged) = parsed.policies();
    let trouble = |message: String, help: Option<String>| Trouble { file: source.name().to_owned(), message, help };
    let key = match chosen(&keys, question.pointer.as_deref()) {
        Ok(key) => key,
        // A text that is no JSON at all says more than that it holds no policy.
        Err(_) if keys.is_empty() && !unjudged.is_empty() => {
            let message = unjudged.first().map(|unjudged| unjudged.message.clone()).unwrap_or_default();
            return Err(trouble(message, None));
        }
        Err((message, help)) => return Err(trouble(message, help)),
    };
    let mut answered = None;
    parsed.with(key, &mut |dialect, _, policy| {
        let mut policy = policy.clone();
        let filled = fill(&mut policy, dialect, question);
        answered = Some(filled.and_then(|()| answer(dialect, &policy, facts, question)));
    });
    let answered = answered.unwrap_or_else(|| Err(("the policy is gone".to_owned(), None)));
    let mut answered = answered.map_err(|(message, help)| trouble(message, help))?;
    if let Some(first) = unjudged.first() {
        answered.decision = Decision::Unknown { reason: first.message.clone(), by: None };
        answered.help = None;
    }
    answered.unjudged = unjudged;
    Ok(answered)
}

/// A message and what to do.
pub(super) type Refusal = (String, Option<String>);

fn chosen<'k>(keys: &'k [Key], pointer: Option<&str>) -> Result<&'k Key, Refusal> {
    let list = || keys.iter().map(|key| format!("`{}`", key.pointer)).take(5).collect::<Vec<_>>().join(", ");
    match (keys, pointer) {
        ([], _) => Err(("no policy was found in this file".to_owned(), None)),
        ([only], None) => Ok(only),
        (_, None) => {
            let help = "say which with `--pointer POINTER`".to_owned();
            Err((format!("there are {} policies in this file: {}", keys.len(), list()), Some(help)))
        }
        (_, Some(pointer)) => keys.iter().find(|key| key.pointer == pointer).ok_or_else(|| {
            let help = match keys {
                [only] if only.pointer.is_empty() => "leave out `--pointer`: the whole file is one policy".to_owned(),
                [_] => format!("there is one at {}", list()),
                _ => format!("there are policies at {}", list()),
            };
            (format!("there is no policy at `{pointer}`"), Some(help))
        }),
    }
}

/// A remark for each key that is given a value, or on which the answer hangs, and that no request for the action carries by the
/// catalogue. The catalogue may be incomplete, so this is a remark and not a no.
fn not_carried(catalog: &Catalog, request: &Request, decision: &Decision) -> Vec<String> {
    let Subject::Known(id) = &request.subject else { return Vec::new() };
    let given = request.given.iter().filter(|(_, value)| matches!(value, Given::Values(_))).map(|(key, _)| key);
    let open: &[String] = if let Decision::OnlyIf { open, .. } = decision { open } else { &[] };
    let is_strange = |key: &&String| catalog.key(key).is_some() && !catalog.carrying(key).contains(*id);
    let tell = |key: &String| format!("requests for `{}` carry no `{key}`", catalog.name(*id));
    given.chain(open).filter(is_strange).map(tell).collect()
}

fn answer(
    dialect: &'static dyn Dialect,
    policy: &Policy<'_>,
    facts: &Facts,
    question: &Question,
) -> Result<Answered, Refusal> {
    let mut notes = Vec::new();
    let subject = subject(dialect, policy, &question.action, &mut notes)?;
    let given = given(dialect, policy, question, &mut notes)?;
    let values = given.iter().filter(|(_, value)| matches!(value, Given::Values(_))).map(|(key, _)| key);
    if let Some(key) = form::left_out(policy, values) {
        let help = "leave out the `--context` for it".to_owned();
        return Err((format!("a form of this policy may not carry `{key}`: no condition names it"), Some(help)));
    }
    let (kind, _) = kind_of(facts, policy);
    if kind == PolicyKind::Session && policy.post.is_none() {
        carried_by_sessions(dialect, question)?;
    }
    let caller = caller(dialect, policy, kind, question)?;
    let path = path(dialect, &question.resource, &subject, &given, &mut notes)?;
    notes.extend(unheard(dialect.catalog(), policy, &given));
    let mut space = Space::new(dialect, [policy]);
    let permission = space.permission(policy, kind, &facts.owners);
    let request = Request { subject, region: None, account: None, path, given, caller };
    let (spot, decision) = decided(&space, &permission, policy, &question.resource, &request)?;
    notes.extend(not_carried(dialect.catalog(), &request, &decision));
    let help = help(&decision, !permission.unclear().is_empty(), policy, dialect);
    let subject = &request.subject;
    let is_operation = matches!(subject, Subject::Known(id)
        if dialect.catalog().action(*id).is_some_and(|action| action.level == Level::Service));
    let resource = if is_operation { "*".to_owned() } else { space.spell(&spot) };
    let by = deciding(&decision);
    let statement = by.and_then(|by| policy.statements.get(by.statement));
    let resource_span = by.zip(statement).map(|(by, statement)| {
        let resource = statement.resources.patterns.get(by.resource);
        resource.map_or(statement.resources.span, |resource| resource.span)
    });
    let labels = statement.map_or_else(Vec::new, |statement| labels(statement, subject, &decision, dialect.catalog()));
    Ok(Answered {
        request: Witness { action: spelled(subject, dialect), resource },
        decision,
        statement: statement.map(|statement| (statement.index, Statement::title(statement))),
        primary: resource_span,
        labels,
        notes,
        help,
        unjudged: Vec::new(),
    })
}

/// A remark for each given key that no statement asks for and the catalogue does not know.
fn unheard(catalog: &Catalog, policy: &Policy<'_>, given: &BTreeMap<String, Given>) -> Vec<String> {
    let asks = |key: &str| {
        let mut tests = policy.statements.iter().flat_map(|statement| &statement.conditions);
        tests.any(|test| *test.key == *key)
    };
    let odd = given.keys().filter(|key| catalog.key(key).is_none() && !asks(key));
    odd.map(|key| format!("no statement asks for `{key}`, and the catalogue does not know it")).collect()
}

/// The answer for a request, wherever the resource that the user wrote may lie, and the first of these places. One answer is
/// none where it differs between them.
fn decided(
    space: &Space,
    permission: &Permission<'_, '_>,
    policy: &Policy<'_>,
    resource: &str,
    request: &Request,
) -> Result<(Spot, Decision), Refusal> {
    let (bucket, key) = request.path.split_once('/').unwrap_or((&request.path, ""));
    let decide = |(region, account): (Option<String>, Option<String>)| {
        let or_any = |part: &Option<String>| part.clone().unwrap_or_else(|| "*".to_owned());
        let (bucket, key) = (bucket.to_owned(), key.to_owned());
        let spot = Spot { region: or_any(&region), account: or_any(&account), bucket, key };
        let decision = passes(space, permission, policy, &Request { region, account, ..request.clone() });
        (spot, decision)
    };
    let all: Vec<(Spot, Decision)> = places(space, policy, resource, &request.path).into_iter().map(decide).collect();
    let is_alike = |(_, other): &(Spot, Decision)| {
        all.first().is_some_and(|(_, first)| std::mem::discriminant(first) == std::mem::discriminant(other))
    };
    if !all.iter().all(is_alike) {
        let spots: Vec<String> = all.iter().map(|(spot, _)| format!("`{}`", space.spell(spot))).collect();
        let message = format!("the answer differs between {}", spots.join(" and "));
        return Err((message, Some("write the whole resource".to_owned())));
    }
    all.into_iter().next().ok_or_else(|| ("the resource names nothing".to_owned(), None))
}

/// What of the deciding statement is pointed at beside its resource: the action that grants, and the conditions left open.
fn labels(statement: &Statement<'_>, subject: &Subject, decision: &Decision, catalog: &Catalog) -> Vec<Label> {
    let action = granting(statement, subject, catalog);
    let open: &[String] = if let Decision::OnlyIf { open, .. } = decision { open } else { &[] };
    let tests = statement.conditions.iter().filter(|test| open.iter().any(|key| *key == *test.key));
    let action = action.map(|span| Label { span, text: "with this action".to_owned() });
    action
        .into_iter()
        .chain(tests.map(|test| Label { span: test.key_span, text: "if this holds".to_owned() }))
        .collect()
}

/// Refuse a value for a key that no request has of who holds temporary keys.
fn carried_by_sessions(dialect: &dyn Dialect, question: &Question) -> Result<(), Refusal> {
    let never = dialect.words().not_in_sessions;
    let Some((key, _)) =
        question.context.iter().find(|(key, _)| never.iter().any(|known| known.eq_ignore_ascii_case(key)))
    else {
        return Ok(());
    };
    let help = format!("write `--absent {key}`, or leave it out");
    Err((format!("a request of who holds a temporary key carries no `{key}`"), Some(help)))
}

/// Who asks, in a policy that says so.
fn caller(
    dialect: &dyn Dialect,
    policy: &Policy<'_>,
    kind: PolicyKind,
    question: &Question,
) -> Result<Option<Caller>, Refusal> {
    let Some(id) = question.principal.as_deref() else { return Ok(None) };
    if kind != PolicyKind::Bucket {
        let help = "leave out `--principal`".to_owned();
        return Err(("only a bucket policy says whom it speaks of".to_owned(), Some(help)));
    }
    if id == "anonymous" {
        return Ok(Some(Caller::Anonymous));
    }
    let who = named_so(policy, id).unwrap_or_else(|| dialect.who(id));
    match who.kind {
        PrincipalKind::Anyone | PrincipalKind::Unknown => {
            let help = format!("write one as a policy does, such as `{}`", dialect.words().principal);
            Err((format!("`{id}` is no principal"), Some(help)))
        }
        PrincipalKind::Anonymous => Ok(Some(Caller::Anonymous)),
        _ => Ok(Some(Caller::Named(Name::new(id, &who)))),
    }
}

/// The service or provider of identities that the policy names by this id, which alone does not tell which of both it is.
fn named_so<'p>(policy: &'p Policy<'_>, id: &str) -> Option<Who<'p>> {
    let principals = policy.statements.iter().filter_map(|statement| statement.principals.as_ref());
    let mut named = principals.flat_map(|principals| &principals.list).filter(|one| one.text == id);
    let first = named.next().filter(|one| matches!(one.kind, PrincipalKind::Service | PrincipalKind::Federated))?;
    let (callers, aliases) = ((&*first.callers).into(), (&*first.aliases).into());
    named.all(|one| one.kind == first.kind).then_some(Who { kind: first.kind, callers, aliases })
}

/// Whether a request passes; a list in a field of a form passes when each of its members does.
fn passes(space: &Space, permission: &Permission<'_, '_>, policy: &Policy<'_>, request: &Request) -> Decision {
    let whole = space.decide(permission, request);
    let catalog = space.dialect().catalog();
    let members = form::members(policy, catalog, &request.given).filter(|_| !matches!(whole, Decision::No(_)));
    let Some((key, members)) = members else { return whole };
    if let Some(reason) = form::of_lists([policy; 2], catalog) {
        return Decision::Unknown { reason, by: None };
    }
    let of = |member: &str| {
        let mut request = request.clone();
        request.given.insert(key.to_owned(), Given::Values(vec![member.to_owned()]));
        space.decide(permission, &request)
    };
    form::joined(whole, members.into_iter().map(|member| [of(member), of(member.trim())]))
}

/// What to do about an answer that was not decided, because something of the policy `is_unclear` or for want of a filling.
fn help(decision: &Decision, is_unclear: bool, policy: &Policy<'_>, dialect: &dyn Dialect) -> Option<String> {
    match decision {
        Decision::Unknown { .. } if is_unclear => {
            Some("mend that first; `grantlint check` shows where it stands and what belongs there".to_owned())
        }
        Decision::Unknown { by, .. } => missing(policy, by.map(|by| by.statement), dialect),
        Decision::Yes(_) | Decision::No(_) | Decision::OnlyIf { .. } => None,
    }
}

/// The place that decides.
fn deciding(decision: &Decision) -> Option<Deciding> {
    match decision {
        Decision::Yes(by) | Decision::OnlyIf { by, .. } => Some(*by),
        Decision::No(by) | Decision::Unknown { by, .. } => *by,
    }
}
