//! The registry, the pages and the fixtures belong together.
//!
//! Every rule has a page with the same headings, examples that are run, and fixtures; every page and every folder of
//! fixtures belongs to a rule. The line below a page's title and the table in `rules/README.md` are made from the
//! registry: `UPDATE=1 cargo test rulebook` rewrites them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use grantlint::config::Config;
use grantlint::finding::{FixLevel, Grade, PolicyKind, Profile, RuleMeta, Severity, Status};
use grantlint::rules::{self, Facts};
use grantlint::text::Source;

use super::support::{Judged, OTHER_FOLDERS, all_fixtures, fixtures, is_update, names, nothing_wrong, read, root};

const HEADINGS: [&str; 8] = [
    "What it does",
    "Why it matters",
    "Bad",
    "Good",
    "How to fix",
    "When to ignore it",
    "What it cannot see",
    "References",
];

/// A page as it stands in the repository.
fn page(rule: &RuleMeta) -> String {
    read(root("rules").join(format!("{}.md", rule.name)))
}

/// The kinds of policy, the one that matters most first.
const KINDS: [PolicyKind; 4] =
    [PolicyKind::Session, PolicyKind::Undetermined, PolicyKind::Identity, PolicyKind::Bucket];

/// `high in session policies, low in identity and bucket policies`: one part for each value, in the given order.
fn by_kind<T: PartialEq + Copy>(order: &[T], word: impl Fn(T) -> &'static str, of: impl Fn(PolicyKind) -> T) -> String {
    let first = of(PolicyKind::Session);
    if KINDS.iter().all(|kind| of(*kind) == first) {
        return word(first).to_owned();
    }
    let mut parts = Vec::new();
    for value in order {
        let kinds: Vec<PolicyKind> = KINDS.iter().copied().filter(|kind| of(*kind) == *value).collect();
        let named: Vec<&str> =
            kinds.iter().filter(|kind| **kind != PolicyKind::Undetermined).map(|kind| kind.word()).collect();
        let mut places = Vec::new();
        if kinds.len() == 3 {
            places.push("in all others".to_owned());
        } else {
            if !named.is_empty() {
                places.push(format!("in {} policies", named.join(" and ")));
            }
            if kinds.contains(&PolicyKind::Undetermined) {
                places.push("where the kind is undetermined".to_owned());
            }
        }
        if !places.is_empty() {
            parts.push((kinds.len() == 3, format!("{} {}", word(*value), places.join(" and "))));
        }
    }
    // "In all others" says something only behind the one it excepts.
    parts.sort_by_key(|(is_rest, _)| *is_rest);
    parts.into_iter().map(|(_, part)| part).collect::<Vec<_>>().join(", ")
}

fn fix_word(fix: FixLevel) -> &'static str {
    match fix {
        FixLevel::Safe => "safe",
        FixLevel::Unsafe => "unsafe",
        FixLevel::None => "none",
    }
}

/// The line below a page's title.
fn standing(rule: &RuleMeta) -> String {
    let severities: Vec<Severity> = Severity::ALL.iter().rev().copied().collect();
    let severity = by_kind(&severities, Severity::word, |kind| rule.grades.of(kind).severity);
    let profile = by_kind(Profile::ALL, Profile::word, |kind| rule.grades.of(kind).profile);
    let since = match rule.status {
        Status::Stable { since } => format!("Since {since}"),
        Status::Preview { since } => format!("Preview since {since}"),
    };
    format!(
        "Severity: {severity} · Profile: {profile} · Confidence: {} · {since} · Fix: {}",
        rule.confidence,
        fix_word(rule.fix)
    )
}

