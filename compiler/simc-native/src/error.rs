//! Why there is no native code.

use std::fmt;

use simc_artifact::DecodeError;

/// Why an artifact has no native code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The bytes are no artifact.
    Artifact(DecodeError),
    /// The module says of itself what is not so.
    Contradictory(String),
    /// The module has what artifacts never have, named here: an instruction, a section, recursion.
    Unsupported(String),
    /// The module is larger in some respect than any artifact is.
    TooLarge {
        /// What there is too much of.
        what: String,
        /// How many there are.
        count: u64,
        /// How many there may be.
        limit: u64,
    },
    /// No code can be made for this machine.
    Target {
        /// Its triple.
        triple: String,
        /// Why not.
        reason: String,
    },
    /// The prefix of names is no identifier of C that is free.
    Prefix {
        /// The prefix.
        prefix: String,
        /// Why not.
        reason: &'static str,
    },
    /// The code generator or the writer of objects has failed: a bug.
    Internal(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Artifact(error) => write!(f, "{error}"),
            Error::Contradictory(what) => write!(f, "the module contradicts itself: {what}"),
            Error::Unsupported(what) => write!(f, "{what}, which no artifact has and native code does not support"),
            Error::TooLarge { what, count, limit } => {
                write!(f, "the module has {count} {what}, more than the {limit} for which native code is made")
            }
            Error::Target { triple, reason } => write!(f, "no native code for `{triple}`: {reason}"),
            Error::Prefix { prefix, reason } => write!(f, "`{prefix}` cannot begin names: {reason}"),
            Error::Internal(message) => write!(f, "native code could not be generated: {message}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        Error::Artifact(error)
    }
}

/// Shorthand for what is refused by name.
pub(crate) fn unsupported<T>(what: impl Into<String>) -> Result<T, Error> {
    Err(Error::Unsupported(what.into()))
}

/// An error when there is more than there may be.
pub(crate) fn limit(what: &str, count: u64, limit: u64) -> Result<(), Error> {
    if count <= limit { Ok(()) } else { Err(Error::TooLarge { what: what.to_owned(), count, limit }) }
}
