//! What keeps a command from doing its work, and how it is said.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::config::ConfigError;
use crate::engine::{Refusal, Trouble};
use crate::report::safe_line;
use crate::text::visible;

/// A command ends with exit status 2 and this message.
#[derive(Debug)]
pub(super) enum CliError {
    /// A rule that does not exist, and the one that was probably meant.
    UnknownRule {
        /// The name as it was given.
        name: String,
        /// A name that is close to it.
        near: Option<&'static str>,
    },
    /// `--ignore invalid-json`
    NeverIgnored,
    /// The arguments do not make a call.
    Usage {
        /// What is wrong.
        message: String,
        /// What to write.
        help: String,
    },
    /// Something is wrong with the configuration or a baseline.
    Config(ConfigError),
    /// A file could not be read, or is none that the command can work with.
    Trouble(Trouble),
    /// No policy can be generated from what was asked for.
    Refused(Refusal),
    /// A file could not be written.
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// Standard output took no more, and not because its reader had gone.
    Stdout(io::Error),
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownRule { name, .. } => write!(f, "there is no rule `{}`", visible(name)),
            Self::NeverIgnored => f.write_str("`invalid-json` cannot be ignored: what does not parse was not judged"),
            Self::Usage { message, .. } => f.write_str(&visible(message)),
            Self::Config(error) => error.fmt(f),
            Self::Trouble(trouble) => write!(f, "{}: {}", visible(&trouble.file), visible(&trouble.message)),
            Self::Refused(refusal) => f.write_str(&safe_line(&refusal.message)),
            Self::Unwritable { path, cause } => {
                write!(f, "`{}` cannot be written: {cause}", visible(&path.to_string_lossy()))
            }
            Self::Stdout(cause) => write!(f, "standard output cannot be written: {cause}"),
        }
    }
}

impl std::error::Error for CliError {}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl From<Trouble> for CliError {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl From<Refusal> for CliError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl CliError {
    /// The text for a person, with a line end; mistakes in a file stand under their bytes.
    pub(super) fn render(&self, color: bool, width: usize) -> String {
        if let Self::Config(error) = self {
            let text = error.render(color, width);
            return format!("{}\n", text.trim_end_matches('\n'));
        }
        let (strong, plain) = if color { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
        let help = self.help().map_or_else(String::new, |help| format!("  help: {help}\n"));
        format!("{strong}error{plain}: {self}\n{help}")
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::UnknownRule { near: Some(near), .. } => Some(format!("did you mean `{near}`?")),
            Self::UnknownRule { near: None, .. } => Some("run `grantlint rules` for the list".to_owned()),
            Self::Usage { help, .. } => Some(help.clone()),
            Self::NeverIgnored => Some("repair the file, or leave it out of the check".to_owned()),
            Self::Trouble(trouble) => trouble.help.as_deref().map(|help| visible(help).into_owned()),
            Self::Refused(refusal) => refusal.help.as_deref().map(|help| safe_line(help).into_owned()),
            Self::Config(_) | Self::Unwritable { .. } | Self::Stdout(_) => None,
        }
    }
}
