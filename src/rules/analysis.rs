//! What a rule may look at: a policy read against its catalogue, or a document as text.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::Facts;
use super::denials::Denials;
use super::owned::refine;
use super::repair::Folders;
use crate::catalog::{ActionId, ActionSet, Catalog, Role};
use crate::dialect::Dialect;
use crate::finding::PolicyKind;
use crate::policy::{Condition, Policy, Problem, Statement};
use crate::semantics::expectation::Expectation;
use crate::semantics::permission::{self, Alone, Held, Space};
use crate::semantics::reading::Reading;
use crate::syntax::{Tree, url_decoded};
use crate::text::{Fragment, Span};

/// A policy, its statements read, and what is known beside it.
#[derive(Debug)]
pub struct Analysis<'a, 's> {
    policy: &'a Policy<'s>,
    kind: PolicyKind,
    dialect: &'static dyn Dialect,
    facts: &'a Facts,
    readings: Vec<Reading<'a, 's>>,
    /// Indices of the readings that deny: rules ask for them once for each allow.
    denies: Vec<usize>,
    /// Some deny has no condition.
    denies_firmly: bool,
    /// Statement and index of each problem, sorted; made when it is first asked for.
    problems_of: OnceCell<Vec<(u32, usize)>>,
    /// What the denies surely refuse; made when it is first asked for.
    denials: OnceCell<Denials<'a, 's>>,
    /// The policy beside its expectation; made when it is first asked for.
    held: OnceCell<Option<Held>>,
    /// The statements held against each other; made when it is first asked for.
    alone: OnceCell<Option<Box<Alone<'a, 's>>>>,
    /// The folders that the allows name; made when it is first asked for.
    folders: OnceCell<Folders<'a>>,
}

impl<'a, 's> Analysis<'a, 's> {
    /// Read the statements of a policy.
    pub fn new(policy: &'a Policy<'s>, kind: PolicyKind, dialect: &'static dyn Dialect, facts: &'a Facts) -> Self {
        let statements = &policy.statements;
        let mut readings: Vec<Reading<'a, 's>> =
            statements.iter().map(|statement| Reading::new(statement, dialect, &facts.owners)).collect();
        refine(&mut readings, &facts.layouts);
        let denies = statements.iter().enumerate().filter(|(_, statement)| !statement.allows());
        let denies = denies.map(|(index, _)| index).collect();
        let denies_firmly = statements.iter().any(|statement| !statement.allows() && statement.conditions.is_empty());
        let (problems_of, denials, held) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        let (alone, folders) = (OnceCell::new(), OnceCell::new());
        Self {
            policy,
            kind,
            dialect,
            facts,
            readings,
            denies,
            denies_firmly,
            problems_of,
            denials,
            held,
            alone,
            folders,
        }
    }

    /// The policy.
    pub fn policy(&self) -> &'a Policy<'s> {
        self.policy
    }

    /// What it is for.
    pub fn kind(&self) -> PolicyKind {
        self.kind
    }

