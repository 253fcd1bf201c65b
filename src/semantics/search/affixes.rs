//! Globs by the letters that they begin and end with.
//!
//! A glob can hold another one only if the letters before its first wildcard begin the other's, and those behind its last
//! one end the other's; two can meet only if of both pairs one begins, or ends, the other. So the distinct beginnings are
//! kept in order, and for each of them the distinct endings, read backwards, each with the longest other one that begins
//! it: before the place where an affix would stand, those that begin it form a chain, one for each length, and those that
//! it begins stand right behind that place. Equal globs are one.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::ops::Range;

use super::token::{OneTakes, fits};
use crate::semantics::glob::{Glob, Step};

/// Which globs of a list begin and end how. It knows them by index, and is asked with the same list each time.
#[derive(Debug, Clone, Default)]
pub(super) struct Affixes {
    beginnings: Vec<Entry>,
    endings: Vec<Entry>,
    /// Equal globs, as ranges of the members.
    alike: Vec<Range<usize>>,
    /// Indices of all globs.
    members: Vec<usize>,
}

/// The letters that some globs begin with, or that some of those end with.
#[derive(Debug, Clone)]
struct Entry {
    /// One of these globs, and how many letters of it these are.
    glob: usize,
    length: usize,
    is_ending: bool,
    /// What has it: for a beginning a range of the endings, for an ending one of the different globs.
    within: Range<usize>,
    /// The longest other one beside it that begins it.
    shorter: Option<usize>,
}

/// Equal globs whose beginning and ending fit.
pub(super) struct Fitting<'a> {
    glob: &'a Glob,
    beginning: usize,
    ending: usize,
    /// The indices of all of them, in order.
    pub(super) members: &'a [usize],
}

impl<'a> Fitting<'a> {
    /// The glob that they are.
    pub(super) fn glob(&self) -> &'a Glob {
        self.glob
    }

    /// [`fits`] for a glob that has this beginning and ending as well, which need no second look.
    pub(super) fn fits(&self, narrow: &Glob, one: OneTakes, spent: &mut u64) -> bool {
        *spent += 1;
        let between = |glob: &'a Glob| glob.steps().get(self.beginning..glob.steps().len() - self.ending);
        let inner =
            narrow.steps().len().checked_sub(self.ending).and_then(|end| narrow.steps().get(self.beginning..end));
        between(self.glob).zip(inner).is_some_and(|(wide, narrow)| fits(wide, narrow, one, spent))
    }
}

impl Affixes {
    /// O(n log n) comparisons of globs.
    pub(super) fn new<G: Borrow<Glob>>(globs: &[G]) -> Self {
        let mut sorted: Vec<(Affix<'_>, Affix<'_>, &Glob, usize)> = globs
            .iter()
            .map(Borrow::borrow)
            .zip(0..)
            .map(|(glob, index)| (Affix::beginning(glob), Affix::own_ending(glob), glob, index))
            .collect();
        sorted.sort_unstable_by(|a, b| {
            a.0.order(b.0).then_with(|| a.1.order(b.1)).then_with(|| a.2.cmp(b.2)).then(a.3.cmp(&b.3))
        });
        let mut affixes = Self::default();
        // The beginnings that begin each other up to the last one, and the endings within the last one.
        let (mut begun, mut ended): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
        let mut before: Option<(Affix<'_>, Affix<'_>, &Glob)> = None;
        for (beginning, ending, glob, index) in sorted {
            let is_begun = before.is_some_and(|(other, _, _)| other.order(beginning) == Ordering::Equal);
            let is_ended = is_begun && before.is_some_and(|(_, other, _)| other.order(ending) == Ordering::Equal);
            if !is_begun {
                add(&mut affixes.beginnings, &mut begun, (index, beginning), affixes.endings.len(), globs);
                ended.clear();
            }
            if !is_ended {
                add(&mut affixes.endings, &mut ended, (index, ending), affixes.alike.len(), globs);
                grow(affixes.beginnings.last_mut().map(|entry| &mut entry.within));
            }
            if !is_ended || before.is_none_or(|(_, _, other)| other != glob) {
                affixes.alike.push(affixes.members.len()..affixes.members.len());
                grow(affixes.endings.last_mut().map(|entry| &mut entry.within));
            }
            affixes.members.push(index);
            grow(affixes.alike.last_mut());
            before = Some((beginning, ending, glob));
        }
        affixes
    }

