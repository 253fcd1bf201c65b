//! `prefix-collision`: an owner that is not closed before the wildcard also fits longer names.

use super::listed::{Listed, each_listed};
use super::owned::{Isolation, assumption};
use super::prelude::*;
use super::repair::spelled;
use super::unexpanded_variable::is_without_value;
use super::wildcard_action;
use crate::catalog::ActionSet;
use crate::policy::{Anchor, Base, Case, Condition, Hole, HoleRole, Owners, Pattern, Place, Resource};
use crate::semantics::layout::Layout;
use crate::semantics::reading::{Reading, fits};
use crate::semantics::scope::{Scope, Scoped, end_of_name};
use crate::text::Span;

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
    for reading in cx.allows() {
        if wildcard_action::is_unread(reading) {
            continue;
        }
        for (resource, scoped) in reading.resources() {
            let Some(place) = resource.place().filter(|_| !resource.is_faulty) else { continue };
            // A path that is everybody's is not owned by anyone whose name could be continued.
            if !matches!(scoped.scope, Scope::Unclosed | Scope::Owned | Scope::Object) {
                continue;
            }
            let fitting = reading.actions() & fits(scoped.scope, cx.catalog());
            if fitting.is_empty() && !reading.has_unknown {
                continue;
            }
            let grant = Grant { reading, resource, place, scoped, fitting, prefix: None };
            if has_layout(cx) && exact(cx, &grant, out) {
                continue;
            }
            if scoped.scope == Scope::Unclosed || (scoped.scope == Scope::Owned && holds_open_owner(place)) {
                guessed(cx, &grant, out);
            }
        }
        listed(cx, reading, out);
    }
}

/// The prefixes that conditions let a statement list.
fn listed(cx: &Analysis<'_, '_>, reading: &Reading<'_, '_>, out: &mut Reporter<'_>) {
    let is_sought =
        |condition: &Condition<'_>, key: &str| condition.operator.base == Base::StringLike && !is_closed(key);
    let is_plain = |condition: &Condition<'_>| condition.values.iter().all(|value| is_closed_as_written(&value.text));
    if reading.statement.conditions.iter().all(is_plain) {
        return;
    }
    each_listed(cx, reading, is_sought, |listed| {
        let Listed { condition, ref resource, scoped, actions: fitting } = *listed;
        let Some(place) = resource.place().filter(|_| scoped.scope == Scope::Unclosed) else { return };
        let grant = Grant { reading, resource, place, scoped, fitting, prefix: Some(condition) };
        if !has_layout(cx) || !exact(cx, &grant, out) {
            guessed(cx, &grant, out);
        }
    });
}

/// Whether a value is closed before its only wildcard, encoded or not, or has none.
fn is_closed_as_written(value: &str) -> bool {
    let Some(wild) = memchr::memchr2(b'*', b'?', value.as_bytes()) else { return true };
    let head = value.get(..wild).unwrap_or_default();
    (head.ends_with('/') || head.ends_with("%2F")) && value.get(wild..) == Some("*")
}

/// Whether the wildcard of a prefix stands at the start of a segment: a glance that spares most prefixes a closer look.
fn is_closed(prefix: &str) -> bool {
    let head = prefix.split('*').next().unwrap_or_default();
    head.ends_with('/') && !head.contains('?')
}

/// What a statement allows on one resource.
#[derive(Clone, Copy)]
struct Grant<'r, 'p, 's> {
    reading: &'r Reading<'p, 's>,
    resource: &'r Resource<'s>,
    place: &'r Place<'s>,
    scoped: Scoped,
    fitting: ActionSet,
    /// The resource is a prefix that this condition names.
    prefix: Option<&'r Condition<'s>>,
}

