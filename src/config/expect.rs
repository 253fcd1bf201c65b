//! `[[expect]]`: from tables to typed expectations, or to all their mistakes.
//!
//! Names of actions, keys and buckets are read as the dialect reads them. A class stands for its members that can act on
//! the keys beside it: of `@read` on some keys, reading the bucket's settings is no part.

use std::ops::Range;
use std::sync::Arc;

use super::ExpectEntry;
use super::nearest::{list, nearest, suggestion};
use super::read::{KINDS, Reader, Table};
use crate::catalog::{ActionSet, Class};
use crate::dialect::{self, Dialect, Site};
use crate::policy::{HoleOrigin, Owners, Pattern};
use crate::semantics::expectation::{Expectation, ExpectedGrant};
use crate::semantics::reading::fits;
use crate::semantics::scope::Scope;

pub(super) const EXPECT_KEYS: &[&str] = &["files", "name", "kind", "bucket", "allow"];
pub(super) const ALLOW_KEYS: &[&str] = &["actions", "keys"];

/// How an entry of `allow` is written.
const ALLOW_FORM: &str = "write each entry as `{ actions = [\"...\"], keys = \"...\" }`";

/// What begins the name of a class.
const CLASS_MARK: char = '@';

/// The actions that a policy can name.
pub(super) fn nameable() -> ActionSet {
    let catalog = language().catalog();
    catalog.all().iter().filter(|id| !catalog.is_spelt_otherwise(*id)).collect()
}

/// The names of the classes, as they are written.
pub(super) fn class_words() -> Vec<String> {
    Class::ALL.iter().map(|class| format!("{CLASS_MARK}{}", class.word())).collect()
}

/// The dialect that expectations are written in.
pub(super) fn language() -> &'static dyn Dialect {
    dialect::cos()
}

