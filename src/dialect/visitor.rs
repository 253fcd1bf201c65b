//! What a search for policies is told, what it finds, and who takes it.

use super::unread::Unread;
use super::{Dialect, Form, StsRequest};
use crate::policy::{Owners, Policy};
use crate::syntax::{Tree, Value};
use crate::text::{Fragment, Span};

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

/// A policy as it was found.
#[derive(Debug)]
pub struct FoundPolicy<'f, 't, 's> {
    /// Its language.
    pub dialect: &'static dyn Dialect,
    /// The text that it stands in.
    pub fragment: &'f Fragment<'f>,
    /// Its value and how it came there.
    pub candidate: &'f Candidate<'t, 's>,
    /// What it says.
    pub policy: Policy<'s>,
}

/// What is known before a search.
#[derive(Debug, Clone, Copy)]
pub struct Given<'g> {
    /// The language of all policies, if the user named it.
    pub dialect: Option<&'static dyn Dialect>,
    /// Who owns paths.
    pub owners: &'g Owners,
}

/// Takes what [`find`](super::find) finds.
pub trait Visitor {
    /// A text was parsed: the document, or a string that holds one. `is_embedded` tells which.
    fn text(&mut self, fragment: &Fragment<'_>, tree: &Tree<'_>, is_embedded: bool);

    /// Whether a policy is to be lowered and shown.
    fn wants(&self, _: &Candidate<'_, '_>) -> bool {
        true
    }

    /// A policy was found.
    fn policy(&mut self, found: &FoundPolicy<'_, '_, '_>);

    /// A policy of this form was found, and its words do not tell whose language it is in.
    fn untold(&mut self, span: Span, form: Form);

    /// A part of the document may grant something and could not be read; all of them come last, in order of place.
    fn unread(&mut self, span: Span, why: Unread);
}
