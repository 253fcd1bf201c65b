//! What several policies permit together, laid out as a matrix.
//!
//! A temporary key may do what both its caller's policies and the policy passed with the call permit. A cell asks how much of
//! a resource all of them grant to an action: all of it in every context, all or some in some contexts, or nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::area::Area;
use super::class::{Class, Subject, shown_classes};
use super::encode::{Look, areas, impossible};
use super::question::{Found, find};
use super::rights::{Permission, Rights};
use super::space::Space;
use super::whom::callers;
use crate::catalog::{ActionId, Class as AccessClass, Family, Level};
use crate::policy::{Owners, Resource};
use crate::semantics::condition::{Guard, MOST_CONTEXTS};
use crate::semantics::graph;
use crate::semantics::matrix::{Cell, Column, Grant, MAX_CELLS, Matrix, Row, TooLarge, identity};
use crate::semantics::scope::scope_of;
use crate::semantics::search::Budget;

/// The most ways to choose a resource of each policy that are tried for one cell.
const MOST_CHOICES: usize = 10_000;

/// The most of them that are tried for a matrix, unless a large one is asked for.
const MOST_CHOICES_IN_ALL: usize = 50_000;

/// The statements of each policy that speak, by index.
type Speaking = Vec<Vec<usize>>;

impl Space {
    /// The matrix of what all of `policies` permit together. Its columns are the distinct resources of all of them; the
    /// statements of a cell are those of the last one.
    ///
    /// # Errors
    /// When it would have more than [`MAX_CELLS`] cells and `is_large` does not allow it.
    pub fn intersection(
        &mut self,
        policies: &[&Permission<'_, '_>],
        owners: &Owners,
        is_large: bool,
    ) -> Result<Matrix, TooLarge> {
        self.intersection_beside(policies, None, owners, is_large)
    }

    /// The same with rows and columns for the actions and resources of `beside`, which permits nothing and counts as no
    /// scenario.
    ///
    /// # Errors
    /// As [`Space::intersection`].
    pub fn intersection_beside(
        &mut self,
        policies: &[&Permission<'_, '_>],
        beside: Option<&Permission<'_, '_>>,
        owners: &Owners,
        is_large: bool,
    ) -> Result<Matrix, TooLarge> {
        let catalog = self.dialect.catalog();
        let mut seen = BTreeSet::new();
        let everything = Resource::everything();
        let mut resources: Vec<&Resource<'_>> = distinct(policies, &everything, &mut seen);
        let own = resources.len();
        let actions: usize = shown_classes(policies, catalog).iter().map(|class| class.subjects.len()).sum();
        let scenarios = actions as u64 * own as u64;
        let shown: Vec<&Permission<'_, '_>> = policies.iter().copied().chain(beside).collect();
        resources.extend(distinct(beside.as_slice(), &everything, &mut seen));
        let classes = shown_classes(&shown, catalog);
        if scenarios > MAX_CELLS && !is_large {
            return Err(TooLarge { cells: scenarios });
        }
        let order = graph::order(&resources);
        let columns: Vec<Column> = resources
            .iter()
            .zip(order.within)
            .enumerate()
            .map(|(index, (resource, within))| Column {
                resource: resource.text.trim().to_owned(),
                scope: scope_of(resource, owners, self.dialect).scope,
                within,
                is_beside: index >= own,
            })
            .collect();
        let mut rows = Vec::new();
        let mut granting = 0;
        // Who asks for a large one waits for it.
        let (states, comparisons) = if is_large { (10_000_000, u64::MAX) } else { (400_000, 1 << 30) };
        let mut budget = Budget::new(20_000, states).with_comparisons(comparisons);
        let mut choices = if is_large { usize::MAX } else { MOST_CHOICES_IN_ALL };
        for class in &classes {
            let wholes: Vec<Option<Vec<Area>>> =
                resources.iter().map(|resource| self.whole(resource, class.look)).collect();
            let cells: Vec<Cell> = {
                let mut work = Work { space: self, policies, budget, choices, known: BTreeMap::new() };
                let cells = wholes.iter().map(|whole| work.cell(class, whole.as_deref())).collect();
                (budget, choices) = (work.budget, work.choices);
                cells
            };
            for mut row in self.rows(class) {
                row.cells.clone_from(&cells);
                let granted =
                    cells.iter().take(own).filter(|cell| matches!(cell.grant, Grant::All | Grant::Some(_))).count();
                granting += (granted * row.actions.len()) as u64;
                rows.push(row);
            }
        }
        rows.sort_by(|a, b| {
            (a.is_future, a.level.is_none(), &a.actions).cmp(&(b.is_future, b.level.is_none(), &b.actions))
        });
        Ok(Matrix { columns, rows, scenarios, granting })
    }

