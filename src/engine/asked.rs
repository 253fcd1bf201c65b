//! What a question asks for, made out of a user's words: action, condition keys, bucket and key, and where they lie.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::decide::{Question, Refusal};
use crate::catalog::{Catalog, Level, Role, nearest};
use crate::dialect::{Account, Dialect, KeyCase};
use crate::policy::{ActionKind, Anchor, Case, Pattern, Place, Policy, Resource, ResourceKind};
use crate::semantics::condition::Given;
use crate::semantics::pattern::matches;
use crate::semantics::permission::{Space, Subject};
use crate::syntax::url_decoded;
use crate::text::Span;

/// The action that is meant. One that the catalogue does not know has to stand in the policy: the answer to a slip of the pen
/// is no answer.
pub(super) fn subject(
    dialect: &'static dyn Dialect,
    policy: &Policy<'_>,
    text: &str,
    notes: &mut Vec<String>,
) -> Result<Subject, Refusal> {
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
    if !speaks_of(policy, name, near.is_none()) {
        let message = format!("the catalogue knows no action `{name}`, and no statement names it");
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "ask for an action that the service has; `grantlint matrix` shows those of the policy".to_owned(),
        };
        return Err((message, Some(help)));
    }
    let meant = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    notes.push(format!("the catalogue knows no action `{name}`{meant}"));
    Ok(Subject::Named(name.to_owned()))
}

/// Whether some statement speaks of an action: by its name or, where it `may_be_new`, by a wildcard.
fn speaks_of(policy: &Policy<'_>, name: &str, may_be_new: bool) -> bool {
    policy.statements.iter().map(|statement| &statement.actions).any(|actions| {
        let by_wildcard = may_be_new && !actions.negated;
        actions.patterns.iter().any(|action| match &action.kind {
            ActionKind::Own(pattern) => (by_wildcard || pattern.is_literal()) && matches(pattern, name),
            ActionKind::EveryService => by_wildcard,
            ActionKind::OtherService | ActionKind::Unreadable => false,
        })
    })
}

/// What is known of condition keys, each as the policy spells it or else the catalogue.
pub(super) fn given(
    dialect: &'static dyn Dialect,
    policy: &Policy<'_>,
    question: &Question,
    notes: &mut Vec<String>,
) -> Result<BTreeMap<String, Given>, Refusal> {
    let catalog = dialect.catalog();
    let spelled = |key: &String| key_spelled(dialect, policy, key);
    let mut given: BTreeMap<String, Given> = BTreeMap::new();
    for key in question.context.iter().map(|(key, _)| key).chain(&question.absent) {
        let spelled = spelled(key);
        if spelled != *key && catalog.key(&spelled).is_some() {
            notes.push(format!("the key `{key}` is spelled `{spelled}`"));
        }
    }
    for (key, value) in &question.context {
        match given.entry(spelled(key)).or_insert_with(|| Given::Values(Vec::new())) {
            Given::Values(values) => values.push(value.clone()),
            Given::Absent => {}
        }
    }
    for key in &question.absent {
        if let Some(Given::Values(_)) = given.insert(spelled(key), Given::Absent) {
            return Err((format!("`{key}` cannot be absent and have a value"), None));
        }
    }
    for key in given.keys().filter(|key| !is_asked(policy, key) && catalog.key(key).is_none()) {
        if let Some(known) = catalog.key_folded(key) {
            let known = known.spelled(key);
            return Err((format!("there is no condition key `{key}`"), Some(format!("did you mean `{known}`?"))));
        }
        let names = catalog.keys().iter().map(|key| key.name.as_str());
        if let Some(near) = nearest(key, names, 2) {
            return Err((format!("there is no condition key `{key}`"), Some(format!("did you mean `{near}`?"))));
        }
    }
    Ok(given)
}

/// Whether a condition of the policy asks for this very key.
fn is_asked(policy: &Policy<'_>, key: &str) -> bool {
    policy.statements.iter().flat_map(|statement| &statement.conditions).any(|test| test.key == key)
}

