//! How fast grantlint is, as ratios that hold on a noisy machine.
//!
//! What is compared runs in turn on the same few policies, many short rounds long, and the median of the rounds' ratios
//! is shown; seconds are only for orientation. One table, single-threaded, in memory, nothing rendered. `benches/README.md`
//! says what the columns mean and what is aimed at.

#![expect(clippy::print_stdout, reason = "the table is what this program is for")]
#![expect(clippy::cast_precision_loss, reason = "counts of bytes and policies are far below 2^52")]

mod exact;
mod generate;
mod oracle;
mod process;

use std::hint::black_box;
use std::time::{Duration, Instant};

use generate::Random;
use grantlint::engine::analyse;
use grantlint::finding::{PolicyKind, Profile};
use grantlint::policy::{Anchor, Case, Pattern};
use grantlint::rules::{Facts, Filter};
use grantlint::semantics::glob::{Letter, Step};
use grantlint::semantics::isolation::{Piece, Template, isolation};
use grantlint::semantics::names::Names;
use grantlint::semantics::pattern::covers;
use grantlint::syntax::parse;
use grantlint::text::{Source, Span};

const POLICIES: usize = 20_000;
const ROUND: usize = 200;
const REPEATS: usize = 3;

/// What is compared: its name, what it does with a policy, and the ratio aimed at.
type Contestant<'c> = (&'static str, &'c dyn Fn(&Source), f64);

/// Policies that are measured together.
struct Set {
    name: &'static str,
    sources: Vec<Source>,
    /// The most that the whole check may cost, in parses into `serde_json::Value`.
    limit: f64,
}

fn main() {
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args().filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [_, "--analyse", file] => process::analyse_file(file),
        [_, "--each", folder] => process::each_of(folder),
        [_, "--table"] => table(),
        [_, "--exact"] => exact::exact(),
        [_, "--isolation"] => isolation_of_pairs(),
        [_, "--memory"] => process::memory(),
        [_, "--loop", set, seconds] => profile_loop(set, seconds),
        [_, "--oracle", count, seed] => oracle::questions(count, seed),
        _ => {
            table();
            containment();
            exact::exact();
            isolation_of_pairs();
            process::start_to_exit();
            process::memory();
        }
    }
}

fn sources(count: usize, mut make: impl FnMut() -> String) -> Vec<Source> {
    (0..count).filter_map(|number| Source::new(format!("policy-{number}.json"), make()).ok()).collect()
}

fn set(name: &str) -> Set {
    let mut random = Random::new(0x9e37_79b9_7f4a_7c15);
    match name {
        "clean" => {
            Set { name: "clean", sources: sources(POLICIES, || generate::policy(&mut random, true)), limit: 2.0 }
        }
        "full" => Set {
            name: "full of findings",
            sources: sources(POLICIES, || generate::policy(&mut random, false)),
            limit: 5.0,
        },
        _ => {
            Set { name: "500 statements", sources: sources(1, || generate::long_policy(&mut random, 500)), limit: 2.0 }
        }
    }
}

fn settings(profile: Profile) -> (Facts, Filter) {
    (Facts { kind: Some(PolicyKind::Session), ..Facts::default() }, Filter { profile, ..Filter::default() })
}

/// How long something takes.
pub(crate) fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn table() {
    println!("{:<18}{:<24}{:>10}{:>9}{:>9}{:>7}", "policies", "what", "MB/s", "us each", "ratio", "aim");
    for name in ["clean", "full", "long"] {
        measure(&set(name));
    }
    println!();
}

fn measure(set: &Set) {
    let (facts, usual) = settings(Profile::Default);
    let (_, audit) = settings(Profile::Audit);
    let check = |source: &Source, filter: &Filter| drop(black_box(analyse(black_box(source), &facts, filter)));
    let value = |source: &Source| drop(black_box(serde_json::from_str::<serde_json::Value>(black_box(source.text()))));
    let contestants: [Contestant<'_>; 4] = [
        ("serde_json::Value", &value, 1.0),
        ("parse", &|source| drop(black_box(parse(black_box(source.text())))), 0.5),
        ("check", &|source| check(source, &usual), set.limit),
        ("check --profile audit", &|source| check(source, &audit), f64::INFINITY),
    ];
    // A lone long policy makes a round of its own, often enough for a median.
    let repeats = REPEATS * if set.sources.len() < ROUND { 100 } else { 1 };
    let mut seconds = [0.0; 4];
    let mut ratios: [Vec<f64>; 4] = Default::default();
    for _ in 0..repeats {
        for round in set.sources.chunks(ROUND) {
            let mut base = 0.0;
            for (((_, work, _), total), ratios) in contestants.iter().zip(&mut seconds).zip(&mut ratios) {
                let spent = time(|| round.iter().for_each(work)).as_secs_f64();
                *total += spent;
                base = if base == 0.0 { spent } else { base };
                ratios.push(spent / base);
            }
        }
    }
    let bytes: usize = set.sources.iter().map(|source| source.text().len()).sum();
    for (((name, _, aim), total), ratios) in contestants.iter().zip(seconds).zip(ratios) {
        let speed = (bytes * repeats) as f64 / total / 1e6;
        let each = total / (set.sources.len() * repeats) as f64 * 1e6;
        let aim = if aim.is_finite() { format!("{aim:.1}") } else { "-".to_owned() };
        println!("{:<18}{name:<24}{speed:>10.0}{each:>9.2}{:>9.2}{aim:>7}", set.name, median(ratios));
    }
    let findings =
        |filter| set.sources.iter().map(|source| analyse(source, &facts, filter).findings.len()).sum::<usize>();
    println!(
        "{:<18}{} policies, {:.0} bytes each; {:.2} findings each, {:.2} in the audit profile",
        set.name,
        set.sources.len(),
        bytes as f64 / set.sources.len() as f64,
        findings(&usual) as f64 / set.sources.len() as f64,
        findings(&audit) as f64 / set.sources.len() as f64,
    );
}

