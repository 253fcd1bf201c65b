//! What no author would write: every prefix, every missing byte, every swapped bracket, and the very deep, long and many.
//!
//! Nothing may panic, hang or exhaust the stack, and every place that is pointed at lies inside the file and between
//! characters. The analysis is run with all rules in the widest profile, so that every message is built.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use grantlint::engine::{analyse, matrices};
use grantlint::finding::Profile;
use grantlint::rules::{Facts, Filter};
use grantlint::text::{Source, Span};
use rayon::prelude::*;

use super::support::{Fixture, Judged, all_fixtures, clip, nothing_wrong};

/// Fixtures up to this size are cut at every byte; larger ones repeat themselves.
const SMALL: usize = 1_100;

fn audit() -> Filter {
    Filter { profile: Profile::Audit, ..Filter::default() }
}

/// Analyse bytes, and tell which spans lie outside the text or inside a character.
fn misplaced(name: &str, bytes: Vec<u8>, facts: &Facts) -> Option<String> {
    let source = Source::from_bytes(name, bytes).unwrap();
    let analysed = analyse(&source, facts, &audit());
    let text = source.text();
    let is_right = |span: &Span| {
        let (start, end) = (span.start as usize, span.end as usize);
        start <= end && end <= text.len() && text.is_char_boundary(start) && text.is_char_boundary(end)
    };
    let found = analysed.findings.iter().flat_map(|finding| {
        let labels = finding.labels.iter().map(|label| label.span);
        std::iter::once(finding.primary).chain(labels).map(move |span| (finding.rule.name, span))
    });
    let unjudged = analysed.unjudged.iter().filter_map(|unjudged| Some(("not judged", unjudged.span?)));
    let wrong = found.chain(unjudged).find(|(_, span)| !is_right(span));
    let is_silent = analysed.findings.is_empty()
        && analysed.unjudged.is_empty()
        && !analysed.no_policy
        && serde_json::from_str::<serde_json::Value>(text).is_err()
        && serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>().any(|document| document.is_err());
    if let Some((rule, span)) = wrong {
        return Some(format!("{name}: {rule} at {span:?} of {}", clip(text, 400)));
    }
    is_silent.then(|| format!("{name}: silent about {}", clip(text, 400)))
}

/// Feed every variant of every fixture that `variants` makes.
#[track_caller]
fn torture(variants: impl Fn(&Fixture) -> Vec<Vec<u8>> + Sync) {
    let fixtures: Vec<Fixture> = all_fixtures().into_iter().filter(|fixture| fixture.bytes.len() <= SMALL).collect();
    assert!(fixtures.len() > 700, "only {} fixtures", fixtures.len());
    let wrong: Vec<String> = fixtures
        .par_iter()
        .flat_map_iter(|fixture| {
            let facts = fixture.facts();
            let found = variants(fixture).into_iter().filter_map(|bytes| misplaced(&fixture.id, bytes, &facts));
            // One complaint for a fixture is enough.
            found.take(1).collect::<Vec<_>>()
        })
        .collect();
    nothing_wrong(&wrong);
}

#[test]
fn every_prefix() {
    torture(|fixture| {
        let bytes = &fixture.bytes;
        // One more blank behind a blank is no other text to anyone.
        let is_new = |end: &usize| !matches!(&bytes[..*end], [.., b' ', b' ']);
        (0..bytes.len()).filter(is_new).map(|end| bytes[..end].to_vec()).collect()
    });
}

#[test]
fn every_missing_byte() {
    torture(|fixture| {
        let bytes = &fixture.bytes;
        // Without either of two equal neighbours it is the same text.
        let is_new = |at: &usize| *at == 0 || bytes[*at] != bytes[*at - 1];
        (0..bytes.len()).filter(is_new).map(|at| [&bytes[..at], &bytes[at + 1..]].concat()).collect()
    });
}

