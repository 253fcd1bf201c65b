//! From paths to findings: find files, read them, analyse, filter, sort. The only place with threads.
//!
//! [`analyse`] does the work for one source in memory and is pure; `walk` decides which files are looked at; [`run`]
//! puts them together and returns an [`Outcome`], which reports render and from which the exit status follows.
//!
//! The exact commands work on single policies: [`diff`] compares, [`diff_since`] asks git what to compare ([`changes`]),
//! [`decide`] answers for one request, [`effective()`] intersects a caller's and a session's; and
//! [`generate`] writes the policy that an expectation describes.

mod analyse;
mod asked;
mod caller;
mod decide;
mod delta;
mod diff;
mod effective;
mod fill;
mod form;
mod generate;
mod matrix;
mod name;
mod outcome;
mod parsed;
mod place;
mod read;
mod revision;
mod run;
mod since;
mod walk;

use analyse::kind_of;

pub use analyse::{analyse, analyse_within, judge_layouts};
pub use caller::Caller;
pub use decide::{Answered, Question, decide};
pub use delta::Delta;
pub use diff::{Diffs, FileDiff, PolicyDiff, diff};
pub use effective::{Effective, effective};
pub use generate::{Filling, Refusal, dialect_of, expectation, generate};
pub use matrix::{Matrices, PolicyMatrix, matrices};
pub use outcome::{Analysed, FileOutcome, Filtered, KindSource, Outcome, PolicySummary, Skipped, Trouble, Unjudged};
pub use read::{read_file, read_stdin};
pub use revision::{Change, Changes, changes};
pub use run::{Progress, Request, accept, facts, is_acceptable, is_whole, run};
pub use since::diff_since;
pub use walk::{STDIN, reported};
