//! What an object of a document is, told by its keys: a policy, a statement, an SDK's settings, the policy of an upload form.

use super::post::is_test;
use super::subject::{Subject, action, resource, subjects};
use crate::catalog::nearest;
use crate::syntax::{Kind, Member, Value};

/// What a candidate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A whole policy.
    Policy,
    /// A statement alone.
    Statement,
    /// The settings that an SDK makes a policy of.
    Settings,
    /// The policy of an upload form.
    Post,
}

/// What a value is, if it is a policy in one of its forms.
pub(super) fn form_of(value: Value<'_, '_>) -> Option<Form> {
    let mut count = 0;
    let (mut version, mut statement, mut effect, mut part) = (None, None, false, false);
    let (mut bucket, mut setting, mut policy) = (false, false, false);
    let (mut expiration, mut conditions) = (false, None);
    for member in value.members() {
        count += 1;
        let name = member.name();
        match name.len() {
            6 if name.eq_ignore_ascii_case("effect") => effect = true,
            6 if name.eq_ignore_ascii_case("action") => part = true,
            8 if name.eq_ignore_ascii_case("resource") => part = true,
            9 if name.eq_ignore_ascii_case("principal") || name.eq_ignore_ascii_case("notaction") => part = true,
            7 if name.eq_ignore_ascii_case("version") => version = Some(member.value.kind()),
            10 if name.eq_ignore_ascii_case("expiration") => expiration = true,
            10 if name.eq_ignore_ascii_case("conditions") => conditions = Some(member.value.kind()),
            11 if name.eq_ignore_ascii_case("notresource") => part = true,
            12 if name.eq_ignore_ascii_case("notprincipal") => part = true,
            9 if name.eq_ignore_ascii_case("statement") => statement = Some(member.value.kind()),
            6 if name.eq_ignore_ascii_case("bucket") => bucket = true,
            6 if name.eq_ignore_ascii_case("policy") => {
                policy |= !matches!(member.value.kind(), Kind::Null | Kind::Missing);
            }
            _ => setting |= name.len() >= 11 && is_setting(&name),
        }
    }
    match statement {
        Some(Kind::Object | Kind::Array) => Some(Form::Policy),
        Some(_) if version.is_some() => Some(Form::Policy),
        // A number is no version of a policy.
        None if version == Some(Kind::String) && (count == 1 || misspells_statements(value)) => Some(Form::Policy),
        _ if effect && part && !is_of_application(value) => Some(Form::Statement),
        _ if bucket && setting && !policy => Some(Form::Settings),
        _ if conditions.is_some() && expiration => Some(Form::Post),
        _ if conditions == Some(Kind::Array) && holds_tests(value) => Some(Form::Post),
        _ => None,
    }
}

/// Whether an object has its statements under a name that is nearly `statement`, which no provider reads.
fn misspells_statements(value: Value<'_, '_>) -> bool {
    let is_near = |name: &str| name.len().abs_diff("statement".len()) <= 2 && nearest(name, ["statement"], 2).is_some();
    let is_statement = |object: Value<'_, '_>| {
        let has = |name: &str| object.members().any(|member| member.is_named_in_any_case(name));
        has("effect") && (has("action") || has("notaction"))
    };
    value.members().any(|member| {
        (is_statement(member.value) || member.value.elements().any(is_statement)) && is_near(&member.name())
    })
}

/// What an object is, wherever it stands: its statements say what they do, or it is an SDK's settings.
pub(super) fn sure_form_of(value: Value<'_, '_>) -> Option<Form> {
    let has = |object: Value<'_, '_>, names: &[&str]| {
        object.members().any(|member| names.iter().any(|name| member.name().eq_ignore_ascii_case(name)))
    };
    // With lists of these names it is a statement of another tool, which has no such effect of its own.
    let has_lists = |object: Value<'_, '_>| has(object, &["actions", "not_actions"]);
    let is_statement =
        |object: Value<'_, '_>| has(object, &["notaction", "action"]) || has(object, &["effect"]) && !has_lists(object);
    let mut statements = value.members().filter(|member| member.name().eq_ignore_ascii_case("statement"));
    if statements.any(|member| is_statement(member.value) || member.value.elements().any(is_statement)) {
        return Some(Form::Policy);
    }
    form_of(value).filter(|form| {
        *form == Form::Settings
            || (*form == Form::Policy && misspells_statements(value))
            || (*form == Form::Post && holds_tests(value))
            || (*form == Form::Statement
                && has(value, &["resource", "notresource"])
                && has(value, &["action", "notaction"]))
    })
}