    /// A resource as these actions look at it; `None` where it cannot be read.
    fn whole(&mut self, resource: &Resource<'_>, look: Look) -> Option<Vec<Area>> {
        let dialect = self.dialect;
        let mut marks = self.marks(format!("{}\u{0}0", resource.text));
        let found = areas(0, resource, look, dialect, &mut marks).ok()?;
        Some(found.into_iter().map(|(area, _)| area).collect())
    }

    /// The rows of a class without their cells: what differs in level, class or family stands apart.
    fn rows(&self, class: &Class) -> Vec<Row> {
        let catalog = self.dialect.catalog();
        let mut groups: BTreeMap<(u8, u8, bool), Vec<ActionId>> = BTreeMap::new();
        let mut rows = Vec::new();
        for subject in &class.subjects {
            match subject {
                Subject::Known(id) => {
                    let Some(action) = catalog.action(*id) else { continue };
                    let key = (action.level as u8, action.class as u8, action.family.is_some());
                    groups.entry(key).or_default().push(*id);
                }
                Subject::Named(name) => rows.push(row(vec![name.clone()], false, None, None, None)),
                Subject::Future(pattern) => rows.push(row(vec![pattern.clone()], true, None, None, None)),
            }
        }
        for ids in groups.into_values() {
            let first = ids.first().and_then(|id| catalog.action(*id));
            let names = ids.iter().map(|id| catalog.name(*id).to_owned()).collect();
            let part = first.map(|action| (action.level, action.class, action.family));
            rows.push(row(names, false, part.map(|p| p.0), part.map(|p| p.1), part.and_then(|p| p.2)));
        }
        rows
    }
}

/// The resources of policies that are not yet seen, in order; where an allow names none, or those that it leaves out,
/// `everything` is one.
fn distinct<'p, 's>(
    policies: &[&'p Permission<'p, 's>],
    everything: &'p Resource<'s>,
    seen: &mut BTreeSet<(&'p str, &'p str, &'p str)>,
) -> Vec<&'p Resource<'s>> {
    let statements = policies.iter().flat_map(|policy| policy.readings()).map(|reading| reading.statement);
    let all = statements.flat_map(|statement| {
        let rest = statement.allows() && statement.resources.is_open();
        statement.resources.patterns.iter().chain(rest.then_some(everything))
    });
    all.filter(|resource| seen.insert(identity(resource))).collect()
}

const fn row(
    actions: Vec<String>,
    is_future: bool,
    level: Option<Level>,
    class: Option<AccessClass>,
    family: Option<Family>,
) -> Row {
    Row { actions, is_future, level, class, family, cells: Vec::new() }
}

struct Work<'w, 'p, 's> {
    space: &'w Space,
    policies: &'w [&'w Permission<'p, 's>],
    budget: Budget,
    /// How many choices of a resource of each policy may still be tried.
    choices: usize,
    /// What was found for the same part of a resource and the same statements.
    known: BTreeMap<Speaking, Grant>,
}

