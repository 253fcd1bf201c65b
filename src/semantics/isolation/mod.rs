//! Whether what is granted to one user reaches what belongs to another.
//!
//! A leak is two different users and a key that is granted to one and owned by the other. Where the name stands behind as
//! many letters in both templates, the question is decided exactly: in a common key both names begin at the same
//! place, so one is the beginning of the other, and all depends on whether what follows it in the longer one (a word of
//! the set Z) can be read by the rest of the other template. A template without a name, against one with a single name,
//! is decided exactly as well. For all others a proof is tried in which the names are independent of each other, then a
//! few names; if neither settles it, the answer is unknown.
//!
//! Every leak is checked with the plain matcher before it is told. Keys are not limited in length here.

mod common;
mod owners;
mod template;
#[cfg(test)]
mod tests;

pub use owners::{Owner, Reached, owners_reached};
pub use template::{Piece, Template};

use super::glob::{Letter, Step};
use super::names::Names;
use super::search::{Answer, Budget, readable, witness};
use common::{Line, TooLarge, common};

/// Two users and a key that shows that they are not apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// The user to whom the key is granted.
    pub granted_to: String,
    /// The other user, to whom it belongs.
    pub owner: String,
    /// The key.
    pub key: String,
}

/// Whether users are apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// No key that is granted to one user belongs to another; this is a proof.
    Isolated,
    /// This one, checked with the plain matcher.
    Leak(Leak),
    /// Not decided, and why: words that go behind "not decided: ".
    Unknown(&'static str),
}

const NO_PAIR_FOUND: &str = "the name stands at different places in the two patterns, or more than once, and no two names were found that show it";
const TOO_LARGE: &str = "the names and the patterns are too large to be compared";
const UNCONFIRMED: &str = "the example that was found did not stand the check";
const MARKED: &str = "a pattern holds a mark that is no character";

/// Whether a key that some template of `granted` gives to one user belongs, by some template of `owned`, to another.
///
/// O(states of `names` x |granted| x |owned|) for each pair of templates with a common beginning.
pub fn isolation(granted: &[Template], owned: &[Template], names: &Names) -> Verdict {
    let pairs = granted.iter().flat_map(|granted| owned.iter().map(move |owned| (granted, owned)));
    worst(pairs, names)
}

/// Whether some key belongs to two users: [`isolation`] of the owned keys against themselves. Then no policy can keep
/// them apart.
pub fn ambiguity(owned: &[Template], names: &Names) -> Verdict {
    let later = |index: usize| owned.iter().skip(index);
    worst(owned.iter().enumerate().flat_map(|(index, one)| later(index).map(move |other| (one, other))), names)
}

/// Whether some user's keys by `granted` may be those of a user, the same or another, by `owned`; `false` is a proof.
pub fn may_meet(granted: &Template, owned: &[Template], names: &Names) -> bool {
    let granted = Line::new(granted.pieces(), names);
    let meets = |owned: &Template| common(&granted, &Line::new(owned.pieces(), names), None, names) != Ok(None);
    owned.iter().any(meets)
}

/// A leak if there is one, else what is not known, else the proof.
fn worst<'t>(pairs: impl Iterator<Item = (&'t Template, &'t Template)>, names: &Names) -> Verdict {
    if names.examples().len() < 2 {
        return Verdict::Isolated;
    }
    let mut verdict = Verdict::Isolated;
    for (granted, owned) in pairs {
        let pair = Pair { granted, owned, names };
        match pair.decide() {
            Verdict::Isolated => {}
            Verdict::Leak(leak) => return Verdict::Leak(leak),
            unknown @ Verdict::Unknown(_) => verdict = unknown,
        }
    }
    verdict
}

/// One template that is granted and one that is owned.
#[derive(Clone, Copy)]
struct Pair<'t> {
    granted: &'t Template,
    owned: &'t Template,
    names: &'t Names,
}

