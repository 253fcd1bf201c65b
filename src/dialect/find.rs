//! Where the policies in a document are.
//!
//! A document may be a policy, a single statement, a list of them, the settings of an SDK, the policy of an upload form, or
//! an object that holds a policy under one of a few names, as an object or as a string in which it is escaped once more. Recognition looks
//! at the content, never at the file's name.

use super::Dialect;
use super::post::is_test;
use super::recognise::dialect_of;
use crate::syntax::{Kind, Tree, Value, embed_json_string, embed_url_decoded, parse, pointer};
use crate::text::{Fragment, Local, Span};

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
    /// The policy of an upload form.
    Post,
}

/// Takes what [`find`] finds.
pub trait Visitor {
    /// A text was parsed: the document, or a string that holds one. `is_embedded` tells which.
    fn text(&mut self, fragment: &Fragment<'_>, tree: &Tree<'_>, is_embedded: bool);

    /// A policy was found.
    fn policy(&mut self, dialect: &'static dyn Dialect, fragment: &Fragment<'_>, candidate: &Candidate<'_, '_>);

    /// A policy of this form was found, and its words do not tell whose language it is in.
    fn untold(&mut self, span: Span, form: Form);

    /// A part of the document was meant as a policy, as far as its neighbours tell, and could not be read as one.
    fn unread(&mut self, span: Span);
}