#[test]
fn every_bracket_swapped() {
    torture(|fixture| {
        let mut found = Vec::new();
        for (at, byte) in fixture.bytes.iter().enumerate() {
            for other in b"{}[]".iter().filter(|other| b"{}[]".contains(byte) && *other != byte) {
                let mut bytes = fixture.bytes.clone();
                bytes[at] = *other;
                found.push(bytes);
            }
        }
        found
    });
}

/// Judge a text that is too large to be told, and how long that took.
fn timed(text: String) -> (Judged, Duration) {
    let facts = Facts { kind: Some(grantlint::finding::PolicyKind::Session), ..Facts::default() };
    let source = Source::new("large.json", text).unwrap();
    let start = Instant::now();
    let judged = Judged::new(source, &facts, Profile::Audit);
    (judged, start.elapsed())
}

const DEPTH: usize = 100_000;

#[test]
fn any_depth_is_read_without_a_stack() {
    let (open, close) = ("[".repeat(DEPTH), "]".repeat(DEPTH));
    let (opens, closes) = ("{\"policy\":".repeat(DEPTH), "}".repeat(DEPTH));
    let policy = |resource: &str| {
        format!(
            "{{\"version\":\"2.0\",\"statement\":[{{\"effect\":\"allow\",\"action\":\"*\",\"resource\":{resource}}}]}}"
        )
    };
    let condition = format!("\"*\",\"condition\":{}1{}", "{\"a\":".repeat(DEPTH), closes);
    for (what, text) in [
        ("lists", format!("{open}{close}")),
        ("lists that are not closed", open.clone()),
        ("lists that are never opened", close.clone()),
        ("objects", format!("{opens}1{closes}")),
        ("a policy deep inside", format!("{opens}{}{closes}", policy("\"*\""))),
        ("a deep resource", policy(&format!("{open}\"*\"{close}"))),
        ("a deep condition", policy(&condition)),
        ("a deep statement", format!("{{\"version\":\"2.0\",\"statement\":{open}{close}}}")),
        ("comments", "/*".repeat(DEPTH)),
    ] {
        let (judged, took) = timed(text);
        assert!(took < Duration::from_secs(20), "{what}: {took:?}");
        let analysed = &judged.analysed;
        assert!(analysed.no_policy || !analysed.findings.is_empty() || !analysed.unjudged.is_empty(), "{what}");
    }
}

#[test]
fn a_very_long_line_is_read() {
    let key = "a/".repeat(2_500_000);
    let (judged, took) = timed(format!(
        "{{\"version\":\"2.0\",\"statement\":[{{\"effect\":\"allow\",\"action\":\"name/cos:PutObject\",\
         \"resource\":\"qcs::cos::uid/1250000000:examplebucket-1250000000/{key}*\"}}]}}"
    ));
    assert_eq!(judged.of("shared-prefix").len(), 1);
    assert!(took < Duration::from_secs(20), "{took:?}");

    let mut resources = String::new();
    for number in 0..2_000 {
        write!(resources, "\"qcs::cos::uid/1250000000:examplebucket-1250000000/app/x{number}/*\",").unwrap();
    }
    let (judged, took) = timed(format!(
        "{{\"version\":\"2.0\",\"statement\":[{{\"effect\":\"allow\",\"action\":\"name/cos:PutObject\",\
         \"resource\":[{}]}}]}}",
        resources.trim_end_matches(',')
    ));
    assert_eq!(judged.of("shared-prefix").len(), 2_000);
    assert!(took < Duration::from_secs(20), "{took:?}");
}

/// A policy of so many statements: some deny, some repeat an earlier one, some have a wildcard in the action. `odd` is the
/// key of the denies that no prefix tells apart.
fn many(count: usize, odd: &str) -> String {
    let mut text = String::from("{\"version\":\"2.0\",\"statement\":[");
    for number in 0..count {
        let (effect, action, key) = match number % 6 {
            0 => ("allow", "name/cos:PutObject", format!("app/user{number}/*")),
            1 => ("allow", "name/cos:GetObject", format!("app/{}/x.jpg", number / 2)),
            2 => ("deny", "name/cos:DeleteObject", format!("app/{number}/*")),
            3 => ("allow", "name/cos:DeleteObject", format!("app/{}/*", number - 1)),
            4 => ("allow", "name/cos:Get*", format!("photos/{number}*")),
            _ => ("deny", "name/cos:Get*", odd.replace('N', &number.to_string())),
        };
        write!(
            text,
            "{}{{\"effect\":\"{effect}\",\"action\":[\"{action}\",\"name/cos:HeadObject\"],\
             \"resource\":[\"qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/{key}\"]}}",
            if number == 0 { "" } else { "," }
        )
        .unwrap();
    }
    text.push_str("]}");
    text
}

