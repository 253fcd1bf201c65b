//! Whether an object grants something in a form that is none of those that are read.
//!
//! Statements of other tools (`actions` beside `resources`), statements that lack an element, the list of scopes from which
//! an SDK makes a policy, and its settings without a bucket. Applications have actions and resources of their own, so the
//! words of a provider decide whether one of them counts for itself, or only beside a policy.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::flat::{has_paths, path_of};
use super::form::{has_key_like, is_blank, is_spelt, is_wrapper, sure_form_of};
use super::subject::{Subject, Subjects, action, are_of_others, constant, resource};
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
    let looks = has_key_like(object, &["act", "not", "all", "eff", "sta", "perm", "oper", "priv", "api"]);
    let nested = looks.then_some(object).into_iter().flat_map(grants_of);
    nested.chain(has_paths(object).then_some(object).into_iter().flat_map(flat_grants))
}

/// The statements whose elements are members of one object, the path to each in its key: `Statement.1.Action`.
fn flat_grants<'t, 's>(object: Value<'t, 's>) -> impl Iterator<Item = (Value<'t, 's>, Grant)> {
    let mut statements: BTreeMap<String, (Parts, Value<'t, 's>, bool)> = BTreeMap::new();
    for member in object.members() {
        let name = member.name();
        let Some(path) = path_of(&name) else { continue };
        let new = || (Parts::default(), member.value, path.is_in_list);
        let (parts, at, _) = statements.entry(path.statement).or_insert_with(new);
        let had_actions = parts.actions.is_there;
        parts.add(path.element, member.value);
        if parts.actions.is_there && !had_actions {
            *at = member.value;
        }
    }
    let told = |(parts, at, is_in_list): (Parts, Value<'t, 's>, bool)| {
        let is_record = !is_in_list && !parts.has_effect && !parts.is_negated && !parts.is_broad();
        Some((at, parts.statement(is_in_list).filter(|_| !is_record)?))
    };
    statements.into_values().filter_map(told)
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
    actions: Subjects,
    resources: Subjects,
    /// What has another name than actions and resources, and holds words as they do.
    permissions: Subjects,
    places: Subjects,
    has_bucket: bool,
    has_prefix: bool,
    allowed_actions: Subjects,
    has_allowed_prefix: bool,
    has_policy: bool,
}

/// What other tools call actions, and resources.
const LIKE_ACTIONS: [&str; 8] =
    ["permission", "permissions", "operation", "operations", "privilege", "privileges", "api", "apis"];
const LIKE_RESOURCES: [&str; 8] = ["arn", "arns", "path", "paths", "object", "objects", "target", "targets"];

impl Parts {
    fn of(object: Value<'_, '_>) -> Self {
        let mut parts = Self::default();
        for member in object.members() {
            parts.add(&member.name(), member.value);
        }
        parts
    }

    /// Add an element of this name.
    fn add(&mut self, name: &str, value: Value<'_, '_>) {
        let undashed = if name.contains('-') { Cow::Owned(name.replace('-', "_")) } else { Cow::Borrowed(name) };
        let name = &*undashed;
        let is = |word: &str| is_spelt(name, word);
        let is_one_of = |words: &[&str]| words.iter().any(|word| is(word));
        match name.bytes().find(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase()) {
            Some(b'e') if is("effect") => {
                let effect = constant(value).string().unwrap_or_default();
                self.has_effect |= ["allow", "deny"].iter().any(|word| effect.trim().eq_ignore_ascii_case(word));
            }
            Some(b'a') if is("action") || is("actions") => self.actions.add(value, action),
            Some(b'a') if is("allowactions") => self.allowed_actions.add(value, action),
            Some(b'a') if is("allowprefix") || is("allowprefixes") => self.has_allowed_prefix |= holds_text(value),
            // An empty list is what a plan has for what nobody wrote.
            Some(b'n') if is_blank(value) => {}
            Some(b'n') if is("notaction") || is("notactions") => {
                self.is_negated = true;
                self.actions.add(value, action);
            }
            Some(b'n') if is("notresource") || is("notresources") => self.resources.add(value, resource),
            Some(b'r') if is("resource") || is("resources") => self.resources.add(value, resource),
            Some(b'b') if is("bucket") => self.has_bucket |= holds_text(value),
            Some(b'p') if is("prefix") => self.has_prefix |= holds_text(value),
            Some(b'p' | b'o' | b'a') if is_one_of(&LIKE_ACTIONS) => self.permissions.add(value, action),
            Some(b'a' | b'p' | b'o' | b't') if is_one_of(&LIKE_RESOURCES) => self.places.add(value, resource),
            _ if is_wrapper(name) => self.has_policy |= !is_blank(value),
            _ => {}
        }
    }

    /// A statement, perhaps in a list of statements.
    fn statement(&self, is_in_list: bool) -> Option<Grant> {
        let Self { has_effect, is_negated, ref actions, ref resources, .. } = *self;
        // All but the actions of another service are everything here.
        let is_of_others = are_of_others(actions, resources, is_negated);
        let everything = actions.have(Subject::All);
        let is_known =
            actions.have(Subject::Known) || is_negated || everything && (resources.have(Subject::Known) || is_in_list);
        let is_one = if actions.is_there && resources.is_there {
            has_effect || is_in_list || is_known || everything && resources.have(Subject::All)
        } else {
            has_effect && (actions.is_there || resources.have(Subject::Known) || resources.have(Subject::All))
        };
        let is_plain = is_known && (has_effect || is_in_list);
        let told = (is_one && !is_of_others).then_some(if is_plain { Grant::Plain } else { Grant::BesidePolicy });
        told.max(self.permission())
    }

    /// Actions of storage beside resources of storage or all of them, whatever they are called. One action on one resource is
    /// what a log says of a request.
    fn permission(&self) -> Option<Grant> {
        let actions = [&self.actions, &self.permissions].into_iter().find(|words| words.have(Subject::Known))?;
        let is_wide = |words: &&Subjects| words.have(Subject::Known) || words.have(Subject::All);
        let resources = [&self.resources, &self.places].into_iter().find(is_wide)?;
        if !actions.are_broad() && !resources.are_broad() {
            return None;
        }
        Some(if actions.is_list && resources.is_list { Grant::Plain } else { Grant::BesidePolicy })
    }

    /// It speaks of more than one action on one resource.
    fn is_broad(&self) -> bool {
        [&self.actions, &self.resources, &self.permissions, &self.places].into_iter().any(Subjects::are_broad)
    }

    /// A member of the list from which the SDK for Node.js makes a policy.
    fn scope(&self) -> Option<Grant> {
        let is_known = self.actions.have(Subject::Known);
        let is_one = (is_known || self.actions.have(Subject::All)) && self.has_bucket && self.has_prefix;
        is_one.then_some(if is_known { Grant::Plain } else { Grant::BesidePolicy })
    }

    /// An SDK's settings without a bucket, or with a policy that is none.
    fn settings(&self) -> Option<Grant> {
        if self.has_policy || !self.allowed_actions.is_there {
            return None;
        }
        match (self.has_allowed_prefix, self.allowed_actions.have(Subject::Known)) {
            (true, _) => Some(Grant::Plain),
            (false, true) => Some(Grant::BesidePolicy),
            (false, false) => None,
        }
    }
}

fn holds_text(value: Value<'_, '_>) -> bool {
    matches!(value.kind(), Kind::String | Kind::Array)
}
