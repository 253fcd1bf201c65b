//! Whether one request passes the policy in a text.

use std::collections::BTreeMap;

use super::diff::spelled;
use super::parsed::{Key, Parsed};
use super::{Trouble, Unjudged, kind_of};
use crate::catalog::{Catalog, Level, Role, nearest};
use crate::dialect::{Account, Dialect};
use crate::finding::{Label, PolicyKind, Witness};
use crate::policy::{Anchor, Case, Owners, Pattern, Place, Policy, Statement};
use crate::rules::Facts;
use crate::semantics::condition::Given;
use crate::semantics::pattern::matches;
use crate::semantics::permission::{Caller, Deciding, Decision, Request, Space, Spot, Subject};
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
    /// What of the text was not judged; then nothing is decided.
    pub unjudged: Vec<Unjudged>,
}

/// Answer a question about the policy in a source.
///
/// # Errors
/// When the source holds no policy or several, or the question cannot be understood.
pub fn decide(source: &Source, facts: &Facts, question: &Question) -> Result<Answered, Trouble> {
    let parsed = Parsed::new(source, facts);
    let (keys, unjudged) = parsed.policies(facts);
    let trouble = |message: String, help: Option<String>| Trouble { file: source.name().to_owned(), message, help };
    let key = match chosen(&keys, question.pointer.as_deref()) {
        Ok(key) => key,
        Err((message, help)) => return Err(trouble(message, help)),
    };
    let mut answered = None;
    parsed.with(key, &mut |dialect, fragment, candidate| {
        let policy = dialect.lower(fragment, candidate, &facts.owners);
        answered = Some(answer(dialect, &policy, facts, question));
    });
    let answered = answered.unwrap_or_else(|| Err(("the policy is gone".to_owned(), None)));
    let mut answered = answered.map_err(|(message, help)| trouble(message, help))?;
    if let Some(first) = unjudged.first() {
        answered.decision = Decision::Unknown { reason: first.message.clone(), by: None };
    }
    answered.unjudged = unjudged;
    Ok(answered)
}

/// A message and what to do.
type Refusal = (String, Option<String>);

fn chosen<'k>(keys: &'k [Key], pointer: Option<&str>) -> Result<&'k Key, Refusal> {
    let list = || keys.iter().map(|key| format!("`{}`", key.pointer)).take(5).collect::<Vec<_>>().join(", ");
    match (keys, pointer) {
        ([], _) => Err(("no policy was found in this file".to_owned(), None)),
        ([only], None) => Ok(only),
        (_, None) => {
            let help = "say which with `--pointer POINTER`".to_owned();
            Err((format!("there are {} policies in this file: {}", keys.len(), list()), Some(help)))
        }
        (_, Some(pointer)) => keys
            .iter()
            .find(|key| key.pointer == pointer)
            .ok_or_else(|| (format!("there is no policy at `{pointer}`"), Some(format!("there are {}", list())))),
    }
}

fn answer(
    dialect: &'static dyn Dialect,
    policy: &Policy<'_>,
    facts: &Facts,
    question: &Question,
) -> Result<Answered, Refusal> {
    let mut notes = Vec::new();
    let subject = subject(dialect, &question.action, &mut notes)?;
    let given = given(dialect.catalog(), question)?;
    let (kind, _) = kind_of(facts, policy);
    let caller = match question.principal.as_deref() {
        Some(_) if kind != PolicyKind::Bucket => {
            return Err((
                "only a bucket policy says whom it speaks of".to_owned(),
                Some("leave out `--principal`".to_owned()),
            ));
        }
        Some("anonymous") => Some(Caller::Anonymous),
        Some(name) => Some(Caller::Named(name.to_owned())),
        None => None,
    };
    let path = path(dialect, &question.resource, &subject, &given, &mut notes)?;
    let mut space = Space::new(dialect, [policy]);
    let permission = space.permission(policy, kind, &Owners::clone(&facts.owners));
    let mut decided: Vec<(Spot, Decision)> = Vec::new();
    for (region, account) in places(dialect, policy, &question.resource, &path) {
        let (bucket, key) = path.split_once('/').unwrap_or((&path, ""));
        let spot = Spot {
            region: region.clone().unwrap_or_else(|| "*".to_owned()),
            account: account.clone().unwrap_or_else(|| "*".to_owned()),
            bucket: bucket.to_owned(),
            key: key.to_owned(),
        };
        let request = Request {
            subject: subject.clone(),
            region,
            account,
            path: path.clone(),
            given: given.clone(),
            caller: caller.clone(),
        };
        decided.push((spot, space.decide(&permission, &request)));
    }
    let is_alike = |(_, other): &(Spot, Decision)| {
        decided.first().is_some_and(|(_, first)| std::mem::discriminant(first) == std::mem::discriminant(other))
    };
    if !decided.iter().all(is_alike) {
        let regions: Vec<String> = decided.iter().map(|(spot, _)| format!("`{}`", space.spell(spot))).collect();
        let message = format!("the answer differs between {}", regions.join(" and "));
        return Err((message, Some("write the whole resource".to_owned())));
    }
    let Some((spot, decision)) = decided.into_iter().next() else {
        return Err(("the resource names nothing".to_owned(), None));
    };
    let is_operation = matches!(&subject, Subject::Known(id)
        if dialect.catalog().action(*id).is_some_and(|action| action.level == Level::Service));
    let resource = if is_operation { "*".to_owned() } else { space.spell(&spot) };
    let by = deciding(&decision);
    let statement = by.and_then(|by| policy.statements.get(by.statement));
    let resource_span = by.zip(statement).map(|(by, statement)| {
        let resource = statement.resources.patterns.get(by.resource);
        resource.map_or(statement.resources.span, |resource| resource.span)
    });
    let mut labels = Vec::new();
    if let Some(statement) = statement {
        let action = super::diff::granting(statement, &subject, dialect.catalog());
        labels.extend(action.map(|span| Label { span, text: "with this action".to_owned() }));
        if let Decision::OnlyIf { open, .. } = &decision {
            let tests = statement.conditions.iter().filter(|test| open.iter().any(|key| *key == *test.key));
            labels.extend(tests.map(|test| Label { span: test.key_span, text: "if this holds".to_owned() }));
        }
    }
    Ok(Answered {
        request: Witness { action: spelled(&subject, dialect), resource },
        decision,
        statement: statement.map(|statement| (statement.index, Statement::title(statement))),
        primary: resource_span,
        labels,
        notes,
        unjudged: Vec::new(),
    })
}

