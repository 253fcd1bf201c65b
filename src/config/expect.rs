//! `[[expect]]`: from tables to typed expectations, or to all their mistakes.
//!
//! An expectation is written for no provider: an action is a mistake when no dialect has it, or when no dialect has it
//! together with the others. So it is with the bucket: it has to be one where all actions are.

use std::ops::Range;
use std::sync::Arc;

use super::ExpectEntry;
use super::nearest::{list, nearest, suggestion};
use super::read::{DIALECTS, KINDS, Reader, Table};
use crate::catalog::Class;
use crate::dialect::{self, Dialect, Site};
use crate::policy::{HoleOrigin, Owners};
use crate::semantics::expectation::{Asked, AskedGrant, Expectation};

pub(super) const EXPECT_KEYS: &[&str] = &["files", "name", "kind", "dialect", "bucket", "allow"];
pub(super) const ALLOW_KEYS: &[&str] = &["actions", "keys"];

/// How an entry of `allow` is written.
const ALLOW_FORM: &str = "write each entry as `{ actions = [\"...\"], keys = \"...\" }`";

/// What begins the name of a class.
const CLASS_MARK: char = '@';

/// The names of the classes, as they are written.
pub(super) fn class_words() -> Vec<String> {
    Class::ALL.iter().map(|class| format!("{CLASS_MARK}{}", class.word())).collect()
}

/// The dialects in which an entry can be read so far.
type Dialects = Vec<&'static dyn Dialect>;

