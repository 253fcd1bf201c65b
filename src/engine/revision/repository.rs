//! A repository: where it is, which commit a word means, and what differs between that commit and the working tree.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::git::{Failure, Git, Objects, from_os, records, to_os};
use crate::engine::Trouble;
use crate::engine::place::resolved;
use crate::text::visible;

/// What stands at a path, by git's mode of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    File,
    Link,
    /// A submodule, or another repository that lies inside this one.
    Repository,
    Directory,
}

impl Sort {
    fn of_mode(mode: &str) -> Option<Self> {
        match mode {
            "000000" => None,
            "120000" => Some(Self::Link),
            "160000" => Some(Self::Repository),
            "040000" => Some(Self::Directory),
            _ => Some(Self::File),
        }
    }
}

/// One side of a difference: a path from the root of the repository, what stands there, and the object that holds its
/// text; none when only the working tree does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Side {
    pub(super) path: Vec<u8>,
    pub(super) sort: Sort,
    pub(super) id: Option<String>,
}

/// A path that differs; both sides when it was changed or renamed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) old: Option<Side>,
    pub(super) new: Option<Side>,
}

/// What the index holds at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tracked {
    pub(super) path: Vec<u8>,
    pub(super) sort: Sort,
    /// The object that holds its text.
    pub(super) id: String,
    /// Git is told to take it as unchanged, whatever is in the working tree.
    pub(super) is_unwatched: bool,
}

/// A repository with a working tree.
#[derive(Debug)]
pub(super) struct Repository {
    git: Git,
    /// The root of the working tree, spelled as the working directory is.
    pub(super) root: PathBuf,
    /// The same directory without links.
    real_root: PathBuf,
    /// How many directories below the root the working directory is, and their names.
    below: Vec<u8>,
    /// What its paths are reported below, where it lies within another repository.
    within: Option<String>,
}

impl Repository {
    /// The repository of a directory.
    ///
    /// # Errors
    /// When git is not there, or the directory belongs to no repository.
    pub(super) fn open(working_directory: &Path) -> Result<Self, Trouble> {
        let trouble = |message: String, help: Option<String>| Trouble { file: ".".to_owned(), message, help };
        let top = Git::new(working_directory).line(&["rev-parse", "--show-toplevel"], &[]).map_err(|failure| {
            if failure.says("not a git repository") {
                let message = "this directory belongs to no git repository, so it has no revisions".to_owned();
                return trouble(message, Some("run it inside the repository of the files".to_owned()));
            }
            if failure.says("must be run in a work tree") {
                let message = "this git repository has no working tree to compare with".to_owned();
                return trouble(message, Some("run it in a checkout".to_owned()));
            }
            trouble(failure.message(), failure.help())
        })?;
        let top = PathBuf::from(to_os(&top));
        let real_root = top.canonicalize().unwrap_or_else(|_| top.clone());
        let below = |root: &Path| resolved(working_directory).strip_prefix(root).map(joined).unwrap_or_default();
        let root = root_above(&resolved(working_directory), &real_root).unwrap_or_else(|| real_root.clone());
        Ok(Self { git: Git::new(&top), below: below(&root), root, real_root, within: None })
    }

