//! Matching and containment of patterns.
//!
//! A pattern is walked as a list of units: characters, wildcards, holes. Pattern `q` covers pattern `p` when greedy
//! matching of `q` against the units of `p` succeeds, where a run of `q` takes any unit of `p`, a one-character wildcard
//! of `q` takes a character or another such wildcard but no run, and a hole takes only the hole of the same name. As
//! long as `q` has no one-character wildcard this is not only sufficient but necessary: replace every wildcard of `p`
//! by a character that `q` does not name, and what matches that word matches every word of `p`. So one plain match
//! decides containment, and the word is a witness against it.

use std::borrow::Cow;

use crate::policy::{Anchor, Case, Hole, Pattern, TokenKind, find_hole};
use crate::text::Span;

/// One step of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit<'p> {
    /// This character.
    Char(char),
    /// Any one character.
    One,
    /// Any run of characters.
    Run,
    /// A hole, by name; anonymous ones have the empty name and are equal to none.
    Hole(&'p str),
}

/// A place in a pattern: token and offset within its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct At {
    token: usize,
    offset: usize,
}

/// The unit at a place, and the place behind it.
fn unit<'p>(pattern: &'p Pattern<'_>, at: At) -> Option<(Unit<'p>, At)> {
    let token = *pattern.tokens().get(at.token)?;
    let behind = At { token: at.token + 1, offset: 0 };
    match token.kind {
        TokenKind::Literal => {
            let rest = pattern.token_text(token).get(at.offset..)?;
            let c = rest.chars().next()?;
            let offset = at.offset + c.len_utf8();
            let end = (token.end - token.start) as usize;
            Some((Unit::Char(c), if offset == end { behind } else { At { offset, ..at } }))
        }
        TokenKind::AnyOne => Some((Unit::One, behind)),
        TokenKind::AnyRun => Some((Unit::Run, behind)),
        TokenKind::Hole(index) => {
            let hole = pattern.holes().get(index as usize)?;
            Some((Unit::Hole(pattern.hole_name(hole)), behind))
        }
    }
}

/// The units of a pattern in order, one by one.
pub(super) fn each_unit<'p>(pattern: &'p Pattern<'_>) -> impl Iterator<Item = Unit<'p>> {
    let mut at = At::default();
    std::iter::from_fn(move || {
        let (unit, next) = unit(pattern, at)?;
        at = next;
        Some(unit)
    })
}

/// The units of a pattern in order.
pub fn units<'p>(pattern: &'p Pattern<'_>) -> Vec<Unit<'p>> {
    each_unit(pattern).collect()
}

fn same_char(a: char, b: char, case: Case) -> bool {
    a == b || (case == Case::Insensitive && a.eq_ignore_ascii_case(&b))
}

/// Whether the unit of the wider pattern takes the unit of the narrower one.
fn takes(wide: Unit<'_>, narrow: Unit<'_>, case: Case) -> bool {
    match (wide, narrow) {
        (Unit::Char(a), Unit::Char(b)) => same_char(a, b, case),
        (Unit::One, Unit::Char(_) | Unit::One) => true,
        (Unit::Hole(a), Unit::Hole(b)) => !a.is_empty() && a == b,
        _ => false,
    }
}

/// Whether everything that `narrow` matches is matched by `wide`. Exact when `wide` has no one-character wildcard; with
/// one, `true` is a proof and `false` is not. O(|wide| x |narrow|), and one comparison for a plain prefix.
pub fn covers(wide: &Pattern<'_>, narrow: &Pattern<'_>) -> bool {
    if let [first, last] = wide.tokens()
        && first.kind == TokenKind::Literal
        && last.kind == TokenKind::AnyRun
        && wide.case() == Case::Sensitive
        && narrow.case() == Case::Sensitive
        && narrow.tokens().first().is_some_and(|t| t.kind == TokenKind::Literal)
    {
        let prefix = wide.token_text(*first);
        let own = narrow.literal_prefix();
        return own.starts_with(prefix);
    }
    // A letter of either case has another spelling, which an exact one does not take.
    let is_exact = wide.case() == Case::Sensitive && narrow.case() == Case::Insensitive;
    let has_case = |unit: Unit<'_>| matches!(unit, Unit::Char(c) if c.is_ascii_alphabetic());
    let (mut w, mut n) = (At::default(), At::default());
    let mut retry: Option<(At, At)> = None;
    loop {
        let wide_unit = unit(wide, w);
        let narrow_unit = unit(narrow, n);
        match (wide_unit, narrow_unit) {
            (Some((Unit::Run, next)), _) => {
                retry = Some((next, n));
                w = next;
                continue;
            }
            (None, None) => return true,
            (Some((wide_unit, wide_next)), Some((narrow_unit, narrow_next)))
                if takes(wide_unit, narrow_unit, wide.case()) && !(is_exact && has_case(wide_unit)) =>
            {
                (w, n) = (wide_next, narrow_next);
                continue;
            }
            _ => {}
        }
        let Some((behind, from)) = retry else { return false };
        let Some((_, next)) = unit(narrow, from) else { return false };
        retry = Some((behind, next));
        (w, n) = (behind, next);
    }
}

