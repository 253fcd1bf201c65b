//! The exit status, the one thing that every script reads.

use std::process::ExitCode;

use crate::config::FailOn;
use crate::engine::Outcome;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// 0: everything was judged, and nothing at or above the threshold was found.
    Clean,
    /// 1: everything was judged, and something was found.
    Findings,
    /// 2: something was not judged, or the command could not do its work. Wins over the others: who could not look
    /// cannot say that all is well, nor that this is all.
    Incomplete,
}

impl ExitStatus {
    /// The status of a run with this outcome; `exit_zero` forgives findings, never what was not judged.
    pub fn of(outcome: &Outcome, fail_on: FailOn, exit_zero: bool) -> Self {
        let fails = || fail_on.severity().is_some_and(|threshold| outcome.fails_on(threshold));
        match () {
            () if outcome.is_incomplete() => Self::Incomplete,
            () if !exit_zero && fails() => Self::Findings,
            () => Self::Clean,
        }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(match status {
            ExitStatus::Clean => 0,
            ExitStatus::Findings => 1,
            ExitStatus::Incomplete => 2,
        })
    }
}
