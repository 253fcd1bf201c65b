//! Words of other vendors that end up in COS policies, and what belongs there.

use crate::policy::Vendor;

pub(super) use crate::dialect::iam::{ALIBABA, AWS};

/// The vendor of an action's service word.
pub(super) fn vendor_of_service(service: &str) -> Option<Vendor> {
    match service {
        "s3" | "s3-object-lambda" | "s3express" => Some(AWS),
        "oss" => Some(ALIBABA),
        _ => None,
    }
}

/// The vendor of a resource string.
pub(super) fn vendor_of_resource(text: &str) -> Option<Vendor> {
    if text.starts_with("arn:") {
        Some(AWS)
    } else if text.starts_with("acs:") {
        Some(ALIBABA)
    } else {
        None
    }
}

/// The vendor whose policies carry this version.
pub(super) fn vendor_of_version(version: &str) -> Option<Vendor> {
    matches!(version, "2012-10-17" | "2008-10-17").then_some(AWS)
}

/// The vendor of a member of a principal object.
pub(super) fn vendor_of_principal(key: &str) -> Option<Vendor> {
    match key {
        "AWS" | "CanonicalUser" => Some(AWS),
        "RAM" => Some(ALIBABA),
        _ => None,
    }
}

/// An operator of AWS (and Alibaba Cloud, who took most of the names over) and COS's own.
pub(in crate::dialect) fn foreign_operator(name: &str) -> Option<&'static str> {
    Some(match name {
        "StringEquals" => "string_equal",
        "StringNotEquals" => "string_not_equal",
        "StringEqualsIgnoreCase" => "string_equal_ignore_case",
        "StringNotEqualsIgnoreCase" => "string_not_equal_ignore_case",
        "StringLike" => "string_like",
        "StringNotLike" => "string_not_like",
        "NumericEquals" => "numeric_equal",
        "NumericNotEquals" => "numeric_not_equal",
        "NumericLessThan" => "numeric_less_than",
        "NumericLessThanEquals" => "numeric_less_than_equal",
        "NumericGreaterThan" => "numeric_greater_than",
        "NumericGreaterThanEquals" => "numeric_greater_than_equal",
        "DateEquals" => "date_equal",
        "DateNotEquals" => "date_not_equal",
        "DateLessThan" => "date_less_than",
        "DateLessThanEquals" => "date_less_than_equal",
        "DateGreaterThan" => "date_greater_than",
        "DateGreaterThanEquals" => "date_greater_than_equal",
        "Bool" => "bool_equal",
        "IpAddress" => "ip_equal",
        "NotIpAddress" => "ip_not_equal",
        "Null" => "null_equal",
        "ArnEquals" | "ArnLike" | "ArnNotEquals" | "ArnNotLike" | "BinaryEquals" => "",
        _ => return None,
    })
}
