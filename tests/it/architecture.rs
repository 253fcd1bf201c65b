//! The shape of the source: which module may use which, which library may be used where, and how long a file may be.
//!
//! The modules stand in the order in which data flows, and a later one may use the earlier ones, never the other way
//! round. The test reads paths such as `crate::policy` and `super::super::text` in the code, without comments, strings
//! and unit tests, and looks each up in that order.

use std::fs;
use std::path::Path;

use super::support::{names, nothing_wrong, read, root};

/// The modules, the one that may use nothing first.
const ORDER: [&str; 12] = [
    "text",
    "syntax",
    "policy",
    "catalog",
    "dialect",
    "semantics",
    "finding",
    "rules",
    "config",
    "engine",
    "report",
    "cli",
];

/// Libraries that only some modules may name, and why the others may not.
const LIBRARIES: [(&str, &[&str], &str); 10] = [
    ("miette", &["report::human", "config", "cli"], "only people see its drawings"),
    ("clap", &["cli"], "the command line is read in one place"),
    ("clap_complete", &["cli"], "the command line is read in one place"),
    ("petgraph", &["semantics::graph"], "the containment order is its business"),
    ("regex_syntax", &["semantics::names"], "regexes of names are read in one place"),
    ("globset", &["config"], "its `*` stops at `/`, a policy's does not"),
    ("rayon", &["engine"], "the only place with threads"),
    ("indicatif", &["engine", "cli"], "the progress of a walk"),
    ("data_encoding", &["dialect::encoded"], "a policy in base64 is told in one place"),
    ("toml", &["config"], "the configuration is read in one place"),
];

/// Modules that may not name `serde_json`: it has no spans and keeps the last of two equal keys.
const WITHOUT_SERDE_JSON: [&str; 6] = ["text", "syntax", "policy", "dialect", "semantics", "rules"];

/// Words of a provider, in lower case.
const PROVIDERS: [&str; 14] =
    ["cos", "tencent", "qcloud", "qcs", "cam", "sts", "s3", "aws", "arn", "oss", "aliyun", "alibaba", "acs", "ram"];

/// Modules that know no provider by name.
const WITHOUT_PROVIDER: [&str; 9] =
    ["text", "syntax", "policy", "semantics", "finding", "rules", "config", "engine", "report"];

/// Files over 400 lines, which somebody has looked at and left whole, and why.
const LONG_FILES: &[(&str, &str)] = &[];

/// A file of the source, read as code.
struct File {
    /// Relative to the repository.
    path: String,
    /// The module that it is.
    module: Vec<String>,
    lines: usize,
    whole: String,
    /// Without comments, strings and unit tests; blanks in their place.
    code: String,
    /// The strings of the code, with their lines.
    strings: Vec<(usize, String)>,
}

fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for name in names(root(folder)) {
        let path = format!("{folder}/{name}");
        if root(&path).is_dir() {
            found.extend(files(&path));
        } else if Path::new(&name).extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

fn source() -> Vec<File> {
    let files = files("src");
    assert!(files.len() > 50, "only {} files", files.len());
    files.into_iter().filter(|path| !path.ends_with("/tests.rs")).map(read_code).collect()
}

fn read_code(path: String) -> File {
    let whole = read(root(&path));
    let inner = path.strip_prefix("src/").and_then(|path| path.strip_suffix(".rs")).unwrap_or(&path);
    let module = inner.split('/').filter(|step| !matches!(*step, "mod" | "lib" | "main")).map(str::to_owned).collect();
    let end = whole.find("#[cfg(test)]\nmod tests {").unwrap_or(whole.len());
    let (code, strings) = strip(&whole[..end]);
    File { lines: whole.lines().count(), path, module, whole, code, strings }
}

impl File {
    fn top(&self) -> &str {
        self.module.first().map_or("", String::as_str)
    }

    fn is_in(&self, module: &str) -> bool {
        let name = self.module.join("::");
        name == module || name.strip_prefix(module).is_some_and(|rest| rest.starts_with("::"))
    }

    fn line_of(&self, offset: usize) -> usize {
        self.code[..offset].matches('\n').count() + 1
    }

    /// The top modules that it names, each with its line: behind `crate::`, or behind enough `super::` to leave its own.
    fn uses(&self) -> Vec<(String, usize)> {
        let mut found = Vec::new();
        for (start, word) in words(&self.code) {
            let is_path_start = !self.code[..start].ends_with("::");
            if !is_path_start || !matches!(word, "crate" | "super") {
                continue;
            }
            let mut rest = &self.code[start..];
            let mut left = self.module.len();
            if let Some(behind) = rest.strip_prefix("crate::") {
                (left, rest) = (0, behind);
            }
            while let Some(behind) = rest.strip_prefix("super::") {
                (left, rest) = (left.saturating_sub(1), behind);
            }
            if left > 0 {
                continue;
            }
            let line = self.line_of(start);
            let group = rest.strip_prefix('{').and_then(|inner| inner.split_once(';')).map(|(inner, _)| inner);
            match group {
                Some(group) => found.extend(first_words(group).into_iter().map(|word| (word, line))),
                None => found.extend(words(rest).next().map(|(_, word)| (word.to_owned(), line))),
            }
        }
        found
    }

    /// The lines on which a library is named as the start of a path.
    fn names_library(&self, library: &str) -> Vec<usize> {
        words(&self.code)
            .filter(|(start, word)| {
                let behind = &self.code[start + word.len()..];
                let before = self.code[..*start].trim_end();
                *word == library
                    && !self.code[..*start].ends_with("::")
                    && (behind.starts_with("::") || before.ends_with("use"))
            })
            .map(|(start, _)| self.line_of(start))
            .collect()
    }
}

/// The identifiers of a text with their offsets.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(is_word)?;
        let end = text[start..].find(|c| !is_word(c)).map_or(text.len(), |len| start + len);
        at = end;
        Some((start, &text[start..end]))
    })
}

