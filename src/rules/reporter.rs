//! Where rules put their claims.
//!
//! A rule first claims a place with a grade; the reporter answers whether anyone wants to hear it, and only then does
//! the rule build its message. Name, severity and page are the reporter's business, not the rule's.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Filter, Findings};
use crate::finding::{
    Confidence, Finding, Fingerprint, Grade, Label, PolicyKind, Profile, RuleMeta, Severity, Witness,
};
use crate::policy::{Condition, Statement};
use crate::text::Span;

/// Gathers the findings of one policy or document.
#[derive(Debug)]
pub struct Reporter<'f> {
    filter: &'f Filter,
    kind: PolicyKind,
    rule: &'static RuleMeta,
    is_ahead: bool,
    drafts: Vec<Draft>,
    /// What others may give way to, as far as it was told; most policies have none of it.
    ahead: Option<Box<Ahead>>,
    held_back: u32,
    /// What of the rules to which others give way was held back.
    held_ahead: Option<Box<Ahead>>,
}

/// A claim that others may give way to.
#[derive(Debug, Clone, Copy)]
struct Told {
    rule: &'static str,
    statement: Option<u32>,
    at: Span,
    severity: Severity,
}

/// What a claim gives way to: what another rule says of the same statement, there or with no less weight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Yields {
    pub(super) rule: &'static RuleMeta,
    pub(super) at: Option<Span>,
}

/// What was told by the rules to which others give way, which speak before them.
#[derive(Debug, Default)]
struct Ahead {
    places: BTreeSet<(&'static str, Option<u32>, Span)>,
    /// The greatest weight in each statement.
    weights: BTreeMap<(&'static str, Option<u32>), Severity>,
}

impl Ahead {
    fn add(&mut self, Told { rule, statement, at, severity }: Told) {
        self.places.insert((rule, statement, at));
        let most = self.weights.entry((rule, statement)).or_insert(severity);
        *most = severity.max(*most);
    }

    /// Whether there is something, of whatever weight, to which a claim gives way. O(log n).
    fn has(&self, Yields { rule, at }: &Yields, statement: Option<u32>) -> bool {
        match at {
            Some(at) => self.places.contains(&(rule.name, statement, *at)),
            None => self.weights.contains_key(&(rule.name, statement)),
        }
    }

    /// Whether a claim of this weight gives way. O(log n).
    fn is_told(&self, Yields { rule, at }: &Yields, statement: Option<u32>, severity: Severity) -> bool {
        match at {
            Some(at) => self.places.contains(&(rule.name, statement, *at)),
            None => self.weights.get(&(rule.name, statement)).is_some_and(|most| *most >= severity),
        }
    }
}

/// A finding that gives way to others: it is told only where none of these is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenWay {
    /// What would be told.
    pub finding: Finding,
    /// The statement it is in.
    pub statement: Option<u32>,
    /// What is told instead: lists, which many may share, of rules, by name, and the bytes that their findings underline.
    pub to: Vec<Instead>,
}

/// Some findings, by their rules' names and the bytes that they underline; never empty.
pub type Instead = Arc<[(&'static str, Span)]>;

/// A finding in the making.
#[derive(Debug)]
pub struct Draft {
    finding: Finding,
    statement: Option<u32>,
    conditions: String,
    yields: [Option<Yields>; 2],
}

/// A place that a rule wants to speak about, and how loud.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'c> {
    span: Span,
    grade: Option<Grade>,
    confidence: Option<Confidence>,
    conditions: &'c [Condition<'c>],
    is_lower: bool,
    number: Option<u32>,
    yields: [Option<Yields>; 2],
}

impl<'c> Claim<'c> {
    /// These bytes, at the rule's own grade.
    pub fn at(span: Span) -> Self {
        Self { span, grade: None, confidence: None, conditions: &[], is_lower: false, number: None, yields: [None; 2] }
    }

    /// At another grade.
    pub fn grade(self, grade: Grade) -> Self {
        Self { grade: Some(grade), ..self }
    }

    /// Less sure than the rule usually is.
    pub fn confidence(self, confidence: Confidence) -> Self {
        Self { confidence: Some(confidence), ..self }
    }

    /// One step less severe, if `lower`.
    pub fn lower_if(self, lower: bool) -> Self {
        Self { is_lower: lower, ..self }
    }

    /// In this statement: its conditions lower the confidence and are named.
    pub fn of<'s: 'c>(self, statement: &'c Statement<'s>) -> Self {
        let conditions: &'c [Condition<'c>] = if statement.allows() { &statement.conditions } else { &[] };
        Self { conditions, number: Some(statement.index), ..self }
    }

    /// Told only where neither of these is.
    pub(super) fn yielding(self, yields: [Option<Yields>; 2]) -> Self {
        Self { yields, ..self }
    }

