//! A question about one request says what stands in the holes of a policy: the request carries the keys that the provider
//! fills in, and whoever asks knows what a template is filled with.

use std::ops::Range;

use super::decide::{Question, Refusal};
use super::generate::fault_of;
use crate::catalog::nearest;
use crate::dialect::Dialect;
use crate::policy::{Policy, ResourceKind, Statement, find_hole};

/// Fill the holes of a policy as far as a question tells.
///
/// # Errors
/// When it fills a hole that the policy does not have, or with what is no plain name.
pub(super) fn fill(policy: &mut Policy<'_>, dialect: &dyn Dialect, question: &Question) -> Result<(), Refusal> {
    if question.holes.is_empty() && question.context.is_empty() {
        return Ok(());
    }
    check(policy, dialect, &question.holes)?;
    let value = |mark: &str, name: &str| match dialect.filled_by(mark) {
        Some(key) => carried(question, key),
        None => question.holes.iter().find(|(hole, _)| hole == name).map(|(_, value)| value.clone()),
    };
    for statement in &mut policy.statements {
        for resource in &mut statement.resources.patterns {
            if let ResourceKind::Place(place) = &mut resource.kind {
                for pattern in [&mut place.region, &mut place.account, &mut place.path] {
                    if !pattern.holes().is_empty() {
                        *pattern = pattern.filled(value);
                    }
                }
            }
        }
        for condition in &mut statement.conditions {
            let is_encoded = dialect.catalog().key(&condition.key).is_some_and(|key| key.encoded);
            let own =
                |mark: &str, name: &str| value(mark, name).map(|text| if is_encoded { encoded(&text) } else { text });
            for test in &mut condition.values {
                if let Some(text) = filled(&test.text, own) {
                    test.text = text.into();
                }
            }
        }
    }
    Ok(())
}

/// What to say that a policy, or the statement that decides, leaves open; `None` if nothing that can be said.
pub(super) fn missing(policy: &Policy<'_>, decisive: Option<usize>, dialect: &dyn Dialect) -> Option<String> {
    let statements = policy.statements.iter().enumerate();
    let decisive = statements.filter(|(index, _)| decisive.is_none_or(|decisive| decisive == *index));
    let mut flags: Vec<String> = Vec::new();
    for (mark, name) in decisive.flat_map(|(_, statement)| holes_of(statement)) {
        let flag = match dialect.filled_by(&mark) {
            Some(key) => format!("`--context {key}=...`"),
            None if name.is_empty() => continue,
            None => format!("`--set '{name}=...'`"),
        };
        if !flags.contains(&flag) {
            flags.push(flag);
        }
    }
    (!flags.is_empty()).then(|| format!("say what they are filled with: {}", flags.join(" ")))
}

/// The value of a key that the provider fills in: the only one that the request carries, unless its characters would be read
/// as something else than themselves.
fn carried(question: &Question, key: &str) -> Option<String> {
    let mut values = question.context.iter().filter(|(given, _)| is_same(given, key));
    let (_, value) = values.next()?;
    (values.next().is_none() && !value.is_empty() && !value.contains(MARKS)).then(|| value.clone())
}

/// Whether two keys are one: the same tag in another case may be another tag.
fn is_same(one: &str, other: &str) -> bool {
    let tag = |key: &str| key.split_once('/').map(|(_, tag)| tag.to_owned());
    one.eq_ignore_ascii_case(other) && tag(one) == tag(other)
}

/// The marks of wildcards and of holes.
const MARKS: [char; 11] = ['*', '?', '$', '%', '{', '}', '<', '>', '[', ']', '\\'];

