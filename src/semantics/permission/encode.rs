//! From a resource of a policy to areas of words, as an action sees it.
//!
//! An action on objects sees keys; an action on the bucket sees the bucket with no key; an action that lists sees the prefix
//! that it lists, for which `bucket/` and `bucket/*` mean every prefix.

use std::borrow::Cow;

use super::area::{Area, Parts, Steps};
use super::space::Marks;
use crate::catalog::{ActionId, Catalog, Level};
use crate::dialect::{Account, Dialect};
use crate::policy::{Case, HoleOrigin, HoleRole, Pattern, Place, Resource, ResourceKind, TokenKind};
use crate::semantics::glob::{Glob, Letter, Step};
use crate::semantics::view::View;

/// How an action looks at resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Look {
    /// As keys.
    Object,
    /// As a bucket, with no key.
    Bucket,
    /// As a prefix to list.
    Prefix,
    /// At what matches every resource, and at nothing else.
    Operation,
    /// In any of these ways: nobody knows the action.
    Any,
}

impl Look {
    /// How many there are.
    pub(super) const COUNT: usize = 5;

    /// How a known action looks.
    pub(super) fn of(id: ActionId, catalog: &Catalog) -> Self {
        match catalog.action(id).map(|action| action.level) {
            Some(Level::Service) => Self::Operation,
            _ => match View::of(id, catalog) {
                View::Object => Self::Object,
                View::Bucket => Self::Bucket,
                View::Prefix => Self::Prefix,
            },
        }
    }
}

/// The most ways to read a path as a bucket and a key.
const MOST_SPLITS: usize = 64;

/// A resource that nothing tells how to read, in words for people.
pub(super) struct Unreadable(pub(super) String);

/// The steps of a pattern; letters are folded where case does not matter.
pub(super) fn steps(pattern: &Pattern<'_>, marks: &mut Marks<'_>) -> Steps {
    let mut steps = Steps::new();
    let folds = pattern.case() == Case::Insensitive;
    for token in pattern.tokens() {
        match token.kind {
            TokenKind::AnyOne => steps.push(Step::One),
            TokenKind::AnyRun => steps.push(Step::Run),
            TokenKind::Literal => {
                let letter = |c: char| Letter::of(if folds { c.to_ascii_lowercase() } else { c });
                steps.extend(pattern.token_text(*token).chars().map(letter).map(Step::Letter));
            }
            TokenKind::Hole(index) => {
                let hole = pattern.holes().get(index as usize);
                let name = hole.map_or("", |hole| pattern.hole_name(hole));
                // The names of a service's variables are the same in any letter case, but for the tag behind a slash.
                let is_service = hole.is_some_and(|hole| hole.origin == HoleOrigin::Service);
                let name = if is_service { Cow::Owned(folded(name)) } else { Cow::Borrowed(name) };
                steps.push(Step::Letter(marks.hole(&name, pattern.token_text(*token))));
            }
        }
    }
    steps
}

/// The name of a variable in the one letter case that it has for every way to write it.
fn folded(name: &str) -> String {
    let (head, tag) = name.split_at_checked(name.find('/').unwrap_or(name.len())).unwrap_or((name, ""));
    [&head.to_ascii_lowercase(), tag].concat()
}

/// Letters of a text that means itself.
pub(super) fn literal(text: &str) -> Steps {
    text.chars().map(Letter::of).map(Step::Letter).collect()
}

