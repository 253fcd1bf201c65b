//! Places in a template that are filled in later.
//!
//! A hole is one unknown, non-empty value without wildcards. Two holes of one name are equal; anonymous ones (`%s`,
//! `{}`) never are.

use std::ops::Range;

/// A hole in a pattern's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    /// Its bytes in the pattern's text, marks included.
    pub range: Range<u32>,
    /// The bytes of its name in the pattern's text; empty for an anonymous one.
    pub name: Range<u32>,
    /// Who fills it.
    pub origin: HoleOrigin,
    /// What it stands for, as far as position and name tell.
    pub role: HoleRole,
}

/// Who fills a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HoleOrigin {
    /// The program that makes the policy, before it is sent.
    Template,
    /// The service, when it judges a request.
    Service,
    /// Nobody: a run of `*` that hides a value in a published example.
    Masked,
}

/// What a hole stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HoleRole {
    /// A region.
    Region,
    /// An account.
    Account,
    /// A bucket's name.
    Bucket,
    /// The one user who owns the path.
    Owner,
    /// A part of a path that owns nothing, such as a size or a date.
    Path,
    /// Whatever its requester writes: as good as a wildcard.
    Chosen,
    /// It cannot be told.
    Unknown,
}

/// The beginning of a text in which a hole has to end: no name is longer.
fn near(text: &str) -> &str {
    let mut end = text.len().min(80);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// A policy variable at the start of `text`, `${space:name}` or with a default behind a comma. Tags are named with nearly any
/// character, and a default is any text.
fn variable_at(text: &str) -> Option<(usize, Range<usize>)> {
    const LONGEST: usize = 1024;
    let rest = text.strip_prefix("${")?;
    let is_of_space = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    let space = rest.bytes().take(LONGEST).position(|b| !is_of_space(b))?;
    let end = space + rest.get(space..)?.bytes().take(LONGEST).position(|b| matches!(b, b'$' | b'{' | b'}'))?;
    // A shell's default is no variable: `${USER:-*}`.
    let is_default = rest.get(space + 1..)?.starts_with(['-', '=', '+', '?']);
    let is_one = space > 0 && !is_default && rest.get(space..)?.starts_with(':') && rest.get(end..)?.starts_with('}');
    is_one.then(|| (2 + end + 1, 2..2 + rest.get(..end).map_or(end, |name| name.trim_end().len())))
}

/// The marks of a hole that begins at the start of `text`: its length and the range of its name.
fn hole_at(text: &str) -> Option<(usize, Range<usize>)> {
    let bytes = text.as_bytes();
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | ':' | '|' | '(' | ')' | '\'');
    let enclosed_by = |open: &str, close: &str, more: &[char]| -> Option<(usize, Range<usize>)> {
        let rest = text.strip_prefix(open)?;
        let at = near(rest).find(close)?;
        let name = rest.get(..at)?;
        let plain = name.chars().all(|c| is_of_name(c) || more.contains(&c));
        plain.then(|| {
            let lead = name.len() - name.trim_start().len();
            let start = open.len() + lead;
            (open.len() + at + close.len(), start..start + name.trim().len())
        })
    };
    let enclosed = |open: &str, close: &str| enclosed_by(open, close, &[]);
    match bytes.first()? {
        b'<' => enclosed("<", ">").filter(|(_, name)| !name.is_empty()),
        b'$' => enclosed("${{", "}}")
            .or_else(|| enclosed_by("${", "}", &['/', ',', '@']))
            .or_else(|| variable_at(text))
            .or_else(|| {
                let name = text.get(1..)?;
                let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
                let end = name.find(|c| !word(c)).unwrap_or(name.len());
                name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_').then_some((1 + end, 1..1 + end))
            }),
        b'{' => enclosed("{{", "}}").or_else(|| enclosed("{", "}")),
        b'[' => enclosed("[", "]").filter(|(_, name)| !name.is_empty()),
        b'%' => match bytes.get(1)? {
            b's' | b'v' => Some((2, 0..0)),
            b'd' if !bytes.get(2).is_some_and(u8::is_ascii_hexdigit) => Some((2, 0..0)),
            b'(' => enclosed("%(", ")s").filter(|(_, name)| !name.is_empty()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a text has a character that may begin a hole; most have none, and need not be searched.
pub fn may_hold_hole(text: &str) -> bool {
    mark_in(text.as_bytes()).is_some()
}

/// The first hole of `text` at or behind `from`: its range and its name's.
pub fn find_hole(text: &str, from: usize) -> Option<(Range<usize>, Range<usize>)> {
    let mut at = from;
    loop {
        at += mark_in(text.as_bytes().get(at..)?)?;
        if let Some((len, name)) = text.get(at..).and_then(hole_at) {
            return Some((at..at + len, at + name.start..at + name.end));
        }
        at += 1;
    }
}

/// Offset of the first byte that may begin a hole.
fn mark_in(bytes: &[u8]) -> Option<usize> {
    let first = memchr::memchr3(b'<', b'$', b'{', bytes);
    let before = bytes.get(..first.unwrap_or(bytes.len()))?;
    memchr::memchr2(b'[', b'%', before).or(first)
}

/// All holes of `text`, in order, with the origin that their marks tell.
pub(super) fn holes_of(text: &str) -> Vec<Hole> {
    let mut holes = Vec::new();
    let mut at = 0;
    while let Some((range, name)) = find_hole(text, at) {
        at = range.end;
        // Most have one.
        holes.reserve_exact(usize::from(holes.is_empty()));
        holes.push(Hole {
            range: range.start as u32..range.end as u32,
            name: name.start as u32..name.end as u32,
            origin: HoleOrigin::Template,
            role: HoleRole::Unknown,
        });
    }
    holes
}

/// The runs of `run` or more `*`, as anonymous holes.
pub(super) fn masked_runs(text: &str, run: usize) -> Vec<Hole> {
    let mut holes = Vec::new();
    let mut start = None;
    for (at, byte) in text.bytes().chain([0]).enumerate() {
        match (byte, start) {
            (b'*', None) => start = Some(at),
            (b'*', Some(_)) => {}
            (_, Some(first)) => {
                start = None;
                if at - first >= run {
                    let range = first as u32..at as u32;
                    let name = first as u32..first as u32;
                    holes.push(Hole { range, name, origin: HoleOrigin::Masked, role: HoleRole::Unknown });
                }
            }
            _ => {}
        }
    }
    holes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_mark_is_a_hole() {
        for (text, name) in [
            ("<Username>", "Username"),
            ("${user}", "user"),
            ("${{ user }}", "user"),
            ("$user", "user"),
            ("{{user}}", "user"),
            ("{{ user }}", "user"),
            ("{user}", "user"),
            ("{0}", "0"),
            ("{}", ""),
            ("%s", ""),
            ("%(user)s", "user"),
            ("[dir]", "dir"),
            ("${aws:PrincipalTag/a=b+c}", "aws:PrincipalTag/a=b+c"),
            ("${aws:username, 'x*' }", "aws:username, 'x*'"),
        ] {
            let (range, found) = find_hole(text, 0).unwrap_or_else(|| panic!("{text} is a hole"));
            assert_eq!((text.get(range), text.get(found)), (Some(text), Some(name)));
        }
    }

    #[test]
    fn ordinary_text_is_none() {
        for text in
            ["a<b", "a$", "100%", "%2Fa", "%d0%a1", "{\"a\":1}", "a[]", "$5", "a>b", "${*}", "${a=b}", "${a:b=${"]
        {
            assert_eq!(find_hole(text, 0), None, "{text}");
        }
    }
}
