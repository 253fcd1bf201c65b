//! From paths to the list of files that a run looks at.
//!
//! A file that the user names is taken as it is; a directory is walked for files whose ending says that they may hold a
//! policy, as `.gitignore` lets it. Nothing is opened here: what a walk could not see is handed on as a [`Trouble`], so
//! that it never passes for clean. Links are followed, and a link that leads back into its own path is reported.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use ignore::WalkBuilder;

use super::place::resolved;
use super::{Skipped, Trouble};

/// The name under which standard input is reported.
pub const STDIN: &str = "<stdin>";

/// The endings of files that may hold a policy.
const ENDINGS: [&str; 3] = [".json", ".jsonc", ".policy"];

/// The endings that may follow one of [`ENDINGS`] in a template.
const TEMPLATE_ENDINGS: [&str; 3] = [".tpl", ".tmpl", ".j2"];

/// Where the text of an input comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// A file; the path as it is opened.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

/// A text to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Input {
    pub(super) origin: Origin,
    /// The user named it, so it has to hold a policy.
    pub(super) is_named: bool,
    /// The directories (by their place in [`Found::walks`]) whose walk came upon it.
    pub(super) walks: BTreeSet<usize>,
}

/// What the paths of a run lead to.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The inputs by the name under which they are reported.
    pub(super) inputs: BTreeMap<String, Input>,
    /// The names of the directories that were walked.
    pub(super) walks: Vec<String>,
    pub(super) troubles: Vec<Trouble>,
    /// The walks in which something went wrong.
    pub(super) troubled: BTreeSet<usize>,
    pub(super) skipped: Vec<Skipped>,
    /// The files that a walk met and did not look at for the ending of their names.
    pub(super) passed_over: Vec<PathBuf>,
}

impl Found {
    /// Take in an input, once however often it is met. Two inputs that would be reported under one name are not told
    /// apart afterwards, so the second one is an error and never left out in silence.
    fn add(&mut self, name: String, origin: Origin, working_directory: &Path, walk: Option<usize>) {
        let place = |origin: &Origin| match origin {
            Origin::File(path) => Some(cleaned(path, working_directory)),
            Origin::Stdin => None,
        };
        if self.inputs.get(&name).is_some_and(|known| place(&known.origin) != place(&origin)) {
            self.trouble(walk, name, "another input has the same name, and this one was not read".to_owned());
            return;
        }
        let fresh = || Input { origin, is_named: false, walks: BTreeSet::new() };
        let input = self.inputs.entry(name).or_insert_with(fresh);
        match walk {
            Some(walk) => drop(input.walks.insert(walk)),
            None => input.is_named = true,
        }
    }

    fn trouble(&mut self, walk: Option<usize>, file: String, message: String) {
        self.troubled.extend(walk);
        let trouble = Trouble { file, message, help: None };
        if !self.troubles.contains(&trouble) {
            self.troubles.push(trouble);
        }
    }
}

/// The inputs that `paths` lead to. Names are relative to `working_directory` where the path lies below it.
/// `stdin_name` is the name of standard input, which the paths `-` and `/dev/stdin` mean.
pub(super) fn find(paths: &[PathBuf], working_directory: &Path, stdin_name: &str) -> Found {
    let mut found = Found::default();
    for path in paths {
        if path == Path::new("-") || path == Path::new("/dev/stdin") {
            found.add(stdin_name.to_owned(), Origin::Stdin, working_directory, None);
            continue;
        }
        let name = reported(path, working_directory);
        match fs::metadata(path) {
            Err(error) => found.trouble(None, name, unreadable(path, &error)),
            Ok(metadata) if metadata.is_dir() => walk(path, name, working_directory, &mut found),
            Ok(metadata) if metadata.is_file() => {
                found.add(name, Origin::File(path.clone()), working_directory, None);
            }
            Ok(_) => found.troubles.push(Trouble {
                file: name,
                message: "this is no regular file, and it was not opened".to_owned(),
                help: Some("pass the text on standard input, as `-`".to_owned()),
            }),
        }
    }
    found
}

/// The path as it is reported: relative to `working_directory` where it lies below, without `.`, with `/` between the
/// names.
pub fn reported(path: &Path, working_directory: &Path) -> String {
    let clean = cleaned(path, working_directory);
    let name = clean.to_string_lossy();
    match name.as_ref() {
        "" => ".".to_owned(),
        name if cfg!(windows) => name.replace('\\', "/"),
        name => name.to_owned(),
    }
}

/// The path below `working_directory` where it lies there, without `.`; a `..` stays only in a path that leads out of it.
fn cleaned(path: &Path, working_directory: &Path) -> PathBuf {
    if path.components().any(|part| part == Component::ParentDir)
        && let Ok(below) = resolved(&working_directory.join(path)).strip_prefix(working_directory)
    {
        return below.to_path_buf();
    }
    let below = path.strip_prefix(working_directory).unwrap_or(path);
    below.components().filter(|part| !matches!(part, Component::CurDir)).collect()
}

fn walk(directory: &Path, name: String, working_directory: &Path, found: &mut Found) {
    let number = found.walks.len();
    found.walks.push(name);
    let mut builder = WalkBuilder::new(directory);
    // A team's policies may lie under a hidden name; only git's own directory holds none. What is passed over is said in
    // `.gitignore`, and nowhere else, so that every machine sees the same files.
    builder.require_git(false).follow_links(true).hidden(false).ignore(false).git_global(false);
    builder.filter_entry(|entry| entry.file_name() != ".git");
    for entry in builder.build() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                if let Some((path, message)) = fault(&error, directory, working_directory) {
                    found.trouble(Some(number), reported(&path, working_directory), message);
                }
                continue;
            }
        };
        let Some(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            continue;
        }
        if !may_hold_policy(entry.path()) {
            found.passed_over.push(entry.into_path());
            continue;
        }
        let name = reported(entry.path(), working_directory);
        if kind.is_file() {
            found.add(name, Origin::File(entry.into_path()), working_directory, Some(number));
        } else {
            found.skipped.push(Skipped { file: name, reason: "no regular file" });
        }
    }
}

