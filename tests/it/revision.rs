//! What changed since a git revision, in real repositories.
//!
//! Every test makes a repository of its own, with nothing of the machine's configuration, and looks at the working tree as
//! `grantlint diff --base` does.

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

#[test]
fn what_is_no_revision_is_refused() {
    let repository = Repository::with(&[("a.json", WIDE)]);
    repository.commit();
    let first = repository.git(&["rev-parse", "HEAD~1"]);
    let blob = repository.git(&["rev-parse", "HEAD:a.json"]);
    let marker = repository.root.join("marker");
    for base in ["--output=marker", "-x", "-", "", "--all", "--", "HEAD\0"] {
        assert!(repository.refusal(base).contains("this is no revision"), "{base}");
    }
    assert!(!marker.exists());
    for base in ["HEAD~1..HEAD", "HEAD~1...HEAD", "..HEAD"] {
        assert!(repository.refusal(base).contains("this is a range"), "{base}");
    }
    for base in ["nope", "HEAD~7", &"1".repeat(40), "HEAD:none.json", "HEAD --all", "HEAD\nHEAD", "$(touch marker)"] {
        assert!(repository.refusal(base).contains("there is no such revision here"), "{base}");
    }
    assert!(!marker.exists());
    for base in ["HEAD:a.json", &blob, "HEAD^{tree}"] {
        assert!(repository.refusal(base).contains("this names something that is no commit"), "{base}");
    }
    assert!(repository.refusal("^HEAD").contains("no single revision"));
    repository.git(&["tag", "-a", "-m", "x", "v1"]);
    repository.git(&["branch", "topic/x"]);
    for base in ["v1", "topic/x", "HEAD^0", "@", &first, &first[..9], ":/files"] {
        assert_eq!(shown(&repository.changes(base, &[]).unwrap()), [""; 0], "{base}");
    }
    assert_eq!(
        repository.refusal("nope"),
        "--base nope: there is no such revision here (fetch it, or name another one)"
    );
}

#[test]
fn a_directory_without_a_repository_says_so() {
    let place = tempfile::tempdir().unwrap();
    let trouble = changes("HEAD", &[], place.path()).unwrap_err();
    assert!(trouble.message.contains("belongs to no git repository"), "{trouble:?}");
    git(place.path(), ["init", "-q", "--bare", "bare.git"]);
    let trouble = changes("HEAD", &[], &place.path().join("bare.git")).unwrap_err();
    assert!(trouble.message.contains("no working tree"), "{trouble:?}");
    // A repository without a commit has no revision.
    assert!(Repository::new().refusal("HEAD").contains("there is no such revision here"));
}

#[test]
fn a_clone_that_lacks_the_revision_says_how_to_get_it() {
    let origin = Repository::with(&[("a.json", WIDE)]);
    let first = origin.git(&["rev-parse", "HEAD"]);
    origin.write("a.json", NARROW);
    origin.commit();
    origin.git(&["branch", "base"]);
    let place = tempfile::tempdir().unwrap();
    let url = format!("file://{}", origin.root.display());
    git(place.path(), ["clone", "-q", "--depth=1", "--no-single-branch", &url, "shallow"]);
    let shallow = place.path().join("shallow");
    for base in ["HEAD~1", &first, "nope"] {
        let said = said(&changes(base, &[], &shallow).unwrap_err());
        assert!(said.contains("this clone is shallow") && said.contains("git fetch --unshallow"), "{said}");
    }
    assert_eq!(shown(&changes("origin/base", &[], &shallow).unwrap()), [""; 0]);
    git(&shallow, ["fetch", "-q", "--unshallow"]);
    assert_eq!(shown(&changes("HEAD~1", &[], &shallow).unwrap()), ["~ a.json"]);
    let said = said(&changes("base", &[], &shallow).unwrap_err());
    assert!(said.contains("name the branch of the remote: `origin/base`"), "{said}");
}

#[test]
fn a_text_that_a_partial_clone_lacks_is_not_fetched() {
    let origin = Repository::with(&[("a.json", WIDE)]);
    origin.git(&["config", "uploadpack.allowFilter", "true"]);
    origin.write("a.json", NARROW);
    origin.commit();
    let place = tempfile::tempdir().unwrap();
    let url = format!("file://{}", origin.root.display());
    git(place.path(), ["clone", "-q", "--filter=blob:none", &url, "partial"]);
    let partial = place.path().join("partial");
    fs::remove_dir_all(&origin.root).unwrap();
    let found = changes("HEAD~1", &[], &partial).unwrap();
    assert_eq!(shown(&found), [""; 0]);
    assert!(troubles(&found)[0].contains("does not hold the text that the file has in `HEAD~1`"), "{found:?}");
}

