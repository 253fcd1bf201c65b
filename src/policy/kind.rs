//! What a policy is for.

use serde::{Deserialize, Serialize};

/// What a policy is for, which decides how bad a wide grant is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PolicyKind {
    /// Passed when a temporary key is issued; limits that key.
    Session,
    /// Attached to a user, group or role.
    Identity,
    /// Attached to a bucket; names principals.
    Bucket,
    /// Could be an identity policy or a key's: the document does not tell.
    Undetermined,
}

impl PolicyKind {
    /// All kinds, in order.
    pub const ALL: &'static [Self] = &[Self::Session, Self::Identity, Self::Bucket, Self::Undetermined];

    /// The word for it in flags, files and reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Identity => "identity",
            Self::Bucket => "bucket",
            Self::Undetermined => "undetermined",
        }
    }
}

impl std::fmt::Display for PolicyKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.word())
    }
}

impl std::str::FromStr for PolicyKind {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let kind = Self::ALL.iter().copied().find(|kind| kind.word() == word);
        kind.ok_or_else(|| {
            format!("`{word}` is none of {}", Self::ALL.iter().map(|k| k.word()).collect::<Vec<_>>().join(", "))
        })
    }
}
