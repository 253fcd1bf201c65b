//! The parser: one pass over the bytes, one flat list of nodes, no recursion.
//!
//! What is read here is JSON as RFC 8259 has it, and only that is made fast. Whatever does not fit is handed to
//! `recover`, which names the fault and says in which state to go on; the text is never left unread. The stack of open
//! brackets needs no memory: while a bracket is open, the `next` of its node holds the index of the one around it.

use super::{Fault, FaultKind, Kind, Node, Tree};
use crate::text::Local;

/// More faults than this are not listed.
pub(super) const MAX_FAULTS: usize = 1_000;

/// No bracket, no comma: where an index or an offset is meant.
pub(super) const NONE: u32 = u32::MAX;

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// A document.
    Document,
    /// An element, or the end of the array unless a comma came before.
    Element,
    /// A key, or the end of the object unless a comma came before.
    Key,
    /// The colon behind a key.
    Colon,
    /// The value behind a colon.
    Value,
    /// A comma or a closing bracket; the end of the text behind a document.
    After,
}

/// The parser at work.
pub(super) struct Parser<'s> {
    pub(super) text: &'s str,
    pub(super) bytes: &'s [u8],
    /// Offset of the next byte.
    pub(super) at: usize,
    /// End of the last token.
    pub(super) last: usize,
    /// The comma that was just passed, or [`NONE`].
    pub(super) comma: u32,
    /// The innermost open bracket, or [`NONE`].
    pub(super) top: u32,
    /// Whether that bracket is an object's.
    pub(super) in_object: bool,
    /// How many characters may still be read twice in search of a better closing quote: in proportion to the text, so
    /// that a text made of quotes does not take its time.
    pub(super) looks: usize,
    pub(super) nodes: Vec<Node>,
    pub(super) roots: Vec<u32>,
    pub(super) faults: Vec<Fault>,
    pub(super) comments: Vec<Local>,
    /// Some object may have a key twice.
    may_repeat: bool,
}

/// Read `text`. Always gives a tree; what is wrong with the text is listed in it. Texts that hold one document per
/// line have several roots and no fault.
///
/// ```
/// let tree = grantlint::syntax::parse(r#"{"version": "2.0",}"#);
/// assert_eq!(tree.roots().next().unwrap().get("version").unwrap().string().unwrap(), "2.0");
/// assert_eq!(tree.faults().len(), 1);
/// ```
pub fn parse(text: &str) -> Tree<'_> {
    let mut parser = Parser {
        text,
        bytes: text.as_bytes(),
        at: 0,
        last: 0,
        comma: NONE,
        top: NONE,
        in_object: false,
        looks: text.len() + 65_536,
        nodes: Vec::with_capacity(text.len() / 12 + 4),
        roots: Vec::with_capacity(1),
        faults: Vec::new(),
        comments: Vec::new(),
        may_repeat: false,
    };
    parser.byte_order_mark();
    parser.run();
    let Parser { nodes, roots, faults, comments, may_repeat, .. } = parser;
    // What was mended may have put keys together.
    let may_repeat = may_repeat || !faults.is_empty();
    Tree { text, nodes, roots, faults, comments, may_repeat, places: std::sync::OnceLock::new() }
}

