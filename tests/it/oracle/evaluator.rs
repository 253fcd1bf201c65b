//! What a policy permits by definition, and the universe in which it is computed.

use std::net::Ipv4Addr;
use std::sync::LazyLock;

use super::{
    ACL, ACLS, ACTIONS, ADDRESSES, ASKED, BUCKETS, Context, IP, LETTERS, NETWORK, NETWORKS, PATHS, PREFIX, Sketch,
    Sort, TESTS, Target, sort,
};

/// Whether a pattern matches a text: `*` is any run, `?` is one character.
fn glob(pattern: &str, text: &str) -> bool {
    let mut letters = pattern.chars();
    match letters.next() {
        None => text.is_empty(),
        Some('*') => {
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            ends.into_iter().any(|at| glob(letters.as_str(), &text[at..]))
        }
        Some(letter) => {
            let mut rest = text.chars();
            rest.next().is_some_and(|other| letter == '?' || letter == other) && glob(letters.as_str(), rest.as_str())
        }
    }
}

pub(super) fn is_named(pattern: &str, action: &str) -> bool {
    let pattern = pattern.strip_prefix("s3:").unwrap_or(pattern);
    glob(&pattern.to_lowercase(), &action.to_lowercase())
}

fn is_held(path: &str, target: &Target, sort: Sort) -> bool {
    let path = match (path, sort) {
        ("*", _) => return true,
        (path, Sort::Account) => return path == ":*",
        _ if target.is_elsewhere => return false,
        (":*", _) => "*",
        (path, _) => path,
    };
    match sort {
        Sort::Bucket | Sort::Listing => glob(path, &target.bucket),
        _ if target.key.is_empty() => glob(path, &target.bucket),
        _ => glob(path, &format!("{}/{}", target.bucket, target.key)),
    }
}

fn is_within(range: &str, address: &str) -> bool {
    let (start, bits) = range.split_once('/').unwrap_or((range, "32"));
    let number = |text: &str| text.parse::<Ipv4Addr>().ok().map(u32::from);
    let shift = 32 - bits.parse::<u32>().unwrap();
    let start = number(start).unwrap() >> shift;
    number(address).is_some_and(|address| address >> shift == start)
}

/// Whether a condition holds for a value of its key.
fn meets(test: usize, value: Option<&str>) -> bool {
    let (operator, _, values) = TESTS[test];
    let if_exists = operator.ends_with("IfExists");
    let negated = operator.contains("Not");
    let Some(value) = value else { return if_exists || negated };
    let is_one = values.iter().any(|wanted| {
        if operator.contains("Ip") {
            is_within(wanted, value)
        } else if operator.contains("Like") {
            glob(wanted, value)
        } else {
            *wanted == value
        }
    });
    is_one != negated
}

fn holds_in(test: usize, context: &Context<'_>) -> bool {
    match TESTS[test].1 {
        IP => meets(test, context.ip),
        NETWORK => meets(test, context.network),
        ACL => meets(test, context.acl),
        _ => true,
    }
}

/// A condition on the prefix; an empty prefix is not sent.
fn holds_of(test: usize, target: &Target) -> bool {
    TESTS[test].1 != PREFIX || meets(test, (!target.key.is_empty()).then_some(target.key.as_str()))
}

fn names(sketch: &Sketch, action: &str) -> bool {
    sketch.actions.iter().any(|at| is_named(ACTIONS[*at], action)) != sketch.but_actions
}

/// Whether a request passes: the definition, for any target and context.
pub(super) fn passes(policy: &[Sketch], action: &str, target: &Target, context: &Context<'_>) -> bool {
    let speaks = |sketch: &Sketch| {
        names(sketch, action)
            && sketch.paths.iter().any(|at| is_held(PATHS[*at], target, sort(action))) != sketch.but_paths
            && sketch.tests.iter().all(|test| holds_in(*test, context) && holds_of(*test, target))
    };
    policy.iter().any(|sketch| sketch.allows && speaks(sketch))
        && !policy.iter().any(|sketch| !sketch.allows && speaks(sketch))
}

/// Targets as bits.
type Bits = [u64; 3];

/// The universe, with what each word of the vocabulary holds of it.
pub(super) struct Universe {
    targets: Vec<Target>,
    contexts: Vec<Context<'static>>,
    /// By action, the targets it may have.
    valid: Vec<Bits>,
    /// By action and path.
    held: Vec<Vec<Bits>>,
    /// By condition, the contexts, and the targets of a listing.
    meets: Vec<(u64, Bits)>,
}

