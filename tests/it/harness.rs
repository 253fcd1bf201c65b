//! A throw-away project and the real program in it, with an environment of its own.
//!
//! Nothing of the machine reaches the program: no variables, no home directory, no configuration above the project. What
//! comes back has placeholders for what differs from one machine to the next.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

/// A key that may do everything: `wildcard-action` and `wildcard-resource`, both high for a session.
pub(crate) const WIDE: &str =
    "{\"version\":\"2.0\",\"statement\":[{\"effect\":\"allow\",\"action\":\"*\",\"resource\":\"*\"}]}\n";

/// A key that may upload one object: nothing to say in the default profile.
pub(crate) const NARROW: &str = "{\"version\":\"2.0\",\"statement\":[{\"effect\":\"allow\",\"action\":[\"name/cos:PutObject\"],\
    \"resource\":[\"qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/app/avatar/alice/a.jpg\"]}]}\n";

/// A directory with files in it.
#[derive(Debug)]
pub(crate) struct Project {
    place: TempDir,
    working_directory: PathBuf,
    variables: Vec<(String, String)>,
    stdin: Vec<u8>,
}

/// What the program did.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// The program ended with this status.
    #[track_caller]
    pub(crate) fn exits(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Standard output is a JSON document.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap()
    }
}

impl Project {
    pub(crate) fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let working_directory = place.path().canonicalize().unwrap().join("project");
        fs::create_dir(&working_directory).unwrap();
        Self { place, working_directory, variables: Vec::new(), stdin: Vec::new() }
    }

    /// With a file in it, and the directories above.
    pub(crate) fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// The program sees this environment variable.
    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The program reads this from standard input.
    pub(crate) fn stdin(mut self, text: impl AsRef<[u8]>) -> Self {
        text.as_ref().clone_into(&mut self.stdin);
        self
    }

    /// The program runs in this directory of the project.
    pub(crate) fn within(mut self, directory: &str) -> Self {
        self.working_directory.push(directory);
        self
    }

    /// The path of `name`, which is relative to where the program runs.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.working_directory.join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The program with its environment, not yet started.
    pub(crate) fn program<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> std::process::Command {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_grantlint"));
        program.args(args).current_dir(&self.working_directory).env_clear();
        program.env("HOME", self.place.path()).env("XDG_CONFIG_HOME", self.place.path());
        if cfg!(windows) {
            // Without it a process cannot even start.
            program.env("SystemRoot", std::env::var_os("SystemRoot").unwrap_or_default());
        }
        program.envs(self.variables.iter().map(|(name, value)| (name, value)));
        program
    }

    /// Run the program.
    pub(crate) fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Run {
        let output = Command::from_std(self.program(args)).write_stdin(self.stdin.clone()).output().unwrap();
        Run {
            status: output.status.code(),
            stdout: self.with_placeholders(&output.stdout),
            stderr: self.with_placeholders(&output.stderr),
        }
    }

    fn with_placeholders(&self, text: &[u8]) -> String {
        let place = |path: &Path| path.to_string_lossy().into_owned();
        String::from_utf8(text.to_vec())
            .unwrap()
            .replace(&place(&self.working_directory), "[HERE]")
            .replace(&place(&self.place.path().canonicalize().unwrap()), "[PLACE]")
            .replace(env!("CARGO_PKG_VERSION"), "[VERSION]")
    }
}
