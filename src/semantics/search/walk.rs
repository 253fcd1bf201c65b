//! The search: words of all inside globs, letter by letter, until one is in no outside glob.
//!
//! A node is a place in each inside glob and the set of [`Places`] of all outside ones. Only letters that some inside
//! glob names, and the generic one where all read a wildcard, need to be tried: any other letter could be replaced by the
//! generic one without losing an inside glob or entering an outside one. Nodes are taken in the order of the shortest
//! word that could still come of them (letters read, plus the most that an inside glob must still read), so the first
//! word found is a shortest one. A node is dropped when one with the same places inside, no more places outside and no
//! more letters read is known: it could do no better.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::rc::Rc;

use super::budget::{Limit, Meter};
use super::places::{Places, is_within, meets};
use crate::semantics::glob::{Glob, Letter, Step};

/// How many sets are remembered for the same inside places, the smallest ones, to be asked whether they make a new node
/// needless. Fewer cost states, never the answer.
const MOST_ASKED: usize = 32;

/// The most ways to read one letter that are tried from one node. There are two for each inside glob that is at a run with
/// this letter behind it.
const MOST_WAYS: usize = 1 << 12;

/// A shortest word of all `inside` (at least one) and none of `outside`.
pub(super) fn shortest(
    inside: &[&Glob],
    outside: &[&Glob],
    meter: &mut Meter<'_>,
) -> Result<Option<Vec<Letter>>, Limit> {
    let (head, tail) = forced(inside, outside);
    if head + tail == 0 {
        return walked(inside, outside, meter);
    }
    let steps = inside.first().map_or(&[][..], |glob| glob.steps());
    let spelled = |steps: &[Step]| Glob::new(steps.iter().copied()).canonical();
    let (mut word, last) =
        (spelled(between(steps, 0, steps.len() - head)), spelled(between(steps, steps.len() - tail, 0)));
    let rests = |globs: &[&Glob]| -> Vec<Glob> {
        globs.iter().map(|glob| Glob::new(between(glob.steps(), head, tail).iter().copied())).collect()
    };
    let (inside, outside) = (rests(inside), rests(outside));
    let found = walked(&inside.iter().collect::<Vec<_>>(), &outside.iter().collect::<Vec<_>>(), meter)?;
    Ok(found.map(|middle| {
        word.extend(middle);
        word.extend(last);
        word
    }))
}

/// How many letters at the beginning and at the end every word of all `inside` has that every glob of `outside` takes by
/// its own beginning and end: they tell nothing.
fn forced(inside: &[&Glob], outside: &[&Glob]) -> (usize, usize) {
    let Some((first, others)) = inside.split_first() else { return (0, 0) };
    let shortest = inside.iter().chain(outside).map(|glob| glob.steps().len()).min().unwrap_or(0);
    let is_forced = |at: &dyn Fn(&[Step]) -> Option<Step>| {
        let letter = at(first.steps()).filter(|step| matches!(step, Step::Letter(_)));
        letter.is_some()
            && others.iter().all(|glob| at(glob.steps()) == letter)
            && outside.iter().all(|glob| matches!(at(glob.steps()), step if step == letter || step == Some(Step::One)))
    };
    let from_start = |index: &usize| is_forced(&|steps| steps.get(*index).copied());
    let head = (0..shortest).take_while(from_start).count();
    let from_end =
        |index: &usize| is_forced(&|steps| steps.len().checked_sub(index + 1).and_then(|at| steps.get(at).copied()));
    let tail = (0..shortest - head).take_while(from_end).count();
    (head, tail)
}

/// Steps without the first and the last ones.
fn between(steps: &[Step], head: usize, tail: usize) -> &[Step] {
    steps.len().checked_sub(tail).and_then(|end| steps.get(head..end)).unwrap_or_default()
}

