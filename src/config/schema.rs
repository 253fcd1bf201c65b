//! The JSON schema of `grantlint.toml`, for editors.
//!
//! It is made of the types that hold a configuration; the private types here stand for single values, where the
//! schema says more than the Rust type does. Reading does not use the schema: its messages could not name the place.

use std::borrow::Cow;
use std::collections::BTreeSet;

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::Config;
use crate::catalog::Catalog;
use crate::dialect;

/// The schema as indented JSON, with a line end behind it.
pub fn schema() -> String {
    let settings = SchemaSettings::draft07().with_transform(RecursiveTransform(tidy));
    let mut schema = settings.into_generator().into_root_schema_for::<Config>();
    schema.insert("title".to_owned(), "grantlint.toml".into());
    format!("{schema:#}\n", schema = schema.as_value())
}

/// Take out what says nothing to an editor: defaults that mean "absent", and the line ends of doc comments.
fn tidy(schema: &mut Schema) {
    schema.remove("default");
    if let Some(serde_json::Value::String(text)) = schema.get_mut("description") {
        *text = text.replace('\n', " ");
    }
}

/// A value, or a list of such values.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) enum OneOrMany<T> {
    /// One.
    One(T),
    /// Several.
    Many(#[schemars(length(min = 1))] Vec<T>),
}

/// What a policy is for.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) enum Kind {
    /// Passed when a temporary key is issued; limits that key.
    Session,
    /// Attached to a user, group or role.
    Identity,
    /// Attached to a bucket; names principals.
    Bucket,
}

/// The least severity that fails a run.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) enum Gate {
    /// Every finding fails the run.
    Info,
    /// Findings of severity `low` and above do.
    Low,
    /// Findings of severity `medium` and above do: so it is when nothing is said.
    Medium,
    /// Only findings of severity `high` do.
    High,
    /// No finding does.
    Never,
}

/// What the policies in some files are for: what they shall grant, no more and no less. Of two entries that match a file,
/// the later one counts.
#[derive(JsonSchema)]
#[schemars(rename = "expect", rename_all = "kebab-case", deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) struct Expect {
    /// Which files: one glob or a list, relative to the directory of this file. Each has to match a file.
    files: OneOrMany<GlobText>,
    /// A name for `grantlint generate --expect`; no two expectations share one.
    #[schemars(with = "Reason", default)]
    name: Option<()>,
    /// What the policies in these files are for.
    #[schemars(with = "Kind", default)]
    kind: Option<()>,
    /// In whose words `grantlint generate` writes the policy. Policies are held to the expectation whosever words they are
    /// written in.
    #[schemars(with = "DialectName", default)]
    dialect: Option<()>,
    /// The bucket that they speak of. Without it, every bucket that a policy names is held to the same keys.
    #[schemars(with = "BucketName", default)]
    bucket: Option<()>,
    /// What they grant: in each entry every action on every key.
    #[schemars(length(min = 1))]
    allow: Vec<Allow>,
}

/// Every action on every key.
#[derive(JsonSchema)]
#[schemars(rename = "allow", rename_all = "kebab-case", deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) struct Allow {
    /// Actions by name, or classes: `@read`, `@list`, `@delete` and so on, `@upload` being all that an upload needs. A
    /// class stands for its members, in the words of each policy, that can act on the keys.
    actions: OneOrMany<ActionWord>,
    /// Keys without the bucket. `*` is any text, `/` included; `{user}` is a hole that is filled in later.
    keys: OneOrMany<KeyText>,
}

/// Who owns which keys of a bucket.
#[derive(JsonSchema)]
#[schemars(rename = "layout", rename_all = "kebab-case", deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) struct LayoutEntry {
    /// The bucket's name, with the account behind it where the provider writes it so.
    #[schemars(with = "OwnerName")]
    bucket: String,
    /// The keys that belong to one user: one shape or a list, with `{user}` where the name of the hole is `user`. Other
    /// holes stand for any text without `/`, and `*` for any text.
    #[schemars(with = "OneOrMany<KeyText>")]
    key: Vec<String>,
    /// The name of the hole that stands for the user.
    #[schemars(with = "HoleName")]
    owner: String,
    /// What a user's name may look like: a regex that matches the whole name. `[A-Za-z0-9]+` is assumed without it.
    #[schemars(with = "String", default)]
    names: Option<String>,
}

macro_rules! texts {
    ($($type:ident: $name:literal, $pattern:literal;)+) => {
        $(pub(super) struct $type;

        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern })
            }
        })+
    };
}

texts! {
    GlobText: "glob", "^[^/]";
    BucketName: "bucket", "^[a-z0-9][a-z0-9.-]*[a-z0-9]$";
    KeyText: "key", "^[^/]";
    OwnerName: "owner", "^[^/*\\s]+$";
    Reason: "reason", "\\S";
    HoleName: "hole", "^[\\w.-]+$";
}

/// An action or a class, for completion in editors.
pub(super) struct ActionWord;

impl JsonSchema for ActionWord {
    fn schema_name() -> Cow<'static, str> {
        "action".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let catalogs = || dialect::all().iter().map(|dialect| dialect.catalog());
        let names: BTreeSet<&str> =
            catalogs().flat_map(|catalog| catalog.nameable().iter().map(|id| catalog.name(id))).collect();
        let mut words = super::expect::class_words();
        words.extend(names.into_iter().map(str::to_owned));
        // The longer forms are read too; an editor need not offer all of them.
        let services: Vec<&str> = catalogs().map(Catalog::service).collect();
        let spelled = dialect::all().iter().map(|dialect| (dialect.spell_action(""), dialect.catalog().service()));
        let marks =
            spelled.filter_map(|(spelled, service)| Some(spelled.strip_suffix(':')?.strip_suffix(service)?.to_owned()));
        let marks: Vec<String> = marks.filter(|mark| !mark.is_empty()).collect();
        let long = format!("^({})?({}):[A-Za-z]+$", marks.join("|"), services.join("|"));
        json_schema!({
            "description": "The name of an action, or a class of actions.",
            "anyOf": [{ "enum": words }, { "type": "string", "pattern": long }],
        })
    }
}

/// The provider whose language a policy is in.
pub(super) struct DialectName;

impl JsonSchema for DialectName {
    fn schema_name() -> Cow<'static, str> {
        "dialect".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let named = dialect::all().iter().map(|dialect| format!("`{}`: {}", dialect.name(), dialect.words().service));
        let named: Vec<String> = named.collect();
        json_schema!({
            "description": format!("The provider whose language a policy is in. {}.", named.join("; ")),
            "type": "string",
            "enum": dialect::NAMES,
        })
    }
}

/// The name of a rule, for completion in editors.
pub(super) struct RuleName;

impl JsonSchema for RuleName {
    fn schema_name() -> Cow<'static, str> {
        "rule".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<&str> = super::read::ignorable(&super::known_rules().collect::<Vec<_>>());
        let mut schema = json_schema!({ "type": "string", "description": "The name of a rule." });
        if !names.is_empty() {
            schema.insert("enum".to_owned(), names.into());
        }
        schema
    }
}
