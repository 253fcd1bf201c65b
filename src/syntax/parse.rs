//! placeholder until the parser lands
use super::Tree;
/// Parse.
pub fn parse(text: &str) -> Tree<'_> { Tree { text, nodes: Vec::new(), roots: Vec::new(), faults: Vec::new(), comments: Vec::new() } }