fn walked(inside: &[&Glob], outside: &[&Glob], meter: &mut Meter<'_>) -> Result<Option<Vec<Letter>>, Limit> {
    let places = Places::new(inside, outside, meter)?;
    let inside =
        inside.iter().map(|glob| Inside::new(glob, &places, meter)).collect::<Result<Vec<Inside<'_>>, Limit>>()?;
    Walk { inside, places, nodes: Vec::new(), queue: VecDeque::new(), alike: HashMap::new() }.run(meter)
}

/// What is known of an inside glob.
struct Inside<'g> {
    steps: &'g [Step],
    /// For each place, the outside places that hold all that is left.
    holders: Vec<Vec<u64>>,
    /// For each place, the fewest letters that are left.
    least: Vec<u32>,
}

impl<'g> Inside<'g> {
    fn new(glob: &'g Glob, places: &Places, meter: &mut Meter<'_>) -> Result<Self, Limit> {
        let mut least = vec![0];
        for step in glob.steps().iter().rev() {
            least.push(least.last().copied().unwrap_or(0) + u32::from(*step != Step::Run));
        }
        least.reverse();
        Ok(Self { steps: glob.steps(), holders: places.holders(glob, meter)?, least })
    }

    fn least(&self, place: u32) -> u32 {
        self.least.get(place as usize).copied().unwrap_or(0)
    }

    fn is_lost(&self, place: u32, set: &[u64]) -> bool {
        self.holders.get(place as usize).is_some_and(|holders| meets(holders, set))
    }

    /// The place after any letter, and the letter that can be read as well with the place after it.
    fn moves(&self, place: u32) -> (Option<u32>, Option<(Letter, u32)>) {
        let step = |at: u32| self.steps.get(at as usize).copied();
        match step(place) {
            Some(Step::Letter(letter)) => (None, Some((letter, place + 1))),
            Some(Step::One) => (Some(place + 1), None),
            Some(Step::Run) => match step(place + 1) {
                Some(Step::Letter(letter)) => (Some(place), Some((letter, place + 2))),
                _ => (Some(place), None),
            },
            None => (None, None),
        }
    }
}

/// A letter, and the inside places after it.
type Move = (Letter, Box<[u32]>);

/// A node of the search.
struct Node {
    inside: Box<[u32]>,
    outside: Rc<[u64]>,
    depth: u32,
    /// The node before it and the letter between them.
    before: Option<(usize, Letter)>,
}

/// The nodes with the same inside places.
#[derive(Default)]
struct Alike {
    /// The outside sets, each with the fewest letters read.
    sets: HashMap<Rc<[u64]>, u32>,
    /// The smallest of them, by the number of their places, with the letters read.
    smallest: Vec<(u32, u32, Rc<[u64]>)>,
}

impl Alike {
    /// Whether a set with fewer places is as good.
    fn has_better(&self, set: &[u64], depth: u32) -> bool {
        let size = size(set);
        self.smallest
            .iter()
            .take_while(|(other, _, _)| *other < size)
            .any(|(_, other, smaller)| *other <= depth && is_within(smaller, set))
    }

    fn has(&self, set: &[u64], depth: u32) -> bool {
        self.sets.get(set).is_some_and(|other| *other <= depth)
    }

    fn add(&mut self, set: &Rc<[u64]>, depth: u32) {
        let size = size(set);
        let at = self.smallest.partition_point(|(other, _, _)| *other <= size);
        if at < MOST_ASKED {
            self.smallest.truncate(MOST_ASKED - 1);
            self.smallest.insert(at, (size, depth, Rc::clone(set)));
        }
        self.sets.insert(Rc::clone(set), depth);
    }
}

struct Walk<'g> {
    inside: Vec<Inside<'g>>,
    places: Places,
    nodes: Vec<Node>,
    queue: VecDeque<usize>,
    alike: HashMap<Box<[u32]>, Alike>,
}

