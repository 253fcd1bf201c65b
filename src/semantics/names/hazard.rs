//! Names that are more than a name once they stand in a policy or in a path.

use std::fmt;
use std::sync::LazyLock;

use super::compile::compile;
use super::dfa::Dfa;

/// What a name would be beside a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HazardKind {
    /// It holds `*` or `?`: the text is a pattern, and fits other names.
    Wildcard,
    /// It holds a quote, a backslash or a control character: the policy may become another document.
    Quote,
    /// It holds `/`: one name lies below another one.
    Slash,
    /// It holds the beginning of a policy variable or of a placeholder, which something else may fill in.
    Variable,
    /// It is `.` or holds `..`: whoever tidies paths up ends in another folder.
    Dots,
    /// It holds `%`: whoever decodes it twice gets another name.
    Percent,
    /// It begins or ends with a blank, which whoever trims text takes away.
    Blank,
}

impl HazardKind {
    /// All, the worst first, with the regex of the texts that have it.
    const ALL: [(Self, &str); 7] = [
        (Self::Wildcard, r"(?s).*[*?].*"),
        (Self::Quote, r#"(?s).*["\\\p{Cc}].*"#),
        (Self::Slash, r"(?s).*/.*"),
        (Self::Variable, r"(?s).*(\$\{|\{\{).*"),
        (Self::Dots, r"(?s)\.|.*\.\..*"),
        (Self::Percent, r"(?s).*%.*"),
        (Self::Blank, r"(?s)\s.*|.*\s"),
    ];

    /// What becomes of such a name: words that go behind "a name such as `x`".
    pub fn effect(self) -> &'static str {
        match self {
            Self::Wildcard => "is a pattern that fits other users",
            Self::Quote => "can end the string it stands in and change the policy",
            Self::Slash => "reaches into another user's folder",
            Self::Variable => "begins a variable that is filled in once more",
            Self::Dots => "leads to another folder where paths are tidied up",
            Self::Percent => "becomes another name where it is decoded twice",
            Self::Blank => "becomes another name where blanks are trimmed",
        }
    }
}

/// Something in a name that is more than a name, and a shortest name that shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hazard {
    /// What it is.
    pub kind: HazardKind,
    /// A shortest such name.
    pub name: String,
}

impl fmt::Display for Hazard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a name such as `{}` {}", self.name, self.kind.effect())
    }
}

/// The texts of each kind.
static SETS: LazyLock<Vec<(HazardKind, Dfa)>> = LazyLock::new(|| {
    let compiled = |(kind, regex): (HazardKind, &str)| compile(regex).ok().map(|dfa| (kind, dfa));
    HazardKind::ALL.into_iter().filter_map(compiled).collect()
});

/// The texts of all kinds. A regex that cannot be read would leave everything unsafe.
static ANY: LazyLock<Dfa> = LazyLock::new(|| {
    let regexes = HazardKind::ALL.map(|(_, regex)| format!("(?:{regex})"));
    compile(&regexes.join("|")).or_else(|_| compile("(?s).*")).unwrap_or_else(|_| Dfa::nothing())
});

/// What of each kind is in a set.
pub(super) fn of(names: &Dfa) -> Vec<Hazard> {
    let shown =
        |(kind, set): &(HazardKind, Dfa)| names.and(set, true).shortest().map(|name| Hazard { kind: *kind, name });
    SETS.iter().filter_map(shown).collect()
}

/// The names of no kind.
pub(super) fn without(names: &Dfa) -> Dfa {
    names.and(&ANY, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_set() {
        assert_eq!(SETS.len(), HazardKind::ALL.len());
        for (text, is_unsafe) in [("a*", true), ("a", false), ("a.b", false), ("a..b", true), (".", true), (" a", true)]
        {
            assert_eq!(ANY.contains(text), is_unsafe, "{text}");
        }
    }
}
