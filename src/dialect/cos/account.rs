//! Which account a resource lies in.

use std::borrow::Cow;

use super::super::Account;
use crate::policy::{Place, TokenKind};

/// The account of a place. A bucket's name ends with the APPID of the account that has it
/// (<https://www.tencentcloud.com/document/product/436/30580>), so a name that is known to its end tells the account, also
/// where the account is left open or told by its other number.
pub(super) fn account<'p>(place: &'p Place<'_>) -> Account<'p> {
    let account = place.account.text();
    if account.strip_prefix("uid/").is_some_and(is_number) {
        return Account::Named(Cow::Borrowed(account));
    }
    let is_left_open = account.is_empty() || place.account.is_wild() || account.ends_with('/');
    let is_other_number = account.strip_prefix("uin/").is_some_and(is_number);
    let is_told = place.slash().is_some() || place.path.is_literal();
    let suffix = place.bucket().rsplit_once('-').map_or("", |(_, suffix)| suffix);
    if (is_left_open || is_other_number) && is_told && is_number(suffix) {
        return Account::Named(Cow::Owned(format!("uid/{suffix}")));
    }
    match account {
        "" => Account::Own,
        "*" | "uid/" | "uid/*" | "uin/" | "uin/*" => Account::Any,
        _ if is_other_number => Account::Alias(Cow::Borrowed(account)),
        _ => Account::AsWritten,
    }
}

/// What a place says of its account against what its bucket's name says of it: no request has such a resource.
pub(super) enum Contradiction<'p> {
    /// The bucket's APPID stands behind `uin/`.
    BehindUin { appid: &'p str },
    /// The bucket belongs to another account.
    Other { account: &'p str, appid: &'p str },
}

/// Where account and bucket of a place contradict each other, if the bucket's name is written out and tells its account.
pub(super) fn contradiction<'p>(place: &'p Place<'_>) -> Option<Contradiction<'p>> {
    let bucket = place.bucket();
    // Nearly all agree, which is told without a look at what they are.
    let own = place.account.text().strip_prefix("uid/").and_then(|id| bucket.strip_suffix(id));
    if own.is_some_and(|name| name.ends_with('-')) {
        return None;
    }
    let (kind, account) = place.account.text().split_once('/').filter(|(_, id)| is_number(id))?;
    let (_, appid) = bucket.rsplit_once('-').filter(|(_, appid)| is_number(appid))?;
    if !is_written_out(place) || bucket.contains('.') {
        return None;
    }
    match kind {
        "uid" if account != appid => Some(Contradiction::Other { account, appid }),
        "uin" if account == appid => Some(Contradiction::BehindUin { appid }),
        _ => None,
    }
}

/// Whether no wildcard and no hole stands in the bucket's name.
pub(super) fn is_written_out(place: &Place<'_>) -> bool {
    let end = place.bucket().len() as u32;
    place.path.tokens().iter().all(|token| token.start >= end || token.kind == TokenKind::Literal)
}

/// The account that has a bucket of this name, if the name tells.
pub(super) fn of_bucket(name: &str) -> Option<String> {
    name.rsplit_once('-').filter(|(_, suffix)| is_number(suffix)).map(|(_, suffix)| format!("uid/{suffix}"))
}

pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
