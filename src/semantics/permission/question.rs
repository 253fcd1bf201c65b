//! The primitive of [`search`](crate::semantics::search) for areas: a word that is in all of some and in none of others.
//!
//! An area that is one glob goes to the search as it is. A word is outside of any other area when it is outside of one of its
//! globs or inside of something that the area leaves out; each of these ways is tried.

use std::sync::LazyLock;

use super::area::{Area, BETWEEN};
use super::filling;
use crate::semantics::glob::{Glob, Letter, Step};
use crate::semantics::search::{Answer, Budget, witness};

/// What is known about a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// There is none.
    None,
    /// This one.
    Word(Vec<Letter>),
    /// Not decided, and why.
    Unknown(String),
}

/// Words of more than four parts: wildcards of two globs could read the mark between parts, each where the other one does
/// not, and such a word is no resource.
static TOO_MANY_PARTS: LazyLock<Glob> = LazyLock::new(|| {
    let marks = std::iter::repeat_n([Step::Letter(BETWEEN), Step::Run], 4).flatten();
    Glob::new(std::iter::once(Step::Run).chain(marks))
});

/// The most ways that are tried for one question.
const MOST_WAYS: usize = 2_048;

/// A word in all of `inside`, in none of `outside`, and not matched by `impossible`. That there is none holds whatever the
/// holes are filled with.
///
/// A hole is a letter of its own to the search. What is proven of one pattern within others is proven for every filling
/// then, but not that two patterns have nothing in common: a filling may be what the other one says. Where that is asked,
/// holes stand for any text, and a word that only then is there is no answer.
pub(super) fn find(inside: &[&Area], outside: &[&Area], impossible: Option<&Glob>, budget: &mut Budget) -> Found {
    let found = find_by_letter(inside, outside, impossible, budget);
    if found != Found::None || !inside.iter().chain(outside).any(|area| area.has_hole()) {
        return found;
    }
    let meets = inside.iter().map(|area| area.inside.len()).sum::<usize>() > 1;
    let (whole, with_gaps): (Vec<&Area>, Vec<&Area>) = outside.iter().partition(|area| area.outside.is_empty());
    if !meets && (with_gaps.is_empty() || find_by_letter(inside, &whole, impossible, budget) == Found::None) {
        return found;
    }
    // What lies within the others by itself does so whatever it has in common with what else is inside.
    let mut alone = inside.iter().filter(|area| area.inside.len() == 1);
    if alone.any(|area| find_by_letter(&[area], &whole, impossible, budget) == Found::None) {
        return Found::None;
    }
    let mut loose = Area::loosened_together(inside, &with_gaps);
    if outside.is_empty() && inside.iter().all(|area| area.outside.is_empty()) {
        // What all of them begin with decides nothing, however long it is.
        loose = loose.iter().map(Area::plain).collect();
    }
    let narrowed: Vec<Area> = with_gaps.iter().map(|area| area.tightened()).collect();
    let outside: Vec<&Area> = whole.into_iter().chain(&narrowed).collect();
    match find_by_letter(&loose.iter().collect::<Vec<_>>(), &outside, impossible, budget) {
        Found::None => Found::None,
        _ => Found::Unknown(DEPENDS.to_owned()),
    }
}

/// Why nothing is known of what was given up.
const TOO_LONG: &str = "the statements take too long to compare";

/// Why nothing is known of patterns that only some fillings of their holes bring together.
pub(super) const DEPENDS: &str = "it depends on what the placeholders are filled with";

/// [`find`], every hole being a letter that no other text has, as far as one-letter wildcards tell fillings apart.
pub(super) fn find_by_letter(
    inside: &[&Area],
    outside: &[&Area],
    impossible: Option<&Glob>,
    budget: &mut Budget,
) -> Found {
    let areas = inside.iter().chain(outside);
    let globs = areas.flat_map(|area| area.inside.iter().chain(&area.outside));
    let lengths = match filling::lengths(globs.clone()) {
        Ok(1) => return find_plain(inside, outside, impossible, budget),
        Ok(lengths) => lengths,
        Err(reason) => return Found::Unknown(reason),
    };
    let mut unknown = None;
    let steps: usize = globs.clone().map(|glob| glob.steps().len()).sum();
    for length in 1..=lengths {
        if !budget.spend(steps as u64 * STRETCHED) {
            return Found::Unknown(TOO_LONG.to_owned());
        }
        let stretch = |areas: &[&Area]| areas.iter().map(|area| area.stretched(length)).collect::<Vec<Area>>();
        let (inside, outside) = (stretch(inside), stretch(outside));
        let (inside, outside): (Vec<&Area>, Vec<&Area>) = (inside.iter().collect(), outside.iter().collect());
        match find_plain(&inside, &outside, impossible, budget) {
            Found::None => {}
            Found::Word(word) => return Found::Word(filling::collapsed(&word)),
            Found::Unknown(reason) => unknown = Some(reason),
        }
    }
    // Holes of different lengths were not tried.
    let untried = (filling::count(globs) > 1).then(|| {
        "it depends on the lengths of what the placeholders are filled with, which a one-letter wildcard counts"
            .to_owned()
    });
    unknown.or(untried).map_or(Found::None, Found::Unknown)
}

