//! What to make of a token that does not fit.
//!
//! Each case names the fault and gives the state in which the parser goes on, so that one slip of the pen costs one
//! fault and the rest of the text is read as it was meant. Missing values get a node of kind
//! [`Missing`](Kind::Missing): the children of an object are always pairs.

use super::parse::{MAX_FAULTS, NONE, Parser, State};
use super::quotes::{is_typographic_double, is_typographic_single};
use super::{FaultKind, Kind, Node};
use crate::text::Local;

/// How many of the brackets that the end of the text leaves open are reported: the innermost ones.
const MAX_UNCLOSED: usize = 3;
/// How far to look for the end of what may be a key.
const KEY: usize = 1_024;

/// Whether bare text may begin with `c`.
fn starts_bare(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '*' | '<' | '%' | '/' | '.' | '+' | '-')
}

fn starts_value(c: char) -> bool {
    matches!(c, '"' | '\'' | '{' | '[') || is_typographic_double(c) || is_typographic_single(c) || starts_bare(c)
}

impl Parser<'_> {
    /// `byte`, which stands here, does not fit `state`: pass over what is wrong and tell how to go on.
    #[cold]
    pub(super) fn recover(&mut self, state: State, byte: u8) -> State {
        match (byte, state) {
            (b'}' | b']' | b',', State::Colon | State::Value) => {
                self.fault(FaultKind::MissingValue, self.last, self.last);
                self.missing();
                State::After
            }
            (b'}' | b']', _) => self.wrong_bracket(byte, state),
            (b',', _) => {
                self.pass(FaultKind::ExtraComma, 1);
                state
            }
            _ => match self.char_at(self.at) {
                ':' | '=' | '\u{FF1A}' => self.odd_colon(state),
                c @ (';' | '\u{FF0C}' | '\u{FF1B}' | '\u{3001}') if state == State::After && self.top != NONE => {
                    self.pass(FaultKind::MissingComma, c.len_utf8());
                    self.inside()
                }
                c if starts_value(c) => self.odd_value(c, state),
                c => {
                    let end = self.run_of(c, self.at);
                    self.pass(FaultKind::Unexpected(c), end - self.at);
                    state
                }
            },
        }
    }

    /// Pass over `len` bytes at fault.
    fn pass(&mut self, kind: FaultKind, len: usize) {
        self.fault(kind, self.at, self.at + len);
        self.at += len;
        self.last = self.at;
    }

    /// Add a node where nothing stands, behind the last token.
    fn missing(&mut self) {
        let at = self.at;
        self.plain(Kind::Missing, self.last, self.last);
        self.at = at;
    }

    pub(super) fn trailing_comma(&mut self) {
        let comma = self.comma as usize;
        self.fault(FaultKind::TrailingComma, comma, comma + 1);
    }

    /// A colon where none belongs, or something else where one does.
    fn odd_colon(&mut self, state: State) -> State {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let bare = rest.trim_start_matches('=');
        let len = match rest.len() - bare.len() {
            0 => self.char_at(self.at).len_utf8(),
            equals => equals + usize::from(bare.starts_with('>')),
        };
        match state {
            State::Colon | State::Value => {
                self.pass(FaultKind::WrongColon, len);
                State::Value
            }
            State::Key => {
                self.fault(FaultKind::KeyIsNoString, self.at, self.at + len);
                self.last = self.at;
                self.missing();
                State::Colon
            }
            State::After if self.in_object => {
                if self.value_was_key() {
                    return State::Colon;
                }
                self.pass(FaultKind::WrongColon, len);
                State::After
            }
            _ => {
                self.pass(FaultKind::Unexpected(self.char_at(self.at)), len);
                if state == State::After && self.top != NONE { State::Element } else { state }
            }
        }
    }

    /// `"a":` and, on a line below, `"b": 1`: the string that was taken for the value of `a` is the next key.
    fn value_was_key(&mut self) -> bool {
        let Some((value, before)) = self.nodes.split_last() else { return false };
        let Some(key) = before.last() else { return false };
        let between = self.bytes.get(key.end as usize..value.start as usize).unwrap_or_default();
        let Some(colon) = between.iter().position(|byte| *byte == b':') else { return false };
        let is_leaf = value.kind == Kind::String && value.end as usize == self.last && key.kind == Kind::String;
        if !is_leaf || !between.iter().skip(colon).any(|byte| *byte == b'\n') {
            return false;
        }
        let at = key.end as usize + colon + 1;
        let value = *value;
        self.nodes.pop();
        self.fault(FaultKind::MissingValue, at, at);
        self.last = at;
        self.missing();
        let at = self.at;
        self.leaf(value);
        self.at = at;
        true
    }

    /// A value that is out of place, or is written in a way that JSON does not know.
    fn odd_value(&mut self, c: char, state: State) -> State {
        match state {
            State::After | State::Colon if self.end_string_earlier() => state,
            State::After if self.top == NONE => State::Document,
            State::After => {
                self.fault(FaultKind::MissingComma, self.last, self.last);
                self.comma = NONE;
                self.inside()
            }
            State::Colon if c == '"' && self.is_key(self.at) => {
                self.fault(FaultKind::MissingValue, self.last, self.last);
                self.missing();
                State::After
            }
            State::Colon => {
                self.fault(FaultKind::MissingColon, self.last, self.last);
                State::Value
            }
            State::Key => match c {
                // Keeps `{{{{` at one node per byte.
                '{' | '[' if self.faults.len() >= MAX_FAULTS => {
                    self.pass(FaultKind::Unexpected(c), 1);
                    State::Key
                }
                '{' | '[' => {
                    self.fault(FaultKind::KeyIsNoString, self.at, self.at + 1);
                    self.last = self.at;
                    self.missing();
                    State::Value
                }
                '0'..='9' | '-' | '+' => {
                    let start = self.at;
                    if c == '+' {
                        self.bare_value();
                    } else {
                        self.number();
                    }
                    self.fault(FaultKind::KeyIsNoString, start, self.last);
                    State::Colon
                }
                _ => {
                    if starts_bare(c) {
                        self.bare_key();
                    } else {
                        self.wrong_quotes(c);
                    }
                    State::Colon
                }
            },
            State::Value | State::Element | State::Document => {
                if starts_bare(c) {
                    self.bare_value();
                } else {
                    self.wrong_quotes(c);
                }
                State::After
            }
        }
    }

    /// The bracket `byte` closes nothing that is open here. Three things may have happened: it is the wrong one, the
    /// right one is missing before it, or it is one too many. What follows it tells which.
    fn wrong_bracket(&mut self, byte: u8, state: State) -> State {
        let Some(top) = self.nodes.get(self.top as usize).copied() else {
            self.pass(FaultKind::StrayBracket, 1);
            return state;
        };
        if self.comma != NONE {
            self.trailing_comma();
            self.comma = NONE;
        }
        let kind = if byte == b'}' { Kind::Object } else { Kind::Array };
        let parent = self.nodes.get(top.next as usize).copied();
        let beyond = parent.and_then(|parent| self.nodes.get(parent.next as usize));
        let behind = self.at + 1;
        let missing = parent.is_some_and(|parent| parent.kind == kind);
        if self.fits(parent.map(|node| node.kind), behind) {
            self.replace_bracket(top);
        } else if missing && self.fits(beyond.map(|node| node.kind), behind) {
            self.insert_bracket(top);
        } else if self.fits(Some(top.kind), behind) {
            self.pass(FaultKind::StrayBracket, 1);
        } else if missing {
            self.insert_bracket(top);
        } else {
            self.replace_bracket(top);
        }
        State::After
    }

    fn replace_bracket(&mut self, top: Node) {
        let expected = if top.kind == Kind::Object { '}' } else { ']' };
        self.pass(FaultKind::WrongBracket { expected }, 1);
        self.end_bracket();
    }

    fn insert_bracket(&mut self, top: Node) {
        let start = top.start as usize;
        self.fault(unclosed(top.kind), start, start + 1);
        self.end_bracket();
        self.close();
    }

    /// Whether the text from `at` on may stand behind an element of a `kind`, or behind the document.
    fn fits(&self, kind: Option<Kind>, at: usize) -> bool {
        let (at, next) = self.look(at);
        let Some(kind) = kind else { return next.is_none() };
        let is_object = kind == Kind::Object;
        match next {
            Some('}') => is_object,
            Some(']') => !is_object,
            Some(',') => match self.look(at + 1) {
                (at, Some('"')) => is_object == self.is_key(at),
                (_, Some('}')) => is_object,
                (_, Some(']' | '{' | '[')) => !is_object,
                (_, next) => next.is_some(),
            },
            _ => false,
        }
    }

    /// Whether the string at `at` has a colon behind it.
    fn is_key(&self, at: usize) -> bool {
        let mut end = at + 1;
        while end < at + KEY {
            end = super::scan::scan(self.bytes, end);
            match self.bytes.get(end) {
                Some(b'"') => return self.look(end + 1).1 == Some(':'),
                Some(b'\\') => end += 2,
                _ => return false,
            }
        }
        false
    }

    /// The text ends in `state`.
    pub(super) fn finish(&mut self, state: State) {
        if matches!(state, State::Colon | State::Value) {
            self.missing();
        }
        for depth in 0.. {
            let Some(top) = self.nodes.get(self.top as usize).copied() else { break };
            if depth < MAX_UNCLOSED {
                self.fault(unclosed(top.kind), top.start as usize, top.start as usize + 1);
            }
            self.end_bracket();
        }
        if self.roots.is_empty() {
            self.fault(FaultKind::Empty, 0, 0);
        } else if self.roots.len() > 1 && !self.is_one_per_line() {
            self.second_documents();
        }
        if !self.faults.is_empty() {
            self.faults.sort_by_key(|fault| fault.at.start);
        }
    }

    /// Whether each of several documents has a line of its own.
    fn is_one_per_line(&self) -> bool {
        let mut last = 0;
        self.roots.iter().enumerate().all(|(index, root)| {
            let Some(node) = self.nodes.get(*root as usize) else { return false };
            let has_line_end = |from: u32, to: u32| Local::new(from, to).of(self.text).contains('\n');
            let before = std::mem::replace(&mut last, node.end);
            (index == 0 || has_line_end(before, node.start)) && !has_line_end(node.start, node.end)
        })
    }

    /// Report every document but the first. Words that are no value have their own fault already.
    fn second_documents(&mut self) {
        let roots = std::mem::take(&mut self.roots);
        let documents = roots.iter().filter_map(|root| self.nodes.get(*root as usize).copied());
        let documents: Vec<_> = documents.filter(|node| node.kind != Kind::Missing).skip(1).take(1_000).collect();
        for node in documents {
            let start = node.start as usize;
            self.fault(FaultKind::SecondDocument, start, start + self.char_at(start).len_utf8());
        }
        self.roots = roots;
    }
}

fn unclosed(kind: Kind) -> FaultKind {
    if kind == Kind::Object { FaultKind::UnclosedObject } else { FaultKind::UnclosedArray }
}
