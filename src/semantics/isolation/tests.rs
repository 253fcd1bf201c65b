//! The theorem against brute force, and verdicts that are written down.

use super::*;
use crate::semantics::glob::Glob;

fn names(regex: &str) -> Names {
    Names::parse(regex).unwrap()
}

/// A template in which `@` is the name, `*` a run, `?` any one letter and `#` a hole that stays in its directory.
fn template(text: &str) -> Template {
    Template::new(text.chars().flat_map(|c| match c {
        '@' => vec![Piece::Owner],
        '*' => vec![Piece::Step(Step::Run)],
        '?' => vec![Piece::Step(Step::One)],
        '#' => segment().to_vec(),
        c => vec![Piece::Step(Step::Letter(Letter::of(c)))],
    }))
}

fn templates(texts: &str) -> Vec<Template> {
    texts.split(' ').map(template).collect()
}

/// `isolated`, `unknown`, or the leak as `granted to, owner, key`.
fn verdict(granted: &str, owned: &str, regex: &str) -> String {
    let (granted, owned, names) = (templates(granted), templates(owned), names(regex));
    shown(isolation(&granted, &owned, &names))
}

/// Compare every row, so that all differences are seen at once.
fn check(rows: &[(&str, &str, &str, &str)]) {
    let row = |(granted, owned, names, _): &(&str, &str, &str, &str)| {
        format!("{granted} | {owned} | {names} | {}", verdict(granted, owned, names))
    };
    let expected = |(granted, owned, names, expected): &(&str, &str, &str, &str)| {
        format!("{granted} | {owned} | {names} | {expected}")
    };
    assert_eq!(rows.iter().map(row).collect::<Vec<_>>(), rows.iter().map(expected).collect::<Vec<_>>());
}

fn shown(verdict: Verdict) -> String {
    match verdict {
        Verdict::Isolated => "isolated".to_owned(),
        Verdict::Leak(leak) => format!("{}, {}, {}", leak.granted_to, leak.owner, leak.key),
        Verdict::Unknown(_) => "unknown".to_owned(),
    }
}

#[test]
fn a_name_that_is_closed_keeps_users_apart_unless_names_hold_what_closes_it() {
    let jpg = "app/avatar/@.jpg app/avatar/@_m.jpg app/avatar/@_s.jpg";
    check(&[
        ("app/@*", "app/@/*", "[a-z0-9]+", "bob, bob2, app/bob2/example"),
        ("app/@/*", "app/@/*", "[^/]+", "isolated"),
        ("app/@/*", "app/@/*", "(?s).+", "bob, bob/, app/bob//example"),
        ("app/@_*", "app/@_*", "[a-z_]+", "bob, bob_, app/bob__x"),
        (jpg, jpg, "[a-z0-9]+", "isolated"),
        (jpg, jpg, "[a-z0-9_]+", "bob_m, bob, app/avatar/bob_m.jpg"),
        ("app/@.jpg", "app/@.jpg", "[a-z.]+", "isolated"),
        ("app/@/*", "app/@/*", "[0-9]{8}", "isolated"),
        ("app/@*", "app/@*", "[0-9]{8}", "isolated"),
    ]);
}

#[test]
fn a_name_that_is_missing_or_comes_too_late_leaks_for_everyone() {
    check(&[
        ("app/avatar/*", "app/avatar/@/*", "[a-z0-9]+", "alice, bob, app/avatar/bob/example"),
        ("*", "app/avatar/@/*", "[0-9]{8}", "11111111, 20230001, app/avatar/20230001/example"),
        ("app/*.jpg", "app/@.jpg", "语+", "语语, 语, app/语.jpg"),
        ("app/@/*", "app/*", "[a-z]+", "bob, alice, app/bob/example"),
        ("doc/*", "app/@/*", "[a-z]+", "isolated"),
        ("app/?/*", "app/@/*", "[a-z]{2,}", "isolated"),
        ("app/?/*", "app/@/*", "[a-z]+", "bob, b, app/b/example"),
        ("app/*", "app/@/*", "onlyone", "isolated"),
    ]);
}

