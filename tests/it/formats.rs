//! Every report format on one fixed outcome that holds what usually breaks reports: Chinese text, emoji, tabs, CRLF,
//! a byte-order mark, control and bidirectional characters, escapes of the formats themselves, and forged lines.

#![expect(clippy::unwrap_used, reason = "the helpers of a test may panic as the test itself may")]

use grantlint::engine::{
    Analysed, FileOutcome, Filtered, KindSource, Outcome, PolicySummary, Skipped, Trouble, Unjudged,
};
use grantlint::finding::{
    Confidence, Finding, Fingerprint, FixLevel, Grade, Grades, Label, PolicyKind, Profile, RuleMeta, Severity, Status,
    Witness,
};
use grantlint::report::{self, Format, Options};
use grantlint::text::{Source, Span, is_invisible};

static WIDE: RuleMeta = RuleMeta {
    name: "wildcard-resource",
    summary: "a statement reaches resources that nobody named",
    grades: Grades::all(Grade::default(Severity::High)),
    confidence: Confidence::High,
    status: Status::Stable { since: "0.1.0" },
    fix: FixLevel::None,
    page: "# wildcard-resource\n\n## What it does\n\nReports an allow on every bucket, as in `*`.\n\n## Why it matters\n\nOne \
           key opens all of them.\n",
};

static BROKEN: RuleMeta = RuleMeta {
    name: "invalid-json",
    summary: "the text is not JSON",
    grades: Grades::all(Grade::default(Severity::High)),
    confidence: Confidence::High,
    status: Status::Stable { since: "0.1.0" },
    fix: FixLevel::None,
    page: "# invalid-json\n",
};

static SHARED: RuleMeta = RuleMeta {
    name: "shared-prefix",
    summary: "a path that several users share",
    grades: Grades {
        session: Grade::default(Severity::Medium),
        undetermined: Grade::default(Severity::Medium),
        identity: Grade::audit(Severity::Low),
        bucket: Grade::audit(Severity::Low),
    },
    confidence: Confidence::Medium,
    status: Status::Preview { since: "0.1.0" },
    fix: FixLevel::Unsafe,
    page: "# shared-prefix\n",
};

/// A policy with a byte-order mark, CRLF, a tab, Chinese text, an emoji, an escape character and a right-to-left
/// override.
const ODD: &str = "\u{FEFF}{\r\n\t\"statement\": [{\r\n    \"sid\": \"用户😀\u{1b}[31m\u{202E}\", \"resource\": [\"*\", \"甲乙/*\"],\r\n    \
                   \"effect\": \"allow\" // ##vso[task.complete]\r\n  }]\r\n}\r\n";

fn source(name: &str, text: &str) -> Source {
    Source::new(name, text).unwrap()
}

fn span(text: &str, part: &str) -> Span {
    let start = text.find(part).unwrap();
    Span::new(start as u32, (start + part.len()) as u32)
}

fn finding(rule: &'static RuleMeta, severity: Severity, primary: Span, message: &str) -> Finding {
    Finding {
        rule,
        severity,
        confidence: Confidence::High,
        profile: Profile::Default,
        message: message.to_owned(),
        caption: "here".to_owned(),
        help: None,
        primary,
        labels: Vec::new(),
        pointer: "/statement/0".to_owned(),
        witness: None,
        fingerprint: Fingerprint(0x0123_4567_89ab_cdef),
    }
}

fn policy(pointer: &str, line: Option<u32>, kind: PolicyKind, kind_source: KindSource) -> PolicySummary {
    PolicySummary {
        pointer: pointer.to_owned(),
        line,
        dialect: "cos",
        kind,
        kind_source,
        is_trust: false,
        is_post: false,
        is_of_other_services: false,
        statements: 2,
        scenarios: 21,
    }
}

