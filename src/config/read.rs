//! From the text of `grantlint.toml` to a [`Config`], or to all its mistakes.
//!
//! The text is parsed to a tree with spans and walked by hand: serde would stop at the first mistake and could not
//! underline a misspelled key.

mod layout;

use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::entry::{FailOn, FilesEntry, Glob, IgnoreEntry};
use super::mistake::Mistake;
use super::nearest::{list, suggestion};
use super::{Config, ConfigError};
use crate::finding::{Confidence, PolicyKind, Profile, Severity};
use crate::policy::Owners;
use crate::text::{Source, Span};

pub(super) const TOP_KEYS: &[&str] =
    &["files", "layout", "expect", "ignore", "profile", "fail-on", "min-severity", "min-confidence"];
pub(super) const FILES_KEYS: &[&str] = &["glob", "kind", "owners", "owner-words", "dialect"];
pub(super) const LAYOUT_KEYS: &[&str] = &["bucket", "key", "owner", "names"];
pub(super) const IGNORE_KEYS: &[&str] = &["rule", "files", "pointer", "reason"];
/// `undetermined` is what a document is when nobody says anything, so it cannot be said.
pub(super) const KINDS: &[&str] = &["session", "identity", "bucket"];
pub(super) const DIALECTS: &[&str] = crate::dialect::NAMES;
/// What did not parse was not judged; accepting that would turn "could not look" into "clean".
const NEVER_IGNORED: &str = "invalid-json";

/// Mistakes that are collected at most.
const MOST_MISTAKES: usize = 100;

/// The rules of `known` that an entry may ignore.
pub(super) fn ignorable<'k>(known: &[&'k str]) -> Vec<&'k str> {
    known.iter().copied().filter(|name| *name != NEVER_IGNORED).collect()
}

/// Read `source`, which stands at `path`; `known` are the names of all rules.
pub(super) fn read(source: &Source, path: &Path, known: &[&str]) -> Result<Config, ConfigError> {
    let mut reader = Reader { source, known, mistakes: Vec::new() };
    let config = reader.config(path);
    let mut mistakes = reader.mistakes;
    if mistakes.is_empty() {
        return Ok(config);
    }
    mistakes.sort_by_key(|mistake| mistake.position().offset);
    Err(ConfigError::Invalid(mistakes))
}

pub(super) type Table<'i> = DeTable<'i>;
pub(super) type Value<'i> = Spanned<DeValue<'i>>;

