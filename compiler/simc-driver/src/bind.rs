//! Typed bindings of an artifact for programs in other languages: identifiers for its variables, enums for its dimensions, a record of
//! what can be set with the model's defaults. They speak to the hosts of this project, and refuse any other artifact.

mod identifier;
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
}

impl std::fmt::Display for BindError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            BindError::Artifact(error) => error.fmt(f),
            BindError::Undescribed => f.write_str("the artifact does not describe its variables"),
            BindError::TooLarge => f.write_str("the artifact has too many elements and defaults for bindings"),
        }
    }
}

impl std::error::Error for BindError {}

/// Writes the bindings of an artifact: the same bytes for the same artifact, always.
///
/// # Errors
/// It is no artifact, does not describe its variables, or has more defaults and elements than bindings can list.
pub fn bind(artifact: &[u8], language: Language) -> Result<String, BindError> {
    let extension = read(artifact).map_err(BindError::Artifact)?.layout.extension.ok_or(BindError::Undescribed)?;
    let subject = Subject::new(artifact, &extension)?;
    Ok(match language {
        Language::TypeScript => typescript::write(&subject),
        Language::Python => python::write(&subject),
        Language::Rust => rust::write(&subject),
    })
}

#[cfg(test)]
mod tests;
