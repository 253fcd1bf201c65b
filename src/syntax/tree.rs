//! The tree: one flat list of nodes in the order of the text.
//!
//! A node knows where it begins and ends and the index behind its subtree, so children are walked by jumping from
//! sibling to sibling. The children of an object are key, value, key, value. Strings are decoded only when asked.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::{Fault, decode};
use crate::text::Local;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// `{ ... }`
    Object,
    /// `[ ... ]`
    Array,
    /// A string, in whatever quotes or, after a fault, in none.
    String,
    /// A number as written; see [`Value::number`].
    Number,
    /// `true`
    True,
    /// `false`
    False,
    /// `null`
    Null,
    /// Nothing where a value belongs (after a fault), or a bare word that is no value.
    Missing,
}

/// One node of the flat list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// Offset of the first byte, quotes included.
    pub start: u32,
    /// Offset behind the last byte, quotes included.
    pub end: u32,
    /// Index of the node behind this one's subtree.
    pub next: u32,
    /// What it is.
    pub kind: Kind,
    /// Bytes of the opening quote (strings; 0 for bare text).
    pub open: u8,
    /// Bytes of the closing quote (strings; 0 where it is missing).
    pub close: u8,
    /// Whether a string holds a backslash.
    pub escaped: bool,
}

impl Node {
    /// A string's range without its quotes.
    fn content(&self) -> Local {
        Local::new(self.start + u32::from(self.open), self.end.saturating_sub(u32::from(self.close)))
    }
}

/// A parsed text.
#[derive(Debug, Clone)]
pub struct Tree<'s> {
    pub(super) text: &'s str,
    pub(super) nodes: Vec<Node>,
    pub(super) roots: Vec<u32>,
    pub(super) faults: Vec<Fault>,
    pub(super) comments: Vec<Local>,
    pub(super) may_repeat: bool,
    /// Where the nodes stand, once somebody asked.
    pub(super) places: OnceLock<Vec<Place>>,
}

/// Where a node stands: its parent's index, none for a root, and its number among the children, counted from 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    parent: Option<u32>,
    ordinal: u32,
}

impl<'s> Tree<'s> {
    /// The text that was parsed.
    pub fn text(&self) -> &'s str {
        self.text
    }

    /// The documents in the text, in order; an ordinary file has one.
    pub fn roots(&self) -> impl ExactSizeIterator<Item = Value<'_, 's>> {
        self.roots.iter().map(|index| Value { tree: self, index: *index })
    }

    /// What is wrong with the text, in order of place.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The comments, `//`, `#` and `/* */`, with their marks, in order.
    pub fn comments(&self) -> &[Local] {
        &self.comments
    }

    /// Whether some object may have a key twice. Mostly none may, which is known without a look at the keys.
    pub fn may_repeat_keys(&self) -> bool {
        self.may_repeat
    }

    /// All nodes in the order of the text.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    fn place(&self, index: u32) -> Option<Place> {
        self.places.get_or_init(|| self.find_places()).get(index as usize).copied()
    }

    fn find_places(&self) -> Vec<Place> {
        let mut places = vec![Place { parent: None, ordinal: 0 }; self.nodes.len()];
        for (index, node) in (0_u32..).zip(&self.nodes) {
            let (mut child, mut ordinal) = (index + 1, 0);
            while child < node.next
                && let Some((place, next)) = places.get_mut(child as usize).zip(self.nodes.get(child as usize))
            {
                *place = Place { parent: Some(index), ordinal };
                ordinal += 1;
                child = next.next.max(child + 1);
            }
        }
        places
    }

    /// The value at a node index.
    pub fn value(&self, index: u32) -> Option<Value<'_, 's>> {
        ((index as usize) < self.nodes.len()).then_some(Value { tree: self, index })
    }
}

/// A value of the tree: a cursor, cheap to copy.
#[derive(Debug, Clone, Copy)]
pub struct Value<'t, 's> {
    tree: &'t Tree<'s>,
    index: u32,
}

