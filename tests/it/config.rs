//! The configuration as a user of the library meets it: discovery, what a mistake looks like, the schema.
//!
//! The names of rules come from the registry; what depends on them alone is tested beside the code.
use std::fs;
use std::path::Path;

use grantlint::config::{Config, schema, starting_file};
use grantlint::finding::PolicyKind;

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/grantlint-toml.schema.json");

/// The starting file with every example switched on.
fn uncommented() -> String {
    let setting = |line: &str| match line.strip_prefix('#') {
        Some(setting) if !setting.starts_with(' ') => format!("{setting}\n"),
        _ => format!("{line}\n"),
    };
    starting_file().lines().map(setting).collect()
}

fn validator() -> jsonschema::Validator {
    jsonschema::validator_for(&serde_json::from_str(&schema()).unwrap()).unwrap()
}

fn is_valid(text: &str) -> bool {
    validator().is_valid(&toml::from_str::<serde_json::Value>(text).unwrap())
}

#[test]
fn the_schema_in_the_repository_is_up_to_date() {
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(Path::new(SCHEMA).parent().unwrap()).unwrap();
        fs::write(SCHEMA, schema()).unwrap();
    }
    let written = fs::read_to_string(SCHEMA).unwrap_or_default().replace("\r\n", "\n");
    assert!(written == schema(), "schema/grantlint-toml.schema.json is out of date; run the tests with UPDATE=1");
}

#[test]
fn the_schema_accepts_and_refuses_what_the_reader_does() {
    assert!(is_valid(&starting_file()) && is_valid(&uncommented()));
    assert!(is_valid("[[files]]\nglob = ['a', 'b']\nowners = 'alice'"));
    let actions = "['GetObject', 'cos:GetBucket', 'name/cos:HeadObject', '@upload']";
    let right = format!("[[expect]]\nfiles = 'a'\n[[expect.allow]]\nactions = {actions}\nkeys = ['a/{{user}}/*', '*']");
    assert!(is_valid(&right) && Config::parse(&right, Path::new("grantlint.toml")).is_ok());
    let right = "[[expect]]\nfiles = 'a'\ndialect = 'oss'\nbucket = 'photos'\n\
                 allow = [{ actions = ['ListObjects', 'oss:PutObject'], keys = 'a' }]";
    assert!(is_valid(right) && Config::parse(right, Path::new("grantlint.toml")).is_ok());
    for wrong in [
        "[[expect]]\nfiles = 'a'\ndialect = 'gcs'\nallow = [{ actions = '@read', keys = 'a' }]",
        "fail-on = 'all'",
        "disable = ['x']",
        "[[files]]\nkind = 'session'",
        "[[files]]\nglob = 'a'\nkind = 'undetermined'",
        "[[files]]\nglob = []",
        "[[files]]\nglob = '/a'",
        "[[files]]\nglob = 'a'\ndialect = 'gcs'",
        "[[files]]\nglob = 'a'\nowners = ['a/b']",
        "[[expect]]\nfiles = 'a'",
        "[[expect]]\nfiles = 'a'\nallow = []",
        "[[expect]]\nfiles = 'a'\nname = ' '\nallow = [{ actions = '@read', keys = 'a' }]",
        "[[expect]]\nfiles = 'a'\nbucket = 'Photos'\nallow = [{ actions = '@read', keys = 'a' }]",
        "[[expect]]\nfiles = 'a'\nallow = [{ actions = '@reed', keys = 'a' }]",
        "[[expect]]\nfiles = 'a'\nallow = [{ actions = ['GetObjekt'], keys = 'a' }]",
        "[[expect]]\nfiles = 'a'\nallow = [{ actions = [], keys = 'a' }]",
        "[[expect]]\nfiles = 'a'\nallow = [{ actions = '@read', keys = '/a' }]",
        "[[expect]]\nfiles = 'a'\nallow = [{ actions = '@read', keys = '' }]",
        "[[expect]]\nfiles = 'a'\nallow = [{ actions = '@read', key = 'a' }]",
        "[[layout]]\nbucket = 'b'\nkey = 'app/{user}/*'",
        "[[layout]]\nbucket = 'b'\nkey = '/{user}/*'\nowner = 'user'",
        "[[layout]]\nbucket = 'a/b'\nkey = '{user}/*'\nowner = 'user'",
        "[[layout]]\nbucket = 'b'\nkey = '{user}/*'\nowner = '{user}'",
        "[[layout]]\nbucket = 'b'\nkey = '{user}/*'\nowner = 'user'\nregex = 'a'",
        "[[ignore]]\nrule = 'wildcard-resource'\nfiles = 'a'",
        "[[ignore]]\nrule = 'wildcard-resource'\nfiles = 'a'\nreason = ' '",
        "[[ignore]]\nrule = 'wildcard-resource'\nfiles = 'a'\nreason = 'r'\npointer = 'statement'",
    ] {
        assert!(!is_valid(wrong), "{wrong}");
        assert!(Config::parse(wrong, Path::new("grantlint.toml")).is_err(), "{wrong}");
    }
}