/// Find the policies in a parsed document, in order of place.
///
/// First where policies usually are: the document itself, the elements of a list, and a few names, down to a small
/// depth; there a bare statement is enough. Then everywhere else, where only a statement that says what it does or an
/// SDK's settings count. What looks like its neighbours in a list and is none of these is unread, so that no policy is
/// passed over beside another one. The dialect is the `given` one, or the one that a policy's words tell.
pub fn find(fragment: &Fragment<'_>, tree: &Tree<'_>, given: Option<&'static dyn Dialect>, visitor: &mut dyn Visitor) {
    visitor.text(fragment, tree, false);
    let several = tree.roots().len() > 1;
    for (number, root) in tree.roots().enumerate() {
        let place = Place { document: several.then_some(number as u32), ..Place::default() };
        let found = find_below(fragment, root, given, &place, visitor);
        if found == 0 && several {
            visitor.unread(fragment.locate(root.local()));
        }
    }
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

/// Find the policies in and below a value; tells how many there are.
fn find_below(
    fragment: &Fragment<'_>,
    root: Value<'_, '_>,
    given: Option<&'static dyn Dialect>,
    place: &Place,
    visitor: &mut dyn Visitor,
) -> usize {
    let mut finder = Finder { fragment, given, visitor, taken: Vec::new(), found: 0 };
    finder.search(root, place.clone());
    finder.search_the_rest(root, place);
    finder.found
}

/// The search in one text.
struct Finder<'f, 'v> {
    fragment: &'f Fragment<'f>,
    given: Option<&'static dyn Dialect>,
    visitor: &'v mut dyn Visitor,
    /// Nodes that were taken for policies or opened as strings: first index, and the one behind the last.
    taken: Vec<(u32, u32)>,
    found: usize,
}

impl Finder<'_, '_> {
    fn take(&mut self, value: Value<'_, '_>) {
        let end = value.tree().nodes().get(value.index() as usize).map_or(value.index() + 1, |node| node.next);
        self.taken.push((value.index(), end));
    }

    fn policy(&mut self, value: Value<'_, '_>, form: Form, place: Place) {
        self.take(value);
        self.found += 1;
        let Place { pointer, request, document, .. } = place;
        // Only one provider's SDKs have settings.
        let given = self.given.filter(|_| form != Form::Settings);
        match given.or_else(|| dialect_of(value, form)) {
            Some(dialect) => {
                let candidate = Candidate { value, form, request, pointer, document };
                self.visitor.policy(dialect, self.fragment, &candidate);
            }
            None => self.visitor.untold(self.fragment.locate(value.local()), form),
        }
    }

    /// Look where policies usually are.
    fn search(&mut self, value: Value<'_, '_>, place: Place) {
        if let Some(form) = form_of(value) {
            self.policy(value, form, place);
            return;
        }
        if value.kind() == Kind::String {
            self.search_string(value, &place, true);
            return;
        }
        if place.depth >= DEPTH {
            return;
        }
        let before = self.found;
        let mut without: Vec<Span> = Vec::new();
        for (index, element) in value.elements().enumerate() {
            let found = self.found;
            match element.kind() {
                Kind::Object | Kind::Array => self.search(element, place.below(&index)),
                Kind::String => self.search_string(element, &place.below(&index), false),
                _ => {}
            }
            if self.found == found && looks_like_statement(element) {
                without.push(self.fragment.locate(element.local()));
            }
        }
        // Beside a policy, something with actions or resources that is none was meant as one.
        if self.found > before {
            for span in without {
                self.visitor.unread(span);
            }
        }
        let request = request_of(self.fragment, value).or(place.request);
        for member in value.members() {
            let name = member.name();
            if !is_wrapper(&name) {
                continue;
            }
            let inner = Place { request, ..place.below(&name.replace('~', "~0").replace('/', "~1")) };
            match member.value.kind() {
                Kind::Object | Kind::Array => self.search(member.value, inner),
                Kind::String => self.search_string(member.value, &inner, true),
                _ => {}
            }
        }
    }

    /// Look under any name and at any depth, leaving out what was taken.
    fn search_the_rest(&mut self, root: Value<'_, '_>, place: &Place) {
        let tree = root.tree();
        let end = tree.nodes().get(root.index() as usize).map_or(0, |node| node.next);
        self.taken.sort_unstable();
        let taken = std::mem::take(&mut self.taken);
        let mut taken = taken.into_iter().peekable();
        let mut index = root.index();
        while index < end {
            while taken.next_if(|(_, behind)| *behind <= index).is_some() {}
            if let Some((_, behind)) = taken.next_if(|(first, _)| *first == index) {
                index = behind;
                continue;
            }
            let Some((node, value)) = tree.nodes().get(index as usize).zip(tree.value(index)) else { return };
            index += 1;
            let form = match node.kind {
                Kind::Object => sure_form_of(value),
                Kind::String if node.end - node.start > 40 => None,
                _ => continue,
            };
            let within = |outer: Local| outer.start <= value.local().start && value.local().end <= outer.end;
            let here = || format!("{}{}", place.pointer, pointer(root, within).unwrap_or_default());
            match form {
                Some(form) => {
                    self.policy(value, form, Place { pointer: here(), ..place.clone() });
                    index = node.next;
                }
                None if node.kind == Kind::String && may_hold_document(value.content().of(tree.text())) => {
                    self.search_string(value, &Place { pointer: here(), ..place.clone() }, false);
                }
                None => {}
            }
        }
    }

    /// Search a string that may hold a document, escaped or URL-encoded. Where a policy belongs (`is_expected`), its
    /// faults are told even if none is recognised.
    fn search_string(&mut self, value: Value<'_, '_>, place: &Place, is_expected: bool) {
        if place.depth >= DEPTH * 2 || !may_hold_document(value.content().of(value.tree().text())) {
            return;
        }
        let Some(mut inner) = embed_json_string(self.fragment, value) else { return };
        for _ in 0..3 {
            if inner.text().trim_start_matches(is_lead).starts_with(DOCUMENT) {
                break;
            }
            let Some(decoded) = embed_url_decoded(&inner, Local::new(0, inner.text().len() as u32)) else { break };
            inner = decoded;
        }
        if !inner.text().trim_start_matches(is_lead).starts_with(DOCUMENT) {
            return;
        }
        let tree = parse(inner.text());
        let holds_policy = |node: &crate::syntax::Node, index: u32| {
            let value = tree.value(index);
            match node.kind {
                Kind::Object => value.is_some_and(|value| form_of(value).is_some()),
                Kind::String => value.is_some_and(|value| may_hold_document(value.content().of(tree.text()))),
                _ => false,
            }
        };
        if !is_expected && !tree.nodes().iter().zip(0..).any(|(node, index)| holds_policy(node, index)) {
            return;
        }
        self.take(value);
        self.visitor.text(&inner, &tree, true);
        let place = Place { depth: place.depth + 1, ..place.clone() };
        let mut found = 0;
        for root in tree.roots() {
            found += find_below(&inner, root, self.given, &place, self.visitor);
        }
        self.found += found;
        if found == 0 {
            self.visitor.unread(self.fragment.locate(value.local()));
        }
    }
}

/// Names under which a document holds a policy, whatever their letter case.
fn is_wrapper(name: &str) -> bool {
    let mut plain: String = name.chars().filter(|c| *c != '_').collect();
    plain.make_ascii_lowercase();
    matches!(plain.as_str(), "policy" | "policydocument" | "strategyinfo")
}

/// What a document in a string begins with; the quote is that of a document which was escaped twice.
const DOCUMENT: [char; 3] = ['{', '[', '"'];

/// Blanks and marks that may stand before a document in a string.
fn is_lead(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{FEFF}' | '+')
}

/// Whether the text of a string, still escaped, may hold a document: its first character says so.
fn may_hold_document(raw: &str) -> bool {
    let start = raw.trim_start_matches(|c: char| is_lead(c));
    start.starts_with(['{', '[', '%', '\\'])
}

/// Whether an object has what only statements have, and was probably meant as one.
fn looks_like_statement(value: Value<'_, '_>) -> bool {
    value.members().any(|member| {
        let name = member.name();
        ["action", "notaction", "resource", "notresource", "statement", "statements", "expiration", "conditions"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
    })
}

/// What an object is, wherever it stands: its statements say what they do, or it is an SDK's settings.
fn sure_form_of(value: Value<'_, '_>) -> Option<Form> {
    let has = |object: Value<'_, '_>, names: [&str; 2]| {
        object.members().any(|member| names.iter().any(|name| member.name().eq_ignore_ascii_case(name)))
    };
    let is_statement =
        |object: Value<'_, '_>| has(object, ["effect", "action"]) || has(object, ["notaction", "action"]);
    let mut statements = value.members().filter(|member| member.name().eq_ignore_ascii_case("statement"));
    if statements.any(|member| is_statement(member.value) || member.value.elements().any(is_statement)) {
        return Some(Form::Policy);
    }
    form_of(value).filter(|form| {
        *form == Form::Settings
            || (*form == Form::Post && holds_tests(value))
            || (*form == Form::Statement
                && has(value, ["resource", "notresource"])
                && has(value, ["action", "notaction"]))
    })
}

/// The request that an object is, if it is one: `Policy` beside a duration, a name or a role.
fn request_of(fragment: &Fragment<'_>, value: Value<'_, '_>) -> Option<StsRequest> {
    let mut request = StsRequest { duration: None, assumes_role: false };
    let (mut holds_policy, mut is_request) = (false, false);
    for member in value.members() {
        match &*member.name() {
            name if is_wrapper(name) => holds_policy = true,
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

/// Whether some condition of an object is one that only the policies of upload forms have.
fn holds_tests(value: Value<'_, '_>) -> bool {
    let conditions = value.members().filter(|member| member.name().eq_ignore_ascii_case("conditions"));
    let names_target = |test: Value<'_, '_>| test.members().any(|member| matches!(&*member.name(), "bucket" | "key"));
    conditions.flat_map(|member| member.value.elements()).any(|test| is_test(test) || names_target(test))
}

/// What a value is, if it is a policy in one of its forms.
fn form_of(value: Value<'_, '_>) -> Option<Form> {
    let mut count = 0;
    let (mut version, mut statement, mut effect, mut part) = (false, None, false, false);
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
            7 if name.eq_ignore_ascii_case("version") => version = true,
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
        Some(_) if version => Some(Form::Policy),
        None if version && count == 1 => Some(Form::Policy),
        _ if effect && part => Some(Form::Statement),
        _ if bucket && setting && !policy => Some(Form::Settings),
        _ if conditions.is_some() && expiration => Some(Form::Post),
        _ if conditions == Some(Kind::Array) && holds_tests(value) => Some(Form::Post),
        _ => None,
    }
}

/// Whether a key is one of an SDK's settings that say what a key may do; SDKs differ in case and underscores.
fn is_setting(name: &str) -> bool {
    let mut plain: String = name.chars().filter(|c| *c != '_').collect();
    plain.make_ascii_lowercase();
    matches!(plain.as_str(), "allowprefix" | "allowprefixes" | "allowactions")
}