    /// The globs whose beginning begins that of `glob` and whose ending ends its: all that can hold it are among them, and all
    /// that match the word which it is, if it is one. Those with the longest beginning come first.
    pub(super) fn around<'a, G: Borrow<Glob>>(
        &'a self,
        globs: &'a [G],
        glob: &'a Glob,
    ) -> impl Iterator<Item = Fitting<'a>> {
        let (beginning, ending) = (Affix::beginning(glob), Affix::ending(glob));
        let begun = chain(&self.beginnings, 0..self.beginnings.len(), beginning, globs);
        begun.flat_map(move |begun| {
            let ended = chain(&self.endings, begun.within.clone(), ending, globs);
            ended.flat_map(move |ended| self.fitting(globs, begun, ended))
        })
    }

    /// The globs of which the beginning begins that of `glob` or the other way round, and so the ending: all that can have a
    /// word in common with it are among them.
    pub(super) fn beside<'a, G: Borrow<Glob>>(
        &'a self,
        globs: &'a [G],
        glob: &'a Glob,
    ) -> impl Iterator<Item = Fitting<'a>> {
        let (beginning, ending) = (Affix::beginning(glob), Affix::ending(glob));
        let all = 0..self.beginnings.len();
        let begun = chain(&self.beginnings, all.clone(), beginning, globs).chain(longer(
            &self.beginnings,
            all,
            beginning,
            globs,
        ));
        begun.flat_map(move |begun| {
            let ended = chain(&self.endings, begun.within.clone(), ending, globs).chain(longer(
                &self.endings,
                begun.within.clone(),
                ending,
                globs,
            ));
            ended.flat_map(move |ended| self.fitting(globs, begun, ended))
        })
    }

    fn fitting<'a, G: Borrow<Glob>>(
        &'a self,
        globs: &'a [G],
        begun: &'a Entry,
        ended: &'a Entry,
    ) -> impl Iterator<Item = Fitting<'a>> {
        self.alike.get(ended.within.clone()).unwrap_or_default().iter().filter_map(move |alike| {
            let members = self.members.get(alike.clone())?;
            let glob = globs.get(*members.first()?)?.borrow();
            Some(Fitting { glob, beginning: begun.length, ending: ended.length, members })
        })
    }
}

fn grow(range: Option<&mut Range<usize>>) {
    if let Some(range) = range {
        range.end += 1;
    }
}

