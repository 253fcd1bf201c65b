//! The bar of a run that takes long enough for somebody to wonder.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::engine::Progress;

/// A run that ends sooner shows no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar on standard error that appears late and leaves no trace.
pub(super) struct Bar {
    started: Instant,
    drawn: ProgressBar,
    is_wanted: bool,
    shown: OnceLock<()>,
}

impl Bar {
    /// A bar that appears only if `is_wanted`.
    pub(super) fn new(is_wanted: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("checking {bar:30} {pos} of {len} files") {
            bar.set_style(style);
        }
        Self { started: Instant::now(), drawn: bar, is_wanted, shown: OnceLock::new() }
    }

    /// Take the bar away, so that the next text begins on an empty line.
    pub(super) fn clear(&self) {
        self.drawn.finish_and_clear();
    }
}

impl Progress for Bar {
    fn begin(&self, files: usize) {
        self.drawn.set_length(files as u64);
    }

    fn advance(&self) {
        self.drawn.inc(1);
        if self.is_wanted && self.shown.get().is_none() && self.started.elapsed() >= PATIENCE {
            self.shown.get_or_init(|| self.drawn.set_draw_target(ProgressDrawTarget::stderr()));
        }
    }
}
