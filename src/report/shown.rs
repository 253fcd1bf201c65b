//! Text from policies and file names on its way to a terminal or to the log of a CI service.
//!
//! [`visible`] stops characters that act on a display. Two more things act in a log: `##vso[...]`, `##teamcity[...]`
//! and `##[...]` anywhere in a line are commands to the build service, and so is a line that begins with `::`. Both
//! are broken by writing one of their characters as an escape. Overlong text is cut: no line of a report may carry a
//! whole megabyte of a policy.

use std::borrow::Cow;

use crate::text::visible;

/// The most characters of one message, name or label that a line shows.
const LIMIT: usize = 1000;

/// `text` on one line, harmless and of bounded length.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => {
            let kept = text.get(..end).unwrap_or_default();
            Cow::Owned(format!("{}\u{2026}", harmless(kept)))
        }
        None => harmless(text),
    }
}

/// `text` on one line and harmless, whatever its length; for reports that machines read.
pub(super) fn harmless(text: &str) -> Cow<'_, str> {
    match visible(text) {
        Cow::Borrowed(text) => without_commands(text),
        Cow::Owned(text) => Cow::Owned(without_commands(&text).into_owned()),
    }
}

/// The lines of `text`, each shown. For help, which may hold statements to write.
pub(super) fn shown_lines(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    text.lines().map(shown)
}

/// `text` with its line ends kept and everything else harmless.
pub(super) fn harmless_lines(text: &str) -> String {
    text.lines().map(harmless).collect::<Vec<_>>().join("\n")
}

/// The name of a file, fit to begin a line.
pub(super) fn file_name(name: &str) -> Cow<'_, str> {
    line_start(shown(name))
}

/// A line that may hold somebody's words anywhere: on one line, harmless, and no command by its beginning.
pub(crate) fn safe_line(text: &str) -> Cow<'_, str> {
    line_start(harmless(text))
}

/// `text` as the beginning of a line: a leading `::` would make a command of it.
pub(super) fn line_start(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.trim_start().starts_with("::") { Cow::Owned(text.replacen("::", ":\\u{3a}", 1)) } else { text }
}

/// Whether `rest` begins with a command of a build service: `##`, letters, `[`.
pub(super) fn begins_command(rest: &str) -> bool {
    rest.strip_prefix("##")
        .and_then(|rest| rest.bytes().take(33).find(|byte| !byte.is_ascii_alphabetic()))
        .is_some_and(|byte| byte == b'[')
}

fn without_commands(text: &str) -> Cow<'_, str> {
    if !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        if c == '#' && begins_command(text.get(at..).unwrap_or_default()) {
            out.push_str("\\u{23}");
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_build_services_are_broken() {
        assert_eq!(shown("a ##vso[task] ## b ##[x]"), "a \\u{23}#vso[task] ## b \\u{23}#[x]");
        assert_eq!(shown("###[x]"), "#\\u{23}#[x]");
        assert_eq!(file_name("::error::x"), ":\\u{3a}error::x");
        assert_eq!(file_name(" ::x"), " :\\u{3a}x");
        assert_eq!(file_name("a::b"), "a::b");
    }

    #[test]
    fn overlong_text_is_cut_and_ordinary_text_is_borrowed() {
        assert_eq!(shown(&"\u{7528}".repeat(2000)).chars().count(), 1001);
        assert!(matches!(shown("name/cos:PutObject"), Cow::Borrowed(_)));
        assert_eq!(harmless_lines("a\r\n\u{1b}b"), "a\n\\u{1b}b");
    }
}
