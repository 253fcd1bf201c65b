//! Loading and asking a catalogue.

use serde::Deserialize;

use super::names::Names;
use super::{
    Action, ActionId, ActionSet, Applies, Class, ConditionKey, Family, FormField, Ground, Level, ProviderKey, Reach,
    Role, Whose,
};

/// A name that users write and the provider does not have.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForeignAction {
    /// The wrong name.
    pub name: String,
    /// The actions that are meant.
    pub instead: Vec<String>,
    /// Pages that say so.
    pub sources: Vec<String>,
    /// The day on which they were read.
    pub read: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    dialect: String,
    service: String,
    actions: Vec<Action>,
    condition_keys: Vec<ConditionKey>,
    #[serde(default)]
    provider_keys: Vec<ProviderKey>,
    foreign_actions: Vec<ForeignAction>,
    form_fields: Vec<FormField>,
    regions: Regions,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Regions {
    names: Vec<String>,
    #[expect(dead_code, reason = "facts carry their source; a test of the file reads it")]
    sources: Vec<String>,
    #[expect(dead_code, reason = "facts carry the day they were read; a test of the file reads it")]
    read: String,
}

/// An action by which others can be granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lead {
    /// The action.
    pub by: ActionId,
    /// Where what it grants works.
    pub on: Ground,
    /// What it can grant.
    pub to: ActionSet,
}

/// A provider's actions, condition keys and regions, indexed.
#[derive(Debug)]
pub struct Catalog {
    dialect: String,
    service: String,
    actions: Vec<Action>,
    names: Names,
    keys: Vec<ConditionKey>,
    key_names: Names,
    provider_keys: Vec<ProviderKey>,
    foreign: Vec<ForeignAction>,
    form_fields: Vec<FormField>,
    regions: Vec<String>,
    region_names: Names,
    all: ActionSet,
    by_class: [ActionSet; 6],
    by_level: [ActionSet; 3],
    upload_family: ActionSet,
    prefix_reach: ActionSet,
    account_reach: ActionSet,
    typical: ActionSet,
    nameable: ActionSet,
    leads: Vec<Lead>,
    buckets_apart: bool,
    carries: Vec<ActionSet>,
    carries_role: [ActionSet; Role::COUNT],
}

impl Catalog {
    /// Load a catalogue from its file's text.
    ///
    /// # Errors
    /// When the text is no catalogue: this is a fault of the program, which a test finds.
    pub fn load(text: &str) -> Result<Self, serde_json::Error> {
        let File {
            dialect,
            service,
            actions,
            condition_keys: keys,
            provider_keys,
            foreign_actions: foreign,
            form_fields,
            regions,
        } = serde_json::from_str(text)?;
        let set = |test: &dyn Fn(&Action) -> bool| -> ActionSet {
            actions.iter().enumerate().filter(|(_, a)| test(a)).map(|(id, _)| ActionId(id as u16)).collect()
        };
        let body =
            |a: &Action| a.class.is_changing() && !["Delete", "Abort"].iter().any(|verb| a.name.starts_with(verb));
        let carries: Vec<ActionSet> = keys
            .iter()
            .map(|key| match key.applies {
                Applies::All => set(&|_| true),
                Applies::Body => set(&body),
                Applies::Listed => set(&|a| a.condition_keys.contains(&key.name)),
            })
            .collect();
        let mut carries_role = [ActionSet::EMPTY; Role::COUNT];
        for (key, set) in keys.iter().zip(&carries) {
            if let Some(slot) = key.role.and_then(|role| carries_role.get_mut(role as usize)) {
                *slot |= *set;
            }
        }
        let lead = |(action, number): (&Action, u16)| {
            let leads_to = action.leads_to.as_ref()?;
            let is_named = |a: &Action| leads_to.actions.contains(&a.name);
            let is_any = leads_to.actions.iter().any(|name| name == "*");
            let to = set(&|a| is_named(a) || (is_any && a.level != Level::Service));
            Some(Lead { by: ActionId(number), on: leads_to.on, to })
        };
        let leads = actions.iter().zip(0..).filter_map(lead).collect();
        let mut catalog = Self {
            leads,
            nameable: ActionSet::EMPTY,
            names: Names::new(actions.iter().map(|action| action.name.as_str())),
            key_names: Names::new(keys.iter().map(|key| key.name.as_str())),
            carries_role,
            all: ActionSet::first(actions.len()),
            by_class: Class::ALL.map(|class| set(&|a| a.class == class)),
            by_level: [Level::Object, Level::Bucket, Level::Service].map(|level| set(&|a| a.level == level)),
            upload_family: set(&|a| a.family == Some(Family::Upload)),
            prefix_reach: set(&|a| a.reach == Reach::Prefix),
            account_reach: set(&|a| a.reach == Reach::Account),
            typical: set(&|a| a.typical),
            buckets_apart: false,
            carries,
            region_names: Names::new(regions.names.iter().map(String::as_str)),
            regions: regions.names,
            dialect,
            service,
            actions,
            keys,
            provider_keys,
            foreign,
            form_fields,
        };
        catalog.nameable = catalog.all.iter().filter(|id| !catalog.is_spelled_otherwise(*id)).collect();
        Ok(catalog)
    }

