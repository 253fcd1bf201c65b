//! The matrices of the policies in one source.

use std::collections::BTreeSet;

use super::delta::told;
use super::{KindSource, Unjudged};
use crate::catalog::Catalog;
use crate::dialect::{self, Form, FoundPolicy, Unread, Visitor};
use crate::finding::PolicyKind;
use crate::policy::{Policy, Resource, ResourceKind};
use crate::rules::Facts;
use crate::semantics::matrix::{Grant, Mark, Matrix, TooLarge};
use crate::semantics::pattern::matches;
use crate::semantics::permission::{Change, Held, Space, Subject, hold};
use crate::syntax::{Tree, parse};
use crate::text::{Fragment, Source, Span};

/// The matrix of one policy.
#[derive(Debug)]
pub struct PolicyMatrix {
    /// JSON pointer to the policy within its document.
    pub pointer: String,
    /// The line on which it begins, when the file holds one document per line.
    pub line: Option<u32>,
    /// What it is for.
    pub kind: PolicyKind,
    /// How that is known.
    pub kind_source: KindSource,
    /// The matrix, or why it was not laid out.
    pub matrix: Result<Matrix, TooLarge>,
}

/// The matrices of a source.
#[derive(Debug, Default)]
pub struct Matrices {
    /// One for each policy, in order of place; role trust policies have none.
    pub policies: Vec<PolicyMatrix>,
    /// What was not judged.
    pub unjudged: Vec<Unjudged>,
}

/// Lay out the matrix of every policy in a source. With `is_large` there is no limit on the number of cells.
pub fn matrices(source: &Source, facts: &Facts, is_large: bool) -> Matrices {
    if let Some(what) = source.encoding_fault() {
        return Matrices { unjudged: vec![Unjudged { span: None, message: what.to_owned() }], ..Matrices::default() };
    }
    let fragment = Fragment::whole(source);
    let tree = parse(source.text());
    let mut run = Run { source, facts, is_large, out: Matrices::default() };
    dialect::find(&fragment, &tree, super::analyse::given(facts), &mut run);
    if let Some((notation, unjudged)) = super::analyse::notation(&fragment, &tree) {
        run.out.unjudged = vec![unjudged];
        if notation.leaves_all_open() {
            run.out.policies.clear();
        }
    }
    run.out
}

struct Run<'a> {
    source: &'a Source,
    facts: &'a Facts,
    is_large: bool,
    out: Matrices,
}

impl Visitor for Run<'_> {
    fn text(&mut self, fragment: &Fragment<'_>, tree: &Tree<'_>, _: bool) {
        for fault in tree.faults().iter().filter(|fault| fault.kind.loses_text() || fault.kind.spoils_string()) {
            let message = format!("text was lost: {}", fault.kind.title());
            self.out.unjudged.push(Unjudged { span: Some(fragment.locate(fault.at)), message });
        }
    }

    fn policy(&mut self, found: &FoundPolicy<'_, '_, '_>) {
        let FoundPolicy { dialect, candidate, ref policy, .. } = *found;
        let unjudged = || policy.unjudged.iter();
        let at = |(span, message): &(Span, String)| Unjudged { span: Some(*span), message: message.clone() };
        self.out.unjudged.extend(unjudged().map(at));
        if super::analyse::is_trust(self.facts, policy) {
            return;
        }
        let (kind, kind_source) = super::kind_of(self.facts, policy);
        let owners = &self.facts.owners;
        let held =
            self.facts.expectation.as_deref().map(|expectation| hold(expectation, policy, kind, owners, dialect));
        let undecided = held.as_ref().map_or_else(Vec::new, |held| told(&held.difference, dialect));
        // What is wholly missing has a row all the same, and a column where no resource of the policy holds it.
        let lacking = held.as_ref().map(|held| held.lacking(policy, dialect, is_missing_on));
        let mut space = Space::new(dialect, [policy]);
        let permission = space.permission_to_whomever(policy, kind, owners);
        let beside = lacking.as_ref().map(|lacking| space.permission_to_whomever(lacking, kind, owners));
        let mut matrix = space.intersection_beside(&[&permission], beside.as_ref(), owners, self.is_large);
        if let (Ok(matrix), Some(held), Some(lacking)) = (&mut matrix, &held, &lacking) {
            mark(matrix, held, [policy, lacking], dialect.catalog());
        }
        let is_told = |reason: &&String| unjudged().any(|(_, message)| message == *reason);
        let unclear = permission.unclear().iter().filter(|reason| !is_told(reason)).cloned();
        let cells = matrix.as_ref().ok().and_then(Matrix::undecided);
        let undecided: BTreeSet<String> = undecided.into_iter().chain(unclear).chain(cells).collect();
        let span = Some(policy.statements_span);
        self.out.unjudged.extend(undecided.into_iter().map(|message| Unjudged { span, message }));
        self.out.policies.push(PolicyMatrix {
            pointer: candidate.pointer.clone(),
            line: candidate.document.map(|_| self.source.position(policy.span.start).line),
            kind,
            kind_source,
            matrix,
        });
    }

    fn untold(&mut self, span: Span, form: Form) {
        self.out.unjudged.push(Unjudged { span: Some(span), message: super::analyse::untold(form).to_owned() });
    }

    fn unread(&mut self, span: Span, why: Unread) {
        self.out.unjudged.push(Unjudged { span: Some(span), message: why.message().to_owned() });
    }
}

