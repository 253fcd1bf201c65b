//! Requests for temporary keys, as far as their policies need to know.
//!
//! A request says which role is assumed, for how long, and what the key may do. One without a policy asks for all that the
//! role has; beside requests that have one it is told, whereas settings that only name a role are no grant by themselves.

use std::collections::BTreeSet;

use super::flat::first_step;
use super::form::{has_key_like, is_blank, is_spelt, is_wrapper};
use crate::syntax::{Tree, Value};
use crate::text::{Fragment, Span};

/// A request for a temporary key, as far as a policy needs to know.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StsRequest {
    /// The duration asked for in seconds, and its bytes.
    pub duration: Option<(f64, Span)>,
    /// A role is assumed.
    pub assumes_role: bool,
}

/// The request that an object is, if it is one: `Policy` beside a duration, a name or a role.
pub(super) fn request_of(fragment: &Fragment<'_>, value: Value<'_, '_>) -> Option<StsRequest> {
    let mut request = StsRequest { duration: None, assumes_role: false };
    let (mut holds_policy, mut is_request) = (false, false);
    for member in value.members() {
        let name = member.name();
        if is_wrapper(&name) {
            holds_policy = true;
            continue;
        }
        let Some(parameter) = parameter_of(&name) else { continue };
        is_request |= parameter != ASIDE;
        match parameter {
            DURATION => {
                let text = member.value.string();
                let seconds = member.value.number().or_else(|| text.and_then(|text| text.trim().parse().ok()));
                request.duration = seconds.map(|seconds| (seconds, fragment.locate(member.value.local())));
            }
            ROLE | SESSION => request.assumes_role = true,
            _ => {}
        }
    }
    (holds_policy && is_request).then_some(request)
}

/// A parameter of a request; several are joined by `|`.
type Parameters = u8;

const ROLE: Parameters = 1;
const SESSION: Parameters = 2;
const DURATION: Parameters = 4;
const NAME: Parameters = 8;
/// One that says nothing of what the key may do.
const ASIDE: Parameters = 0;

/// What a key of a request names.
fn parameter_of(name: &str) -> Option<Parameters> {
    const ASIDES: [&str; 7] =
        ["externalid", "region", "tags", "transitivetagkeys", "sourceidentity", "serialnumber", "tokencode"];
    match name {
        "Name" | "name" => Some(NAME),
        _ if is_spelt(name, "rolearn") => Some(ROLE),
        _ if is_spelt(name, "rolesessionname") => Some(SESSION),
        _ if is_spelt(name, "durationseconds") => Some(DURATION),
        _ => ASIDES.iter().any(|aside| is_spelt(name, aside)).then_some(ASIDE),
    }
}

/// An object that asks for a key, or may.
#[derive(Debug)]
pub(super) struct Asked {
    /// Index of its node.
    index: u32,
    parameters: Parameters,
    /// It can hardly be anything else than a request.
    is_plain: bool,
    /// The members in which its policy should stand: index of the node, and the one behind it.
    wrappers: Vec<(u32, u32)>,
    /// Index of the node that names policies which are kept elsewhere and count as well.
    pub(super) attached: Option<u32>,
}

impl Asked {
    /// What an object asks for, if it has a parameter of a request, or policies kept elsewhere beside its own.
    pub(super) fn of(value: Value<'_, '_>) -> Option<Self> {
        if !has_key_like(value, &["rol", "dur", "pol", "strategy"]) {
            return None;
        }
        let (mut parameters, mut is_pure) = (0, true);
        let (mut wrappers, mut attached) = (Vec::new(), None);
        for member in value.members() {
            let name = member.name();
            if is_wrapper(&name) {
                wrappers.push(range_of(member.value));
            } else if names_policies(&name) {
                attached = attached.or((!is_blank(member.value)).then_some(member.value.index()));
            } else if let Some(parameter) = parameter_of(&name) {
                parameters |= parameter;
            } else {
                is_pure = false;
            }
        }
        if parameters & (ROLE | SESSION | DURATION) == 0 && wrappers.is_empty() {
            return None;
        }
        let has = |one: Parameters| parameters & one != 0;
        let is_plain = has(SESSION)
            || has(ROLE) && (is_pure || !wrappers.is_empty())
            || has(DURATION) && (has(ROLE) || !wrappers.is_empty());
        Some(Self { index: value.index(), parameters, is_plain, wrappers, attached })
    }

    /// Whether it asks for a key, and for all that the role has, as far as it says itself.
    pub(super) fn is_without(&self) -> bool {
        self.is_plain && self.attached.is_none()
    }

