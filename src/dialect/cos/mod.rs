//! Tencent Cloud COS: CAM identity policies, STS session policies, COS bucket policies and the settings of the STS
//! SDKs.
//!
//! The grammar is that of CAM, <https://www.tencentcloud.com/document/product/598/10604>; element names are lower
//! case there and capital in bucket policies, <https://www.tencentcloud.com/document/product/436/8282>. A resource has
//! six parts, <https://www.tencentcloud.com/document/product/598/10606>. `*` crosses `/`; `?` is a literal; actions are
//! case-sensitive.

mod account;
mod action;
mod principal;
mod resource;
mod settings;
mod site;
mod write;

use std::borrow::Cow;
use std::sync::LazyLock;

use super::grammar::{ElementKind, Grammar};
use super::lowering::{Lowering, glob};
use super::{
    Account, Allow, Candidate, Dialect, Form, KeyCase, Limits, Site, SiteFault, Words, Written, post, shipped,
};
use crate::catalog::Catalog;
use crate::policy::{AbsentKeys, Case, Effect, Owners, Place, Policy, PolicyKind, PrincipalKind, Statement, Who};
use crate::text::Fragment;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| shipped(include_str!("../../../rules/catalog/cos.json")));

const GRAMMAR: Grammar = Grammar {
    service: "cos",
    policy_elements: &[
        ("version", ElementKind::Version),
        ("statement", ElementKind::Statement),
        ("principal", ElementKind::Principal),
    ],
    statement_elements: &[
        ("effect", ElementKind::Effect),
        ("action", ElementKind::Action),
        ("resource", ElementKind::Resource),
        ("condition", ElementKind::Condition),
        ("principal", ElementKind::Principal),
        ("sid", ElementKind::Sid),
    ],
    retired_elements: &[],
    effects: [("allow", Effect::Allow), ("deny", Effect::Deny)],
    effect_form: "`\"allow\"` or `\"deny\"`",
    version_form: "the string `\"2.0\"`",
    needs_version: true,
    with_variables: &[],
    takes_single_statement: false,
    takes_last_principals: true,
    advice: |name| {
        let is_negated = ["notaction", "notresource", "notprincipal"].iter().any(|one| name.eq_ignore_ascii_case(one));
        is_negated.then_some("list what is meant; the provider documents no negated element")
    },
    issues_keys: |action| action.trim_start_matches("name/").starts_with("sts:"),
    action: action::action,
    resource: resource::resource,
    principals: principal::principals,
    unexpanded: None,
    // <https://www.tencentcloud.com/document/product/436/14690>.
    post: post::Grammar {
        action: "PostObject",
        has_lists: false,
        fills_first: false,
        takes_any_field: true,
        longest: None,
        place: |bucket| ["*".into(), account::of_bucket(bucket).map_or("*".into(), Cow::Owned)],
    },
};

/// The dialect; it has no state.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cos;

