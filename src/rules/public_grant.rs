//! `public-grant`: a bucket policy by which anyone may do something.

use std::net::IpAddr;

use super::prelude::*;
use crate::catalog::Role;
use crate::policy::{Base, Condition, PrincipalKind, Quantifier, find_hole};

pub(super) static META: RuleMeta = RuleMeta {
    name: "public-grant",
    summary: "a bucket policy lets anyone act on the bucket",
    grades: Grades { session: TIDY, undetermined: TIDY, identity: TIDY, bucket: Grade::default(Severity::High) },
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/public-grant.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    if cx.kind() != PolicyKind::Bucket {
        return;
    }
    let catalog = cx.catalog();
    for reading in cx.allows() {
        let Some(principals) = &reading.statement.principals else { continue };
        // Whoever is not among a few is anyone.
        let open = match principals.open_to_all() {
            Some(open) => (open.span, open.kind),
            None if principals.negated => (principals.span, PrincipalKind::Anyone),
            None => continue,
        };
        let granted = reading.fitting(reading.actions(), catalog);
        if (granted.is_empty() && !reading.has_unknown) || cx.is_taken_back(reading) {
            continue;
        }
        let changing = granted & catalog.changing();
        let gentle = changing.is_empty() && !reading.has_unknown;
        let pin = reading.statement.conditions.iter().find(|condition| is_pin(cx, condition));
        let mut claim = Claim::at(open.0).of(reading.statement).lower_if(gentle);
        if pin.is_some() {
            claim = claim.grade(LOOK);
        }
        let Some(draft) = out.claim(claim) else { continue };
        let shown = if changing.is_empty() { granted } else { changing };
        let what = if reading.covers_service {
            "every action".to_owned()
        } else if shown.is_empty() {
            "an action".to_owned()
        } else {
            cx.names(shown, 3)
        };
        let who = match open.1 {
            PrincipalKind::Anonymous => "anyone without a signature",
            _ => "anyone",
        };
        draft
            .message(format!("{what} allowed to {who}"))
            .caption(if pin.is_some() { "anyone whom the condition lets in" } else { "the whole internet" })
            .help(format!("name the accounts that need it, such as `{}`", cx.dialect().words().principal))
            .witness(reading.resources().find_map(|(resource, scoped)| cx.witness(shown, resource, scoped.scope)));
    }
}

/// Whether a condition lets in only those whom it names: callers, networks or addresses, each of its values for a few.
fn is_pin(cx: &Analysis<'_, '_>, condition: &Condition<'_>) -> bool {
    let operator = &condition.operator;
    let is_positive = !operator.negated && !operator.if_exists && operator.quantifier != Quantifier::All;
    // A variable is whatever the request says.
    let is_fixed = |text: &str| {
        let hole = find_hole(text, 0).and_then(|(hole, _)| text.get(hole));
        hole.is_none_or(|mark| cx.dialect().filled_by(mark).is_none())
    };
    let names = |is_named: fn(&str) -> bool| {
        let mut values = condition.values.iter().map(|value| value.text.trim());
        !condition.values.is_empty() && values.all(|text| is_fixed(text) && is_named(text))
    };
    let key = cx.catalog().key(&condition.key).filter(|_| is_positive);
    key.is_some_and(|key| match operator.base {
        Base::Ip => key.role == Some(Role::SourceIp) && names(is_small_range),
        base if base.is_equality_of_text() => key.names_one && names(|_| true),
        Base::StringLike => key.names_one && names(names_account),
        _ => false,
    })
}

/// Whether a range of addresses is no broader than one owner's, as S3 draws the line
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>).
fn is_small_range(text: &str) -> bool {
    let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let least = if address.is_ipv4() { 8 } else { 32 };
    length.is_none_or(|length| length.parse::<u8>().is_ok_and(|length| length >= least))
}

/// Whether a text with wildcards names an account, an organization or a network before them.
fn names_account(text: &str) -> bool {
    let Some(wild) = text.find(['*', '?']) else { return true };
    let (before, behind) = text.split_at(wild);
    let has_number = before.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() >= 10);
    (has_number || before.contains('/')) && !behind.contains(':')
}
