//! The policies of upload forms: told by their shape, judged by the same rules as policies of keys.

use grantlint::engine::{Question, analyse, decide, diff, matrices};
use grantlint::finding::{PolicyKind, Profile};
use grantlint::policy::Owners;
use grantlint::rules::{Facts, Filter};
use grantlint::semantics::matrix::Grant;
use grantlint::semantics::permission::{Decision, Verdict};
use grantlint::text::Source;

use super::harness::Project;
use super::support::Judged;

const OSS: &str = r#"{"x-oss-signature-version":"OSS4-HMAC-SHA256"}"#;
const S3: &str = r#"{"x-amz-algorithm":"AWS4-HMAC-SHA256"}"#;
const COS: &str = r#"{"q-sign-algorithm":"sha1"}"#;
const LENGTH: &str = r#"["content-length-range",1,1048576]"#;

/// A form's policy with these conditions.
fn form(conditions: &[&str]) -> String {
    format!(r#"{{"expiration":"2026-12-01T12:00:00.000Z","conditions":[{}]}}"#, conditions.join(","))
}

/// A form of OSS for a bucket, with one more condition and a length.
fn with(condition: &str) -> String {
    form(&[r#"{"bucket":"examplebucket"}"#, condition, LENGTH, OSS])
}

fn source(text: &str) -> Source {
    Source::new("form.json", text).unwrap()
}

fn alice() -> Facts {
    Facts { owners: Owners { names: vec!["alice".to_owned()], words: vec![] }, ..Facts::default() }
}

/// Rule and underlined text of what is said in a profile.
fn said(text: &str, profile: Profile) -> Vec<(&'static str, String)> {
    let judged = Judged::new(source(text), &alice(), profile);
    judged.findings().iter().map(|finding| (finding.rule.name, judged.text(finding.primary).to_owned())).collect()
}

#[track_caller]
fn assert_says(text: &str, expected: &[(&str, &str)]) {
    let found = said(text, Profile::Default);
    let found: Vec<(&str, &str)> = found.iter().map(|(rule, text)| (*rule, text.as_str())).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn a_form_is_a_key_of_one_upload() {
    for (mark, dialect, action) in
        [(OSS, "oss", "oss:PutObject"), (S3, "s3", "s3:PutObject"), (COS, "cos", "name/cos:PostObject")]
    {
        let text = form(&[r#"{"bucket":"examplebucket-1250000000"}"#, r#"["starts-with","$key",""]"#, LENGTH, mark]);
        let judged = Judged::new(source(&text), &Facts::default(), Profile::Default);
        let [policy] = judged.analysed.policies.as_slice() else { panic!("{dialect}: no policy") };
        assert_eq!((policy.dialect, policy.kind, policy.is_post), (dialect, PolicyKind::Session, true));
        let [finding] = judged.findings() else { panic!("{dialect}: {:?}", judged.shown()) };
        assert_eq!((finding.rule.name, judged.text(finding.primary)), ("wildcard-resource", "\"\""));
        assert_eq!(finding.witness.as_ref().unwrap().action, action);
    }
}

#[test]
fn each_fault_is_underlined_where_it_stands() {
    assert_says(&with(r#"["starts-with","$key","app/alice/"]"#), &[]);
    assert_says(&with(r#"{"key":"app/a.jpg"}"#), &[]);
    assert_says(&with(r#"["eq","$x","y"]"#), &[("wildcard-resource", "\"examplebucket\"")]);
    assert_says(&with(r#"["starts-with","$key",""]"#), &[("wildcard-resource", "\"\"")]);
    assert_says(&with(r#"["starts-with","$key","app/"]"#), &[("shared-prefix", "\"app/\"")]);
    assert_says(&with(r#"["starts-with","$key","app/alice"]"#), &[("prefix-collision", "alice")]);
    assert_says(&with(r#"["starts-with","$key","app/<user>"]"#), &[("prefix-collision", "<user>")]);
    assert_says(&form(&[r#"["starts-with","$key","app/alice/"]"#, OSS]), &[("wildcard-resource", "\"conditions\"")]);
    let keyless = form(&[r#"{"bucket":"examplebucket"}"#, LENGTH, S3]);
    assert_says(&keyless, &[("missing-element", "["), ("wildcard-resource", "\"examplebucket\"")]);
    let late = with(r#"["starts-with","$key","app/alice/"],{"x-oss-date":"20261101T000000Z"}"#);
    assert_says(&late, &[("long-duration", "\"2026-12-01T12:00:00.000Z\"")]);
    let whole = form(&[OSS]);
    assert_says(&whole, &[("wildcard-resource", "\"conditions\"")]);
    let endless =
        with(r#"["starts-with","$key","app/alice/"]"#).replace(r#""expiration":"2026-12-01T12:00:00.000Z","#, "");
    assert_says(&endless, &[("missing-element", "{")]);
    let never = with(r#"["starts-with","$key","app/alice/"]"#).replace("2026-12-01T12", "soon");
    assert_says(&never, &[("wrong-type", "\"soon:00:00.000Z\"")]);
}

#[test]
fn a_key_that_is_escaped_is_underlined_whole() {
    assert_says(&with(r#"["starts-with","$key","app\/alice"]"#), &[("prefix-collision", r#""app\/alice""#)]);
}

#[test]
fn what_is_not_limited_is_said_under_the_conditions() {
    let text = form(&[r#"{"bucket":"examplebucket"}"#, r#"["starts-with","$key","app/alice/"]"#, OSS]);
    assert_eq!(
        said(&text, Profile::Audit),
        [("no-upload-limit", "\"conditions\"".to_owned()), ("public-object-acl", "\"conditions\"".to_owned())]
    );
    // Where every field needs a condition, one that has none is not sent.
    assert_eq!(said(&text.replace(OSS, &format!("{LENGTH},{S3}")), Profile::Audit), [] as [(&str, String); 0]);
}

#[test]
fn helps_are_written_as_a_form_has_them() {
    for (condition, help) in [
        (
            r#"["starts-with","$key",""]"#,
            r#"name the keys that the holder needs, such as `["starts-with", "$key", "<Username>/"]`"#,
        ),
        (
            r#"["starts-with","$key","app/"]"#,
            r#"give each key its own path, such as `["starts-with", "$key", "app/<Username>/"]`"#,
        ),
        (
            r#"["starts-with","$key","app/alice"]"#,
            r#"close the owner with a slash: `["starts-with", "$key", "app/alice/"]`"#,
        ),
    ] {
        let judged = Judged::new(source(&with(condition)), &alice(), Profile::Default);
        let [finding] = judged.findings() else { panic!("{condition}: {:?}", judged.shown()) };
        assert_eq!(finding.help.as_deref(), Some(help));
    }
    let open = form(&[r#"["starts-with","$key","app/alice/"]"#, OSS]);
    let judged = Judged::new(source(&open), &alice(), Profile::Default);
    assert_eq!(judged.findings()[0].help.as_deref(), Some(r#"name the bucket: `{"bucket": "<BucketName>"}`"#));
    let judged = Judged::new(source(&form(&[OSS])), &alice(), Profile::Default);
    assert_eq!(
        judged.findings()[0].help.as_deref(),
        Some(
            r#"name the keys that the holder needs, such as `{"bucket": "<BucketName>"}` and `["starts-with", "$key", "<Username>/"]`"#
        )
    );
}

#[test]
fn each_help_mends_what_it_is_about() {
    for (bad, good) in [
        (r#"["starts-with","$key",""]"#, r#"["starts-with", "$key", "<Username>/"]"#),
        (r#"["starts-with","$key","app/"]"#, r#"["starts-with", "$key", "app/<Username>/"]"#),
        (r#"["starts-with","$key","app/alice"]"#, r#"["starts-with", "$key", "app/alice/"]"#),
    ] {
        let text = with(bad);
        let judged = Judged::new(source(&text), &alice(), Profile::Default);
        assert!(judged.findings()[0].help.as_ref().unwrap().contains(good), "{bad}");
        assert_says(&with(good), &[]);
    }
}

#[test]
fn what_cannot_be_read_is_never_clean() {
    let owned = r#"["starts-with","$key","app/alice/"]"#;
    for test in [
        "[]",
        "[1]",
        "{}",
        "1",
        "null",
        "\"eq\"",
        "[[]]",
        r#"["eq"]"#,
        r#"["eq","$x"]"#,
        r#"["eq","$x",null]"#,
        r#"["eq","x","y"]"#,
        r#"["ends-with","$key",".jpg"]"#,
        r#"["EQ","$x","y"]"#,
        r#"["content-length-range"]"#,
        r#"["content-length-range",1,2,3]"#,
        r#"["content-length-range",1,-2]"#,
        r#"["content-length-range",1,1e3]"#,
        r#"["in","$x","y"]"#,
        r#"["in","$x",[]]"#,
        r#"["not-in","$x",[1]]"#,
        r#"{"x":1}"#,
        r#"{"x":["y"]}"#,
    ] {
        for mark in [OSS, S3, COS] {
            let text = form(&[r#"{"bucket":"examplebucket"}"#, owned, test, LENGTH, mark]);
            assert!(!said(&text, Profile::Default).is_empty(), "{text}");
        }
    }
    for conditions in ["{}", "\"\"", "1", "null", "true"] {
        let text = format!(r#"{{"expiration":"2026-12-01T12:00:00Z","conditions":{conditions}}}"#);
        let facts = Facts { dialect: Some("oss"), ..Facts::default() };
        let judged = Judged::new(source(&text), &facts, Profile::Default);
        let rules: Vec<&str> = judged.findings().iter().map(|finding| finding.rule.name).collect();
        assert_eq!(rules, ["wrong-type"], "{text}");
    }
}

#[test]
fn a_form_that_nothing_tells_is_not_judged() {
    let text = form(&[r#"{"bucket":"examplebucket"}"#, r#"["starts-with","$key",""]"#, LENGTH]);
    let project = Project::new().file("form.json", &text);
    let run = project.run(["check", "form.json"]).exits(2);
    assert!(run.stdout.contains("nothing tells which provider's upload form this policy is for"), "{}", run.stdout);
    for dialect in ["oss", "s3", "cos"] {
        let run = project.run(["check", "--dialect", dialect, "form.json"]).exits(1);
        assert!(run.stdout.contains("wildcard-resource"), "{}", run.stdout);
    }
    // An operator that one provider has is a word of its own.
    let listed = text.replace(LENGTH, r#"["in","$content-type",["image/png"]]"#);
    let analysed = analyse(&source(&listed), &Facts::default(), &Filter::default());
    assert_eq!(analysed.policies[0].dialect, "oss");
}

#[test]
fn exit_statuses_are_those_of_any_policy() {
    let good = with(r#"["starts-with","$key","app/users/alice/"]"#);
    let cut = &good[..good.len() - 4];
    let project = Project::new()
        .file("good.json", &good)
        .file("bad.json", with(r#"["starts-with","$key",""]"#))
        .file("cut.json", cut)
        .file("wrapped.json", format!(r#"{{"upload":{{"policy":{good}}}}}"#))
        .file("string.json", format!(r#"{{"policy":{good:?}}}"#))
        .file("other.json", r#"{"status":{"conditions":[{"type":"Ready","status":"True"}]}}"#);
    project.run(["check", "good.json"]).exits(0);
    project.run(["check", "bad.json"]).exits(1);
    project.run(["check", "--kind", "identity", "bad.json"]).exits(1);
    project.run(["check", "cut.json"]).exits(2);
    project.run(["check", "wrapped.json"]).exits(0);
    project.run(["check", "string.json"]).exits(0);
    project.run(["check", "other.json"]).exits(2);
    let report = project.run(["check", "--format", "json", "--kind", "identity", "good.json"]).exits(0).json();
    let file = &report["files"][0];
    assert_eq!((&file["kind"], &file["kind_source"]), (&"session".into(), &"document".into()));
    assert_eq!(file["upload_form"], true);
    let details = project.run(["check", "-v", "good.json"]).exits(0);
    assert!(format!("{}{}", details.stdout, details.stderr).contains("POST policy of an upload form"), "{details:?}");
}

#[test]
fn a_bad_escape_in_a_condition_is_lost_text() {
    let text = with(r#"["starts-with","$key","app/users/al\qice/"]"#);
    Project::new().file("form.json", text).run(["check", "form.json"]).exits(2);
}

#[test]
fn every_beginning_of_a_form_is_taken_without_a_panic_and_never_as_clean() {
    let text =
        with(r#"["in","$key",["app/users/alice/a","app/users/alice/b"]],["not-in","$key",["app/users/alice/b"]]"#);
    assert_says(&text, &[]);
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        let analysed = analyse(&source(&text[..end]), &Facts::default(), &Filter::default());
        assert!(analysed.no_policy || !analysed.unjudged.is_empty(), "{}", &text[..end]);
    }
    for at in 0..text.len() {
        let damaged = [&text[..at], &text[at + 1..]].concat();
        let _ = matrices(&source(&damaged), &Facts::default(), false);
    }
}

#[test]
fn many_values_are_read_in_time() {
    let many: Vec<String> = (0..20_000).map(|number| format!("\"app/{number}\"")).collect();
    let list = many.join(",");
    let text = with(&format!(r#"["in","$key",[{list}]],["in","$key",[{list}]],["not-in","$key",[{list}]]"#));
    let analysed = analyse(&source(&text), &Facts::default(), &Filter::default());
    assert!(!analysed.unjudged.is_empty(), "so many are not held against each other, and that is said");
}

fn decision(text: &str, key: &str, context: &[(&str, &str)]) -> Result<Decision, String> {
    let question = Question {
        action: "PutObject".to_owned(),
        resource: format!("examplebucket/{key}"),
        context: context.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        ..Question::default()
    };
    decide(&source(text), &Facts::default(), &question).map(|answered| answered.decision).map_err(|error| error.message)
}

#[test]
fn can_answers_for_a_form() {
    let text = with(r#"["starts-with","$key","app/alice/"]"#);
    let length = ("content-length-range", "2048");
    assert!(matches!(decision(&text, "app/alice/a.jpg", &[length]), Ok(Decision::Yes { .. })));
    assert!(matches!(decision(&text, "app/alice/a.jpg", &[]), Ok(Decision::OnlyIf { .. })));
    assert!(matches!(decision(&text, "app/alice/a.jpg", &[("content-length-range", "0")]), Ok(Decision::No { .. })));
    assert!(matches!(decision(&text, "app/bob/a.jpg", &[length]), Ok(Decision::No { .. })));
    let starred = with(r#"["starts-with","$key","app/*/"]"#);
    assert!(matches!(decision(&starred, "app/alice/a.jpg", &[length]), Ok(Decision::No { .. })), "`*` means itself");
    let odd = with(r#"["starts-with","$key","app/"],["ends-with","$key",".jpg"]"#);
    assert!(!matches!(decision(&odd, "app/a.jpg", &[length]), Ok(Decision::Yes { .. } | Decision::No { .. })));
    let endless = text.replace("expiration", "expires");
    assert!(matches!(decision(&endless, "app/alice/a.jpg", &[length]), Ok(Decision::Unknown { .. })));
    // Every field needs a condition there.
    let closed = text.replace(OSS, S3);
    assert!(decision(&closed, "app/alice/a.jpg", &[length, ("acl", "public-read")]).unwrap_err().contains("`acl`"));
}

fn verdict(old: &str, new: &str) -> Verdict {
    diff(Some(source(old)), Some(source(new)), [&Facts::default(), &Facts::default()]).verdict()
}

#[test]
fn forms_are_compared() {
    let closed = with(r#"["starts-with","$key","app/alice/"]"#);
    let open = with(r#"["starts-with","$key","app/alice"]"#);
    assert_eq!(verdict(&closed, &open), Verdict::Wider);
    assert_eq!(verdict(&open, &closed), Verdict::Narrower);
    assert_eq!(
        verdict(&closed, &with(r#"["starts-with","$key","app/alice/"],["starts-with","$key","app/"]"#)),
        Verdict::Equal
    );
    assert_eq!(verdict(&closed, &closed.replace("1048576", "2097152")), Verdict::Wider);
    let never = with(r#"["starts-with","$key","app/alice/"],["starts-with","$key","app/bob/"]"#);
    assert_eq!(verdict(&never, &closed), Verdict::Wider);
    // Where a form carries the fields that are named and no others, another name is another form.
    let [one, other] = [&closed, &closed.replace(LENGTH, &format!(r#"{LENGTH},{{"acl":"private"}}"#))];
    assert_eq!(verdict(&one.replace(OSS, S3), &other.replace(OSS, S3)), Verdict::Unknown);
    assert_eq!(verdict(one, other), Verdict::Narrower);
    let key = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:PutObject","Resource":"acs:oss:*:*:examplebucket/app/alice/*"}]}"#;
    assert_eq!(verdict(key, &closed), Verdict::Narrower);
    let private = key.replace("}]}", r#","Condition":{"StringEquals":{"oss:x-oss-object-acl":"private"}}}]}"#);
    assert_eq!(verdict(&private, &closed), Verdict::Unknown, "the fields of one are the keys of the other, somehow");
}

#[test]
fn what_is_wrong_with_a_form_is_told_in_the_words_of_forms() {
    let of = |key: &str, lengths: &str| {
        format!(
            r#"{{"expiration":"2030-01-01T00:00:00Z","conditions":[{{"bucket":"media"}},{key},
             ["content-length-range",{lengths}],{{"x-amz-algorithm":"AWS4-HMAC-SHA256"}}]}}"#
        )
    };
    let check = |text: String| Project::new().file("p.json", text).run(["check", "p.json"]).exits(1).stdout;
    let range = check(of(r#"["starts-with","$key","users/482913/"]"#, "10,1"));
    assert!(range.contains("the least that `content-length-range` allows is above the greatest"), "{range}");
    assert!(range.contains("── the greatest") && range.contains("── the least"), "{range}");
    let variable = check(of(r#"{"key":"users/482913/${filename}"}"#, "1,10"));
    assert!(
        variable.contains("within the policy of a form") && variable.contains("help: test how the key begins"),
        "{variable}"
    );
}

#[test]
fn a_form_that_is_good_for_longer_is_wider() {
    let form = with(r#"["starts-with","$key","app/alice/"]"#);
    let until = |end: &str| form.replace("2026-12-01T12:00:00.000Z", end);
    let closer = |text: &str| text.replace("app/alice/", "app/alice/a/");
    assert_eq!(verdict(&form, &form), Verdict::Equal);
    assert_eq!(verdict(&form, &until("2026-12-01T12:00:00Z")), Verdict::Equal, "one instant in two spellings");
    assert_eq!(verdict(&form, &until("2027-12-01T12:00:00.000Z")), Verdict::Wider);
    assert_eq!(verdict(&form, &until("2026-12-01T11:59:59.000Z")), Verdict::Narrower);
    assert_eq!(verdict(&form, &closer(&until("2027-12-01T12:00:00.000Z"))), Verdict::Incomparable);
    assert_eq!(verdict(&form, &closer(&form)), Verdict::Narrower);
    assert_eq!(verdict(&until("<end>"), &until("<end>")), Verdict::Equal);
    assert_eq!(verdict(&until("%s"), &until("%s")), Verdict::Equal);
    assert_eq!(verdict(&form, &until("<end>")), Verdict::Unknown);
    assert_eq!(verdict(&form, &until("soon")), Verdict::Unknown);
    assert_eq!(verdict(&form, &form.replace("expiration", "expires")), Verdict::Unknown);
    let key = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:PutObject","Resource":"acs:oss:*:*:examplebucket/app/alice/*"}]}"#;
    assert_eq!(verdict(&form.replace(&format!("{LENGTH},"), ""), key), Verdict::Wider, "a key's policy names no end");
    let project = Project::new().file("old.json", &form).file("new.json", until("2027-12-01T12:00:00.000Z"));
    let run = project.run(["diff", "old.json", "new.json"]).exits(1);
    assert!(run.stdout.contains("time of the upload = 2026-12-01T12:00:00Z"), "{}", run.stdout);
    let note = "the form was good until `2026-12-01T12:00:00.000Z` and is now good until `2027-12-01T12:00:00.000Z`";
    assert!(run.stdout.contains(note), "{}", run.stdout);
}

#[test]
fn each_type_of_a_list_has_to_begin_as_asked() {
    let with = |test: &str| form(&[r#"{"bucket":"examplebucket"}"#, r#"["starts-with","$key","u/"]"#, test, S3]);
    let images = with(r#"["starts-with","$Content-Type","image/"]"#);
    let ask = |text: &str, value: &str| match decision(text, "u/a", &[("content-type", value)]) {
        Ok(Decision::Yes(_)) => "yes",
        Ok(Decision::No(_)) => "no",
        Ok(_) => "open",
        Err(_) => "refused",
    };
    assert_eq!(ask(&images, "image/jpg"), "yes");
    assert_eq!(ask(&images, "image/jpg,image/png,image/gif"), "yes");
    assert_eq!(ask(&images, "image/jpg,text/html"), "no");
    assert_eq!(ask(&images, "text/html,image/jpg"), "no");
    assert_eq!(ask(&images, "image/jpg, image/png"), "open", "nobody says whether the blank counts");
    let any = with(r#"["starts-with","$Content-Type",""]"#);
    assert_eq!(ask(&any, "image/jpg,text/html"), "yes");
    let one = with(r#"{"Content-Type":"image/jpg"}"#);
    let list = with(r#"{"Content-Type":"image/jpg,text/html"}"#);
    assert_eq!((ask(&one, "image/jpg,image/jpg"), ask(&list, "image/jpg,text/html")), ("no", "yes"));
    let odd = with(r#"["starts-with","$Content-Type","image/,text/"]"#);
    assert_eq!((ask(&odd, "image/,text/html"), ask(&odd, "image/a,text/html")), ("open", "open"));
    // As a whole it would lie within.
    assert_eq!(verdict(&images, &list), Verdict::Unknown);
    assert_eq!(verdict(&images, &with(r#"["starts-with","$Content-Type","image/png"]"#)), Verdict::Narrower);
    assert_eq!(verdict(&images, &one), Verdict::Narrower);
    assert_eq!(verdict(&any, &list), Verdict::Narrower);
    assert_eq!(verdict(&list, &list), Verdict::Equal);
    assert_eq!(verdict(&images, &any), Verdict::Wider);
    assert_eq!(verdict(&images, &odd), Verdict::Unknown);
}

#[test]
fn thousands_of_tests_of_one_field_are_given_up() {
    let tests: Vec<String> = (0..90 * 90).map(|number| format!(r#"["eq","$x-amz-meta-a","{number}"]"#)).collect();
    let text = form(&[r#"{"bucket":"b"}"#, r#"["starts-with","$key","u/"]"#, &tests.join(","), S3]);
    assert!(!said(&text, Profile::Default).is_empty());
    let found = matrices(&source(&text), &Facts::default(), false);
    let matrix = found.policies[0].matrix.as_ref().unwrap();
    let cells: Vec<&Grant> = matrix.rows.iter().flat_map(|row| &row.cells).map(|cell| &cell.grant).collect();
    assert!(!cells.is_empty() && cells.iter().all(|grant| **grant == Grant::Unknown), "{cells:?}");
}
