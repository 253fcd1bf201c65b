//! What a text that is no JSON is written in, where that is plain to see.
//!
//! A program, a settings file or a template read as JSON gives a flood of faults, none of which says what is wrong. So a text
//! that lost something is looked at once more: for the words that its first lines begin with, or for the tags of a template
//! where a value should be. A text that begins as JSON does is JSON with faults, whatever they are, unless it holds such tags.

use super::{FaultKind, Tree};
use crate::text::Local;

/// A way to write things down that is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Notation {
    /// YAML.
    Yaml,
    /// HCL, the language of Terraform.
    Hcl,
    /// JavaScript or TypeScript.
    JavaScript,
    /// A template with tags that repeat or leave out parts of the text: `{% for ... %}`, `{{ range ... }}`.
    Tags,
}

impl Notation {
    /// What to say of such a text: one sentence, lower case, no full stop.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Yaml => "this looks like YAML; grantlint reads JSON: convert it first",
            Self::Hcl => "this looks like Terraform; grantlint reads JSON: convert it first",
            Self::JavaScript => "this looks like JavaScript; grantlint reads JSON: convert it first",
            Self::Tags => "this template has control tags, and grantlint reads none: render it first",
        }
    }

    /// Whether nothing that was read out of such a text can be relied on: tags leave open which parts of it there will be.
    pub const fn leaves_all_open(self) -> bool {
        matches!(self, Self::Tags)
    }
}

/// Lines that are looked at for what the text is.
const LINES: usize = 200;

/// What a text is written in that lost something when it was read as JSON, and the bytes that tell.
pub fn notation_of(tree: &Tree<'_>) -> Option<(Notation, Local)> {
    let lost = || tree.faults().iter().filter(|fault| fault.kind.loses_text() && fault.kind != FaultKind::Empty);
    lost().next()?;
    let text = tree.text();
    if let Some(at) = lost().find_map(|fault| tag_at(text, fault.at.start as usize)) {
        return Some((Notation::Tags, at));
    }
    let lines: Vec<(usize, &str)> = significant(text).take(LINES).collect();
    let (first_at, first) = *lines.first()?;
    if first.starts_with(['{', '[']) {
        return None;
    }
    if let Some(len) = script_words(first) {
        return Some((Notation::JavaScript, local(first_at, len)));
    }
    if let Some((at, len)) = lines.iter().find_map(|(at, line)| Some((*at, block_words(line)?))) {
        return Some((Notation::Hcl, local(at, len)));
    }
    let len = yaml_words(first)?;
    // One such line may be JSON without its brackets.
    let mut rest = lines.iter().skip(1).take(5);
    rest.any(|(_, line)| yaml_words(line).is_some()).then(|| (Notation::Yaml, local(first_at, len)))
}

fn local(at: usize, len: usize) -> Local {
    Local::new(at as u32, (at + len) as u32)
}

/// The lines that say something, with their offsets and without the blanks around them; comments and the marks between
/// documents are left out.
fn significant(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    let mut in_comment = false;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at + (line.len() - line.trim_start_matches(is_blank).len());
        at += line.len();
        let line = line.trim_matches(is_blank);
        if in_comment || line.starts_with("/*") {
            in_comment = !line.contains("*/");
            return None;
        }
        let is_aside = line.is_empty() || line.starts_with(['#', '%']) || line.starts_with("//") || line == "---";
        (!is_aside).then_some((start, line))
    })
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{FEFF}'
}

/// The length of the words by which a line begins a program in JavaScript.
fn script_words(line: &str) -> Option<usize> {
    let word = line.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '$' | '.')).unwrap_or(line.len());
    let (first, rest) = line.split_at_checked(word)?;
    let rest = rest.trim_start();
    let begins_name = |text: &str| text.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '$' | '{' | '['));
    let is_one = match first {
        "const" | "let" | "var" => begins_name(rest) && line.contains('='),
        "import" => rest.contains(['\'', '"']),
        "export" => ["const", "default", "function", "class", "async", "let", "{"].iter().any(|w| rest.starts_with(w)),
        "function" => begins_name(rest) && rest.contains('('),
        "async" => rest.starts_with("function"),
        "module.exports" => rest.starts_with('='),
        _ => line.starts_with("'use strict'") || line.starts_with("\"use strict\""),
    };
    is_one.then_some(if word == 0 { "'use strict'".len() } else { word })
}

