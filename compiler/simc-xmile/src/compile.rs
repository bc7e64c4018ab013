//! Text in XMILE to a resolved model, as one call.

use simc_model::Compiled;
use simc_model::definition::Definition;
use simc_model::diagnostic::Diagnostic;
use simc_model::files::Files;
use simc_model::source::{FileId, Sources};

use crate::assemble;

/// Text to model. `root` is the file to compile; it has been added to `sources`, and the files that it refers to are added
/// after it.
pub fn compile(sources: &mut Sources, root: FileId, files: &dyn Files) -> Compiled {
    let (definition, diagnostics) = parse(sources, root, files);
    simc_model::resolve(&definition, diagnostics, sources, root, files, Vec::new())
}

/// Text to definition, with all files that it refers to: as much of it as could be read, and what is wrong with the rest.
/// No models mean that nothing could be read.
pub fn parse(sources: &mut Sources, root: FileId, files: &dyn Files) -> (Definition, Vec<Diagnostic>) {
    assemble::parse_all(sources, root, files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use simc_model::diagnostic::one_line;
    use simc_model::files::NoFiles;

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
    fn what_is_no_model_at_all_is_refused_once() {
        for text in ["", "plain text", "<html/>", "<xmile>", "\0\0"] {
            let (compiled, lines) = compile_text(text);
            assert!(compiled.model.is_none());
            assert_eq!(lines.len(), 1, "{text:?}: {lines:#?}");
        }
    }
}