impl Reader<'_> {
    /// Read one entry; `owners` tells which holes are owners, `earlier` are the entries above.
    pub(super) fn expect_entry(
        &mut self,
        table: &Table<'_>,
        span: Range<usize>,
        owners: &Owners,
        earlier: &[ExpectEntry],
    ) -> ExpectEntry {
        self.check_keys(table, EXPECT_KEYS, "in `[[expect]]`");
        self.require(table, &["files", "allow"], &span, "[[expect]]");
        let line = self.line(span);
        let place = format!("{}:{line}", crate::text::visible(self.source.name()));
        let files = self.globs(table, "files");
        let name = self.expectation_name(table, earlier);
        let kind = self.word(table, "kind", KINDS);
        let declared = self.word::<String>(table, "dialect", DIALECTS).and_then(|name| dialect::named(&name));
        let mut dialects: Dialects = declared.map_or_else(|| dialect::all().to_vec(), |declared| vec![declared]);
        let grants = self.grants(table, owners, &mut dialects);
        let bucket = self.bucket(table, &mut dialects);
        let expectation = Expectation {
            name,
            kind,
            bucket,
            grants,
            owners: owners.clone(),
            dialect: declared.map(Dialect::name),
            dialects: dialects.into_iter().map(Dialect::name).collect(),
            place,
        };
        ExpectEntry { files, expectation: Arc::new(expectation), line }
    }

    fn expectation_name(&mut self, table: &Table<'_>, earlier: &[ExpectEntry]) -> Option<String> {
        let (name, span) = self.string(table, "name")?;
        if name.trim().is_empty() {
            let help = "write a name for `--expect`, or leave the key out";
            self.mistake(span, "the name is blank", "nothing here", Some(help));
            return None;
        }
        if let Some(other) = earlier.iter().find(|entry| entry.expectation.name.as_deref() == Some(name)) {
            let message = format!("two expectations are named `{name}`");
            let help = format!("the other one begins on line {}", other.line);
            self.mistake(span, &message, "taken", Some(&help));
            return None;
        }
        Some(name.to_owned())
    }

    fn bucket(&mut self, table: &Table<'_>, dialects: &mut Dialects) -> Option<String> {
        let (bucket, span) = self.string(table, "bucket")?;
        let site = Site { bucket: Some(bucket.to_owned()), ..Site::default() };
        let fitting: Dialects =
            dialects.iter().copied().filter(|dialect| dialect.site_fault(&site).is_none()).collect();
        if fitting.is_empty() {
            let fault = dialects.first().and_then(|dialect| dialect.site_fault(&site))?;
            self.mistake(span, &fault.message, "no bucket", Some(&fault.help));
            return None;
        }
        *dialects = fitting;
        site.bucket
    }

    fn grants(&mut self, table: &Table<'_>, owners: &Owners, dialects: &mut Dialects) -> Vec<AskedGrant> {
        let mut grants = Vec::new();
        if let Some(value) = table.get("allow").filter(|value| value.get_ref().as_array().is_some_and(|a| a.is_empty()))
        {
            self.mistake(value.span(), "`allow` is empty", "nothing here", Some(ALLOW_FORM));
        }
        for (allow, span) in self.tables(table, "allow", ALLOW_FORM) {
            self.check_keys(allow, ALLOW_KEYS, "in an entry of `allow`");
            self.require(allow, ALLOW_KEYS, &span, "allow");
            let actions = self.asked(allow, dialects);
            let keys = self.keys(allow, owners);
            grants.push(AskedGrant { actions, keys });
        }
        grants
    }

    fn asked(&mut self, table: &Table<'_>, dialects: &mut Dialects) -> Vec<Asked> {
        let mut asked = Vec::new();
        for (text, span) in self.strings(table, "actions") {
            if let Some(word) = text.strip_prefix(CLASS_MARK) {
                match Class::ALL.iter().find(|class| class.word() == word) {
                    Some(class) => asked.push(Asked::Class(*class)),
                    None => self.unknown_class(text, span),
                }
                continue;
            }
            let has = |dialect: &&'static dyn Dialect| Asked::find(text, *dialect).is_some();
            let fitting: Dialects = dialects.iter().copied().filter(has).collect();
            if !fitting.is_empty() {
                *dialects = fitting;
                asked.push(Asked::Named(text.to_owned()));
            } else if let Some(elsewhere) = dialect::all().iter().copied().find(has) {
                self.foreign_action(text, elsewhere, dialects, span);
            } else {
                self.unknown_action(text, dialects, span);
            }
        }
        asked
    }

    fn unknown_class(&mut self, text: &str, span: Range<usize>) {
        let words = class_words();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let help = suggestion(text, &words);
        self.mistake(span, &format!("unknown class `{text}`"), "no class has this name", help.as_deref());
    }

    /// An action that `elsewhere` has, and none of the dialects that have the others.
    fn foreign_action(&mut self, text: &str, elsewhere: &dyn Dialect, dialects: &Dialects, span: Range<usize>) {
        let names: Vec<&str> = dialects.iter().map(|dialect| dialect.words().service).collect();
        let (own, service) = (names.join(" and "), elsewhere.words().service);
        let message = format!("`{text}` is an action of {service}, and this expectation speaks of {own}");
        let bare = elsewhere.action_name(text);
        let instead: Vec<String> =
            dialects.first().map_or_else(Vec::new, |dialect| match Asked::find(bare, *dialect) {
                Some(_) => vec![bare.to_owned()],
                None => Asked::foreign(text, *dialect).instead,
            });
        let instead: Vec<&str> = instead.iter().map(String::as_str).collect();
        let help = if instead.is_empty() {
            "write an expectation for each provider, or a class such as `@list`".to_owned()
        } else {
            format!("use {}, a class such as `@list`, or an expectation for each provider", list(&instead))
        };
        self.mistake(span, &message, "another provider's", Some(&help));
    }

    fn unknown_action(&mut self, text: &str, dialects: &Dialects, span: Range<usize>) {
        if text.contains('*') {
            let message = format!("`{text}` is a wildcard, and an expectation names its actions");
            let help = "write each action, or a class such as `@read`: what comes later is not expected today";
            self.mistake(span, &message, "a wildcard", Some(help));
            return;
        }
        let foreign = dialects.iter().map(|dialect| Asked::foreign(text, *dialect)).find(|f| !f.instead.is_empty());
        let near = || {
            let near = |dialect: &&'static dyn Dialect| {
                let names = dialect.catalog().actions().iter().map(|action| action.name.as_str());
                nearest(dialect.action_name(text), names)
            };
            dialects.iter().find_map(near)
        };
        let help = if let Some(foreign) = foreign {
            let instead: Vec<&str> = foreign.instead.iter().map(String::as_str).collect();
            format!("use {}", list(&instead))
        } else if let Some(near) = near() {
            format!("did you mean `{near}`?")
        } else {
            "write an action as the provider names it, such as `GetObject`, or a class such as `@read`".to_owned()
        };
        self.mistake(span, &format!("unknown action `{text}`"), "no action has this name", Some(&help));
    }

    fn keys(&mut self, table: &Table<'_>, owners: &Owners) -> Vec<String> {
        let all = dialect::all();
        let mut keys = Vec::new();
        for (text, span) in self.strings(table, "keys") {
            let is_resource = all.iter().flat_map(|dialect| dialect.words().marks).any(|mark| text.starts_with(mark));
            let (message, help) = if text.is_empty() {
                ("an empty key names nothing".to_owned(), "write `*` for every key".to_owned())
            } else if text.starts_with('/') {
                let help = format!("write `{}`: no key begins with a slash", text.trim_start_matches('/'));
                (format!("`{text}` begins with a slash"), help)
            } else if is_resource {
                let path = all.iter().find_map(|dialect| dialect.read_resource(text)).map(|[_, _, path]| path);
                let key = path.as_deref().and_then(|path| path.split_once('/')).map(|(_, key)| key);
                let key = key.filter(|key| !key.is_empty()).unwrap_or("app/files/*");
                let help = format!("write the key alone, such as `{key}`; a bucket is named by `bucket`");
                (format!("`{text}` is a resource, not a key"), help)
            } else {
                let has_nameless = |dialect: &&'static dyn Dialect| {
                    let pattern = dialect.key_pattern(text, owners);
                    let is_nameless = |hole| pattern.hole_name(hole).is_empty() && hole.origin == HoleOrigin::Template;
                    pattern.holes().iter().any(is_nameless)
                };
                if !all.iter().any(has_nameless) {
                    keys.push(text.to_owned());
                    continue;
                }
                (format!("`{text}` has a hole without a name"), "name it, such as `{user}`".to_owned())
            };
            self.mistake(span, &message, "no key", Some(&help));
        }
        keys
    }
}

#[cfg(test)]
mod tests;