/// The middle one.
pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

/// One containment question, typical ones and the greedy search's worst.
fn containment() {
    let mut random = Random::new(0x2545_f491_4f6c_dd1d);
    let texts: Vec<String> = (0..1_000).map(|_| generate::path(&mut random)).collect();
    let pattern = |text: &'_ str| Pattern::new(text.to_owned(), false, Case::Sensitive, Anchor::loose(Span::default()));
    let patterns: Vec<Pattern<'_>> = texts.iter().map(|text| pattern(text)).collect();
    let ask = |wide: &[Pattern<'_>], narrow: &[Pattern<'_>]| {
        let rounds: Vec<f64> = (0..15)
            .map(|_| {
                let spent = time(|| {
                    for wide in wide {
                        for narrow in narrow {
                            black_box(covers(black_box(wide), black_box(narrow)));
                        }
                    }
                });
                spent.as_secs_f64() / (wide.len() * narrow.len()) as f64 * 1e9
            })
            .collect();
        median(rounds)
    };
    println!(
        "one containment question: {:.0} ns among 1,000 x 1,000 paths (aim: under 1,000)",
        ask(&patterns, &patterns)
    );
    // Those that share their bucket are only told apart at the end.
    let place = "media-1250000000/app/avatar/user17/thumbs/large";
    let wide = [pattern(&format!("{place}/*")), pattern(&format!("{place}/*.jpg")), pattern("media-*/app/*/thumbs/*")];
    let narrow =
        [pattern(&format!("{place}/a.jpg")), pattern(&format!("{place}/*.jpg")), pattern(&format!("{place}/*.png"))];
    println!("  that share all but the last letters: {:.0} ns", ask(&wide, &narrow));
    let hard = [pattern(&format!("*{}b", "a".repeat(20)))];
    println!("  worst of 20 and 200 letters: {:.0} ns\n", ask(&hard, &[pattern(&"a".repeat(200))]));
}

/// One granted template against one owned one, the names known: what is apart, and what is not, with its example.
fn isolation_of_pairs() {
    let template = |text: &str| {
        Template::new(text.chars().map(|c| match c {
            '@' => Piece::Owner,
            '*' => Piece::Step(Step::Run),
            c => Piece::Step(Step::Letter(Letter::of(c))),
        }))
    };
    println!("isolation of a pair of templates (aim: under 20,000 ns)");
    for (what, granted, owned, names) in [
        ("apart", "app/avatar/@/*", "app/avatar/@/*", "[a-z0-9_]{1,32}"),
        ("apart by what follows", "app/avatar/@.jpg", "app/avatar/@_m.jpg", "[A-Za-z0-9]+"),
        ("apart, the name twice", "app/@/@_*.jpg", "app/@/@_*.jpg", "[a-z0-9]{1,32}"),
        ("not apart", "app/avatar/@*", "app/avatar/@/*", "[a-z0-9_]{1,32}"),
        ("not apart, without the name", "app/avatar/*", "app/avatar/@/*", "[a-z0-9_]{1,32}"),
    ] {
        let Ok(names) = Names::parse(names) else { continue };
        let (granted, owned) = ([template(granted)], [template(owned)]);
        let rounds = (0..15).map(|_| {
            let spent = time(|| {
                for _ in 0..1_000 {
                    black_box(isolation(black_box(&granted), black_box(&owned), &names));
                }
            });
            spent.as_secs_f64() * 1e6
        });
        println!("  {what}: {:.0} ns", median(rounds.collect()));
    }
    println!();
}

/// Check one set again and again, for a profiler to look at.
fn profile_loop(name: &str, seconds: &str) {
    let set = set(name);
    let (facts, filter) = settings(Profile::Default);
    let seconds = seconds.parse().unwrap_or(5.0);
    let start = Instant::now();
    let mut findings = 0;
    while start.elapsed().as_secs_f64() < seconds {
        for source in &set.sources {
            findings += analyse(source, &facts, &filter).findings.len();
        }
    }
    println!("{findings} findings in {:.1} s", start.elapsed().as_secs_f64());
}
