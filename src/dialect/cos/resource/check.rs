//! What is wrong with a resource that can be read: its region, account and bucket, and variables that nobody fills in.

use std::borrow::Cow;

use crate::catalog::nearest;
use crate::dialect::cos::account::{Contradiction, contradiction, is_number, is_written_out};
use crate::dialect::lowering::Lowering;
use crate::dialect::parts::Part;
use crate::policy::{HoleOrigin, Pattern, Place, ProblemKind, find_hole};
use crate::syntax::Value;

/// Variables of CAM that COS does not fill in within a resource
/// (<https://www.tencentcloud.com/document/product/598/10607>).
const VARIABLES: [&str; 4] = ["${uin}", "${owner_uin}", "${app_id}", "${qcs:user}"];

/// What other providers' variables begin with.
const FOREIGN: [&str; 5] = ["${aws:", "${s3:", "${acs:", "${oss:", "${ram:"];

pub(super) fn region<'s>(cx: &mut Lowering<'_, 's>, region: &Pattern<'s>) {
    let text = region.text();
    if text.is_empty() || !region.is_literal() || super::super::CATALOG.has_region(text) {
        return;
    }
    let suggestion = nearest(text, super::super::CATALOG.regions().iter().map(String::as_str), 2);
    let kind = ProblemKind::UnknownRegion { region: Cow::Owned(text.to_owned()), suggestion };
    cx.problem(region.anchor().whole, kind);
}

/// The id in the account part: an APPID behind `uid/`, an account id behind `uin/`; empty where there is none.
pub(super) fn account<'t>(
    cx: &mut Lowering<'_, '_>,
    value: Value<'_, '_>,
    account: Part<'t>,
    pattern: &Pattern<'_>,
) -> &'t str {
    let text = account.text;
    if pattern.holes().iter().any(|hole| hole.origin == HoleOrigin::Masked) {
        let span = pattern.anchor().whole;
        cx.problem(span, ProblemKind::MaskedText);
    }
    if text.is_empty() || text == "*" {
        return "";
    }
    let id = text.strip_prefix("uid/").or_else(|| text.strip_prefix("uin/"));
    let Some(id) = id else {
        if pattern.holes().is_empty() {
            let span = cx.part(value, account.at, account.at + text.len());
            let help = "write `uid/<APPID>` or `uin/<account id>`";
            cx.malformed(span, "the account is neither `uid/...` nor `uin/...`", help, false);
        }
        return "";
    };
    id
}

/// A bucket is named `name-APPID`; its APPID is the account's.
pub(super) fn bucket(cx: &mut Lowering<'_, '_>, place: &Place<'_>) {
    let bucket = place.bucket();
    let bucket_len = bucket.len() as u32;
    let span = place.path.anchor().locate(0..bucket_len);
    if has_run(bucket, 3) {
        // To the provider this is a wildcard like any other, and it is judged as one.
        cx.problem(span, ProblemKind::MaskedText);
    }
    if !is_written_out(place) {
        return;
    }
    if bucket.contains('.') {
        let help = "write the bucket alone, such as `examplebucket-1250000000`";
        cx.malformed(span, "a host name stands where the bucket belongs", help, false);
        return;
    }
    let has_appid = bucket.rsplit_once('-').is_some_and(|(_, appid)| is_number(appid));
    if !has_appid {
        if !bucket.is_empty() && !bucket.to_ascii_lowercase().ends_with("-appid") && bucket.is_ascii() {
            cx.malformed(span, "the bucket's name lacks its APPID", format!("write `{bucket}-<APPID>`"), false);
        }
        return;
    }
    let account_span = place.account.anchor().whole;
    let (what, help) = match contradiction(place) {
        None => return,
        Some(Contradiction::BehindUin { appid }) => {
            (format!("`{appid}` is an APPID and stands behind `uin/`"), format!("write `uid/{appid}`"))
        }
        Some(Contradiction::Other { account, appid }) => {
            let what = if account.len() == 12 && account.starts_with("100") {
                format!("`{account}` is an account id (uin) and stands behind `uid/`, where the APPID belongs")
            } else {
                format!("the account is `{account}`, the bucket belongs to `{appid}`")
            };
            (what, format!("write `uid/{appid}`, or correct the bucket"))
        }
    };
    cx.problem(account_span, ProblemKind::AccountMismatch { what, help });
}

/// Note variables that are never filled in here; tells whether there is one.
pub(in crate::dialect::cos) fn unexpanded(cx: &mut Lowering<'_, '_>, value: Value<'_, '_>, text: &str) -> bool {
    let mut found = false;
    for at in memchr::memchr_iter(b'$', text.as_bytes()) {
        let rest = text.get(at..).unwrap_or_default();
        let own = VARIABLES.into_iter().find(|variable| rest.starts_with(variable)).map(Cow::Borrowed);
        let foreign = || {
            let is_one = FOREIGN.iter().any(|start| rest.starts_with(start));
            let (hole, _) = find_hole(rest, 0).filter(|(hole, _)| is_one && hole.start == 0)?;
            rest.get(hole).map(|mark| Cow::Owned(mark.to_owned()))
        };
        if let Some(variable) = own.or_else(foreign) {
            found = true;
            let span = cx.part(value, at, at + variable.len());
            cx.problem(span, ProblemKind::UnexpandedVariable { variable });
        }
    }
    found
}

pub(super) fn has_run(text: &str, len: usize) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'*', bytes)
        .any(|at| bytes.get(at..at + len).is_some_and(|run| run.iter().all(|byte| *byte == b'*')))
}