impl Dialect for Cos {
    fn name(&self) -> &'static str {
        GRAMMAR.service
    }

    fn catalog(&self) -> &'static Catalog {
        &CATALOG
    }

    fn lower<'s>(&self, fragment: &Fragment<'_>, candidate: &Candidate<'_, 's>, owners: &Owners) -> Policy<'s> {
        let mut cx = Lowering::new(fragment, owners);
        if candidate.form == Form::Settings {
            return settings::policy(&mut cx, candidate);
        }
        let mut policy = GRAMMAR.lower(&mut cx, self, candidate);
        policy.statements.iter_mut().filter(|statement| !statement.allows()).for_each(only_unsigned);
        policy
    }

    fn action_name<'t>(&self, text: &'t str) -> &'t str {
        let text = text.strip_prefix("name/").unwrap_or(text);
        text.strip_prefix("cos:").unwrap_or(text)
    }

    fn site_fault(&self, site: &Site) -> Option<SiteFault> {
        site::fault(site)
    }

    fn write_policy(&self, kind: PolicyKind, site: &Site, allows: &[Allow<'_>]) -> Written {
        write::policy(*self, kind, site, allows)
    }

    fn spell_action(&self, name: &str) -> String {
        ["name/cos:", name].concat()
    }

    fn spell_resource(&self, place: &Place<'_>, path: &str) -> String {
        // A witness is one request: a wildcard in the region or account becomes one of each.
        let region = filled(place.region.text(), CATALOG.regions().iter().map(String::as_str), self.words().region);
        let account = filled(place.account.text(), ["uid/1250000000", "uin/100000000001"], "uid/1250000000");
        ["qcs::cos:", &region, ":", &account, ":", path].concat()
    }

    fn spell_sample(&self, key: &str) -> String {
        format!("qcs::cos:<Region>:uid/<APPID>:<BucketName-APPID>/{key}")
    }

    fn account<'p>(&self, place: &'p Place<'_>) -> Account<'p> {
        account::account(place)
    }

    fn is_nowhere(&self, place: &Place<'_>) -> bool {
        account::contradiction(place).is_some()
    }

    /// `string_like` knows a `*` at the start or the end (<https://www.tencentcloud.com/document/product/436/46205>).
    fn is_inner_run_sure(&self) -> bool {
        false
    }

    /// <https://www.tencentcloud.com/document/product/436/35240>: a request is refused only when both judgements refuse it.
    fn judges_unsigned_too(&self) -> bool {
        true
    }

    fn who<'t>(&self, id: &'t str) -> Who<'t> {
        principal::who(id)
    }

    fn read_action<'t>(&self, text: &'t str) -> Option<&'t str> {
        let own = text.strip_prefix("name/").unwrap_or(text);
        match own.split_once(':') {
            None => Some(own),
            Some(("cos", name)) => Some(name),
            Some(_) => None,
        }
    }

    fn read_resource<'t>(&self, text: &'t str) -> Option<[Cow<'t, str>; 3]> {
        let mut parts = text.strip_prefix("qcs::cos:")?.splitn(3, ':');
        let (region, account, path) = (parts.next()?, parts.next()?, parts.next()?);
        let path = match path.strip_prefix("prefix//").and_then(|rest| rest.split_once('/')) {
            Some((id, rest)) => {
                let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
                Cow::Owned(format!("{bucket}-{id}/{key}"))
            }
            None => Cow::Borrowed(path),
        };
        Some([Cow::Borrowed(region), Cow::Borrowed(account), path])
    }

    /// An absent key fails every operator, negated ones too: the reference describes no other for COS.
    fn absent_keys(&self) -> AbsentKeys {
        AbsentKeys::FailNegated
    }

    /// The documents have them in small letters alone.
    fn key_case(&self) -> KeyCase {
        KeyCase::Exact
    }

    fn any_one(&self) -> bool {
        false
    }

    fn action_case(&self) -> Case {
        Case::Sensitive
    }

    /// A custom CAM policy may have 4,096 characters, blanks not counted
    /// (<https://www.tencentcloud.com/document/product/598/10604>), a bucket policy 20 KB in all
    /// (<https://www.tencentcloud.com/document/product/436/45235>) and 4,095 bytes a statement
    /// (<https://www.tencentcloud.com/document/product/436/8282>). STS has a limit and does not name it.
    fn limits(&self, kind: PolicyKind) -> Limits {
        match kind {
            PolicyKind::Identity => Limits { solid_chars: Some(4096), ..Limits::default() },
            PolicyKind::Bucket => Limits { bytes: Some(20 * 1024), statement_bytes: Some(4095), ..Limits::default() },
            PolicyKind::Session | PolicyKind::Undetermined => Limits::default(),
        }
    }

    fn words(&self) -> &'static Words {
        &Words {
            service: "COS",
            region: "ap-guangzhou",
            accounts: &["uid/1250000000", "uid/1259999999"],
            bucket_suffix: "1250000000",
            principal: "qcs::cam::uin/<account>:uin/<user>",
            private_upload: r#"{"string_equal_if_exist": {"cos:x-cos-acl": "private"}}"#,
            sdk_habit: "the Node SDK's `getPolicy` writes this one",
            marks: &["cos:", "qcs:"],
            bucket_hole: "<BucketName-APPID>",
            account_hole: "<APPID>",
            bucket_form: "its name and a slash",
            fixed_parts: &[],
            version: r#""version": "2.0""#,
            effect: r#"`"effect": "allow"` or `"deny"`"#,
            principal_element: "principal",
            takes_bare_values: false,
            element_case: "write element names and effects in lower case",
            statement: ["effect", "allow", "action", "resource"],
            condition_element: "condition",
            not_in_sessions: &[],
            session_variables: "",
        }
    }

    fn may_capitalise(&self, kind: PolicyKind) -> bool {
        kind == PolicyKind::Bucket
    }
}

/// A deny on anyone only hits requests without a signature
/// (<https://www.tencentcloud.com/document/product/436/35240>).
fn only_unsigned(statement: &mut Statement<'_>) {
    let anyone = statement.principals.iter_mut().flat_map(|principals| &mut principals.list);
    for one in anyone.filter(|one| one.kind == PrincipalKind::Anyone && one.callers == principal::ANYONE) {
        one.kind = PrincipalKind::Anonymous;
    }
}

/// One text that a part with wildcards stands for: a real one if it fits, else the part with its wildcards left out.
fn filled<'t>(part: &'t str, real: impl IntoIterator<Item = &'t str>, usual: &'t str) -> Cow<'t, str> {
    if !part.contains('*') {
        return part.into();
    }
    if glob(part, usual) {
        return usual.into();
    }
    let fitting = real.into_iter().find(|word| glob(part, word));
    fitting.map_or_else(|| part.replace('*', "").into(), Into::into)
}
