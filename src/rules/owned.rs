//! What declared layouts say of the resources of a policy: whose keys they reach, proved rather than guessed.

use super::analysis::Analysis;
use crate::catalog::ActionSet;
use crate::finding::Witness;
use crate::policy::{Place, Resource};
use crate::semantics::isolation::{Leak, Owner, Reached, Verdict, isolation};
use crate::semantics::layout::{Layout, OwnedKey};
use crate::semantics::reading::Reading;
use crate::semantics::scope::{Scope, Scoped};

/// What layouts say of the keys that a resource grants to one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Isolation<'l> {
    /// They belong to nobody else.
    Proved,
    /// This one belongs to another user.
    Leak(Leak, &'l Layout),
    /// It was not decided, and why.
    Unknown(&'static str),
}

/// What layouts say of the owners of a resource without holes in its key.
#[derive(Debug)]
pub(super) struct Whose<'p, 'l> {
    /// Two users whose keys it reaches.
    pub(super) several: Option<([Owner; 2], &'l Layout)>,
    /// The name in it that no user has.
    pub(super) misnamed: Option<(&'p str, &'l Layout)>,
}

/// The layouts that may be about the bucket of a resource.
fn of_bucket<'l>(layouts: &'l [Layout], place: &Place<'_>) -> impl Iterator<Item = &'l Layout> {
    layouts.iter().filter(|layout| layout.speaks_of(place))
}

/// Two owners whose keys a resource without holes in its key reaches, or the only one; the layout that says so.
fn reached<'l>(layouts: &'l [Layout], place: &Place<'_>) -> Option<(Reached, &'l Layout)> {
    let mut found = None;
    for layout in of_bucket(layouts, place) {
        match layout.reached(place) {
            Some(several @ Reached::Several(_)) => return Some((several, layout)),
            Some(one @ Reached::One(_)) => found = found.or(Some((one, layout))),
            // Where one layout cannot tell, the others cannot say that there is only one.
            Some(unknown @ Reached::Unknown(_)) => return Some((unknown, layout)),
            Some(Reached::None) | None => {}
        }
    }
    found
}

/// Replace what was guessed of resources by what layouts say of them.
pub(super) fn refine(readings: &mut [Reading<'_, '_>], layouts: &[Layout]) {
    if layouts.is_empty() {
        return;
    }
    for reading in readings {
        let resources = &reading.statement.resources.patterns;
        for (resource, scoped) in resources.iter().zip(&mut reading.scopes) {
            *scoped = refined(*scoped, resource, layouts);
        }
    }
}

/// The scope of a resource by what layouts say of it, where they do.
pub(super) fn refined(scoped: Scoped, resource: &Resource<'_>, layouts: &[Layout]) -> Scoped {
    let is_open = matches!(scoped.certain, Scope::Shared | Scope::Unclosed | Scope::Unknown);
    let Some(place) = resource.place().filter(|_| is_open) else { return scoped };
    let scope = match reached(layouts, place) {
        Some((Reached::One(_), _)) => Scope::Owned,
        Some((Reached::Several(_), _)) if scoped.certain == Scope::Unclosed => Scope::Unclosed,
        Some((Reached::Several(_), _)) => Scope::Shared,
        _ => return scoped,
    };
    Scoped { scope, certain: scope }
}

impl<'a> Analysis<'a, '_> {
    /// The indices of the declared layouts of buckets that the policy names.
    pub fn layouts(&self) -> impl Iterator<Item = usize> + '_ {
        let layouts = self.facts().layouts.iter().enumerate();
        let places = || self.readings().iter().flat_map(|reading| &reading.statement.resources.patterns);
        let is_named = move |layout: &Layout| places().filter_map(Resource::place).any(|place| layout.speaks_of(place));
        layouts.filter(move |(_, layout)| is_named(layout)).map(|(index, _)| index)
    }

    /// Two users whose keys a resource without holes in its key reaches, and the layout that says so.
    pub(super) fn several_owners(&self, place: &Place<'_>) -> Option<([Owner; 2], &'a Layout)> {
        match reached(&self.facts().layouts, place)? {
            (Reached::Several(owners), layout) => Some((owners, layout)),
            _ => None,
        }
    }

    /// The declared shape of keys whose owners a resource without holes in its key reaches, or would reach with another name.
    pub(super) fn shape_of(&self, place: &Place<'_>) -> Option<(&'a Layout, &'a OwnedKey)> {
        let layouts = || of_bucket(&self.facts().layouts, place);
        let reached = layouts().find_map(|layout| Some((layout, layout.shape_reached(place)?)));
        reached.or_else(|| layouts().find_map(|layout| layout.misnamed(place).map(|(_, key)| (layout, key))))
    }

    /// The name that stands in a resource where a layout has the owner, and that the layout does not allow; `None` where the
    /// resource reaches some user's keys.
    fn misnamed<'p>(&self, place: &'p Place<'_>) -> Option<(&'p str, &'a Layout)> {
        let layouts = || of_bucket(&self.facts().layouts, place);
        if layouts().any(|layout| layout.shape_reached(place).is_some()) {
            return None;
        }
        layouts().find_map(|layout| layout.misnamed(place).map(|(name, _)| (name, layout)))
    }

    /// What layouts say of the owners of a resource.
    pub(super) fn whose<'p>(&self, resource: &'p Resource<'_>) -> Whose<'p, 'a> {
        let place = resource.place().filter(|_| !resource.is_faulty);
        Whose {
            several: place.and_then(|place| self.several_owners(place)),
            misnamed: place.and_then(|place| self.misnamed(place)),
        }
    }

    /// A request for one of `actions` on another user's key by a declared layout, or on some key of `resource`.
    pub(super) fn witness_of_other(
        &self,
        whose: &Whose<'_, '_>,
        actions: ActionSet,
        resource: &Resource<'_>,
        scope: Scope,
    ) -> Option<Witness> {
        let of_layout =
            whose.several.as_ref().and_then(|([_, other], _)| self.witness_at(actions, resource, &other.key));
        of_layout.or_else(|| self.witness(actions, resource, scope))
    }

    /// Whether the keys that a resource with a user's hole grants belong to that user alone; `None` where no layout
    /// speaks of them.
    pub(super) fn isolation(&self, place: &Place<'_>) -> Option<Isolation<'a>> {
        let layouts = &self.facts().layouts;
        // Who else reaches what a layout gives away does so by the layouts, and it is their fault.
        if of_bucket(layouts, place).any(|layout| layout.granted(place).is_some_and(|granted| layout.gives(&granted))) {
            return Some(Isolation::Proved);
        }
        let mut found = None;
        for layout in of_bucket(layouts, place) {
            let (Some(granted), Some(names)) = (layout.granted(place), &layout.safe) else { continue };
            if !layout.knows(&granted) {
                continue;
            }
            match isolation(&[granted], &layout.templates(), names) {
                Verdict::Leak(leak) => return Some(Isolation::Leak(leak, layout)),
                Verdict::Unknown(reason) => found = Some(Isolation::Unknown(reason)),
                Verdict::Isolated => found = found.or(Some(Isolation::Proved)),
            }
        }
        found
    }
}

