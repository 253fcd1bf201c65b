//! One source, in memory: parse, find policies, apply the rules, and give every finding its pointer and fingerprint.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::{Analysed, KindSource, PolicySummary, Unjudged};
use crate::dialect::{self, Candidate, Dialect, Form, FoundPolicy, Given, Unread, Visitor};
use crate::finding::{Finding, PolicyKind};
use crate::policy::{KindHint, Policy, ProblemKind, Statement};
use crate::rules::{self, Analysis, Document, Facts, Filter, GivenWay};
use crate::semantics::layout::Layout;
use crate::semantics::matrix::scenarios;
use crate::semantics::reading::Reading;
use crate::semantics::within::within;
use crate::syntax::{Kind, Notation, Tree, Value, notation_of, parse, pointer, smallest};
use crate::text::{Fragment, Source, Span};

use super::caller::Caller;
use super::name::Namer;

/// Analyse a source. Pure: the same source, facts and filter give the same result.
pub fn analyse(source: &Source, facts: &Facts, filter: &Filter) -> Analysed {
    analyse_within(source, facts, filter, None)
}

/// Analyse a source whose policies are passed by the holder of the policy in `caller`.
pub fn analyse_within(source: &Source, facts: &Facts, filter: &Filter, caller: Option<&Caller>) -> Analysed {
    if let Some(what) = source.encoding_fault() {
        let unjudged = vec![Unjudged { span: None, message: what.to_owned() }];
        let looks_like_policy = looks_like_policy(&source.text().replace('\0', ""));
        return Analysed { unjudged, no_policy: true, looks_like_policy, ..Analysed::default() };
    }
    let fragment = Fragment::whole(source);
    let tree = parse(source.text());
    let namer = Namer::new(source.lasting_name());
    let mut run =
        Run { source, facts, filter, caller, out: Analysed::default(), namer, has_untold: false, has_grant: false };
    dialect::find(&fragment, &tree, given(facts), &mut run);
    run.finish(&fragment, &tree)
}

/// What a text is written in that is plainly no JSON, and what to say of it instead of its faults.
pub(super) fn notation(fragment: &Fragment<'_>, tree: &Tree<'_>) -> Option<(Notation, Unjudged)> {
    let (notation, at) = notation_of(tree)?;
    Some((notation, Unjudged { span: Some(fragment.locate(at)), message: notation.message().to_owned() }))
}

/// What the rules say of the layouts of these indices, which are declared in `source`.
pub fn judge_layouts(
    source: &Source,
    layouts: &[Layout],
    indices: impl IntoIterator<Item = usize>,
    filter: &Filter,
) -> Analysed {
    let mut out = Analysed { is_configuration: true, no_policy: true, ..Analysed::default() };
    let mut namer = Namer::new(source.lasting_name());
    for index in indices {
        let findings = rules::check_layout(layouts, index, filter);
        out.filtered.by_filter += findings.held_back;
        for (mut finding, _) in findings.said {
            finding.pointer = layouts.get(index).map_or_else(String::new, |layout| layout.pointer_to(finding.primary));
            // Its message may name the configuration as it is seen from here.
            finding.fingerprint = namer.in_policy(&finding, None, source.slice(finding.primary));
            out.findings.push(finding);
        }
    }
    out.findings.sort_by(|a, b| a.order().cmp(&b.order()));
    out
}

struct Run<'a> {
    source: &'a Source,
    facts: &'a Facts,
    filter: &'a Filter,
    caller: Option<&'a Caller>,
    out: Analysed,
    namer: Namer<'a>,
    /// Some policy's words do not tell whose language it is in.
    has_untold: bool,
    /// Something grants that was not read.
    has_grant: bool,
}

