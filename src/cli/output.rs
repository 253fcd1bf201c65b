//! Where text goes: standard output, standard error, or a file that appears complete or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::error::CliError;
use crate::report::safe_line;
use crate::text::is_invisible;

/// Write to standard output. A reader that has seen enough and closed the pipe is no error.
///
/// # Errors
/// When standard output cannot be written for another reason.
pub(super) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), CliError> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            // What is left in the buffer must not be tried again when it is dropped.
            drop(out.into_parts());
            Ok(())
        }
        result => result.map_err(CliError::Stdout),
    }
}

/// Whether a text of our own words and somebody's arguments holds what acts on a terminal or in a CI log.
pub(super) fn is_unsafe(text: &str) -> bool {
    text.chars().any(|c| c != '\n' && is_invisible(c)) || text.contains("##") || text.contains("\n::")
}

/// The same text, in which nothing acts.
pub(super) fn safe_lines(text: &str) -> String {
    text.lines().map(|line| safe_line(line).into_owned() + "\n").collect()
}

/// Write `text` to standard error. Where that is closed, nobody is left to be told.
pub(super) fn tell(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Write the file at `path`: beside it first, then in its place, so that nobody ever reads half of it. What is no
/// regular file (`/dev/null`, a pipe) is written directly.
///
/// # Errors
/// When it cannot be written; what was there stays.
pub(super) fn write_file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), CliError> {
    replace(path, write).map_err(|cause| CliError::Unwritable { path: path.to_path_buf(), cause })
}

fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // Through links, so that what they lead to is replaced, and not they.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let before = fs::metadata(&target).ok();
    if before.as_ref().is_some_and(|before| !before.is_file()) {
        return fill(OpenOptions::new().write(true).open(&target)?, write);
    }
    let beside = beside(&target)?;
    let written = OpenOptions::new().write(true).create_new(true).open(&beside).and_then(|file| {
        if let Some(before) = before {
            file.set_permissions(before.permissions())?;
        }
        fill(file, write)?;
        fs::rename(&beside, &target)
    });
    if written.is_err() {
        // What is left of a failed attempt helps nobody; if it cannot be removed, the first error says enough.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn fill(file: File, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, file);
    write(&mut out)?;
    out.flush()
}

/// A name in the same directory, so that renaming does not cross file systems.
fn beside(target: &Path) -> io::Result<PathBuf> {
    let name = target.file_name().ok_or_else(|| io::Error::other("this names no file"))?;
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.tmp", std::process::id()));
    Ok(target.with_file_name(beside))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_or_left_alone() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("report.txt");
        write_file(&path, |out| out.write_all(b"one")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one");
        let error = write_file(&path, |out| {
            out.write_all(b"two")?;
            Err(io::Error::other("stopped"))
        });
        assert!(error.unwrap_err().to_string().ends_with("report.txt` cannot be written: stopped"));
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1, "nothing is left behind");
        assert!(write_file(&place.path().join("none/report.txt"), |_| Ok(())).is_err());
        assert!(write_file(place.path(), |_| Ok(())).is_err());
    }
}