/// Actions as they were asked for.
#[derive(Debug, Clone, Copy, Default)]
struct Asked {
    /// By name.
    named: ActionSet,
    /// By class.
    classes: ActionSet,
}

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
        let bucket = self.bucket(table);
        let grants = self.grants(table, owners);
        ExpectEntry {
            files,
            expectation: Arc::new(Expectation { name, kind, bucket, grants, place, dialect: language().name() }),
            line,
        }
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

    fn bucket(&mut self, table: &Table<'_>) -> Option<String> {
        let (bucket, span) = self.string(table, "bucket")?;
        let site = Site { bucket: Some(bucket.to_owned()), ..Site::default() };
        if let Some(fault) = language().site_fault(&site) {
            self.mistake(span, &fault.message, "no bucket", Some(&fault.help));
            return None;
        }
        site.bucket
    }

    fn grants(&mut self, table: &Table<'_>, owners: &Owners) -> Vec<ExpectedGrant> {
        let mut grants = Vec::new();
        if let Some(value) = table.get("allow").filter(|value| value.get_ref().as_array().is_some_and(|a| a.is_empty()))
        {
            self.mistake(value.span(), "`allow` is empty", "nothing here", Some(ALLOW_FORM));
        }
        for (allow, span) in self.tables(table, "allow", ALLOW_FORM) {
            self.check_keys(allow, ALLOW_KEYS, "in an entry of `allow`");
            self.require(allow, ALLOW_KEYS, &span, "allow");
            let asked = self.asked(allow);
            let keys = self.keys(allow, owners);
            grants.extend(granted(asked, keys));
        }
        grants
    }

    fn asked(&mut self, table: &Table<'_>) -> Asked {
        let catalog = language().catalog();
        let mut asked = Asked::default();
        for (text, span) in self.strings(table, "actions") {
            if let Some(word) = text.strip_prefix(CLASS_MARK) {
                match Class::ALL.iter().find(|class| class.word() == word) {
                    // A member alone is useless, and one of another class belongs to it.
                    Some(Class::Upload) => asked.classes |= catalog.upload_family(),
                    Some(class) => asked.classes |= catalog.of_class(*class) & nameable(),
                    None => self.unknown_class(text, span),
                }
            } else if let Some(id) =
                catalog.find(language().action_name(text)).filter(|id| !catalog.is_spelt_otherwise(*id))
            {
                asked.named.insert(id);
            } else {
                self.unknown_action(text, span);
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

    fn unknown_action(&mut self, text: &str, span: Range<usize>) {
        if text.contains('*') {
            let message = format!("`{text}` is a wildcard, and an expectation names its actions");
            let help = "write each action, or a class such as `@read`: what comes later is not expected today";
            self.mistake(span, &message, "a wildcard", Some(help));
            return;
        }
        let catalog = language().catalog();
        let name = language().action_name(text);
        let near = || nearest(name, catalog.actions().iter().map(|action| action.name.as_str()));
        let help = if let Some(foreign) = catalog.foreign(name) {
            let instead: Vec<&str> = foreign.instead.iter().map(String::as_str).collect();
            format!("use {}", list(&instead))
        } else if let Some(near) = near() {
            format!("did you mean `{near}`?")
        } else {
            "write an action as the provider names it, such as `GetObject`, or a class such as `@read`".to_owned()
        };
        self.mistake(span, &format!("unknown action `{text}`"), "no action has this name", Some(&help));
    }

    fn keys(&mut self, table: &Table<'_>, owners: &Owners) -> Vec<Pattern<'static>> {
        let mut keys = Vec::new();
        for (text, span) in self.strings(table, "keys") {
            let is_resource = language().words().marks.iter().any(|mark| text.starts_with(mark));
            let (message, help) = if text.is_empty() {
                ("an empty key names nothing".to_owned(), "write `*` for every key".to_owned())
            } else if text.starts_with('/') {
                let help = format!("write `{}`: no key begins with a slash", text.trim_start_matches('/'));
                (format!("`{text}` begins with a slash"), help)
            } else if is_resource {
                let key = text.splitn(6, ':').nth(5).and_then(|path| path.split_once('/')).map(|(_, key)| key);
                let key = key.filter(|key| !key.is_empty()).unwrap_or("app/files/*");
                let help = format!("write the key alone, such as `{key}`; a bucket is named by `bucket`");
                (format!("`{text}` is a resource, not a key"), help)
            } else {
                let pattern = language().key_pattern(text, owners);
                let is_anonymous = |hole| pattern.hole_name(hole).is_empty() && hole.origin == HoleOrigin::Template;
                if !pattern.holes().iter().any(is_anonymous) {
                    keys.push(pattern);
                    continue;
                }
                (format!("`{text}` has a hole without a name"), "name it, such as `{user}`".to_owned())
            };
            self.mistake(span, &message, "no key", Some(&help));
        }
        keys
    }
}

/// What is granted: of the classes, what can act on the keys. A key that is every key reaches the bucket too.
fn granted(asked: Asked, keys: Vec<Pattern<'static>>) -> Vec<ExpectedGrant> {
    let catalog = language().catalog();
    let of = |scope| asked.named | (asked.classes & fits(scope, catalog));
    let (whole, some) = (of(Scope::Bucket), of(Scope::Object));
    let grants = if whole == some {
        vec![ExpectedGrant { actions: some, keys }]
    } else {
        let (every, keys) = keys.into_iter().partition(Pattern::is_everything);
        vec![ExpectedGrant { actions: whole, keys: every }, ExpectedGrant { actions: some, keys }]
    };
    grants.into_iter().filter(|grant| !grant.actions.is_empty() && !grant.keys.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{Config, FilesEntry, Mistake};
    use super::*;
    use crate::finding::PolicyKind;
    use crate::policy::HoleRole;

    fn parse(text: &str) -> Config {
        Config::parse(text, Path::new("/project/grantlint.toml")).unwrap()
    }

    /// Each mistake as `underlined text: message; help`.
    fn mistakes(text: &str) -> Vec<String> {
        let error = Config::parse(text, Path::new("/project/grantlint.toml")).unwrap_err();
        let shown = |mistake: &Mistake| {
            let help = mistake.help().map_or_else(String::new, |help| format!("; {help}"));
            format!("{}: {}{help}", mistake.underlined(), mistake.message())
        };
        error.mistakes().iter().map(shown).collect()
    }

    /// Actions and keys of each grant.
    fn grants(allow: &str) -> Vec<(Vec<&'static str>, Vec<String>)> {
        let config = parse(&format!("[[expect]]\nfiles = 'a'\nallow = [{allow}]"));
        let catalog = language().catalog();
        let names = |actions: ActionSet| actions.iter().map(|id| catalog.name(id)).collect();
        let texts = |keys: &[Pattern<'_>]| keys.iter().map(|key| key.text().to_owned()).collect();
        let grants = &config.expects[0].expectation.grants;
        grants.iter().map(|grant| (names(grant.actions), texts(&grant.keys))).collect()
    }

    #[test]
    fn every_mistake_is_underlined() {
        let text = r#"
[[expect]]
file = "a"
kind = "sesion"
bucket = "photos"
name = " "
allow = []
[[expect]]
files = []
name = 1
allow = [
  { actions = ["GetObjcet", "ListBucket", "GetObjectVersion", "@reed", "@", "cos:Get*", "getobject", "Xyz", 7], keys = "app/*" },
  { actions = [], keys = ["/app/*", "", "qcs::cos:ap-guangzhou:uid/1:b-1/app/a", "qcs::", "a/%s", "a/{}/*"] },
  { action = "GetObject" },
  "GetObject",
]
[[expect]]
files = "a"
allow = { actions = "GetObject", keys = "a" }
"#;
        insta::assert_snapshot!(mistakes(text).join("\n"), @r##"
        [[expect]]: `[[expect]]` without `files`; add `files = "..."` with a glob
        file: unknown key `file` in `[[expect]]`; did you mean `files`?
        "sesion": unknown value `sesion` of `kind`; did you mean `session`?
        "photos": the bucket `photos` lacks its APPID; write `photos-<APPID>`
        " ": the name is blank; write a name for `--expect`, or leave the key out
        []: `allow` is empty; write each entry as `{ actions = ["..."], keys = "..." }`
        []: `files` is empty
        1: `name` is a string, found an integer
        "GetObjcet": unknown action `GetObjcet`; did you mean `GetObject`?
        "ListBucket": unknown action `ListBucket`; use `GetBucket`
        "GetObjectVersion": unknown action `GetObjectVersion`; use `GetObject`
        "@reed": unknown class `@reed`; did you mean `@read`?
        "@": unknown class `@`; use one of `@list`, `@read`, `@upload`, `@delete`, `@configure`, `@permissions`
        "cos:Get*": `cos:Get*` is a wildcard, and an expectation names its actions; write each action, or a class such as `@read`: what comes later is not expected today
        "getobject": unknown action `getobject`; did you mean `GetObject`?
        "Xyz": unknown action `Xyz`; write an action as the provider names it, such as `GetObject`, or a class such as `@read`
        7: `actions` is a string or a list of strings, found an integer
        []: `actions` is empty
        "/app/*": `/app/*` begins with a slash; write `app/*`: no key begins with a slash
        "": an empty key names nothing; write `*` for every key
        "qcs::cos:ap-guangzhou:uid/1:b-1/app/a": `qcs::cos:ap-guangzhou:uid/1:b-1/app/a` is a resource, not a key; write the key alone, such as `app/a`; a bucket is named by `bucket`
        "qcs::": `qcs::` is a resource, not a key; write the key alone, such as `app/files/*`; a bucket is named by `bucket`
        "a/%s": `a/%s` has a hole without a name; name it, such as `{user}`
        "a/{}/*": `a/{}/*` has a hole without a name; name it, such as `{user}`
        { action = "GetObject" }: `allow` without `actions`; add `actions = ["..."]`, such as `["GetObject", "@list"]`
        { action = "GetObject" }: `allow` without `keys`; add `keys = "..."`, such as `app/files/*`
        action: unknown key `action` in an entry of `allow`; did you mean `actions`?
        "GetObject": `allow` holds tables, found a string; write each entry as `{ actions = ["..."], keys = "..." }`
        { actions = "GetObject", keys = "a" }: `allow` is a list of tables; write each entry as `{ actions = ["..."], keys = "..." }`
        "##);
    }

    #[test]
    fn a_name_is_given_once() {
        let entry =
            |name: &str| format!("[[expect]]\nfiles = 'a'\nname = '{name}'\nallow = [{{actions='@read',keys='a'}}]\n");
        assert_eq!(
            mistakes(&[entry("a"), entry("b"), entry("a")].concat()),
            ["'a': two expectations are named `a`; the other one begins on line 1"]
        );
        assert_eq!(parse(&[entry("a"), entry("b")].concat()).expects.len(), 2);
    }

    #[test]
    fn every_form_of_an_action_is_read() {
        let forms = "{ actions = ['GetObject', 'cos:GetBucket', 'name/cos:HeadObject'], keys = 'a/*' }";
        assert_eq!(grants(forms), [(vec!["GetBucket", "GetObject", "HeadObject"], vec!["a/*".to_owned()])]);
        assert_eq!(grants("{ actions = 'GetService', keys = 'a' }")[0].0, ["GetService"]);
    }

    #[test]
    fn a_class_is_what_can_act_on_the_keys() {
        let uploads = grants("{ actions = '@upload', keys = ['a/*', '*'] }");
        assert_eq!(uploads.len(), 1, "every key makes no difference to it");
        assert_eq!(uploads[0].0.len(), language().catalog().upload_family().len());
        assert!(uploads[0].0.contains(&"ListMultipartUploads") && !uploads[0].0.contains(&"PutSymlink"));

        let lists = grants("{ actions = '@list', keys = 'a/*' }");
        assert_eq!(lists[0].0, ["GetBucket", "GetBucketObjectVersions", "ListMultipartUploads", "ListParts"]);

        let deletes = grants("{ actions = ['@delete', 'HeadBucket'], keys = ['a/*', '*', 'b'] }");
        assert_eq!(deletes.len(), 2);
        assert!(deletes[0].0.contains(&"DeleteBucket") && deletes[0].1 == ["*"]);
        let some = ["DeleteLiveChannel", "DeleteMultipleObjects", "DeleteObject", "HeadBucket"];
        assert_eq!(deletes[1], (some.to_vec(), vec!["a/*".to_owned(), "b".to_owned()]));
    }

    #[test]
    fn holes_know_their_owners() {
        let text = "[[files]]\nglob = 'b'\nowner-words = 'shop'\n[[expect]]\nfiles = 'a'\n\
                    allow = [{actions='@read', keys='a/{user}/{shopId}/{date}/{x}/<Username>/*'}]";
        let config = parse(text);
        let expectation = &config.expects[0].expectation;
        assert_eq!(expectation.holes(), ["user", "shopId", "date", "x", "Username"]);
        let key = &expectation.grants[0].keys[0];
        let roles: Vec<HoleRole> = key.holes().iter().map(|hole| hole.role).collect();
        let owner = HoleRole::Owner;
        assert_eq!(roles, [owner, owner, HoleRole::Path, HoleRole::Unknown, owner]);
    }

    #[test]
    fn the_last_entry_that_matches_counts() {
        let text = "[[expect]]\nname='one'\nfiles='keys/**'\nkind='session'\nallow=[{actions='@read',keys='a'}]\n\
                    [[files]]\nglob='keys/b.json'\nkind='identity'\n\
                    [[expect]]\nbucket='b-1250000000'\nfiles=['keys/c.*','keys/b.json']\nallow=[{actions='@read',keys='b'}]\n\
                    [[files]]\nglob='x'\nkind='bucket'\n[[expect]]\nfiles='x'\nkind='session'\nallow=[{actions='@read',keys='b'}]";
        let config = parse(text);
        let of = |path: &str| {
            let facts = config.facts(&Path::new("/project").join(path));
            (facts.expectation.map(|expectation| expectation.title().to_owned()), facts.kind)
        };
        let title = |title: &str| Some(title.to_owned());
        assert_eq!(of("keys/a.json"), (title("one"), Some(PolicyKind::Session)));
        assert_eq!(of("keys/b.json"), (title("/project/grantlint.toml:9"), Some(PolicyKind::Identity)));
        assert_eq!(of("keys/c.json"), (title("/project/grantlint.toml:9"), Some(PolicyKind::Session)));
        assert_eq!(of("x").1, Some(PolicyKind::Session));
        assert_eq!(of("y"), (None, None));
        assert_eq!(of("../keys/a.json"), (None, None));
        assert_eq!(config.expects[1].expectation.bucket.as_deref(), Some("b-1250000000"));
        assert!(config.files.iter().all(|entry: &FilesEntry| entry.line > 0));
    }
}