    /// The commit that `base` means.
    ///
    /// # Errors
    /// When it is an option or a range, or when there is no such commit here.
    pub(super) fn commit(&self, base: &str) -> Result<String, Trouble> {
        let trouble = |message: &str, help: Option<&str>| Trouble {
            file: format!("--base {base}"),
            message: message.to_owned(),
            help: help.map(str::to_owned),
        };
        if base.is_empty() || base.starts_with('-') || base.contains('\0') {
            return Err(trouble("this is no revision", Some("name a commit, a branch or a tag")));
        }
        // What begins with a dash is refused above, so git cannot take it as an option; an `--end-of-options` would say so
        // once more, and git before 2.30 does not know it here.
        let parse = |word: &str| {
            let answer = self.git.line(&["rev-parse", "--verify"], &[word.into()]);
            answer.map(|id| String::from_utf8_lossy(&id).into_owned())
        };
        let is_id = |id: &String| id.len() >= 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        let named = match parse(base) {
            Ok(id) if is_id(&id) => Some(id),
            Ok(_) => return Err(trouble("this is no single revision", Some("name a commit, a branch or a tag"))),
            Err(failure @ Failure::Start(_)) => return Err(self.failed(&failure)),
            Err(_) => None,
        };
        if let Some(commit) = named.as_ref().and_then(|id| parse(&format!("{id}^{{commit}}")).ok()) {
            return Ok(commit);
        }
        if let Some(id) = &named
            && self.git.line(&["cat-file", "-t"], &[id.into()]).is_ok()
        {
            return Err(trouble("this names something that is no commit", Some("name a commit, a branch or a tag")));
        }
        if base.contains("..") {
            let help = "name the older revision alone; it is compared with the working tree";
            return Err(trouble("this is a range, not one revision", Some(help)));
        }
        let is_shallow = self.git.line(&["rev-parse", "--is-shallow-repository"], &[]);
        if is_shallow.is_ok_and(|answer| answer == b"true") {
            let help = "fetch it: `git fetch --unshallow`, or `fetch-depth: 0` where a build service checks out";
            return Err(trouble("this clone is shallow and does not hold this revision", Some(help)));
        }
        let remote = format!("refs/remotes/origin/{base}");
        let help = match parse(&remote) {
            Ok(_) => Some(format!("name the branch of the remote: `origin/{}`", visible(base))),
            Err(_) => None,
        };
        Err(trouble("there is no such revision here", help.as_deref().or(Some("fetch it, or name another one"))))
    }

    /// The same repository, whose paths are reported below this name.
    pub(super) fn below(self, name: String) -> Self {
        Self { within: Some(name), ..self }
    }

    /// A name as it is reported.
    pub(super) fn named(&self, name: String) -> String {
        match &self.within {
            None => name,
            Some(outer) if name == "." => outer.clone(),
            Some(outer) => format!("{outer}/{name}"),
        }
    }

    /// A path as it is reported: relative to the working directory.
    pub(super) fn reported(&self, path: &[u8]) -> String {
        let (mut own, mut other) = (steps(&self.below), steps(path));
        while own.first().is_some_and(|step| other.first() == Some(step)) {
            own.remove(0);
            other.remove(0);
        }
        let up = own.iter().map(|_| &b".."[..]);
        let name = up.chain(other).collect::<Vec<_>>().join(&b'/');
        self.named(if name.is_empty() { ".".to_owned() } else { String::from_utf8_lossy(&name).into_owned() })
    }

    /// Where a path is in the working tree.
    pub(super) fn on_disk(&self, path: &[u8]) -> PathBuf {
        if path.is_empty() { self.root.clone() } else { self.root.join(to_os(path)) }
    }

