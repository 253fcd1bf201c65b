//! `combined-action-resource`: actions and resources that belong apart are joined in one statement.

use std::collections::HashSet;

use smallvec::SmallVec;

use super::exceeds_expectation;
use super::narrow::{hint, narrowed};
use super::owned::ownerless;
use super::prelude::*;
use super::repair::{self, Narrowed};
use crate::catalog::{ActionSet, Class, Level, Role};
use crate::policy::Resource;
use crate::semantics::contain::holds;
use crate::semantics::reading::{Meaning, Reading, class_beside, fits};
use crate::semantics::scope::{Scope, Scoped};

pub(super) static META: RuleMeta = RuleMeta {
    name: "combined-action-resource",
    summary: "one statement joins actions and resources, and grants pairs that nobody needs",
    grades: Grades {
        session: Grade::default(Severity::High),
        undetermined: Grade::default(Severity::Medium),
        identity: TIDY,
        bucket: TIDY,
    },
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/combined-action-resource.md"),
};

pub(super) const CHECK: Check = Check::Grants(check);

/// The cells of a statement's written actions on one resource.
struct Column<'r, 's> {
    resource: &'r Resource<'s>,
    scope: Scope,
    gentle: ActionSet,
    changing: ActionSet,
    classes: u8,
}

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    // Held to an expectation, a policy is judged exactly, and this only guesses.
    if cx.facts().expectation.is_some() && out.hears(&exceeds_expectation::META, &Claim::at(cx.policy().span)) {
        return;
    }
    for reading in cx.allows() {
        let Some(joined) = find(cx, reading) else { continue };
        if cx.is_taken_back(reading) {
            continue;
        }
        let Some(draft) = out.claim(claim(reading, &joined)) else { continue };
        let rows = reading.written.len() + unknown_names(reading);
        let columns = distinct(reading.statement.resources.patterns.iter().map(|r| r.text.trim()).collect()).len();
        let unintended = joined.shared.changing;
        let count = rows * columns;
        let plural = if count == 1 { "scenario" } else { "scenarios" };
        let resources = if columns == 1 { "resource" } else { "resources" };
        let shared = joined.shared.resource;
        let whose = cx.whose(shared);
        let opened = format!("{rows} actions and {columns} {resources} joined in one statement open {count} {plural}");
        if joined.private.is_none() && joined.shared.scope == Scope::Shared {
            // Splitting alone would mend nothing: what is missing is the owner.
            let told = ownerless(&whose, shared, &cx.names(unintended, 3), !joined.is_certain);
            draft
                .message(format!("{}; {opened}", told.message))
                .caption("reading and changing joined")
                .label(shared.span, told.caption);
        } else {
            draft
                .message(format!("{opened}, among them {} on `{}`", cx.names(unintended, 3), shared.text.trim()))
                .caption(match joined.private {
                    None => "reading and changing joined",
                    Some(_) => "each of these on each resource",
                })
                .label(shared.span, "everyone's keys may be changed here");
        }
        draft.witness(cx.witness_of_other(&whose, unintended, shared, joined.shared.scope));
        if let Some(private) = joined.private {
            let is_one_key = private.place().is_some_and(|place| place.path.is_literal());
            draft.label(private.span, if is_one_key { "only this is one key" } else { "only these are one owner's" });
        }
        draft.help(help(cx, reading, &joined));
    }
}

/// What is said of a statement that joins what belongs apart.
fn claim<'r>(reading: &'r Reading<'_, '_>, joined: &Joined<'_, '_>) -> Claim<'r> {
    let claim = Claim::at(reading.statement.actions.span).of(reading.statement);
    if joined.is_certain { claim } else { claim.grade(LOOK).confidence(Confidence::Low) }
}

/// How many written actions there are that the catalogue does not know.
fn unknown_names(reading: &Reading<'_, '_>) -> usize {
    let unknown = reading.action_patterns().filter(|(_, meaning)| *meaning == Meaning::Unknown);
    distinct(unknown.map(|(action, _)| action.text.trim()).collect()).len()
}

/// Each of the texts once, in their order.
fn distinct<T: AsRef<str>>(mut texts: Vec<T>) -> Vec<T> {
    let mut seen = HashSet::new();
    texts.retain(|text| seen.insert(text.as_ref().to_owned()));
    texts
}

/// What is joined and should not be.
struct Joined<'r, 's> {
    shared: Column<'r, 's>,
    private: Option<&'r Resource<'s>>,
    /// No owner had to be guessed.
    is_certain: bool,
}

/// Whether a statement joins what belongs apart: (a) reading and changing on one shared resource, or (b) two classes, one
/// of them changing, on both a private and a shared resource.
fn find<'r, 's>(cx: &Analysis<'_, '_>, reading: &Reading<'r, 's>) -> Option<Joined<'r, 's>> {
    let has_several = reading.written.len() > 1 && reading.statement.allows();
    if !has_several || reading.covers_service || !reading.written.meets(&cx.catalog().changing()) {
        return None;
    }
    // Without a shared resource nothing is found, and a second look differs only where an owner was guessed.
    let is_guessed = reading.scopes.iter().any(|scoped| scoped.scope != scoped.certain);
    let has_shared = |of: fn(&Scoped) -> Scope| reading.scopes.iter().map(of).any(Scope::is_shared_or_wider);
    let surely = has_shared(|scoped| scoped.scope).then(|| find_by(cx, reading, |scoped| scoped.scope, true)).flatten();
    surely.or_else(|| {
        (is_guessed && has_shared(|scoped| scoped.certain))
            .then(|| find_by(cx, reading, |scoped| scoped.certain, false))
            .flatten()
    })
}

