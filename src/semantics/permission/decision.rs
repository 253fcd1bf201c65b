//! Whether a policy permits one request.

use std::collections::BTreeMap;

use super::area::{Area, BETWEEN};
use super::class::{Subject, class_of};
use super::encode::{Look, impossible};
use super::question::DEPENDS;
use super::rights::{Permission, Rights};
use super::space::Space;
use super::whom::{Caller, Whom, callers};
use crate::policy::find_hole;
use crate::semantics::condition::{Given, Guard, MOST_CONTEXTS, Truth};
use crate::semantics::glob::Letter;

/// One request, as far as it is known.
#[derive(Debug, Clone)]
pub struct Request {
    /// What is asked for.
    pub subject: Subject,
    /// The region; `None` for any one that no statement names.
    pub region: Option<String>,
    /// The account; `None` for any one that no statement names.
    pub account: Option<String>,
    /// Bucket and key, or the prefix that is listed.
    pub path: String,
    /// What is known of condition keys; any other key may be anything.
    pub given: BTreeMap<String, Given>,
    /// Who asks; `None` for whomever.
    pub caller: Option<Caller>,
}

/// The place that decides: a statement, and a resource of it, both by index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deciding {
    /// Index of the statement.
    pub statement: usize,
    /// Index of the resource among the statement's.
    pub resource: usize,
}

/// Whether a request passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It does, by this allow.
    Yes(Deciding),
    /// It does not: this deny refuses it, or no statement allows it.
    No(Option<Deciding>),
    /// It hangs on these condition keys, in order of name, and on what this statement says of them.
    OnlyIf {
        /// The keys; `principal` where it hangs on who asks.
        open: Vec<String>,
        /// The statement.
        by: Deciding,
    },
    /// Not decided, and why.
    Unknown {
        /// One sentence, lower case, no full stop.
        reason: String,
        /// The statement that makes it so.
        by: Option<Deciding>,
    },
}

/// A statement that may speak of the request.
struct Voice<'v> {
    place: Deciding,
    allows: bool,
    guard: &'v Guard,
    /// Whatever the holes are filled with.
    is_sure: bool,
    truth: Truth,
}

impl Space {
    /// Whether a policy that was read into this space permits a request.
    pub fn decide(&self, permission: &Permission<'_, '_>, request: &Request) -> Decision {
        if let Some(reason) = permission.unclear.first() {
            return Decision::Unknown { reason: reason.clone(), by: None };
        }
        let class = class_of(&[permission], &request.subject, self.dialect.catalog());
        let speaks = class.speaks.first().map_or(&[][..], Vec::as_slice);
        let word = self.word_of(request, class.look);
        if impossible(class.look).is_some_and(|glob| glob.matches(&word)) {
            return Decision::No(None);
        }
        let all: Vec<(usize, &Rights<'_, '_>)> = permission
            .rights
            .iter()
            .enumerate()
            .zip(speaks)
            .filter(|(_, speaks)| **speaks)
            .map(|(all, _)| all)
            .collect();
        let own = if let Some(Caller::Named(name)) = &request.caller { Some(Whom::only(name)) } else { None };
        let of_callers = match callers(all.iter().map(|(_, rights)| &rights.whom).chain(&own)) {
            Ok(of_callers) => of_callers,
            Err(reason) => return Decision::Unknown { reason, by: None },
        };
        let of_caller = |caller: &Caller| {
            let own = self.decide_for(&all, class.look, &word, &request.given, caller);
            if !self.dialect.judges_unsigned_too() || matches!(caller, Caller::Holder | Caller::Anonymous) {
                return own;
            }
            either(own, self.decide_for(&all, class.look, &word, &request.given, &Caller::Anonymous))
        };
        if let Some(caller) = &request.caller {
            return of_caller(caller);
        }
        joined(of_callers.iter().map(of_caller).collect())
    }

    /// The word of a request's resource.
    fn word_of(&self, request: &Request, look: Look) -> Vec<Letter> {
        let part = |text: Option<&str>| text.map_or_else(|| vec![Letter::ANY], |text| self.letters(text));
        let (bucket, key) = request.path.split_once('/').unwrap_or((&request.path, ""));
        let key = if look == Look::Bucket { Vec::new() } else { self.letters(key) };
        let open = |c: char| if c == '*' { Letter::ANY } else { Letter::of(c) };
        let account = request.account.as_deref();
        let account = account.map_or_else(
            || self.dialect.any_account().chars().map(open).collect(),
            |account| self.holes.written(account).map_or_else(|| self.letters(account), |hole| vec![hole]),
        );
        let parts = [part(request.region.as_deref()), account, self.letters(bucket), key];
        parts.join(&BETWEEN)
    }

    /// A text as letters; holes that the policy has too are the same unknown.
    fn letters(&self, text: &str) -> Vec<Letter> {
        let mut out = Vec::with_capacity(text.len());
        let mut at = 0;
        while let Some((range, _)) = find_hole(text, at) {
            out.extend(text.get(at..range.start).unwrap_or_default().chars().map(Letter::of));
            let hole = text.get(range.clone()).unwrap_or_default();
            match self.holes.written(hole) {
                Some(letter) => out.push(letter),
                None => out.extend(hole.chars().map(Letter::of)),
            }
            at = range.end;
        }
        out.extend(text.get(at..).unwrap_or_default().chars().map(Letter::of));
        out
    }

