//! What may be said to the commands that answer exactly, and to the one that writes policies.

use std::path::PathBuf;

use clap::Args;

use super::{ColorChoice, DialectName, PolicyArgs, known};
use crate::report::{DecisionFormat, DiffFormat, MatrixFormat};

pub(super) const CAN_AFTER_HELP: &str = "Exit status: 0 yes, 1 no, 2 it depends or was not decided";

pub(super) const DIFF_AFTER_HELP: &str =
    "Exit status: 0 nothing is newly allowed, 1 something is, 2 something was not decided or not judged";

pub(super) const GENERATE_HELP: &str = "\
What is not said stays a hole that `grantlint check` knows, so the output is a
template until all of them are filled. To check it as it is written, with the
user's name as an owner:

  grantlint generate --set user=alice | grantlint check --kind session --owner alice -

Exit status:
  0  the policy was written to standard output
  2  it was not: a mistake on the command line or in the configuration";

/// Arguments of `can`.
#[derive(Debug, Args)]
pub(in crate::cli) struct CanArgs {
    /// The file that holds the policy, `-` for standard input
    #[arg(value_name = "FILE")]
    pub(in crate::cli) file: PathBuf,
    /// The action, with or without its service
    #[arg(value_name = "ACTION")]
    pub(in crate::cli) action: String,
    /// The resource: whole, or bucket/key
    ///
    /// A short resource lies in the region and account in which the policy speaks of that bucket.
    #[arg(value_name = "RESOURCE")]
    pub(in crate::cli) resource: String,
    /// A condition key that the request carries, with its value
    ///
    /// A key that is not given may be anything, and the answer says when it hangs on it. A variable that the provider fills
    /// in, such as `${aws:username}`, takes the value of its key. May be given more than once.
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    pub(in crate::cli) context: Vec<(String, String)>,
    /// Fill a placeholder of the policy, as in user=alice
    ///
    /// May be given more than once. The value has to be a plain name, as for `grantlint generate`.
    #[arg(long, value_name = "PLACEHOLDER=VALUE", value_parser = pair)]
    pub(in crate::cli) set: Vec<(String, String)>,
    /// A condition key that the request does not carry
    #[arg(long, value_name = "KEY")]
    pub(in crate::cli) absent: Vec<String>,
    /// Who asks, in a bucket policy; `anonymous` does not sign
    #[arg(long, value_name = "PRINCIPAL")]
    pub(in crate::cli) principal: Option<String>,
    /// Which policy of the file, by JSON pointer
    #[arg(long, value_name = "POINTER")]
    pub(in crate::cli) pointer: Option<String>,
    /// How to answer
    #[arg(long, short, value_name = "FORMAT", default_value = "human", value_parser = known::<DecisionFormat>(&["human", "json"]))]
    pub(in crate::cli) format: DecisionFormat,
    #[command(flatten)]
    pub(in crate::cli) policy: PolicyArgs,
}

/// Arguments of `diff`.
#[derive(Debug, Args)]
pub(in crate::cli) struct DiffArgs {
    /// OLD and NEW, of which one may be `-`; with --base, files and directories
    #[arg(value_name = "PATH", required_unless_present = "base")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Compare the working tree with this git revision
    ///
    /// PATH is then any number of files and directories, the working directory if none. A file that is new is compared with
    /// one that permits nothing.
    #[arg(long, value_name = "REVISION")]
    pub(in crate::cli) base: Option<String>,
    /// How to report
    #[arg(long, short, value_name = "FORMAT", default_value = "human",
          value_parser = known::<DiffFormat>(&["human", "json", "markdown", "github"]))]
    pub(in crate::cli) format: DiffFormat,
    /// Leave out notes
    #[arg(long, short)]
    pub(in crate::cli) quiet: bool,
    #[command(flatten)]
    pub(in crate::cli) policy: PolicyArgs,
}

/// Arguments of `effective`.
#[derive(Debug, Args)]
pub(in crate::cli) struct EffectiveArgs {
    /// The policy of whoever asks for the key, `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) caller: PathBuf,
    /// The policy that is passed with the call; without one the key has all that its caller has
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) session: Option<PathBuf>,
    /// How to print it
    #[arg(long, short, value_name = "FORMAT", default_value = "table",
          value_parser = known::<MatrixFormat>(&["table", "markdown", "csv", "json"]))]
    pub(in crate::cli) format: MatrixFormat,
    /// Lay out more than 1,000,000 cells
    #[arg(long)]
    pub(in crate::cli) large: bool,
    #[command(flatten)]
    pub(in crate::cli) policy: PolicyArgs,
}

/// Arguments of `generate`.
#[derive(Debug, Args)]
pub(in crate::cli) struct GenerateArgs {
    /// Which expectation, by its name or as `FILE:LINE` [default: the only one]
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) expect: Option<String>,
    /// The provider in whose words the policy is written
    ///
    /// Wins over the configuration. Without both it is the only provider that has all actions of the expectation, else cos.
    #[arg(long, value_name = "NAME", value_parser = known::<DialectName>(crate::dialect::NAMES))]
    pub(in crate::cli) dialect: Option<DialectName>,
    /// Fill a hole of the keys, as in user=alice
    ///
    /// May be given more than once. The value has to be a plain name: one that is empty or holds a wildcard, a slash,
    /// `..`, quotes, blanks or the marks of a hole is refused, because it would grant something else.
    #[arg(long, value_name = "HOLE=VALUE", value_parser = pair)]
    pub(in crate::cli) set: Vec<(String, String)>,
    /// The bucket, where the expectation names none
    #[arg(long, value_name = "BUCKET")]
    pub(in crate::cli) bucket: Option<String>,
    /// The region of the bucket; in an ARN, the partition
    #[arg(long, value_name = "REGION")]
    pub(in crate::cli) region: Option<String>,
    /// The account of the bucket; without it, what the bucket's name says. An ARN has none
    #[arg(long, value_name = "ACCOUNT")]
    pub(in crate::cli) account: Option<String>,
    /// Read this configuration instead of looking for grantlint.toml
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) config: Option<PathBuf>,
    /// When to use colours: auto, always or never
    #[arg(long, value_name = "WHEN", hide_possible_values = true, value_parser = known::<ColorChoice>(ColorChoice::WORDS))]
    pub(in crate::cli) color: Option<ColorChoice>,
}

/// The two sides of `user=alice`.
fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("write it as KEY=VALUE, such as user=alice".to_owned()),
    }
}