/// Add an entry with nothing within it yet; `chain` holds those that begin each other up to the last one.
fn add<G: Borrow<Glob>>(
    entries: &mut Vec<Entry>,
    chain: &mut Vec<usize>,
    (glob, affix): (usize, Affix<'_>),
    within: usize,
    globs: &[G],
) {
    let begins =
        |entry: &usize| entries.get(*entry).is_some_and(|entry| entry.affix(globs).common(affix, 0) == entry.length);
    while chain.last().is_some_and(|last| !begins(last)) {
        chain.pop();
    }
    let shorter = chain.last().copied();
    chain.push(entries.len());
    let Affix { steps, is_ending } = affix;
    entries.push(Entry { glob, length: steps.len(), is_ending, within: within..within, shorter });
}

/// How many entries of a range stand before or at an affix, and how many letters the last of those shares with it.
fn place<G: Borrow<Glob>>(entries: &[Entry], range: Range<usize>, affix: Affix<'_>, globs: &[G]) -> (usize, usize) {
    let Range { start: mut low, end: mut high } = range;
    // What those on both sides share with it, all between them do.
    let (mut below, mut above) = (0, 0);
    while low < high {
        let middle = low + (high - low) / 2;
        let Some(entry) = entries.get(middle) else { break };
        let other = entry.affix(globs);
        let common = other.common(affix, below.min(above));
        if other.at(common) <= affix.at(common) {
            (low, below) = (middle + 1, common);
        } else {
            (high, above) = (middle, common);
        }
    }
    (low, below)
}

/// The entries of a range that begin an affix, the longest first.
fn chain<'e, G: Borrow<Glob>>(
    entries: &'e [Entry],
    range: Range<usize>,
    affix: Affix<'_>,
    globs: &[G],
) -> impl Iterator<Item = &'e Entry> {
    let start = range.start;
    let (place, common) = place(entries, range, affix, globs);
    let mut next = place.checked_sub(1).filter(|nearest| *nearest >= start);
    std::iter::from_fn(move || {
        let entry = entries.get(next?)?;
        next = entry.shorter;
        Some(entry)
    })
    .skip_while(move |entry| entry.length > common)
}

/// The entries of a range that an affix begins and that are longer than it.
fn longer<'e, G: Borrow<Glob>>(
    entries: &'e [Entry],
    range: Range<usize>,
    affix: Affix<'e>,
    globs: &'e [G],
) -> impl Iterator<Item = &'e Entry> {
    let end = range.end;
    let (place, _) = place(entries, range, affix, globs);
    let behind = entries.get(place..end).unwrap_or_default().iter();
    behind.take_while(move |entry| affix.common(entry.affix(globs), 0) == affix.steps.len())
}

impl Entry {
    fn affix<'g, G: Borrow<Glob>>(&self, globs: &'g [G]) -> Affix<'g> {
        let steps = globs.get(self.glob).map_or(&[][..], |glob| glob.borrow().steps());
        let from = if self.is_ending { steps.len().saturating_sub(self.length) } else { 0 };
        Affix { steps: steps.get(from..from + self.length).unwrap_or_default(), is_ending: self.is_ending }
    }
}

/// The letters before the first wildcard, or those behind the last one read backwards.
#[derive(Debug, Clone, Copy)]
struct Affix<'g> {
    steps: &'g [Step],
    is_ending: bool,
}

fn is_wildcard(step: Step) -> bool {
    !matches!(step, Step::Letter(_))
}

impl<'g> Affix<'g> {
    fn beginning(glob: &'g Glob) -> Self {
        let steps = glob.steps();
        let length = steps.iter().position(|step| is_wildcard(*step)).unwrap_or(steps.len());
        Self { steps: steps.get(..length).unwrap_or_default(), is_ending: false }
    }

    fn ending(glob: &'g Glob) -> Self {
        let steps = glob.steps();
        let start = steps.iter().rposition(|step| is_wildcard(*step)).map_or(0, |last| last + 1);
        Self { steps: steps.get(start..).unwrap_or_default(), is_ending: true }
    }

    /// The ending by which a glob is found: none if it has no wildcard, for then its beginning says it all.
    fn own_ending(glob: &'g Glob) -> Self {
        let ending = Self::ending(glob);
        if ending.steps.len() == glob.steps().len() { Self { steps: &[], ..ending } } else { ending }
    }

    fn at(self, index: usize) -> Option<Step> {
        let index = if self.is_ending { self.steps.len().checked_sub(index + 1)? } else { index };
        self.steps.get(index).copied()
    }

    /// How many letters both share, if they share `from`.
    fn common(self, other: Self, from: usize) -> usize {
        let most = self.steps.len().min(other.steps.len());
        (from..most).find(|index| self.at(*index) != other.at(*index)).unwrap_or(most)
    }

    fn order(self, other: Self) -> Ordering {
        let common = self.common(other, 0);
        self.at(common).cmp(&other.at(common))
    }
}
