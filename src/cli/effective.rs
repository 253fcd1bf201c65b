//! `grantlint effective`: what a key may really do.

use super::args::EffectiveArgs;
use super::env::Env;
use super::error::CliError;
use super::exit::ExitStatus;
use super::output::{print, tell};
use crate::engine::{Effective, effective};
use crate::report::render_effective;
use crate::text::visible;

pub(super) fn run(args: &EffectiveArgs, env: &Env) -> Result<ExitStatus, CliError> {
    let (caller, caller_facts) = super::source::read(&args.caller, &args.policy, env)?;
    let session = args.session.as_deref().map(|path| super::source::read(path, &args.policy, env)).transpose()?;
    let (session, session_facts) = match session {
        Some((source, facts)) => (Some(source), facts),
        None => (None, caller_facts.clone()),
    };
    let found = effective(caller, session, [&caller_facts, &session_facts], args.large)?;
    print(|out| render_effective(&found, args.format, out))?;
    tell(&errors(&found));
    Ok(if found.is_incomplete() { ExitStatus::Incomplete } else { ExitStatus::Clean })
}

/// What was not judged or not decided, a line each.
fn errors(found: &Effective) -> String {
    let mut text = String::new();
    for reason in &found.undecided {
        text.push_str(&format!("error: not decided: {}\n", visible(reason)));
    }
    let sources = [Some(&found.caller), found.session.as_ref()];
    for (source, unjudged) in sources.into_iter().zip(&found.unjudged) {
        for unjudged in unjudged {
            let name = source.map_or("", |source| source.name());
            text.push_str(&format!("error: {}: {}\n", visible(name), visible(&unjudged.message)));
        }
    }
    if let Err(error) = &found.matrix {
        text.push_str(&format!("error: {error}; ask for it with --large\n"));
    }
    text
}
