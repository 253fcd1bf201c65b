//! What may be said on the command line: types for clap, and nothing that decides.
//!
//! Words are checked here only for their form. What they mean together with the configuration and the environment is
//! settled in `settings`.

mod exact;

use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{PossibleValuesParser, Styles, TypedValueParser};
use clap::{Args, Parser, Subcommand};

use exact::{CAN_AFTER_HELP, DIFF_AFTER_HELP, GENERATE_HELP};
pub(super) use exact::{CanArgs, DiffArgs, EffectiveArgs, GenerateArgs};

use crate::config::{FailOn, is_segment};
use crate::finding::{Confidence, PolicyKind, Profile, Severity};
use crate::report::{Format, MatrixFormat};

const AFTER_HELP: &str = "Exit status: 0 clean, 1 findings at or above --fail-on, 2 something was not judged";

const AFTER_LONG_HELP: &str = "\
Exit status:
  0  nothing at or above --fail-on (medium) was found
  1  something was
  2  something was not judged: a file that cannot be read or understood, or a
     mistake on the command line or in the configuration; 2 wins over 1

Environment:
  NO_COLOR        no colours, when not empty
  CLICOLOR_FORCE  colours without a terminal too, when neither empty nor 0
  CLICOLOR        no colours, when 0
  COLUMNS         width of the human report

The configuration is the nearest grantlint.toml between the working directory
and the root of its repository; `grantlint init` writes one to start from.
Flags win over it.";

const LONG_ABOUT: &str = "\
Finds what the holder of a key could do that nobody meant to allow.

grantlint reads the policies of object storage: those passed when a temporary
key is issued, identity policies and bucket policies. A finding stands under
the exact bytes, with a request that the policy lets through and a repair.";

/// The command line.
#[derive(Debug, Parser)]
#[command(
    name = "grantlint",
    version,
    about = "Finds what the holder of a key could do that nobody meant to allow",
    long_about = LONG_ABOUT,
    styles = Styles::plain(),
    after_help = AFTER_HELP,
    after_long_help = AFTER_LONG_HELP,
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check policies and report findings
    #[command(after_help = AFTER_HELP, after_long_help = AFTER_LONG_HELP)]
    Check(Box<CheckArgs>),
    /// Show which actions a policy grants on which resources
    Matrix(MatrixArgs),
    /// Tell whether one request passes a policy
    #[command(after_help = CAN_AFTER_HELP)]
    Can(CanArgs),
    /// Show what became allowed and what no longer is
    #[command(after_help = DIFF_AFTER_HELP)]
    Diff(DiffArgs),
    /// Show what a key may really do: what its caller may and the policy passed with the call allows
    Effective(EffectiveArgs),
    /// Write the policy that an expectation of grantlint.toml describes
    #[command(after_long_help = GENERATE_HELP)]
    Generate(GenerateArgs),
    /// Print the page of a rule
    Explain(ExplainArgs),
    /// List the rules
    Rules(RulesArgs),
    /// Write a commented grantlint.toml into the working directory
    Init,
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print the JSON schema of the configuration or of the JSON report
    Schema(SchemaArgs),
}

impl Command {
    /// What `--color` says, where the command has it.
    pub(super) fn color(&self) -> Option<ColorChoice> {
        match self {
            Self::Check(args) => args.policy.color,
            Self::Matrix(args) => args.policy.color,
            Self::Can(args) => args.policy.color,
            Self::Diff(args) => args.policy.color,
            Self::Effective(args) => args.policy.color,
            Self::Generate(args) => args.color,
            Self::Explain(_) | Self::Rules(_) | Self::Init | Self::Completions(_) | Self::Schema(_) => None,
        }
    }
}

