//! What a rule may look at: a policy read against its catalogue, or a document as text.

use super::Facts;
use crate::catalog::{ActionId, ActionSet, Catalog};
use crate::dialect::Dialect;
use crate::finding::{PolicyKind, Witness};
use crate::policy::{Policy, Problem, Resource, ResourceKind};
use crate::semantics::pattern::{example, matches};
use crate::semantics::reading::{Reading, fits};
use crate::semantics::scope::Scope;
use crate::syntax::Tree;
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
}

/// Names of keys for witnesses; the first that no deny takes back is shown.
const EXAMPLE_KEYS: [&str; 3] = ["someone-else/photo.jpg", "x", "zz9"];

impl<'a, 's> Analysis<'a, 's> {
    /// Read the statements of a policy.
    pub fn new(policy: &'a Policy<'s>, kind: PolicyKind, dialect: &'static dyn Dialect, facts: &'a Facts) -> Self {
        let catalog = dialect.catalog();
        let statements = &policy.statements;
        let readings = statements.iter().map(|statement| Reading::new(statement, catalog, &facts.owners)).collect();
        let denies = statements.iter().enumerate().filter(|(_, statement)| !statement.allows());
        let denies = denies.map(|(index, _)| index).collect();
        Self { policy, kind, dialect, facts, readings, denies }
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

    /// Whether some finding of the grammar already explains why a statement matches nothing.
    pub fn has_problem_in(&self, statement: u32, test: impl Fn(&Problem<'s>) -> bool) -> bool {
        self.problems().iter().any(|problem| problem.statement == Some(statement) && test(problem))
    }

    /// A concrete request for one of `actions` (a typical one that changes something before any other) on `resource`, which
    /// no deny of the policy refuses.
    pub fn witness(&self, actions: ActionSet, resource: &Resource<'_>, scope: Scope) -> Option<Witness> {
        let catalog = self.catalog();
        let fitting = actions & fits(scope, catalog);
        let typical = fitting & catalog.typical();
        let changing = typical & catalog.changing();
        let ranked = changing.iter().chain((typical - changing).iter()).chain((fitting - typical).iter());
        ranked.take(12).find_map(|id| {
            EXAMPLE_KEYS.iter().find_map(|key| {
                let (path, spelled) = self.request(id, resource, key)?;
                (!self.is_denied(id, &path))
                    .then(|| Witness { action: self.dialect.spell_action(catalog.name(id)), resource: spelled })
            })
        })
    }

    /// Path and spelling of a request for an action on a resource.
    fn request(&self, id: ActionId, resource: &Resource<'_>, key: &str) -> Option<(String, String)> {
        use crate::catalog::{Level, Reach};
        let action = self.catalog().action(id)?;
        let touches_bucket = action.level == Level::Bucket && action.reach != Reach::Prefix;
        match &resource.kind {
            ResourceKind::Everything | ResourceKind::Unreadable if action.level == Level::Service => {
                Some(("*".to_owned(), "*".to_owned()))
            }
            ResourceKind::Everything | ResourceKind::Unreadable => {
                let spelled = self.dialect.spell_sample(if touches_bucket { "" } else { key });
                Some((spelled.rsplit(':').next().unwrap_or_default().to_owned(), spelled))
            }
            ResourceKind::Place(place) => {
                let path = match place.slash() {
                    Some(slash) if touches_bucket => place.path.text().get(..=slash as usize)?.to_owned(),
                    None if place.path.is_everything() => {
                        let id = place
                            .account
                            .text()
                            .rsplit('/')
                            .next()
                            .filter(|id| !id.is_empty() && !id.contains('*'))
                            .unwrap_or("<APPID>");
                        format!("otherbucket-{id}/{}", if touches_bucket { "" } else { key })
                    }
                    None if place.path.is_wild() && !touches_bucket => example(&place.path, "otherbucket").into_owned(),
                    None if place.path.is_wild() => {
                        let path = example(&place.path, "x").into_owned();
                        path.ends_with('/').then_some(path)?
                    }
                    _ => example(&place.path, key).into_owned(),
                };
                let spelled = self.dialect.spell_resource(place, &path);
                Some((path, spelled))
            }
            ResourceKind::OtherService => None,
        }
    }

    /// Whether a deny without conditions refuses an action on a path.
    fn is_denied(&self, id: ActionId, path: &str) -> bool {
        self.denies().any(|deny| {
            deny.statement.conditions.is_empty()
                && deny.actions().contains(id)
                && deny.statement.resources.patterns.iter().any(|resource| match &resource.kind {
                    ResourceKind::Everything => true,
                    ResourceKind::Place(place) => matches(&place.path, path),
                    _ => false,
                })
        })
    }

    /// The name of an action in the provider's spelling, in backticks, at most `most` of them.
    pub fn names(&self, actions: ActionSet, most: usize) -> String {
        let mut text = String::new();
        let count = actions.len();
        for (index, id) in actions.iter().take(most).enumerate() {
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
