//! Whose keys a pattern reaches.

use super::common::{Line, common};
use super::template::Template;
use super::{NO_PAIR_FOUND, TOO_LARGE, common_key};
use crate::semantics::glob::Glob;
use crate::semantics::names::Names;

/// A user, and a key of this user that is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The user's name.
    pub name: String,
    /// The key.
    pub key: String,
}

/// How many users own keys that a pattern reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reached {
    /// Nobody.
    None,
    /// Exactly this one.
    One(Owner),
    /// These two, and maybe more.
    Several([Owner; 2]),
    /// Not decided, and why.
    Unknown(&'static str),
}

/// How many users own, by some template of `owned`, a key that `pattern` matches.
///
/// Exact for templates with one place for the name: the names whose keys meet a pattern are a regular set. With several
/// places, nobody and one are proofs, and two were checked; else it is unknown. O(states of `names` x |pattern| x length
/// of a name) for each template.
pub fn owners_reached(pattern: &Glob, owned: &[Template], names: &Names) -> Reached {
    let own = Template::from(pattern);
    let key_of = |name: &str| owned.iter().find_map(|template| common_key(&template.with(name), &own, names));
    let owner = |name: &str| key_of(name).map(|key| Owner { name: name.to_owned(), key });
    let mut known: Vec<Owner> = names.examples().iter().filter_map(|name| owner(name)).take(2).collect();
    let pattern_line = Line::new(own.pieces(), names);
    let mut why_not = None;
    for template in owned {
        let line = Line::new(template.pieces(), names);
        while known.len() < 2 {
            let found = match common(&line, &pattern_line, known.first().map(|owner| owner.name.as_str()), names) {
                Ok(None) => break,
                Ok(Some(found)) => found.left.and_then(|name| owner(&name)),
                Err(_) => {
                    why_not = Some(TOO_LARGE);
                    break;
                }
            };
            let is_other = |found: &Owner| known.first().is_none_or(|known| known.name != found.name);
            let Some(found) = found.filter(is_other) else {
                why_not = Some(NO_PAIR_FOUND);
                break;
            };
            known.push(found);
        }
    }
    let mut known = known.into_iter();
    match (known.next(), known.next(), why_not) {
        (Some(one), Some(other), _) => Reached::Several([one, other]),
        (_, _, Some(reason)) => Reached::Unknown(reason),
        (Some(one), None, None) => Reached::One(one),
        (None, ..) => Reached::None,
    }
}
