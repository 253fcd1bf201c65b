//! Whether an object grants something in a form that is none of those that are read.
//!
//! Statements of other tools (`actions` beside `resources`), statements that lack an element, the list of scopes from which
//! an SDK makes a policy, and its settings without a bucket. Applications have actions and resources of their own, so the
//! words of a provider decide whether one of them counts for itself, or only beside a policy.

use super::form::{has_key_like, is_blank, is_spelt, is_wrapper, sure_form_of};
use crate::catalog::{Word, vocabulary};
use crate::syntax::{Kind, Value};

/// How plainly something is a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grant {
    /// It would be one in a document that holds a policy.
    BesidePolicy,
    /// It is one wherever it stands.
    Plain,
}

/// The grants that an object is or holds as its statements: the values and how plain they are.
pub(super) fn grants<'t, 's>(object: Value<'t, 's>) -> impl Iterator<Item = (Value<'t, 's>, Grant)> {
    let object = Some(object).filter(|object| has_key_like(*object, &["act", "not", "all", "eff", "sta"]));
    object.into_iter().flat_map(grants_of)
}

fn grants_of<'t, 's>(object: Value<'t, 's>) -> impl Iterator<Item = (Value<'t, 's>, Grant)> {
    let lists = object.members().filter(|member| {
        let name = member.name();
        is_spelt(&name, "statement") || is_spelt(&name, "statements")
    });
    let statements = lists.flat_map(|list| {
        let alone = (list.value.kind() == Kind::Object).then_some(list.value);
        list.value.elements().chain(alone)
    });
    // One that has all that it needs is read where it stands.
    let unread = statements.filter(|statement| sure_form_of(*statement).is_none());
    let inner = unread.filter_map(|statement| Some((statement, Parts::of(statement).statement(true)?)));
    let parts = Parts::of(object);
    let own = parts.statement(false).max(parts.scope()).max(parts.settings());
    inner.chain(own.map(|grant| (object, grant)))
}

/// What an object has of what grants are made of.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an element that is there or is not")]
struct Parts {
    has_effect: bool,
    is_negated: bool,
    actions: Words,
    resources: Words,
    has_bucket: bool,
    has_prefix: bool,
    allowed_actions: Words,
    has_allowed_prefix: bool,
    has_policy: bool,
}

/// What the words of an element speak of.
#[derive(Debug, Default)]
struct Words {
    /// The element is there, whatever it holds.
    is_there: bool,
    /// A bit for each [`Meaning`].
    seen: u8,
}

impl Parts {
    fn of(object: Value<'_, '_>) -> Self {
        let mut parts = Self::default();
        for member in object.members() {
            let (name, value) = (member.name(), member.value);
            let is = |word: &str| is_spelt(&name, word);
            match name.bytes().find(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase()) {
                Some(b'e') if is("effect") => {
                    let effect = value.string().unwrap_or_default();
                    parts.has_effect |= ["allow", "deny"].iter().any(|word| effect.trim().eq_ignore_ascii_case(word));
                }
                Some(b'a') if is("action") || is("actions") => parts.actions.add(value, action),
                Some(b'a') if is("allowactions") => parts.allowed_actions.add(value, action),
                Some(b'a') if is("allowprefix") || is("allowprefixes") => parts.has_allowed_prefix |= holds_text(value),
                Some(b'n') if is("notaction") || is("notactions") => {
                    parts.is_negated = true;
                    parts.actions.add(value, action);
                }
                Some(b'n') if is("notresource") || is("notresources") => parts.resources.add(value, resource),
                Some(b'r') if is("resource") || is("resources") => parts.resources.add(value, resource),
                Some(b'b') if is("bucket") => parts.has_bucket |= holds_text(value),
                Some(b'p') if is("prefix") => parts.has_prefix |= holds_text(value),
                _ if is_wrapper(&name) => parts.has_policy |= !is_blank(value),
                _ => {}
            }
        }
        parts
    }

    /// A statement, perhaps in a list of statements.
    fn statement(&self, is_in_list: bool) -> Option<Grant> {
        let Self { has_effect, is_negated, ref actions, ref resources, .. } = *self;
        // All but the actions of another service are everything here.
        let is_of_others = actions.are_only(Meaning::Other) && !is_negated;
        let everything = actions.have(Meaning::All);
        let is_known =
            actions.have(Meaning::Known) || is_negated || everything && (resources.have(Meaning::Known) || is_in_list);
        let is_one = if actions.is_there && resources.is_there {
            has_effect || is_in_list || is_known || everything && resources.have(Meaning::All)
        } else {
            has_effect && (actions.is_there || resources.have(Meaning::Known) || resources.have(Meaning::All))
        };
        let is_plain = is_known && (has_effect || is_in_list);
        (is_one && !is_of_others).then_some(if is_plain { Grant::Plain } else { Grant::BesidePolicy })
    }

    /// A member of the list from which the SDK for Node.js makes a policy.
    fn scope(&self) -> Option<Grant> {
        let is_known = self.actions.have(Meaning::Known);
        let is_one = (is_known || self.actions.have(Meaning::All)) && self.has_bucket && self.has_prefix;
        is_one.then_some(if is_known { Grant::Plain } else { Grant::BesidePolicy })
    }

    /// An SDK's settings without a bucket, or with a policy that is none.
    fn settings(&self) -> Option<Grant> {
        if self.has_policy || !self.allowed_actions.is_there {
            return None;
        }
        match (self.has_allowed_prefix, self.allowed_actions.have(Meaning::Known)) {
            (true, _) => Some(Grant::Plain),
            (false, true) => Some(Grant::BesidePolicy),
            (false, false) => None,
        }
    }
}

impl Words {
    fn add(&mut self, value: Value<'_, '_>, read: fn(&str) -> Meaning) {
        self.is_there |= matches!(value.kind(), Kind::String | Kind::Array | Kind::Object);
        let alone = (value.kind() == Kind::String).then_some(value);
        for text in value.elements().chain(alone).filter_map(Value::string) {
            let meaning = if text.trim() == "*" { Meaning::All } else { read(text.trim()) };
            self.seen |= meaning.bit();
        }
    }

    fn have(&self, meaning: Meaning) -> bool {
        self.seen & meaning.bit() != 0
    }

    fn are_only(&self, meaning: Meaning) -> bool {
        self.seen == meaning.bit()
    }
}

/// What a word speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// A service that is judged here.
    Known,
    /// Everything.
    All,
    /// Another service.
    Other,
    /// It cannot be told.
    Open,
}

impl Meaning {
    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

fn action(text: &str) -> Meaning {
    let is_own = |word| vocabulary().place_of(word).is_some();
    match text.strip_prefix("name/").unwrap_or(text).split_once(':') {
        Some((service, _)) if is_own(Word::Service(service)) => Meaning::Known,
        Some((service, _)) if service.contains('*') => Meaning::All,
        Some((service, _)) if service.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') => {
            Meaning::Other
        }
        None if is_own(Word::Action(text)) => Meaning::Known,
        Some(_) | None => Meaning::Open,
    }
}

fn resource(text: &str) -> Meaning {
    if vocabulary().place_of(Word::Resource(text)).is_some() { Meaning::Known } else { Meaning::Open }
}

fn holds_text(value: Value<'_, '_>) -> bool {
    matches!(value.kind(), Kind::String | Kind::Array)
}
