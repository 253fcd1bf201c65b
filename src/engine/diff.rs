//! What became allowed and what no longer is, between two texts.
//!
//! The policies of both are paired by the place where they stand; a policy without a partner is compared with one that
//! permits nothing. Everything that a report shows is taken out of the trees here.

use super::delta::{Delta, delta, told};
use super::form::{apart, dated, note};
use super::parsed::{Key, Parsed};
use super::{Skipped, Trouble, Unjudged, kind_of};
use crate::dialect::Dialect;
use crate::policy::{Policy, ResourceKind, Statement};
use crate::rules::Facts;
use crate::semantics::permission::{Difference, Permission, Space, Verdict};
use crate::text::Source;

/// Files compared.
#[derive(Debug, Default)]
pub struct Diffs {
    /// In order of name.
    pub files: Vec<FileDiff>,
    /// What could not be read; anything here is exit status 2.
    pub troubles: Vec<Trouble>,
    /// Files that were left aside, in order of name.
    pub skipped: Vec<Skipped>,
}

impl Diffs {
    /// Whether something became allowed.
    pub fn widens(&self) -> bool {
        self.files.iter().any(FileDiff::widens)
    }

    /// Whether something was not decided or not judged.
    pub fn is_incomplete(&self) -> bool {
        !self.troubles.is_empty() || self.files.iter().any(FileDiff::is_incomplete)
    }

    /// How all that is new compares with all that was there before.
    pub fn verdict(&self) -> Verdict {
        let removes = self.files.iter().any(FileDiff::narrows);
        verdict(self.is_incomplete(), self.widens(), removes)
    }
}

const fn verdict(is_incomplete: bool, widens: bool, narrows: bool) -> Verdict {
    match (is_incomplete, widens, narrows) {
        (true, ..) => Verdict::Unknown,
        (false, false, false) => Verdict::Equal,
        (false, false, true) => Verdict::Narrower,
        (false, true, false) => Verdict::Wider,
        (false, true, true) => Verdict::Incomparable,
    }
}

/// Two texts compared.
#[derive(Debug)]
pub struct FileDiff {
    /// The file as reported.
    pub name: String,
    /// What it was called before, if that was something else.
    pub old_name: Option<String>,
    /// The text before; `None` for a file that is new.
    pub old: Option<Source>,
    /// The text now; `None` for a file that is gone.
    pub new: Option<Source>,
    /// The policies, pair by pair.
    pub policies: Vec<PolicyDiff>,
    /// What was not judged before and now.
    pub unjudged: [Vec<Unjudged>; 2],
    /// How many policies there were before, and how many there are now.
    pub counts: [usize; 2],
}

/// Two policies compared.
#[derive(Debug)]
pub struct PolicyDiff {
    /// JSON pointer to it within its document; that of the old one where there is no new one.
    pub pointer: String,
    /// The service that the verdict is about.
    pub service: &'static str,
    /// How the new one compares with the old one.
    pub verdict: Verdict,
    /// What became allowed; places are in the new text.
    pub added: Vec<Delta>,
    /// What no longer is; places are in the old text.
    pub removed: Vec<Delta>,
    /// What was not decided, each a sentence.
    pub undecided: Vec<String>,
    /// Remarks for people.
    pub notes: Vec<String>,
}

impl PolicyDiff {
    /// Two policies of which nothing is known.
    fn undecided(pointer: &str, service: &'static str, reason: String) -> Self {
        Self {
            pointer: pointer.to_owned(),
            service,
            verdict: Verdict::Unknown,
            added: Vec::new(),
            removed: Vec::new(),
            undecided: vec![reason],
            notes: Vec::new(),
        }
    }
}

impl FileDiff {
    /// Whether something became allowed.
    pub fn widens(&self) -> bool {
        let is_wider = |verdict| matches!(verdict, Verdict::Wider | Verdict::Incomparable);
        self.policies.iter().any(|policy| !policy.added.is_empty() || is_wider(policy.verdict))
    }

