//! What a run of `check` shall do, from flags, configuration and environment.
//!
//! [`Settings::resolve`] reads nothing and changes nothing: flags win over the configuration, and the configuration
//! over what is usual.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;

use super::args::{CheckArgs, ColorChoice};
use super::env::Env;
use super::error::CliError;
use crate::config::{Config, FailOn, nearest};
use crate::engine::Request;
use crate::finding::{PolicyKind, RuleMeta, Severity};
use crate::report::{Format, Options};
use crate::rules::{self, Filter};

/// What does not parse was not judged: nobody may look away from it.
const NEVER_IGNORED: &str = "invalid-json";

/// What `check` shall do.
#[derive(Debug)]
pub(super) struct Settings {
    /// What to look at, and what to look for.
    pub(super) request: Request,
    /// How to report.
    pub(super) format: Format,
    /// How the report looks.
    pub(super) options: Options,
    /// Where the report goes; standard output when `None`.
    pub(super) output: Option<PathBuf>,
    /// What makes the exit status 1.
    pub(super) fail_on: FailOn,
    /// Whether findings are forgiven.
    pub(super) exit_zero: bool,
    /// The baseline to hold findings back with.
    pub(super) baseline: Option<PathBuf>,
    /// The baseline to write.
    pub(super) write_baseline: Option<PathBuf>,
    /// Whether a long run may show how far it is.
    pub(super) progress: bool,
}

impl Settings {
    /// What follows from all three.
    ///
    /// # Errors
    /// When a rule does not exist or cannot be ignored.
    pub(super) fn resolve(args: &CheckArgs, config: Option<Config>, env: &Env) -> Result<Self, CliError> {
        let output = args.output.clone().filter(|path| path.as_os_str() != "-");
        let goes_to_terminal = env.stdout_is_terminal && output.is_none();
        let set = |pick: fn(&Config) -> Option<FailOn>| config.as_ref().and_then(pick);
        let fail_on = args.fail_on.or_else(|| set(|config| config.fail_on));
        Ok(Self {
            format: args.format.unwrap_or(Format::Human),
            options: Options {
                color: use_color(args.policy.color, env, goes_to_terminal),
                verbose: args.verbose,
                quiet: args.quiet,
                width: env.width(),
            },
            output,
            fail_on: fail_on.unwrap_or(FailOn::AtLeast(Severity::Medium)),
            exit_zero: args.exit_zero,
            baseline: args.baseline.clone(),
            write_baseline: args.write_baseline.clone(),
            progress: env.stderr_is_terminal && !args.quiet,
            request: Request {
                paths: args.paths.clone(),
                working_directory: env.working_directory.clone(),
                stdin_name: args.stdin_filename.as_ref().map(|name| name.to_string_lossy().into_owned()),
                // A policy that is passed by a caller is a session's.
                kind: args.policy.kind.or(args.caller.is_some().then_some(PolicyKind::Session)),
                dialect: args.policy.dialect.as_ref().map(|dialect| dialect.0),
                caller: None,
                owners: args.policy.owner.clone(),
                filter: filter(args, config.as_ref())?,
                config,
                no_ignores: args.no_ignores,
                ignore_unknown: args.ignore_unknown,
                allow_empty: args.allow_empty,
                threads: None,
            },
        })
    }
}

fn filter(args: &CheckArgs, config: Option<&Config>) -> Result<Filter, CliError> {
    let usual = Filter::default();
    let profile = args.profile.or_else(|| config.and_then(|config| config.profile));
    let min_severity = args.min_severity.or_else(|| config.and_then(|config| config.min_severity));
    let min_confidence = args.min_confidence.or_else(|| config.and_then(|config| config.min_confidence));
    let ignore = names(&args.ignore)?;
    if ignore.contains(NEVER_IGNORED) {
        return Err(CliError::NeverIgnored);
    }
    let mut select = names(&args.select)?;
    select.insert(NEVER_IGNORED);
    Ok(Filter {
        profile: profile.unwrap_or(usual.profile),
        min_severity: min_severity.unwrap_or(usual.min_severity),
        min_confidence: min_confidence.unwrap_or(usual.min_confidence),
        select: (!args.select.is_empty()).then_some(select),
        ignore,
        keeps_given_way: usual.keeps_given_way,
    })
}

fn names(given: &[String]) -> Result<BTreeSet<&'static str>, CliError> {
    given.iter().map(|name| rule(name).map(|meta| meta.name)).collect()
}

/// How a report to standard output looks.
pub(super) fn options(color: Option<ColorChoice>, env: &Env, quiet: bool) -> Options {
    Options { color: use_color(color, env, env.stdout_is_terminal), verbose: false, quiet, width: env.width() }
}

/// The rule called `name`.
///
/// # Errors
/// When there is none; the error knows what was probably meant.
pub(super) fn rule(name: &str) -> Result<&'static RuleMeta, CliError> {
    let name = name.trim();
    rules::find(name).ok_or_else(|| CliError::UnknownRule {
        name: name.to_owned(),
        near: nearest(name, rules::all().iter().map(|meta| meta.name)),
    })
}

