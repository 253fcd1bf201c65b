//! `leftover-placeholder`: a hole in what is no template.

use super::prelude::*;
use crate::policy::{ActionKind, HoleOrigin, HoleRole, ProblemKind, Resource};
use crate::semantics::reading::Reading;
use crate::semantics::scope::Scope;

pub(super) static META: RuleMeta = RuleMeta {
    name: "leftover-placeholder",
    summary: "a placeholder is left in a policy that is no template",
    grades: Grades::all(Grade::strict(Severity::Info)),
    confidence: Confidence::Medium,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/leftover-placeholder.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    if !out.wants(Profile::Strict) {
        return;
    }
    for problem in cx.problems() {
        let (message, caption) = match problem.kind {
            ProblemKind::MaskedText => ("a run of `*` hides a value here", "masked"),
            ProblemKind::StrayHole if !cx.facts().is_template => ("a placeholder is left here", "left over"),
            _ => continue,
        };
        let Some(draft) = out.claim(Claim::at(problem.span).in_statement(problem.statement)) else { continue };
        draft.message(message).caption(caption).help("write the value");
    }
    if cx.facts().is_template {
        return;
    }
    let is_template = is_template(cx);
    for statement in &cx.policy().statements {
        let resources = statement.resources.patterns.iter().filter_map(Resource::place).filter(|_| !is_template);
        let in_resources = resources.flat_map(|place| [&place.region, &place.account, &place.path]);
        let in_actions = statement.actions.patterns.iter().filter_map(|action| match &action.kind {
            ActionKind::Own(pattern) => Some(pattern),
            _ => None,
        });
        for pattern in in_actions.chain(in_resources) {
            for hole in pattern.holes().iter().filter(|hole| hole.origin == HoleOrigin::Template) {
                let at = pattern.anchor().locate(hole.range.clone());
                let Some(draft) = out.claim(Claim::at(at).in_statement(Some(statement.index))) else { continue };
                let mark = pattern.text().get(hole.range.start as usize..hole.range.end as usize).unwrap_or_default();
                draft
                    .message(format!("placeholder `{mark}` is left in a policy that is no template"))
                    .caption("left over")
                    .help("write the value, or give the file a template's ending such as `.json.tpl`");
            }
        }
    }
}

/// Whether region, account, bucket and owner are all holes or all absent.
fn is_template(cx: &Analysis<'_, '_>) -> bool {
    let places = cx.policy().statements.iter().flat_map(|s| s.resources.patterns.iter().filter_map(Resource::place));
    let mut has_hole = false;
    let names_owner = |reading: &Reading<'_, '_>| {
        reading.resources().any(|(resource, scoped)| {
            let has_owner_hole =
                resource.place().is_some_and(|p| p.path.holes().iter().any(|h| h.role == HoleRole::Owner));
            scoped.certain == Scope::Owned && !has_owner_hole
        })
    };
    if cx.readings().iter().any(names_owner) {
        return false;
    }
    for place in places {
        let bucket = place.bucket();
        let bucket_is_hole = place.path.holes().iter().any(|hole| (hole.range.start as usize) < bucket.len());
        let parts = [
            (place.region.text(), !place.region.holes().is_empty()),
            (place.account.text(), !place.account.holes().is_empty()),
            (if bucket.contains('*') { "" } else { bucket }, bucket_is_hole),
        ];
        for (text, is_hole) in parts {
            let is_fixed = cx.dialect().words().fixed_parts.contains(&text);
            if !text.is_empty() && text != "*" && !is_hole && !is_fixed {
                return false;
            }
            has_hole |= is_hole;
        }
    }
    has_hole
}