#[test]
fn other_shapes_are_proved_shown_or_left_open() {
    check(&[
        ("doc/@/*", "app/@/*", "[a-z]+", "isolated"),
        ("app/@/@_*.jpg", "app/@/@_*.jpg", "[a-z0-9]+", "isolated"),
        ("app/@_@_*", "app/@_@_*", "[a-z]+", "isolated"),
        ("*/@/*", "*/@/*", "[a-z]+", "bob, alice, /bob/alice/"),
        ("app/@/*", "app/*/@", "[a-z]+", "bob, alice, app/bob/alice"),
        ("app/x@*", "app/@*", "[a-z]+", "bob, x, app/xbobx"),
        ("*@", "*@", "[a-z]+", "bob, b, xbob"),
        ("app/@", "app/@", "[a-z]+", "isolated"),
        ("?/@/*", "a/@/*", "[a-z]+", "isolated"),
        ("?/@*", "a/@/*", "[a-z]+", "bob, boba, a/boba/example"),
        ("*/@", "*/@", "[a-z]+", "unknown"),
    ]);
}

#[test]
fn holes_that_stay_in_their_directories_keep_names_apart() {
    check(&[
        ("app/#/@/*", "app/#/@/*", "[a-z]+", "isolated"),
        ("app/#/@/*", "app/#/@/*", "[a-z/]+", "b, b/, app/example/b//example"),
        ("app/#/@*", "app/#/@*", "[a-z]+", "bob, boba, app/example/bobax"),
        ("app/red/@/*", "app/#/@/*", "[a-z]+", "isolated"),
        ("app/#/red/@/*", "app/#/blue/@/*", "[a-z]+", "isolated"),
        ("app/#@/*", "app/#@/*", "[a-z]+", "bob, b, app/xbob/example"),
        ("app/@/#", "app/#/@", "[a-z]+", "bob, alice, app/bob/alice"),
        ("app/@_#.jpg", "app/@_#.jpg", "[a-z]+", "isolated"),
        ("app/@_#.jpg", "app/@_#.jpg", "[a-z_]+", "bob, bob_, app/bob__x.jpg"),
        ("app/@/*", "app/@/#", "[a-z]+", "isolated"),
        ("app/#/x", "app/@/x", "[a-z]+", "alice, bob, app/bob/x"),
        ("app/#", "app/@/x", "[a-z]+", "isolated"),
    ]);
    assert!(template("app/#/@/*").holds(&template("app/red/@/#")) && template("*").holds(&template("#/@")));
    assert!(!template("app/#/@/*").holds(&template("app/*/@/*")) && !template("#/@").holds(&template("@/#")));
    assert!(template("#").matches(&letters("a_")) && !template("#").matches(&letters("a/a")));
}

#[test]
fn a_layout_is_ambiguous_when_a_key_belongs_to_two() {
    let of = |owned: &str, regex: &str| shown(ambiguity(&templates(owned), &names(regex)));
    assert_eq!(of("a/@.jpg a/@_m.jpg", "[a-z]+"), "isolated");
    assert_eq!(of("a/@.jpg a/@_m.jpg", "[a-z_]+"), "bob_m, bob, a/bob_m.jpg");
    assert_eq!(of("a/@/* b/@*", "[a-z]+"), "bob, boba, b/bobax");
    assert_eq!(of("a/*", "[a-z]+"), "bob, alice, a/example");
}

#[test]
fn a_mark_is_no_key() {
    let marked = Template::new([Piece::Step(Step::Letter(Letter::mark(3))), Piece::Step(Step::Run)]);
    assert_eq!(ambiguity(&[marked], &names("a+")), Verdict::Unknown(MARKED));
}

/// All texts of these letters, the empty one too, up to a length.
fn texts(letters: &[char], longest: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..longest {
        last = last.iter().flat_map(|text| letters.iter().map(move |c| format!("{text}{c}"))).collect();
        all.extend(last.iter().cloned());
    }
    all
}

fn letters(text: &str) -> Vec<Letter> {
    text.chars().map(Letter::of).collect()
}

/// For each key, in the order of [`texts`], the users to whom a template gives it, as bits.
fn given(template: &Template, users: &[String], keys: &[Vec<Letter>]) -> Vec<u32> {
    let own: Vec<(Template, Option<Glob>)> =
        users.iter().map(|user| template.with(user)).map(|own| (own.clone(), own.as_glob())).collect();
    let matches = |(own, glob): &(Template, Option<Glob>), key: &[Letter]| {
        glob.as_ref().map_or_else(|| own.matches(key), |glob| glob.matches(key))
    };
    let bits = |key: &Vec<Letter>| {
        (0..).zip(&own).filter(|(_, own)| matches(own, key)).fold(0, |bits, (index, _)| bits | 1 << index)
    };
    keys.iter().map(bits).collect()
}

