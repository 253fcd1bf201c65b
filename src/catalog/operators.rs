//! A vendor's operators of conditions: their names, what they compare, and what may stand before and behind them.

use serde::Deserialize;

use crate::policy::{Base, Quantifier};

/// The operators of one vendor.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operators {
    names: Vec<OperatorWord>,
    /// The dialect of the vendor from whom the names were taken over.
    #[serde(default)]
    from: Option<String>,
    /// What stands before an operator for which one value of several is enough.
    #[serde(default)]
    any_value: Option<String>,
    /// What stands before an operator that all values have to pass.
    #[serde(default)]
    all_values: Option<String>,
    /// What stands behind an operator that an absent key passes.
    #[serde(default)]
    if_exists: Option<String>,
}

/// The name of an operator, without what may stand before and behind it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorWord {
    /// The name.
    pub name: String,
    /// What it compares.
    pub compares: Compares,
    /// It asks for the opposite.
    #[serde(default)]
    pub negated: bool,
    /// `documented` or `third-party`.
    #[serde(default = "documented")]
    pub confidence: String,
}

fn documented() -> String {
    "documented".to_owned()
}

/// What an operator compares, as a vendor's documents tell it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compares {
    /// The parts of an ARN, each with its wildcards.
    Arn,
    /// Encoded bytes.
    Bytes,
    /// What a policy's condition has a word for.
    #[serde(untagged)]
    Base(Base),
}

impl Compares {
    /// What is claimed about it. An ARN is compared part by part, which is the same as letter for letter where no value has
    /// a wildcard (`is_plain`); nothing is claimed about it elsewhere.
    pub const fn base(self, is_plain: bool) -> Base {
        match self {
            Self::Base(base) => base,
            Self::Arn if is_plain => Base::StringEqual,
            Self::Arn | Self::Bytes => Base::Unknown,
        }
    }
}

/// An operator as it is written, taken apart.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'w, 't> {
    /// Of several values.
    pub quantifier: Quantifier,
    /// An absent key passes.
    pub if_exists: bool,
    /// What stands between.
    pub name: &'t str,
    /// What the name means, if the vendor has it.
    pub operator: Option<&'w OperatorWord>,
}

impl Operators {
    /// All names, in order.
    pub fn all(&self) -> &[OperatorWord] {
        &self.names
    }

    /// The dialect of the vendor from whom the names were taken over.
    pub fn took_over_from(&self) -> Option<&str> {
        self.from.as_deref()
    }

    /// Take an operator apart. O(operators).
    pub fn read<'t>(&self, text: &'t str) -> Reading<'_, 't> {
        let behind = |mark: &Option<String>| mark.as_deref().and_then(|mark| text.strip_prefix(mark));
        let (quantifier, rest) = match (behind(&self.any_value), behind(&self.all_values)) {
            (Some(rest), _) => (Quantifier::Any, rest),
            (None, Some(rest)) => (Quantifier::All, rest),
            (None, None) => (Quantifier::One, text),
        };
        let before = self.if_exists.as_deref().and_then(|mark| rest.strip_suffix(mark));
        let (if_exists, name) = before.map_or((false, rest), |name| (true, name));
        Reading { quantifier, if_exists, name, operator: self.names.iter().find(|known| known.name == name) }
    }

    /// Put an operator together, with as much of what stands before and behind as this vendor has.
    pub fn spell(&self, name: &str, quantifier: Quantifier, if_exists: bool) -> String {
        let before = match quantifier {
            Quantifier::One => &None,
            Quantifier::Any => &self.any_value,
            Quantifier::All => &self.all_values,
        };
        let behind = self.if_exists.as_deref().filter(|_| if_exists);
        [before.as_deref().unwrap_or_default(), name, behind.unwrap_or_default()].concat()
    }

    /// The name of the operator that compares like this.
    pub fn named(&self, compares: Compares, negated: bool) -> Option<&str> {
        let alike = |known: &&OperatorWord| known.compares == compares && known.negated == negated;
        self.names.iter().find(alike).map(|known| known.name.as_str())
    }

    /// The name of an operator about which this is claimed.
    pub fn named_for(&self, base: Base, negated: bool) -> Option<&str> {
        let alike = |known: &&OperatorWord| known.compares.base(false) == base && known.negated == negated;
        self.names.iter().find(alike).map(|known| known.name.as_str())
    }

    /// The known operator that was probably meant by one that is not.
    pub fn near(&self, text: &str) -> Option<String> {
        let reading = self.read(text);
        // A plural of what stands behind an operator is mistaken for it.
        let plural = self.if_exists.as_ref().map(|mark| format!("{mark}s"));
        let cut = plural.and_then(|mark| reading.name.strip_suffix(mark.as_str()));
        let names = self.names.iter().map(|known| known.name.as_str());
        let near = super::nearest(cut.unwrap_or(reading.name), names, 2)?;
        Some(self.spell(near, reading.quantifier, reading.if_exists || cut.is_some()))
    }
}
