//! Why a command did not succeed.

use std::io::Write;
use std::path::Path;
use std::{fmt, io};

/// Why a command did not succeed.
#[derive(Debug)]
pub(super) enum Failure {
    /// Standard error has all that there is to say: the model or artifact is at fault.
    Reported,
    /// The same, and the command line is at fault.
    ReportedUsage,
    /// A file, or something else outside of any model, is at fault.
    Message(String),
    /// The command line asks for what there is not.
    Usage(String),
    /// A bug of the compiler; what is known of it.
    Bug(String),
}

impl Failure {
    /// Something could not be done with a file.
    pub(super) fn io(what: &str, path: &Path, error: &io::Error) -> Self {
        Self::Message(format!("cannot {what} {}: {error}", shown(path)))
    }

    /// Why standard output took no more: a reader that has gone is no failure.
    pub(super) fn stdout(error: &io::Error) -> Result<(), Self> {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Ok(());
        }
        Err(Self::Message(format!("cannot write to standard output: {error}")))
    }
}

/// A path between quotes, with what a terminal might obey made visible.
pub(super) fn shown(path: &Path) -> impl fmt::Display {
    format!("{:?}", path.to_string_lossy())
}

/// Writes to standard error; there is nobody left to tell when that fails.
pub(super) fn tell(text: fmt::Arguments<'_>) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}
