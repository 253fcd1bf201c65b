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

/// A part of a [`Site`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SitePart {
    /// The bucket.
    Bucket,
    /// The region.
    Region,
    /// The account.
    Account,
}

/// Why a site is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteFault {
    /// The part at fault.
    pub part: SitePart,
    /// What is wrong: a sentence without a full stop.
    pub message: String,
    /// What to write instead.
    pub help: String,
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
