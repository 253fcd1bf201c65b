//! `invalid-json`: text that is not JSON.

use super::prelude::*;
use crate::syntax::FaultKind;

pub(super) static META: RuleMeta = RuleMeta {
    name: "invalid-json",
    summary: "the text is not JSON",
    grades: everywhere(Severity::High),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/invalid-json.md"),
};

pub(super) const CHECK: Check = Check::Document(check);

fn check(document: &Document<'_>, out: &mut Reporter<'_>) {
    for fault in document.tree.faults() {
        let mut claim = Claim::at(document.fragment.locate(fault.at));
        if fault.kind == FaultKind::ByteOrderMark {
            claim = claim.grade(Grade::default(Severity::Low));
        }
        let Some(draft) = out.claim(claim) else { continue };
        draft.message(fault.kind.title()).caption("").help(fault.kind.help());
    }
    if document.is_embedded {
        return;
    }
    for span in document.undecodable.iter().take(100) {
        let Some(draft) = out.claim(Claim::at(*span)) else { return };
        draft
            .message(format!("{} that {} not UTF-8", bytes(span.len()), if span.len() == 1 { "is" } else { "are" }))
            .caption("not UTF-8")
            .help("save the file as UTF-8");
    }
}

fn bytes(count: u32) -> String {
    if count == 1 { "a byte".to_owned() } else { format!("{count} bytes") }
}
