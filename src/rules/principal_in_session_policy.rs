//! `principal-in-session-policy`: a principal in the policy of a temporary key.

use super::prelude::*;

pub(super) static META: RuleMeta = RuleMeta {
    name: "principal-in-session-policy",
    summary: "a session policy names a principal, which the call does not take",
    grades: everywhere(Severity::Medium),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::Safe,
    page: include_str!("../../rules/principal-in-session-policy.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    if cx.kind() != PolicyKind::Session {
        return;
    }
    let mut shared_told = false;
    for statement in &cx.policy().statements {
        let Some(principals) = &statement.principals else { continue };
        if principals.is_shared && shared_told {
            continue;
        }
        shared_told |= principals.is_shared;
        // One for the whole policy belongs to none of its statements.
        let number = (!principals.is_shared).then_some(statement.index);
        let Some(draft) = out.claim(Claim::at(principals.span).in_statement(number)) else { continue };
        if principals.is_sdk_habit {
            let habit = cx.dialect().words().sdk_habit;
            draft.message(format!(
                "a principal in a session policy; {habit}, and in a bucket policy it would mean everyone"
            ));
        } else {
            draft.message("a principal in a session policy, where the key's holder is the only one");
        }
        draft
            .caption("not taken here")
            .help("remove it; the call that issues the key refuses or passes over a principal");
    }
}