pub(super) static UNIVERSE: LazyLock<Universe> = LazyLock::new(Universe::new);

impl Universe {
    fn new() -> Self {
        let mut keys = vec![String::new()];
        for at in 0..13 {
            keys.extend(LETTERS.map(|letter| format!("{}{letter}", keys[at])));
        }
        let elsewhere = ["", "x"].map(|key| Target { bucket: "z".to_owned(), key: key.to_owned(), is_elsewhere: true });
        let of_bucket = |bucket: &&str| {
            let target = |key: &String| Target { bucket: (*bucket).to_owned(), key: key.clone(), is_elsewhere: false };
            keys.iter().map(target).collect::<Vec<_>>()
        };
        let targets: Vec<Target> = BUCKETS.iter().flat_map(of_bucket).chain(elsewhere).collect();
        let mut contexts = Vec::new();
        for ip in ADDRESSES {
            for network in NETWORKS {
                contexts.extend(ACLS.map(|acl| Context { ip, network, acl }));
            }
        }
        assert!(targets.len() <= 192 && contexts.len() <= 64);
        let bits = |test: &dyn Fn(&Target) -> bool| {
            let mut bits = Bits::default();
            for (at, _) in targets.iter().enumerate().filter(|(_, target)| test(target)) {
                bits[at / 64] |= 1 << (at % 64);
            }
            bits
        };
        let valid = |action: &&str| match sort(action) {
            Sort::Object => bits(&|target| !target.key.is_empty()),
            Sort::Bucket | Sort::Account => bits(&|target| target.key.is_empty()),
            Sort::Listing | Sort::Open => bits(&|_| true),
        };
        let held = |action: &&str| -> Vec<Bits> {
            PATHS.iter().map(|path| bits(&|target| is_held(path, target, sort(action)))).collect()
        };
        let meets = (0..TESTS.len()).map(|test| {
            let of_context = contexts.iter().enumerate().filter(|(_, context)| holds_in(test, context));
            (of_context.map(|(at, _)| 1 << at).sum(), bits(&|target| holds_of(test, target)))
        });
        let (valid, held, meets) =
            (ASKED.iter().map(valid).collect(), ASKED.iter().map(held).collect(), meets.collect());
        Self { targets, contexts, valid, held, meets }
    }

    /// The targets that pass, context by context.
    fn permitted(&self, policy: &[Sketch], action: usize) -> Vec<Bits> {
        let mut sides = [vec![Bits::default(); self.contexts.len()], vec![Bits::default(); self.contexts.len()]];
        for sketch in policy.iter().filter(|sketch| names(sketch, ASKED[action])) {
            let mut bits = Bits::default();
            let mut contexts = u64::MAX;
            for (word, own) in bits.iter_mut().enumerate() {
                let held = sketch.paths.iter().fold(0, |all, path| all | self.held[action][*path][word]);
                *own = if sketch.but_paths { !held } else { held } & self.valid[action][word];
                for test in &sketch.tests {
                    *own &= self.meets[*test].1[word];
                    contexts &= self.meets[*test].0;
                }
            }
            for (at, side) in sides[usize::from(sketch.allows)].iter_mut().enumerate() {
                if contexts >> at & 1 == 1 {
                    side.iter_mut().zip(bits).for_each(|(all, own)| *all |= own);
                }
            }
        }
        let [denied, allowed] = sides;
        let rest = |(allowed, denied): (Bits, Bits)| [0, 1, 2].map(|word| allowed[word] & !denied[word]);
        allowed.into_iter().zip(denied).map(rest).collect()
    }

    /// A request that passes `with` and not `without`, for each action that has one.
    pub(super) fn gained(&self, with: &[Sketch], without: &[Sketch]) -> Vec<(&'static str, &Target, Context<'static>)> {
        let mut found = Vec::new();
        for (index, action) in ASKED.iter().enumerate() {
            let sides = self.permitted(with, index).into_iter().zip(self.permitted(without, index));
            let first = sides.enumerate().find_map(|(context, (with, without))| {
                let at =
                    (0..self.targets.len()).find(|at| (with[at / 64] & !without[at / 64]) >> (at % 64) & 1 == 1)?;
                Some((*action, &self.targets[at], self.contexts[context]))
            });
            found.extend(first);
        }
        found
    }
}
