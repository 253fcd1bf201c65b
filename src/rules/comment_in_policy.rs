//! `comment-in-policy`: a comment in a policy.

use super::prelude::*;

pub(super) static META: RuleMeta = RuleMeta {
    name: "comment-in-policy",
    summary: "a policy holds a comment, which the console refuses",
    grades: everywhere(Severity::Low),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::Safe,
    page: include_str!("../../rules/comment-in-policy.md"),
};

pub(super) const CHECK: Check = Check::Document(check);

fn check(document: &Document<'_>, out: &mut Reporter<'_>) {
    let Some(first) = document.tree.comments().first() else { return };
    let mut claim = Claim::at(document.fragment.locate(*first));
    if document.may_comment {
        claim = claim.grade(TIDY);
    }
    let Some(draft) = out.claim(claim) else { return };
    let count = document.tree.comments().len();
    draft
        .message(if count == 1 {
            "JSON has no comments".to_owned()
        } else {
            format!("JSON has no comments, and here are {count}")
        })
        .caption("a comment")
        .help("remove it before the policy is sent; the console refuses comments");
}