impl Visitor for Run<'_> {
    fn text(&mut self, fragment: &Fragment<'_>, tree: &Tree<'_>, is_embedded: bool) {
        let document = Document {
            fragment,
            tree,
            undecodable: self.source.undecodable(),
            may_comment: !tree.comments().is_empty() && self.source.name().contains(".jsonc"),
            is_embedded,
        };
        let findings = rules::check_document(&document, self.filter);
        self.out.filtered.by_filter += findings.held_back;
        for (mut finding, _) in findings.said {
            if !is_embedded {
                finding.pointer =
                    tree.roots().find_map(|root| pointer_in(fragment, root, finding.primary)).unwrap_or_default();
            }
            finding.fingerprint = self.namer.in_text(&finding, self.source.slice(finding.primary));
            self.out.findings.push(finding);
        }
        for fault in tree.faults().iter().filter(|fault| fault.kind.loses_text()) {
            let message = format!("text was lost: {}", fault.kind.title());
            self.unjudged(Some(fragment.locate(fault.at)), message);
        }
    }

    fn policy(&mut self, found: &FoundPolicy<'_, '_, '_>) {
        let FoundPolicy { dialect, fragment, candidate, ref policy } = *found;
        let (kind, kind_source) = kind_of(self.facts, policy);
        let mut summary = PolicySummary {
            pointer: candidate.pointer.clone(),
            line: candidate.document.map(|_| self.source.position(policy.span.start).line),
            dialect: dialect.name(),
            kind,
            kind_source,
            is_trust: is_trust(self.facts, policy),
            is_post: policy.post.is_some(),
            is_of_other_services: false,
            statements: policy.statements.len() as u32,
            scenarios: 0,
        };
        if summary.is_trust {
            self.out.policies.push(summary);
            return;
        }
        let analysis = Analysis::new(policy, kind, dialect, self.facts);
        summary.scenarios = scenarios(analysis.readings());
        summary.is_of_other_services =
            !policy.statements.is_empty() && analysis.readings().iter().all(Reading::is_of_other_services);
        self.out.layouts.extend(analysis.layouts());
        let findings = self.check(&analysis, dialect);
        self.out.filtered.by_filter += findings.held_back;
        if !findings.said.is_empty() || !findings.given_way.is_empty() {
            let denies = policy.statements.iter().filter(|statement| !statement.allows());
            self.namer.enter(denies.filter_map(|deny| candidate.value.tree().value(deny.node)));
        }
        for (finding, statement) in findings.said {
            let finding = self.named(finding, statement, fragment, candidate, policy);
            self.out.findings.push(finding);
        }
        for given in findings.given_way {
            let finding = self.named(given.finding, given.statement, fragment, candidate, policy);
            self.out.given_way.push(GivenWay { finding, ..given });
        }
        for (span, message) in &policy.unjudged {
            self.unjudged(Some(*span), message.clone());
        }
        for message in analysis.undecided() {
            self.unjudged(Some(policy.statements_span), message);
        }
        self.spoiled_strings(fragment, candidate);
        self.out.policies.push(summary);
    }

    fn untold(&mut self, span: Span, form: Form) {
        self.has_untold = true;
        self.unjudged(Some(span), untold(form).to_owned());
    }

    fn unread(&mut self, span: Span, why: Unread) {
        self.has_grant |= why.is_grant();
        self.unjudged(Some(span), why.message().to_owned());
    }
}

/// What is known of the policies of a file before it is searched for them.
pub(super) fn given(facts: &Facts) -> Given<'_> {
    Given { dialect: facts.dialect.and_then(dialect::named), owners: &facts.owners }
}

/// Why a policy of this form is not judged when its words do not tell whose language it is in.
pub(super) const fn untold(form: Form) -> &'static str {
    if matches!(form, Form::Post) { UNTOLD_FORM } else { UNTOLD }
}

const UNTOLD_FORM: &str = "nothing tells which provider's upload form this policy is for: no field of it is one provider's \
                           alone, such as the fields of the signature; name it with `--dialect`, or `dialect` in `[[files]]`";

const UNTOLD: &str = "nothing tells which provider's policy this is: no action, resource or condition key names \
                                 a service, and no version does; name it with `--dialect`, or `dialect` in `[[files]]`";

