//! What is said where a revision, or a text of it, cannot be had.

use std::fs;

use grantlint::engine::changes;

use super::{Repository, git, said, shown, troubles};
use crate::harness::{NARROW, WIDE};

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
