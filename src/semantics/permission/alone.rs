//! Questions about one statement among the others of its policy.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::area::{Area, Parts, Steps};
use super::class::{Class, Subject, class_of, classes};
use super::encode::{Look, impossible};
use super::question::{Found, find};
use super::rights::{Permission, Rights};
use super::space::Space;
use super::whom::callers;
use crate::catalog::{ActionId, ActionSet, Role};
use crate::policy::find_hole;
use crate::semantics::condition::{Given, Guard, MOST_CONTEXTS, Truth};
use crate::semantics::glob::{Letter, Step};
use crate::semantics::reading::begins_fixed;
use crate::semantics::search::Budget;

/// A policy whose statements are held against each other, action by action.
#[derive(Debug)]
pub struct Alone<'p, 's> {
    space: Space,
    permission: Permission<'p, 's>,
    classes: Vec<Class>,
    /// All classes were told apart, and all of the policy was read.
    is_whole: bool,
    /// Of all questions together: nobody waits for a remark.
    budget: RefCell<Budget>,
}

/// What is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Yes; a proof.
    Yes,
    /// No; a request shows it.
    No,
    /// Not decided.
    Unknown,
}

/// What is surely taken of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// The known actions of which nothing is left.
    pub actions: ActionSet,
    /// It speaks of actions that the catalogue does not know, and nothing is left of those either.
    pub is_future: bool,
}

impl<'p, 's> Alone<'p, 's> {
    /// Hold the statements of a policy against each other.
    pub fn new(space: Space, permission: Permission<'p, 's>) -> Self {
        let (classes, fault) = classes(&[&permission], space.dialect.catalog());
        let is_whole = fault.is_none() && permission.unclear.is_empty();
        let budget = RefCell::new(Budget::new(10_000, 50_000).with_comparisons(1 << 26));
        Self { space, permission, classes, is_whole, budget }
    }

    /// Whether each request that a statement speaks of is spoken of by one of `others`. A statement that speaks of none is not
    /// said to lie anywhere.
    pub fn lies_in(&self, statement: usize, others: &[usize]) -> Known {
        let Some(own) = self.own(statement) else { return Known::Unknown };
        let (mut budget, mut speaks, mut is_known) = (self.budget.borrow_mut(), false, true);
        for class in &self.classes {
            let areas: Vec<&Area> = own.areas(class.look).iter().collect();
            match self.outside(class, statement, &areas, others, &mut budget) {
                None => {}
                Some(Known::Yes) => return Known::No,
                Some(Known::No) => speaks = true,
                Some(Known::Unknown) => (speaks, is_known) = (true, false),
            }
        }
        match (speaks, is_known) {
            (false, _) => Known::No,
            (true, true) => Known::Yes,
            (true, false) => Known::Unknown,
        }
    }

    /// Whether some request is one that a statement speaks of, its conditions aside.
    pub fn speaks(&self, statement: usize) -> Known {
        let Some(own) = self.own(statement) else { return Known::Unknown };
        let mut budget = self.budget.borrow_mut();
        let of_classes = self.classes.iter().filter(|class| is_of(class, statement)).map(|class| {
            let words = own
                .areas(class.look)
                .iter()
                .map(|area| find(&[area], &[], impossible(class.look).as_ref(), &mut budget));
            words.fold(Found::None, worse)
        });
        match of_classes.fold(Found::None, worse) {
            Found::None => Known::No,
            Found::Word(_) => Known::Yes,
            Found::Unknown(_) => Known::Unknown,
        }
    }

    /// What `others` surely take of what a statement says of one of its resources, by index.
    pub fn taken(&self, statement: usize, resource: usize, others: &[usize]) -> Taken {
        let mut taken = Taken { actions: ActionSet::EMPTY, is_future: false };
        let Some(own) = self.own(statement) else { return taken };
        let mut budget = self.budget.borrow_mut();
        let mut leaves_future = false;
        for class in &self.classes {
            let areas: Vec<&Area> = own.areas(class.look).iter().filter(|area| area.resource == resource).collect();
            let Some(outside) = self.outside(class, statement, &areas, others, &mut budget) else { continue };
            for subject in &class.subjects {
                match (subject, outside == Known::No) {
                    (Subject::Known(id), true) => taken.actions.insert(*id),
                    (Subject::Known(_), false) => {}
                    (Subject::Named(_) | Subject::Future(_), true) => taken.is_future = true,
                    (Subject::Named(_) | Subject::Future(_), false) => leaves_future = true,
                }
            }
        }
        taken.is_future &= !leaves_future;
        taken
    }

