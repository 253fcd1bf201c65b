//! What changed between a git revision and the working tree.
//!
//! The `git` program is asked, never a library: it knows every form of repository, and what it says is what the user sees.
//! Which files count follows [`check`](super::run()): below a directory those whose ending says that they may hold a policy,
//! in the revision as in the working tree; a file that is named counts whatever its ending. What git tracks counts even
//! where `.gitignore` names it. Nothing is left out in silence: what cannot be compared is a [`Trouble`], and what need not be
//! is [`Skipped`]. Links are followed and submodules compared, as a walk does ([`behind`]).
//!
//! A file counts as renamed when git pairs it with a deleted one, or, for files that are not yet added to the index, when the
//! texts are equal; both names have to count. A file that comes into the paths from outside is new, and one that leaves
//! them is deleted, as `git diff REV -- PATH` has it; a file that is named is followed across. A rename without another change
//! stays in the answer, with both sides: another name can mean other facts.

mod behind;
mod git;
mod repository;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use self::behind::Behind;
use self::git::{NoObject, Objects};
use self::repository::{Repository, Side, Sort};
use super::read::read_file;
use super::walk::may_hold_policy;
use super::{Skipped, Trouble};
use crate::text::{Source, visible};

/// A file that differs between a revision and the working tree.
#[derive(Debug)]
pub struct Change {
    /// The file as it is reported, relative to the working directory: today's name, or its old one when it was deleted.
    pub name: String,
    /// Where it is, or was; absolute when the working directory is.
    pub path: PathBuf,
    /// Its name in the revision, when it had another one.
    pub old_name: Option<String>,
    /// Its text in the revision; none when it is new.
    pub old: Option<Source>,
    /// Its text in the working tree; none when it was deleted.
    pub new: Option<Source>,
}

/// What changed.
#[derive(Debug, Default)]
pub struct Changes {
    /// The files that differ, by name.
    pub changes: Vec<Change>,
    /// What could not be compared, by name; anything here means that the answer is not complete.
    pub troubles: Vec<Trouble>,
    /// What was rightly left aside: submodules that are not checked out, and links that lead to no policy.
    pub skipped: Vec<Skipped>,
}

/// What differs between the revision `base` and the working tree, in the files and directories `paths`; in
/// `working_directory` where there are none, and relative to it where they are not absolute.
///
/// Takes a handful of git processes, however many files there are, and memory for the texts that differ.
///
/// # Errors
/// When nothing can be compared: there is no git, no repository, or no such revision in it.
pub fn changes(base: &str, paths: &[PathBuf], working_directory: &Path) -> Result<Changes, Trouble> {
    let repository = Repository::open(working_directory)?;
    let commit = repository.commit(base)?;
    let mut out = compare(&repository, base, &commit, paths, working_directory)?;
    out.changes.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    out.troubles.sort_by(|a, b| (&a.file, &a.message).cmp(&(&b.file, &b.message)));
    out.troubles.dedup();
    out.skipped.sort_by(|a, b| a.file.cmp(&b.file));
    out.skipped.dedup();
    Ok(out)
}

/// What differs between `tree`, which the user calls `base`, and the working tree.
fn compare(
    repository: &Repository,
    base: &str,
    tree: &str,
    paths: &[PathBuf],
    working_directory: &Path,
) -> Result<Changes, Trouble> {
    let (scope, behind) = (Scope::default(), Behind::default());
    let mut run = Run { repository, base, scope, behind, out: Changes::default() };
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here } else { paths };
    run.take_in(paths, working_directory, tree)?;
    if !run.scope.is_empty() {
        run.look_behind()?;
        let pairs = run.pairs(tree)?;
        run.read(pairs)?;
        run.compare_repositories(tree)?;
    }
    Ok(run.out)
}

/// What is compared; paths are from the root of the repository.
#[derive(Debug, Default)]
struct Scope {
    files: BTreeSet<Vec<u8>>,
    directories: BTreeSet<Vec<u8>>,
    /// The named files that the revision holds.
    in_revision: BTreeSet<Vec<u8>>,
}