/// The place that decides.
fn deciding(decision: &Decision) -> Option<Deciding> {
    match decision {
        Decision::Yes(by) | Decision::OnlyIf { by, .. } => Some(*by),
        Decision::No(by) | Decision::Unknown { by, .. } => *by,
    }
}

/// The action that is meant.
fn subject(dialect: &'static dyn Dialect, text: &str, notes: &mut Vec<String>) -> Result<Subject, Refusal> {
    let catalog = dialect.catalog();
    let text = text.trim();
    let Some(name) = dialect.read_action(text) else {
        let help = format!("write `{}`", dialect.spell_action("<Action>"));
        return Err((format!("`{text}` is no action of {}", dialect.words().service), Some(help)));
    };
    if name.is_empty() || name.contains(['*', '?']) {
        let help = "a request has one action; `grantlint matrix` shows them all".to_owned();
        return Err((format!("`{text}` names no single action"), Some(help)));
    }
    if let Some(id) = catalog.find(name) {
        return Ok(Subject::Known(id));
    }
    if let Some(id) = catalog.find_in_any_case(name) {
        notes.push(format!("the action is spelled `{}`", catalog.name(id)));
        return Ok(Subject::Known(id));
    }
    if let Some(foreign) = catalog.foreign(name) {
        let instead: Vec<String> = foreign.instead.iter().map(|name| format!("`{name}`")).collect();
        let help = format!("it is called {}", instead.join(" or "));
        return Err((format!("`{name}` is no action of {}", dialect.words().service), Some(help)));
    }
    let near = nearest(name, catalog.actions().iter().map(|action| action.name.as_str()), 2);
    let meant = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    notes.push(format!("the catalogue knows no action `{name}`{meant}"));
    Ok(Subject::Named(name.to_owned()))
}

/// What is known of condition keys.
fn given(catalog: &Catalog, question: &Question) -> Result<BTreeMap<String, Given>, Refusal> {
    let mut given: BTreeMap<String, Given> = BTreeMap::new();
    for (key, value) in &question.context {
        match given.entry(key.clone()).or_insert_with(|| Given::Values(Vec::new())) {
            Given::Values(values) => values.push(value.clone()),
            Given::Absent => {}
        }
    }
    for key in &question.absent {
        if given.insert(key.clone(), Given::Absent).is_some() {
            return Err((format!("`{key}` cannot be absent and have a value"), None));
        }
    }
    if let Some(key) = given.keys().find(|key| catalog.key(key).is_none()) {
        let names = catalog.keys().iter().map(|key| key.name.as_str());
        if let Some(near) = nearest(key, names, 2) {
            return Err((format!("there is no condition key `{key}`"), Some(format!("did you mean `{near}`?"))));
        }
    }
    Ok(given)
}

