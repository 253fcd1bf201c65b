//! A run: many files, one [`Outcome`].
//!
//! Files are looked at in any order and on all processors; what comes out is in the order of their names, so that the
//! number of threads shows nowhere. The configuration's ignores and the baseline are applied afterwards, one finding
//! after the other, because they count.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::place::Home;
use super::read::{read_file, read_stdin};
use super::walk::{Found, Input, Origin, STDIN, endings, find, reported};
use super::{
    Analysed, Caller, FileOutcome, Filtered, KindSource, Outcome, Skipped, Trouble, analyse_within, judge_layouts,
};
use crate::config::{Baseline, Config, is_template};
use crate::finding::{Finding, PolicyKind, RuleMeta, Severity};
use crate::rules::{self, Facts, Filter, Instead};
use crate::text::{Source, Span};

/// What did not parse was not judged, so neither an ignore nor a baseline accepts it.
const NEVER_ACCEPTED: &str = "invalid-json";

/// What a run is asked to do.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Files, directories, and `-` for standard input; the working directory when empty.
    pub paths: Vec<PathBuf>,
    /// The absolute directory that relative paths start from; names in reports are relative to it.
    pub working_directory: PathBuf,
    /// The name under which standard input is reported and matched; `<stdin>` when `None`.
    pub stdin_name: Option<String>,
    /// What is known of files and accepted in them.
    pub config: Option<Config>,
    /// What all policies are for, whatever configuration and document say.
    pub kind: Option<PolicyKind>,
    /// The name of the dialect of all policies, whatever their words tell.
    pub dialect: Option<&'static str>,
    /// The policy of whoever passes the policies that are looked at.
    pub caller: Option<Caller>,
    /// Literal segments that name one owner, beside those of the configuration.
    pub owners: Vec<String>,
    /// Which findings to show.
    pub filter: Filter,
    /// Show what `[[ignore]]` entries accept.
    pub no_ignores: bool,
    /// A named file without a policy is skipped instead of being an error.
    pub ignore_unknown: bool,
    /// A directory without a policy is no error.
    pub allow_empty: bool,
    /// Number of threads; one for each processor when `None`.
    pub threads: Option<usize>,
}

/// Hears how far a run is.
pub trait Progress: Sync {
    /// So many files will be looked at.
    fn begin(&self, _files: usize) {}
    /// One of them was.
    fn advance(&self) {}
}

/// Nobody listens.
impl Progress for () {}

/// What is known of the file at `path` beside its text: from the configuration, and from flags, which win.
pub fn facts(
    config: Option<&Config>,
    kind: Option<PolicyKind>,
    dialect: Option<&'static str>,
    owners: &[String],
    path: &Path,
) -> Facts {
    let unknown = || Facts { is_template: is_template(path), ..Facts::default() };
    let mut facts = config.map_or_else(unknown, |config| config.facts(path));
    facts.kind = kind.or(facts.kind);
    facts.dialect = dialect.or(facts.dialect);
    facts.owners.names.extend(owners.iter().cloned());
    facts
}

/// Look at everything that `request` names.
pub fn run(request: &Request, progress: &dyn Progress) -> Outcome {
    let here = [PathBuf::from(".")];
    let paths = if request.paths.is_empty() { &here } else { request.paths.as_slice() };
    let stdin_name = request.stdin_name.as_deref().map(|name| reported(Path::new(name), &request.working_directory));
    let mut found = find(paths, &request.working_directory, stdin_name.as_deref().unwrap_or(STDIN));
    progress.begin(found.inputs.len());
    let home = home_of(request);
    let filter = filter_of(request);
    let looked = look_at_all(request, &filter, &home, &found, progress);
    let mut outcome = Outcome { rules: rules_of(&request.filter), ..Outcome::default() };
    outcome.troubles.append(&mut found.troubles);
    outcome.skipped.append(&mut found.skipped);
    let names = found.passed_over.iter().map(|path| reported(path, &request.working_directory));
    outcome.other_names = names.collect::<BTreeSet<String>>().into_iter().collect();
    let mut fruitful = found.troubled;
    let mut suspects = Vec::new();
    for (looked, input) in looked.into_iter().zip(found.inputs.values()) {
        if looked.file.is_some() || looked.trouble.is_some() {
            fruitful.extend(&input.walks);
        }
        outcome.files.extend(looked.file);
        outcome.troubles.extend(looked.trouble);
        if let Some(skipped) = looked.skipped {
            if skipped.reason == LOOKS_LIKE_ONE {
                suspects.push(format!("`{}`", crate::text::visible(&skipped.file)));
            }
            outcome.skipped.push(skipped);
        }
    }
    if !request.allow_empty {
        let empty = found.walks.iter().enumerate().filter(|(number, _)| !fruitful.contains(number));
        outcome.troubles.extend(empty.map(|(_, name)| Trouble {
            file: name.clone(),
            message: "no policy was found in this directory".to_owned(),
            help: Some(format!("a directory is searched for {}; pass `--allow-empty` if there may be none", endings())),
        }));
    }
    outcome.troubles.sort_by(|a, b| (&a.file, &a.message).cmp(&(&b.file, &b.message)));
    outcome.troubles.dedup();
    outcome.skipped.sort_by(|a, b| a.file.cmp(&b.file));
    outcome.skipped.dedup();
    outcome.notes.extend(suspicion(&suspects));
    if let Some(config) = &request.config {
        declared(config, &home, request, &mut outcome);
        apply(config, request, &mut outcome);
    }
    outcome
}

