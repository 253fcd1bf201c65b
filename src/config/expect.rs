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
mod tests {
    use std::path::Path;

    use super::super::{Config, FilesEntry, Mistake};
    use super::*;
    use crate::catalog::ActionSet;
    use crate::finding::PolicyKind;
    use crate::policy::{HoleRole, Pattern};

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

    /// Actions and keys of each grant in a dialect.
    fn grants_in(dialect: &str, allow: &str) -> Vec<(Vec<&'static str>, Vec<String>)> {
        let config = parse(&format!("[[expect]]\nfiles = 'a'\nallow = [{allow}]"));
        let dialect = dialect::named(dialect).unwrap();
        let names = |actions: ActionSet| actions.iter().map(|id| dialect.catalog().name(id)).collect();
        let texts = |keys: &[Pattern<'_>]| keys.iter().map(|key| key.text().to_owned()).collect();
        let grants = config.expects[0].expectation.grants_in(dialect).unwrap();
        grants.iter().map(|grant| (names(grant.actions), texts(&grant.keys))).collect()
    }

    fn grants(allow: &str) -> Vec<(Vec<&'static str>, Vec<String>)> {
        grants_in("cos", allow)
    }

    #[test]
    fn every_mistake_is_underlined() {
        let text = r#"
[[expect]]
file = "a"
kind = "sesion"
bucket = "Photos"
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
[[expect]]
files = "a"
dialect = "osss"
allow = [{ actions = ["cos:GetBucket", "ListObjects", "s3:PutObject"], keys = "s3:::b/a" }]
[[expect]]
files = "a"
dialect = "oss"
bucket = "photos.example"
allow = [
  { actions = ["GetBucket", "UploadPart", "UploadParts", "ListObjets", "@read"], keys = "acs:oss:*:*:photos/a/*" },
  { actions = ["s3:PutObject", "oss:PutObject", "ListObjects"], keys = "arn:aws:s3:::photos/app/a" },
]
[[expect]]
files = "a"
bucket = "photos"
allow = [{ actions = ["GetBucket"], keys = "a" }]
[[expect]]
files = "a"
bucket = "photos"
allow = [{ actions = ["@upload", "GetObject"], keys = "a" }]
"#;
        insta::assert_snapshot!(mistakes(text).join("\n"), @r##"
        [[expect]]: `[[expect]]` without `files`; add `files = "..."` with a glob
        file: unknown key `file` in `[[expect]]`; did you mean `files`?
        "sesion": unknown value `sesion` of `kind`; did you mean `session`?
        "Photos": `Photos` is no bucket's name: it has small letters, digits and hyphens; write it in full, such as `examplebucket-1250000000`
        " ": the name is blank; write a name for `--expect`, or leave the key out
        []: `allow` is empty; write each entry as `{ actions = ["..."], keys = "..." }`
        []: `files` is empty
        1: `name` is a string, found an integer
        "GetObjcet": unknown action `GetObjcet`; did you mean `GetObject`?
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
        "osss": unknown value `osss` of `dialect`; did you mean `oss`?
        "ListObjects": `ListObjects` is an action of OSS, and this expectation speaks of COS; use `GetBucket`, a class such as `@list`, or an expectation for each provider
        "s3:PutObject": `s3:PutObject` is an action of S3, and this expectation speaks of COS; use `PutObject`, a class such as `@list`, or an expectation for each provider
        "s3:::b/a": `s3:::b/a` is a resource, not a key; write the key alone, such as `app/files/*`; a bucket is named by `bucket`
        "photos.example": `photos.example` is no bucket's name: it has small letters, digits and hyphens; write it in full, such as `examplebucket`
        "GetBucket": `GetBucket` is an action of COS, and this expectation speaks of OSS; use `ListObjects`, a class such as `@list`, or an expectation for each provider
        "UploadPart": `UploadPart` is an action of COS, and this expectation speaks of OSS; use `PutObject`, a class such as `@list`, or an expectation for each provider
        "UploadParts": unknown action `UploadParts`; write an action as the provider names it, such as `GetObject`, or a class such as `@read`
        "ListObjets": unknown action `ListObjets`; did you mean `ListObjects`?
        "acs:oss:*:*:photos/a/*": `acs:oss:*:*:photos/a/*` is a resource, not a key; write the key alone, such as `a/*`; a bucket is named by `bucket`
        "s3:PutObject": `s3:PutObject` is an action of S3, and this expectation speaks of OSS; use `PutObject`, a class such as `@list`, or an expectation for each provider
        "arn:aws:s3:::photos/app/a": `arn:aws:s3:::photos/app/a` is a resource, not a key; write the key alone, such as `app/a`; a bucket is named by `bucket`
        "photos": the bucket `photos` lacks its APPID; write `photos-<APPID>`
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
        assert_eq!(uploads[0].0.len(), dialect::usual().catalog().upload_family().len());
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
    fn a_class_is_that_of_each_dialect() {
        let only = |dialect: &str, allow: &str| grants_in(dialect, allow).remove(0).0;
        let upload = "{ actions = '@upload', keys = 'a/{user}/*' }";
        let family = ["AbortMultipartUpload", "ListMultipartUploads", "ListParts", "PutObject"];
        assert_eq!(only("oss", upload), family);
        // Nothing holds this listing of S3 to a prefix, so it is a part of an upload to every key only.
        assert_eq!(only("s3", upload), ["AbortMultipartUpload", "ListMultipartUploadParts", "PutObject"]);
        let whole = only("s3", "{ actions = '@upload', keys = '*' }");
        let family = ["AbortMultipartUpload", "ListBucketMultipartUploads", "ListMultipartUploadParts", "PutObject"];
        assert_eq!(whole, family);
        let list = "{ actions = '@list', keys = 'a/*' }";
        assert_eq!(
            only("oss", list),
            ["ListLiveChannel", "ListMultipartUploads", "ListObjectVersions", "ListObjects", "ListParts"]
        );
        assert_eq!(only("s3", list), ["ListBucket", "ListBucketVersions", "ListMultipartUploadParts"]);
        assert_eq!(
            only("s3", "{ actions = ['s3:ListBucket', 'GetObject'], keys = 'a/*' }"),
            ["GetObject", "ListBucket"]
        );
    }

    #[test]
    fn an_expectation_knows_the_dialects_that_have_its_actions() {
        let of = |more: &str, actions: &str| {
            let config = parse(&format!("[[expect]]\nfiles='a'\n{more}\nallow=[{{actions={actions},keys='a'}}]"));
            config.expects[0].expectation.dialects.clone()
        };
        assert_eq!(of("", "['@read', 'GetObject']"), ["cos", "oss", "s3"]);
        assert_eq!(of("", "['DeleteObjectVersion']"), ["oss", "s3"]);
        assert_eq!(of("", "['oss:GetObject']"), ["oss"]);
        assert_eq!(of("", "['GetBucket', 'GetObject']"), ["cos"]);
        assert_eq!(of("bucket='photos'", "'@read'"), ["oss", "s3"]);
        assert_eq!(of("bucket='photos.example'", "'@read'"), ["s3"]);
        assert_eq!(of("dialect='oss'", "'@read'"), ["oss"]);
    }

    #[test]
    fn the_entry_or_its_files_name_the_dialect_that_is_written() {
        let of = |files: &str, more: &str| {
            let rest = format!("[[expect]]\nfiles={files}\n{more}\nallow=[{{actions='@read',keys='a'}}]");
            let config = parse(&format!(
                "[[files]]\nglob='keys/**'\ndialect='oss'\n[[files]]\nglob='**/*.s3.json'\ndialect='s3'\n{rest}"
            ));
            config.dialect_of(&config.expects[0])
        };
        assert_eq!(of("'keys/a.json'", ""), Some("oss"));
        assert_eq!(of("'keys/*/*.json'", ""), Some("oss"));
        assert_eq!(of("['keys/*.json', 'keys/a.s3.json']", ""), None);
        assert_eq!(of("'other/*.json'", ""), None);
        assert_eq!(of("'keys/a.s3.json'", ""), Some("s3"));
        assert_eq!(of("'keys/a.json'", "dialect='cos'"), Some("cos"));
    }

    #[test]
    fn holes_know_their_owners() {
        let text = "[[files]]\nglob = 'b'\nowner-words = 'shop'\n[[expect]]\nfiles = 'a'\n\
                    allow = [{actions='@read', keys='a/{user}/{shopId}/{date}/{x}/<Username>/*'}]";
        let config = parse(text);
        let expectation = &config.expects[0].expectation;
        assert_eq!(expectation.holes(), ["user", "shopId", "date", "x", "Username"]);
        let key = &expectation.grants_in(dialect::usual()).unwrap()[0].keys[0];
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
