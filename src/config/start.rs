//! The file with which a project begins.

use crate::dialect;

/// A commented `grantlint.toml`. It sets nothing; a line that begins with `#` and no blank becomes a setting when the
/// `#` is removed.
pub fn starting_file() -> String {
    let usual = dialect::usual();
    let names = match dialect::NAMES {
        [names @ .., last] if !names.is_empty() => format!("{} or {last}", names.join(", ")),
        names => names.concat(),
    };
    let bucket = ["examplebucket", usual.words().bucket_suffix].join("-");
    TEXT.replace("<dialects>", &names)
        .replace("<dialect>", usual.name())
        .replace("<bucket>", bucket.trim_end_matches('-'))
}

/// The file, without what a dialect has a word for.
const TEXT: &str = r#"# Configuration of grantlint. Globs are relative to the directory of this file; `*` stays within one directory,
# `**` crosses directories. A line that begins with `#` and no blank is an example: remove the `#` to use it.

# What a finding must be to fail the run: info, low, medium (so it is when nothing is said), high or never.
#fail-on = "medium"

# What is shown: default (act on it), strict (also what is worth tidying) or audit (everything; a person should look).
#profile = "default"

# Findings below these are not shown: info, low, medium or high; low, medium or high.
#min-severity = "low"
#min-confidence = "low"

# What files are. A policy without a principal may belong to a temporary key or to a user: say which, and the rules for
# temporary keys speak with full weight. Kinds: session (a temporary key), identity (a user, group or role), bucket.
# Of two entries that match a file, the later one decides; owners add up.
#[[files]]
#glob = "policies/keys/**"
#kind = "session"
# Path segments that name one owner in a filled-in policy: `app/alice/*` is then alice's own.
#owners = ["alice"]
# Further words by which a placeholder names an owner, beside `user`, `uid`, `openid` and the like: `app/{shopId}/*`.
#owner-words = ["shop"]

# What the policies in some files are for: what they shall grant, no more and no less. `grantlint generate` writes such a
# policy. `kind` is said here as above; without `bucket`, every bucket that a policy names is held to the same keys. In
# each entry of `allow` every action is granted on every key: actions by name or by class (`@read`, `@list`, `@delete`,
# `@configure`, `@permissions`, and `@upload`, which is all that an upload needs), keys without the bucket. `*` is any text,
# `{user}` a hole that is filled in for each key. Of two entries that match a file, the later one counts. Policies are held
# to it in the words of their own provider; `dialect` (<dialects>) says in whose words `grantlint generate` writes.
#[[expect]]
#name = "files"
#files = "policies/keys/files*.json*"
#kind = "session"
#dialect = "<dialect>"
#bucket = "<bucket>"
#allow = [
#{ actions = ["GetObject", "GetBucket"], keys = "app/files/*" },
#{ actions = ["@upload", "DeleteObject"], keys = ["app/files/{user}/*"] },
#]

# Who owns which keys: what stands in braces is a placeholder, and the one called like the owner is the user's name. With
# this, whether one user reaches another's keys is not guessed but proved, for every name that there may be. No placeholder
# holds a `/`; what may hold one is written as `*`.
#[[layout]]
#bucket = "<bucket>"
#key = ["app/avatar/{user}/{size}.jpg", "app/files/{user}/*"]
#owner = "user"
# What a user's name may look like: a regex that matches the whole name. Without it [A-Za-z0-9]+ is assumed.
#names = "[a-z0-9_]{1,32}"

# Findings that were looked at and accepted. Nothing is ignored without a reason, and an entry that matches nothing any
# more is reported. With a pointer only that node, and what is below it, is meant.
#[[ignore]]
#rule = "wildcard-resource"
#files = "policies/keys/backup.json"
#pointer = "/statement/0"
#reason = "the backup key copies the whole bucket"
"#;
