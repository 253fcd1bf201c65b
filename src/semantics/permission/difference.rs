//! What one policy permits and another one does not.
//!
//! For each class of actions, each caller and each context that tells statements apart, the statements that speak are fixed,
//! and what is left is a question about resources: a word of an allow on one side that no allow of the other side holds, or
//! one that a deny of the other side holds, and that no deny of its own side holds.

use std::collections::{BTreeMap, BTreeSet};

use super::area::Area;
use super::change::{Cause, Change, Difference, Undecided};
use super::class::{Class, Subject, classes};
use super::encode::{Look, impossible};
use super::question::{DEPENDS, Found, find};
use super::rights::{Permission, Rights};
use super::space::Space;
use super::whom::{Caller, callers, twin};
use super::word::Spot;
use crate::semantics::condition::{Context, Guard, MOST_CONTEXTS};
use crate::semantics::glob::{Glob, Letter};
use crate::semantics::search::Budget;

impl Space {
    /// What `new` permits beyond `old`, and the other way round. Both were read into this space.
    pub fn difference(&self, old: &Permission<'_, '_>, new: &Permission<'_, '_>) -> Difference {
        let sides = [old, new];
        let (classes, fault) = classes(&sides, self.dialect.catalog());
        let mut work = Work {
            space: self,
            sides,
            budget: Budget::default(),
            out: Default::default(),
            undecided: BTreeSet::new(),
            known: BTreeMap::new(),
        };
        for class in &classes {
            work.class(class);
        }
        let general = fault.into_iter().chain(old.unclear.iter().chain(&new.unclear).cloned());
        let mut undecided: Vec<Undecided> = general.map(|reason| Undecided { subjects: Vec::new(), reason }).collect();
        undecided.extend(joined(work.undecided));
        undecided.dedup();
        let [removed, added] = work.out.map(|changes| changes.into_values().collect());
        Difference { added, removed, undecided }
    }
}

/// Reasons, each once, with all actions that it holds for.
fn joined(all: BTreeSet<(String, Subject)>) -> Vec<Undecided> {
    let mut found: BTreeMap<String, Vec<Subject>> = BTreeMap::new();
    for (reason, subject) in all {
        found.entry(reason).or_default().push(subject);
    }
    found.into_iter().map(|(reason, subjects)| Undecided { subjects, reason }).collect()
}

/// What makes changes one: statement, resource, caller and context, why, how the actions look, and the example.
type Key = (usize, usize, (Caller, String), Cause, Look, Spot);

