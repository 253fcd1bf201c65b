//! The policy, free of any provider's spelling.
//!
//! A dialect lowers a document to this form; everything behind it (semantics, rules, reports) knows no provider. The
//! form is general from the start: elements may be negated, patterns have a case rule and may hold holes, operators
//! have quantifiers, principals may be anyone. Texts are borrowed from the source where the source allows it, and
//! every part knows its range in the file.

mod condition;
mod hole;
mod kind;
mod names;
mod owner;
mod pattern;
mod problem;
mod resource;
mod statement;

pub use condition::{AbsentKeys, Base, Condition, Operator, Quantifier, TestValue};
pub use hole::{Hole, HoleOrigin, HoleRole, find_hole, may_hold_hole};
pub use kind::PolicyKind;
pub use names::Words;
pub use owner::{Owners, Ownership, is_date};
pub use pattern::{Anchor, Case, Glance, Pattern, Token, TokenKind};
pub use problem::{Found, Problem, ProblemKind, Vendor};
pub use resource::{Place, Resource, ResourceKind};
pub use statement::{
    Action, ActionFault, ActionKind, Effect, Element, KindHint, Policy, PostPolicy, Principal, PrincipalKind,
    Principals, Request, Statement, Who,
};
