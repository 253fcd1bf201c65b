//! `public-grant`: a bucket policy by which anyone may do something.

use super::prelude::*;
use crate::policy::PrincipalKind;

pub(super) static META: RuleMeta = RuleMeta {
    name: "public-grant",
    summary: "a bucket policy lets anyone act on the bucket",
    grades: Grades { session: TIDY, undetermined: TIDY, identity: TIDY, bucket: Grade::default(Severity::High) },
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/public-grant.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    if cx.kind() != PolicyKind::Bucket {
        return;
    }
    let catalog = cx.catalog();
    for reading in cx.allows() {
        let Some(principals) = &reading.statement.principals else { continue };
        // Whoever is not among a few is anyone.
        let open = match principals.open_to_all() {
            Some(open) => (open.span, open.kind),
            None if principals.negated => (principals.span, PrincipalKind::Anyone),
            None => continue,
        };
        let granted = reading.fitting(reading.actions(), catalog);
        if (granted.is_empty() && !reading.has_unknown) || cx.is_taken_back(reading) {
            continue;
        }
        let changing = granted & catalog.changing();
        let gentle = changing.is_empty() && !reading.has_unknown;
        let Some(draft) = out.claim(Claim::at(open.0).of(reading.statement).lower_if(gentle)) else { continue };
        let shown = if changing.is_empty() { granted } else { changing };
        let what = if reading.covers_service {
            "every action".to_owned()
        } else if shown.is_empty() {
            "an action".to_owned()
        } else {
            cx.names(shown, 3)
        };
        let who = match open.1 {
            PrincipalKind::Anonymous => "anyone without a signature",
            _ => "anyone",
        };
        draft
            .message(format!("{what} allowed to {who}"))
            .caption("the whole internet")
            .help(format!("name the accounts that need it, such as `{}`", cx.dialect().words().principal))
            .witness(reading.resources().find_map(|(resource, scoped)| cx.witness(shown, resource, scoped.scope)));
    }
}
