//! grantlint reads object-storage access policies and tells what the holder of a key could do that nobody meant.
//!
//! The modules stand in the order in which data flows; a later one may use the earlier ones, never the other way
//! round: [`text`], [`syntax`], [`policy`], [`catalog`], [`dialect`], [`semantics`], [`finding`], [`rules`], [`config`],
//! [`engine`], [`report`], [`cli`].

pub mod catalog;
pub mod cli;
pub mod config;
pub mod dialect;
pub mod engine;
pub mod finding;
pub mod policy;
pub mod report;
pub mod rules;
pub mod semantics;
pub mod syntax;
pub mod text;
