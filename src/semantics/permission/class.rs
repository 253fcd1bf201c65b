//! Actions that no statement tells apart, those that nobody knows today among them.
//!
//! Each wildcard also stands for actions that do not exist yet. Which statements would speak of such an action depends on its
//! name; every combination that some name makes is a class of its own, found by splitting the names pattern by pattern.

use super::encode::Look;
use super::rights::{Permission, Rights};
use crate::catalog::{ActionId, ActionSet, Catalog};
use crate::policy::ActionKind;
use crate::semantics::glob::{Glob, Letter};
use crate::semantics::pattern::matches;
use crate::semantics::reading::Meaning;
use crate::semantics::search::{Answer, Budget, witness};

/// An action of a request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// One of the catalogue.
    Known(ActionId),
    /// A name that the catalogue does not know.
    Named(String),
    /// One that nobody knows today and that this pattern fits.
    Future(String),
}

/// Actions that nothing tells apart.
#[derive(Debug, Clone)]
pub(super) struct Class {
    /// In order of name; at least one.
    pub(super) subjects: Vec<Subject>,
    pub(super) look: Look,
    /// For each policy, which statements speak of it.
    pub(super) speaks: Vec<Vec<bool>>,
}

/// The most combinations of wildcards that are told apart among unknown names.
const MOST_REGIONS: usize = 256;

/// The classes of all actions that some statement speaks of, known ones first. The second is the reason why not all of the
/// unknown ones could be told apart.
pub(super) fn classes(policies: &[&Permission<'_, '_>], catalog: &Catalog) -> (Vec<Class>, Option<String>) {
    let mut classes = written_classes(policies, catalog);
    let fault = futures(policies, catalog, &mut classes);
    (classes, fault)
}

/// The classes of the actions that have a name, and one for each wildcard: of an action that no other wildcard fits but those
/// that hold it.
pub(super) fn shown_classes(policies: &[&Permission<'_, '_>], catalog: &Catalog) -> Vec<Class> {
    let mut classes = written_classes(policies, catalog);
    let mut wild: Vec<(&str, Glob)> =
        policies.iter().flat_map(|policy| &policy.rights).flat_map(Rights::wildcards).collect();
    wild.sort();
    wild.dedup();
    classes.extend(wild.into_iter().map(|(text, glob)| {
        let word = glob.canonical();
        let speaks = speaking(policies, |rights| rights.speaks_of_word("", &word));
        Class { subjects: vec![Subject::Future(text.to_owned())], look: Look::Any, speaks }
    }));
    classes
}

/// The classes of the actions that have a name: the actions of each look, split by each statement. O(statements x classes).
fn written_classes(policies: &[&Permission<'_, '_>], catalog: &Catalog) -> Vec<Class> {
    let rights = || policies.iter().flat_map(|policy| &policy.rights);
    let mut by_look = [ActionSet::EMPTY; Look::COUNT];
    for id in catalog.all().iter() {
        if let Some(set) = by_look.get_mut(Look::of(id, catalog) as usize) {
            set.insert(id);
        }
    }
    let spoken = rights().fold(ActionSet::EMPTY, |all, rights| all | rights.known_actions(catalog));
    let mut parts: Vec<ActionSet> = by_look.into_iter().map(|set| set & spoken).filter(|set| !set.is_empty()).collect();
    for rights in rights() {
        let own = rights.known_actions(catalog);
        for at in 0..parts.len() {
            let Some(part) = parts.get_mut(at).filter(|part| part.meets(&own) && !part.is_subset(&own)) else {
                continue;
            };
            let rest = *part - own;
            *part = *part & own;
            parts.push(rest);
        }
    }
    parts.sort_by_cached_key(|part| part.iter().next());
    let class = |part: ActionSet| {
        Some(Class {
            subjects: part.iter().map(Subject::Known).collect(),
            look: Look::of(part.iter().next()?, catalog),
            speaks: speaking(policies, |rights| part.meets(&rights.known_actions(catalog))),
        })
    };
    let mut classes: Vec<Class> = parts.into_iter().filter_map(class).collect();
    let mut names: Vec<&str> = rights().flat_map(Rights::unknown_names).collect();
    names.sort_unstable();
    names.dedup();
    classes.extend(names.into_iter().map(|name| named(policies, name)));
    classes
}

