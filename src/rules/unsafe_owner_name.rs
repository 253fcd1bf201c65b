//! `unsafe-owner-name`: a user's name may be more than a name.

use super::prelude::*;
use crate::semantics::layout::Layout;
use crate::semantics::names::HazardKind;

pub(super) static META: RuleMeta = RuleMeta {
    name: "unsafe-owner-name",
    summary: "a user's name may hold what changes the policy it is filled into",
    grades: everywhere(Severity::High),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/unsafe-owner-name.md"),
};

pub(super) const CHECK: Check = Check::Layout(check);

fn check(layout: &Layout, _: &[&Layout], out: &mut Reporter<'_>) {
    let hazards = layout.names.hazards();
    let (Some(first), Some(span)) = (hazards.first(), layout.names_span) else { return };
    // These harm where somebody decodes or trims, which the policy itself does not.
    let is_indirect = |kind| matches!(kind, HazardKind::Percent | HazardKind::Blank);
    let claim = Claim::at(span).lower_if(hazards.iter().all(|hazard| is_indirect(hazard.kind)));
    let Some(draft) = out.claim(claim) else { return };
    let mut message = first.to_string();
    for hazard in hazards.iter().skip(1) {
        message.push_str(&format!("; `{}` {}", hazard.name, hazard.kind.effect()));
    }
    draft
        .message(message)
        .caption(if layout.safe.is_some() { "lets such names in" } else { "lets no other names in" })
        .help("leave such names out of `names`, as `[A-Za-z0-9_-]{1,32}` does, and refuse them before a key is issued; or encode them first and declare what they are then");
}
