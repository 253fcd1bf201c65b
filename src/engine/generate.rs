//! From an expectation to the policy that grants it in the words of one provider, no more and no less.
//!
//! Grants of the same actions share a statement: every action then meets every key of both, and each of these pairs is
//! expected. Different actions never do. What is judged on the bucket, and what on the account, stands in a statement of
//! its own, and so does a listing that only a condition holds to its prefixes.

use std::fmt;

use crate::catalog::ActionSet;
use crate::config::{Config, ExpectEntry, nearest};
use crate::dialect::{self, Allow, Dialect, Site, Target, Written};
use crate::finding::PolicyKind;
use crate::policy::{Owners, Pattern, TokenKind, find_hole};
use crate::semantics::expectation::{Asked, Expectation};
use crate::semantics::pattern::covers;
use crate::text::is_invisible;

/// What a policy is generated with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filling {
    /// Names of holes and what they are filled with.
    pub holes: Vec<(String, String)>,
    /// Where the resources lie; the bucket may come from the expectation.
    pub site: Site,
}

/// Why no policy was generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong: a sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Refusal {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: Some(help.into()) }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

/// The expectation of this name, or in this place (`file:line`); without a name, the only one.
///
/// # Errors
/// When there is none, or no name was given and there are several.
pub fn expectation<'c>(config: &'c Config, name: Option<&str>) -> Result<&'c ExpectEntry, Refusal> {
    let entries = &config.expects;
    let titles = || entries.iter().map(|entry| entry.expectation.title());
    let all = || {
        let titles: Vec<String> = titles().map(|title| format!("`{title}`")).collect();
        titles.join(", ")
    };
    let Some(name) = name else {
        return match entries.as_slice() {
            [entry] => Ok(entry),
            [] => {
                let help =
                    "say there what a policy is for; that of `grantlint init` is an example until its `#` are removed";
                Err(Refusal::new(format!("{} has no `[[expect]]`", config.name), help))
            }
            _ => Err(Refusal::new("there are several expectations", format!("choose one with `--expect`: {}", all()))),
        };
    };
    let named = entries.iter().find(|entry| entry.expectation.name.as_deref() == Some(name));
    named.or_else(|| entries.iter().find(|entry| entry.expectation.place == name)).ok_or_else(|| {
        let help = match nearest(name, titles()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if entries.is_empty() => format!("{} has no `[[expect]]`", config.name),
            None => format!("use one of {}", all()),
        };
        Refusal::new(format!("there is no expectation `{name}`"), help)
    })
}

/// The dialect in which a policy is written from an expectation: the one that was `asked` for, the one that the configuration
/// names, the only one in which it can be said, or else the usual one.
///
/// # Errors
/// When nothing tells which of several is meant.
pub fn dialect_of(
    config: &Config,
    entry: &ExpectEntry,
    asked: Option<&'static str>,
) -> Result<&'static dyn Dialect, Refusal> {
    let known = &entry.expectation.dialects;
    let usual = dialect::usual();
    let name = match (asked.or_else(|| config.dialect_of(entry)), known.as_slice()) {
        (Some(name), _) => name,
        (None, [only]) => only,
        (None, several) if several.is_empty() || several.contains(&usual.name()) => usual.name(),
        (None, several) => {
            let message = format!("nothing tells in whose words `{}` is to be written", entry.expectation.title());
            let words: Vec<String> = several.iter().map(|name| format!("`{name}`")).collect();
            return Err(Refusal::new(message, format!("choose with `--dialect`: {}", words.join(" or "))));
        }
    };
    Ok(dialect::named(name).unwrap_or(usual))
}

