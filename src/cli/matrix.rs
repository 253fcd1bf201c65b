//! `grantlint matrix`: which actions a policy grants on which resources.

use super::args::MatrixArgs;
use super::env::Env;
use super::error::CliError;
use super::exit::ExitStatus;
use super::output::{print, tell};
use crate::engine::{KindSource, Matrices, matrices};
use crate::report::render_matrices;
use crate::text::{Source, visible};

pub(super) fn run(args: &MatrixArgs, env: &Env) -> Result<ExitStatus, CliError> {
    let (source, facts) = super::source::read(&args.file, &args.policy, env)?;
    let mut matrices = matrices(&source, &facts, args.large);
    if args.policy.kind.is_some() {
        let told = matrices.policies.iter_mut().filter(|policy| policy.kind_source != KindSource::Document);
        told.for_each(|policy| policy.kind_source = KindSource::Flag);
    }
    print(|out| render_matrices(source.name(), &matrices, args.format, out))?;
    Ok(status(&source, &matrices))
}

/// Say what was not laid out, and whether there was any.
fn status(source: &Source, matrices: &Matrices) -> ExitStatus {
    let name = visible(source.name());
    let mut is_complete = true;
    for unjudged in &matrices.unjudged {
        is_complete = false;
        let place = unjudged.span.map(|span| source.position(span.start));
        let place = place.map_or_else(String::new, |at| format!(":{}:{}", at.line, at.column));
        tell(&format!("error: {name}{place}: {}\n", visible(&unjudged.message)));
    }
    for policy in &matrices.policies {
        if let Err(error) = &policy.matrix {
            is_complete = false;
            tell(&format!("error: {name}: {error}; ask for it with --large\n"));
        }
    }
    if matrices.policies.is_empty() && is_complete {
        is_complete = false;
        tell(&format!("error: {name}: no policy was found in it\n"));
    }
    if is_complete { ExitStatus::Clean } else { ExitStatus::Incomplete }
}
