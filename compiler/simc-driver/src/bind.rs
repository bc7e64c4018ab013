//! Typed bindings of an artifact for programs in other languages: identifiers for its variables, enums for its dimensions, a record of
//! what can be set with the model's defaults. They speak to the hosts of this project, and refuse any other artifact.

mod go;
mod identifier;
mod java;
mod python;
mod rust;
mod subject;
mod typescript;

use simc_artifact::{DecodeError, read};

use subject::Subject;

/// A language that bindings are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// TypeScript, for the package `simc`.
    TypeScript,
    /// Python, for the package `simc`.
    Python,
    /// Rust, for the crate `simc-host`.
    Rust,
    /// Go, for the module `simc`.
    Go,
    /// Java, for the package `simc`.
    Java,
}

/// Why there are no bindings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BindError {
    /// The bytes are no artifact.
    Artifact(DecodeError),
    /// The artifact does not describe its variables.
    Undescribed,
    /// The artifact's arrays have so many elements that nobody could read their bindings.
    TooLarge,
    /// The package or class has a name that it cannot have in the language.
    Name(String),
}

impl std::fmt::Display for BindError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            BindError::Artifact(error) => error.fmt(f),
            BindError::Undescribed => f.write_str("the artifact does not describe its variables"),
            BindError::TooLarge => f.write_str("the artifact has too many elements and defaults for bindings"),
            BindError::Name(name) => write!(f, "`{name}` names no package or class in this language"),
        }
    }
}

impl std::error::Error for BindError {}

/// Writes the bindings of an artifact: the same bytes for the same artifact, always.
///
/// # Errors
/// It is no artifact, does not describe its variables, or has more defaults and elements than bindings can list.
pub fn bind(artifact: &[u8], language: Language) -> Result<String, BindError> {
    bind_as(artifact, language, None)
}

/// The same in a package of Go or a class of Java, with its packages, that the caller names. Other languages have no use for a name.
///
/// # Errors
/// As [`bind`], and for what is no such name.
pub fn bind_as(artifact: &[u8], language: Language, name: Option<&str>) -> Result<String, BindError> {
    let is_name = name.is_none_or(|name| match language {
        Language::Go => go::is_package(name),
        Language::Java => java::is_class(name),
        Language::TypeScript | Language::Python | Language::Rust => true,
    });
    if !is_name {
        return Err(BindError::Name(name.unwrap_or_default().to_owned()));
    }
    let extension = read(artifact).map_err(BindError::Artifact)?.layout.extension.ok_or(BindError::Undescribed)?;
    let subject = Subject::new(artifact, &extension)?;
    Ok(match language {
        Language::TypeScript => typescript::write(&subject),
        Language::Python => python::write(&subject),
        Language::Rust => rust::write(&subject),
        Language::Go => go::write(&subject, name),
        Language::Java => java::write(&subject, name),
    })
}

#[cfg(test)]
mod tests;
