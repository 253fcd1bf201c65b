//! Questions about one statement among the others of its policy.

use std::cell::RefCell;

use super::area::Area;
use super::class::{Class, classes};
use super::encode::impossible;
use super::question::{Found, find};
use super::rights::{Permission, Rights};
use super::space::Space;
use super::whom::callers;
use crate::semantics::condition::{Guard, MOST_CONTEXTS};
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
        let mut speaks = false;
        let found = self.any(statement, others, |own, others, impossible, budget| {
            speaks = speaks || !own.is_empty();
            let words = own.iter().map(|area| find(&[area], others, impossible, budget));
            words.fold(Found::None, worse)
        });
        match found {
            Known::Yes => Known::No,
            Known::No if speaks => Known::Yes,
            _ if !speaks => Known::No,
            _ => Known::Unknown,
        }
    }

    /// Whether `ask` finds a word for some class, caller and context in which the statement speaks; it is given the areas of
    /// the statement and those of the others that speak there too.
    fn any(
        &self,
        statement: usize,
        others: &[usize],
        mut ask: impl FnMut(&[&Area], &[&Area], Option<&crate::semantics::glob::Glob>, &mut Budget) -> Found,
    ) -> Known {
        let Some(own) = self.permission.rights.get(statement).filter(|_| self.is_whole) else { return Known::Unknown };
        let mut budget = self.budget.borrow_mut();
        let mut is_known = true;
        for class in &self.classes {
            let speaks = |at: usize| class.speaks.first().and_then(|all| all.get(at)) == Some(&true);
            let guard = own.guard(class.look);
            if !speaks(statement) || own.areas(class.look).is_empty() || guard.is_impossible() {
                continue;
            }
            let near: Vec<&Rights<'_, '_>> =
                others.iter().filter(|at| speaks(**at)).filter_map(|at| self.permission.rights.get(*at)).collect();
            let mut guards: Vec<&Guard> = near.iter().map(|rights| rights.guard(class.look)).chain([guard]).collect();
            guards.sort_unstable();
            guards.dedup();
            let Ok(contexts) = self.space.vocabulary.contexts(&guards, MOST_CONTEXTS) else {
                is_known = false;
                continue;
            };
            let areas: Vec<&Area> = own.areas(class.look).iter().collect();
            let impossible = impossible(class.look);
            let whom = near.iter().map(|rights| &rights.whom).chain([&own.whom]);
            let Ok(callers) = callers(whom) else {
                is_known = false;
                continue;
            };
            for caller in callers.iter().filter(|caller| own.whom.includes(caller)) {
                for context in contexts.iter().filter(|context| guard.holds_in(context)) {
                    let active = near
                        .iter()
                        .filter(|rights| rights.whom.includes(caller) && rights.guard(class.look).holds_in(context));
                    let active: Vec<&Area> = active.flat_map(|rights| rights.areas(class.look)).collect();
                    match ask(&areas, &active, impossible.as_ref(), &mut budget) {
                        Found::None => {}
                        Found::Word(_) if context.is_free() => return Known::Yes,
                        Found::Word(_) | Found::Unknown(_) => is_known = false,
                    }
                }
            }
        }
        if is_known { Known::No } else { Known::Unknown }
    }
}

/// A word before what is not known before nothing.
fn worse(one: Found, other: Found) -> Found {
    match (&one, &other) {
        (Found::Word(_), _) | (Found::Unknown(_), Found::None | Found::Unknown(_)) => one,
        _ => other,
    }
}
