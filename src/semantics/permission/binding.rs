//! What the holes of an expectation may stand for in a policy.
//!
//! A hole stands for one thing throughout a policy. Each key of the policy, laid along an expected one, tells what that may
//! be for some of the holes; what several keys tell without contradicting each other is bound together.

use std::collections::{BTreeMap, BTreeSet};

use crate::policy::{HoleRole, Pattern, TokenKind, find_hole};

/// The most that are tried.
const MOST: usize = 12;

/// What stands for holes of the expectation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Binding {
    /// Something of it is followed in the policy by other text than in the expectation: it may be but the beginning of a name.
    pub is_cut: bool,
    /// By the hole's name, as the policy writes it.
    texts: BTreeMap<String, String>,
}

impl Binding {
    fn one(hole: &str, text: String) -> Self {
        Self { is_cut: false, texts: BTreeMap::from([(hole.to_owned(), text)]) }
    }

    /// What stands for the holes of the expectation, by name; `spelled` is how the policy writes its own.
    pub(super) fn fillings(&self, spelled: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let mut fillings = spelled.clone();
        fillings.extend(self.texts.clone());
        fillings
    }

    /// Hole and what stands for it, as they are written.
    pub(super) fn told(&self) -> Vec<(String, String)> {
        self.texts.clone().into_iter().collect()
    }

    /// Together with all of `others` that do not speak against it, the first of them first.
    fn with(mut self, others: &[Self]) -> Self {
        for other in others.iter().filter(|other| !other.is_cut) {
            if other.texts.iter().all(|(hole, text)| self.texts.get(hole).is_none_or(|own| own == text)) {
                self.texts.extend(other.texts.clone());
            }
        }
        self
    }
}

/// What the keys of a policy, `own`, suggest that the holes of the `expected` ones are, the likelier first. An owner may also be
/// one of `names`.
pub(super) fn candidates(expected: &[&Pattern<'_>], own: &[(&Pattern<'_>, &str)], names: &[String]) -> Vec<Binding> {
    let mut found: BTreeSet<Binding> = BTreeSet::new();
    let holes = expected.iter().flat_map(|key| key.holes().iter().map(|hole| (hole.role, key.hole_name(hole))));
    let owners: BTreeSet<&str> = holes.filter(|(role, _)| *role == HoleRole::Owner).map(|(_, name)| name).collect();
    for owner in owners {
        for (pattern, _) in own {
            for hole in pattern.holes().iter().filter(|hole| hole.role == HoleRole::Owner) {
                let name = pattern.hole_name(hole);
                let text = pattern.text().get(hole.range.start as usize..hole.range.end as usize);
                found.extend(
                    text.filter(|_| !name.is_empty() && name != owner).map(|text| Binding::one(owner, text.into())),
                );
            }
        }
        found.extend(names.iter().map(|name| Binding::one(owner, name.clone())));
    }
    for key in expected {
        found.extend(own.iter().filter_map(|(_, text)| along(key, text)));
    }
    let mut found: Vec<Binding> = found.into_iter().collect();
    found.sort_by_key(|bound| (bound.is_cut, std::cmp::Reverse(bound.texts.len())));
    found.truncate(MOST);
    let mut all: Vec<Binding> = Vec::new();
    for bound in found.iter().map(|bound| bound.clone().with(&found)).chain(found.iter().cloned()) {
        if !all.contains(&bound) {
            all.push(bound);
        }
    }
    all.sort_by_key(|bound| bound.is_cut);
    all.truncate(MOST);
    all
}

/// What stands in a key of the policy where an expected one has its holes, as far as both go along with each other.
fn along(key: &Pattern<'_>, own: &str) -> Option<Binding> {
    let mut bound = Binding::default();
    let mut rest = own;
    for token in key.tokens() {
        let hole = match token.kind {
            TokenKind::Hole(index) => key.holes().get(index as usize)?,
            _ => match rest.strip_prefix(key.token_text(*token)).filter(|_| key.token_text(*token) != "*") {
                Some(behind) => {
                    rest = behind;
                    continue;
                }
                None => break,
            },
        };
        if let Some((own_hole, _)) = find_hole(rest, 0).filter(|(range, _)| range.start == 0) {
            rest = rest.get(own_hole.end..)?;
            continue;
        }
        let behind = key.text().get(hole.range.end as usize..)?;
        let ends = |c: char| matches!(c, '*' | '/' | '<' | '{' | '$') || behind.starts_with(c);
        let value = rest.split(ends).next()?;
        let name = key.hole_name(hole);
        if value.is_empty() || name.is_empty() {
            break;
        }
        if bound.texts.insert(name.to_owned(), value.to_owned()).is_some_and(|before| before != value) {
            return None;
        }
        rest = rest.get(value.len()..)?;
        bound.is_cut = rest.chars().next() != behind.chars().next();
        if bound.is_cut {
            break;
        }
    }
    (!bound.texts.is_empty()).then_some(bound)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Anchor, Case};
    use crate::text::Span;

    fn pattern(text: &'static str) -> Pattern<'static> {
        Pattern::new(text, false, Case::Sensitive, Anchor::loose(Span::default()))
    }

    fn found(expected: &[&'static str], own: &[&'static str]) -> Vec<String> {
        let expected: Vec<_> = expected.iter().map(|text| pattern(text)).collect();
        let own: Vec<_> = own.iter().map(|text| pattern(text)).collect();
        let own: Vec<_> = own.iter().map(|own| (own, own.text())).collect();
        let shown = |bound: Binding| {
            let texts: Vec<String> = bound.texts.iter().map(|(hole, text)| format!("{hole}={text}")).collect();
            texts.join(" ") + if bound.is_cut { " cut" } else { "" }
        };
        candidates(&expected.iter().collect::<Vec<_>>(), &own, &[]).into_iter().map(shown).collect()
    }

    #[test]
    fn holes_of_a_key_are_taken_together() {
        assert_eq!(found(&["r/{room}/{me}/*"], &["r/r1/alice/*"]), ["me=alice room=r1"]);
        assert_eq!(found(&["r/{room}/*", "u/{me}.jpg"], &["r/r1/*", "u/alice.jpg"])[0], "me=alice room=r1");
        assert_eq!(found(&["r/{room}/{me}/*"], &["r/{room}/alice/*"]), ["me=alice"]);
        assert_eq!(found(&["r/{me}/{me}/*"], &["r/a/b/*"]), [""; 0]);
    }

    #[test]
    fn the_beginning_of_a_name_comes_last() {
        assert_eq!(found(&["f/{me}/*"], &["f/a*", "f/bob/*", "f/*", "f/c"]), ["me=bob", "me=a cut", "me=c cut"]);
    }

    #[test]
    fn they_are_few() {
        let own: Vec<String> = (0..100).map(|n| format!("f/u{n}/*")).collect();
        let own: Vec<Pattern<'_>> =
            own.iter().map(|text| Pattern::new(text, false, Case::Sensitive, Anchor::loose(Span::default()))).collect();
        let own: Vec<_> = own.iter().map(|own| (own, own.text())).collect();
        assert_eq!(candidates(&[&pattern("f/{me}/*")], &own, &[]).len(), MOST);
    }
}
