//! What must not matter does not matter.
//!
//! The same policy, minified, with its keys in another order, with a string instead of a list of one, in the older form of
//! resources, with or without `name/`, is the same policy: the same rules speak, and their witnesses are the same. Rules
//! about the form itself are exempt, each for the reason that stands beside it.

use std::collections::{BTreeMap, BTreeSet};

use grantlint::engine::analyse;
use grantlint::finding::{Finding, PolicyKind, Profile, Severity};
use grantlint::rules::Filter;
use grantlint::syntax::{Kind, Value, parse};

use super::support::{Fixture, Judged, all_fixtures, nothing_wrong};

/// A JSON value that keeps the order of keys, equal keys and the spelling of numbers.
#[derive(Debug, Clone, PartialEq)]
enum Json {
    Object(Vec<(String, Json)>),
    List(Vec<Json>),
    Text(String),
    /// A number or a word, as written.
    Other(String),
}

impl Json {
    fn of(value: Value<'_, '_>) -> Self {
        match value.kind() {
            Kind::Object => Self::Object(value.members().map(|m| (m.name().into_owned(), Self::of(m.value))).collect()),
            Kind::Array => Self::List(value.elements().map(Self::of).collect()),
            Kind::String => Self::Text(value.string().unwrap().into_owned()),
            _ => Self::Other(value.raw().to_owned()),
        }
    }

    /// `step` blanks for each level and a line for each node; none of either when `step` is 0.
    fn print(&self, step: usize) -> String {
        let mut out = String::new();
        self.print_to(&mut out, step, 0);
        out
    }

    fn print_to(&self, out: &mut String, step: usize, depth: usize) {
        let line = |out: &mut String, depth: usize| {
            if step > 0 {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', step * depth));
            }
        };
        let (open, close, len) = match self {
            Self::Text(text) => return out.push_str(&serde_json::to_string(text).unwrap()),
            Self::Other(text) => return out.push_str(text),
            Self::Object(members) => ('{', '}', members.len()),
            Self::List(elements) => ('[', ']', elements.len()),
        };
        out.push(open);
        for at in 0..len {
            out.push_str(if at > 0 { "," } else { "" });
            line(out, depth + 1);
            match self {
                Self::Object(members) => {
                    out.push_str(&serde_json::to_string(&members[at].0).unwrap());
                    out.push_str(if step > 0 { ": " } else { ":" });
                    members[at].1.print_to(out, step, depth + 1);
                }
                Self::List(elements) => elements[at].print_to(out, step, depth + 1),
                _ => {}
            }
        }
        line(out, depth);
        out.push(close);
    }

    /// Rebuild bottom-up; `change` sees each member with its key, elements of a list with the key of the list.
    fn map(self, key: &str, change: &impl Fn(&str, Self) -> Self) -> Self {
        let inner = match self {
            Self::Object(members) => Self::Object(
                members.into_iter().map(|(name, value)| (name.clone(), value.map(&name, change))).collect(),
            ),
            Self::List(elements) => Self::List(elements.into_iter().map(|element| element.map(key, change)).collect()),
            plain => plain,
        };
        change(key, inner)
    }

    /// The statements of a policy, to be changed.
    fn statements(&mut self) -> Option<&mut Vec<Self>> {
        let Self::Object(members) = self else { return None };
        let (_, list) = members.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("statement"))?;
        match list {
            Self::List(statements) => Some(statements),
            _ => None,
        }
    }

    fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// A string or a list as a list.
    fn listed(&self) -> Vec<Self> {
        match self {
            Self::List(elements) => elements.clone(),
            one => vec![one.clone()],
        }
    }
}

/// A fixture that is one document of faultless JSON without comments and equal keys, and its value.
struct Sound {
    fixture: Fixture,
    json: Json,
}

fn sound() -> Vec<Sound> {
    let mut found = Vec::new();
    for fixture in all_fixtures() {
        let Some(text) = fixture.text() else { continue };
        let tree = parse(text);
        let judged = fixture.analyse(Profile::Audit);
        let is_plain = tree.faults().is_empty()
            && tree.roots().count() == 1
            && ["comment-in-policy", "duplicate-key"].iter().all(|rule| judged.of(rule).is_empty());
        // Thousands of brackets are the business of `torture`; the helpers here recurse.
        if is_plain && !fixture.name.starts_with("nested-") {
            let json = Json::of(tree.roots().next().unwrap());
            found.push(Sound { fixture, json });
        }
    }
    assert!(found.len() > 600, "only {} sound fixtures", found.len());
    found
}

