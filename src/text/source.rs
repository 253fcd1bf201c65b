//! One file as it was read.

use std::sync::OnceLock;

use super::{LineIndex, Position, Span};

/// The largest file that is read, in bytes: 256 MiB, so that every offset fits a `u32` with room to spare.
pub const MAX_BYTES: u64 = 256 << 20;

/// The file is larger than [`MAX_BYTES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the file has {bytes} bytes; grantlint reads at most {MAX_BYTES} (256 MiB)")]
pub struct TooLarge {
    /// Size of the file in bytes.
    pub bytes: u64,
}

/// A file's name and text. The text is the file byte for byte, except that bytes which are not UTF-8 are replaced by
/// `?` one for one, so that offsets stay true; [`Source::undecodable`] remembers where.
#[derive(Debug)]
pub struct Source {
    name: String,
    lasting_name: Option<String>,
    text: String,
    undecodable: Vec<Span>,
    lines: OnceLock<LineIndex>,
}

impl Source {
    /// A source from text that is known to be UTF-8.
    ///
    /// # Errors
    /// When the text is larger than [`MAX_BYTES`].
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Result<Self, TooLarge> {
        let text = text.into();
        if text.len() as u64 > MAX_BYTES {
            return Err(TooLarge { bytes: text.len() as u64 });
        }
        Ok(Self { name: name.into(), lasting_name: None, text, undecodable: Vec::new(), lines: OnceLock::new() })
    }

    /// A source from bytes as they were read from disk.
    ///
    /// # Errors
    /// When there are more than [`MAX_BYTES`].
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, TooLarge> {
        match String::from_utf8(bytes) {
            Ok(text) => Self::new(name, text),
            Err(error) => {
                let mut bytes = error.into_bytes();
                let undecodable = blank_undecodable(&mut bytes);
                let text = String::from_utf8_lossy(&bytes).into_owned();
                Ok(Self { undecodable, ..Self::new(name, text)? })
            }
        }
    }

    /// The name under which the file is reported: a path relative to where the command runs, or `<stdin>`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name by which the file is known for good, wherever the command runs; [`Source::name`] unless
    /// [`Source::known_as`] gave it another one.
    pub fn lasting_name(&self) -> &str {
        self.lasting_name.as_deref().unwrap_or(&self.name)
    }

    /// The same source, known for good by this name: fingerprints and baselines use it.
    #[must_use]
    pub fn known_as(self, name: String) -> Self {
        let lasting_name = (name != self.name).then_some(name);
        Self { lasting_name, ..self }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Runs of bytes that were not UTF-8, in order.
    pub fn undecodable(&self) -> &[Span] {
        &self.undecodable
    }

    /// Why the bytes are no text that can be read at all, if so: UTF-16, or no text.
    pub fn encoding_fault(&self) -> Option<&'static str> {
        let bytes = self.text.as_bytes();
        let head = bytes.len().min(4096);
        let start = bytes.get(..head).unwrap_or_default();
        if self.undecodable.is_empty() && memchr::memchr(0, start).is_none() {
            return None;
        }
        let nul = memchr::memchr_iter(0, start).count();
        let lost: u32 = self.undecodable.iter().map(|span| span.len()).sum();
        if nul * 4 > head && head >= 4 {
            Some("the file is UTF-16 text; save it as UTF-8")
        } else if (nul > 0 && lost > 0) || lost as usize * 10 > bytes.len() * 3 {
            Some("the file is not text")
        } else {
            None
        }
    }

    /// The bytes of `span`, or nothing where it does not fit.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The line index, built on first use.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// Line and columns of a byte offset.
    pub fn position(&self, offset: u32) -> Position {
        self.lines().position(offset, &self.text)
    }
}

/// Overwrite what is not UTF-8 with `?`, byte for byte, and tell where.
fn blank_undecodable(bytes: &mut [u8]) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut from = 0;
    while let Some(Err(error)) = bytes.get(from..).map(std::str::from_utf8) {
        let start = from + error.valid_up_to();
        let end = error.error_len().map_or(bytes.len(), |len| start + len);
        if let Some(bad) = bytes.get_mut(start..end) {
            bad.fill(b'?');
        }
        match found.last_mut() {
            Some(last) if last.end as usize == start => last.end = end as u32,
            _ => found.push(Span::new(start as u32, end as u32)),
        }
        from = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_utf8_keep_every_other_offset() {
        let source = Source::from_bytes("x", b"ab\xff\xfecd\xe7\x94".to_vec()).unwrap();
        assert_eq!(source.text(), "ab??cd??");
        assert_eq!(source.undecodable(), [Span::new(2, 4), Span::new(6, 8)]);
    }
}
