//! `missing-element`: an element that must be there is missing or empty.

use super::narrow::OWNER;
use super::prelude::*;
use crate::policy::ProblemKind;
use crate::text::Span;

pub(super) static META: RuleMeta = RuleMeta {
    name: "missing-element",
    summary: "an element that must be there is missing",
    grades: everywhere(Severity::High),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/missing-element.md"),
};

pub(super) const CHECK: Check = Check::Policy(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    for problem in cx.problems() {
        let ProblemKind::MissingElement { element, is_empty } = &problem.kind else { continue };
        report(
            cx,
            out,
            Claim::at(opening(problem.span, *is_empty)).in_statement(problem.statement),
            element,
            *is_empty,
        );
    }
    if cx.kind() == PolicyKind::Bucket {
        for statement in cx.policy().statements.iter().filter(|statement| statement.principals.is_none()) {
            let claim = Claim::at(opening(statement.span, false)).in_statement(Some(statement.index));
            report(cx, out, claim, cx.dialect().words().principal_element, false);
        }
    }
}

/// The opening bracket of an object that lacks something; an empty list is shown whole.
fn opening(span: Span, is_empty: bool) -> Span {
    if is_empty { span } else { Span::new(span.start, span.start + span.len().min(1)) }
}

fn report(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>, claim: Claim<'_>, element: &str, is_empty: bool) {
    let words = cx.dialect().words();
    let Some(draft) = out.claim(claim) else { return };
    if is_empty {
        draft.message(format!("`{element}` is empty")).caption("nothing in it");
    } else {
        draft.message(format!("`{element}` is missing")).caption(format!("no `{element}` in it"));
    }
    draft.help(match element {
        "version" | "Version" => format!("add `{}`", words.version),
        "effect" | "Effect" => format!("add {}; none is assumed", words.effect),
        "principal" | "Principal" => "name who gets the access; a bucket policy must".to_owned(),
        "expiration" => {
            "add `\"expiration\": \"2026-12-01T12:00:00.000Z\"`, an instant soon after the form is made".to_owned()
        }
        "in" | "not-in" => "list the values that are meant".to_owned(),
        "bucket" => {
            format!("add `{{\"bucket\": \"{}\"}}`; every field of the form needs a condition", words.bucket_hole)
        }
        "$key" => format!("add `[\"starts-with\", \"$key\", \"{OWNER}/\"]`; every field of the form needs a condition"),
        _ => format!("add `{element}`"),
    });
}