/// Whether the words of a statement are an application's own, so that it is none of a provider's: nothing in it names a
/// service, and its actions are not even nearly a provider's. The first other word decides.
fn is_of_application(value: Value<'_, '_>) -> bool {
    let mut has_action = false;
    let is_own = |member: Member<'_, '_>| match &*member.name().to_ascii_lowercase() {
        "action" => subjects(member.value, action).all(|subject| {
            has_action = true;
            subject == Subject::Application
        }),
        "resource" => subjects(member.value, resource).all(|subject| subject != Subject::Known),
        "notaction" | "notresource" => false,
        "principal" | "notprincipal" | "condition" => member.value.kind() != Kind::Object,
        _ => true,
    };
    value.members().all(is_own) && has_action
}

/// Whether an object has what only statements have, and was probably meant as one. One plain word is what applications call
/// their actions too.
pub(super) fn looks_like_statement(value: Value<'_, '_>) -> bool {
    let is_plain = |value: Value<'_, '_>| {
        value.string().is_some_and(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase()))
    };
    let has_effect = || value.members().any(|member| member.name().eq_ignore_ascii_case("effect"));
    value.members().any(|member| {
        let name = member.name();
        let is_one = ["notaction", "resource", "notresource", "statement", "statements", "expiration", "conditions"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known));
        is_one || name.eq_ignore_ascii_case("action") && (!is_plain(member.value) || has_effect())
    })
}

/// Whether some condition of an object is one that only the policies of upload forms have.
fn holds_tests(value: Value<'_, '_>) -> bool {
    let conditions = value.members().filter(|member| member.name().eq_ignore_ascii_case("conditions"));
    let names_target = |test: Value<'_, '_>| test.members().any(|member| matches!(&*member.name(), "bucket" | "key"));
    conditions.flat_map(|member| member.value.elements()).any(|test| is_test(test) || names_target(test))
}

/// Whether a key is one of an SDK's settings that say what a key may do.
fn is_setting(name: &str) -> bool {
    ["allowprefix", "allowprefixes", "allowactions"].iter().any(|setting| is_spelt(name, setting))
}

/// Whether a document holds a policy under this key.
pub(super) fn is_wrapper(name: &str) -> bool {
    ["policy", "policydocument", "strategyinfo"].iter().any(|wrapper| is_spelt(name, wrapper))
}

/// Whether a key is a word of small letters; SDKs and tools differ in letter case and underscores.
pub(super) fn is_spelt(name: &str, word: &str) -> bool {
    name.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase()).eq(word.bytes())
}

/// Whether nothing stands in a value.
pub(super) fn is_blank(value: Value<'_, '_>) -> bool {
    match value.kind() {
        Kind::Null | Kind::Missing => true,
        Kind::String => value.string().is_none_or(|text| text.trim().is_empty()),
        Kind::Object => value.members().next().is_none(),
        Kind::Array => value.elements().next().is_none(),
        _ => false,
    }
}

/// Whether a key of an object, read as [`is_spelt`] reads it, begins with one of some words of small letters, or may: most
/// objects have no such key, and are not looked at any closer.
pub(super) fn has_key_like(object: Value<'_, '_>, beginnings: &[&str]) -> bool {
    object.members().any(|member| {
        let raw = member.key.content().of(object.tree().text());
        let letters = || raw.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase());
        let begins = |beginning: &&str| letters().take(beginning.len()).eq(beginning.bytes());
        member.key.is_escaped() || beginnings.iter().any(begins)
    })
}
