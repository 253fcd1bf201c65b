//! Hard questions against the clock and against memory: each is right or undecided within half a second, and takes no more
//! memory than its budget.
//!
//! The answers of all of them are known from how they were made. The limits are those of an optimised build; where debug
//! assertions are on, the clock is given more.

use std::time::{Duration, Instant};

use grantlint::semantics::glob::{Glob, Letter, Step};
use grantlint::semantics::search::{Answer, Budget, search, witness};

use super::Random;
use super::hard::{Formula, as_globs, halves, is_tautology, random_formula};

/// The most that one question may take.
const PATIENCE: Duration = Duration::from_millis(if cfg!(debug_assertions) { 5_000 } else { 500 });

/// A question and its answer.
struct Hard {
    name: String,
    inside: Vec<Glob>,
    outside: Vec<Glob>,
    /// Whether there is a word.
    exists: bool,
}

impl Hard {
    fn new(name: String, inside: &[String], outside: &[String], exists: bool) -> Self {
        let globs = |texts: &[String]| texts.iter().map(|text| Glob::parse(text, true)).collect();
        Self { name, inside: globs(inside), outside: globs(outside), exists }
    }

    fn of_formula(name: &str, variables: usize, formula: &Formula, is_tautology: bool) -> Self {
        let (inside, outside) = as_globs(variables, formula);
        let name = format!("{name}, {variables} variables, {} terms", formula.len());
        Self { name, inside: vec![inside], outside, exists: !is_tautology }
    }

    fn globs(&self) -> (Vec<&Glob>, Vec<&Glob>) {
        (self.inside.iter().collect(), self.outside.iter().collect())
    }

    /// Never wrong, whatever the answer is.
    fn check(&self, answer: &Answer) {
        match answer {
            Answer::None => assert!(!self.exists, "{}: there is a word", self.name),
            Answer::Some(word) => {
                let is_inside = self.inside.iter().all(|glob| takes(glob, word));
                assert!(is_inside && !self.outside.iter().any(|glob| takes(glob, word)), "{}: {word:?}", self.name);
                assert!(self.exists, "{}: there is no word", self.name);
            }
            Answer::Unknown(reason) => assert!(reason.states <= 20_000, "{}: {reason}", self.name),
        }
    }
}

/// The definition, by the set of places: the engine's own matcher is not asked.
fn takes(glob: &Glob, word: &[Letter]) -> bool {
    let steps = glob.steps();
    let beyond_runs = |places: &mut Vec<bool>| {
        for at in 0..steps.len() {
            places[at + 1] |= places[at] && steps[at] == Step::Run;
        }
    };
    let mut places = vec![false; steps.len() + 1];
    places[0] = true;
    beyond_runs(&mut places);
    for letter in word {
        let mut next = vec![false; steps.len() + 1];
        for at in (0..steps.len()).filter(|at| places[*at]) {
            match steps[at] {
                Step::Run => next[at] = true,
                Step::One => next[at + 1] = true,
                Step::Letter(other) => next[at + 1] |= other == *letter,
            }
        }
        beyond_runs(&mut next);
        places = next;
    }
    places[steps.len()]
}

/// `*a???` and its like: the deterministic automaton of one of them remembers the last n letters.
fn counting_from_the_end() -> Vec<Hard> {
    let ones = |count: usize| "?".repeat(count);
    let mut all = Vec::new();
    for n in [4, 8, 16, 32] {
        let a = |count: usize| format!("*a{}", ones(count));
        // Some a is the last one, and it stands at one of the last n places or further in front.
        let mut outside: Vec<String> = (0..n).map(a).collect();
        for inside in ["*a*", "*a*b*a*", "*a*a*a*a*"] {
            all.push(Hard::new(format!("{inside}, none of the last {n}"), &[inside.to_owned()], &outside, true));
        }
        outside.push(format!("*a{}*", ones(n)));
        for inside in ["*a*", "*a*b*a*", "*a*a*a*a*"] {
            all.push(Hard::new(format!("{inside}, nowhere, {n}"), &[inside.to_owned()], &outside, false));
        }
        // Two neighbours, each said apart.
        let two = [a(n), a(n + 1)];
        all.push(Hard::new(format!("two at {n}"), &two, &[format!("*aa{}", ones(n))], false));
        all.push(Hard::new(format!("not three at {n}"), &two, &[format!("*aaa{}", ones(n))], true));
        let four: Vec<String> = (n..n + 4).map(a).collect();
        all.push(Hard::new(format!("four at {n}"), &four, &[format!("*aaaa{}", ones(n))], false));
        let other = [a(n), format!("*b{}", ones(n))];
        all.push(Hard::new(format!("a and b at {n}"), &other, &[], false));
        // No two at one of these distances, among many: they can be further apart than that.
        let many = ["*a".repeat(8) + "*"];
        let mut near: Vec<String> = (0..n).map(|gap| format!("*a{}a*", ones(gap))).collect();
        all.push(Hard::new(format!("eight, none within {n}"), &many, &near, true));
        near.push(format!("*a{}*a*", ones(n)));
        all.push(Hard::new(format!("eight at no distance, {n}"), &many, &near, false));
    }
    all
}