    /// Its language.
    pub fn dialect(&self) -> &'static dyn Dialect {
        self.dialect
    }

    /// Whether it is the policy of an upload form.
    pub fn is_post(&self) -> bool {
        self.policy.post.is_some()
    }

    /// What a condition's key is for: one of the provider's keys, or a field of an upload form.
    pub fn role_of(&self, condition: &Condition<'_>) -> Option<Role> {
        if self.is_post() {
            self.catalog().form_field(&condition.key).and_then(|field| field.role)
        } else {
            self.catalog().role_of(&condition.key)
        }
    }

    /// Whether the form of a policy may carry no field of this role, since no condition names one.
    pub(super) fn is_left_out(&self, role: Role, statement: &Statement<'_>) -> bool {
        self.policy.post.as_ref().is_some_and(|post| !post.takes_any_field)
            && !statement.conditions.iter().any(|condition| self.role_of(condition) == Some(role))
    }

    /// Its provider's actions and keys.
    pub fn catalog(&self) -> &'static Catalog {
        self.dialect.catalog()
    }

    /// What is known of its file.
    pub fn facts(&self) -> &'a Facts {
        self.facts
    }

    /// All statements in order.
    pub fn readings(&self) -> &[Reading<'a, 's>] {
        &self.readings
    }

    /// The statements that allow.
    pub fn allows(&self) -> impl Iterator<Item = &Reading<'a, 's>> {
        self.readings.iter().filter(|reading| reading.statement.allows())
    }

    /// The statements that deny.
    pub fn denies(&self) -> impl Iterator<Item = &Reading<'a, 's>> {
        self.denies.iter().filter_map(|index| self.readings.get(*index))
    }

    /// What could not be lowered as written.
    pub fn problems(&self) -> &'a [Problem<'s>] {
        &self.policy.problems
    }

    /// What could not be lowered as written in one statement, in order of place. O(log n) beside the answer.
    pub fn problems_in(&self, statement: u32) -> impl Iterator<Item = &'a Problem<'s>> {
        let problems = self.problems();
        let all = self.problems_of.get_or_init(|| {
            let numbered = problems.iter().enumerate();
            let mut all: Vec<_> = numbered.filter_map(|(at, problem)| Some((problem.statement?, at))).collect();
            all.sort_unstable();
            all
        });
        let from = all.partition_point(|(number, _)| *number < statement);
        let rest = all.get(from..).unwrap_or_default().iter();
        rest.take_while(move |(number, _)| *number == statement).filter_map(|(_, at)| problems.get(*at))
    }

    /// Whether some finding of the grammar already explains why a statement matches nothing.
    pub fn has_problem_in(&self, statement: u32, test: impl Fn(&Problem<'s>) -> bool) -> bool {
        self.problems_in(statement).any(test)
    }

    /// The text for which a value of a condition asks, decoded where the key is compared as it is encoded; `None` where it is no
    /// encoded text, or where a decoded letter would be taken for a wildcard or the mark of a hole.
    pub(super) fn asked<'v>(&self, condition: &Condition<'_>, value: &'v str) -> Option<Cow<'v, str>> {
        if !self.catalog().key(&condition.key).is_some_and(|key| key.encoded) {
            return Some(Cow::Borrowed(value));
        }
        let text = url_decoded(value)?;
        let is_mark = |byte: &u8| matches!(byte, b'*' | b'?' | b'<' | b'$' | b'{' | b'[' | b'%');
        let marks = |text: &str| text.bytes().filter(is_mark).count();
        let is_plain = || marks(&text) + value.bytes().filter(|byte| *byte == b'%').count() == marks(value);
        (matches!(text, Cow::Borrowed(_)) || is_plain()).then_some(text)
    }

    /// Whether some statement denies.
    pub(super) fn has_denies(&self) -> bool {
        !self.denies.is_empty()
    }

    /// Whether some statement denies whatever the context of the request.
    pub(super) fn denies_firmly(&self) -> bool {
        self.denies_firmly
    }

    /// What the denies surely refuse.
    pub(super) fn denials(&self) -> &Denials<'a, 's> {
        self.denials.get_or_init(|| Denials::new(self))
    }

    /// The folders that the allows name.
    pub(super) fn folders(&self) -> &Folders<'a> {
        self.folders.get_or_init(|| Folders::new(self))
    }

    /// The policy beside what the project expects of it, if it does.
    pub fn held(&self) -> Option<&Held> {
        let hold = |expectation: &Expectation| {
            permission::hold(expectation, self.policy, self.kind, &self.facts.owners, self.dialect)
        };
        self.held.get_or_init(|| self.facts.expectation.as_deref().map(hold)).as_ref()
    }

    /// Whether it has no more than people write: only then are statements held against each other exactly.
    pub fn is_small(&self) -> bool {
        const MOST_STATEMENTS: usize = 60;
        const MOST_PATTERNS: usize = 600;
        let statements = &self.policy.statements;
        let patterns = || statements.iter().map(|s| s.resources.patterns.len() + s.conditions.len()).sum::<usize>();
        statements.len() <= MOST_STATEMENTS && patterns() <= MOST_PATTERNS
    }

    /// The statements, to be held against each other exactly; `None` for a policy that is not small.
    pub fn alone(&self) -> Option<&Alone<'a, 's>> {
        let make = || {
            let mut space = Space::new(self.dialect, [self.policy]);
            let permission = space.permission(self.policy, self.kind, &self.facts.owners);
            Box::new(Alone::new(space, permission))
        };
        self.alone.get_or_init(|| self.is_small().then(make)).as_deref()
    }

    /// What of the policy was not decided, each a sentence; the exit status tells.
    pub fn undecided(&self) -> Vec<String> {
        let Some(held) = self.held() else { return Vec::new() };
        let title = self.facts.expectation.as_deref().map_or("", |expectation| expectation.title());
        let open = held
            .difference
            .undecided
            .iter()
            .filter(|open| !self.policy.unjudged.iter().any(|(_, known)| *known == open.reason));
        open.map(|open| format!("whether the policy meets the expectation `{title}`: {}", open.reason)).collect()
    }

    /// The names of actions, those of `first` before the others.
    pub fn names_with(&self, first: ActionSet, actions: ActionSet, most: usize) -> String {
        self.name_list((actions & first).iter().chain((actions - first).iter()), actions.len(), most)
    }

    /// The name of an action in the provider's spelling, in backticks, at most `most` of them.
    pub fn names(&self, actions: ActionSet, most: usize) -> String {
        self.name_list(actions.iter(), actions.len(), most)
    }

    fn name_list(&self, ids: impl Iterator<Item = ActionId>, count: usize, most: usize) -> String {
        let mut text = String::new();
        for (index, id) in ids.take(most).enumerate() {
            text.push_str(match index {
                0 => "",
                _ if index + 1 == count => " and ",
                _ => ", ",
            });
            text.push('`');
            text.push_str(self.catalog().name(id));
            text.push('`');
        }
        if count > most {
            text.push_str(&format!(" and {} more", count - most));
        }
        text
    }
}

/// A text as it was parsed.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// The text.
    pub fragment: &'a Fragment<'a>,
    /// Its tree.
    pub tree: &'a Tree<'a>,
    /// Runs of bytes that are not UTF-8.
    pub undecodable: &'a [Span],
    /// The file's name says that it may hold comments.
    pub may_comment: bool,
    /// It stands in a string of another document.
    pub is_embedded: bool,
}
