//! The program as a user meets it: exit status, streams, flags, configuration, and what bad input gets.

use std::collections::BTreeSet;
use std::fs;
use std::process::Stdio;

use crate::harness::{NARROW, Project, Run, WIDE};

/// The lines of a concise report without their messages.
fn places(run: &Run) -> Vec<String> {
    run.stdout.lines().map(|line| line.split_once("] ").map_or(line, |(place, _)| place).to_owned()).collect()
}

fn wide() -> Project {
    Project::new().file("a.json", WIDE)
}

const SESSION: [&str; 4] = ["check", "--kind=session", "--format=concise", "a.json"];
const BOTH: [&str; 2] = ["a.json:1:58: high[wildcard-action", "a.json:1:73: high[wildcard-resource"];

#[test]
fn findings_are_exit_1_and_go_to_standard_output() {
    let run = wide().run(SESSION).exits(1);
    assert_eq!(places(&run), BOTH);
    assert_eq!(run.stderr, "");
    let run =
        Project::new().file("a.json", NARROW).run(["check", "--kind=session", "--owner=alice", "a.json"]).exits(0);
    assert!(run.stdout.contains("; no findings"), "{}", run.stdout);
    assert!(run.stdout.contains("checked 1 file: 1 policy, 1 statement, 1 scenario"), "{}", run.stdout);
}

#[test]
fn the_gate_can_be_moved() {
    let status = |args: &[&str]| wide().run(SESSION.iter().chain(args)).status.unwrap();
    assert_eq!(status(&["--fail-on=high"]), 1);
    assert_eq!(status(&["--fail-on=never"]), 0);
    assert_eq!(status(&["--exit-zero"]), 0);
    assert_eq!(status(&["--exit-zero", "none.json"]), 2, "what was not judged is never forgiven");
    assert_eq!(status(&["--fail-on=never", "none.json"]), 2);
    let project = wide();
    project.run(["check", "a.json", "--fail-on=high"]).exits(0);
    project.run(["check", "a.json", "--fail-on=medium"]).exits(1);
}

#[test]
fn two_wins_over_one_and_the_other_files_are_checked() {
    let run = wide().run(SESSION.iter().chain(&["none.json"])).exits(2);
    assert_eq!(places(&run)[..2], BOTH);
    assert!(run.stdout.contains("none.json: error: there is no such file or directory\n"), "{}", run.stdout);
    let run = wide().run(["check", "--format=json", "a.json", "none.json"]).exits(2);
    assert_eq!(run.json()["errors"][0]["file"], "none.json");
    assert_eq!(run.stderr, "error: none.json: there is no such file or directory\n");
}

#[test]
fn standard_input_is_read() {
    let project = Project::new().stdin(WIDE);
    for path in ["-", "/dev/stdin"] {
        let run = project.run(["check", "--kind=session", "--format=concise", path]).exits(1);
        assert!(run.stdout.starts_with("<stdin>:1:58: high[wildcard-action]"), "{}", run.stdout);
    }
    let named = ["check", "--format=concise", "--stdin-filename=./keys/a.json", "-"];
    let project = Project::new().file("grantlint.toml", "[[files]]\nglob = 'keys/**'\nkind = 'session'\n").stdin(WIDE);
    fs::create_dir(project.path("keys")).unwrap();
    let run = project.run(named).exits(1);
    assert!(run.stdout.starts_with("keys/a.json:1:58: high[wildcard-action]"), "{}", run.stdout);
    Project::new().run(["check", "-"]).exits(2);
}

/// What a walk finds, in order; a hidden file may hold a policy as well as any other.
const FOUND: [&str; 4] = ["a.json", "keys/.e.json", "keys/b.jsonc", "keys/c.policy.tpl"];

