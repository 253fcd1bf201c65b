//! The configuration, its ignores and the baseline, as they change a run.

use std::collections::BTreeSet;

use super::{BOTH, SESSION, places, wide};
use crate::harness::{NARROW, Project, Run, WIDE};

#[test]
fn the_configuration_is_found_and_flags_win_over_it() {
    let config = "fail-on = 'high'\n[[files]]\nglob = 'keys/**'\nkind = 'session'\nowners = ['alice']\n";
    let project = || Project::new().file(".git/HEAD", "").file("grantlint.toml", config).file("keys/a.json", WIDE);
    let kind = |args: &[&str]| {
        let run = project().within("keys").run(["check", "--format=json", "a.json"].iter().chain(args));
        let file = run.json()["files"][0].clone();
        (run.status.unwrap(), format!("{} {}", file["kind"].as_str().unwrap(), file["kind_source"].as_str().unwrap()))
    };
    assert_eq!(kind(&[]), (1, "session configuration".to_owned()));
    assert_eq!(kind(&["--kind=identity"]), (0, "identity flag".to_owned()));
    assert_eq!(kind(&["--no-config"]), (1, "undetermined unknown".to_owned()));
    assert_eq!(kind(&["--no-config", "--fail-on=high"]).0, 0);
    assert_eq!(kind(&["--config=../grantlint.toml"]), (1, "session configuration".to_owned()));
    assert_eq!(kind(&["--fail-on=never"]).0, 0);
}

#[test]
fn a_mistake_in_the_configuration_is_exit_2() {
    let project = wide().file("grantlint.toml", "[[files]]\nglob = '**'\nkind = 'sesion'\n");
    let run = project.run(["check"]).exits(2);
    assert_eq!(run.stdout, "");
    assert!(
        run.stderr.contains("grantlint.toml:3:8") && run.stderr.contains("did you mean `session`?"),
        "{}",
        run.stderr
    );
    project.run(["check", "--no-config"]).exits(1);
    project.run(["check", "--config=none.toml"]).exits(2);
    project.run(["check", "--config=a.toml", "--no-config"]).exits(2);
}

const IGNORE: &str = "[[ignore]]\nrule = 'wildcard-action'\nfiles = 'a.json'\nreason = 'ticket 4711'\n";

#[test]
fn ignores_hold_back_what_they_name() {
    let project = wide().file("grantlint.toml", IGNORE);
    let run = project.run(SESSION).exits(1);
    // What the wildcard stood for is told instead.
    assert_eq!(places(&run), ["a.json:1:58: high[bucket-administration", BOTH[1]]);
    let run = project.run(["check", "--kind=session"]).exits(1);
    assert!(run.stdout.contains("1 held back (1 ignored)"), "{}", run.stdout);
    assert_eq!(places(&project.run(SESSION.iter().chain(&["--no-ignores"])).exits(1)), BOTH);
    let from_below = wide().file(".git/HEAD", "").file("grantlint.toml", IGNORE).file("b/c", "").within("b");
    let run = from_below.run(["check", "--format=concise", "--kind=session", "../a.json"]).exits(1);
    assert_eq!(places(&run)[1..], ["../a.json:1:73: high[wildcard-resource"]);
}

#[test]
fn what_gave_way_to_an_ignored_finding_is_told() {
    let resource = |key: &str| format!("\"qcs::cos:ap-guangzhou:uid/1250000000:b-1250000000/{key}\"");
    let statement = |actions: &str| {
        let resources = [resource("app/*"), resource("app/{user}/*")].join(", ");
        format!("{{\"effect\": \"allow\", \"action\": [{actions}], \"resource\": [{resources}]}}")
    };
    let joined = statement("\"name/cos:GetObject\", \"name/cos:PutObject\"");
    let list = [joined.clone(), joined, statement("\"name/cos:*\"")].join(",\n");
    let text = format!("{{\"version\": \"2.0\", \"statement\": [\n{list}]}}");
    let told = |ignores: &[(&str, &str)]| {
        let entry = |(rule, pointer): &(&str, &str)| {
            format!("[[ignore]]\nrule = '{rule}'\nfiles = 'a.json'\npointer = '{pointer}'\nreason = 'r'\n")
        };
        let config: String = ignores.iter().map(entry).collect();
        let run = Project::new().file("a.json", &text).file("grantlint.toml", config).run(SESSION);
        let shown = places(&run);
        let of = |place: &String| {
            let (at, rule) = place.split_once(": high[").unwrap();
            format!("{} {rule}", at.split(':').nth(1).unwrap())
        };
        shown.iter().map(of).collect::<Vec<_>>()
    };
    let all = ["2 combined-action-resource", "3 combined-action-resource", "4 wildcard-action"];
    assert_eq!(told(&[]), all);
    let joining = ("combined-action-resource", "/statement/0");
    assert_eq!(told(&[joining]), ["2 shared-prefix", all[1], all[2]]);
    assert_eq!(told(&[joining, ("shared-prefix", "/statement/0")]), all[1..]);
    let wild = ("wildcard-action", "/statement/2");
    assert_eq!(told(&[wild]), [all[0], all[1], "4 bucket-administration", "4 shared-prefix"]);
}

