//! Policies in the form that the provider's own documents have.
//!
//! A session or identity policy has element names in small letters, a bucket policy capital ones and a principal.

use super::super::{Allow, Dialect, Site, Target, Written};
use super::site::appid;
use super::{Cos, PolicyKind};

/// The document of a policy.
pub(super) fn policy(cos: Cos, kind: PolicyKind, site: &Site, allows: &[Allow<'_>]) -> Written {
    let is_bucket = kind == PolicyKind::Bucket;
    let statements = allows.iter().map(|allow| statement(cos, is_bucket, site, allow)).collect();
    let statements = Written::List(statements);
    let version = ("version", Written::Text("2.0".to_owned()));
    Written::Object(if is_bucket {
        vec![("Statement", statements), version]
    } else {
        vec![version, ("statement", statements)]
    })
}

fn statement(cos: Cos, is_bucket: bool, site: &Site, allow: &Allow<'_>) -> Written {
    let effect = Written::Text("allow".to_owned());
    let actions = Written::texts(allow.actions.iter().map(|name| cos.spell_action(name)));
    let resources = Written::texts(allow.resources.iter().map(|target| resource(site, target)));
    Written::Object(if is_bucket {
        let principal = Written::texts([cos.words().principal.to_owned()]);
        vec![
            ("Principal", Written::Object(vec![("qcs", principal)])),
            ("Effect", effect),
            ("Action", actions),
            ("Resource", resources),
        ]
    } else {
        vec![("effect", effect), ("action", actions), ("resource", resources)]
    })
}

/// A resource, its parts as holes where the site does not say them. The bucket's name tells the account.
fn resource(site: &Site, target: &Target) -> String {
    let key = match target {
        Target::Everything => return "*".to_owned(),
        Target::Bucket => "",
        Target::Key(key) => key,
    };
    let bucket = site.bucket.as_deref();
    let region = site.region.as_deref().unwrap_or("<Region>");
    let account = site.account.as_deref().or_else(|| bucket.and_then(appid)).unwrap_or("<APPID>");
    ["qcs::cos:", region, ":uid/", account, ":", bucket.unwrap_or("<BucketName-APPID>"), "/", key].concat()
}
