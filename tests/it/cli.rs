//! The program as a user meets it: exit status, streams and flags. What it reads and how it is configured have modules of
//! their own.

mod configuration;
mod files;

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

#[test]
fn rules_are_chosen_by_name() {
    let rules = |args: &[&str]| places(&wide().run(SESSION.iter().chain(args)));
    assert_eq!(rules(&["--select=wildcard-action"]), BOTH[..1]);
    assert_eq!(rules(&["--select=wildcard-action,wildcard-resource"]), BOTH);
    let without = ["a.json:1:58: high[bucket-administration", BOTH[1]];
    assert_eq!(rules(&["--ignore=wildcard-action"]), without);
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
    let csv = project.run(["matrix", "-f", "csv", "a.json"]).exits(0).stdout;
    assert!(csv.lines().skip(1).all(|line| line.starts_with("a.json,")), "{csv}");
    project.run(["matrix", "-"]).exits(0);
    // One filling of a placeholder wherever it stands.
    let open = |path: &str, denied: &str| {
        format!(
            r#"{{"version":"2.0","statement":[
             {{"effect":"allow","action":"name/cos:PutObject","resource":"qcs::cos:ap-guangzhou:uid/1250000000:b-1250000000/{path}"}},
             {{"effect":"deny","action":"name/cos:PutObject","resource":"qcs::cos:ap-guangzhou:uid/1250000000:b-1250000000/{denied}"}}]}}"#
        )
    };
    for (path, denied) in [("f/<user>/*", "f/<user>/locked/*"), ("<t>/<a>/x/*", "<t>/<a>/y/<b>/*")] {
        Project::new().file("decided.json", open(path, denied)).run(["matrix", "decided.json"]).exits(0);
    }
    let tags = r#"{"version":"2.0","statement":[{"effect":"allow","action":"name/cos:GetObject",
        "resource":"qcs::cos:ap-guangzhou:uid/1250000000:b-1250000000/a","condition":{
        "for_any_value:string_equal":{"qcs:request_tag":"a&b"},"for_any_value:string_not_equal":{"qcs:request_tag":"a&b"}}}]}"#;
    let project = Project::new().file("open.json", tags);
    let run = project.run(["matrix", "open.json"]).exits(2);
    assert!(run.stderr.contains("1 cell of the matrix was not decided"), "{}", run.stderr);
    let run = project.run(["effective", "--caller", "open.json", "--session", "open.json"]).exits(2);
    assert!(run.stdout.contains("not decided") || run.stderr.contains("not decided"), "{}{}", run.stdout, run.stderr);
    let s3 = |resource: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"s3:PutObject","Resource":"{resource}"}}]}}"#
        )
    };
    let project = Project::new().file("old.json", s3("*")).file("new.json", s3("arn:aws:s3:::<Bucket>/<User>/*"));
    let run = project.run(["diff", "old.json", "new.json"]).exits(0);
    assert!(run.stdout.contains("narrower"), "holes in two parts lie in `*`: {}", run.stdout);
    for (policy, told) in [
        (
            r#"{"version":"2.0","statement":{"effect":"allow","action":"name/cos:{x}","resource":"*"}}"#,
            "`name/cos:{x}` cannot be read",
        ),
        (
            r#"{"version":"2.0","statement":{"effect":"permit","action":"name/cos:PutObject","resource":"*"}}"#,
            "neither allow nor deny",
        ),
        (
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":null}]}"#,
            "`Resource` of",
        ),
    ] {
        let run = Project::new().file("open.json", policy).run(["matrix", "open.json"]).exits(2);
        assert!(run.stderr.contains(told), "{}", run.stderr);
    }
    let all_but = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutObject","NotResource":"arn:aws:s3:::b/a/*"}]}"#;
    let run = Project::new().file("rest.json", all_but).run(["matrix", "rest.json"]).exits(0);
    assert!(run.stdout.contains("1 action x 2 resources = 2 scenarios, 1 of them grants something"), "{}", run.stdout);
    let project = wide().file("package.json", "{}").stdin(WIDE);
    for (file, words) in [("none.json", "no such file"), ("package.json", "no policy"), (".", "directory")] {
        let run = project.run(["matrix", file]).exits(2);
        assert!(run.stderr.starts_with("error: ") && run.stderr.contains(words), "{}", run.stderr);
    }
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
fn an_owner_is_one_segment() {
    let project = Project::new().file("a.json", NARROW);
    for owner in ["a/b", "", "a b", "*"] {
        let run = project.run(["check", "--owner", owner, "a.json"]).exits(2);
        assert!(run.stderr.contains("write the name alone, such as `alice`"), "{}", run.stderr);
    }
}

#[test]
fn help_lists_every_command() {
    let help = Project::new().run(["--help"]).exits(0).stdout;
    assert!(help.contains("  schema "), "{help}");
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