impl Run<'_> {
    /// What the rules say of a policy, within its caller's if there is one.
    fn check(&mut self, analysis: &Analysis<'_, '_>, dialect: &'static dyn Dialect) -> rules::Findings {
        let mut found = None;
        if let Some(caller) = self.caller {
            caller.with(dialect, &mut |held| {
                let policy = within(analysis.policy(), held, dialect);
                let cut = Analysis::new(&policy, analysis.kind(), dialect, self.facts);
                found = Some(rules::check_policy(analysis, Some(&cut), self.filter));
            });
            if found.is_none() {
                let message = "the caller's policy is of another provider".to_owned();
                self.unjudged(Some(analysis.policy().statements_span), message);
            }
        }
        found.unwrap_or_else(|| rules::check_policy(analysis, None, self.filter))
    }

    /// Give a finding its pointer and fingerprint.
    fn named(
        &mut self,
        mut finding: Finding,
        statement: Option<u32>,
        fragment: &Fragment<'_>,
        candidate: &Candidate<'_, '_>,
        policy: &Policy<'_>,
    ) -> Finding {
        let tree = candidate.value.tree();
        let statement = statement.and_then(|index| policy.statements.get(index as usize));
        let node = statement.and_then(|statement| tree.value(statement.node));
        let primary = finding.primary;
        let node_index = statement.map(|statement| statement.node);
        let found = smallest(candidate.value, node_index, |local| fragment.locate(local).contains(primary));
        let (whole, below) = found.as_ref().map_or(("", None), |found| (found.pointer.as_str(), found.below));
        finding.fingerprint = match (&found, node) {
            // What stands in the list of statements and is none: its place there is no part of its name.
            (Some(found), None) if is_in_list(whole) => self.namer.in_policy(&finding, Some(found.value), ""),
            (_, None) => self.namer.in_policy(&finding, None, whole),
            (_, Some(node)) => {
                let within = below.and_then(|below| whole.get(below..)).unwrap_or(whole);
                let is_allow = statement.is_some_and(Statement::allows);
                self.namer.in_statement(&finding, node, is_allow, within)
            }
        };
        finding.pointer = match found {
            Some(found) if candidate.pointer.is_empty() => found.pointer,
            _ => [&candidate.pointer, whole].concat(),
        };
        finding
    }

    /// A bad escape in a key, effect, action, resource or condition loses that text.
    fn spoiled_strings(&mut self, fragment: &Fragment<'_>, candidate: &Candidate<'_, '_>) {
        let within = candidate.value.local();
        let faults = candidate.value.tree().faults();
        let spoiled =
            faults.iter().filter(|f| f.kind.spoils_string() && f.at.start >= within.start && f.at.end <= within.end);
        let matters = |span: &Span| {
            let pointer = pointer_in(fragment, candidate.value, *span).unwrap_or_default();
            !is_unread(&pointer)
        };
        let spans: Vec<Span> = spoiled.map(|fault| fragment.locate(fault.at)).filter(matters).collect();
        for span in spans {
            self.unjudged(Some(span), "text was lost: a string holds an escape that cannot be decoded".to_owned());
        }
    }

    fn unjudged(&mut self, span: Option<Span>, message: String) {
        if self.out.unjudged.len() < 1000 {
            self.out.unjudged.push(Unjudged { span, message });
        }
    }

    fn finish(mut self, fragment: &Fragment<'_>, tree: &Tree<'_>) -> Analysed {
        for span in self.source.undecodable().iter().take(100) {
            let message = "bytes that are not UTF-8 were not judged".to_owned();
            self.out.unjudged.push(Unjudged { span: Some(*span), message });
        }
        self.out.no_policy = self.out.policies.is_empty() && !self.has_untold;
        let is_like_one = || self.has_grant || looks_like_policy(tree.text()) || dialect::is_cut_policy(tree);
        self.out.looks_like_policy = self.out.no_policy && is_like_one();
        self.out.is_mute = !self.has_grant && is_mute(tree);
        if let Some((notation, unjudged)) = notation(fragment, tree) {
            self.out.unjudged = vec![unjudged];
            // Its words need not be quoted as those of JSON are.
            self.out.looks_like_policy |= self.out.no_policy && speaks_of_policy(tree.text());
            self.out.notation = Some(notation);
            if notation.leaves_all_open() || self.out.no_policy {
                self.out.findings.clear();
                self.out.given_way.clear();
                self.out.policies.clear();
                self.out.filtered = super::Filtered::default();
            }
            // What stands in it as a policy was judged all the same.
            self.out.findings.retain(|finding| !matches!(finding.rule.name, "invalid-json" | "comment-in-policy"));
        }
        self.out.findings.sort_by(|a, b| a.order().cmp(&b.order()));
        self.out
    }
}

/// Whether one of the words that every policy has stands in a text, in any letter case.
pub(super) fn speaks_of_policy(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["statement", "conditions"].iter().any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}

