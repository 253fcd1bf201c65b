//! A file per provider: recognise a document, lower it to the neutral policy, spell things back.
//!
//! Everything that only one provider has (its grammar, resource strings, case rules, limits) is here and nowhere
//! else. [`find`] looks for policies in a document, whatever it is wrapped in, and names the dialect of each.

mod condition;
mod cos;
mod document;
mod encoded;
mod find;
mod flat;
mod form;
mod grammar;
mod grant;
mod iam;
mod lead;
mod lowering;
mod oss;
mod parts;
mod passed;
mod post;
mod recognise;
mod request;
mod s3;
mod subject;
mod unread;
mod visitor;
mod write;

pub use find::find;
pub use form::Form;
pub use recognise::is_cut_policy;
pub use request::StsRequest;
pub use unread::{Grants, Unread};
pub use visitor::{Candidate, FoundPolicy, Given, Visitor};
pub use write::{Allow, Site, SiteFault, Target, Written};

use std::borrow::Cow;

use crate::catalog::{Catalog, VendorWords, words_of};
use crate::policy::{AbsentKeys, Base, Case, Operator, Owners, Pattern, Place, Policy, PolicyKind, Who};
use crate::text::Fragment;

/// A provider's policy language. Where most providers do as AWS does, from which they took their languages over, that is
/// what a method says; the others say what they do.
pub trait Dialect: Sync + std::fmt::Debug {
    /// Its name, such as `cos`.
    fn name(&self) -> &'static str;

    /// The provider's actions, condition keys and regions.
    fn catalog(&self) -> &'static Catalog;

    /// The words that only this provider's policies have.
    fn vendor_words(&self) -> &'static VendorWords {
        words_of(self.name())
    }

    /// Lower a candidate that [`find`] gave to the neutral form.
    fn lower<'s>(&self, fragment: &Fragment<'_>, candidate: &Candidate<'_, 's>, owners: &Owners) -> Policy<'s>;

    /// The name of an action, without what the provider's documents may write before it.
    fn action_name<'t>(&self, text: &'t str) -> &'t str {
        self.read_action(text).unwrap_or(text)
    }

    /// A key as the path of a resource has it behind the bucket: wildcards and holes told apart, the holes with their
    /// roles.
    fn key_pattern(&self, key: &str, owners: &Owners) -> Pattern<'static> {
        parts::key(key, self.any_one(), owners)
    }

    /// What is wrong with a bucket, region or account that somebody named, if anything is.
    fn site_fault(&self, site: &Site) -> Option<SiteFault>;

    /// The document of a policy of this kind. What the site does not say is written as a hole, and so is the principal
    /// of a kind that needs one.
    fn write_policy(&self, kind: PolicyKind, site: &Site, allows: &[Allow<'_>]) -> Written;

    /// An action as the provider's documents write it.
    fn spell_action(&self, name: &str) -> String {
        [self.name(), ":", name].concat()
    }

    /// A resource as the provider's documents write it, with this path in the region and account of `place`.
    fn spell_resource(&self, place: &Place<'_>, path: &str) -> String;

    /// A resource of no particular region, account and bucket, for messages about `*`; `key` is the key in it.
    fn spell_sample(&self, key: &str) -> String;

    /// An operator that compares as `base` does and is otherwise like another one, as the provider's documents write it.
    fn spell_operator(&self, operator: &Operator<'_>, base: Base) -> String {
        condition::spell(self.vendor_words(), operator, base)
    }

    /// The account in which the buckets of a place lie, whichever way the place tells it.
    fn account<'p>(&self, place: &'p Place<'_>) -> Account<'p>;

    /// Where the keys of a place begin in its path: behind the bucket, or behind whatever else keys are reached through. `None`
    /// where the place is no one bucket's, and none other's, or has no keys.
    fn keys_from(&self, place: &Place<'_>) -> Option<u32> {
        place.slash().map(|slash| slash + 1)
    }

    /// Whether a place is nowhere: what it says of the account contradicts what the bucket's name says of it, so that no
    /// request has such a resource.
    fn is_nowhere(&self, _place: &Place<'_>) -> bool {
        false
    }

    /// The accounts that a request's resource may have, as a pattern.
    fn any_account(&self) -> &'static str {
        "*"
    }

    /// Who bears an id, and the callers for whom it stands, as [`Principal`](crate::policy::Principal) has them.
    fn who<'t>(&self, id: &'t str) -> Who<'t>;

    /// The condition key whose value the provider fills in where this mark of a hole stands in a resource or in a value of a
    /// condition.
    fn filled_by<'t>(&self, _mark: &'t str) -> Option<&'t str> {
        None
    }

    /// The name of an action of this service that a user wrote, with or without its service.
    fn read_action<'t>(&self, text: &'t str) -> Option<&'t str> {
        match text.split_once(':') {
            None => Some(text),
            Some((service, name)) => service.eq_ignore_ascii_case(self.name()).then_some(name),
        }
    }

    /// Region, account and path of a resource in the provider's form; `None` for a text that is in no such form.
    fn read_resource<'t>(&self, text: &'t str) -> Option<[Cow<'t, str>; 3]>;

    /// What a request without the key does to a negated operator.
    fn absent_keys(&self) -> AbsentKeys;

    /// Whether letter case tells condition keys apart.
    fn key_case(&self) -> KeyCase;

    /// Whether `?` is any one character.
    fn any_one(&self) -> bool {
        true
    }

    /// Whether that is documented for actions and resources too.
    fn is_any_one_sure(&self) -> bool {
        true
    }

    /// Whether a `*` within a value of a condition, not at one of its ends, is documented to be a wildcard.
    fn is_inner_run_sure(&self) -> bool {
        true
    }

    /// Whether a signed request is also judged as one without a signature, and either is enough.
    fn judges_unsigned_too(&self) -> bool {
        false
    }

    /// How the names of actions compare.
    fn action_case(&self) -> Case {
        Case::Insensitive
    }

    /// The limits on the size of a policy of this kind.
    fn limits(&self, kind: PolicyKind) -> Limits;

    /// Words for messages.
    fn words(&self) -> &'static Words;

    /// Whether element names may be written with a capital letter in this kind of policy.
    fn may_capitalise(&self, _: PolicyKind) -> bool {
        true
    }
}

