//! Fingerprints: names for findings that survive reformatting.

use std::collections::BTreeMap;

use crate::finding::{Finding, Fingerprint, Hasher};
use crate::syntax::{Kind, Value};

/// Names the findings of one file, and tells equal ones apart by counting.
#[derive(Debug)]
pub(super) struct Namer<'f> {
    file: &'f str,
    seen: BTreeMap<u64, u64>,
    /// The content of statements of one policy, by node.
    statements: BTreeMap<u32, u64>,
    /// That of all its denies.
    denies: u64,
}

impl<'f> Namer<'f> {
    pub(super) fn new(file: &'f str) -> Self {
        Self { file, seen: BTreeMap::new(), statements: BTreeMap::new(), denies: 0 }
    }

    /// A finding about the text, named by the words it underlines.
    pub(super) fn in_text(&mut self, finding: &Finding, words: &str) -> Fingerprint {
        let hash = self.start(finding).field(words).field(&finding.message);
        self.count(hash.finish())
    }

    /// Begin with a policy, of which these statements deny.
    pub(super) fn enter<'t, 's: 't>(&mut self, denies: impl Iterator<Item = Value<'t, 's>>) {
        self.statements.clear();
        self.denies = denies.fold(0, |sum, deny| sum.wrapping_add(self.content(deny)));
    }

    /// A finding in a statement of the policy, named by the statement's content and the path within it. A statement's `sid` is
    /// part of its content and no name by itself: the statement could grow under it and stay accepted. So could an allow from
    /// which a deny takes something back, when that deny goes.
    pub(super) fn in_statement(
        &mut self,
        finding: &Finding,
        statement: Value<'_, '_>,
        is_allow: bool,
        path: &str,
    ) -> Fingerprint {
        let denies = if is_allow { self.denies } else { 0 };
        let hash = self.start(finding).number(self.content(statement)).number(denies);
        self.count(hash.field(path).finish())
    }

    fn content(&mut self, statement: Value<'_, '_>) -> u64 {
        *self.statements.entry(statement.index()).or_insert_with(|| content_of(statement))
    }

    /// A finding in a policy and in none of its statements, named by a value's content or by the path to it.
    pub(super) fn in_policy(&mut self, finding: &Finding, value: Option<Value<'_, '_>>, path: &str) -> Fingerprint {
        let hash = self.start(finding);
        let hash = value.map_or(hash, |value| hash.number(content_of(value)));
        self.count(hash.field(path).finish())
    }

    fn start(&self, finding: &Finding) -> Hasher {
        Hasher::default().field(finding.rule.name).field(self.file)
    }

    fn count(&mut self, hash: u64) -> Fingerprint {
        let seen = self.seen.entry(hash).or_insert(0);
        let name = if *seen == 0 { hash } else { Hasher::default().number(hash).number(*seen).finish() };
        *seen += 1;
        Fingerprint(name)
    }
}

/// A hash of a value's content that knows no blanks, comments or order of keys. The nodes are taken from the last to
/// the first, so that children come before their parents and nesting costs no stack.
fn content_of(value: Value<'_, '_>) -> u64 {
    let tree = value.tree();
    let end = tree.nodes().get(value.index() as usize).map_or(0, |node| node.next);
    let mut hashes = vec![0_u64; end.saturating_sub(value.index()) as usize];
    let at = |index: u32| (index - value.index()) as usize;
    for index in (value.index()..end).rev() {
        let Some(node) = tree.value(index) else { continue };
        let of = |inner: Value<'_, '_>| hashes.get(at(inner.index())).copied().unwrap_or_default();
        let start = Hasher::default().number(node.kind() as u64);
        let hash = match node.kind() {
            // Members are summed, so that their order does not matter.
            Kind::Object => {
                let pairs =
                    node.members().map(|member| Hasher::default().number(of(member.key)).number(of(member.value)));
                start.number(pairs.fold(0, |sum, pair| sum.wrapping_add(pair.finish())))
            }
            Kind::Array => node.elements().fold(start, |hasher, element| hasher.number(of(element))),
            _ => start.field(node.string().as_deref().unwrap_or_else(|| node.raw())),
        };
        if let Some(slot) = hashes.get_mut(at(index)) {
            *slot = hash.finish();
        }
    }
    hashes.first().copied().unwrap_or_default()
}
