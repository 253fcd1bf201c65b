//! The `git` program: how it is started, and what is asked of it.
//!
//! No shell stands between, nothing that the user typed can be taken as an option, and what a repository or the
//! environment could make git do besides (pagers, monitors, external comparisons, prompts, downloads, taking locks) is
//! switched off. What comes back is bytes: a path may hold anything but a null.

use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::text::{MAX_BYTES, TooLarge, visible};

/// What a hook of git, or a caller with a repository of its own in mind, leaves in the environment: it would make git look
/// at another repository, or at a part of this one.
const FOREIGN: [&str; 12] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_SHALLOW_FILE",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_EXTERNAL_DIFF",
];

/// Characters of git's own words that are passed on.
const MOST_WORDS: usize = 200;

/// Why git gave no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// It could not be started.
    Start(io::Error),
    /// It ended with an error; what it said.
    Said(String),
}

impl Failure {
    /// The failure in words: one sentence, lower case, no full stop.
    pub(super) fn message(&self) -> String {
        match self {
            Self::Start(error) if error.kind() == io::ErrorKind::NotFound => {
                "the program `git` was not found, and only git knows revisions".to_owned()
            }
            Self::Start(error) => format!("the program `git` cannot be started: {error}"),
            Self::Said(words) if words.is_empty() => "git gave no answer and no reason".to_owned(),
            Self::Said(words) => format!("git says: {}", shortened(words)),
        }
    }

    /// What to do, where that is known.
    pub(super) fn help(&self) -> Option<String> {
        let help = match self {
            Self::Start(error) if error.kind() == io::ErrorKind::NotFound => "install git, or add it to `PATH`",
            Self::Said(words) if words.contains("dubious ownership") => {
                "tell git that you trust the directory: `git config --global --add safe.directory DIRECTORY`"
            }
            _ => return None,
        };
        Some(help.to_owned())
    }

    /// Whether git said these words.
    pub(super) fn says(&self, words: &str) -> bool {
        matches!(self, Self::Said(said) if said.contains(words))
    }
}

/// The first line of git's words that says something, made visible and cut.
fn shortened(words: &str) -> String {
    let line = words.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let line = line.strip_prefix("fatal: ").or_else(|| line.strip_prefix("error: ")).unwrap_or(line);
    let shown = visible(line);
    match shown.char_indices().nth(MOST_WORDS) {
        Some((end, _)) => format!("{}...", shown.get(..end).unwrap_or_default()),
        None => shown.into_owned(),
    }
}

/// The `git` program in a directory.
#[derive(Debug)]
pub(super) struct Git {
    directory: PathBuf,
}

impl Git {
    /// Git as if it were started in `directory`.
    pub(super) fn new(directory: &Path) -> Self {
        Self { directory: directory.to_path_buf() }
    }

