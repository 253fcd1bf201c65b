//! Where the configuration is, and how it comes into memory.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::read::read;
use super::{Config, ConfigError, known_rules};
use crate::text::Source;

/// The name of the configuration file.
pub const FILE_NAME: &str = "grantlint.toml";

/// Bytes that a configuration or a baseline may have: far more than a person writes, and no trouble to hold.
const MOST_BYTES: u64 = 64 << 20;

impl Config {
    /// Read the configuration at `path`.
    ///
    /// # Errors
    /// When the file cannot be read, or with all the mistakes in it, an expectation that matches no file being one.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        Self::load_as(path, &path.to_string_lossy(), Files::Exist)
    }

    /// Like [`Config::load`]; the files of an expectation need not exist yet: they are about to be written, or
    /// the text that is judged comes from elsewhere.
    ///
    /// # Errors
    /// When the file cannot be read, or with all the mistakes in it.
    pub fn load_before_files(path: &Path) -> Result<Self, ConfigError> {
        Self::load_as(path, &path.to_string_lossy(), Files::AreToCome)
    }

    /// Read a configuration from `text`, as if it stood at `path`; nothing is opened.
    ///
    /// # Errors
    /// With all the mistakes in it.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let source = Source::new(path.to_string_lossy(), text).map_err(|error| too_large(path, error))?;
        read(&source, path, &known_rules().collect::<Vec<_>>())
    }

    /// The nearest `grantlint.toml` from `working_directory` upward to the root of its repository (the directory with
    /// `.git`); outside a repository only in `working_directory` itself. `None` when there is none.
    ///
    /// # Errors
    /// When the file that was found cannot be read, or with all the mistakes in it, an expectation that matches no file
    /// being one.
    pub fn discover(working_directory: &Path) -> Result<Option<Self>, ConfigError> {
        Self::discover_as(working_directory, Files::Exist)
    }

    /// Like [`Config::discover`]; the files of an expectation need not exist yet: they are about to be written, or
    /// the text that is judged comes from elsewhere.
    ///
    /// # Errors
    /// When the file that was found cannot be read, or with all the mistakes in it.
    pub fn discover_before_files(working_directory: &Path) -> Result<Option<Self>, ConfigError> {
        Self::discover_as(working_directory, Files::AreToCome)
    }

    fn discover_as(working_directory: &Path, files: Files) -> Result<Option<Self>, ConfigError> {
        let Some((path, levels)) = find(working_directory) else { return Ok(None) };
        let name = "../".repeat(levels) + FILE_NAME;
        Self::load_as(&path, &name, files).map(Some)
    }

    fn load_as(path: &Path, name: &str, files: Files) -> Result<Self, ConfigError> {
        let bytes = read_file(path)?;
        let source = Source::from_bytes(name, bytes).map_err(|error| too_large(path, error))?;
        let config = read(&source, path, &known_rules().collect::<Vec<_>>())?;
        if files == Files::Exist {
            config.check_expected_files(&source)?;
        }
        Ok(config)
    }
}

/// What is known of the files that expectations speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Files {
    /// They have to be there.
    Exist,
    /// They may still have to be written.
    AreToCome,
}

/// The nearest configuration, and how many directories above `working_directory` it stands.
fn find(working_directory: &Path) -> Option<(PathBuf, usize)> {
    let start = super::matching::absolute(working_directory);
    let exists = |path: &Path| path.symlink_metadata().is_ok();
    let above = start.ancestors().position(|directory| exists(&directory.join(".git"))).unwrap_or(0);
    start
        .ancestors()
        .take(above + 1)
        .enumerate()
        .map(|(levels, directory)| (directory.join(FILE_NAME), levels))
        // A broken link counts too: reading it fails, and that is said.
        .find(|(path, _)| exists(path))
}

/// The bytes of a regular file; a pipe or a device would never end.
pub(super) fn read_file(path: &Path) -> Result<Vec<u8>, ConfigError> {
    let unreadable = |cause| ConfigError::Unreadable { path: path.to_path_buf(), cause };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(unreadable(io::Error::other("it is a directory")));
    }
    if !metadata.is_file() {
        return Err(unreadable(io::Error::other("it is not a regular file")));
    }
    if metadata.len() > MOST_BYTES {
        let message = format!("it has {} bytes, more than {MOST_BYTES} (64 MiB)", metadata.len());
        return Err(unreadable(io::Error::other(message)));
    }
    fs::read(path).map_err(unreadable)
}

fn too_large(path: &Path, error: crate::text::TooLarge) -> ConfigError {
    ConfigError::Unreadable { path: path.to_path_buf(), cause: io::Error::other(error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_one_up_to_the_repository_wins() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("repository");
        let deep = root.join("a/b");
        fs::create_dir_all(&deep).unwrap();
        fs::write(place.path().join(FILE_NAME), "").unwrap();
        // Outside a repository only the working directory counts.
        assert_eq!(find(&deep), None);
        fs::create_dir(root.join(".git")).unwrap();
        assert_eq!(find(&deep), None, "above the repository nothing is looked at");
        fs::write(root.join(FILE_NAME), "").unwrap();
        assert_eq!(find(&deep).unwrap(), (root.join(FILE_NAME), 2));
        assert_eq!(Config::discover(&deep).unwrap().unwrap().name, "../../grantlint.toml");
        fs::write(root.join("a").join(FILE_NAME), "").unwrap();
        assert_eq!(find(&deep).unwrap().1, 1);
    }

    #[test]
    fn a_worktree_has_a_file_named_git() {
        let place = tempfile::tempdir().unwrap();
        fs::create_dir(place.path().join("a")).unwrap();
        fs::write(place.path().join(".git"), "gitdir: elsewhere").unwrap();
        fs::write(place.path().join(FILE_NAME), "").unwrap();
        assert_eq!(find(&place.path().join("a")).unwrap().1, 1);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let place = tempfile::tempdir().unwrap();
        fs::create_dir(place.path().join(FILE_NAME)).unwrap();
        let error = Config::discover(place.path()).unwrap_err();
        assert!(error.to_string().ends_with("grantlint.toml`: it is a directory"), "{error}");
        assert!(error.render(false, 100).contains("it is a directory"));
        assert!(matches!(Config::load(Path::new("/nowhere/x.toml")), Err(ConfigError::Unreadable { .. })));
    }
}