    fn decide_for(
        &self,
        all: &[(usize, &Rights<'_, '_>)],
        look: Look,
        word: &[Letter],
        given: &BTreeMap<String, Given>,
        caller: &Caller,
    ) -> Decision {
        let voices: Vec<Voice<'_>> = all
            .iter()
            .filter(|(_, rights)| rights.whom.includes(caller))
            .filter_map(|(statement, rights)| {
                let (area, is_sure) = touching(rights.areas(look), word)?;
                let guard = rights.guard(look);
                let truth = self.vocabulary.evaluate(guard, given);
                let place = Deciding { statement: *statement, resource: area.resource };
                (truth != Truth::No).then_some(Voice { place, allows: rights.allows(), guard, is_sure, truth })
            })
            .collect();
        self.count(&voices)
    }

    /// What follows from the statements that may speak.
    fn count(&self, voices: &[Voice<'_>]) -> Decision {
        let is_firm = |voice: &&Voice<'_>| voice.is_sure && voice.truth == Truth::Yes;
        if let Some(deny) = voices.iter().filter(is_firm).find(|voice| !voice.allows) {
            return Decision::No(Some(deny.place));
        }
        let allows = || voices.iter().filter(|voice| voice.allows);
        let Some(first) = allows().min_by_key(|voice| (!voice.is_sure, voice.truth != Truth::Yes)) else {
            return Decision::No(None);
        };
        let mut denies = voices.iter().filter(|voice| !voice.allows);
        if is_firm(&first) && denies.next().is_none() {
            return Decision::Yes(first.place);
        }
        if let Some(decision) = self.in_every_context(voices, first) {
            return decision;
        }
        let unsure = voices.iter().find(|voice| !voice.is_sure && (!voice.allows || !first.is_sure));
        if let Some(unsure) = unsure {
            return Decision::Unknown { reason: DEPENDS.to_owned(), by: Some(unsure.place) };
        }
        let keys = |voice: &Voice<'_>| if let Truth::Open(keys) = &voice.truth { keys.clone() } else { Vec::new() };
        let counts = |voice: &&Voice<'_>| !voice.allows || !is_firm(&first);
        let mut open: Vec<String> = voices.iter().filter(counts).flat_map(keys).collect();
        open.sort_unstable();
        open.dedup();
        let by = if is_firm(&first) { voices.iter().find(|voice| !voice.allows).unwrap_or(first) } else { first };
        Decision::OnlyIf { open, by: by.place }
    }

    /// Yes or no, if it is the same in every context.
    fn in_every_context(&self, voices: &[Voice<'_>], first: &Voice<'_>) -> Option<Decision> {
        if voices.iter().any(|voice| !voice.is_sure) {
            return None;
        }
        let open: Vec<&Guard> =
            voices.iter().filter(|voice| voice.truth != Truth::Yes).map(|voice| voice.guard).collect();
        let contexts = self.vocabulary.contexts(&open, MOST_CONTEXTS).ok()?;
        let mut passes = contexts.iter().map(|context| {
            let holds = |voice: &&Voice<'_>| voice.truth == Truth::Yes || voice.guard.holds_in(context);
            let mut holding = voices.iter().filter(holds);
            holding.clone().any(|voice| voice.allows) && holding.all(|voice| voice.allows)
        });
        let usual = passes.next()?;
        if passes.any(|other| other != usual) {
            return None;
        }
        let deny = voices.iter().find(|voice| !voice.allows).map(|voice| voice.place);
        Some(if usual { Decision::Yes(first.place) } else { Decision::No(deny) })
    }
}

/// An area that holds a word; whether it does whatever holes are filled with.
fn touching<'a>(areas: &'a [Area], word: &[Letter]) -> Option<(&'a Area, bool)> {
    let sure = areas.iter().find(|area| area.contains(word)).map(|area| (area, true));
    let loose = || areas.iter().find(|area| may_hold(area, word)).map(|area| (area, false));
    sure.or_else(loose)
}

/// Whether an area holds a word for some filling of the holes in both. A one-letter wildcard takes a hole here: some text has
/// one letter, and a run of letters is what `?*` of the loosened area takes.
fn may_hold(area: &Area, word: &[Letter]) -> bool {
    (area.has_hole() && area.loosened().holds(word)) || area.holds(word)
}

/// The decision where one of two is enough.
fn either(one: Decision, other: Decision) -> Decision {
    let rank = |decision: &Decision| match decision {
        Decision::Yes(_) => 3,
        Decision::Unknown { .. } => 2,
        Decision::OnlyIf { .. } => 1,
        Decision::No(_) => 0,
    };
    if rank(&other) > rank(&one) { other } else { one }
}

/// The decision for whomever: that of all callers, or a condition on who asks.
fn joined(mut decisions: Vec<Decision>) -> Decision {
    let alike = |a: &Decision, b: &Decision| match (a, b) {
        (Decision::OnlyIf { open: a, .. }, Decision::OnlyIf { open: b, .. }) => a == b,
        _ => std::mem::discriminant(a) == std::mem::discriminant(b),
    };
    let first = decisions.pop().unwrap_or(Decision::No(None));
    if decisions.iter().all(|other| alike(other, &first)) {
        return first;
    }
    decisions.push(first);
    if let Some(unknown) = decisions.iter().find(|decision| matches!(decision, Decision::Unknown { .. })) {
        return unknown.clone();
    }
    let mut open = vec!["principal".to_owned()];
    let mut deciding = None;
    for decision in decisions {
        match decision {
            Decision::Yes(by) => deciding = deciding.or(Some(by)),
            Decision::OnlyIf { open: keys, by } => {
                open.extend(keys);
                deciding = deciding.or(Some(by));
            }
            Decision::No(_) | Decision::Unknown { .. } => {}
        }
    }
    open.sort_unstable();
    open.dedup();
    deciding.map_or(Decision::No(None), |by| Decision::OnlyIf { open, by })
}
