//! `grantlint generate`: which expectation, and what is said where there is no policy.

use super::FILES;
use crate::harness::Project;

/// A project with two named expectations and one without a name.
fn project() -> Project {
    let entry = |name: &str, keys: &str| {
        let allow = format!("allow = [{{ actions = 'GetObject', keys = '{keys}' }}]\n");
        format!("[[expect]]\nfiles = 'to-come.json'\n{name}\n{allow}")
    };
    let text = [
        entry("name = 'avatars'\nbucket = 'b-1250000000'", "app/avatar/{user}/*"),
        entry("name = 'files'", "app/files/*"),
        entry("kind = 'identity'", "app/*"),
    ];
    Project::new().file("grantlint.toml", text.concat())
}

#[test]
fn an_expectation_is_asked_for_by_name_or_place() {
    let keys = |args: &[&str]| {
        let run = project().run(["generate"].iter().chain(args)).exits(0);
        assert_eq!(run.stderr, "");
        run.json()["statement"][0]["resource"][0].as_str().unwrap().rsplit_once("0000000/").map_or_else(
            || run.json()["statement"][0]["resource"][0].as_str().unwrap().rsplit_once(">/").unwrap().1.to_owned(),
            |(_, key)| key.to_owned(),
        )
    };
    assert_eq!(keys(&["--expect", "avatars"]), "app/avatar/{user}/*");
    assert_eq!(keys(&["--expect=avatars", "--set", "user=bob"]), "app/avatar/bob/*");
    assert_eq!(keys(&["--expect=files"]), "app/files/*");
    assert_eq!(keys(&["--expect=grantlint.toml:10"]), "app/*");
    let only = Project::new().file("grantlint.toml", FILES).file("deep/x", "").file(".git/HEAD", "");
    assert_eq!(only.run(["generate"]).exits(0).stdout, only.run(["generate", "--config=grantlint.toml"]).stdout);
    only.within("deep").run(["generate"]).exits(0);
}

#[test]
fn what_cannot_be_generated_is_said() {
    let error = |args: &[&str]| {
        let run = project().run(["generate"].iter().chain(args)).exits(2);
        assert_eq!(run.stdout, "");
        run.stderr
    };
    insta::assert_snapshot!(
        [
            error(&[]),
            error(&["--expect=avatar"]),
            error(&["--expect=x"]),
            error(&["--expect=avatars", "--set=usr=alice"]),
            error(&["--expect=avatars", "--set=name=alice"]),
            error(&["--expect=files", "--set=user=alice"]),
            error(&["--expect=avatars", "--set=user=a", "--set=user=a"]),
            error(&["--expect=avatars", "--set=user=##vso[task.complete]\u{1b}\n::error::"]),
            error(&["--expect=avatars", "--bucket=c-1250000000"]),
            error(&["--expect=avatars", "--account=1250000001"]),
            error(&["--expect=files", "--bucket=photos"]),
            error(&["--expect=files", "--region=ap-guangzou"]),
            error(&["--expect=files", "--account=100000000001"]),
        ]
        .concat(),
        @r###"
    error: there are several expectations
      help: choose one with `--expect`: `avatars`, `files`, `grantlint.toml:10`
    error: there is no expectation `avatar`
      help: did you mean `avatars`?
    error: there is no expectation `x`
      help: use one of `avatars`, `files`, `grantlint.toml:10`
    error: the expectation `avatars` has no hole `usr`
      help: did you mean `user`?
    error: the expectation `avatars` has no hole `name`
      help: its keys have `user`
    error: the expectation `files` has no hole `user`
      help: its keys have no holes
    error: the hole `user` is filled twice
      help: give it one value
    error: `\u{23}#vso[task.complete]\u{1b}\u{a}::error::` cannot fill `user`: it holds `[`, a mark of holes
      help: a hole stands for one plain name, such as `alice`
    error: the expectation `avatars` is for the bucket `b-1250000000`, not `c-1250000000`
      help: leave `--bucket` out
    error: the account is `1250000001`, and the bucket `b-1250000000` belongs to `1250000000`
      help: write `1250000000`, or leave it out
    error: the bucket `photos` lacks its APPID
      help: write `photos-<APPID>`
    error: `ap-guangzou` is no region
      help: did you mean `ap-guangzhou`?
    error: `100000000001` is an account id (uin), not an APPID
      help: write the number behind the last hyphen of the bucket's name
    "###
    );
    assert!(error(&["--set=user"]).contains("write it as KEY=VALUE"));
    assert!(error(&["--set==a"]).contains("write it as KEY=VALUE"));
    let run = Project::new().run(["generate"]).exits(2);
    assert!(
        run.stderr.starts_with("error: there is no `grantlint.toml` here\n  help: `grantlint init`"),
        "{}",
        run.stderr
    );
    let run = Project::new().file("grantlint.toml", "").run(["generate"]).exits(2);
    assert!(run.stderr.starts_with("error: grantlint.toml has no `[[expect]]`\n"), "{}", run.stderr);
    let run = Project::new().file("grantlint.toml", "[[expect]]\n").run(["generate"]).exits(2);
    assert!(run.stderr.contains("`[[expect]]` without `files`"), "{}", run.stderr);
    Project::new().run(["generate", "--config=none.toml"]).exits(2);
}

#[test]
fn a_policy_that_is_written_is_checked_clean() {
    let project = Project::new().file("grantlint.toml", FILES);
    project.run(["check"]).exits(2);
    let text = project.run(["generate"]).exits(0).stdout;
    let project = project.file("policies/files.json", &text);
    let run = project.run(["check", "policies"]).exits(0);
    assert!(run.stdout.contains("; no findings"), "{}", run.stdout);
    let text = project.run(["generate", "--set=user=alice"]).exits(0).stdout;
    project.stdin(text).run(["check", "--kind=session", "--owner=alice", "-"]).exits(0);
    let help = Project::new().run(["generate", "--help"]).exits(0).stdout;
    assert!(help.contains("--set <HOLE=VALUE>") && help.contains("Exit status:"), "{help}");
}
