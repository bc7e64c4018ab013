//! The front ends: which reader a text belongs to, and from text to model through that reader.

use simc_model::Compiled;
use simc_model::builtin::RunNumber;
use simc_model::data::{AddedFile, Role};
use simc_model::definition::{Definition, SimSpecs};
use simc_model::diagnostic::Diagnostic;
use simc_model::files::Files;
use simc_model::source::{self, FileId, Sources, Span};

/// Times of a run that take the place of those that the model says, each where it is given.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Times {
    /// First time.
    pub start: Option<f64>,
    /// Last time.
    pub stop: Option<f64>,
    /// The step.
    pub dt: Option<f64>,
    /// The time between saved rows.
    pub save_every: Option<f64>,
}

/// Text to model. `root` is the file to compile; it has been added to `sources`, and the files that it refers to are added
/// after it.
pub fn compile(sources: &mut Sources, root: FileId, files: &dyn Files) -> Compiled {
    compile_with_options(sources, root, files, Vec::new(), Times::default())
}

/// The same with files of data besides those that the model imports, and other times.
pub fn compile_with_options(
    sources: &mut Sources,
    root: FileId,
    files: &dyn Files,
    added: Vec<AddedFile>,
    times: Times,
) -> Compiled {
    let (mut definition, diagnostics, added) = parse_with_options(sources, root, files, added, times);
    change_times(&mut definition, times);
    simc_model::resolve(&definition, diagnostics, sources, root, files, added)
}

/// Text to definition, with all files that it refers to: as much of it as could be read, and what is wrong with the rest.
/// No models mean that nothing could be read.
pub fn parse(sources: &mut Sources, root: FileId, files: &dyn Files) -> (Definition, Vec<Diagnostic>) {
    let (definition, diagnostics, _) = parse_with_data(sources, root, files, Vec::new());
    (definition, diagnostics)
}

/// The same with files of data besides those that the model names. Gives back those that are still to be read when names are resolved.
pub fn parse_with_data(
    sources: &mut Sources,
    root: FileId,
    files: &dyn Files,
    added: Vec<AddedFile>,
) -> (Definition, Vec<Diagnostic>, Vec<AddedFile>) {
    parse_with_options(sources, root, files, added, Times::default())
}

/// The same; other times count wherever the times of the model follow from each other.
fn parse_with_options(
    sources: &mut Sources,
    root: FileId,
    files: &dyn Files,
    added: Vec<AddedFile>,
    times: Times,
) -> (Definition, Vec<Diagnostic>, Vec<AddedFile>) {
    let source = sources.file(root);
    if is_vensim(&source.name, &source.text) {
        let (tree, mut diagnostics) = simc_vensim::parse(sources, root);
        let Times { start, stop, dt, save_every } = times;
        let given = [
            (RunNumber::Start, start),
            (RunNumber::Stop, stop),
            (RunNumber::Dt, dt),
            (RunNumber::SaveInterval, save_every),
        ];
        let given: Vec<(RunNumber, f64)> =
            given.into_iter().filter_map(|(number, time)| Some((number, time?))).collect();
        let translated = simc_vensim::translate(&tree, sources, files, added, &given);
        diagnostics.extend(translated.diagnostics);
        return (translated.definition, diagnostics, translated.added);
    }
    let (definition, mut diagnostics) = simc_xmile::parse(sources, root, files);
    let (added, others): (Vec<_>, Vec<_>) = added.into_iter().partition(|file| file.role == Role::DataSet);
    diagnostics.extend(others.iter().map(refuse));
    (definition, diagnostics, added)
}

/// Puts times in the place of the model's. What is wrong with them is told at the place of those.
fn change_times(definition: &mut Definition, times: Times) {
    if times == Times::default() || definition.models.is_empty() {
        return;
    }
    let specs = definition.sim_specs.get_or_insert_with(|| SimSpecs {
        start: None,
        stop: None,
        dt: None,
        methods: Vec::new(),
        save_interval: None,
        time_units: None,
        span: Span::default(),
    });
    let span = specs.span;
    let Times { start, stop, dt, save_every } = times;
    let changes = [
        (&mut specs.start, start),
        (&mut specs.stop, stop),
        (&mut specs.dt, dt),
        (&mut specs.save_interval, save_every),
    ];
    for (time, change) in changes {
        if let Some(change) = change {
            *time = Some((change, time.map_or(span, |(_, span)| span)));
        }
    }
}

/// What is wrong with a file that only models in Vensim's format can have.
fn refuse(file: &AddedFile) -> Diagnostic {
    match &file.role {
        Role::Tagged(tag) => {
            let message = format!(
                "`--data {tag}={}` gives a file for a tag, which only models in Vensim's format have",
                file.name
            );
            Diagnostic::error_without_place(simc_vensim::code::FILE_TAGS, message)
                .with_hint("give the file as a data set: `--data FILE`")
        }
        Role::Changes | Role::DataSet => {
            let message = format!("`--changes {}` is for models in Vensim's format", file.name);
            Diagnostic::error_without_place(simc_vensim::code::CHANGES, message)
                .with_hint("write `--set NAME=VALUE` for each constant when running the model")
        }
    }
}

