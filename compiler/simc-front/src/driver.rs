//! The front end as one call.

use crate::diagnostic::Diagnostic;
use crate::model::Model;
use crate::source::{FileId, Sources};

/// What came of a compilation: the model when there was no error, and everything that there is to say, sorted by place.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// Present exactly when `diagnostics` holds no error.
    pub model: Option<Model>,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// Text to model. `root` is the file to compile; it has been added to `sources`.
pub fn compile(sources: &Sources, root: FileId) -> Compiled {
    let (_, _) = (sources, root);
    Compiled { model: None, diagnostics: Vec::new() }
}
