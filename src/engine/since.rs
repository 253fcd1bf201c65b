//! What the working tree allows beyond a git revision.

use std::path::{Path, PathBuf};

use super::analyse::{looks_like_policy, speaks_of_policy};
use super::{Change, Diffs, FileDiff, Skipped, Trouble, changes, diff};
use crate::dialect::{self, Given, Grants};
use crate::policy::Owners;
use crate::rules::Facts;
use crate::syntax::{notation_of, parse};
use crate::text::{Fragment, Source};

/// Compare the policies below `paths` with what they were at the revision `base`. A file that is new is compared with nothing,
/// one that is gone too; what never held a policy is left aside, unless it was named.
///
/// # Errors
/// When nothing can be compared: no git, no repository, no such revision.
pub fn diff_since(
    base: &str,
    paths: &[PathBuf],
    working_directory: &Path,
    facts_of: impl Fn(&Path) -> Facts,
) -> Result<Diffs, Trouble> {
    let found = changes(base, paths, working_directory)?;
    let mut out = Diffs { troubles: found.troubles, skipped: found.skipped, ..Diffs::default() };
    for change in found.changes {
        let is_named = paths.iter().any(|path| working_directory.join(path) == change.path);
        let compared = compare(change, working_directory, &facts_of);
        match judged(&compared, is_named) {
            Judged::Counts => out.files.push(compared),
            Judged::Skipped => out.skipped.push(Skipped { file: compared.name, reason: "no policy" }),
            Judged::Lost(message) => {
                out.troubles.push(Trouble { file: compared.name, message: message.to_owned(), help: None });
            }
        }
    }
    Ok(out)
}

fn compare(change: Change, working_directory: &Path, facts_of: &impl Fn(&Path) -> Facts) -> FileDiff {
    let before = change.old_name.as_ref().map_or_else(|| change.path.clone(), |old| working_directory.join(old));
    diff(change.old, change.new, [&facts_of(&before), &facts_of(&change.path)])
}

/// What becomes of a file.
enum Judged {
    /// It is told.
    Counts,
    /// It never held a policy.
    Skipped,
    /// It holds none now, and should.
    Lost(&'static str),
}

fn judged(compared: &FileDiff, is_named: bool) -> Judged {
    let is_other = |text: &str| speaks_of_policy(text) && notation_of(&parse(text)).is_some();
    let is_like_one = |source: &Option<Source>| {
        source.as_ref().is_some_and(|source| {
            let text = source.text();
            looks_like_policy(text) || is_other(text) || dialect::is_cut_policy(&parse(text)) || holds_grant(source)
        })
    };
    let [before, now] = compared.counts;
    let has_fault = compared.unjudged.iter().any(|unjudged| !unjudged.is_empty());
    match (before, now) {
        (0, 0) if is_named && !has_fault => Judged::Lost("no policy was found in this file"),
        (0, 0) if !is_named && !(has_fault && (is_like_one(&compared.old) || is_like_one(&compared.new))) => {
            Judged::Skipped
        }
        (1.., 0) if compared.new.is_some() && !has_fault => {
            Judged::Lost("no policy is recognised in this file any more, and there was one before")
        }
        _ => Judged::Counts,
    }
}

/// Whether something in a source grants that cannot be read.
fn holds_grant(source: &Source) -> bool {
    let mut grants = Grants::default();
    let owners = Owners::default();
    dialect::find(
        &Fragment::whole(source),
        &parse(source.text()),
        Given { dialect: None, owners: &owners },
        &mut grants,
    );
    grants.has_unread
}
