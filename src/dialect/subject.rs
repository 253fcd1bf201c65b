//! What the words of an object speak of that may be a statement: storage, another service, or something of an application.

use std::borrow::Cow;

use super::all;
use crate::catalog::{Word, nearest, vocabulary};
use crate::syntax::{Kind, Value};

/// What a word speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// A service that is judged here.
    Known,
    /// Everything.
    All,
    /// Another service.
    Other,
    /// Nothing that a provider has: a word such as applications call their own actions and resources.
    Application,
    /// It cannot be told.
    Open,
}

impl Subject {
    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// What the words of an element speak of.
#[derive(Debug, Default)]
pub(super) struct Subjects {
    /// The element is there, whatever it holds.
    pub(super) is_there: bool,
    /// It is a list, or stands more than once.
    pub(super) is_list: bool,
    /// One of its words holds a wildcard.
    pub(super) is_wild: bool,
    /// A bit for each [`Subject`].
    seen: u8,
}

impl Subjects {
    /// Add the strings of a value, and those of the value that a plan wraps in an object.
    pub(super) fn add(&mut self, value: Value<'_, '_>, read: fn(&str) -> Subject) {
        self.is_list |= self.is_there || constant(value).kind() == Kind::Array;
        self.is_there |= matches!(value.kind(), Kind::String | Kind::Array | Kind::Object);
        for text in texts(value) {
            self.is_wild |= text.contains('*');
            self.seen |= subject_of(&text, read).bit();
        }
    }

    pub(super) fn have(&self, subject: Subject) -> bool {
        self.seen & subject.bit() != 0
    }

    /// They are many, or may stand for many.
    pub(super) const fn are_broad(&self) -> bool {
        self.is_list || self.is_wild
    }

    /// There are words, and all of them speak of one of these.
    pub(super) fn are_only(&self, subjects: &[Subject]) -> bool {
        let all = subjects.iter().fold(0, |all, subject| all | subject.bit());
        self.seen != 0 && self.seen & !all == 0
    }

    /// These are actions of an application, on such resources as it has itself.
    fn are_of_application(&self, resources: &Self) -> bool {
        self.are_only(&[Subject::Application]) && !resources.have(Subject::Known)
    }
}

/// What each string of an element speaks of, in order.
pub(super) fn subjects<'t>(value: Value<'t, '_>, read: fn(&str) -> Subject) -> impl Iterator<Item = Subject> {
    texts(value).map(move |text| subject_of(&text, read))
}

fn texts<'s>(value: Value<'_, 's>) -> impl Iterator<Item = Cow<'s, str>> {
    let value = constant(value);
    let alone = (value.kind() == Kind::String).then_some(value);
    value.elements().chain(alone).filter_map(Value::string)
}

fn subject_of(text: &str, read: fn(&str) -> Subject) -> Subject {
    if text.trim() == "*" { Subject::All } else { read(text.trim()) }
}

/// The value that a plan of Terraform wraps in an object.
pub(super) fn constant<'t, 's>(value: Value<'t, 's>) -> Value<'t, 's> {
    let mut members = value.members();
    members.find(|member| member.name() == "constant_value").map_or(value, |member| member.value)
}

/// Whether these actions and resources are none of a provider's policy: all of another service, or of an application. Those
/// that are left out (`is_negated`) leave everything else, and all actions are some of a provider's.
pub(super) fn are_of_others(actions: &Subjects, resources: &Subjects, is_negated: bool) -> bool {
    use Subject::{All, Application, Other};
    let on_others = || {
        actions.are_only(&[All, Application, Other]) && resources.are_only(&[Other])
            || actions.are_only(&[Application, Other]) && resources.are_only(&[Application, Other])
    };
    !is_negated && (actions.are_only(&[Other]) || actions.are_of_application(resources) || on_others())
}

/// What an action speaks of; one without a service is a provider's if it is nearly one that a provider has.
pub(super) fn action(text: &str) -> Subject {
    let is_of_provider = |word| vocabulary().place_of(word).is_some();
    match text.strip_prefix("name/").unwrap_or(text).split_once(':') {
        Some((service, _)) if is_of_provider(Word::Service(service)) => Subject::Known,
        Some((service, _)) if service.contains('*') => Subject::All,
        Some((service, _)) if service.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') => {
            Subject::Other
        }
        None if is_of_provider(Word::Action(text)) => Subject::Known,
        None if is_plain(text) && is_nearly_known(text) => Subject::Known,
        None if is_plain(text) => Subject::Application,
        Some(_) | None => Subject::Open,
    }
}

/// What a resource speaks of.
pub(super) fn resource(text: &str) -> Subject {
    let place_of = |word| vocabulary().place_of(word);
    if place_of(Word::Resource(text)).is_none() {
        return if is_plain(text) && !is_numbered(text) { Subject::Application } else { Subject::Open };
    }
    // The service is the second part that is not empty; in AWS's resources the name of a partition stands before it.
    let service = text.split(':').skip(1).find(|part| !part.is_empty() && !part.starts_with("aws"));
    match service {
        Some(service) if is_plain(service) && place_of(Word::Service(service)).is_none() => Subject::Other,
        _ => Subject::Known,
    }
}

/// Whether some provider has an action of about this name.
fn is_nearly_known(text: &str) -> bool {
    all().iter().any(|dialect| {
        let actions = dialect.catalog().actions().iter().map(|action| action.name.as_str());
        nearest(text, actions, 2).is_some()
    })
}

/// Whether a word ends in a number behind a dash, as buckets do where their names hold the account.
fn is_numbered(text: &str) -> bool {
    let number = text.rsplit_once('-').map_or("", |(_, number)| number);
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is a word in small letters, with nothing that is filled in later and nothing that stands for more.
fn is_plain(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.');
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.bytes().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_speak_of_what_they_name() {
        for (text, expected) in [
            ("arn:aws:s3:::b", Subject::Known),
            ("arn:*:s3:::b", Subject::Known),
            ("arn:aws:ec2:*:*:instance/x", Subject::Other),
            ("arn:aws-cn:ec2:*:*:instance/x", Subject::Other),
            ("acs:oss:*:*:b/*", Subject::Known),
            ("qcs::cos:::b-1250000000/*", Subject::Known),
            ("qcs::cvm:::instance/x", Subject::Other),
            ("media", Subject::Application),
            ("media-2", Subject::Open),
            ("media-1250000000", Subject::Open),
            ("media/*", Subject::Open),
            ("${bucket}", Subject::Open),
        ] {
            assert_eq!(resource(text), expected, "{text}");
        }
    }

    #[test]
    fn actions_speak_of_what_they_name() {
        for (text, expected) in [
            ("s3:PutObject", Subject::Known),
            ("name/cos:PutObject", Subject::Known),
            ("putobjects", Subject::Known),
            ("ec2:*", Subject::Other),
            ("*:*", Subject::All),
            ("read", Subject::Application),
            ("Read", Subject::Open),
        ] {
            assert_eq!(action(text), expected, "{text}");
        }
    }
}
