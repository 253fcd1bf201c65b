//! What a user's name may look like.
//!
//! [`Names`] is the set of all of them, given by a regex that matches a name as a whole. It is kept as an automaton over
//! characters, so that [`super::isolation`] can follow a name inside a key letter by letter, and so that it can be said
//! with the shortest example what in a name would be more than a name once it is put into a policy ([`Hazard`]).

mod classes;
mod compile;
mod dfa;
mod hazard;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, LazyLock, OnceLock};

pub use compile::NamesError;
pub use hazard::{Hazard, HazardKind};

use super::glob::Letter;
use classes::Class;
pub(super) use dfa::State;
use dfa::{Dfa, START};

/// The names that read best in an example, the best first.
const LIKED: [&str; 9] = ["bob", "alice", "bob2", "carol", "b", "bb", "20230001", "1", "2"];

/// The set of user names: not empty, and no name is empty. Cheap to clone. Equal when made of the same regex.
#[derive(Clone)]
pub struct Names {
    inner: Arc<Inner>,
}

struct Inner {
    text: String,
    /// Names that would be more than a name were taken out.
    is_cleaned: bool,
    dfa: Dfa,
    /// A shortest text that leads to each state.
    access: Vec<String>,
    /// For each state the letters that can follow, one for each way to go on; then the same for [`Names::tail_start`].
    choices: Vec<Vec<char>>,
    /// After the first letter of what follows a whole name in a longer one, by the letter's class.
    tails: Vec<Vec<State>>,
    examples: OnceLock<Vec<String>>,
}

impl Names {
    /// The names that `regex` matches, each as a whole: `^` and `$` are not needed. The empty text is no name.
    ///
    /// # Errors
    /// When the text is no regex, matches no name, asks for what is around a name (`\b`, ends of lines), or stands for an
    /// automaton of more than some thousand states.
    pub fn parse(regex: &str) -> Result<Self, NamesError> {
        let dfa = compile::compile(regex)?;
        if dfa.is_empty() {
            return Err(NamesError::new("the regex matches no name"));
        }
        Ok(Self::new(regex.to_owned(), dfa, false))
    }

    /// What is assumed where nothing is said: letters and digits of ASCII.
    pub fn assumed() -> Self {
        static ASSUMED: LazyLock<Option<Names>> = LazyLock::new(|| Names::parse("[A-Za-z0-9]+").ok());
        // INVARIANT: this regex is one; a test parses it.
        ASSUMED.clone().unwrap_or_else(|| Self::new(String::new(), Dfa::nothing(), false))
    }

    fn new(text: String, dfa: Dfa, is_cleaned: bool) -> Self {
        let classes = 0..dfa.classes().len() as Class;
        let states = 0..dfa.len() as State;
        let ends: Vec<State> = states.clone().filter(|state| dfa.accepts(*state)).collect();
        let tails: Vec<Vec<State>> = classes
            .clone()
            .map(|class| {
                let next: BTreeSet<State> = ends.iter().filter_map(|end| dfa.step(*end, class)).collect();
                next.into_iter().collect()
            })
            .collect();
        let mut choices: Vec<Vec<char>> = states
            .map(|state| letters_for(&dfa, classes.clone().map(|class| (class, dfa.step(state, class)))))
            .collect();
        let first = classes.zip(&tails).map(|(class, next)| (class, Some(next).filter(|next| !next.is_empty())));
        choices.push(letters_for(&dfa, first));
        let access = dfa.access();
        let examples = OnceLock::new();
        Self { inner: Arc::new(Inner { text, is_cleaned, dfa, access, choices, tails, examples }) }
    }

    /// Whether this is a name. O(length).
    pub fn contains(&self, name: &str) -> bool {
        self.inner.dfa.contains(name)
    }

    /// The regex as it was written.
    pub fn text(&self) -> &str {
        &self.inner.text
    }

    /// What in a name would be more than a name in a policy, each with a shortest name that shows it, the worst first.
    /// Empty when every name is safe to fill in.
    pub fn hazards(&self) -> Vec<Hazard> {
        hazard::of(&self.inner.dfa)
    }

    /// The names that are safe to fill in; `None` when there is none.
    pub fn safe(&self) -> Option<Self> {
        let dfa = hazard::without(&self.inner.dfa);
        (!dfa.is_empty()).then(|| Self::new(self.inner.text.clone(), dfa, true))
    }

    /// A shortest name, of the most readable ones.
    pub fn shortest(&self) -> String {
        self.inner.dfa.shortest().unwrap_or_default()
    }

    /// A few names that read well in an example, and short ones, the best first: at least two if there are two.
    pub fn examples(&self) -> &[String] {
        self.inner.examples.get_or_init(|| {
            let liked = LIKED.iter().filter(|name| self.contains(name)).map(|name| (*name).to_owned());
            let mut names: Vec<String> = liked.chain(self.short(4, &[])).collect();
            let mut seen = BTreeSet::new();
            names.retain(|name| seen.insert(name.clone()));
            names
        })
    }