    /// Whether something was not decided or not judged.
    pub fn is_incomplete(&self) -> bool {
        self.unjudged.iter().any(|unjudged| !unjudged.is_empty())
            || self.policies.iter().any(|policy| policy.verdict == Verdict::Unknown)
    }

    /// Whether something is no longer allowed.
    pub fn narrows(&self) -> bool {
        let is_narrower = |verdict| matches!(verdict, Verdict::Narrower | Verdict::Incomparable);
        self.policies.iter().any(|policy| !policy.removed.is_empty() || is_narrower(policy.verdict))
    }

    /// How the new text compares with the old one.
    pub fn verdict(&self) -> Verdict {
        verdict(self.is_incomplete(), self.widens(), self.narrows())
    }
}

/// Compare two texts. Without one of them, everything is new or everything is gone.
pub fn diff(old: Option<Source>, new: Option<Source>, facts: [&Facts; 2]) -> FileDiff {
    let [old_facts, new_facts] = facts;
    let parse = |source, facts| Parsed::new(source, facts);
    let parsed = [old.as_ref().map(|old| parse(old, old_facts)), new.as_ref().map(|new| parse(new, new_facts))];
    let survey = |parsed: &Option<Parsed<'_>>| parsed.as_ref().map(Parsed::policies).unwrap_or_default();
    let [old_parsed, new_parsed] = &parsed;
    let (old_keys, old_unjudged) = survey(old_parsed);
    let (new_keys, new_unjudged) = survey(new_parsed);
    let policies = pairs(&old_keys, &new_keys)
        .into_iter()
        .map(|(old, new)| {
            let mut compared = None;
            with(old_parsed.as_ref(), old, old_facts, &mut |old| {
                with(new_parsed.as_ref(), new, new_facts, &mut |new| compared = compare(old.as_ref(), new.as_ref()));
            });
            compared.unwrap_or_else(|| {
                let pointer = new.or(old).map_or("", |key| &key.pointer);
                PolicyDiff::undecided(pointer, "", "the policy was not found where it stood".to_owned())
            })
        })
        .collect();
    let name = new.as_ref().or(old.as_ref()).map_or_else(String::new, |source| source.name().to_owned());
    let old_name = old.as_ref().map(|old| old.name().to_owned()).filter(|old| *old != name);
    let counts = [old_keys.len(), new_keys.len()];
    FileDiff { name, old_name, policies, unjudged: [old_unjudged, new_unjudged], counts, old, new }
}

/// A policy with what is needed to compare it.
struct Read<'r, 's> {
    dialect: &'static dyn Dialect,
    policy: &'r Policy<'s>,
    facts: &'r Facts,
    pointer: &'r str,
}

/// Visit the policy of a key, or visit that there is none.
fn with(parsed: Option<&Parsed<'_>>, key: Option<&Key>, facts: &Facts, visit: &mut dyn FnMut(Option<Read<'_, '_>>)) {
    let (Some(parsed), Some(key)) = (parsed, key) else { return visit(None) };
    parsed.with(key, &mut |dialect, candidate, policy| {
        visit(Some(Read { dialect, policy, facts, pointer: &candidate.pointer }));
    });
}

/// The policies of both texts by the place where they stand; a lone one on each side is the same whatever its place.
fn pairs<'k>(old: &'k [Key], new: &'k [Key]) -> Vec<(Option<&'k Key>, Option<&'k Key>)> {
    if let ([old], [new]) = (old, new) {
        return vec![(Some(old), Some(new))];
    }
    let known = new.iter().map(|key| (old.iter().find(|other| *other == key), Some(key)));
    let gone = old.iter().filter(|key| !new.contains(key)).map(|key| (Some(key), None));
    known.chain(gone).collect()
}

