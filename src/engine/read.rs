//! From a file or standard input to a [`Source`], never more than [`MAX_BYTES`] of it.
//!
//! The size is asked for first, so that a huge file costs nothing, and kept while reading, because a file may grow and
//! some files do not know their size.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::Trouble;
use super::walk::unreadable;
use crate::text::{MAX_BYTES, Source, TooLarge};

/// Read the file at `path`, which is reported as `name`.
///
/// # Errors
/// When it is no regular file, cannot be read, or is larger than [`MAX_BYTES`].
pub fn read_file(path: &Path, name: &str) -> Result<Source, Trouble> {
    let trouble = |message: String| Trouble { file: name.to_owned(), message, help: None };
    let metadata = fs::metadata(path).map_err(|error| trouble(unreadable(path, &error)))?;
    if metadata.is_dir() {
        return Err(trouble("this is a directory".to_owned()));
    }
    if !metadata.is_file() {
        return Err(trouble("this is no regular file, and it was not opened".to_owned()));
    }
    if metadata.len() > MAX_BYTES {
        return Err(trouble(TooLarge { bytes: metadata.len() }.to_string()));
    }
    let file = File::open(path).map_err(|error| trouble(unreadable(path, &error)))?;
    let bytes = read(file, metadata.len(), MAX_BYTES).map_err(|error| trouble(unreadable(path, &error)))?;
    Source::from_bytes(name, bytes).map_err(|_| trouble(too_much("the file")))
}

/// Read standard input to its end; it is reported as `name`.
///
/// # Errors
/// When it cannot be read or is larger than [`MAX_BYTES`].
pub fn read_stdin(name: &str) -> Result<Source, Trouble> {
    let trouble = |message: String| Trouble { file: name.to_owned(), message, help: None };
    let bytes = read(io::stdin().lock(), 0, MAX_BYTES)
        .map_err(|error| trouble(format!("standard input cannot be read: {error}")))?;
    Source::from_bytes(name, bytes).map_err(|_| trouble(too_much("standard input")))
}

/// At most one byte more than `most`, which is enough to tell that there are too many; `expected` bytes are likely.
fn read(from: impl Read, expected: u64, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or(0) + 1);
    from.take(most + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn too_much(what: &str) -> String {
    format!("{what} has more than {MAX_BYTES} bytes (256 MiB), and grantlint reads no more")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_the_limit_is_read() {
        assert_eq!(read(io::repeat(b'a'), 0, 9).unwrap().len(), 10);
        assert_eq!(read(&b"abc"[..], 9, 9).unwrap(), b"abc");
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let place = tempfile::tempdir().unwrap();
        let message = |path: &Path| read_file(path, "x.json").unwrap_err().message;
        assert_eq!(message(&place.path().join("none")), "there is no such file or directory");
        assert_eq!(message(place.path()), "this is a directory");
        let huge = place.path().join("huge.json");
        File::create(&huge).unwrap().set_len(MAX_BYTES + 1).unwrap();
        assert!(message(&huge).contains("268435457 bytes"), "{}", message(&huge));
    }
}