/// Sets of actions, each with the keys on which it is granted.
#[derive(Default)]
struct Sets(Vec<(ActionSet, Vec<Pattern<'static>>)>);

impl Sets {
    fn add(&mut self, actions: ActionSet, keys: &[Pattern<'static>]) {
        if actions.is_empty() {
            return;
        }
        let at = self.0.iter().position(|(known, _)| *known == actions).unwrap_or(self.0.len());
        if at == self.0.len() {
            self.0.push((actions, Vec::new()));
        }
        let Some((_, known)) = self.0.get_mut(at) else { return };
        keys.iter().cloned().for_each(|key| add(known, key));
    }

    /// The same without what is granted twice: an action on a key that a set before has it on as well. What a wider key holds
    /// stays, so that each grant reads as it was asked for. O(keys^2).
    fn apart(self) -> Self {
        let mut apart = Self::default();
        for (at, (actions, keys)) in self.0.iter().enumerate() {
            for key in keys {
                let has = |theirs: &[Pattern<'_>]| theirs.iter().any(|own| covers(own, key) && covers(key, own));
                let before = self.0.iter().take(at).filter(|(_, theirs)| has(theirs));
                let granted = before.fold(ActionSet::EMPTY, |all, (theirs, _)| all | *theirs);
                apart.add(*actions - granted, std::slice::from_ref(key));
            }
        }
        apart
    }
}

/// The class of an action where a dialect of the expectation has it.
fn class_elsewhere(action: &str, expectation: &Expectation) -> Option<&'static str> {
    let of = |name: &&'static str| {
        let dialect = dialect::named(name)?;
        let id = Asked::find(action, dialect)?;
        dialect.catalog().action(id).map(|action| action.class.word())
    };
    expectation.dialects.iter().find_map(of)
}

/// The policy that grants an expectation in the words of a dialect, its holes and its site filled as far as `filling` says.
///
/// # Errors
/// When the dialect does not have one of the actions, or a value is unsafe, or fills what is not there.
pub fn generate(expectation: &Expectation, dialect: &dyn Dialect, filling: &Filling) -> Result<Written, Refusal> {
    let grants = expectation.grants_in(dialect).map_err(|foreign| {
        let others: Vec<String> = expectation.dialects.iter().map(|name| format!("`--dialect {name}`")).collect();
        let others = others.join(" or ");
        let help = match class_elsewhere(&foreign.action, expectation) {
            Some(class) => {
                let own = match foreign.instead.as_slice() {
                    [] => format!("the action of {}", foreign.service),
                    names => format!("`{}`", names.join("`, `")),
                };
                format!("in its place name {own} or all of its class, `@{class}`, or write it with {others}")
            }
            None => format!("write it with {others}"),
        };
        Refusal::new(foreign.to_string(), help)
    })?;
    let site = site_of(expectation, dialect, &filling.site)?;
    check_holes(expectation, &filling.holes)?;
    let (mut on_keys, mut on_prefixes) = (Sets::default(), Sets::default());
    let (mut on_bucket, mut on_account) = (ActionSet::EMPTY, ActionSet::EMPTY);
    for grant in &grants {
        let parts = grant.parts(dialect.catalog());
        on_bucket |= parts.on_bucket;
        on_account |= parts.on_account;
        let keys = grant.keys.iter().map(|key| filled(key, dialect, &filling.holes)).collect::<Result<Vec<_>, _>>()?;
        // To list every prefix is to list the bucket.
        if keys.iter().any(Pattern::is_everything) {
            on_bucket |= parts.on_prefixes;
        }
        on_keys.add(parts.on_keys, &keys);
        on_prefixes.add(parts.on_prefixes, &keys);
    }
    let catalog = dialect.catalog();
    let texts = |keys: Vec<Pattern<'_>>| keys.iter().map(|key| key.text().to_owned()).collect::<Vec<String>>();
    let allow = |actions: ActionSet, resources: Vec<Target>, prefixes: Vec<String>| {
        let actions = actions.iter().map(|id| catalog.name(id)).collect();
        Allow { actions, resources, prefixes }
    };
    let mut allows = Vec::new();
    for (actions, keys) in on_keys.apart().0 {
        allows.push(allow(actions, texts(keys).into_iter().map(Target::Key).collect(), Vec::new()));
    }
    for (actions, keys) in on_prefixes.apart().0 {
        allows.push(allow(actions - on_bucket, vec![Target::Bucket], texts(keys)));
    }
    allows.push(allow(on_bucket, vec![Target::Bucket], Vec::new()));
    allows.push(allow(on_account, vec![Target::Everything], Vec::new()));
    allows.retain(|allow| !allow.actions.is_empty());
    Ok(dialect.write_policy(expectation.kind.unwrap_or(PolicyKind::Undetermined), &site, &allows))
}

/// Add a key, unless another one holds it; those that it holds are taken out.
fn add(keys: &mut Vec<Pattern<'static>>, key: Pattern<'static>) {
    if !keys.iter().any(|other| covers(other, &key)) {
        keys.retain(|other| !covers(&key, other));
        keys.push(key);
    }
}

fn site_of(expectation: &Expectation, dialect: &dyn Dialect, given: &Site) -> Result<Site, Refusal> {
    if let (Some(own), Some(other)) = (&expectation.bucket, &given.bucket)
        && own != other
    {
        let message = format!("the expectation `{}` is for the bucket `{own}`, not `{other}`", expectation.title());
        return Err(Refusal::new(message, "leave `--bucket` out"));
    }
    let site = Site { bucket: given.bucket.clone().or_else(|| expectation.bucket.clone()), ..given.clone() };
    match dialect.site_fault(&site) {
        Some(fault) => Err(Refusal::new(fault.message, fault.help)),
        None => Ok(site),
    }
}

/// Whether each value may stand in the hole it is given for.
fn check_holes(expectation: &Expectation, given: &[(String, String)]) -> Result<(), Refusal> {
    let holes = expectation.holes();
    for (index, (name, value)) in given.iter().enumerate() {
        if !holes.contains(&name.as_str()) {
            let all = || holes.iter().map(|hole| format!("`{hole}`")).collect::<Vec<_>>().join(", ");
            let help = match nearest(name, holes.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if holes.is_empty() => "its keys have no holes".to_owned(),
                None => format!("its keys have {}", all()),
            };
            let message = format!("the expectation `{}` has no hole `{name}`", expectation.title());
            return Err(Refusal::new(message, help));
        }
        if given.iter().take(index).any(|(other, _)| other == name) {
            return Err(Refusal::new(format!("the hole `{name}` is filled twice"), "give it one value"));
        }
        if let Some(fault) = fault_of(value) {
            let message = format!("`{value}` cannot fill `{name}`: {fault}");
            return Err(Refusal::new(message, "a hole stands for one plain name, such as `alice`"));
        }
    }
    Ok(())
}

/// No key of an object is longer, and no name within one.
const LONGEST_NAME: usize = 1024;

/// Why a value would grant something else than one name's keys.
pub(super) fn fault_of(value: &str) -> Option<String> {
    if value.is_empty() {
        return Some("it is empty".to_owned());
    }
    if value.len() > LONGEST_NAME {
        return Some(format!("it is longer than {LONGEST_NAME} bytes, as no name is"));
    }
    if value == "." || value.contains("..") {
        return Some("it leads to another directory".to_owned());
    }
    let is_unsafe = |c: char| "*?/\\$%{}<>[]\"'`".contains(c) || is_quote(c) || c.is_whitespace() || is_invisible(c);
    value.chars().find(|c| is_unsafe(*c)).map(|c| match c {
        '*' | '?' => format!("it holds `{c}`, a wildcard"),
        '/' => "it holds `/`, and would name a directory in another one".to_owned(),
        '$' | '%' | '{' | '}' | '<' | '>' | '[' | ']' => format!("it holds `{c}`, a mark of holes"),
        '\\' => "it holds a backslash".to_owned(),
        c if c.is_control() => "it holds a control character".to_owned(),
        c if c.is_whitespace() => "it holds a blank".to_owned(),
        c if is_invisible(c) => "it holds a character that nobody sees".to_owned(),
        c => format!("it holds `{c}`, a quote"),
    })
}

/// Typographic quotes, which end up as plain ones where text is pasted.
fn is_quote(c: char) -> bool {
    matches!(c, '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2039}' | '\u{203a}' | '\u{ff02}' | '\u{ff07}')
}

/// A key with its holes filled; the others stay as they are written.
fn filled(
    key: &Pattern<'static>,
    dialect: &dyn Dialect,
    given: &[(String, String)],
) -> Result<Pattern<'static>, Refusal> {
    let mut text = String::with_capacity(key.text().len());
    let mut open = 0;
    for token in key.tokens() {
        let value = match token.kind {
            TokenKind::Hole(index) => key.holes().get(index as usize).and_then(|hole| {
                let value = given.iter().find(|(name, _)| name == key.hole_name(hole));
                open += usize::from(value.is_none());
                value.map(|(_, value)| value.as_str())
            }),
            _ => None,
        };
        text.push_str(value.unwrap_or_else(|| key.token_text(*token)));
    }
    let mut holes = 0;
    let mut at = 0;
    while let Some((range, _)) = find_hole(&text, at) {
        (holes, at) = (holes + 1, range.end);
    }
    if holes != open {
        let message = format!("filled in, `{}` becomes `{text}`, which reads as another hole", key.text());
        return Err(Refusal::new(message, "choose another value"));
    }
    Ok(dialect.key_pattern(&text, &Owners::default()))
}