    /// Whether a statement may let a listing pass that none of `others` surely refuses: of the prefix that is `given`, and of
    /// which the part of the resource is `key`. Only a `false` is a proof.
    fn may_list(
        &self,
        action: ActionId,
        statement: usize,
        others: &[usize],
        given: &BTreeMap<String, Given>,
        key: Steps,
    ) -> bool {
        let Some(own) = self.own(statement) else { return true };
        let class = class_of(&[&self.permission], &Subject::Known(action), self.space.dialect.catalog());
        let look = class.look;
        let holds = |rights: &Rights<'_, '_>| self.space.vocabulary.evaluate(rights.guard(look), given);
        if !is_of(&class, statement) || holds(own) == Truth::No {
            return false;
        }
        let asked = Area::new(0, Parts { key, ..Parts::everything() }.glob());
        let refusing: Vec<&Rights<'_, '_>> =
            self.near(&class, others).filter(|rights| holds(rights) == Truth::Yes).collect();
        let mut budget = self.budget.borrow_mut();
        let whom = refusing.iter().map(|rights| &rights.whom).chain([&own.whom]);
        let Ok(callers) = callers(whom) else { return true };
        callers.iter().filter(|caller| own.whom.includes(caller)).any(|caller| {
            let refusing = refusing.iter().filter(|rights| rights.whom.includes(caller));
            let outside: Vec<&Area> = refusing.flat_map(|rights| rights.areas(look)).collect();
            own.areas(look).iter().any(|area| {
                let inside: &[&Area] = if look == Look::Prefix { &[area, &asked] } else { &[area] };
                find(inside, &outside, impossible(look).as_ref(), &mut budget) != Found::None
            })
        })
    }

    /// Whether a statement may let listings pass that together are of all keys of a bucket and that none of `others` surely
    /// refuses: one without a prefix or with an empty one, which no `/` folds into a single level; or one with a prefix that
    /// begins as no value does, since level by level the same is listed. Only a `false` is a proof.
    pub fn may_list_all(&self, action: ActionId, statement: usize, others: &[usize]) -> bool {
        let catalog = self.space.dialect.catalog();
        let conditions = || self.permission.readings().flat_map(|reading| &reading.statement.conditions);
        let values = || conditions().flat_map(|condition| &condition.values);
        let is_strange = |c: &char| !values().any(|value| value.text.contains(*c));
        let Some(strange) = STRANGE.into_iter().find(is_strange) else { return true };
        let some = |text: String| Given::Values(vec![text]);
        let filled = |text: &str| {
            let hole = find_hole(text, 0).filter(|(hole, _)| hole.start == 0).map_or(0, |(hole, _)| hole.end);
            let rest = text.get(hole..).unwrap_or_default().replace(['*', '?'], strange.encode_utf8(&mut [0; 4]));
            if hole == 0 { rest } else { format!("{strange}{rest}") }
        };
        let asked = |role: Role| {
            let own = self.permission.readings().nth(statement).into_iter().flat_map(|own| &own.statement.conditions);
            let of_role = own.filter(move |condition| catalog.role_of(&condition.key) == Some(role));
            of_role.flat_map(|condition| &condition.values).map(|value| &*value.text)
        };
        let of_delimiter: BTreeSet<String> =
            asked(Role::ListDelimiter).filter(|text| *text != "/").map(filled).collect();
        let of_prefix = asked(Role::ListPrefix).filter(|text| !text.is_empty());
        let of_prefix: BTreeSet<String> =
            of_prefix.filter(|text| !begins_fixed(text, self.space.dialect)).map(filled).collect();
        if (of_prefix.len() + 3) * (of_delimiter.len() + 4) > MOST_PROBES {
            return true;
        }
        let mut delimiters = vec![Given::Absent];
        delimiters.extend([String::new(), strange.into()].into_iter().chain(of_delimiter).map(some));
        let mut probes = Vec::new();
        for prefix in [Given::Absent, some(String::new())] {
            probes.extend(delimiters.iter().map(|delimiter| (prefix.clone(), delimiter.clone(), 0)));
        }
        delimiters.push(some("/".into()));
        for prefix in of_prefix.into_iter().chain([strange.into()]).map(some) {
            probes.extend(delimiters.iter().map(|delimiter| (prefix.clone(), delimiter.clone(), 1)));
        }
        probes.into_iter().any(|(prefix, delimiter, length)| {
            let mut given = BTreeMap::new();
            for condition in conditions() {
                match catalog.role_of(&condition.key) {
                    Some(Role::ListPrefix) => given.insert(condition.key.to_string(), prefix.clone()),
                    Some(Role::ListDelimiter) => given.insert(condition.key.to_string(), delimiter.clone()),
                    _ => None,
                };
            }
            let key: Steps = [Step::Letter(Letter::ANY), Step::Run].into_iter().take(2 * length).collect();
            self.may_list(action, statement, others, &given, key)
        })
    }