/// How many times longer eight times as many statements take; the square would be 64.
fn growth(odd: &str, count: usize) -> f64 {
    let best = |count: usize| (0..3).map(|_| timed(many(count, odd)).1).min().unwrap();
    best(count).as_secs_f64() / best(count / 8).as_secs_f64().max(1e-6)
}

#[test]
fn the_time_grows_with_the_statements_and_not_with_their_square() {
    let growth = growth("photos/N*", 3_000);
    assert!(growth < 24.0, "{growth:.1} times");
}

#[test]
fn the_time_grows_so_where_wildcards_stand_early_too() {
    let growth = growth("app/*/N", 3_000);
    assert!(growth < 24.0, "{growth:.1} times");
}

#[test]
fn the_time_grows_with_the_keys_that_stand_again_and_not_with_their_square() {
    let policy = r#""statement":[{"actions":["s3:*"],"resources":["*"]}],"#;
    for again in [policy, r#""policy":null,"#] {
        let text = |count: usize| format!("{{{}{}}}", again.repeat(count), r#""RoleArn":"r","RoleSessionName":"y""#);
        let best = |count: usize| (0..3).map(|_| timed(text(count)).1).min().unwrap();
        let growth = best(16_000).as_secs_f64() / best(2_000).as_secs_f64().max(1e-6);
        assert!(growth < 24.0, "{again} {growth:.1} times");
    }
}

#[test]
fn a_matrix_that_is_too_large_says_so() {
    let source = Source::new("large.json", many(13_000, "photos/N").replace("name/cos:Get*", "name/cos:*")).unwrap();
    let start = Instant::now();
    let found = matrices(&source, &Facts::default(), false);
    let error = found.policies[0].matrix.as_ref().map(|matrix| matrix.scenarios).unwrap_err();
    assert!(error.cells > 1_000_000, "{error}");
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn odd_texts_are_never_silently_clean() {
    let long = "x".repeat(100_000);
    let policy = |effect: &str| {
        format!(
            "{{\"version\":\"2.0\",\"statement\":[{{\"effect\":{effect},\"action\":\"name/cos:PutObject\",\"resource\":\"*\"}}]}}"
        )
    };
    let texts = [
        String::new(),
        "\u{feff}".to_owned(),
        "\0".repeat(50),
        "{".to_owned(),
        "\"".to_owned(),
        "\"\\u".to_owned(),
        policy("\"al\\u006cow\""),
        policy("\"allow\"").replace("PutObject", "Put\\u004fbject"),
        policy("\"allow\"").replace("\"*\"", "\"\\u002a\""),
        policy(&format!("\"{long}\"")),
        policy("\"allow\"").replace("effect", "\\u0065ffect"),
        policy("1e999999"),
        policy("[]").replace("\"*\"", &format!("\"{long}\"")),
        policy("\"allow\"").repeat(50),
    ];
    for text in texts {
        let judged = Judged::session(&text, Profile::Default);
        let analysed = &judged.analysed;
        let is_silent = analysed.findings.is_empty() && analysed.unjudged.is_empty() && !analysed.no_policy;
        assert!(!is_silent, "{}", clip(&text, 200));
    }
}

#[test]
fn a_thousand_statements_are_judged() {
    let (judged, took) = timed(many(1_000, "app/*/N"));
    assert!(judged.findings().len() > 500);
    assert!(took < Duration::from_secs(60), "{took:?}");
}