/// `rules/README.md`.
fn index() -> String {
    let mut text = String::from(
        "# Rules\n\n<!-- Generated from the registry; `UPDATE=1 cargo test rulebook` rewrites it. -->\n\n\
         Severity in session, undetermined, identity and bucket policies; *strict* and *audit* name the profile\n\
         that shows it there, where it is not the default one. A page says what exactly is reported, and what is one\n\
         step lower.\n\n\
         | rule | session | undetermined | identity | bucket | what it reports |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    let cell = |grade: Grade| match grade.profile {
        Profile::Default => grade.severity.to_string(),
        profile => format!("*{profile}*, {}", grade.severity),
    };
    for rule in rules::all() {
        let grades = KINDS.map(|kind| cell(rule.grades.of(kind))).join(" | ");
        writeln!(text, "| [`{0}`]({0}.md) | {grades} | {1} |", rule.name, rule.summary).unwrap();
    }
    text
}

#[test]
fn names_are_sorted_unique_and_kebab_case() {
    let names: Vec<&str> = rules::all().iter().map(|rule| rule.name).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(names, sorted);
    for name in &names {
        let is_kebab = name.split('-').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase()));
        assert!(is_kebab, "{name}");
        assert_eq!(rules::find(name).map(|rule| rule.name), Some(*name));
    }
    // A name is never reused, and a renamed one needs a redirect: think before accepting a change here.
    insta::assert_snapshot!(names.join("\n"));
}

#[test]
fn every_page_is_a_rules_and_every_rule_has_one() {
    let pages: Vec<String> = names(root("rules"))
        .into_iter()
        .filter_map(|name| name.strip_suffix(".md").map(str::to_owned))
        .filter(|name| name != "README")
        .collect();
    let rules: Vec<&str> = rules::all().iter().map(|rule| rule.name).collect();
    assert_eq!(pages, rules);
    for rule in rules::all() {
        assert!(!rule.page.is_empty());
        assert!(is_update() || rule.page.replace("\r\n", "\n") == page(rule), "{} embeds another page", rule.name);
    }
}