/// The resources of a policy, with their texts.
fn places<'p, 's>(policy: &'p Policy<'s>) -> Vec<(&'p str, &'p Resource<'s>)> {
    let resources = policy.statements.iter().flat_map(|statement| &statement.resources.patterns);
    resources.map(|resource| (resource.text.trim(), resource)).collect()
}

/// Whether a resource holds what is missing.
fn is_missing_on(resource: &Resource<'_>, change: &Change) -> bool {
    match &resource.kind {
        ResourceKind::Everything => true,
        ResourceKind::Place(_) if change.is_operation => false,
        ResourceKind::Place(place) => {
            let path = change.spot.path();
            // The bucket itself is written with a slash or without one.
            let bare = path.strip_suffix('/').filter(|_| change.spot.key.is_empty());
            let holds = |path: &str| place.path.text() == path || matches(&place.path, path);
            holds(&path) || bare.is_some_and(holds)
        }
        ResourceKind::OtherService | ResourceKind::Unreadable => false,
    }
}

/// Mark the cells of a matrix by what is expected of the policy; what it lacks altogether is the second one.
fn mark(matrix: &mut Matrix, held: &Held, [policy, lacking]: [&Policy<'_>; 2], catalog: &Catalog) {
    let excess: Vec<(&Change, &str)> = held
        .difference
        .added
        .iter()
        .filter_map(|change| {
            let resource = policy.statements.get(change.statement)?.resources.patterns.get(change.resource)?;
            Some((change, resource.text.trim()))
        })
        .collect();
    let (own, beside) = (places(policy), places(lacking));
    let places = || own.iter().chain(&beside);
    for row in &mut matrix.rows {
        let speaks = |subjects: &[Subject]| {
            subjects.iter().any(|subject| match subject {
                Subject::Known(id) => row.actions.iter().any(|action| action == catalog.name(*id)),
                Subject::Named(name) => row.actions.contains(name),
                Subject::Future(_) => row.is_future,
            })
        };
        let mut undecided = held.difference.undecided.iter();
        let is_open = undecided.any(|open| open.subjects.is_empty() || speaks(&open.subjects));
        for (column, cell) in matrix.columns.iter().zip(&mut row.cells) {
            let is_excess = excess.iter().any(|(change, text)| *text == column.resource && speaks(&change.subjects));
            let mut missing = held.difference.removed.iter().filter(|change| speaks(&change.subjects));
            let is_here = |change: &Change| {
                places().any(|(text, resource)| *text == column.resource && is_missing_on(resource, change))
            };
            cell.mark = match cell.grant {
                _ if is_excess => Some(Mark::Excess),
                _ if missing.any(is_here) => Some(Mark::Missing),
                Grant::All | Grant::Some(_) if !is_open => Some(Mark::Expected),
                _ => None,
            };
        }
    }
}
