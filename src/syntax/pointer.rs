//! JSON pointers (RFC 6901) to places of a tree.

use super::{Kind, Value};
use crate::text::Local;

/// A pointer that has grown longer than this goes no deeper: a thousand findings deep inside a text of brackets would
/// otherwise take a thousand times its size.
const LONGEST: usize = 256;

/// The smallest value that holds a place.
#[derive(Debug, Clone)]
pub struct Smallest<'t, 's> {
    /// The pointer to it from the root of the search.
    pub pointer: String,
    /// The value.
    pub value: Value<'t, 's>,
    /// Where in the pointer the steps below the value begin that was asked for, if the search passed it.
    pub below: Option<usize>,
}

/// The smallest value at or below `root` that holds a place, or `None` when `root` does not; `holds` tells whether a range
/// holds the place, and `passing` is the index of a node on the way. A place in a key belongs to its member. Very deep
/// inside it is a value around the smallest one. O(depth x siblings).
pub fn smallest<'t, 's>(
    root: Value<'t, 's>,
    passing: Option<u32>,
    holds: impl Fn(Local) -> bool,
) -> Option<Smallest<'t, 's>> {
    if !holds(root.local()) {
        return None;
    }
    let mut pointer = String::with_capacity(48);
    let mut at = root;
    let mut below = None;
    loop {
        if passing == Some(at.index()) {
            below = Some(pointer.len());
        }
        let next = match at.kind() {
            _ if pointer.len() > LONGEST => None,
            Kind::Object => at.members().find(|member| holds(member.local())).map(|member| {
                push_name(&mut pointer, &member.name());
                member.value
            }),
            Kind::Array => {
                at.elements().enumerate().find(|(_, element)| holds(element.local())).map(|(index, element)| {
                    pointer.push('/');
                    push_number(&mut pointer, index);
                    element
                })
            }
            _ => None,
        };
        match next {
            Some(next) if holds(next.local()) => at = next,
            _ => return Some(Smallest { pointer, value: at, below }),
        }
    }
}

/// The pointer to the smallest value that holds a place; see [`smallest`].
pub fn pointer(root: Value<'_, '_>, holds: impl Fn(Local) -> bool) -> Option<String> {
    smallest(root, None, holds).map(|found| found.pointer)
}

fn push_name(pointer: &mut String, name: &str) {
    pointer.push('/');
    if memchr::memchr2(b'~', b'/', name.as_bytes()).is_none() {
        pointer.push_str(name);
        return;
    }
    for c in name.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            _ => pointer.push(c),
        }
    }
}

fn push_number(pointer: &mut String, number: usize) {
    match u8::try_from(number) {
        Ok(digit @ 0..=9) => pointer.push(char::from(b'0' + digit)),
        _ => pointer.push_str(&number.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::parse;

    #[test]
    fn the_smallest_value_is_named() {
        let text = r#"{"a": [1, {"b/c": 2}], "d": 3}"#;
        let tree = parse(text);
        let root = tree.roots().next().unwrap();
        let to = |word: &str| {
            let start = text.find(word).unwrap() as u32;
            let end = start + word.len() as u32;
            pointer(root, |local| local.start <= start && end <= local.end).unwrap()
        };
        assert_eq!(to("2"), "/a/1/b~1c");
        assert_eq!(to("1"), "/a/0");
        assert_eq!(to("\"d\""), "/d");
        assert_eq!(to("1, {"), "/a");
        assert_eq!(to(text), "");
    }
}
