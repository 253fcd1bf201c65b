//! JSON pointers (RFC 6901) to places of a tree.

use super::{Kind, Member, Value};
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
/// inside it is a value around the smallest one. O(depth + log nodes), after O(nodes) once for each tree; O(depth x siblings)
/// in a tree of more than a million nodes, where the table for it would weigh too much, and below a root with few.
pub fn smallest<'t, 's>(
    root: Value<'t, 's>,
    passing: Option<u32>,
    holds: impl Fn(Local) -> bool,
) -> Option<Smallest<'t, 's>> {
    let whole = root.local();
    if !holds(whole) {
        return None;
    }
    let mut pointer = String::with_capacity(48);
    let mut at = root;
    let mut below = None;
    let mut way = way_to(root, |start| holds(Local::new(start, whole.end)));
    loop {
        if passing == Some(at.index()) {
            below = Some(pointer.len());
        }
        if pointer.len() > LONGEST {
            return Some(Smallest { pointer, value: at, below });
        }
        let ahead = way.pop().and_then(|index| at.tree().value(index));
        // An empty place where a child begins may belong to the one before it.
        let is_between = ahead.is_none_or(|child| holds(Local::new(child.local().start, child.local().start)));
        let next = match at.kind() {
            Kind::Object => {
                let is_it = |member: &Member<'_, '_>| holds(member.local());
                let member = if is_between { at.members().find(is_it) } else { member_of(ahead).filter(is_it) };
                member.map(|member| {
                    push_name(&mut pointer, &member.name());
                    member.value
                })
            }
            Kind::Array => {
                let is_it = |(_, element): &(usize, Value<'_, '_>)| holds(element.local());
                let numbered = || ahead.map(|element| (element.ordinal() as usize, element));
                let found = if is_between { at.elements().enumerate().find(is_it) } else { numbered().filter(is_it) };
                found.map(|(index, element)| {
                    pointer.push('/');
                    push_number(&mut pointer, index);
                    element
                })
            }
            _ => None,
        };
        match next {
            Some(next) if holds(next.local()) => {
                if ahead.is_none_or(|ahead| ahead.index() != next.index()) {
                    way.clear();
                }
                at = next;
            }
            _ => return Some(Smallest { pointer, value: at, below }),
        }
    }
}

/// The most nodes of a tree for which a table of their places is made.
const MOST_PLACED: usize = 1 << 20;

/// So few nodes are walked sooner than the table is made.
const FEW: usize = 256;

/// The nodes below `root` that lead to the last one which begins at a place or before it, the topmost last.
fn way_to(root: Value<'_, '_>, is_before: impl Fn(u32) -> bool) -> Vec<u32> {
    let nodes = root.tree().nodes();
    if nodes.len() > MOST_PLACED || root.nodes_below() <= FEW {
        return Vec::new();
    }
    let first = root.index() as usize;
    let end = nodes.get(first).map_or(first, |node| node.next as usize);
    let inside = nodes.get(first + 1..end).unwrap_or_default();
    let count = inside.partition_point(|node| is_before(node.start));
    let last = root.tree().value((first + count) as u32).filter(|_| count > 0);
    let way = std::iter::successors(last, |value| value.parent());
    way.map(Value::index).take_while(|index| *index > root.index()).collect()
}

/// The member that a child of an object is the key or the value of.
fn member_of<'t, 's>(child: Option<Value<'t, 's>>) -> Option<Member<'t, 's>> {
    let child = child?;
    let tree = child.tree();
    if child.ordinal() % 2 == 1 {
        let outer = child.parent()?.index();
        let mut before = std::iter::successors(tree.value(child.index().checked_sub(1)?), |value| value.parent());
        let key = before.find(|value| value.parent().is_some_and(|parent| parent.index() == outer))?;
        return Some(Member { key, value: child });
    }
    Some(Member { key: child, value: tree.value(tree.nodes().get(child.index() as usize)?.next)? })
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

    /// As [`smallest`] is defined, by looking at every child.
    fn searched(root: Value<'_, '_>, holds: impl Fn(Local) -> bool) -> Option<String> {
        let mut at = holds(root.local()).then_some(root)?;
        let mut pointer = String::new();
        loop {
            let member = at.members().find(|member| holds(member.local()));
            let element = at.elements().enumerate().find(|(_, element)| holds(element.local()));
            let next = match (member, element) {
                (Some(member), _) => {
                    push_name(&mut pointer, &member.name());
                    member.value
                }
                (_, Some((index, element))) => {
                    pointer.push('/');
                    push_number(&mut pointer, index);
                    element
                }
                _ => return Some(pointer),
            };
            if !holds(next.local()) {
                return Some(pointer);
            }
            at = next;
        }
    }

    #[test]
    fn every_range_is_found_as_by_looking_at_every_child() {
        for text in [
            r#"{"a": [1, {"b/c": 2, "b/c": []}, [[3]]], "d": {}}"#,
            r#"{"a" "b" ["x""y"[]"z"],,{: 1 "q"}"#,
            "{[1]: 2, \"k\": {3: }}",
        ] {
            let tree = parse(text);
            for root in (0..tree.nodes().len() as u32).filter_map(|index| tree.value(index)) {
                for start in 0..=text.len() as u32 {
                    for end in start..=text.len() as u32 {
                        let holds = |local: Local| local.start <= start && end <= local.end;
                        assert_eq!(pointer(root, holds), searched(root, holds), "{text} {start} {end}");
                    }
                }
            }
        }
    }
}
