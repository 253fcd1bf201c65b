//! Mistakes in `[[expect]]`, and what becomes of one without.

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
    assert_eq!(only("s3", "{ actions = ['s3:ListBucket', 'GetObject'], keys = 'a/*' }"), ["GetObject", "ListBucket"]);
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