/// The areas of a resource in a way of looking; none where no request that looks so touches it.
pub(super) fn areas(
    index: usize,
    resource: &Resource<'_>,
    look: Look,
    dialect: &dyn Dialect,
    marks: &mut Marks<'_>,
) -> Result<Vec<(Area, Parts)>, Unreadable> {
    let place = match &resource.kind {
        ResourceKind::Everything => return Ok(vec![everything(index, look, dialect)]),
        ResourceKind::OtherService => return Ok(Vec::new()),
        ResourceKind::Unreadable => return Err(Unreadable(format!("`{}` cannot be read", resource.text))),
        ResourceKind::Place(place) if !marks.is_of_keys() && dialect.is_nowhere(place) => return Ok(Vec::new()),
        ResourceKind::Place(place) if look == Look::Operation => {
            let is_account = dialect.catalog().buckets_apart() && place.path.is_everything();
            return Ok(if is_account { vec![everything(index, look, dialect)] } else { Vec::new() });
        }
        ResourceKind::Place(place) => place,
    };
    let is_bare = place.slash().is_none() && !place.path.is_wild();
    if may_hold_slash(place) {
        return Err(Unreadable(format!("nothing tells whether `{}` stands for a bucket or for keys", resource.text)));
    }
    let is_everywhere = marks.is_of_keys() || place.region.text().is_empty();
    let region = if is_everywhere { vec![Step::Run] } else { steps(&place.region, marks) };
    let account = if marks.is_of_keys() { vec![Step::Run] } else { account(place, dialect, marks) };
    let mut path = steps(&place.path, marks);
    if is_bare {
        path.push(Step::Letter(Letter::of('/')));
    }
    if split(&path).len() > MOST_SPLITS {
        return Err(Unreadable(format!("`{}` has too many wildcards before its first `/`", resource.text)));
    }
    if dialect.catalog().buckets_apart() {
        return Ok(apart(index, look, is_bare, &Parts { region, account, ..Parts::default() }, &path));
    }
    let mut found: Vec<(Area, Parts)> = Vec::new();
    for (bucket, key) in split(&path) {
        let key = match look {
            Look::Object if is_bare => continue,
            Look::Bucket if key.iter().all(|step| *step == Step::Run) => Steps::new(),
            Look::Bucket => continue,
            Look::Prefix if key.is_empty() => vec![Step::Run],
            Look::Object | Look::Prefix | Look::Operation | Look::Any => key,
        };
        let parts = Parts { region: region.clone(), account: account.clone(), bucket, key };
        let area = Area::new(index, parts.glob());
        if !found.iter().any(|(other, _)| *other == area) {
            found.push((area, parts));
        }
    }
    Ok(found)
}

/// Whether the slash behind the bucket may stand in a hole: one that nothing tells to be a part of the bucket's name, with no
/// slash behind it.
fn may_hold_slash(place: &Place<'_>) -> bool {
    let slash = place.path.text().find('/').unwrap_or(usize::MAX);
    let mut holes = place.path.holes().iter().filter(|hole| (hole.range.start as usize) < slash);
    place.slash().is_none() && holes.any(|hole| matches!(hole.role, HoleRole::Unknown | HoleRole::Chosen))
}

/// The areas of a path where a bucket is a resource of its own: one without a slash.
fn apart(index: usize, look: Look, is_bare: bool, place: &Parts, path: &[Step]) -> Vec<(Area, Parts)> {
    let slash = Step::Letter(Letter::of('/'));
    let mut found: Vec<(Area, Parts)> = Vec::new();
    let mut add = |bucket: Steps, key: Steps| {
        let bucket = named(bucket);
        if bucket.is_empty() {
            return;
        }
        let parts = Parts { bucket, key, ..place.clone() };
        let area = Area::new(index, parts.glob());
        if !found.iter().any(|(other, _)| *other == area) {
            found.push((area, parts));
        }
    };
    let names_bucket = is_bare || !path.contains(&slash);
    if names_bucket && look != Look::Object {
        let bucket: Steps = path.strip_suffix(&[slash]).filter(|_| is_bare).unwrap_or(path).to_vec();
        add(bucket, if look == Look::Prefix { vec![Step::Run] } else { Steps::new() });
    }
    if !is_bare && matches!(look, Look::Object | Look::Any) {
        for (bucket, mut key) in split(path) {
            // Without a key there is no slash to be read.
            if key.iter().all(|step| *step == Step::Run) && !key.is_empty() {
                key = vec![Step::One, Step::Run];
            }
            if !key.is_empty() {
                add(bucket, key);
            }
        }
    }
    found
}