fn odd_file() -> FileOutcome {
    let wide = Finding {
        caption: "every bucket\u{7}".to_owned(),
        help: Some(
            "name the resources, 100% of them:\n  {\n    \"resource\": \"qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/app/avatar/<Username>/*\"\n  }\n::error::forged"
                .to_owned(),
        ),
        labels: vec![
            Label { span: span(ODD, "[\"*\", \"甲乙/*\"]"), text: "the whole list".to_owned() },
            Label { span: span(ODD, "\"甲乙/*\""), text: "this one has a path".to_owned() },
            Label { span: span(ODD, "\"effect\": \"allow\""), text: "allows: a, b".to_owned() },
        ],
        witness: Some(Witness {
            action: "name/cos:DeleteObject".to_owned(),
            resource: "qcs::cos::uid/1250000000:other-1250000000/用户\u{202E}".to_owned(),
        }),
        pointer: "/statement/0/resource/0".to_owned(),
        ..finding(
            &WIDE,
            Severity::High,
            span(ODD, "\"*\""),
            "statement 1 (`用户😀\u{1b}[31m\u{202E}`) allows every bucket\n::error::forged %0A ##vso[x]",
        )
    };
    let shared = Finding {
        confidence: Confidence::Low,
        help: Some("write the path of one user".to_owned()),
        ..finding(&SHARED, Severity::Medium, span(ODD, "甲乙/"), "statement 1 allows a shared path")
    };
    let mark = finding(&BROKEN, Severity::Low, Span::new(0, 3), "the file begins with a byte-order mark");
    let whole = Span::new(3, span(ODD, "\r\n}\r\n").end - 2);
    let tall = finding(&SHARED, Severity::Info, whole, "the whole policy is underlined");
    FileOutcome {
        source: source("keys/::用 户,100%\u{1b}.json", ODD),
        analysed: Analysed {
            policies: vec![policy("", None, PolicyKind::Undetermined, KindSource::Unknown)],
            findings: vec![mark, tall, wide, shared],
            unjudged: vec![Unjudged {
                span: Some(span(ODD, "\"用户😀")),
                message: "`sid` holds\u{9b} what cannot be read".to_owned(),
            }],
            filtered: Filtered { by_filter: 2, ignored: 1, baseline: 1 },
            ..Analysed::default()
        },
    }
}

/// One line of 40,000 characters.
fn long_file() -> FileOutcome {
    let text =
        format!("{{\"a\": \"{}\", \"resource\": \"*\", \"b\": \"{}\"}}", "用".repeat(20_000), "x".repeat(20_000));
    let wide = Finding {
        labels: vec![
            Label { span: span(&text, "\"resource\""), text: "close".to_owned() },
            Label { span: span(&text, "\"xxx"), text: "also close".to_owned() },
            Label { span: span(&text, "{\"a\""), text: "far away".to_owned() },
        ],
        ..finding(&WIDE, Severity::High, span(&text, "\"*\""), "every bucket")
    };
    let all = Span::new(0, text.len() as u32);
    let long = finding(&SHARED, Severity::Medium, all, "the whole line is underlined");
    FileOutcome {
        source: source("long.json", &text),
        analysed: Analysed { findings: vec![long, wide], ..Analysed::default() },
    }
}

fn outcome() -> Outcome {
    let empty = FileOutcome {
        source: source("empty.json", ""),
        analysed: Analysed {
            findings: vec![finding(&BROKEN, Severity::High, Span::new(0, 0), "the file is empty")],
            ..Analysed::default()
        },
    };
    let lines = FileOutcome {
        source: source("all.ndjson.json", "{}\n{}\n"),
        analysed: Analysed {
            policies: vec![
                policy("", Some(1), PolicyKind::Session, KindSource::Flag),
                policy("/policy", Some(2), PolicyKind::Bucket, KindSource::Document),
            ],
            ..Analysed::default()
        },
    };
    Outcome {
        files: vec![lines, empty, odd_file(), long_file()],
        troubles: vec![Trouble {
            file: "::gone.json".to_owned(),
            message: "there is no such file".to_owned(),
            help: Some("check the path".to_owned()),
        }],
        skipped: vec![Skipped { file: "package.json".to_owned(), reason: "no policy" }],
        other_names: Vec::new(),
        notes: vec!["the ignore of `x\u{200B}` matched nothing".to_owned()],
        rules: vec![&BROKEN, &SHARED, &WIDE],
    }
}

