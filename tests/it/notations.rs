//! What is plainly no JSON is told in one line instead of in all its faults, never clean, and faulty JSON stays JSON.

use std::fs;
use std::path::{Path, PathBuf};

use grantlint::syntax::{notation_of, parse};

use super::harness::Project;

const YAML: &str =
    "# keys\nVersion: \"2012-10-17\"\nStatement:\n  - Effect: Allow\n    Action: s3:*\n    Resource: \"*\"\n";

const HCL: &str = "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({\n    Version = \"2012-10-17\"\n    Statement = \
                   [{ Effect = \"Allow\", Action = \"s3:*\", Resource = \"*\" }]\n  })\n}\n";

const SCRIPT: &str = "const policy = JSON.stringify({\n  version: '2.0',\n  statement: [{ effect: 'allow', action: \
                      ['name/cos:*'], resource: ['*'] }],\n});\n";

const TAGS: &str = "{\"Version\":\"1\",\"Statement\":[\n{% for u in users %}\n {\"Effect\":\"Allow\",\"Action\":[\"oss:PutObject\"],\
                    \"Resource\":[\"acs:oss:*:*:media/home/{{ u }}/*\"]},\n{% endfor %}\n]}\n";

#[test]
fn each_is_one_error_with_a_caret() {
    let run = Project::new().file("p.yaml", YAML).run(["check", "p.yaml"]).exits(2);
    insta::assert_snapshot!(run.stdout, @r##"
    error: p.yaml:2:1: this looks like YAML; grantlint reads JSON: convert it first
       ╭─[p.yaml:2:1]
     1 │ # keys
     2 │ Version: "2012-10-17"
       · ────────
     3 │ Statement:
       ╰────
    checked 1 file: 0 policies, 0 statements, 0 scenarios; no findings; 1 error: not everything was judged
    "##);
    let run = Project::new().file("a.json.j2", TAGS).run(["check"]).exits(2);
    let error = "error: a.json.j2:2:1: this template has control tags, and grantlint reads none: render it first\n";
    assert!(run.stdout.starts_with(error), "{}", run.stdout);
    assert!(run.stdout.contains(" 2 │ {% for u in users %}\n   · ────────────────────\n"), "{}", run.stdout);
    assert!(run.stdout.contains("; no findings; 1 error:"), "{}", run.stdout);
    let json = Project::new().file("p.yaml", YAML).run(["check", "-f", "json", "p.yaml"]).exits(2).json();
    assert_eq!((json["errors"].as_array().unwrap().len(), json["findings"].as_array().unwrap().len()), (1, 0));
    // No flag makes it clean.
    for flags in [&["--exit-zero"][..], &["--select=wildcard-action"], &["--min-severity=high", "--fail-on=never"]] {
        for (name, text) in [("p.yaml", YAML), ("a.json.j2", TAGS), ("main.tf", HCL), ("sts.js", SCRIPT)] {
            Project::new().file(name, text).run(["check", name].iter().chain(flags)).exits(2);
        }
    }
}

#[test]
fn what_stands_in_it_as_a_policy_is_judged_all_the_same() {
    for (name, text, told) in [("main.tf", HCL, "Terraform"), ("sts.js", SCRIPT, "JavaScript")] {
        let run = Project::new().file(name, text).run(["check", "--kind=session", "-f", "concise", name]).exits(2);
        assert!(
            run.stdout.contains("[wildcard-action]") && run.stdout.contains("[wildcard-resource]"),
            "{}",
            run.stdout
        );
        assert!(!run.stdout.contains("invalid-json"), "{}", run.stdout);
        let error = format!("{name}:1:1: error: this looks like {told}; grantlint reads JSON: convert it first\n");
        assert!(run.stdout.contains(&error) && run.stdout.matches("error:").count() == 1, "{}", run.stdout);
    }
}

#[test]
fn exact_commands_say_the_same() {
    let project = Project::new().file("p.yaml", YAML).file("a.json.j2", TAGS).file("sts.js", SCRIPT);
    let run = project.run(["can", "p.yaml", "PutObject", "media/a"]).exits(2);
    assert_eq!(run.stderr, "error: p.yaml: this looks like YAML; grantlint reads JSON: convert it first\n");
    let run = project.run(["can", "sts.js", "PutObject", "media-1250000000/a"]).exits(2);
    assert!(run.stdout.contains("this looks like JavaScript"), "{}", run.stdout);
    let run = project.run(["matrix", "a.json.j2"]).exits(2);
    assert!(run.stderr.contains("error: a.json.j2:2:1: this template has control tags"), "{}", run.stderr);
    let run = project.run(["diff", "p.yaml", "p.yaml"]).exits(2);
    assert_eq!(run.stdout.matches("this looks like YAML").count(), 2, "{}", run.stdout);
}

#[test]
fn a_walk_does_not_pass_over_it() {
    let good = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}"#;
    let yaml = "Version: \"2012-10-17\"\nStatement:\n  - Effect: Allow\n    Action: \"*\"\n    Resource: \"*\"\n";
    let project = Project::new().file("a.json", good).file("g.json", yaml).file("h.json", "a: 1\nb: 2\nc: 3\n");
    let run = project.run(["check", "--kind=session", "."]).exits(2);
    assert!(run.stdout.contains("error: g.json:1:1: this looks like YAML"), "{}", run.stdout);
    assert!(!run.stdout.contains("error: h.json"), "{}", run.stdout);
}

fn texts(directory: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts(&path, found);
        } else if let Ok(text) = fs::read_to_string(&path)
            && path.file_name().unwrap().to_string_lossy().contains(".json")
        {
            found.push((path, text));
        }
    }
}

/// No policy among the fixtures becomes something else by a fault: the first or the last brackets gone, a line, the quotes.
#[test]
fn a_fault_makes_no_other_notation_of_a_policy() {
    let mut found = Vec::new();
    texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"), &mut found);
    assert!(found.len() > 500, "{}", found.len());
    for (path, text) in found {
        let without_brackets = text.trim_start_matches(['{', '[', ' ', '\n']);
        let mut changed = vec![text.clone(), without_brackets.to_owned(), without_brackets.replace('"', "")];
        changed.push(text.replace('"', ""));
        changed.push(format!("// a comment\n{text}"));
        changed.push(text.trim_end().trim_end_matches(['}', ']']).to_owned());
        let lines: Vec<&str> = text.lines().collect();
        changed.extend((0..lines.len()).map(|out| {
            let kept = lines.iter().enumerate().filter(|(at, _)| *at != out).map(|(_, line)| *line);
            kept.collect::<Vec<_>>().join("\n")
        }));
        for text in changed {
            assert_eq!(notation_of(&parse(&text)), None, "{}: {text}", path.display());
        }
    }
}
