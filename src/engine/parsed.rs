//! One source, parsed, whose policies can be looked at one by one.
//!
//! The exact commands compare or ask single policies. A policy may stand in a string that is decoded only while its document
//! is searched, so it is visited where it stands ([`Parsed::with`]) and named by where that is ([`Key`]).

use std::collections::BTreeSet;

use super::Unjudged;
use super::analyse::{given, is_trust};
use crate::dialect::{self, Candidate, Dialect, Form, FoundPolicy, Unread, Visitor};
use crate::policy::Policy;
use crate::rules::Facts;
use crate::syntax::{Kind, Member, Tree, parse};
use crate::text::{Fragment, Local, Source, Span};

/// Where a policy stands in a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    /// Its document's number, when the text holds several.
    pub(super) document: Option<u32>,
    /// JSON pointer to it within its document.
    pub(super) pointer: String,
}

/// A source and its tree.
pub(super) struct Parsed<'a> {
    pub(super) source: &'a Source,
    fragment: Fragment<'a>,
    tree: Tree<'a>,
    facts: &'a Facts,
}

/// What visits the policy of a key.
pub(super) type Visit<'v> = dyn FnMut(&'static dyn Dialect, &Candidate<'_, '_>, &Policy<'_>) + 'v;

impl<'a> Parsed<'a> {
    pub(super) fn new(source: &'a Source, facts: &'a Facts) -> Self {
        Self { source, fragment: Fragment::whole(source), tree: parse(source.text()), facts }
    }

    /// The policies that grant or deny something, in order of place, and what could not be judged.
    pub(super) fn policies(&self) -> (Vec<Key>, Vec<Unjudged>) {
        let mut survey = Survey { facts: self.facts, keys: Vec::new(), seen: BTreeSet::new(), unjudged: Vec::new() };
        match self.source.encoding_fault() {
            Some(what) => survey.unjudged.push(Unjudged { span: None, message: what.to_owned() }),
            None => self.find(&mut survey),
        }
        if let Some((notation, unjudged)) = super::analyse::notation(&self.fragment, &self.tree) {
            if notation.leaves_all_open() {
                survey.keys.clear();
            }
            return (survey.keys, vec![unjudged]);
        }
        for span in self.source.undecodable().iter().take(100) {
            let message = "bytes that are not UTF-8 were not judged".to_owned();
            survey.unjudged.push(Unjudged { span: Some(*span), message });
        }
        (survey.keys, survey.unjudged)
    }

    /// Visit the policy of a key.
    pub(super) fn with(&self, key: &Key, visit: &mut Visit<'_>) {
        self.find(&mut Only { key, visit });
    }

    fn find(&self, visitor: &mut dyn Visitor) {
        dialect::find(&self.fragment, &self.tree, given(self.facts), visitor);
    }
}

struct Survey<'a> {
    facts: &'a Facts,
    keys: Vec<Key>,
    seen: BTreeSet<Key>,
    unjudged: Vec<Unjudged>,
}

impl Visitor for Survey<'_> {
    fn text(&mut self, fragment: &Fragment<'_>, tree: &Tree<'_>, _: bool) {
        for fault in tree.faults().iter().filter(|fault| fault.kind.loses_text() || fault.kind.spoils_string()) {
            let message = format!("text was lost: {}", fault.kind.title());
            self.unjudged.push(Unjudged { span: Some(fragment.locate(fault.at)), message });
        }
    }

    fn policy(&mut self, found: &FoundPolicy<'_, '_, '_>) {
        let FoundPolicy { fragment, candidate, ref policy, .. } = *found;
        let unjudged = policy.unjudged.iter();
        self.unjudged.extend(unjudged.map(|(span, message)| Unjudged { span: Some(*span), message: message.clone() }));
        if let Some(local) = repeated_key(candidate) {
            let message = "a key stands twice in one object, and providers differ in which one counts".to_owned();
            self.unjudged.push(Unjudged { span: Some(fragment.locate(local)), message });
        }
        if !is_trust(self.facts, policy) {
            let key = Key { document: candidate.document, pointer: candidate.pointer.clone() };
            if !self.seen.insert(key.clone()) {
                let message = "two policies stand at one place, and providers differ in which one counts".to_owned();
                self.unjudged.push(Unjudged { span: Some(policy.span), message });
            }
            self.keys.push(key);
        }
    }

    fn untold(&mut self, span: Span, form: Form) {
        self.unjudged.push(Unjudged { span: Some(span), message: super::analyse::untold(form).to_owned() });
    }

    fn unread(&mut self, span: Span, why: Unread) {
        self.unjudged.push(Unjudged { span: Some(span), message: why.message().to_owned() });
    }
}

/// The second of two equal keys in one object of a policy. Rules judge the values of both; an exact answer needs to know
/// which one counts.
fn repeated_key(candidate: &Candidate<'_, '_>) -> Option<Local> {
    let tree = candidate.value.tree();
    let first = candidate.value.index();
    let end = tree.nodes().get(first as usize).map_or(first, |node| node.next);
    (first..end).filter_map(|index| tree.value(index)).filter(|value| value.kind() == Kind::Object).find_map(|object| {
        // Providers that take keys in any letter case take the same one twice here.
        let name = |member: Member<'_, '_>| (member.name().to_ascii_lowercase(), member.key.local());
        let mut names: Vec<_> = object.members().map(name).collect();
        names.sort_by(|a, b| (&a.0, a.1.start).cmp(&(&b.0, b.1.start)));
        names.windows(2).find_map(|pair| match pair {
            [one, two] if one.0 == two.0 => Some(two.1),
            _ => None,
        })
    })
}

struct Only<'k, 'v> {
    key: &'k Key,
    visit: &'k mut Visit<'v>,
}

impl Visitor for Only<'_, '_> {
    fn text(&mut self, _: &Fragment<'_>, _: &Tree<'_>, _: bool) {}

    fn wants(&self, candidate: &Candidate<'_, '_>) -> bool {
        candidate.document == self.key.document && candidate.pointer == self.key.pointer
    }

    fn policy(&mut self, found: &FoundPolicy<'_, '_, '_>) {
        (self.visit)(found.dialect, found.candidate, &found.policy);
    }

    fn untold(&mut self, _: Span, _: Form) {}

    fn unread(&mut self, _: Span, _: Unread) {}
}