/// A key as the policy spells it, or else the catalogue, as far as letter case is nothing that tells keys apart: nowhere but in
/// a dialect whose keys have one case.
fn key_spelled(dialect: &'static dyn Dialect, policy: &Policy<'_>, key: &str) -> String {
    if is_asked(policy, key) {
        return key.to_owned();
    }
    let catalog = dialect.catalog();
    let of_form = || catalog.form_field(key).map(|field| field.name.clone());
    let known = if policy.post.is_some() { of_form() } else { catalog.key_folded(key).map(|known| known.spelled(key)) };
    let tests = || policy.statements.iter().flat_map(|statement| &statement.conditions);
    let asked = || tests().find(|test| test.key.eq_ignore_ascii_case(key)).map(|test| test.key.to_string());
    let is_free = policy.post.is_some() || dialect.key_case() != KeyCase::Exact;
    // The same tag in another case may be another tag.
    let is_tagged = key.contains('/') && policy.post.is_none();
    let spelled = if is_tagged { known } else { known.or_else(asked) };
    spelled.filter(|_| is_free).unwrap_or_else(|| key.to_owned())
}

/// Bucket and key of the request.
pub(super) fn path(
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
            [one] if is_encoded => url_decoded(one).map(Cow::into_owned).ok_or_else(|| {
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

/// Regions and accounts in which the request may lie: those of the resource, or those in which the policy speaks of its
/// bucket. A deny has none of its own, unless an allow speaks of every region.
pub(super) fn places(
    space: &Space,
    policy: &Policy<'_>,
    text: &str,
    path: &str,
) -> Vec<(Option<String>, Option<String>)> {
    let dialect = space.dialect();
    let part = |text: &str| Pattern::literal(text.to_owned(), Anchor::loose(Span::default()));
    let of = |region: &str, account: &str| -> Option<String> {
        space.account_of(&Place::new(part(region), part(account), part(path)))
    };
    let some = |text: &str| (!text.is_empty() && !text.contains('*')).then(|| text.to_owned());
    if let Some([region, own, _]) = dialect.read_resource(text) {
        return vec![(some(&region), of(&region, &own))];
    }
    // A bucket's name may tell its account, and some providers' buckets have all the same region and account.
    let words = dialect.words();
    let usual = |text: &str| words.fixed_parts.contains(&text).then(|| text.to_owned());
    let told = match dialect.account(&Place::new(part(""), part(""), part(path))) {
        Account::Named(account) => Some(account.into_owned()),
        _ => words.accounts.first().and_then(|account| usual(account)),
    };
    let account = |region: &str, account: &str| told.clone().or_else(|| of(region, account));
    let usual = usual(words.region);
    let bucket = path.split('/').next().unwrap_or_default();
    let spoken = |allows: bool| {
        let statements = policy.statements.iter().filter(move |statement| statement.allows() == allows);
        let resources = statements.flat_map(|statement| statement.resources.named());
        let place = |resource: &Resource<'_>| {
            let Some(place) = resource.place() else {
                return matches!(resource.kind, ResourceKind::Everything).then(|| (usual.clone(), account("", "")));
            };
            let own = Pattern::new(place.bucket(), dialect.any_one(), Case::Sensitive, Anchor::loose(Span::default()));
            // What a hole stands for may be the bucket.
            let speaks = place.bucket() == bucket || !own.holes().is_empty() || matches(&own, bucket);
            let region = place.region.is_literal().then(|| place.region.text()).and_then(some);
            speaks.then(|| (region, account(place.region.text(), place.account.text())))
        };
        resources.filter_map(place).collect::<Vec<_>>()
    };
    let mut found = spoken(true);
    if found.iter().all(|(region, _)| region.is_none()) {
        found.extend(spoken(false));
    }
    if found.is_empty() {
        found.push((usual, account("", "")));
    }
    found.sort();
    found.dedup();
    found
}
