//! Whose a word is, and what belongs in its place: the words that only one vendor's policies have.
//!
//! The tables are data in `rules/catalog/words.json`, loaded once. They tell whose policy a document is, which words in it
//! are another vendor's, and what to write instead.

use std::sync::LazyLock;

use serde::Deserialize;

use super::operators::{Operators, Reading};
use crate::policy::Vendor;

/// A word that may tell whose policy it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word<'t> {
    /// An action, with the service before it.
    Action(&'t str),
    /// The word for a service that stands before the colon of an action.
    Service(&'t str),
    /// A resource.
    Resource(&'t str),
    /// A principal.
    Principal(&'t str),
    /// What stands before principals in an object.
    PrincipalMember(&'t str),
    /// A condition key.
    ConditionKey(&'t str),
    /// A version that the vendor's policies have.
    Version(&'t str),
    /// A version that policies are given by mistake.
    MistakenVersion(&'t str),
    /// A field of an upload form.
    FormField(&'t str),
    /// What compares a field of an upload form.
    FormOperator(&'t str),
}

/// The words of one vendor.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VendorWords {
    dialect: String,
    vendor: String,
    services: Vec<String>,
    action_marks: Vec<String>,
    resources: Vec<String>,
    principal_members: Vec<String>,
    principals: Vec<String>,
    principal_ends: Vec<String>,
    lists_principals: bool,
    condition_keys: Vec<String>,
    versions: Vec<String>,
    mistaken_versions: Vec<String>,
    writes_small: bool,
    form_fields: Vec<String>,
    form_operators: Vec<String>,
    operators: Operators,
    instead: Instead,
    sources: Vec<String>,
    read: String,
}

/// What to write in the place of another vendor's words, as the object of "write".
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instead {
    /// Of an action.
    pub action: String,
    /// Of a resource.
    pub resource: String,
    /// Of what names principals.
    pub principals: String,
    /// Of a condition key that has no counterpart.
    pub condition_key: String,
    /// Of an operator that has no counterpart.
    pub operator: String,
}

impl VendorWords {
    /// The name of the dialect whose words they are.
    pub fn dialect(&self) -> &str {
        &self.dialect
    }

    /// Whose words they are.
    pub fn vendor(&'static self) -> Vendor {
        Vendor(&self.vendor)
    }

    /// The versions, the one to write first.
    pub fn versions(&self) -> &[String] {
        &self.versions
    }

    /// The version to write.
    pub fn version(&self) -> &str {
        self.versions.first().map_or("", String::as_str)
    }

    /// Elements and effects are written in small letters, and in some policies with a capital one at the start.
    pub fn writes_small(&self) -> bool {
        self.writes_small
    }

    /// The operators of conditions.
    pub fn operators(&self) -> &Operators {
        &self.operators
    }

    /// What to write in the place of another vendor's words.
    pub fn instead(&self) -> &Instead {
        &self.instead
    }

    /// Pages that show the words.
    pub fn sources(&self) -> &[String] {
        &self.sources
    }

    /// The day on which they were read.
    pub fn read_on(&self) -> &str {
        &self.read
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    providers: Vec<VendorWords>,
}

/// What words of one sort begin with, in small letters, and the place of the vendor who has them: the longest first, so that
/// the first that fits is right.
type Beginnings = Vec<(String, usize)>;

/// The words of all vendors, in order of their dialects.
#[derive(Debug)]
pub struct Vocabulary {
    vendors: Vec<VendorWords>,
    action_marks: Beginnings,
    resources: Beginnings,
    principals: Beginnings,
    condition_keys: Beginnings,
    form_fields: Beginnings,
}

/// The words of all vendors.
pub fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
        #[expect(clippy::expect_used, reason = "the file is part of the program; a test loads it")]
        Vocabulary::load(include_str!("../../rules/catalog/words.json")).expect("rules/catalog/words.json has its form")
    });
    &VOCABULARY
}

/// The words of a dialect's vendor.
///
/// # Panics
/// When there is no such dialect: this is a fault of the program, which a test finds.
pub fn words_of(dialect: &str) -> &'static VendorWords {
    #[expect(clippy::expect_used, reason = "every dialect has its words; a test asks for them")]
    vocabulary().vendors.iter().find(|vendor| vendor.dialect == dialect).expect("a dialect has words")
}

impl Vocabulary {
    /// Load the words from their file's text.
    ///
    /// # Errors
    /// When the text has another form: this is a fault of the program, which a test finds.
    pub fn load(text: &str) -> Result<Self, serde_json::Error> {
        let File { providers: vendors } = serde_json::from_str(text)?;
        let beginnings = |of: fn(&VendorWords) -> &Vec<String>| -> Beginnings {
            let all = vendors.iter().enumerate().flat_map(|(at, vendor)| of(vendor).iter().map(move |word| (word, at)));
            let mut all: Beginnings = all.map(|(word, at)| (word.to_ascii_lowercase(), at)).collect();
            all.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
            all
        };
        Ok(Self {
            action_marks: beginnings(|vendor| &vendor.action_marks),
            resources: beginnings(|vendor| &vendor.resources),
            principals: beginnings(|vendor| &vendor.principals),
            condition_keys: beginnings(|vendor| &vendor.condition_keys),
            form_fields: beginnings(|vendor| &vendor.form_fields),
            vendors,
        })
    }

    /// The vendors, in order of their dialects' names.
    pub fn vendors(&self) -> &[VendorWords] {
        &self.vendors
    }

    /// The place among [`vendors`](Self::vendors) of the one who alone has a word. O(vendors).
    pub fn place_of(&self, word: Word<'_>) -> Option<usize> {
        match word {
            Word::Action(text) => begun(&self.action_marks, text)
                .or_else(|| text.split_once(':').and_then(|(service, _)| self.place_of(Word::Service(service)))),
            Word::Service(text) => self.position(|vendor| vendor.services.iter().any(|s| s.eq_ignore_ascii_case(text))),
            Word::Resource(text) => begun(&self.resources, text),
            Word::Principal(text) => begun(&self.principals, text).or_else(|| {
                self.position(|vendor| vendor.principal_ends.iter().any(|end| text.ends_with(end.as_str())))
            }),
            Word::PrincipalMember(text) => self.position(|vendor| has(&vendor.principal_members, text)),
            Word::ConditionKey(text) => begun(&self.condition_keys, text),
            Word::Version(text) => self.position(|vendor| has(&vendor.versions, text)),
            Word::MistakenVersion(text) => self.position(|vendor| has(&vendor.mistaken_versions, text)),
            Word::FormField(text) => begun(&self.form_fields, text),
            Word::FormOperator(text) => self.position(|vendor| has(&vendor.form_operators, text)),
        }
    }

    fn position(&self, test: impl Fn(&VendorWords) -> bool) -> Option<usize> {
        self.vendors.iter().position(test)
    }

    /// The vendor who alone has a word, unless it is the one of `dialect`.
    pub fn foreign(&'static self, dialect: &str, word: Word<'_>) -> Option<Vendor> {
        let vendor = self.place_of(word).and_then(|at| self.vendors.get(at))?;
        (vendor.dialect != dialect).then(|| vendor.vendor())
    }

    /// The vendor whose principals are a list, unless it is the one of `dialect`.
    pub fn foreign_list(&'static self, dialect: &str) -> Option<Vendor> {
        let vendor = self.vendors.iter().find(|vendor| vendor.lists_principals)?;
        (vendor.dialect != dialect).then(|| vendor.vendor())
    }

    /// The vendor other than the one of `dialect` who coined an operator, and how it reads it.
    pub fn foreign_operator<'t>(
        &'static self,
        dialect: &str,
        text: &'t str,
    ) -> Option<(&'static VendorWords, Reading<'static, 't>)> {
        let others = self.vendors.iter().filter(|vendor| vendor.dialect != dialect);
        let readings = others.map(|vendor| (vendor, vendor.operators.read(text)));
        let known = readings.filter(|(_, reading)| reading.operator.is_some());
        known.min_by_key(|(vendor, _)| vendor.operators.took_over_from().is_some())
    }
}

/// Whether a list holds a word, letter for letter.
fn has(words: &[String], text: &str) -> bool {
    words.iter().any(|word| word == text)
}

/// The vendor whose words begin as a text does, in any letter case.
fn begun(beginnings: &Beginnings, text: &str) -> Option<usize> {
    let first = text.as_bytes().first()?.to_ascii_lowercase();
    let begins = |word: &str| {
        word.as_bytes().first() == Some(&first)
            && text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    beginnings.iter().find(|(word, _)| begins(word)).map(|(_, at)| *at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whose(word: Word<'_>) -> Option<&'static str> {
        vocabulary().place_of(word).map(|at| vocabulary().vendors[at].dialect())
    }

    #[test]
    fn a_word_is_one_vendors() {
        for (word, dialect) in [
            (Word::Action("name/cos:GetObject"), "cos"),
            (Word::Action("permid/280649"), "cos"),
            (Word::Action("COS:GetObject"), "cos"),
            (Word::Action("OSS:GetObject"), "oss"),
            (Word::Action("s3express:CreateSession"), "s3"),
            (Word::Service("oss"), "oss"),
            (Word::Resource("qcs::cos:*"), "cos"),
            (Word::Resource("arn:aws:s3:::b"), "s3"),
            (Word::Principal("arn:aws:iam::1:root"), "s3"),
            (Word::Principal("arn:sts::1:assumed-role/a/b"), "oss"),
            (Word::Principal("ec2.amazonaws.com"), "s3"),
            (Word::PrincipalMember("RAM"), "oss"),
            (Word::ConditionKey("aws:sourceip"), "s3"),
            (Word::ConditionKey("acs:SourceIp"), "oss"),
            (Word::Version("1"), "oss"),
            (Word::Version("2008-10-17"), "s3"),
            (Word::MistakenVersion("3.0"), "cos"),
            (Word::FormField("X-Amz-Date"), "s3"),
            (Word::FormField("q-ak"), "cos"),
            (Word::FormOperator("not-in"), "oss"),
        ] {
            assert_eq!(whose(word), Some(dialect), "{word:?}");
        }
        for word in [
            Word::Action("*"),
            Word::Action("ec2:RunInstances"),
            Word::Action("cosy:GetObject"),
            Word::Resource("*"),
            Word::Principal("*"),
            Word::PrincipalMember("Service"),
            Word::ConditionKey("ip"),
            Word::Version("3.0"),
            Word::FormField("acl"),
            Word::FormOperator("eq"),
        ] {
            assert_eq!(whose(word), None, "{word:?}");
        }
    }

    #[test]
    fn what_is_foreign_is_somebody_elses() {
        let words = vocabulary();
        assert_eq!(words.foreign("cos", Word::Action("s3:GetObject")), Some(Vendor("AWS")));
        assert_eq!(words.foreign("s3", Word::Action("s3:GetObject")), None);
        assert_eq!(words.foreign_list("s3"), Some(Vendor("Alibaba Cloud")));
        assert_eq!(words.foreign_list("oss"), None);
        let whose =
            |dialect: &str, text: &str| words.foreign_operator(dialect, text).map(|(vendor, _)| vendor.vendor().0);
        assert_eq!(whose("cos", "StringEquals"), Some("AWS"), "the one who coined it");
        assert_eq!(whose("cos", "IpAddressIncludeBorder"), Some("Alibaba Cloud"));
        assert_eq!(whose("oss", "string_equal_if_exist"), Some("Tencent Cloud"));
        assert_eq!(whose("oss", "StringLikeIfExists"), Some("AWS"));
        assert_eq!(whose("s3", "StringAlike"), None);
    }
}
