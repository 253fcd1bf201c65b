//! Policies in the form that the providers' own documents have.

use super::super::{Allow, Dialect, Target, Written};
use super::Grammar;
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
        Written::Object(members)
    };
    Written::Object(vec![
        ("Version", Written::Text(grammar.version().to_owned())),
        ("Statement", Written::List(allows.iter().map(statement).collect())),
    ])
}

/// A path as a resource has it: a bucket alone has no slash behind it.
pub(in crate::dialect) fn plain_path(path: &str) -> &str {
    path.strip_suffix('/').filter(|bucket| !bucket.contains('/')).unwrap_or(path)
}
