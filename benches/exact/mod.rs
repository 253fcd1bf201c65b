//! What an exact answer costs: one question, and a thousand patterns within a thousand.
//!
//! The plain match of one pattern by another ([`covers`]) runs beside the exact question in each round, on the same pairs,
//! so that the ratio says what exactness costs on top of it.

use std::hint::black_box;

use crate::generate::{self, Random};
use crate::{median, time};
use grantlint::engine::diff;
use grantlint::finding::PolicyKind;
use grantlint::policy::{Anchor, Case, Pattern};
use grantlint::rules::Facts;
use grantlint::semantics::glob::Glob;
use grantlint::semantics::pattern::covers;
use grantlint::semantics::search::{Answer, Budget, Union, witness};
use grantlint::text::{Source, Span};

const ROUNDS: usize = 15;

/// How many patterns stand on either side of a union.
const MANY: usize = 1_000;

pub(crate) fn exact() {
    let mut random = Random::new(0x1d87_2b41_9c5e_77a3);
    let texts: Vec<String> = (0..MANY).map(|_| generate::path(&mut random)).collect();
    one_question(&texts);
    a_thousand(&texts);
    a_difference();
}

/// A pattern with its glob.
struct Side<'t> {
    pattern: Pattern<'t>,
    glob: Glob,
}

fn sides(texts: &[String], any_one: bool) -> Vec<Side<'_>> {
    let pattern = |text| Pattern::new(text, any_one, Case::Sensitive, Anchor::loose(Span::default()));
    texts.iter().map(|text| Side { pattern: pattern(text.as_str()), glob: Glob::parse(text, any_one) }).collect()
}

/// Nanoseconds for one exact question, and the ratio to the plain match.
fn ask(wide: &[Side<'_>], narrow: &[Side<'_>]) -> (f64, f64) {
    let pairs = (wide.len() * narrow.len()) as f64;
    let each = |work: &dyn Fn(&Side<'_>, &Side<'_>)| {
        time(|| wide.iter().for_each(|wide| narrow.iter().for_each(|narrow| work(wide, narrow)))).as_secs_f64() / pairs
    };
    let (mut seconds, mut ratios) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let plain = each(&|wide, narrow| {
            black_box(covers(black_box(&wide.pattern), black_box(&narrow.pattern)));
        });
        let exact = each(&|wide, narrow| {
            black_box(witness(black_box(&[&narrow.glob]), black_box(&[&wide.glob]), &mut Budget::default()));
        });
        seconds.push(exact);
        ratios.push(exact / plain);
    }
    (median(seconds) * 1e9, median(ratios))
}

fn one_question(texts: &[String]) {
    let paths = sides(texts, false);
    let (ns, ratio) = ask(&paths, &paths);
    println!("one exact question: {ns:.0} ns among 1,000 x 1,000 paths (aim: under 1,000), {ratio:.1} plain matches");
    let place = "media-1250000000/app/avatar/user17/thumbs/large";
    let ends = |ends: &[&str]| ends.iter().map(|end| format!("{place}/{end}")).collect::<Vec<_>>();
    let (wide, narrow) = (ends(&["*", "*.jpg", "a*.png"]), ends(&["a.jpg", "*.jpg", "ab*.png"]));
    let (ns, ratio) = ask(&sides(&wide, false), &sides(&narrow, false));
    println!("  that share all but the last letters: {ns:.0} ns, {ratio:.1} plain matches");
    // The wildcard for one letter meets a run: one match does not decide, but the shortest word does.
    let (wide, narrow) = (ends(&["?*.jpg", "*/?.png"]), ends(&["*.jpg", "*/*.png"]));
    let (ns, _) = ask(&sides(&wide, true), &sides(&narrow, true));
    println!("  whose one-letter wildcard meets a run: {ns:.0} ns");
    // Here it does not either.
    let (wide, narrow) = (ends(&["?*.jpg", "??*/*.png"]), ends(&["*a*.jpg", "*/*a*/*.png"]));
    let (ns, _) = ask(&sides(&wide, true), &sides(&narrow, true));
    println!("  that have to be searched: {ns:.0} ns");
}

/// A thousand patterns, each asked for in a union of a thousand.
fn a_thousand(texts: &[String]) {
    let globs = |change: &dyn Fn(&String) -> String| {
        texts.iter().map(|text| Glob::parse(&change(text), false)).collect::<Vec<_>>()
    };
    let wide = globs(&String::clone);
    let narrower = globs(&|text| text.strip_suffix('*').map_or_else(|| text.clone(), |open| format!("{open}a/*.jpg")));
    // A little wider than one of the union, so that hardly any of them lies in it and each has neighbours to be tried.
    let wider = globs(&|text| format!("{}*", text.trim_end_matches(['/', '*'])));
    let (mut built, mut inside, mut beside) = (Vec::new(), Vec::new(), Vec::new());
    let mut held = [0, 0];
    for _ in 0..ROUNDS {
        let mut union: Option<Union<&Glob>> = None;
        built.push(time(|| union = Some(wide.iter().collect())).as_secs_f64() * 1e6);
        let Some(union) = union else { continue };
        let is_held = |narrow: &&Glob| union.witness(&[narrow], &mut Budget::default()) == Answer::None;
        inside.push(time(|| held[0] = narrower.iter().filter(is_held).count()).as_secs_f64() * 1e6);
        beside.push(time(|| held[1] = wider.iter().filter(is_held).count()).as_secs_f64() * 1e6);
    }
    let [inside, beside, built] = [inside, beside, built].map(median);
    println!("1,000 patterns in a union of 1,000: {inside:.0} us in all (aim: under 1,000), {} of them in it", held[0]);
    println!(
        "  wider ones: {beside:.0} us (aim: under 1,000), {} of them in it; to make the union: {built:.0} us\n",
        held[1]
    );
}

/// Two policies of twenty statements that differ in one prefix, compared from text to verdict.
fn a_difference() {
    let statement = |number: usize, prefix: &str| {
        let effect = if number % 7 == 6 { "deny" } else { "allow" };
        let action = match number % 4 {
            0 => "PutObject",
            1 => "GetObject",
            2 => "DeleteObject",
            _ => "GetBucket",
        };
        let condition = if number % 5 == 4 { ",\"condition\":{\"ip_equal\":{\"qcs:ip\":\"10.0.0.0/8\"}}" } else { "" };
        format!(
            "{{\"effect\":\"{effect}\",\"action\":[\"name/cos:{action}\",\"name/cos:HeadObject\"],\"resource\":[\
             \"qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/app/{number}/{prefix}*\",\
             \"qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/tmp/<Username>/{number}/*\"]{condition}}}"
        )
    };
    let policy = |wide: usize| {
        let statements: Vec<String> =
            (0..20).map(|number| statement(number, if number == wide { "" } else { "a/" })).collect();
        format!("{{\"version\":\"2.0\",\"statement\":[{}]}}", statements.join(","))
    };
    let facts = Facts { kind: Some(PolicyKind::Session), ..Facts::default() };
    let source = |text: &str| Source::new("policy.json", text).ok();
    let seconds = |old: &str, new: &str| {
        let rounds = (0..ROUNDS).map(|_| {
            let sources = (source(old), source(new));
            time(|| drop(black_box(diff(sources.0, sources.1, [&facts, &facts])))).as_secs_f64()
        });
        median(rounds.collect()) * 1e6
    };
    let (old, new) = (policy(20), policy(3));
    println!("diff of two policies of 20 statements (aim: under 1,000 us)");
    println!("  equal: {:.0} us", seconds(&old, &old));
    println!("  one prefix wider: {:.0} us", seconds(&old, &new));
}
