//! `grantlint can`: whether one request passes a policy.

use super::args::CanArgs;
use super::env::Env;
use super::error::CliError;
use super::exit::ExitStatus;
use super::output::print;
use super::settings::options;
use crate::engine::{Question, decide};
use crate::report::render_decision;
use crate::semantics::permission::Decision;

pub(super) fn run(args: &CanArgs, env: &Env) -> Result<ExitStatus, CliError> {
    let (source, facts) = super::source::read(&args.file, &args.policy, env)?;
    let question = Question {
        action: args.action.clone(),
        resource: args.resource.clone(),
        context: args.context.clone(),
        absent: args.absent.clone(),
        holes: args.set.clone(),
        principal: args.principal.clone(),
        pointer: args.pointer.clone(),
    };
    let answered = decide(&source, &facts, &question)?;
    print(|out| render_decision(&source, &answered, args.format, &options(args.policy.color, env, false), out))?;
    Ok(match answered.decision {
        Decision::Yes(_) => ExitStatus::Clean,
        Decision::No(_) => ExitStatus::Findings,
        Decision::OnlyIf { .. } | Decision::Unknown { .. } => ExitStatus::Incomplete,
    })
}