/// What is to be added where names were not declared.
pub(super) fn assumption(layout: &Layout) -> String {
    if layout.is_assumed {
        format!(" (names like `{}` are assumed: the layout at {} declares none)", layout.names.text(), layout.at)
    } else {
        String::new()
    }
}

/// What is said of a path without an owner.
pub(super) struct Ownerless {
    pub(super) message: String,
    pub(super) caption: &'static str,
}

/// What is said of actions on a path without an owner: two users whose keys are reached, where a layout tells them; a name
/// that no user has by a layout; that an owner was guessed; else that nobody's name stands in it.
pub(super) fn ownerless(whose: &Whose<'_, '_>, resource: &Resource<'_>, names: &str, is_guessed: bool) -> Ownerless {
    let prefix = resource.place().map_or("", |place| place.path.fixed_prefix());
    if let Some(([one, other], layout)) = &whose.several {
        let message = format!(
            "{names} allowed on the keys of more than one user: `{}` of `{}` and `{}` of `{}`{}",
            one.key,
            one.name,
            other.key,
            other.name,
            assumption(layout)
        );
        return Ownerless { message, caption: "more than one user's keys" };
    }
    if let Some((name, layout)) = whose.misnamed {
        let message = format!(
            "{names} allowed below `{prefix}`, which is no user's: `{name}` is no name that the layout at {} allows{}",
            layout.at,
            assumption(layout)
        );
        return Ownerless { message, caption: "no user has this name" };
    }
    if is_guessed {
        let message = format!("{names} allowed below `{prefix}`, which only looks like one user's");
        return Ownerless { message, caption: "taken as one user's path" };
    }
    let message = format!("{names} allowed on every user's keys below `{prefix}`");
    Ownerless { message, caption: "no owner before the wildcard" }
}
