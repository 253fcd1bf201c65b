//! The command line: a file per command, and what they share.
//!
//! [`main`] reads the arguments, hands them to a command and turns its answer into an exit status ([`ExitStatus`]).
//! Arguments (`args`) and what follows from them (`settings`) are different types, so that the decisions can be tested
//! without a process. Reports go to standard output, everything else to standard error; a reader who closes the pipe
//! early changes neither the status nor says anything.

mod args;
mod can;
mod check;
mod completions;
mod diff;
mod effective;
mod env;
mod error;
mod exit;
mod explain;
mod generate;
mod init;
mod matrix;
mod output;
mod progress;
mod rules;
mod schema;
mod settings;
mod source;

use std::process::ExitCode;

use clap::Parser;

pub use exit::ExitStatus;

use args::{Cli, Command};
use env::Env;

/// Run the program with the arguments and the environment of this process.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => {
            // Where the text cannot be written, the status still tells. What was typed may come from a file's name.
            if usage.use_stderr() && output::is_unsafe(&usage.to_string()) {
                output::tell(&output::safe_lines(&usage.to_string()));
            } else {
                let _ = usage.print();
            }
            return u8::try_from(usage.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from);
        }
    };
    let env = Env::read();
    let done = match &cli.command {
        Command::Check(args) => check::run(args, &env),
        Command::Matrix(args) => matrix::run(args, &env),
        Command::Can(args) => can::run(args, &env),
        Command::Diff(args) => diff::run(args, &env),
        Command::Effective(args) => effective::run(args, &env),
        Command::Generate(args) => generate::run(args, &env),
        Command::Explain(args) => explain::run(args),
        Command::Rules(args) => rules::run(args),
        Command::Init => init::run(&env),
        Command::Completions(args) => completions::run(args),
        Command::Schema(args) => schema::run(args),
    };
    let status = done.unwrap_or_else(|error| {
        let color = settings::use_color(cli.command.color(), &env, env.stderr_is_terminal);
        output::tell(&error.render(color, env.width()));
        ExitStatus::Incomplete
    });
    status.into()
}
