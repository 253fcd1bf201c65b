//! Sets of names against a regex engine, and what is unsafe in them against its definition.

use super::HazardKind::{Blank, Dots, Percent, Quote, Slash, Variable, Wildcard};
use super::*;

fn names(regex: &str) -> Names {
    Names::parse(regex).unwrap()
}

/// All texts of these letters up to a length.
fn texts(letters: &str, longest: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..longest {
        last = last.iter().flat_map(|text| letters.chars().map(move |c| format!("{text}{c}"))).collect();
        all.extend(last.iter().cloned());
    }
    all
}

const REGEXES: &[&str] = &[
    "[a-z0-9]+",
    "a|ab|b{2,3}",
    "(a|b)*a(a|b){2}",
    "^a+$|^b$",
    "a(^b|b$)?",
    "(a?){3}b",
    "(?i)aB",
    "[^/]+",
    "[^ab]|语.",
    ".{1,4}",
    "(?s).{2}",
    "a{0}b",
    "(?:)|a",
    r"\w+",
    r"[\w--b]+",
    "a*?b",
    "(?-u:[a-b])语",
    "(?x) a  b # c",
];

#[test]
fn a_name_is_what_the_regex_matches_as_a_whole() {
    let texts = texts("abA/_\n语", 4);
    for regex in REGEXES {
        let ours = names(regex);
        let theirs =
            regex::Regex::new(&format!(r"\A(?:{regex}{})\z", if regex.contains('#') { "\n" } else { "" })).unwrap();
        for text in &texts {
            let expected = !text.is_empty() && theirs.is_match(text);
            assert_eq!(ours.contains(text), expected, "{regex} on {text:?}");
        }
        assert!(ours.contains(&ours.shortest()), "{regex}");
        let shorter = texts.iter().filter(|text| ours.contains(text)).map(|text| text.chars().count()).min();
        assert!(shorter.is_none_or(|length| length >= ours.shortest().chars().count()), "{regex}");
        assert!(ours.examples().iter().all(|name| ours.contains(name)), "{regex}");
    }
}

#[test]
fn what_is_no_set_of_names_is_refused_with_its_place() {
    let error = |regex: &str| Names::parse(regex).unwrap_err();
    assert_eq!(error("[a-z").range, Some(0..1));
    assert_eq!(error("a(b").message, "unclosed group");
    assert_eq!(error("a**[z-a]").range, Some(4..7));
    assert_eq!(error(r"\p{Nothing}x").range, Some(0..11));
    for regex in ["", "(?:)", "^$", r"a[^\s\S]", "a^b", "$a"] {
        assert_eq!(error(regex).message, "the regex matches no name", "{regex}");
    }
    assert!(error(r"\bbob\b").message.contains("word boundaries"));
    assert!(error("(?m)a$").message.contains("as a whole"));
    assert!(Names::parse(r"(?-u:\xff)").is_err());
}

#[test]
fn a_regex_that_needs_too_much_is_refused_soon() {
    let start = std::time::Instant::now();
    for regex in [
        "(a|b)*a(a|b){30}",
        "((a{100}){100}){100}",
        "(a?){60000}",
        "(((){4000}){4000}){4000}a{1,60000}",
        &"(".repeat(1_000),
        &"a".repeat(5_000),
    ] {
        assert!(Names::parse(regex).is_err(), "{}", regex.get(..20).unwrap_or(regex));
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    let scripts = r"\w\W\p{Greek}\p{Han}\p{L}\p{Lu}".repeat(100);
    for regex in [
        &scripts,
        ".{1,850}",
        r"[\w.-]{1,64}@([a-z0-9-]{1,63}\.){1,3}[a-z]{2,10}",
        "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    ] {
        assert!(Names::parse(regex).is_ok(), "{regex}");
    }
}

#[test]
fn unsafe_names_are_shown_by_the_shortest_one() {
    let shown = |regex: &str| {
        let hazards = names(regex).hazards();
        hazards.into_iter().map(|hazard| (hazard.kind, hazard.name)).collect::<Vec<_>>()
    };
    let one = |kind, name: &str| (kind, name.to_owned());
    assert_eq!(shown("[a-z0-9_]{1,32}"), []);
    assert_eq!(shown("[a-z.]+"), [one(Dots, ".")]);
    assert_eq!(shown("[a-z][a-z.]*"), [one(Dots, "a..")]);
    assert_eq!(shown("[a-z*]{3}"), [one(Wildcard, "aa*")]);
    assert_eq!(
        shown("[^/]+"),
        [one(Wildcard, "*"), one(Quote, "\""), one(Variable, "${"), one(Dots, "."), one(Percent, "%"), one(Blank, " ")]
    );
    assert_eq!(shown("[a-z]+(/[a-z]+)?"), [one(Slash, "a/a")]);
    assert_eq!(shown("a b| ab|ab\u{3000}"), [one(Blank, "ab\u{3000}")]);
    assert_eq!(shown("a\tb"), [one(Quote, "a\tb")]);
}

#[test]
fn the_safe_names_are_the_others() {
    for regex in ["[^/]+", "(?s).+", "[a-z.]+", "[ab*%. ]{1,3}", r"\$?\{?a"] {
        let (all, safe) = (names(regex), names(regex).safe().unwrap());
        assert_eq!(safe.hazards(), [], "{regex}");
        for text in texts("a*./ {$\"%", 4) {
            let is_unsafe = text.contains(['*', '?', '"', '\\', '/', '%'])
                || text.contains("${")
                || text.contains("{{")
                || text.contains("..")
                || text == "."
                || text.starts_with(' ')
                || text.ends_with(' ');
            assert_eq!(safe.contains(&text), all.contains(&text) && !is_unsafe, "{regex} on {text:?}");
        }
    }
    assert_eq!(names(r"a\*|/").safe(), None);
    assert_ne!(names("[^/]+").safe().unwrap(), names("[^/]+"));
}

#[test]
fn what_is_assumed_is_letters_and_digits() {
    let names = Names::assumed();
    assert_eq!(names.text(), "[A-Za-z0-9]+");
    assert!(names.contains("Bob2") && !names.contains("bob_m") && !names.contains(""));
    assert_eq!(names.examples().first().map(String::as_str), Some("bob"));
    assert_eq!(names.hazards(), []);
}

#[test]
fn a_few_names_are_found_in_any_set() {
    assert_eq!(names("[0-9]{8}").examples().first().map(String::as_str), Some("20230001"));
    assert_eq!(names("x").examples(), ["x"]);
    assert_eq!(names("x|yy").examples(), ["x", "yy"]);
    assert!(names("语+").examples().len() >= 2);
}