/// Of `a::b, c::{d, e}, f` the words `a`, `c` and `f`.
fn first_words(group: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (mut depth, mut expects) = (0, true);
    for (start, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => expects = true,
            c if c.is_alphabetic() && expects && depth == 0 => {
                found.extend(words(&group[start..]).next().map(|(_, word)| word.to_owned()));
                expects = false;
            }
            _ => {}
        }
    }
    found
}

/// Code without comments and strings, and the strings with their lines.
fn strip(text: &str) -> (String, Vec<(usize, String)>) {
    let mut code = String::with_capacity(text.len());
    let mut strings = Vec::new();
    let mut rest = text;
    let mut line = 1;
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some((len, string)) = string_at(rest, code.chars().next_back()) {
            strings.push((line, string));
            len
        } else if c == '\'' && char_literal(rest).is_some() {
            char_literal(rest).unwrap_or(1)
        } else {
            0
        };
        if skipped == 0 {
            code.push(c);
        } else {
            code.extend(rest[..skipped].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        }
        let (passed, behind) = rest.split_at(skipped.max(c.len_utf8()));
        line += passed.matches('\n').count();
        rest = behind;
    }
    (code, strings)
}

/// The string literal at the start of a text: its length and its content.
fn string_at(text: &str, before: Option<char>) -> Option<(usize, String)> {
    if before.is_some_and(|c| c.is_alphanumeric() || c == '_') && !text.starts_with('"') {
        return None;
    }
    let raw = text.strip_prefix("br").or_else(|| text.strip_prefix('r'));
    if let Some(raw) = raw {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if let Some(body) = raw[hashes..].strip_prefix('"') {
            let end = body.find(&format!("\"{}", "#".repeat(hashes)))?;
            let start = text.len() - body.len();
            return Some((start + end + 1 + hashes, body[..end].to_owned()));
        }
    }
    let body = text.strip_prefix('"')?;
    let mut is_escaped = false;
    let end = body.find(|c| {
        let ends = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends
    })?;
    Some((end + 2, body[..end].to_owned()))
}

/// The length of a character literal; a lifetime is none.
fn char_literal(text: &str) -> Option<usize> {
    let body = text.strip_prefix('\'')?;
    if body.starts_with('\\') {
        return body[2..].find('\'').map(|end| end + 4);
    }
    let c = body.chars().next()?;
    body[c.len_utf8()..].starts_with('\'').then(|| c.len_utf8() + 2)
}

#[test]
fn the_reader_tells_code_from_text() {
    let (code, strings) = strip("a /* x */ \"s \\\" t\" // y\n'\"' &'a r#\"q\"q\"# b");
    assert_eq!(code.split_whitespace().collect::<Vec<_>>(), ["a", "&'a", "b"]);
    assert_eq!(strings, [(1, "s \\\" t".to_owned()), (2, "q\"q".to_owned())]);
    let code = File {
        path: String::new(),
        module: vec!["dialect".to_owned(), "cos".to_owned()],
        lines: 0,
        whole: String::new(),
        code: "use super::super::{text::{a, b}, policy}; use super::find; crate::rules::x; self::super::y".to_owned(),
        strings: Vec::new(),
    };
    let uses: Vec<String> = code.uses().into_iter().map(|(word, _)| word).collect();
    assert_eq!(uses, ["text", "policy", "rules"]);
}

