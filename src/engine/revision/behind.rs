//! What a walk reaches and `git diff` does not name: places behind links, repositories within this one, and files that git
//! is told to take as unchanged.
//!
//! [`check`](crate::engine::run()) follows links and walks into submodules, so an answer that knows nothing of them would call
//! equal what it never looked at. What a link leads to is compared where it lies; a submodule with the commit that the
//! revision has of it, and a repository that the revision does not know with nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::repository::{Repository, Side, Sort};
use super::{Pair, Run, Trouble, compare, may_hold_policy};
use crate::engine::revision::git::{from_os, to_os};

/// What is compared in a way of its own.
#[derive(Debug, Default)]
pub(super) struct Behind {
    /// Repositories within this one that are checked out.
    repositories: BTreeSet<Vec<u8>>,
    /// Files that git is told to take as unchanged, and that are there.
    unwatched: BTreeSet<Vec<u8>>,
    /// Links that git is told to take as unchanged, and that are there, with the objects that hold what they led to.
    unwatched_links: BTreeMap<Vec<u8>, String>,
}

impl Behind {
    pub(super) fn holds(&self, path: &[u8]) -> bool {
        self.repositories.contains(path)
    }

    pub(super) fn add_repository(&mut self, path: &[u8]) {
        self.repositories.insert(path.to_vec());
    }
}

impl Run<'_> {
    /// Take in what links in the scope lead to, and find the repositories and the files that git does not look at.
    pub(super) fn look_behind(&mut self) -> Result<(), Trouble> {
        let mut asked: BTreeSet<Vec<u8>> = BTreeSet::new();
        loop {
            let all = self.scope.directories.iter().chain(&self.scope.files);
            let fresh: Vec<Vec<u8>> = all.filter(|place| !asked.contains(*place)).cloned().collect();
            if fresh.is_empty() {
                return Ok(());
            }
            asked.extend(fresh.iter().cloned());
            for tracked in self.repository.tracked(&fresh)? {
                let path = tracked.path;
                match tracked.sort {
                    Sort::Link => {
                        self.follow(&path);
                        if tracked.is_unwatched && self.is_there(&path) {
                            self.behind.unwatched_links.insert(path, tracked.id);
                        }
                    }
                    Sort::Repository if self.scope.is_below(&path) && self.is_repository(&path) => {
                        self.behind.add_repository(&path);
                    }
                    Sort::Repository | Sort::Directory => {}
                    Sort::File => {
                        if tracked.is_unwatched && self.scope.counts(&path) && self.is_there(&path) {
                            self.behind.unwatched.insert(path.clone());
                        }
                        if self.scope.names(&path) {
                            self.scope.in_revision.insert(path);
                        }
                    }
                }
            }
        }
    }

    /// Take in what a link leads to, if that is a directory or may be a policy.
    fn follow(&mut self, path: &[u8]) {
        let link = self.repository.on_disk(path);
        let Ok(target) = link.canonicalize() else { return };
        let is_directory = target.is_dir();
        if !is_directory && !may_hold_policy(Path::new(&to_os(path))) {
            return;
        }
        match self.repository.locate(&target) {
            Ok(place) if is_directory => drop(self.scope.directories.insert(place)),
            Ok(place) => drop(self.scope.files.insert(place)),
            Err((message, help)) => {
                let name = self.repository.reported(path);
                self.trouble(name, format!("behind this link: {message}"), Some(help));
            }
        }
    }

    /// Whether a link leads to a directory today.
    pub(super) fn leads_to_directory(&self, path: &[u8]) -> bool {
        fs::metadata(self.repository.on_disk(path)).is_ok_and(|metadata| metadata.is_dir())
    }

    /// Say which links lead elsewhere than git is told to take for granted, as of any link that changed.
    pub(super) fn leave_aside_retargeted(&mut self) -> Result<(), Trouble> {
        let links = std::mem::take(&mut self.behind.unwatched_links);
        if links.is_empty() {
            return Ok(());
        }
        let mut objects = self.repository.objects()?;
        for (path, id) in links {
            let target = fs::read_link(self.repository.on_disk(&path)).ok();
            let target = target.map(|target| from_os(target.as_os_str()));
            // What cannot be told may differ.
            if target.is_none() || target != objects.read(&id).ok() {
                self.is_left_aside(&Side { path, sort: Sort::Link, id: None });
            }
        }
        Ok(())
    }

    fn is_there(&self, path: &[u8]) -> bool {
        self.repository.on_disk(path).symlink_metadata().is_ok()
    }

    fn is_repository(&self, path: &[u8]) -> bool {
        self.repository.on_disk(path).join(".git").symlink_metadata().is_ok()
    }

    /// The sides of the files that git is told to take as unchanged, as far as it named none of them.
    pub(super) fn unwatched(&self, tree: &str, pairs: &[Pair]) -> Result<Vec<Pair>, Trouble> {
        let named: BTreeSet<&[u8]> =
            pairs.iter().filter_map(|(_, new)| new.as_ref()).map(|side| side.path.as_slice()).collect();
        let rest = self.behind.unwatched.iter().filter(|path| !named.contains(path.as_slice()));
        let rest: Vec<Vec<u8>> = rest.cloned().collect();
        let before = self.repository.tree(tree, &rest)?;
        let mut before: BTreeMap<Vec<u8>, Side> =
            before.into_iter().filter(|side| side.sort == Sort::File).map(|side| (side.path.clone(), side)).collect();
        let pair = |path: Vec<u8>| (before.remove(&path), Some(Side { path, sort: Sort::File, id: None }));
        Ok(rest.into_iter().map(pair).collect())
    }

    /// Compare the repositories within this one.
    pub(super) fn compare_repositories(&mut self, tree: &str) -> Result<(), Trouble> {
        let paths: Vec<Vec<u8>> = self.behind.repositories.iter().cloned().collect();
        let before: BTreeMap<Vec<u8>, Side> =
            self.repository.tree(tree, &paths)?.into_iter().map(|side| (side.path.clone(), side)).collect();
        for path in paths {
            let commit = before.get(&path).filter(|side| side.sort == Sort::Repository);
            let commit = commit.and_then(|side| side.id.as_deref());
            let name = self.repository.reported(&path);
            match self.compare_repository(&path, commit) {
                Ok(found) => {
                    self.out.changes.extend(found.changes);
                    self.out.troubles.extend(found.troubles);
                    self.out.skipped.extend(found.skipped);
                }
                Err(trouble) => self.out.troubles.push(Trouble { file: name, ..trouble }),
            }
        }
        Ok(())
    }

    fn compare_repository(&self, path: &[u8], commit: Option<&str>) -> Result<super::Changes, Trouble> {
        let root = self.repository.on_disk(path);
        let inner = Repository::open(&root)?.below(self.repository.reported(path));
        if !inner.is_at(&root) {
            let message = "this seems to be a repository of its own, and git does not read it".to_owned();
            return Err(Trouble { file: String::new(), message, help: None });
        }
        let tree = commit.map_or_else(|| inner.nothing(), |commit| inner.commit(commit))?;
        compare(&inner, self.base, &tree, &[], &root)
    }
}