#[test]
fn a_mistake_is_shown_with_a_caret_and_what_was_meant() {
    let text = "# 密钥策略\n[[files]]\nglob = \"用户/**\"\nknid = \"session\"\n\n[[files]]\nglob = [\"策略/**\", \"b/{c\"]\nkind = \"sesion\"\n";
    let error = Config::parse(text, Path::new("grantlint.toml")).unwrap_err();
    insta::assert_snapshot!(error.render(false, 100), @r##"
      × unknown key `knid` in `[[files]]`
       ╭─[grantlint.toml:4:1]
     3 │ glob = "用户/**"
     4 │ knid = "session"
       · ──┬─
       ·   ╰── not known here
       ╰────
      help: did you mean `kind`?

      × `b/{c` is not a valid glob: unclosed alternate group
       ╭─[grantlint.toml:7:18]
     6 │ [[files]]
     7 │ glob = ["策略/**", "b/{c"]
       ·                    ───┬──
       ·                       ╰── cannot be read
     8 │ kind = "sesion"
       ╰────
      help: write `[{]` for a `{` that stands for itself, and so for other signs

      × unknown value `sesion` of `kind`
       ╭─[grantlint.toml:8:8]
     7 │ glob = ["策略/**", "b/{c"]
     8 │ kind = "sesion"
       ·        ────┬───
       ·            ╰── not known
       ╰────
      help: did you mean `session`?
    "##);
    let coloured = error.render(true, 100);
    assert!(coloured.contains("\u{1b}[") && !coloured.contains("\u{1b}]8"), "colours, and no links");
    assert_eq!(
        error.to_string(),
        "grantlint.toml:4:1: unknown key `knid` in `[[files]]`; did you mean `kind`? (and 2 more mistakes)"
    );
}

#[test]
fn a_configuration_is_found_and_applied() {
    let place = tempfile::tempdir().unwrap();
    let root = place.path();
    fs::create_dir_all(root.join(".git")).unwrap();
    fs::create_dir_all(root.join("policies/keys")).unwrap();
    fs::write(root.join("policies/keys/a.json"), "{}").unwrap();
    let text = "[[files]]\nglob = \"policies/keys/**\"\nkind = \"session\"\n[[files]]\nglob = \"old/*\"\n";
    fs::write(root.join("grantlint.toml"), text).unwrap();
    let config = Config::discover(&root.join("policies")).unwrap().unwrap();
    assert_eq!(config.facts(&root.join("policies/keys/a.json")).kind, Some(PolicyKind::Session));
    assert_eq!(config.facts(&root.join("policies/keys/../b.json")).kind, None);
    assert_eq!(config.stale(), ["../grantlint.toml:5: the glob `old/*` matches no file"]);
    assert!(Config::discover(root.parent().unwrap()).unwrap().is_none());
}

const EXPECT: &str = "[[expect]]\nfiles = ['a.json', 'keys/*.json', 'keys']\n\
                      allow = [{ actions = '@read', keys = 'app/*' }]\n";

#[test]
fn an_expectation_holds_some_file_to_it() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("grantlint.toml");
    fs::write(&path, EXPECT).unwrap();
    fs::write(place.path().join("a.json"), "{}").unwrap();
    fs::create_dir(place.path().join("keys")).unwrap();
    let error = Config::discover(place.path()).unwrap_err();
    insta::assert_snapshot!(error.render(false, 100), @r##"
      × `keys/*.json` matches no file
       ╭─[grantlint.toml:2:20]
     1 │ [[expect]]
     2 │ files = ['a.json', 'keys/*.json', 'keys']
       ·                    ──────┬──────
       ·                          ╰── matches nothing
     3 │ allow = [{ actions = '@read', keys = 'app/*' }]
       ╰────
      help: correct the path; `grantlint generate` writes a policy that is not there yet

      × `keys` matches no file
       ╭─[grantlint.toml:2:35]
     1 │ [[expect]]
     2 │ files = ['a.json', 'keys/*.json', 'keys']
       ·                                   ───┬──
       ·                                      ╰── matches nothing
     3 │ allow = [{ actions = '@read', keys = 'app/*' }]
       ╰────
      help: it is a directory; write `keys/**`
    "##);
    assert_eq!(Config::load(&path).unwrap_err().mistakes().len(), 2);
    let config = Config::load_before_files(&path).unwrap();
    assert!(config.facts(&place.path().join("a.json")).expectation.is_some());
    assert!(Config::discover_before_files(place.path()).unwrap().is_some());
    fs::write(&path, EXPECT.replace(", 'keys'", "")).unwrap();
    fs::write(place.path().join("keys/b.json"), "{}").unwrap();
    assert_eq!(Config::load(&path).unwrap().expects.len(), 1);
}