fn find_by<'r, 's>(
    cx: &Analysis<'_, '_>,
    reading: &Reading<'r, 's>,
    scope_of: impl Fn(Scoped) -> Scope,
    is_certain: bool,
) -> Option<Joined<'r, 's>> {
    let column = |(resource, scoped): (&'r Resource<'s>, Scoped)| column(cx, reading, resource, scope_of(scoped));
    let columns: SmallVec<[Column<'r, 's>; 4]> = reading.resources().map(column).collect();
    let private = columns.iter().find(|c| c.scope.is_private() && is_mixed(c)).map(|c| c.resource);
    let shared = columns.into_iter().find(|c| {
        c.scope.is_shared_or_wider()
            && !c.resource.is_faulty
            && !c.changing.is_empty()
            && (!c.gentle.is_empty() || (private.is_some() && is_mixed(c)))
    })?;
    Some(Joined { shared, private, is_certain })
}

/// Two classes or more, one of them changing.
fn is_mixed(column: &Column<'_, '_>) -> bool {
    !column.changing.is_empty() && column.classes.count_ones() > 1
}

fn column<'r, 's>(
    cx: &Analysis<'_, '_>,
    reading: &Reading<'r, 's>,
    resource: &'r Resource<'s>,
    scope: Scope,
) -> Column<'r, 's> {
    let catalog = cx.catalog();
    let fitting = reading.written & fits(scope, catalog);
    // What a deny takes back is joined with nothing.
    let fitting = cx.left_beyond_owner(fitting, reading, resource).unwrap_or_default();
    let mut column = Column { resource, scope, gentle: ActionSet::EMPTY, changing: ActionSet::EMPTY, classes: 0 };
    for id in fitting.iter() {
        let Some(class) = class_beside(id, fitting, catalog) else { continue };
        column.classes |= 1 << class as u8;
        if class.is_changing() {
            column.changing.insert(id);
        } else {
            column.gentle.insert(id);
        }
    }
    column
}

/// The same statement split: what only lists and reads keeps its resources, what changes gets an owner's.
fn help(cx: &Analysis<'_, '_>, reading: &Reading<'_, '_>, joined: &Joined<'_, '_>) -> String {
    let texts = |set: ActionSet| -> Vec<String> {
        let of_set = |meaning: Meaning| matches!(meaning, Meaning::Known(id) if set.contains(id));
        distinct(reading.action_patterns().filter(|(_, m)| of_set(*m)).map(|(a, _)| a.text.trim().to_owned()).collect())
    };
    let mut changing = ActionSet::EMPTY;
    let mut gentle = ActionSet::EMPTY;
    // What changes the bucket itself has no place on an owner's path.
    let catalog = cx.catalog();
    let apart = reading.written & catalog.changing() & (catalog.of_level(Level::Bucket) - catalog.prefix_reach());
    for id in (reading.written - apart).iter() {
        if class_beside(id, reading.written, cx.catalog()).is_some_and(Class::is_changing) {
            changing.insert(id);
        } else {
            gentle.insert(id);
        }
    }
    let mut narrow: Vec<String> =
        reading.resources().filter(|(_, s)| s.scope.is_private()).map(|(r, _)| r.text.trim().to_owned()).collect();
    if narrow.is_empty() {
        narrow =
            reading.resources().filter(|(_, s)| s.scope.is_shared_or_wider()).map(|(r, _)| narrowed(cx, r)).collect();
    }
    // A guessed owner has to become a named one.
    if !joined.is_certain {
        narrow = vec![narrowed(cx, joined.shared.resource)];
    }
    let is_wide = |(_, scoped): &(&Resource<'_>, Scoped)| scoped.scope.is_shared_or_wider();
    let mut kept: Vec<&Resource<'_>> = reading.resources().filter(is_wide).map(|(resource, _)| resource).collect();
    if kept.is_empty() {
        kept.push(joined.shared.resource);
    }
    // An owner's keys that lie in none of those are read as before.
    for (own, _) in reading.resources().filter(|(_, scoped)| scoped.scope.is_private()) {
        if !kept.iter().any(|wide| holds(wide, own)) {
            kept.push(own);
        }
    }
    let kept = kept.iter().map(|resource| resource.text.trim().to_owned()).collect();
    let (narrow, kept) = (distinct(narrow), distinct(kept));
    let mut parts = Vec::new();
    // Where a bucket is a resource of its own, what acts on it has no place on its keys.
    let bucket = reading.resources().find(|(_, s)| s.scope == Scope::BucketItself).map(|(bucket, _)| bucket);
    if let Some(bucket) = bucket.filter(|_| catalog.buckets_apart()) {
        let of_bucket = gentle & catalog.of_level(Level::Bucket);
        let prefix = catalog.key_of_role(Role::ListPrefix);
        let listed = prefix.map_or(ActionSet::EMPTY, |key| of_bucket & catalog.carrying(&key.name));
        gentle = gentle - of_bucket;
        if !listed.is_empty() {
            parts.push(Narrowed::of(cx, reading, bucket).statement(cx, listed, bucket));
        }
        if listed != of_bucket {
            parts.push(repair::statement(cx, &texts(of_bucket - listed), &[bucket.text.trim().to_owned()]));
        }
    }
    if !gentle.is_empty() {
        parts.push(repair::statement(cx, &texts(gentle), &kept));
    }
    if !changing.is_empty() {
        parts.push(repair::statement(cx, &texts(changing), &narrow));
    }
    let rest = if apart.is_empty() {
        String::new()
    } else {
        format!(", and leave out {}, which the server can do on the bucket itself", cx.names(apart, 3))
    };
    let hint = hint(cx, joined.shared.resource).map_or_else(String::new, |hint| format!("\n{hint}"));
    format!(
        "write one statement for each pairing, what changes on its owner's path only{rest}:\n{}{hint}",
        parts.join(",\n")
    )
}