impl<'t, 's> Value<'t, 's> {
    fn node(self) -> &'t Node {
        const NOWHERE: &Node =
            &Node { start: 0, end: 0, next: 0, kind: Kind::Missing, open: 0, close: 0, escaped: false };
        self.tree.nodes.get(self.index as usize).unwrap_or(NOWHERE)
    }

    /// The tree it belongs to.
    pub fn tree(self) -> &'t Tree<'s> {
        self.tree
    }

    /// Index of its node, an identity within the tree.
    pub fn index(self) -> u32 {
        self.index
    }

    /// The object or array that it stands in. O(1), after O(nodes) once for each tree.
    pub fn parent(self) -> Option<Self> {
        let place = self.tree.place(self.index)?;
        self.tree.value(place.parent?)
    }

    /// How many keys and values stand before it in its parent. Takes as long as [`Value::parent`].
    pub fn ordinal(self) -> u32 {
        self.tree.place(self.index).map_or(0, |place| place.ordinal)
    }

    /// How many nodes stand below it; a list of strings has one for each.
    pub fn nodes_below(self) -> usize {
        self.node().next.saturating_sub(self.index + 1) as usize
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        self.node().kind
    }

    /// Its range, quotes included.
    pub fn local(self) -> Local {
        let node = self.node();
        Local::new(node.start, node.end)
    }

    /// Its text as written.
    pub fn raw(self) -> &'s str {
        self.local().of(self.tree.text)
    }

    /// A string's range without its quotes.
    pub fn content(self) -> Local {
        self.node().content()
    }

    /// Whether a string holds escapes, so that its bytes are not its text.
    pub fn is_escaped(self) -> bool {
        self.node().escaped
    }

    /// The text of a string; `None` for other kinds. Borrowed unless there are escapes.
    pub fn string(self) -> Option<Cow<'s, str>> {
        let node = self.node();
        (node.kind == Kind::String).then(|| {
            let raw = node.content().of(self.tree.text);
            if node.escaped { decode(raw) } else { Cow::Borrowed(raw) }
        })
    }

    /// The text of a string without escapes; `None` for all else.
    pub fn plain_string(self) -> Option<&'s str> {
        let node = self.node();
        (node.kind == Kind::String && !node.escaped).then(|| node.content().of(self.tree.text))
    }

    /// The value of a number; `None` for other kinds and for what is no JSON number.
    pub fn number(self) -> Option<f64> {
        (self.kind() == Kind::Number).then(|| self.raw().parse().ok()).flatten()
    }

    /// The members of an object in order, duplicates included; empty for other kinds.
    pub fn members(self) -> Members<'t, 's> {
        Members { inner: self.children(Kind::Object) }
    }

    /// The elements of an array in order; empty for other kinds.
    pub fn elements(self) -> Elements<'t, 's> {
        self.children(Kind::Array)
    }

    fn children(self, kind: Kind) -> Elements<'t, 's> {
        let node = self.node();
        let (at, end) = if node.kind == kind { (self.index + 1, node.next) } else { (0, 0) };
        Elements { tree: self.tree, at, end }
    }

    /// The value of the last member named `key`, as ordinary parsers would read it; other kinds have none.
    pub fn get(self, key: &str) -> Option<Self> {
        self.members().filter(|member| member.is_named(key)).last().map(|member| member.value)
    }
}

/// A key and its value.
#[derive(Debug, Clone, Copy)]
pub struct Member<'t, 's> {
    /// The key, a string (or, after a fault, whatever stood there).
    pub key: Value<'t, 's>,
    /// The value.
    pub value: Value<'t, 's>,
}

impl<'s> Member<'_, 's> {
    /// The key's text; a key that is no string gives its text as written.
    pub fn name(&self) -> Cow<'s, str> {
        if let Some(name) = self.key.plain_string() {
            return Cow::Borrowed(name);
        }
        self.key.string().unwrap_or(Cow::Borrowed(self.key.raw()))
    }

    /// Whether the key is exactly `name`.
    pub fn is_named(&self, name: &str) -> bool {
        self.name() == name
    }

    /// Whether the key is `name` in any letter case.
    pub fn is_named_in_any_case(&self, name: &str) -> bool {
        match self.key.plain_string() {
            Some(own) => own.len() == name.len() && (own == name || own.eq_ignore_ascii_case(name)),
            None => self.name().eq_ignore_ascii_case(name),
        }
    }

    /// The range of key and value together.
    pub fn local(&self) -> Local {
        Local::new(self.key.local().start, self.value.local().end)
    }
}

/// Iterator over the elements of an array.
#[derive(Debug, Clone)]
pub struct Elements<'t, 's> {
    tree: &'t Tree<'s>,
    at: u32,
    end: u32,
}

impl<'t, 's> Iterator for Elements<'t, 's> {
    type Item = Value<'t, 's>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let value = Value { tree: self.tree, index: self.at };
        self.at = value.node().next.max(self.at + 1);
        Some(value)
    }
}

/// Iterator over the members of an object.
#[derive(Debug, Clone)]
pub struct Members<'t, 's> {
    inner: Elements<'t, 's>,
}

impl<'t, 's> Iterator for Members<'t, 's> {
    type Item = Member<'t, 's>;

    fn next(&mut self) -> Option<Self::Item> {
        let key = self.inner.next()?;
        let value = self.inner.next()?;
        Some(Member { key, value })
    }
}