/// Areas of allows and of denies, each with the index of its statement.
type Sides<'w> = (Vec<(usize, &'w Area)>, Vec<(usize, &'w Area)>);

/// Statements of both sides that speak, by index.
type Speaking = [Vec<usize>; 2];

struct Work<'w, 'p, 's> {
    space: &'w Space,
    sides: [&'w Permission<'p, 's>; 2],
    budget: Budget,
    /// By side that permits it.
    out: [BTreeMap<Key, Change>; 2],
    undecided: BTreeSet<(String, Subject)>,
    /// What was found for the same statements before, by the side that permits it.
    known: BTreeMap<(Look, Speaking), [Vec<Beyond>; 2]>,
}

/// Something that one side permits beyond the other one.
#[derive(Debug, Clone)]
struct Beyond {
    statement: usize,
    resource: usize,
    /// The word, or why it is not known whether there is one.
    word: Result<Vec<Letter>, String>,
}

impl<'w, 'p, 's> Work<'w, 'p, 's> {
    fn class(&mut self, class: &Class) {
        let speaking = |side: usize| -> Vec<usize> {
            let speaks = class.speaks.get(side).map_or(&[][..], Vec::as_slice);
            let rights = self.sides.get(side).map_or(&[][..], |side| side.rights.as_slice());
            let counts = |rights: &Rights<'_, '_>| {
                !rights.areas(class.look).is_empty() && !rights.guard(class.look).is_impossible()
            };
            let all = rights.iter().zip(speaks).enumerate();
            all.filter(|(_, (rights, speaks))| **speaks && counts(rights)).map(|(index, _)| index).collect()
        };
        let all: Speaking = [speaking(0), speaking(1)];
        let mut seen_by_others: BTreeSet<(usize, usize, usize)> = BTreeSet::new();
        let whoever = match callers(self.rights_of(&all).into_iter().map(|rights| &rights.whom)) {
            Ok(callers) => callers,
            Err(reason) => {
                self.undecided.extend(class.subjects.iter().map(|subject| (reason.clone(), subject.clone())));
                return;
            }
        };
        for caller in whoever {
            let of_caller = self.select(&all, |rights| rights.whom.includes(&caller));
            // Who signs and is not named stands for everyone who is.
            let doubts = [0, 1].map(|side| self.twin(&all, &caller, side));
            let found = self.caller(class, &caller, &of_caller, &seen_by_others, &doubts);
            if caller == Caller::Other {
                seen_by_others = found;
            }
        }
    }

    fn rights_of(&self, speaking: &Speaking) -> Vec<&'w Rights<'p, 's>> {
        let of_side = |(side, indices): (&&'w Permission<'p, 's>, &Vec<usize>)| {
            let side: &'w Permission<'p, 's> = side;
            indices.iter().filter_map(|index| side.rights.get(*index)).collect::<Vec<_>>()
        };
        self.sides.iter().zip(speaking).flat_map(of_side).collect()
    }

    /// Why what a side permits a caller may be permitted by the other one too, under another name.
    fn twin(&self, speaking: &Speaking, caller: &Caller, side: usize) -> Option<String> {
        let whom_of = |side: usize| {
            let rights = self.sides.get(side).map_or(&[][..], |side| side.rights.as_slice());
            let indices = speaking.get(side).into_iter().flatten();
            indices.filter_map(|index| rights.get(*index)).map(|rights| &rights.whom)
        };
        twin(caller, whom_of(side), whom_of(1 - side))
    }

    fn select(&self, speaking: &Speaking, keep: impl Fn(&Rights<'_, '_>) -> bool) -> Speaking {
        let of_side = |side: usize| -> Vec<usize> {
            let rights = self.sides.get(side).map_or(&[][..], |side| side.rights.as_slice());
            let indices = speaking.get(side).into_iter().flatten();
            indices.filter(|index| rights.get(**index).is_some_and(&keep)).copied().collect()
        };
        [of_side(0), of_side(1)]
    }

    /// All changes for one caller; what was found, by side, statement and resource.
    fn caller(
        &mut self,
        class: &Class,
        caller: &Caller,
        speaking: &Speaking,
        implied: &BTreeSet<(usize, usize, usize)>,
        doubts: &[Option<String>; 2],
    ) -> BTreeSet<(usize, usize, usize)> {
        let mut found = BTreeSet::new();
        let guards: BTreeSet<&Guard> =
            self.rights_of(speaking).into_iter().map(|rights| rights.guard(class.look)).collect();
        let guards: Vec<&Guard> = guards.into_iter().filter(|guard| !guard.is_always()).collect();
        let contexts = match self.space.vocabulary.contexts(&guards, MOST_CONTEXTS) {
            Ok(contexts) => contexts,
            Err(too_many) => {
                let reason = too_many.to_string();
                self.undecided.extend(class.subjects.iter().map(|subject| (reason.clone(), subject.clone())));
                return found;
            }
        };
        let mut seen: BTreeSet<Speaking> = BTreeSet::new();
        for context in &contexts {
            let active = self.select(speaking, |rights| rights.guard(class.look).holds_in(context));
            if !seen.insert(active.clone()) {
                continue;
            }
            let beyond = self.beyond(class.look, &active);
            for (side, all) in beyond.into_iter().enumerate() {
                for one in all {
                    let place = (side, one.statement, one.resource);
                    if found.contains(&place) || implied.contains(&place) {
                        continue;
                    }
                    if let Some(Some(doubt)) = doubts.get(side) {
                        self.undecided.extend(class.subjects.iter().map(|subject| (doubt.clone(), subject.clone())));
                    } else if self.tell(class, caller, context, &active, side, one) {
                        found.insert(place);
                    }
                }
            }
        }
        found
    }

    /// Take up what was found; whether it is a change.
    fn tell(
        &mut self,
        class: &Class,
        caller: &Caller,
        context: &Context,
        active: &Speaking,
        side: usize,
        one: Beyond,
    ) -> bool {
        let open = match one.word {
            Ok(word) if context.is_free() => {
                if self.is_beyond(class.look, active, side, &word) {
                    let word = self.space.readable(&word, |word| self.is_beyond(class.look, active, side, word));
                    let cause = self.cause(class, active, 1 - side, &word);
                    let spot = self.space.spot(&word);
                    let change = Change {
                        subjects: Vec::new(),
                        spot: spot.clone(),
                        is_operation: class.look == Look::Operation,
                        context: context.clone(),
                        caller: caller.clone(),
                        statement: one.statement,
                        resource: one.resource,
                        cause,
                    };
                    let whose = (caller.clone(), context.to_string());
                    let key = (one.statement, one.resource, whose, cause, class.look, spot);
                    if let Some(out) = self.out.get_mut(side) {
                        out.entry(key).or_insert(change).subjects.extend(class.subjects.iter().cloned());
                    }
                    return true;
                }
                "an example was found that did not stand the check".to_owned()
            }
            Ok(_) => {
                let assumed: Vec<String> = context.assumptions().map(ToString::to_string).collect();
                format!("it is not known whether {}", assumed.join(" and "))
            }
            Err(reason) => reason,
        };
        self.undecided.extend(class.subjects.iter().map(|subject| (open.clone(), subject.clone())));
        false
    }

    /// What each side permits beyond the other one when these statements speak.
    fn beyond(&mut self, look: Look, active: &Speaking) -> [Vec<Beyond>; 2] {
        let key = (look, active.clone());
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let found = [self.beyond_of(0, look, active), self.beyond_of(1, look, active)];
        self.known.insert(key, found.clone());
        found
    }

    fn beyond_of(&mut self, side: usize, look: Look, active: &Speaking) -> Vec<Beyond> {
        let (allows, denies) = self.areas(side, look, active);
        let (other_allows, other_denies) = self.areas(1 - side, look, active);
        let own_denied: Vec<&Area> = denies.iter().map(|(_, area)| *area).collect();
        let refused: Vec<&Area> =
            other_allows.iter().map(|(_, area)| *area).chain(own_denied.iter().copied()).collect();
        let impossible = impossible(look);
        let budget = &mut self.budget;
        let mut found: Vec<Beyond> = Vec::new();
        for (statement, area) in &allows {
            if found.iter().any(|one| one.statement == *statement && one.resource == area.resource && one.word.is_ok())
            {
                continue;
            }
            let is_settled = settled(area, &refused);
            let mut word = if is_settled { Found::None } else { find(&[area], &refused, impossible.as_ref(), budget) };
            for (_, deny) in &other_denies {
                if matches!(word, Found::Word(_)) {
                    break;
                }
                match denied_there(area, deny, &own_denied, impossible.as_ref(), budget) {
                    Found::None => {}
                    other => word = other,
                }
            }
            let word = match word {
                Found::None => continue,
                Found::Word(word) => Ok(word),
                Found::Unknown(reason) => Err(reason),
            };
            found.push(Beyond { statement: *statement, resource: area.resource, word });
        }
        found
    }

    /// The areas of the allows and of the denies that speak on a side, each with its statement.
    fn areas(&self, side: usize, look: Look, active: &Speaking) -> Sides<'w> {
        let policy: Option<&'w Permission<'p, 's>> = self.sides.get(side).copied();
        let (mut allows, mut denies) = (Vec::new(), Vec::new());
        for index in active.get(side).into_iter().flatten() {
            let Some(rights) = policy.and_then(|policy| policy.rights.get(*index)) else { continue };
            let out = if rights.allows() { &mut allows } else { &mut denies };
            out.extend(rights.areas(look).iter().map(|area| (*index, area)));
        }
        (allows, denies)
    }

    /// Whether one side permits a word and the other one does not.
    fn is_beyond(&self, look: Look, active: &Speaking, side: usize, word: &[Letter]) -> bool {
        self.permits(look, active, side, word) && !self.permits(look, active, 1 - side, word)
    }

    fn permits(&self, look: Look, active: &Speaking, side: usize, word: &[Letter]) -> bool {
        let holds = |(_, area): &(usize, &Area)| area.contains(word);
        let (allows, denies) = self.areas(side, look, active);
        let is_request = !impossible(look).is_some_and(|glob| glob.matches(word));
        is_request && allows.iter().any(holds) && !denies.iter().any(holds)
    }

    /// Why a side does not permit a word.
    fn cause(&self, class: &Class, active: &Speaking, side: usize, word: &[Letter]) -> Cause {
        let (_, denies) = self.areas(side, class.look, active);
        if let Some((statement, _)) = denies.iter().find(|(_, area)| area.contains(word)) {
            return Cause::Denied(*statement);
        }
        let rights = self.sides.get(side).map_or(&[][..], |side| side.rights.as_slice());
        let speaks = class.speaks.get(side).map_or(&[][..], Vec::as_slice);
        let would = rights.iter().zip(speaks).position(|(rights, speaks)| {
            *speaks && rights.allows() && rights.areas(class.look).iter().any(|area| area.contains(word))
        });
        would.map_or(Cause::NotAllowed, Cause::Condition)
    }
}

/// Whether one area surely holds another one, letter for letter: most statements do not change.
fn settled(area: &Area, others: &[&Area]) -> bool {
    others.iter().any(|other| other.inside == area.inside && other.outside == area.outside)
}

/// A word of an allow that a deny of the other side holds and no deny of its own side does.
fn denied_there(allow: &Area, deny: &Area, own: &[&Area], impossible: Option<&Glob>, budget: &mut Budget) -> Found {
    // Whatever the holes are filled with, an equal deny takes the same.
    if settled(deny, own) {
        return Found::None;
    }
    match find(&[allow, deny], own, impossible, budget) {
        Found::Unknown(reason) if reason == DEPENDS => Found::Unknown(
            "it depends on what the placeholders are filled with whether a deny meets an allow".to_owned(),
        ),
        found => found,
    }
}
