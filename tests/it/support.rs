//! Fixtures, and how they are judged.
//!
//! A fixture's name tells what it is: `bad*` and `good*` beside the rule that its folder names; `.session.`, `.identity.`
//! and `.bucket.` the kind; everything under `guide*` is a session policy, and `.alice.` has the owner alice. A folder may have
//! a configuration of its own; the one that declares layouts for a fixture has the fixture's name with `.toml` behind it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use grantlint::config::Config;
use grantlint::engine::{Analysed, analyse, judge_layouts};
use grantlint::finding::{Finding, PolicyKind, Profile};
use grantlint::policy::Owners;
use grantlint::rules::{Facts, Filter};
use grantlint::semantics::layout::Layout;
use grantlint::text::{Source, Span};

/// The folders that belong to no rule.
pub(crate) const OTHER_FOLDERS: [&str; 6] = ["broken", "guide", "guide-oss", "guide-s3", "projects", "vendor-correct"];

/// A path of the repository.
pub(crate) fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A file of the repository as text, its line ends as git stores them.
pub(crate) fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display())).replace("\r\n", "\n")
}

/// The names in a folder, sorted.
pub(crate) fn names(folder: impl AsRef<Path>) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Whether generated files are to be rewritten.
pub(crate) fn is_update() -> bool {
    std::env::var_os("UPDATE").is_some()
}

/// A policy of `fixtures/`.
#[derive(Debug, Clone)]
pub(crate) struct Fixture {
    /// `folder/name`.
    pub(crate) id: String,
    /// The folder, which mostly is a rule's name.
    pub(crate) folder: String,
    /// The file's name.
    pub(crate) name: String,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// The configuration beside it.
    pub(crate) config: Option<String>,
}

impl Fixture {
    pub(crate) fn is_bad(&self) -> bool {
        self.name.starts_with("bad")
    }

    pub(crate) fn is_good(&self) -> bool {
        self.name.starts_with("good")
    }

    /// What the name tells of the policy.
    pub(crate) fn facts(&self) -> Facts {
        let named = |kind: &PolicyKind| self.name.contains(&format!(".{kind}."));
        let kind = PolicyKind::ALL.iter().copied().find(named);
        let folder = Path::new("fixtures").join(&self.folder);
        let config = folder.join("grantlint.toml");
        if root("").join(&config).is_file() {
            let config = Config::parse(&read(root("").join(&config)), &config);
            let facts =
                config.unwrap_or_else(|error| panic!("{}", error.render(false, 100))).facts(&folder.join(&self.name));
            return Facts { kind: kind.or(facts.kind), ..facts };
        }
        Facts {
            kind: kind.or(self.folder.starts_with("guide").then_some(PolicyKind::Session)),
            owners: Owners { names: if self.is_alices() { vec!["alice".to_owned()] } else { vec![] }, words: vec![] },
            is_template: [".tpl", ".tmpl", ".j2"].iter().any(|ending| self.name.ends_with(ending)),
            layouts: self.config.as_deref().map(layouts_of).unwrap_or_default(),
            ..Facts::default()
        }
    }

    pub(crate) fn is_alices(&self) -> bool {
        self.name.contains(".alice.")
    }

    pub(crate) fn source(&self) -> Source {
        Source::from_bytes(self.id.clone(), self.bytes.clone()).unwrap()
    }

    /// The text, when it is UTF-8.
    pub(crate) fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    /// The same fixture with another text.
    pub(crate) fn with_text(&self, text: impl Into<String>) -> Self {
        Self { bytes: text.into().into_bytes(), ..self.clone() }
    }

    pub(crate) fn analyse(&self, profile: Profile) -> Judged {
        let judged = Judged::new(self.source(), &self.facts(), profile);
        let Some(config) = &self.config else { return judged };
        let declared = Judged::layouts(config, judged.analysed.layouts.iter().copied(), profile);
        Judged { declared: Some(Box::new(declared)), ..judged }
    }
}

