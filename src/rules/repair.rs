//! What to write instead: narrowed resources and split statements, as text for help lines.

use std::collections::BTreeMap;

use super::analysis::Analysis;
use super::encoding::encoded;
use crate::catalog::{ActionSet, Role};
use crate::policy::{Base, Operator, Place, Quantifier, Resource};
use crate::semantics::reading::Reading;
use crate::semantics::scope::Scope;
use crate::text::Span;

/// A path as the policy would name it: a resource, or what an upload form asks of its fields.
pub(super) fn spelled(cx: &Analysis<'_, '_>, place: &Place<'_>, path: &str) -> String {
    if !cx.is_post() {
        return cx.dialect().spell_resource(place, path);
    }
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    let key = match key.strip_suffix('*') {
        Some(start) => field_test("starts-with", "key", start),
        None => field_test("eq", "key", key),
    };
    if place.slash().is_some() { key } else { format!("{{\"bucket\": {}}}` and `{key}", json_string(bucket)) }
}

/// A test of a field of an upload form.
fn field_test(operator: &str, field: &str, value: &str) -> String {
    format!("[\"{operator}\", \"${field}\", {}]", json_string(value))
}

/// A text as JSON has it, quotes included.
pub(super) fn json_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    if text.bytes().all(|byte| byte >= 0x20 && !matches!(byte, b'"' | b'\\')) {
        out.push_str(text);
        out.push('"');
        return out;
    }
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\0'..='\u{1F}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A test of the form field that has this role, as a form's policy asks it.
pub(super) fn form_test(cx: &Analysis<'_, '_>, role: Role) -> Option<String> {
    let name = &cx.catalog().form_fields().iter().find(|field| field.role == Some(role))?.name;
    Some(match role {
        Role::BodyLength => format!("[\"{name}\", 1, 1048576]"),
        Role::BodyType => field_test("starts-with", name, "image/"),
        _ => format!("{{\"{name}\": \"private\"}}"),
    })
}

/// The keys of who gets the key, where nothing tells which they are.
const KEYS: &str = "<Username>/*";

/// The folders that the allows of a policy name, by what stands before their keys: the first of each statement, by its place
/// among the readings, and the first of all.
#[derive(Debug)]
pub(super) struct Folders<'a> {
    of: BTreeMap<(usize, &'a str), String>,
    first: BTreeMap<&'a str, String>,
}

impl<'a> Folders<'a> {
    /// Look at every resource of every allow once.
    pub(super) fn new(cx: &Analysis<'a, '_>) -> Self {
        let mut folders = Self { of: BTreeMap::new(), first: BTreeMap::new() };
        for (at, reading) in cx.readings().iter().enumerate().filter(|(_, reading)| reading.statement.allows()) {
            for (resource, scoped) in reading.resources() {
                let place: Option<&'a Place<'_>> = resource.place();
                let Some((place, bucket)) = place.and_then(|place| Some((place, bucket_of(cx, place)?))) else {
                    continue;
                };
                if folders.of.contains_key(&(at, bucket)) {
                    continue;
                }
                let Some(folder) = folder_of(cx, place, scoped.scope) else { continue };
                folders.first.entry(bucket).or_insert_with(|| folder.clone());
                folders.of.insert((at, bucket), folder);
            }
        }
        folders
    }

    /// The keys of a bucket for which a policy is: a folder that an allow of it names, the statement's own before others; else
    /// those of one user. O(log n).
    fn own_keys(&self, statement: Option<usize>, bucket: &str) -> String {
        let own = statement.and_then(|at| self.of.get(&(at, bucket)));
        own.or_else(|| self.first.get(bucket)).map_or_else(|| KEYS.to_owned(), Clone::clone)
    }
}

/// What stands before the keys of a place, without the slash between them.
fn bucket_of<'p>(cx: &Analysis<'_, '_>, place: &'p Place<'_>) -> Option<&'p str> {
    let from = cx.dialect().keys_from(place)? as usize;
    place.path.text().get(..from.checked_sub(1)?)
}

/// The folder in which all keys of a place lie.
fn folder_of(cx: &Analysis<'_, '_>, place: &Place<'_>, scope: Scope) -> Option<String> {
    let from = cx.dialect().keys_from(place)? as usize;
    let key = place.path.text().get(from..).filter(|key| !key.is_empty())?;
    let head = match place.path.first_open() {
        Some(wild) => key.get(..(wild.start as usize).checked_sub(from)?)?,
        None => key,
    };
    if scope == Scope::Unclosed {
        return Some(format!("{head}/*"));
    }
    head.rsplit_once('/').map(|(folder, _)| format!("{folder}/*"))
}

/// A folder where the keys of the resource are, or in a bucket of one's own where none is named.
pub(super) fn folder(cx: &Analysis<'_, '_>, resource: &Resource<'_>) -> String {
    let Some(place) = resource.place() else { return cx.dialect().spell_sample(KEYS) };
    let bucket = match bucket_of(cx, place) {
        // Several of what keys are reached through, none of them a bucket.
        None if place.slash().is_some() => return cx.dialect().spell_sample(KEYS),
        None => place.bucket(),
        Some(bucket) => bucket,
    };
    if place.path.first_open().is_none_or(|open| open.start as usize >= bucket.len()) {
        spelled(cx, place, &format!("{bucket}/{KEYS}"))
    } else if !place.region.text().is_empty() && !place.account.text().is_empty() {
        spelled(cx, place, &format!("{}/{KEYS}", cx.dialect().words().bucket_hole))
    } else {
        cx.dialect().spell_sample(KEYS)
    }
}