#[test]
fn directories_are_walked_for_what_may_be_a_policy() {
    let project = wide()
        .file("keys/b.jsonc", WIDE)
        .file("keys/c.policy.tpl", WIDE)
        .file("keys/d.txt", WIDE)
        .file("keys/.e.json", WIDE)
        .file("build/f.json", WIDE)
        .file("package.json", "{\"name\":\"x\"}")
        .file("tsconfig.json", "{ // comment\n}")
        .file("broken.json", "{\"name\":")
        .file(".gitignore", "build/\n");
    let files = |run: &Run| -> Vec<String> {
        let mut files: Vec<_> = run.stdout.lines().map(|line| line.split(':').next().unwrap().to_owned()).collect();
        files.dedup();
        files
    };
    for args in [&["check", "--format=concise"][..], &["check", "--format=concise", ".", "./keys", "a.json"]] {
        assert_eq!(files(&project.run(args).exits(1)), FOUND);
    }
    let here = project.path(".");
    let run = project.run(["check".as_ref(), "--format=concise".as_ref(), here.as_os_str()]).exits(1);
    assert_eq!(files(&run), FOUND, "names are relative");
    let run = project.run(["check", "-v"]).exits(1);
    assert!(run.stdout.contains("3 files skipped"), "{}", run.stdout);
}

#[test]
fn a_file_that_is_no_policy() {
    let project = Project::new().file("package.json", "{\"name\":\"x\"}").file("a.json", NARROW);
    let run = project.run(["check", "package.json"]).exits(2);
    assert!(run.stdout.contains("error: package.json: no policy was found in this file\n"), "{}", run.stdout);
    let run = project.run(["check", "package.json", "a.json", "--ignore-unknown", "--owner=alice"]).exits(0);
    assert!(run.stdout.contains("1 file skipped"), "{}", run.stdout);
    project.run(["check", "--owner=alice"]).exits(0);
    for text in ["{}", "[]", "null", "\"a\"", "{\"name\":\"x\"}"] {
        Project::new().file("a.json", text).run(["check", "a.json"]).exits(2);
        Project::new().file("a.json", text).run(["check", "a.json", "--ignore-unknown"]).exits(0);
    }
}

#[test]
fn a_walk_without_policies_is_an_error_unless_allowed() {
    let project =
        Project::new().file("package.json", "{\"name\":\"x\"}").file("keys/a.json", NARROW).file("none/a.txt", "");
    let run = project.run(["check", "none", "keys", "--owner=alice"]).exits(2);
    assert!(run.stdout.contains("error: none: no policy was found in this directory\n"), "{}", run.stdout);
    assert!(!run.stdout.contains("error: keys"), "{}", run.stdout);
    project.run(["check", "none", "--allow-empty"]).exits(0);
    project.run(["check", "none", "keys", "--allow-empty", "--owner=alice"]).exits(0);
    Project::new().run(["check"]).exits(2);
    Project::new().run(["check", "--allow-empty"]).exits(0);
}

#[test]
fn a_broken_file_counts_when_it_looks_like_a_policy() {
    let truncated = &WIDE[..60];
    let quoted = "{'version':'2.0','statement':[{'effect':'allow','action':'cos:*','resource':'*'}]}";
    let project = Project::new().file("keys/a.json", truncated).file("keys/b.json", NARROW);
    project.run(["check", "keys/a.json"]).exits(2);
    let run = Project::new().file("a.json", quoted).run(["check", "--format=concise"]).exits(1);
    assert!(run.stdout.contains("high[invalid-json]"), "nothing is lost: {}", run.stdout);
    for args in [&["--ignore=invalid-json"][..], &["--select=invalid-jsn"]] {
        Project::new().file("a.json", quoted).run(["check"].iter().chain(args)).exits(2);
    }
    let run = Project::new().file("a.json", quoted).run(["check", "--select=shared-prefix"]).exits(1);
    assert!(run.stdout.contains("invalid-json"), "{}", run.stdout);
    // Words of a policy in a document that is none: skipped, and said.
    let text = "{\"about\":\"a statement may name qcs::cos resources, as in name/cos:GetObject\",\"statement\":1}";
    let run = Project::new().file("doc.json", text).file("a.json", NARROW).run(["check", "--owner=alice"]).exits(0);
    let note = "a file was skipped that looks like a policy, but none was recognised: `doc.json`";
    assert!(run.stdout.contains(note), "{}", run.stdout);
}

