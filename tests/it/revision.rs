//! What changed since a git revision, in real repositories.
//!
//! Every test makes a repository of its own, with nothing of the machine's configuration, and looks at the working tree as
//! `grantlint diff --base` does.

mod oddities;
mod refusals;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use grantlint::engine::{Change, Changes, Trouble, changes};
use tempfile::TempDir;

use super::harness::{NARROW, WIDE};

/// A repository in a directory of its own.
struct Repository {
    _place: TempDir,
    root: PathBuf,
}

fn git<A: AsRef<OsStr>>(directory: &Path, args: impl IntoIterator<Item = A>) -> String {
    let mut command = Command::new("git");
    command.current_dir(directory).args(["-c", "protocol.file.allow=always", "-c", "commit.gpgsign=false"]);
    command.args(args);
    for (name, value) in [
        ("GIT_CONFIG_GLOBAL", if cfg!(windows) { "NUL" } else { "/dev/null" }),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_AUTHOR_NAME", "a"),
        ("GIT_AUTHOR_EMAIL", "a@example.com"),
        ("GIT_COMMITTER_NAME", "a"),
        ("GIT_COMMITTER_EMAIL", "a@example.com"),
    ] {
        command.env(name, value);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

impl Repository {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().canonicalize().unwrap().join("repository");
        fs::create_dir(&root).unwrap();
        git(&root, ["init", "-q", "-b", "main"]);
        Self { _place: place, root }
    }

    /// With a commit of these files.
    fn with(files: &[(&str, &str)]) -> Self {
        let new = Self::new();
        for (name, text) in files {
            new.write(name, text);
        }
        new.commit();
        new
    }

    fn write(&self, name: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        let path = self.root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.root.join(name)).unwrap();
    }

    fn git(&self, args: &[&str]) -> String {
        git(&self.root, args)
    }

    fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "files"]);
    }

    fn changes(&self, base: &str, paths: &[&str]) -> Result<Changes, Trouble> {
        let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        changes(base, &paths, &self.root)
    }

    /// The changes since `HEAD`, of which nothing is in doubt.
    #[track_caller]
    fn clean(&self, paths: &[&str]) -> Vec<String> {
        let found = self.changes("HEAD", paths).unwrap();
        assert_eq!(found.troubles, []);
        shown(&found)
    }

    /// What is said instead of an answer.
    #[track_caller]
    fn refusal(&self, base: &str) -> String {
        said(&self.changes(base, &[]).unwrap_err())
    }
}

fn said(trouble: &Trouble) -> String {
    let help = trouble.help.as_deref().unwrap_or("-");
    format!("{}: {} ({help})", trouble.file, trouble.message)
}

fn troubles(found: &Changes) -> Vec<String> {
    found.troubles.iter().map(said).collect()
}

/// The changes, as `+ new`, `- deleted`, `~ changed`, `> old new` and `= old new` for a rename without a change.
fn shown(found: &Changes) -> Vec<String> {
    let line = |change: &Change| {
        let name = &change.name;
        match (&change.old, &change.new, &change.old_name) {
            (None, Some(_), None) => format!("+ {name}"),
            (Some(_), None, None) => format!("- {name}"),
            (Some(old), Some(new), None) => {
                assert_ne!(old.text(), new.text(), "{name}");
                format!("~ {name}")
            }
            (Some(old), Some(new), Some(old_name)) => {
                format!("{} {old_name} {name}", if old.text() == new.text() { "=" } else { ">" })
            }
            _ => panic!("{change:?}"),
        }
    };
    found.changes.iter().map(line).collect()
}

#[test]
fn what_is_new_changed_deleted_and_untouched_is_told_apart() {
    let repository =
        Repository::with(&[("p/a.json", WIDE), ("p/b.json", WIDE), ("p/c.json", WIDE), ("p/same.json", NARROW)]);
    assert_eq!(repository.clean(&[]), [""; 0]);
    repository.write("p/a.json", NARROW);
    repository.write("p/b.json", NARROW);
    repository.git(&["add", "p/b.json"]);
    repository.remove("p/c.json");
    repository.write("p/new.jsonc.tpl", WIDE.replace('2', "3"));
    repository.write("p/staged.policy", WIDE.replace('2', "4"));
    repository.git(&["add", "p/staged.policy"]);
    repository.write("p/notes.txt", "notes");
    let expected = ["~ p/a.json", "~ p/b.json", "- p/c.json", "+ p/new.jsonc.tpl", "+ p/staged.policy"];
    assert_eq!(repository.clean(&[]), expected);
    assert_eq!(repository.clean(&["p"]), expected);
    assert_eq!(repository.clean(&["p/a.json", "./p/../p/a.json"]), ["~ p/a.json"]);
    let found = repository.changes("HEAD", &["p/a.json"]).unwrap();
    let change = &found.changes[0];
    assert_eq!(change.old.as_ref().unwrap().text(), WIDE);
    assert_eq!(change.new.as_ref().unwrap().text(), NARROW);
    assert_eq!(change.new.as_ref().unwrap().name(), "p/a.json");
    assert_eq!(change.path, repository.root.join("p/a.json"));
    repository.commit();
    assert_eq!(repository.clean(&[]), [""; 0]);
    assert_eq!(shown(&repository.changes("HEAD~1", &[]).unwrap()).len(), 5);
    assert_eq!(shown(&repository.changes("main~1", &["p/notes.txt"]).unwrap()), ["+ p/notes.txt"]);
}