/// The text of a model, from the bytes of a file of this name: Vensim's files may be in a code page of their own.
pub fn decode(name: &str, bytes: Vec<u8>) -> Option<String> {
    let looks_like_vensim = || {
        let is_text = !bytes.contains(&0) && !bytes.trim_ascii_start().starts_with(b"<");
        is_text && bytes.contains(&b'~') && bytes.contains(&b'|')
    };
    if has_vensim_name(name) || looks_like_vensim() {
        return Some(simc_vensim::decode(&bytes));
    }
    source::decode(bytes)
}

/// Whether a model is Vensim's: by the name of its file, or because it looks so and not like XML.
fn is_vensim(name: &str, text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let looks_so = text.starts_with("{UTF-8}") || text.contains('|') && text.contains('~');
    !text.starts_with('<') && (looks_so || has_vensim_name(name))
}

/// Whether a text can be taken for a model: by what it begins with, or by its name.
pub fn looks_like_a_model(name: &str, text: &str) -> bool {
    is_vensim(name, text) || text.trim_start_matches('\u{feff}').trim_start().starts_with('<')
}

fn has_vensim_name(name: &str) -> bool {
    name.len() > 4 && name.is_char_boundary(name.len() - 4) && name[name.len() - 4..].eq_ignore_ascii_case(".mdl")
}

#[cfg(test)]
mod tests {
    use super::*;
    use simc_model::diagnostic::one_line;
    use simc_model::files::NoFiles;
    use simc_model::model::Def;

    #[test]
    fn a_vensim_model_is_known_by_its_text_or_its_name() {
        let text = "{UTF-8}\nx = 2 ~~|\nINITIAL TIME = 0 ~~|\nFINAL TIME = 4 ~~|\nTIME STEP = 1 ~~|\nSAVEPER = 2 ~~|\n";
        for (name, text) in [("cup.mdl", text), ("cup.txt", text), ("CUP.MDL", &text[8..])] {
            let mut sources = Sources::new();
            let root = sources.add(name, text);
            let compiled = compile(&mut sources, root, &NoFiles);
            let lines: Vec<_> = compiled.diagnostics.iter().map(|diagnostic| one_line(diagnostic, &sources)).collect();
            assert_eq!(lines, Vec::<String>::new());
            let model = compiled.model.expect("a model");
            assert_eq!((model.time.n_steps, model.time.n_rows), (4, 3));
        }
    }

    #[test]
    fn times_of_vensim_models_change_with_those_of_the_run() {
        let text = "{UTF-8}\nlevel = INTEG(1/TIME STEP, 0) ~~|\nleft = FINAL TIME - Time ~~|\npart = 0.5 ~~|\n\
            INITIAL TIME = 0 ~~|\nFINAL TIME = 4 ~~|\nTIME STEP = part * 2 ~~|\nSAVEPER = 2 * TIME STEP ~~|\n";
        let compiled = |times| {
            let mut sources = Sources::new();
            let root = sources.add("a.mdl", text);
            let compiled = compile_with_options(&mut sources, root, &NoFiles, Vec::new(), times);
            assert_eq!(compiled.diagnostics, Vec::new());
            compiled.model.expect("a model")
        };
        let own = compiled(Times::default());
        assert_eq!((own.time.n_steps, own.time.save_every), (4, 2));
        let given = compiled(Times { start: Some(1.0), stop: Some(3.0), dt: Some(0.25), save_every: None });
        assert_eq!((given.time.n_steps, given.time.save_every, given.time.n_rows), (8, 2, 5));
        for (name, value) in [("INITIAL TIME", 1.0), ("FINAL TIME", 3.0), ("TIME STEP", 0.25), ("SAVEPER", 0.5)] {
            let var = given.vars.iter().find(|var| var.name == name).expect(name);
            let Def::Formula(clauses) = &var.def else { panic!("a host could set {name}") };
            assert_eq!(clauses[0].expr.as_number(), Some(value), "{name}");
        }
    }

    #[test]
    fn bytes_of_vensim_models_are_text_in_any_code_page() {
        assert_eq!(decode("a.mdl", b"caf\xe9 = 1 ~~|".to_vec()).as_deref(), Some("caf\u{e9} = 1 ~~|"));
        assert_eq!(decode("-", b"caf\xe9 = 1 ~~|".to_vec()).as_deref(), Some("caf\u{e9} = 1 ~~|"));
        assert_eq!(decode("a.xmile", vec![0xff]), None);
    }
}