    /// At most `most` names, the shortest ones that can be written with one letter for each way to go on and with
    /// `letters`.
    pub(super) fn short(&self, most: usize, letters: &[char]) -> Vec<String> {
        /// How many beginnings are looked at for each name that is wanted.
        const LOOKED_AT: usize = 64;
        let dfa = &self.inner.dfa;
        let mut found = Vec::new();
        let mut level = vec![(START, String::new())];
        while !level.is_empty() && found.len() < most {
            let mut next = Vec::new();
            for (state, text) in &level {
                let classes = dfa.steps(*state).flat_map(|(class, after)| {
                    let (one, other) = dfa.classes().samples(class);
                    [Some(one), other].into_iter().flatten().map(move |c| (c, after))
                });
                let given =
                    letters.iter().filter_map(|c| dfa.step(*state, dfa.classes().of(*c)).map(|after| (*c, after)));
                let mut steps: Vec<(char, State)> = given.chain(classes).collect();
                let mut seen = BTreeSet::new();
                steps.retain(|(c, _)| seen.insert(*c));
                for (c, after) in steps {
                    if next.len() < most * LOOKED_AT {
                        next.push((after, format!("{text}{c}")));
                    }
                }
            }
            found.extend(next.iter().filter(|(state, _)| dfa.accepts(*state)).map(|(_, text)| text.clone()));
            level = next;
        }
        found.truncate(most);
        found
    }

    // --- Following a name letter by letter. ---

    /// How many states there are, the one of [`Self::tail_start`] included.
    pub(super) fn states(&self) -> usize {
        self.inner.choices.len()
    }

    /// Where a name begins.
    pub(super) fn start() -> State {
        START
    }

    /// Where what follows a whole name in a longer one begins; it is never empty.
    pub(super) fn tail_start(&self) -> State {
        self.inner.dfa.len() as State
    }

    /// Whether a name, or what follows one, may end in this state.
    pub(super) fn may_end(&self, state: State) -> bool {
        self.inner.dfa.accepts(state)
    }

    /// The states after this letter.
    pub(super) fn after(&self, state: State, letter: Letter) -> impl Iterator<Item = State> + '_ {
        let dfa = &self.inner.dfa;
        let class = letter.as_char().map(|c| dfa.classes().of(c));
        let inside = class.and_then(|class| dfa.step(state, class));
        let is_tail = state == self.tail_start();
        let tails = class.filter(|_| is_tail).and_then(|class| self.inner.tails.get(class as usize));
        inside.into_iter().chain(tails.into_iter().flatten().copied())
    }

    /// The letters that can follow a state, one for each way to go on.
    pub(super) fn choices(&self, state: State) -> &[char] {
        self.inner.choices.get(state as usize).map_or(&[], Vec::as_slice)
    }

    /// Whether some name holds this letter. O(states).
    pub(super) fn may_hold(&self, c: char) -> bool {
        let dfa = &self.inner.dfa;
        (START..dfa.len() as State).any(|state| dfa.step(state, dfa.classes().of(c)).is_some())
    }

    /// The letters that need to be tried to tell everything apart that two names, or a name and one given letter, do.
    pub(super) fn letters(&self) -> impl Iterator<Item = char> + '_ {
        let classes = self.inner.dfa.classes();
        (0..classes.len() as Class).flat_map(|class| {
            let (one, other) = classes.samples(class);
            [Some(one), other].into_iter().flatten()
        })
    }

    /// The names that `tail` turns into another name, a liked one or else the shortest, first.
    pub(super) fn continued_by(&self, tail: &str) -> Vec<&str> {
        let is_continued = |name: &&str| self.inner.dfa.walk(START, name).is_some_and(|state| self.ends(state, tail));
        let liked = LIKED.into_iter().filter(|name| self.contains(name)).filter(is_continued);
        let others = (START..).zip(&self.inner.access).filter(|(state, _)| self.may_end(*state));
        let mut others: Vec<&str> =
            others.filter(|(state, _)| self.ends(*state, tail)).map(|(_, name)| name.as_str()).collect();
        others.sort_by_key(|name| name.len());
        liked.chain(others).collect()
    }

    fn ends(&self, state: State, tail: &str) -> bool {
        self.inner.dfa.walk(state, tail).is_some_and(|state| self.may_end(state))
    }
}

/// A letter for each different continuation.
fn letters_for<T: Ord>(dfa: &Dfa, steps: impl Iterator<Item = (Class, Option<T>)>) -> Vec<char> {
    let mut seen = BTreeSet::new();
    let mut is_new = |next: Option<T>| next.is_some_and(|next| seen.insert(next));
    let mut letters = Vec::new();
    for (class, next) in steps {
        if is_new(next) {
            letters.push(dfa.classes().samples(class).0);
        }
    }
    letters
}

impl PartialEq for Names {
    fn eq(&self, other: &Self) -> bool {
        self.inner.text == other.inner.text && self.inner.is_cleaned == other.inner.is_cleaned
    }
}

impl Eq for Names {}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Names").field(&self.inner.text).finish()
    }
}