impl Walk<'_> {
    fn run(mut self, meter: &mut Meter<'_>) -> Result<Option<Vec<Letter>>, Limit> {
        let start = Node {
            inside: vec![0; self.inside.len()].into(),
            outside: self.places.start().into(),
            depth: 0,
            before: None,
        };
        self.add(start, 0, meter)?;
        while let Some(index) = self.queue.pop_front() {
            let Some(node) = self.nodes.get(index) else { continue };
            let is_done = node
                .inside
                .iter()
                .zip(&self.inside)
                .all(|(place, inside)| matches!(inside.steps.get(*place as usize..), Some([] | [Step::Run])));
            if is_done && !self.places.is_at_end(&node.outside) {
                return Ok(Some(self.word(index)));
            }
            // A better one may have come since.
            if self.alike.get(&node.inside).is_some_and(|alike| alike.has_better(&node.outside, node.depth)) {
                continue;
            }
            let (depth, bound) = (node.depth + 1, node.depth + self.least(&node.inside));
            let moves = self.moves(&node.inside, meter)?;
            for (letter, inside) in moves {
                meter.comparisons(self.places.cost())?;
                let Some(node) = self.nodes.get(index) else { continue };
                let outside = self.places.read(&node.outside, letter);
                self.add(Node { inside, outside, depth, before: Some((index, letter)) }, bound, meter)?;
            }
        }
        Ok(None)
    }

    /// The fewest letters that must follow.
    fn least(&self, places: &[u32]) -> u32 {
        places.iter().zip(&self.inside).map(|(place, inside)| inside.least(*place)).max().unwrap_or(0)
    }

    /// Add a node unless nothing comes of it. `bound` is the shortest word that could come of the node before it: a node
    /// that is still as good goes to the front of the queue, one that is longer by one to its back, which keeps the queue
    /// sorted.
    fn add(&mut self, node: Node, bound: u32, meter: &mut Meter<'_>) -> Result<(), Limit> {
        let is_lost = node.inside.iter().zip(&self.inside).any(|(place, inside)| inside.is_lost(*place, &node.outside));
        if is_lost {
            return Ok(());
        }
        let alike = self.alike.entry(node.inside.clone()).or_default();
        if alike.has(&node.outside, node.depth) || alike.has_better(&node.outside, node.depth) {
            return Ok(());
        }
        // The node, its set, and what the two maps hold of it, about.
        meter.state(2 * size_of::<Node>() + size_of_val(&*node.inside) + size_of_val(&*node.outside))?;
        alike.add(&node.outside, node.depth);
        let index = self.nodes.len();
        if node.depth + self.least(&node.inside) > bound {
            self.queue.push_back(index);
        } else {
            self.queue.push_front(index);
        }
        self.nodes.push(node);
        Ok(())
    }

    /// The letters that can be read next, each with the places after it.
    fn moves(&self, places: &[u32], meter: &mut Meter<'_>) -> Result<Vec<Move>, Limit> {
        let options: Vec<_> = places.iter().zip(&self.inside).map(|(place, inside)| inside.moves(*place)).collect();
        let mut found = Vec::new();
        if let Some(wild) = options.iter().map(|(wild, _)| *wild).collect::<Option<Box<[u32]>>>() {
            found.push((Letter::ANY, wild));
        }
        let letters: BTreeSet<Letter> =
            options.iter().filter_map(|(_, named)| named.map(|(letter, _)| letter)).collect();
        for letter in letters {
            // All ways to read this letter, glob by glob; `true` once one of them reads it by name, without which the
            // generic letter would do.
            let mut ways: Vec<(bool, Vec<u32>)> = vec![(false, Vec::with_capacity(places.len()))];
            for (wild, named) in &options {
                let named = named.filter(|(other, _)| *other == letter).map(|(_, place)| place);
                let mut longer = Vec::new();
                for (is_named, way) in ways {
                    if let Some(place) = *wild {
                        longer.push((is_named, [way.as_slice(), &[place]].concat()));
                    }
                    if let Some(place) = named {
                        longer.push((true, [way.as_slice(), &[place]].concat()));
                    }
                }
                if longer.len() > MOST_WAYS {
                    return Err(Limit::States);
                }
                meter.comparisons(longer.len() as u64)?;
                ways = longer;
            }
            found.extend(ways.into_iter().filter(|(is_named, _)| *is_named).map(|(_, way)| (letter, way.into())));
        }
        Ok(found)
    }

    /// The letters from the start to a node.
    fn word(&self, index: usize) -> Vec<Letter> {
        let mut word = Vec::new();
        let mut before = self.nodes.get(index).and_then(|node| node.before);
        while let Some((index, letter)) = before {
            word.push(letter);
            before = self.nodes.get(index).and_then(|node| node.before);
        }
        word.reverse();
        word
    }
}