impl Parser<'_> {
    fn run(&mut self) {
        let mut state = State::Document;
        while let Some(byte) = self.peek() {
            state = match (state, byte) {
                (State::After, b',') if self.top != NONE => {
                    self.comma = self.at as u32;
                    self.at += 1;
                    self.inside()
                }
                (State::After | State::Key, b'}') if self.in_object => self.close(),
                (State::After | State::Element, b']') if !self.in_object && self.top != NONE => self.close(),
                (State::Key, b'"') => {
                    self.string();
                    self.note_key();
                    if self.bytes.get(self.at) == Some(&b':') { self.colon() } else { State::Colon }
                }
                (State::Colon, b':') => self.colon(),
                (State::Value | State::Element | State::Document, _) => match byte {
                    b'"' => {
                        self.string();
                        State::After
                    }
                    b'{' => self.open(Kind::Object, State::Key),
                    b'[' => self.open(Kind::Array, State::Element),
                    b'-' | b'0'..=b'9' => {
                        self.number();
                        State::After
                    }
                    b't' if self.word(b"true", Kind::True) => State::After,
                    b'f' if self.word(b"false", Kind::False) => State::After,
                    b'n' if self.word(b"null", Kind::Null) => State::After,
                    _ => self.recover(state, byte),
                },
                _ => self.recover(state, byte),
            };
        }
        self.finish(state);
    }

    /// Note the key that was just read: whether its object may have one like it, told by its length and both ends. While an
    /// object is open, the `end` of its node holds what was noted.
    #[inline]
    fn note_key(&mut self) {
        let Some(key) = self.nodes.last() else { return };
        let byte = |at: u32| self.bytes.get(at as usize).map_or(0, |byte| u32::from(*byte));
        // The weights tell the elements of policies and statements apart.
        let mixed = byte(key.start + 1) + byte(key.end.saturating_sub(2)) * 4 + (key.end - key.start);
        let (bit, escaped) = (1 << (mixed % 32), key.escaped);
        if let Some(object) = self.nodes.get_mut(self.top as usize) {
            self.may_repeat |= escaped || object.end & bit != 0;
            object.end |= bit;
        }
    }

    fn colon(&mut self) -> State {
        self.at += 1;
        self.last = self.at;
        State::Value
    }

    /// The state behind a comma.
    pub(super) fn inside(&self) -> State {
        match (self.top, self.in_object) {
            (NONE, _) => State::Document,
            (_, true) => State::Key,
            (_, false) => State::Element,
        }
    }

    pub(super) fn open(&mut self, kind: Kind, state: State) -> State {
        let index = self.nodes.len() as u32;
        let start = self.at as u32;
        if self.top == NONE {
            self.roots.push(index);
        }
        self.nodes.push(Node { start, end: 0, next: self.top, kind, open: 0, close: 0, escaped: false });
        self.top = index;
        self.in_object = kind == Kind::Object;
        self.comma = NONE;
        self.at += 1;
        self.last = self.at;
        state
    }

    /// Close the innermost bracket with the one that stands here.
    pub(super) fn close(&mut self) -> State {
        if self.comma != NONE {
            self.trailing_comma();
        }
        self.at += 1;
        self.last = self.at;
        self.end_bracket();
        State::After
    }

    /// Close the innermost bracket at the end of the last token.
    pub(super) fn end_bracket(&mut self) {
        let next = self.nodes.len() as u32;
        let end = self.last as u32;
        if let Some(node) = self.nodes.get_mut(self.top as usize) {
            node.end = end;
            self.top = std::mem::replace(&mut node.next, next);
            self.in_object = self.nodes.get(self.top as usize).is_some_and(|node| node.kind == Kind::Object);
        }
        self.comma = NONE;
    }

    /// Add a node without children that ends at `end`, and go on there.
    pub(super) fn leaf(&mut self, node: Node) {
        self.comma = NONE;
        self.at = node.end as usize;
        self.last = self.at;
        let index = self.nodes.len() as u32;
        if self.top == NONE {
            self.roots.push(index);
        }
        self.nodes.push(Node { next: index + 1, ..node });
    }

    /// Add a leaf without quotes.
    pub(super) fn plain(&mut self, kind: Kind, start: usize, end: usize) {
        let (start, end) = (start as u32, end as u32);
        self.leaf(Node { start, end, next: 0, kind, open: 0, close: 0, escaped: false });
    }

    /// Note a fault. The first [`MAX_FAULTS`] are listed; if one behind them loses or spoils text, that is said once.
    #[cold]
    pub(super) fn fault(&mut self, kind: FaultKind, start: usize, end: usize) {
        let at = Local::new(start as u32, end as u32);
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(Fault { kind, at });
        } else if self.faults.len() == MAX_FAULTS && (kind.loses_text() || kind.spoils_string()) {
            self.faults.push(Fault { kind: FaultKind::MoreFaults, at });
        }
    }
}
