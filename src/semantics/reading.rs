//! A statement with its actions resolved against the catalogue and its resources measured.
//!
//! Made once for each statement; the rules then ask set questions. A cell is one action on one resource; a cell fits
//! when the action's level and the resource's scope allow any request at all.

use smallvec::SmallVec;

use super::condition::holds_without;
use super::scope::{Scope, Scoped, scope_of};
use crate::catalog::{ActionId, ActionSet, Catalog, Class, Level, Role, Whose};
use crate::dialect::Dialect;
use crate::policy::{AbsentKeys, Action, ActionKind, Case, Condition, Owners, Pattern, Resource, Statement, find_hole};

/// What an action pattern of a statement means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// One known action, written out.
    Known(ActionId),
    /// A wildcard, with the known actions it matches.
    Wildcard(ActionSet),
    /// A wildcard that matches every action of the service.
    WholeService,
    /// A name that the catalogue does not know.
    Unknown,
    /// A hole stands in it, or only the provider can read it.
    Unreadable,
    /// Actions of another service.
    Other,
}

impl Meaning {
    /// The known actions that it stands for.
    pub fn actions(self, catalog: &Catalog) -> ActionSet {
        match self {
            Self::Known(id) => ActionSet::one(id),
            Self::Wildcard(set) => set,
            Self::WholeService => catalog.all(),
            Self::Unknown | Self::Unreadable | Self::Other => ActionSet::EMPTY,
        }
    }
}

/// A [`Meaning`] without the actions of a wildcard, which stand apart: few meanings are wildcards, and their set is large.
#[derive(Debug, Clone, Copy)]
enum Word {
    Known(ActionId),
    /// Its actions are those of this number among the reading's wildcards.
    Wildcard(u32),
    WholeService,
    Unknown,
    Unreadable,
    Other,
}

/// A statement, read.
#[derive(Debug)]
pub struct Reading<'p, 's> {
    /// The statement.
    pub statement: &'p Statement<'s>,
    /// What its actions mean, packed; read through [`Reading::meanings`].
    words: SmallVec<[Word; 6]>,
    /// The known actions that each of its wildcards matches.
    wildcards: Vec<ActionSet>,
    /// How wide its resources reach, in their order.
    pub scopes: SmallVec<[Scoped; 3]>,
    /// Known actions that are written out.
    pub written: ActionSet,
    /// Known actions that a wildcard stands for.
    pub wild: ActionSet,
    /// Known actions, named or not, of which the conditions never let a request pass.
    pub unmet: ActionSet,
    /// Some wildcard covers the whole service, or the actions are missing.
    pub covers_service: bool,
    /// Some action is unknown or cannot be read.
    pub has_unknown: bool,
    /// Every action is a known one, written out as policies name it.
    pub is_spelled_right: bool,
}

