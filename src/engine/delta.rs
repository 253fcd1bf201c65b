//! What differs between two policies, with the bytes that make it.

use crate::catalog::Catalog;
use crate::dialect::Dialect;
use crate::finding::{Label, Witness};
use crate::policy::{ActionKind, Policy, Statement};
use crate::semantics::condition::Value;
use crate::semantics::pattern::matches;
use crate::semantics::permission::{Caller, Cause, Change, Difference, Space, Subject};
use crate::text::Span;

/// Requests that are permitted on one side only, with one of them.
#[derive(Debug)]
pub struct Delta {
    /// The actions, the one of the example first; in the provider's spelling.
    pub actions: Vec<String>,
    /// Whether one of them changes anything; so does an action that nobody knows.
    pub is_changing: bool,
    /// One request.
    pub witness: Witness,
    /// What else the request has to carry, by condition key; `None` where the key must be absent.
    pub context: Vec<(String, Option<String>)>,
    /// Whose request it is, where policies name principals.
    pub caller: Option<String>,
    /// The statement that permits it, counted from 0.
    pub statement: u32,
    /// The bytes that permit it.
    pub primary: Span,
    /// Further places that do.
    pub labels: Vec<Label>,
    /// Why the other side does not: a clause without its subject, such as `no statement allowed it`.
    pub cause: String,
}

/// What was not decided, each a sentence.
pub(super) fn told(difference: &Difference, dialect: &dyn Dialect) -> Vec<String> {
    let undecided = difference.undecided.iter();
    let told = undecided.map(|undecided| match undecided.subjects.as_slice() {
        [] => undecided.reason.clone(),
        [first, rest @ ..] => {
            let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
            format!("`{}`{more}: {}", spelled(first, dialect), undecided.reason)
        }
    });
    told.collect()
}

/// A change with the bytes that make it.
pub(super) fn delta(
    change: &Change,
    space: &Space,
    own: &Policy<'_>,
    other: &Policy<'_>,
    is_added: bool,
) -> Option<Delta> {
    let dialect = space.dialect();
    let catalog = dialect.catalog();
    let statement = own.statements.get(change.statement)?;
    let mut subjects: Vec<&Subject> = change.subjects.iter().collect();
    subjects.sort_by_key(|subject| rank(subject, catalog));
    let shown = subjects.first()?;
    let resource = statement.resources.patterns.get(change.resource);
    let primary = resource.map_or(statement.resources.span, |resource| resource.span);
    let action = granting(statement, shown, catalog);
    let resource_text = if change.is_operation { "*".to_owned() } else { space.spell(&change.spot) };
    Some(Delta {
        actions: subjects.iter().map(|subject| spelled(subject, dialect)).collect(),
        is_changing: subjects.iter().any(|subject| is_changing(subject, catalog)),
        witness: Witness { action: spelled(shown, dialect), resource: resource_text },
        context: change
            .context
            .values()
            .map(|(key, value)| {
                let value = match value {
                    Value::Absent => None,
                    Value::Text(text) => Some(text.clone()),
                    Value::Some => Some("any value".to_owned()),
                };
                (key.to_owned(), value)
            })
            .collect(),
        caller: match &change.caller {
            Caller::Holder => None,
            Caller::Named(name) => Some(name.shown.clone()),
            Caller::Anonymous => Some("anyone, without signing".to_owned()),
            Caller::Other => Some("anyone who signs".to_owned()),
        },
        statement: statement.index,
        primary,
        labels: action.into_iter().map(|span| Label { span, text: "with this action".to_owned() }).collect(),
        cause: cause(change.cause, other, is_added),
    })
}

fn cause(cause: Cause, other: &Policy<'_>, is_added: bool) -> String {
    let title = |index: usize| other.statements.get(index).map_or_else(String::new, Statement::title);
    match (cause, is_added) {
        (Cause::NotAllowed, true) => "no statement allowed it".to_owned(),
        (Cause::NotAllowed, false) => "no statement allows it".to_owned(),
        (Cause::Condition(index), true) => format!("{} did not allow it under these conditions", title(index)),
        (Cause::Condition(index), false) => format!("{} does not allow it under these conditions", title(index)),
        (Cause::Denied(index), true) => format!("{} denied it", title(index)),
        (Cause::Denied(index), false) => format!("{} denies it", title(index)),
    }
}

/// The bytes of the action pattern by which a statement speaks of an action.
pub(super) fn granting(statement: &Statement<'_>, subject: &Subject, catalog: &Catalog) -> Option<Span> {
    if statement.actions.negated {
        return Some(statement.actions.span);
    }
    let name = match subject {
        Subject::Known(id) => catalog.name(*id),
        Subject::Named(name) | Subject::Future(name) => name,
    };
    let speaks = |kind: &ActionKind<'_>| match kind {
        ActionKind::EveryService => true,
        ActionKind::Own(pattern) => matches(pattern, name) || pattern.text().eq_ignore_ascii_case(name),
        ActionKind::OtherService | ActionKind::Unreadable => false,
    };
    statement.actions.patterns.iter().find(|action| speaks(&action.kind)).map(|action| action.span)
}

/// The best example first: what changes something before what reads, what is usual before what is not.
fn rank<'s>(subject: &'s Subject, catalog: &Catalog) -> (u8, &'s Subject) {
    let rank = match subject {
        Subject::Known(id) if catalog.typical().contains(*id) => u8::from(!catalog.changing().contains(*id)),
        Subject::Known(id) => 2 + u8::from(!catalog.changing().contains(*id)),
        Subject::Named(_) => 4,
        Subject::Future(_) => 5,
    };
    (rank, subject)
}

fn is_changing(subject: &Subject, catalog: &Catalog) -> bool {
    match subject {
        Subject::Known(id) => catalog.changing().contains(*id),
        Subject::Named(_) | Subject::Future(_) => true,
    }
}

/// An action in the provider's spelling.
pub(super) fn spelled(subject: &Subject, dialect: &dyn Dialect) -> String {
    match subject {
        Subject::Known(id) => dialect.spell_action(dialect.catalog().name(*id)),
        Subject::Named(name) if name.contains(':') => name.clone(),
        Subject::Named(name) => dialect.spell_action(name),
        Subject::Future(pattern) => format!("any later action that fits {}", dialect.spell_action(pattern)),
    }
}
