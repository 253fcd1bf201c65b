//! The facts about each provider: sorted, unique, each with its source, and as wide as the vendor's names really are.
//!
//! What holds for every catalogue is asked of every file below `rules/catalog`, whether a dialect uses it yet or not.

use std::collections::BTreeSet;

use grantlint::catalog::{
    ActionSet, Applies, Catalog, Class, Ground, Level, Reach, Role, VendorWords, Vocabulary, Word,
};
use grantlint::dialect;
use grantlint::policy::{Anchor, Case, Pattern, Quantifier};
use grantlint::semantics::reading::members;
use grantlint::text::Span;
use serde_json::Value;

use super::naive::{self, Touches};
use super::support::{names, nothing_wrong, read, root};

/// A catalogue, as the file says it and as the library reads it.
struct Facts {
    name: String,
    file: Value,
    catalog: Catalog,
}

impl Facts {
    fn new(name: &str) -> Self {
        let text = read(root("rules/catalog").join(format!("{name}.json")));
        let catalog = Catalog::load(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        Self { name: name.to_owned(), file: serde_json::from_str(&text).unwrap(), catalog }
    }

    /// The entries of a list.
    fn entries(&self, list: &str) -> &[Value] {
        self.file[list].as_array().unwrap()
    }

    /// The names of the entries of a list.
    fn names_of(&self, list: &str) -> Vec<&str> {
        self.entries(list).iter().map(|entry| entry["name"].as_str().unwrap()).collect()
    }
}

/// Every catalogue there is.
fn every() -> Vec<Facts> {
    let files =
        names(root("rules/catalog")).into_iter().filter(|name| !matches!(name.as_str(), "names.txt" | "words.json"));
    files.map(|name| Facts::new(name.strip_suffix(".json").unwrap())).collect()
}

fn catalog() -> &'static Catalog {
    dialect::usual().catalog()
}

#[test]
fn a_catalogue_is_named_like_its_file_and_fits_a_set() {
    let every = every();
    assert_eq!(every.iter().map(|facts| facts.name.as_str()).collect::<Vec<_>>(), ["cos", "oss", "s3"]);
    for Facts { name, catalog, .. } in every {
        assert_eq!((catalog.dialect(), catalog.service()), (name.as_str(), name.as_str()));
        let count = catalog.actions().len();
        assert!((100..=ActionSet::CAPACITY).contains(&count), "{name}: {count} actions");
        assert_eq!(catalog.all().len(), count);
    }
}