impl Pair<'_> {
    fn decide(self) -> Verdict {
        let (granted_head, granted_rest) = self.granted.split();
        let (owned_head, owned_rest) = self.owned.split();
        let differ = |a: &Piece, b: &Piece| match (a, b) {
            (Piece::Step(Step::Letter(a)), Piece::Step(Step::Letter(b))) => a != b,
            (Piece::Inside(_), Piece::Step(Step::Letter(letter)))
            | (Piece::Step(Step::Letter(letter)), Piece::Inside(_)) => *letter == Letter::of('/'),
            _ => false,
        };
        if granted_head.iter().zip(owned_head).any(|(a, b)| differ(a, b)) {
            return Verdict::Isolated;
        }
        if self.granted.letters().chain(self.owned.letters()).any(|letter| letter.as_char().is_none()) {
            return Verdict::Unknown(MARKED);
        }
        match (granted_rest.split_first(), owned_rest.split_first()) {
            (Some((Piece::Owner, alpha)), Some((Piece::Owner, beta))) if granted_head.len() == owned_head.len() => {
                self.with_common_head(alpha, beta).unwrap_or(Verdict::Unknown(TOO_LARGE))
            }
            _ => {
                let by_directory = self.by_directory().transpose().unwrap_or_else(|| self.general());
                by_directory.unwrap_or(Verdict::Unknown(TOO_LARGE))
            }
        }
    }

    /// What stands before both names tells in which directory they are, and it is the same one for both: names that hold no
    /// slash then meet in it, and all depends on what stands from there on. `None` where it is not so.
    fn by_directory(self) -> Result<Option<Verdict>, TooLarge> {
        let (Some((granted_at, granted_head, granted)), Some((owned_at, owned_head, owned))) =
            (self.granted.directories(), self.owned.directories())
        else {
            return Ok(None);
        };
        let is_shorter = !granted_head.is_empty() || !owned_head.is_empty();
        if granted_at != owned_at || !is_shorter || self.names.may_hold('/') {
            return Ok(None);
        }
        let (head, other) = (Line::new(granted_head, self.names), Line::new(owned_head, self.names));
        if common(&head, &other, None, self.names)?.is_none() {
            return Ok(Some(Verdict::Isolated));
        }
        let template = |pieces: &[Piece]| Template::new(pieces.iter().copied());
        let rest = Pair { granted: &template(granted), owned: &template(owned), names: self.names };
        Ok(Some(match rest.decide() {
            Verdict::Leak(leak) => {
                let leak = self.leak(&leak.granted_to, &leak.owner);
                leak.map_or(Verdict::Unknown(UNCONFIRMED), Verdict::Leak)
            }
            other => other,
        }))
    }

    /// Both have letters that fit each other, then the name, then `alpha` (granted) or `beta` (owned). A further name in these is
    /// taken as any name, which can only add common keys.
    fn with_common_head(self, alpha: &[Piece], beta: &[Piece]) -> Result<Verdict, TooLarge> {
        let mut verdict = Verdict::Isolated;
        // The owner's name is the longer one, or the other user's.
        let cases = [(beta, alpha, false), (alpha, beta, true)];
        let is_symmetric = alpha == beta;
        for (longer, shorter, is_granted_longer) in cases.into_iter().take(if is_symmetric { 1 } else { 2 }) {
            let line = Line::behind_tail(longer, self.names);
            let Some(found) = common(&line, &Line::new(shorter, self.names), None, self.names)? else { continue };
            let tail = found.left.unwrap_or_default();
            if let Some(leak) = self.continued(&tail, is_granted_longer) {
                return Ok(Verdict::Leak(leak));
            }
            verdict = Verdict::Unknown(UNCONFIRMED);
        }
        if verdict != Verdict::Isolated && [alpha, beta].iter().any(|rest| rest.contains(&Piece::Owner)) {
            return Ok(self.among_short(Vec::new()));
        }
        Ok(verdict)
    }

    /// A leak between a name and the name with something behind it: with an ending that reads well, or with this one.
    fn continued(self, tail: &str, is_granted_longer: bool) -> Option<Leak> {
        /// How many names are tried. One is enough where nothing but the tail decides.
        const TRIED: usize = 8;
        let with = |name: &str, tail: &str| {
            let longer = format!("{name}{tail}");
            if is_granted_longer { self.leak(&longer, name) } else { self.leak(name, &longer) }
        };
        let names = || self.names.continued_by(tail).into_iter().take(TRIED);
        let first = names().find_map(|name| with(name, tail).map(|leak| (name, leak)));
        let (name, leak) = first?;
        if tail == "2" { Some(leak) } else { with(name, "2").or(Some(leak)) }
    }

    /// Any other shapes.
    fn general(self) -> Result<Verdict, TooLarge> {
        let (granted, owned) =
            (Line::new(self.granted.pieces(), self.names), Line::new(self.owned.pieces(), self.names));
        let Some(found) = common(&granted, &owned, None, self.names)? else { return Ok(Verdict::Isolated) };
        let found: Vec<String> = found.left.into_iter().chain(found.right).collect();
        if self.granted.owners() + self.owned.owners() > 1 {
            return Ok(self.among_short(found));
        }
        // Only one of them depends on a user, and the word found names one for whom they meet. The other may be anyone.
        let examples = self.names.examples();
        for one in examples.iter().chain(&found) {
            let Some(other) = examples.iter().find(|other| *other != one) else { continue };
            let leak = if self.owned.owners() == 1 { self.leak(other, one) } else { self.leak(one, other) };
            if let Some(leak) = leak {
                return Ok(Verdict::Leak(leak));
            }
        }
        Ok(Verdict::Unknown(UNCONFIRMED))
    }

    /// A leak among a few short names and `found`.
    fn among_short(self, found: Vec<String>) -> Verdict {
        /// How many short names are tried against each other.
        const SHORT: usize = 24;
        let mut letters: Vec<char> =
            self.granted.letters().chain(self.owned.letters()).filter_map(Letter::as_char).collect();
        letters.sort_unstable();
        letters.dedup();
        let mut tried: Vec<String> = self.names.examples().to_vec();
        tried.extend(found);
        tried.extend(self.names.short(SHORT, &letters));
        let leak = tried.iter().flat_map(|one| tried.iter().map(move |other| (one, other)));
        let mut leaks = leak.filter_map(|(one, other)| self.leak(one, other));
        leaks.next().map_or(Verdict::Unknown(NO_PAIR_FOUND), Verdict::Leak)
    }

    /// A key that is granted to one user and belongs to the other, if these are two names and there is one.
    fn leak(self, granted_to: &str, owner: &str) -> Option<Leak> {
        if granted_to == owner || !self.names.contains(granted_to) || !self.names.contains(owner) {
            return None;
        }
        let key = common_key(&self.granted.with(granted_to), &self.owned.with(owner), self.names)?;
        Some(Leak { granted_to: granted_to.to_owned(), owner: owner.to_owned(), key })
    }
}

