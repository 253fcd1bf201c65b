//! What a policy means: which requests it lets through.
//!
//! Every answer here is exact or says that it is not: yes, no with a witness, or unknown with the reason. Nothing here
//! knows a provider by name, and nothing knows rules.
//!
//! - [`pattern`]: matching and containment of one pattern in another, and witnesses.
//! - [`contain`]: a resource within others, as far as one plain match decides it.
//! - [`condition`]: the requests that meet a statement's conditions.
//! - [`glob`]: patterns in normal form, for the exact questions.
//! - [`search`]: a word that is in all of some patterns and in none of others; every exact question comes down to it.
//! - [`permission`]: what a policy permits, to be compared, asked and intersected.
//! - [`index`]: which resources may hold or meet one, without trying all.
//! - [`scope`]: how wide a resource reaches.
//! - [`reading`]: a statement with its actions resolved against the catalogue.
//! - [`matrix`]: actions times resources: what a matrix is, and how many scenarios there are.
//! - [`isolation`]: whether what is granted to one user reaches what belongs to another.
//! - [`layout`]: who owns which keys of a bucket, as a project declares it.
//! - [`names`]: what a user's name may look like, and which names are unsafe to fill in.
//! - [`view`]: a resource as actions on keys, on the bucket and on listed prefixes see it.
//! - [`within`]: a session policy as far as its caller lets it reach.
//! - [`graph`]: which resource or statement lies in which, and what a permission-changing action leads to.
//! - [`expectation`]: what a project expects of its policies.

pub mod condition;
pub mod contain;
pub mod expectation;
pub mod glob;
pub mod graph;
pub mod index;
pub mod isolation;
pub mod layout;
pub mod matrix;
pub mod names;
pub mod pattern;
pub mod permission;
pub mod reading;
pub mod scope;
pub mod search;
pub mod view;
pub mod within;
