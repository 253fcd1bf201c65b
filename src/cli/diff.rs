//! `grantlint diff`: what became allowed and what no longer is.

use std::path::{Path, PathBuf};

use super::args::DiffArgs;
use super::env::Env;
use super::error::CliError;
use super::exit::ExitStatus;
use super::output::print;
use super::settings::options;
use crate::engine::{Diffs, diff, facts};
use crate::report::render_diffs;

pub(super) fn run(args: &DiffArgs, env: &Env) -> Result<ExitStatus, CliError> {
    let diffs = files(args, env)?;
    print(|out| render_diffs(&diffs, args.format, &options(args.policy.color, env, args.quiet), out))?;
    Ok(match (diffs.is_incomplete(), diffs.widens()) {
        (true, _) => ExitStatus::Incomplete,
        (false, true) => ExitStatus::Findings,
        (false, false) => ExitStatus::Clean,
    })
}

/// Two files, the old one first.
fn files(args: &DiffArgs, env: &Env) -> Result<Diffs, CliError> {
    let [old, new] = args.paths.as_slice() else {
        return Err(CliError::Usage {
            message: format!("`diff` compares two files, and {} were given", args.paths.len()),
            help: "write `grantlint diff OLD NEW`, or compare with a git revision by `--base`".to_owned(),
        });
    };
    let config = super::source::config(&args.policy, env)?;
    let facts_of = |path: &PathBuf| facts(config.as_ref(), args.policy.kind, &args.policy.owner, path);
    let read = |path: &Path| super::source::read_text(path, env);
    let (old_source, new_source) = (read(old)?, read(new)?);
    let compared = diff(Some(old_source), Some(new_source), [&facts_of(old), &facts_of(new)]);
    Ok(Diffs { files: vec![compared], ..Diffs::default() })
}
