//! AWS S3: IAM identity policies, session policies and S3 bucket policies.
//!
//! The grammar is that of IAM, <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>, lowered
//! by [`iam`](super::iam). A resource is an ARN,
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html>. Since a bucket's ARN has
//! neither region nor account, the region of a [`Place`] is the partition here, and its account is what stands between
//! the service and the bucket: `:` for buckets and keys, `region:account` for access points.

mod principal;
mod resource;
mod variable;

use std::borrow::Cow;
use std::sync::LazyLock;

use super::grammar::{ElementKind, Grammar};
use super::iam::{self, plain_path, write_policy};
use super::lowering::{Lowering, glob};
use super::{
    Account, Allow, Candidate, Dialect, KeyCase, Limits, Site, SiteFault, Target, Words, Written, parts, post, shipped,
};
use crate::catalog::Catalog;
use crate::policy::{AbsentKeys, Owners, Pattern, Place, Policy, PolicyKind, Who};
use crate::text::Fragment;

/// The partitions in which buckets are documented, the usual one first.
const PARTITIONS: [&str; 3] = ["aws", "aws-cn", "aws-us-gov"];

/// What stands between the service and the bucket.
const NO_ACCOUNT: &str = ":";

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let catalog = shipped(include_str!("../../../rules/catalog/s3.json"));
    catalog.with_buckets_apart().with_regions(&PARTITIONS)
});

const GRAMMAR: Grammar = Grammar {
    service: "s3",
    policy_elements: &[
        ("Version", ElementKind::Version),
        ("Statement", ElementKind::Statement),
        ("Id", ElementKind::Id),
    ],
    statement_elements: &[
        ("Effect", ElementKind::Effect),
        ("Action", ElementKind::Action),
        ("NotAction", ElementKind::NotAction),
        ("Resource", ElementKind::Resource),
        ("NotResource", ElementKind::NotResource),
        ("Condition", ElementKind::Condition),
        ("Principal", ElementKind::Principal),
        ("NotPrincipal", ElementKind::NotPrincipal),
        ("Sid", ElementKind::Sid),
    ],
    retired_elements: &[],
    effects: iam::EFFECTS,
    effect_form: iam::EFFECT_FORM,
    version_form: "the string `\"2012-10-17\"`",
    needs_version: false,
    with_variables: &["2012-10-17"],
    takes_single_statement: true,
    takes_last_principals: false,
    advice: iam::advice,
    issues_keys: iam::issues_keys,
    action: |cx, value, text| iam::action(cx, &GRAMMAR, value, text),
    resource: resource::resource,
    principals: principal::principals,
    unexpanded: Some(variable::unexpanded),
    // Every field of a form has to be named by a condition, but for those of the signature and the file,
    // <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html>.
    post: post::Grammar {
        action: "PutObject",
        has_lists: false,
        fills_first: true,
        takes_any_field: false,
        longest: None,
        place: |_| [Cow::Borrowed("*"), Cow::Borrowed(NO_ACCOUNT)],
    },
};

/// The dialect; it has no state.
#[derive(Debug, Clone, Copy)]
pub(super) struct S3;

