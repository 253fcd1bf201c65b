//! Whom a statement speaks of.
//!
//! Only a bucket policy says so; elsewhere every statement speaks of the holder. Callers that no statement tells apart are
//! one: those who are named, those whom two patterns fit, those who do not sign, and all others. An account as a whole, or
//! a group, stands for identities that have names of their own: what is said of both is not decided.

use crate::policy::{PolicyKind, Principal, PrincipalKind, Statement, Who, find_hole};
use crate::semantics::glob::{Glob, Letter, Step};
use crate::semantics::search::{Answer, Budget, witness};

/// Who makes a request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Caller {
    /// Whoever holds the policy.
    Holder,
    /// Somebody whom a statement names, or one of those whom a pattern fits.
    Named(Name),
    /// Somebody who does not sign.
    Anonymous,
    /// Somebody else, who signs.
    Other,
}

/// A caller with a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// For people, as somebody wrote it.
    pub shown: String,
    word: Vec<Letter>,
    /// An account as a whole or a group: what the names of its members begin with.
    of_members: Option<String>,
    /// An identity that its account is not told of: it may be one that has another name elsewhere.
    may_be_alias: bool,
    /// Those who may be it under another name.
    aliases: Option<Glob>,
}

impl Name {
    /// The caller whom an id names.
    pub fn new(shown: &str, who: &Who<'_>) -> Self {
        let (kind, callers) = (who.kind, &*who.callers);
        let account = callers.split_once('/').map_or(callers, |(account, _)| account);
        let of_members = (kind == PrincipalKind::Account).then(|| format!("{account}/"));
        let may_be_alias = kind == PrincipalKind::Identity && !callers.contains('/');
        let aliases = (!who.aliases.is_empty()).then(|| Glob::parse(&who.aliases, false));
        Self { shown: shown.to_owned(), word: pattern(kind, callers).canonical(), of_members, may_be_alias, aliases }
    }
}

/// One whom a statement names.
#[derive(Debug, Clone)]
pub(super) struct Named {
    name: Name,
    glob: Glob,
    /// By a statement that allows.
    allows: bool,
}

/// Whom a statement speaks of.
#[derive(Debug, Clone)]
pub(super) enum Whom {
    Everyone,
    Nobody,
    These {
        anonymous: bool,
        named: Vec<Named>,
    },
    /// Everyone but these.
    Others {
        named: Vec<Named>,
    },
}

/// The callers that a pattern of this kind fits; kinds have no callers in common.
fn pattern(kind: PrincipalKind, callers: &str) -> Glob {
    let space = match kind {
        PrincipalKind::Service => "service:",
        PrincipalKind::Federated => "federated:",
        _ => "",
    };
    Glob::parse(&format!("{space}{callers}"), false)
}

impl Named {
    fn new(principal: &Principal<'_>, allows: bool) -> Self {
        let (kind, callers) = (principal.kind, &*principal.callers);
        let who = Who { kind, callers: callers.into(), aliases: (&*principal.aliases).into() };
        Self { name: Name::new(&principal.text, &who), glob: pattern(kind, callers), allows }
    }

    fn includes(&self, name: &Name) -> bool {
        self.glob.matches(&name.word)
    }

    /// Whether it may be another one under another name.
    fn may_be(&self, other: &Self) -> bool {
        let meets = |one: &Self, other: &Self| {
            let common = |aliases: &Glob| witness(&[aliases, &other.glob], &[], &mut Budget::default());
            one.name.aliases.as_ref().is_some_and(|aliases| common(aliases) != Answer::None)
        };
        meets(self, other) || meets(other, self)
    }
}

