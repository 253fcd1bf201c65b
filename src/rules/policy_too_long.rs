//! `policy-too-long`: a policy over the provider's limit.

use super::prelude::*;
use crate::dialect::Limits;
use crate::text::Span;

pub(super) static META: RuleMeta = RuleMeta {
    name: "policy-too-long",
    summary: "a policy is longer than the provider accepts",
    grades: everywhere(Severity::High),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/policy-too-long.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    // The limits of a key's policy are not those of a form.
    let limits = if cx.is_post() { Limits::default() } else { cx.dialect().limits(cx.kind()) };
    let policy = cx.policy();
    let opening = |span: Span| Span::new(span.start, span.start + span.len().min(1));
    let over = [
        (policy.solid_chars, limits.solid_chars, "characters, blanks not counted"),
        (policy.span.len(), limits.bytes, "bytes"),
    ];
    for (size, limit, unit) in over {
        let Some(limit) = limit.filter(|limit| size > *limit) else { continue };
        let Some(draft) = out.claim(Claim::at(opening(policy.span))) else { continue };
        draft
            .message(format!("the policy has {size} {unit}; the provider accepts {limit}"))
            .caption("too long")
            .help("split it into several policies, or use a prefix where many keys are listed");
    }
    let Some(limit) = limits.statement_bytes else { return };
    for statement in policy.statements.iter().filter(|statement| statement.span.len() > limit) {
        let Some(draft) = out.claim(Claim::at(opening(statement.span)).in_statement(Some(statement.index))) else {
            continue;
        };
        draft
            .message(format!("{} has {} bytes; the provider accepts {limit}", statement.title(), statement.span.len()))
            .caption("too long")
            .help("split it into several statements");
    }
}
