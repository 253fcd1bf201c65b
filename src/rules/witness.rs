//! Requests that a policy lets through, for findings that say what somebody may do.

use super::analysis::Analysis;
use crate::catalog::{ActionId, ActionSet, Level, Reach};
use crate::finding::Witness;
use crate::policy::{Resource, ResourceKind};
use crate::semantics::pattern::example;
use crate::semantics::reading::fits;
use crate::semantics::scope::Scope;

/// Names of keys for witnesses; the first that no deny takes back is shown.
const EXAMPLE_KEYS: [&str; 3] = ["someone-else/photo.jpg", "x", "zz9"];

impl Analysis<'_, '_> {
    /// A concrete request for one of `actions` (a typical one that changes something before any other) on `resource`, which
    /// no deny of the policy refuses.
    pub fn witness(&self, actions: ActionSet, resource: &Resource<'_>, scope: Scope) -> Option<Witness> {
        self.witness_among(actions, resource, scope, &EXAMPLE_KEYS)
    }

    /// The same, with the texts to try for the first wildcard of the resource, the best first.
    pub fn witness_among(
        &self,
        actions: ActionSet,
        resource: &Resource<'_>,
        scope: Scope,
        keys: &[&str],
    ) -> Option<Witness> {
        // What is faulty matches nothing, or nothing that can be told.
        if resource.is_faulty && resource.place().is_some() {
            return None;
        }
        let catalog = self.catalog();
        let fitting = actions & fits(scope, catalog);
        let typical = fitting & catalog.typical();
        let changing = typical & catalog.changing();
        let ranked = changing.iter().chain((typical - changing).iter()).chain((fitting - typical).iter());
        ranked.take(12).find_map(|id| {
            keys.iter().find_map(|key| {
                let (path, spelled) = self.request(id, resource, key)?;
                (!self.is_denied(id, resource, &path))
                    .then(|| Witness { action: self.dialect().spell_action(catalog.name(id)), resource: spelled })
            })
        })
    }

    /// A request for one of `actions` on this very key of the bucket that `resource` names, which no deny refuses.
    pub(super) fn witness_at(&self, actions: ActionSet, resource: &Resource<'_>, key: &str) -> Option<Witness> {
        let catalog = self.catalog();
        let place = resource.place()?;
        let path = format!("{}/{key}", place.bucket());
        let typical = actions & catalog.typical();
        let changing = typical & catalog.changing();
        let ranked = changing.iter().chain((typical - changing).iter()).chain((actions - typical).iter());
        let acts_on_keys = |id: &ActionId| catalog.action(*id).is_some_and(|action| action.level == Level::Object);
        let id = ranked.filter(acts_on_keys).take(12).find(|id| !self.is_denied(*id, resource, &path))?;
        let action = self.dialect().spell_action(catalog.name(id));
        Some(Witness { action, resource: self.dialect().spell_resource(place, &path) })
    }

    /// Path and spelling of a request for an action on a resource.
    fn request(&self, id: ActionId, resource: &Resource<'_>, key: &str) -> Option<(String, String)> {
        let catalog = self.catalog();
        let action = catalog.action(id)?;
        let touches_bucket = action.level == Level::Bucket && action.reach != Reach::Prefix;
        match &resource.kind {
            ResourceKind::Everything | ResourceKind::Unreadable if action.level == Level::Service => {
                Some(("*".to_owned(), "*".to_owned()))
            }
            ResourceKind::Everything | ResourceKind::Unreadable => {
                let spelled = self.dialect().spell_sample(if touches_bucket { "" } else { key });
                Some((spelled.rsplit(':').next().unwrap_or_default().to_owned(), spelled))
            }
            ResourceKind::Place(_) if action.level == Level::Service => Some(("*".to_owned(), "*".to_owned())),
            ResourceKind::Place(place) => {
                let path = match place.slash() {
                    Some(_) if touches_bucket && catalog.buckets_apart() => return None,
                    Some(slash) if touches_bucket => place.path.text().get(..=slash as usize)?.to_owned(),
                    None if place.path.is_everything() => {
                        let id = place
                            .account
                            .text()
                            .rsplit('/')
                            .next()
                            .filter(|id| !id.is_empty() && !id.contains('*'))
                            .unwrap_or(self.dialect().words().account_hole);
                        let words = self.dialect().words();
                        let dash = if words.bucket_suffix.is_empty() { "" } else { "-" };
                        let id = if dash.is_empty() { "" } else { id };
                        let rest = match (touches_bucket, catalog.buckets_apart()) {
                            (true, true) => String::new(),
                            (true, false) => "/".to_owned(),
                            (false, _) => format!("/{key}"),
                        };
                        format!("otherbucket{dash}{id}{rest}")
                    }
                    None if place.path.is_wild() && !touches_bucket => example(&place.path, "otherbucket").into_owned(),
                    None if place.path.is_wild() => {
                        let path = example(&place.path, "x").into_owned();
                        (catalog.buckets_apart() || path.ends_with('/')).then_some(path)?
                    }
                    _ => example(&place.path, key).into_owned(),
                };
                let spelled = self.dialect().spell_resource(place, &path);
                Some((path, spelled))
            }
            ResourceKind::OtherService => None,
        }
    }
}
