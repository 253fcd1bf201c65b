//! The entries of a configuration: what files are, what they are for, and which findings are ignored.

use std::sync::Arc;

use globset::{GlobBuilder, GlobMatcher};
use schemars::JsonSchema;

use super::schema::{DialectName, GlobText, Kind, OneOrMany, OwnerName, Reason, RuleName};
use crate::finding::{Finding, PolicyKind, Severity};
use crate::semantics::expectation::Expectation;
use crate::text::Span;

/// A glob of the configuration: matches paths relative to the configuration's directory, with `/` between the names.
/// `*` and `?` stay inside one name, `**` crosses them.
#[derive(Debug, Clone)]
pub struct Glob {
    pub(super) text: String,
    pub(super) line: u32,
    pub(super) span: Span,
    matcher: GlobMatcher,
}

impl Glob {
    /// Compile `text`, which stands at `span` on `line`.
    pub(super) fn new(text: &str, line: u32, span: Span) -> Result<Self, globset::Error> {
        // `./keys/*.json` is what people write who think of a shell; no path that is matched begins so.
        let pattern = text.trim_start_matches("./");
        let glob = GlobBuilder::new(pattern).literal_separator(true).empty_alternates(true).build()?;
        Ok(Self { text: pattern.to_owned(), line, span, matcher: glob.compile_matcher() })
    }

    /// The glob as the user wrote it, without a leading `./`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it matches `relative`, a path relative to the configuration's directory with `/` between the names.
    pub fn matches(&self, relative: &str) -> bool {
        self.matcher.is_match(relative)
    }
}

/// What some files are. Of two entries that match a file, the later one decides; owners add up.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(rename = "files", rename_all = "kebab-case", deny_unknown_fields)]
pub struct FilesEntry {
    /// Which files: one glob or a list, relative to the directory of this file. `*` stays within one directory, `**`
    /// crosses directories.
    #[schemars(with = "OneOrMany<GlobText>")]
    pub glob: Vec<Glob>,
    /// What the policies in these files are for.
    #[schemars(with = "Kind", default)]
    pub kind: Option<PolicyKind>,
    /// Path segments that name one owner, such as the user for whom an example was filled in.
    #[schemars(with = "OneOrMany<OwnerName>", default)]
    pub owners: Vec<String>,
    /// Further words that mark a placeholder as an owner, beside `user`, `uid`, `openid` and the like.
    #[schemars(with = "OneOrMany<OwnerName>", default)]
    pub owner_words: Vec<String>,
    /// The provider whose rules these policies follow.
    #[schemars(with = "DialectName", default)]
    pub dialect: Option<&'static str>,
    /// The line on which the entry begins, counted from 1.
    #[schemars(skip)]
    pub line: u32,
}

impl FilesEntry {
    /// Whether the entry speaks of `relative`, a path relative to the configuration's directory.
    pub fn matches(&self, relative: &str) -> bool {
        self.glob.iter().any(|glob| glob.matches(relative))
    }
}

/// What the policies in some files are for. Of two entries that match a file, the later one counts.
#[derive(Debug, Clone)]
pub struct ExpectEntry {
    /// Which files.
    pub files: Vec<Glob>,
    /// What is expected of them.
    pub expectation: Arc<Expectation>,
    /// The line on which the entry begins, counted from 1.
    pub line: u32,
}

impl ExpectEntry {
    /// Whether the entry speaks of `relative`, a path relative to the configuration's directory.
    pub fn matches(&self, relative: &str) -> bool {
        self.files.iter().any(|glob| glob.matches(relative))
    }
}

/// Findings that were looked at and accepted, with the reason.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(rename = "ignore", rename_all = "kebab-case", deny_unknown_fields)]
pub struct IgnoreEntry {
    /// Which rule, or a list of rules.
    #[schemars(with = "OneOrMany<RuleName>")]
    pub rule: Vec<String>,
    /// In which files: one glob or a list, relative to the directory of this file.
    #[schemars(with = "OneOrMany<GlobText>")]
    pub files: Vec<Glob>,
    /// JSON pointer to the node that is meant, such as `/statement/0`; everything below it is meant too. Without it
    /// the whole file is.
    #[schemars(with = "String", default, extend("pattern" = "^(/([^~]|~[01])*)?$"))]
    pub pointer: Option<String>,
    /// Why this is accepted; a person reads it.
    #[schemars(with = "Reason")]
    pub reason: String,
    /// The line on which the entry begins, counted from 1.
    #[schemars(skip)]
    pub line: u32,
}

impl IgnoreEntry {
    /// Whether the entry speaks of `relative`, a path relative to the configuration's directory.
    pub fn matches(&self, relative: &str) -> bool {
        self.files.iter().any(|glob| glob.matches(relative))
    }

    /// Whether the entry names the finding's rule, and the node it is about or one above.
    pub fn names(&self, finding: &Finding) -> bool {
        self.rule.iter().any(|rule| rule == finding.rule.name)
            && self.pointer.as_deref().is_none_or(|pointer| is_at_or_below(&finding.pointer, pointer))
    }
}

fn is_at_or_below(node: &str, above: &str) -> bool {
    node.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The least severity that fails a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// A finding of this severity or above.
    AtLeast(Severity),
    /// No finding does.
    Never,
}

impl FailOn {
    /// The words for it in the configuration and on the command line.
    pub const WORDS: &'static [&'static str] = &["info", "low", "medium", "high", "never"];

    /// The threshold, if there is one.
    pub const fn severity(self) -> Option<Severity> {
        match self {
            Self::AtLeast(severity) => Some(severity),
            Self::Never => None,
        }
    }
}

impl std::str::FromStr for FailOn {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "never" => Ok(Self::Never),
            word => word.parse().map(Self::AtLeast).map_err(|message: String| message + ", never"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stays_within_one_directory() {
        let matches = |glob: &str, path: &str| Glob::new(glob, 1, Span::default()).unwrap().matches(path);
        assert!(matches("policies/*.json", "policies/a.json"));
        assert!(!matches("policies/*.json", "policies/keys/a.json"));
        assert!(matches("policies/**", "policies/keys/a.json"));
        assert!(matches("**/*.session.json", "a.session.json"));
        assert!(matches("./a.{json,jsonc}", "a.jsonc"));
        assert!(!matches("?.json", "/.json"));
        assert!(!matches("policies", "policies/a.json"));
    }

    #[test]
    fn a_pointer_means_its_node_and_what_is_below() {
        assert!(is_at_or_below("/statement/1/action", "/statement/1"));
        assert!(is_at_or_below("/statement/1", "/statement/1"));
        assert!(is_at_or_below("/statement/1", ""));
        assert!(!is_at_or_below("/statement/10", "/statement/1"));
        assert!(!is_at_or_below("/statement", "/statement/1"));
    }

    #[test]
    fn never_is_no_severity() {
        assert_eq!("never".parse::<FailOn>().unwrap().severity(), None);
        assert_eq!("low".parse::<FailOn>().unwrap().severity(), Some(Severity::Low));
        assert_eq!("all".parse::<FailOn>().unwrap_err(), "`all` is none of info, low, medium, high, never");
    }
}
