//! Laws that hold for all patterns, whatever the right answers are.
//!
//! Unions are lists of patterns: one lies within another when each of its patterns does.

use grantlint::semantics::glob::{Glob, Step};
use grantlint::semantics::search::{Answer, Budget, Union, search, witness};

use super::Random;

type Globs = Vec<Glob>;

fn refs(globs: &[Glob]) -> Vec<&Glob> {
    globs.iter().collect()
}

fn random_glob(random: &mut Random) -> Glob {
    let alphabet = *random.pick(&["ab*?", "ab**??", "a*?", "ab/*"]);
    random.pattern(alphabet, 7).glob
}

fn random_globs(random: &mut Random, most: usize) -> Globs {
    (0..=random.below(most)).map(|_| random_glob(random)).collect()
}

/// A glob with some steps made wider, or, seldom, changed.
fn loosened(random: &mut Random, glob: &Glob) -> Glob {
    let wider = |step: &Step| match random.below(12) {
        0 | 1 => vec![Step::One],
        2 => vec![Step::Run],
        3 => vec![*step, Step::Run],
        4 => vec![Step::One, Step::Run],
        _ => vec![*step],
    };
    Glob::new(glob.steps().iter().flat_map(wider).collect::<Vec<_>>())
}

/// The length of a shortest word, if there is one.
fn shortest(inside: &[&Glob], outside: &[&Glob]) -> Option<usize> {
    let decided = |answer: Answer| match answer {
        Answer::None => None,
        Answer::Some(word) => Some(word.len()),
        Answer::Unknown(reason) => panic!("{reason}: {inside:?} {outside:?}"),
    };
    let length = decided(search(inside, outside, &mut Budget::default()));
    let other = decided(witness(inside, outside, &mut Budget::default()));
    assert_eq!(length.is_some(), other.is_some(), "{inside:?} {outside:?}");
    length
}

fn is_within(narrow: &[Glob], wide: &[Glob]) -> bool {
    narrow.iter().all(|glob| shortest(&[glob], &refs(wide)).is_none())
}

fn are_apart(some: &[Glob], others: &[Glob]) -> bool {
    some.iter().all(|a| others.iter().all(|b| shortest(&[a, b], &[]).is_none()))
}

#[test]
fn a_union_lies_within_itself_and_within_what_holds_it() {
    let mut random = Random(0x1a31);
    let mut held = [0, 0];
    for _ in 0..1_500 {
        let narrow = random_globs(&mut random, 3);
        let middle: Globs = narrow.iter().map(|glob| loosened(&mut random, glob)).collect();
        let wide: Globs = middle.iter().map(|glob| loosened(&mut random, glob)).rev().collect();
        assert!(is_within(&narrow, &narrow));
        if is_within(&narrow, &middle) && is_within(&middle, &wide) {
            assert!(is_within(&narrow, &wide), "{narrow:?} {middle:?} {wide:?}");
            held[0] += 1;
        } else {
            held[1] += 1;
        }
    }
    assert!(held.iter().all(|count| *count > 150), "{held:?}");
}

#[test]
fn what_is_apart_from_a_union_is_apart_from_what_lies_within_it() {
    let mut random = Random(0x2b42);
    let mut held = [0, 0];
    for _ in 0..2_000 {
        let narrow = random_globs(&mut random, 1);
        let wide: Globs = narrow.iter().map(|glob| loosened(&mut random, glob)).collect();
        let other = random_globs(&mut random, 2);
        if is_within(&narrow, &wide) && are_apart(&wide, &other) {
            assert!(are_apart(&narrow, &other), "{narrow:?} {wide:?} {other:?}");
            held[0] += 1;
        }
        // Within two unions and apart from one of them: within the other one.
        let both = [wide.as_slice(), &other].concat();
        if is_within(&narrow, &both) && are_apart(&narrow, &other) {
            assert!(is_within(&narrow, &wide), "{narrow:?} {wide:?} {other:?}");
            held[1] += 1;
        }
    }
    assert!(held.iter().all(|count| *count > 100), "{held:?}");
}

