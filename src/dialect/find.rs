//! Where the policies in a document are.
//!
//! A document may be a policy, a single statement, a list of them, the settings of an SDK, the policy of an upload form, or
//! an object that holds a policy under one of a few names, as an object or as a string in which it is escaped once more. Recognition looks
//! at the content, never at the file's name.

use smallvec::SmallVec;

use super::Dialect;
use super::encoded::{decoded, may_be_encoded};
use super::form::{Form, form_of, is_wrapper, looks_like_statement, sure_form_of};
use super::grant::{Grant, grants};
use super::lead::{begins_document, may_hold_document};
use super::passed::{is_unread_policy, passed};
use super::recognise::{dialect_of, guess_of};
use super::request::{Asked, Settled, StsRequest, range_of, request_of, settled, without_policy};
use super::unread::{Grants, Suspect, Unread, told};
use super::visitor::{Candidate, FoundPolicy, Given, Visitor};
use crate::policy::Policy;
use crate::syntax::{Kind, Tree, Value, embed_json_string, embed_url_decoded, parse, pointer};
use crate::text::{Fragment, FragmentBuilder, Local, Span};

/// Strings in strings are followed this deep.
const DEPTH: u32 = 4;

/// Find the policies in a parsed document, in order of place.
///
/// First where policies usually are: the document itself, the elements of a list, and a few names, down to a small
/// depth; there a bare statement is enough. Then everywhere else, where only a statement that says what it does or an
/// SDK's settings count. What may grant something and is none of these is unread, so that nothing is passed over beside
/// a policy: see [`Unread`].
pub fn find(fragment: &Fragment<'_>, tree: &Tree<'_>, given: Given<'_>, visitor: &mut dyn Visitor) {
    visitor.text(fragment, tree, false);
    let several = tree.roots().len() > 1;
    let mut aside = Aside::default();
    let mut all_found = 0;
    for (number, root) in tree.roots().enumerate() {
        let place = Place { document: several.then_some(number as u32), ..Place::default() };
        let found = find_below(fragment, root, given, &place, visitor, &mut aside);
        all_found += found;
        if found == 0 && several {
            let span = fragment.locate(root.local());
            aside.suspects.push(Suspect { span, why: Unread::Neighbour, is_sure: true });
        }
    }
    let Aside { mut suspects, requests } = aside;
    let without = without_policy(&requests);
    suspects.extend(without.map(|span| Suspect { span, why: Unread::Request, is_sure: false }));
    for (span, why) in told(suspects, all_found > 0) {
        visitor.unread(span, why);
    }
}

/// What is seen beside policies, in all texts of a document.
#[derive(Debug, Default)]
struct Aside {
    /// What is perhaps to be told as unread.
    suspects: Vec<Suspect>,
    /// The objects that ask for keys.
    requests: Vec<Settled>,
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
    given: Given<'_>,
    place: &Place,
    visitor: &mut dyn Visitor,
    aside: &mut Aside,
) -> usize {
    let (taken, opened) = (SmallVec::new(), SmallVec::new());
    let mut finder = Finder { fragment, given, visitor, aside, taken, opened, found: 0 };
    finder.search(root, place.clone());
    finder.search_the_rest(root, place);
    finder.found
}

/// The search in one text.
struct Finder<'f, 'v> {
    fragment: &'f Fragment<'f>,
    given: Given<'f>,
    visitor: &'v mut dyn Visitor,
    aside: &'v mut Aside,
    /// Nodes that were taken for policies or opened as strings: first index, and the one behind the last.
    taken: SmallVec<[(u32, u32); 2]>,
    /// Strings that were opened in which nothing is a policy, as ranges of nodes too.
    opened: SmallVec<[(u32, u32); 2]>,
    found: usize,
}

impl Finder<'_, '_> {
    fn take(&mut self, value: Value<'_, '_>) {
        self.taken.push(range_of(value));
    }

