//! What providers define, typed: actions, condition keys, regions, names that are no actions, and whose a word is.
//!
//! The facts are data in `rules/catalog/*.json`, each with its source and the day it was read. They are loaded once and
//! indexed: an action is a small number, a set of actions a few machine words, so that rules ask set questions.

mod action;
mod actions;
mod carry;
mod field;
mod key;
mod load;
mod names;
mod nearest;
mod operators;
mod words;

pub use action::{Action, ActionId, Class, Family, Ground, LeadsTo, Level, Reach};
pub use actions::ActionSet;
pub use field::{About, FormField};
pub use key::{Applies, ConditionKey, ProviderKey, Role, ValueType, Whose};
pub use load::{Catalog, ForeignAction, Lead};
pub use nearest::nearest;
pub use operators::{Compares, OperatorWord, Operators, Reading};
pub use words::{Instead, VendorWords, Vocabulary, Word, vocabulary, words_of};
