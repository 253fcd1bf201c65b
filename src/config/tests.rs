//! Mistakes and answers of a configuration, with the names of rules given.

mod layouts;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::*;
use crate::finding::{
    Confidence, Finding, Fingerprint, FixLevel, Grade, Grades, PolicyKind, Profile, RuleMeta, Severity, Status,
};
use crate::rules::Filter;
use crate::text::{Source, Span};

const KNOWN: &[&str] = &["invalid-json", "shared-prefix", "wildcard-action", "wildcard-resource"];

fn meta(name: &'static str) -> RuleMeta {
    RuleMeta {
        name,
        summary: "",
        grades: Grades::all(Grade::default(Severity::High)),
        confidence: Confidence::High,
        status: Status::Stable { since: "0.1.0" },
        fix: FixLevel::None,
        page: "",
    }
}

static WILDCARD_RESOURCE: std::sync::LazyLock<RuleMeta> = std::sync::LazyLock::new(|| meta("wildcard-resource"));
static INVALID_JSON: std::sync::LazyLock<RuleMeta> = std::sync::LazyLock::new(|| meta("invalid-json"));

fn finding(rule: &'static RuleMeta, pointer: &str, fingerprint: u64) -> Finding {
    Finding {
        rule,
        severity: Severity::High,
        confidence: Confidence::High,
        profile: Profile::Default,
        message: "`*` is every\u{202e} bucket".to_owned(),
        caption: String::new(),
        help: None,
        primary: Span::default(),
        labels: Vec::new(),
        pointer: pointer.to_owned(),
        witness: None,
        fingerprint: Fingerprint(fingerprint),
    }
}

fn parse(text: &str) -> Result<Config, ConfigError> {
    let source = Source::new("grantlint.toml", text).unwrap();
    read::read(&source, Path::new("/project/grantlint.toml"), KNOWN)
}

/// Each mistake as `underlined text: message; help`.
fn mistakes(text: &str) -> Vec<String> {
    let error = parse(text).unwrap_err();
    let shown = |mistake: &Mistake| {
        let help = mistake.help().map_or_else(String::new, |help| format!("; {help}"));
        format!("{}: {}{help}", mistake.underlined(), mistake.message())
    };
    error.mistakes().iter().map(shown).collect()
}