/// Whether the pattern matches this very text, a `*` in it included; a hole matches the marks of a hole of its name.
pub fn matches(pattern: &Pattern<'_>, text: &str) -> bool {
    let word = Pattern::word(Cow::Borrowed(text), pattern.case(), Anchor::loose(Span::default()));
    covers(pattern, &word)
}

/// One word that the pattern matches, with readable text for its wildcards: `file` is what stands for the first run
/// where a name belongs. Holes stay as they are written.
pub fn example<'p>(pattern: &'p Pattern<'_>, file: &str) -> Cow<'p, str> {
    if !pattern.is_wild() {
        return Cow::Borrowed(pattern.text());
    }
    let with = |first: &str, other: char| {
        let mut word = String::with_capacity(pattern.text().len() + first.len());
        let mut is_first = true;
        for token in pattern.tokens() {
            match token.kind {
                TokenKind::Literal | TokenKind::Hole(_) => word.push_str(pattern.token_text(*token)),
                TokenKind::AnyRun if is_first => {
                    word.push_str(first);
                    is_first = false;
                }
                TokenKind::AnyOne | TokenKind::AnyRun => word.push(other),
            }
        }
        word
    };
    let word = with(file, 'x');
    let holes = pattern.holes().iter().map(|hole| mark(pattern, hole)).filter(|mark| !mark.starts_with('*'));
    Cow::Owned(if has_marks(&word, holes) { word } else { with("~", '~') })
}

/// A hole as it is written.
fn mark<'p>(pattern: &'p Pattern<'_>, hole: &Hole) -> &'p str {
    pattern.text().get(hole.range.start as usize..hole.range.end as usize).unwrap_or_default()
}

/// Whether the holes that a reader sees in a word are these: letters put beside a `$` or between braces can make one. No
/// hole's name holds a `~`.
fn has_marks<'m>(word: &str, marks: impl Iterator<Item = &'m str>) -> bool {
    let mut at = 0;
    let seen = std::iter::from_fn(|| {
        let (range, _) = find_hole(word, at)?;
        at = range.end;
        word.get(range)
    });
    seen.eq(marks)
}

/// Whether some filling of their holes lets both patterns match a common word. A hole stands for text that is not known,
/// so `true` may be too much; `false` is a proof. O(|a| x |b|) in time, O(|b|) in space; literals before and behind the
/// first and last wildcard settle most pairs.
pub fn may_meet(a: &Pattern<'_>, b: &Pattern<'_>) -> bool {
    if a.case() == Case::Sensitive && b.case() == Case::Sensitive {
        let (p, q) = (a.literal_prefix(), b.literal_prefix());
        if !p.starts_with(q) && !q.starts_with(p) {
            return false;
        }
        let (p, q) = (literal_suffix(a), literal_suffix(b));
        if !p.ends_with(q) && !q.ends_with(p) {
            return false;
        }
        if is_prefix_run(a) && is_prefix_run(b) {
            return true;
        }
    }
    let case = if a.case() == Case::Sensitive { b.case() } else { a.case() };
    let right = units(b);
    // Whether the units of `a` so far and the first j units of `right` can match a common word.
    let open = |unit: &Unit<'_>| matches!(unit, Unit::Run | Unit::Hole(_));
    let mut row: Vec<bool> = Vec::with_capacity(right.len() + 1);
    row.push(true);
    for unit in &right {
        let last = row.last().copied().unwrap_or(false);
        row.push(last && open(unit));
    }
    for left in units(a) {
        let mut diagonal = row.first().copied().unwrap_or(false);
        if let Some(first) = row.first_mut() {
            *first = diagonal && open(&left);
        }
        let mut before = row.first().copied().unwrap_or(false);
        for (slot, right) in row.iter_mut().skip(1).zip(&right) {
            let above = *slot;
            let steps = match (&left, right) {
                (l, r) if open(l) && open(r) => above || before || diagonal,
                (l, _) if open(l) => before || above || diagonal,
                (_, r) if open(r) => before || above || diagonal,
                (Unit::One, _) | (_, Unit::One) => diagonal,
                (Unit::Char(x), Unit::Char(y)) => diagonal && same_char(*x, *y, case),
                _ => false,
            };
            diagonal = above;
            *slot = steps;
            before = steps;
        }
    }
    row.last().copied().unwrap_or(false)
}

/// The text behind the last wildcard or hole.
fn literal_suffix<'p>(pattern: &'p Pattern<'_>) -> &'p str {
    match pattern.tokens().last() {
        Some(token) if token.kind == TokenKind::Literal => pattern.token_text(*token),
        _ => "",
    }
}

/// Whether a pattern is a literal and a run.
fn is_prefix_run(pattern: &Pattern<'_>) -> bool {
    matches!(pattern.tokens(), [first, last] if first.kind == TokenKind::Literal && last.kind == TokenKind::AnyRun)
}

/// A character that stands for what only wildcards match; no real key holds it.
const FRESH: char = '\u{10FFFD}';

