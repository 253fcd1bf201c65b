//! Random exact questions with the engine's answers, as JSON lines, for a second opinion.
//!
//! A question asks for a word in all of one to three patterns and in none of up to four others. `oracle.py` asks z3 the
//! same and compares; nothing here knows which solver reads the lines. The same seed gives the same questions, and the
//! times are those of this machine.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use serde_json::{Value, json};

use crate::generate::Random;
use crate::median;
use grantlint::semantics::glob::{Glob, Letter};
use grantlint::semantics::search::{Answer, Budget, search, witness};

/// The letters that patterns are drawn from: many wildcards or few, several letters or hardly any.
const ALPHABETS: [&str; 8] = ["ab/*?", "aab/**??", "abc/*", "a/*?", "ab**??", "abc/*?", "a*?", "ab/****?"];

/// What stands for the generic letter: a character that is in no alphabet.
const GENERIC: char = '#';

/// The longest pattern.
const LONGEST: usize = 10;

/// How often a question is timed, and how often it is asked each time.
const TIMED: usize = 9;
const ASKED: u32 = 16;

/// Print `count` questions and answers.
pub(crate) fn questions(count: &str, seed: &str) {
    let (Ok(count), Ok(seed)) = (count.parse::<usize>(), seed.parse::<u64>()) else {
        println!("{}", json!({ "error": "count and seed are numbers" }));
        return;
    };
    // Small seeds are spread over all bits, and none of them is 0.
    let mut random = Random::new((seed ^ 0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9) | 1);
    for number in 0..count {
        println!("{}", question(number, &mut random));
    }
}

fn question(number: usize, random: &mut Random) -> Value {
    let alphabet = random.pick(&ALPHABETS);
    let count = [1, 1, 2, 3].get(random.below(4)).copied().unwrap_or(1);
    let mut inside: Vec<String> = (0..count).map(|_| pattern(random, alphabet, LONGEST)).collect();
    // Patterns drawn apart from each other seldom have a word in common or hold one another. So most questions with
    // several inside are about one word, and some of the patterns outside are made from one inside.
    if inside.len() > 1 && random.below(4) > 0 {
        let word = pattern(random, &alphabet.replace(['*', '?'], ""), LONGEST);
        inside = inside.iter().map(|_| loosened(random, &word)).collect();
    }
    let mut outside: Vec<String> = (0..random.below(5)).map(|_| pattern(random, alphabet, LONGEST - 3)).collect();
    for wide in &mut outside {
        if random.below(4) == 0
            && let Some(narrow) = inside.get(random.below(inside.len()))
        {
            *wide = loosened(random, narrow);
        }
    }
    let globs = |texts: &[String]| texts.iter().map(|text| Glob::parse(text, true)).collect::<Vec<_>>();
    let (ins, outs) = (globs(&inside), globs(&outside));
    let (ins, outs): (Vec<&Glob>, Vec<&Glob>) = (ins.iter().collect(), outs.iter().collect());
    let answer = witness(&ins, &outs, &mut Budget::default());
    let searched = search(&ins, &outs, &mut Budget::default());
    let rounds = (0..TIMED).map(|_| {
        let start = Instant::now();
        for _ in 0..ASKED {
            black_box(witness(black_box(&ins), black_box(&outs), &mut Budget::default()));
        }
        start.elapsed().as_secs_f64() / f64::from(ASKED) * 1e9
    });
    json!({
        "number": number,
        "inside": inside,
        "outside": outside,
        "answer": spelled(&answer),
        "searched": spelled(&searched),
        "ns": median(rounds.collect()),
    })
}

/// A pattern of random letters, up to a length, and seldom the empty one.
fn pattern(random: &mut Random, alphabet: &str, longest: usize) -> String {
    let length = if random.below(16) == 0 { 0 } else { 1 + random.below(longest) };
    let letters: Vec<char> = alphabet.chars().collect();
    (0..length).filter_map(|_| letters.get(random.below(letters.len())).copied()).collect()
}

/// A pattern with wildcards in the place of some of its letters, and some of its runs taken out.
fn loosened(random: &mut Random, narrow: &str) -> String {
    let mut wide = String::new();
    for c in narrow.chars() {
        match random.below(8) {
            0 => wide.push('*'),
            1 => wide.push('?'),
            2 => wide.push_str("?*"),
            3 if c == '*' => {}
            _ => wide.push(c),
        }
    }
    wide
}

/// `none`, `unknown`, or the word behind `word:`.
fn spelled(answer: &Answer) -> String {
    match answer {
        Answer::None => "none".to_owned(),
        Answer::Unknown(_) => "unknown".to_owned(),
        Answer::Some(word) => {
            let mut text = "word:".to_owned();
            for letter in word {
                let c = if *letter == Letter::ANY { Some(GENERIC) } else { letter.as_char() };
                let _ = write!(text, "{}", c.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            text
        }
    }
}
