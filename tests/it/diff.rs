//! `diff` on pairs of policies that change one thing each: the verdict, and the request that shows it.
//!
//! A pair is a policy and what is put in place of a part of it. A witness is written `action path`, with the context behind
//! it; what is not expected is empty.

use grantlint::engine::{Delta, FileDiff, diff};
use grantlint::finding::PolicyKind;
use grantlint::rules::Facts;
use grantlint::text::Source;

use super::support::nothing_wrong;

/// The policy that most pairs change.
const BASE: &str = r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["name/cos:GetObject", "name/cos:PutObject"],
      "resource": ["qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/app/<Username>/*"]
    },
    {
      "effect": "allow",
      "action": ["name/cos:GetBucket"],
      "resource": ["qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/"],
      "condition": {"string_like": {"cos:prefix": "app%2F*"}, "ip_equal": {"qcs:ip": "10.0.0.0/8"}}
    },
    {
      "effect": "deny",
      "action": ["name/cos:PutObject"],
      "resource": ["qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/app/<Username>/locked/*"]
    }
  ]
}"#;

struct Pair {
    name: &'static str,
    change: &'static [(&'static str, &'static str)],
    verdict: &'static str,
    added: &'static str,
    removed: &'static str,
}

const fn pair(
    name: &'static str,
    change: &'static [(&'static str, &'static str)],
    verdict: &'static str,
    added: &'static str,
    removed: &'static str,
) -> Pair {
    Pair { name, change, verdict, added, removed }
}

const HEAD: &str = "qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/";