/// A rule, and the action and the resource of its witness.
type Claim = (&'static str, Option<(String, String)>);

fn claim(finding: &Finding) -> Claim {
    (finding.rule.name, finding.witness.as_ref().map(|w| (w.action.clone(), w.resource.clone())))
}

fn claims(judged: &Judged, exempt: &[(&str, &str)]) -> BTreeSet<Claim> {
    let is_exempt = |finding: &&Finding| exempt.iter().any(|(rule, _)| *rule == finding.rule.name);
    judged.findings().iter().filter(|finding| !is_exempt(finding)).map(claim).collect()
}

/// Fail where `change` changes what is said, beyond the rules that are exempt.
#[track_caller]
fn nothing_changes(change: impl Fn(&Sound) -> Option<String>, exempt: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    let mut count = 0;
    for sound in sound() {
        let Some(text) = change(&sound) else { continue };
        count += 1;
        let before = claims(&sound.fixture.analyse(Profile::Audit), exempt);
        let after = claims(&sound.fixture.with_text(text.clone()).analyse(Profile::Audit), exempt);
        let gone = before.difference(&after).map(|claim| format!("no longer {claim:?}"));
        let new = after.difference(&before).map(|claim| format!("now also {claim:?}"));
        wrong.extend(gone.chain(new).map(|what| format!("{}: {what}", sound.fixture.id)));
    }
    assert!(count > 20, "the change applies to {count} fixtures only");
    nothing_wrong(&wrong);
}

const SIZE: (&str, &str) = ("policy-too-long", "it counts bytes, and blanks are some");

#[test]
fn blanks_do_not_matter() {
    nothing_changes(|sound| Some(sound.json.print(0)), &[SIZE]);
    nothing_changes(|sound| Some(sound.json.print(3)), &[SIZE]);
}

#[test]
fn the_order_of_keys_does_not_matter() {
    let turn = |_: &str, json: Json| match json {
        Json::Object(mut members) => {
            members.reverse();
            Json::Object(members)
        }
        other => other,
    };
    nothing_changes(|sound| Some(sound.json.clone().map("", &turn).print(1)), &[SIZE]);
}

/// Whether a key holds actions or resources, in whatever spelling.
fn holds(key: &str, what: &str) -> bool {
    key.eq_ignore_ascii_case(what)
}

#[test]
fn a_string_is_a_list_of_one() {
    let holds_either = |key: &str| holds(key, "action") || holds(key, "resource");
    let members = |json: Json, change: fn(Json) -> Json| match json {
        Json::Object(members) => {
            let changed =
                |(name, value): (String, Json)| if holds_either(&name) { (name, change(value)) } else { (name, value) };
            Json::Object(members.into_iter().map(changed).collect())
        }
        other => other,
    };
    let shorten = |_: &str, json: Json| {
        members(json, |value| match value {
            Json::List(mut elements) if matches!(elements.as_slice(), [Json::Text(_)]) => elements.remove(0),
            other => other,
        })
    };
    let lengthen = |_: &str, json: Json| {
        members(json, |value| match value {
            Json::Text(text) => Json::List(vec![Json::Text(text)]),
            other => other,
        })
    };
    nothing_changes(
        |sound| {
            let shorter = sound.json.clone().map("", &shorten);
            (shorter != sound.json).then(|| shorter.print(1))
        },
        &[SIZE],
    );
    nothing_changes(
        |sound| {
            let longer = sound.json.clone().map("", &lengthen);
            (longer != sound.json).then(|| longer.print(1))
        },
        &[SIZE],
    );
}

/// `bucket-appid/key` as `prefix//appid/bucket/key`, where that says the same.
fn legacy(resource: &str) -> Option<String> {
    let (head, path) = resource.rsplit_once(':')?;
    let (bucket, key) = path.split_once('/')?;
    let (name, appid) = bucket.rsplit_once('-')?;
    let is_plain = !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !appid.is_empty()
        && appid.bytes().all(|b| b.is_ascii_digit());
    (head.starts_with("qcs::cos:") && head.matches(':').count() == 4 && is_plain && path != "prefix")
        .then(|| format!("{head}:prefix//{appid}/{name}/{key}"))
}

#[test]
fn the_older_form_of_resources_says_the_same() {
    let older = |key: &str, json: Json| match json {
        Json::Text(text) if holds(key, "resource") => Json::Text(legacy(&text).unwrap_or(text)),
        other => other,
    };
    nothing_changes(
        |sound| {
            let old = sound.json.clone().map("", &older);
            (old != sound.json).then(|| old.print(1))
        },
        &[SIZE, ("legacy-resource", "it speaks of this very form")],
    );
}

#[test]
fn name_before_the_service_may_be_left_out() {
    let is_actions = |key: &str| holds(key, "action") || key.to_ascii_lowercase().replace('_', "") == "allowactions";
    let without = |key: &str, json: Json| match json {
        Json::Text(text) if is_actions(key) => match text.strip_prefix("name/cos:") {
            Some(name) => Json::Text(format!("cos:{name}")),
            None => Json::Text(text),
        },
        other => other,
    };
    let with = |key: &str, json: Json| match json {
        Json::Text(text) if is_actions(key) && text.starts_with("cos:") => Json::Text(format!("name/{text}")),
        other => other,
    };
    let changed = |sound: &Sound, new: Json| (new != sound.json).then(|| new.print(1));
    nothing_changes(|sound| changed(sound, sound.json.clone().map("", &without)), &[SIZE]);
    nothing_changes(|sound| changed(sound, sound.json.clone().map("", &with)), &[SIZE]);
}

/// How often each rule gives each fingerprint.
fn fingerprints(judged: &Judged) -> BTreeMap<(&'static str, String), usize> {
    let mut found = BTreeMap::new();
    for finding in judged.findings() {
        *found.entry((finding.rule.name, finding.fingerprint.to_string())).or_default() += 1;
    }
    found
}

fn without_size(mut prints: BTreeMap<(&'static str, String), usize>) -> BTreeMap<(&'static str, String), usize> {
    prints.retain(|(rule, _), _| *rule != SIZE.0);
    prints
}

#[test]
fn reformatting_keeps_every_fingerprint() {
    let mut wrong = Vec::new();
    for Sound { fixture, json } in sound() {
        let before = without_size(fingerprints(&fixture.analyse(Profile::Audit)));
        for text in [json.print(0), json.print(4), format!("\n\n\t{}\r\n", json.print(2).replace('\n', "\r\n"))] {
            let after = without_size(fingerprints(&fixture.with_text(text).analyse(Profile::Audit)));
            for gone in before.keys().filter(|key| !after.contains_key(key)) {
                wrong.push(format!("{}: {} has another name", fixture.id, gone.0));
            }
        }
    }
    wrong.dedup();
    nothing_wrong(&wrong);
}

/// A statement that no rule of the default profile speaks about, on a bucket of its own.
const NEIGHBOUR: &str = r#"{"effect": "allow", "action": ["name/cos:HeadObject"],
    "resource": ["qcs::cos:ap-beijing:uid/1259999999:neighbour-1259999999/app/readme.txt"]}"#;

/// The same in the words of the other providers.
const OTHER_NEIGHBOURS: [(&str, &str); 2] = [
    (
        "oss",
        r#"{"Effect": "Allow", "Action": ["oss:GetObject"], "Resource": ["acs:oss:*:*:neighbour/app/readme.txt"]}"#,
    ),
    ("s3", r#"{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::neighbour/app/readme.txt"]}"#),
];

/// Fixtures whose findings still know the index of their statement; `regressions` holds the smallest form of each.
const INDEXED: [(&str, &str); 2] = [
    (
        "principal-in-session-policy/bad-java-top-level.session.json",
        "a shared principal is named by the first statement",
    ),
    ("wrong-type/bad-statement-list-of-text.session.json", "what is no statement is named by its place in the list"),
];

#[test]
fn a_statement_before_it_keeps_every_fingerprint() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for Sound { fixture, mut json } in sound() {
        let Some(statements) = json.statements().filter(|statements| !statements.is_empty()) else { continue };
        if INDEXED.iter().any(|(id, _)| *id == fixture.id) {
            continue;
        }
        count += 1;
        let analysed = fixture.analyse(Profile::Audit).analysed;
        let dialect = analysed.policies.first().map_or("", |policy| policy.dialect);
        let other = OTHER_NEIGHBOURS.iter().find(|(name, _)| *name == dialect);
        let mut neighbour = Json::of(parse(other.map_or(NEIGHBOUR, |(_, text)| text)).roots().next().unwrap());
        // A bucket policy names whom it speaks of, and a statement without a principal would be another finding.
        if let (Json::Object(members), Some(first)) = (&mut neighbour, statements.first())
            && let Some(principal) = first.member("principal")
        {
            let element = if other.is_some() { "Principal" } else { "principal" };
            members.push((element.to_owned(), principal.clone()));
        }
        statements.insert(0, neighbour);
        let before = without_size(fingerprints(&fixture.analyse(Profile::Audit)));
        let after = without_size(fingerprints(&fixture.with_text(json.print(2)).analyse(Profile::Audit)));
        for gone in before.keys().filter(|key| !after.contains_key(key)) {
            wrong.push(format!("{}: {} has another name or is gone", fixture.id, gone.0));
        }
    }
    assert!(count > 300, "only {count} policies");
    nothing_wrong(&wrong);
}

const MAIN_RULES: [&str; 4] = ["wildcard-resource", "wildcard-action", "combined-action-resource", "shared-prefix"];

#[test]
fn splitting_into_single_pairs_never_makes_a_session_policy_clean() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for Sound { fixture, mut json } in sound() {
        let judged = fixture.analyse(Profile::Default);
        let is_session = judged.analysed.policies.iter().all(|policy| policy.kind == PolicyKind::Session);
        let speaks = judged.findings().iter().any(|finding| MAIN_RULES.contains(&finding.rule.name));
        let Some(statements) = json.statements().filter(|_| is_session && speaks) else { continue };
        let split: Option<Vec<Json>> = statements.iter().map(pairs).collect::<Option<Vec<_>>>().map(|all| all.concat());
        let Some(split) = split else { continue };
        *statements = split;
        count += 1;
        let after = fixture.with_text(json.print(1)).analyse(Profile::Default);
        if after.findings().is_empty() {
            wrong.push(format!("{}: {}", fixture.id, judged.shown().join("; ")));
        }
    }
    assert!(count > 40, "only {count} policies");
    nothing_wrong(&wrong);
}