/// The number of places in a set.
fn size(set: &[u64]) -> u32 {
    set.iter().map(|word| word.count_ones()).sum()
}

#[cfg(test)]
mod tests {
    use super::super::budget::Budget;
    use super::*;

    #[test]
    fn what_all_begin_and_end_with_is_not_walked() {
        let parse = |texts: &[&str]| texts.iter().map(|text| Glob::parse(text, true)).collect::<Vec<_>>();
        for (inside, outside, wanted) in [
            (&["app/*.jpg"][..], &["app/?.jpg", "ap?/??*.j?g"][..], (4, 4)),
            (&["ab*b", "ab*cb"], &["a?*b"], (2, 1)),
            (&["ab*b"], &["a*", "ab*b"], (1, 0)),
            (&["a"], &["a"], (1, 0)),
            (&["a?c"], &["abc", "a?c"], (1, 1)),
            (&["*a"], &[], (0, 1)),
        ] {
            let (inside, outside) = (parse(inside), parse(outside));
            let (inside, outside): (Vec<&Glob>, Vec<&Glob>) = (inside.iter().collect(), outside.iter().collect());
            assert_eq!(forced(&inside, &outside), wanted, "{inside:?} {outside:?}");
            let mut budget = Budget::default();
            let whole = walked(&inside, &outside, &mut Meter::new(&mut budget)).unwrap();
            let cut = shortest(&inside, &outside, &mut Meter::new(&mut budget)).unwrap();
            assert_eq!(whole, cut);
        }
    }

    #[test]
    fn a_question_is_answered_the_same_without_its_ends() {
        let mut texts = vec![String::new()];
        for length in 0..3 {
            let last: Vec<String> = texts.iter().filter(|text| text.len() == length).cloned().collect();
            texts.extend(last.iter().flat_map(|text| ['a', 'b', '?', '*'].map(|c| format!("{text}{c}"))));
        }
        let globs: Vec<Glob> = texts.iter().map(|text| Glob::parse(&format!("ba{text}b"), true)).collect();
        let mut budget = Budget::new(20_000, usize::MAX);
        for (n, inside) in globs.iter().enumerate() {
            for outside in globs.windows(3).skip(n % 5).step_by(5) {
                let outside: Vec<&Glob> = outside.iter().collect();
                let second = globs.get((n * 7) % globs.len()).unwrap();
                for inside in [&[inside][..], &[inside, second]] {
                    let whole = walked(inside, &outside, &mut Meter::new(&mut budget)).unwrap();
                    let cut = shortest(inside, &outside, &mut Meter::new(&mut budget)).unwrap();
                    assert_eq!(whole.map(|word| word.len()), cut.as_ref().map(Vec::len), "{inside:?} {outside:?}");
                    let is_witness = |word: &Vec<Letter>| {
                        inside.iter().all(|g| g.matches(word)) && !outside.iter().any(|g| g.matches(word))
                    };
                    assert!(cut.as_ref().is_none_or(is_witness), "{inside:?} {outside:?} {cut:?}");
                }
            }
        }
    }
}