impl Whom {
    /// Read whom a statement speaks of; what of it leaves that open is appended to `unclear`.
    pub(super) fn read(statement: &Statement<'_>, kind: PolicyKind, unclear: &mut Vec<String>) -> Self {
        if kind != PolicyKind::Bucket {
            if statement.principals.as_ref().is_some_and(|principals| !principals.is_sdk_habit) {
                unclear.push(format!("{} names a principal, which only a bucket's policy does", statement.title()));
            }
            return Self::Everyone;
        }
        // An element that is missing is the widest for an allow and nothing for a deny.
        let unnamed = if statement.allows() { Self::Everyone } else { Self::Nobody };
        let Some(principals) = statement.principals.as_ref().filter(|principals| !principals.list.is_empty()) else {
            unclear.push(format!("{} of a bucket policy names no principal", statement.title()));
            return unnamed;
        };
        let is_unclear = |one: &&Principal<'_>| one.kind == PrincipalKind::Unknown || find_hole(&one.text, 0).is_some();
        if let Some(one) = principals.list.iter().find(is_unclear) {
            unclear.push(format!("nothing tells who the principal `{}` is", one.text));
        }
        if principals.negated && principals.list.iter().any(|one| one.kind == PrincipalKind::Anyone) {
            return Self::Nobody;
        }
        // Whether an identity is left out when its account, or the session of a role, is not named beside it is not said.
        let is_identity = |one: &&Principal<'_>| one.kind == PrincipalKind::Identity;
        if let Some(one) = principals.list.iter().find(is_identity).filter(|_| principals.negated) {
            unclear.push(format!("nothing tells whether everyone but `{}` leaves out its account", one.text));
        }
        let (mut anonymous, mut named) = (false, Vec::new());
        for one in &principals.list {
            match one.kind {
                PrincipalKind::Anyone => return Self::Everyone,
                PrincipalKind::Anonymous => anonymous = true,
                _ => named.push(Named::new(one, statement.allows())),
            }
        }
        if principals.negated { Self::Others { named } } else { Self::These { anonymous, named } }
    }

    /// One caller and nobody else.
    pub(super) fn only(name: &Name) -> Self {
        let named = Named { name: name.clone(), glob: Glob::word(name.word.iter().copied()), allows: false };
        Self::These { anonymous: false, named: vec![named] }
    }

    /// Those whom it names.
    fn named(&self) -> &[Named] {
        match self {
            Self::These { named, .. } | Self::Others { named } => named,
            Self::Everyone | Self::Nobody => &[],
        }
    }

    /// Whether it speaks of a caller.
    pub(super) fn includes(&self, caller: &Caller) -> bool {
        let is_among = |named: &[Named], name: &Name| named.iter().any(|one| one.includes(name));
        match (self, caller) {
            (Self::Everyone, _) | (_, Caller::Holder) | (Self::Others { .. }, Caller::Anonymous | Caller::Other) => {
                true
            }
            (Self::Nobody, _) | (Self::These { .. }, Caller::Other) => false,
            (Self::These { anonymous, .. }, Caller::Anonymous) => *anonymous,
            (Self::These { named, .. }, Caller::Named(name)) => is_among(named, name),
            (Self::Others { named }, Caller::Named(name)) => !is_among(named, name),
        }
    }
}

/// The callers that statements tell apart, those who are not named first. An error where it is not known which are one.
pub(super) fn callers<'w>(all: impl IntoIterator<Item = &'w Whom>) -> Result<Vec<Caller>, String> {
    let mut named: Vec<&Named> = Vec::new();
    let mut tells_apart = false;
    for whom in all {
        match whom {
            Whom::Everyone => {}
            Whom::Nobody => tells_apart = true,
            Whom::These { named: own, .. } | Whom::Others { named: own } => {
                tells_apart = true;
                named.extend(own);
            }
        }
    }
    if !tells_apart {
        return Ok(vec![Caller::Holder]);
    }
    aliases(&named)?;
    named.sort_by(|a, b| a.name.cmp(&b.name));
    named.dedup_by(|a, b| a.name.word == b.name.word);
    let mut names: Vec<Name> = named.iter().map(|one| one.name.clone()).collect();
    let is_wide = |one: &Named| one.name.of_members.is_some() || one.glob.steps().contains(&Step::Run);
    for (at, one) in named.iter().enumerate().filter(|(_, one)| is_wide(one)) {
        // Of two wide ones the first meets the second.
        for (_, other) in named.iter().enumerate().filter(|(place, other)| *place > at || !is_wide(other)) {
            if one.name.of_members.is_some() || other.name.of_members.is_some() {
                apart(one, other)?;
            } else {
                names.extend(both(one, other)?);
            }
        }
    }
    names.sort();
    Ok([Caller::Anonymous, Caller::Other].into_iter().chain(names.into_iter().map(Caller::Named)).collect())
}

/// Make sure that nobody who is denied, or asked for, may be somebody else who is allowed under another name.
fn aliases(named: &[&Named]) -> Result<(), String> {
    let allowed = || named.iter().filter(|one| one.allows);
    for denied in named.iter().filter(|one| !one.allows) {
        let is_other = |one: &&&Named| {
            (one.name.may_be_alias || denied.name.may_be_alias || one.may_be(denied))
                && !one.includes(&denied.name)
                && !denied.includes(&one.name)
        };
        if let Some(one) = allowed().find(is_other) {
            return Err(format!("it is not known whether `{}` is `{}`", denied.name.shown, one.name.shown));
        }
    }
    Ok(())
}

