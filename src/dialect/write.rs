//! Policies that are written rather than read: what a dialect is asked to write, and what it gives back.

use serde::{Serialize, Serializer};

/// Where the resources of a written policy lie. What is not said stays a hole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    /// The bucket's full name.
    pub bucket: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// The account, as the bucket's name has it.
    pub account: Option<String>,
}

/// Why a site is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteFault {
    /// What is wrong: a sentence without a full stop.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

/// A statement to write: every action allowed on every resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allow<'a> {
    /// The names of the actions.
    pub actions: Vec<&'a str>,
    /// The resources.
    pub resources: Vec<Target>,
    /// The prefixes that the actions may list, as patterns, where a condition says so; without any, every prefix.
    pub prefixes: Vec<String>,
}

/// A resource to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Everything: the one resource of actions on the account.
    Everything,
    /// The bucket of the site, not its keys.
    Bucket,
    /// Keys in the bucket of the site, as a pattern.
    Key(String),
}

/// A value of a written document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Written>),
    /// Members in the order in which they are written.
    Object(Vec<(&'static str, Written)>),
}

impl Written {
    /// A list of texts.
    pub fn texts(texts: impl IntoIterator<Item = String>) -> Self {
        Self::List(texts.into_iter().map(Self::Text).collect())
    }
}

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(values) => serializer.collect_seq(values),
            Self::Object(members) => serializer.collect_map(members.iter().map(|(name, value)| (name, value))),
        }
    }
}
