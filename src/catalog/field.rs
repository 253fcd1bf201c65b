//! The fields of upload forms and the roles they play.

use serde::Deserialize;

use super::Role;

/// A field of a form that uploads an object, or what a form's policy says of the upload beside its fields.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormField {
    /// Its name, without the `$` that a policy writes before it.
    pub name: String,
    /// What it is for; rules ask for roles, never for names.
    #[serde(default)]
    pub role: Option<Role>,
    /// What it speaks of.
    #[serde(default)]
    pub about: About,
    /// A value with commas is a list where a test asks how it begins: each of its members has to begin so.
    #[serde(default)]
    pub lists: bool,
    /// Pages that say so.
    pub sources: Vec<String>,
    /// The day on which they were read.
    pub read: String,
}

/// What a field of a form speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// What is uploaded, and how it is kept.
    #[default]
    Upload,
    /// Who signed the form, and how.
    Signature,
    /// What the service answers.
    Answer,
}