/// An operator that compares as `base` does, as the provider's documents write it.
pub(super) fn operator(cx: &Analysis<'_, '_>, base: Base) -> String {
    let (text, span) = ("".into(), Span::default());
    let plain = Operator { text, span, base, negated: false, if_exists: false, quantifier: Quantifier::One };
    cx.dialect().spell_operator(&plain, base)
}

/// Whether a test of an equality cannot be written so that a request without the key passes it.
pub(super) fn asks_for_key(cx: &Analysis<'_, '_>) -> bool {
    let spelled = |if_exists| {
        let (text, span, base) = ("".into(), Span::default(), Base::StringEqual);
        let operator = Operator { text, span, base, negated: false, if_exists, quantifier: Quantifier::One };
        cx.dialect().spell_operator(&operator, base)
    };
    spelled(true) == spelled(false)
}

/// Uploads held by a condition that fails without its key: with those alone that carry it, the others of their statement are
/// never granted.
pub(super) fn upload_apart(
    cx: &Analysis<'_, '_>,
    reading: &Reading<'_, '_>,
    upload: ActionSet,
    condition: &str,
) -> String {
    let own = reading.statement;
    let is_plain = own.conditions.is_empty()
        && own.principals.as_ref().is_none_or(|principals| principals.is_sdk_habit)
        && !own.resources.negated
        && !own.resources.patterns.is_empty();
    if !is_plain {
        return format!(
            "put {} into a statement of its own, with what else this one says and a condition such as `{condition}`",
            cx.names(upload, 3)
        );
    }
    let actions: Vec<String> = upload.iter().map(|id| cx.dialect().spell_action(cx.catalog().name(id))).collect();
    let resources: Vec<String> = own.resources.patterns.iter().map(|one| one.text.trim().to_owned()).collect();
    let statement = statement_where(cx, &actions, &resources, Some(condition));
    format!("put the upload into a statement of its own:\n{statement}")
}

/// A listing held to one prefix, one of those that the policy names.
pub(super) enum Narrowed {
    /// By this condition, where a bucket is listed.
    ByCondition(String),
    /// By this resource, where a prefix is, or by a condition like this one as well.
    ByResource {
        /// The resource.
        resource: String,
        /// The condition.
        condition: String,
    },
}

impl Narrowed {
    /// The listings that a statement allows on a bucket.
    pub(super) fn of(cx: &Analysis<'_, '_>, reading: &Reading<'_, '_>, resource: &Resource<'_>) -> Self {
        let bucket = resource.place().map_or("", |place| bucket_of(cx, place).unwrap_or(place.bucket()));
        let keys = cx.folders().own_keys(cx.position_of(reading), bucket);
        let key = cx.catalog().key_of_role(Role::ListPrefix);
        let (prefix, operator) = (key.map_or("", |key| key.name.as_str()), operator(cx, Base::StringLike));
        let value = if key.is_some_and(|key| key.encoded) { encoded(&keys) } else { keys.clone() };
        let condition = format!("{{\"{operator}\": {{\"{prefix}\": {}}}}}", json_string(&value));
        if cx.catalog().buckets_apart() {
            return Self::ByCondition(condition);
        }
        let resource = match resource.place() {
            Some(place) => spelled(cx, place, &format!("{bucket}/{keys}")),
            None => folder(cx, resource),
        };
        Self::ByResource { resource, condition }
    }

    /// A statement of its own for these listings of a bucket.
    pub(super) fn statement(&self, cx: &Analysis<'_, '_>, listed: ActionSet, bucket: &Resource<'_>) -> String {
        let actions: Vec<String> = listed.iter().map(|id| cx.dialect().spell_action(cx.catalog().name(id))).collect();
        match self {
            Self::ByCondition(condition) => {
                statement_where(cx, &actions, &[bucket.text.trim().to_owned()], Some(condition))
            }
            Self::ByResource { resource, .. } => statement(cx, &actions, std::slice::from_ref(resource)),
        }
    }
}

/// The most actions or resources that a suggested statement writes out.
const MOST: usize = 20;

/// A statement as text, one line for each element.
pub(super) fn statement(cx: &Analysis<'_, '_>, actions: &[String], resources: &[String]) -> String {
    statement_where(cx, actions, resources, None)
}

/// The same with a condition.
fn statement_where(cx: &Analysis<'_, '_>, actions: &[String], resources: &[String], condition: Option<&str>) -> String {
    let [effect, allow, action, resource] = cx.dialect().words().statement;
    let bytes = |items: &[String]| items.iter().take(MOST).map(|item| item.len() + 4).sum::<usize>() + 16;
    let mut text = String::with_capacity(bytes(actions) + bytes(resources) + 64);
    let list = |text: &mut String, items: &[String]| {
        for (index, item) in items.iter().take(MOST).enumerate() {
            text.push_str(if index == 0 { "" } else { ", " });
            text.push_str(&json_string(item));
        }
        if items.len() > MOST {
            text.push_str(&format!(", and {} more", items.len() - MOST));
        }
    };
    text.push_str(&format!("{{\"{effect}\": \"{allow}\",\n \"{action}\": ["));
    list(&mut text, actions);
    text.push_str(&format!("],\n \"{resource}\": ["));
    list(&mut text, resources);
    text.push(']');
    if let Some(condition) = condition {
        text.push_str(&format!(",\n \"{}\": {condition}", cx.dialect().words().condition_element));
    }
    text.push('}');
    text
}
