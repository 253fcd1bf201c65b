//! `grantlint explain`: the page of a rule, as it stands in the rulebook.

use super::args::ExplainArgs;
use super::error::CliError;
use super::exit::ExitStatus;
use super::output::print;
use super::settings::rule;

pub(super) fn run(args: &ExplainArgs) -> Result<ExitStatus, CliError> {
    let page = rule(&args.rule)?.page;
    print(|out| out.write_all(page.as_bytes()))?;
    Ok(ExitStatus::Clean)
}