#[test]
fn a_text_that_is_the_same_is_no_change() {
    let repository = Repository::with(&[("a.json", WIDE)]);
    // Only the times differ; then only the mode.
    repository.write("a.json", NARROW);
    repository.write("a.json", WIDE);
    assert_eq!(repository.clean(&[]), [""; 0]);
    repository.git(&["update-index", "--chmod=+x", "a.json"]);
    assert_eq!(repository.clean(&[]), [""; 0]);
}

#[test]
fn files_are_followed_through_renames() {
    let long = "// a line\n".repeat(40);
    let repository = Repository::with(&[("p/a.json", &(long.clone() + WIDE)), ("p/b.json", NARROW)]);
    repository.git(&["mv", "p/a.json", "p/z.json"]);
    repository.write("p/z.json", long + NARROW);
    // Not added to the index: only an equal text is recognised.
    fs::rename(repository.root.join("p/b.json"), repository.root.join("p/y.json")).unwrap();
    assert_eq!(repository.clean(&[]), ["= p/b.json p/y.json", "> p/a.json p/z.json"]);
    let found = repository.changes("HEAD", &["p"]).unwrap();
    assert_eq!(found.changes[1].old.as_ref().unwrap().name(), "p/a.json");
    // Either name leads to both sides.
    assert_eq!(repository.clean(&["p/a.json"]), ["> p/a.json p/z.json"]);
    assert_eq!(repository.clean(&["p/z.json"]), ["> p/a.json p/z.json"]);
}

#[test]
fn a_rename_across_the_border_of_the_paths_comes_or_goes() {
    let repository = Repository::with(&[("p/a.json", WIDE), ("old/b.json", NARROW), ("p/c.txt", "other")]);
    repository.git(&["mv", "p/a.json", "old/a.json"]);
    repository.git(&["mv", "old/b.json", "p/b.json"]);
    repository.git(&["mv", "p/c.txt", "p/c.json"]);
    assert_eq!(repository.clean(&["p"]), ["- p/a.json", "+ p/b.json", "+ p/c.json"]);
    assert_eq!(repository.clean(&["p", "old"]), ["= p/a.json old/a.json", "= old/b.json p/b.json", "+ p/c.json"]);
}

#[test]
fn what_is_ignored_counts_only_when_it_is_named() {
    let repository = Repository::with(&[(".gitignore", "out/\n*.tmp.json\n"), ("a.json", WIDE)]);
    repository.write("out/x.json", WIDE);
    repository.write("out/deep/y.json", WIDE);
    repository.write("b.tmp.json", WIDE);
    assert_eq!(repository.clean(&[]), [""; 0]);
    assert_eq!(repository.clean(&["b.tmp.json"]), ["+ b.tmp.json"]);
    assert_eq!(repository.clean(&["out/x.json"]), ["+ out/x.json"]);
    assert_eq!(repository.clean(&["out"]), ["+ out/deep/y.json", "+ out/x.json"]);
    assert_eq!(repository.clean(&["out/deep"]), ["+ out/deep/y.json"]);
    // What git tracks counts although its name is ignored, and what it no longer tracks was changed, not deleted.
    repository.git(&["add", "-f", "b.tmp.json"]);
    repository.git(&["rm", "-q", "--cached", "a.json"]);
    repository.write("a.json", NARROW);
    assert_eq!(repository.clean(&[]), ["~ a.json", "+ b.tmp.json"]);
    assert_eq!(repository.clean(&["a.json"]), ["~ a.json"]);
}

#[test]
fn names_are_relative_to_the_working_directory() {
    let repository = Repository::with(&[("p/a.json", WIDE), ("p/deep/b.json", WIDE), ("q/c.json", WIDE)]);
    for name in ["p/a.json", "p/deep/b.json", "q/c.json"] {
        repository.write(name, NARROW);
    }
    let within = |directory: &str, paths: &[&str]| {
        let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        let found = changes("HEAD", &paths, &repository.root.join(directory)).unwrap();
        assert_eq!(found.troubles, []);
        assert!(found.changes.iter().all(|change| change.path.is_file()));
        shown(&found)
    };
    assert_eq!(within("p", &[]), ["~ a.json", "~ deep/b.json"]);
    assert_eq!(within("p/deep", &["..", "../../q"]), ["~ ../../q/c.json", "~ ../a.json", "~ b.json"]);
    assert_eq!(within("p", &[repository.root.join("q/c.json").to_str().unwrap()]), ["~ ../q/c.json"]);
}

#[test]
fn a_path_that_is_nowhere_is_said() {
    let repository = Repository::with(&[("p/a.json", WIDE), ("gone/b.json", WIDE)]);
    fs::remove_dir_all(repository.root.join("gone")).unwrap();
    let found = repository.changes("HEAD", &["p/a.json", "none.json", "gone", "gone/b.json", ".git/config"]).unwrap();
    assert_eq!(shown(&found), ["- gone/b.json"]);
    assert_eq!(
        troubles(&found),
        [
            ".git/config: this is git's own directory (name the files of the working tree)",
            "none.json: there is no such file or directory, neither here nor in `HEAD` (-)",
        ]
    );
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("x.json"), WIDE).unwrap();
    let found = changes("HEAD", &[elsewhere.path().join("x.json"), "../y.json".into()], &repository.root).unwrap();
    assert_eq!(found.troubles.len(), 2);
    for trouble in &found.troubles {
        assert!(trouble.message.starts_with("this lies outside the repository"), "{trouble:?}");
    }
}

#[test]
fn a_file_that_becomes_a_directory_counts_as_both() {
    let repository = Repository::with(&[("p", WIDE)]);
    repository.remove("p");
    repository.write("p/a.json", NARROW);
    assert_eq!(repository.clean(&["p"]), ["- p", "+ p/a.json"]);
}