/// What is to be heard, and whether an ignore may make something be told that gave way to what it accepts.
fn filter_of(request: &Request) -> Filter {
    let ignores = request.config.as_ref().is_some_and(|config| !config.ignores.is_empty());
    Filter { keeps_given_way: ignores && !request.no_ignores, ..request.filter.clone() }
}

/// Whether a run looks at all of its project, as far as one can tell: no path was named, and it begins at the root.
pub fn is_whole(request: &Request) -> bool {
    request.paths.is_empty() && home_of(request).is_here()
}

fn home_of(request: &Request) -> Home {
    Home::new(&request.working_directory, request.config.as_ref().map(|config| config.root.as_path()))
}

/// Hold back the findings that `baseline` accepts, each entry being good for one.
pub fn accept(outcome: &mut Outcome, baseline: &mut Baseline) {
    hold_back(
        outcome,
        |source, finding| baseline.contains(source.lasting_name(), finding),
        |filtered| &mut filtered.baseline,
    );
}

/// Whether a baseline may hold the finding.
pub fn is_acceptable(finding: &Finding) -> bool {
    finding.rule.name != NEVER_ACCEPTED
}

/// What looking at one input gave.
#[derive(Default)]
struct Looked {
    file: Option<FileOutcome>,
    trouble: Option<Trouble>,
    skipped: Option<Skipped>,
}

fn look_at_all(request: &Request, filter: &Filter, home: &Home, found: &Found, progress: &dyn Progress) -> Vec<Looked> {
    let look = |(name, input): (&String, &Input)| {
        let looked = look_at(request, filter, home, name, input);
        progress.advance();
        looked
    };
    // A pool takes longer to start than one policy takes to judge.
    if found.inputs.len() < 2 || request.threads == Some(1) {
        return found.inputs.iter().map(look).collect();
    }
    let parallel = || {
        let inputs: Vec<_> = found.inputs.iter().collect();
        inputs.into_par_iter().map(look).collect()
    };
    match request.threads.map(|threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build()) {
        Some(Ok(pool)) => pool.install(parallel),
        // Where no pool of that size can be had, the usual one gives the same answer.
        Some(Err(_)) | None => parallel(),
    }
}

fn look_at(request: &Request, filter: &Filter, home: &Home, name: &str, input: &Input) -> Looked {
    let (source, path) = match &input.origin {
        Origin::File(path) => (read_file(path, name), path.as_path()),
        Origin::Stdin => (read_stdin(name), Path::new(name)),
    };
    let source = match source {
        Ok(source) if name == STDIN => source,
        Ok(source) => source.known_as(home.name(path)),
        Err(trouble) => return Looked { trouble: Some(trouble), ..Looked::default() },
    };
    let facts = facts(request.config.as_ref(), request.kind, request.dialect, &request.owners, path);
    let mut analysed = analyse_within(&source, &facts, filter, request.caller.as_ref());
    if request.kind.is_some() {
        for policy in analysed.policies.iter_mut().filter(|policy| !policy.is_post) {
            policy.kind_source = KindSource::Flag;
        }
    }
    // A walk comes across statements of all sorts.
    if !input.is_named && analysed.is_mute {
        let skipped = Skipped { file: source.name().to_owned(), reason: "no policy" };
        return Looked { skipped: Some(skipped), ..Looked::default() };
    }
    if analysed.policies.is_empty() && analysed.no_policy {
        return without_policy(request, source, analysed, input.is_named);
    }
    Looked { file: Some(FileOutcome { source, analysed }), ..Looked::default() }
}

/// The reason for leaving a file aside that a person may want to look at.
const LOOKS_LIKE_ONE: &str = "it looks like a policy, but none was recognised";

/// What becomes of a text in which no policy was recognised.
fn without_policy(request: &Request, source: Source, analysed: Analysed, is_named: bool) -> Looked {
    let is_incomplete = !analysed.unjudged.is_empty();
    let is_fault = |finding: &Finding| finding.rule.name == NEVER_ACCEPTED && finding.severity > Severity::Low;
    let is_broken = is_incomplete || analysed.findings.iter().any(is_fault);
    let has_to = is_named && !request.ignore_unknown;
    let file = source.name().to_owned();
    let counts = has_to || is_broken && analysed.looks_like_policy;
    if !counts {
        let reason = if analysed.looks_like_policy { LOOKS_LIKE_ONE } else { "no policy" };
        return Looked { skipped: Some(Skipped { file, reason }), ..Looked::default() };
    }
    // A fault that loses text already says that something was not judged.
    let trouble = (has_to && !is_incomplete).then(|| Trouble {
        file,
        message: "no policy was found in this file".to_owned(),
        help: Some("pass `--ignore-unknown` if there may be none".to_owned()),
    });
    let file = is_broken.then_some(FileOutcome { source, analysed });
    Looked { file, trouble, skipped: None }
}

