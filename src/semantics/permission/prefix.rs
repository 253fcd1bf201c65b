//! Conditions on the prefix that a listing asks for, as a part of its resource.
//!
//! For a request that lists, the key of role `list-prefix` is never open: its value is the prefix of the resource, encoded
//! where the provider compares encoded text, and it is absent when that prefix is empty.

use smallvec::SmallVec;

use super::area::{Area, Parts, Steps};
use super::encode::steps;
use super::space::Marks;
use crate::catalog::{Catalog, Role};
use crate::policy::{AbsentKeys, Anchor, Base, Case, Condition, Pattern, Quantifier};
use crate::semantics::glob::{Glob, Letter, Step};
use crate::semantics::search::holds;
use crate::text::Span;

/// Whether a condition is read as a part of the resource of a listing.
pub(super) fn is_prefix(condition: &Condition<'_>, catalog: &Catalog) -> bool {
    let base = condition.operator.base;
    catalog.role_of(&condition.key) == Some(Role::ListPrefix)
        && condition.operator.quantifier == Quantifier::One
        && (matches!(base, Base::StringEqual | Base::StringLike) || is_null(condition).is_some())
}

/// What a test for absence asks: `Some(true)` that the key be absent.
fn is_null(condition: &Condition<'_>) -> Option<bool> {
    match condition.values.as_slice() {
        [only] if condition.operator.base == Base::Null => match &*only.text {
            "true" => Some(!condition.operator.negated),
            "false" => Some(condition.operator.negated),
            _ => None,
        },
        _ => None,
    }
}

/// The first value of a condition that [`is_prefix`] of which nothing tells which prefixes it means: providers compare the
/// encoded text, and an escape that is no upper-case byte of a letter may or may not be one to them. Whether a parameter that is
/// empty is absent to them is not said either.
pub(super) fn unreadable<'c>(condition: &'c Condition<'_>, catalog: &Catalog) -> Option<&'c str> {
    let is_encoded = catalog.key(&condition.key).is_some_and(|key| key.encoded);
    let texts = condition.values.iter().map(|value| &*value.text);
    texts
        .filter(|_| is_encoded && is_null(condition).is_none())
        .find(|text| text.is_empty() || !has_whole_escapes(text))
}

/// Whether each `%` of a text begins an upper-case escape, and the escapes in a row are letters.
fn has_whole_escapes(text: &str) -> bool {
    let mut bytes: Vec<u8> = Vec::new();
    let mut rest = text.bytes();
    loop {
        let next = rest.next();
        if next != Some(b'%') {
            if std::str::from_utf8(&bytes).is_err() {
                return false;
            }
            bytes.clear();
            if next.is_none() {
                return true;
            }
            continue;
        }
        let mut digit = || rest.next().filter(|b| !b.is_ascii_lowercase()).and_then(|b| char::from(b).to_digit(16));
        let (Some(high), Some(low)) = (digit(), digit()) else { return false };
        bytes.push((high * 16 + low) as u8);
    }
}

/// What is left of areas under a condition that [`is_prefix`].
pub(super) fn restrict(
    areas: Vec<(Area, Parts)>,
    condition: &Condition<'_>,
    catalog: &Catalog,
    absent_keys: AbsentKeys,
    any_one: bool,
    marks: &mut Marks<'_>,
) -> Vec<(Area, Parts)> {
    let operator = &condition.operator;
    let without = |areas: Vec<(Area, Parts)>, keys: Vec<Steps>| -> Vec<(Area, Parts)> {
        let less = |(mut area, parts): (Area, Parts)| {
            let out = keys.iter().map(|key| Parts { key: key.clone(), ..Parts::everything() }.glob());
            area.outside.extend(out);
            (area, parts)
        };
        areas.into_iter().map(less).collect()
    };
    if let Some(asks_absent) = is_null(condition) {
        return if asks_absent { within(&areas, &[Steps::new()]) } else { without(areas, vec![Steps::new()]) };
    }
    let is_encoded = catalog.key(&condition.key).is_some_and(|key| key.encoded);
    let is_like = operator.base == Base::StringLike;
    let values = condition.values.iter();
    let mut keys: Vec<Steps> =
        values.filter_map(|value| key_of(&value.text, is_like, is_encoded, any_one, marks)).collect();
    if !operator.negated {
        // The text of a value that is empty is never that of a key that is there.
        keys.retain(|key| !key.is_empty());
        let mut kept = within(&areas, &keys);
        // A wildcard that fits the empty text does not make an absent key pass.
        for (area, parts) in &mut kept {
            if parts.key.iter().all(|step| *step == Step::Run) {
                area.outside.push(Parts { key: Steps::new(), ..Parts::everything() }.glob());
            }
        }
        if operator.if_exists {
            kept.extend(within(&areas, &[Steps::new()]));
        }
        return kept;
    }
    let passes_absent = operator.if_exists || absent_keys == AbsentKeys::PassNegated;
    keys.retain(|key| !key.is_empty());
    if !passes_absent {
        keys.push(Steps::new());
        return without(areas, keys);
    }
    // What fits the empty text must not take the absent key away.
    let takes_empty = |key: &Steps| key.iter().all(|step| *step == Step::Run);
    if keys.iter().any(takes_empty) {
        return within(&areas, &[Steps::new()]);
    }
    without(areas, keys)
}