impl Grant<'_, '_, '_> {
    /// A claim on these bytes; a wildcard for the whole service is said before it.
    fn claim(&self, span: Span) -> Claim<'_> {
        Claim::at(span).of(self.reading.statement).yielding([wildcard_action::of_service(self.reading), None])
    }

    /// The resource with its owner closed, as it is to be written in its place.
    fn closed(&self, cx: &Analysis<'_, '_>, open: &Open) -> String {
        let Some(condition) = self.prefix else {
            return spelled(cx, self.place, &with_slash(self.place.path.text(), open.wild, "/"));
        };
        let is_encoded = cx.catalog().key(&condition.key).is_some_and(|key| key.encoded);
        let text = &*self.resource.text;
        // What stands behind the owner is a wildcard in the condition too, and the first one.
        let value = Pattern::new(text, cx.dialect().any_one(), Case::Sensitive, Anchor::loose(self.resource.span));
        let wild = value.first_wildcard().map_or(text.len() as u32, |wild| wild.start);
        with_slash(text, wild, if is_encoded { "%2F" } else { "/" })
    }

    /// Nothing is changed by what is left.
    fn is_gentle(&self, cx: &Analysis<'_, '_>, left: ActionSet) -> bool {
        !left.meets(&cx.catalog().changing()) && !self.reading.has_unknown
    }
}

fn has_layout(cx: &Analysis<'_, '_>) -> bool {
    !cx.facts().layouts.is_empty()
}

/// Judge by the declared layouts; `false` when they do not decide.
fn exact(cx: &Analysis<'_, '_>, grant: &Grant<'_, '_, '_>, out: &mut Reporter<'_>) -> bool {
    let place = grant.place;
    let key = place.slash().map_or(0, |slash| slash + 1);
    let holes = || place.path.holes().iter().filter(|hole| hole.range.end > key);
    let (users, key, layout) = if holes().next().is_none() {
        // What a filled-in path reaches beyond its owner is only asked where the owner is not closed.
        if grant.scoped.scope != Scope::Unclosed {
            return false;
        }
        let Some(([one, other], layout)) = cx.several_owners(place) else { return false };
        (format!("`{}` and `{}`", one.name, other.name), other.key, layout)
    } else {
        match cx.isolation(place) {
            Some(Isolation::Proved) => return true,
            Some(Isolation::Leak(leak, layout)) => {
                (format!("`{}`, to whom it is granted, and `{}`", leak.granted_to, leak.owner), leak.key, layout)
            }
            Some(Isolation::Unknown(reason)) => {
                let claim = grant.claim(grant.resource.span).grade(LOOK);
                if let Some(draft) = out.claim(claim.confidence(Confidence::Low)) {
                    draft
                        .message(format!("cannot tell whether one user reaches another user's keys: {reason}"))
                        .caption("not decided")
                        .help("let the path begin as the keys in the layout do, up to the owner");
                }
                return true;
            }
            None => return false,
        }
    };
    let Some(left) = cx.left_of(grant.fitting, grant.reading, grant.resource) else { return true };
    let open = open_owner(place, &cx.facts().owners);
    let span = match &open {
        Some(open) => place.path.anchor().locate(open.range.clone()),
        None => grant.resource.span,
    };
    let mut claim = grant.claim(span).lower_if(grant.is_gentle(cx, left));
    if holes().any(|hole| hole.role != HoleRole::Owner) {
        // What stands in the other holes was chosen so that it shows the leak.
        claim = claim.confidence(Confidence::Medium);
    }
    let Some(draft) = out.claim(claim) else { return true };
    let is_closed = grant.scoped.scope != Scope::Unclosed;
    let help = match &open {
        Some(open) if !is_closed && !open.needs_separator && has_folders(layout) => {
            format!("close the owner with a slash: `{}`", grant.closed(cx, open))
        }
        _ => format!("grant keys as the layout at {} has them, such as `{}`", layout.at, first_key(layout)),
    };
    draft
        .message(format!("two users reach `{key}`: {users}, whose it is{}", assumption(layout)))
        .caption(if is_closed { "fits another user's keys" } else { "not closed by `/`" })
        .help(help)
        .witness(cx.witness_at(left, grant.resource, &key));
    true
}

/// Whether some key of a layout lies in a folder that is named after its owner.
fn has_folders(layout: &Layout) -> bool {
    let folder = format!("{{{}}}/", layout.owner);
    layout.keys.iter().any(|key| key.text.contains(&folder))
}

fn first_key(layout: &Layout) -> &str {
    layout.keys.first().map_or("", |key| key.text.as_str())
}