    /// In the statement of this number; its conditions do not matter.
    pub fn in_statement(self, number: Option<u32>) -> Self {
        Self { number, ..self }
    }
}

impl<'f> Reporter<'f> {
    pub(super) fn new(filter: &'f Filter, kind: PolicyKind, rule: &'static RuleMeta) -> Self {
        let (drafts, ahead, held_ahead) = (Vec::new(), None, None);
        Self { filter, kind, rule, is_ahead: false, drafts, ahead, held_back: 0, held_ahead }
    }

    /// The next rule speaks; whether others may give way to it, who speak after it.
    pub(super) fn begin(&mut self, rule: &'static RuleMeta, is_ahead: bool) {
        (self.rule, self.is_ahead) = (rule, is_ahead);
    }

    /// Whether findings of this profile can survive; lets a rule skip costly work.
    pub fn wants(&self, profile: Profile) -> bool {
        self.filter.profile >= profile || self.filter.select.as_ref().is_some_and(|only| only.contains(self.rule.name))
    }

    /// Whether such a claim of another rule is heard; lets a rule be silent only where the other one speaks instead.
    pub(super) fn hears(&self, rule: &RuleMeta, claim: &Claim<'_>) -> bool {
        self.judge(rule, claim).is_some()
    }

    /// Grade and confidence of a rule's claim; `None` when nobody wants to hear it.
    fn judge(&self, rule: &RuleMeta, claim: &Claim<'_>) -> Option<(Grade, Confidence)> {
        let usual = rule.grades.of(self.kind);
        let lowered = |grade: Grade| if claim.is_lower { grade.lower() } else { grade };
        let grade = lowered(claim.grade.unwrap_or(usual));
        let mut confidence = claim.confidence.unwrap_or(rule.confidence).min(rule.confidence);
        if !claim.conditions.is_empty() {
            confidence = confidence.min(Confidence::Medium);
        }
        // Where the kind is not known, what would weigh more in a session policy is only a guess.
        let in_session = lowered(claim.grade.filter(|grade| *grade != usual).unwrap_or(rule.grades.session));
        if self.kind == PolicyKind::Undetermined && grade.severity < in_session.severity {
            confidence = Confidence::Low;
        }
        let filter = self.filter;
        let of_choice = match &filter.select {
            _ if filter.ignore.contains(rule.name) => false,
            Some(only) => only.contains(rule.name),
            None => grade.profile <= filter.profile,
        };
        // What does not parse was not judged, and nobody may choose not to hear that.
        let is_obligatory = rule.name == super::invalid_json::META.name;
        let is_heard = is_obligatory
            || (of_choice && grade.severity >= filter.min_severity && confidence >= filter.min_confidence);
        is_heard.then_some((grade, confidence))
    }

    /// Claim a place. `None` when nobody wants to hear it, or when it gives way to what was told and nobody asks for that.
    pub fn claim(&mut self, claim: Claim<'_>) -> Option<&mut Draft> {
        let Some((grade, confidence)) = self.judge(self.rule, &claim) else {
            self.hold_back(&claim);
            return None;
        };
        debug_assert!(claim.yields.iter().flatten().all(|yields| super::is_ahead(yields.rule) && !self.is_ahead));
        if self.is_ahead {
            let (rule, statement) = (self.rule.name, claim.number);
            self.ahead.get_or_insert_default().add(Told { rule, statement, at: claim.span, severity: grade.severity });
        } else if let Some(ahead) = self.ahead.as_ref().filter(|_| !self.filter.keeps_given_way) {
            let mut yields = claim.yields.iter().flatten();
            if yields.any(|yields| ahead.is_told(yields, claim.number, grade.severity)) {
                return None;
            }
        }
        let conditions = named_conditions(claim.conditions);
        self.drafts.push(Draft {
            finding: Finding {
                rule: self.rule,
                severity: grade.severity,
                confidence,
                profile: grade.profile,
                message: String::new(),
                caption: String::new(),
                help: None,
                primary: claim.span,
                labels: Vec::new(),
                pointer: String::new(),
                witness: None,
                fingerprint: Fingerprint(0),
            },
            statement: claim.number,
            conditions,
            yields: claim.yields,
        });
        self.drafts.last_mut()
    }

    /// Count a claim that nobody wants to hear, unless it gives way to something, told or held back, that was counted.
    fn hold_back(&mut self, claim: &Claim<'_>) {
        let has = |ahead: &Option<Box<Ahead>>, yields| ahead.as_ref().is_some_and(|all| all.has(yields, claim.number));
        let mut yields = claim.yields.iter().flatten();
        if yields.any(|yields| has(&self.ahead, yields) || has(&self.held_ahead, yields)) {
            return;
        }
        self.held_back += 1;
        if self.is_ahead {
            let severity = claim.grade.unwrap_or(self.rule.grades.of(self.kind)).severity;
            let told = Told { rule: self.rule.name, statement: claim.number, at: claim.span, severity };
            self.held_ahead.get_or_insert_default().add(told);
        }
    }

