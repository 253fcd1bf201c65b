//! `long-duration`: a temporary key that is asked to live longer than the call allows.

use super::prelude::*;

pub(super) static META: RuleMeta = RuleMeta {
    name: "long-duration",
    summary: "a temporary key is asked to live longer than the call allows",
    grades: everywhere(Severity::Low),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/long-duration.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    let Some(request) = cx.policy().request else { return };
    let Some((seconds, span)) = request.duration.filter(|(seconds, _)| *seconds > request.longest) else { return };
    let Some(draft) = out.claim(Claim::at(span)) else { return };
    draft
        .message(format!(
            "{} refuses a duration of {seconds} seconds; the longest is {}",
            request.call, request.longest
        ))
        .caption("too long")
        .help(if cx.is_post() {
            "write an `expiration` that is as long after the signature as one upload takes, such as half an hour"
        } else {
            "ask for as long as one upload takes, such as 1800 seconds"
        });
}