const PAIRS: [Pair; 34] = [
    pair("nothing", &[], "equal", "", ""),
    pair("another layout of the text", &[("\n", " "), ("  ", " ")], "equal", "", ""),
    pair("a string instead of a list", &[("[\"name/cos:GetBucket\"]", "\"name/cos:GetBucket\"")], "equal", "", ""),
    pair(
        "another order of actions",
        &[("GetObject\", \"name/cos:PutObject", "PutObject\", \"name/cos:GetObject")],
        "equal",
        "",
        "",
    ),
    pair("capital effect", &[("\"allow\"", "\"Allow\"")], "equal", "", ""),
    pair("the short form of an action", &[("\"name/cos:GetObject\"", "\"cos:GetObject\"")], "equal", "", ""),
    pair(
        "the legacy form of a resource",
        &[(
            "qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/app/<Username>/*",
            "qcs::cos:ap-guangzhou:uid/1250000000:prefix//1250000000/examplebucket/app/<Username>/*",
        )],
        "equal",
        "",
        "",
    ),
    pair(
        "no account: the bucket tells it",
        &[("uid/1250000000:examplebucket-1250000000/app/<Username>/*", ":examplebucket-1250000000/app/<Username>/*")],
        "equal",
        "",
        "",
    ),
    pair("a wildcard twice", &[("<Username>/*", "<Username>/**")], "equal", "", ""),
    pair("a wider prefix", &[("app/<Username>/*\"", "app/*\"")], "wider", "PutObject app/example", ""),
    pair(
        "a prefix without its slash",
        &[("app/<Username>/*\"", "app/<Username>*\"")],
        "wider",
        "PutObject app/<Username>x",
        "",
    ),
    pair(
        "a narrower prefix",
        &[("app/<Username>/*\"", "app/<Username>/a/*\"")],
        "narrower",
        "",
        "PutObject app/<Username>/example",
    ),
    pair("a whole bucket", &[("app/<Username>/*\"", "*\"")], "wider", "PutObject example", ""),
    pair(
        "every resource",
        &[(r#""qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/app/<Username>/*""#, "\"*\"")],
        "wider",
        "PutObject otherbucket-1250000000/example",
        "",
    ),
    pair(
        "every region",
        &[(
            "ap-guangzhou:uid/1250000000:examplebucket-1250000000/app/<Username>/*\"",
            "*:uid/1250000000:examplebucket-1250000000/app/<Username>/*\"",
        )],
        "wider",
        "PutObject ap-bangkok app/<Username>/example",
        "",
    ),
    pair(
        "one more action",
        &[("\"name/cos:PutObject\"]", "\"name/cos:PutObject\", \"name/cos:DeleteObject\"]")],
        "wider",
        "DeleteObject app/<Username>/example",
        "",
    ),
    pair("one action less", &[("\"name/cos:GetObject\", ", "")], "narrower", "", "GetObject app/<Username>/example"),
    pair(
        "another action",
        &[("name/cos:GetObject", "name/cos:HeadObject")],
        "incomparable",
        "HeadObject app/<Username>/example",
        "GetObject app/<Username>/example",
    ),
    pair(
        "a partial wildcard",
        &[("\"name/cos:GetObject\"", "\"name/cos:GetObject*\"")],
        "wider",
        "GetObjectACL app/<Username>/example",
        "",
    ),
    pair(
        "every action",
        &[("\"name/cos:GetObject\"", "\"name/cos:*\"")],
        "wider",
        "DeleteObject app/<Username>/example",
        "",
    ),
    pair(
        "a removed deny",
        &[(
            ",\n    {\n      \"effect\": \"deny\",\n      \"action\": [\"name/cos:PutObject\"],\n      \"resource\": [\"qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/app/<Username>/locked/*\"]\n    }",
            "",
        )],
        "wider",
        "PutObject app/<Username>/locked/example",
        "",
    ),
    pair("a narrower deny", &[("locked/*", "locked/a/*")], "wider", "PutObject app/<Username>/locked/example", ""),
    pair("a wider deny", &[("locked/*", "*")], "narrower", "", "PutObject app/<Username>/example"),
    pair(
        "a deny of another action",
        &[(
            "\"deny\",\n      \"action\": [\"name/cos:PutObject\"]",
            "\"deny\",\n      \"action\": [\"name/cos:GetObject\"]",
        )],
        "incomparable",
        "PutObject app/<Username>/locked/example",
        "GetObject app/<Username>/locked/example",
    ),
    pair("a deny made an allow", &[("\"deny\"", "\"allow\"")], "wider", "PutObject app/<Username>/locked/example", ""),
    pair("a loosened address", &[("10.0.0.0/8", "0.0.0.0/0")], "wider", "GetBucket app/example qcs:ip=192.0.2.1", ""),
    pair(
        "a tightened address",
        &[("10.0.0.0/8", "10.1.0.0/16")],
        "narrower",
        "",
        "GetBucket app/example qcs:ip=10.0.0.1",
    ),
    pair(
        "a removed address",
        &[(", \"ip_equal\": {\"qcs:ip\": \"10.0.0.0/8\"}", "")],
        "wider",
        "GetBucket app/example qcs:ip=192.0.2.1",
        "",
    ),
    pair(
        "an address that may be absent",
        &[("ip_equal", "ip_equal_if_exist")],
        "wider",
        "GetBucket app/example qcs:ip",
        "",
    ),
    pair("a loosened listing", &[("app%2F*", "a*")], "wider", "GetBucket ax qcs:ip=10.0.0.1", ""),
    pair(
        "a listing without its prefix",
        &[("\"string_like\": {\"cos:prefix\": \"app%2F*\"}, ", "")],
        "wider",
        "GetBucket example qcs:ip=10.0.0.1",
        "",
    ),
    pair(
        "a prefix that is not encoded",
        &[("app%2F*", "app/*")],
        "narrower",
        "",
        "GetBucket app/example qcs:ip=10.0.0.1",
    ),
    pair(
        "another placeholder",
        &[("app/<Username>/*\"", "app/<DeviceId>/*\"")],
        "incomparable",
        "PutObject app/<DeviceId>/example",
        "PutObject app/<Username>/example",
    ),
    pair(
        "a service that is none of ours",
        &[("\"name/cos:GetBucket\"]", "\"name/cos:GetBucket\", \"name/cdn:PurgeUrlsCache\"]")],
        "equal",
        "",
        "",
    ),
];

fn compared(old: &str, new: &str) -> FileDiff {
    let source = |text: &str| Some(Source::new("policy.json", text).unwrap());
    let facts = Facts { kind: Some(PolicyKind::Session), ..Facts::default() };
    diff(source(old), source(new), [&facts, &facts])
}

fn shown(delta: &Delta) -> String {
    let action = delta.witness.action.strip_prefix("name/cos:").unwrap_or(&delta.witness.action);
    let resource = &delta.witness.resource;
    let path = resource.strip_prefix(HEAD).map_or_else(
        || {
            let parts: Vec<&str> = resource.splitn(6, ':').collect();
            let bucket_is_ours = parts[5].starts_with("examplebucket-1250000000/");
            let path = parts[5].strip_prefix("examplebucket-1250000000/").unwrap_or(parts[5]);
            if bucket_is_ours { format!("{} {path}", parts[3]) } else { path.to_owned() }
        },
        str::to_owned,
    );
    let mut text = format!("{action} {path}");
    for (key, value) in &delta.context {
        text.push(' ');
        text.push_str(key);
        if let Some(value) = value {
            text.push('=');
            text.push_str(value);
        }
    }
    text
}

/// Whether the expected example is told, or nothing is where nothing is expected.
fn tells(deltas: &[Delta], expected: &str) -> bool {
    if expected.is_empty() { deltas.is_empty() } else { deltas.iter().any(|delta| shown(delta) == expected) }
}

#[test]
fn one_change_gives_its_verdict_and_its_example() {
    let mut wrong = Vec::new();
    for pair in &PAIRS {
        let mut new = BASE.to_owned();
        for (from, to) in pair.change {
            assert!(new.contains(from), "{}: `{from}` is not there", pair.name);
            new = new.replace(from, to);
        }
        let found = compared(BASE, &new);
        let policy = &found.policies[0];
        let is_right = policy.verdict.word() == pair.verdict
            && (pair.verdict == "unknown" || tells(&policy.added, pair.added) && tells(&policy.removed, pair.removed));
        if !is_right {
            let all = |deltas: &[Delta]| deltas.iter().map(shown).collect::<Vec<_>>().join(", ");
            wrong.push(format!(
                "{}: {} added [{}] removed [{}] {:?}",
                pair.name,
                policy.verdict.word(),
                all(&policy.added),
                all(&policy.removed),
                policy.undecided
            ));
        }
        // What is widened one way is narrowed the other.
        let back = compared(&new, BASE);
        let mirrored = match policy.verdict.word() {
            "wider" => "narrower",
            "narrower" => "wider",
            same => same,
        };
        if back.policies[0].verdict.word() != mirrored {
            wrong.push(format!("{}: the other way round it is {}", pair.name, back.policies[0].verdict.word()));
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn statements_in_another_order_are_equal() {
    let mut policy: serde_json::Value = serde_json::from_str(BASE).unwrap();
    let statements = policy["statement"].as_array_mut().unwrap();
    statements.rotate_left(1);
    let turned = policy.to_string();
    assert_eq!(compared(BASE, &turned).verdict().word(), "equal");
}

#[test]
fn callers_of_a_bucket_policy_are_told_apart() {
    let policy = |principal: &str| {
        format!(
            r#"{{"Version": "2.0", "Statement": [{{"Effect": "allow", "Principal": {principal},
             "Action": ["name/cos:GetObject"], "Resource": ["qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/*"]}}]}}"#
        )
    };
    let (alice, bob) = ("qcs::cam::uin/100000000001:uin/100000000001", "qcs::cam::uin/100000000002:uin/100000000002");
    let one = policy(&format!(r#"{{"qcs": ["{alice}"]}}"#));
    let both = policy(&format!(r#"{{"qcs": ["{alice}", "{bob}"]}}"#));
    let all = policy(r#"{"qcs": ["qcs::cam::anyone:anyone"]}"#);
    let facts = Facts { kind: Some(PolicyKind::Bucket), ..Facts::default() };
    let compare = |old: &str, new: &str| {
        let source = |text: &str| Some(Source::new("policy.json", text).unwrap());
        diff(source(old), source(new), [&facts, &facts])
    };
    let callers = |found: &FileDiff| -> Vec<String> {
        found.policies[0].added.iter().filter_map(|delta| delta.caller.clone()).collect()
    };
    let found = compare(&one, &both);
    assert_eq!((found.verdict().word(), callers(&found)), ("wider", vec![bob.to_owned()]));
    let found = compare(&both, &all);
    assert_eq!(found.verdict().word(), "wider");
    assert!(callers(&found).contains(&"anyone, without signing".to_owned()), "{:?}", callers(&found));
    assert_eq!(compare(&all, &both).verdict().word(), "narrower");
    assert_eq!(compare(&both, &both).verdict().word(), "equal");
}