    /// A path that the user names, from the root of the repository.
    ///
    /// # Errors
    /// Why it has no place there: it lies outside, in another repository, or behind a link.
    pub(super) fn locate(&self, path: &Path) -> Result<Vec<u8>, (&'static str, &'static str)> {
        let whole = resolved(path);
        let Some(root) = root_above(&whole, &self.real_root) else {
            return Err((
                "this lies outside the repository, and only what is inside has revisions",
                "run it inside the repository of the file",
            ));
        };
        let inside = whole.strip_prefix(&root).unwrap_or(&whole);
        let mut at = root.clone();
        for step in inside.components() {
            at.push(step);
            if at.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink()) {
                return Err((
                    "this is or leads through a link, and what it led to in the revision is not known",
                    "name the place that the link leads to",
                ));
            }
            if at.join(".git").symlink_metadata().is_ok() {
                return Err((
                    "this belongs to another repository, a submodule perhaps",
                    "run it inside that repository",
                ));
            }
            if step.as_os_str() == ".git" {
                return Err(("this is git's own directory", "name the files of the working tree"));
            }
        }
        Ok(joined(inside))
    }

    /// What stands at these paths in a commit, and at directories above some of them; what it does not hold is left out.
    ///
    /// # Errors
    /// When git cannot tell.
    pub(super) fn tree(&self, commit: &str, paths: &[Vec<u8>]) -> Result<Vec<Side>, Trouble> {
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let answer = self.ask(&["ls-tree", "-z", "-t", "--full-tree", commit, "--"], paths)?;
        // `mode type id<tab>path`
        let side = |record: &[u8]| {
            let tab = record.iter().position(|byte| *byte == b'\t')?;
            let head = String::from_utf8_lossy(record.get(..tab)?);
            let mut words = head.split(' ');
            let sort = Sort::of_mode(words.next()?)?;
            Some(Side { path: record.get(tab + 1..)?.to_vec(), sort, id: words.nth(1).map(str::to_owned) })
        };
        Ok(records(&answer).filter_map(side).collect())
    }

    /// What the index holds at these paths and below them.
    ///
    /// # Errors
    /// When git cannot tell.
    pub(super) fn tracked(&self, paths: &[Vec<u8>]) -> Result<Vec<Tracked>, Trouble> {
        let is_whole = paths.iter().any(Vec::is_empty);
        let answer = self.ask(&["ls-files", "-z", "-s", "-v", "--"], if is_whole { &[] } else { paths })?;
        // `letter mode id stage<tab>path`; the letter is small, or an S, for what git does not look at.
        let tracked = |record: &[u8]| {
            let tab = record.iter().position(|byte| *byte == b'\t')?;
            let head = String::from_utf8_lossy(record.get(..tab)?);
            let (letter, rest) = head.split_once(' ')?;
            let mut words = rest.split(' ');
            let sort = Sort::of_mode(words.next()?)?;
            let id = words.next()?.to_owned();
            let is_unwatched = letter == "S" || letter.bytes().all(|byte| byte.is_ascii_lowercase());
            Some(Tracked { path: record.get(tab + 1..)?.to_vec(), sort, id, is_unwatched })
        };
        records(&answer).map(|record| tracked(record).ok_or_else(|| self.unclear("ls-files"))).collect()
    }

    /// The tree that holds nothing.
    ///
    /// # Errors
    /// When git cannot tell.
    pub(super) fn nothing(&self) -> Result<String, Trouble> {
        let id =
            self.git.line(&["hash-object", "-t", "tree", "--stdin"], &[]).map_err(|failure| self.failed(&failure))?;
        Ok(String::from_utf8_lossy(&id).into_owned())
    }

    /// Whether its root is this directory.
    pub(super) fn is_at(&self, directory: &Path) -> bool {
        directory.canonicalize().is_ok_and(|real| real == self.real_root)
    }

    /// Everything that differs between a commit and the tracked files of the working tree, renames found.
    ///
    /// # Errors
    /// When git cannot tell.
    pub(super) fn differences(&self, commit: &str) -> Result<Vec<Difference>, Trouble> {
        let args = [
            "diff-index",
            "--raw",
            "-z",
            "--no-abbrev",
            "-M50%",
            "--no-ext-diff",
            "--no-textconv",
            "--ignore-submodules=dirty",
            commit,
            "--",
        ];
        let answer = self.ask(&args, &[])?;
        let mut parts = records(&answer);
        let mut found = Vec::new();
        // `:mode mode id id status`, then one path, or two for a rename.
        while let Some(head) = parts.next() {
            let head = String::from_utf8_lossy(head);
            let words: Vec<&str> = head.trim_start_matches(':').split(' ').collect();
            let ([old_mode, new_mode, old_id, new_id, status], Some(first)) = (words.as_slice(), parts.next()) else {
                return Err(self.unclear("diff-index"));
            };
            let is_pair = status.starts_with('R') || status.starts_with('C');
            let second = if is_pair { parts.next().unwrap_or(first) } else { first };
            let side = |mode: &str, id: &str, path: &[u8]| {
                let is_known = id.bytes().any(|byte| byte != b'0');
                Sort::of_mode(mode).map(|sort| Side { path: path.to_vec(), sort, id: is_known.then(|| id.to_owned()) })
            };
            found.push(Difference { old: side(old_mode, old_id, first), new: side(new_mode, new_id, second) });
        }
        Ok(found)
    }

    /// The files under these directories that git does not track; `.gitignore` hides some, except where a directory is named
    /// that it hides itself. Another repository counts as one path, with `/` behind it.
    ///
    /// # Errors
    /// When git cannot tell.
    pub(super) fn untracked(&self, directories: &[Vec<u8>]) -> Result<BTreeSet<Vec<u8>>, Trouble> {
        if directories.is_empty() {
            return Ok(BTreeSet::new());
        }
        let is_whole = directories.iter().any(Vec::is_empty);
        let args = ["ls-files", "-z", "--others", "--exclude-per-directory=.gitignore", "--"];
        let mut found = self.ask(&args, if is_whole { &[] } else { directories })?;
        let named: Vec<Vec<u8>> = directories.iter().filter(|path| self.on_disk(path).is_dir()).cloned().collect();
        let named: Vec<Vec<u8>> = named.into_iter().filter(|path| !path.is_empty()).collect();
        if !named.is_empty() {
            let args = ["ls-files", "-z", "--others", "--ignored", "--directory"];
            let hidden = self.ask(&[&args[..], &["--exclude-per-directory=.gitignore", "--"]].concat(), &named)?;
            let is_hidden = |path: &Vec<u8>| {
                let path = [path.as_slice(), b"/"].concat();
                records(&hidden).any(|hidden| hidden.ends_with(b"/") && path.starts_with(hidden))
            };
            let hidden: Vec<Vec<u8>> = named.into_iter().filter(is_hidden).collect();
            if !hidden.is_empty() {
                found.extend(self.ask(&["ls-files", "-z", "--others", "--"], &hidden)?);
            }
        }
        Ok(records(&found).map(<[u8]>::to_vec).collect())
    }

    /// The process that reads objects.
    ///
    /// # Errors
    /// When git cannot be started.
    pub(super) fn objects(&self) -> Result<Objects, Trouble> {
        self.git.objects().map_err(|failure| self.failed(&failure))
    }

    fn ask(&self, args: &[&str], paths: &[Vec<u8>]) -> Result<Vec<u8>, Trouble> {
        self.git.ask(args, &operands(paths)).map_err(|failure| self.failed(&failure))
    }

    fn failed(&self, failure: &Failure) -> Trouble {
        Trouble { file: self.reported(&[]), message: failure.message(), help: failure.help() }
    }

    fn unclear(&self, command: &str) -> Trouble {
        let message = format!("the answer of `git {command}` was not understood");
        Trouble { file: self.reported(&[]), message, help: None }
    }
}

fn operands(paths: &[Vec<u8>]) -> Vec<std::ffi::OsString> {
    paths.iter().map(|path| to_os(path)).collect()
}

fn steps(path: &[u8]) -> Vec<&[u8]> {
    path.split(|byte| *byte == b'/').filter(|step| !step.is_empty()).collect()
}

fn joined(path: &Path) -> Vec<u8> {
    let names: Vec<Vec<u8>> = path.components().map(|step| from_os(step.as_os_str())).collect();
    names.join(&b'/')
}

/// The nearest directory above `path`, itself included, that is `root`.
fn root_above(path: &Path, root: &Path) -> Option<PathBuf> {
    let is_root = |directory: &&Path| directory.canonicalize().is_ok_and(|real| real == root);
    path.ancestors().find(is_root).map(Path::to_path_buf)
}
