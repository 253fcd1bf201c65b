//! Alibaba Cloud OSS: RAM identity policies, session policies of `AssumeRole`, and OSS bucket policies.
//!
//! The grammar is that of RAM, <https://www.alibabacloud.com/help/document_detail/93739.html>, lowered by
//! [`iam`](super::iam). A resource has five parts,
//! <https://www.alibabacloud.com/help/en/oss/user-guide/authorization-syntax-and-elements>: `*` crosses `/`, `?` is one
//! character, and a bucket is a resource of its own, without a slash. The principals of a bucket policy are a list of ids.

mod principal;
mod resource;

use std::borrow::Cow;
use std::sync::LazyLock;

use super::grammar::{ElementKind, Grammar};
use super::iam::{self, plain_path, write_policy};
use super::lowering::Lowering;
use super::{
    Account, Allow, Candidate, Dialect, KeyCase, Limits, Site, SiteFault, Target, Words, Written, post, shipped,
};
use crate::catalog::Catalog;
use crate::policy::{AbsentKeys, Found, KindHint, Owners, Place, Policy, PolicyKind, Problem, ProblemKind, Who};
use crate::text::Fragment;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let catalog = shipped(include_str!("../../../rules/catalog/oss.json"));
    catalog.with_buckets_apart()
});

const GRAMMAR: Grammar = Grammar {
    service: "oss",
    policy_elements: &[("Version", ElementKind::Version), ("Statement", ElementKind::Statement)],
    statement_elements: &[
        ("Effect", ElementKind::Effect),
        ("Action", ElementKind::Action),
        ("NotAction", ElementKind::NotAction),
        ("Resource", ElementKind::Resource),
        ("NotResource", ElementKind::NotResource),
        ("Condition", ElementKind::Condition),
        ("Principal", ElementKind::Principal),
        // In no grammar, and in policies that their authors ran.
        ("Sid", ElementKind::Sid),
    ],
    retired_elements: &[ElementKind::NotResource],
    effects: iam::EFFECTS,
    effect_form: iam::EFFECT_FORM,
    version_form: "the string `\"1\"`",
    needs_version: true,
    with_variables: &[],
    takes_single_statement: false,
    takes_last_principals: false,
    advice: iam::advice,
    issues_keys: iam::issues_keys,
    action: |cx, value, text| iam::action(cx, &GRAMMAR, value, text),
    resource: resource::resource,
    principals: principal::principals,
    unexpanded: None,
    // <https://www.alibabacloud.com/help/doc-detail/31988.htm>; a form is good for seven days at most,
    // <https://help.aliyun.com/en/oss/developer-reference/signature-version-4-recommend>.
    post: post::Grammar {
        action: "PutObject",
        has_lists: true,
        fills_first: false,
        takes_any_field: true,
        longest: Some(("x-oss-date", 604_800.0)),
        place: |_| [Cow::Borrowed("*"), Cow::Borrowed("*")],
    },
};

/// The dialect; it has no state.
#[derive(Debug, Clone, Copy)]
pub(super) struct Oss;