#[test]
fn what_several_have_in_common_is_in_each_of_them() {
    let mut random = Random(0x3c53);
    for _ in 0..1_500 {
        let inside = random_globs(&mut random, 2);
        let outside = random_globs(&mut random, 3);
        for glob in &inside {
            let with = [refs(&outside), vec![glob]].concat();
            assert_eq!(shortest(&refs(&inside), &with), None, "{inside:?} without {glob:?}");
        }
    }
}

#[test]
fn one_pattern_more_on_either_side_never_adds_a_word() {
    let mut random = Random(0x4d64);
    let mut lost = 0;
    for _ in 0..1_500 {
        let mut inside = random_globs(&mut random, 1);
        let mut outside = random_globs(&mut random, 3);
        let before = shortest(&refs(&inside), &refs(&outside));
        if random.below(2) == 0 {
            inside.push(random_glob(&mut random));
        } else {
            outside.push(loosened(&mut random, &inside[0]));
        }
        let after = shortest(&refs(&inside), &refs(&outside));
        // None is longer than every word.
        let rank = |length: Option<usize>| length.unwrap_or(usize::MAX);
        assert!(rank(before) <= rank(after), "{inside:?} without {outside:?}");
        lost += usize::from(before.is_some() && after.is_none());
    }
    assert!(lost > 150, "only {lost} questions lose their word");
}

#[test]
fn reversed_patterns_have_reversed_words() {
    let mut random = Random(0x5e75);
    let reversed = |globs: &[Glob]| -> Globs {
        globs.iter().map(|glob| Glob::new(glob.steps().iter().rev().copied().collect::<Vec<_>>())).collect()
    };
    let mut answers = [0, 0];
    for _ in 0..2_000 {
        let inside = random_globs(&mut random, 2);
        let mut outside = random_globs(&mut random, 3);
        if random.below(2) == 0 {
            outside.push(loosened(&mut random, &inside[0]));
        }
        let length = shortest(&refs(&inside), &refs(&outside));
        let (backwards, without) = (reversed(&inside), reversed(&outside));
        assert_eq!(length, shortest(&refs(&backwards), &refs(&without)), "{inside:?} without {outside:?}");
        answers[usize::from(length.is_some())] += 1;
    }
    assert!(answers.iter().all(|count| *count > 300), "{answers:?}");
}

#[test]
fn order_and_repetition_on_either_side_do_not_matter() {
    let mut random = Random(0x6f86);
    for _ in 0..1_000 {
        let mut inside = random_globs(&mut random, 2);
        let mut outside = random_globs(&mut random, 4);
        let length = shortest(&refs(&inside), &refs(&outside));
        for _ in 0..2 {
            inside.rotate_left(1);
            outside.reverse();
            assert_eq!(length, shortest(&refs(&inside), &refs(&outside)), "{inside:?} without {outside:?}");
            inside.push(random.pick(&inside).clone());
            outside.push(random.pick(&outside).clone());
            outside.swap(0, 1);
        }
    }
}

#[test]
fn a_union_answers_as_its_patterns_do_for_several_inside() {
    let mut random = Random(0x7097);
    for _ in 0..1_000 {
        let inside = random_globs(&mut random, 2);
        let outside = random_globs(&mut random, 8);
        let listed = witness(&refs(&inside), &refs(&outside), &mut Budget::default());
        let union: Union<&Glob> = outside.iter().collect();
        let answer = union.witness(&refs(&inside), &mut Budget::default());
        assert_eq!(
            std::mem::discriminant(&listed),
            std::mem::discriminant(&answer),
            "{inside:?} without {outside:?}: {listed:?} {answer:?}"
        );
        if let Answer::Some(word) = answer {
            assert!(inside.iter().all(|glob| glob.matches(&word)) && !outside.iter().any(|glob| glob.matches(&word)));
        }
    }
}
