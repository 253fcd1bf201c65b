//! Policies in the form that the providers' own documents have.

use super::super::grammar::Grammar;
use super::super::{Allow, Dialect, Target, Written};
use crate::catalog::Role;
use crate::policy::PolicyKind;

/// The document of a policy, its resources as `resource` writes them.
pub(in crate::dialect) fn policy(
    dialect: &dyn Dialect,
    grammar: &Grammar,
    kind: PolicyKind,
    principal: &Written,
    allows: &[Allow<'_>],
    resource: impl Fn(&Target) -> String,
) -> Written {
    let statement = |allow: &Allow<'_>| {
        let mut members = vec![("Effect", Written::Text("Allow".to_owned()))];
        if kind == PolicyKind::Bucket {
            members.push(("Principal", principal.clone()));
        }
        members.push(("Action", Written::texts(allow.actions.iter().map(|name| dialect.spell_action(name)))));
        members.push(("Resource", Written::texts(allow.resources.iter().map(&resource))));
        members.extend(condition(dialect, allow).map(|condition| ("Condition", condition)));
        Written::Object(members)
    };
    Written::Object(vec![
        ("Version", Written::Text(grammar.words().version().to_owned())),
        ("Statement", Written::List(allows.iter().map(statement).collect())),
    ])
}

/// The condition that holds a listing to its prefixes; `None` where it has none.
fn condition(dialect: &dyn Dialect, allow: &Allow<'_>) -> Option<Written> {
    let key = dialect.catalog().key_of_role(Role::ListPrefix).filter(|_| !allow.prefixes.is_empty())?;
    let values = Written::texts(allow.prefixes.iter().cloned());
    Some(Written::Object(vec![("StringLike", Written::Object(vec![(&key.name, values)]))]))
}

/// A path as a resource has it: a bucket alone has no slash behind it.
pub(in crate::dialect) fn plain_path(path: &str) -> &str {
    path.strip_suffix('/').filter(|bucket| !bucket.contains('/')).unwrap_or(path)
}