/// Whether nothing in a text speaks of an effect, an action or a resource, so that its statements are none of a policy, as
/// far as one can tell. One that lost something, or in which a list of statements is empty, is not mute.
fn is_mute(tree: &Tree<'_>) -> bool {
    // A version that is a date is one of policies.
    const WORDS: [&str; 8] = ["effect", "action", "resource", "condition", "allow", "\\u", "-10-17", "principal"];
    static USUAL: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("ffect\""));
    // Nearly every policy has this one, with a small letter or a capital one before it.
    let bytes = tree.text().as_bytes();
    let before = |at: usize| at.checked_sub(1).and_then(|at| bytes.get(at));
    if USUAL.find_iter(bytes).any(|at| matches!(before(at), Some(b'e' | b'E'))) {
        return false;
    }
    let text = tree.text().to_ascii_lowercase();
    let speaks = WORDS.iter().any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some());
    if speaks || tree.faults().iter().any(|fault| fault.kind.loses_text()) {
        return false;
    }
    let is_blank = |value: Value<'_, '_>| match value.kind() {
        Kind::Object | Kind::Array => value.members().next().is_none() && value.elements().next().is_none(),
        Kind::String => value.string().is_none_or(|text| text.trim().is_empty()),
        _ => true,
    };
    let values = (0..tree.nodes().len() as u32).filter_map(|index| tree.value(index));
    let mut statements =
        values.flat_map(Value::members).filter(|member| member.name().eq_ignore_ascii_case("statement")).peekable();
    statements.peek().is_some() && !statements.any(|member| is_blank(member.value))
}

/// Whether a text seems to hold a policy: the word `statement` beside a mark of some dialect, or the words of an upload
/// form's policy.
pub(super) fn looks_like_policy(text: &str) -> bool {
    let finds = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    let has_mark = || dialect::all().iter().flat_map(|dialect| dialect.words().marks).any(|mark| finds(mark));
    let is_of_form = || finds("\"conditions\"") && (finds("starts-with") || finds("content-length-range"));
    (finds("statement") || finds("Statement")) && has_mark() || is_of_form()
}

/// Whether a policy is a role's trust policy, which grants nothing by itself: nobody said that it is something else, and
/// nothing in it is unclear.
pub(super) fn is_trust(facts: &Facts, policy: &Policy<'_>) -> bool {
    policy.hint == KindHint::Trust
        && matches!(facts.kind, None | Some(PolicyKind::Bucket))
        && policy
            .problems
            .iter()
            .all(|problem| matches!(problem.kind, ProblemKind::ElementCase { is_capital: true, .. }))
}

/// What a policy is for, and how that is known.
pub(super) fn kind_of(facts: &Facts, policy: &Policy<'_>) -> (PolicyKind, KindSource) {
    // Whoever gets the form holds it as a key that does one thing.
    if policy.post.is_some() {
        return (PolicyKind::Session, KindSource::Document);
    }
    match (facts.kind, policy.hint) {
        (Some(kind), _) => (kind, KindSource::Configuration),
        (None, KindHint::Session) => (PolicyKind::Session, KindSource::Document),
        (None, KindHint::Bucket | KindHint::Trust) => (PolicyKind::Bucket, KindSource::Document),
        (None, KindHint::None) => (PolicyKind::Undetermined, KindSource::Unknown),
    }
}

/// The elements of a statement and a policy from which something is read.
const READ: [&str; 11] = [
    "effect",
    "action",
    "notaction",
    "resource",
    "notresource",
    "condition",
    "principal",
    "notprincipal",
    "version",
    "conditions",
    "expiration",
];

/// Whether nothing is read from what stands at a pointer within a policy: a `sid`, or an element that the grammar does
/// not have. A key that holds an escape itself is always read.
fn is_unread(pointer: &str) -> bool {
    let mut steps = pointer.split('/').skip(1).filter(|step| step.parse::<u32>().is_err());
    let mut step = steps.next().unwrap_or_default();
    if step.eq_ignore_ascii_case("statement") {
        step = steps.next().unwrap_or_default();
    }
    let is_setting = step.starts_with("allow") || matches!(step, "bucket" | "region");
    !step.is_empty() && !step.contains('\\') && !is_setting && !READ.iter().any(|read| step.eq_ignore_ascii_case(read))
}

/// Whether a pointer within a policy leads into its list of statements.
fn is_in_list(pointer: &str) -> bool {
    let mut steps = pointer.split('/').skip(1);
    steps.next().is_some_and(|step| step.eq_ignore_ascii_case("statement")) && steps.next().is_some()
}

/// JSON pointer below `value` to the smallest node that holds a range of the file.
fn pointer_in(fragment: &Fragment<'_>, value: Value<'_, '_>, span: Span) -> Option<String> {
    pointer(value, |local| fragment.locate(local).contains(span))
}
