//! Globs of the configuration that match no file any more.
//!
//! Files move, and an entry that speaks of nothing says so once as a note; it is no mistake, because a checkout may be
//! partial. Only an expectation has to match a file: one that holds no policy to anything would look like a passed test.
//! A glob without wildcards is one look at the disk; the others share a walk of the directory that they
//! begin with, which ends as soon as each has found a file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::{Config, ConfigError, Glob, Mistake};
use crate::text::Source;

/// Directories that hold no policies of this project, whatever `.gitignore` says.
const SKIPPED: [&str; 3] = [".git", "target", "node_modules"];

impl Config {
    /// A note with file and line for each glob that matches no file below the configuration's directory, in the order
    /// of their lines. Hidden files count. A glob that begins with a directory finds ignored files in it too; one that
    /// begins with a wildcard looks where `.gitignore` lets it.
    pub fn stale(&self) -> Vec<String> {
        let globs = self.files.iter().flat_map(|entry| &entry.glob);
        let mut globs: Vec<&Glob> = globs.chain(self.ignores.iter().flat_map(|entry| &entry.files)).collect();
        globs.sort_by_key(|glob| glob.line);
        let missing = self.unmatched(&globs);
        let stale = globs.iter().zip(missing).filter(|(_, missing)| *missing);
        stale.map(|(glob, _)| self.stale_note(glob)).collect()
    }

    /// Whether every glob of an expectation matches a file; `source` is the configuration's text.
    ///
    /// # Errors
    /// With a mistake for each that does not.
    pub(super) fn check_expected_files(&self, source: &Source) -> Result<(), ConfigError> {
        let globs: Vec<&Glob> = self.expects.iter().flat_map(|entry| &entry.files).collect();
        let missing = self.unmatched(&globs);
        let mistake = |glob: &Glob| {
            let help = self.directory_hint(glob);
            let help = help.unwrap_or_else(|| {
                "correct the path; `grantlint generate` writes a policy that is not there yet".into()
            });
            let message = format!("`{}` matches no file", glob.text);
            Mistake::new(source, glob.span, message, "matches nothing").with_help(Some(help))
        };
        let missing = globs.iter().zip(missing).filter(|(_, missing)| *missing);
        let mistakes: Vec<Mistake> = missing.map(|(glob, _)| mistake(glob)).collect();
        if mistakes.is_empty() { Ok(()) } else { Err(ConfigError::Invalid(mistakes)) }
    }

    /// For each glob, whether it matches no file on disk.
    fn unmatched(&self, globs: &[&Glob]) -> Vec<bool> {
        let mut missing = vec![true; globs.len()];
        let mut walks: BTreeMap<PathBuf, Vec<usize>> = BTreeMap::new();
        for (index, glob) in globs.iter().enumerate() {
            let (directory, rest) = literal_directory(&glob.text);
            if has_wildcard(rest) {
                walks.entry(self.root.join(directory)).or_default().push(index);
            } else {
                set(&mut missing, index, !self.root.join(directory).join(rest).is_file());
            }
        }
        for (directory, open) in walks {
            self.walk(&directory, open, globs, &mut missing);
        }
        missing
    }

    fn walk(&self, directory: &Path, mut open: Vec<usize>, globs: &[&Glob], missing: &mut [bool]) {
        let mut builder = WalkBuilder::new(directory);
        builder.hidden(false).require_git(false).filter_entry(|entry| {
            // The directory that a glob names itself is looked at in any case.
            let is_directory = entry.file_type().is_some_and(|kind| kind.is_dir());
            entry.depth() == 0 || !is_directory || !SKIPPED.iter().any(|skipped| entry.file_name() == *skipped)
        });
        if directory != self.root {
            builder.standard_filters(false);
        }
        for entry in builder.build().flatten() {
            if open.is_empty() {
                return;
            }
            if entry.file_type().is_none_or(|kind| kind.is_dir()) {
                continue;
            }
            let Ok(relative) = entry.path().strip_prefix(&self.root) else { continue };
            let relative = super::matching::joined(relative);
            open.retain(|index| {
                let found = globs.get(*index).is_some_and(|glob| glob.matches(&relative));
                if found {
                    set(missing, *index, false);
                }
                !found
            });
        }
    }

    fn stale_note(&self, glob: &Glob) -> String {
        let text = crate::text::visible(&glob.text);
        let note = format!("{}:{}: the glob `{text}` matches no file", self.name, glob.line);
        match self.directory_hint(glob) {
            Some(hint) => format!("{note}: {hint}"),
            None => note,
        }
    }

    /// What to write for a glob that names a directory.
    fn directory_hint(&self, glob: &Glob) -> Option<String> {
        let is_directory = !has_wildcard(&glob.text) && self.root.join(&glob.text).is_dir();
        let text = crate::text::visible(&glob.text);
        is_directory.then(|| format!("it is a directory; write `{}/**`", text.trim_end_matches('/')))
    }
}

fn set(flags: &mut [bool], index: usize, value: bool) {
    if let Some(flag) = flags.get_mut(index) {
        *flag = value;
    }
}

fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?', '[', '{', '\\'])
}

/// The directory that a glob begins with (up to the last `/` before a wildcard), and the rest.
fn literal_directory(glob: &str) -> (&str, &str) {
    let literal = glob.find(['*', '?', '[', '{', '\\']).and_then(|at| glob.get(..at)).unwrap_or(glob);
    literal.rfind('/').and_then(|at| Some((glob.get(..at)?, glob.get(at + 1..)?))).unwrap_or(("", glob))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn stale(files: &[&str], globs: &[&str]) -> Vec<String> {
        let place = tempfile::tempdir().unwrap();
        for file in files {
            let path = place.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, if file.ends_with(".gitignore") { "build/\n" } else { "" }).unwrap();
        }
        let entries: Vec<String> = globs.iter().map(|glob| format!("[[files]]\nglob = '{glob}'\n")).collect();
        let text = entries.concat();
        Config::parse(&text, &place.path().join("grantlint.toml"))
            .unwrap()
            .stale()
            .into_iter()
            .map(|note| note.rsplit_once("grantlint.toml:").unwrap().1.to_owned())
            .collect()
    }

    #[test]
    fn a_glob_that_matches_nothing_is_noted_with_its_line() {
        let files = ["policies/a.json", "policies/keys/b.json", ".github/c.json"];
        let globs = ["policies/*.json", "old/**", "policies/a.json", "gone.json", "**/c.json", "**/d.json", "policies"];
        assert_eq!(
            stale(&files, &globs),
            [
                "4: the glob `old/**` matches no file",
                "8: the glob `gone.json` matches no file",
                "12: the glob `**/d.json` matches no file",
                "14: the glob `policies` matches no file: it is a directory; write `policies/**`",
            ]
        );
    }

    #[test]
    fn ignored_files_count_where_their_directory_is_named() {
        let files = [".gitignore", "build/a.json", "node_modules/b.json"];
        assert!(stale(&files, &["build/**"]).is_empty());
        assert_eq!(stale(&files, &["**/a.json", "**/b.json"]).len(), 2);
    }

    #[test]
    fn the_directory_before_the_first_wildcard() {
        assert_eq!(literal_directory("a/b/*.json"), ("a/b", "*.json"));
        assert_eq!(literal_directory("a/b*/c"), ("a", "b*/c"));
        assert_eq!(literal_directory("**"), ("", "**"));
        assert_eq!(literal_directory("a/b.json"), ("a", "b.json"));
    }
}
