//! A found word as a resource that a person can read and try.
//!
//! The generic letter stands for any letter that no pattern names, so a real region, a usual name or a plain letter can take
//! its place; each is taken only when the caller's check still holds with it.

use super::area::BETWEEN;
use super::space::Space;
use crate::policy::{Anchor, Case, Pattern, Place};
use crate::semantics::glob::Letter;
use crate::text::Span;

/// A resource of one request, part by part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The region.
    pub region: String,
    /// The account.
    pub account: String,
    /// The bucket.
    pub bucket: String,
    /// The key, or the prefix that is listed.
    pub key: String,
}

impl Spot {
    /// Bucket and key.
    pub fn path(&self) -> String {
        format!("{}/{}", self.bucket, self.key)
    }
}

/// What stands for a name.
const NAME: &str = "example";

/// What stands for a bucket that no policy names.
const OTHER: &str = "otherbucket";

/// Letters that are tried where the generic one stands.
const LETTERS: [char; 12] = ['x', 'y', 'z', 'q', 'k', 'w', '7', '0', 'X', '\u{e9}', '\u{f8}', '\u{3b1}'];

impl Space {
    /// A word in a shape that reads well, and the word itself in that shape. `is_valid` has the last word on every change.
    pub(super) fn readable(&self, word: &[Letter], is_valid: impl Fn(&[Letter]) -> bool) -> Vec<Letter> {
        let mut parts: Vec<Vec<Letter>> = word.split(|letter| *letter == BETWEEN).map(<[Letter]>::to_vec).collect();
        if let Some(usual) = self.usual(&parts, &is_valid) {
            parts = usual;
        }
        for place in 0..parts.len() {
            let own = parts.get(place).cloned().unwrap_or_default();
            if !own.contains(&Letter::ANY) {
                continue;
            }
            let mut candidates = self.candidates(place, &own, parts.get(1).map_or(&[], Vec::as_slice));
            candidates.extend(LETTERS.map(|letter| replaced(&own, &[letter])));
            for candidate in candidates {
                let before = std::mem::replace(parts.get_mut(place).unwrap_or(&mut Vec::new()), candidate);
                if is_valid(&joined(&parts)) {
                    break;
                }
                if let Some(slot) = parts.get_mut(place) {
                    *slot = before;
                }
            }
        }
        joined(&parts)
    }

    /// The parts with the account that all buckets have, where there is such a one and the word has another: in its bucket, or
    /// in one that nobody names.
    fn usual(&self, parts: &[Vec<Letter>], is_valid: impl Fn(&[Letter]) -> bool) -> Option<Vec<Vec<Letter>>> {
        let words = self.dialect.words();
        let account = words.accounts.first().filter(|account| words.fixed_parts.contains(account))?;
        let [region, own, bucket, key] = parts else { return None };
        if !own.contains(&Letter::ANY) {
            return None;
        }
        let account: Vec<Letter> = account.chars().map(Letter::of).collect();
        let other: Vec<Letter> = OTHER.chars().map(Letter::of).collect();
        let with = |bucket: &Vec<Letter>| vec![region.clone(), account.clone(), bucket.clone(), key.clone()];
        [bucket, &other].into_iter().map(with).find(|parts| is_valid(&joined(parts)))
    }

    /// What may stand for a part, the best first.
    fn candidates(&self, place: usize, own: &[Letter], account: &[Letter]) -> Vec<Vec<Letter>> {
        let is_open = own.iter().all(|letter| *letter == Letter::ANY);
        let words = self.dialect.words();
        let letters = |text: &str| text.chars().map(Letter::of).collect::<Vec<_>>();
        match place {
            0 if is_open => {
                let regions = self.dialect.catalog().regions().iter().map(String::as_str);
                std::iter::once(words.region).chain(regions).map(letters).collect()
            }
            1 if is_open => {
                self.own_account.as_deref().into_iter().chain(words.accounts.iter().copied()).map(letters).collect()
            }
            2 if is_open => {
                let account = self.text(account);
                let id = account.rsplit('/').next().unwrap_or_default();
                let id =
                    if id.bytes().all(|b| b.is_ascii_digit()) && !id.is_empty() { id } else { words.bucket_suffix };
                let dash = if id.is_empty() { "" } else { "-" };
                vec![letters(&format!("{OTHER}{dash}{id}")), letters(NAME)]
            }
            _ => vec![named(own), replaced(own, &[LETTERS[0]])],
        }
    }

    /// A word as text; holes as they are written.
    pub(super) fn text(&self, word: &[Letter]) -> String {
        let mut text = String::with_capacity(word.len());
        for letter in word {
            match (letter.as_char(), self.holes.text(*letter)) {
                (Some(c), _) => text.push(c),
                (None, Some(hole)) => text.push_str(hole),
                (None, None) => text.push('\u{2022}'),
            }
        }
        text
    }

    /// A word as a resource.
    pub(super) fn spot(&self, word: &[Letter]) -> Spot {
        let mut parts = word.split(|letter| *letter == BETWEEN).map(|part| self.text(part));
        let mut next = || parts.next().unwrap_or_default();
        Spot { region: next(), account: next(), bucket: next(), key: next() }
    }

    /// A resource in the provider's spelling.
    pub fn spell(&self, spot: &Spot) -> String {
        let part = |text: &str| Pattern::literal(text.to_owned(), Anchor::loose(Span::default()));
        let path = spot.path();
        let whole = Pattern::new(path.clone(), false, Case::Sensitive, Anchor::loose(Span::default()));
        let place = Place::new(part(&spot.region), part(&spot.account), whole);
        self.dialect.spell_resource(&place, &path)
    }
}

fn joined(parts: &[Vec<Letter>]) -> Vec<Letter> {
    parts.join(&BETWEEN)
}

/// Each generic letter replaced by a text.
fn replaced(own: &[Letter], by: &[char]) -> Vec<Letter> {
    own.iter()
        .flat_map(|letter| {
            let by = by.iter().copied().map(Letter::of);
            let is_generic = *letter == Letter::ANY;
            by.filter(move |_| is_generic).chain((!is_generic).then_some(*letter))
        })
        .collect()
}

/// The generic letters of a key replaced: a whole name where one stands, else one letter.
fn named(own: &[Letter]) -> Vec<Letter> {
    let mut out: Vec<Letter> = Vec::with_capacity(own.len() + NAME.len());
    let mut before: Option<Letter> = None;
    let mut rest = own.iter().peekable();
    while let Some(letter) = rest.next() {
        if *letter != Letter::ANY {
            out.push(*letter);
            before = Some(*letter);
            continue;
        }
        let starts = before.is_none_or(|before| before == Letter::of('/'));
        let closes = rest.peek().is_none_or(|next| next.as_char().is_some_and(|c| !c.is_alphanumeric()));
        if starts && closes {
            out.extend(NAME.chars().map(Letter::of));
        } else {
            out.push(Letter::of(LETTERS[0]));
        }
        before = out.last().copied();
    }
    out
}
