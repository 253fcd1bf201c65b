//! Where a file belongs, whatever directory a command runs in.
//!
//! Reports name a file as the user would: relative to the working directory. A fingerprint, and an entry of a baseline, has
//! to mean the same file from every directory of a project, so there the file is named from the project's root: that of the
//! repository, else the directory of the configuration, else the working directory. From the root both names are one.

use std::path::{Component, Path, PathBuf};

use super::walk::reported;
use crate::config::joined;

/// The root of a project, from which files are named for good.
#[derive(Debug)]
pub(super) struct Home {
    working_directory: PathBuf,
    /// The first one that holds a file names it; the last one is the working directory.
    roots: Vec<PathBuf>,
}

impl Home {
    /// The home of what a command in `working_directory` looks at, with the directory of its configuration if it has one.
    pub(super) fn new(working_directory: &Path, configuration: Option<&Path>) -> Self {
        let working_directory = resolved(working_directory);
        let is_repository = |directory: &&Path| directory.join(".git").symlink_metadata().is_ok();
        let repository = working_directory.ancestors().find(is_repository);
        let roots = repository.into_iter().chain(configuration).map(Path::to_path_buf);
        Self { roots: roots.chain([working_directory.clone()]).collect(), working_directory }
    }

    /// Whether the command runs in the root of the project, so that a walk from there sees all of it.
    pub(super) fn is_here(&self) -> bool {
        self.roots.first() == Some(&self.working_directory)
    }

    /// The lasting name of the file at `path`, with `/` between the names. A file outside is named by its way from the root
    /// where `path` is relative, and stays as it is where not.
    pub(super) fn name(&self, path: &Path) -> String {
        let whole = resolved(&self.working_directory.join(path));
        let below = |root: &PathBuf| whole.strip_prefix(root).ok().map(joined);
        if let Some(name) = self.roots.iter().find_map(below) {
            return name;
        }
        // One of the two may lead through a link; the file itself may be one, and that has its own name.
        let (directory, file) = (whole.parent().and_then(|parent| parent.canonicalize().ok()), whole.file_name());
        let real = directory.zip(file).map(|(directory, file)| directory.join(file));
        let below = |root: &PathBuf| real.as_ref()?.strip_prefix(root.canonicalize().ok()?).ok().map(joined);
        if let Some(name) = self.roots.iter().find_map(below) {
            return name;
        }
        match self.roots.first() {
            Some(root) if path.is_relative() => way(root, &whole),
            _ => reported(path, &self.working_directory),
        }
    }
}

/// The way from a directory to a file.
fn way(from: &Path, to: &Path) -> String {
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = "../".repeat(from.components().count() - common);
    up + &joined(&to.components().skip(common).collect::<PathBuf>())
}

/// `path` from the root of the file system, without `.` and `..`; links stay, except before a `..`.
pub(super) fn resolved(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                clean = clean.canonicalize().unwrap_or(clean);
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A directory `project` with `policies` and `other` in it, beside a `neighbour`.
    fn place() -> (tempfile::TempDir, PathBuf) {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().canonicalize().unwrap();
        for directory in ["project/policies", "project/other", "neighbour"] {
            fs::create_dir_all(root.join(directory)).unwrap();
        }
        (place, root)
    }

    #[test]
    fn a_file_of_a_repository_has_one_name_from_everywhere() {
        let (_place, root) = place();
        fs::create_dir(root.join("project/.git")).unwrap();
        let name = |directory: &str, path: &str| Home::new(&root.join(directory), None).name(Path::new(path));
        for (directory, path) in [
            ("project", "policies/a.json"),
            ("project", "./policies/../policies/a.json"),
            ("project", "../project/policies/a.json"),
            ("project/policies", "a.json"),
            ("project/other", "../policies/a.json"),
        ] {
            assert_eq!(name(directory, path), "policies/a.json", "{directory}: {path}");
        }
        assert_eq!(name("project/other", root.join("project/policies/a.json").to_str().unwrap()), "policies/a.json");
        // A neighbour's file of the same name is another one.
        assert_eq!(name("project", "../neighbour/policies/a.json"), "../neighbour/policies/a.json");
        assert_eq!(name("project/other", "../../neighbour/policies/a.json"), "../neighbour/policies/a.json");
        let absolute = root.join("neighbour/a.json").to_string_lossy().into_owned();
        assert_eq!(name("project/other", &absolute), absolute);
    }

    #[test]
    fn without_a_repository_the_configuration_is_the_root() {
        let (_place, root) = place();
        let project = root.join("project");
        let home = |directory: &str| Home::new(&root.join(directory), Some(&project));
        assert_eq!(home("project").name(Path::new("policies/a.json")), "policies/a.json");
        assert_eq!(home("project/other").name(Path::new("../policies/a.json")), "policies/a.json");
        assert_eq!(home("neighbour").name(Path::new("../project/policies/a.json")), "policies/a.json");
        // What it does not hold is named from where the command runs, and without either everything is.
        assert_eq!(home("neighbour").name(Path::new("a.json")), "a.json");
        assert_eq!(Home::new(&project, None).name(Path::new("./policies/a.json")), "policies/a.json");
        assert_eq!(Home::new(&project.join("other"), None).name(Path::new("../policies/a.json")), "../policies/a.json");
    }

    #[test]
    #[cfg(unix)]
    fn a_link_to_the_repository_changes_no_name() {
        let (_place, root) = place();
        fs::create_dir(root.join("project/.git")).unwrap();
        std::os::unix::fs::symlink(root.join("project"), root.join("link")).unwrap();
        let linked = root.join("link/policies/a.json");
        assert_eq!(Home::new(&root.join("project/other"), None).name(&linked), "policies/a.json");
        assert_eq!(Home::new(&root.join("link"), None).name(Path::new("policies/a.json")), "policies/a.json");
        assert_eq!(Home::new(&root.join("link/policies"), None).name(Path::new("../other/b.json")), "other/b.json");
    }
}
