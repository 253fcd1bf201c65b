//! From byte offsets to lines and columns, for people (characters) and for editors (UTF-16).

/// A place in a text; line and columns count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Bytes from the start of the text.
    pub offset: u32,
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
    /// Column in UTF-16 code units, counted from 1.
    pub utf16: u32,
}

/// The offsets at which the lines of a text begin. Built once in one pass; a look-up is a binary search and a walk
/// along one line.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Index `text`. Lines end at `\n`; a `\r` before it belongs to the line.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1));
        Self { starts }
    }

    /// Number of lines; an empty text has one.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Never true: even an empty text has a line.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The zero-based line that holds `offset`.
    pub fn line_of(&self, offset: u32) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// Byte range of the zero-based line `line`, its line end included.
    pub fn range(&self, line: usize, text: &str) -> (u32, u32) {
        let start = self.starts.get(line).copied().unwrap_or(text.len() as u32);
        let end = self.starts.get(line + 1).copied().unwrap_or(text.len() as u32);
        (start, end)
    }

    /// The place of `offset` in `text`, the text that was indexed. An offset inside a character counts as its start,
    /// one behind the end as the end. Linear in the length of the line.
    pub fn position(&self, offset: u32, text: &str) -> Position {
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_of(offset as u32);
        let start = self.starts.get(line).copied().unwrap_or(0) as usize;
        let before = text.get(start..offset).unwrap_or_default();
        let (characters, units) = if before.is_ascii() {
            (before.len(), before.len())
        } else {
            before.chars().fold((0, 0), |(chars, units), c| (chars + 1, units + c.len_utf16()))
        };
        Position {
            offset: offset as u32,
            line: line as u32 + 1,
            column: characters as u32 + 1,
            utf16: units as u32 + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, offset: u32) -> (u32, u32, u32) {
        let at = LineIndex::new(text).position(offset, text);
        (at.line, at.column, at.utf16)
    }

    #[test]
    fn columns_count_characters_and_utf16_units() {
        let text = "a\r\n\u{7528}\u{6237}\u{1F600}x\n";
        assert_eq!(place(text, 0), (1, 1, 1));
        assert_eq!(place(text, 3), (2, 1, 1));
        assert_eq!(place(text, 6), (2, 2, 2));
        assert_eq!(place(text, 9), (2, 3, 3));
        assert_eq!(place(text, 13), (2, 4, 5));
        assert_eq!(place(text, 15), (3, 1, 1));
    }

    #[test]
    fn an_offset_inside_a_character_or_behind_the_end_is_clamped() {
        assert_eq!(place("\u{7528}", 1), (1, 1, 1));
        assert_eq!(place("ab", 99), (1, 3, 3));
        assert_eq!(place("", 0), (1, 1, 1));
    }
}