#[test]
fn every_page_has_its_headings_in_order_and_something_under_each() {
    let mut wrong = Vec::new();
    for rule in rules::all() {
        let page = page(rule);
        let lines: Vec<&str> = page.lines().collect();
        if lines.first() != Some(&format!("# {}", rule.name).as_str()) {
            wrong.push(format!("{}: the title is not the name", rule.name));
        }
        let found: Vec<&str> = sections(&page).iter().map(|(title, _)| *title).collect();
        if found != HEADINGS {
            wrong.push(format!("{}: headings are {found:?}", rule.name));
        }
        for (title, body) in sections(&page) {
            if body.trim().is_empty() {
                wrong.push(format!("{}: nothing under {title}", rule.name));
            }
        }
        if !page.ends_with('\n') || page.ends_with("\n\n") || page.lines().any(|line| line.ends_with(' ')) {
            wrong.push(format!("{}: blanks at the end of a line or of the page", rule.name));
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn the_line_below_each_title_comes_from_the_registry() {
    let mut wrong = Vec::new();
    for rule in rules::all() {
        let page = page(rule);
        let mut lines: Vec<&str> = page.split('\n').collect();
        let line = standing(rule);
        if lines.get(2) == Some(&line.as_str()) && lines.get(1) == Some(&"") && lines.get(3) == Some(&"") {
            continue;
        }
        if is_update() && lines.get(1) == Some(&"") && lines.get(3) == Some(&"") {
            lines[2] = &line;
            fs::write(root("rules").join(format!("{}.md", rule.name)), lines.join("\n")).unwrap();
            continue;
        }
        wrong.push(format!("{}: expected `{line}`; UPDATE=1 rewrites it", rule.name));
    }
    nothing_wrong(&wrong);
}

#[test]
fn the_index_comes_from_the_registry() {
    let path = root("rules/README.md");
    if is_update() {
        fs::write(&path, index()).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(written == index(), "rules/README.md is out of date; run the tests with UPDATE=1");
}

#[test]
fn a_summary_is_one_lower_case_sentence_without_full_stop() {
    for rule in rules::all() {
        let summary = rule.summary;
        assert!(summary.starts_with(|c: char| c.is_lowercase()), "{}: {summary}", rule.name);
        assert!(!summary.ends_with('.') && !summary.contains('!') && !summary.contains('|'), "{}", rule.name);
    }
}

#[test]
fn every_folder_of_fixtures_is_a_rules_and_every_rule_has_two_of_each_sort() {
    let mut wrong = Vec::new();
    for folder in names(root("fixtures")) {
        if rules::find(&folder).is_none() && !OTHER_FOLDERS.contains(&folder.as_str()) {
            wrong.push(format!("fixtures/{folder} belongs to no rule"));
        }
    }
    for rule in rules::all() {
        if !root("fixtures").join(rule.name).is_dir() {
            wrong.push(format!("{} has no fixtures", rule.name));
            continue;
        }
        let all = fixtures(rule.name);
        let bad = all.iter().filter(|fixture| fixture.is_bad()).count();
        let good = all.iter().filter(|fixture| fixture.is_good()).count();
        if bad < 2 || good < 2 {
            wrong.push(format!("{}: {bad} bad, {good} good", rule.name));
        }
        if bad + good != all.len() {
            wrong.push(format!("{}: a fixture is neither `bad*` nor `good*`", rule.name));
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn every_snapshot_is_a_rules() {
    for name in names(root("tests/it/snapshots")) {
        let Some(rule) = name.strip_prefix("it__rules__").and_then(|name| name.strip_suffix(".snap")) else { continue };
        let is_folders = rule.strip_suffix("-files").is_some_and(|folder| OTHER_FOLDERS.contains(&folder));
        assert!(rules::find(rule).is_some() || is_folders, "{name} belongs to no rule");
    }
}

/// Titles and texts of the second-level sections; a heading inside an example is none.
fn sections(page: &str) -> Vec<(&str, String)> {
    let mut found: Vec<(&str, String)> = Vec::new();
    let mut is_example = false;
    for line in page.lines() {
        is_example ^= line.starts_with("```");
        match line.strip_prefix("## ").filter(|_| !is_example) {
            Some(title) => found.push((title, String::new())),
            None => {
                if let Some((_, body)) = found.last_mut() {
                    body.push_str(line);
                    body.push('\n');
                }
            }
        }
    }
    found
}

/// The dialects in the order in which pages show them, with what a page calls each.
const DIALECTS: [(&str, &str); 3] = [("cos", "Tencent COS"), ("oss", "Alibaba OSS"), ("s3", "AWS S3")];

/// The dialect whose examples follow a line: `Alibaba OSS:`, or `Alibaba OSS, a partial wildcard:`.
fn dialect_of(line: &str) -> Option<&'static str> {
    let is_its = |words: &str| line.strip_prefix(words).is_some_and(|rest| rest == ":" || rest.starts_with(", "));
    DIALECTS.iter().find(|(_, words)| is_its(words)).map(|(name, _)| *name)
}

/// Why a page's rule does not speak in a dialect: what stands behind `Does not apply to AWS S3: `, to the end of the
/// paragraph.
fn excuse<'p>(page: &'p str, words: &str) -> Option<&'p str> {
    let start = format!("\nDoes not apply to {words}: ");
    let (_, rest) = page.split_once(start.as_str())?;
    rest.split("\n\n").next()
}

/// A fenced example.
#[derive(Debug)]
struct Example {
    /// The dialect that was named last before it.
    dialect: Option<&'static str>,
    /// What stands behind the fence: the language, and the kind of policy.
    info: String,
    /// The text.
    text: String,
    /// The configuration that stands before it, nearest.
    config: Option<String>,
}

/// The examples of a section, and the configurations among them; `config` is the one that the page showed last.
fn examples(section: &str, config: &mut Option<String>) -> Vec<Example> {
    let mut found = Vec::new();
    let mut open: Option<Example> = None;
    let mut dialect = None;
    for line in section.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(info), None) => {
                let (info, text) = (info.trim().to_owned(), String::new());
                open = Some(Example { dialect, info, text, config: config.clone() });
            }
            (Some(_), Some(_)) => {
                let example = open.take().unwrap();
                if example.info == "toml" {
                    *config = Some(example.text.clone());
                }
                found.push(example);
            }
            (None, Some(example)) => {
                example.text.push_str(line);
                example.text.push('\n');
            }
            (None, None) => dialect = dialect_of(line).or(dialect),
        }
    }
    assert!(open.is_none(), "an example is not closed");
    found
}

/// The examples of a page: under `Bad` or not, and the example.
fn shown(page: &str) -> Vec<(bool, Example)> {
    let mut config = None;
    let mut found = Vec::new();
    for (title, body) in sections(page).into_iter().filter(|(title, _)| matches!(*title, "Bad" | "Good")) {
        found.extend(examples(&body, &mut config).into_iter().map(|example| (title == "Bad", example)));
    }
    found
}

/// The policies among the examples of a page.
fn policies(page: &str) -> Vec<(bool, Example)> {
    shown(page).into_iter().filter(|(_, example)| example.info != "toml").collect()
}

impl Example {
    /// Judge it as its info string says: `json`, `json identity`, `jsonc bucket` ... With the configuration that stands before
    /// it, its file is `policy.json`, and the layouts of its buckets are judged too.
    fn judge(&self, profile: Profile) -> Judged {
        let (language, kind) = self.info.split_once(' ').unwrap_or((&self.info, "session"));
        assert!(matches!(language, "json" | "jsonc"), "an example has the info string `{}`", self.info);
        let kind: PolicyKind = kind.parse().unwrap();
        let config =
            self.config.as_deref().map(|text| Config::parse(text, Path::new("/project/grantlint.toml")).unwrap());
        let facts = config.map_or_else(Facts::default, |config| config.facts(Path::new("/project/policy.json")));
        let facts = Facts { kind: (kind != PolicyKind::Undetermined).then_some(kind), ..facts };
        let source = Source::new(format!("example.{language}"), self.text.as_str()).unwrap();
        let judged = Judged::new(source, &facts, profile);
        let Some(config) = &self.config else { return judged };
        let declared = Judged::layouts(config, judged.analysed.layouts.iter().copied(), profile);
        Judged { declared: Some(Box::new(declared)), ..judged }
    }

    /// The dialects that its policies are taken for.
    fn recognised(judged: &Judged) -> Vec<&'static str> {
        let mut found: Vec<&str> = judged.analysed.policies.iter().map(|policy| policy.dialect).collect();
        found.dedup();
        found
    }
}

