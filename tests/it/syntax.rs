//! The parser against `serde_json`, and against noise.
//!
//! Two parsers that were written apart agree on what JSON is: a text has neither fault nor comment exactly when
//! `serde_json` reads it, and then both read the same. Whatever the text, the tree keeps its shape.

use grantlint::syntax::{Kind, Node, Tree, Value, parse};
use proptest::prelude::*;
use serde_json::Value as Json;

/// The value as `serde_json` would hold it: of equal keys the last one wins.
fn to_json(value: Value<'_, '_>) -> Json {
    match value.kind() {
        Kind::Object => value
            .members()
            .map(|member| (member.name().into_owned(), to_json(member.value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Kind::Array => value.elements().map(to_json).collect::<Vec<_>>().into(),
        Kind::String => value.string().unwrap().into_owned().into(),
        Kind::Number => serde_json::from_str(value.raw()).unwrap(),
        Kind::True => true.into(),
        Kind::False => false.into(),
        Kind::Null => Json::Null,
        Kind::Missing => panic!("nothing is missing in a text without faults"),
    }
}

/// Both parsers agree on `text`.
#[track_caller]
fn assert_agrees(text: &str) {
    let tree = parse(text);
    assert_shape(text, &tree);
    let clean = tree.faults().is_empty() && tree.comments().is_empty();
    match serde_json::from_str::<Json>(text) {
        Ok(theirs) => {
            assert!(clean, "serde_json reads {text:?}, we say {:?} {:?}", tree.faults(), tree.comments());
            let ours: Vec<_> = tree.roots().map(to_json).collect();
            assert_eq!(ours, [theirs], "{text:?}");
        }
        // Both are right as JSON: a number too large for a float, and a nesting too deep for a stack. Several
        // documents, one per line, are a format of their own.
        Err(error) if error.to_string().contains("out of range") || error.to_string().contains("recursion limit") => {}
        Err(_) if tree.roots().len() > 1 && text.contains('\n') => {}
        Err(error) => assert!(!clean, "we read {text:?}, serde_json says {error}"),
    }
}

/// Every range lies inside the text and on character boundaries; nodes nest, in order; `next` leads on.
#[track_caller]
fn assert_shape(text: &str, tree: &Tree<'_>) {
    let is_range = |start: u32, end: u32| start <= end && text.get(start as usize..end as usize).is_some();
    assert!(tree.faults().iter().all(|fault| is_range(fault.at.start, fault.at.end)), "{text:?}");
    assert!(tree.faults().is_sorted_by_key(|fault| fault.at.start), "{text:?}");
    assert!(tree.comments().iter().all(|comment| is_range(comment.start, comment.end)), "{text:?}");
    assert!(tree.comments().is_sorted_by_key(|comment| comment.start), "{text:?}");
    let nodes = tree.nodes();
    let mut open: Vec<(usize, Node)> = Vec::new();
    let mut last = 0;
    for (index, node) in nodes.iter().enumerate() {
        assert!(is_range(node.start, node.end) && node.start >= last, "{text:?}: {node:?}");
        assert!(node.next as usize > index && node.next as usize <= nodes.len(), "{text:?}: {node:?}");
        let is_bracket = matches!(node.kind, Kind::Object | Kind::Array);
        assert!(is_bracket || node.next as usize == index + 1, "{text:?}: {node:?}");
        while open.pop_if(|(_, outer)| outer.next as usize <= index).is_some() {}
        if let Some((_, outer)) = open.last() {
            assert!(outer.end >= node.end && outer.next >= node.next, "{text:?}: {node:?} in {outer:?}");
        } else {
            assert!(tree.roots().any(|root| root.index() as usize == index), "{text:?}: {node:?}");
        }
        let content = tree.value(index as u32).unwrap().content();
        assert!(is_range(content.start, content.end) && content.end <= node.end, "{text:?}: {node:?}");
        last = if is_bracket { node.start } else { node.end };
        if is_bracket {
            open.push((index, *node));
        }
    }
    for (index, node) in nodes.iter().enumerate().filter(|(_, node)| node.kind == Kind::Object) {
        let value = tree.value(index as u32).unwrap();
        let children = value.members().map(|member| member.value.index()).last();
        let end = children.map_or(index as u32 + 1, |child| nodes[child as usize].next);
        assert_eq!(end, node.next, "{text:?}: the children of an object are pairs");
    }
}

fn blank() -> impl Strategy<Value = String> {
    "[ \n\r\t]{0,2}"
}

fn string() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => "[a-z0-9:/*.,{}\\[\\]#' -]{0,6}",
        1 => "[\u{80}-\u{10FFFF}]{1,2}",
        1 => prop::sample::select(vec!["\u{201C}", "\u{201D},", "\u{A0}", "\u{7f}", "//", "/*", "\u{7528}\u{6237}"]).prop_map(str::to_owned),
        1 => prop::sample::select(vec![r#"\""#, r"\\", r"\/", r"\n", r"\t", r"\u0041", r"\uD83D\uDE00", r"\u0000"]).prop_map(str::to_owned),
    ];
    prop::collection::vec(part, 0..4).prop_map(|parts| format!("\"{}\"", parts.concat()))
}

/// A JSON text, with blanks in every place where they may stand.
fn json() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec!["true", "false", "null"]).prop_map(str::to_owned);
    let number = "-?(0|[1-9][0-9]{0,18})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,2})?";
    let leaf = prop_oneof![word, number, string()];
    let value = leaf.prop_recursive(5, 40, 5, |inner| {
        let key = prop_oneof![Just("\"a\"".to_owned()), Just("\"\\u0061\"".to_owned()), string()];
        let member =
            (blank(), key, blank(), inner.clone()).prop_map(|(a, key, b, value)| format!("{a}{key}{b}:{value}"));
        prop_oneof![
            (prop::collection::vec(inner, 0..5), blank())
                .prop_map(|(list, blank)| format!("[{blank}{}]", list.join(","))),
            (prop::collection::vec(member, 0..5), blank())
                .prop_map(|(list, blank)| format!("{{{}{blank}}}", list.join(","))),
        ]
        .boxed()
    });
    (blank(), value, blank()).prop_map(|(a, value, b)| format!("{a}{value}{b}"))
}

/// What people and mishaps put into JSON.
const PIECES: [&str; 50] = [
    "", "\"", "\\", ",", ":", "{", "}", "[", "]", "\n", "\r\n", " ", "\u{A0}", "\u{201C}", "\u{201D}", "'", "//", "/*",
    "*/", "#", "=", "=>", "\0", "\t", "\u{FEFF}", "0", "1", "-", "+", ".", "e", "E5", "t", "true", "null", "NaN",
    "abc", "\\u", "\\ud800", "\\udc00", "\\q", "\"a\"", "\"a\":", "\u{7528}", "\u{FF0C}", "\u{FF1A}", "${", "/",
    "\u{200B}", "\"b",
];

/// `text` with the bytes from `at` on, `len` of them, replaced; kept on character boundaries.
fn mutate(text: &str, at: prop::sample::Index, len: usize, piece: &str) -> String {
    let boundary = |at: usize| (0..=at.min(text.len())).rfind(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let at = boundary(at.index(text.len() + 1));
    let end = boundary(at + len);
    format!("{}{piece}{}", &text[..at], &text[end..])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn valid_json_is_read_like_serde_json(text in json()) {
        prop_assert!(serde_json::from_str::<Json>(&text).is_ok());
        assert_agrees(&text);
    }

    #[test]
    fn changed_json_is_refused_exactly_when_serde_json_refuses_it(
        text in json(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..3_usize, prop::sample::select(PIECES.to_vec())), 1..4),
    ) {
        let text = changes.into_iter().fold(text, |text, (at, len, piece)| mutate(&text, at, len, piece));
        assert_agrees(&text);
    }

    #[test]
    fn noise_made_of_tokens_keeps_the_tree_in_shape(pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..40)) {
        assert_agrees(&pieces.concat());
    }

    #[test]
    fn any_text_keeps_the_tree_in_shape(text in any::<String>()) {
        assert_agrees(&text);
    }
}

