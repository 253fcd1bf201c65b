//! `grantlint generate`: the policy that an expectation describes.

use super::args::GenerateArgs;
use super::env::Env;
use super::error::CliError;
use super::exit::ExitStatus;
use super::output::print;
use crate::config::{Config, FILE_NAME};
use crate::dialect::Site;
use crate::engine::{Filling, Refusal, dialect_of, expectation, generate};
use crate::report::render_policy;

pub(super) fn run(args: &GenerateArgs, env: &Env) -> Result<ExitStatus, CliError> {
    let config = match &args.config {
        Some(path) => Some(Config::load_before_files(path)?),
        None => Config::discover_before_files(&env.working_directory)?,
    };
    let config = config.ok_or_else(|| Refusal {
        message: format!("there is no `{FILE_NAME}` here"),
        help: Some("`grantlint init` writes one; say in it under `[[expect]]` what the policy is for".to_owned()),
    })?;
    let entry = expectation(&config, args.expect.as_deref())?;
    for (hole, value) in &args.set {
        is_allowed(&config, hole, value)?;
    }
    let site = Site { bucket: args.bucket.clone(), region: args.region.clone(), account: args.account.clone() };
    let filling = Filling { holes: args.set.clone(), site };
    let dialect = dialect_of(&config, entry, args.dialect.map(|dialect| dialect.0))?;
    let policy = generate(&entry.expectation, dialect, &filling)?;
    print(|out| render_policy(&policy, out))?;
    Ok(ExitStatus::Clean)
}

/// Whether the layouts of the configuration allow a value for the hole that stands for an owner in them.
fn is_allowed(config: &Config, hole: &str, value: &str) -> Result<(), Refusal> {
    let of_owner = config.layouts.iter().filter(|layout| layout.owner == hole && !layout.is_assumed);
    match of_owner.into_iter().find(|layout| !layout.names.contains(value)) {
        None => Ok(()),
        Some(layout) => Err(Refusal {
            message: format!("`{value}` is no name that {} allows for `{hole}`", layout.at),
            help: Some(format!("give a name that matches `{}`", layout.names.text())),
        }),
    }
}
