//! What a dialect could not lower as written. The grammar rules turn problems into findings.

use std::borrow::Cow;

use crate::text::Span;

/// Something in the document that is not as the provider's grammar has it.
#[derive(Debug, Clone)]
pub struct Problem<'s> {
    /// Its bytes.
    pub span: Span,
    /// What it is.
    pub kind: ProblemKind<'s>,
    /// The statement it belongs to, counted from 0.
    pub statement: Option<u32>,
}

/// A JSON type, as people name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// An object.
    Object,
    /// A list.
    List,
    /// A string.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// `null`.
    Null,
    /// Nothing, after a fault of the syntax.
    Nothing,
}

impl Found {
    /// With its article.
    pub const fn named(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::List => "a list",
            Self::String => "a string",
            Self::Number => "a number",
            Self::Bool => "a truth value",
            Self::Null => "null",
            Self::Nothing => "nothing",
        }
    }
}

/// Whose words those are that do not belong here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Vendor(pub &'static str);

/// The sorts of problem.
#[derive(Debug, Clone)]
pub enum ProblemKind<'s> {
    /// An element that must be there is not, or is empty.
    MissingElement {
        /// The element's name in the dialect's spelling.
        element: &'static str,
        /// It is there and empty.
        is_empty: bool,
    },
    /// An element is of the wrong JSON type.
    WrongType {
        /// The element's name.
        element: Cow<'s, str>,
        /// What it is.
        found: Found,
        /// What it should be, with article.
        expected: &'static str,
    },
    /// One statement stands as an object where a list belongs; providers accept it.
    SingleStatement,
    /// The version is none that the provider knows.
    InvalidVersion {
        /// The version that belongs there.
        expected: &'static str,
    },
    /// The effect is neither allow nor deny.
    InvalidEffect,
    /// A key that the grammar does not have.
    UnknownElement {
        /// As written.
        name: Cow<'s, str>,
        /// The element that may have been meant.
        suggestion: Option<&'static str>,
        /// What to do instead, where there is more to say than a name.
        advice: Option<&'static str>,
    },
    /// A key or word in another letter case.
    ElementCase {
        /// The right spelling.
        expected: &'static str,
        /// Only the first letter differs, a spelling that the provider accepts in some places.
        is_capital: bool,
    },
    /// A word of another vendor.
    ForeignWord {
        /// Whose.
        vendor: Vendor,
        /// What belongs here instead.
        instead: Cow<'static, str>,
    },
    /// A resource that is not of the provider's form.
    MalformedResource {
        /// What is wrong: a clause.
        what: Cow<'static, str>,
        /// What to write: starts with a verb.
        help: Cow<'static, str>,
        /// It is judged as if that were mended, which the provider may not do.
        is_mended: bool,
    },
    /// Two accounts in one resource differ.
    AccountMismatch {
        /// What is wrong: a clause.
        what: String,
        /// What to write: starts with a verb.
        help: String,
    },
    /// The old form of a resource.
    LegacyResource {
        /// The same resource in today's form.
        modern: String,
    },
    /// A region that the provider does not list.
    UnknownRegion {
        /// As written.
        region: Cow<'s, str>,
        /// The region that may have been meant.
        suggestion: Option<&'static str>,
    },
    /// A variable that the provider does not fill in here.
    UnexpandedVariable {
        /// As written.
        variable: Cow<'s, str>,
    },
    /// A value hidden by a run of `*` in a published text.
    MaskedText,
    /// A hole outside a resource, where no template would have one.
    StrayHole,
    /// A wildcard in a value that is taken letter for letter, outside the conditions of a statement.
    LiteralWildcard {
        /// The operator, as written.
        operator: Cow<'s, str>,
        /// The bytes of the operator.
        at: Span,
    },
    /// An operator that the provider does not have.
    UnknownOperator {
        /// As written.
        operator: Cow<'s, str>,
        /// The operator that may have been meant.
        suggestion: Option<Cow<'static, str>>,
    },
}