/// Some two of these callers who may be one, of whom the first is not among the second's: what `here` says of one may be said
/// of the other one by `there`.
pub(super) fn twin<'w>(
    caller: &Caller,
    here: impl IntoIterator<Item = &'w Whom>,
    there: impl IntoIterator<Item = &'w Whom>,
) -> Option<String> {
    let Caller::Named(name) = caller else { return None };
    let own: Vec<&Named> = here.into_iter().flat_map(Whom::named).filter(|one| one.includes(name)).collect();
    let others: Vec<&Named> = there
        .into_iter()
        .filter(|whom| !whom.includes(caller))
        .flat_map(Whom::named)
        .filter(|one| one.allows)
        .collect();
    let pairs = own.iter().flat_map(|one| others.iter().map(move |other| (one, other)));
    let mut twins = pairs.filter(|(one, other)| one.may_be(other));
    twins.next().map(|(one, other)| format!("it is not known whether `{}` is `{}`", one.name.shown, other.name.shown))
}

/// Make sure that a whole account or a group has nothing to do with another caller.
fn apart(one: &Named, other: &Named) -> Result<(), String> {
    let is_of = |whole: &Named, part: &Named| {
        let members = whole.name.of_members.as_deref().map(|start| Glob::parse(&format!("{start}*"), false));
        members.is_some_and(|members| {
            !matches!(witness(&[&members, &part.glob], &[], &mut Budget::default()), Answer::None)
        })
    };
    if is_of(one, other) || is_of(other, one) {
        return Err(format!("it is not known whether `{}` stands for `{}`", one.name.shown, other.name.shown));
    }
    Ok(())
}

/// Somebody whom both patterns fit, where neither holds the other one.
fn both(one: &Named, other: &Named) -> Result<Option<Name>, String> {
    if one.includes(&other.name) || other.includes(&one.name) {
        return Ok(None);
    }
    match witness(&[&one.glob, &other.glob], &[], &mut Budget::default()) {
        Answer::None => Ok(None),
        Answer::Some(word) => {
            let shown = format!("{} and {}", one.name.shown, other.name.shown);
            Ok(Some(Name { shown, word, of_members: None, may_be_alias: false, aliases: None }))
        }
        Answer::Unknown(reason) => Err(reason.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn principal(kind: PrincipalKind, callers: &'static str) -> Principal<'static> {
        Principal { kind, callers: callers.into(), ..Principal::unknown(Span::default(), callers.into()) }
    }

    fn these(all: &[(PrincipalKind, &'static str)]) -> Whom {
        let named = all.iter().map(|(kind, callers)| Named::new(&principal(*kind, callers), true)).collect();
        Whom::These { anonymous: false, named }
    }

    fn shown(whoms: &[Whom]) -> Result<Vec<String>, String> {
        let name = |caller: Caller| match caller {
            Caller::Named(name) => name.shown,
            other => format!("{other:?}"),
        };
        callers(whoms).map(|all| all.into_iter().map(name).collect())
    }

    #[test]
    fn callers_are_those_whom_some_statement_tells_apart() {
        use PrincipalKind::{Identity, Service};
        assert_eq!(shown(&[Whom::Everyone]).unwrap(), ["Holder"]);
        let alice = these(&[(Identity, "1/user/alice")]);
        assert_eq!(shown(&[alice.clone(), Whom::Everyone]).unwrap(), ["Anonymous", "Other", "1/user/alice"]);
        // One whom both fit stands for what only both of them say.
        let overlapping = [these(&[(Identity, "*/up/*")]), these(&[(Identity, "1/*")])];
        assert_eq!(shown(&overlapping).unwrap(), ["Anonymous", "Other", "*/up/*", "*/up/* and 1/*", "1/*"]);
        // Kinds have no callers in common.
        let apart = [these(&[(Service, "*")]), alice];
        assert_eq!(shown(&apart).unwrap().len(), 4);
    }

    #[test]
    fn an_account_is_told_apart_from_others_only() {
        use PrincipalKind::{Account, Identity};
        let account = these(&[(Account, "1/*")]);
        assert!(shown(&[account.clone(), these(&[(Identity, "2/user/bob")])]).is_ok());
        assert!(shown(&[account.clone(), these(&[(Identity, "1/user/alice")])]).is_err());
        assert!(shown(&[account, these(&[(Identity, "*/user/alice")])]).is_err());
    }
}
