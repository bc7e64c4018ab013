//! The front end as one call.

use crate::assemble;
use crate::ast;
use crate::data::{self, AddedFile};
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

/// Text to model. `root` is the file to compile; it has been added to `sources`, and the files that it refers to are added
/// behind it.
pub fn compile(sources: &mut Sources, root: FileId, files: &dyn Files) -> Compiled {
    compile_with_data(sources, root, files, Vec::new())
}

/// The same with files of data besides those that the model imports.
pub fn compile_with_data(sources: &mut Sources, root: FileId, files: &dyn Files, added: Vec<AddedFile>) -> Compiled {
    let (file, mut diagnostics) = parse(sources, root, files);
    let mut model = None;
    if !file.models.is_empty() {
        let plan = data::read_files(&file, sources, files, added, &mut diagnostics);
        let resolved = sema::resolve_with_data(&file, &plan.sets(&file, sources), stem(&sources.file(root).name));
        model = resolved.model;
        let unread = unreadable_times(&file, &diagnostics);
        diagnostics.extend(resolved.diagnostics.into_iter().filter(|new| new.code != code::MISSING_TIME || !unread));
    }
    if diagnostics.iter().any(Diagnostic::is_error) {
        model = None;
    }
    diagnostic::sort(&mut diagnostics);
    Compiled { model, diagnostics }
}

/// Text to ast, with all files that it refers to: as much of it as could be read, and what is wrong with the rest. No models
/// mean that nothing could be read.
pub fn parse(sources: &mut Sources, root: FileId, files: &dyn Files) -> (ast::File, Vec<Diagnostic>) {
    let text = sources.file(root).text.as_str();
    if is_vensim(text) {
        let place = Span::new(root, 0, 0);
        let error = Diagnostic::error(code::FORMATS, place, "Vensim models are not supported yet")
            .with_hint("export the model as XMILE, for example with xmutil");
        return (ast::File::default(), vec![error]);
    }
    assemble::parse_all(sources, root, files)
}

/// Whether a text looks like a Vensim model and not like XML.
fn is_vensim(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    !text.starts_with('<') && (text.starts_with("{UTF-8}") || text.contains('|') && text.contains('~'))
}

/// Whether an error stands within the time specification: a time that could not be read is not missing.
fn unreadable_times(file: &ast::File, diagnostics: &[Diagnostic]) -> bool {
    let Some(specs) = &file.sim_specs else { return false };
    let is_within =
        |place: Span| specs.span.file == place.file && (specs.span.start..specs.span.end).contains(&place.start);
    diagnostics.iter().filter_map(|diagnostic| diagnostic.span).any(is_within)
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
    use crate::diagnostic::one_line;
    use crate::files::NoFiles;

    fn compile_text(text: &str) -> (Compiled, Vec<String>) {
        let mut sources = Sources::new();
        let root = sources.add("models/tea cup.v2.xmile", text);
        let compiled = compile(&mut sources, root, &NoFiles);
        let lines = compiled.diagnostics.iter().map(|diagnostic| one_line(diagnostic, &sources)).collect();
        (compiled, lines)
    }

    fn xmile(specs: &str, variables: &str) -> String {
        format!(
            "<xmile version=\"1.0\" xmlns=\"http://docs.oasis-open.org/xmile/ns/XMILE/v1.0\">\n<header/>\n{specs}\n\
             <model><variables>\n{variables}\n</variables></model>\n</xmile>\n"
        )
    }

    const SPECS: &str = "<sim_specs><start>0</start><stop>10</stop><dt>0.5</dt></sim_specs>";

    #[test]
    fn compiles_text_to_a_model_named_after_its_file() {
        let text = xmile(
            SPECS,
            "<stock name=\"s\"><eqn>1</eqn><inflow>f</inflow></stock><flow name=\"f\"><eqn>s/2</eqn></flow>",
        );
        let (compiled, lines) = compile_text(&text);
        assert_eq!(lines, Vec::<String>::new());
        let model = compiled.model.expect("a model");
        assert_eq!((model.name.as_str(), model.vars.len(), model.time.n_steps), ("tea cup.v2", 2, 20));
    }

    #[test]
    fn reports_what_both_stages_find_in_the_order_of_the_file() {
        let text = xmile(
            SPECS,
            "<aux name=\"a\"><eqn>nothing</eqn></aux>\n<aux name=\"b\"><eqn>1 +</eqn></aux>\n<aux name=\"c\"><eqn>a + b</eqn></aux>",
        );
        let (compiled, lines) = compile_text(&text);
        assert!(compiled.model.is_none());
        assert_eq!(lines.len(), 2, "{lines:#?}");
        assert!(lines[0].contains(":5:20: error[E0201]") && lines[1].contains(":6:"), "{lines:#?}");
    }

    #[test]
    fn a_time_that_cannot_be_read_is_not_missing_as_well() {
        let (_, lines) = compile_text(&xmile("<sim_specs><start>x</start><stop>10</stop></sim_specs>", ""));
        assert_eq!(lines.len(), 1, "{lines:#?}");
        assert!(lines[0].contains("E0108"));
    }

    #[test]
    fn a_file_without_times_is_refused() {
        let (_, lines) = compile_text(&xmile("", "<aux name=\"a\"><eqn>1</eqn></aux>"));
        assert_eq!(lines, ["error[E0501]: the file has no `<sim_specs>`"]);
    }

    #[test]
    fn vensim_models_are_refused_by_name() {
        for text in ["{UTF-8}\na = 1 ~~|", "\u{feff}{UTF-8} a=1", "a = 1\n\t~\tWidget\n\t~\t|\n"] {
            let (compiled, lines) = compile_text(text);
            assert!(compiled.model.is_none());
            assert_eq!(lines, ["models/tea cup.v2.xmile:1:1: error[E0922]: Vensim models are not supported yet"]);
        }
    }

    #[test]
    fn what_is_no_model_at_all_is_refused_once() {
        for text in ["", "plain text", "<html/>", "<xmile>", "\0\0"] {
            let (compiled, lines) = compile_text(text);
            assert!(compiled.model.is_none());
            assert_eq!(lines.len(), 1, "{text:?}: {lines:#?}");
        }
    }

    #[test]
    fn a_name_of_a_file_loses_its_folders_and_extension() {
        assert_eq!(stem("a/b/c.stmx"), "c");
        assert_eq!(stem("c:\\models\\x.y.xmile"), "x.y");
        assert_eq!(stem(".xmile"), ".xmile");
        assert_eq!(stem("-"), "-");
    }
}
