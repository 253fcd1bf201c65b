//! Which account a resource lies in.

use std::borrow::Cow;

use super::super::Account;
use crate::policy::Place;

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

/// Whether a place names one account and the bucket of another, or a bucket's APPID behind `uin/`: no request has such a resource.
pub(super) fn is_contradicted(place: &Place<'_>) -> bool {
    let is_told = place.slash().is_some() || place.path.is_literal();
    let bucket = place.bucket();
    let is_plain = !bucket.contains(['*', '<', '{', '$', '[', '%', '.']);
    let Some((_, suffix)) = bucket.rsplit_once('-').filter(|(_, suffix)| is_told && is_plain && is_number(suffix))
    else {
        return false;
    };
    let account = place.account.text();
    let of = |mark: &str| account.strip_prefix(mark).filter(|id| is_number(id));
    of("uid/").is_some_and(|id| id != suffix) || of("uin/").is_some_and(|id| id == suffix)
}

/// The account that has a bucket of this name, if the name tells.
pub(super) fn of_bucket(name: &str) -> Option<String> {
    name.rsplit_once('-').filter(|(_, suffix)| is_number(suffix)).map(|(_, suffix)| format!("uid/{suffix}"))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
