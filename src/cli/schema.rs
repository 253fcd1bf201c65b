//! `grantlint schema`: the JSON schemas that editors and scripts check against.

use super::args::{SchemaArgs, SchemaName};
use super::error::CliError;
use super::exit::ExitStatus;
use super::output::print;

pub(super) fn run(args: &SchemaArgs) -> Result<ExitStatus, CliError> {
    let schema = match args.which {
        SchemaName::Config => crate::config::schema(),
        SchemaName::Report => crate::report::schema(),
    };
    print(|out| out.write_all(schema.as_bytes()))?;
    Ok(ExitStatus::Clean)
}