/// A readable key of both templates, in which no name is left to be filled in.
fn common_key(a: &Template, b: &Template, names: &Names) -> Option<String> {
    let (loose_a, loose_b) = (a.loosened(), b.loosened());
    let word = if a.as_glob().is_some() && b.as_glob().is_some() {
        let Answer::Some(word) = witness(&[&loose_a, &loose_b], &[], &mut Budget::default()) else { return None };
        word
    } else {
        common(&Line::new(a.pieces(), names), &Line::new(b.pieces(), names), None, names).ok()??.word
    };
    // A shortest word ends where a run begins; one letter more reads better where it may stand.
    let longer: Vec<Letter> = word.iter().copied().chain([Letter::ANY]).collect();
    let shown = |word: &[Letter]| readable(word, &[&loose_a, &loose_b], &[], |letter| letter == Letter::of('/'));
    let is_exact = a.as_glob().is_some() && b.as_glob().is_some();
    let longer = (!is_exact).then(|| shown(&longer));
    longer.into_iter().chain([shown(&word), word]).find_map(|word| {
        let key: String = word.into_iter().map(|letter| letter.as_char().unwrap_or('x')).collect();
        let letters: Vec<Letter> = key.chars().map(Letter::of).collect();
        (!key.is_empty() && a.matches(&letters) && b.matches(&letters)).then_some(key)
    })
}

/// The words that a hole stands for which names no owner: any that are not empty and hold no `/`.
pub fn segment() -> [Piece; 2] {
    [Piece::Inside(Step::One), Piece::Inside(Step::Run)]
}