/// The length of the head of a block by which a line is one of Terraform's.
fn block_words(line: &str) -> Option<usize> {
    const HEADS: [&str; 8] = ["resource", "data", "variable", "provider", "terraform", "module", "locals", "output"];
    let head = HEADS.iter().find(|head| line.starts_with(**head))?;
    let mut rest = line.get(head.len()..)?.trim_start();
    let mut labels = 0;
    while let Some(label) = rest.strip_prefix('"') {
        rest = label.split_once('"')?.1.trim_start();
        labels += 1;
    }
    let is_bare = matches!(*head, "terraform" | "locals");
    (rest.starts_with('{') && (labels > 0 || is_bare)).then_some(line.len() - rest.len()).map(|len| {
        let head = line.get(..len).unwrap_or_default();
        head.trim_end().len()
    })
}

/// The length of the words by which a line is one of YAML: a bare key and its colon, or the dash of a list.
fn yaml_words(line: &str) -> Option<usize> {
    // A line of JSON without quotes ends so.
    if line.ends_with([',', '{', '}', '[', ']']) {
        return None;
    }
    if let Some(rest) = line.strip_prefix("- ") {
        return (!rest.trim().is_empty()).then_some(1);
    }
    let (key, rest) = line.split_once(':')?;
    let is_bare = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    (is_bare && (rest.is_empty() || rest.starts_with([' ', '\t']))).then_some(key.len() + 1)
}

/// The tag of a template that stands where something was lost.
fn tag_at(text: &str, fault: usize) -> Option<Local> {
    const WORDS: [&str; 19] = [
        "for", "endfor", "if", "elif", "else", "endif", "set", "macro", "block", "include", "import", "from",
        "extends", "raw", "with", "filter", "call", "range", "end",
    ];
    [fault.checked_sub(1), Some(fault)].into_iter().flatten().find_map(|start| {
        let tag = text.get(start..)?;
        let (close, inner) = match tag.strip_prefix("{%") {
            Some(inner) => ("%}", inner),
            None => ("}}", tag.strip_prefix("{{")?),
        };
        let line = inner.lines().next().unwrap_or_default();
        let words = line.trim_start_matches(['-', '+']).trim_start();
        let end = words.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(words.len());
        if !WORDS.contains(&words.get(..end)?) {
            return None;
        }
        let len = line.find(close).map_or(line.trim_end().len(), |at| at + close.len());
        Some(local(start, 2 + len))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::parse;

    fn told(text: &str) -> Option<(Notation, &str)> {
        notation_of(&parse(text)).map(|(notation, at)| (notation, at.of(text)))
    }

    #[test]
    fn first_words_tell_the_notation() {
        let yaml = "# a key\n---\nVersion: \"2012-10-17\"\nStatement:\n  - Effect: Allow\n";
        assert_eq!(told(yaml), Some((Notation::Yaml, "Version:")));
        assert_eq!(told("- Effect: Allow\n  Action: s3:*\n"), Some((Notation::Yaml, "-")));
        let hcl =
            "// keys\nresource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({ Version = \"2012-10-17\" })\n}\n";
        assert_eq!(told(hcl), Some((Notation::Hcl, "resource \"aws_iam_policy\" \"p\"")));
        assert_eq!(told("locals {\n  a = 1\n}\n"), Some((Notation::Hcl, "locals")));
        for (text, words) in [
            ("/* keys\n * of users */\nconst policy = { version: '2.0' };\n", "const"),
            ("import { a } from './a.js';\nexport default a;\n", "import"),
            ("'use strict';\nmodule.exports = {};\n", "'use strict'"),
            ("module.exports = { a: 1 };\n", "module.exports"),
        ] {
            assert_eq!(told(text), Some((Notation::JavaScript, words)), "{text}");
        }
    }

    #[test]
    fn tags_of_a_template_tell_it_wherever_they_stand() {
        assert_eq!(
            told("{\"a\":[\n{%- for u in users %}\n1,\n{% endfor %}\n2]}"),
            Some((Notation::Tags, "{%- for u in users %}"))
        );
        assert_eq!(told("{% if a %}\n{}\n{% endif %}"), Some((Notation::Tags, "{% if a %}")));
        assert_eq!(told("[{{ range .Users }}1,{{ end }}2]"), Some((Notation::Tags, "{{ range .Users }}")));
        assert_eq!(told("{\"a\":\"{% if b %}\"}"), None, "it stands in a string, and nothing is lost");
    }

    #[test]
    fn faulty_json_is_json() {
        for text in [
            "{\"a\":1,}",
            "// a comment\n{\"a\":1",
            "\"version\": \"2.0\",\n\"statement\": [{\"effect\": \"allow\"}]}",
            "version: \"2.0\",\nstatement: [{effect: \"allow\"}]",
            "{version: '2.0', statement: [{effect: allow}]}",
            "{%\"a\":1}",
            "{{\"a\":1}}",
            "[{\"a\":{{ user }}}]",
            "constant",
            "",
            "# nothing\n",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
    }
}
