//! Which keys of which buckets the tests of a form leave, as resources.
//!
//! Several tests of one field all have to hold. Of two that begin alike the longer one counts; two that nothing meets
//! together are kept as conditions as well, so that it is seen that nothing is granted.

use std::borrow::Cow;
use std::collections::BTreeSet;

use smallvec::SmallVec;

use super::super::Dialect;
use super::super::lowering::Lowering;
use super::super::parts::assign_roles;
use super::test::{How, Test};
use super::{Grammar, Opening, content};
use crate::policy::{Anchor, Case, Condition, Pattern, Place, ProblemKind, Resource, ResourceKind, find_hole};
use crate::syntax::Value;
use crate::text::Span;

/// What the client's file is called, which the service fills in.
const FILE_NAME: &str = "${filename}";

/// The most choices that are held against each other.
const MOST_PAIRS: usize = 100_000;

/// The most resources that are made of a bucket's and a key's choices.
const MOST_RESOURCES: usize = 1_000;

/// What may stand in a field.
#[derive(Debug)]
pub(super) struct Reach<'t, 's> {
    /// Any of these; anything where there is none.
    choices: Vec<Choice<'t, 's>>,
    /// Some test could not be read, and is reported.
    is_unread: bool,
    /// Nothing asks anything of the field.
    is_untested: bool,
}

/// A text that a field may hold.
#[derive(Debug, Clone)]
struct Choice<'t, 's> {
    text: Cow<'s, str>,
    /// Any text may follow.
    is_open: bool,
    /// Its bytes, quotes included.
    span: Span,
    /// The string that says it, if it says no more than the text.
    value: Option<Value<'t, 's>>,
}

impl Choice<'_, '_> {
    /// What both leave.
    fn meet(&self, other: &Self) -> Option<Self> {
        let (longer, shorter) = if self.text.len() >= other.text.len() { (self, other) } else { (other, self) };
        let fits = if shorter.is_open { longer.text.starts_with(&*shorter.text) } else { longer.text == shorter.text };
        let closed = if longer.is_open && !shorter.is_open { shorter } else { longer };
        fits.then(|| closed.clone())
    }

    fn has_hole(&self) -> bool {
        find_hole(&self.text, 0).is_some()
    }

    fn anchor(&self, cx: &Lowering<'_, '_>) -> Anchor {
        self.value.map_or(Anchor::loose(self.span), |value| content(cx, value))
    }
}

impl<'t, 's> Reach<'t, 's> {
    /// What the tests of a field leave. Tests that it cannot express are added to `kept`.
    pub(super) fn of(
        cx: &mut Lowering<'_, 's>,
        grammar: &Grammar,
        field: &str,
        tests: &[Test<'t, 's>],
        kept: &mut Vec<Condition<'s>>,
    ) -> Self {
        let is_unread = tests.iter().any(|test| test.field.is_none());
        let mut reach = Self { choices: Vec::new(), is_unread, is_untested: !is_unread };
        let mut is_impossible = false;
        let own = || tests.iter().filter(|test| test.is_of(field));
        for test in own() {
            reach.is_untested = false;
            test.note_wildcards(cx);
            match test.how {
                How::Unreadable => {
                    reach.is_unread = true;
                    kept.push(test.opaque());
                }
                How::NotAmong => {
                    let named: BTreeSet<&str> = test.values.iter().map(|(_, text)| &**text).collect();
                    let is_named = |choice: &Choice<'t, 's>| !choice.is_open && named.contains(&*choice.text);
                    let is_closed = !reach.choices.is_empty() && reach.choices.iter().all(|choice| !choice.is_open);
                    if is_closed && reach.choices.iter().all(is_named) {
                        is_impossible = true;
                    } else {
                        reach.choices.retain(|choice| !is_named(choice));
                    }
                    if !is_closed || reach.choices.iter().any(Choice::has_hole) {
                        kept.push(test.opaque());
                    }
                }
                How::Equal | How::Begins | How::Among => {
                    is_impossible |= !reach.narrow(cx, grammar, test, kept);
                }
            }
        }
        if is_impossible {
            kept.extend(own().map(Test::condition));
        }
        reach
    }