    /// Something is perhaps to be told as unread; it `is_sure` if it is whatever else was found.
    fn suspect(&mut self, value: Value<'_, '_>, why: Unread, is_sure: bool) {
        self.aside.suspects.push(Suspect { span: self.fragment.locate(value.local()), why, is_sure });
    }

    fn policy(&mut self, value: Value<'_, '_>, form: Form, place: Place) {
        self.take(value);
        self.found += 1;
        let Place { pointer, request, document, .. } = place;
        let candidate = Candidate { value, form, request, pointer, document };
        if !self.visitor.wants(&candidate) {
            return;
        }
        match self.lowered(&candidate) {
            Some((dialect, policy)) => {
                let fragment = self.fragment;
                self.visitor.policy(&FoundPolicy { dialect, fragment, candidate: &candidate, policy });
            }
            None => self.visitor.untold(self.fragment.locate(value.local()), form),
        }
    }

    /// A policy in its dialect: the one that is given, or the one that its words tell.
    fn lowered<'s>(&self, candidate: &Candidate<'_, 's>) -> Option<(&'static dyn Dialect, Policy<'s>)> {
        let Candidate { value, form, .. } = *candidate;
        let lower =
            |dialect: &'static dyn Dialect| (dialect, dialect.lower(self.fragment, candidate, self.given.owners));
        // Only one provider's SDKs have settings.
        if let Some(dialect) = self.given.dialect.filter(|_| form != Form::Settings) {
            return Some(lower(dialect));
        }
        let guess = guess_of(value, form).map(lower);
        // Nothing is wrong with it, so it has no word of another vendor.
        if let Some((dialect, policy)) = &guess
            && policy.problems.is_empty()
            && policy.unjudged.is_empty()
        {
            debug_assert_eq!(dialect_of(value, form).map(Dialect::name), Some(dialect.name()));
            return guess;
        }
        let dialect = dialect_of(value, form)?;
        guess.filter(|(guessed, _)| guessed.name() == dialect.name()).or_else(|| Some(lower(dialect)))
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
        let mut without = Vec::new();
        for (index, element) in value.elements().enumerate() {
            let found = self.found;
            let span = self.fragment.locate(element.local());
            let mut asked = None;
            match element.kind() {
                Kind::Object | Kind::Array => self.search(element, place.below(&index)),
                Kind::String => asked = self.search_string(element, &place.below(&index), false),
                _ => {}
            }
            if self.found > found {
                continue;
            }
            if let Some(span) = asked.or(Asked::of(element).filter(Asked::is_without).map(|_| span)) {
                without.push((span, Unread::Request));
            } else if looks_like_statement(element) {
                without.push((span, Unread::Neighbour));
            }
        }
        // Beside a policy, something with actions or resources that is none was meant as one.
        if self.found > before {
            let sure = |(span, why)| Suspect { span, why, is_sure: true };
            self.aside.suspects.extend(without.into_iter().map(sure));
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
                Kind::String => _ = self.search_string(member.value, &inner, true),
                _ => {}
            }
        }
    }

    /// Look under any name and at any depth, leaving out what was taken.
    fn search_the_rest(&mut self, root: Value<'_, '_>, place: &Place) {
        let tree = root.tree();
        let end = tree.nodes().get(root.index() as usize).map_or(0, |node| node.next);
        let mut known = [self.taken.as_slice(), &self.opened].concat();
        known.sort_unstable();
        let mut ahead = known.iter().peekable();
        let mut asked = Vec::new();
        let mut index = root.index();
        while index < end {
            while ahead.next_if(|(_, behind)| *behind <= index).is_some() {}
            if let Some((_, behind)) = ahead.next_if(|(first, _)| *first == index) {
                index = *behind;
                continue;
            }
            let Some((node, value)) = tree.nodes().get(index as usize).zip(tree.value(index)) else { break };
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
                None if node.kind == Kind::String => {
                    let (raw, before) = (value.content().of(tree.text()), self.taken.len() + self.opened.len());
                    if may_hold_document(raw) {
                        self.search_string(value, &Place { pointer: here(), ..place.clone() }, false);
                    }
                    if self.taken.len() + self.opened.len() == before {
                        self.search_text(value);
                    }
                }
                None => {
                    asked.extend(Asked::of(value));
                    for (grant, how) in grants(value) {
                        self.suspect(grant, Unread::Grant, how == Grant::Plain);
                    }
                }
            }
        }
        self.taken.sort_unstable();
        let locate = |value: Value<'_, '_>| self.fragment.locate(value.local());
        self.aside.requests.extend(settled(&asked, tree, &self.taken, locate));
        for policies in asked.iter().filter_map(|asked| tree.value(asked.attached?)) {
            self.suspect(policies, Unread::Attached, false);
        }
    }

    /// Look whether a string that is no document holds a policy all the same: it is not read, but told.
    fn search_text(&mut self, value: Value<'_, '_>) {
        let is_encoded = may_be_encoded(value.content().of(value.tree().text()));
        if passed(value).iter().any(|text| self.grants(text, value)) {
            self.suspect(value, Unread::Passed, true);
        } else if is_encoded && decoded(value).is_some_and(|text| self.grants(&text, value)) {
            self.suspect(value, Unread::Encoded, true);
        } else if is_unread_policy(value) {
            self.suspect(value, Unread::Neighbour, false);
        }
    }

    /// Whether a text that was taken out of a string grants something.
    fn grants(&self, text: &str, value: Value<'_, '_>) -> bool {
        let mut inner = FragmentBuilder::new(self.fragment);
        inner.decoded(text, value.content());
        let mut grants = Grants::default();
        find(&inner.finish(value.content()), &parse(text), self.given, &mut grants);
        grants.has_policy || grants.has_unread
    }

    /// Search a string that may hold a document, escaped or URL-encoded. Where a policy belongs (`is_expected`), its
    /// faults are told even if none is recognised. The answer is where in the file the document is, if it is a request for a key
    /// that has no policy.
    fn search_string(&mut self, value: Value<'_, '_>, place: &Place, is_expected: bool) -> Option<Span> {
        if place.depth >= DEPTH * 2 || !may_hold_document(value.content().of(value.tree().text())) {
            return None;
        }
        let mut inner = embed_json_string(self.fragment, value)?;
        for _ in 0..3 {
            if begins_document(inner.text()) {
                break;
            }
            let Some(decoded) = embed_url_decoded(&inner, Local::new(0, inner.text().len() as u32)) else { break };
            inner = decoded;
        }
        if !begins_document(inner.text()) {
            return None;
        }
        let tree = parse(inner.text());
        let has = |test: &dyn Fn(Value<'_, '_>) -> bool| {
            let mut values = (0..tree.nodes().len() as u32).filter_map(|index| tree.value(index));
            values.any(test)
        };
        let is_like_one = is_expected
            || has(&|value| match value.kind() {
                Kind::Object => form_of(value).is_some(),
                Kind::String => may_hold_document(value.content().of(tree.text())),
                _ => false,
            });
        let may_grant = |value: Value<'_, '_>| match value.kind() {
            Kind::String => may_be_encoded(value.content().of(tree.text())),
            _ => grants(value).next().is_some() || Asked::of(value).is_some_and(|asked| asked.is_without()),
        };
        if !is_like_one && !has(&may_grant) {
            return None;
        }
        let opened = if is_like_one { &mut self.taken } else { &mut self.opened };
        opened.push(range_of(value));
        // Where nothing is judged, no fault of the text is either.
        if is_like_one {
            self.visitor.text(&inner, &tree, true);
        }
        let place = Place { depth: place.depth + 1, ..place.clone() };
        let mut found = 0;
        for root in tree.roots() {
            found += find_below(&inner, root, self.given, &place, self.visitor, self.aside);
        }
        self.found += found;
        if found == 0 && is_like_one {
            self.suspect(value, Unread::Neighbour, true);
        }
        let request = tree.roots().find(|root| found == 0 && Asked::of(*root).is_some_and(|asked| asked.is_without()));
        request.map(|request| inner.locate(request.local()))
    }
}
