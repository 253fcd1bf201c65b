//! A word that is in all of some globs and in none of others, or the proof that there is none.
//!
//! Every exact question about permissions comes down to this one: containment in a union (one glob inside, the union
//! outside), overlap (two inside), new access (one inside, what was allowed outside). The idea is the generic letter: fix
//! how each inside glob reads a word, and replace every letter that all of them read through a wildcard by one that no
//! glob names. The word stays in all inside globs, and an outside glob that matches it now matched it before. So only
//! letters that an inside glob names need to be tried, and "none" is a proof over all letters there are.
//!
//! Most questions need no search (`token`): one glob lies in a union whose globs have no one-letter wildcard exactly when
//! one of them holds it alone. What is left is searched (`walk`) under a [`Budget`], for it is hard in general: one glob
//! in a union of globs with both wildcards is coNP-complete.
//!
//! Words are not limited in length here. Where keys have a greatest length, a witness that is longer says nothing; one of
//! [`search`] is a shortest one, so if it is too long there is none.

mod affixes;
mod budget;
mod places;
mod readable;
mod token;
mod union;
mod walk;

pub use budget::{Budget, Limit, Reason};
pub use readable::readable;
pub use token::holds;
pub use union::Union;

use budget::Meter;
use token::{OneTakes, fits, may_meet, merged};

use super::glob::{Glob, Letter, Step};

/// What is known about a word that is inside and not outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// There is none; this is a proof.
    None,
    /// This one, checked with the plain matcher. It holds [`Letter::ANY`] where any letter will do that no glob names.
    Some(Vec<Letter>),
    /// Not decided within the budget.
    Unknown(Reason),
}

/// A word that all of `inside` match and none of `outside`. Without anything inside, every word counts as inside.
///
/// The word has one generic letter for each wildcard where one match decides, and is a shortest one where a search was
/// needed; [`search`] always finds a shortest one.
pub fn witness(inside: &[&Glob], outside: &[&Glob], budget: &mut Budget) -> Answer {
    Question::new(inside, outside).answer(budget, Question::decide)
}

/// [`witness`] by search alone, whatever simpler argument would do: slower, and the word is a shortest one.
pub fn search(inside: &[&Glob], outside: &[&Glob], budget: &mut Budget) -> Answer {
    Question::new(inside, outside).answer(budget, |question, meter| {
        check_letters(question.outside)?;
        walk::shortest(&question.inside, question.outside, meter)
    })
}

/// How many comparisons are spent on a last guess after a search was ended.
const LAST_GUESS: u64 = 1 << 22;

/// The longest word that is guessed.
const LONGEST_GUESS: usize = 1 << 14;

struct Question<'g> {
    inside: Vec<&'g Glob>,
    outside: &'g [&'g Glob],
}