/// The areas, each narrowed to keys of one of these patterns.
fn within(areas: &[(Area, Parts)], keys: &[Steps]) -> Vec<(Area, Parts)> {
    let mut found = Vec::new();
    for (area, parts) in areas {
        for key in keys {
            let own = Glob::new(parts.key.iter().copied());
            let other = Glob::new(key.iter().copied());
            let is_narrower = holds(&other, &own);
            let narrowed = if is_narrower { parts.clone() } else { Parts { key: key.clone(), ..parts.clone() } };
            let mut inside: SmallVec<[Glob; 1]> = std::iter::once(narrowed.glob()).collect();
            if !is_narrower && !holds(&own, &other) {
                inside.push(parts.glob());
            }
            // Globs of an earlier condition stay, as far as they say more.
            inside.extend(area.inside.iter().skip(1).cloned());
            let area = Area { resource: area.resource, inside, outside: area.outside.clone() };
            found.push((area, narrowed));
        }
    }
    found
}

/// The keys whose encoded text fits a value; `None` when there are none.
fn key_of(value: &str, is_like: bool, is_encoded: bool, any_one: bool, marks: &mut Marks<'_>) -> Option<Steps> {
    let pattern = Pattern::new(value.to_owned(), any_one, Case::Sensitive, Anchor::loose(Span::default()));
    let all = steps(&pattern, marks);
    let as_text = |step: Step| match step {
        Step::Run if !is_like => Step::Letter(Letter::of('*')),
        Step::One if !is_like => Step::Letter(Letter::of('?')),
        other => other,
    };
    let all: Steps = all.into_iter().map(as_text).collect();
    if is_encoded { decoded(&all) } else { Some(all) }
}

/// The steps whose percent-encoded form these are; `None` when no text is encoded so.
fn decoded(steps: &[Step]) -> Option<Steps> {
    let mut out = Steps::new();
    let mut bytes: Vec<u8> = Vec::new();
    let mut rest = steps.iter();
    while let Some(step) = rest.next() {
        let Step::Letter(letter) = step else {
            flush(&mut bytes, &mut out)?;
            out.push(*step);
            continue;
        };
        match letter.as_char() {
            Some('%') => {
                let mut digit = || match rest.next() {
                    Some(Step::Letter(letter)) => letter.as_char().and_then(|c| c.to_digit(16)),
                    _ => None,
                };
                let byte = digit()? * 16 + digit()?;
                bytes.push(u8::try_from(byte).ok()?);
            }
            Some(c) => {
                flush(&mut bytes, &mut out)?;
                if !c.is_ascii() || c.is_ascii_control() || " \"#&=?+:@,;|\\/*".contains(c) {
                    return None;
                }
                out.push(*step);
            }
            None => {
                flush(&mut bytes, &mut out)?;
                out.push(*step);
            }
        }
    }
    flush(&mut bytes, &mut out)?;
    Some(out)
}

/// Append the text of decoded bytes; `None` when they are none.
fn flush(bytes: &mut Vec<u8>, out: &mut Steps) -> Option<()> {
    let text = String::from_utf8(std::mem::take(bytes)).ok()?;
    out.extend(text.chars().map(Letter::of).map(Step::Letter));
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Option<Glob> {
        decoded(Glob::parse(value, false).steps()).map(Glob::new)
    }

    #[test]
    fn an_escape_is_upper_case_and_whole() {
        for (text, is_whole) in [
            ("app%2Fa*", true),
            ("app%2fa*", false),
            ("app%2*", false),
            ("%E7%94%A8", true),
            ("%E7*", false),
            ("%", false),
        ] {
            assert_eq!(has_whole_escapes(text), is_whole, "{text}");
        }
    }

    #[test]
    fn a_value_is_the_encoded_text_of_a_prefix() {
        assert_eq!(read("app%2Ffiles%2F*"), Some(Glob::parse("app/files/*", false)));
        assert_eq!(read("%E7%94%A8*"), Some(Glob::parse("\u{7528}*", false)));
        assert_eq!(read("app/"), None, "no parameter is encoded so");
        assert_eq!(read("%4"), None);
        assert_eq!(read("%FF"), None);
    }
}