/// Formulas that are a tautology or not.
fn formulas() -> Vec<Hard> {
    let mut random = Random(0xc09f);
    let mut all = Vec::new();
    for (variables, terms, size) in
        [(10, 40, 2), (12, 60, 3), (12, 120, 3), (14, 200, 4), (14, 400, 3), (16, 100, 3), (16, 400, 4), (16, 900, 4)]
    {
        let formula = random_formula(&mut random, variables, terms, size);
        all.push(Hard::of_formula("random", variables, &formula, is_tautology(variables, &formula)));
    }
    for half in [4, 8, 12, 16, 24, 48] {
        all.push(Hard::of_formula("halves", 2 * half, &halves(half), true));
        let mut most = halves(half);
        most.pop();
        all.push(Hard::of_formula("halves but one", 2 * half, &most, false));
    }
    all
}

fn all() -> Vec<Hard> {
    counting_from_the_end().into_iter().chain(formulas()).collect()
}

#[test]
fn each_hard_question_ends_in_half_a_second() {
    let mut undecided = 0;
    let questions = all();
    for hard in &questions {
        let (inside, outside) = hard.globs();
        // Other work on the machine must not fail this: the best of a few tries counts.
        let mut fastest = Duration::MAX;
        for _ in 0..4 {
            let start = Instant::now();
            let answer = witness(&inside, &outside, &mut Budget::default());
            fastest = fastest.min(start.elapsed());
            hard.check(&answer);
            if fastest <= PATIENCE {
                undecided += usize::from(matches!(answer, Answer::Unknown(_)));
                break;
            }
        }
        assert!(fastest <= PATIENCE, "{}: {fastest:?}", hard.name);
        hard.check(&search(&inside, &outside, &mut Budget::default()));
    }
    assert!(undecided > 0, "none of them is hard");
    assert!(2 * undecided < questions.len(), "{undecided} of {} are not decided", questions.len());
}

#[test]
fn fewer_states_make_answers_fewer_but_never_wrong() {
    for hard in all() {
        let (inside, outside) = hard.globs();
        for states in [0, 7, 300] {
            let mut budget = Budget::new(states, states);
            hard.check(&witness(&inside, &outside, &mut budget));
            hard.check(&search(&inside, &outside, &mut Budget::new(states, states)));
        }
        hard.check(&witness(&inside, &outside, &mut Budget::default().with_bytes(10_000)));
        hard.check(&witness(&inside, &outside, &mut Budget::default().with_comparisons(10_000)));
    }
}

/// Says to the copy of this program that [`memory_stays_within_the_budget`] starts that it is one.
#[cfg(target_os = "linux")]
const COPY: &str = "GRANTLINT_TEST_MEMORY";

/// The most memory that this process ever had, in bytes.
#[cfg(target_os = "linux")]
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches("kB").trim().parse::<usize>().unwrap() << 10
}

#[test]
#[cfg(target_os = "linux")]
fn memory_stays_within_the_budget() {
    // A process of its own, for the peak is that of all its threads.
    if std::env::var_os(COPY).is_none() {
        let name = "search::limits::memory_stays_within_the_budget";
        let mut copy = std::process::Command::new(std::env::current_exe().unwrap());
        let done = copy.args(["--exact", name, "--nocapture"]).env(COPY, "1").output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        assert!(String::from_utf8_lossy(&done.stdout).contains("1 passed"), "the copy did not ask anything");
        return;
    }
    let questions = all();
    let before = peak();
    for hard in &questions {
        let (inside, outside) = hard.globs();
        witness(&inside, &outside, &mut Budget::default());
        search(&inside, &outside, &mut Budget::default());
        // 32 MiB for a question, and as much again for what an allocator keeps between them.
        let taken = peak() - before;
        assert!(taken <= 64 << 20, "{}: {taken} bytes", hard.name);
    }
}
