//! Where the policies in a document are.
//!
//! A document may be a policy, a single statement, a list of them, the settings of an SDK, or an object that holds a
//! policy under one of a few names, as an object or as a string in which it is escaped once more. Recognition looks
//! at the content, never at the file's name.

use super::Dialect;
use crate::syntax::{Kind, Tree, Value, embed_json_string, embed_url_decoded, parse, pointer};
use crate::text::{Fragment, Local, Span};

/// Names under which a document holds a policy.
const WRAPPERS: [&str; 6] = ["policy", "Policy", "PolicyDocument", "policyDocument", "policy_document", "strategyInfo"];

/// Strings in strings are followed this deep.
const DEPTH: u32 = 4;

/// A part of a document that is a policy, and how it came there.
#[derive(Debug, Clone)]
pub struct Candidate<'t, 's> {
    /// The value.
    pub value: Value<'t, 's>,
    /// What it is.
    pub form: Form,
    /// The request for a temporary key that it is part of.
    pub request: Option<StsRequest>,
    /// JSON pointer to it within its document; strings that hold JSON are passed through as if they were objects.
    pub pointer: String,
    /// Its document's number, when the text holds several.
    pub document: Option<u32>,
}

/// A request for a temporary key, as far as a policy needs to know.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StsRequest {
    /// The duration asked for in seconds, and its bytes.
    pub duration: Option<(f64, Span)>,
    /// A role is assumed.
    pub assumes_role: bool,
}

/// What a candidate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A whole policy.
    Policy,
    /// A statement alone.
    Statement,
    /// The settings that an SDK makes a policy of.
    Settings,
}

/// Takes what [`find`] finds.
pub trait Visitor {
    /// A text was parsed: the document, or a string that holds one. `is_embedded` tells which.
    fn text(&mut self, fragment: &Fragment<'_>, tree: &Tree<'_>, is_embedded: bool);

    /// A policy was found.
    fn policy(&mut self, dialect: &'static dyn Dialect, fragment: &Fragment<'_>, candidate: &Candidate<'_, '_>);
}

/// Find the policies in a parsed document, in order of place.
pub fn find(fragment: &Fragment<'_>, tree: &Tree<'_>, visitor: &mut dyn Visitor) {
    visitor.text(fragment, tree, false);
    let several = tree.roots().len() > 1;
    for (number, root) in tree.roots().enumerate() {
        let place = Place { document: several.then_some(number as u32), ..Place::default() };
        let mut counter = Counter { visitor, found: 0 };
        search(fragment, root, place.clone(), &mut counter);
        if counter.found == 0 {
            search_everywhere(fragment, root, &place, visitor);
        }
    }
}

/// Counts the policies on their way to the visitor.
struct Counter<'v> {
    visitor: &'v mut dyn Visitor,
    found: usize,
}

impl Visitor for Counter<'_> {
    fn text(&mut self, fragment: &Fragment<'_>, tree: &Tree<'_>, is_embedded: bool) {
        self.visitor.text(fragment, tree, is_embedded);
    }

    fn policy(&mut self, dialect: &'static dyn Dialect, fragment: &Fragment<'_>, candidate: &Candidate<'_, '_>) {
        self.found += 1;
        self.visitor.policy(dialect, fragment, candidate);
    }
}

/// Look for policies under any name, at any depth: objects with statements that have an effect, and strings that hold
/// one. Only for documents in which nothing was found where policies usually are, so that none is passed over.
fn search_everywhere(fragment: &Fragment<'_>, root: Value<'_, '_>, place: &Place, visitor: &mut dyn Visitor) {
    let tree = root.tree();
    let end = tree.nodes().get(root.index() as usize).map_or(0, |node| node.next);
    let mut index = root.index();
    while index < end {
        let Some((node, value)) = tree.nodes().get(index as usize).zip(tree.value(index)) else { return };
        index += 1;
        let within = |outer: Local| outer.start <= value.local().start && value.local().end <= outer.end;
        let pointer = || format!("{}{}", place.pointer, pointer(root, within).unwrap_or_default());
        match node.kind {
            Kind::Object if has_effects(value) => {
                let (form, document) = (Form::Policy, place.document);
                let candidate = Candidate { value, form, request: place.request, pointer: pointer(), document };
                visitor.policy(super::cos(), fragment, &candidate);
                index = node.next;
            }
            Kind::String if node.end - node.start > 40 && value.raw().to_ascii_lowercase().contains("statement") => {
                search_string(fragment, value, &Place { pointer: pointer(), ..place.clone() }, visitor);
            }
            _ => {}
        }
    }
}

/// Whether an object has a statement with an effect, so that it is a policy wherever it stands.
fn has_effects(value: Value<'_, '_>) -> bool {
    let named =
        |object: Value<'_, '_>, name: &str| object.members().any(|member| member.name().eq_ignore_ascii_case(name));
    value.members().filter(|member| member.name().eq_ignore_ascii_case("statement")).any(|member| {
        named(member.value, "effect") || member.value.elements().any(|statement| named(statement, "effect"))
    })
}

