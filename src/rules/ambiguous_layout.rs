//! `ambiguous-layout`: a key belongs to two users, so that no policy can keep them apart.

use super::owned::assumption;
use super::prelude::*;
use crate::semantics::isolation::{Leak, Verdict, isolation};
use crate::semantics::layout::{Layout, OwnedKey};
use crate::semantics::names::Names;

pub(super) static META: RuleMeta = RuleMeta {
    name: "ambiguous-layout",
    summary: "a key belongs to two users by the declared layout, so that no policy can keep them apart",
    grades: everywhere(Severity::High),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/ambiguous-layout.md"),
};

pub(super) const CHECK: Check = Check::Layout(check);

fn check(layout: &Layout, beside: &[&Layout], out: &mut Reporter<'_>) {
    let Some(names) = &layout.safe else { return };
    let mut undecided = None;
    for (index, key) in layout.keys.iter().enumerate() {
        let own = layout.keys.iter().skip(index).map(|other| (other, layout));
        let others = beside.iter().flat_map(|other| other.keys.iter().map(move |key| (key, *other)));
        for (other, of) in own.chain(others) {
            match between(key, other, names, of.safe.as_ref()) {
                Verdict::Leak(leak) => return report(layout, (key, other), of, &leak, out),
                Verdict::Unknown(reason) => undecided = undecided.or(Some((key, reason))),
                Verdict::Isolated => {}
            }
        }
    }
    let Some((key, reason)) = undecided else { return };
    if let Some(draft) = out.claim(Claim::at(key.span).grade(LOOK).confidence(Confidence::Low)) {
        draft
            .message(format!("cannot tell whether a key may belong to two users: {reason}"))
            .caption("not decided")
            .help("let the owner stand behind letters only, and once");
    }
}

/// Whether a key of one shape can belong to one user and, by the other shape, to another. The second layout may know other
/// names: then only users who have a name in both are looked at.
fn between(key: &OwnedKey, other: &OwnedKey, names: &Names, others: Option<&Names>) -> Verdict {
    let verdict = isolation(std::slice::from_ref(&key.template), std::slice::from_ref(&other.template), names);
    match (verdict, others) {
        (Verdict::Leak(leak), Some(others)) if !others.contains(&leak.owner) => Verdict::Isolated,
        (Verdict::Leak(_), None) => Verdict::Isolated,
        (verdict, _) => verdict,
    }
}

fn report(layout: &Layout, (key, other): (&OwnedKey, &OwnedKey), of: &Layout, leak: &Leak, out: &mut Reporter<'_>) {
    let Some(draft) = out.claim(Claim::at(key.span)) else { return };
    let by = if std::ptr::eq(of, layout) { String::new() } else { format!(", by the layout at {}", of.at) };
    draft
        .message(format!(
            "`{}` belongs to `{}` and to `{}`{by}: no policy can keep them apart{}",
            leak.key,
            leak.granted_to,
            leak.owner,
            assumption(layout)
        ))
        .caption("fits two users' keys")
        .help("close the owner with a sign that no name holds, such as `/`, or declare `names` that cannot hold what follows it");
    if other.span != key.span && by.is_empty() {
        draft.label(other.span, "together with these");
    }
}
