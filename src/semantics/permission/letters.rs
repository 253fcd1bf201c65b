//! Holes in conditions on the prefix that is listed, as texts that nobody else writes.
//!
//! A condition with a hole is a truth of its own, of which nothing is claimed but that equal ones are equal. Held to an
//! expectation, where the listing stands in such a condition, that would leave `app/{user}/photos/*` and `app/{user}/*`
//! undecided. A hole is any one text, and what holds for a text with letters that no pattern names holds for every text; so
//! each named hole is written with marks that are no hole's. A wildcard that counts letters would count those of the mark:
//! where there is one, conditions stay what they are.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::catalog::{Catalog, Role};
use crate::dialect::Dialect;
use crate::policy::{Base, Condition, Policy, Statement, find_hole};

const OPEN: char = '\u{2039}';
const CLOSE: char = '\u{203a}';

/// The conditions of a statement on the prefix that is listed, as far as they compare texts.
pub(super) fn on_prefixes<'c, 's>(
    statement: &'c Statement<'s>,
    catalog: &'c Catalog,
) -> impl Iterator<Item = &'c Condition<'s>> {
    statement.conditions.iter().filter(|condition| is_on_prefix(condition, catalog))
}

fn is_on_prefix(condition: &Condition<'_>, catalog: &Catalog) -> bool {
    let compares = matches!(condition.operator.base, Base::StringEqual | Base::StringLike);
    compares && catalog.role_of(&condition.key) == Some(Role::ListPrefix)
}

/// Whether the holes of both policies' conditions can be written so.
pub(super) fn can_mark(policies: &[&Policy<'_>], dialect: &dyn Dialect) -> bool {
    let catalog = dialect.catalog();
    let statements = || policies.iter().flat_map(|policy| &policy.statements);
    let values = || statements().flat_map(|one| on_prefixes(one, catalog)).flat_map(|condition| &condition.values);
    catalog.buckets_apart()
        && values().any(|value| find_hole(&value.text, 0).is_some())
        && !values().any(|value| {
            let counts = dialect.any_one() && marked(&value.text).is_some_and(|text| text.contains('?'));
            counts || value.text.contains([OPEN, CLOSE])
        })
}

/// A policy with the named holes of its conditions on prefixes as texts.
pub(super) fn with_marks<'s>(policy: &Policy<'s>, dialect: &dyn Dialect) -> Policy<'s> {
    let catalog = dialect.catalog();
    let mut policy = policy.clone();
    let conditions = policy.statements.iter_mut().flat_map(|statement| &mut statement.conditions);
    for condition in conditions.filter(|condition| is_on_prefix(condition, catalog)) {
        for value in &mut condition.values {
            if let Some(text) = marked(&value.text) {
                value.text = Cow::Owned(text);
            }
        }
    }
    policy
}

/// A text with marks for its holes; `None` where one of them has no name.
fn marked(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some((hole, name)) = find_hole(text, at) {
        out.push_str(text.get(at..hole.start)?);
        let name = text.get(name).filter(|name| !name.is_empty())?;
        out.extend([OPEN]);
        out.push_str(name);
        out.push(CLOSE);
        at = hole.end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

/// A text with the holes for which its marks stand, as `spelled` writes them.
pub(super) fn unmarked(text: &str, spelled: &BTreeMap<String, String>) -> String {
    let mut text = text.to_owned();
    for (name, shown) in spelled {
        text = text.replace(&format!("{OPEN}{name}{CLOSE}"), shown);
    }
    text.replace(OPEN, "{").replace(CLOSE, "}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marked_hole_is_a_text_and_comes_back() {
        let text = marked("app/<user>/${date}/*").unwrap();
        assert_eq!(find_hole(&text, 0), None);
        let spelled = BTreeMap::from([("user".to_owned(), "<user>".to_owned())]);
        assert_eq!(unmarked(&text, &spelled), "app/<user>/{date}/*");
        assert_eq!(marked("app/%s/*"), None);
        assert_eq!(marked("app/*").as_deref(), Some("app/*"));
    }
}
