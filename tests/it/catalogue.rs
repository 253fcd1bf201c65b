//! The facts about COS: sorted, unique, each with its source, and as wide as the vendor's names really are.

use std::collections::BTreeSet;

use grantlint::catalog::{Catalog, Level};
use grantlint::dialect;
use grantlint::policy::{Anchor, Case, Pattern};
use grantlint::semantics::reading::members;
use grantlint::text::Span;
use serde_json::Value;

use super::naive::{self, Touches};
use super::support::{nothing_wrong, read, root};

fn file() -> Value {
    serde_json::from_str(&read(root("rules/catalog/cos.json"))).unwrap()
}

fn catalog() -> &'static Catalog {
    dialect::cos().catalog()
}

/// The names of the entries of a list.
fn names_of(list: &str) -> Vec<String> {
    file()[list].as_array().unwrap().iter().map(|entry| entry["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_list_is_sorted_and_unique() {
    for list in ["actions", "condition_keys", "foreign_actions"] {
        let names = names_of(list);
        assert!(names.len() > 10, "{list} has {} entries", names.len());
        let pairs = names.windows(2).filter(|pair| pair[0] >= pair[1]);
        nothing_wrong(&pairs.map(|pair| format!("{list}: {} before {}", pair[0], pair[1])).collect::<Vec<_>>());
    }
    let regions = catalog().regions();
    assert!(regions.len() > 20 && regions.windows(2).all(|pair| pair[0] < pair[1]), "{regions:?}");
    for action in file()["actions"].as_array().unwrap() {
        let keys: Vec<&str> =
            action["condition_keys"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{}: {keys:?}", action["name"]);
    }
}

#[test]
fn every_entry_has_its_sources_and_the_day_they_were_read() {
    let file = file();
    let mut wrong = Vec::new();
    let entries = ["actions", "condition_keys", "foreign_actions"].into_iter().flat_map(|list| {
        file[list].as_array().unwrap().iter().map(move |entry| (format!("{list}/{}", entry["name"]), entry))
    });
    for (name, entry) in entries.chain([("regions".to_owned(), &file["regions"])]) {
        let sources = entry["sources"].as_array().map(Vec::as_slice).unwrap_or_default();
        if sources.is_empty() || !sources.iter().all(|s| s.as_str().is_some_and(|s| s.starts_with("https://"))) {
            wrong.push(format!("{name}: sources {sources:?}"));
        }
        let day = entry["read"].as_str().unwrap_or_default();
        let parts: Vec<&str> = day.split('-').collect();
        let is_day = matches!(parts.as_slice(), [y, m, d] if y.len() == 4 && m.len() == 2 && d.len() == 2)
            && day.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        if !is_day {
            wrong.push(format!("{name}: read on `{day}`"));
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn every_name_points_at_something_that_is_there() {
    let catalog = catalog();
    let mut wrong = Vec::new();
    for foreign in catalog.foreign_actions() {
        let missing = foreign.instead.iter().filter(|name| catalog.find(name).is_none());
        wrong.extend(missing.map(|name| format!("{} -> {name}, which is no action", foreign.name)));
        // A name that was only inferred from another page may be one that policies should not use; a documented one may not.
        let is_documented =
            catalog.find(&foreign.name).and_then(|id| catalog.action(id)).is_some_and(|a| a.confidence == "documented");
        if foreign.instead.is_empty() || is_documented {
            wrong.push(format!("{} is foreign and documented, or has nothing instead", foreign.name));
        }
    }
    for action in catalog.actions() {
        let missing = action.condition_keys.iter().filter(|key| catalog.key(key).is_none());
        wrong.extend(missing.map(|key| format!("{}: {key} is no key", action.name)));
        let known = ["documented", "inferred"].contains(&action.confidence.as_str());
        if !known || action.description.is_empty() || action.description.ends_with('.') {
            wrong.push(format!("{}: {} ({})", action.name, action.description, action.confidence));
        }
    }
    for key in catalog.keys() {
        if !["documented", "old", "uncertain", "third-party"].contains(&key.confidence.as_str()) {
            wrong.push(format!("{}: {}", key.name, key.confidence));
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn names_differ_in_more_than_their_letter_case() {
    let lower: BTreeSet<String> = names_of("actions").iter().map(|name| name.to_ascii_lowercase()).collect();
    assert_eq!(lower.len(), names_of("actions").len());
}

/// The members of a wildcard.
fn of(wildcard: &str) -> BTreeSet<&'static str> {
    let name = wildcard.strip_prefix("cos:").unwrap();
    let pattern = Pattern::new(name, false, Case::Sensitive, Anchor::loose(Span::default()));
    members(&pattern, catalog()).iter().map(|id| catalog().name(id)).collect()
}

#[test]
fn wildcards_have_the_members_that_surprise_people() {
    let expected: [(&str, &[&str], &[&str]); 9] = [
        (
            "cos:GetBucket*",
            &["GetBucket", "GetBucketObjectVersions", "GetBucketPolicy", "GetBucketACL"],
            &["GetObject", "HeadBucket", "GetService"],
        ),
        (
            "cos:PutBucket*",
            &["PutBucket", "PutBucketPolicy", "PutBucketACL", "PutBucketReplication", "PutBucketLifecycle"],
            &["PutObject", "DeleteBucket"],
        ),
        ("cos:PutObject*", &["PutObject", "PutObjectACL", "PutObjectTagging", "PutObjectRetention"], &["PostObject"]),
        (
            "cos:Put*",
            &["PutBucket", "PutBucketPolicy", "PutBucketACL", "PutObject", "PutObjectACL", "PutObjectTagging"],
            &["PostObject", "GetObject"],
        ),
        (
            "cos:Get*",
            &["GetService", "GetBucket", "GetBucketPolicy", "GetBucketLifecycle", "GetObject"],
            &["HeadObject", "PutObject"],
        ),
        (
            "cos:Delete*",
            &["DeleteBucket", "DeleteBucketPolicy", "DeleteBucketLifecycle", "DeleteObject", "DeleteMultipleObjects"],
            &["AbortMultipartUpload"],
        ),
        (
            "cos:*Object",
            &["PutObject", "PostObject", "AppendObject", "GetObject", "HeadObject", "DeleteObject", "OptionsObject"],
            &["DeleteMultipleObjects", "PutObjectACL", "GetBucket"],
        ),
        (
            "cos:*Object*",
            &["PutObject", "GetBucketObjectVersions", "PutObjectACL", "DeleteMultipleObjects"],
            &["GetBucket", "UploadPart"],
        ),
        (
            "cos:List*",
            &["ListJobs", "ListParts", "ListMultipartUploads", "ListLiveChannels"],
            &["GetBucket", "GetBucketObjectVersions"],
        ),
    ];
    for (wildcard, has, has_not) in expected {
        let members = of(wildcard);
        for name in has {
            assert!(members.contains(name), "{wildcard} lacks {name}: {members:?}");
        }
        for name in has_not {
            assert!(!members.contains(name), "{wildcard} holds {name}");
            assert!(catalog().find(name).is_some(), "{name} is no action");
        }
        let by_hand: BTreeSet<&str> = catalog()
            .actions()
            .iter()
            .map(|action| action.name.as_str())
            .filter(|name| naive::speaks_of(wildcard, name))
            .collect();
        assert_eq!(members, by_hand, "{wildcard}");
    }
    assert_eq!(of("cos:*").len(), catalog().actions().len());
    assert!(of("cos:Nothing*").is_empty());
}

#[test]
fn every_action_touches_what_the_second_opinion_says() {
    let mut wrong = Vec::new();
    for (action, id) in catalog().actions().iter().zip(0..) {
        let is_listing = catalog().prefix_reach().contains(grantlint::catalog::ActionId(id));
        let touched = match action.level {
            Level::Service => Touches::Service,
            Level::Bucket if is_listing => Touches::Prefix,
            Level::Bucket => Touches::Bucket,
            Level::Object => Touches::Object,
        };
        if naive::touches(&action.name) != touched {
            wrong.push(format!("{}: {touched:?} in the catalogue", action.name));
        }
    }
    nothing_wrong(&wrong);
}