#[test]
fn no_module_uses_a_later_one() {
    let rank = |module: &str| ORDER.iter().position(|other| *other == module);
    let mut wrong = Vec::new();
    for file in source() {
        let Some(own) = rank(file.top()) else {
            assert!(file.top().is_empty(), "{} is in no module of the order", file.path);
            continue;
        };
        for (used, line) in file.uses() {
            if rank(&used).is_some_and(|used| used > own) {
                wrong.push(format!("{}:{line}: {} uses {used}", file.path, file.top()));
            }
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn a_report_sees_what_a_rule_is_and_never_the_rule() {
    let reports = source().into_iter().filter(|file| file.top() == "report");
    let wrong: Vec<String> = reports
        .flat_map(|file| file.uses().into_iter().map(move |(used, line)| (file.path.clone(), used, line)))
        .filter(|(_, used, _)| used == "rules")
        .map(|(path, _, line)| format!("{path}:{line}"))
        .collect();
    nothing_wrong(&wrong);
}

#[test]
fn each_library_stays_where_it_belongs() {
    let mut wrong = Vec::new();
    for file in source() {
        for (library, modules, why) in LIBRARIES {
            if modules.iter().any(|module| file.is_in(module)) {
                continue;
            }
            for line in file.names_library(library) {
                wrong.push(format!("{}:{line}: {library} belongs to {} ({why})", file.path, modules.join(", ")));
            }
        }
        if WITHOUT_SERDE_JSON.contains(&file.top()) {
            for line in file.names_library("serde_json") {
                wrong.push(format!("{}:{line}: serde_json does not read policies", file.path));
            }
        }
    }
    nothing_wrong(&wrong);
}

/// The words of a name or a text, in lower case: split at anything but letters and digits, and at a capital.
fn lower_words(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in text.chars() {
        let starts = !before.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase());
        if c.is_alphanumeric() {
            if starts {
                found.push(String::new());
            }
            if let Some(word) = found.last_mut() {
                word.extend(c.to_lowercase());
            }
        }
        before = c;
    }
    found
}

#[test]
fn only_dialects_know_a_provider_by_name() {
    let named = |text: &str| lower_words(text).into_iter().find(|word| PROVIDERS.contains(&word.as_str()));
    let mut wrong = Vec::new();
    for file in source() {
        if !WITHOUT_PROVIDER.contains(&file.top()) {
            continue;
        }
        for (start, word) in words(&file.code) {
            if let Some(provider) = named(word) {
                wrong.push(format!("{}:{}: `{word}` names {provider}", file.path, file.line_of(start)));
            }
        }
        for (line, string) in &file.strings {
            if let Some(provider) = named(string) {
                wrong.push(format!("{}:{line}: \"{string}\" names {provider}", file.path));
            }
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let mut wrong = Vec::new();
    for path in files("src").into_iter().chain(files("tests")).chain(files("benches")) {
        let file = read_code(path);
        if file.lines > 800 {
            wrong.push(format!("{} has {} lines; 800 are refused", file.path, file.lines));
        } else if file.lines > 400 && file.path.starts_with("src/") {
            let is_known = LONG_FILES.iter().any(|(path, _)| *path == file.path);
            if !is_known {
                wrong.push(format!("{} has {} lines; 400 ask for a look", file.path, file.lines));
            }
        }
        if !file.whole.starts_with("//! ") {
            wrong.push(format!("{} does not begin with `//!`", file.path));
        }
    }
    for (path, _) in LONG_FILES {
        if !root(path).is_file() || read(root(path)).lines().count() <= 400 {
            wrong.push(format!("{path} is short or gone; take it off the list"));
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn nothing_is_left_for_later() {
    let mut wrong = Vec::new();
    for file in source() {
        for (number, line) in file.whole.lines().enumerate() {
            if ["TODO", "FIXME", "XXX", "HACK"].iter().any(|mark| words(line).any(|(_, word)| word == *mark)) {
                wrong.push(format!("{}:{}: {}", file.path, number + 1, line.trim()));
            }
        }
        if file.path.ends_with("/utils.rs") || file.path.ends_with("/util.rs") || file.path.ends_with("/helpers.rs") {
            wrong.push(format!("{}: name it by what it does", file.path));
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn the_packaged_files_exist() {
    let manifest: toml::Table = read(root("Cargo.toml")).parse().unwrap();
    let dependencies = manifest["dependencies"].as_table().unwrap();
    assert!(!dependencies.is_empty());
    // Every dependency says in a comment above it what it is for.
    let text = fs::read_to_string(root("Cargo.toml")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    for name in dependencies.keys().chain(manifest["dev-dependencies"].as_table().unwrap().keys()) {
        let at = lines.iter().position(|line| line.starts_with(&format!("{name} ="))).unwrap();
        assert!(lines[at - 1].starts_with("# "), "{name} does not say what it is for");
    }
}