impl<'p, 's> Reading<'p, 's> {
    /// Read a statement. A place that is nowhere reaches nothing, however wide it is written.
    pub fn new(statement: &'p Statement<'s>, dialect: &dyn Dialect, owners: &Owners) -> Self {
        let catalog = dialect.catalog();
        let scope = |resource: &Resource<'_>| match resource.place() {
            Some(place) if dialect.is_nowhere(place) => Scoped::both(Scope::Nothing),
            _ => scope_of(resource, owners, dialect),
        };
        let mut reading = Self {
            statement,
            words: SmallVec::new(),
            wildcards: Vec::new(),
            scopes: statement.resources.named().iter().map(scope).collect(),
            written: ActionSet::EMPTY,
            wild: ActionSet::EMPTY,
            unmet: unmet(statement, catalog, dialect.absent_keys()),
            covers_service: false,
            has_unknown: false,
            is_spelled_right: true,
        };
        for action in &statement.actions.patterns {
            let (meaning, is_exact) = meaning_of(action, catalog);
            reading.push(meaning);
            reading.is_spelled_right &= is_exact && action.fault.is_none();
            match meaning {
                Meaning::Known(id) => reading.written.insert(id),
                Meaning::Wildcard(set) => reading.wild |= set,
                Meaning::WholeService => {
                    reading.wild = catalog.all();
                    reading.covers_service = true;
                }
                Meaning::Unknown | Meaning::Unreadable => reading.has_unknown = true,
                Meaning::Other => {}
            }
        }
        reading.is_spelled_right &= reading.written.is_subset(&catalog.nameable());
        if statement.actions.negated {
            let named = reading.actions();
            (reading.written, reading.wild) = (ActionSet::EMPTY, catalog.all() - named);
            reading.covers_service = statement.allows() && !reading.wild.is_empty();
        } else if statement.actions.is_missing && statement.allows() {
            reading.wild = catalog.all();
            reading.covers_service = true;
        }
        reading
    }

    fn push(&mut self, meaning: Meaning) {
        self.words.push(match meaning {
            Meaning::Known(id) => Word::Known(id),
            Meaning::Wildcard(set) => {
                self.wildcards.push(set);
                Word::Wildcard(self.wildcards.len() as u32 - 1)
            }
            Meaning::WholeService => Word::WholeService,
            Meaning::Unknown => Word::Unknown,
            Meaning::Unreadable => Word::Unreadable,
            Meaning::Other => Word::Other,
        });
    }

    /// What its actions mean, in their order.
    pub fn meanings(&self) -> impl ExactSizeIterator<Item = Meaning> + '_ {
        self.words.iter().map(|word| match *word {
            Word::Known(id) => Meaning::Known(id),
            Word::Wildcard(at) => Meaning::Wildcard(self.wildcards.get(at as usize).copied().unwrap_or_default()),
            Word::WholeService => Meaning::WholeService,
            Word::Unknown => Meaning::Unknown,
            Word::Unreadable => Meaning::Unreadable,
            Word::Other => Meaning::Other,
        })
    }

    /// Whether all its actions are other services'.
    pub fn is_of_other_services(&self) -> bool {
        let is_other = |meaning: &Meaning| *meaning == Meaning::Other;
        !self.statement.actions.negated && !self.words.is_empty() && self.meanings().all(|meaning| is_other(&meaning))
    }

    /// Whether all its resources are places that are nowhere, so that no request has one of them.
    pub fn is_nowhere(&self) -> bool {
        let mut resources = self.resources().peekable();
        resources.peek().is_some()
            && resources.all(|(resource, scoped)| resource.place().is_some() && scoped.scope == Scope::Nothing)
    }

    /// All known actions that it speaks of.
    pub fn actions(&self) -> ActionSet {
        self.written | self.wild
    }

    /// The resources with their scopes, in order.
    pub fn resources(&self) -> impl Iterator<Item = (&'p Resource<'s>, Scoped)> + '_ {
        self.statement.resources.named().iter().zip(self.scopes.iter().copied())
    }

    /// The actions with their meanings, in order.
    pub fn action_patterns(&self) -> impl Iterator<Item = (&'p Action<'s>, Meaning)> + '_ {
        self.statement.actions.patterns.iter().zip(self.meanings())
    }

    /// Those of `actions` for which some cell of the statement fits.
    pub fn fitting(&self, actions: ActionSet, catalog: &Catalog) -> ActionSet {
        if self.statement.resources.is_missing {
            return if self.statement.allows() { actions } else { ActionSet::EMPTY };
        }
        self.scopes.iter().fold(ActionSet::EMPTY, |all, scoped| all | (actions & fits(scoped.scope, catalog)))
    }

    /// The first action pattern, written out or not, that stands for one of `actions`.
    pub fn pattern_of(&self, actions: ActionSet, catalog: &Catalog) -> Option<&'p Action<'s>> {
        self.action_patterns().find(|(_, meaning)| meaning.actions(catalog).meets(&actions)).map(|(action, _)| action)
    }
}

/// The actions for which a request on a resource of this scope can exist.
pub fn fits(scope: Scope, catalog: &Catalog) -> ActionSet {
    let level = |level| catalog.of_level(level);
    match scope {
        Scope::Everything => catalog.all(),
        // Every bucket is what an action on the account is granted on as well.
        Scope::Account if catalog.buckets_apart() => catalog.all(),
        Scope::Bucket if catalog.buckets_apart() => level(Level::Object),
        Scope::Account | Scope::Bucket | Scope::Unknown => level(Level::Object) | level(Level::Bucket),
        Scope::Shared | Scope::Unclosed | Scope::Owned | Scope::Object => level(Level::Object) | catalog.prefix_reach(),
        Scope::BucketItself => level(Level::Bucket),
        Scope::Nothing => ActionSet::EMPTY,
    }
}

/// Whether a condition asks for a key that only requests that list carry, none of those for objects among them.
pub fn is_of_listing(condition: &Condition<'_>, catalog: &Catalog) -> bool {
    let objects = catalog.of_level(Level::Object) - catalog.prefix_reach();
    matches!(catalog.role_of(&condition.key), Some(Role::ListPrefix | Role::ListDelimiter))
        && !catalog.carrying(&condition.key).meets(&objects)
}