/// Bucket and key of the request.
fn path(
    dialect: &'static dyn Dialect,
    text: &str,
    subject: &Subject,
    given: &BTreeMap<String, Given>,
    notes: &mut Vec<String>,
) -> Result<String, Refusal> {
    let catalog = dialect.catalog();
    let mut path = match dialect.read_resource(text) {
        Some([_, _, path]) => path.into_owned(),
        None if text == "*" => String::new(),
        None => text.to_owned(),
    };
    let level = match subject {
        Subject::Known(id) => catalog.action(*id).map(|action| action.level),
        Subject::Named(_) | Subject::Future(_) => None,
    };
    if level == Some(Level::Service) {
        if !path.is_empty() {
            notes.push("the action is an operation on no resource; it is allowed on `*` only".to_owned());
        }
        return Ok("/".to_owned());
    }
    if path.is_empty() || path.starts_with('/') {
        let help = format!("write `bucket/key`, or `{}`", dialect.spell_sample("<key>"));
        return Err((format!("`{text}` names no bucket"), Some(help)));
    }
    if path.contains('*') {
        let help = "a request is about one resource; `grantlint matrix` shows what is granted of a pattern".to_owned();
        return Err((format!("`{text}` is a pattern"), Some(help)));
    }
    if !path.contains('/') {
        path.push('/');
    }
    let lists = matches!(subject, Subject::Known(id) if catalog.prefix_reach().contains(*id));
    let (bucket, key) =
        path.split_once('/').map(|(bucket, key)| (bucket.to_owned(), key.to_owned())).unwrap_or_default();
    match level {
        Some(Level::Object) if key.is_empty() => {
            let help = format!("write `{bucket}/<key>`");
            return Err(("the action is one on objects, and the resource has no key".to_owned(), Some(help)));
        }
        Some(Level::Bucket) if !lists && !key.is_empty() => {
            notes.push(format!("the action is one on buckets: asked for `{bucket}/`"));
            path = format!("{bucket}/");
        }
        _ => {}
    }
    if lists {
        listed(catalog, given, &bucket, &key, &mut path)?;
    }
    Ok(path)
}

/// The prefix that a listing asks for stands in the resource and in the condition key of that role; both have to agree.
fn listed(
    catalog: &Catalog,
    given: &BTreeMap<String, Given>,
    bucket: &str,
    key: &str,
    path: &mut String,
) -> Result<(), Refusal> {
    let of_role = given.iter().find(|(name, _)| catalog.role_of(name) == Some(Role::ListPrefix));
    let Some((name, given)) = of_role else { return Ok(()) };
    let is_encoded = catalog.key(name).is_some_and(|key| key.encoded);
    let prefix = match given {
        Given::Absent => String::new(),
        Given::Values(values) => match values.as_slice() {
            [one] if is_encoded => decoded(one).ok_or_else(|| {
                (format!("`{one}` is no URL-encoded text"), Some(format!("`{name}` is compared as it is encoded")))
            })?,
            [one] => one.clone(),
            _ => return Err((format!("`{name}` has one value"), None)),
        },
    };
    if !key.is_empty() && key != prefix {
        let message = format!("the resource lists `{key}`, and `{name}` says `{prefix}`");
        return Err((message, Some("the prefix of the resource is enough".to_owned())));
    }
    *path = format!("{bucket}/{prefix}");
    Ok(())
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        bytes.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// Regions and accounts in which the request may lie: those of the resource, or those in which the policy speaks of its
/// bucket.
fn places(
    dialect: &'static dyn Dialect,
    policy: &Policy<'_>,
    text: &str,
    path: &str,
) -> Vec<(Option<String>, Option<String>)> {
    let account = |region: &str, account: &str| -> Option<String> {
        let part = |text: &str| Pattern::literal(text.to_owned(), Anchor::loose(Span::default()));
        let place = Place { region: part(region), account: part(account), path: part(path) };
        match dialect.account(&place) {
            Account::Named(name) => Some(name.into_owned()),
            Account::Any | Account::Own => None,
            Account::AsWritten => Some(account.to_owned()),
        }
    };
    let some = |text: &str| (!text.is_empty() && !text.contains('*')).then(|| text.to_owned());
    if let Some([region, own, _]) = dialect.read_resource(text) {
        return vec![(some(&region), account(&region, &own))];
    }
    let bucket = path.split('/').next().unwrap_or_default();
    let mut found: Vec<(Option<String>, Option<String>)> = Vec::new();
    let resources = policy.statements.iter().flat_map(|statement| &statement.resources.patterns);
    for place in resources.filter_map(|resource| resource.place()) {
        let own = Pattern::new(place.bucket(), dialect.any_one(), Case::Sensitive, Anchor::loose(Span::default()));
        let speaks = place.bucket() == bucket || own.holes().is_empty() && matches(&own, bucket);
        if !speaks {
            continue;
        }
        let region = place.region.is_literal().then(|| place.region.text()).and_then(some);
        let one = (region, account(place.region.text(), place.account.text()));
        if !found.contains(&one) {
            found.push(one);
        }
    }
    // A place in every region is none of its own beside one that is named.
    if found.iter().any(|(region, _)| region.is_some()) {
        found.retain(|(region, _)| region.is_some());
    }
    if found.is_empty() {
        found.push((None, account("", "")));
    }
    found
}
