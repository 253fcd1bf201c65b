//! Repositories that are not as most are: odd names, links, submodules, conflicts, sparse checkouts, settings.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use grantlint::engine::{Changes, Trouble, changes};

use super::{Repository, git, shown, troubles};
use crate::harness::{NARROW, WIDE};

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
    assert_eq!(of(&found), ["current.json", "f.json", "untracked.json"], "`way` leads to no directory");
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
#[cfg(unix)]
fn what_lies_behind_a_link_is_compared_where_it_lies() {
    use std::os::unix::fs::symlink;
    let repository =
        Repository::with(&[("one/x.json", WIDE), ("two/y.json", WIDE), ("p/a.json", WIDE), ("z.txt", "z")]);
    let at = |name: &str| repository.root.join(name);
    symlink("../one", at("p/way")).unwrap();
    symlink("../two/y.json", at("p/current.json")).unwrap();
    symlink("../z.txt", at("p/readme")).unwrap();
    repository.commit();
    assert_eq!(shown(&repository.changes("HEAD", &["p"]).unwrap()), [""; 0]);
    for name in ["one/x.json", "two/y.json"] {
        repository.write(name, NARROW);
    }
    let found = repository.changes("HEAD", &["p"]).unwrap();
    assert_eq!((shown(&found), troubles(&found)), (vec!["~ one/x.json".to_owned(), "~ two/y.json".to_owned()], vec![]));
    // Where it leads to another directory now, nothing tells what lay behind it.
    repository.commit();
    repository.remove("p/way");
    symlink("../two", at("p/way")).unwrap();
    symlink("../one", at("p/untracked")).unwrap();
    let found = repository.changes("HEAD", &["p"]).unwrap();
    let files: Vec<&str> = found.troubles.iter().map(|trouble| trouble.file.as_str()).collect();
    assert_eq!((shown(&found), files), (vec![], vec!["p/untracked", "p/way"]));
    let outside = tempfile::tempdir().unwrap();
    for name in ["p/way", "p/untracked"] {
        repository.remove(name);
        symlink(outside.path(), at(name)).unwrap();
    }
    repository.commit();
    let found = repository.changes("HEAD", &["p"]).unwrap();
    assert!(troubles(&found).iter().all(|said| said.contains("behind this link: this lies outside")), "{found:?}");
    assert_eq!(found.troubles.len(), 2);
}

#[test]
fn what_git_takes_as_unchanged_is_compared_all_the_same() {
    let repository = Repository::with(&[("a.json", WIDE), ("b.json", WIDE), ("c.json", WIDE), ("d.txt", WIDE)]);
    repository.git(&["update-index", "--assume-unchanged", "a.json", "d.txt"]);
    repository.git(&["update-index", "--skip-worktree", "b.json"]);
    assert_eq!(repository.clean(&[]), [""; 0]);
    for name in ["a.json", "b.json", "d.txt"] {
        repository.write(name, NARROW);
    }
    assert_eq!(repository.clean(&[]), ["~ a.json", "~ b.json"]);
    assert_eq!(repository.clean(&["b.json", "d.txt"]), ["~ b.json", "~ d.txt"]);
}

#[test]
#[cfg(unix)]
fn a_link_that_git_takes_as_unchanged_is_refused_where_it_leads_elsewhere() {
    use std::os::unix::fs::symlink;
    let repository = Repository::with(&[("d1/x.json", NARROW), ("d2/x.json", WIDE), ("p/a.json", NARROW)]);
    let links = ["p/d", "p/e", "p/f"];
    for link in links {
        symlink("../d1", repository.root.join(link)).unwrap();
    }
    repository.commit();
    repository.git(&["update-index", "--assume-unchanged", "p/d", "p/f"]);
    repository.git(&["update-index", "--skip-worktree", "p/e"]);
    assert_eq!(repository.clean(&["p"]), [""; 0]);
    for link in &links[..2] {
        repository.remove(link);
        symlink("../d2", repository.root.join(link)).unwrap();
    }
    let found = repository.changes("HEAD", &["p"]).unwrap();
    let files: Vec<&str> = found.troubles.iter().map(|trouble| trouble.file.as_str()).collect();
    assert_eq!((shown(&found), files), (vec![], vec!["p/d", "p/e"]));
}

#[test]
fn submodules_and_other_repositories_are_compared_with_what_the_revision_has_of_them() {
    let inner = Repository::with(&[("x.json", WIDE)]);
    let repository = Repository::with(&[("a.json", WIDE)]);
    repository.git(&["submodule", "--quiet", "add", inner.root.to_str().unwrap(), "sub"]);
    repository.commit();
    assert_eq!(repository.clean(&[]), [""; 0]);
    assert_eq!(shown(&repository.changes("HEAD~1", &[]).unwrap()), ["+ sub/x.json"]);
    repository.write("sub/x.json", NARROW);
    assert_eq!(repository.clean(&[]), ["~ sub/x.json"]);
    let found = repository.changes("HEAD", &[]).unwrap();
    let names = [&found.changes[0].old, &found.changes[0].new].map(|source| source.as_ref().unwrap().name());
    assert_eq!(names, ["sub/x.json"; 2]);
    let sub = repository.root.join("sub");
    git(&sub, ["commit", "-q", "-a", "-m", "x"]);
    fs::create_dir(repository.root.join("other")).unwrap();
    git(&repository.root.join("other"), ["init", "-q"]);
    repository.write("other/y.json", WIDE);
    git(&repository.root.join("other"), ["add", "y.json"]);
    git(&repository.root.join("other"), ["commit", "-q", "-m", "x"]);
    let found = repository.changes("HEAD", &[]).unwrap();
    let all = vec!["+ other/y.json".to_owned(), "~ sub/x.json".to_owned()];
    assert_eq!((shown(&found), troubles(&found)), (all, vec![]));
    // Where it is not checked out there is nothing to compare.
    repository.commit();
    repository.git(&["submodule", "--quiet", "deinit", "-f", "sub"]);
    let found = repository.changes("HEAD~1", &[]).unwrap();
    assert_eq!((shown(&found), troubles(&found)), (vec!["+ other/y.json".to_owned()], vec![]));
    assert_eq!(found.skipped.iter().map(|skipped| skipped.file.as_str()).collect::<Vec<_>>(), ["sub"]);
    repository.git(&["submodule", "--quiet", "update", "--init", "sub"]);
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
