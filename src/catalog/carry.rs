//! Which requests carry a condition key, beyond what its entry lists: where that is told, and where it surely is not so.

use super::{Action, ActionId, ActionSet, Applies, Catalog, Class, Role};

impl Catalog {
    /// The actions of which their own entry says that their requests carry a key; of a key of all requests, all.
    pub fn told_to_carry(&self, name: &str) -> ActionSet {
        let Some(key) = self.key(name).filter(|key| key.applies == Applies::Body) else { return self.carrying(name) };
        let is_told = |(action, _): &(&Action, u16)| action.condition_keys.contains(&key.name);
        self.actions().iter().zip(0..).filter(is_told).map(|(_, id)| ActionId(id)).collect()
    }

    /// The actions whose requests surely carry no such key, which is more than that nothing says they do: those that read,
    /// list or delete, of what an upload sets or is; but a batch of deletes has a body.
    pub fn surely_without(&self, name: &str) -> ActionSet {
        let Some(key) = self.key(name) else { return ActionSet::EMPTY };
        let reads = self.of_class(Class::Read) | self.of_class(Class::List);
        let deletes = self.of_class(Class::Delete);
        let never = match (key.applies, key.role) {
            (Applies::Body, _) => reads | (deletes & self.typical()),
            (Applies::Listed, Some(Role::ObjectAcl | Role::StorageClass)) => reads | deletes,
            _ => return ActionSet::EMPTY,
        };
        never - self.carrying(name)
    }
}
