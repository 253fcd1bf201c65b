//! An action of a provider.

use serde::Deserialize;

/// The index of an action in its catalogue, in the order of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActionId(pub u16);

/// An action.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Its name without the service.
    pub name: String,
    /// Where the resource of a request lies.
    pub level: Level,
    /// What it does, by its effect.
    pub class: Class,
    /// The family it belongs to.
    #[serde(default)]
    pub family: Option<Family>,
    /// How a bucket-level action reaches resources below the bucket.
    #[serde(default)]
    pub reach: Reach,
    /// It is the one to show where any of several would do.
    #[serde(default)]
    pub typical: bool,
    /// Condition keys that only some actions carry and this one does.
    #[serde(default)]
    pub condition_keys: Vec<String>,
    /// What its holder can grant with it, where it changes permissions.
    #[serde(default)]
    pub leads_to: Option<LeadsTo>,
    /// What it does, in a sentence.
    pub description: String,
    /// `documented`, or `inferred` where only the API is documented and not the name.
    pub confidence: String,
    /// Pages that say so.
    pub sources: Vec<String>,
    /// The day on which they were read.
    pub read: String,
}

/// What the holder of an action can grant to anyone with it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeadsTo {
    /// Where the granted actions then work.
    pub on: Ground,
    /// Names of actions, or `*` for every one on buckets and objects.
    pub actions: Vec<String>,
    /// Pages that say so.
    pub sources: Vec<String>,
}

/// Where what an action leads to works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ground {
    /// On the objects on which the action itself works.
    Object,
    /// On the bucket and all its objects.
    Bucket,
}

/// Where the resource of a request lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// A key of a bucket.
    Object,
    /// A bucket.
    Bucket,
    /// The account, or the operation itself: granted only on `*`.
    Service,
}

impl Level {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Bucket => "bucket",
            Self::Service => "service",
        }
    }
}

/// What an action does, by its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Tells which keys, versions or parts there are.
    List,
    /// Reads content, metadata or configuration.
    Read,
    /// Writes object content.
    Upload,
    /// Destroys data.
    Delete,
    /// Changes configuration, tags, retention and the like.
    Configure,
    /// Changes who may do what.
    Permissions,
}

impl Class {
    /// All classes, the least harmful first.
    pub const ALL: [Self; 6] = [Self::List, Self::Read, Self::Upload, Self::Delete, Self::Configure, Self::Permissions];

    /// Whether it changes anything.
    pub const fn is_changing(self) -> bool {
        !matches!(self, Self::List | Self::Read)
    }

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Read => "read",
            Self::Upload => "upload",
            Self::Delete => "delete",
            Self::Configure => "configure",
            Self::Permissions => "permissions",
        }
    }
}

/// Actions that are useless without each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Everything that one upload needs.
    Upload,
}

/// How a bucket-level action reaches resources below the bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// It touches the bucket itself.
    #[default]
    Bucket,
    /// It is judged against the prefix that the request lists.
    Prefix,
    /// It makes a bucket, which no resource can name before.
    Account,
}