/// Whether to use colours on an output that is, or is not, a terminal. The flag decides, then `NO_COLOR`,
/// `CLICOLOR_FORCE` and `CLICOLOR`, then the terminal.
pub(super) fn use_color(choice: Option<ColorChoice>, env: &Env, is_terminal: bool) -> bool {
    let is_set = |value: &Option<OsString>| value.as_ref().is_some_and(|value| !value.is_empty());
    let is = |value: &Option<OsString>, word: &str| value.as_ref().is_some_and(|value| value == word);
    match choice {
        Some(ColorChoice::Always) => true,
        Some(ColorChoice::Never) => false,
        Some(ColorChoice::Auto) | None if is_set(&env.no_color) => false,
        Some(ColorChoice::Auto) | None if is_set(&env.clicolor_force) && !is(&env.clicolor_force, "0") => true,
        Some(ColorChoice::Auto) | None => is_terminal && !is(&env.clicolor, "0") && !is(&env.term, "dumb"),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::finding::{Confidence, Profile};

    /// What follows from `args` and the text of a configuration, if there is one.
    fn resolve(args: &CheckArgs, config: Option<&str>) -> Settings {
        let config = config.map(|text| Config::parse(text, Path::new("grantlint.toml")).unwrap());
        Settings::resolve(args, config, &Env::default()).unwrap()
    }

    #[test]
    fn what_is_usual() {
        let settings = resolve(&CheckArgs::default(), None);
        assert_eq!(settings.request.filter, Filter::default());
        assert_eq!(settings.fail_on, FailOn::AtLeast(Severity::Medium));
        assert_eq!(settings.format, Format::Human);
        assert_eq!(settings.options, Options { color: false, verbose: false, quiet: false, width: 100 });
        assert!(!settings.progress && settings.output.is_none());
    }

    #[test]
    fn flags_win_over_the_configuration() {
        let text = "profile = 'strict'\nfail-on = 'high'\nmin-severity = 'low'\nmin-confidence = 'medium'\n";
        let settings = resolve(&CheckArgs::default(), Some(text));
        assert_eq!(settings.fail_on, FailOn::AtLeast(Severity::High));
        assert_eq!(settings.request.filter.profile, Profile::Strict);
        assert_eq!(settings.request.filter.min_severity, Severity::Low);
        assert_eq!(settings.request.filter.min_confidence, Confidence::Medium);
        let args = CheckArgs {
            profile: Some(Profile::Audit),
            fail_on: Some(FailOn::Never),
            min_severity: Some(Severity::Info),
            min_confidence: Some(Confidence::Low),
            ..CheckArgs::default()
        };
        let settings = resolve(&args, Some(text));
        assert_eq!(settings.fail_on, FailOn::Never);
        assert_eq!(settings.request.filter, Filter { profile: Profile::Audit, ..Filter::default() });
    }

    #[test]
    fn rules_are_known_and_broken_text_is_never_overlooked() {
        let args = CheckArgs { select: vec!["shared-prefix".to_owned()], ..CheckArgs::default() };
        let select = resolve(&args, None).request.filter.select.unwrap();
        assert_eq!(select, ["invalid-json", "shared-prefix"].into());
        let error = |args: &CheckArgs| Settings::resolve(args, None, &Env::default()).unwrap_err().render(false, 100);
        let args = CheckArgs { ignore: vec!["shared-prefx".to_owned()], ..CheckArgs::default() };
        assert_eq!(error(&args), "error: there is no rule `shared-prefx`\n  help: did you mean `shared-prefix`?\n");
        let args = CheckArgs { ignore: vec![NEVER_IGNORED.to_owned()], ..CheckArgs::default() };
        assert!(error(&args).starts_with("error: `invalid-json` cannot be ignored"));
    }

    #[test]
    fn colours_follow_the_flag_the_environment_and_the_terminal() {
        let env = |no_color: &str, force: &str, clicolor: &str| Env {
            no_color: Some(no_color.into()),
            clicolor_force: Some(force.into()),
            clicolor: Some(clicolor.into()),
            ..Env::default()
        };
        let plain = Env::default();
        assert!(use_color(None, &plain, true) && !use_color(None, &plain, false));
        assert!(use_color(Some(ColorChoice::Always), &env("1", "0", "0"), false));
        assert!(!use_color(Some(ColorChoice::Never), &env("", "1", "1"), true));
        assert!(!use_color(None, &env("1", "1", "1"), true), "NO_COLOR wins over CLICOLOR_FORCE");
        assert!(use_color(None, &env("", "1", "0"), false), "an empty NO_COLOR says nothing");
        assert!(!use_color(None, &env("", "0", ""), false), "CLICOLOR_FORCE=0 says nothing");
        assert!(!use_color(None, &env("", "", "0"), true));
        assert!(!use_color(Some(ColorChoice::Auto), &Env { term: Some("dumb".into()), ..Env::default() }, true));
    }

    #[test]
    fn a_file_has_no_colours_unless_asked() {
        let env = Env { stdout_is_terminal: true, columns: Some("72".into()), ..Env::default() };
        let args = CheckArgs { output: Some("report.txt".into()), ..CheckArgs::default() };
        let settings = Settings::resolve(&args, None, &env).unwrap();
        assert!(!settings.options.color);
        assert_eq!(settings.options.width, 72);
        let args = CheckArgs { output: Some("-".into()), ..CheckArgs::default() };
        let settings = Settings::resolve(&args, None, &env).unwrap();
        assert!(settings.options.color && settings.output.is_none());
    }
}
