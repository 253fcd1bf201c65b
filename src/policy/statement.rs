//! Policy, statement, action, principal.

use std::borrow::Cow;

use super::{Condition, Pattern, Problem, Resource, TestValue};
use crate::text::Span;

/// A policy.
#[derive(Debug, Clone)]
pub struct Policy<'s> {
    /// Its bytes.
    pub span: Span,
    /// Its statements in order.
    pub statements: Vec<Statement<'s>>,
    /// What the document tells of its kind.
    pub hint: KindHint,
    /// The call that it is passed to, when the document is such a request.
    pub request: Option<Request>,
    /// What could not be lowered as written, in order of place.
    pub problems: Vec<Problem<'s>>,
    /// Parts that were not judged at all, with the reason; anything here is exit status 2.
    pub unjudged: Vec<(Span, String)>,
    /// The member `statement`, key and value, for findings about the whole.
    pub statements_span: Span,
    /// It was made from the settings of an SDK and has no text of its own.
    pub is_settings: bool,
    /// It is the policy that an upload form carries, and says of forms what policies of other sorts say of requests.
    pub post: Option<PostPolicy<'s>>,
    /// The number of characters that count against the provider's limit: all but blanks.
    pub solid_chars: u32,
}

/// What is particular to the policy of an upload form. Its one statement allows the upload, on the keys and under the
/// conditions that the form's fields are held to.
#[derive(Debug, Clone)]
pub struct PostPolicy<'s> {
    /// A form may carry fields that the policy does not name, with any value.
    pub takes_any_field: bool,
    /// The instant until which the form is good, as it is written.
    pub expiration: Option<TestValue<'s>>,
}

/// What the document tells of a policy's kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum KindHint {
    /// Nothing.
    #[default]
    None,
    /// A session policy: an STS request, SDK settings, or the principal that an SDK puts into session policies.
    Session,
    /// A bucket policy: it names principals.
    Bucket,
    /// A role's trust policy: it names principals and no resource.
    Trust,
}

/// The call that a policy is passed to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Request {
    /// The duration asked for in seconds, and its bytes.
    pub duration: Option<(f64, Span)>,
    /// The longest duration that the call accepts, in seconds.
    pub longest: f64,
    /// The call's name.
    pub call: &'static str,
}

/// A statement.
#[derive(Debug, Clone)]
pub struct Statement<'s> {
    /// Its place in the policy, counted from 0.
    pub index: u32,
    /// Its bytes.
    pub span: Span,
    /// Index of its node in the syntax tree.
    pub node: u32,
    /// Its name, if it has one.
    pub sid: Option<Cow<'s, str>>,
    /// Whether it allows or denies.
    pub effect: Effect,
    /// Whom it speaks of; `None` where the kind of policy has none.
    pub principals: Option<Principals<'s>>,
    /// Its actions.
    pub actions: Element<Action<'s>>,
    /// Its resources.
    pub resources: Element<Resource<'s>>,
    /// Its conditions, all of which must hold.
    pub conditions: Vec<Condition<'s>>,
}

/// Whether a statement allows or denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It grants.
    Allow,
    /// It refuses, whatever grants.
    Deny,
}

/// A list of patterns of one sort.
#[derive(Debug, Clone)]
pub struct Element<T> {
    /// It speaks of everything but the patterns.
    pub negated: bool,
    /// The bytes of its value; those of the statement when it is missing.
    pub span: Span,
    /// The patterns in order.
    pub patterns: Vec<T>,
    /// What stands for all that it speaks of when it is negated, so that nothing takes its patterns for that.
    pub widest: Option<Box<T>>,
    /// It is missing or of a wrong type: taken as the widest for an allow, as nothing for a deny.
    pub is_missing: bool,
}

impl<T> Element<T> {
    /// An element that a statement, which stands at `span`, does not have.
    pub const fn missing(span: Span) -> Self {
        Self { negated: false, span, patterns: Vec::new(), widest: None, is_missing: true }
    }

    /// What it speaks of: its patterns, or what stands for all the rest when it is negated.
    pub fn named(&self) -> &[T] {
        if self.negated { self.widest.as_deref().map_or(&[], std::slice::from_ref) } else { &self.patterns }
    }

    /// Whether in an allow it speaks of more than its patterns say: of all but them, or of everything for want of any.
    pub const fn is_open(&self) -> bool {
        self.negated || self.is_missing
    }
}

/// An action of a statement.
#[derive(Debug, Clone)]
pub struct Action<'s> {
    /// The whole string, quotes included.
    pub span: Span,
    /// The string as written.
    pub text: Cow<'s, str>,
    /// The bytes of its name, without quotes and service.
    pub name_span: Span,
    /// What it says.
    pub kind: ActionKind<'s>,
    /// What keeps the text from being an action at all; it is judged as if that were mended.
    pub fault: Option<ActionFault>,
}