    fn command(&self, args: &[&str], operands: &[OsString]) -> Command {
        let mut command = Command::new("git");
        command.arg("--no-pager").arg("-C").arg(&self.directory);
        for setting in ["core.quotepath=off", "core.fsmonitor=false", "core.pager=cat"] {
            command.arg("-c").arg(setting);
        }
        command.args(args).args(operands);
        for name in FOREIGN {
            command.env_remove(name);
        }
        // The words are compared, so they are asked for in one language.
        command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_LITERAL_PATHSPECS", "1");
        command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_NO_LAZY_FETCH", "1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// What git answers. `operands` come last and have to be such that none can be an option.
    ///
    /// # Errors
    /// When git cannot be started or ends with an error.
    pub(super) fn ask(&self, args: &[&str], operands: &[OsString]) -> Result<Vec<u8>, Failure> {
        let output = self.command(args, operands).output().map_err(Failure::Start)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(Failure::Said(String::from_utf8_lossy(&output.stderr).into_owned()))
    }

    /// One line that git answers, without its end.
    ///
    /// # Errors
    /// As [`Git::ask`].
    pub(super) fn line(&self, args: &[&str], operands: &[OsString]) -> Result<Vec<u8>, Failure> {
        let mut line = self.ask(args, operands)?;
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        Ok(line)
    }

    /// Start the process that reads objects, one after the other.
    ///
    /// # Errors
    /// When git cannot be started.
    pub(super) fn objects(&self) -> Result<Objects, Failure> {
        let mut command = self.command(&["cat-file", "--batch"], &[]);
        command.stdin(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(Failure::Start)?;
        let closed = || Failure::Start(io::ErrorKind::BrokenPipe.into());
        let input = child.stdin.take().ok_or_else(closed)?;
        let output = BufReader::new(child.stdout.take().ok_or_else(closed)?);
        Ok(Objects { child, input: Some(input), output })
    }
}

/// Why an object has no text here.
#[derive(Debug)]
pub(super) enum NoObject {
    /// The repository does not hold it.
    Missing,
    /// It is larger than anything that is read.
    TooLarge(TooLarge),
    /// Git broke off.
    Broken(io::Error),
}

/// A `git cat-file --batch` that waits for names.
#[derive(Debug)]
pub(super) struct Objects {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Objects {
    /// The bytes of an object, never more than [`MAX_BYTES`] of them in memory.
    ///
    /// # Errors
    /// When there is no such object, it is too large, or git broke off.
    pub(super) fn read(&mut self, id: &str) -> Result<Vec<u8>, NoObject> {
        self.exchange(id).map_err(NoObject::Broken)?
    }

    fn exchange(&mut self, id: &str) -> io::Result<Result<Vec<u8>, NoObject>> {
        if let Some(input) = &mut self.input {
            writeln!(input, "{id}")?;
            input.flush()?;
        }
        let mut head = Vec::new();
        self.output.by_ref().take(4096).read_until(b'\n', &mut head)?;
        let head = String::from_utf8_lossy(&head);
        // Either `id type size`, or `id missing`.
        let words: Vec<&str> = head.split_whitespace().collect();
        let [_, _, size] = words.as_slice() else {
            let is_answer = words.last() == Some(&"missing");
            return if is_answer { Ok(Err(NoObject::Missing)) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
        };
        let size: u64 = size.parse().map_err(io::Error::other)?;
        // The text is followed by a line end of git's.
        let mut rest = self.output.by_ref().take(size + 1);
        if size > MAX_BYTES {
            io::copy(&mut rest, &mut io::sink())?;
            return Ok(Err(NoObject::TooLarge(TooLarge { bytes: size })));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
        rest.read_to_end(&mut bytes)?;
        if bytes.pop() != Some(b'\n') || bytes.len() as u64 != size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Ok(bytes))
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // Without input git ends by itself; what it says then is of no interest.
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

/// A path that git names, which is bytes with `/` between the names.
pub(super) fn to_os(bytes: &[u8]) -> OsString {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        OsStr::from_bytes(bytes).to_owned()
    }
    #[cfg(not(unix))]
    {
        OsString::from(String::from_utf8_lossy(bytes).into_owned())
    }
}

/// A name as git writes it.
pub(super) fn from_os(name: &OsStr) -> Vec<u8> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        name.as_bytes().to_vec()
    }
    #[cfg(not(unix))]
    {
        name.to_string_lossy().into_owned().into_bytes()
    }
}

/// The parts of an answer that ends each with a null.
pub(super) fn records(answer: &[u8]) -> impl Iterator<Item = &[u8]> {
    answer.split(|byte| *byte == 0).filter(|record| !record.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_git_says_is_one_short_visible_line() {
        assert_eq!(shortened("\nfatal: bad\u{1b}[31m thing\nhint: more"), "bad\\u{1b}[31m thing");
        assert_eq!(shortened(&"x".repeat(500)).len(), MOST_WORDS + 3);
        assert_eq!(shortened(""), "");
    }

    #[test]
    fn a_program_that_is_not_there_is_said_so() {
        let failure = Failure::Start(io::ErrorKind::NotFound.into());
        assert!(failure.message().contains("`git` was not found"), "{}", failure.message());
        assert!(failure.help().is_some_and(|help| help.starts_with("install git")));
        let failure = Failure::Said("fatal: detected dubious ownership in repository at '/x'".to_owned());
        assert!(failure.help().is_some_and(|help| help.contains("safe.directory")));
    }
}
