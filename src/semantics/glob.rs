//! Patterns as steps over letters, in normal form: the shape in which the exact questions are asked.
//!
//! A letter is a character, or a mark: a symbol that stands for something else than itself (the place between two parts
//! of a resource, a hole's unknown value, "some letter that nobody names") and that no character equals. So one engine
//! decides patterns with holes, and resources of several parts, without knowing either. Letters of dialects that ignore
//! case are folded before they come here.

/// A character or a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Letter(u32);

impl Letter {
    /// The first number behind all characters.
    const MARKS: u32 = 0x11_0000;

    /// The generic letter: a mark that no glob names. Answers hold it where every glob reads a wildcard, so that any
    /// letter would do that none of them names.
    pub const ANY: Self = Self::mark(0);

    /// A character.
    pub const fn of(c: char) -> Self {
        Self(c as u32)
    }

    /// The mark of this number; equal to marks of the same number only. Number 0 is [`Letter::ANY`].
    pub const fn mark(number: u32) -> Self {
        Self(Self::MARKS + number)
    }

    /// The character, unless it is a mark.
    pub const fn as_char(self) -> Option<char> {
        char::from_u32(self.0)
    }

    /// The mark's number, unless it is a character.
    pub const fn as_mark(self) -> Option<u32> {
        self.0.checked_sub(Self::MARKS)
    }
}

/// One step of a glob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// This letter.
    Letter(Letter),
    /// Any one letter.
    One,
    /// Any run of letters, the empty one too.
    Run,
}

/// A pattern in normal form: within a run of wildcards the one-letter ones stand first, and there is at most one [`Step::Run`].
/// Equal globs mean equal languages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Glob {
    steps: Vec<Step>,
}

impl Glob {
    /// The glob of these steps, brought to normal form. O(n).
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let mut normal: Vec<Step> = Vec::new();
        for step in steps {
            match (step, normal.last()) {
                (Step::Run, Some(Step::Run)) => {}
                (Step::One, Some(Step::Run)) => {
                    normal.pop();
                    normal.extend([Step::One, Step::Run]);
                }
                _ => normal.push(step),
            }
        }
        Self { steps: normal }
    }

    /// The glob of a text in which `*` is any run and, if `any_one` says so, `?` any one letter.
    pub fn parse(text: &str, any_one: bool) -> Self {
        Self::new(text.chars().map(|c| match c {
            '*' => Step::Run,
            '?' if any_one => Step::One,
            c => Step::Letter(Letter::of(c)),
        }))
    }

    /// The glob that matches every word.
    pub fn everything() -> Self {
        Self { steps: vec![Step::Run] }
    }

    /// The glob that matches this word only.
    pub fn word(letters: impl IntoIterator<Item = Letter>) -> Self {
        Self { steps: letters.into_iter().map(Step::Letter).collect() }
    }

    /// Its steps in order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether it has a wildcard that takes exactly one letter.
    pub fn has_one(&self) -> bool {
        self.steps.contains(&Step::One)
    }

    /// Whether it has a wildcard that takes a run of letters.
    pub fn has_run(&self) -> bool {
        self.steps.contains(&Step::Run)
    }

    /// The only word that it matches, when it has no wildcard.
    pub fn as_word(&self) -> Option<Vec<Letter>> {
        self.steps.iter().map(|step| if let Step::Letter(letter) = step { Some(*letter) } else { None }).collect()
    }

    /// The word in which every wildcard is the generic letter: when a glob without one-letter wildcards matches it, that
    /// glob matches every word of this one.
    pub fn canonical(&self) -> Vec<Letter> {
        let letter = |step: &Step| if let Step::Letter(letter) = step { *letter } else { Letter::ANY };
        self.steps.iter().map(letter).collect()
    }

    /// Its shortest word, in which every one-letter wildcard is the generic letter and every run is empty.
    pub fn least(&self) -> Vec<Letter> {
        let letter = |step: &Step| match step {
            Step::Letter(letter) => Some(*letter),
            Step::One => Some(Letter::ANY),
            Step::Run => None,
        };
        self.steps.iter().filter_map(letter).collect()
    }

    /// Whether it matches a word. Greedy, with one place to come back to. O(steps x letters).
    pub fn matches(&self, word: &[Letter]) -> bool {
        self.matches_counting(word, &mut 0)
    }

    /// [`Glob::matches`], adding the comparisons that it took to `spent`.
    pub(crate) fn matches_counting(&self, word: &[Letter], spent: &mut u64) -> bool {
        let (mut step, mut at) = (0, 0);
        let mut retry: Option<(usize, usize)> = None;
        loop {
            *spent += 1;
            match (self.steps.get(step), word.get(at)) {
                (Some(Step::Run), _) => {
                    step += 1;
                    retry = Some((step, at));
                    continue;
                }
                (Some(Step::One), Some(_)) => {
                    (step, at) = (step + 1, at + 1);
                    continue;
                }
                (Some(Step::Letter(wanted)), Some(letter)) if wanted == letter => {
                    (step, at) = (step + 1, at + 1);
                    continue;
                }
                (None, None) => return true,
                _ => {}
            }
            match retry {
                Some((behind, from)) if from < word.len() => {
                    retry = Some((behind, from + 1));
                    (step, at) = (behind, from + 1);
                }
                _ => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_form_moves_single_wildcards_before_runs() {
        assert_eq!(Glob::parse("a**b", true), Glob::parse("a*b", true));
        assert_eq!(Glob::parse("*?*?", true), Glob::parse("??*", true));
        assert_ne!(Glob::parse("a?", false), Glob::parse("a?", true));
    }

    #[test]
    fn marks_equal_no_character() {
        assert_eq!(Letter::mark(3).as_char(), None);
        assert_eq!((Letter::mark(3).as_mark(), Letter::of('a').as_mark()), (Some(3), None));
        assert!(Glob::parse("*", true).matches(&[Letter::mark(0)]));
        assert!(!Glob::parse("a", true).matches(&[Letter::mark(0)]));
    }

    #[test]
    fn matching_comes_back_to_the_last_run() {
        let matches =
            |glob: &str, word: &str| Glob::parse(glob, true).matches(&word.chars().map(Letter::of).collect::<Vec<_>>());
        assert!(matches("*ab", "aab") && matches("a*b*c", "abbcbc") && matches("", "") && matches("*", ""));
        assert!(!matches("a*b", "abc") && !matches("?", "") && !matches("a?c", "ac"));
    }
}
