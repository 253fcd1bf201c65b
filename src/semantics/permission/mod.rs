//! What a policy permits, as a set of requests: its allows minus its denies.
//!
//! A request is an action, a resource, a context of condition keys and, where policies name principals, a caller. Several
//! policies are read into one [`Space`], in which equal holes, equal conditions and equal actions are the same thing, and
//! are then compared ([`Space::difference`]), asked about one request ([`Space::decide`]) or held to an expectation
//! ([`hold`]). Actions that no statement tells apart are one class (`class`), actions that nobody knows today
//! among them; a resource is one glob of region, account, bucket and key (`area`); conditions are laid out into contexts; and
//! what is left are questions about resources alone, which [`search`](super::search) decides (`question`).
//!
//! Every example is checked against both policies by the plain matcher before it is told. What cannot be decided is said,
//! with what caused it; nothing here guesses.

mod alone;
mod area;
mod binding;
mod change;
mod class;
mod decision;
mod difference;
mod doubt;
mod encode;
mod expected;
mod filling;
mod intersection;
mod letters;
mod prefix;
mod question;
mod rights;
mod space;
mod whom;
mod word;

pub use alone::{Alone, Known, Taken};
pub use change::{Cause, Change, Difference, Undecided, Verdict};
pub use class::Subject;
pub use decision::{Deciding, Decision, Request};
pub use expected::{Held, hold};
pub use rights::Permission;
pub use space::Space;
pub use whom::{Caller, Name};
pub use word::Spot;