#[test]
#[cfg(unix)]
fn odd_names_stay_as_they_are() {
    use std::os::unix::ffi::OsStrExt;
    let repository = Repository::with(&[("keep.json", WIDE)]);
    let odd: [&[u8]; 7] = [
        b"a b.json",
        b"line\nbreak.json",
        b"quote\".json",
        b"back\\slash.json",
        b":(glob)star*.json",
        b"-x.json",
        b"caf\xe9.json",
    ];
    let path = |name: &[u8]| PathBuf::from(OsStr::from_bytes(name));
    for name in odd {
        repository.write(path(name), WIDE);
    }
    let names = |found: Result<Changes, Trouble>| {
        let found = found.unwrap();
        assert_eq!(found.troubles, []);
        found.changes.iter().map(|change| change.path.clone()).collect::<Vec<_>>()
    };
    let mut all: Vec<PathBuf> = odd.iter().map(|name| repository.root.join(path(name))).collect();
    all.sort();
    let sorted = |mut paths: Vec<PathBuf>| {
        paths.sort();
        paths
    };
    // Untracked, then tracked and changed, then deleted; named one by one, all of them, or by their directory.
    for step in 0..3 {
        assert_eq!(sorted(names(repository.changes("HEAD", &[]))), all, "{step}");
        let named: Vec<PathBuf> = odd.iter().map(|name| path(name)).collect();
        assert_eq!(sorted(names(changes("HEAD", &named, &repository.root))), all, "{step}");
        for name in &named {
            let one = names(changes("HEAD", std::slice::from_ref(name), &repository.root));
            assert_eq!(one, [repository.root.join(name)], "{step}");
        }
        match step {
            0 => {
                repository.commit();
                for name in odd {
                    repository.write(path(name), NARROW);
                }
            }
            _ => named.iter().for_each(|name| drop(fs::remove_file(repository.root.join(name)))),
        }
    }
}

#[test]
#[cfg(unix)]
fn links_are_not_followed_into_a_revision() {
    use std::os::unix::fs::symlink;
    let repository =
        Repository::with(&[("v1.json", WIDE), ("v2.json", NARROW), ("real/x.json", WIDE), ("f.json", WIDE)]);
    symlink("v1.json", repository.root.join("current.json")).unwrap();
    symlink("real", repository.root.join("way")).unwrap();
    repository.commit();
    assert_eq!(repository.clean(&[]), [""; 0]);
    for name in ["current.json", "way", "f.json"] {
        repository.remove(name);
        symlink("v2.json", repository.root.join(name)).unwrap();
    }
    symlink("v2.json", repository.root.join("untracked.json")).unwrap();
    let found = repository.changes("HEAD", &[]).unwrap();
    assert_eq!(shown(&found), [""; 0]);
    let of = |found: &Changes| found.troubles.iter().map(|trouble| trouble.file.clone()).collect::<Vec<_>>();
    assert_eq!(of(&found), ["current.json", "f.json", "untracked.json"]);
    assert!(found.troubles[0].message.contains("a link, which is not followed"), "{found:?}");
    assert_eq!(found.skipped.iter().map(|skipped| skipped.file.as_str()).collect::<Vec<_>>(), ["way"]);
    // Named, they are refused: what they led to may differ.
    repository.remove("way");
    symlink("real", repository.root.join("way")).unwrap();
    let found = repository.changes("HEAD", &["current.json", "way/x.json", "way"]).unwrap();
    assert_eq!(of(&found), ["current.json", "way", "way/x.json"]);
    // A link on the way to the repository is no matter.
    let place = tempfile::tempdir().unwrap();
    symlink(&repository.root, place.path().join("link")).unwrap();
    repository.write("v1.json", NARROW);
    let found = changes("HEAD", &["v1.json".into()], &place.path().join("link")).unwrap();
    assert_eq!((shown(&found), troubles(&found)), (vec!["~ v1.json".to_owned()], vec![]));
    assert_eq!(found.changes[0].path, place.path().join("link/v1.json"));
}

