//! What this crate takes from the language-neutral `simc-model`, in one place.

pub(crate) use simc_model::definition::notation::number_length;
pub(crate) use simc_model::diagnostic::catalogue::{Entry, Example, entry, example};
pub(crate) use simc_model::diagnostic::code as shared;
pub(crate) use simc_model::diagnostic::{self, Code, Diagnostic};
pub(crate) use simc_model::name::{self, Key};
pub(crate) use simc_model::source::{self, FileId, Sources, Span, shorten};