/// Which files a walk looks at, for people.
pub(super) fn endings() -> String {
    let list = |endings: &[&str; 3]| endings.join(", ");
    format!("names that end in {}, also followed by {}", list(&ENDINGS), list(&TEMPLATE_ENDINGS))
}

/// Whether the name of the file says that it may hold a policy.
pub(super) fn may_hold_policy(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let name = TEMPLATE_ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(&name);
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// The place and the words of what a walk ran into; `None` for what need not be said.
fn fault(error: &ignore::Error, directory: &Path, working_directory: &Path) -> Option<(PathBuf, String)> {
    let mut path = directory.to_path_buf();
    let mut error = error;
    loop {
        match error {
            ignore::Error::WithPath { path: at, err } => {
                path.clone_from(at);
                error = err;
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => error = err,
            ignore::Error::Loop { ancestor, child } => {
                let back = reported(ancestor, working_directory);
                return Some((child.clone(), format!("this link leads back to `{back}`, a directory that holds it")));
            }
            // A link that leads nowhere can hide no directory, so only its own name tells whether a policy is missing.
            ignore::Error::Io(cause) if cause.kind() == io::ErrorKind::NotFound && !may_hold_policy(&path) => {
                return None;
            }
            ignore::Error::Io(cause) => {
                let message = unreadable(&path, cause);
                return Some((path, message));
            }
            other => return Some((path, other.to_string())),
        }
    }
}

/// Why `path` cannot be read.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> String {
    let is_link = || path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
    match error.kind() {
        io::ErrorKind::NotFound if is_link() => "this link leads to no file".to_owned(),
        io::ErrorKind::NotFound => "there is no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "this cannot be read: permission denied".to_owned(),
        _ => format!("this cannot be read: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_relative() {
        let name = |path: &str| reported(Path::new(path), Path::new("/home/team/project"));
        assert_eq!(name("./a.json"), "a.json");
        assert_eq!(name("./policies/./a.json"), "policies/a.json");
        assert_eq!(name("/home/team/project/policies//a.json"), "policies/a.json");
        assert_eq!(name("/home/team/other/a.json"), "/home/team/other/a.json");
        assert_eq!(name("../a.json"), "../a.json");
        assert_eq!(name("policies/../a.json"), "a.json");
        assert_eq!(name("../project/policies/a.json"), "policies/a.json");
        assert_eq!(name(".."), "..");
        assert_eq!(name("policies/.."), ".");
        assert_eq!(name("."), ".");
        assert_eq!(name("/home/team/project"), ".");
    }

    #[test]
    fn endings_tell_what_is_looked_at() {
        for yes in ["a.json", "a.JSON", "a.jsonc", "a.policy", "a.json.tpl", "a.policy.tmpl", "a.jsonc.j2", "x/.b.json"]
        {
            assert!(may_hold_policy(Path::new(yes)), "{yes}");
        }
        for no in ["a.tpl", "a.yaml", "json", "a.json5", "a.json.tpl.j2", "a.json.bak"] {
            assert!(!may_hold_policy(Path::new(no)), "{no}");
        }
    }

    #[test]
    fn a_file_is_looked_at_once_and_stays_named() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path();
        fs::create_dir(root.join("policies")).unwrap();
        for file in ["policies/b.json", "policies/a.json", "policies/c.txt", "policies/.d.json"] {
            fs::write(root.join(file), "{}").unwrap();
        }
        let paths = [root.to_path_buf(), root.join("policies"), root.join("policies/a.json"), root.join("none.json")];
        let found = find(&paths, root, STDIN);
        let names: Vec<_> = found.inputs.iter().map(|(name, input)| (name.as_str(), input.is_named)).collect();
        assert_eq!(names, [("policies/.d.json", false), ("policies/a.json", true), ("policies/b.json", false)]);
        assert_eq!(found.inputs["policies/b.json"].walks, [0, 1].into());
        assert_eq!(found.walks, [".", "policies"]);
        assert_eq!(found.troubles.len(), 1);
        assert_eq!(found.troubles[0].file, "none.json");
    }

    #[test]
    #[cfg(unix)]
    fn two_inputs_of_one_name_are_an_error() {
        use std::os::unix::ffi::OsStrExt;
        let place = tempfile::tempdir().unwrap();
        let root = place.path();
        for name in [&b"\xff.json"[..], b"\xfe.json"] {
            fs::write(root.join(std::ffi::OsStr::from_bytes(name)), "{}").unwrap();
        }
        let found = find(&[root.to_path_buf()], root, STDIN);
        assert_eq!((found.inputs.len(), found.troubles.len()), (1, 1));
        fs::write(root.join("a.json"), "{}").unwrap();
        let found = find(&[PathBuf::from("-"), root.join("a.json")], root, "a.json");
        assert_eq!((found.inputs.len(), found.troubles.len()), (1, 1));
        let found = find(&[root.join("a.json"), root.join("./a.json"), root.join("x/../a.json")], root, STDIN);
        assert_eq!((found.inputs.len(), found.troubles.len()), (1, 1), "there is no directory `x`");
        fs::create_dir(root.join("x")).unwrap();
        let found = find(&[root.join("a.json"), root.join("./a.json"), root.join("x/../a.json")], root, STDIN);
        assert_eq!((found.inputs.len(), found.troubles.len()), (1, 0));
    }
}
