//! What the process finds around it. The environment is read here and nowhere else.

use std::ffi::OsString;
use std::io::{IsTerminal, stderr, stdout};
use std::path::PathBuf;

/// Columns of a report where nothing tells how wide the terminal is.
const USUAL_WIDTH: usize = 100;

/// The environment of a run.
#[derive(Debug, Clone, Default)]
pub(super) struct Env {
    /// `NO_COLOR`
    pub(super) no_color: Option<OsString>,
    /// `CLICOLOR_FORCE`
    pub(super) clicolor_force: Option<OsString>,
    /// `CLICOLOR`
    pub(super) clicolor: Option<OsString>,
    /// `TERM`
    pub(super) term: Option<OsString>,
    /// `COLUMNS`
    pub(super) columns: Option<OsString>,
    /// Whether somebody looks at standard output.
    pub(super) stdout_is_terminal: bool,
    /// Whether somebody looks at standard error.
    pub(super) stderr_is_terminal: bool,
    /// The absolute working directory; empty when it was removed.
    pub(super) working_directory: PathBuf,
}

impl Env {
    /// The environment of this process.
    pub(super) fn read() -> Self {
        use std::env::{current_dir, var_os};
        Self {
            no_color: var_os("NO_COLOR"),
            clicolor_force: var_os("CLICOLOR_FORCE"),
            clicolor: var_os("CLICOLOR"),
            term: var_os("TERM"),
            columns: var_os("COLUMNS"),
            stdout_is_terminal: stdout().is_terminal(),
            stderr_is_terminal: stderr().is_terminal(),
            working_directory: current_dir().unwrap_or_default(),
        }
    }

    /// Columns to which prose is wrapped.
    pub(super) fn width(&self) -> usize {
        let columns = self.columns.as_ref().and_then(|columns| columns.to_str()?.trim().parse().ok());
        columns.filter(|columns| *columns > 0).unwrap_or(USUAL_WIDTH).clamp(40, 200)
    }
}
