//! Where bytes are: sources, spans, the line index, and fragments.
//!
//! Everything that grantlint says points at bytes of a file. A [`Source`] is such a file; a [`Span`] is a range of
//! its bytes. A policy does not have to be a whole file: it may sit, escaped, inside a string of another document.
//! Then it is read from a [`Fragment`], whose ranges are [`Local`]; the only way from a `Local` to a `Span` is
//! [`Fragment::locate`], so no range can bypass the map.
//!
//! This module knows nothing of JSON or of policies.

mod fragment;
mod lines;
mod source;
mod span;
mod visible;

pub use fragment::{Fragment, FragmentBuilder};
pub use lines::{LineIndex, Position};
pub use source::{MAX_BYTES, Source, TooLarge};
pub use span::{Local, Span};
pub use visible::{is_invisible, visible};
