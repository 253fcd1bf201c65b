//! Which files are read, and what is said of those that cannot be.

use std::fs;

use super::{BOTH, SESSION, places, wide};
use crate::harness::{NARROW, Project, Run, WIDE};

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
    assert!(run.stdout.contains("names that end in .json, .jsonc, .policy"), "{}", run.stdout);
    let run = project.run(["check", "-v", "none"]).exits(2);
    assert!(
        run.stdout.starts_with("skipped: none/a.txt: its name does not end as a policy's does\n"),
        "{}",
        run.stdout
    );
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
