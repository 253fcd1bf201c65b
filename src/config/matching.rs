//! What the configuration says of one file, and of one finding in it.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::{Config, ExpectEntry, FilesEntry, Glob, IgnoreEntry};
use crate::finding::{Finding, Grades, PolicyKind, Profile, Severity};
use crate::rules::{self, Facts, Filter};

/// The endings by which a file's name says that it is filled in later.
const TEMPLATE_ENDINGS: [&str; 3] = ["tpl", "tmpl", "j2"];

/// Whether the file's name says that it is a template: it ends in `.tpl`, `.tmpl` or `.j2`.
pub fn is_template(path: &Path) -> bool {
    let ending = path.extension().and_then(OsStr::to_str);
    ending.is_some_and(|ending| TEMPLATE_ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending)))
}

impl Config {
    /// What is known of the file at `path`, which is absolute or relative to the process's working directory. A file
    /// outside the configuration's directory, and `<stdin>`, are matched by no `[[files]]`; layouts are known everywhere.
    pub fn facts(&self, path: &Path) -> Facts {
        let layouts = Arc::clone(&self.layouts);
        let mut facts = Facts { is_template: is_template(path), layouts, ..Facts::default() };
        if self.files.is_empty() && self.expects.is_empty() {
            return facts;
        }
        let Some(relative) = self.relative(path) else { return facts };
        // Entries of both sorts may name the kind: the later one in the file decides.
        let mut decided_at = 0;
        for entry in self.files.iter().filter(|entry| entry.matches(&relative)) {
            if entry.kind.is_some() {
                (facts.kind, decided_at) = (entry.kind, entry.line);
            }
            facts.dialect = entry.dialect.or(facts.dialect);
            add(&mut facts.owners.names, &entry.owners);
            add(&mut facts.owners.words, &entry.owner_words);
        }
        for entry in self.expects.iter().filter(|entry| entry.matches(&relative)) {
            let kind = entry.expectation.kind;
            if kind.is_some() && entry.line >= decided_at {
                (facts.kind, decided_at) = (kind, entry.line);
            }
            facts.expectation = Some(Arc::clone(&entry.expectation));
        }
        facts
    }

    /// The dialect in which a policy is written from an expectation, as far as the configuration says so: the entry itself, or
    /// the `[[files]]` entries that speak of its files. A glob of the expectation is asked for as if it were a path.
    pub fn dialect_of(&self, entry: &ExpectEntry) -> Option<&'static str> {
        let of_files = |glob: &Glob| {
            let entries = self.files.iter().filter(|entry| entry.matches(glob.text()));
            entries.filter_map(|entry| entry.dialect).next_back()
        };
        let mut found = entry.files.iter().map(of_files);
        let first = found.next().flatten();
        entry.expectation.dialect.or_else(|| first.filter(|_| found.all(|other| other == first)))
    }

    /// The `[[files]]` entry that sets the kind of the policies in the file at `path`, if one does.
    pub fn kind_entry(&self, path: &Path) -> Option<&FilesEntry> {
        self.entries_for(path).rfind(|entry| entry.kind.is_some())
    }

    /// The index in [`Config::ignores`] of the first entry that accepts `finding` in the file at `path`. A file that
    /// does not parse was not judged, so no entry accepts `invalid-json`.
    pub fn ignored_by(&self, path: &Path, finding: &Finding) -> Option<usize> {
        if finding.rule.name == "invalid-json" {
            return None;
        }
        // The path is resolved only when an entry speaks of the rule at all.
        let mut relative = None;
        self.ignores.iter().position(|entry| {
            entry.names(finding)
                && relative
                    .get_or_insert_with(|| self.relative(path))
                    .as_deref()
                    .is_some_and(|relative| entry.matches(relative))
        })
    }

    /// A note for each `[[ignore]]` whose index is not in `used` although one of its files was `checked`: whatever it
    /// accepted is gone.
    ///
    /// For a run that shows everything; [`Config::unused_under`] knows of filters.
    pub fn unused(&self, used: &BTreeSet<usize>, checked: &[PathBuf]) -> Vec<String> {
        self.unused_where(used, checked, |_| true)
    }

    /// Like [`Config::unused`], but silent about an entry whose findings `filter` may have held back before the entry
    /// was asked.
    pub fn unused_under(&self, filter: &Filter, used: &BTreeSet<usize>, checked: &[PathBuf]) -> Vec<String> {
        self.unused_where(used, checked, |entry| entry.rule.iter().all(|rule| speaks(filter, rule)))
    }

    fn unused_where(
        &self,
        used: &BTreeSet<usize>,
        checked: &[PathBuf],
        counts: impl Fn(&IgnoreEntry) -> bool,
    ) -> Vec<String> {
        let unused = |(index, entry): &(usize, &IgnoreEntry)| !used.contains(index) && counts(entry);
        let candidates: Vec<_> = self.ignores.iter().enumerate().filter(unused).collect();
        if candidates.is_empty() {
            return Vec::new();
        }
        let checked: Vec<String> = checked.iter().filter_map(|path| self.relative(path)).collect();
        candidates
            .into_iter()
            .filter(|(_, entry)| checked.iter().any(|relative| entry.matches(relative)))
            .map(|(_, entry)| {
                let rules: Vec<&str> = entry.rule.iter().map(String::as_str).collect();
                let rules = super::nearest::list(&rules);
                format!("{}:{}: this ignore of {rules} matches no finding; remove it", self.name, entry.line)
            })
            .collect()
    }

    fn entries_for(&self, path: &Path) -> impl DoubleEndedIterator<Item = &FilesEntry> {
        let relative = if self.files.is_empty() { None } else { self.relative(path) };
        self.files.iter().filter(move |entry| relative.as_deref().is_some_and(|relative| entry.matches(relative)))
    }

    /// `path` relative to the configuration's directory, with `/` between the names.
    fn relative(&self, path: &Path) -> Option<String> {
        if path == Path::new("<stdin>") || path == Path::new("-") {
            return None;
        }
        let written = absolute(path);
        if let Ok(relative) = written.strip_prefix(&self.root) {
            return Some(joined(relative));
        }
        // One of the two may lead through a link.
        let (real, root) = (path.canonicalize().ok()?, self.root.canonicalize().ok()?);
        real.strip_prefix(root).ok().map(joined)
    }
}

/// Whether every finding of the rule called `name` passes `filter`.
fn speaks(filter: &Filter, name: &str) -> bool {
    let selected = filter.select.as_ref().map(|select| select.contains(name));
    let in_profile = || rules::find(name).is_none_or(|meta| last_profile(meta.grades) <= filter.profile);
    !filter.ignore.contains(name)
        && filter.min_severity == Severity::Info
        && filter.min_confidence == crate::finding::Confidence::Low
        && selected.unwrap_or_else(in_profile)
}

fn last_profile(grades: Grades) -> Profile {
    PolicyKind::ALL.iter().map(|kind| grades.of(*kind).profile).max().unwrap_or(Profile::Audit)
}

fn add(names: &mut Vec<String>, more: &[String]) {
    for name in more {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
}

/// A relative path with `/` between its names, whatever the system writes.
pub(crate) fn joined(relative: &Path) -> String {
    let names: Vec<_> = relative.components().map(|name| name.as_os_str().to_string_lossy()).collect();
    names.join("/")
}

/// `path` from the root of the file system, without `.` and `..`; links are not followed and nothing has to exist.
pub(super) fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}
