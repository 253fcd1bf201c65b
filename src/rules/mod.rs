//! The rules and their registry.
//!
//! A rule is a module with what it is (`META`) and what it does (`check`); its page is `rules/<name>.md`. A rule looks at
//! an [`Analysis`] or a [`Document`] and claims places at the [`Reporter`]. Rules know no files, formats, terminals or
//! settings; what they may know beside the policy is in [`Facts`].

mod analysis;
mod denials;
mod encoding;
mod exact;
mod expected;
mod fence;
mod filter;
mod imply;
mod narrow;
mod owned;
mod prelude;
mod repair;
mod reporter;
mod witness;

mod account_mismatch;
mod ambiguous_layout;
mod bucket_administration;
mod cancelled_grant;
mod combined_action_resource;
mod comment_in_policy;
mod condition_value_type;
mod contradictory_condition;
mod denies_nothing;
mod duplicate_key;
mod element_case;
mod exceeds_expectation;
mod foreign_syntax;
mod grants_nothing;
mod inapplicable_condition_key;
mod invalid_effect;
mod invalid_json;
mod invalid_version;
mod leftover_placeholder;
mod legacy_resource;
mod listed;
mod literal_wildcard;
mod long_duration;
mod malformed_resource;
mod misses_expectation;
mod missing_element;
mod no_upload_limit;
mod policy_too_long;
mod prefix_collision;
mod principal_in_session_policy;
mod public_grant;
mod public_object_acl;
mod redundant_grant;
mod shared_prefix;
mod unencoded_condition_value;
mod unexpanded_variable;
mod unknown_action;
mod unknown_condition_key;
mod unknown_element;
mod unknown_operator;
mod unknown_region;
mod unlimited_listing;
mod unsafe_owner_name;
mod wildcard_action;
mod wildcard_resource;
mod wrong_type;

pub use analysis::{Analysis, Document};
pub use filter::{Facts, Filter};
pub use reporter::{Claim, Draft, GivenWay, Instead, Reporter};

use std::sync::LazyLock;

use crate::finding::{Finding, PolicyKind, RuleMeta};
use crate::policy::Problem;
use crate::semantics::layout::Layout;