/// Whether a listed prefix begins with something that whoever asks does not choose: not with a wildcard, and with no variable
/// that the request fills, or an open default where its key is missing.
pub fn begins_fixed(prefix: &str, dialect: &dyn Dialect) -> bool {
    let is_fixed = |text: &str| {
        let first = text.chars().next();
        first.is_some() && first != Some('*') && !(dialect.any_one() && first == Some('?'))
    };
    let mark = find_hole(prefix, 0).filter(|(hole, _)| hole.start == 0).and_then(|(hole, _)| prefix.get(hole));
    match mark.and_then(|mark| Some((mark, dialect.filled_by(mark)?))) {
        None => is_fixed(prefix),
        Some((_, key)) if dialect.catalog().whose(key) == Some(Whose::Request) => false,
        Some((mark, _)) => mark.split_once(',').is_none_or(|(_, default)| {
            is_fixed(default.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\'' | '}')))
        }),
    }
}

/// The known actions of which a statement's conditions never let a request pass: those on objects, where a condition on what
/// is listed fails without its key.
fn unmet(statement: &Statement<'_>, catalog: &Catalog, absent_keys: AbsentKeys) -> ActionSet {
    let fails = |test: &Condition<'_>| is_of_listing(test, catalog) && holds_without(test, absent_keys) == Some(false);
    if statement.conditions.iter().any(fails) {
        catalog.of_level(Level::Object) - catalog.prefix_reach()
    } else {
        ActionSet::EMPTY
    }
}

/// The class with which an action counts beside others: members of the upload family count as `upload` when a member
/// that writes is there too.
pub fn class_beside(id: ActionId, others: ActionSet, catalog: &Catalog) -> Option<Class> {
    let action = catalog.action(id)?;
    let family = catalog.upload_family();
    let uploads = (others & family).meets(&catalog.of_class(Class::Upload));
    Some(if uploads && family.contains(id) { Class::Upload } else { action.class })
}

/// What an action means, and whether it is a known one in the catalogue's spelling.
fn meaning_of(action: &Action<'_>, catalog: &Catalog) -> (Meaning, bool) {
    let meaning = match &action.kind {
        ActionKind::EveryService => Meaning::WholeService,
        ActionKind::OtherService => Meaning::Other,
        ActionKind::Unreadable => Meaning::Unreadable,
        ActionKind::Own(pattern) if pattern.is_everything() => Meaning::WholeService,
        ActionKind::Own(pattern) if !pattern.holes().is_empty() => Meaning::Unreadable,
        ActionKind::Own(pattern) if pattern.is_wild() => Meaning::Wildcard(members(pattern, catalog)),
        ActionKind::Own(pattern) => {
            let name = pattern.text();
            if let Some(id) = catalog.find(name) {
                return (Meaning::Known(id), true);
            }
            catalog.find_in_any_case(name).map_or(Meaning::Unknown, Meaning::Known)
        }
    };
    (meaning, false)
}

/// The known actions that a wildcard matches: the range of names with its literal prefix, and of these the ones that
/// match. A wildcard that matches nothing as written is read in any letter case.
pub fn members(pattern: &Pattern<'_>, catalog: &Catalog) -> ActionSet {
    if pattern.case() == Case::Insensitive {
        return matching(pattern, catalog);
    }
    let prefix = pattern.literal_prefix();
    let range = catalog.with_prefix(prefix);
    let first = range.start as u16;
    let is_prefix =
        matches!(pattern.tokens(), [_, _]) && pattern.text().len() == prefix.len() + 1 && pattern.text().ends_with('*');
    let set: ActionSet = catalog
        .actions()
        .get(range)
        .unwrap_or_default()
        .iter()
        .zip(first..)
        .filter(|(action, _)| is_prefix || super::pattern::matches(pattern, &action.name))
        .map(|(_, id)| ActionId(id))
        .collect();
    if !set.is_empty() {
        return set;
    }
    matching(&Pattern::new(pattern.text(), false, Case::Insensitive, pattern.anchor()), catalog)
}

/// The known actions that a wildcard matches, each tried.
fn matching(pattern: &Pattern<'_>, catalog: &Catalog) -> ActionSet {
    let all = catalog.actions().iter().zip(0..);
    all.filter(|(action, _)| super::pattern::matches(pattern, &action.name)).map(|(_, id)| ActionId(id)).collect()
}