#[test]
fn submodules_and_other_repositories_are_left_aside() {
    let inner = Repository::with(&[("x.json", WIDE)]);
    let repository = Repository::with(&[("a.json", WIDE)]);
    repository.git(&["submodule", "--quiet", "add", inner.root.to_str().unwrap(), "sub"]);
    repository.commit();
    repository.write("sub/x.json", NARROW);
    assert_eq!(repository.clean(&[]), [""; 0]);
    let sub = repository.root.join("sub");
    git(&sub, ["commit", "-q", "-a", "-m", "x"]);
    fs::create_dir(repository.root.join("other")).unwrap();
    git(&repository.root.join("other"), ["init", "-q"]);
    repository.write("other/y.json", WIDE);
    git(&repository.root.join("other"), ["add", "y.json"]);
    git(&repository.root.join("other"), ["commit", "-q", "-m", "x"]);
    let found = repository.changes("HEAD", &[]).unwrap();
    assert_eq!((shown(&found), troubles(&found)), (vec![], vec![]));
    assert_eq!(found.skipped.iter().map(|skipped| skipped.file.as_str()).collect::<Vec<_>>(), ["other", "sub"]);
    let found = repository.changes("HEAD", &["sub", "sub/x.json", "other/y.json"]).unwrap();
    assert_eq!(shown(&found), [""; 0]);
    assert!(troubles(&found).iter().all(|said| said.contains("belongs to another repository")), "{found:?}");
    assert_eq!(found.troubles.len(), 3);
    // Inside it has revisions of its own.
    assert_eq!(shown(&changes("HEAD~1", &[], &sub).unwrap()), ["~ x.json"]);
}

#[test]
fn a_conflict_is_compared_as_it_stands() {
    let repository = Repository::with(&[("a.json", WIDE)]);
    repository.git(&["checkout", "-q", "-b", "other"]);
    repository.write("a.json", "other");
    repository.commit();
    repository.git(&["checkout", "-q", "main"]);
    repository.write("a.json", NARROW);
    repository.commit();
    let merge = Command::new("git").current_dir(&repository.root).args(["merge", "-q", "other"]).output().unwrap();
    assert!(!merge.status.success());
    assert_eq!(repository.clean(&[]), ["~ a.json"]);
    let found = repository.changes("HEAD", &["a.json"]).unwrap();
    assert!(found.changes[0].new.as_ref().unwrap().text().contains("<<<<<<<"));
}

#[test]
fn a_sparse_checkout_is_no_deletion() {
    let repository = Repository::with(&[("in/a.json", WIDE), ("out/b.json", WIDE), ("out/c.json", WIDE)]);
    repository.write("out/b.json", NARROW);
    repository.commit();
    repository.git(&["sparse-checkout", "set", "in"]);
    assert!(!repository.root.join("out/b.json").exists());
    assert_eq!(repository.clean(&[]), [""; 0]);
    let found = repository.changes("HEAD~1", &[]).unwrap();
    assert_eq!((shown(&found), troubles(&found)), (vec!["~ out/b.json".to_owned()], vec![]));
}

#[test]
fn settings_of_the_repository_start_no_program() {
    let repository = Repository::with(&[("a.json", WIDE), (".gitattributes", "*.json diff=odd\n")]);
    let marker = repository.root.join("marker.txt");
    let program = format!("touch {}", marker.display());
    for key in
        ["diff.external", "diff.odd.textconv", "diff.odd.command", "core.fsmonitor", "core.pager", "pager.diff-index"]
    {
        repository.git(&["config", key, &program]);
    }
    for (key, value) in [("diff.renames", "false"), ("diff.noprefix", "true"), ("core.quotepath", "true")] {
        repository.git(&["config", key, value]);
    }
    repository.write("a.json", NARROW);
    let index = fs::read(repository.root.join(".git/index")).unwrap();
    assert_eq!(repository.clean(&[]), ["~ a.json"]);
    assert!(!marker.exists());
    assert_eq!(index, fs::read(repository.root.join(".git/index")).unwrap(), "nothing is written");
}

#[test]
fn a_text_that_is_too_large_is_refused_on_either_side() {
    let repository = Repository::with(&[("a.json", WIDE), ("b.json", WIDE)]);
    // A file of nulls costs no room on disk, and little in a pack.
    let huge = fs::File::create(repository.root.join("a.json")).unwrap();
    huge.set_len(grantlint::text::MAX_BYTES + 1).unwrap();
    repository.write("b.json", NARROW);
    let found = repository.changes("HEAD", &[]).unwrap();
    assert_eq!(shown(&found), ["~ b.json"]);
    assert!(troubles(&found)[0].contains("268435457 bytes"), "{found:?}");
    repository.commit();
    repository.write("a.json", NARROW);
    repository.write("b.json", WIDE);
    let found = repository.changes("HEAD", &[]).unwrap();
    assert_eq!(shown(&found), ["~ b.json"]);
    assert!(troubles(&found)[0].contains("in `HEAD`: the file has 268435457 bytes"), "{found:?}");
}