fn compare(old: Option<&Read<'_, '_>>, new: Option<&Read<'_, '_>>) -> Option<PolicyDiff> {
    let one = new.or(old)?;
    let dialect = one.dialect;
    let service = dialect.words().service;
    if let (Some(old), Some(new)) = (old, new)
        && let Some(why) = apart((old.dialect, old.policy), (new.dialect, new.policy))
    {
        return Some(PolicyDiff::undecided(one.pointer, service, why));
    }
    let mut out = PolicyDiff::undecided(one.pointer, service, "nothing was compared".to_owned());
    let nothing = Policy::nothing();
    let policies = [old, new].map(|side| side.map_or(&nothing, |read| read.policy));
    let dated = dated(policies);
    let policies = dated.as_ref().map_or(policies, |[old, new]| [old, new]);
    let of = |side: Option<&Read<'_, '_>>,
              policy: &Policy<'_>,
              space: &mut Space,
              difference: &mut dyn FnMut(&Permission<'_, '_>, &mut Space)| {
        let facts = side.or(Some(one)).map_or_else(Facts::default, |read| read.facts.clone());
        let (kind, _) = kind_of(&facts, policy);
        let permission = space.permission(policy, kind, &facts.owners);
        difference(&permission, space);
    };
    let mut space = Space::new(dialect, policies);
    of(old, policies[0], &mut space, &mut |before, space| {
        of(new, policies[1], space, &mut |now, space| {
            let difference = space.difference(before, now);
            fill(&mut out, &difference, space, [policies[0], policies[1]]);
        });
    });
    out.notes.extend(other_services(policies));
    out.notes.extend(note(policies[0], policies[1]));
    Some(out)
}

fn fill(out: &mut PolicyDiff, difference: &Difference, space: &Space, [old, new]: [&Policy<'_>; 2]) {
    out.verdict = difference.verdict();
    out.added = difference.added.iter().filter_map(|change| delta(change, space, new, old, true)).collect();
    out.removed = difference.removed.iter().filter_map(|change| delta(change, space, old, new, false)).collect();
    out.undecided = told(difference, space.dialect());
    if out.added.len() < difference.added.len() || out.removed.len() < difference.removed.len() {
        // What cannot be shown is not passed over.
        out.verdict = Verdict::Unknown;
        out.undecided.push("a change was found whose statement is gone".to_owned());
    }
}

/// A note when statements of other services differ, which the verdict does not speak of.
fn other_services(policies: [&Policy<'_>; 2]) -> Option<String> {
    use crate::policy::ActionKind;
    let texts = policies.map(|policy| {
        let mut texts: Vec<String> = policy
            .statements
            .iter()
            .filter_map(|statement| {
                let actions = statement.actions.patterns.iter();
                let other = actions.filter(|action| matches!(action.kind, ActionKind::OtherService));
                let actions: Vec<&str> = other.map(|action| &*action.text).collect();
                let resources = statement.resources.patterns.iter();
                let is_other = |kind: &ResourceKind<'_>| matches!(kind, ResourceKind::OtherService);
                let all = !actions.is_empty();
                let resources: Vec<&str> =
                    resources.filter(|one| all || is_other(&one.kind)).map(|one| &*one.text).collect();
                let effect = if statement.allows() { "allow" } else { "deny" };
                let is_about = !actions.is_empty() || !resources.is_empty();
                is_about.then(|| {
                    format!("{effect}\0{}\0{}\0{:?}", actions.join("\0"), resources.join("\0"), conditions(statement))
                })
            })
            .collect();
        texts.sort_unstable();
        texts
    });
    (texts[0] != texts[1])
        .then(|| "statements of other services differ too; the verdict does not speak of them".to_owned())
}

fn conditions(statement: &Statement<'_>) -> Vec<(String, String, Vec<String>)> {
    let values =
        |condition: &crate::policy::Condition<'_>| condition.values.iter().map(|v| v.text.to_string()).collect();
    let all = statement.conditions.iter();
    all.map(|condition| (condition.operator.text.to_string(), condition.key.to_string(), values(condition))).collect()
}
