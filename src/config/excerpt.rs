//! The few lines of a file that are shown with a mistake.
//!
//! The lines are copied and made visible before miette sees them, so nothing in a file can act on a terminal, and the
//! label always lies inside them: miette panics on an offset behind the end and draws nothing for an empty label at
//! the end of a line. It would also count columns in bytes; here they are characters.

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::text::{Position, Source, Span, visible};

/// Characters of one line that are shown at most.
const WIDEST: usize = 160;

/// A label's line with its neighbours, ready to be drawn.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    /// Zero-based line on which `text` begins.
    first_line: usize,
    position: Position,
    /// Offset and length of the label in `text`; none when the file is empty.
    label: Option<(usize, usize)>,
}

impl Excerpt {
    /// The surroundings of `span`; a span over several lines is cut after its first.
    pub(super) fn new(source: &Source, span: Span) -> Self {
        let text = source.text();
        let start = last_visible_end(text, (span.start as usize).min(text.len()));
        let position = source.position(start as u32);
        let line = position.line as usize - 1;
        let first_line = line.saturating_sub(1);
        let mut shown = String::new();
        let mut label = None;
        for number in first_line..(line + 2).min(source.lines().len()) {
            let (from, to) = source.lines().range(number, text);
            let whole = text.get(from as usize..to as usize).unwrap_or_default();
            let content = whole.trim_end_matches(['\n', '\r']);
            let marked = (number == line).then(|| {
                let end = (span.end as usize).saturating_sub(from as usize);
                (position.offset as usize - from as usize, end.min(content.len()))
            });
            // A blank line at the end of the file would only be an empty row.
            if number > line && content.is_empty() {
                break;
            }
            label = draw(content, marked, &mut shown).or(label);
            shown.push('\n');
        }
        let label = label.filter(|_| !text.is_empty());
        Self { name: visible(source.name()).into_owned(), text: shown, first_line, position, label }
    }

    /// Where the mistake is in the file.
    pub(super) fn position(&self) -> Position {
        self.position
    }

    /// The name of the file, made visible.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The text of the label, as it is shown.
    pub(super) fn underlined(&self) -> &str {
        self.label.and_then(|(start, len)| self.text.get(start..start + len)).unwrap_or_default()
    }

    /// Offset and length of the label, in bytes of what is shown.
    pub(super) fn label(&self) -> Option<(usize, usize)> {
        self.label
    }
}

/// `start`, or the end of the last line that holds something when only line ends follow: an end of file is shown behind
/// its last word, not on an empty line below.
fn last_visible_end(text: &str, start: usize) -> usize {
    let is_blank = |rest: &str| rest.bytes().all(|byte| matches!(byte, b'\n' | b'\r'));
    if text.get(start..).is_some_and(is_blank) { text.trim_end_matches(['\n', '\r']).len().min(start) } else { start }
}

/// Append `line`, made visible and cut to [`WIDEST`], to `out`; where the bytes `marked` of it landed.
fn draw(line: &str, marked: Option<(usize, usize)>, out: &mut String) -> Option<(usize, usize)> {
    let mark = marked.map_or(0, |(start, _)| line.get(..start).unwrap_or_default().chars().count());
    let skipped = if mark > WIDEST * 3 / 4 { mark - WIDEST / 4 } else { 0 };
    if skipped > 0 {
        out.push('…');
    }
    let (mut label_start, mut label_end) = (None, None);
    for (shown, (at, c)) in line.char_indices().skip(skipped).enumerate() {
        if shown == WIDEST {
            out.push('…');
            break;
        }
        if let Some((start, end)) = marked {
            if at >= start && label_start.is_none() {
                label_start = Some(out.len());
            }
            if at >= end && label_end.is_none() {
                label_end = Some(out.len());
            }
        }
        if c == '\t' { out.push_str("    ") } else { out.push_str(&visible(c.encode_utf8(&mut [0; 4]))) }
    }
    marked?;
    let start = label_start.unwrap_or_else(|| {
        // Something is missing at the end of the line: a blank to draw the caret under.
        out.push(' ');
        out.len() - 1
    });
    let end = label_end.unwrap_or(out.len());
    let one = out.get(start..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
    Some((start, end.saturating_sub(start).max(one)))
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        // Without context miette only asks for the place that it writes above the lines.
        let (data, span, line, column) = if before == 0 && after == 0 {
            let position = (self.position.line as usize - 1, self.position.column as usize - 1);
            let data = self.text.get(span.offset()..span.offset() + span.len()).unwrap_or_default();
            (data, *span, position.0, position.1)
        } else {
            (self.text.as_str(), SourceSpan::new(0.into(), self.text.len()), self.first_line, 0)
        };
        let lines = data.bytes().filter(|byte| *byte == b'\n').count();
        Ok(Box::new(MietteSpanContents::new_named(self.name.clone(), data.as_bytes(), span, line, column, lines)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(text: &str, start: u32, end: u32) -> String {
        let excerpt = Excerpt::new(&Source::new("x", text).unwrap(), Span::new(start, end));
        excerpt.underlined().to_owned()
    }

    #[test]
    fn the_label_lies_inside_whatever_the_span() {
        assert_eq!(label("ab = 1\n", 5, 6), "1");
        assert_eq!(label("ab =\n", 4, 5), " ");
        assert_eq!(label("ab =\n\n\n", 7, 7), " ");
        assert_eq!(label("ab = 1", 900, 901), " ");
        assert_eq!(label("", 0, 0), "");
        assert_eq!(label("a = \"用户\"\n", 5, 8), "用");
        assert_eq!(label("a = \"用户\"\n", 6, 8), "用");
        assert_eq!(label("[[ignore]]\nrule = 1\n", 0, 19), "[[ignore]]");
        assert_eq!(label("a\tb\u{1b}[0m", 2, 4), "b\\u{1b}");
    }

    #[test]
    fn a_long_line_is_cut_around_the_label() {
        let text = format!("{}HERE{}", "a".repeat(1000), "b".repeat(1000));
        let excerpt = Excerpt::new(&Source::new("x", text).unwrap(), Span::new(1000, 1004));
        assert_eq!(excerpt.underlined(), "HERE");
        assert!(excerpt.text.chars().count() < WIDEST + 5);
        assert_eq!(excerpt.position().column, 1001);
    }
}