/// Flags of every command that reads policies.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct PolicyArgs {
    /// What the policies are for
    ///
    /// session: passed when a temporary key is issued. identity: attached to a user, group or role. bucket: attached to
    /// a bucket. Wins over the configuration and over what the document says.
    #[arg(long, value_name = "KIND", value_parser = known::<PolicyKind>(&["session", "identity", "bucket"]))]
    pub(super) kind: Option<PolicyKind>,
    /// The provider whose language the policies are in
    ///
    /// cos: Tencent Cloud. oss: Alibaba Cloud. s3: AWS. Wins over the configuration and over what the words of a policy
    /// tell.
    #[arg(long, value_name = "NAME", value_parser = known::<DialectName>(crate::dialect::NAMES))]
    pub(super) dialect: Option<DialectName>,
    /// A path segment that names one owner
    ///
    /// `app/alice/*` is shared by nobody when alice is an owner. May be given more than once.
    #[arg(long, value_name = "NAME", value_parser = segment)]
    pub(super) owner: Vec<String>,
    /// Read this configuration instead of looking for grantlint.toml
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,
    /// Read no configuration
    #[arg(long)]
    pub(super) no_config: bool,
    /// When to use colours: auto, always or never
    #[arg(long, value_name = "WHEN", hide_possible_values = true, value_parser = known::<ColorChoice>(ColorChoice::WORDS))]
    pub(super) color: Option<ColorChoice>,
}

/// Arguments of `check`.
#[derive(Debug, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(super) struct CheckArgs {
    /// Files and directories to check, `-` for standard input [default: the working directory]
    ///
    /// A named file has to hold a policy. A directory is walked, hidden files too, as .gitignore lets it, for
    /// names that end in .json, .jsonc or .policy, also followed by .tpl, .tmpl or .j2.
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// How to report
    #[arg(long, short, value_name = "FORMAT", default_value = "human", help_heading = "Output",
          value_parser = known::<Format>(&["human", "concise", "json", "sarif", "github", "gitlab"]))]
    pub(super) format: Option<Format>,
    /// Write the report to this file instead of standard output
    ///
    /// The file is replaced in one step when the report is complete; the summary still goes to standard error.
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub(super) output: Option<PathBuf>,
    /// Leave out notes and hints; with --output, the summary too
    #[arg(long, short, help_heading = "Output", conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Also tell which policies were read and which files were skipped
    #[arg(long, short, help_heading = "Output")]
    pub(super) verbose: bool,
    #[command(flatten)]
    pub(super) policy: PolicyArgs,
    /// Judge the policies within this one, that of whoever passes them
    ///
    /// A temporary key may do what both permit. The policies are then those of sessions, unless --kind says otherwise.
    #[arg(long, value_name = "FILE")]
    pub(super) caller: Option<PathBuf>,
    /// How much to show [default: default]
    ///
    /// default: act on it. strict: also what is worth tidying. audit: everything; a person should look.
    #[arg(long, value_name = "PROFILE", help_heading = "Findings", value_parser = known::<Profile>(&["default", "strict", "audit"]))]
    pub(super) profile: Option<Profile>,
    /// Show only findings of these rules, whatever their profile
    ///
    /// `invalid-json` is always among them: what does not parse was not judged.
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Findings")]
    pub(super) select: Vec<String>,
    /// Show no findings of these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Findings")]
    pub(super) ignore: Vec<String>,
    /// Show no findings below this severity
    #[arg(long, value_name = "SEVERITY", help_heading = "Findings",
          value_parser = known::<Severity>(&["info", "low", "medium", "high"]))]
    pub(super) min_severity: Option<Severity>,
    /// Show no findings below this confidence
    #[arg(long, value_name = "CONFIDENCE", help_heading = "Findings", value_parser = known::<Confidence>(&["low", "medium", "high"]))]
    pub(super) min_confidence: Option<Confidence>,
    /// Show also what the configuration ignores
    #[arg(long, help_heading = "Findings")]
    pub(super) no_ignores: bool,
    /// Hold back the findings that this baseline holds
    #[arg(long, value_name = "FILE", help_heading = "Findings")]
    pub(super) baseline: Option<PathBuf>,
    /// Write the findings of this run to a baseline, and hold them back
    ///
    /// `invalid-json` is not written: what does not parse was not judged.
    #[arg(long, value_name = "FILE", help_heading = "Findings", conflicts_with = "baseline")]
    pub(super) write_baseline: Option<PathBuf>,
    /// The least severity that makes the exit status 1, or never [default: medium]
    #[arg(long, value_name = "SEVERITY", help_heading = "Gate", value_parser = known::<FailOn>(FailOn::WORDS))]
    pub(super) fail_on: Option<FailOn>,
    /// Exit with 0 instead of 1; what was not judged is still 2
    #[arg(long, help_heading = "Gate")]
    pub(super) exit_zero: bool,
    /// Skip a named file that holds no policy, instead of exiting with 2
    #[arg(long, help_heading = "Gate")]
    pub(super) ignore_unknown: bool,
    /// Accept a directory without any policy, instead of exiting with 2
    #[arg(long, help_heading = "Gate")]
    pub(super) allow_empty: bool,
    /// The name of standard input, in reports and for the configuration
    #[arg(long, value_name = "PATH")]
    pub(super) stdin_filename: Option<PathBuf>,
}