/// The most pairs of places that are tried for a common word.
const MOST_PAIRS: usize = 1 << 20;

/// A word that both patterns match, or `None` when none was found: there is none, or the patterns are too long to try. Runs become `x`. O(|a| x |b|) in time and space.
pub fn meet(a: &Pattern<'_>, b: &Pattern<'_>) -> Option<String> {
    let (p, q) = (a.literal_prefix(), b.literal_prefix());
    let is_sensitive = a.case() == Case::Sensitive && b.case() == Case::Sensitive;
    if is_sensitive && !p.starts_with(q) && !q.starts_with(p) {
        return None;
    }
    let (left, right) = (units(a), units(b));
    let width = right.len() + 1;
    if (left.len() + 1).saturating_mul(width) > MOST_PAIRS {
        return None;
    }
    // How each pair of places was first reached: the pair before, and what was read.
    let mut reached: Vec<Option<(usize, Option<Read>)>> = vec![None; (left.len() + 1) * width];
    let mut queue = vec![0_usize];
    if let Some(first) = reached.get_mut(0) {
        *first = Some((0, None));
    }
    let goal = left.len() * width + right.len();
    let mut next = 0;
    while let Some(&here) = queue.get(next) {
        next += 1;
        if here == goal {
            break;
        }
        let (i, j) = (here / width, here % width);
        let (x, y) = (left.get(i).copied(), right.get(j).copied());
        let mut steps: Vec<(usize, Option<Read>)> = Vec::with_capacity(3);
        if x == Some(Unit::Run) {
            steps.push((here + width, None));
            if y.is_some_and(|y| y != Unit::Run) {
                steps.push((here + 1, Some(Read::Right(j))));
            }
        }
        if y == Some(Unit::Run) {
            steps.push((here + 1, None));
            if x.is_some_and(|x| x != Unit::Run) {
                steps.push((here + width, Some(Read::Left(i))));
            }
        }
        if let (Some(x), Some(y)) = (x, y) {
            let is_left = !takes(x, y, a.case()) && takes(y, x, b.case());
            let read = if is_left { Some(Read::Left(i)) } else { takes(x, y, a.case()).then_some(Read::Right(j)) };
            if let Some(read) = read {
                steps.push((here + width + 1, Some(read)));
            }
        }
        for (to, read) in steps {
            if let Some(slot @ None) = reached.get_mut(to) {
                *slot = Some((here, read));
                queue.push(to);
            }
        }
    }
    let mut word: Vec<Read> = Vec::new();
    let mut at = goal;
    reached.get(goal).copied().flatten()?;
    while at != 0 {
        let (before, read) = reached.get(at).copied().flatten()?;
        word.extend(read);
        at = before;
    }
    word.reverse();
    let (left, right) = (pieces(a, &left), pieces(b, &right));
    let read = |read: &Read| match *read {
        Read::Left(at) => left.get(at).copied(),
        Read::Right(at) => right.get(at).copied(),
    };
    let word: Vec<Piece<'_>> = word.iter().filter_map(read).collect();
    let with = |filler: char| {
        let mut text = String::new();
        for piece in &word {
            match piece {
                Piece::Char(c) => text.push(*c),
                Piece::Hole(mark) => text.push_str(mark),
                Piece::Any => text.push(filler),
            }
        }
        text
    };
    let text = with('x');
    let holes = word.iter().filter_map(|piece| if let Piece::Hole(mark) = piece { Some(*mark) } else { None });
    Some(if has_marks(&text, holes.filter(|mark| !mark.starts_with('*'))) { text } else { with('~') })
}

/// A unit that was read, by its index, of the one pattern or of the other.
#[derive(Debug, Clone, Copy)]
enum Read {
    Left(usize),
    Right(usize),
}

/// A piece of a common word.
#[derive(Debug, Clone, Copy)]
enum Piece<'p> {
    Char(char),
    /// A hole as it is written.
    Hole(&'p str),
    /// Any character.
    Any,
}

/// What is read at each unit of a pattern.
fn pieces<'p>(pattern: &'p Pattern<'_>, units: &[Unit<'_>]) -> Vec<Piece<'p>> {
    let mut holes = pattern.holes().iter();
    let piece = |unit: &Unit<'_>| match unit {
        Unit::Char(c) => Piece::Char(*c),
        Unit::One | Unit::Run => Piece::Any,
        Unit::Hole(_) => Piece::Hole(holes.next().map_or("", |hole| mark(pattern, hole))),
    };
    units.iter().map(piece).collect()
}

/// A word of the pattern in which every wildcard is one fresh character: what matches it covers the whole pattern, as
/// long as it has no one-character wildcard.
pub fn canonical(pattern: &Pattern<'_>) -> String {
    let mut word = String::new();
    for token in pattern.tokens() {
        match token.kind {
            TokenKind::Literal | TokenKind::Hole(_) => word.push_str(pattern.token_text(*token)),
            TokenKind::AnyOne | TokenKind::AnyRun => word.push(FRESH),
        }
    }
    word
}

#[cfg(test)]
mod tests;
