//! `prefix-collision`: an owner that is not closed before the wildcard also fits longer names.

use super::prelude::*;
use crate::policy::{HoleRole, Owners, Place};
use crate::semantics::reading::fits;
use crate::semantics::scope::Scope;

pub(super) static META: RuleMeta = RuleMeta {
    name: "prefix-collision",
    summary: "an owner without a closing slash also fits users whose names begin alike",
    grades: Grades {
        session: Grade::default(Severity::High),
        undetermined: Grade::default(Severity::Medium),
        identity: TIDY,
        bucket: TIDY,
    },
    confidence: Confidence::High,
    status: SINCE_0_1,
    fix: FixLevel::None,
    page: include_str!("../../rules/prefix-collision.md"),
};

pub(super) const CHECK: Check = Check::Grants(check);

fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
    let catalog = cx.catalog();
    for reading in cx.allows() {
        if reading.covers_service {
            continue;
        }
        for (resource, scoped) in reading.resources() {
            let Some(place) = resource.place().filter(|_| scoped.scope == Scope::Unclosed) else { continue };
            let fitting = reading.actions() & fits(scoped.scope, catalog);
            if fitting.is_empty() && !reading.has_unknown {
                continue;
            }
            let Some(fitting) = cx.left_of(fitting, reading, resource) else { continue };
            let Some(open) = open_owner(place, &cx.facts().owners) else { continue };
            let gentle = !fitting.meets(&catalog.changing()) && !reading.has_unknown;
            let mut claim =
                Claim::at(place.path.anchor().locate(open.range.clone())).of(reading.statement).lower_if(gentle);
            if open.needs_separator {
                // A name can only collide when it may hold the separator, which is not assumed.
                claim = claim.grade(LOOK);
            }
            // If the guessed owner is none, the path is everybody's: it is one fault or the other.
            if scoped.certain != Scope::Unclosed {
                claim = claim.confidence(Confidence::Low);
            }
            let Some(draft) = out.claim(claim) else { continue };
            let shown = place.path.text().get(open.range.start as usize..open.range.end as usize).unwrap_or_default();
            draft
                .message(format!("`{shown}` also fits other users whose names begin with the same letters"))
                .caption("not closed by `/`")
                .help(format!(
                    "close the owner with a slash: `{}`",
                    cx.dialect().spell_resource(place, &closed(place, &open))
                ))
                .witness(cx.witness_among(fitting, resource, scoped.scope, continued(place, &open)));
        }
    }
}

/// An owner directly before a wildcard.
struct Open {
    /// From the owner's first byte to behind the wildcard, in the path.
    range: std::ops::Range<u32>,
    /// Where the wildcard begins.
    wild: u32,
    /// Something that no name is assumed to hold stands between owner and wildcard.
    needs_separator: bool,
}

fn open_owner(place: &Place<'_>, owners: &Owners) -> Option<Open> {
    let path = &place.path;
    let wild = path.first_wildcard()?;
    let hole = path.holes().iter().rev().find(|hole| hole.range.end <= wild.start && hole.role == HoleRole::Owner);
    let segment = path.text().get(..wild.start as usize)?.rfind('/').map_or(0, |at| at as u32 + 1);
    let (start, end) = match hole {
        Some(hole) if hole.range.end > segment => (hole.range.start, hole.range.end),
        _ => {
            let text = path.text().get(segment as usize..wild.start as usize)?;
            let name =
                owners.names.iter().filter_map(|name| text.rfind(name.as_str()).map(|at| (at, name.len()))).max();
            let (at, len) = name.unwrap_or((0, text.len()));
            (segment + at as u32, segment + (at + len) as u32)
        }
    };
    let between = path.text().get(end as usize..wild.start as usize)?;
    let needs_separator = between.chars().any(|c| !c.is_ascii_alphanumeric());
    Some(Open { range: start..wild.end, wild: wild.start, needs_separator })
}

/// The path with a slash before its wildcard.
fn closed(place: &Place<'_>, open: &Open) -> String {
    let text = place.path.text();
    let (before, behind) = text.split_at_checked(open.wild as usize).unwrap_or((text, ""));
    format!("{before}/{behind}")
}

/// What continues the owner's name, to be tried for the wildcard: another name's end, with a file behind it where the rest
/// of the pattern is free.
fn continued(place: &Place<'_>, open: &Open) -> &'static [&'static str] {
    let is_free = open.range.end as usize == place.path.text().len();
    if is_free { &["2/photo.jpg", "2", "3x/photo.jpg", "zz9"] } else { &["2", "2/photo", "3x", "zz9"] }
}
