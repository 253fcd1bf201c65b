//! `grantlint rules`: all rules, with what they weigh in each kind of policy.

use std::io::{self, Write};

use serde::Serialize;

use super::args::{RulesArgs, RulesFormat};
use super::error::CliError;
use super::exit::ExitStatus;
use super::output::print;
use crate::finding::{FixLevel, Grade, PolicyKind, Profile, RuleMeta, Status};
use crate::rules::all;

/// The kinds in the order of the columns.
const KINDS: [PolicyKind; 4] =
    [PolicyKind::Session, PolicyKind::Undetermined, PolicyKind::Identity, PolicyKind::Bucket];

pub(super) fn run(args: &RulesArgs) -> Result<ExitStatus, CliError> {
    match args.format {
        RulesFormat::Table => print(table)?,
        RulesFormat::Json => print(json)?,
    }
    Ok(ExitStatus::Clean)
}

fn table(out: &mut dyn Write) -> io::Result<()> {
    let width = all().iter().map(|meta| meta.name.len()).max().unwrap_or(0);
    write!(out, "{:width$}  ", "rule")?;
    for kind in KINDS {
        write!(out, "{:12}  ", kind.word())?;
    }
    writeln!(out, "{:8}  summary", "profile")?;
    for meta in all() {
        let profile = meta.grades.first_profile();
        write!(out, "{:width$}  ", meta.name)?;
        for kind in KINDS {
            write!(out, "{:12}  ", words(meta.grades.of(kind), profile))?;
        }
        writeln!(out, "{profile:8}  {}", meta.summary)?;
    }
    Ok(())
}

/// The severity, with the profile where it is not the usual one of the rule.
fn words(grade: Grade, usual: Profile) -> String {
    if grade.profile == usual { grade.severity.to_string() } else { format!("{} {}", grade.profile, grade.severity) }
}

#[derive(Serialize)]
struct Document {
    version: u32,
    rules: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    name: &'static str,
    summary: &'static str,
    profile: Profile,
    confidence: &'static str,
    grades: KindGrades,
    status: &'static str,
    since: &'static str,
    fix: &'static str,
}

#[derive(Serialize)]
struct KindGrades {
    session: EntryGrade,
    undetermined: EntryGrade,
    identity: EntryGrade,
    bucket: EntryGrade,
}

#[derive(Serialize)]
struct EntryGrade {
    severity: &'static str,
    profile: &'static str,
}

impl From<Grade> for EntryGrade {
    fn from(grade: Grade) -> Self {
        Self { severity: grade.severity.word(), profile: grade.profile.word() }
    }
}

fn json(out: &mut dyn Write) -> io::Result<()> {
    let document = Document { version: 1, rules: all().iter().map(|meta| entry(meta)).collect() };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn entry(meta: &'static RuleMeta) -> Entry {
    let (status, since) = match meta.status {
        Status::Stable { since } => ("stable", since),
        Status::Preview { since } => ("preview", since),
    };
    Entry {
        name: meta.name,
        summary: meta.summary,
        profile: meta.grades.first_profile(),
        confidence: meta.confidence.word(),
        grades: KindGrades {
            session: meta.grades.session.into(),
            undetermined: meta.grades.undetermined.into(),
            identity: meta.grades.identity.into(),
            bucket: meta.grades.bucket.into(),
        },
        status,
        since,
        fix: match meta.fix {
            FixLevel::Safe => "safe",
            FixLevel::Unsafe => "unsafe",
            FixLevel::None => "none",
        },
    }
}
