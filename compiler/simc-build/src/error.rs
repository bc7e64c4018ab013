//! What can go wrong in a build script.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why there is no artifact.
pub enum Error {
    /// The model is at fault: what the compiler says, with the lines that it speaks of.
    Model(String),
    /// A file cannot be read or written.
    Io(PathBuf, io::Error),
    /// What was asked for cannot be done.
    Usage(String),
    /// The compiler has a bug.
    Bug(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Model(said) => f.write_str(said),
            Error::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Error::Usage(message) => f.write_str(message),
            Error::Bug(message) => write!(f, "internal compiler error: {message}"),
        }
    }
}

/// The same text: it is what Cargo shows of a build script whose `main` gives an error.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io(_, error) => Some(error),
            Error::Model(_) | Error::Usage(_) | Error::Bug(_) => None,
        }
    }
}