/// A source and what was found in it.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) source: Source,
    pub(crate) analysed: Analysed,
    /// The configuration, and what was found in its layouts.
    pub(crate) declared: Option<Box<Judged>>,
}

/// The layouts of a configuration.
fn layouts_of(config: &str) -> Arc<[Layout]> {
    Config::parse(config, Path::new("grantlint.toml")).unwrap_or_else(|error| panic!("{error}\n{config}")).layouts
}

impl Judged {
    pub(crate) fn new(source: Source, facts: &Facts, profile: Profile) -> Self {
        let analysed = analyse(&source, facts, &Filter { profile, ..Filter::default() });
        Self { source, analysed, declared: None }
    }

    /// A configuration, of which the layouts of these indices are judged.
    pub(crate) fn layouts(config: &str, indices: impl IntoIterator<Item = usize>, profile: Profile) -> Self {
        let source = Source::new("grantlint.toml", config).unwrap();
        let filter = Filter { profile, ..Filter::default() };
        let analysed = judge_layouts(&source, &layouts_of(config), indices, &filter);
        Self { source, analysed, declared: None }
    }

    /// A session policy in a file of this name.
    pub(crate) fn session(text: &str, profile: Profile) -> Self {
        let facts = Facts { kind: Some(PolicyKind::Session), ..Facts::default() };
        Self::new(Source::new("policy.json", text).unwrap(), &facts, profile)
    }

    pub(crate) fn findings(&self) -> &[Finding] {
        &self.analysed.findings
    }

    pub(crate) fn of(&self, rule: &str) -> Vec<&Finding> {
        let declared = self.declared.iter().flat_map(|judged| judged.findings());
        self.findings().iter().chain(declared).filter(|finding| finding.rule.name == rule).collect()
    }

    /// The text under a span.
    pub(crate) fn text(&self, span: Span) -> &str {
        self.source.slice(span)
    }

    /// `rule ⟦underlined⟧ message`, for assertions that fail readably.
    pub(crate) fn shown(&self) -> Vec<String> {
        let line = |f: &Finding| format!("{} ⟦{}⟧ {}", f.rule.name, clip(self.text(f.primary), 60), f.message);
        let declared = self.declared.iter().flat_map(|judged| judged.shown());
        self.findings().iter().map(line).chain(declared).collect()
    }

    /// The rules that speak, sorted, each once.
    pub(crate) fn rules(&self) -> Vec<&'static str> {
        let mut rules: Vec<&'static str> = self.findings().iter().map(|finding| finding.rule.name).collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }
}

/// At most `most` characters of a text on one line.
pub(crate) fn clip(text: &str, most: usize) -> String {
    let mut shown = String::new();
    for c in text.chars() {
        if shown.chars().count() >= most {
            shown.push('…');
            break;
        }
        match c {
            '\n' => shown.push('⏎'),
            c if grantlint::text::is_invisible(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}

/// The fixtures of a folder, in order of name.
pub(crate) fn fixtures(folder: &str) -> Vec<Fixture> {
    let path = root("fixtures").join(folder);
    let mut found = Vec::new();
    for name in names(&path) {
        let file = path.join(&name);
        if file.is_dir() || [".md", ".toml"].iter().any(|ending| name.ends_with(ending)) {
            continue;
        }
        let bytes = fs::read(&file).unwrap();
        let config = path.join(format!("{name}.toml"));
        let config = config.exists().then(|| read(config));
        found.push(Fixture { id: format!("{folder}/{name}"), folder: folder.to_owned(), name, bytes, config });
    }
    found
}

/// All fixtures but those of `projects`, which have a configuration of their own.
pub(crate) fn all_fixtures() -> Vec<Fixture> {
    names(root("fixtures")).iter().filter(|name| *name != "projects").flat_map(|name| fixtures(name)).collect()
}

/// Fail with all complaints at once.
#[track_caller]
pub(crate) fn nothing_wrong(complaints: &[String]) {
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}
