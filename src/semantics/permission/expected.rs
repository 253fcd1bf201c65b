//! A policy held to what is expected of it.
//!
//! An expectation is written out as a policy of its own, for the buckets that the policy names and in its words, and the two
//! are compared. Where a listing is narrowed by a condition only, so it is there.
//! Region and account do not matter: the name of a bucket tells both. Where the expectation speaks of an owner, so must the
//! policy: by a placeholder of its own, or, in a policy that was filled in, by one value that fits all its statements; and so
//! for every other hole.

use std::collections::{BTreeMap, BTreeSet};

use super::binding::Binding;
use super::change::{Change, Difference, Undecided};
use super::class::Subject;
use super::letters::{can_mark, on_prefixes, unmarked, with_marks};
use super::space::Space;
use crate::catalog::{ActionSet, Catalog, Role};
use crate::dialect::{Dialect, named};
use crate::policy::{
    Action, ActionKind, Anchor, Base, Case, Condition, Effect, Element, HoleRole, Operator, Owners, Pattern, Place,
    Policy, PolicyKind, Quantifier, Resource, ResourceKind, Statement, TestValue, TokenKind,
};
use crate::semantics::expectation::{Expectation, ExpectedGrant};
use crate::text::Span;

/// A policy beside its expectation.
#[derive(Debug, Clone)]
pub struct Held {
    /// What the policy permits beyond the expectation (added), and what it lacks (removed).
    pub difference: Difference,
    /// What the policy takes for the holes of the expectation: hole and value, as they are written.
    pub bound: Vec<(String, String)>,
    expected: Written,
}

/// An expectation, written out as a policy.
#[derive(Debug, Clone)]
struct Written {
    policy: Policy<'static>,
    /// For each statement and resource the key that is expected there; empty for the bucket.
    keys: Vec<Vec<String>>,
}

impl Held {
    /// The key that is expected where something is missing.
    pub fn expected_key(&self, missing: &Change) -> &str {
        let keys = self.expected.keys.get(missing.statement);
        keys.and_then(|keys| keys.get(missing.resource)).map_or("", String::as_str)
    }

    /// Where a change is missing, as the policy would write it.
    fn resource(&self, change: &Change, policy: &Policy<'_>, dialect: &dyn Dialect) -> Option<Resource<'static>> {
        let own = self.expected.policy.statements.get(change.statement)?;
        let mut resource = own.resources.patterns.get(change.resource)?.clone();
        let ResourceKind::Place(place) = &mut resource.kind else {
            return Some(Resource { text: "*".into(), ..resource });
        };
        let places = policy.statements.iter().flat_map(|one| &one.resources.patterns).filter_map(Resource::place);
        let beside = places.into_iter().find(|other| other.bucket() == place.bucket());
        let part = |own: Option<&str>, other: &str| Pattern::literal(own.unwrap_or(other).to_owned(), loose());
        place.region = part(beside.map(|other| other.region.text()), &change.spot.region);
        place.account = part(beside.map(|other| other.account.text()), &change.spot.account);
        resource.text = dialect.spell_resource(place, place.path.text()).into();
        Some(resource)
    }

    /// What the policy lacks, as a policy of its own: a statement for each change, on the resource of the policy that
    /// `holds` it, or on one that the policy would have to have.
    pub fn lacking<'s>(
        &self,
        policy: &Policy<'s>,
        dialect: &dyn Dialect,
        holds: impl Fn(&Resource<'_>, &Change) -> bool,
    ) -> Policy<'s> {
        let mut lacking = Policy::nothing();
        for change in &self.difference.removed {
            let mut own = policy.statements.iter().flat_map(|statement| &statement.resources.patterns);
            let own = own.find(|resource| holds(resource, change)).cloned();
            let Some(resource) = own.or_else(|| self.resource(change, policy, dialect)) else { continue };
            let known = change.subjects.iter().filter_map(|subject| match subject {
                Subject::Known(id) => Some(*id),
                Subject::Named(_) | Subject::Future(_) => None,
            });
            lacking.statements.push(statement(0, known.collect(), vec![resource], dialect.catalog()));
        }
        lacking
    }
}

