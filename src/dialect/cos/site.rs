//! Buckets, regions and accounts as they are written into a resource.

use super::super::{Site, SiteFault};
use super::CATALOG;
use crate::catalog::nearest;

/// What is wrong with a site, if anything is. A bucket's name has lower-case letters, digits and hyphens and ends in
/// the APPID (<https://www.tencentcloud.com/document/product/436/13312>).
pub(super) fn fault(site: &Site) -> Option<SiteFault> {
    let fault = |message: String, help: String| Some(SiteFault { message, help });
    if let Some(bucket) = site.bucket.as_deref() {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if bucket.is_empty() || bucket.starts_with('-') || !bucket.bytes().all(is_plain) {
            let message = format!("`{bucket}` is no bucket's name: it has small letters, digits and hyphens");
            return fault(message, "write it in full, such as `examplebucket-1250000000`".to_owned());
        }
        let has_name = bucket.rsplit_once('-').is_some_and(|(name, id)| !name.is_empty() && is_number(id));
        if !has_name {
            let message = format!("the bucket `{bucket}` lacks its APPID");
            return fault(message, format!("write `{}-<APPID>`", bucket.trim_end_matches('-')));
        }
    }
    if let Some(region) = site.region.as_deref() {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !region.contains('-') || !region.bytes().all(is_plain) {
            let message = format!("`{region}` is no region");
            return fault(message, "write it in full, such as `ap-guangzhou`".to_owned());
        }
        // The list of regions grows: what is far from all of them may be new, what is one letter off is a slip.
        let near = nearest(region, CATALOG.regions().iter().map(String::as_str), 1);
        if let Some(near) = near.filter(|near| *near != region) {
            return fault(format!("`{region}` is no region"), format!("did you mean `{near}`?"));
        }
    }
    let account = site.account.as_deref()?;
    if !is_number(account) {
        let message = format!("`{account}` is no APPID: it has digits only");
        return fault(message, "write the number alone, such as `1250000000`".to_owned());
    }
    if account.len() == 12 && account.starts_with("100") {
        let message = format!("`{account}` is an account id (uin), not an APPID");
        return fault(message, "write the number behind the last hyphen of the bucket's name".into());
    }
    let bucket = site.bucket.as_deref()?;
    let owner = appid(bucket)?;
    if owner == account {
        return None;
    }
    let message = format!("the account is `{account}`, and the bucket `{bucket}` belongs to `{owner}`");
    fault(message, format!("write `{owner}`, or leave it out"))
}

/// The APPID in a bucket's name.
pub(super) fn appid(bucket: &str) -> Option<&str> {
    bucket.rsplit_once('-').map(|(_, id)| id)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bucket: &str, region: &str, account: &str) -> Option<String> {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let site = Site { bucket: some(bucket), region: some(region), account: some(account) };
        fault(&site).map(|fault| format!("{}; {}", fault.message, fault.help))
    }

    #[test]
    fn what_a_site_is() {
        assert_eq!(of("", "", ""), None);
        assert_eq!(of("a-b-1250000000", "ap-guangzhou", "1250000000"), None);
        assert_eq!(of("b-1250000000", "xy-nowhere", ""), None, "the list of regions grows");
        assert_eq!(of("", "ap-beijing-1", ""), None);
    }

    #[test]
    fn what_is_none_is_said() {
        for (bucket, words) in [
            ("photos", "lacks its APPID; write `photos-<APPID>`"),
            ("photos-", "lacks its APPID; write `photos-<APPID>`"),
            ("-1250000000", "is no bucket's name"),
            ("Photos-1250000000", "is no bucket's name"),
            ("*-1250000000", "is no bucket's name"),
            ("a/b-1250000000", "is no bucket's name"),
            ("<BucketName-APPID>", "is no bucket's name"),
        ] {
            assert!(of(bucket, "", "").is_some_and(|fault| fault.contains(words)), "{bucket}");
        }
        for (region, words) in [
            ("ap-guangzou", "did you mean `ap-guangzhou`?"),
            ("AP-Guangzhou", "`AP-Guangzhou` is no region; write"),
            ("guangzhou", "is no region"),
            ("ap-*", "is no region"),
        ] {
            assert!(of("", region, "").is_some_and(|fault| fault.contains(words)), "{region}");
        }
        for (account, words) in [
            ("uid/1250000000", "is no APPID"),
            ("100000000001", "is an account id (uin)"),
            ("1250000001", "belongs to `1250000000`; write `1250000000`, or leave it out"),
        ] {
            assert!(of("b-1250000000", "", account).is_some_and(|fault| fault.contains(words)), "{account}");
        }
        for empty in [
            Site { bucket: Some(String::new()), ..Site::default() },
            Site { region: Some(String::new()), ..Site::default() },
            Site { account: Some(String::new()), ..Site::default() },
        ] {
            assert!(fault(&empty).is_some(), "{empty:?}");
        }
    }
}
