//! `[[layout]]`: who owns which keys.

use std::ops::Range;
use std::sync::Arc;

use super::{LAYOUT_KEYS, Reader, Table};
use crate::policy::{find_hole, may_hold_hole};
use crate::semantics::layout::{Layout, OwnedKey, key_template};
use crate::semantics::names::Names;
use crate::text::Span;

/// A layout, and where it says who the owner is.
struct Entry {
    layout: Layout,
    owner_span: Range<usize>,
}

impl Reader<'_> {
    pub(super) fn layouts(&mut self, root: &Table<'_>, file: &str) -> Arc<[Layout]> {
        let mut entries: Vec<Entry> = Vec::new();
        for (index, (table, span)) in
            self.tables(root, "layout", "write `[[layout]]` above each entry").into_iter().enumerate()
        {
            let before = self.mistakes.len();
            let Some(entry) = self.layout_entry(table, span, index, file) else { continue };
            // Half of a layout contradicts nothing.
            if self.mistakes.len() == before {
                self.contradiction(&entries, &entry);
            }
            entries.push(entry);
        }
        entries.into_iter().map(|entry| entry.layout).collect()
    }

    fn layout_entry(&mut self, table: &Table<'_>, span: Range<usize>, index: usize, file: &str) -> Option<Entry> {
        self.check_keys(table, LAYOUT_KEYS, "in `[[layout]]`");
        self.require(table, &["bucket", "key", "owner"], &span, "[[layout]]");
        let bucket = self.layout_bucket(table);
        let owner = self.owner(table);
        let names = self.names_regex(table);
        let pointer = format!("/layout/{index}");
        let keys = self.owned_keys(table, owner.as_ref().map(|(owner, _)| *owner), &pointer);
        let (owner, owner_span) = owner?;
        let names_span = table.get("names").map(|value| span_of(&value.span()));
        let is_assumed = names_span.is_none();
        let names = names?;
        let layout = Layout {
            bucket: bucket?,
            keys,
            owner: owner.to_owned(),
            safe: names.safe(),
            names,
            is_assumed,
            at: format!("{file}:{}", self.line(span)),
            pointer,
            names_span,
        };
        Some(Entry { layout, owner_span })
    }

    fn layout_bucket(&mut self, table: &Table<'_>) -> Option<String> {
        let (bucket, span) = self.string(table, "bucket")?;
        if bucket.is_empty() || bucket.contains(|c: char| matches!(c, '/' | '*') || c.is_whitespace()) {
            let help = "write the name of one bucket, such as `examplebucket-1250000000`";
            self.mistake(span, &format!("`{bucket}` is no bucket's name"), "no name", Some(help));
            return None;
        }
        Some(bucket.to_owned())
    }

    fn owner<'t>(&mut self, table: &'t Table<'_>) -> Option<(&'t str, Range<usize>)> {
        let (owner, span) = self.string(table, "owner")?;
        let is_name =
            |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
        if !is_name(owner) {
            let inner = find_hole(owner, 0).and_then(|(_, name)| owner.get(name)).filter(|name| is_name(name));
            let help = format!("write the name of the hole alone: `{}`", inner.unwrap_or("user"));
            self.mistake(span, &format!("`{owner}` is no name of a hole"), "no name", Some(&help));
            return None;
        }
        Some((owner, span))
    }

    /// The names that are declared, or assumed where none are; `None` behind a mistake.
    fn names_regex(&mut self, table: &Table<'_>) -> Option<Names> {
        if !table.contains_key("names") {
            return Some(Names::assumed());
        }
        let (regex, span) = self.string(table, "names")?;
        let error = match Names::parse(regex) {
            Ok(names) => return Some(names),
            Err(error) => error,
        };
        let inside = error.range.and_then(|range| self.inside(&span, regex, &range));
        let message = format!("`names` cannot be used: {}", error.message);
        let help = "write a regex that matches a whole name, such as `[a-z0-9_]{1,32}`";
        self.mistake(inside.unwrap_or(span), &message, "here", Some(help));
        None
    }

    /// Where a range of a string's value stands in the file, if the string is written without escapes.
    fn inside(&self, span: &Range<usize>, value: &str, range: &Range<usize>) -> Option<Range<usize>> {
        let written = self.source.text().get(span.clone())?;
        let start = span.start + written.find(value).filter(|_| !value.is_empty())?;
        // What is missing is missing somewhere: the caret needs a character to stand under.
        let end = range.end.max(range.start + 1).min(value.len());
        let range = range.start.min(end.saturating_sub(1))..end;
        value.get(range.clone())?;
        Some(start + range.start..start + range.end)
    }

    fn owned_keys(&mut self, table: &Table<'_>, owner: Option<&str>, pointer: &str) -> Vec<OwnedKey> {
        let is_list = table.get("key").is_some_and(|value| value.get_ref().as_array().is_some());
        let mut keys = Vec::new();
        for (index, (text, span)) in self.strings(table, "key").into_iter().enumerate() {
            if text.is_empty() || text.starts_with('/') {
                let message = format!(
                    "`{text}` is no shape of keys: {}",
                    if text.is_empty() { "it is empty" } else { "no key begins with `/`" }
                );
                let help = "write the key as it stands behind the bucket's name, such as `app/{user}/*`";
                self.mistake(span, &message, "no key", Some(help));
                continue;
            }
            let Some(owner) = owner else { continue };
            let template = key_template(text, owner);
            if template.owners() == 0 {
                let message = format!("`{text}` does not say where the owner's name stands");
                let help = match first_hole(text) {
                    Some(hole) => format!("write `{{{owner}}}` in it, or `owner = \"{hole}\"` if that is the user"),
                    None => format!("write `{{{owner}}}` in it"),
                };
                self.mistake(span, &message, &format!("no `{{{owner}}}` in it"), Some(&help));
                continue;
            }
            let pointer = if is_list { format!("{pointer}/key/{index}") } else { format!("{pointer}/key") };
            keys.push(OwnedKey { text: text.to_owned(), template, span: span_of(&span), pointer });
        }
        keys
    }

    /// A layout of the same keys that says something else of them.
    fn contradiction(&mut self, entries: &[Entry], entry: &Entry) {
        let layout = &entry.layout;
        for other in entries.iter().map(|entry| &entry.layout).filter(|other| other.bucket == layout.bucket) {
            let same = |key: &&OwnedKey| {
                other.keys.iter().any(|known| known.text == key.text || known.template == key.template)
            };
            let Some(key) = layout.keys.iter().find(same) else { continue };
            let (what, span) = if other.owner != layout.owner {
                (format!("by `{}`", other.owner), entry.owner_span.clone())
            } else if other.names != layout.names {
                let names = layout.names_span.unwrap_or(key.span);
                let span = names.start as usize..names.end as usize;
                (format!("by users with names like `{}`", other.names.text()), span)
            } else {
                continue;
            };
            let message = format!("`{}` is owned {what} in the layout at {}", key.text, other.at);
            self.mistake(span, &message, "says otherwise", Some("keep one of the two, or give one of them other keys"));
            return;
        }
    }
}

fn first_hole(text: &str) -> Option<&str> {
    if !may_hold_hole(text) {
        return None;
    }
    let (_, name) = find_hole(text, 0)?;
    text.get(name).filter(|name| !name.is_empty())
}

fn span_of(range: &Range<usize>) -> Span {
    Span::new(range.start as u32, range.end as u32)
}