    fn own(&self, statement: usize) -> Option<&Rights<'p, 's>> {
        self.permission.rights.get(statement).filter(|_| self.is_whole)
    }

    /// Those of `others` that speak of the actions of a class.
    fn near<'n>(&'n self, class: &'n Class, others: &'n [usize]) -> impl Iterator<Item = &'n Rights<'p, 's>> {
        others.iter().filter(|at| is_of(class, **at)).filter_map(|at| self.permission.rights.get(*at))
    }

    /// Whether some request for the actions of a class is in one of these areas of a statement, meets its conditions, and is
    /// spoken of by none of `others`; `None` where the statement says nothing.
    fn outside(
        &self,
        class: &Class,
        statement: usize,
        areas: &[&Area],
        others: &[usize],
        budget: &mut Budget,
    ) -> Option<Known> {
        let own = self.own(statement)?;
        let guard = own.guard(class.look);
        if !is_of(class, statement) || areas.is_empty() || guard.is_impossible() {
            return None;
        }
        let mut near: Vec<&Rights<'_, '_>> = self.near(class, others).collect();
        if near.len() > FEW {
            near.retain(|rights| {
                let mut pairs =
                    rights.areas(class.look).iter().flat_map(|other| areas.iter().map(move |own| [*own, other]));
                pairs.any(|pair| find(&pair, &[], None, budget) != Found::None)
            });
        }
        let mut guards: Vec<&Guard> = near.iter().map(|rights| rights.guard(class.look)).chain([guard]).collect();
        guards.sort_unstable();
        guards.dedup();
        if guards.len() > MOST_GUARDS {
            return Some(Known::Unknown);
        }
        let Ok(contexts) = self.space.vocabulary.contexts(&guards, MOST_CONTEXTS) else { return Some(Known::Unknown) };
        let impossible = impossible(class.look);
        let mut is_known = true;
        let whom = near.iter().map(|rights| &rights.whom).chain([&own.whom]);
        let Ok(callers) = callers(whom) else { return Some(Known::Unknown) };
        for caller in callers.iter().filter(|caller| own.whom.includes(caller)) {
            for context in contexts.iter().filter(|context| guard.holds_in(context)) {
                let active = near
                    .iter()
                    .filter(|rights| rights.whom.includes(caller) && rights.guard(class.look).holds_in(context));
                let active: Vec<&Area> = active.flat_map(|rights| rights.areas(class.look)).collect();
                let words = areas.iter().map(|area| find(&[area], &active, impossible.as_ref(), budget));
                match words.fold(Found::None, worse) {
                    Found::None => {}
                    Found::Word(_) if context.is_free() => return Some(Known::Yes),
                    Found::Word(_) | Found::Unknown(_) => is_known = false,
                }
            }
        }
        Some(if is_known { Known::No } else { Known::Unknown })
    }
}

/// Of so many statements it costs little to look at those too that speak of other resources.
const FEW: usize = 8;

/// With more listings to try than this, nothing is proven: each looks at every value of every condition.
const MOST_PROBES: usize = 400;

/// With more different conditions than this around a statement, nothing is proven: each more may double the work.
const MOST_GUARDS: usize = 16;

/// Letters with which few prefixes begin.
const STRANGE: [char; 6] = ['\u{f8}', '~', '\u{3b1}', '^', '\u{416}', '\u{e9}'];

/// Whether a statement speaks of the actions of a class.
fn is_of(class: &Class, statement: usize) -> bool {
    class.speaks.first().and_then(|all| all.get(statement)) == Some(&true)
}

/// A word before what is not known before nothing.
fn worse(one: Found, other: Found) -> Found {
    match (&one, &other) {
        (Found::Word(_), _) | (Found::Unknown(_), Found::None | Found::Unknown(_)) => one,
        _ => other,
    }
}
