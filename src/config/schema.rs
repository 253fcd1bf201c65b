//! The JSON schema of `grantlint.toml`, for editors.
//!
//! It is made of the types that hold a configuration; the private types here stand for single values, where the
//! schema says more than the Rust type does. Reading does not use the schema: its messages could not name the place.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::Config;

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

/// The provider whose rules a policy follows.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) enum Dialect {
    /// Tencent Cloud Object Storage.
    Cos,
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
    OwnerName: "owner", "^[^/*\\s]+$";
    Reason: "reason", "\\S";
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