/// A value as it stands in a key whose values are URL-encoded.
fn encoded(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~!'()".contains(&byte);
    text.bytes()
        .map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// A text with its holes filled; `None` where nothing is, or where the result reads as another hole.
fn filled(text: &str, value: impl Fn(&str, &str) -> Option<String>) -> Option<String> {
    let mut out = String::new();
    let (mut at, mut open, mut is_filled) = (0, 0, false);
    while let Some((hole, name)) = find_hole(text, at) {
        let mark = text.get(hole.clone())?;
        let known = value(mark, text.get(name)?);
        out.push_str(text.get(at..hole.start)?);
        out.push_str(known.as_deref().unwrap_or(mark));
        open += usize::from(known.is_none());
        is_filled |= known.is_some();
        at = hole.end;
    }
    out.push_str(text.get(at..)?);
    let (mut holes, mut at) = (0, 0);
    while let Some((hole, _)) = find_hole(&out, at) {
        (holes, at) = (holes + 1, hole.end);
    }
    (is_filled && holes == open).then_some(out)
}

/// The marks and names of the holes in the resources and conditions of a statement, in order of place.
fn holes_of(statement: &Statement<'_>) -> Vec<(String, String)> {
    let mut holes = Vec::new();
    for place in statement.resources.patterns.iter().filter_map(|resource| resource.place()) {
        for pattern in [&place.region, &place.account, &place.path] {
            let mark = |hole: &crate::policy::Hole| {
                pattern.text().get(hole.range.start as usize..hole.range.end as usize).unwrap_or_default().to_owned()
            };
            holes.extend(pattern.holes().iter().map(|hole| (mark(hole), pattern.hole_name(hole).to_owned())));
        }
    }
    for value in statement.conditions.iter().flat_map(|condition| &condition.values) {
        let mut at = 0;
        while let Some((hole, name)) = find_hole(&value.text, at) {
            let part = |range: Range<usize>| value.text.get(range).unwrap_or_default().to_owned();
            at = hole.end;
            holes.push((part(hole), part(name)));
        }
    }
    holes
}

/// Whether a hole of this name, which is none of [`holes_of`], stands in an action or in what a resource has before its place.
fn is_elsewhere(statement: &Statement<'_>, dialect: &dyn Dialect, name: &str) -> bool {
    let has = |text: &str| {
        let mut at = 0;
        std::iter::from_fn(|| {
            let (hole, own) = find_hole(text, at)?;
            at = hole.end;
            Some((text.get(hole)?, text.get(own)?))
        })
        .any(|(mark, own)| own == name && dialect.filled_by(mark).is_none())
    };
    let resources = statement.resources.patterns.iter().map(|resource| &*resource.text);
    resources.chain(statement.actions.patterns.iter().map(|action| &*action.text)).any(has)
}

/// Whether each hole is one of the policy and may be filled with its value.
fn check(policy: &Policy<'_>, dialect: &dyn Dialect, given: &[(String, String)]) -> Result<(), Refusal> {
    let holes = || policy.statements.iter().flat_map(holes_of);
    let mut names: Vec<String> =
        holes().filter(|(mark, _)| dialect.filled_by(mark).is_none()).map(|(_, name)| name).collect();
    names.retain(|name| !name.is_empty());
    names.sort();
    names.dedup();
    for (index, (name, value)) in given.iter().enumerate() {
        if !names.contains(name) {
            let variable = holes().filter_map(|(mark, _)| dialect.filled_by(&mark).map(str::to_owned));
            let help = match nearest(name, names.iter().map(String::as_str), 2) {
                Some(near) => format!("did you mean `{near}`?"),
                None if variable.into_iter().any(|key| key.eq_ignore_ascii_case(name)) => {
                    format!("the provider fills it in: write `--context {name}={value}`")
                }
                None if names.is_empty() => "leave `--set` out".to_owned(),
                None => {
                    let all: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                    format!("it has {}", all.join(", "))
                }
            };
            if policy.statements.iter().any(|statement| is_elsewhere(statement, dialect, name)) {
                let message =
                    format!("the placeholder `{name}` stands in a service or an action, which is not filled here");
                return Err((message, Some(format!("write `{value}` into the policy"))));
            }
            return Err((format!("the policy has no placeholder `{name}`"), Some(help)));
        }
        if given.iter().take(index).any(|(other, _)| other == name) {
            return Err((format!("the placeholder `{name}` is filled twice"), Some("give it one value".to_owned())));
        }
        if let Some(fault) = fault_of(value) {
            let help = "a placeholder stands for one plain name, such as `alice`".to_owned();
            return Err((format!("`{value}` cannot fill `{name}`: {fault}"), Some(help)));
        }
    }
    Ok(())
}
