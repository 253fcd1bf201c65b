//! What wildcards do, against the definition letter by letter.

use super::*;

fn pattern(text: &str) -> Pattern<'_> {
    Pattern::new(text, true, Case::Sensitive, Anchor::loose(Span::default()))
}

/// The definition, letter by letter.
fn naive(p: &[u8], w: &[u8]) -> bool {
    match (p.first(), w.first()) {
        (None, None) => true,
        (Some(b'*'), _) => naive(&p[1..], w) || (!w.is_empty() && naive(p, &w[1..])),
        (Some(b'?'), Some(_)) => naive(&p[1..], &w[1..]),
        (Some(a), Some(b)) if a == b => naive(&p[1..], &w[1..]),
        _ => false,
    }
}

fn words(alphabet: &[char], longest: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..longest {
        last = last.iter().flat_map(|w| alphabet.iter().map(move |c| format!("{w}{c}"))).collect();
        all.extend(last.iter().cloned());
    }
    all
}

#[test]
fn matching_is_the_definition_on_every_short_pattern() {
    for p in words(&['a', 'b', '*', '?'], 4) {
        for w in words(&['a', 'b'], 5) {
            assert_eq!(matches(&pattern(&p), &w), naive(p.as_bytes(), w.as_bytes()), "{p} on {w}");
        }
    }
}

#[test]
fn covering_holds_exactly_when_no_word_separates() {
    // `c` is in no pattern, so words over a, b, c show every difference that a fresh letter shows.
    let patterns = words(&['a', 'b', '*'], 4);
    let words = words(&['a', 'b', 'c'], 5);
    for wide in &patterns {
        for narrow in &patterns {
            let separated =
                words.iter().any(|w| naive(narrow.as_bytes(), w.as_bytes()) && !naive(wide.as_bytes(), w.as_bytes()));
            assert_eq!(covers(&pattern(wide), &pattern(narrow)), !separated, "{wide} over {narrow}");
        }
    }
}

#[test]
fn covering_with_one_character_wildcards_is_sound() {
    let patterns = words(&['a', '*', '?'], 4);
    let words = words(&['a', 'c'], 5);
    for wide in &patterns {
        for narrow in &patterns {
            if covers(&pattern(wide), &pattern(narrow)) {
                for w in &words {
                    assert!(
                        !naive(narrow.as_bytes(), w.as_bytes()) || naive(wide.as_bytes(), w.as_bytes()),
                        "{wide} {narrow} {w}"
                    );
                }
            }
        }
    }
}

#[test]
fn meeting_finds_a_common_word_exactly_when_there_is_one() {
    let patterns = words(&['a', 'b', '*', '?'], 3);
    let words = words(&['a', 'b', 'x'], 6);
    for a in &patterns {
        for b in &patterns {
            let common = words.iter().any(|w| naive(a.as_bytes(), w.as_bytes()) && naive(b.as_bytes(), w.as_bytes()));
            match meet(&pattern(a), &pattern(b)) {
                Some(word) => assert!(
                    naive(a.as_bytes(), word.as_bytes()) && naive(b.as_bytes(), word.as_bytes()),
                    "{a} {b} {word}"
                ),
                None => assert!(!common, "{a} and {b} meet"),
            }
        }
    }
}

#[test]
fn two_patterns_may_meet_exactly_when_a_word_matches_both() {
    let patterns = words(&['a', 'b', '*'], 4);
    for a in &patterns {
        for b in &patterns {
            assert_eq!(may_meet(&pattern(a), &pattern(b)), meet(&pattern(a), &pattern(b)).is_some(), "{a} and {b}");
        }
    }
}

#[test]
fn a_hole_may_be_filled_with_anything() {
    let plain = |text| Pattern::new(text, false, Case::Sensitive, Anchor::loose(Span::default()));
    assert!(may_meet(&plain("app/<Username>/*"), &plain("app/admin/*")));
    assert!(may_meet(&plain("app/<a>/x"), &plain("app/<b>/x")));
    assert!(!may_meet(&plain("app/<a>/x"), &plain("app/<b>/y")));
    assert!(!may_meet(&plain("app/<a>/x"), &plain("doc/*")));
}

#[test]
fn holes_are_equal_by_name_and_inside_a_run() {
    let plain = |text| Pattern::new(text, false, Case::Sensitive, Anchor::loose(Span::default()));
    assert!(covers(&plain("a/*"), &plain("a/<u>/*")));
    assert!(covers(&plain("a/<u>/*"), &plain("a/<u>/b")));
    assert!(covers(&plain("a/${u}/*"), &plain("a/<u>/b")));
    assert!(!covers(&plain("a/<u>/*"), &plain("a/<v>/b")));
    assert!(!covers(&plain("a/%s/*"), &plain("a/%s/b")));
    assert!(!covers(&plain("a/bob/*"), &plain("a/<u>/b")));
    assert!(covers(&plain("a/<u>*"), &plain("a/<u>/b")));
}

#[test]
fn a_word_has_no_wildcards() {
    assert!(matches(&pattern("?"), "*") && matches(&pattern("a?b*"), "a*b**"));
    assert!(!matches(&pattern("?"), "**"));
}

#[test]
fn an_exact_letter_does_not_take_both_cases() {
    let of = |text, case| Pattern::new(text, false, case, Anchor::loose(Span::default()));
    for (wide, narrow, is_held) in [("A", "A", false), ("a*", "a", false), ("*", "a", true), ("/*", "/a", true)] {
        let (wide, narrow) = (of(wide, Case::Sensitive), of(narrow, Case::Insensitive));
        assert_eq!(covers(&wide, &narrow), is_held, "{}", wide.text());
    }
}

#[test]
fn a_common_word_has_each_hole_as_it_is_written() {
    let plain = |text| Pattern::new(text, false, Case::Sensitive, Anchor::loose(Span::default()));
    assert_eq!(meet(&plain("%s/{}"), &plain("*")).as_deref(), Some("%s/{}"));
    assert_eq!(meet(&plain("*/%d"), &plain("{}/*")).as_deref(), Some("{}/%d"));
}

#[test]
fn an_example_makes_no_new_hole() {
    let plain = |text| Pattern::new(text, false, Case::Sensitive, Anchor::loose(Span::default()));
    for (text, wanted) in [
        ("app/$*", "app/$~"),
        ("app/$user*", "app/$user~"),
        ("{*}", "{~}"),
        ("<u>/*", "<u>/file"),
        ("%d*", "%d~"),
        ("a/{*/<u>", "a/{file/<u>"),
    ] {
        let pattern = plain(text);
        let word = example(&pattern, "file");
        assert_eq!(word, wanted);
        assert!(text == "%d*" || matches(&pattern, &word), "{text}");
    }
    let masked = Pattern::masked("a/****/*", 4, Anchor::loose(Span::default()));
    assert_eq!(example(&masked, "file"), "a/****/file");
}