    /// Leave what this test leaves as well; `false` where that is nothing.
    fn narrow(
        &mut self,
        cx: &mut Lowering<'_, 's>,
        grammar: &Grammar,
        test: &Test<'t, 's>,
        kept: &mut Vec<Condition<'s>>,
    ) -> bool {
        let mut is_exact = true;
        if grammar.fills_first {
            for (span, _) in test.values.iter().filter(|(_, text)| text.contains(FILE_NAME)) {
                cx.problem(*span, ProblemKind::UnexpandedVariable { variable: FILE_NAME.into() });
            }
        }
        let new: Vec<Choice<'t, 's>> = test
            .values
            .iter()
            .map(|(span, text)| {
                let is_open = test.how == How::Begins;
                let choice = Choice { text: text.clone(), is_open, span: *span, value: test.value };
                match text.split_once(FILE_NAME) {
                    // Whoever sends the form names the file.
                    Some((before, behind)) => {
                        is_exact &= behind.is_empty();
                        Choice { text: Cow::Owned(before.to_owned()), is_open: true, ..choice }
                    }
                    None => choice,
                }
            })
            .collect();
        if !is_exact {
            kept.push(test.opaque());
        }
        if self.choices.is_empty() {
            self.choices = new;
            return true;
        }
        if self.choices.len().saturating_mul(new.len()) > MOST_PAIRS {
            cx.unjudged.push((test.field_span, "too many values of one field to hold against each other".to_owned()));
            kept.push(test.opaque());
            return true;
        }
        let pairs = self.choices.iter().flat_map(|one| new.iter().filter_map(move |other| one.meet(other)));
        let mut known = BTreeSet::new();
        let left: Vec<Choice<'t, 's>> =
            pairs.filter(|met| known.insert((met.is_open, met.text.clone().into_owned()))).collect();
        // What a hole will hold is not known, so neither is whether both hold.
        let has_holes = self.choices.iter().chain(&new).any(Choice::has_hole);
        if left.is_empty() {
            if has_holes {
                kept.push(test.opaque());
            }
            return has_holes;
        }
        if has_holes && (self.choices.len() > 1 || new.len() > 1) {
            kept.push(test.opaque());
            return true;
        }
        self.choices = left;
        true
    }

    /// Whether nothing at all is asked of the field.
    pub(super) fn is_untested(&self) -> bool {
        self.is_untested
    }
}

/// The resources that a form reaches: each choice of a bucket with each of a key.
pub(super) fn resources<'s>(
    cx: &mut Lowering<'_, 's>,
    dialect: &dyn Dialect,
    grammar: &Grammar,
    bucket: &Reach<'_, 's>,
    key: &Reach<'_, 's>,
    opening: Opening,
) -> Vec<Resource<'s>> {
    let mut buckets: Vec<Option<&Choice<'_, 's>>> = bucket.choices.iter().map(Some).collect();
    let mut keys: Vec<Option<&Choice<'_, 's>>> = key.choices.iter().map(Some).collect();
    if buckets.len().saturating_mul(keys.len()) > MOST_RESOURCES {
        cx.unjudged.push((opening, "too many pairs of a bucket and a key".to_owned()));
        (buckets, keys) = (Vec::new(), Vec::new());
    }
    for choices in [&mut buckets, &mut keys] {
        if choices.is_empty() {
            choices.push(None);
        }
    }
    let is_unread = bucket.is_unread || key.is_unread;
    let pairs = buckets.iter().flat_map(|bucket| keys.iter().map(move |key| (*bucket, *key)));
    pairs.map(|(bucket, key)| resource(cx, dialect, grammar, [bucket, key], opening, is_unread)).collect()
}

fn resource<'s>(
    cx: &Lowering<'_, 's>,
    dialect: &dyn Dialect,
    grammar: &Grammar,
    [bucket, key]: [Option<&Choice<'_, 's>>; 2],
    opening: Opening,
    is_unread: bool,
) -> Resource<'s> {
    let name = bucket.map_or("", |bucket| &*bucket.text);
    let is_named = bucket.is_some_and(|bucket| !bucket.is_open);
    // Where it stands: the test that says most of it.
    let (span, anchor) = match (bucket, key) {
        (Some(_), Some(key)) => {
            let text = key.anchor(cx);
            let from = name.len() as u32 + u32::from(!is_named) + 1;
            let span = if is_named { key.span } else { opening };
            (span, Anchor { exact: text.exact.map(|(_, file)| (from, file)), ..text })
        }
        (Some(bucket), None) => (if is_named { bucket.span } else { opening }, bucket.anchor(cx)),
        (None, Some(key)) => {
            let text = key.anchor(cx);
            (opening, Anchor { exact: text.exact.map(|(_, file)| (2, file)), ..text })
        }
        (None, None) => (opening, Anchor::loose(opening)),
    };
    let mut pieces: SmallVec<[Option<&str>; 5]> = SmallVec::new();
    let is_any = |choice: Option<&Choice<'_, '_>>| choice.is_none_or(|one| one.is_open && one.text.is_empty());
    if is_any(bucket) {
        pieces.push(None);
    } else {
        pieces.push(Some(name));
        if !is_named {
            pieces.push(None);
        }
    }
    if !(is_any(bucket) && is_any(key)) {
        pieces.push(Some("/"));
        if let Some(key) = key.filter(|key| !key.text.is_empty()) {
            pieces.push(Some(&key.text));
        }
        if key.is_none_or(|key| key.is_open) {
            pieces.push(None);
        }
    }
    let mut path = Pattern::of_pieces(pieces, anchor);
    let slash = if is_any(bucket) { u32::MAX } else { name.len() as u32 };
    assign_roles(cx.owners, &mut path, slash);
    let part = |text: Cow<'static, str>| Pattern::new(text, false, Case::Sensitive, Anchor::loose(span));
    let [region, account] = (grammar.place)(name).map(part);
    let place = Place::new(region, account, path);
    // A wildcard that means itself was hardly meant so, and is reported.
    let is_faulty = is_unread || [bucket, key].into_iter().flatten().any(|choice| choice.text.contains('*'));
    let text = dialect.spell_resource(&place, place.path.text()).into();
    Resource { span, text, kind: ResourceKind::Place(Box::new(place)), is_faulty }
}
