//! A policy held to what is expected of it.
//!
//! An expectation is written out as a policy of its own, for the buckets that the policy names, and the two are compared.
//! Region and account do not matter: the name of a bucket tells both. Where the expectation speaks of an owner, so must the
//! policy: by a placeholder of its own, or, in a policy that was filled in, by one value that fits all its statements.

use std::collections::BTreeSet;

use super::change::{Change, Difference, Undecided};
use super::space::Space;
use crate::catalog::{ActionSet, Catalog};
use crate::dialect::Dialect;
use crate::policy::PolicyKind;
use crate::policy::{
    Action, ActionKind, Anchor, Case, Effect, Element, HoleRole, Owners, Pattern, Place, Policy, Resource,
    ResourceKind, Statement, TokenKind,
};
use crate::semantics::expectation::Expectation;
use crate::text::Span;

/// The most owners that are tried.
const MOST_OWNERS: usize = 12;

/// A policy beside its expectation.
#[derive(Debug, Clone)]
pub struct Held {
    /// What the policy permits beyond the expectation (added), and what it lacks (removed).
    pub difference: Difference,
    /// Whom the policy takes for the owner of the expectation: hole and value, as they are written.
    pub owner: Option<(String, String)>,
    /// For each statement and resource of what is removed: the key that was expected there.
    expected: Vec<Vec<String>>,
}

impl Held {
    /// The key that is expected where something is missing.
    pub fn expected_key(&self, missing: &Change) -> &str {
        self.expected.get(missing.statement).and_then(|keys| keys.get(missing.resource)).map_or("", String::as_str)
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
    if expectation.dialect != dialect.name() {
        let reason = format!("it is written for {}, and the policy is one of {}", expectation.dialect, dialect.name());
        let undecided = vec![Undecided { subjects: Vec::new(), reason }];
        let difference = Difference { added: Vec::new(), removed: Vec::new(), undecided };
        return Held { difference, owner: None, expected: Vec::new() };
    }
    let compare = |taken: &Taken| {
        let (expected, keys) = written(expectation, policy, taken, dialect);
        let mut space = Space::of_keys(dialect, taken.alias());
        let nobody = Owners::default();
        // Read first, so that holes are shown as the policy writes them.
        let now = space.permission(policy, kind, owners);
        let before = space.permission(&expected, PolicyKind::Session, &nobody);
        let difference = space.difference(&before, &now);
        Held { difference, owner: taken.told(), expected: keys }
    };
    let cost = |held: &Held| {
        let Difference { added, removed, undecided } = &held.difference;
        (undecided.len(), added.len() + removed.len())
    };
    let mut best = compare(&Taken::Nobody);
    for taken in candidates(expectation, policy, owners) {
        if cost(&best) == (0, 0) {
            break;
        }
        let held = compare(&taken);
        if cost(&held) < cost(&best) || (cost(&held) == cost(&best) && best.owner.is_none()) {
            best = held;
        }
    }
    best
}

/// Whom a policy may take for the owner.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Taken {
    /// Whoever is named as in the expectation.
    Nobody,
    /// The hole of this name, in place of the expectation's.
    Hole { own: String, expected: String, shown: String },
    /// This user.
    Value { expected: String, value: String },
}

impl Taken {
    /// The hole of the policy that stands for the one of the expectation.
    fn alias(&self) -> Option<(String, String)> {
        match self {
            Self::Hole { own, expected, .. } => Some((own.clone(), expected.clone())),
            Self::Nobody | Self::Value { .. } => None,
        }
    }

    /// Hole and value, as they are written.
    fn told(&self) -> Option<(String, String)> {
        match self {
            Self::Nobody => None,
            Self::Hole { expected, shown, .. } => Some((expected.clone(), shown.clone())),
            Self::Value { expected, value } => Some((expected.clone(), value.clone())),
        }
    }
}

/// The owners that the text of a policy suggests.
fn candidates(expectation: &Expectation, policy: &Policy<'_>, owners: &Owners) -> Vec<Taken> {
    let keys = || expectation.grants.iter().flat_map(|grant| &grant.keys);
    let mut holes: BTreeSet<&str> = BTreeSet::new();
    for key in keys() {
        holes.extend(key.holes().iter().filter(|hole| hole.role == HoleRole::Owner).map(|hole| key.hole_name(hole)));
    }
    let mut found: BTreeSet<Taken> = BTreeSet::new();
    let places = || policy.statements.iter().flat_map(|s| &s.resources.patterns).filter_map(Resource::place);
    for expected in holes {
        for place in places() {
            for hole in place.path.holes().iter().filter(|hole| hole.role == HoleRole::Owner) {
                let own = place.path.hole_name(hole);
                let shown =
                    place.path.text().get(hole.range.start as usize..hole.range.end as usize).unwrap_or_default();
                if !own.is_empty() && own != expected {
                    found.insert(Taken::Hole {
                        own: own.to_owned(),
                        expected: expected.to_owned(),
                        shown: shown.to_owned(),
                    });
                }
            }
            for value in keys().filter_map(|key| value_of(key, expected, place)) {
                found.insert(Taken::Value { expected: expected.to_owned(), value });
            }
        }
        for name in &owners.names {
            found.insert(Taken::Value { expected: expected.to_owned(), value: name.clone() });
        }
    }
    found.into_iter().take(MOST_OWNERS).collect()
}

