//! The integration tests: one binary, a module for each thing that is guarded.
//!
//! `rulebook`, `rules`, `guide` and `laws` read the rulebook and the fixtures; `matrix` and `torture` feed the library what
//! no fixture holds, and `regressions` what once went wrong; `search`, `conditions`, `permission` and `oracle` hold the exact
//! engines against their definitions, `exact`, `diff` and `layouts` the answers made of them, and `doubts` their silence;
//! `dialects`, `forms` and `notations` tell languages apart; `architecture` and `catalogue` read the source and the facts
//! themselves; `syntax`, `config`, `formats`, `revision`, `readme` and `cli` look at one part from outside; `expectations` and
//! `generate` hold what is declared and written against what is read.
//! `UPDATE=1 cargo test` rewrites what is generated.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "the helpers of tests may panic as tests do"
)]

mod architecture;
mod catalogue;
mod cli;
mod conditions;
mod config;
mod dialects;
mod diff;
mod doubts;
mod exact;
mod expectations;
mod formats;
mod forms;
mod generate;
mod guide;
mod harness;
mod laws;
mod layouts;
mod matrix;
mod naive;
mod notations;
mod oracle;
mod permission;
mod readme;
mod regressions;
mod revision;
mod rulebook;
mod rules;
mod search;
mod support;
mod syntax;
mod torture;