impl Scope {
    fn is_empty(&self) -> bool {
        self.files.is_empty() && self.directories.is_empty()
    }

    fn names(&self, path: &[u8]) -> bool {
        self.files.contains(path)
    }

    /// Whether the path lies in one of the directories.
    fn is_below(&self, path: &[u8]) -> bool {
        self.directories.iter().any(|directory| {
            directory.is_empty() || path.strip_prefix(directory.as_slice()).is_some_and(|rest| rest.starts_with(b"/"))
        })
    }

    /// Whether a file at the path counts.
    fn counts(&self, path: &[u8]) -> bool {
        self.names(path) || (may_hold_policy(Path::new(&git::to_os(path))) && self.is_below(path))
    }
}

/// The two sides of a file, one of them at least.
type Pair = (Option<Side>, Option<Side>);

struct Run<'a> {
    repository: &'a Repository,
    base: &'a str,
    scope: Scope,
    behind: Behind,
    out: Changes,
}

impl Run<'_> {
    fn trouble(&mut self, file: String, message: String, help: Option<&str>) {
        self.out.troubles.push(Trouble { file, message, help: help.map(str::to_owned) });
    }

    /// Find out what the named paths are, in the working tree and in the revision.
    fn take_in(&mut self, paths: &[PathBuf], working_directory: &Path, commit: &str) -> Result<(), Trouble> {
        let mut located = BTreeMap::new();
        for path in paths {
            match self.repository.locate(&working_directory.join(path)) {
                Ok(place) => {
                    located.insert(place, path.clone());
                }
                Err((message, help)) => {
                    let name = self.repository.named(super::reported(path, working_directory));
                    self.trouble(name, message.to_owned(), Some(help));
                }
            }
        }
        let asked: Vec<Vec<u8>> = located.keys().filter(|place| !place.is_empty()).cloned().collect();
        let in_revision = self.repository.tree(commit, &asked)?;
        let sorts: BTreeMap<&[u8], Sort> = in_revision.iter().map(|side| (side.path.as_slice(), side.sort)).collect();
        for (place, path) in &located {
            let metadata = fs::symlink_metadata(self.repository.on_disk(place)).ok();
            let before = if place.is_empty() { Some(Sort::Directory) } else { sorts.get(place.as_slice()).copied() };
            let name = || self.repository.named(super::reported(path, working_directory));
            match before {
                None if metadata.is_none() => {
                    let message =
                        format!("there is no such file or directory, neither here nor in `{}`", visible(self.base));
                    self.trouble(name(), message, None);
                    continue;
                }
                Some(Sort::Repository) => {
                    let message = "this was a submodule in the revision, and was not compared".to_owned();
                    self.trouble(name(), message, Some("name the files of this repository"));
                    continue;
                }
                Some(Sort::File) => {
                    self.scope.in_revision.insert(place.clone());
                    self.scope.files.insert(place.clone());
                }
                // The answer of git that follows shows that it differs.
                Some(Sort::Link) => drop(self.scope.files.insert(place.clone())),
                Some(Sort::Directory) => drop(self.scope.directories.insert(place.clone())),
                None => {}
            }
            match metadata {
                Some(metadata) if metadata.is_dir() => drop(self.scope.directories.insert(place.clone())),
                Some(_) => drop(self.scope.files.insert(place.clone())),
                None => {}
            }
        }
        Ok(())
    }

    /// The sides that differ, by file.
    fn pairs(&mut self, commit: &str) -> Result<Vec<Pair>, Trouble> {
        let mut pairs = Vec::new();
        let (mut old, mut new) = (BTreeMap::new(), BTreeMap::new());
        for difference in self.repository.differences(commit)? {
            let sides = [difference.old.as_ref(), difference.new.as_ref()];
            let has_left_aside = sides.into_iter().flatten().fold(false, |any, side| self.is_left_aside(side) | any);
            if has_left_aside {
                continue;
            }
            let counts = |side: &Side| self.scope.counts(&side.path);
            let names = |side: &Side| self.scope.names(&side.path);
            match (difference.old, difference.new) {
                (Some(a), Some(b)) if (counts(&a) && counts(&b)) || names(&a) || names(&b) => {
                    pairs.push((Some(a), Some(b)));
                }
                (a, b) => {
                    old.extend(a.filter(counts).map(|side| (side.path.clone(), side)));
                    new.extend(b.filter(counts).map(|side| (side.path.clone(), side)));
                }
            }
        }
        self.add_untracked(&mut new, &pairs, &old)?;
        // A file that was taken out of the index and is still there was not renamed,
        let is_there = |(a, b): &mut Pair| a.as_ref().zip(b.as_ref()).is_some_and(|(a, _)| new.contains_key(&a.path));
        let wrong: Vec<Pair> = pairs.extract_if(.., is_there).collect();
        for (a, b) in wrong {
            old.extend(a.map(|side| (side.path.clone(), side)));
            let counted = b.filter(|side| self.scope.counts(&side.path));
            new.extend(counted.map(|side| (side.path.clone(), side)));
        }
        // and not deleted either.
        for (path, side) in old {
            let today = new.remove(&path);
            pairs.push((Some(side), today));
        }
        pairs.extend(new.into_values().map(|side| (None, Some(side))));
        self.leave_aside_retargeted()?;
        let unwatched = self.unwatched(commit, &pairs)?;
        pairs.extend(unwatched);
        Ok(pairs)
    }

    /// Whether a side is a link or a repository, which is said where it matters.
    fn is_left_aside(&mut self, side: &Side) -> bool {
        let name = self.repository.reported(&side.path);
        let is_below = self.scope.is_below(&side.path);
        let (matters, reason) = match side.sort {
            Sort::File | Sort::Directory => return false,
            Sort::Repository if self.behind.holds(&side.path) => return true,
            Sort::Repository => (false, "a submodule that is not checked out"),
            Sort::Link => {
                (is_below && self.leads_to_directory(&side.path), "a link, which is not followed into a revision")
            }
        };
        if matters || self.scope.counts(&side.path) {
            let help = "compare the files themselves, with `grantlint diff OLD NEW`";
            self.trouble(name, format!("this is or was {reason}"), Some(help));
        } else if is_below {
            self.out.skipped.push(Skipped { file: name, reason });
        }
        true
    }

    /// Add the files that git does not track.
    fn add_untracked(
        &mut self,
        new: &mut BTreeMap<Vec<u8>, Side>,
        pairs: &[Pair],
        old: &BTreeMap<Vec<u8>, Side>,
    ) -> Result<(), Trouble> {
        let directories: Vec<Vec<u8>> = self.scope.directories.iter().cloned().collect();
        for path in self.repository.untracked(&directories)? {
            if let Some(path) = path.strip_suffix(b"/") {
                self.behind.add_repository(path);
                continue;
            }
            let metadata = fs::symlink_metadata(self.repository.on_disk(&path)).ok();
            let is_link = metadata.is_some_and(|metadata| metadata.is_symlink());
            let side = Side { path, sort: if is_link { Sort::Link } else { Sort::File }, id: None };
            if !self.is_left_aside(&side) && self.scope.counts(&side.path) {
                new.insert(side.path.clone(), side);
            }
        }
        // A named file that git neither tracks nor shows is one that is ignored.
        for path in &self.scope.files {
            let is_at = |side: &Option<Side>| side.as_ref().is_some_and(|side| side.path == *path);
            let is_gone = || old.contains_key(path) || pairs.iter().any(|(old, _)| is_at(old));
            let is_known = new.contains_key(path)
                || pairs.iter().any(|(_, new)| is_at(new))
                || (self.scope.in_revision.contains(path) && !is_gone());
            if !is_known && fs::metadata(self.repository.on_disk(path)).is_ok_and(|metadata| metadata.is_file()) {
                new.insert(path.clone(), Side { path: path.clone(), sort: Sort::File, id: None });
            }
        }
        Ok(())
    }

    /// Read both sides of every file, and pair what is left of old and new texts that are equal.
    fn read(&mut self, pairs: Vec<Pair>) -> Result<(), Trouble> {
        if pairs.is_empty() {
            return Ok(());
        }
        let mut objects = self.repository.objects()?;
        let (mut deleted, mut added) = (Vec::new(), Vec::new());
        for (old, new) in pairs {
            let old_text = old.as_ref().map(|side| self.read_old(side, &mut objects));
            let new_text = new.as_ref().map(|side| self.read_new(side, &mut objects));
            // Where one side cannot be read there is nothing to compare.
            if matches!(old_text, Some(None)) || matches!(new_text, Some(None)) {
                continue;
            }
            match (old.zip(old_text.flatten()), new.zip(new_text.flatten())) {
                (Some(old), Some(new)) if old.0.path == new.0.path && is_same(&old.1, &new.1) => {}
                (Some(old), None) => deleted.push(old),
                (None, Some(new)) => added.push(new),
                (old, new) => self.change(old, new),
            }
        }
        for new in added {
            // Only what is not in the index: the rest was offered to git.
            let is_match = |old: &(Side, Source)| new.0.id.is_none() && is_same(&old.1, &new.1);
            let old = deleted.iter().position(is_match).map(|index| deleted.remove(index));
            self.change(old, Some(new));
        }
        for old in deleted {
            self.change(Some(old), None);
        }
        Ok(())
    }

    fn change(&mut self, old: Option<(Side, Source)>, new: Option<(Side, Source)>) {
        let Some((today, _)) = new.as_ref().or(old.as_ref()) else { return };
        let name = self.repository.reported(&today.path);
        let path = self.repository.on_disk(&today.path);
        let old_name = old.as_ref().filter(|(side, _)| side.path != today.path);
        let old_name = old_name.map(|(side, _)| self.repository.reported(&side.path));
        let (old, new) = (old.map(|(_, source)| source), new.map(|(_, source)| source));
        self.out.changes.push(Change { name, path, old_name, old, new });
    }

    fn read_old(&mut self, side: &Side, objects: &mut Objects) -> Option<Source> {
        let name = self.repository.reported(&side.path);
        let read = objects.read(side.id.as_deref().unwrap_or_default());
        let source = read.and_then(|bytes| Source::from_bytes(name.as_str(), bytes).map_err(NoObject::TooLarge));
        match source {
            Ok(source) => return Some(source),
            Err(NoObject::TooLarge(error)) => {
                self.trouble(name, format!("in `{}`: {error}", visible(self.base)), None);
            }
            Err(NoObject::Missing) => {
                let message =
                    format!("this clone does not hold the text that the file has in `{}`", visible(self.base));
                self.trouble(
                    name,
                    message,
                    Some("fetch it: clone without `--filter`, or look at it once with `git show`"),
                );
            }
            Err(NoObject::Broken(error)) => {
                let message = format!("git broke off while it read the text of `{}`: {error}", visible(self.base));
                self.trouble(name, message, None);
            }
        }
        None
    }

    fn read_new(&mut self, side: &Side, objects: &mut Objects) -> Option<Source> {
        let (name, path) = (self.repository.reported(&side.path), self.repository.on_disk(&side.path));
        // A sparse checkout leaves files out that are there all the same.
        if side.id.is_some() && path.symlink_metadata().is_err() {
            let read = objects.read(side.id.as_deref().unwrap_or_default()).ok();
            let source = read.and_then(|bytes| Source::from_bytes(name.as_str(), bytes).ok());
            if source.is_some() {
                return source;
            }
        }
        match read_file(&path, &name) {
            Ok(source) => Some(source),
            Err(trouble) => {
                self.out.troubles.push(trouble);
                None
            }
        }
    }
}

/// Whether two texts are the same bytes, as far as that is known.
fn is_same(a: &Source, b: &Source) -> bool {
    a.text() == b.text() && a.undecodable().is_empty() && b.undecodable().is_empty()
}
