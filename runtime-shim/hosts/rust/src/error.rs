//! What can go wrong.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// What is wrong, in the vocabulary that the hosts of all languages share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// No variable, element, table or output has this name.
    UnknownName,
    /// A parameter is given twice in one call.
    AmbiguousName,
    /// What is no settable constant cannot be set.
    NotSettable,
    /// A value has not as many numbers as there are elements, or a name not as many subscripts.
    Shape,
    /// A parameter is NaN or infinite, or points cannot be those of a graphical function.
    BadValue,
    /// The bytes are no artifact: truncated, forged, or in contradiction with themselves.
    BadArtifact,
    /// An artifact, but not the one that was asked for.
    WrongArtifact,
    /// A time that is NaN, or one at which there is no row.
    BadTime,
    /// A conveyor or queue could not go on.
    Transport,
    /// The artifact or the engine cannot do that.
    Unsupported,
    /// A closed [`Sim`](crate::Sim) was used.
    Closed,
    /// A file cannot be read.
    Io,
    /// There is no memory for results.
    Memory,
}

impl Code {
    /// The word for it that all languages use, such as `unknown-name`.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::UnknownName => "unknown-name",
            Code::AmbiguousName => "ambiguous-name",
            Code::NotSettable => "not-settable",
            Code::Shape => "shape",
            Code::BadValue => "bad-value",
            Code::BadArtifact => "bad-artifact",
            Code::WrongArtifact => "wrong-artifact",
            Code::BadTime => "bad-time",
            Code::Transport => "transport",
            Code::Unsupported => "unsupported",
            Code::Closed => "closed",
            Code::Io => "io",
            Code::Memory => "memory",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What went wrong, in a sentence for people ([`Display`](fmt::Display)) and in fields for programs.
#[derive(Clone, Debug)]
pub struct Error(Box<Fields>);

#[derive(Clone, Debug)]
struct Fields {
    code: Code,
    message: String,
    name: Option<String>,
    suggestion: Option<String>,
    variable: Option<String>,
    byte: Option<u64>,
    /// The rows that were saved before, a `Run`.
    run: Option<Arc<dyn Any + Send + Sync>>,
}

impl Error {
    /// An error of an engine that is not one of this crate's.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let message = message.into();
        Self(Box::new(Fields { code, message, name: None, suggestion: None, variable: None, byte: None, run: None }))
    }

    /// What is wrong.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The name that was asked for, as it was written.
    pub fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// The name that was probably meant.
    pub fn suggestion(&self) -> Option<&str> {
        self.0.suggestion.as_deref()
    }

    /// The variable or element at fault, as its author wrote it.
    pub fn variable(&self) -> Option<&str> {
        self.0.variable.as_deref()
    }

    /// Of a bad artifact, the byte at which that shows.
    pub fn byte(&self) -> Option<u64> {
        self.0.byte
    }

    pub(crate) fn with_name(mut self, name: &str, suggestion: Option<&str>) -> Self {
        self.0.name = Some(name.to_owned());
        self.0.suggestion = suggestion.map(str::to_owned);
        self
    }

    pub(crate) fn with_variable(mut self, variable: impl Into<String>) -> Self {
        self.0.variable = Some(variable.into());
        self
    }

    pub(crate) fn with_byte(mut self, byte: u64) -> Self {
        self.0.byte = Some(byte);
        self
    }

    /// With something that was saved before; [`Error::attached`] finds it by its type.
    pub(crate) fn attach<T: Any + Send + Sync>(mut self, what: T) -> Self {
        self.0.run = Some(Arc::new(what));
        self
    }

    pub(crate) fn attached<T: Any>(&self) -> Option<&T> {
        self.0.run.as_deref()?.downcast_ref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}

/// An artifact that says of itself what is not so.
pub(crate) fn contradiction(why: impl fmt::Display) -> Error {
    Error::new(Code::BadArtifact, format!("the artifact contradicts itself: {why}"))
}