#[test]
fn every_list_is_sorted_and_unique() {
    for facts in every() {
        let catalogue = &facts.name;
        for list in ["actions", "condition_keys", "foreign_actions"] {
            let names = facts.names_of(list);
            assert!(names.len() > 10, "{catalogue}: {list} has {} entries", names.len());
            let pairs = names.windows(2).filter(|pair| pair[0] >= pair[1]);
            let wrong = pairs.map(|pair| format!("{catalogue}, {list}: {} before {}", pair[0], pair[1]));
            nothing_wrong(&wrong.collect::<Vec<_>>());
        }
        let fields = facts.names_of("form_fields");
        assert!(fields.len() > 8 && fields.windows(2).all(|pair| pair[0] < pair[1]), "{catalogue}: {fields:?}");
        let regions = facts.catalog.regions();
        assert!(regions.len() > 20 && regions.windows(2).all(|pair| pair[0] < pair[1]), "{regions:?}");
        for action in facts.entries("actions") {
            let keys: Vec<&str> =
                action["condition_keys"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{catalogue}, {}: {keys:?}", action["name"]);
        }
    }
}

#[test]
fn every_entry_has_its_sources_and_the_day_they_were_read() {
    let mut wrong = Vec::new();
    for facts in every() {
        let lists = ["actions", "condition_keys", "foreign_actions", "form_fields"].into_iter();
        let entries = lists
            .flat_map(|list| facts.entries(list).iter().map(move |entry| (format!("{list}/{}", entry["name"]), entry)));
        for (name, entry) in entries.chain([("regions".to_owned(), &facts.file["regions"])]) {
            let sources = entry["sources"].as_array().map(Vec::as_slice).unwrap_or_default();
            if sources.is_empty() || !sources.iter().all(|s| s.as_str().is_some_and(|s| s.starts_with("https://"))) {
                wrong.push(format!("{}, {name}: sources {sources:?}", facts.name));
            }
            let day = entry["read"].as_str().unwrap_or_default();
            let parts: Vec<&str> = day.split('-').collect();
            let is_day = matches!(parts.as_slice(), [y, m, d] if y.len() == 4 && m.len() == 2 && d.len() == 2)
                && day.bytes().all(|b| b.is_ascii_digit() || b == b'-');
            if !is_day {
                wrong.push(format!("{}, {name}: read on `{day}`", facts.name));
            }
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn every_name_points_at_something_that_is_there() {
    let mut wrong = Vec::new();
    for Facts { name, catalog, .. } in every() {
        for foreign in catalog.foreign_actions() {
            let missing = foreign.instead.iter().filter(|action| catalog.find(action).is_none());
            wrong.extend(missing.map(|action| format!("{name}, {} -> {action}, which is no action", foreign.name)));
            // A name that was only inferred from another page may be one that policies should not use; a documented one may not.
            let is_documented = catalog
                .find(&foreign.name)
                .and_then(|id| catalog.action(id))
                .is_some_and(|a| a.confidence == "documented");
            if foreign.instead.is_empty() || is_documented {
                wrong.push(format!("{name}, {} is foreign and documented, or has nothing instead", foreign.name));
            }
        }
        for action in catalog.actions() {
            if let Some(leads_to) = &action.leads_to {
                let is_known = |to: &String| to == "*" || catalog.find(to).is_some();
                let missing = leads_to.actions.iter().filter(|to| !is_known(to));
                wrong.extend(missing.map(|to| format!("{name}, {} leads to {to}, which is no action", action.name)));
                let is_sourced = leads_to.sources.iter().all(|source| source.starts_with("https://"));
                if action.class != Class::Permissions || leads_to.actions.is_empty() || !is_sourced {
                    wrong.push(format!("{name}, {} leads nowhere, or nobody says so", action.name));
                }
                if leads_to.sources.is_empty() || leads_to.actions.windows(2).any(|pair| pair[0] >= pair[1]) {
                    wrong.push(format!("{name}, {}: {:?}", action.name, leads_to));
                }
            }
            let missing = action.condition_keys.iter().filter(|key| catalog.key(key).is_none());
            wrong.extend(missing.map(|key| format!("{name}, {}: {key} is no key", action.name)));
            let known = ["documented", "inferred"].contains(&action.confidence.as_str());
            if !known || action.description.is_empty() || action.description.ends_with('.') {
                wrong.push(format!("{name}, {}: {} ({})", action.name, action.description, action.confidence));
            }
        }
        for key in catalog.keys() {
            if !["documented", "old", "uncertain", "third-party"].contains(&key.confidence.as_str()) {
                wrong.push(format!("{name}, {}: {}", key.name, key.confidence));
            }
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn every_key_is_carried_and_the_roles_that_rules_ask_for_are_there() {
    for Facts { name, catalog, .. } in every() {
        for key in catalog.keys() {
            let is_listed = catalog.actions().iter().any(|action| action.condition_keys.contains(&key.name));
            assert!(!catalog.carrying(&key.name).is_empty(), "{name}: no action carries {}", key.name);
            let agrees = match key.applies {
                Applies::All => !is_listed,
                Applies::Listed => is_listed,
                Applies::Body => true,
            };
            assert!(agrees, "{name}: which actions carry {}?", key.name);
        }
        for role in [
            Role::ListPrefix,
            Role::ObjectAcl,
            Role::SourceIp,
            Role::SourceNetwork,
            Role::SecureTransport,
            Role::Tag,
            Role::Time,
            Role::Caller,
            Role::Mfa,
        ] {
            assert!(!catalog.carrying_role(role).is_empty(), "{name}: nothing carries {role:?}");
        }
        let lists = catalog.of_class(Class::List) & catalog.of_level(Level::Bucket);
        assert!(catalog.carrying_role(Role::ListPrefix).is_subset(&lists), "{name}");
        assert!(catalog.prefix_reach().is_subset(&catalog.carrying_role(Role::ListPrefix)), "{name}");
        let acl = catalog.carrying_role(Role::ObjectAcl);
        assert!(acl.meets(&(catalog.upload_family() & catalog.of_class(Class::Upload))), "{name}");
    }
}

/// `words.json`, as the file says it and as the library reads it.
fn words() -> (Vec<Value>, Vocabulary) {
    let text = read(root("rules/catalog/words.json"));
    let file: Value = serde_json::from_str(&text).unwrap();
    (file["providers"].as_array().unwrap().clone(), Vocabulary::load(&text).unwrap())
}

/// The strings of a list.
fn strings(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect()
}

#[test]
fn every_word_is_read_as_its_own_vendors() {
    let (file, words) = words();
    let dialects: Vec<&str> = words.vendors().iter().map(VendorWords::dialect).collect();
    assert_eq!(dialects, dialect::NAMES);
    for (at, vendor) in file.iter().enumerate() {
        let sorts: [(&str, fn(_) -> _); 11] = [
            ("services", Word::Service),
            ("action_marks", Word::Action),
            ("resources", Word::Resource),
            ("principal_members", Word::PrincipalMember),
            ("principals", Word::Principal),
            ("principal_ends", Word::Principal),
            ("condition_keys", Word::ConditionKey),
            ("versions", Word::Version),
            ("mistaken_versions", Word::MistakenVersion),
            ("form_fields", Word::FormField),
            ("form_operators", Word::FormOperator),
        ];
        for (sort, word) in sorts {
            for text in strings(&vendor[sort]) {
                assert!(
                    !text.is_empty() && words.place_of(word(text)) == Some(at),
                    "{sort} of {}: {text}",
                    dialects[at]
                );
            }
        }
        let own = dialect::named(dialects[at]).unwrap();
        assert_eq!(own.vendor_words().dialect(), own.name());
        let action = own.spell_action("GetObject");
        assert_eq!(words.place_of(Word::Action(&action)), Some(at), "{action}");
        assert_eq!(words.place_of(Word::Resource(&own.spell_sample("a"))), Some(at));
        // Some keys begin as other services' do.
        for key in own.catalog().keys() {
            let place = words.place_of(Word::ConditionKey(&key.name));
            assert!(place.is_none_or(|place| place == at), "{}", key.name);
        }
        for other in dialect::all().iter().filter(|other| other.name() != own.name()) {
            let vendor = own.vendor_words().vendor();
            let foreign = grantlint::catalog::vocabulary().foreign(other.name(), Word::Action(&action));
            assert_eq!(foreign, Some(vendor), "{action} in {}", other.name());
        }
    }
}

#[test]
fn every_vendors_words_have_their_sources_and_operators_that_can_be_spelled() {
    let (file, words) = words();
    for (vendor, said) in words.vendors().iter().zip(&file) {
        let name = vendor.dialect();
        assert!(
            vendor.sources().len() > 3 && vendor.sources().iter().all(|page| page.starts_with("https://")),
            "{name}"
        );
        assert_eq!(vendor.read_on(), "2026-11-25", "{name}");
        assert_eq!(vendor.version(), strings(&said["versions"])[0], "the one to write stands first");
        assert_eq!(
            vendor.operators().took_over_from(),
            said["operators"].get("from").and_then(Value::as_str),
            "{name}"
        );
        let known = vendor.operators().all();
        assert!(known.len() > 20 && known.windows(2).all(|pair| pair[0].name < pair[1].name), "{name}");
        for operator in known {
            let spelled = vendor.operators().spell(&operator.name, Quantifier::All, true);
            let reading = vendor.operators().read(&spelled);
            assert_eq!(reading.operator.map(|read| &read.name), Some(&operator.name), "{spelled}");
            assert_eq!(reading.if_exists, said["operators"].get("if_exists").is_some(), "{spelled}");
            assert!(["documented", "third-party"].contains(&operator.confidence.as_str()), "{spelled}");
        }
        for text in said["instead"].as_object().unwrap().values() {
            let text = text.as_str().unwrap();
            assert!(text.matches('`').count() == 2 && !text.ends_with('.'), "{name}: {text}");
        }
    }
}

#[test]
fn whoever_replaces_the_policy_of_a_bucket_can_grant_everything_on_it() {
    for Facts { name, catalog, .. } in every() {
        let lead = |action: &str| {
            let by = catalog.find_in_any_case(action).unwrap();
            *catalog.leads().iter().find(|lead| lead.by == by).unwrap_or_else(|| panic!("{name}: {action}"))
        };
        let policy = lead("PutBucketPolicy");
        assert_eq!(
            (policy.on, policy.to),
            (Ground::Bucket, catalog.all() - catalog.of_level(Level::Service)),
            "{name}"
        );
        // An access control list grants less, and no policy.
        for (action, on) in [("PutBucketAcl", Ground::Bucket), ("PutObjectAcl", Ground::Object)] {
            let list = lead(action);
            assert_eq!(list.on, on, "{name}: {action}");
            assert!(list.to.is_subset(&policy.to) && !list.to.contains(policy.by), "{name}: {action}");
        }
    }
}

#[test]
fn names_differ_in_more_than_their_letter_case() {
    for facts in every() {
        let names = facts.names_of("actions");
        let lower: BTreeSet<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
        assert_eq!(lower.len(), names.len(), "{}", facts.name);
    }
}

/// The same call by its name in COS, OSS and S3. What one provider judges with the action of another call stands there twice.
const SAME: [[&str; 3]; 28] = [
    ["AbortMultipartUpload", "AbortMultipartUpload", "AbortMultipartUpload"],
    ["DeleteBucket", "DeleteBucket", "DeleteBucket"],
    ["DeleteBucketCORS", "DeleteBucketCors", "PutBucketCORS"],
    ["DeleteBucketLifecycle", "DeleteBucketLifecycle", "PutLifecycleConfiguration"],
    ["DeleteBucketPolicy", "DeleteBucketPolicy", "DeleteBucketPolicy"],
    ["DeleteBucketWebsite", "DeleteBucketWebsite", "DeleteBucketWebsite"],
    ["DeleteObject", "DeleteObject", "DeleteObject"],
    ["DeleteObjectTagging", "DeleteObjectTagging", "DeleteObjectTagging"],
    ["GetBucket", "ListObjects", "ListBucket"],
    ["GetBucketACL", "GetBucketAcl", "GetBucketAcl"],
    ["GetBucketObjectVersions", "ListObjectVersions", "ListBucketVersions"],
    ["GetBucketPolicy", "GetBucketPolicy", "GetBucketPolicy"],
    ["GetObject", "GetObject", "GetObject"],
    ["GetObjectACL", "GetObjectAcl", "GetObjectAcl"],
    ["GetService", "ListBuckets", "ListAllMyBuckets"],
    ["ListMultipartUploads", "ListMultipartUploads", "ListBucketMultipartUploads"],
    ["ListParts", "ListParts", "ListMultipartUploadParts"],
    ["PostObjectRestore", "RestoreObject", "RestoreObject"],
    ["PutBucket", "PutBucket", "CreateBucket"],
    ["PutBucketACL", "PutBucketAcl", "PutBucketAcl"],
    ["PutBucketPolicy", "PutBucketPolicy", "PutBucketPolicy"],
    ["PutBucketReplication", "PutBucketReplication", "PutReplicationConfiguration"],
    ["PutBucketTagging", "PutBucketTagging", "PutBucketTagging"],
    ["PutObject", "PutObject", "PutObject"],
    ["PutObjectACL", "PutObjectAcl", "PutObjectAcl"],
    ["PutObjectRetention", "PutObjectRetention", "PutObjectRetention"],
    ["PutObjectTagging", "PutObjectTagging", "PutObjectTagging"],
    ["UploadPart", "PutObject", "PutObject"],
];

#[test]
fn the_same_call_is_of_the_same_level_class_and_family_everywhere() {
    let catalogs = ["cos", "oss", "s3"].map(|name| Facts::new(name).catalog);
    for names in SAME {
        let told: Vec<_> = catalogs
            .iter()
            .zip(names)
            .map(|(catalog, name)| {
                let action = catalog.find(name).and_then(|id| catalog.action(id));
                let action = action.unwrap_or_else(|| panic!("{name} is no action of {}", catalog.dialect()));
                (action.level, action.class, action.family, action.reach == Reach::Account)
            })
            .collect();
        assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{names:?}: {told:?}");
    }
    // Where the prefix that a listing asks for is a condition and no part of the resource, no pattern of keys grants it.
    let reach = catalogs.map(|catalog| catalog.prefix_reach().len());
    assert_eq!(reach, [3, 0, 0]);
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
fn wildcards_of_the_other_providers_surprise_too() {
    let expected: [(&str, &str, &[&str], &[&str]); 8] = [
        ("oss", "Get*", &["GetObject", "GetBucketPolicy", "GetObjectVersion"], &["ListObjects", "PutObject"]),
        ("oss", "List*", &["ListObjects", "ListBuckets", "ListParts"], &["DoMetaQuery", "GetObject"]),
        ("oss", "PutObject*", &["PutObject", "PutObjectAcl", "PutObjectTagging"], &["PutBucketAcl"]),
        ("oss", "PutBucket*", &["PutBucket", "PutBucketPolicy", "PutBucketAcl"], &["PutObject", "PutCname"]),
        ("s3", "Get*", &["GetObject", "GetBucketPolicy", "GetDataAccess"], &["ListBucket", "PutObject"]),
        (
            "s3",
            "ListBucket*",
            &["ListBucket", "ListBucketVersions", "ListBucketMultipartUploads"],
            &["ListAllMyBuckets"],
        ),
        ("s3", "PutObject*", &["PutObject", "PutObjectAcl", "PutObjectRetention"], &["PutBucketAcl"]),
        ("s3", "*Object", &["PutObject", "GetObject", "DeleteObject", "RestoreObject"], &["PutObjectAcl"]),
    ];
    for (provider, wildcard, has, has_not) in expected {
        let catalog = Facts::new(provider).catalog;
        let pattern = Pattern::new(wildcard, false, Case::Sensitive, Anchor::loose(Span::default()));
        let members: BTreeSet<&str> = members(&pattern, &catalog).iter().map(|id| catalog.name(id)).collect();
        let by_hand: BTreeSet<&str> =
            catalog.actions().iter().map(|a| a.name.as_str()).filter(|name| naive::glob(wildcard, name)).collect();
        assert_eq!(members, by_hand, "{provider}: {wildcard}");
        assert!(has.iter().all(|name| members.contains(name)), "{provider}: {wildcard} is {members:?}");
        for name in has_not {
            assert!(!members.contains(name) && catalog.find(name).is_some(), "{provider}: {wildcard} and {name}");
        }
    }
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