impl Dialect for Oss {
    fn name(&self) -> &'static str {
        GRAMMAR.service
    }

    fn catalog(&self) -> &'static Catalog {
        &CATALOG
    }

    fn lower<'s>(&self, fragment: &Fragment<'_>, candidate: &Candidate<'_, 's>, owners: &Owners) -> Policy<'s> {
        let mut policy = GRAMMAR.lower(&mut Lowering::new(fragment, owners), self, candidate);
        if policy.hint == KindHint::Bucket {
            principals_of_a_bucket(&mut policy);
        }
        policy
    }

    /// A bucket's name has 3 to 63 small letters, digits and hyphens
    /// (<https://www.alibabacloud.com/help/en/oss/user-guide/bucket-naming-conventions>).
    fn site_fault(&self, site: &Site) -> Option<SiteFault> {
        let fault = |message: String, help: &str| Some(SiteFault { message, help: help.to_owned() });
        if let Some(bucket) = site.bucket.as_deref().filter(|bucket| !resource::is_bucket_name(bucket)) {
            let message = format!("`{bucket}` is no bucket's name: it has small letters, digits and hyphens");
            return fault(message, "write it in full, such as `examplebucket`");
        }
        if let Some(region) = site.region.as_deref().filter(|region| !resource::is_region(region)) {
            return fault(format!("`{region}` is no region"), "write it in full, such as `cn-hangzhou`");
        }
        let account = site.account.as_deref().filter(|id| id.is_empty() || !id.bytes().all(|b| b.is_ascii_digit()))?;
        fault(format!("`{account}` is no account: it has digits only"), "write the number alone, or leave it out")
    }

    fn write_policy(&self, kind: PolicyKind, site: &Site, allows: &[Allow<'_>]) -> Written {
        let principal = Written::texts([self.words().principal.to_owned()]);
        let region = site.region.as_deref().unwrap_or("*");
        let account = site.account.as_deref().unwrap_or("*");
        let bucket = site.bucket.as_deref().unwrap_or(self.words().bucket_hole);
        write_policy(self, &GRAMMAR, kind, &principal, allows, |target| match target {
            Target::Everything => "*".to_owned(),
            Target::Bucket => format!("acs:oss:{region}:{account}:{bucket}"),
            Target::Key(key) => format!("acs:oss:{region}:{account}:{bucket}/{key}"),
        })
    }

    fn spell_resource(&self, place: &Place<'_>, path: &str) -> String {
        ["acs:oss:", place.region.text(), ":", place.account.text(), ":", plain_path(path)].concat()
    }

    fn spell_sample(&self, key: &str) -> String {
        plain_path(&format!("acs:oss:*:*:{}/{key}", self.words().bucket_hole)).to_owned()
    }

    /// The name of a bucket does not tell whose it is.
    fn account<'p>(&self, place: &'p Place<'_>) -> Account<'p> {
        match place.account.text() {
            "" => Account::Own,
            "*" => Account::Any,
            text if text.bytes().all(|byte| byte.is_ascii_digit()) => Account::Named(Cow::Borrowed(text)),
            _ => Account::AsWritten,
        }
    }

    /// Documented for values of `StringLike` only (<https://www.alibabacloud.com/help/en/ram/conditional-operator>).
    fn is_any_one_sure(&self) -> bool {
        false
    }

    fn who<'t>(&self, id: &'t str) -> Who<'t> {
        principal::who(id)
    }

    fn read_resource<'t>(&self, text: &'t str) -> Option<[Cow<'t, str>; 3]> {
        let mut parts = text.strip_prefix("acs:oss:")?.splitn(3, ':').map(Cow::Borrowed);
        Some([parts.next()?, parts.next()?, parts.next()?])
    }

    /// A deny with `StringNotLike` on `acs:SourceVpc` is documented to block requests that carry no VPC.
    fn absent_keys(&self) -> AbsentKeys {
        AbsentKeys::PassNegated
    }

    /// The documents are silent.
    fn key_case(&self) -> KeyCase {
        KeyCase::Untold
    }

    /// A custom policy may have 6,144 characters
    /// (<https://www.alibabacloud.com/help/doc-detail/28753.htm>; whether blanks count is not said), a session policy
    /// 2,048 (<https://www.alibabacloud.com/en/notice/ram20220919>), a bucket policy less than 16 KB
    /// (<https://help.aliyun.com/zh/oss/user-guide/0030-00000001>).
    fn limits(&self, kind: PolicyKind) -> Limits {
        match kind {
            PolicyKind::Identity => Limits { solid_chars: Some(6144), ..Limits::default() },
            PolicyKind::Session => Limits { solid_chars: Some(2048), ..Limits::default() },
            PolicyKind::Bucket => Limits { bytes: Some(16 * 1024 - 1), ..Limits::default() },
            PolicyKind::Undetermined => Limits::default(),
        }
    }

    fn words(&self) -> &'static Words {
        &Words {
            service: "OSS",
            region: "cn-hangzhou",
            accounts: &["1000000000000001", "1000000000000002"],
            bucket_suffix: "",
            bucket_hole: "<BucketName>",
            account_hole: "<UID>",
            bucket_form: "its name alone, without a slash",
            fixed_parts: &[],
            principal: "<UID>",
            private_upload: r#"{"StringEquals": {"oss:x-oss-object-acl": "private"}}"#,
            sdk_habit: "an SDK writes this one",
            marks: &["oss:", "acs:"],
            version: r#""Version": "1""#,
            effect: r#"`"Effect": "Allow"` or `"Deny"`"#,
            principal_element: "Principal",
            takes_bare_values: false,
            element_case: "write it with the capital letters that the grammar has",
            statement: ["Effect", "Allow", "Action", "Resource"],
            condition_element: "Condition",
            not_in_sessions: &[],
            session_variables: "",
        }
    }
}

/// A bucket policy lists ids; the object with `RAM` in it is for trust policies.
fn principals_of_a_bucket(policy: &mut Policy<'_>) {
    for statement in &policy.statements {
        let Some(principals) = &statement.principals else { continue };
        if principals.list.iter().any(|one| one.text.starts_with("acs:ram:")) {
            let expected = "a list of account ids in a bucket policy";
            let kind = ProblemKind::WrongType { element: "Principal".into(), found: Found::Object, expected };
            policy.problems.push(Problem { span: principals.span, kind, statement: Some(statement.index) });
        }
    }
    policy.problems.sort_by_key(|problem| problem.span);
}

#[cfg(test)]
mod tests;
