//! `grantlint completions`: a script for a shell, generated from the same definition as the help.

use clap::CommandFactory;

use super::args::{Cli, CompletionsArgs};
use super::error::CliError;
use super::exit::ExitStatus;
use super::output::print;

pub(super) fn run(args: &CompletionsArgs) -> Result<ExitStatus, CliError> {
    // Into memory first: the generator panics when its output fails.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "grantlint", &mut script);
    print(|out| out.write_all(&script))?;
    Ok(ExitStatus::Clean)
}