/// A rule: what it is and what it does.
#[derive(Debug, Clone, Copy)]
struct Rule {
    meta: &'static RuleMeta,
    check: Check,
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
enum Check {
    /// What each policy grants, as far as its caller lets it.
    Grants(fn(&Analysis<'_, '_>, &mut Reporter<'_>)),
    /// Each policy as it is written.
    Policy(fn(&Analysis<'_, '_>, &mut Reporter<'_>)),
    /// Each thing of a policy that could not be lowered as it is written.
    Problem(fn(&Analysis<'_, '_>, &Problem<'_>, &mut Reporter<'_>)),
    /// Each text, whatever it holds.
    Document(fn(&Document<'_>, &mut Reporter<'_>)),
    /// Each declared layout, with the later ones of the same bucket and owner.
    Layout(fn(&Layout, &[&Layout], &mut Reporter<'_>)),
}

macro_rules! rules {
    ($($module:ident),+ $(,)?) => {
        static RULES: &[Rule] = &[$(Rule { meta: &$module::META, check: $module::CHECK }),+];
        static METAS: &[&RuleMeta] = &[$(&$module::META),+];
    };
}

rules! {
    account_mismatch,
    ambiguous_layout,
    bucket_administration,
    cancelled_grant,
    combined_action_resource,
    comment_in_policy,
    condition_value_type,
    contradictory_condition,
    denies_nothing,
    duplicate_key,
    element_case,
    exceeds_expectation,
    foreign_syntax,
    grants_nothing,
    inapplicable_condition_key,
    invalid_effect,
    invalid_json,
    invalid_version,
    leftover_placeholder,
    legacy_resource,
    literal_wildcard,
    long_duration,
    malformed_resource,
    misses_expectation,
    missing_element,
    no_upload_limit,
    policy_too_long,
    prefix_collision,
    principal_in_session_policy,
    public_grant,
    public_object_acl,
    redundant_grant,
    shared_prefix,
    unencoded_condition_value,
    unexpanded_variable,
    unknown_action,
    unknown_condition_key,
    unknown_element,
    unknown_operator,
    unknown_region,
    unlimited_listing,
    unsafe_owner_name,
    wildcard_action,
    wildcard_resource,
    wrong_type,
}

/// All rules, sorted by name.
pub fn all() -> &'static [&'static RuleMeta] {
    METAS
}

/// The rule of this name.
pub fn find(name: &str) -> Option<&'static RuleMeta> {
    METAS.binary_search_by(|meta| meta.name.cmp(name)).ok().and_then(|at| METAS.get(at).copied())
}

/// What the rules say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// The findings, each with the number of the statement it is in.
    pub said: Vec<(Finding, Option<u32>)>,
    /// Findings that give way to some of those; none unless the filter keeps them.
    pub given_way: Vec<GivenWay>,
    /// How many the filter held back.
    pub held_back: u32,
}

/// What the rules say of a policy. What it grants is judged by `within`, if there is one: the same policy, cut down to what
/// its caller permits.
pub fn check_policy(analysis: &Analysis<'_, '_>, within: Option<&Analysis<'_, '_>>, filter: &Filter) -> Findings {
    let problems = analysis.problems();
    let mut out = Reporter::new(filter, analysis.kind(), &invalid_json::META);
    for (rule, is_ahead) in ON_POLICIES.iter() {
        out.begin(rule.meta, *is_ahead);
        match rule.check {
            Check::Policy(check) => check(analysis, &mut out),
            Check::Grants(check) => match within {
                Some(within) => check(within, &mut out),
                None => check(analysis, &mut out),
            },
            Check::Problem(check) => problems.iter().for_each(|problem| check(analysis, problem, &mut out)),
            Check::Document(_) | Check::Layout(_) => {}
        }
    }
    let mut findings = out.finish();
    if within.is_some() {
        // A statement that was cut into several says the same of the same bytes only once.
        let mut seen = std::collections::BTreeSet::new();
        let mut is_new =
            |finding: &Finding| seen.insert((finding.rule.name, finding.primary.start, finding.primary.end));
        findings.said.retain(|(finding, _)| is_new(finding));
        findings.given_way.retain(|given| is_new(&given.finding));
    }
    findings
}

/// What the rules say of a text.
pub fn check_document(document: &Document<'_>, filter: &Filter) -> Findings {
    let mut out = Reporter::new(filter, PolicyKind::Session, &invalid_json::META);
    for rule in ON_TEXTS.iter() {
        if let Check::Document(check) = rule.check {
            out.begin(rule.meta, false);
            check(document, &mut out);
        }
    }
    out.finish()
}

/// What the rules say of the layout of this index among all that are declared.
pub fn check_layout(layouts: &[Layout], index: usize, filter: &Filter) -> Findings {
    let Some(layout) = layouts.get(index) else { return Findings::default() };
    let is_beside = |other: &&Layout| other.bucket == layout.bucket && other.owner == layout.owner;
    let beside: Vec<&Layout> = layouts.iter().skip(index + 1).filter(is_beside).collect();
    let mut out = Reporter::new(filter, PolicyKind::Session, &invalid_json::META);
    for rule in RULES {
        if let Check::Layout(check) = rule.check {
            out.begin(rule.meta, false);
            check(layout, &beside, &mut out);
        }
    }
    out.finish()
}

/// Rules to which others give way. They speak first, so that the others know it.
static AHEAD: [&RuleMeta; 3] = [&combined_action_resource::META, &wildcard_action::META, &wildcard_resource::META];

/// Whether others may give way to a rule.
fn is_ahead(rule: &RuleMeta) -> bool {
    AHEAD.iter().any(|ahead| std::ptr::eq(*ahead, rule))
}

/// The rules that look at policies, in the order in which they speak, and whether others may give way to them.
static ON_POLICIES: LazyLock<Vec<(&Rule, bool)>> = LazyLock::new(|| {
    let rules = RULES.iter().filter(|rule| !matches!(rule.check, Check::Document(_) | Check::Layout(_)));
    let (ahead, others): (Vec<_>, Vec<_>) =
        rules.map(|rule| (rule, is_ahead(rule.meta))).partition(|(_, is_ahead)| *is_ahead);
    [ahead, others].concat()
});

/// The rules that look at texts.
static ON_TEXTS: LazyLock<Vec<&Rule>> =
    LazyLock::new(|| RULES.iter().filter(|rule| matches!(rule.check, Check::Document(_))).collect());
