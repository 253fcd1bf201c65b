//! The axes of a finding.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($type:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $type {
            /// All values, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word for it in flags, files and reports.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.word())
            }
        }

        impl std::str::FromStr for $type {
            type Err = String;

            fn from_str(word: &str) -> Result<Self, String> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(format!("`{word}` is none of {}", [$($word),+].join(", "))),
                }
            }
        }
    };
}

/// What happens if a finding is true. Ordered: `Info` is the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Worth tidying, or harmless in most settings.
    Low,
    /// Access that is probably not meant, or a policy that does not do what it says.
    Medium,
    /// The holder of the key can damage or read what belongs to others, or the policy is refused.
    High,
}

impl Severity {
    /// One step less; `Info` stays.
    pub const fn lower(self) -> Self {
        match self {
            Self::High => Self::Medium,
            Self::Medium => Self::Low,
            Self::Low | Self::Info => Self::Info,
        }
    }
}

words!(Severity { Info = "info", Low = "low", Medium = "medium", High = "high" });

/// How sure a rule is. Ordered: `Low` is the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// It depends on something that the document does not tell.
    Low,
    /// It depends on a condition, or on a reading that others may not share.
    Medium,
    /// It follows from the text.
    High,
}

words!(Confidence { Low = "low", Medium = "medium", High = "high" });

/// Who wants to hear a finding. Ordered: each profile shows what the ones before it show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// Act on it: no known false alarm.
    Default,
    /// Also what is worth tidying.
    Strict,
    /// Everything: a person should look.
    Audit,
}

words!(Profile { Default = "default", Strict = "strict", Audit = "audit" });
