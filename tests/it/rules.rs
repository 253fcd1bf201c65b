//! Every fixture of every rule against all rules.
//!
//! `bad*` is reported by the rule whose folder it is in; `good*` is silent for that rule in every profile, and for all
//! rules in the default one, so that the fixtures of one rule guard against the false alarms of the others. What is
//! said, and where, stands in one snapshot for each rule; it is read in review, not accepted unseen.

use std::fmt::Write as _;

use grantlint::finding::{Finding, Profile};
use grantlint::rules;

use super::support::{Fixture, Judged, clip, fixtures, nothing_wrong};

#[test]
fn every_bad_fixture_is_reported_by_its_rule() {
    let mut wrong = Vec::new();
    for fixture in rules::all().iter().flat_map(|rule| fixtures(rule.name)).filter(Fixture::is_bad) {
        let judged = fixture.analyse(Profile::Audit);
        if judged.of(&fixture.folder).is_empty() {
            wrong.push(format!("{} says: {}", fixture.id, judged.shown().join("; ")));
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn every_good_fixture_is_silent_for_its_rule() {
    let mut wrong = Vec::new();
    for fixture in rules::all().iter().flat_map(|rule| fixtures(rule.name)).filter(Fixture::is_good) {
        let judged = fixture.analyse(Profile::Audit);
        for finding in judged.of(&fixture.folder) {
            wrong.push(format!("{}: {}", fixture.id, finding.message));
        }
        if judged.analysed.no_policy {
            wrong.push(format!("{} holds no policy", fixture.id));
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn every_good_fixture_is_clean_in_the_default_profile() {
    let mut wrong = Vec::new();
    for fixture in rules::all().iter().flat_map(|rule| fixtures(rule.name)).filter(Fixture::is_good) {
        let judged = fixture.analyse(Profile::Default);
        for finding in judged.shown() {
            wrong.push(format!("{}: {finding}", fixture.id));
        }
        for unjudged in &judged.analysed.unjudged {
            wrong.push(format!("{}: not judged: {}", fixture.id, unjudged.message));
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn what_the_vendor_documents_as_right_is_clean() {
    let all = fixtures("vendor-correct");
    assert!(all.len() >= 60, "only {} policies", all.len());
    let mut wrong = Vec::new();
    for fixture in all {
        let judged = fixture.analyse(Profile::Default);
        for finding in judged.shown() {
            wrong.push(format!("{}: {finding}", fixture.id));
        }
        if judged.analysed.no_policy || !judged.analysed.unjudged.is_empty() {
            wrong.push(format!("{} was not judged", fixture.id));
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn a_broken_file_is_never_silently_clean() {
    let mut wrong = Vec::new();
    for fixture in fixtures("broken") {
        let judged = fixture.analyse(Profile::Default);
        let analysed = &judged.analysed;
        if analysed.findings.is_empty() && analysed.unjudged.is_empty() && !analysed.no_policy {
            wrong.push(fixture.id);
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn messages_are_as_the_house_writes_them() {
    let mut wrong = Vec::new();
    for fixture in super::support::all_fixtures() {
        let judged = fixture.analyse(Profile::Audit);
        let declared = judged.declared.iter().flat_map(|judged| judged.findings());
        for finding in judged.findings().iter().chain(declared) {
            for complaint in complaints(finding) {
                wrong.push(format!("{}: {} {complaint}", fixture.id, finding.rule.name));
            }
        }
    }
    wrong.sort();
    nothing_wrong(&wrong);
}

/// Names keep their capitals at the beginning of a sentence too.
const NAMES: [&str; 7] = ["AWS", "Alibaba Cloud", "AssumeRole", "GetFederationToken", "JSON", "Tencent Cloud", "U+"];

/// A message is lower case without full stop and exclamation, the help starts with a verb, backticks are closed.
fn complaints(finding: &Finding) -> Vec<String> {
    let mut wrong = Vec::new();
    let starts_well = |text: &str| {
        text.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit() || c == '`')
            || NAMES.iter().any(|name| text.starts_with(name))
    };
    for text in [&finding.message, &finding.caption].into_iter().chain(finding.labels.iter().map(|label| &label.text)) {
        let is_caption = text == &finding.caption;
        if text.is_empty() && is_caption {
            continue;
        }
        if text.is_empty() || text.ends_with(['.', '!']) || text.matches('`').count() % 2 != 0 || text.contains("  ") {
            wrong.push(format!("says `{text}`"));
        }
        if !starts_well(text) {
            wrong.push(format!("begins with a capital: `{text}`"));
        }
        if text.contains(" ,") || text.contains("`` ") || text.contains("()") {
            wrong.push(format!("has a gap: `{text}`"));
        }
    }
    let Some(help) = &finding.help else { return vec![format!("has no help: {}", finding.message)] };
    if !help.starts_with(|c: char| c.is_ascii_lowercase()) || help.ends_with('.') || help.contains('!') {
        wrong.push(format!("has the help `{help}`"));
    }
    wrong
}

#[test]
fn one_mistake_gives_one_finding() {
    let mut wrong = Vec::new();
    for fixture in super::support::all_fixtures() {
        let judged = fixture.analyse(Profile::Audit);
        let findings = judged.findings();
        for (at, one) in findings.iter().enumerate() {
            for other in &findings[at + 1..] {
                if one.rule.name == other.rule.name && one.primary == other.primary && one.message == other.message {
                    wrong.push(format!("{}: twice {} ⟦{}⟧", fixture.id, one.rule.name, judged.text(one.primary)));
                }
                if one.fingerprint == other.fingerprint {
                    wrong.push(format!("{}: two findings have one fingerprint", fixture.id));
                }
            }
        }
    }
    nothing_wrong(&wrong);
}

/// What is said of a fixture, for a person to read.
fn told(fixture: &Fixture, judged: &Judged) -> String {
    let mut text = format!("== {}\n", fixture.name);
    tell(&mut text, judged);
    if let Some(declared) = &judged.declared {
        writeln!(text, "-- its configuration").unwrap();
        tell(&mut text, declared);
    }
    for unjudged in &judged.analysed.unjudged {
        writeln!(text, "not judged: {}", clip(&unjudged.message, 200)).unwrap();
    }
    if judged.analysed.no_policy {
        let looks = if judged.analysed.looks_like_policy { ", and looks as if it should hold one" } else { "" };
        writeln!(text, "holds no policy{looks}").unwrap();
    }
    text
}

/// Findings, with the text that they underline.
fn tell(text: &mut String, judged: &Judged) {
    for finding in judged.findings() {
        let place = |offset| {
            let at = judged.source.position(offset);
            format!("{}:{}", at.line, at.column)
        };
        writeln!(
            text,
            "{} {} {} {} {} ⟦{}⟧ {}",
            place(finding.primary.start),
            finding.rule.name,
            finding.severity,
            finding.confidence,
            finding.profile,
            clip(judged.text(finding.primary), 70),
            clip(&finding.message, 400),
        )
        .unwrap();
        if !finding.caption.is_empty() {
            writeln!(text, "    caption: {}", clip(&finding.caption, 200)).unwrap();
        }
        for label in &finding.labels {
            let under = clip(judged.text(label.span), 40);
            writeln!(text, "    label: {} ⟦{under}⟧ {}", place(label.span.start), clip(&label.text, 200)).unwrap();
        }
        if let Some(witness) = &finding.witness {
            writeln!(text, "    witness: {} {}", witness.action, clip(&witness.resource, 200)).unwrap();
        }
        for (number, line) in finding.help.as_deref().unwrap_or("none").lines().enumerate() {
            writeln!(text, "    {} {}", if number == 0 { "help:" } else { "     " }, clip(line, 300)).unwrap();
        }
    }
}

fn snapshot(folder: &str) -> String {
    let all = fixtures(folder);
    let told: Vec<String> = all.iter().map(|fixture| told(fixture, &fixture.analyse(Profile::Audit))).collect();
    told.join("\n")
}

#[test]
fn what_each_rule_says() {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings.set_prepend_module_to_snapshot(true);
    settings.bind(|| {
        for rule in rules::all() {
            insta::assert_snapshot!(rule.name, snapshot(rule.name));
        }
    });
}

#[test]
fn what_is_said_of_broken_files() {
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("broken-files", snapshot("broken"));
    });
}

#[test]
fn what_is_said_of_vendor_correct_files_beyond_the_default_profile() {
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("vendor-correct-files", snapshot("vendor-correct"));
    });
}
