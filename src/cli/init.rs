//! `grantlint init`: a commented configuration to start from. An existing one is never touched.

use std::fs::OpenOptions;
use std::io::{Error, ErrorKind, Write};

use super::env::Env;
use super::error::CliError;
use super::exit::ExitStatus;
use super::output::tell;
use crate::config::{FILE_NAME, starting_file};

pub(super) fn run(env: &Env) -> Result<ExitStatus, CliError> {
    let path = env.working_directory.join(FILE_NAME);
    let file = OpenOptions::new().write(true).create_new(true).open(&path);
    file.and_then(|mut file| file.write_all(starting_file().as_bytes()))
        .map_err(|cause| match cause.kind() {
            ErrorKind::AlreadyExists => Error::other("it is already there"),
            _ => cause,
        })
        .map_err(|cause| CliError::Unwritable { path: FILE_NAME.into(), cause })?;
    tell(&format!("wrote `{FILE_NAME}`; all of it is examples: remove the `#` of what you fill in\n"));
    Ok(ExitStatus::Clean)
}