/// Whether some key is given to one user and belongs to another.
fn leaks(granted: &[u32], owned: &[u32]) -> bool {
    let are_two = |a: u32, b: u32| a != 0 && b != 0 && (a != b || a.count_ones() > 1);
    granted.iter().zip(owned).any(|(a, b)| are_two(*a, *b))
}

const ALPHABET: [char; 3] = ['a', '/', '_'];

/// What stands behind the name.
const RESTS: [&str; 22] = [
    "", "*", "/*", "_*", "/", "_", "a", "/a", "_a", "a*", "*a", "*/", "*_", "/*a", "_*/", "*_*", "*/*", "?", "?*",
    "/?", "_?*", "a_*",
];

/// Sets of names, each with the greatest length up to which two users show every leak of short rests.
const SETS: [&str; 9] = ["a+", "[a_]+", "[a/_]+", "[a/]{1,2}", "a{2}", "a_?", "_a*", "a(_a)*", "(a|_){1,3}"];

#[test]
fn the_theorem_is_right_on_all_short_names_and_keys() {
    let keys: Vec<Vec<Letter>> = texts(&ALPHABET, 7).iter().map(|key| letters(key)).collect();
    for regex in SETS {
        let names = names(regex);
        // Names of up to three letters: a leak of rests as short as these shows among them.
        let users: Vec<String> = texts(&ALPHABET, 3).into_iter().filter(|name| names.contains(name)).take(32).collect();
        let templates: Vec<Template> = RESTS.iter().map(|rest| template(&format!("@{rest}"))).collect();
        let given: Vec<Vec<u32>> = templates.iter().map(|template| given(template, &users, &keys)).collect();
        for (granted, granted_to) in templates.iter().zip(&given) {
            for (owned, owned_by) in templates.iter().zip(&given) {
                let verdict = isolation(std::slice::from_ref(granted), std::slice::from_ref(owned), &names);
                let expected = leaks(granted_to, owned_by);
                assert_eq!(matches!(verdict, Verdict::Leak(_)), expected, "{granted:?} {owned:?} {regex}: {verdict:?}");
                assert_eq!(verdict == Verdict::Isolated, !expected, "{granted:?} {owned:?} {regex}: {verdict:?}");
                checked(&verdict, granted, owned, &names);
            }
        }
    }
}

/// A leak is one by its definition.
fn checked(verdict: &Verdict, granted: &Template, owned: &Template, names: &Names) {
    if let Verdict::Leak(leak) = verdict {
        assert!(names.contains(&leak.granted_to) && names.contains(&leak.owner) && leak.granted_to != leak.owner);
        let key = letters(&leak.key);
        assert!(granted.with(&leak.granted_to).matches(&key) && owned.with(&leak.owner).matches(&key), "{leak:?}");
    }
}

#[test]
fn general_templates_never_get_a_wrong_verdict() {
    let shapes = [
        "@", "@*", "a@*", "*@", "/@/*", "*/@", "@/@", "@_@*", "*/@/*", "a/*", "*", "?@", "@?", "a@/a", "_@*", "@*@",
        "aa@", "a_*", "?", "/@", "@a@", "#/@", "#/@/*", "#/@*", "#@", "@/#", "@_#", "#/#/@", "#", "#/*",
    ];
    let keys: Vec<Vec<Letter>> = texts(&ALPHABET, 6).iter().map(|key| letters(key)).collect();
    let templates = shapes.map(template);
    let mut unknown = 0;
    for regex in ["a+", "[a_]{1,2}", "[a/_]+", "a{2}", "aa?_?"] {
        let names = names(regex);
        let users: Vec<String> = texts(&ALPHABET, 3).into_iter().filter(|name| names.contains(name)).take(32).collect();
        let given: Vec<Vec<u32>> = templates.iter().map(|template| given(template, &users, &keys)).collect();
        for (granted, granted_to) in templates.iter().zip(&given) {
            for (owned, owned_by) in templates.iter().zip(&given) {
                let verdict = isolation(std::slice::from_ref(granted), std::slice::from_ref(owned), &names);
                checked(&verdict, granted, owned, &names);
                assert!(
                    verdict != Verdict::Isolated || !leaks(granted_to, owned_by),
                    "{granted:?} {owned:?} {regex} is no proof"
                );
                let is_undecided = matches!(verdict, Verdict::Unknown(_));
                // Names that hold what holes do not are unsafe, and no layout is judged by them.
                let is_inside = |piece: &Piece| matches!(piece, Piece::Inside(_));
                let is_odd = regex.contains('/') && granted.pieces().iter().chain(owned.pieces()).any(is_inside);
                unknown += usize::from(is_undecided);
                if is_odd {
                    continue;
                }
                assert!(!is_undecided || !leaks(granted_to, owned_by), "{granted:?} {owned:?} {regex} could be shown");
            }
        }
    }
    assert!(unknown < 30 * 30 * 5 / 10, "{unknown} are unknown");
}