/// Arguments of `matrix`.
#[derive(Debug, Args)]
pub(super) struct MatrixArgs {
    /// The file, `-` for standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// How to print it
    #[arg(long, short, value_name = "FORMAT", default_value = "table",
          value_parser = known::<MatrixFormat>(&["table", "markdown", "csv", "json"]))]
    pub(super) format: MatrixFormat,
    /// Lay out more than 1,000,000 cells
    #[arg(long)]
    pub(super) large: bool,
    #[command(flatten)]
    pub(super) policy: PolicyArgs,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The name of the rule, such as wildcard-resource
    #[arg(value_name = "RULE")]
    pub(super) rule: String,
}

/// Arguments of `rules`.
#[derive(Debug, Args)]
pub(super) struct RulesArgs {
    /// How to print them
    #[arg(long, short, value_name = "FORMAT", default_value = "table", value_parser = known::<RulesFormat>(RulesFormat::WORDS))]
    pub(super) format: RulesFormat,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(super) shell: clap_complete::Shell,
}

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// Which schema
    #[arg(value_name = "WHICH", value_parser = known::<SchemaName>(SchemaName::WORDS))]
    pub(super) which: SchemaName,
}

macro_rules! choices {
    ($(#[$doc:meta])* $type:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum $type { $($(#[$variant_doc])* $variant),+ }

        impl $type {
            /// The words on the command line.
            pub(super) const WORDS: &'static [&'static str] = &[$($word),+];
        }

        impl FromStr for $type {
            type Err = String;

            fn from_str(word: &str) -> Result<Self, String> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(format!("`{word}` is none of {}", Self::WORDS.join(", "))),
                }
            }
        }
    };
}

/// The name of a dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DialectName(pub(super) &'static str);

impl FromStr for DialectName {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let known = crate::dialect::named(word).map(|dialect| Self(dialect.name()));
        known.ok_or_else(|| format!("`{word}` is none of {}", crate::dialect::NAMES.join(", ")))
    }
}

choices! {
    /// When to use colours.
    ColorChoice {
        /// When the output is a terminal and the environment does not speak against it.
        Auto = "auto",
        /// In any case.
        Always = "always",
        /// Never.
        Never = "never",
    }
}

choices! {
    /// How the list of rules is printed.
    RulesFormat {
        /// Aligned columns.
        Table = "table",
        /// JSON.
        Json = "json",
    }
}

choices! {
    /// A schema.
    SchemaName {
        /// That of `grantlint.toml`.
        Config = "config",
        /// That of the JSON report.
        Report = "report",
    }
}

/// A name that may stand alone between two slashes.
fn segment(text: &str) -> Result<String, String> {
    if is_segment(text) {
        Ok(text.to_owned())
    } else {
        Err("write the name alone, such as `alice`, without `/`, `*` and blanks".to_owned())
    }
}

/// A parser for one of `words`, which help and completions list.
pub(super) fn known<T>(words: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = String> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(words).try_map(|word| word.parse::<T>())
}
