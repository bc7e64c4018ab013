//! What this crate takes from the language-neutral `simc-model`, in one place.

pub(crate) use simc_model::diagnostic::catalogue::Entry;
pub(crate) use simc_model::diagnostic::{self, Code, Diagnostic};
pub(crate) use simc_model::name::{self, Key};
pub(crate) use simc_model::source::{self, FileId, Sources, Span, shorten};
