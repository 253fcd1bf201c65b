//! Findings that were there when grantlint came to a project: counted, not judged again.
//!
//! A baseline is a JSON file with one fingerprint for each finding. A fingerprint knows no line and no statement
//! index, so it survives reformatting; two equal findings need two entries, so a third one is new. Files are named from
//! the root of the project, so a baseline means the same from each of its directories.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::ConfigError;
use super::discover::read_file;
use super::mistake::Mistake;
use crate::finding::{Finding, Fingerprint};
use crate::text::{Source, Span, visible};

/// The form of the file that this version reads and writes.
const VERSION: u64 = 1;

/// Accepted findings, each good for one finding of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    /// How many findings of a file and a fingerprint are still accepted.
    left: BTreeMap<(String, Fingerprint), u32>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u64,
    findings: Vec<Entry>,
}

#[derive(Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
struct Entry {
    file: String,
    rule: String,
    #[serde(deserialize_with = "sixteen_digits")]
    fingerprint: String,
    /// For the reader of the file; not compared.
    #[serde(default)]
    message: String,
}

impl Baseline {
    /// Read the baseline at `path`.
    ///
    /// # Errors
    /// When the file cannot be read, or with the place at which it is not a baseline.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let bytes = read_file(path)?;
        let source = Source::from_bytes(path.to_string_lossy(), bytes)
            .map_err(|error| ConfigError::Unreadable { path: path.to_path_buf(), cause: io::Error::other(error) })?;
        parse(&source)
    }

    /// Write a baseline of `findings`, each with the lasting name of its file, to `path`: in one step, so that a run that is
    /// stopped leaves the old one.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write<'f>(
        path: &Path,
        findings: impl IntoIterator<Item = (&'f str, &'f Finding)>,
    ) -> Result<(), ConfigError> {
        let unwritable = |cause| ConfigError::Unwritable { path: path.to_path_buf(), cause };
        let text = Self::to_json(findings);
        let mut beside = path.as_os_str().to_owned();
        beside.push(format!(".{}.tmp", std::process::id()));
        let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, path));
        if written.is_err() {
            // What is left of a failed attempt helps nobody; if it cannot be removed, the first error says enough.
            let _ = fs::remove_file(&beside);
        }
        written.map_err(unwritable)
    }

    /// The text of a baseline of `findings`, sorted, so that it does not depend on their order.
    pub fn to_json<'f>(findings: impl IntoIterator<Item = (&'f str, &'f Finding)>) -> String {
        let mut entries: Vec<Entry> = findings
            .into_iter()
            .map(|(file, finding)| Entry {
                file: file.to_owned(),
                rule: finding.rule.name.to_owned(),
                fingerprint: finding.fingerprint.to_string(),
                message: visible(&finding.message).into_owned(),
            })
            .collect();
        entries.sort();
        let document = Document { version: VERSION, findings: entries };
        // Strings and numbers under string keys cannot fail to serialise.
        serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
    }

    /// Whether `finding` in `file` is accepted. Uses up one entry: a second equal finding needs a second entry.
    pub fn contains(&mut self, file: &str, finding: &Finding) -> bool {
        match self.left.get_mut(&(file.to_owned(), finding.fingerprint)) {
            Some(left) if *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        }
    }

    /// Number of entries that no finding has used up so far.
    pub fn left(&self) -> u64 {
        self.left.values().map(|left| u64::from(*left)).sum()
    }
}

fn parse(source: &Source) -> Result<Baseline, ConfigError> {
    let wrong = |span: Span, message: &str, caption: &str| {
        let mistake = Mistake::new(source, span, message, caption);
        ConfigError::Invalid(vec![mistake.with_help(Some("write the file anew with `--write-baseline`"))])
    };
    if let Some(span) = source.undecodable().first() {
        return Err(wrong(*span, "the baseline is not UTF-8", "no character"));
    }
    // An editor may have put a byte-order mark before it.
    let text = source.text().trim_start_matches('\u{feff}');
    let skipped = (source.text().len() - text.len()) as u32;
    let document: Document = serde_json::from_str(text).map_err(|error| {
        let at = offset(text, error.line(), error.column()) + skipped;
        let message = error.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
        wrong(Span::new(at, at + 1), &format!("this is no baseline: {message}"), "here")
    })?;
    if document.version != VERSION {
        let message = format!("this baseline has version {}, this grantlint reads {VERSION}", document.version);
        let at = source.text().find("\"version\"").unwrap_or(0) as u32;
        return Err(wrong(Span::new(at, at + 9), &message, "this version"));
    }
    let mut left = BTreeMap::new();
    for entry in document.findings {
        // INVARIANT: `sixteen_digits` has parsed it once.
        if let Ok(fingerprint) = entry.fingerprint.parse() {
            *left.entry((entry.file, fingerprint)).or_insert(0) += 1;
        }
    }
    Ok(Baseline { left })
}

fn sixteen_digits<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(text);
    }
    Err(serde::de::Error::custom(format_args!("`{text}` is no fingerprint of 16 hexadecimal digits")))
}

/// The byte offset of a line and a column that both count from 1, the column in bytes.
fn offset(text: &str, line: usize, column: usize) -> u32 {
    let start = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
    (start + column.saturating_sub(1)).min(text.len()) as u32
}
