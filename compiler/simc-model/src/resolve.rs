//! From a [`Definition`] and its data to a [`Model`], as one call for the readers of all formats.

use crate::data::{self, AddedFile};
use crate::definition::{Definition, gather};
use crate::diagnostic::{self, Diagnostic, code};
use crate::files::Files;
use crate::model::Model;
use crate::sema;
use crate::source::{FileId, Sources, Span};

/// What came of a compilation: the model when there was no error, and everything that there is to say, sorted by place.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// Present exactly when `diagnostics` holds no error.
    pub model: Option<Model>,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the data that a definition imports, and resolves it. `diagnostics` are those of the reader of the format; a
/// definition without models is one that could not be read at all. `added` are files of data besides those that the model
/// imports. A model without a name of its own is named after the file `root`.
pub fn resolve(
    definition: &Definition,
    mut diagnostics: Vec<Diagnostic>,
    sources: &mut Sources,
    root: FileId,
    files: &dyn Files,
    added: Vec<AddedFile>,
) -> Compiled {
    let mut model = None;
    if !definition.models.is_empty() {
        let found = data::read_files(definition, sources, files, added, &mut diagnostics);
        let sets = found.sets(definition, sources);
        let name = stem(&sources.file(root).name);
        let is_whole = sets.is_empty() && !diagnostics.iter().any(Diagnostic::is_error);
        let gathered = if is_whole { gather::gather(definition) } else { None };
        let gathered = gathered.map(|gathered| sema::resolve_with_data(&gathered, &sets, name));
        let resolved = match gathered {
            Some(resolved) if resolved.model.is_some() && !resolved.diagnostics.iter().any(gather::speaks_of) => {
                resolved
            }
            // Whatever there is to say is said of the definition as it is.
            gathered => {
                let own = sema::resolve_with_data(definition, &sets, name);
                let gathered = gathered.and_then(|gathered| gathered.model).filter(|_| own.model.is_some());
                sema::Resolved { model: gathered.or(own.model), diagnostics: own.diagnostics }
            }
        };
        model = resolved.model;
        let unread = unreadable_times(definition, &diagnostics);
        diagnostics.extend(resolved.diagnostics.into_iter().filter(|new| new.code != code::MISSING_TIME || !unread));
    }
    if diagnostics.iter().any(Diagnostic::is_error) {
        model = None;
    }
    debug_assert_eq!(sema::faults(model.as_ref()), None, "a resolved model keeps its rules");
    diagnostic::sort(&mut diagnostics);
    Compiled { model, diagnostics }
}

/// Whether an error is within the time specification: a time that could not be read is not missing.
fn unreadable_times(definition: &Definition, diagnostics: &[Diagnostic]) -> bool {
    let Some(specs) = &definition.sim_specs else { return false };
    let is_within =
        |place: Span| specs.span.file == place.file && (specs.span.start..specs.span.end).contains(&place.start);
    diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).filter_map(|error| error.span).any(is_within)
}

/// A file's name without folders and extension.
fn stem(name: &str) -> &str {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    match base.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        Some(_) | None => base,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_file_loses_its_folders_and_extension() {
        assert_eq!(stem("a/b/c.stmx"), "c");
        assert_eq!(stem("c:\\models\\x.y.xmile"), "x.y");
        assert_eq!(stem(".xmile"), ".xmile");
        assert_eq!(stem("-"), "-");
    }
}