/// Hold a policy to an expectation.
pub fn hold(
    expectation: &Expectation,
    policy: &Policy<'_>,
    kind: PolicyKind,
    owners: &Owners,
    dialect: &'static dyn Dialect,
) -> Held {
    let grants = match expectation.grants_in(dialect) {
        Ok(grants) => grants,
        Err(foreign) => {
            let has = |name: &&'static str| named(name).map(|dialect| dialect.words().service);
            let services: Vec<&str> = expectation.dialects.iter().filter_map(has).collect();
            let reason = format!("{foreign}; the expectation speaks of {}", services.join(" and "));
            let undecided = vec![Undecided { subjects: Vec::new(), reason }];
            let difference = Difference { undecided, ..Difference::default() };
            let expected = Written { policy: Policy::nothing(), keys: Vec::new() };
            return Held { difference, bound: Vec::new(), expected };
        }
    };
    let buckets = buckets(expectation, policy);
    let spelled = spellings(policy, dialect);
    let compare = |bound: &Binding| {
        let expected = written(&grants, &buckets, &bound.fillings(&spelled), &expectation.owners, dialect);
        let is_marked = can_mark(&[policy, &expected.policy], dialect);
        let marked = is_marked.then(|| (with_marks(policy, dialect), with_marks(&expected.policy, dialect)));
        let (own, meant) = marked.as_ref().map_or((policy, &expected.policy), |(own, meant)| (own, meant));
        let mut space = Space::of_keys(dialect);
        // Read first, so that holes are shown as the policy writes them.
        let now = space.permission(own, kind, owners);
        let before = space.permission(meant, PolicyKind::Session, &Owners::default());
        let difference = space.difference(&before, &now);
        let difference = if is_marked { without_marks(difference, &spelled) } else { difference };
        Held { difference, bound: bound.told(), expected }
    };
    let cost = |held: &Held| {
        let Difference { added, removed, undecided } = &held.difference;
        (undecided.len(), added.len() + removed.len())
    };
    let mut best = compare(&Binding::default());
    for bound in candidates(&grants, policy, owners, dialect) {
        if cost(&best) == (0, 0) {
            break;
        }
        let held = compare(&bound);
        if cost(&held) < cost(&best) || (cost(&held) == cost(&best) && best.bound.is_empty() && !bound.is_cut) {
            best = held;
        }
    }
    best
}

/// A difference in words for people.
fn without_marks(mut difference: Difference, spelled: &BTreeMap<String, String>) -> Difference {
    for change in difference.added.iter_mut().chain(&mut difference.removed) {
        change.context = change.context.clone().reworded(|text| unmarked(text, spelled));
    }
    for open in &mut difference.undecided {
        open.reason = unmarked(&open.reason, spelled);
    }
    difference
}

/// The patterns of prefixes that the conditions of a policy name, where a listing is held to them.
fn prefixes(policy: &Policy<'_>, dialect: &dyn Dialect, owners: &Owners) -> Vec<Pattern<'static>> {
    if !dialect.catalog().buckets_apart() {
        return Vec::new();
    }
    let conditions = policy.statements.iter().flat_map(|statement| on_prefixes(statement, dialect.catalog()));
    conditions.flat_map(|condition| &condition.values).map(|value| dialect.key_pattern(&value.text, owners)).collect()
}

/// How the policy writes its holes, by name.
fn spellings(policy: &Policy<'_>, dialect: &dyn Dialect) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut add = |pattern: &Pattern<'_>| {
        for hole in pattern.holes().iter().filter(|hole| !pattern.hole_name(hole).is_empty()) {
            let name = pattern.hole_name(hole).to_owned();
            found.entry(name).or_insert_with(|| text_of(pattern, &hole.range).to_owned());
        }
    };
    let places = policy.statements.iter().flat_map(|s| &s.resources.patterns).filter_map(Resource::place);
    places.for_each(|place| add(&place.path));
    prefixes(policy, dialect, &Owners::default()).iter().for_each(add);
    found
}

fn text_of<'p>(pattern: &'p Pattern<'_>, range: &std::ops::Range<u32>) -> &'p str {
    pattern.text().get(range.start as usize..range.end as usize).unwrap_or_default()
}

/// What the text of a policy suggests for the holes of the expectation.
fn candidates(grants: &[ExpectedGrant], policy: &Policy<'_>, owners: &Owners, dialect: &dyn Dialect) -> Vec<Binding> {
    let expected: Vec<&Pattern<'_>> = grants.iter().flat_map(|grant| &grant.keys).collect();
    let listed = prefixes(policy, dialect, owners);
    let places = policy.statements.iter().flat_map(|s| &s.resources.patterns).filter_map(Resource::place);
    let own = places.filter_map(|place| Some((&place.path, place.key()?)));
    let own: Vec<_> = own.chain(listed.iter().map(|prefix| (prefix, prefix.text()))).collect();
    super::binding::candidates(&expected, &own, &owners.names)
}

/// The policy that grants describe, with the key of each of its resources; `fillings` is what stands for their holes.
fn written(
    grants: &[ExpectedGrant],
    buckets: &[String],
    fillings: &BTreeMap<String, String>,
    owners: &Owners,
    dialect: &dyn Dialect,
) -> Written {
    let catalog = dialect.catalog();
    let mut out = Written { policy: Policy::nothing(), keys: Vec::new() };
    let mut add = |actions: ActionSet, resources: Vec<Resource<'static>>, keys: Vec<String>, prefix: Option<&str>| {
        if actions.is_empty() || resources.is_empty() {
            return;
        }
        let mut statement = statement(out.policy.statements.len() as u32, actions, resources, catalog);
        statement.conditions.extend(prefix.and_then(|prefix| held_to(prefix, catalog)));
        out.policy.statements.push(statement);
        out.keys.push(keys);
    };
    // A bucket is a resource of its own, or the prefix of all its keys.
    let slash = if catalog.buckets_apart() { "" } else { "/" };
    let whole = || buckets.iter().map(|bucket| resource(bucket, slash, None, dialect)).collect::<Vec<_>>();
    for grant in grants {
        let parts = grant.parts(catalog);
        let mut resources = Vec::new();
        let mut keys = Vec::new();
        for bucket in buckets {
            for key in &grant.keys {
                let key = dialect.key_pattern(&filled(key, fillings), owners);
                resources.push(resource(bucket, "/", Some(&key), dialect));
            }
            keys.extend(grant.keys.iter().map(|key| key.text().to_owned()));
        }
        add(parts.on_keys, resources, keys, None);
        for key in &grant.keys {
            let prefix = filled(key, fillings);
            let keys = vec![key.text().to_owned(); buckets.len()];
            add(parts.on_prefixes, whole(), keys, Some(&prefix).filter(|_| !key.is_everything()).map(String::as_str));
        }
        add(parts.on_bucket, whole(), vec![String::new(); buckets.len()], None);
        let everything = Resource { kind: ResourceKind::Everything, ..resource("*", "", None, dialect) };
        add(parts.on_account, vec![everything], vec!["*".to_owned()], None);
    }
    out
}

