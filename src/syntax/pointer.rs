//! JSON pointers (RFC 6901) to places of a tree.

use std::fmt::Write as _;

use super::{Kind, Value};
use crate::text::Local;

/// The pointer from `root` to the smallest value below it that holds a place, or `None` when `root` does not; `holds`
/// tells whether a range holds the place. A place in a key belongs to its member. O(depth x siblings).
pub fn pointer(root: Value<'_, '_>, holds: impl Fn(Local) -> bool) -> Option<String> {
    if !holds(root.local()) {
        return None;
    }
    let mut pointer = String::new();
    let mut at = root;
    loop {
        let next = match at.kind() {
            Kind::Object => at.members().find(|member| holds(member.local())).map(|member| {
                pointer.push('/');
                for c in member.name().chars() {
                    match c {
                        '~' => pointer.push_str("~0"),
                        '/' => pointer.push_str("~1"),
                        _ => pointer.push(c),
                    }
                }
                member.value
            }),
            Kind::Array => {
                at.elements().enumerate().find(|(_, element)| holds(element.local())).map(|(index, element)| {
                    // Writing to a string cannot fail.
                    let _ = write!(pointer, "/{index}");
                    element
                })
            }
            _ => None,
        };
        match next {
            Some(next) if holds(next.local()) => at = next,
            _ => return Some(pointer),
        }
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