/// What messages and witnesses of any dialect need to say in the provider's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// The service's name.
    pub service: &'static str,
    /// A region, as an example.
    pub region: &'static str,
    /// Accounts, as examples.
    pub accounts: &'static [&'static str],
    /// What the name of a bucket ends with where nothing tells its account; empty where names end with none.
    pub bucket_suffix: &'static str,
    /// A principal, as an example.
    pub principal: &'static str,
    /// A condition that keeps uploads private, as an example.
    pub private_upload: &'static str,
    /// Where the principal comes from that an SDK puts into session policies.
    pub sdk_habit: &'static str,
    /// Texts of which a policy of this dialect holds at least one.
    pub marks: &'static [&'static str],
    /// What stands for a bucket's name in a resource that is to be filled in.
    pub bucket_hole: &'static str,
    /// What stands for the account at the end of a bucket's name.
    pub account_hole: &'static str,
    /// How a bucket itself is written as a resource.
    pub bucket_form: &'static str,
    /// Regions and accounts that the resources of everybody have alike.
    pub fixed_parts: &'static [&'static str],
    /// The version, as a member of a policy.
    pub version: &'static str,
    /// The effects, as members of a statement.
    pub effect: &'static str,
    /// The element that names principals.
    pub principal_element: &'static str,
    /// Numbers and truth values in conditions need no quotes, and an instant may be a number of seconds.
    pub takes_bare_values: bool,
    /// In which letter case elements are written: starts with a verb.
    pub element_case: &'static str,
    /// The element of the effect, the effect that allows, and the elements of actions and resources.
    pub statement: [&'static str; 4],
    /// The element of conditions.
    pub condition_element: &'static str,
    /// Variables, in small letters, that the service fills in for others and not for who holds a temporary key.
    pub not_in_sessions: &'static [&'static str],
    /// Variables that stand for who holds a temporary key, as examples.
    pub session_variables: &'static str,
}

/// Whether letter case tells condition keys apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyCase {
    /// The documents have one spelling, and a user's question has it too.
    Exact,
    /// It does not, so that keys get the catalogue's spelling.
    Folded,
    /// Nothing tells. A user's question gets the catalogue's spelling; what hangs on a policy's other spelling is undecided.
    Untold,
}

/// The account of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Account<'p> {
    /// Every account.
    Any,
    /// The one whose policy it is.
    Own,
    /// This one.
    Named(Cow<'p, str>),
    /// One that is told by another number than the one that resources of requests have.
    Alias(Cow<'p, str>),
    /// The pattern of the place tells.
    AsWritten,
}

/// Limits on a policy's size; `None` where the provider names none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Characters of the whole policy, blanks not counted.
    pub solid_chars: Option<u32>,
    /// Bytes of the whole policy.
    pub bytes: Option<u32>,
    /// Bytes of one statement.
    pub statement_bytes: Option<u32>,
}

/// A catalogue that is part of the program.
fn shipped(text: &str) -> Catalog {
    #[expect(clippy::expect_used, reason = "the file is part of the program; a test loads it")]
    Catalog::load(text).expect("a file in `rules/catalog` is a catalogue")
}

/// All dialects, in order of name.
pub fn all() -> &'static [&'static dyn Dialect] {
    &[&cos::Cos, &oss::Oss, &s3::S3]
}

/// The names of all dialects, in order.
pub const NAMES: &[&str] = &["cos", "oss", "s3"];

/// The dialect of this name.
pub fn named(name: &str) -> Option<&'static dyn Dialect> {
    all().iter().copied().find(|dialect| dialect.name() == name)
}

/// The dialect that is meant where several would do and nothing tells which.
pub fn usual() -> &'static dyn Dialect {
    &cos::Cos
}