#[test]
fn every_mistake_is_underlined_and_reported_at_once() {
    let text = r#"
fail-on = "hihg"
profil = "strict"
[[files]]
glob = ["a/**", 3, "b/{c"]
kind = "Session"
owner_words = ["shop"]
owners = ["al/ice"]
dialect = "gcs"
[[ignore]]
rule = ["wildcard-resorce", "invalid-json", "leftover"]
files = "/etc/*.json"
pointer = "statement/0"
reason = "  "
[[ignore]]
rule = "wildcard-action"
reason = true
"#;
    insta::assert_snapshot!(mistakes(text).join("\n"), @r##"
    "hihg": unknown value `hihg` of `fail-on`; did you mean `high`?
    profil: unknown key `profil` at the top level; did you mean `profile`?
    3: `glob` is a string or a list of strings, found an integer
    "b/{c": `b/{c` is not a valid glob: unclosed alternate group; write `[{]` for a `{` that stands for itself, and so for other signs
    "Session": unknown value `Session` of `kind`; did you mean `session`?
    owner_words: unknown key `owner_words` in `[[files]]`; did you mean `owner-words`?
    "al/ice": `al/ice` is no name of one path segment; write the name alone, such as `alice`, without `/`, `*` and blanks
    "gcs": unknown value `gcs` of `dialect`; use one of `cos`, `oss`, `s3`
    "wildcard-resorce": unknown rule `wildcard-resorce`; did you mean `wildcard-resource`?
    "invalid-json": `invalid-json` cannot be ignored; repair the file, or leave it out of the run: what did not parse was not judged
    "leftover": unknown rule `leftover`; use one of `shared-prefix`, `wildcard-action`, `wildcard-resource`
    "/etc/*.json": `/etc/*.json` leads out of the directory of the configuration; write a path relative to the directory of this file, without `..`
    "statement/0": `statement/0` is no JSON pointer; write `/statement/0`
    "  ": the reason is blank; say in a sentence why this is accepted, for the next reader
    [[ignore]]: `[[ignore]]` without `files`; add `files = "..."` with a glob
    true: `reason` is a string, found a boolean
    "##);
}

#[test]
fn whole_entries_of_the_wrong_kind() {
    assert_eq!(
        mistakes("ignore = [\"wildcard-action\"]\nfiles = 1"),
        [
            "\"wildcard-action\": `ignore` holds tables, found a string; write `[[ignore]]` above each entry",
            "1: `files` is a list of tables, found an integer; write `[[files]]` above each entry",
        ]
    );
    assert_eq!(
        mistakes("[files]\nglob = \"a\""),
        ["[files]: `files` is a list of tables; write `[[files]]` above each entry"]
    );
    assert_eq!(
        mistakes("[[files]]\nglob = []\n[[ignore]]"),
        [
            "[]: `glob` is empty",
            "[[ignore]]: `[[ignore]]` without `rule`; add `rule = \"...\"` with the name of a rule",
            "[[ignore]]: `[[ignore]]` without `files`; add `files = \"...\"` with a glob",
            "[[ignore]]: `[[ignore]]` without `reason`; add `reason = \"...\"`: nothing is ignored without one",
        ]
    );
}

#[test]
fn pointers_are_checked() {
    let of = |pointer: &str| {
        let head = "[[ignore]]\nrule = \"wildcard-action\"\nfiles = \"a\"\nreason = \"r\"\n";
        parse(&format!("{head}pointer = '{pointer}'")).err().map(|error| error.mistakes()[0].help().unwrap().to_owned())
    };
    assert_eq!(of(""), None);
    assert_eq!(of("/statement/0/a~1b"), None);
    assert_eq!(of("statement.0").unwrap(), "write `/statement/0`");
    assert_eq!(of("/statement/0/").unwrap(), "write `/statement/0`");
    assert_eq!(of("/a~2").unwrap(), "write `~0` for `~` and `~1` for `/` inside a name");
}

#[test]
fn what_is_no_toml_and_no_text_is_shown() {
    let shown = mistakes("[[files]\nglob = \"a\n");
    assert!(shown[0].contains("not valid TOML") && shown[0].contains("`grantlint init` shows every key"), "{shown:?}");
    let error = Config::parse("files = 1 \u{1b}[31m", Path::new("x.toml")).unwrap_err();
    let drawn = error.render(false, 80);
    assert!(!drawn.contains('\u{1b}') && drawn.contains("\\u{1b}"), "{drawn}");
    let source = Source::from_bytes("x", b"# \xff\xff\n".to_vec()).unwrap();
    let error = read::read(&source, Path::new("x"), KNOWN).unwrap_err();
    assert_eq!(error.to_string(), "x:1:3: the configuration is not UTF-8; save the file as UTF-8");
}

#[test]
fn a_file_of_nothing_but_mistakes_ends() {
    let error = parse(&format!("[[files]]\nglob = [{}]", "1,".repeat(200_000))).unwrap_err();
    assert_eq!(error.mistakes().len(), 100);
    assert!(error.render(false, 80).ends_with("… and 80 more\n"));
    assert_eq!(mistakes(&format!("a = {}", "[".repeat(10))).len(), 1);
    assert!(parse(&format!("a = {}", "[".repeat(100_000))).is_err());
}

#[test]
fn no_prefix_of_a_file_panics() {
    let text =
        "\u{feff}[[files]]\r\nglob = [\"用户/**\", 'a']\nkind = \"session\"\n[[ignore]]\nrule = \"shared-prefix\"\n";
    assert_eq!(parse(text).unwrap_err().mistakes().len(), 2, "`files` and `reason` are missing");
    assert_eq!(mistakes("\u{feff}profil = 1")[0].split(':').next(), Some("profil"));
    for (end, _) in text.char_indices() {
        if let Err(error) = parse(text.get(..end).unwrap()) {
            assert!(!error.mistakes().is_empty());
            assert!(error.render(true, 10).ends_with('\n'));
            assert!(!error.to_string().is_empty());
        }
    }
}

#[test]
fn a_later_entry_decides_and_owners_add_up() {
    let text = "[[files]]\nglob = '**'\nkind = 'identity'\nowners = ['alice', 'bob']\n[[files]]\nglob = 'keys/**'\n\
                kind = 'session'\nowners = 'alice'\nowner-words = 'Shop-Id'\n[[files]]\nglob = 'keys/x.*'\n";
    let config = parse(text).unwrap();
    let facts = config.facts(Path::new("/project/keys/x.json.tpl"));
    assert_eq!(facts.kind, Some(PolicyKind::Session));
    assert_eq!(facts.owners.names, ["alice", "bob"]);
    assert_eq!(facts.owners.words, ["shopid"]);
    assert!(facts.is_template);
    assert_eq!(config.kind_entry(Path::new("/project/keys/x.json")).unwrap().line, 5);
    assert_eq!(config.facts(Path::new("/project/a/../b.json")).kind, Some(PolicyKind::Identity));
    assert_eq!(config.facts(Path::new("/elsewhere/b.json")), crate::rules::Facts::default());
    assert_eq!(config.facts(Path::new("<stdin>")).kind, None);
}

#[test]
fn an_ignore_needs_rule_file_and_pointer() {
    let text = "[[ignore]]\nrule = ['wildcard-action', 'wildcard-resource']\nfiles = 'keys/*.json'\n\
                pointer = '/statement/1'\nreason = 'r'\n[[ignore]]\nrule = 'wildcard-resource'\nfiles = ['b.json']\nreason = 'r'";
    let config = parse(text).unwrap();
    let of = |path: &str, pointer| config.ignored_by(Path::new(path), &finding(&WILDCARD_RESOURCE, pointer, 1));
    assert_eq!(of("/project/keys/a.json", "/statement/1/resource"), Some(0));
    assert_eq!(of("/project/keys/a.json", "/statement/11"), None);
    assert_eq!(of("/project/keys/deep/a.json", "/statement/1"), None);
    assert_eq!(of("/project/b.json", ""), Some(1));
    assert_eq!(config.ignored_by(Path::new("/project/b.json"), &finding(&INVALID_JSON, "", 1)), None);

    let checked = [PathBuf::from("/project/b.json"), PathBuf::from("/project/c.json")];
    assert_eq!(
        config.unused(&BTreeSet::new(), &checked),
        ["grantlint.toml:6: this ignore of `wildcard-resource` matches no finding; remove it"]
    );
    assert!(config.unused(&BTreeSet::from([1]), &checked).is_empty());
    let narrow = Filter { min_severity: Severity::High, ..Filter::default() };
    assert!(config.unused_under(&narrow, &BTreeSet::new(), &checked).is_empty());
    assert_eq!(config.unused_under(&Filter::default(), &BTreeSet::new(), &checked).len(), 1);
}

#[test]
fn a_link_to_the_directory_is_followed() {
    let place = tempfile::tempdir().unwrap();
    let real = place.path().join("real");
    std::fs::create_dir(&real).unwrap();
    std::fs::write(real.join("a.json"), "").unwrap();
    #[cfg(unix)]
    {
        let link = place.path().join("link");
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let config = Config::parse("[[files]]\nglob='a.json'\nkind='bucket'", &link.join("grantlint.toml")).unwrap();
        assert_eq!(config.facts(&real.join("a.json")).kind, Some(PolicyKind::Bucket));
    }
}

#[test]
fn the_starting_file_is_valid_as_it_is_and_uncommented() {
    let config = parse(&starting_file()).unwrap();
    assert!(config.files.is_empty() && config.ignores.is_empty() && config.fail_on.is_none());
    assert!(config.layouts.is_empty());
    let uncommented: String = starting_file()
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(setting) if !setting.starts_with(' ') => format!("{setting}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let config = parse(&uncommented).unwrap();
    assert_eq!(config.fail_on, Some(FailOn::AtLeast(Severity::Medium)));
    assert_eq!(config.min_confidence, Some(Confidence::Low));
    assert_eq!(config.profile, Some(Profile::Default));
    assert_eq!(config.files[0].kind, Some(PolicyKind::Session));
    assert_eq!(config.ignores[0].pointer.as_deref(), Some("/statement/0"));
    assert_eq!(config.expects[0].expectation.grants.len(), 2);
    assert_eq!(config.layouts[0].keys.len(), 2);
    let known = [
        read::TOP_KEYS,
        read::FILES_KEYS,
        read::LAYOUT_KEYS,
        expect::EXPECT_KEYS,
        expect::ALLOW_KEYS,
        read::IGNORE_KEYS,
    ];
    for key in known.concat() {
        assert!(key == "dialect" || uncommented.contains(key), "the starting file does not show `{key}`");
    }
}

#[test]
fn the_schema_knows_the_keys_that_are_read() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    let keys = |properties: &serde_json::Value| -> BTreeSet<String> {
        properties.as_object().unwrap().keys().cloned().collect()
    };
    let set = |keys: &[&str]| -> BTreeSet<String> { keys.iter().map(|&key| key.to_owned()).collect() };
    assert_eq!(keys(&schema["properties"]), set(read::TOP_KEYS));
    assert_eq!(keys(&schema["definitions"]["files"]["properties"]), set(read::FILES_KEYS));
    assert_eq!(keys(&schema["definitions"]["ignore"]["properties"]), set(read::IGNORE_KEYS));
    assert_eq!(keys(&schema["definitions"]["expect"]["properties"]), set(expect::EXPECT_KEYS));
    assert_eq!(schema["definitions"]["expect"]["required"], serde_json::json!(["files", "allow"]));
    assert_eq!(keys(&schema["definitions"]["allow"]["properties"]), set(expect::ALLOW_KEYS));
    assert_eq!(schema["definitions"]["allow"]["required"], serde_json::json!(["actions", "keys"]));
    assert_eq!(keys(&schema["definitions"]["layout"]["properties"]), set(read::LAYOUT_KEYS));
    assert_eq!(schema["definitions"]["layout"]["required"], serde_json::json!(["bucket", "key", "owner"]));
    assert_eq!(schema["definitions"]["ignore"]["required"], serde_json::json!(["rule", "files", "reason"]));
}

#[test]
fn a_baseline_counts_equal_findings() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("baseline.json");
    let (one, two) = (finding(&WILDCARD_RESOURCE, "", 7), finding(&WILDCARD_RESOURCE, "/x", 9));
    Baseline::write(&path, [("b.json", &two), ("a.json", &one), ("a.json", &one)]).unwrap();
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1, "nothing is left beside the file");
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text, Baseline::to_json([("a.json", &one), ("b.json", &two), ("a.json", &one)]));
    insta::assert_snapshot!(text, @r##"
    {
      "version": 1,
      "findings": [
        {
          "file": "a.json",
          "rule": "wildcard-resource",
          "fingerprint": "0000000000000007",
          "message": "`*` is every\\u{202e} bucket"
        },
        {
          "file": "a.json",
          "rule": "wildcard-resource",
          "fingerprint": "0000000000000007",
          "message": "`*` is every\\u{202e} bucket"
        },
        {
          "file": "b.json",
          "rule": "wildcard-resource",
          "fingerprint": "0000000000000009",
          "message": "`*` is every\\u{202e} bucket"
        }
      ]
    }
    "##);
    let mut baseline = Baseline::read(&path).unwrap();
    assert!(!baseline.contains("b.json", &one));
    assert!(baseline.contains("a.json", &one) && baseline.contains("a.json", &one));
    assert!(!baseline.contains("a.json", &one));
    assert_eq!(baseline.left(), 1);
}

#[test]
fn what_is_no_baseline_is_shown_with_its_place() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("baseline.json");
    let of = |text: &str| {
        std::fs::write(&path, text).unwrap();
        let error = Baseline::read(&path).unwrap_err();
        assert!(!error.render(false, 80).is_empty());
        error
            .to_string()
            .rsplit_once("baseline.json:")
            .unwrap()
            .1
            .replace("; write the file anew with `--write-baseline`", "")
    };
    assert_eq!(of(""), "1:1: this is no baseline: EOF while parsing a value");
    assert_eq!(of("{\"version\":2,\"findings\":[]}"), "1:2: this baseline has version 2, this grantlint reads 1");
    assert_eq!(of("{\n \"version\":1}"), "2:13: this is no baseline: missing field `findings`");
    let entry = "{\"version\":1,\"findings\":[{\"file\":\"a\",\"rule\":\"r\",\"fingerprint\":\"12\"}]}";
    assert!(of(entry).contains("`12` is no fingerprint of 16 hexadecimal digits"));
    assert!(Baseline::read(&place.path().join("none")).is_err());
    assert!(Baseline::write(&place.path().join("none/x"), []).is_err());
}
