//! JSON with comments, read without losing anything.
//!
//! [`parse`] turns a text into a [`Tree`]: every key and value with its range, duplicate keys kept, comments kept, and
//! a list of [`Fault`]s. It always returns a tree: a fault is passed over and the rest is still read, so several
//! faults are found in one run. Nesting costs memory in proportion to the text and never the call stack.
//!
//! This module knows no policies. It reads ranges of the text it was given ([`Local`](crate::text::Local)); the caller
//! maps them to the file.

mod decode;
mod fault;
mod notation;
mod parse;
mod pointer;
mod quotes;
mod recover;
mod scan;
#[cfg(test)]
mod tests;
mod tree;

pub use decode::{decode, embed_json_string, embed_url_decoded, url_decoded};
pub use fault::{Fault, FaultKind};
pub use notation::{Notation, notation_of};
pub use parse::parse;
pub use pointer::{Smallest, pointer, smallest};
pub use tree::{Elements, Kind, Member, Members, Node, Tree, Value};