/// Judge by what names are assumed to hold.
fn guessed(cx: &Analysis<'_, '_>, grant: &Grant<'_, '_, '_>, out: &mut Reporter<'_>) {
    let (place, scoped) = (grant.place, grant.scoped);
    let marks = place.path.holes().iter().map(|hole| &hole.range);
    let mut marks = marks.map(|range| place.path.text().get(range.start as usize..range.end as usize));
    // What matches nothing fits nobody.
    if marks.any(|mark| mark.is_some_and(|mark| is_without_value(cx, mark))) {
        return;
    }
    let Some(fitting) = cx.left_of(grant.fitting, grant.reading, grant.resource) else { return };
    let Some(open) = open_owner(place, &cx.facts().owners) else { return };
    let gentle = grant.is_gentle(cx, fitting);
    let mut claim = grant.claim(place.path.anchor().locate(open.range.clone())).lower_if(gentle);
    // A name can only collide when it may hold the separator, which is not assumed; and within what one owner has, it may be
    // that owner's own matter.
    if open.needs_separator || scoped.scope == Scope::Owned {
        claim = claim.grade(LOOK);
    }
    // If the guessed owner is none, the path is everybody's: it is one fault or the other.
    if scoped.certain != Scope::Unclosed {
        claim = claim.confidence(Confidence::Low);
    }
    let Some(draft) = out.claim(claim) else { return };
    let shown = place.path.text().get(open.range.start as usize..open.range.end as usize).unwrap_or_default();
    // The wildcard of a form is nowhere written.
    let shown = if cx.is_post() { shown.trim_end_matches('*') } else { shown };
    draft
        .message(format!("`{shown}` also fits other users whose names begin with the same letters"))
        .caption("not closed by `/`")
        .help(format!("close the owner with a slash: `{}`", grant.closed(cx, &open)))
        .witness(cx.witness_among(fitting, grant.resource, scoped.scope, continued(place, &open)));
}

/// Whether an owner's keys are divided among others by a name that is not closed before the wildcard: `{tenant}/{user}*`.
fn holds_open_owner(place: &Place<'_>) -> bool {
    let path = &place.path;
    if path.holes().len() < 2 {
        return false;
    }
    let Some(wild) = path.first_open() else { return false };
    let segment = path.text().get(..wild.start as usize).and_then(|head| head.rfind('/')).map_or(0, |at| at as u32 + 1);
    let name = |hole: &Hole| path.hole_name(hole);
    let mut owners = path.holes().iter().filter(|hole| hole.role == HoleRole::Owner && hole.range.end <= wild.start);
    let is_new = |hole: &Hole| !path.holes().iter().any(|o| o.range.end <= segment && name(o) == name(hole));
    owners.any(|hole| hole.range.start >= segment && is_new(hole))
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
    let wild = path.first_open()?;
    let hole = path.holes().iter().rev().find(|hole| hole.range.end <= wild.start && hole.role == HoleRole::Owner);
    let segment = path.text().get(..wild.start as usize)?.rfind('/').map_or(0, |at| at as u32 + 1);
    let (start, end) = match hole {
        Some(hole) if hole.range.end > segment => (hole.range.start, hole.range.end),
        _ => {
            let text = path.text().get(segment as usize..wild.start as usize)?;
            let name =
                owners.names.iter().filter_map(|name| text.rfind(name.as_str()).map(|at| (at, name.len()))).max();
            let (at, len) = name.unwrap_or((0, end_of_name(text).len()));
            (segment + at as u32, segment + (at + len) as u32)
        }
    };
    let between = path.text().get(end as usize..wild.start as usize)?;
    let needs_separator = between.chars().any(|c| !c.is_ascii_alphanumeric());
    Some(Open { range: start..wild.end, wild: wild.start, needs_separator })
}

/// A path with a slash, as it is written there, before its wildcard.
fn with_slash(text: &str, wild: u32, slash: &str) -> String {
    let (before, behind) = text.split_at_checked(wild as usize).unwrap_or((text, ""));
    [before, slash, behind].concat()
}

/// What continues the owner's name, to be tried for the wildcard: another name's end, with a file behind it where the rest
/// of the pattern is free.
fn continued(place: &Place<'_>, open: &Open) -> &'static [&'static str] {
    let is_free = open.range.end as usize == place.path.text().len();
    if is_free { &["2/photo.jpg", "2", "3x/photo.jpg", "zz9"] } else { &["2", "2/photo", "3x", "zz9"] }
}