/// The buckets that are held to the expectation, as they are written.
fn buckets(expectation: &Expectation, policy: &Policy<'_>) -> Vec<String> {
    if let Some(bucket) = &expectation.bucket {
        return vec![bucket.clone()];
    }
    let places = policy.statements.iter().flat_map(|s| &s.resources.patterns).filter_map(Resource::place);
    let named = places.filter(|place| place.slash().is_some() || !place.path.is_wild());
    let buckets: BTreeSet<String> = named.map(|place| place.bucket().to_owned()).collect();
    buckets.into_iter().collect()
}

/// A key, its holes filled in as far as something stands for them.
fn filled(key: &Pattern<'_>, fillings: &BTreeMap<String, String>) -> String {
    let mut text = String::with_capacity(key.text().len());
    for token in key.tokens() {
        let hole = match token.kind {
            TokenKind::Hole(index) => key.holes().get(index as usize),
            _ => None,
        };
        let filling = hole.and_then(|hole| fillings.get(key.hole_name(hole)));
        text.push_str(filling.map_or_else(|| key.token_text(*token), String::as_str));
    }
    text
}

fn loose() -> Anchor {
    Anchor::loose(Span::default())
}

/// A bucket, or a key of it; the holes of the key keep their roles.
fn resource(bucket: &str, slash: &str, key: Option<&Pattern<'_>>, dialect: &dyn Dialect) -> Resource<'static> {
    let nothing = || Pattern::literal("", loose());
    let text = [bucket, slash, key.map_or("", |key| key.text())].concat();
    let key_at = (bucket.len() + slash.len()) as u32;
    let mut path = Pattern::new(text, dialect.any_one(), Case::Sensitive, loose());
    for hole in path.holes_mut() {
        let own = key.and_then(|key| key.holes().iter().find(|own| own.range.start + key_at == hole.range.start));
        hole.role = own.map_or(HoleRole::Bucket, |own| own.role);
    }
    let kind = ResourceKind::Place(Box::new(Place::new(nothing(), nothing(), path)));
    Resource { span: Span::default(), text: String::new().into(), kind, is_faulty: false }
}

/// The condition that holds a listing to a prefix.
fn held_to(prefix: &str, catalog: &Catalog) -> Option<Condition<'static>> {
    let key = catalog.key_of_role(Role::ListPrefix)?;
    let span = Span::default();
    let operator = Operator {
        text: String::new().into(),
        span,
        base: Base::StringLike,
        negated: false,
        if_exists: false,
        quantifier: Quantifier::One,
    };
    let value = TestValue { text: prefix.to_owned().into(), span, is_string: true };
    Some(Condition {
        operator,
        key: key.name.clone().into(),
        key_text: key.name.clone().into(),
        key_span: span,
        values: vec![value],
    })
}

fn statement<'s>(index: u32, actions: ActionSet, resources: Vec<Resource<'s>>, catalog: &Catalog) -> Statement<'s> {
    let span = Span::default();
    let action = |id| {
        let name = catalog.name(id).to_owned();
        let kind = ActionKind::Own(Pattern::literal(name.clone(), loose()));
        Action { span, text: name.into(), name_span: span, kind, fault: None }
    };
    Statement {
        index,
        span,
        node: 0,
        sid: None,
        effect: Effect::Allow,
        principals: None,
        actions: Element {
            negated: false,
            widest: None,
            span,
            patterns: actions.iter().map(action).collect(),
            is_missing: false,
        },
        resources: Element { negated: false, widest: None, span, patterns: resources, is_missing: false },
        conditions: Vec::new(),
    }
}