fn rendered(outcome: &Outcome, format: Format, options: Options) -> String {
    let mut out = Vec::new();
    report::render(outcome, format, &options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn plain(format: Format) -> String {
    rendered(&outcome(), format, Options::default())
}

#[test]
fn human() {
    insta::assert_snapshot!(plain(Format::Human));
}

#[test]
fn human_verbose_and_quiet() {
    let clean = Outcome { files: outcome().files.drain(..1).collect(), ..Outcome::default() };
    let verbose = Options { verbose: true, ..Options::default() };
    insta::assert_snapshot!(rendered(&clean, Format::Human, verbose), @r"
    read: all.ndjson.json:1: cos, session (by flag), 2 statements, 21 scenarios
    read: all.ndjson.json:2: cos, bucket (by document), 2 statements, 21 scenarios
    checked 1 file: 2 policies, 4 statements, 42 scenarios; no findings
    ");
    let quiet = rendered(&outcome(), Format::Human, Options { quiet: true, ..Options::default() });
    assert!(!quiet.contains("note:") && !quiet.contains("explain") && quiet.contains("error:"), "{quiet}");
}

#[test]
fn concise() {
    insta::assert_snapshot!(plain(Format::Concise));
}

#[test]
fn json() {
    insta::assert_snapshot!(plain(Format::Json));
}

#[test]
fn sarif() {
    let version = format!("\"{}\"", env!("CARGO_PKG_VERSION"));
    insta::assert_snapshot!(plain(Format::Sarif).replace(&version, "\"[version]\""));
}

#[test]
fn github() {
    insta::assert_snapshot!(plain(Format::Github));
}

#[test]
fn gitlab() {
    insta::assert_snapshot!(plain(Format::Gitlab));
}

#[test]
fn nothing_that_acts_is_written() {
    for format in Format::ALL {
        for verbose in [false, true] {
            let text = rendered(&outcome(), *format, Options { verbose, ..Options::default() });
            let acts = text.chars().find(|c| *c != '\n' && is_invisible(*c));
            assert_eq!(acts, None, "{format}");
            assert!(!text.contains("##vso["), "{format}");
            let forged = text.lines().find(|line| line.trim_start().starts_with("::"));
            assert!(*format == Format::Github || forged.is_none(), "{format}: {forged:?}");
            assert!(*format != Format::Github || text.lines().all(|line| line.starts_with("::")), "{text}");
            let longest = text.lines().map(str::len).max();
            assert!(longest < Some(2000), "{format}: {longest:?}");
        }
    }
}

#[test]
fn colour_adds_escapes_of_its_own_and_nothing_else() {
    let color = rendered(&outcome(), Format::Human, Options { color: true, ..Options::default() });
    let mut bare = String::new();
    let mut rest = color.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        bare.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    bare.push_str(rest);
    assert_ne!(color, bare);
    assert_eq!(bare, plain(Format::Human));
}

fn assert_valid(schema: &str, report: &str) {
    let schema = serde_json::from_str(schema).unwrap();
    let report = serde_json::from_str(report).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let errors: Vec<_> =
        validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn sarif_is_valid() {
    let schema = include_str!("data/sarif-2.1.0.schema.json");
    assert_valid(schema, &plain(Format::Sarif));
    assert_valid(schema, &rendered(&Outcome::default(), Format::Sarif, Options::default()));
}

#[test]
fn json_is_valid() {
    assert_valid(&report::schema(), &plain(Format::Json));
    assert_valid(&report::schema(), &rendered(&Outcome::default(), Format::Json, Options::default()));
}

#[test]
fn the_json_schema_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/report-v1.schema.json");
    let schema = report::schema();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &schema).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert!(kept == schema, "schema/report-v1.schema.json is out of date: run the tests with UPDATE=1");
}

#[test]
fn no_span_breaks_a_report() {
    let long = format!("{}\u{1F600}*{}", "a".repeat(170), "甲".repeat(170));
    let texts =
        ["", "a", "\n", "a\n", "\r\n\r\n", "甲\u{1F600}\nb\t\r\nc", "\u{FEFF}", "a\r", "\u{301}e\u{301}", &long];
    for text in texts {
        let offsets: Vec<u32> = if text.len() < 40 {
            (0..text.len() as u32 + 3).collect()
        } else {
            (0..text.len() as u32).step_by(61).chain([171, 172, 174, 175, u32::MAX]).collect()
        };
        for start in &offsets {
            for end in offsets.iter().filter(|end| *end >= start) {
                let primary = Span::new(*start, *end);
                let mut found = finding(&WIDE, Severity::High, primary, "m");
                found.labels = [Span::new(0, 1), Span::new(*end, *end), Span::new(0, u32::MAX), primary]
                    .map(|span| Label { span, text: "l".to_owned() })
                    .to_vec();
                let source = source("f", text);
                let place = source.position(*start);
                let place = format!("f:{}:{}", place.line, place.column);
                let file = FileOutcome { source, analysed: Analysed { findings: vec![found], ..Analysed::default() } };
                let outcome = Outcome { files: vec![file], ..Outcome::default() };
                for format in Format::ALL {
                    let report = rendered(&outcome, *format, Options::default());
                    if matches!(format, Format::Human | Format::Concise) {
                        assert!(report.contains(&place), "{text:?} {primary:?} {place}\n{report}");
                    }
                }
            }
        }
    }
}
