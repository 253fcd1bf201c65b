//! `duplicate-key`: a key that stands twice in one object.

use super::prelude::*;
use std::borrow::Cow;

use crate::syntax::Kind;
use crate::text::Local;

pub(super) static META: RuleMeta = RuleMeta {
    name: "duplicate-key",
    summary: "a key stands twice in one object, and only one of them counts",
    grades: everywhere(Severity::High),
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/duplicate-key.md"),
};

pub(super) const CHECK: Check = Check::Document(check);

fn check(document: &Document<'_>, out: &mut Reporter<'_>) {
    if !document.tree.may_repeat_keys() {
        return;
    }
    let mut names: Vec<(Cow<'_, str>, u32, Local)> = Vec::new();
    let nodes = document.tree.nodes().iter().zip(0..);
    let objects = nodes.filter(|(node, _)| node.kind == Kind::Object).filter_map(|(_, at)| document.tree.value(at));
    for object in objects {
        names.clear();
        let members = object.members().filter(|member| member.key.kind() == Kind::String);
        names.extend(members.zip(0..).map(|(member, at)| (member.name(), at, member.key.local())));
        report(document, &mut names, out);
    }
}

/// Report each repetition, with the first one beside it. Few keys are compared each with each, many are sorted.
fn report(document: &Document<'_>, names: &mut [(Cow<'_, str>, u32, Local)], out: &mut Reporter<'_>) {
    if names.len() <= 8 {
        let is_repeated =
            |(at, one): (usize, &(Cow<'_, str>, u32, Local))| names.iter().skip(at + 1).any(|other| other.0 == one.0);
        if !names.iter().enumerate().any(is_repeated) {
            return;
        }
    }
    names.sort();
    let mut repeated: Vec<(u32, Local, Local)> = Vec::new();
    let mut first: Option<&(Cow<'_, str>, u32, Local)> = None;
    for name in names.iter() {
        match first {
            Some(earlier) if earlier.0 == name.0 => repeated.push((name.1, name.2, earlier.2)),
            _ => first = Some(name),
        }
    }
    repeated.sort_unstable();
    for (_, again, first) in repeated {
        let Some(draft) = out.claim(Claim::at(document.fragment.locate(again))) else { continue };
        draft
            .message(format!("key {} stands here again", shown(document, again)))
            .caption("again here")
            .label(document.fragment.locate(first), "first here")
            .help("keep one; readers of JSON take the first, the last, or refuse the policy");
    }
}

fn shown(document: &Document<'_>, key: Local) -> String {
    format!("`{}`", key.of(document.tree.text()).trim_matches('"'))
}