/// The class of one action.
pub(super) fn class_of(policies: &[&Permission<'_, '_>], subject: &Subject, catalog: &Catalog) -> Class {
    match subject {
        Subject::Known(id) => Class {
            subjects: vec![subject.clone()],
            look: Look::of(*id, catalog),
            speaks: speaking(policies, |rights| rights.known_actions(catalog).contains(*id)),
        },
        Subject::Named(name) | Subject::Future(name) => named(policies, name),
    }
}

fn named(policies: &[&Permission<'_, '_>], name: &str) -> Class {
    let word: Vec<Letter> = name.chars().map(Letter::of).collect();
    Class {
        subjects: vec![Subject::Named(name.to_owned())],
        look: Look::Any,
        speaks: speaking(policies, |rights| rights.speaks_of_word(name, &word)),
    }
}

fn speaking(policies: &[&Permission<'_, '_>], test: impl Fn(&Rights<'_, '_>) -> bool) -> Vec<Vec<bool>> {
    policies.iter().map(|policy| policy.rights.iter().map(&test).collect()).collect()
}

/// Append a class for each combination of wildcards that some unknown name makes.
fn futures(policies: &[&Permission<'_, '_>], catalog: &Catalog, classes: &mut Vec<Class>) -> Option<String> {
    let rights = || policies.iter().flat_map(|policy| &policy.rights);
    let mut wild: Vec<(&str, Glob)> = rights().flat_map(Rights::wildcards).collect();
    wild.sort();
    wild.dedup();
    let negates = rights().any(|rights| rights.reading.statement.actions.negated);
    let folds = rights().flat_map(|rights| rights.reading.action_patterns()).any(|(action, _)| match &action.kind {
        ActionKind::Own(pattern) => pattern.case() == crate::policy::Case::Insensitive,
        _ => false,
    });
    let is_known = |word: &[Letter]| {
        let Some(name) = word.iter().map(|letter| letter.as_char()).collect::<Option<String>>() else { return false };
        let is_same = |known: &str| if folds { known.eq_ignore_ascii_case(&name) } else { known == name };
        let in_catalog = if folds { catalog.find_in_any_case(&name) } else { catalog.find(&name) };
        in_catalog.is_some() || rights().flat_map(Rights::unknown_names).any(is_same)
    };
    // Each region is what is inside some wildcards and outside all others.
    let mut regions: Vec<Vec<bool>> = vec![Vec::new()];
    let mut budget = Budget::default();
    let mut fault = None;
    for _ in &wild {
        let mut next = Vec::with_capacity(regions.len() + 1);
        for region in regions {
            for is_inside in [true, false] {
                let region: Vec<bool> = region.iter().copied().chain([is_inside]).collect();
                match word_of(&region, &wild, &is_known, &mut budget) {
                    Answer::None => {}
                    Answer::Some(_) => next.push(region),
                    Answer::Unknown(reason) => fault = Some(format!("unknown actions: {reason}")),
                }
            }
        }
        if next.len() > MOST_REGIONS {
            return Some(format!("the wildcards of actions make more than {MOST_REGIONS} cases of unknown actions"));
        }
        regions = next;
    }
    for region in regions {
        let inside = region.iter().zip(&wild).filter(|(is_inside, _)| **is_inside).map(|(_, (text, _))| *text);
        let narrowest = inside.max_by_key(|text| (text.len(), *text));
        if narrowest.is_none() && !negates {
            continue;
        }
        let Answer::Some(word) = word_of(&region, &wild, &is_known, &mut budget) else { continue };
        let speaks = speaking(policies, |rights| rights.speaks_of_word("", &word));
        if speaks.iter().flatten().any(|speaks| *speaks) {
            let subjects = vec![Subject::Future(narrowest.unwrap_or("*").to_owned())];
            classes.push(Class { subjects, look: Look::Any, speaks });
        }
    }
    fault
}