/// What stands in a place where an expected key has its owner.
fn value_of(key: &Pattern<'_>, expected: &str, place: &Place<'_>) -> Option<String> {
    let hole = key.holes().iter().find(|hole| key.hole_name(hole) == expected)?;
    let own = place.key()?;
    let before = key.text().get(..hole.range.start as usize)?;
    let behind = key.text().get(hole.range.end as usize..)?;
    if before.contains('*') {
        return None;
    }
    let rest = own.strip_prefix(before)?;
    let ends = |c: char| c == '*' || c == '/' || c == '<' || c == '{' || c == '$' || behind.starts_with(c);
    let value = rest.split(ends).next()?;
    (!value.is_empty()).then(|| value.to_owned())
}

/// The policy that an expectation describes, with the key of each of its resources.
fn written(
    expectation: &Expectation,
    policy: &Policy<'_>,
    taken: &Taken,
    dialect: &dyn Dialect,
) -> (Policy<'static>, Vec<Vec<String>>) {
    let catalog = dialect.catalog();
    let buckets = buckets(expectation, policy);
    let (mut statements, mut all_keys) = (Vec::new(), Vec::new());
    let mut add = |actions: ActionSet, resources: Vec<Resource<'static>>, keys: Vec<String>| {
        if actions.is_empty() || resources.is_empty() {
            return;
        }
        statements.push(statement(statements.len() as u32, actions, resources, catalog));
        all_keys.push(keys);
    };
    for grant in &expectation.grants {
        let parts = grant.parts(catalog);
        let mut resources = Vec::new();
        let mut keys = Vec::new();
        for bucket in &buckets {
            for key in &grant.keys {
                let path = format!("{bucket}/{}", filled(key, taken));
                resources.push(resource(path, key, bucket.len() as u32 + 1, taken, dialect.any_one()));
                keys.push(key.text().to_owned());
            }
        }
        add(parts.on_keys, resources, keys);
        let whole = buckets.iter().map(|bucket| plain(format!("{bucket}/"), dialect.any_one())).collect();
        add(parts.on_bucket, whole, vec![String::new(); buckets.len()]);
        let everything = Resource { kind: ResourceKind::Everything, ..plain("*".to_owned(), false) };
        add(parts.on_account, vec![everything], vec!["*".to_owned()]);
    }
    let mut expected = Policy::nothing();
    expected.statements = statements;
    (expected, all_keys)
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

/// A key, its owner filled in if it is known.
fn filled(key: &Pattern<'_>, taken: &Taken) -> String {
    let Taken::Value { expected, value } = taken else { return key.text().to_owned() };
    let mut text = String::with_capacity(key.text().len());
    for token in key.tokens() {
        match token.kind {
            TokenKind::Hole(index) if key.holes().get(index as usize).is_some_and(|h| key.hole_name(h) == expected) => {
                text.push_str(value);
            }
            _ => text.push_str(key.token_text(*token)),
        }
    }
    text
}

fn loose() -> Anchor {
    Anchor::loose(Span::default())
}

fn plain(path: String, any_one: bool) -> Resource<'static> {
    let nothing = || Pattern::literal("", loose());
    let path = Pattern::new(path, any_one, Case::Sensitive, loose());
    let kind = ResourceKind::Place(Box::new(Place { region: nothing(), account: nothing(), path }));
    Resource { span: Span::default(), text: String::new().into(), kind, is_faulty: false }
}

/// The resource of a key; its holes keep their roles.
fn resource(path: String, key: &Pattern<'_>, key_at: u32, taken: &Taken, any_one: bool) -> Resource<'static> {
    let mut resource = plain(path, any_one);
    if let ResourceKind::Place(place) = &mut resource.kind
        && !matches!(taken, Taken::Value { .. })
    {
        for hole in place.path.holes_mut() {
            let own = key.holes().iter().find(|own| own.range.start + key_at == hole.range.start);
            hole.role = own.map_or(HoleRole::Bucket, |own| own.role);
        }
    } else if let ResourceKind::Place(place) = &mut resource.kind {
        place.path.holes_mut().iter_mut().for_each(|hole| hole.role = HoleRole::Path);
    }
    resource
}

fn statement(
    index: u32,
    actions: ActionSet,
    resources: Vec<Resource<'static>>,
    catalog: &Catalog,
) -> Statement<'static> {
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