/// How a value was reached.
#[derive(Debug, Clone, Default)]
struct Place {
    pointer: String,
    request: Option<StsRequest>,
    document: Option<u32>,
    depth: u32,
}

impl Place {
    fn below(&self, name: &dyn std::fmt::Display) -> Self {
        Self { pointer: format!("{}/{name}", self.pointer), depth: self.depth + 1, ..*self }
    }
}

fn search(fragment: &Fragment<'_>, value: Value<'_, '_>, place: Place, visitor: &mut dyn Visitor) {
    if let Some(form) = form_of(value) {
        let Place { pointer, request, document, .. } = place;
        visitor.policy(super::cos(), fragment, &Candidate { value, form, request, pointer, document });
        return;
    }
    if place.depth >= DEPTH {
        return;
    }
    for (index, element) in value.elements().enumerate() {
        if matches!(element.kind(), Kind::Object) {
            search(fragment, element, place.below(&index), visitor);
        }
    }
    let request = request_of(fragment, value).or(place.request);
    for member in value.members() {
        let Some(name) = WRAPPERS.iter().find(|name| member.is_named(name)) else { continue };
        let inner = Place { request, ..place.below(name) };
        match member.value.kind() {
            Kind::Object | Kind::Array => search(fragment, member.value, inner, visitor),
            Kind::String => search_string(fragment, member.value, &inner, visitor),
            _ => {}
        }
    }
}

/// Search a string that may hold a document, escaped or URL-encoded.
fn search_string(fragment: &Fragment<'_>, value: Value<'_, '_>, place: &Place, visitor: &mut dyn Visitor) {
    let Some(text) = value.string() else { return };
    let start = text.trim_start();
    let is_encoded = start.starts_with("%7B") || start.starts_with("%7b");
    if !start.starts_with('{') && !is_encoded {
        return;
    }
    let Some(mut inner) = embed_json_string(fragment, value) else { return };
    if is_encoded {
        let Some(decoded) = embed_url_decoded(&inner, Local::new(0, inner.text().len() as u32)) else { return };
        inner = decoded;
    }
    let tree = parse(inner.text());
    visitor.text(&inner, &tree, true);
    for root in tree.roots() {
        search(&inner, root, place.clone(), visitor);
    }
}

/// The request that an object is, if it is one: `Policy` beside a duration, a name or a role.
fn request_of(fragment: &Fragment<'_>, value: Value<'_, '_>) -> Option<StsRequest> {
    let mut request = StsRequest { duration: None, assumes_role: false };
    let (mut holds_policy, mut is_request) = (false, false);
    for member in value.members() {
        match &*member.name() {
            "Policy" | "policy" => holds_policy = true,
            "DurationSeconds" | "durationSeconds" | "duration_seconds" => {
                is_request = true;
                let text = member.value.string();
                let seconds = member.value.number().or_else(|| text.and_then(|text| text.trim().parse().ok()));
                request.duration = seconds.map(|seconds| (seconds, fragment.locate(member.value.local())));
            }
            "Name" | "name" => is_request = true,
            "RoleArn" | "RoleSessionName" | "roleArn" => {
                is_request = true;
                request.assumes_role = true;
            }
            _ => {}
        }
    }
    (holds_policy && is_request).then_some(request)
}

/// What a value is, if it is a policy in one of its forms.
fn form_of(value: Value<'_, '_>) -> Option<Form> {
    let mut count = 0;
    let (mut version, mut statement, mut effect, mut part) = (false, None, false, false);
    let (mut bucket, mut setting, mut policy) = (false, false, false);
    for member in value.members() {
        count += 1;
        let name = member.name();
        match name.len() {
            6 if name.eq_ignore_ascii_case("effect") => effect = true,
            6 if name.eq_ignore_ascii_case("action") => part = true,
            8 if name.eq_ignore_ascii_case("resource") => part = true,
            9 if name.eq_ignore_ascii_case("principal") || name.eq_ignore_ascii_case("notaction") => part = true,
            7 if name.eq_ignore_ascii_case("version") => version = true,
            9 if name.eq_ignore_ascii_case("statement") => statement = Some(member.value.kind()),
            6 if name == "bucket" || name == "policy" => {
                bucket |= name == "bucket";
                policy |= name == "policy";
            }
            _ => setting |= is_setting(&name),
        }
    }
    match statement {
        Some(Kind::Object | Kind::Array) => Some(Form::Policy),
        Some(_) if version => Some(Form::Policy),
        None if version && count == 1 => Some(Form::Policy),
        _ if effect && part => Some(Form::Statement),
        _ if bucket && setting && !policy => Some(Form::Settings),
        _ => None,
    }
}

fn is_setting(name: &str) -> bool {
    matches!(
        name,
        "allowPrefix"
            | "allowPrefixes"
            | "allowActions"
            | "allow_prefix"
            | "allow_prefixes"
            | "allow_actions"
            | "AllowPrefix"
            | "AllowActions"
    )
}
