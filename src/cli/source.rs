//! The configuration and the one file that a command works with.

use std::path::{Path, PathBuf};

use super::args::PolicyArgs;
use super::env::Env;
use super::error::CliError;
use crate::config::Config;
use crate::engine::{STDIN, facts, read_file, read_stdin};
use crate::rules::Facts;
use crate::text::Source;

/// The configuration that the flags and the working directory lead to, for a command that judges the files of the project.
///
/// # Errors
/// When it cannot be read or holds a mistake; an expectation whose files do not exist is one.
pub(super) fn config(args: &PolicyArgs, env: &Env) -> Result<Option<Config>, CliError> {
    Ok(match &args.config {
        _ if args.no_config => None,
        Some(path) => Some(Config::load(path)?),
        None => Config::discover(&env.working_directory)?,
    })
}

/// The same for a command that answers for one text, which may do so before the files of an expectation exist.
///
/// # Errors
/// As [`config`], but for such an expectation.
pub(super) fn config_before_files(args: &PolicyArgs, env: &Env) -> Result<Option<Config>, CliError> {
    Ok(match &args.config {
        _ if args.no_config => None,
        Some(path) => Some(Config::load_before_files(path)?),
        None => Config::discover_before_files(&env.working_directory)?,
    })
}

/// Whether nothing but standard input is named.
pub(super) fn is_stdin_alone(paths: &[PathBuf]) -> bool {
    !paths.is_empty() && paths.iter().all(|path| named(path) == Path::new(STDIN))
}

/// The text of `path` (`-` is standard input), and what is known of it.
///
/// # Errors
/// When the configuration holds a mistake, or the file cannot be read.
pub(super) fn read(path: &Path, args: &PolicyArgs, env: &Env) -> Result<(Source, Facts), CliError> {
    let config = config_before_files(args, env)?;
    let facts =
        facts(config.as_ref(), args.kind, args.dialect.as_ref().map(|dialect| dialect.0), &args.owner, named(path));
    Ok((read_text(path, env)?, facts))
}

/// The text of `path` (`-` is standard input).
///
/// # Errors
/// When the file cannot be read.
pub(super) fn read_text(path: &Path, env: &Env) -> Result<Source, CliError> {
    let path = named(path);
    let name = crate::engine::reported(path, &env.working_directory);
    Ok(if path == Path::new(STDIN) { read_stdin(&name) } else { read_file(path, &name) }?)
}

/// The path under which a file is known; standard input has a name of its own.
fn named(path: &Path) -> &Path {
    let is_stdin = path == Path::new("-") || path == Path::new("/dev/stdin");
    if is_stdin { Path::new(STDIN) } else { path }
}