impl Dialect for S3 {
    fn name(&self) -> &'static str {
        GRAMMAR.service
    }

    fn catalog(&self) -> &'static Catalog {
        &CATALOG
    }

    fn lower<'s>(&self, fragment: &Fragment<'_>, candidate: &Candidate<'_, 's>, owners: &Owners) -> Policy<'s> {
        GRAMMAR.lower(&mut Lowering::new(fragment, owners), self, candidate)
    }

    fn key_pattern(&self, key: &str, owners: &Owners) -> Pattern<'static> {
        let mut pattern = parts::key(key, self.any_one(), owners);
        variable::fill(&mut pattern, 0, owners);
        pattern
    }

    /// A bucket's name has 3 to 63 small letters, digits, hyphens and dots
    /// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>). Its ARN has no account, and of the
    /// region the partition alone.
    fn site_fault(&self, site: &Site) -> Option<SiteFault> {
        let fault = |message: String, help: &str| Some(SiteFault { message, help: help.to_owned() });
        if let Some(bucket) = site.bucket.as_deref().filter(|bucket| !resource::is_bucket_name(bucket)) {
            let message = format!("`{bucket}` is no bucket's name: it has small letters, digits, hyphens and dots");
            return fault(message, "write it in full, such as `examplebucket`");
        }
        if let Some(region) = site.region.as_deref().filter(|region| !PARTITIONS.contains(region)) {
            let message = format!("`{region}` is no partition, and the ARN of a bucket has no region");
            return fault(message, "write `aws`, `aws-cn` or `aws-us-gov`, or leave it out");
        }
        let account = site.account.as_deref().filter(|account| *account != NO_ACCOUNT)?;
        fault(format!("the ARN of a bucket has no account, and `{account}` is one"), "leave it out")
    }

    fn write_policy(&self, kind: PolicyKind, site: &Site, allows: &[Allow<'_>]) -> Written {
        let principal = Written::Object(vec![("AWS", Written::texts([self.words().principal.to_owned()]))]);
        let partition = site.region.as_deref().unwrap_or("aws");
        let bucket = site.bucket.as_deref().unwrap_or(self.words().bucket_hole);
        write_policy(self, &GRAMMAR, kind, &principal, allows, |target| match target {
            Target::Everything => "*".to_owned(),
            Target::Bucket => format!("arn:{partition}:s3:::{bucket}"),
            Target::Key(key) => format!("arn:{partition}:s3:::{bucket}/{key}"),
        })
    }

    fn spell_resource(&self, place: &Place<'_>, path: &str) -> String {
        // A witness is one request: a wildcard becomes one of what it stands for.
        let partition = place.region.text();
        let fitting = PARTITIONS.iter().copied().find(|known| glob(partition, known));
        let account = place.account.text();
        let account = if glob(account, NO_ACCOUNT) { NO_ACCOUNT } else { account };
        let path = resource::with_keys_word(place, path);
        ["arn:", fitting.unwrap_or(partition), ":s3:", account, ":", plain_path(&path)].concat()
    }

    fn spell_sample(&self, key: &str) -> String {
        plain_path(&format!("arn:aws:s3:::{}/{key}", self.words().bucket_hole)).to_owned()
    }

    /// Neither the name nor the ARN of a bucket tells whose it is.
    fn account<'p>(&self, place: &'p Place<'_>) -> Account<'p> {
        if place.account.text().is_empty() { Account::Any } else { Account::AsWritten }
    }

    /// An access point stands in the place of a bucket as `accesspoint/NAME/object/`
    /// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html>).
    fn keys_from(&self, place: &Place<'_>) -> Option<u32> {
        resource::keys_from(place)
    }

    /// A region and an account, each perhaps empty.
    fn any_account(&self) -> &'static str {
        "*:*"
    }

    fn who<'t>(&self, id: &'t str) -> Who<'t> {
        principal::who(id)
    }

    fn filled_by<'t>(&self, mark: &'t str) -> Option<&'t str> {
        variable::key_of(mark)
    }

    fn read_resource<'t>(&self, text: &'t str) -> Option<[Cow<'t, str>; 3]> {
        let (partition, rest) = text.strip_prefix("arn:")?.split_once(":s3:")?;
        let mut parts = rest.splitn(3, ':');
        let (region, account, path) = (parts.next()?, parts.next()?, parts.next()?);
        Some([Cow::Borrowed(partition), Cow::Owned(format!("{region}:{account}")), Cow::Borrowed(path)])
    }

    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>: an absent
    /// key is no match, which is what a negated operator asks for. `ForAllValues` holds where the key is absent
    /// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>).
    fn absent_keys(&self) -> AbsentKeys {
        AbsentKeys::PassNegated
    }

    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html>: condition keys are not
    /// case-sensitive.
    fn key_case(&self) -> KeyCase {
        KeyCase::Folded
    }

    /// A managed policy may have 6,144 characters, blanks not counted
    /// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>), a session policy 2,048
    /// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>), a bucket policy 20 KB
    /// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html>).
    fn limits(&self, kind: PolicyKind) -> Limits {
        match kind {
            PolicyKind::Identity => Limits { solid_chars: Some(6144), ..Limits::default() },
            PolicyKind::Session => Limits { solid_chars: Some(2048), ..Limits::default() },
            PolicyKind::Bucket => Limits { bytes: Some(20 * 1024), ..Limits::default() },
            PolicyKind::Undetermined => Limits::default(),
        }
    }

    fn words(&self) -> &'static Words {
        &Words {
            service: "S3",
            region: "aws",
            accounts: &[NO_ACCOUNT, "us-east-1:111122223333"],
            bucket_suffix: "",
            bucket_hole: "<BucketName>",
            account_hole: "",
            bucket_form: "its name alone, without a slash",
            fixed_parts: &["aws", "aws-cn", "aws-us-gov", NO_ACCOUNT],
            principal: "arn:aws:iam::<account>:role/<role>",
            private_upload: r#"{"StringEqualsIfExists": {"s3:x-amz-acl": "private"}}"#,
            sdk_habit: "an SDK writes this one",
            marks: &["s3:", "arn:aws"],
            version: r#""Version": "2012-10-17""#,
            effect: r#"`"Effect": "Allow"` or `"Deny"`"#,
            principal_element: "Principal",
            takes_bare_values: true,
            element_case: "write it with the capital letters that the grammar has",
            statement: ["Effect", "Allow", "Action", "Resource"],
            condition_element: "Condition",
            // Only IAM users have one (https://repost.aws/knowledge-center/iam-policy-variables-federated).
            not_in_sessions: &["aws:username"],
            session_variables: "`${aws:userid}` or a session tag such as `${aws:PrincipalTag/user}`",
        }
    }
}

#[cfg(test)]
mod tests;