#[test]
fn every_prefix_and_every_deletion_keeps_the_tree_in_shape() {
    let text = "{\u{201C}a\u{201D}: [1.5e3, \"x\\u00e9\\ud83d\\ude00\", {'b' = true,}], // c\n \"\u{7528}\":: \"d\n\" /* e */ null]";
    for (at, c) in text.char_indices() {
        let (before, after) = text.split_at(at);
        assert_agrees(before);
        assert_agrees(after);
        assert_agrees(&format!("{before}{}", &after[c.len_utf8()..]));
    }
}

/// Random changes seldom hit the one place that matters, so the short ones are tried in full.
#[test]
fn every_single_change_is_judged_like_serde_json() {
    for text in [
        "{\"a\": [1.5e3, \"x\\u00e9\\ud83d\\ude00\"], \"b\":{ }}",
        "[[], [-0, true] ,{\"\":null}, \"\\\\\"]",
        "{\"k\":\"\u{201C}v\u{201D}, \u{7528}\"}",
        "{\n \"a\":\n 10,\r\n \"a\": \"b\"\n}\n",
        " -12.5E+7 ",
        "false",
    ] {
        assert_agrees(text);
        let places: Vec<_> = text.char_indices().map(|(at, c)| (at, at + c.len_utf8())).collect();
        for (at, end) in places {
            assert_agrees(&format!("{}{}", &text[..at], &text[end..]));
            for piece in PIECES {
                assert_agrees(&format!("{}{piece}{}", &text[..at], &text[at..]));
                assert_agrees(&format!("{}{piece}{}", &text[..at], &text[end..]));
            }
        }
    }
}

#[test]
fn every_short_run_of_tokens_is_judged_like_serde_json() {
    let tokens = ["{", "}", "[", "]", ",", ":", "\"a\"", "1", "null", "\"", " "];
    let mut texts = vec![String::new()];
    for _ in 0..5 {
        texts = texts.iter().flat_map(|text| tokens.map(|token| format!("{text}{token}"))).collect();
        for text in &texts {
            assert_agrees(text);
        }
    }
}
