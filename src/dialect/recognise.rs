//! Whose language a policy is in, told by its words.
//!
//! Actions and resources name their provider, so most words decide. Where they are even the letter case of the elements
//! does, since one provider writes them small; where there are none the version does, then principals and condition keys,
//! then the letter case. What tells nothing is left to the user.

use super::cos::Cos;
use super::grammar::ElementKind;
use super::{Dialect, Form, all, post};
use crate::catalog::{Word, vocabulary};
use crate::syntax::{Kind, Tree, Value};

/// The most words of a policy that are looked at.
const MOST_WORDS: usize = 1024;

/// What a dialect claims of a policy.
#[derive(Debug, Clone, Copy, Default)]
struct Claims {
    /// Actions and resources.
    words: usize,
    resources: usize,
    /// Principals and condition keys.
    others: usize,
    version: bool,
    small: bool,
}

/// The dialect that the first action or resource tells, which is mostly the only one that there is.
pub(super) fn guess_of(value: Value<'_, '_>, form: Form) -> Option<&'static dyn Dialect> {
    if !matches!(form, Form::Policy | Form::Statement) {
        return None;
    }
    let told = |word: Word<'_>| vocabulary().place_of(word).and_then(|at| all().get(at).copied());
    if let Some(dialect) = first_word(value, form).and_then(told) {
        return Some(dialect);
    }
    let mut guess = None;
    visit(value, 0, &mut false, &mut |word| {
        if matches!(word, Word::Action(_) | Word::Resource(_)) {
            guess = told(word);
        }
        guess.is_none()
    });
    guess
}

/// The first action or resource of the first statement, where that one begins as statements usually do.
fn first_word<'s>(value: Value<'_, 's>, form: Form) -> Option<Word<'s>> {
    let first = match form {
        Form::Statement => value,
        _ => value.members().find(|member| member.is_named_in_any_case("statement"))?.value.elements().next()?,
    };
    let mut named = first.members().take(3);
    let (is_action, member) = named.find_map(|member| {
        let name = member.key.plain_string()?;
        let is_action = name.eq_ignore_ascii_case("action");
        (is_action || name.eq_ignore_ascii_case("resource")).then_some((is_action, member))
    })?;
    let value = member.value.elements().next().unwrap_or(member.value);
    let text = value.plain_string()?;
    Some(if is_action { Word::Action(text) } else { Word::Resource(text) })
}

/// The dialect of a policy or statement, if its words tell. O(words).
pub(super) fn dialect_of(value: Value<'_, '_>, form: Form) -> Option<&'static dyn Dialect> {
    if form == Form::Settings {
        return Some(&Cos);
    }
    let mut claims = vec![Claims::default(); all().len()];
    let mut left = MOST_WORDS;
    let vocabulary = vocabulary();
    let mut see = |word: Word<'_>| {
        let place = vocabulary.place_of(word).or_else(|| match word {
            Word::Version(text) => vocabulary.place_of(Word::MistakenVersion(text)),
            _ => None,
        });
        if let Some(claims) = place.and_then(|at| claims.get_mut(at)) {
            match word {
                Word::Action(_) | Word::Service(_) | Word::FormField(_) => claims.words += 1,
                Word::Resource(_) => (claims.words, claims.resources) = (claims.words + 1, claims.resources + 1),
                Word::Version(_) | Word::MistakenVersion(_) => claims.version = true,
                Word::Principal(_) | Word::PrincipalMember(_) | Word::ConditionKey(_) | Word::FormOperator(_) => {
                    claims.others += 1;
                }
            }
        }
        left = left.saturating_sub(1);
        left > 0
    };
    let mut has_small = false;
    if form == Form::Post {
        post::words(value, &mut |text, is_field| {
            see(if is_field { Word::FormField(text) } else { Word::FormOperator(text) })
        });
    } else {
        visit(value, 0, &mut has_small, &mut see);
    }
    for (vendor, claims) in vocabulary.vendors().iter().zip(&mut claims) {
        claims.small = has_small && vendor.writes_small();
    }
    let most = claims.iter().map(|claims| claims.words).max().unwrap_or(0);
    let mut able: Vec<(&'static dyn Dialect, Claims)> = all().iter().copied().zip(claims).collect();
    able.retain(|(_, claims)| claims.words == most);
    let version = |claims: &Claims| usize::from(claims.version);
    let small = |claims: &Claims| usize::from(claims.small);
    let others = |claims: &Claims| claims.others;
    let resources = |claims: &Claims| claims.resources;
    let tests: [&dyn Fn(&Claims) -> usize; 4] =
        if most > 0 { [&small, &version, &resources, &others] } else { [&version, &others, &small, &resources] };
    for test in tests {
        if able.len() > 1 {
            let best = able.iter().map(|(_, claims)| test(claims)).max().unwrap_or(0);
            able.retain(|(_, claims)| test(claims) == best);
        }
    }
    match able.as_slice() {
        [(only, _)] => Some(*only),
        [(first, _), ..] if most > 0 => Some(*first),
        _ => None,
    }
}