impl<'g> Question<'g> {
    fn new(inside: &[&'g Glob], outside: &'g [&'g Glob]) -> Self {
        static EVERYTHING: std::sync::LazyLock<Glob> = std::sync::LazyLock::new(Glob::everything);
        let inside = if inside.is_empty() { vec![&*EVERYTHING] } else { inside.to_vec() };
        Self { inside, outside }
    }

    fn answer(
        &self,
        budget: &mut Budget,
        decide: impl Fn(&Self, &mut Meter<'_>) -> Result<Option<Vec<Letter>>, Limit>,
    ) -> Answer {
        let mut meter = Meter::new(budget);
        let decided = decide(self, &mut meter).and_then(|word| match word {
            Some(word) => self.confirm(word, &mut meter).map(Some),
            None => Ok(None),
        });
        match decided {
            Ok(None) => Answer::None,
            Ok(Some(word)) => Answer::Some(word),
            Err(Limit::Reserved) => Answer::Unknown(self.reason(Limit::Reserved, 0)),
            Err(limit) => match self.guess() {
                Some(word) => Answer::Some(word),
                None => Answer::Unknown(self.reason(limit, meter.states())),
            },
        }
    }

    /// By the simplest argument that decides.
    fn decide(&self, meter: &mut Meter<'_>) -> Result<Option<Vec<Letter>>, Limit> {
        let inside = self.narrowest(meter)?;
        let pairs = inside.iter().enumerate().flat_map(|(i, a)| inside.iter().skip(i + 1).map(move |b| (a, b)));
        if pairs.into_iter().any(|(a, b)| !may_meet(a, b)) {
            return Ok(None);
        }
        if let Some(word) = inside.iter().find_map(|glob| glob.as_word()) {
            return self.is_witness(&word, meter).map(|is_witness| is_witness.then_some(word));
        }
        let outside = self.relevant();
        check_letters(&outside)?;
        let mut may_need_search = inside.len() > 1;
        for wide in &outside {
            for narrow in &inside {
                let mut spent = 0;
                let is_held = fits(wide.steps(), narrow.steps(), OneTakes::Single, &mut spent);
                may_need_search = may_need_search
                    || (wide.has_one() && fits(wide.steps(), narrow.steps(), OneTakes::RunToo, &mut spent));
                meter.comparisons(spent)?;
                if is_held {
                    return Ok(None);
                }
            }
        }
        match inside.as_slice() {
            [only] if !may_need_search => return Ok(Some(only.canonical())),
            [only] => {
                let word = only.least();
                if self.is_witness(&word, meter)? {
                    return Ok(Some(word));
                }
            }
            _ => {}
        }
        walk::shortest(&inside, &outside, meter)
    }

    /// The inside globs without those that hold another one, which add nothing.
    fn narrowest(&self, meter: &mut Meter<'_>) -> Result<Vec<&'g Glob>, Limit> {
        let mut kept: Vec<&Glob> = Vec::with_capacity(self.inside.len());
        let mut spent = 0;
        for glob in &self.inside {
            if kept.iter().any(|other| fits(glob.steps(), other.steps(), OneTakes::Single, &mut spent)) {
                continue;
            }
            kept.retain(|other| !fits(other.steps(), glob.steps(), OneTakes::Single, &mut spent));
            kept.push(glob);
            meter.comparisons(spent)?;
            spent = 0;
        }
        Ok(kept)
    }

    /// The outside globs that can have a word in common with all inside ones.
    fn relevant(&self) -> Vec<&'g Glob> {
        let is_relevant = |wide: &&&Glob| self.inside.iter().all(|narrow| may_meet(wide, narrow));
        self.outside.iter().filter(is_relevant).copied().collect()
    }

    /// Whether the plain matcher agrees that a word is inside and not outside.
    fn is_witness(&self, word: &[Letter], meter: &mut Meter<'_>) -> Result<bool, Limit> {
        for (globs, is_inside) in [(self.inside.as_slice(), true), (self.outside, false)] {
            for glob in globs {
                let mut spent = 0;
                let is_matched = glob.matches_counting(word, &mut spent);
                meter.comparisons(spent)?;
                if is_matched != is_inside {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn confirm(&self, word: Vec<Letter>, meter: &mut Meter<'_>) -> Result<Vec<Letter>, Limit> {
        let is_witness = self.is_witness(&word, meter)?;
        debug_assert!(is_witness, "{word:?} is no witness");
        if is_witness { Ok(word) } else { Err(Limit::Unconfirmed) }
    }

    /// A word after all, when the search was ended: all runs empty, or equally long, up to longer than every outside glob
    /// can count. The plain matcher has the say.
    fn guess(&self) -> Option<Vec<Letter>> {
        let inside = &self.inside;
        let may_all_meet = || inside.iter().enumerate().all(|(i, a)| inside.iter().skip(i + 1).all(|b| may_meet(a, b)));
        if !inside.iter().all(|glob| glob.has_run()) || !may_all_meet() {
            return None;
        }
        let ones = |glob: &&Glob| glob.steps().iter().filter(|step| **step == Step::One).count();
        let longest = self.outside.iter().map(ones).max().unwrap_or(0) + 1;
        let runs: usize = inside.iter().map(|glob| glob.steps().len()).sum();
        let mut budget = Budget::default().with_comparisons(LAST_GUESS);
        let mut meter = Meter::new(&mut budget);
        let doubled = std::iter::successors(Some(1_usize), |gap| gap.checked_mul(2)).take_while(|gap| *gap < longest);
        std::iter::once(0)
            .chain(doubled)
            .chain([longest])
            .filter(|gap| gap.saturating_mul(runs) <= LONGEST_GUESS)
            .map(|gap| merged(inside, gap))
            .find(|word| self.is_witness(word, &mut meter) == Ok(true))
    }

    fn reason(&self, limit: Limit, states: usize) -> Reason {
        let counts_letters = |glob: &Glob| {
            let behind = glob.steps().iter().skip_while(|step| **step != Step::Run);
            // In normal form a run stands behind the one-letter wildcards beside it.
            let beside = glob.steps().windows(2).any(|pair| pair == [Step::One, Step::Run]);
            beside || behind.into_iter().any(|step| *step == Step::One)
        };
        let is_relevant = |wide: &Glob| self.inside.iter().all(|narrow| may_meet(wide, narrow));
        let blamed = |glob: &Glob| counts_letters(glob) && is_relevant(glob);
        let patterns =
            self.outside.iter().enumerate().filter(|(_, glob)| blamed(glob)).map(|(index, _)| index).collect();
        Reason { limit, states, patterns }
    }
}

/// No outside glob may name the generic letter.
fn check_letters(outside: &[&Glob]) -> Result<(), Limit> {
    let names_it = |glob: &&Glob| glob.steps().contains(&Step::Letter(Letter::ANY));
    if outside.iter().any(names_it) { Err(Limit::Reserved) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(inside: &[&str], outside: &[&str]) -> Answer {
        let globs = |texts: &[&str]| texts.iter().map(|text| Glob::parse(text, true)).collect::<Vec<_>>();
        let (inside, outside) = (globs(inside), globs(outside));
        witness(&inside.iter().collect::<Vec<_>>(), &outside.iter().collect::<Vec<_>>(), &mut Budget::default())
    }

    /// A word in which `#` is the generic letter.
    fn word(text: &str) -> Answer {
        Answer::Some(text.chars().map(|c| if c == '#' { Letter::ANY } else { Letter::of(c) }).collect())
    }

    #[test]
    fn one_glob_in_a_union() {
        assert_eq!(ask(&["app/a*"], &["app/*", "b"]), Answer::None);
        assert_eq!(ask(&["app/*"], &["app/a*", "app/b*"]), word("app/#"));
        assert_eq!(ask(&["a*"], &["a", "a?*"]), Answer::None, "by length: nothing behind it, or at least one letter");
        assert_eq!(ask(&["a*"], &["a?*"]), word("a"));
        assert_eq!(ask(&["a*"], &["a", "a?", "a??b*"]), word("a##"));
    }

    #[test]
    fn everything_and_nothing() {
        assert_eq!(ask(&[], &["*"]), Answer::None);
        assert_eq!(ask(&[], &["?*"]), word(""));
        assert_eq!(ask(&[], &[]), word("#"));
        assert_eq!(ask(&[""], &[]), word(""));
    }

    #[test]
    fn what_two_globs_have_in_common() {
        assert_eq!(ask(&["a*", "*b"], &[]), word("ab"));
        assert_eq!(ask(&["a/*", "b/*"], &[]), Answer::None);
        assert_eq!(ask(&["a?c", "ab*"], &[]), word("abc"));
        assert_eq!(ask(&["a*", "*b"], &["ab"]), word("a#b"));
        assert_eq!(ask(&["a*", "a/b*"], &["a/b/*"]), word("a/b#"), "the wider one adds nothing");
        assert_eq!(ask(&["a*", "*b"], &["*"]), Answer::None);
    }

    #[test]
    fn a_mark_is_a_letter_of_its_own() {
        let hole = Glob::new([Step::Letter(Letter::of('u')), Step::Letter(Letter::mark(7)), Step::Run]);
        let mut budget = Budget::default();
        assert_eq!(witness(&[&hole], &[&Glob::parse("u*", true)], &mut budget), Answer::None);
        let other = Glob::new([Step::Letter(Letter::of('u')), Step::Letter(Letter::mark(8)), Step::Run]);
        let word = vec![Letter::of('u'), Letter::mark(7), Letter::ANY];
        assert_eq!(witness(&[&hole], &[&other, &Glob::parse("uu*", true)], &mut budget), Answer::Some(word));
    }

    #[test]
    fn the_reserved_letter_outside_is_refused() {
        let any = Glob::word([Letter::ANY]);
        let everything = Glob::everything();
        for answer in [
            witness(&[&everything], &[&any], &mut Budget::default()),
            search(&[&everything], &[&any], &mut Budget::default()),
        ] {
            assert!(matches!(answer, Answer::Unknown(Reason { limit: Limit::Reserved, .. })), "{answer:?}");
        }
        assert_eq!(witness(&[&any], &[&Glob::parse("?", true)], &mut Budget::default()), Answer::None);
    }

    #[test]
    fn an_ended_search_names_the_patterns_or_guesses() {
        let texts = ["b", "*a?b*", "z*", "*a??b*", "*b?a*", "*ab*", "*ba*"];
        let outside: Vec<Glob> = texts.iter().map(|text| Glob::parse(text, true)).collect();
        let outside: Vec<&Glob> = outside.iter().collect();
        let inside = Glob::parse("*a*b*a*b", true);
        let end = |outside: &[&Glob]| witness(&[&inside], outside, &mut Budget::new(1, 1));
        // A word longer than the patterns can count, found without search.
        let Answer::Some(word) = end(&outside) else { panic!() };
        assert!(inside.matches(&word) && !outside.iter().any(|glob| glob.matches(&word)));
        let three = Glob::parse("*a???*", true);
        let outside: Vec<&Glob> = outside.into_iter().chain([&three]).collect();
        let Answer::Unknown(reason) = end(&outside) else { panic!() };
        assert_eq!((reason.limit, reason.patterns), (Limit::States, vec![1, 3, 4, 7]));
    }
}