/// How many known names are passed over in search of an unknown one.
const MOST_KNOWN: usize = 64;

/// A name that is inside these wildcards, outside all others and not known.
fn word_of(
    region: &[bool],
    wild: &[(&str, Glob)],
    is_known: &dyn Fn(&[Letter]) -> bool,
    budget: &mut Budget,
) -> Answer {
    let side = |wanted: bool| -> Vec<&Glob> {
        region.iter().zip(wild).filter(|(is_inside, _)| **is_inside == wanted).map(|(_, (_, glob))| glob).collect()
    };
    let inside = side(true);
    let mut passed: Vec<Glob> = Vec::new();
    loop {
        let outside: Vec<&Glob> = side(false).into_iter().chain(&passed).collect();
        match witness(&inside, &outside, budget) {
            Answer::Some(word) if is_known(&word) && passed.len() < MOST_KNOWN => passed.push(Glob::word(word)),
            answer => return answer,
        }
    }
}

impl Rights<'_, '_> {
    /// The known actions that the statement speaks of.
    pub(super) fn known_actions(&self, catalog: &Catalog) -> ActionSet {
        let actions = &self.reading.statement.actions;
        if actions.is_missing {
            return if self.allows() { catalog.all() } else { ActionSet::EMPTY };
        }
        let named = self.reading.meanings().fold(ActionSet::EMPTY, |all, meaning| all | meaning.actions(catalog));
        if actions.negated { catalog.all() - named } else { named }
    }

    /// Whether the statement speaks of an action that the catalogue does not know, by its name; a word may hold letters that
    /// stand for any other.
    fn speaks_of_word(&self, name: &str, word: &[Letter]) -> bool {
        let actions = &self.reading.statement.actions;
        if actions.is_missing {
            return self.allows();
        }
        let names = self.reading.action_patterns().any(|(action, meaning)| match (meaning, &action.kind) {
            (Meaning::WholeService, _) => true,
            (Meaning::Wildcard(_), ActionKind::Own(pattern)) => glob_of(pattern).matches(&folded(word, pattern)),
            (Meaning::Unknown, ActionKind::Own(pattern)) => !name.is_empty() && matches(pattern, name),
            (Meaning::Unknown, _) => !name.is_empty() && action.text == name,
            _ => false,
        });
        names != actions.negated
    }

    /// The names that the catalogue does not know and the statement writes out.
    fn unknown_names(&self) -> impl Iterator<Item = &str> {
        self.reading.action_patterns().filter(|(_, meaning)| *meaning == Meaning::Unknown).map(|(action, _)| {
            match &action.kind {
                ActionKind::Own(pattern) => pattern.text(),
                _ => &*action.text,
            }
        })
    }

    /// The wildcards of the statement.
    fn wildcards(&self) -> impl Iterator<Item = (&str, Glob)> {
        self.reading.action_patterns().filter_map(|(action, meaning)| match (meaning, &action.kind) {
            (Meaning::WholeService, _) => Some(("*", Glob::everything())),
            (Meaning::Wildcard(_), ActionKind::Own(pattern)) => Some((pattern.text(), glob_of(pattern))),
            _ => None,
        })
    }
}

/// A word as a pattern compares it.
fn folded<'w>(word: &'w [Letter], pattern: &crate::policy::Pattern<'_>) -> std::borrow::Cow<'w, [Letter]> {
    if pattern.case() == crate::policy::Case::Sensitive {
        return word.into();
    }
    let fold = |letter: &Letter| letter.as_char().map_or(*letter, |c| Letter::of(c.to_ascii_lowercase()));
    word.iter().map(fold).collect()
}

/// A wildcard as a glob, letters of dialects that ignore case folded.
fn glob_of(pattern: &crate::policy::Pattern<'_>) -> Glob {
    let folds = pattern.case() == crate::policy::Case::Insensitive;
    let any_one = pattern.tokens().iter().any(|token| token.kind == crate::policy::TokenKind::AnyOne);
    if folds {
        Glob::parse(&pattern.text().to_ascii_lowercase(), any_one)
    } else {
        Glob::parse(pattern.text(), any_one)
    }
}