#[test]
fn an_idle_ignore_is_a_note() {
    let project = Project::new().file("a.json", NARROW).file("b.json", NARROW).file("grantlint.toml", IGNORE);
    let run = project.run(["check", "--format=json", "--owner=alice"]).exits(0);
    assert_eq!(run.stderr, "note: grantlint.toml:1: this ignore of `wildcard-action` matches no finding; remove it\n");
    assert_eq!(project.run(["check", "--format=json", "--owner=alice", "-q"]).exits(0).stderr, "");
    assert_eq!(project.run(["check", "--format=json", "--owner=alice", "b.json"]).exits(0).stderr, "");
    let stale = wide().file("grantlint.toml", IGNORE.replace("a.json", "gone.json"));
    let run = stale.run(["check"]).exits(1);
    assert!(run.stdout.contains("note: grantlint.toml:3: the glob `gone.json` matches no file"), "{}", run.stdout);
}

#[test]
fn a_baseline_accepts_what_was_there() {
    let project = wide();
    let run = project.run(SESSION.iter().chain(&["--write-baseline=known.json"])).exits(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", "wrote a baseline of 2 findings to `known.json`\n"));
    let check = ["check", "--kind=session", "--format=concise", "--baseline=known.json", "a.json"];
    let project = project.file("a.json", WIDE.replace(',', ",\n  ").replace("[{", "[\n{"));
    project.run(check).exits(0);
    let other = "{\"effect\":\"allow\",\"action\":\"name/cos:*\",\"resource\":\"*\"}";
    let project = project.file("a.json", WIDE.replace("[{", &format!("[{other},{{")));
    let run = project.run(check).exits(1);
    let rules: Vec<_> = places(&run).iter().map(|place| place.rsplit_once('[').unwrap().1.to_owned()).collect();
    assert_eq!(rules, ["wildcard-action", "wildcard-resource"], "the new statement's, and only these");
    // What a deny took back is granted anew when it goes.
    let deny = "{\"effect\":\"deny\",\"action\":\"name/cos:DeleteObject\",\"resource\":\"*\"}";
    let project = project.file("a.json", WIDE.replace("[{", &format!("[{deny},{{")));
    project.run(["check", "--kind=session", "--write-baseline=denied.json", "a.json"]).exits(0);
    let denied = ["check", "--kind=session", "--format=concise", "--baseline=denied.json", "a.json"];
    project.run(denied).exits(0);
    let project = project.file("a.json", WIDE);
    project.run(denied).exits(1);
    let run = project.file("a.json", NARROW).run(["check", "--owner=alice", "--baseline=known.json"]).exits(0);
    assert!(run.stdout.contains("note: known.json: 2 entries of it match no finding of this run"), "{}", run.stdout);
    let broken = Project::new().file("a.json", &WIDE[..60]);
    broken.run(["check", "a.json", "--write-baseline=known.json"]).exits(2);
    let run = broken.run(["check", "a.json", "--baseline=known.json", "--format=concise"]).exits(2);
    assert!(run.stdout.contains("invalid-json"), "{}", run.stdout);
    wide().file("known.json", "{\"version\":").run(["check", "--baseline=known.json"]).exits(2);
    wide().run(["check", "--baseline=none.json"]).exits(2);
}

#[test]
fn a_baseline_tells_two_policies_in_strings_apart() {
    let policy = |action: &str| WIDE.replacen('*', &format!("name/cos:{action}"), 1).trim_end().replace('"', "\\\"");
    let pair = |second: &str| format!("[\"{}\",\"{}\"]", policy("PutObject"), policy(second));
    let check = ["check", "--kind=session", "--baseline=known.json", "a.json"];
    let project = Project::new().file("a.json", pair("PostObject"));
    project.run(["check", "--kind=session", "--write-baseline=known.json", "a.json"]).exits(0);
    project.run(check).exits(0);
    project.file("a.json", pair("DeleteObject")).run(check).exits(1);
}

/// The fingerprints and files of a run's findings.
fn fingerprints(run: &Run) -> Vec<(String, String)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let findings = run.json()["findings"].as_array().unwrap().clone();
    findings.iter().map(|finding| (text(&finding["file"]), text(&finding["fingerprint"]))).collect()
}