/// What it costs to fill in the holes of a pattern, in comparisons for each of its steps.
const STRETCHED: u64 = 64;

fn find_plain(inside: &[&Area], outside: &[&Area], impossible: Option<&Glob>, budget: &mut Budget) -> Found {
    let within: Vec<&Glob> = inside.iter().flat_map(|area| &area.inside).collect();
    let mut without: Vec<&Glob> = inside.iter().flat_map(|area| &area.outside).chain(impossible).collect();
    let mut branching: Vec<&Area> = Vec::new();
    for area in outside {
        match area.as_glob() {
            Some(glob) => without.push(glob),
            None => branching.push(area),
        }
    }
    if within.len() > 1 || !branching.is_empty() {
        without.push(&TOO_MANY_PARTS);
    }
    let mut ways = 0;
    branch(&within, &without, &branching, budget, &mut ways)
}

fn branch<'a>(
    inside: &[&'a Glob],
    outside: &[&'a Glob],
    areas: &[&'a Area],
    budget: &mut Budget,
    ways: &mut usize,
) -> Found {
    *ways += 1;
    if *ways > MOST_WAYS {
        return Found::Unknown("the statements leave out too much to try all ways".to_owned());
    }
    if *ways > 1 && budget.is_spent() {
        return Found::Unknown(TOO_LONG.to_owned());
    }
    let word = match witness(inside, outside, budget) {
        Answer::None => return Found::None,
        Answer::Some(word) => word,
        Answer::Unknown(reason) if areas.is_empty() => return Found::Unknown(reason.to_string()),
        Answer::Unknown(_) => Vec::new(),
    };
    let Some((area, rest)) = areas.split_first() else { return Found::Word(word) };
    if !word.is_empty() && !areas.iter().any(|area| area.holds(&word)) {
        return Found::Word(word);
    }
    let mut unknown = None;
    let outside_of = area.inside.iter().map(|glob| (None, Some(glob)));
    let inside_of = area.outside.iter().map(|glob| (Some(glob), None));
    for (more_inside, more_outside) in outside_of.chain(inside_of) {
        let inside: Vec<&Glob> = inside.iter().copied().chain(more_inside).collect();
        let outside: Vec<&Glob> = outside.iter().copied().chain(more_outside).collect();
        match branch(&inside, &outside, rest, budget, ways) {
            Found::None => {}
            Found::Unknown(reason) => unknown = Some(reason),
            found @ Found::Word(_) => return found,
        }
    }
    unknown.map_or(Found::None, Found::Unknown)
}

#[cfg(test)]
mod tests {
    use super::super::area::FIRST_HOLE;
    use super::*;

    fn area(inside: &[&str], outside: &[&str]) -> Area {
        let globs = |texts: &[&str]| texts.iter().map(|text| Glob::parse(text, true)).collect::<Vec<_>>();
        Area { resource: 0, inside: globs(inside).into_iter().collect(), outside: globs(outside) }
    }

    fn ask(inside: &[Area], outside: &[Area]) -> Option<String> {
        let (inside, outside): (Vec<&Area>, Vec<&Area>) = (inside.iter().collect(), outside.iter().collect());
        match find(&inside, &outside, None, &mut Budget::default()) {
            Found::None => None,
            Found::Word(word) => Some(word.iter().map(|letter| letter.as_char().unwrap_or('#')).collect()),
            Found::Unknown(reason) => panic!("{reason}"),
        }
    }

    #[test]
    fn outside_of_an_area_that_leaves_something_out() {
        let all_but_b = || area(&["a*"], &["ab*"]);
        assert_eq!(ask(&[area(&["a*"], &[])], &[all_but_b()]).as_deref(), Some("ab#"));
        assert_eq!(ask(&[area(&["ac*"], &[])], &[all_but_b()]), None);
        assert_eq!(ask(&[all_but_b()], &[area(&["a*"], &[])]), None);
        assert_eq!(ask(&[area(&["ab*"], &["abc"])], &[all_but_b(), area(&["ab"], &[])]).as_deref(), Some("ab#"));
    }

    #[test]
    fn filling_patterns_in_is_counted() {
        let hole = Glob::new(vec![Step::Letter(Letter::mark(FIRST_HOLE)), Step::One, Step::One, Step::Run]);
        let holed = Area { resource: 0, inside: std::iter::once(hole).collect(), outside: Vec::new() };
        let mut budget = Budget::default();
        let _ = find(&[&holed], &[&area(&["a*"], &[])], None, &mut budget);
        assert!(budget.comparisons_left() < Budget::default().comparisons_left());
        let mut spent = Budget::default().with_comparisons(0);
        assert!(matches!(find(&[&holed], &[&area(&["a*"], &[])], None, &mut spent), Found::Unknown(_)));
    }

    #[test]
    fn outside_of_an_intersection() {
        let both = || area(&["a*", "*b"], &[]);
        assert_eq!(ask(&[area(&["a*"], &[])], &[both()]).as_deref(), Some("a#"));
        assert_eq!(ask(&[area(&["ab"], &[])], &[both()]), None);
        assert_eq!(ask(&[both()], &[area(&["*b"], &[])]), None);
    }

    /// Numbers below an end, always the same.
    struct Random(u64);

    impl Random {
        fn below(&mut self, end: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % end
        }

        /// Up to four of two letters, a run, one letter and two holes.
        fn glob(&mut self) -> Glob {
            let hole = |number: u32| Step::Letter(Letter::mark(FIRST_HOLE + number));
            let all = [
                Step::Letter(Letter::of('a')),
                Step::Letter(Letter::of('/')),
                Step::Run,
                Step::One,
                hole(0),
                hole(1),
                hole(0),
                Step::Letter(Letter::of('/')),
            ];
            let length = self.below(4) + 1;
            Glob::new((0..length).map(|_| all[self.below(8) as usize]))
        }

        fn area(&mut self) -> Area {
            let outside = if self.below(4) == 0 { vec![self.glob()] } else { Vec::new() };
            Area { outside, ..Area::new(0, self.glob()) }
        }
    }

    #[test]
    fn none_is_proven_for_every_filling() {
        const TEXTS: [&str; 4] = ["a", "/", "aa", "a/"];
        let words: Vec<Vec<Letter>> = (0..6_u32)
            .flat_map(|length| (0..1_u32 << length).map(move |bits| (length, bits)))
            .map(|(length, bits)| {
                (0..length).map(|at| Letter::of(if bits >> at & 1 == 0 { 'a' } else { '/' })).collect()
            })
            .collect();
        let filled = |glob: &Glob, texts: [&str; 2]| {
            let steps = glob.steps().iter().flat_map(|step| match step {
                Step::Letter(letter) => match letter.as_mark().map(|mark| (mark - FIRST_HOLE) as usize) {
                    Some(hole) => texts[hole].chars().map(Letter::of).map(Step::Letter).collect(),
                    None => vec![*step],
                },
                _ => vec![*step],
            });
            Glob::new(steps.collect::<Vec<_>>())
        };
        let holds = |area: &Area, texts: [&str; 2], word: &[Letter]| {
            area.inside.iter().all(|glob| filled(glob, texts).matches(word))
                && !area.outside.iter().any(|glob| filled(glob, texts).matches(word))
        };
        let (mut random, mut proven) = (Random(7), 0);
        for _ in 0..6_000 {
            let inside: Vec<Area> = (0..=random.below(2)).map(|_| random.area()).collect();
            let outside: Vec<Area> = (0..random.below(3)).map(|_| random.area()).collect();
            let (within, without): (Vec<&Area>, Vec<&Area>) = (inside.iter().collect(), outside.iter().collect());
            if find(&within, &without, None, &mut Budget::default()) != Found::None {
                continue;
            }
            proven += 1;
            for texts in TEXTS.iter().flat_map(|a| TEXTS.iter().map(move |b| [*a, *b])) {
                let odd = words.iter().find(|word| {
                    inside.iter().all(|area| holds(area, texts, word))
                        && !outside.iter().any(|area| holds(area, texts, word))
                });
                assert_eq!(odd, None, "{inside:?} outside {outside:?} with {texts:?}");
            }
        }
        assert!(proven > 500, "{proven}");
    }
}