/// Whether a text that lost something begins like a policy: a provider's version, and as the last key the beginning of
/// `Statement`.
pub fn is_cut_policy(tree: &Tree<'_>) -> bool {
    let is_version =
        |value: Value<'_, '_>| value.string().is_some_and(|text| vocabulary().place_of(Word::Version(&text)).is_some());
    let begins = |object: Value<'_, '_>| {
        let has_version =
            object.members().any(|member| member.name().eq_ignore_ascii_case("version") && is_version(member.value));
        let last = object.members().last().filter(|last| last.value.kind() == Kind::Missing);
        let is_cut = |name: &str| "statement".get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
        has_version && last.is_some_and(|last| is_cut(last.name().trim_matches('"')))
    };
    tree.faults().iter().any(|fault| fault.kind.loses_text()) && tree.roots().any(begins)
}

/// Show the words of a policy or statement until `keep_going` has seen enough; tells whether it has not. `has_small` becomes
/// true where elements are written in small letters.
fn visit(value: Value<'_, '_>, depth: u32, has_small: &mut bool, keep_going: &mut dyn FnMut(Word<'_>) -> bool) -> bool {
    for member in value.members() {
        let name = member.name();
        let Some(element) = element_of(&name) else { continue };
        *has_small |= matches!(
            element,
            ElementKind::Effect | ElementKind::Action | ElementKind::Resource | ElementKind::Statement
        ) && name.bytes().all(|byte| byte.is_ascii_lowercase());
        let goes_on = match element {
            ElementKind::Statement if depth == 0 => {
                let alone = Some(member.value).filter(|value| value.kind() == Kind::Object);
                let mut statements = member.value.elements().chain(alone);
                statements.all(|statement| visit(statement, 1, has_small, keep_going))
            }
            ElementKind::Effect
            | ElementKind::Statement
            | ElementKind::Id
            | ElementKind::Sid
            | ElementKind::Expiration
            | ElementKind::Fields => true,
            ElementKind::Version => texts(member.value, &mut |text| keep_going(Word::Version(text))),
            ElementKind::Action | ElementKind::NotAction => {
                texts(member.value, &mut |text| keep_going(Word::Action(text.trim_start())))
            }
            ElementKind::Resource | ElementKind::NotResource => {
                texts(member.value, &mut |text| keep_going(Word::Resource(text.trim_start())))
            }
            ElementKind::Principal | ElementKind::NotPrincipal => {
                texts(member.value, &mut |text| keep_going(Word::Principal(text)))
                    && member.value.members().all(|inner| {
                        keep_going(Word::PrincipalMember(&inner.name()))
                            && texts(inner.value, &mut |text| keep_going(Word::Principal(text)))
                    })
            }
            ElementKind::Condition => {
                let mut blocks = member.value.members();
                blocks.all(|block| {
                    let mut tests = block.value.members();
                    tests.all(|test| keep_going(Word::ConditionKey(&test.name())))
                })
            }
        };
        if !goes_on {
            return false;
        }
    }
    true
}

/// What a key names, in any letter case: an element that has words, or one whose letter case tells.
fn element_of(name: &str) -> Option<ElementKind> {
    let is = |word: &str| name.eq_ignore_ascii_case(word);
    match name.len() {
        6 if is("effect") => Some(ElementKind::Effect),
        6 if is("action") => Some(ElementKind::Action),
        7 if is("version") => Some(ElementKind::Version),
        8 if is("resource") => Some(ElementKind::Resource),
        9 if is("statement") => Some(ElementKind::Statement),
        9 if is("condition") => Some(ElementKind::Condition),
        9 if is("principal") => Some(ElementKind::Principal),
        9 if is("notaction") => Some(ElementKind::NotAction),
        11 if is("notresource") => Some(ElementKind::NotResource),
        12 if is("notprincipal") => Some(ElementKind::NotPrincipal),
        _ => None,
    }
}

/// Show a string, or the strings of a list, until `keep_going` has seen enough; tells whether it has not.
fn texts(value: Value<'_, '_>, keep_going: &mut dyn FnMut(&str) -> bool) -> bool {
    let mut all = value.elements().chain((value.kind() == Kind::String).then_some(value));
    all.all(|value| value.string().is_none_or(|text| keep_going(&text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::form::form_of;
    use crate::syntax::parse;

    fn of(text: &str) -> Option<&'static str> {
        let tree = parse(text);
        let value = tree.roots().next().unwrap();
        dialect_of(value, Form::Policy).map(Dialect::name)
    }

    #[test]
    fn the_first_word_tells_what_all_do_where_none_is_foreign() {
        let mut seen = 0;
        let mut folders = vec![std::path::PathBuf::from("fixtures")];
        while let Some(folder) = folders.pop() {
            for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let Ok(text) = std::fs::read_to_string(&path) else { continue };
                let tree = parse(&text);
                for value in (0..tree.nodes().len() as u32).filter_map(|index| tree.value(index)) {
                    let Some(form) = form_of(value).filter(|form| matches!(form, Form::Policy | Form::Statement))
                    else {
                        continue;
                    };
                    let mut places = std::collections::BTreeSet::new();
                    visit(value, 0, &mut false, &mut |word| {
                        places.extend(vocabulary().place_of(word));
                        true
                    });
                    let Some(guess) = guess_of(value, form).filter(|_| places.len() == 1) else { continue };
                    assert_eq!(dialect_of(value, form).map(Dialect::name), Some(guess.name()), "{}", path.display());
                    seen += 1;
                }
            }
        }
        assert!(seen > 100, "{seen}");
    }

    #[test]
    fn words_tell_first() {
        let policy = |version: &str, action: &str, resource: &str| {
            of(&format!(
                r#"{{"Version":"{version}","Statement":[{{"Effect":"Allow","Action":[{action}],"Resource":[{resource}]}}]}}"#
            ))
        };
        assert_eq!(policy("1", r#""oss:GetObject""#, r#""acs:oss:*:*:b/*""#), Some("oss"));
        assert_eq!(policy("2012-10-17", r#""s3:GetObject""#, r#""arn:aws:s3:::b/*""#), Some("s3"));
        assert_eq!(policy("2.0", r#""s3:GetObject""#, r#""arn:aws-cn:s3:::b/*""#), Some("s3"));
        assert_eq!(policy("2012-10-17", r#""cos:GetObject""#, r#""qcs::cos:::b-1/*""#), Some("cos"));
        assert_eq!(policy("1", r#""oss:GetObject","s3:GetObject","OSS:x""#, r#""*""#), Some("oss"));
        // Even words: the version has the say, and then the resource.
        assert_eq!(policy("1", r#""s3:GetObject""#, r#""acs:oss:*:*:b/*""#), Some("oss"));
        assert_eq!(policy("7", r#""oss:GetObject""#, r#""arn:aws:s3:::b/*""#), Some("s3"));
    }

    #[test]
    fn then_the_version_then_what_is_left() {
        let policy = |version: &str, more: &str| {
            of(&format!(r#"{{{version}"Statement":[{{"Effect":"Allow","Action":"*","Resource":"*"{more}}}]}}"#))
        };
        assert_eq!(policy(r#""Version":"1","#, ""), Some("oss"));
        assert_eq!(policy(r#""Version":"2008-10-17","#, ""), Some("s3"));
        assert_eq!(policy(r#""Version":"2.0","#, ""), Some("cos"));
        assert_eq!(policy("", r#","Condition":{"Bool":{"aws:SecureTransport":"true"}}"#), Some("s3"));
        assert_eq!(policy("", r#","Principal":{"RAM":["acs:ram::1:root"]}"#), Some("oss"));
        assert_eq!(policy("", ""), None, "nothing tells");
        assert_eq!(policy(r#""Version":"7","#, ""), None, "nobody has this version");
        assert_eq!(of(r#"{"statement":[{"effect":"allow","action":"*","resource":"*"}]}"#), Some("cos"));
        assert_eq!(
            of(r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:*","Resource":"*"}]}"#),
            Some("s3")
        );
    }

    #[test]
    fn small_letters_break_a_tie() {
        let tied = r#"{"version":"1","statement":[{"effect":"allow","action":"oss:GetObject","resource":"qcs::cos:::b-1/a"}]}"#;
        assert_eq!(of(tied), Some("cos"));
    }
}