    /// All that was claimed. A finding that gives way to another one is set apart where that one is there.
    pub fn finish(self) -> Findings {
        let mut findings = Findings { held_back: self.held_back, ..Findings::default() };
        let yields = |draft: &Draft| draft.yields.iter().any(Option::is_some);
        if !self.filter.keeps_given_way || !self.drafts.iter().any(yields) {
            findings.said = self.drafts.into_iter().map(Draft::finished).collect();
            return findings;
        }
        let claims = self.drafts.iter().map(|draft| {
            let Finding { rule, primary, severity, .. } = draft.finding;
            Told { rule: rule.name, statement: draft.statement, at: primary, severity }
        });
        let told = Claims::new(claims.collect());
        let mut shared = BTreeMap::new();
        for draft in self.drafts {
            let severity = draft.finding.severity;
            let each = draft.yields.iter().flatten();
            let to: Vec<Instead> =
                each.filter_map(|yields| told.instead(yields, draft.statement, severity, &mut shared)).collect();
            let (finding, statement) = draft.finished();
            if to.is_empty() {
                findings.said.push((finding, statement));
            } else {
                findings.given_way.push(GivenWay { finding, statement, to });
            }
        }
        findings
    }
}

/// Claims in order of rule, statement and place.
struct Claims(Vec<Told>);

/// What is told in one statement by a rule, with no less weight than this; made once for all that give way to it.
type Shared = BTreeMap<(&'static str, Option<u32>, Severity), Option<Instead>>;

impl Claims {
    fn new(mut all: Vec<Told>) -> Self {
        all.sort_by_key(Told::place);
        Self(all)
    }

    /// The claims of the rule in a statement, those in the place alone if one is named. O(log n).
    fn of(&self, Yields { rule, at }: &Yields, statement: Option<u32>) -> &[Told] {
        let place = |told: &Told| (told.rule, told.statement, at.map(|_| (told.at.start, told.at.end)));
        let sought = (rule.name, statement, at.map(|at| (at.start, at.end)));
        let from = self.0.partition_point(|told| place(told) < sought);
        let to = self.0.partition_point(|told| place(told) <= sought);
        self.0.get(from..to).unwrap_or_default()
    }

    /// What is told in place of a claim of this weight; `None` where nothing is. O(log n) where it is in `shared`.
    fn instead(
        &self,
        yields: &Yields,
        statement: Option<u32>,
        severity: Severity,
        shared: &mut Shared,
    ) -> Option<Instead> {
        let list = |least: Option<Severity>| {
            let there = self.of(yields, statement).iter();
            let counts = there.filter(|told| least.is_none_or(|least| told.severity >= least));
            let list: Vec<_> = counts.map(|told| (told.rule, told.at)).collect();
            (!list.is_empty()).then(|| list.into())
        };
        match yields.at {
            Some(_) => list(None),
            None => {
                shared.entry((yields.rule.name, statement, severity)).or_insert_with(|| list(Some(severity))).clone()
            }
        }
    }
}

impl Told {
    fn place(&self) -> (&'static str, Option<u32>, u32, u32) {
        (self.rule, self.statement, self.at.start, self.at.end)
    }
}

fn named_conditions(conditions: &[Condition<'_>]) -> String {
    if conditions.is_empty() {
        return String::new();
    }
    let mut keys: Vec<&str> = conditions.iter().map(|condition| &*condition.key).collect();
    keys.sort_unstable();
    keys.dedup();
    let more = if keys.len() > 3 { format!(" and {} more", keys.len() - 3) } else { String::new() };
    keys.truncate(3);
    format!(" (where the condition on `{}`{more} holds)", keys.join("`, `"))
}

impl Draft {
    /// The finding, and the statement it is in.
    fn finished(mut self) -> (Finding, Option<u32>) {
        self.finding.message.push_str(&self.conditions);
        (self.finding, self.statement)
    }

    /// What is wrong.
    pub fn message(&mut self, message: impl Into<String>) -> &mut Self {
        self.finding.message = message.into();
        self
    }

    /// A few words under the caret.
    pub fn caption(&mut self, caption: impl Into<String>) -> &mut Self {
        self.finding.caption = caption.into();
        self
    }

    /// A further place that explains it.
    pub fn label(&mut self, span: Span, text: impl Into<String>) -> &mut Self {
        if span != self.finding.primary {
            self.finding.labels.push(Label { span, text: text.into() });
        }
        self
    }

    /// What to do; starts with a verb.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.finding.help = Some(help.into());
        self
    }

    /// A request that gets through.
    pub fn witness(&mut self, witness: Option<Witness>) -> &mut Self {
        self.finding.witness = witness;
        self
    }
}