/// What keeps a text from being an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActionFault {
    /// It names no service.
    NoService,
    /// What stands before its colon is no service's word.
    OddService,
    /// It holds a blank.
    Blank,
    /// It names no action.
    NoName,
    /// It holds a character that no action has.
    OddCharacter,
}

/// What an action says.
#[derive(Debug, Clone)]
pub enum ActionKind<'s> {
    /// Every action of every service.
    EveryService,
    /// Actions of the dialect's own service, by name.
    Own(Pattern<'s>),
    /// Actions of another service.
    OtherService,
    /// It cannot be read by anyone but the provider, or a hole stands where the name should.
    Unreadable,
}

/// Whom a statement speaks of.
#[derive(Debug, Clone)]
pub struct Principals<'s> {
    /// The bytes of the value.
    pub span: Span,
    /// It stands at the top of the policy and holds for all its statements.
    pub is_shared: bool,
    /// It is exactly the one that an SDK puts into session policies.
    pub is_sdk_habit: bool,
    /// It speaks of everyone but these.
    pub negated: bool,
    /// The principals in order.
    pub list: Vec<Principal<'s>>,
}

/// One principal.
#[derive(Debug, Clone)]
pub struct Principal<'s> {
    /// Its bytes, quotes included.
    pub span: Span,
    /// As written.
    pub text: Cow<'s, str>,
    /// Who it is.
    pub kind: PrincipalKind,
    /// The callers for whom it stands, in one spelling for each: `account/member`, or the text that the provider compares.
    /// A `*` is any text.
    pub callers: Cow<'s, str>,
    /// Callers who may be these ones under another name, spelled likewise; empty where there are none.
    pub aliases: Cow<'s, str>,
}

impl<'s> Principal<'s> {
    /// A principal whose id is not compared with those of others.
    pub const fn unknown(span: Span, text: Cow<'s, str>) -> Self {
        Self { span, text, kind: PrincipalKind::Unknown, callers: Cow::Borrowed(""), aliases: Cow::Borrowed("") }
    }
}

/// Whom an id names, as a [`Principal`] has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who<'t> {
    /// Who it is.
    pub kind: PrincipalKind,
    /// The callers for whom it stands.
    pub callers: Cow<'t, str>,
    /// Callers who may be these ones under another name.
    pub aliases: Cow<'t, str>,
}

impl<'t> Who<'t> {
    /// Callers who have one name.
    pub const fn new(kind: PrincipalKind, callers: Cow<'t, str>) -> Self {
        Self { kind, callers, aliases: Cow::Borrowed("") }
    }
}

/// Who a principal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrincipalKind {
    /// Everyone.
    Anyone,
    /// Callers who do not sign.
    Anonymous,
    /// An account as a whole or a group: it stands for identities that have names of their own.
    Account,
    /// A user, a role or a session, or all those that a pattern fits.
    Identity,
    /// A service of the provider.
    Service,
    /// An identity provider.
    Federated,
    /// It cannot be told.
    Unknown,
}

impl Principals<'_> {
    /// The first principal that stands for the whole internet.
    pub fn open_to_all(&self) -> Option<&Principal<'_>> {
        if self.negated {
            return None;
        }
        self.list.iter().find(|one| matches!(one.kind, PrincipalKind::Anyone | PrincipalKind::Anonymous))
    }
}

impl Policy<'_> {
    /// A policy without a statement, which permits nothing.
    pub const fn nothing() -> Self {
        Self {
            span: Span::new(0, 0),
            statements: Vec::new(),
            hint: KindHint::None,
            request: None,
            problems: Vec::new(),
            unjudged: Vec::new(),
            statements_span: Span::new(0, 0),
            is_settings: false,
            post: None,
            solid_chars: 0,
        }
    }
}

impl Statement<'_> {
    /// A statement without elements, which allows.
    pub const fn bare(index: u32, span: Span, node: u32) -> Self {
        Self {
            index,
            span,
            node,
            sid: None,
            effect: Effect::Allow,
            principals: None,
            actions: Element::missing(span),
            resources: Element::missing(span),
            conditions: Vec::new(),
        }
    }

    /// How people name it: its number counted from one, with its `sid` when there is one.
    pub fn title(&self) -> String {
        match &self.sid {
            Some(sid) => format!("statement {} (`{sid}`)", self.index + 1),
            None => format!("statement {}", self.index + 1),
        }
    }

    /// Whether it allows.
    pub fn allows(&self) -> bool {
        self.effect == Effect::Allow
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_stay_small() {
        // What a long policy takes in memory hangs on these.
        assert!(size_of::<Statement<'_>>() <= 216, "{}", size_of::<Statement<'_>>());
        assert!(size_of::<Action<'_>>() <= 152, "{}", size_of::<Action<'_>>());
        assert!(size_of::<crate::policy::Place<'_>>() <= 3 * 104 + 8, "{}", size_of::<crate::policy::Place<'_>>());
    }
}