/// Every resource, in a way of looking.
pub(super) fn everything(index: usize, look: Look, dialect: &dyn Dialect) -> (Area, Parts) {
    let account = Glob::parse(dialect.any_account(), false).steps().to_vec();
    let mut parts = Parts { account, ..Parts::everything() };
    if dialect.catalog().buckets_apart() && look != Look::Operation {
        parts.bucket = named(parts.bucket);
    }
    if look == Look::Bucket {
        parts.key.clear();
    }
    (Area::new(index, parts.glob()), parts)
}

/// The steps of a bucket's name, which is never empty.
fn named(bucket: Steps) -> Steps {
    let may_be_empty = bucket.iter().all(|step| *step == Step::Run);
    if may_be_empty && !bucket.is_empty() { vec![Step::One, Step::Run] } else { bucket }
}

/// The words that are no request: an object has a key.
pub(super) fn impossible(look: Look) -> Option<Glob> {
    let no_key = || Parts { key: Steps::new(), ..Parts::everything() }.glob();
    (look == Look::Object).then(no_key)
}

fn account(place: &Place<'_>, dialect: &dyn Dialect, marks: &mut Marks<'_>) -> Steps {
    match dialect.account(place) {
        Account::Any => vec![Step::Run],
        Account::Named(account) => literal(&account),
        Account::Own => match marks.own_account() {
            Some(account) => literal(account),
            None => own_account(dialect, marks),
        },
        // Whichever it is, it is one, and the same wherever this number stands.
        Account::Alias(alias) => vec![Step::Letter(marks.hole(&alias, &alias))],
        Account::AsWritten => steps(&place.account, marks),
    }
}

/// The account whose policy it is, where nothing tells which: one unknown in all policies of a space.
fn own_account(dialect: &dyn Dialect, marks: &mut Marks<'_>) -> Steps {
    let own = Step::Letter(marks.hole(OWN_ACCOUNT, OWN_ACCOUNT));
    dialect.any_account().chars().map(|c| if c == '*' { own } else { Step::Letter(Letter::of(c)) }).collect()
}

/// What stands for the account whose policy it is, where nothing tells which.
pub(super) const OWN_ACCOUNT: &str = "<own-account>";

/// The ways to read a path as a bucket and a key: the first `/` of a request's path is read by the first `/` of the pattern,
/// or by a wildcard before it.
fn split(path: &[Step]) -> Vec<(Steps, Steps)> {
    let mut ways = Vec::new();
    for (at, step) in path.iter().enumerate() {
        let (before, behind) = path.split_at(at);
        let rest = behind.get(1..).unwrap_or_default();
        match step {
            Step::Letter(letter) if *letter == Letter::of('/') => {
                ways.push((before.to_vec(), rest.to_vec()));
                break;
            }
            Step::Letter(_) => {}
            Step::One => ways.push((before.to_vec(), rest.to_vec())),
            Step::Run => ways.push(([before, &[Step::Run]].concat(), behind.to_vec())),
        }
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ways(path: &str) -> Vec<String> {
        let shown = |steps: &[Step]| -> String {
            let letter = |step: &Step| match step {
                Step::Letter(letter) => letter.as_char().unwrap_or('#'),
                Step::One => '?',
                Step::Run => '*',
            };
            steps.iter().map(letter).collect()
        };
        let glob = Glob::parse(path, true);
        split(glob.steps()).iter().map(|(bucket, key)| format!("{} {}", shown(bucket), shown(key))).collect()
    }

    #[test]
    fn every_way_to_read_the_slash_behind_the_bucket() {
        assert_eq!(ways("b/a*"), ["b a*"]);
        assert_eq!(ways("b*"), ["b* *"]);
        assert_eq!(ways("*"), ["* *"]);
        assert_eq!(ways("b*/a"), ["b* */a", "b* a"]);
        assert_eq!(ways("b?/a"), ["b /a", "b? a"]);
        assert_eq!(ways("b"), [] as [&str; 0]);
    }
}
