//! Condition keys and the roles they play.

use serde::Deserialize;

/// A condition key of a provider.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionKey {
    /// Its name.
    pub name: String,
    /// What its values are.
    #[serde(rename = "type")]
    pub value_type: ValueType,
    /// Which actions carry it.
    pub applies: Applies,
    /// What it is for; rules ask for roles, never for names.
    #[serde(default)]
    pub role: Option<Role>,
    /// Whose its value is, where that is known: what a variable that is filled with it says of the path it stands in.
    #[serde(default)]
    pub whose: Option<Whose>,
    /// A value of it belongs to one account, organization, caller or network in the world, so that a test of it keeps all
    /// others out.
    #[serde(default)]
    pub names_one: bool,
    /// Every request that a key signs has it.
    #[serde(default)]
    pub always: bool,
    /// Its values are compared with the URL-encoded text of a request parameter.
    #[serde(default)]
    pub encoded: bool,
    /// `documented`, `old`, `uncertain` or `third-party`.
    pub confidence: String,
    /// A remark.
    #[serde(default)]
    pub note: Option<String>,
    /// Pages that say so.
    pub sources: Vec<String>,
    /// The day on which they were read.
    pub read: String,
}

impl ConditionKey {
    /// A name of this key in its own spelling, the tag behind it as it stands.
    pub fn spelled(&self, name: &str) -> String {
        let tag = name.find('/').and_then(|at| name.get(at..)).unwrap_or_default();
        [self.name.as_str(), tag].concat()
    }
}

/// Keys of many names that end alike: those that come from whoever vouches for a user.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderKey {
    /// The end of the name, in small letters.
    pub name: String,
    /// Whose the value is.
    pub whose: Whose,
    /// Pages that say so.
    pub sources: Vec<String>,
    /// The day on which they were read.
    pub read: String,
}

/// Whose the value of a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Whose {
    /// Each who asks has their own, and cannot choose it.
    Caller,
    /// Whoever asks writes what they like into the request.
    Request,
    /// One value, or one of a few, is everybody's, or it is that of an address or an instant, which others may have as well.
    Shared,
}

/// What the values of a key are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueType {
    /// Text.
    String,
    /// A number.
    Number,
    /// True or false, written as a string.
    Bool,
    /// An address or a range of addresses.
    Ip,
    /// An instant.
    Date,
}

/// Which actions carry a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Applies {
    /// Every request.
    All,
    /// Requests with a body.
    Body,
    /// The actions that list it.
    Listed,
}

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The prefix that a listing asks for.
    ListPrefix,
    /// The delimiter by which a listing is folded.
    ListDelimiter,
    /// The ACL that an upload sets.
    ObjectAcl,
    /// The length of the body.
    BodyLength,
    /// The type of the body.
    BodyType,
    /// Where the request comes from.
    SourceIp,
    /// The network it comes from.
    SourceNetwork,
    /// Whether it is encrypted on the way.
    SecureTransport,
    /// How it is encrypted on the way.
    TlsVersion,
    /// A version of an object.
    Version,
    /// The storage class.
    StorageClass,
    /// The type that a download is to be given.
    ResponseType,
    /// A tag.
    Tag,
    /// The time of the request.
    Time,
    /// Who asks.
    Caller,
    /// Whether a second factor was used.
    Mfa,
}

impl Role {
    /// How many roles there are.
    pub const COUNT: usize = Self::Mfa as usize + 1;
}
