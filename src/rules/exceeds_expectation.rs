//! `exceeds-expectation`: the policy grants what its expectation does not.

use std::collections::BTreeMap;

use super::expected::{bound, keys, named, when, witness};
use super::prelude::*;
use crate::semantics::permission::{Change, Subject};

pub(super) static META: RuleMeta = RuleMeta {
    name: "exceeds-expectation",
    summary: "a grant goes beyond what the configuration says that the policy is for",
    grades: everywhere(Severity::High),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/exceeds-expectation.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    let (Some(held), Some(expectation)) = (cx.held(), cx.facts().expectation.as_deref()) else { return };
    let mut places: BTreeMap<(usize, usize), Vec<&Change>> = BTreeMap::new();
    for change in &held.difference.added {
        places.entry((change.statement, change.resource)).or_default().push(change);
    }
    for ((statement, resource), changes) in places {
        let Some(statement) = cx.policy().statements.get(statement) else { continue };
        let resource = statement.resources.patterns.get(resource);
        let span = resource.map_or(statement.resources.span, |resource| resource.span);
        // The conditions are a part of what was compared, and lower no confidence.
        let Some(draft) = out.claim(Claim::at(span).in_statement(Some(statement.index))) else { continue };
        let subjects: Vec<&Subject> = changes.iter().flat_map(|change| &change.subjects).collect();
        let shown = changes.iter().min_by_key(|change| {
            let is_named = change.subjects.iter().any(|subject| !matches!(subject, Subject::Future(_)));
            (!is_named, change.context.to_string())
        });
        let (witness, when) = shown.map_or((None, String::new()), |c| (witness(cx, c, resource), when(c)));
        draft
            .message(format!(
                "{} granted here beyond the expectation `{}`{when}",
                named(cx, &subjects),
                expectation.title()
            ))
            .caption("not expected here")
            .help(match keys(cx, expectation, &subjects) {
                Some(keys) => {
                    format!("narrow the statement to what {} says: {keys}{}", expectation.place, bound(cx, held))
                }
                None => format!("leave out what {} does not name, or name it there", expectation.place),
            })
            .witness(witness);
    }
}