    /// A bucket is a resource of its own, which the resources of its keys do not hold, and an action that lists is judged
    /// against the bucket alone.
    #[must_use]
    pub fn with_buckets_apart(mut self) -> Self {
        self.buckets_apart = true;
        self.prefix_reach = ActionSet::EMPTY;
        for action in self.actions.iter_mut().filter(|action| action.reach == Reach::Prefix) {
            action.reach = Reach::Bucket;
        }
        self
    }

    /// Other regions than the file's: what stands in the region of a resource, where that is something else.
    #[must_use]
    pub fn with_regions(mut self, regions: &[&str]) -> Self {
        self.regions = regions.iter().map(|&region| region.to_owned()).collect();
        self.regions.sort_unstable();
        self.region_names = Names::new(self.regions.iter().map(String::as_str));
        self
    }

    /// Whether a bucket is a resource of its own: `bucket/*` does not hold it.
    pub fn buckets_apart(&self) -> bool {
        self.buckets_apart
    }

    /// The dialect's name.
    pub fn dialect(&self) -> &str {
        &self.dialect
    }

    /// The word for the service in actions and resources.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// All actions in order of name; an [`ActionId`] is an index into it.
    pub fn actions(&self) -> &[Action] {
        &self.actions
    }

    /// The action of an id.
    pub fn action(&self, id: ActionId) -> Option<&Action> {
        self.actions.get(usize::from(id.0))
    }

    /// The name of an action.
    pub fn name(&self, id: ActionId) -> &str {
        self.action(id).map_or("", |action| &action.name)
    }

    /// The action of this very name. O(1).
    pub fn find(&self, name: &str) -> Option<ActionId> {
        let index = self.names.find(name, |index| self.actions.get(index).map(|action| action.name.as_str()));
        index.map(|index| ActionId(index as u16))
    }

    /// The action of this name in any letter case.
    pub fn find_in_any_case(&self, name: &str) -> Option<ActionId> {
        self.actions.iter().position(|a| a.name.eq_ignore_ascii_case(name)).map(|at| ActionId(at as u16))
    }

    /// The actions whose names begin with `prefix`, as a range of indices. O(log n).
    pub fn with_prefix(&self, prefix: &str) -> std::ops::Range<usize> {
        let start = self.actions.partition_point(|a| a.name.as_str() < prefix);
        let rest = self.actions.get(start..).unwrap_or_default();
        start..start + rest.partition_point(|a| a.name.starts_with(prefix))
    }

    /// Every action.
    pub fn all(&self) -> ActionSet {
        self.all
    }

    /// The actions of a class.
    pub fn of_class(&self, class: Class) -> ActionSet {
        self.by_class.get(class as usize).copied().unwrap_or_default()
    }

    /// The actions of a level.
    pub fn of_level(&self, level: Level) -> ActionSet {
        self.by_level.get(level as usize).copied().unwrap_or_default()
    }

    /// The actions that change anything.
    pub fn changing(&self) -> ActionSet {
        self.all - self.of_class(Class::List) - self.of_class(Class::Read)
    }

    /// The actions that one upload needs.
    pub fn upload_family(&self) -> ActionSet {
        self.upload_family
    }

    /// The bucket-level actions that are judged against the prefix that they list.
    pub fn prefix_reach(&self) -> ActionSet {
        self.prefix_reach
    }

    /// The bucket-level actions that can be granted for the keys of some prefixes alone: by a resource, or, where a bucket is
    /// a resource of its own, by a condition on the prefix.
    pub fn by_prefix(&self) -> ActionSet {
        let listing = self.of_level(Level::Bucket) & self.carrying_role(Role::ListPrefix);
        if self.buckets_apart { listing } else { self.prefix_reach }
    }