/// What [`owners_reached`] says, as names.
fn reached(pattern: &str, owned: &str, regex: &str) -> Vec<String> {
    match owners_reached(&Glob::parse(pattern, true), &templates(owned), &names(regex)) {
        Reached::None => Vec::new(),
        Reached::One(owner) => vec![owner.name],
        Reached::Several(owners) => owners.map(|owner| owner.name).to_vec(),
        Reached::Unknown(reason) => vec![reason.to_owned(); 3],
    }
}

#[test]
fn the_owners_that_an_instance_reaches_are_counted() {
    assert_eq!(reached("app/avatar/alice/*", "app/avatar/@/*", "[a-z]+"), ["alice"]);
    assert_eq!(reached("app/avatar/zoe*", "app/avatar/@/*", "[a-z]{1,4}"), ["zoe", "zoea"]);
    assert_eq!(reached("app/avatar/zoes*", "app/avatar/@/*", "[a-z]{1,4}"), ["zoes"]);
    assert_eq!(reached("app/avatar/*", "app/avatar/@/*", "[a-z]+"), ["bob", "alice"]);
    assert_eq!(reached("doc/*", "app/avatar/@/*", "[a-z]+"), [""; 0]);
    assert_eq!(reached("app/bob/*", "app/avatar/@/*", "[a-z]+"), [""; 0]);
    assert_eq!(reached("a/zoe_m.jpg", "a/@.jpg a/@_m.jpg", "[a-z]+"), ["zoe"]);
    assert_eq!(reached("a/zoe_m.jpg", "a/@.jpg a/@_m.jpg", "[a-z_]+"), ["zoe_m", "zoe"]);
    assert_eq!(reached("a/zoe/zoe_1.jpg", "a/@/@_*.jpg", "[a-z]+"), ["zoe"]);
    assert_eq!(reached("a/zoe/kim_1.jpg", "a/@/@_*.jpg", "[a-z]+").len(), 3);
    assert_eq!(reached("a/*_1.jpg", "a/@/@_*.jpg", "[a-z]+"), ["bob", "alice"]);
}

#[test]
fn the_owners_reached_are_those_of_brute_force() {
    let keys: Vec<Vec<Letter>> = texts(&ALPHABET, 6).iter().map(|key| letters(key)).collect();
    let patterns = ["*", "a*", "a/*", "a_*", "/*", "*a", "*_", "a", "aa", "a?", "?", "_a/*", "a*/a", "a_/*a", "aa_*"];
    let owned = ["@", "@/*", "@_*", "@*", "a@", "*@", "@/a", "/@*", "@_a"].map(template);
    for regex in ["a+", "[a_]{1,3}", "a{2}", "a_?"] {
        let names = names(regex);
        let users: Vec<String> = texts(&ALPHABET, 4).into_iter().filter(|name| names.contains(name)).take(32).collect();
        for template in &owned {
            let bits = given(template, &users, &keys);
            for pattern in patterns {
                let glob = Glob::parse(pattern, true);
                let reached_by_force = keys.iter().zip(&bits).filter(|(key, _)| glob.matches(key));
                let expected = reached_by_force.fold(0, |all, (_, bits)| all | bits).count_ones();
                let found = owners_reached(&glob, std::slice::from_ref(template), &names);
                let is_right = match &found {
                    Reached::None => expected == 0,
                    Reached::One(_) => expected == 1,
                    Reached::Several(owners) => expected > 1 && owners[0].name != owners[1].name,
                    Reached::Unknown(_) => false,
                };
                assert!(is_right, "{pattern} {template:?} {regex}: {found:?}, {expected} by force");
                let owners = match found {
                    Reached::One(owner) => vec![owner],
                    Reached::Several(owners) => owners.to_vec(),
                    _ => Vec::new(),
                };
                for owner in owners {
                    let key = letters(&owner.key);
                    assert!(names.contains(&owner.name) && glob.matches(&key));
                    assert!(template.with(&owner.name).matches(&key), "{owner:?}");
                }
            }
        }
    }
}
