//! The front ends: which reader a text belongs to, and from text to model through that reader.

use simc_model::Compiled;
use simc_model::data::AddedFile;
use simc_model::definition::Definition;
use simc_model::diagnostic::{Diagnostic, code};
use simc_model::files::Files;
use simc_model::source::{FileId, Sources, Span};

/// Text to model. `root` is the file to compile; it has been added to `sources`, and the files that it refers to are added
/// after it.
pub fn compile(sources: &mut Sources, root: FileId, files: &dyn Files) -> Compiled {
    compile_with_data(sources, root, files, Vec::new())
}

/// The same with files of data besides those that the model imports.
pub fn compile_with_data(sources: &mut Sources, root: FileId, files: &dyn Files, added: Vec<AddedFile>) -> Compiled {
    let (definition, diagnostics) = parse(sources, root, files);
    simc_model::resolve(&definition, diagnostics, sources, root, files, added)
}

/// Text to definition, with all files that it refers to: as much of it as could be read, and what is wrong with the rest.
/// No models mean that nothing could be read.
pub fn parse(sources: &mut Sources, root: FileId, files: &dyn Files) -> (Definition, Vec<Diagnostic>) {
    if is_vensim(&sources.file(root).text) {
        let place = Span::new(root, 0, 0);
        let error = Diagnostic::error(code::FORMATS, place, "Vensim models are not supported yet")
            .with_hint("export the model as XMILE, for example with xmutil");
        return (Definition::default(), vec![error]);
    }
    simc_xmile::parse(sources, root, files)
}

/// Whether a text looks like a Vensim model and not like XML.
fn is_vensim(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    !text.starts_with('<') && (text.starts_with("{UTF-8}") || text.contains('|') && text.contains('~'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use simc_model::diagnostic::one_line;
    use simc_model::files::NoFiles;

    #[test]
    fn vensim_models_are_refused_by_name() {
        for text in ["{UTF-8}\na = 1 ~~|", "\u{feff}{UTF-8} a=1", "a = 1\n\t~\tWidget\n\t~\t|\n"] {
            let mut sources = Sources::new();
            let root = sources.add("cup.mdl", text);
            let compiled = compile(&mut sources, root, &NoFiles);
            let lines: Vec<_> = compiled.diagnostics.iter().map(|diagnostic| one_line(diagnostic, &sources)).collect();
            assert!(compiled.model.is_none());
            assert_eq!(lines, ["cup.mdl:1:1: error[E0922]: Vensim models are not supported yet"]);
        }
    }
}