#[test]
fn the_examples_of_every_page_are_run() {
    let mut wrong = Vec::new();
    for rule in rules::all() {
        for (number, (is_bad, example)) in shown(&page(rule)).iter().enumerate() {
            if example.info == "toml" {
                // An expectation alone says nothing; a layout does.
                let judged =
                    Judged::layouts(&example.text, 0..example.text.matches("[[layout]]").count(), Profile::Audit);
                if example.text.contains("[[layout]]") && judged.of(rule.name).is_empty() == *is_bad {
                    wrong.push(format!("{}: layout says: {}", rule.name, judged.shown().join("; ")));
                }
                continue;
            }
            let place = || {
                let first = example.text.lines().map(str::trim).find(|line| line.contains("esource")).unwrap_or("");
                let title = if *is_bad { "Bad" } else { "Good" };
                format!("{}: example {}, {title} (`{}`, {first})", rule.name, number + 1, example.info)
            };
            let judged = example.judge(Profile::Audit);
            if judged.of(rule.name).is_empty() == *is_bad {
                wrong.push(format!("{} says: {}", place(), judged.shown().join("; ")));
            }
            let recognised = Example::recognised(&judged);
            if recognised.is_empty() || recognised != Vec::from_iter(example.dialect) {
                wrong.push(format!("{} stands under {:?} and is read as {recognised:?}", place(), example.dialect));
            }
            let said = example.judge(Profile::Default).shown();
            if !is_bad && !said.is_empty() {
                wrong.push(format!("{} is not clean: {}", place(), said.join("; ")));
            }
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn every_page_shows_every_dialect_or_says_why_not() {
    assert_eq!(DIALECTS.map(|(name, _)| name), grantlint::dialect::NAMES);
    let mut wrong = Vec::new();
    for rule in rules::all() {
        let page = page(rule);
        let examples = policies(&page);
        for (dialect, words) in DIALECTS {
            let has = |bad: bool| examples.iter().any(|(is_bad, e)| *is_bad == bad && e.dialect == Some(dialect));
            match excuse(&page, words) {
                None if !has(true) => wrong.push(format!("{}: nothing bad in {words}", rule.name)),
                None if !has(false) => wrong.push(format!("{}: nothing good in {words}", rule.name)),
                Some(_) if has(true) => wrong.push(format!("{}: does apply to {words}", rule.name)),
                Some(reason) if !reason.trim_end().ends_with('.') || reason.len() < 20 => {
                    wrong.push(format!("{}: no reason for {words}: `{reason}`", rule.name));
                }
                None | Some(_) => {}
            }
        }
        let order: Vec<_> = examples.iter().map(|(is_bad, example)| (!is_bad, place_of(example.dialect))).collect();
        if !order.is_sorted() {
            wrong.push(format!("{}: the dialects are not in order", rule.name));
        }
        if page.matches("Does not apply to ").count()
            != DIALECTS.iter().filter(|(_, w)| excuse(&page, w).is_some()).count()
        {
            wrong.push(format!("{}: `Does not apply to` without a dialect or a reason", rule.name));
        }
    }
    nothing_wrong(&wrong);
}

/// Where a page shows a dialect.
fn place_of(dialect: Option<&str>) -> Option<usize> {
    DIALECTS.iter().position(|(name, _)| Some(*name) == dialect)
}

#[test]
fn a_rule_says_nothing_in_a_dialect_to_which_it_does_not_apply() {
    let excused: Vec<(&str, &str)> = rules::all()
        .iter()
        .flat_map(|rule| {
            let page = page(rule);
            let its = DIALECTS.iter().filter(move |(_, words)| excuse(&page, words).is_some());
            its.map(|(dialect, _)| (rule.name, *dialect)).collect::<Vec<_>>()
        })
        .collect();
    assert!(!excused.is_empty());
    let pages =
        rules::all().iter().flat_map(|rule| policies(&page(rule))).map(|(_, example)| example.judge(Profile::Audit));
    let fixtures = all_fixtures().into_iter().map(|fixture| fixture.analyse(Profile::Audit));
    let mut wrong = Vec::new();
    for judged in pages.chain(fixtures) {
        let recognised = Example::recognised(&judged);
        for (rule, dialect) in &excused {
            if recognised == [*dialect] && !judged.of(rule).is_empty() {
                wrong.push(format!("{rule} speaks in {dialect}: {}", judged.shown().join("; ")));
            }
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn the_sample_of_an_ignore_names_its_own_rule_and_a_reason() {
    for rule in rules::all() {
        for (_, body) in sections(&page(rule)) {
            for example in examples(&body, &mut None).into_iter().filter(|example| example.info == "toml") {
                let sample: toml::Table = example.text.parse().unwrap_or_else(|e| panic!("{}: {e}", rule.name));
                for entry in sample.get("ignore").and_then(toml::Value::as_array).into_iter().flatten() {
                    assert_eq!(entry.get("rule").and_then(toml::Value::as_str), Some(rule.name));
                    assert!(entry.get("reason").is_some(), "{}", rule.name);
                }
            }
        }
    }
}