/// A statement for each action with each resource, everything else kept.
fn pairs(statement: &Json) -> Option<Vec<Json>> {
    let (actions, resources) = (statement.member("action")?.listed(), statement.member("resource")?.listed());
    let Json::Object(members) = statement else { return None };
    let mut found = Vec::new();
    for action in &actions {
        for resource in &resources {
            let with = |(name, value): &(String, Json)| {
                let value = match name.to_ascii_lowercase().as_str() {
                    "action" => action.clone(),
                    "resource" => resource.clone(),
                    _ => value.clone(),
                };
                (name.clone(), value)
            };
            found.push(Json::Object(members.iter().map(with).collect()));
        }
    }
    Some(found)
}

#[test]
fn the_order_of_statements_does_not_matter() {
    let mut wrong = Vec::new();
    for Sound { fixture, json } in sound() {
        let mut turned = json.clone();
        let Some(statements) = turned.statements().filter(|statements| statements.len() > 1) else { continue };
        statements.reverse();
        // Both are printed alike, so that the underlined texts can be compared.
        let told = |json: &Json| -> BTreeSet<(&'static str, String)> {
            let judged = fixture.with_text(json.print(0)).analyse(Profile::Audit);
            let findings = judged.findings().iter();
            findings.map(|f| (f.rule.name, judged.text(f.primary).to_owned())).collect()
        };
        let (before, after) = (told(&json), told(&turned));
        for (rule, text) in before.symmetric_difference(&after) {
            wrong.push(format!("{}: {rule} {text}", fixture.id));
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn what_is_told_does_not_hang_on_keeping_what_gives_way() {
    let mut wrong = Vec::new();
    let mut kept = 0;
    for fixture in all_fixtures() {
        let filters = [
            Filter::default(),
            Filter { profile: Profile::Audit, ..Filter::default() },
            Filter { ignore: ["wildcard-action"].into(), ..Filter::default() },
            Filter { ignore: ["combined-action-resource", "wildcard-resource"].into(), ..Filter::default() },
            Filter { min_severity: Severity::High, ..Filter::default() },
        ];
        for of in filters {
            let filter = |keeps_given_way| Filter { keeps_given_way, ..of.clone() };
            let analysed = |keeps| analyse(&fixture.source(), &fixture.facts(), &filter(keeps));
            let (with, without) = (analysed(true), analysed(false));
            kept += with.given_way.len();
            if with.findings != without.findings || with.filtered != without.filtered {
                wrong.push(fixture.id.clone());
            }
        }
    }
    nothing_wrong(&wrong);
    assert!(kept > 20, "{kept} findings gave way");
}

#[test]
fn the_printer_keeps_what_it_prints() {
    let text = r#"{"a": [1.50, "x\u0000\n", {}, []], "a": null}"#;
    let json = Json::of(parse(text).roots().next().unwrap());
    for step in [0, 2] {
        let printed = json.print(step);
        assert_eq!(Json::of(parse(&printed).roots().next().unwrap()), json, "{printed}");
    }
    assert_eq!(json.print(0), r#"{"a":[1.50,"x\u0000\n",{},[]],"a":null}"#);
}
