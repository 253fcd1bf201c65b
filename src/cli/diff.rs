//! `grantlint diff`: what became allowed and what no longer is.

use std::path::Path;

use super::args::DiffArgs;
use super::env::Env;
use super::error::CliError;
use super::exit::ExitStatus;
use super::output::print;
use super::settings::options;
use crate::engine::{Diffs, Trouble, diff, diff_since, facts};
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

/// Two files, the old one first; or the working tree against a revision.
fn files(args: &DiffArgs, env: &Env) -> Result<Diffs, CliError> {
    let config = super::source::config_before_files(&args.policy, env)?;
    let facts_of = |path: &Path| {
        facts(
            config.as_ref(),
            args.policy.kind,
            args.policy.dialect.as_ref().map(|dialect| dialect.0),
            &args.policy.owner,
            path,
        )
    };
    if let Some(base) = &args.base {
        return Ok(diff_since(base, &args.paths, &env.working_directory, facts_of)?);
    }
    let [old, new] = args.paths.as_slice() else {
        return Err(CliError::Usage {
            message: format!("`diff` compares two files, and {} were given", args.paths.len()),
            help: "write `grantlint diff OLD NEW`, or compare with a git revision by `--base`".to_owned(),
        });
    };
    let read = |path: &Path| super::source::read_text(path, env);
    let (old_source, new_source) = (read(old)?, read(new)?);
    let compared = diff(Some(old_source), Some(new_source), [&facts_of(old), &facts_of(new)]);
    let names = [compared.old_name.as_ref().unwrap_or(&compared.name), &compared.name];
    let without = names.into_iter().zip(compared.counts).zip(&compared.unjudged);
    let troubles = without.filter(|((_, count), unjudged)| *count == 0 && unjudged.is_empty());
    let message = || "no policy was found in this file".to_owned();
    let troubles = troubles.map(|((name, _), _)| Trouble { file: name.clone(), message: message(), help: None });
    Ok(Diffs { troubles: troubles.collect(), files: vec![compared], ..Diffs::default() })
}
