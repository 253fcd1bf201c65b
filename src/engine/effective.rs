//! What a key may really do: what its caller's policy and the policy passed with the call permit together.

use super::delta::{Delta, delta, told};
use super::parsed::{Key, Parsed};
use super::{Trouble, Unjudged, kind_of};
use crate::finding::PolicyKind;
use crate::policy::{Policy, Statement};
use crate::rules::Facts;
use crate::semantics::matrix::{Matrix, TooLarge};
use crate::semantics::permission::{Cause, Space};
use crate::text::Source;

/// What a key may really do.
#[derive(Debug)]
pub struct Effective {
    /// The caller's policy.
    pub caller: Source,
    /// The session's, if one is passed.
    pub session: Option<Source>,
    /// What both permit, or why it was not laid out.
    pub matrix: Result<Matrix, TooLarge>,
    /// What the session's policy asks for and the caller's never grants; places are in the session's text.
    pub unmet: Vec<Delta>,
    /// What was not decided, each a sentence.
    pub undecided: Vec<String>,
    /// What was not judged of the caller's text and of the session's.
    pub unjudged: [Vec<Unjudged>; 2],
}

impl Effective {
    /// Whether something was not judged or not decided.
    pub fn is_incomplete(&self) -> bool {
        self.matrix.is_err() || !self.undecided.is_empty() || self.unjudged.iter().any(|unjudged| !unjudged.is_empty())
    }
}

/// Intersect the policy in `session` with that of its caller; without one, the key has all that the caller has.
///
/// # Errors
/// When one of the sources holds no policy, or several.
pub fn effective(
    caller: Source,
    session: Option<Source>,
    facts: [&Facts; 2],
    is_large: bool,
) -> Result<Effective, Trouble> {
    let [caller_facts, session_facts] = facts;
    let mut out = None;
    let mut unjudged = [Vec::new(), Vec::new()];
    {
        let caller_parsed = Parsed::new(&caller, caller_facts);
        let session_parsed = session.as_ref().map(|session| Parsed::new(session, session_facts));
        let (caller_key, left) = only(&caller_parsed, caller_facts, "attached to nobody")?;
        unjudged[0] = left;
        let of_session = session_parsed.as_ref().map(|parsed| only(parsed, session_facts, "passed with no call"));
        let session_key = of_session.transpose()?;
        caller_parsed.with(&caller_key, &mut |dialect, _, held| {
            let (Some(parsed), Some((key, _))) = (&session_parsed, &session_key) else {
                let mut space = Space::new(dialect, [held]);
                let permission = space.permission(held, PolicyKind::Identity, &caller_facts.owners);
                let matrix = space.intersection(&[&permission], &caller_facts.owners, is_large);
                out = Some((matrix, Vec::new(), permission.unclear().to_vec()));
                return;
            };
            parsed.with(key, &mut |other, _, asked| {
                if other.name() != dialect.name() {
                    let undecided = format!("one policy is of {}, the other of {}", dialect.name(), other.name());
                    let matrix = Ok(Matrix { columns: Vec::new(), rows: Vec::new(), scenarios: 0, granting: 0 });
                    out = Some((matrix, Vec::new(), vec![undecided]));
                    return;
                }
                out = Some(both(dialect, (held, caller_facts), (asked, session_facts), is_large));
            });
        });
        if let Some((_, left)) = session_key {
            unjudged[1] = left;
        }
    }
    let (matrix, unmet, mut undecided) = out.ok_or_else(|| nothing(&caller))?;
    undecided.extend(matrix.as_ref().ok().and_then(Matrix::undecided));
    Ok(Effective { caller, session, matrix, unmet, undecided, unjudged })
}

type Both = (Result<Matrix, TooLarge>, Vec<Delta>, Vec<String>);

fn both(
    dialect: &'static dyn crate::dialect::Dialect,
    (held, caller): (&Policy<'_>, &Facts),
    (asked, session): (&Policy<'_>, &Facts),
    is_large: bool,
) -> Both {
    let mut space = Space::new(dialect, [held, asked]);
    // Whoever asks for the key is the one whom the caller's policy is attached to.
    let of_caller = space.permission(held, PolicyKind::Identity, &caller.owners);
    let of_session = space.permission(asked, PolicyKind::Session, &session.owners);
    let difference = space.difference(&of_caller, &of_session);
    let mut unmet: Vec<Delta> =
        difference.added.iter().filter_map(|change| delta(change, &space, asked, held, true)).collect();
    let mut undecided = told(&difference, dialect);
    let named: Vec<Cause> = difference.added.iter().map(|change| change.cause).collect();
    for deny in taking(held, &named) {
        // Of what is asked for, this deny takes what the session's policy would lack if it stood there.
        let mut without = Policy::nothing();
        without.statements = asked.statements.iter().chain([deny]).cloned().collect();
        let of_rest = space.permission(&without, PolicyKind::Session, &session.owners);
        let taken = space.difference(&of_rest, &of_session);
        unmet.extend(taken.added.iter().filter_map(|change| delta(change, &space, asked, &without, true)));
        for reason in told(&taken, dialect) {
            if !undecided.contains(&reason) {
                undecided.push(reason);
            }
        }
    }
    undecided.extend(super::form::apart((dialect, held), (dialect, asked)));
    let matrix = space.intersection(&[&of_caller, &of_session], &session.owners, is_large);
    (matrix, unmet, undecided)
}

/// The denies of a policy that are not `named` as a cause yet.
fn taking<'p, 's>(held: &'p Policy<'s>, named: &[Cause]) -> impl Iterator<Item = &'p Statement<'s>> {
    let denies = held.statements.iter().enumerate().filter(|(_, statement)| !statement.allows());
    denies.filter(|(index, _)| !named.contains(&Cause::Denied(*index))).map(|(_, statement)| statement)
}

/// The one policy of a source, and what could not be judged. A bucket policy is none: it is `never` what is asked for.
fn only(parsed: &Parsed<'_>, facts: &Facts, never: &str) -> Result<(Key, Vec<Unjudged>), Trouble> {
    let (keys, unjudged) = parsed.policies();
    match keys.as_slice() {
        [] => Err(nothing(parsed.source)),
        [only] => {
            let mut kind = None;
            parsed.with(only, &mut |_, _, policy| kind = Some(kind_of(facts, policy).0));
            if kind == Some(PolicyKind::Bucket) {
                let message = format!("a policy that names principals is a bucket's, and {never}");
                return Err(Trouble { file: parsed.source.name().to_owned(), message, help: None });
            }
            Ok((only.clone(), unjudged))
        }
        several => Err(Trouble {
            file: parsed.source.name().to_owned(),
            message: format!("there are {} policies in this file, and one is needed", several.len()),
            help: None,
        }),
    }
}

fn nothing(source: &Source) -> Trouble {
    Trouble { file: source.name().to_owned(), message: "no policy was found in this file".to_owned(), help: None }
}