impl<'w, 'p, 's> Work<'w, 'p, 's> {
    fn cell(&mut self, class: &Class, whole: Option<&[Area]>) -> Cell {
        let nothing = Cell { grant: Grant::None, conditional: false, statements: Vec::new(), mark: None };
        let Some(whole) = whole else { return Cell { grant: Grant::Unknown, ..nothing } };
        if whole.is_empty() {
            return nothing;
        }
        if self.budget.is_spent() {
            return Cell { grant: Grant::Unknown, ..nothing };
        }
        self.known.clear();
        let speaking: Speaking = (0..self.policies.len()).map(|policy| self.speaking(class, policy, whole)).collect();
        if speaking.iter().zip(self.policies).any(|(speaking, policy)| !speaking.iter().any(|at| allows(policy, *at))) {
            return nothing;
        }
        let guards: BTreeSet<&Guard> = self.rights(&speaking).map(|rights| rights.guard(class.look)).collect();
        let guards: Vec<&Guard> = guards.into_iter().filter(|guard| !guard.is_always()).collect();
        let Ok(contexts) = self.space.vocabulary.contexts(&guards, MOST_CONTEXTS) else {
            return Cell { grant: Grant::Unknown, ..nothing };
        };
        let whom: Vec<_> = self.rights(&speaking).map(|rights| &rights.whom).collect();
        // By whether it is known that some request has the context.
        let mut grants: Vec<(Grant, bool)> = Vec::new();
        let Ok(callers) = callers(whom) else { return Cell { grant: Grant::Unknown, ..nothing } };
        for caller in callers {
            for context in &contexts {
                let is_active = |rights: &Rights<'_, '_>| {
                    rights.whom.includes(&caller) && rights.guard(class.look).holds_in(context)
                };
                let active: Speaking = speaking
                    .iter()
                    .zip(self.policies)
                    .map(|(all, policy)| {
                        all.iter().copied().filter(|at| policy.rights.get(*at).is_some_and(is_active)).collect()
                    })
                    .collect();
                let known = self.known.get(&active).cloned();
                let grant = known.unwrap_or_else(|| {
                    let grant = self.granted(class.look, whole, &active);
                    self.known.insert(active, grant.clone());
                    grant
                });
                grants.push((grant, context.is_free()));
            }
        }
        let best_of = |all: &mut dyn Iterator<Item = &(Grant, bool)>| {
            all.map(|(grant, _)| grant).max_by_key(|grant| rank(grant)).cloned().unwrap_or(Grant::None)
        };
        let best = best_of(&mut grants.iter());
        if best == Grant::None {
            return nothing;
        }
        let sure = best_of(&mut grants.iter().filter(|(_, is_free)| *is_free));
        let best = if rank(&sure) == rank(&best) { sure } else { Grant::Unknown };
        let conditional = grants.iter().any(|(grant, _)| rank(grant) != rank(&best));
        let last = self.policies.last();
        let deciding = speaking.last().into_iter().flatten();
        let statements = deciding.filter_map(|at| last?.rights.get(*at)).map(|rights| rights.reading.statement.index);
        Cell { grant: best, conditional, statements: statements.collect(), mark: None }
    }

