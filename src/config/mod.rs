//! `grantlint.toml`: what files are and what they are for, who owns which keys, which findings are accepted, and the baseline.
//!
//! A [`Config`] is found ([`Config::discover`]) or named ([`Config::load`]) and read as a whole: every mistake in it is
//! shown with a caret, and nothing runs on a half-understood file. Afterwards it answers two questions about a file:
//! what is known of it ([`Config::facts`], expectations included) and whether a finding in it is ignored ([`Config::ignored_by`]). It decides
//! nothing else; flags of the command line win over it, and [`Baseline`] is a file of its own.

mod baseline;
mod discover;
mod entry;
mod excerpt;
mod expect;
mod matching;
mod mistake;
mod nearest;
mod read;
mod schema;
mod stale;
mod start;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use schemars::JsonSchema;

pub use baseline::Baseline;
pub use discover::FILE_NAME;
pub use entry::{ExpectEntry, FailOn, FilesEntry, Glob, IgnoreEntry};
pub use matching::is_template;
pub(crate) use matching::joined;
pub use mistake::{ConfigError, Mistake};
pub use nearest::nearest;
pub use read::is_segment;
pub use schema::schema;
pub use start::starting_file;

use crate::finding::{Confidence, Profile, Severity};
use crate::semantics::layout::Layout;

/// The configuration of grantlint: what the policy files are, which findings were accepted, and what fails a run.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Config {
    /// The directory of the configuration, absolute; globs are relative to it.
    #[schemars(skip)]
    pub root: PathBuf,
    /// The file, absolute.
    #[schemars(skip)]
    pub path: PathBuf,
    /// The file as it is named in messages, made visible: as the user gave it, or relative to the working directory.
    #[schemars(skip)]
    pub name: String,
    /// The text of the file, in which layouts are declared.
    #[schemars(skip)]
    pub text: Arc<str>,
    /// Which findings to show: `default` (act on it), `strict` (also what is worth tidying) or `audit` (everything).
    #[schemars(with = "Profile", default)]
    pub profile: Option<Profile>,
    /// The least severity that fails a run.
    #[schemars(with = "schema::Gate", default)]
    pub fail_on: Option<FailOn>,
    /// Findings below this severity are not shown.
    #[schemars(with = "Severity", default)]
    pub min_severity: Option<Severity>,
    /// Findings below this confidence are not shown.
    #[schemars(with = "Confidence", default)]
    pub min_confidence: Option<Confidence>,
    /// What files are. Of two entries that match a file, the later one decides; owners add up.
    #[schemars(with = "Vec<FilesEntry>", default)]
    pub files: Vec<FilesEntry>,
    /// What the policies in some files are for: what they shall grant, no more and no less. Of two entries that match a
    /// file, the later one counts.
    #[schemars(rename = "expect", with = "Vec<schema::Expect>", default)]
    pub expects: Vec<ExpectEntry>,
    /// Who owns which keys of a bucket.
    #[schemars(rename = "layout", with = "Vec<schema::LayoutEntry>", default)]
    pub layouts: Arc<[Layout]>,
    /// Findings that were looked at and accepted.
    #[schemars(rename = "ignore", with = "Vec<IgnoreEntry>", default)]
    pub ignores: Vec<IgnoreEntry>,
}

impl Config {
    /// A configuration that says nothing, at `path`.
    fn empty(path: &Path, name: &str) -> Self {
        let path = matching::absolute(path);
        Self {
            root: path.parent().map(Path::to_path_buf).unwrap_or_default(),
            path,
            name: crate::text::visible(name).into_owned(),
            text: Arc::default(),
            profile: None,
            fail_on: None,
            min_severity: None,
            min_confidence: None,
            files: Vec::new(),
            expects: Vec::new(),
            layouts: Arc::default(),
            ignores: Vec::new(),
        }
    }
}

/// The names of all rules.
fn known_rules() -> impl Iterator<Item = &'static str> {
    crate::rules::all().iter().map(|meta| meta.name)
}
