//! What this crate takes from the language-neutral part of the front end, in one place.

pub(crate) use simc_front::diagnostic::catalogue::Entry;
pub(crate) use simc_front::diagnostic::{self, Code, Diagnostic};
pub(crate) use simc_front::name::{self, Key};
pub(crate) use simc_front::source::{self, FileId, Sources, Span, shorten};