#[test]
fn a_baseline_means_the_same_from_every_directory_of_a_project() {
    let project = || {
        let new = Project::new().file("policies/keys/a.json", WIDE).file("policies/b.json", WIDE);
        new.file("notes/x.txt", "").file(".git/HEAD", "")
    };
    let check = ["check", "--kind=session", "--format=json", "--exit-zero"];
    let at_root = project();
    at_root.run(SESSION[..2].iter().chain(&["--write-baseline=known.json"])).exits(0);
    assert_eq!(at_root.read("known.json").matches("\"file\": \"policies/keys/a.json\"").count(), 2);
    let wanted = fingerprints(&at_root.run(check));
    assert_eq!(wanted.len(), 4);
    let known = at_root.read("known.json");
    for (directory, paths, count) in [
        ("", &["policies"][..], 4),
        ("", &["./policies/../policies/"], 4),
        ("", &["../project/policies"], 4),
        ("policies", &[], 4),
        ("policies/keys", &["..", "a.json"], 4),
        ("policies/keys", &[], 2),
        ("notes", &["../policies"], 4),
        ("notes", &["../../project/policies/b.json"], 2),
    ] {
        let here = project().file("known.json", &known).within(directory);
        let found = fingerprints(&here.run(check.iter().chain(paths)));
        // Reports name files from where one is; what they are known by is the same.
        let prints = |all: &[(String, String)]| all.iter().map(|(_, print)| print.clone()).collect::<BTreeSet<_>>();
        assert_eq!(found.len(), count, "{directory}: {paths:?}");
        assert!(prints(&found).is_subset(&prints(&wanted)), "{directory}: {paths:?}");
        assert!(found.iter().all(|(file, _)| !file.starts_with("policies/") || directory.is_empty()), "{found:?}");
        let up = "../".repeat(if directory.is_empty() { 0 } else { directory.split('/').count() });
        let flag = format!("--baseline={up}known.json");
        let run = here.run(SESSION[..2].iter().copied().chain([flag.as_str()]).chain(paths.iter().copied())).exits(0);
        // A run over a part of the project cannot tell which entries are idle.
        assert!(!run.stdout.contains("match no finding of this run"), "{}", run.stdout);
        // And the other way round: what is written here is read at the root.
        let flag = format!("--write-baseline={up}known.json");
        here.run(SESSION[..2].iter().copied().chain([flag.as_str()]).chain(paths.iter().copied())).exits(0);
        let written = here.read(&format!("{up}known.json"));
        let written = project().file("known.json", written).run(["check", "--kind=session", "--baseline=known.json"]);
        written.exits(i32::from(count < 4));
    }
}

#[test]
fn a_configuration_marks_the_root_where_there_is_no_repository() {
    let project = Project::new().file("grantlint.toml", "").file("policies/a.json", WIDE).file("notes/x.txt", "");
    project.run(SESSION[..2].iter().chain(&["--write-baseline=known.json"])).exits(0);
    let config = ["--config=../grantlint.toml", "--baseline=../known.json", "../policies"];
    let project = project.within("notes");
    project.run(SESSION[..2].iter().chain(&config)).exits(0);
    // Standard input under a file's name is that file.
    let project = project.stdin(WIDE);
    let named = ["--stdin-filename=../policies/a.json", "-"];
    project.run(SESSION[..2].iter().chain(&config[..2]).chain(&named)).exits(0);
    project.run(SESSION[..2].iter().chain(&config[..2]).chain(&named[1..])).exits(1);
}

#[test]
fn a_configuration_is_begun_once() {
    let project = wide();
    assert_eq!(
        project.run(["init"]).exits(0).stderr,
        "wrote `grantlint.toml`; all of it is examples: remove the `#` of what you fill in\n"
    );
    project.run(["check"]).exits(1);
    let run = project.file("grantlint.toml", "# mine\n").run(["init"]).exits(2);
    assert_eq!(run.stderr, "error: `grantlint.toml` cannot be written: it is already there\n");
}

#[test]
fn what_answers_for_one_text_needs_no_files_of_an_expectation() {
    let config = "[[expect]]\nfiles = ['keys/*.json']\nallow = [{ actions = ['GetObject'], keys = 'app/*' }]\n";
    let project = wide().file("grantlint.toml", config);
    project.run(["check"]).exits(2);
    project.run(["can", "a.json", "PutObject", "examplebucket-1250000000/x"]).exits(0);
    project.run(["matrix", "a.json"]).exits(0);
    project.run(["diff", "a.json", "a.json"]).exits(0);
    project.run(["effective", "--caller", "a.json"]).exits(0);
}
