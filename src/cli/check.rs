//! `grantlint check`: findings, and an exit status that a gate can trust.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use super::args::CheckArgs;
use super::env::Env;
use super::error::CliError;
use super::exit::ExitStatus;
use super::output::{print, tell, write_file};
use super::progress::Bar;
use super::settings::Settings;
use crate::config::Baseline;
use crate::engine::{self, Caller, Outcome};
use crate::report::{self, Format};
use crate::text::visible;

pub(super) fn run(args: &CheckArgs, env: &Env) -> Result<ExitStatus, CliError> {
    let config = if super::source::is_stdin_alone(&args.paths) {
        super::source::config_before_files(&args.policy, env)?
    } else {
        super::source::config(&args.policy, env)?
    };
    let mut settings = Settings::resolve(args, config, env)?;
    if let Some(path) = &args.caller {
        settings.request.caller = Some(Caller::new(super::source::read_text(path, env)?)?);
    }
    let baseline = settings.baseline.as_deref().map(Baseline::read).transpose()?;
    let bar = Bar::new(settings.progress);
    let mut outcome = engine::run(&settings.request, &bar);
    bar.clear();
    if let Some(mut baseline) = baseline {
        engine::accept(&mut outcome, &mut baseline);
        outcome.notes.extend(idle_entries(&baseline, &settings));
    }
    if let Some(path) = &settings.write_baseline {
        write_baseline(path, &mut outcome, settings.options.quiet)?;
    }
    let status = ExitStatus::of(&outcome, settings.fail_on, settings.exit_zero);
    show(&outcome, &settings)?;
    Ok(status)
}

/// What a baseline holds in vain. Only a run over everything can tell: other runs see a part of the files.
fn idle_entries(baseline: &Baseline, settings: &Settings) -> Option<String> {
    let path = settings.baseline.as_ref()?;
    let left = baseline.left();
    if left == 0 || !engine::is_whole(&settings.request) {
        return None;
    }
    let entries = if left == 1 { "an entry of it matches" } else { &format!("{left} entries of it match") };
    let path = visible(&path.to_string_lossy()).into_owned();
    Some(format!("{path}: {entries} no finding of this run; write the baseline anew with `--write-baseline`"))
}

fn write_baseline(path: &Path, outcome: &mut Outcome, is_quiet: bool) -> Result<(), CliError> {
    // A device cannot take a file's place.
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        let cause = io::Error::other("it is no regular file");
        return Err(CliError::Unwritable { path: path.to_path_buf(), cause });
    }
    let findings = || outcome.findings().filter(|(_, finding)| engine::is_acceptable(finding));
    Baseline::write(path, findings().map(|(file, finding)| (file.source.lasting_name(), finding)))?;
    let count = findings().count();
    if !is_quiet {
        let findings = if count == 1 { "finding" } else { "findings" };
        tell(&format!("wrote a baseline of {count} {findings} to `{}`\n", visible(&path.to_string_lossy())));
    }
    engine::accept(outcome, &mut Baseline::read(path)?);
    Ok(())
}

fn show(outcome: &Outcome, settings: &Settings) -> Result<(), CliError> {
    let render = |out: &mut dyn io::Write| report::render(outcome, settings.format, &settings.options, out);
    match &settings.output {
        None => print(render)?,
        Some(path) => write_file(path, render)?,
    }
    let aside = aside(outcome, settings);
    if !aside.is_empty() {
        tell(&aside);
    }
    Ok(())
}

/// What standard error says beside the report: errors that would else stand only in a format for machines or in a file,
/// notes that have no place in the format, and the summary of a report that went to a file.
fn aside(outcome: &Outcome, settings: &Settings) -> String {
    let mut text = String::new();
    let is_read = matches!(settings.format, Format::Human | Format::Concise | Format::Github);
    if settings.output.is_some() || !is_read {
        text.push_str(&errors(outcome));
    }
    if settings.options.quiet {
        return text;
    }
    if settings.format != Format::Human || settings.output.is_some() {
        for note in &outcome.notes {
            let _ = writeln!(text, "note: {}", visible(note));
        }
    }
    if settings.output.is_some() {
        let _ = writeln!(text, "{}", report::summary(outcome));
    }
    text
}

fn errors(outcome: &Outcome) -> String {
    let mut text = String::new();
    for file in &outcome.files {
        let name = visible(file.source.name());
        for unjudged in &file.analysed.unjudged {
            let place = unjudged.span.map(|span| file.source.position(span.start));
            let place = place.map_or_else(String::new, |at| format!(":{}:{}", at.line, at.column));
            let _ = writeln!(text, "error: {name}{place}: {}", visible(&unjudged.message));
        }
    }
    for trouble in &outcome.troubles {
        let _ = writeln!(text, "error: {}: {}", visible(&trouble.file), visible(&trouble.message));
        if let Some(help) = &trouble.help {
            let _ = writeln!(text, "  help: {}", visible(help));
        }
    }
    text
}