/// One note for all walked files that speak like policies and are none that grantlint knows.
fn suspicion(suspects: &[String]) -> Option<String> {
    const MOST: usize = 5;
    let (what, more) = match suspects.len() {
        0 => return None,
        1 => ("a file was skipped that looks", String::new()),
        count if count <= MOST => ("files were skipped that look", String::new()),
        count => ("files were skipped that look", format!(" and {} more", count - MOST)),
    };
    let names: Vec<&str> = suspects.iter().take(MOST).map(String::as_str).collect();
    Some(format!("{what} like a policy, but none was recognised: {}{more}", names.join(", ")))
}

/// The rules whose findings can be shown.
fn rules_of(filter: &Filter) -> Vec<&'static RuleMeta> {
    let runs =
        |name: &str| filter.select.as_ref().is_none_or(|only| only.contains(name)) && !filter.ignore.contains(name);
    rules::all().iter().copied().filter(|meta| runs(meta.name)).collect()
}

/// Judge the layouts of the buckets that some policy names; what is said of them stands in the configuration.
fn declared(config: &Config, home: &Home, request: &Request, outcome: &mut Outcome) {
    let named: BTreeSet<usize> = outcome.files.iter().flat_map(|file| &file.analysed.layouts).copied().collect();
    if named.is_empty() {
        return;
    }
    for layout in named.iter().filter_map(|index| config.layouts.get(*index)).filter(|layout| layout.is_assumed) {
        let names = layout.names.text();
        outcome.notes.push(format!("{}: the layout has no `names`; `{names}` is assumed", layout.at));
    }
    // It was read from there a moment ago.
    let Ok(source) = Source::new(config.name.clone(), &*config.text) else { return };
    let source = source.known_as(home.name(&config.path));
    let analysed = judge_layouts(&source, &config.layouts, named, &request.filter);
    if analysed.findings.is_empty() && analysed.filtered == Filtered::default() {
        return;
    }
    let at = outcome.files.partition_point(|file| file.source.name() < source.name());
    outcome.files.insert(at, FileOutcome { source, analysed });
}

/// Apply the ignores of `config`, and say which of its entries have become idle.
fn apply(config: &Config, request: &Request, outcome: &mut Outcome) {
    if !request.no_ignores {
        let mut used = BTreeSet::new();
        let path_of =
            |name: &str| if name == STDIN { PathBuf::from(name) } else { request.working_directory.join(name) };
        let mut is_ignored = |source: &Source, finding: &Finding| {
            let entry = config.ignored_by(&path_of(source.name()), finding);
            used.extend(entry);
            entry.is_some()
        };
        hold_back(outcome, &mut is_ignored, |filtered| &mut filtered.ignored);
        if give_back(outcome) {
            hold_back(outcome, is_ignored, |filtered| &mut filtered.ignored);
        }
        let checked: Vec<PathBuf> = outcome.files.iter().map(|file| path_of(file.source.name())).collect();
        outcome.notes.extend(config.unused_under(&request.filter, &used, &checked));
    }
    outcome.notes.extend(config.stale());
}

/// Tell what gave way to findings of which none is left; whether there is any.
fn give_back(outcome: &mut Outcome) -> bool {
    let mut is_any = false;
    let files = outcome.files.iter_mut().map(|file| &mut file.analysed);
    for analysed in files.filter(|analysed| !analysed.given_way.is_empty()) {
        let findings = &mut analysed.findings;
        let left: BTreeSet<(&str, Span)> =
            findings.iter().map(|finding| (finding.rule.name, finding.primary)).collect();
        let mut told = std::mem::take(&mut analysed.given_way);
        // Many give way to the same ones.
        let mut known: BTreeMap<*const (&str, Span), bool> = BTreeMap::new();
        let mut is_left = |list: &Instead| {
            *known.entry(list.as_ptr()).or_insert_with(|| list.iter().any(|stands| left.contains(stands)))
        };
        told.retain(|given| !given.to.iter().any(&mut is_left));
        if !told.is_empty() {
            is_any = true;
            findings.extend(told.into_iter().map(|given| given.finding));
            findings.sort_by(|a, b| a.order().cmp(&b.order()));
        }
    }
    is_any
}

/// Remove and count the findings for which `is_accepted`, except those that nobody may accept.
fn hold_back(
    outcome: &mut Outcome,
    mut is_accepted: impl FnMut(&Source, &Finding) -> bool,
    counter: impl Fn(&mut Filtered) -> &mut u32,
) {
    for file in &mut outcome.files {
        let source = &file.source;
        let counter = counter(&mut file.analysed.filtered);
        file.analysed.findings.retain(|finding| {
            let is_held_back = is_acceptable(finding) && is_accepted(source, finding);
            *counter += u32::from(is_held_back);
            !is_held_back
        });
    }
}