#[test]
fn bad_input_is_said_and_never_clean() {
    for (text, words) in [
        (Vec::new(), "empty.json"),
        (b"\x7fELF\x00\x01\x02\xff\xfe\x00".to_vec(), "empty.json"),
        (b"\xff\xfe{\x00}\x00".to_vec(), "empty.json"),
        (WIDE.as_bytes()[..70].to_vec(), "empty.json"),
        (["[".repeat(100_000), "]".repeat(100_000)].concat().into_bytes(), "no policy was found"),
        ("[".repeat(100_000).into_bytes(), "empty.json"),
    ] {
        let run = Project::new().file("empty.json", text).run(["check", "empty.json"]).exits(2);
        assert!(run.stdout.contains(words), "{}", run.stdout);
    }
}

#[test]
fn a_huge_file_is_refused_unread() {
    let project = wide();
    fs::File::create(project.path("huge.json")).unwrap().set_len((256 << 20) + 1).unwrap();
    let run = project.run(SESSION.iter().chain(&["huge.json"])).exits(2);
    assert!(
        run.stdout.contains("huge.json: error: the file has 268435457 bytes; grantlint reads at most"),
        "{}",
        run.stdout
    );
    assert_eq!(places(&run)[..2], BOTH);
}

#[cfg(unix)]
#[test]
fn pipes_and_sockets_are_not_opened() {
    let project = wide();
    assert!(std::process::Command::new("mkfifo").arg(project.path("pipe.json")).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(project.path("socket.json")).unwrap();
    for name in ["pipe.json", "socket.json", "/dev/null"] {
        let run = project.run(["check", "--format=concise", name]).exits(2);
        assert!(run.stdout.contains("error: this is no regular file"), "{}", run.stdout);
    }
    let run = project.run(["check"]).exits(1);
    assert!(run.stdout.contains("2 files skipped"), "{}", run.stdout);
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_loops_are_reported() {
    use std::os::unix::fs::symlink;
    let project = wide().file("keys/b.json", WIDE);
    symlink("..", project.path("keys/loop")).unwrap();
    symlink("nowhere", project.path("keys/gone.json")).unwrap();
    symlink("nowhere", project.path("keys/gone.txt")).unwrap();
    symlink("a.json", project.path("link.json")).unwrap();
    let run = project.run(["check", "--format=concise"]).exits(2);
    let errors: Vec<_> = run.stdout.lines().filter(|line| line.contains("error: ")).collect();
    assert_eq!(
        errors,
        [
            "keys/gone.json: error: this link leads to no file",
            "keys/loop: error: this link leads back to `.`, a directory that holds it",
        ]
    );
    assert!(run.stdout.contains("link.json:1:58: "), "{}", run.stdout);
    symlink("self.json", project.path("self.json")).unwrap();
    project.run(["check", "self.json"]).exits(2);
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_said() {
    use std::os::unix::fs::PermissionsExt;
    let project = wide().file("secret.json", WIDE).file("closed/b.json", WIDE);
    fs::set_permissions(project.path("secret.json"), fs::Permissions::from_mode(0o000)).unwrap();
    fs::set_permissions(project.path("closed"), fs::Permissions::from_mode(0o000)).unwrap();
    // Who may read everything cannot be refused.
    let may_read = fs::read(project.path("secret.json")).is_ok();
    let run = project.run(["check", "--format=concise"]);
    fs::set_permissions(project.path("closed"), fs::Permissions::from_mode(0o700)).unwrap();
    if !may_read {
        let run = run.exits(2);
        for name in ["secret.json", "closed"] {
            let error = format!("{name}: error: this cannot be read: permission denied\n");
            assert!(run.stdout.contains(&error), "{}", run.stdout);
        }
    }
}

#[test]
fn names_of_files_cannot_forge_output() {
    let project = wide();
    if cfg!(unix) {
        fs::write(project.path("a\n::error::x\u{1b}[31m.json"), "{}").unwrap();
    }
    for format in ["human", "concise", "json", "sarif", "github", "gitlab"] {
        let run = project.run(["check", "--format", format, ".", "none\u{1b}[31m\n.json"]).exits(2);
        for text in [&run.stdout, &run.stderr] {
            assert!(!text.contains('\u{1b}') && !text.lines().any(|line| line.starts_with("::error::x")), "{text}");
        }
    }
}

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
    assert_eq!(places(&run), BOTH[1..]);
    let run = project.run(["check", "--kind=session"]).exits(1);
    assert!(run.stdout.contains("1 held back (1 ignored)"), "{}", run.stdout);
    assert_eq!(places(&project.run(SESSION.iter().chain(&["--no-ignores"])).exits(1)), BOTH);
    let from_below = wide().file(".git/HEAD", "").file("grantlint.toml", IGNORE).file("b/c", "").within("b");
    let run = from_below.run(["check", "--format=concise", "--kind=session", "../a.json"]).exits(1);
    assert_eq!(places(&run), ["../a.json:1:73: high[wildcard-resource"]);
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
    let run = project.file("a.json", NARROW).run(["check", "--owner=alice", "--baseline=known.json"]).exits(0);
    assert!(run.stdout.contains("note: known.json: 2 entries of it match no finding of this run"), "{}", run.stdout);
    let broken = Project::new().file("a.json", &WIDE[..60]);
    broken.run(["check", "a.json", "--write-baseline=known.json"]).exits(2);
    let run = broken.run(["check", "a.json", "--baseline=known.json", "--format=concise"]).exits(2);
    assert!(run.stdout.contains("invalid-json"), "{}", run.stdout);
    wide().file("known.json", "{\"version\":").run(["check", "--baseline=known.json"]).exits(2);
    wide().run(["check", "--baseline=none.json"]).exits(2);
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
fn rules_are_chosen_by_name() {
    let rules = |args: &[&str]| places(&wide().run(SESSION.iter().chain(args)));
    assert_eq!(rules(&["--select=wildcard-action"]), BOTH[..1]);
    assert_eq!(rules(&["--select=wildcard-action,wildcard-resource"]), BOTH);
    assert_eq!(rules(&["--ignore=wildcard-action"]), BOTH[1..]);
    assert_eq!(rules(&["--min-severity=high", "--min-confidence=high"]), BOTH);
    let run = wide().run(["check", "a.json", "--select=wildcard-resorce"]).exits(2);
    assert_eq!(run.stderr, "error: there is no rule `wildcard-resorce`\n  help: did you mean `wildcard-resource`?\n");
    let run = wide().run(["check", "a.json", "--min-confidence=medium"]).exits(0);
    assert!(run.stdout.contains("2 by profile and level"), "{}", run.stdout);
}

#[test]
fn a_report_goes_to_a_file_in_one_step() {
    let project = wide().file("out/report.json", "old");
    let args = ["check", "--kind=session", "--format=json", "--output=out/report.json", "a.json", "none.json"];
    let run = project.run(args).exits(2);
    assert_eq!(run.stdout, "");
    assert!(
        run.stderr.starts_with("error: none.json: there is no such file or directory\nchecked 1 file: "),
        "{}",
        run.stderr
    );
    assert_eq!(serde_json::from_str::<serde_json::Value>(&project.read("out/report.json")).unwrap()["version"], 1);
    assert_eq!(fs::read_dir(project.path("out")).unwrap().count(), 1);
    let run = project.run(["check", "a.json", "--output=none/report.json"]).exits(2);
    assert!(run.stderr.starts_with("error: `none/report.json` cannot be written: "), "{}", run.stderr);
    let run = project.run(["check", "a.json", "--format=concise", "--output=-"]).exits(1);
    assert!(run.stdout.starts_with("a.json:1:58"), "{}", run.stdout);
    if cfg!(unix) {
        project.run(["check", "a.json", "--output=/dev/null", "-q"]).exits(1);
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}

#[test]
fn a_closed_pipe_ends_quietly_with_the_usual_status() {
    let many = WIDE
        .replace("[{", &format!("[{}{{", "{\"effect\":\"allow\",\"action\":\"*\",\"resource\":\"*\"},".repeat(400)));
    let project = Project::new().file("a.json", many);
    for (args, status) in [
        (&["check", "a.json", "--format=json"][..], 1),
        (&["check", "a.json"], 1),
        (&["check", "a.json", "--exit-zero"], 0),
        (&["check", "a.json", "none.json", "--format=concise"], 2),
        (&["rules"], 0),
        (&["explain", "wildcard-resource"], 0),
        (&["completions", "bash"], 0),
        (&["--help"], 0),
    ] {
        let mut child = project.program(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(status), "{args:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_no_closed_pipe() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = wide().program(["check", "a.json"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: standard output cannot be written: "));
}

#[test]
fn colours_are_for_those_who_want_them() {
    let has_colours = |variables: &[(&str, &str)], args: &[&str]| {
        let project = variables.iter().fold(wide(), |project, (name, value)| project.variable(name, value));
        project.run(["check", "a.json"].iter().chain(args)).exits(1).stdout.contains('\u{1b}')
    };
    assert!(!has_colours(&[], &[]), "a pipe is no terminal");
    assert!(has_colours(&[], &["--color=always"]));
    assert!(has_colours(&[("CLICOLOR_FORCE", "1")], &[]));
    assert!(has_colours(&[("NO_COLOR", ""), ("CLICOLOR_FORCE", "1")], &[]));
    assert!(!has_colours(&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], &[]));
    assert!(!has_colours(&[("CLICOLOR_FORCE", "1")], &["--color=never"]));
    assert!(has_colours(&[("NO_COLOR", "1")], &["--color=always"]));
}

#[test]
fn rules_are_listed_and_explained() {
    let project = Project::new();
    let table = project.run(["rules"]).exits(0).stdout;
    assert!(table.starts_with("rule") && table.lines().any(|line| line.starts_with("wildcard-resource ")), "{table}");
    let json = project.run(["rules", "--format=json"]).exits(0).json();
    let names: Vec<_> = json["rules"].as_array().unwrap().iter().map(|rule| rule["name"].as_str().unwrap()).collect();
    assert!(names.is_sorted() && table.lines().count() == names.len() + 1);
    assert!(project.run(["explain", "wildcard-resource"]).exits(0).stdout.starts_with("# wildcard-resource\n"));
    let run = project.run(["explain", "wildcard-resorce"]).exits(2);
    assert!(run.stderr.contains("did you mean `wildcard-resource`?"), "{}", run.stderr);
}

#[test]
fn a_matrix_is_printed_or_refused() {
    let project = wide().file("package.json", "{}").stdin(WIDE);
    for format in ["table", "markdown", "csv", "json"] {
        let run = project.run(["matrix", "--kind=session", "--format", format, "a.json"]).exits(0);
        assert!(run.stdout.contains("PutObject") && run.stderr.is_empty(), "{}{}", run.stdout, run.stderr);
    }
    project.run(["matrix", "-"]).exits(0);
    for (file, words) in [("none.json", "no such file"), ("package.json", "no policy"), (".", "directory")] {
        let run = project.run(["matrix", file]).exits(2);
        assert!(run.stderr.starts_with("error: ") && run.stderr.contains(words), "{}", run.stderr);
    }
}

#[test]
fn a_configuration_is_begun_once() {
    let project = wide();
    assert_eq!(project.run(["init"]).exits(0).stderr, "wrote `grantlint.toml`\n");
    project.run(["check"]).exits(1);
    let run = project.file("grantlint.toml", "# mine\n").run(["init"]).exits(2);
    assert_eq!(run.stderr, "error: `grantlint.toml` cannot be written: it is already there\n");
}

#[test]
fn help_schemas_and_completions_are_printed() {
    let project = Project::new();
    for args in [&["--help"][..], &["check", "--help"], &["-h"], &["check", "-h"]] {
        assert!(project.run(args).exits(0).stdout.contains("Exit status:"), "{args:?}");
    }
    assert_eq!(project.run(["--version"]).exits(0).stdout, "grantlint [VERSION]\n");
    for wrong in
        [&["check", "--formt"][..], &["chek"], &[], &["check", "--kind=undetermined"], &["completions", "tcsh"]]
    {
        assert_eq!(project.run(wrong).exits(2).stdout, "", "{wrong:?}");
    }
    for which in ["config", "report"] {
        assert!(project.run(["schema", which]).exits(0).json()["$schema"].is_string());
    }
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        assert!(project.run(["completions", shell]).exits(0).stdout.contains("grantlint"), "{shell}");
    }
}

#[test]
fn the_number_of_threads_shows_nowhere() {
    use grantlint::engine::{Request, run};
    use grantlint::report::{Format, Options, render};
    let project = (0..40).fold(Project::new(), |project, number| {
        let text = [WIDE, NARROW, "{}", &WIDE[..60]][number % 4];
        project.file(&format!("{}/{number}.json", number % 7), text)
    });
    let report = |threads: usize| {
        let paths = vec![project.path("")];
        let working_directory = project.path("");
        let outcome = run(&Request { paths, working_directory, threads: Some(threads), ..Request::default() }, &());
        let mut out = Vec::new();
        render(&outcome, Format::Json, &Options::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    let one = report(1);
    assert!(one.contains("\"policies\": 20") || one.contains("wildcard-action"), "{one}");
    for threads in [2, 3, 8] {
        assert!(report(threads) == one, "{threads} threads");
    }
}

#[test]
fn nothing_that_is_typed_or_read_commands_a_build_service() {
    let command = "##vso[task.complete result=Succeeded]";
    let run = wide().run(["check", "--kind", &format!("a\n{command}\n::error::b\u{1b}[31m"), "a.json"]).exits(2);
    let acts = |line: &str| line.contains("##vso[") || line.starts_with("::") || line.contains('\u{1b}');
    assert!(!run.stderr.lines().any(acts), "{}", run.stderr);
    assert!(run.stderr.contains("possible values"), "{}", run.stderr);
    let text = NARROW.replace("alice", command);
    for format in ["table", "markdown", "csv", "json"] {
        let run = Project::new().file("a.json", &text).run(["matrix", "--format", format, "a.json"]).exits(0);
        assert!(run.stdout.contains("vso[") && !run.stdout.contains("##vso["), "{}", run.stdout);
    }
    let run = Project::new().file("a.json", &text).run(["matrix", "--format", "json", "a.json"]).exits(0);
    assert!(run.json()["policies"][0]["columns"][0]["resource"].as_str().unwrap().contains(command));
}

#[test]
fn a_policy_of_other_services_alone_is_said_to_be_one() {
    let of = |action: &str, resource: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"{action}","Resource":"{resource}"}}]}}"#
        )
    };
    let note = "speaks of other services only; nothing in it is about object storage, so nothing was judged";
    let project = Project::new()
        .file("sts.json", of("sts:*", "*"))
        .file("ec2.json", of("ec2:RunInstances", "arn:aws:ec2:*:*:instance/*"))
        .file("own.json", of("s3:GetObject", "arn:aws:s3:::b/u/a"));
    for name in ["sts.json", "ec2.json"] {
        let args = ["check", name];
        let run = project.run(args).exits(0);
        assert_eq!(run.stdout.matches(note).count(), 1, "{}", run.stdout);
        let report = project.run(["check", "--format", "json", name]);
        assert_eq!(report.exits(0).json()["files"][0]["other_services"], true);
    }
    let run = project.run(["check", "own.json"]).exits(0);
    assert!(!run.stdout.contains("other services"), "{}", run.stdout);
    let report = project.run(["check", "--format", "json", "own.json"]).exits(0).json();
    assert!(report["files"][0].get("other_services").is_none());
}