    fn rights<'a>(&'a self, speaking: &'a Speaking) -> impl Iterator<Item = &'w Rights<'p, 's>> + 'a {
        let all = speaking.iter().zip(self.policies);
        all.flat_map(|(indices, policy)| indices.iter().filter_map(|at| policy.rights.get(*at)))
    }

    /// The statements of a policy that speak of the class and touch some of the resource.
    fn speaking(&mut self, class: &Class, policy: usize, whole: &[Area]) -> Vec<usize> {
        let speaks = class.speaks.get(policy).map_or(&[][..], Vec::as_slice);
        let rights = self.policies.get(policy).map_or(&[][..], |policy| policy.rights.as_slice());
        let impossible = impossible(class.look);
        let mut found = Vec::new();
        for (index, (rights, _)) in rights.iter().zip(speaks).enumerate().filter(|(_, (_, speaks))| **speaks) {
            let budget = &mut self.budget;
            let touches = |area: &Area| {
                whole.iter().any(|whole| find(&[whole, area], &[], impossible.as_ref(), budget) != Found::None)
            };
            if !rights.guard(class.look).is_impossible() && rights.areas(class.look).iter().any(touches) {
                found.push(index);
            }
        }
        found
    }

    /// How much of a resource all policies grant when these statements speak.
    fn granted(&mut self, look: Look, whole: &[Area], active: &Speaking) -> Grant {
        let of_policy = |policy: usize, is_allow: bool| -> Vec<&'w Area> {
            let rights = self.policies.get(policy).map_or(&[][..], |policy| policy.rights.as_slice());
            let indices = active.get(policy).into_iter().flatten();
            let chosen = indices.filter_map(|at| rights.get(*at)).filter(|rights| rights.allows() == is_allow);
            chosen.flat_map(|rights| rights.areas(look)).collect()
        };
        let allows: Vec<Vec<&Area>> = (0..self.policies.len()).map(|policy| of_policy(policy, true)).collect();
        let denies: Vec<&Area> = (0..self.policies.len()).flat_map(|policy| of_policy(policy, false)).collect();
        let impossible = impossible(look);
        let budget = &mut self.budget;
        let mut is_all = true;
        for part in whole {
            let beyond = allows.iter().map(|allows| find(&[part], allows, impossible.as_ref(), budget));
            let beyond: Vec<Found> = beyond.collect();
            // A deny that some filling of the holes makes meet the resource may take a part of it.
            let denied = denies.iter().map(|deny| find(&[part, deny], &[], impossible.as_ref(), budget));
            is_all = is_all && beyond.into_iter().chain(denied.collect::<Vec<_>>()).all(|found| found == Found::None);
        }
        if is_all {
            return Grant::All;
        }
        // What some filling of the holes denies is not surely granted.
        let loose: Vec<Area> = denies.iter().map(|deny| deny.loosened()).collect();
        let loose: Vec<&Area> = loose.iter().collect();
        let depends = denies.iter().any(|deny| deny.has_hole());
        // Nothing is granted where no choice leaves a word, whether or not a deny is known to meet all of the part.
        let mut is_known = true;
        for part in whole {
            // Of a policy only what touches the part can be a choice.
            let touching: Vec<Vec<&Area>> = allows
                .iter()
                .map(|allows| {
                    let touches = |area: &&&Area| find(&[part, area], &[], impossible.as_ref(), budget) != Found::None;
                    allows.iter().filter(touches).copied().collect()
                })
                .collect();
            let ways = touching.iter().map(Vec::len).try_fold(1_usize, usize::checked_mul);
            let ways = ways.filter(|ways| *ways <= MOST_CHOICES.min(self.choices));
            let Some(ways) = ways else { return Grant::Unknown };
            self.choices -= ways;
            let mut choices: Vec<Vec<&Area>> = vec![Vec::new()];
            for touching in &touching {
                choices = choices
                    .into_iter()
                    .flat_map(|chosen| touching.iter().map(move |area| [chosen.as_slice(), &[*area]].concat()))
                    .collect();
            }
            for chosen in &choices {
                let inside: Vec<&Area> = std::iter::once(part).chain(chosen.iter().copied()).collect();
                match find(&inside, &loose, impossible.as_ref(), budget) {
                    Found::None if !depends => {}
                    Found::None | Found::Unknown(_) => {
                        is_known &= find(&inside, &denies, impossible.as_ref(), budget) == Found::None;
                    }
                    Found::Word(word) => {
                        let is_valid = |word: &[crate::semantics::glob::Letter]| {
                            inside.iter().all(|area| area.contains(word))
                                && !loose.iter().any(|area| area.contains(word))
                        };
                        let word = self.space.readable(&word, is_valid);
                        return Grant::Some(self.space.spot(&word).path());
                    }
                }
            }
        }
        if is_known { Grant::None } else { Grant::Unknown }
    }
}

fn allows(policy: &Permission<'_, '_>, at: usize) -> bool {
    policy.rights.get(at).is_some_and(Rights::allows)
}

const fn rank(grant: &Grant) -> u8 {
    match grant {
        Grant::All => 3,
        Grant::Some(_) => 2,
        Grant::Unknown => 1,
        Grant::None => 0,
    }
}