    /// Whether it has none of the parameters by which a request is known.
    fn is_bare(&self) -> bool {
        self.parameters & (ROLE | SESSION | DURATION) == 0
    }

    /// Whether it assumes a role and says that a policy belongs to it.
    fn is_to_have_one(&self) -> bool {
        self.parameters & (ROLE | SESSION) != 0 && !self.wrappers.is_empty()
    }

    /// Whether one of the ranges of nodes in `taken`, which are sorted, stands where the policy should.
    fn has_policy(&self, taken: &[(u32, u32)]) -> bool {
        self.wrappers.iter().any(|wrapper| holds_one(*wrapper, taken))
    }
}

/// Whether a key of a request holds the names of policies that are kept elsewhere: `PolicyArns`, `PolicyArns.member.1.arn`.
fn names_policies(name: &str) -> bool {
    is_spelt(first_step(name), "policyarns")
}

/// An object that asks for a key, with what is known of it once its text was searched.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settled {
    span: Span,
    parameters: Parameters,
    has_policy: bool,
    /// It has no policy, and that is to be told: for certain, or if another one that asks in the same way has one.
    without: Option<Without>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Without {
    Surely,
    BesideOne,
}

/// What is known of the objects of a text that ask for keys, in order of place. `taken` are the nodes that were read, sorted.
/// O(n log n).
pub(super) fn settled<'a>(
    asked: &'a [Asked],
    tree: &'a Tree<'_>,
    taken: &'a [(u32, u32)],
    locate: impl Fn(Value<'_, '_>) -> Span + 'a,
) -> impl Iterator<Item = Settled> + 'a {
    let parent = |asked: &Asked| tree.value(asked.index).and_then(Value::parent).map(Value::index);
    let with = asked.iter().filter(|asked| asked.is_bare() && asked.has_policy(taken));
    let parents: BTreeSet<u32> = with.filter_map(parent).collect();
    // What the requests inside it have in common ends here.
    let mut common = 0;
    asked.iter().filter_map(move |asked| {
        let value = tree.value(asked.index)?;
        let has_policy = asked.has_policy(taken);
        let is_common = asked.wrappers.is_empty() && holds_one(range_of(value), taken);
        if is_common && asked.is_plain {
            common = common.max(range_of(value).1);
        }
        let is_without = !has_policy && !is_common && asked.attached.is_none();
        let without = if !is_without {
            None
        } else if asked.is_bare() {
            let is_inside = asked.index < common && parent(asked).is_some_and(|parent| parents.contains(&parent));
            is_inside.then_some(Without::Surely)
        } else if asked.is_plain {
            Some(if asked.is_to_have_one() { Without::Surely } else { Without::BesideOne })
        } else {
            // A name and a duration are what a film has too.
            (asked.parameters & (NAME | DURATION) == NAME | DURATION).then_some(Without::BesideOne)
        };
        Some(Settled { span: locate(value), parameters: asked.parameters, has_policy, without })
    })
}

/// Where the objects are that ask for keys without a policy: where it should stand there is none, or another that asks in the
/// same way has one.
pub(super) fn without_policy(settled: &[Settled]) -> impl Iterator<Item = Span> {
    const KNOWN: Parameters = ROLE | SESSION | DURATION;
    let with = || settled.iter().filter(|one| one.has_policy).map(|one| one.parameters);
    let all = with().fold(0, |all, parameters| all | parameters);
    let names = with().any(|parameters| parameters & (KNOWN | NAME) == DURATION | NAME);
    let is_told = move |one: &&Settled| match one.without {
        None => false,
        Some(Without::Surely) => true,
        Some(Without::BesideOne) if one.parameters & (KNOWN | NAME) == DURATION | NAME => names,
        Some(Without::BesideOne) => one.parameters & all & KNOWN != 0,
    };
    settled.iter().filter(is_told).map(|one| one.span)
}

/// The nodes of a value: the index of its own, and the one behind its subtree.
pub(super) fn range_of(value: Value<'_, '_>) -> (u32, u32) {
    let node = value.tree().nodes().get(value.index() as usize);
    (value.index(), node.map_or(value.index() + 1, |node| node.next))
}

/// Whether one of the sorted ranges lies in a range.
fn holds_one((first, behind): (u32, u32), ranges: &[(u32, u32)]) -> bool {
    let at = ranges.partition_point(|(start, _)| *start < first);
    ranges.get(at).is_some_and(|(start, _)| *start < behind)
}