pub(super) struct Reader<'s> {
    pub(super) source: &'s Source,
    known: &'s [&'s str],
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    fn config(&mut self, path: &Path) -> Config {
        let mut config = Config::empty(path, self.source.name());
        if let Some(span) = self.source.undecodable().first() {
            let message = "the configuration is not UTF-8";
            let mistake = Mistake::new(self.source, *span, message, "no character");
            self.mistakes.push(mistake.with_help(Some("save the file as UTF-8")));
            return config;
        }
        let (root, errors) = DeTable::parse_recoverable(self.source.text());
        let mut last = None;
        for error in &errors {
            let span = error.span().unwrap_or_default();
            // Nested brackets that miss their ends all miss them at the same place.
            if last.replace(span.start) != Some(span.start) {
                let message = format!("the configuration is not valid TOML: {}", error.message());
                let help = "write `key = value`, texts in double quotes and lists in brackets; `grantlint init` shows every key";
                self.mistake(span, &message, "here", Some(help));
            }
        }
        // What was recovered around a fault of the grammar may not be what was meant.
        if !errors.is_empty() {
            return config;
        }
        let root = root.get_ref();
        self.check_keys(root, TOP_KEYS, "at the top level");
        config.profile = self.word(root, "profile", &words(Profile::ALL, Profile::word));
        config.fail_on = self.word::<FailOn>(root, "fail-on", FailOn::WORDS);
        config.min_severity = self.word(root, "min-severity", &words(Severity::ALL, Severity::word));
        config.min_confidence = self.word(root, "min-confidence", &words(Confidence::ALL, Confidence::word));
        for (table, span) in self.tables(root, "files", "write `[[files]]` above each entry") {
            let entry = self.files_entry(table, span);
            config.files.push(entry);
        }
        config.layouts = self.layouts(root, &config.name);
        config.text = self.source.text().into();
        let owners = owners_of(&config.files);
        for (table, span) in self.tables(root, "expect", "write `[[expect]]` above each entry") {
            let entry = self.expect_entry(table, span, &owners, &config.expects);
            config.expects.push(entry);
        }
        for (table, span) in self.tables(root, "ignore", "write `[[ignore]]` above each entry") {
            let entry = self.ignore_entry(table, span);
            config.ignores.push(entry);
        }
        config
    }

    fn files_entry(&mut self, table: &Table<'_>, span: Range<usize>) -> FilesEntry {
        self.check_keys(table, FILES_KEYS, "in `[[files]]`");
        self.require(table, &["glob"], &span, "[[files]]");
        let kind = self.word::<PolicyKind>(table, "kind", KINDS);
        let dialect = self.word::<String>(table, "dialect", DIALECTS);
        FilesEntry {
            glob: self.globs(table, "glob"),
            kind,
            owners: self.names(table, "owners"),
            // A hole's name is compared without these, and in small letters.
            owner_words: self
                .names(table, "owner-words")
                .into_iter()
                .map(|word| word.replace(['-', '_'], "").to_lowercase())
                .collect(),
            dialect: DIALECTS.iter().copied().find(|known| Some(*known) == dialect.as_deref()),
            line: self.line(span),
        }
    }

    fn ignore_entry(&mut self, table: &Table<'_>, span: Range<usize>) -> IgnoreEntry {
        self.check_keys(table, IGNORE_KEYS, "in `[[ignore]]`");
        self.require(table, &["rule", "files", "reason"], &span, "[[ignore]]");
        IgnoreEntry {
            rule: self.rules(table),
            files: self.globs(table, "files"),
            pointer: self.pointer(table),
            reason: self.reason(table),
            line: self.line(span),
        }
    }

    fn rules(&mut self, table: &Table<'_>) -> Vec<String> {
        let ignorable = ignorable(self.known);
        let mut names = Vec::new();
        for (name, span) in self.strings(table, "rule") {
            if name == NEVER_IGNORED {
                let help = "repair the file, or leave it out of the run: what did not parse was not judged";
                self.mistake(span, "`invalid-json` cannot be ignored", "this rule", Some(help));
            } else if ignorable.contains(&name) {
                names.push(name.to_owned());
            } else {
                let help = suggestion(name, &ignorable).unwrap_or_else(|| "run `grantlint rules` for all names".into());
                self.mistake(span, &format!("unknown rule `{name}`"), "no rule has this name", Some(&help));
            }
        }
        names
    }

    fn pointer(&mut self, table: &Table<'_>) -> Option<String> {
        let (pointer, span) = self.string(table, "pointer")?;
        let mut tildes = pointer.split('~').skip(1);
        let (message, help) = if !pointer.is_empty() && !pointer.starts_with('/') {
            (format!("`{pointer}` is no JSON pointer"), format!("write `/{}`", pointer.replace('.', "/")))
        } else if !tildes.all(|rest| rest.starts_with(['0', '1'])) {
            let help = "write `~0` for `~` and `~1` for `/` inside a name";
            (format!("`{pointer}` is no JSON pointer"), help.to_owned())
        } else if pointer.ends_with('/') {
            let help = format!("write `{}`", pointer.trim_end_matches('/'));
            (format!("`{pointer}` names nothing: it ends with `/`"), help)
        } else {
            return Some(pointer.to_owned());
        };
        self.mistake(span, &message, "not a pointer", Some(&help));
        None
    }

    fn reason(&mut self, table: &Table<'_>) -> String {
        let Some((reason, span)) = self.string(table, "reason") else { return String::new() };
        if reason.trim().is_empty() {
            let help = "say in a sentence why this is accepted, for the next reader";
            self.mistake(span, "the reason is blank", "nothing here", Some(help));
        }
        reason.to_owned()
    }

    pub(super) fn globs(&mut self, table: &Table<'_>, key: &str) -> Vec<Glob> {
        let mut globs = Vec::new();
        for (text, span) in self.strings(table, key) {
            let line = self.line(span.clone());
            if text.is_empty() {
                let help = "write `**` for all files below this directory";
                self.mistake(span, "an empty glob matches no file", "empty", Some(help));
            } else if text.starts_with('/') || text.split('/').any(|name| name == "..") {
                let message = format!("`{text}` leads out of the directory of the configuration");
                let help = "write a path relative to the directory of this file, without `..`";
                self.mistake(span, &message, "matches no file", Some(help));
            } else {
                match Glob::new(text, line, Span::new(span.start as u32, span.end as u32)) {
                    Ok(glob) => globs.push(glob),
                    Err(error) => {
                        let reason = error.kind().to_string();
                        let reason = reason.split(';').next().unwrap_or_default();
                        let message = format!("`{text}` is not a valid glob: {reason}");
                        let help = "write `[{]` for a `{` that stands for itself, and so for other signs";
                        self.mistake(span, &message, "cannot be read", Some(help));
                    }
                }
            }
        }
        globs
    }

    /// Names that stand for one owner: a part of a path each.
    fn names(&mut self, table: &Table<'_>, key: &str) -> Vec<String> {
        let mut names = Vec::new();
        for (name, span) in self.strings(table, key) {
            if is_segment(name) {
                names.push(name.to_owned());
            } else {
                let help = "write the name alone, such as `alice`, without `/`, `*` and blanks";
                self.mistake(span, &format!("`{name}` is no name of one path segment"), "no name", Some(help));
            }
        }
        names
    }

    /// The value of `key`, one of `words`.
    pub(super) fn word<T: std::str::FromStr>(&mut self, table: &Table<'_>, key: &str, words: &[&str]) -> Option<T> {
        let (word, span) = self.string(table, key)?;
        if !words.contains(&word) {
            let help = suggestion(word, words);
            self.mistake(span, &format!("unknown value `{word}` of `{key}`"), "not known", help.as_deref());
            return None;
        }
        word.parse().ok()
    }

    /// The tables in the list `key`; `help` says how they are written.
    pub(super) fn tables<'t, 'i>(
        &mut self,
        root: &'t Table<'i>,
        key: &str,
        help: &str,
    ) -> Vec<(&'t Table<'i>, Range<usize>)> {
        let Some(value) = root.get(key) else { return Vec::new() };
        let mut tables = Vec::new();
        match value.get_ref() {
            DeValue::Array(values) => {
                for value in values {
                    match value.get_ref() {
                        DeValue::Table(table) => tables.push((table, value.span())),
                        other => {
                            let message = format!("`{key}` holds tables, found {}", described(other));
                            self.mistake(value.span(), &message, "not a table", Some(help));
                        }
                    }
                }
            }
            DeValue::Table(_) => {
                let message = format!("`{key}` is a list of tables");
                self.mistake(value.span(), &message, "a single table", Some(help));
            }
            other => {
                let message = format!("`{key}` is a list of tables, found {}", described(other));
                self.mistake(value.span(), &message, "not a table", Some(help));
            }
        }
        tables
    }

    pub(super) fn string<'t>(&mut self, table: &'t Table<'_>, key: &str) -> Option<(&'t str, Range<usize>)> {
        let value = table.get(key)?;
        let text = value.get_ref().as_str();
        if text.is_none() {
            let message = format!("`{key}` is a string, found {}", described(value.get_ref()));
            self.mistake(value.span(), &message, "not a string", None);
        }
        text.map(|text| (text, value.span()))
    }

    /// The strings of `key`: one or a list.
    pub(super) fn strings<'t>(&mut self, table: &'t Table<'_>, key: &str) -> Vec<(&'t str, Range<usize>)> {
        let Some(value) = table.get(key) else { return Vec::new() };
        let values: Vec<&Value<'_>> = match value.get_ref() {
            DeValue::Array(values) if values.is_empty() => {
                self.mistake(value.span(), &format!("`{key}` is empty"), "nothing here", None);
                return Vec::new();
            }
            DeValue::Array(values) => values.iter().collect(),
            _ => vec![value],
        };
        let mut strings = Vec::new();
        for value in values {
            if let Some(text) = value.get_ref().as_str() {
                strings.push((text, value.span()));
            } else {
                let message = format!("`{key}` is a string or a list of strings, found {}", described(value.get_ref()));
                self.mistake(value.span(), &message, "not a string", None);
            }
        }
        strings
    }

    pub(super) fn check_keys(&mut self, table: &Table<'_>, known: &[&str], place: &str) {
        for (key, _) in table {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                let help = suggestion(name, known).unwrap_or_else(|| format!("use one of {}", list(known)));
                self.mistake(key.span(), &format!("unknown key `{name}` {place}"), "not known here", Some(&help));
            }
        }
    }

    /// Note each of `keys` that is missing in the entry called `name`.
    pub(super) fn require(&mut self, table: &Table<'_>, keys: &[&str], span: &Range<usize>, name: &str) {
        for key in keys.iter().filter(|key| !table.contains_key(**key)) {
            let help = match *key {
                "reason" => "add `reason = \"...\"`: nothing is ignored without one".to_owned(),
                "allow" => "add `allow = [...]` with what the policies shall grant".to_owned(),
                "actions" => "add `actions = [\"...\"]`, such as `[\"GetObject\", \"@list\"]`".to_owned(),
                "keys" => "add `keys = \"...\"`, such as `app/files/*`".to_owned(),
                "rule" => "add `rule = \"...\"` with the name of a rule".to_owned(),
                "bucket" => "add `bucket = \"...\"` with the bucket's name".to_owned(),
                "key" => "add `key = \"...\"` with the shape of the keys, such as `app/{user}/*`".to_owned(),
                "owner" => "add `owner = \"user\"` if the hole `{user}` stands for the user's name".to_owned(),
                key => format!("add `{key} = \"...\"` with a glob"),
            };
            self.mistake(span.clone(), &format!("`{name}` without `{key}`"), "in this entry", Some(&help));
        }
    }

    pub(super) fn line(&self, span: Range<usize>) -> u32 {
        self.source.lines().line_of(span.start as u32) as u32 + 1
    }

    pub(super) fn mistake(&mut self, span: Range<usize>, message: &str, caption: &str, help: Option<&str>) {
        // A file of nothing but mistakes, all on one line, would take for ever: nobody reads so many.
        if self.mistakes.len() >= MOST_MISTAKES {
            return;
        }
        let span = Span::new(span.start as u32, span.end as u32);
        self.mistakes.push(Mistake::new(self.source, span, message, caption).with_help(help));
    }
}

/// Whether a text is the name of one path segment, as an owner's is.
pub fn is_segment(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| matches!(c, '/' | '*') || c.is_whitespace())
}

/// What the entries tell of owners: a hole of an expectation is one if any of them says so.
fn owners_of(files: &[FilesEntry]) -> Owners {
    let words = files.iter().flat_map(|entry| entry.owner_words.iter().cloned()).collect();
    Owners { names: Vec::new(), words }
}

fn words<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|value| word(*value)).collect()
}

/// The kind of a value with its article.
fn described(value: &DeValue<'_>) -> String {
    let name = value.type_str();
    format!("{} {name}", if name.starts_with(['a', 'i']) { "an" } else { "a" })
}