    /// The condition key of this role, if there is one.
    pub fn key_of_role(&self, role: Role) -> Option<&ConditionKey> {
        self.keys.iter().find(|key| key.role == Some(role))
    }

    /// The actions to show where any of several would do.
    pub fn typical(&self) -> ActionSet {
        self.typical
    }

    /// The actions by which others can be granted, in order of name.
    pub fn leads(&self) -> &[Lead] {
        &self.leads
    }

    /// The bucket-level actions that make a bucket.
    pub fn account_reach(&self) -> ActionSet {
        self.account_reach
    }

    /// All condition keys, in order of name.
    pub fn keys(&self) -> &[ConditionKey] {
        &self.keys
    }

    /// Index of the condition key of this name, without the tag that may stand behind it. O(1).
    fn key_at(&self, name: &str) -> Option<usize> {
        let find = |name: &str| self.key_names.find(name, |index| self.keys.get(index).map(|key| key.name.as_str()));
        find(name).or_else(|| name.split_once('/').and_then(|(name, _)| find(name)))
    }

    /// The condition key of this name.
    pub fn key(&self, name: &str) -> Option<&ConditionKey> {
        self.key_at(name).and_then(|at| self.keys.get(at))
    }

    /// The condition key of this name, without the tag that may stand behind it, where the catalogue has it in another letter case
    /// only. O(keys).
    pub fn key_folded(&self, name: &str) -> Option<&ConditionKey> {
        if self.key(name).is_some() {
            return None;
        }
        let head = name.split_once('/').map_or(name, |(head, _)| head);
        self.keys.iter().find(|key| key.name.eq_ignore_ascii_case(head))
    }

    /// The role of a key.
    pub fn role_of(&self, name: &str) -> Option<Role> {
        self.key(name).and_then(|key| key.role)
    }

    /// Whose the value of the key of this name is, in any letter case; `None` where that is not known. O(keys).
    pub fn whose(&self, name: &str) -> Option<Whose> {
        if let Some(key) = self.key(name).or_else(|| self.key_folded(name)) {
            return key.whose;
        }
        let name = name.to_ascii_lowercase();
        self.provider_keys.iter().find(|key| name.ends_with(&key.name)).map(|key| key.whose)
    }

    /// Whether every request that a key signs has the key of this name. O(keys).
    pub fn is_always_there(&self, name: &str) -> bool {
        self.key(name).or_else(|| self.key_folded(name)).is_some_and(|key| key.always)
    }

    /// The actions whose requests carry a key; none for an unknown key.
    pub fn carrying(&self, name: &str) -> ActionSet {
        self.carriers(name).unwrap_or_default()
    }

    /// The actions whose requests carry a key; `None` for an unknown key.
    pub fn carriers(&self, name: &str) -> Option<ActionSet> {
        self.key_at(name).and_then(|at| self.carries.get(at).copied())
    }

    /// The actions whose requests carry a key of this role.
    pub fn carrying_role(&self, role: Role) -> ActionSet {
        self.carries_role.get(role as usize).copied().unwrap_or_default()
    }

    /// The entry for a name that is no action.
    pub fn foreign(&self, name: &str) -> Option<&ForeignAction> {
        self.foreign.iter().find(|foreign| foreign.name.eq_ignore_ascii_case(name))
    }

    /// Whether policies spell an action in another way: it is known for what it would do, and its name is only inferred.
    pub fn is_spelled_otherwise(&self, id: ActionId) -> bool {
        self.action(id).is_some_and(|action| action.confidence == "inferred" && self.foreign(&action.name).is_some())
    }

    /// The actions that a policy can name, by the names that they have in it.
    pub fn nameable(&self) -> ActionSet {
        self.nameable
    }

    /// All names that are no actions.
    pub fn foreign_actions(&self) -> &[ForeignAction] {
        &self.foreign
    }

    /// The fields of upload forms that are known, in order of name.
    pub fn form_fields(&self) -> &[FormField] {
        &self.form_fields
    }

    /// The field of an upload form of this name, in any letter case.
    pub fn form_field(&self, name: &str) -> Option<&FormField> {
        self.form_fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// The regions in order of name.
    pub fn regions(&self) -> &[String] {
        &self.regions
    }

    /// Whether the provider lists this region.
    pub fn has_region(&self, name: &str) -> bool {
        self.region_names.find(name, |at| self.regions.get(at).map(String::as_str)).is_some()
    }
}
