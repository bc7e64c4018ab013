//! Models that Vensim has saved are read without an error. They lie outside of the project: the
//! environment variable SIMC_SHARED names the folder that has `corpus` and `cases`.

use std::path::{Path, PathBuf};

use crate::decode;
use crate::neutral::diagnostic::one_line;
use crate::neutral::{Diagnostic, Sources};
use simc_model::data::{AddedFile, Role};
use simc_model::files::MemoryFiles;

fn models(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            models(&path, found);
        } else if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("mdl")) {
            found.push(path);
        }
    }
}

#[test]
fn every_model_is_read_without_an_error() {
    let Some(shared) = std::env::var_os("SIMC_SHARED") else { return };
    let mut paths = Vec::new();
    for folder in ["corpus", "cases"] {
        models(&Path::new(&shared).join(folder), &mut paths);
    }
    paths.sort();
    assert!(!paths.is_empty(), "there are models");
    let mut faults = Vec::new();
    for path in paths {
        let mut sources = Sources::new();
        let bytes = std::fs::read(&path).expect("the model can be read");
        let file = sources.add(path.display().to_string(), decode(&bytes));
        let (tree, diagnostics) = crate::parse(&sources, file);
        assert!(!tree.entries.is_empty(), "{}", path.display());
        faults.extend(diagnostics.iter().filter(|it| Diagnostic::is_error(it)).map(|it| one_line(it, &sources)));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A run of Vensim's beside a table of the same run: both ways of reading it give what the table has, in single precision.
#[test]
fn saved_runs_are_data() {
    let Some(shared) = std::env::var_os("SIMC_SHARED") else { return };
    let folder = Path::new(&shared).join("corpus/vdf/pop");
    let run = std::fs::read(folder.join("pop.vdf")).expect("the run can be read");
    let table = std::fs::read_to_string(folder.join("pop.csv")).expect("the table can be read");
    let mut lines = table.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let column = lines.next().expect("titles").iter().position(|&title| title == "births").expect("births");
    let expected: Vec<f64> = lines.map(|cells| cells[column].parse().expect("a number")).collect();
    let mut files = MemoryFiles::default();
    files.add("pop.vdf", run.clone());
    let mut sources = Sources::new();
    let text = "births ~~|\nagain := GET VDF DATA('pop.vdf', 'Births', 0, 1) ~~|\nINITIAL TIME = 0 ~~|\n\
        FINAL TIME = 1 ~~|\nTIME STEP = 1 ~~|\nSAVEPER = 1 ~~|\n";
    let root = sources.add("m.mdl", text);
    let (tree, _) = crate::parse(&sources, root);
    let added = AddedFile { role: Role::DataSet, name: "pop.vdf".to_owned(), bytes: run };
    let translated = crate::translate(&tree, &mut sources, &files, vec![added], &[]);
    let faults: Vec<String> = translated.diagnostics.iter().map(|it| one_line(it, &sources)).collect();
    assert_eq!(faults, Vec::<String>::new());
    for name in ["births", "again"] {
        let vars = &translated.definition.models[0].vars;
        let var = vars.iter().find(|var| var.name.text == name).expect("a variable");
        let values = &var.table.as_ref().expect("points").ys;
        assert_eq!(values.len(), expected.len());
        let is_near = |(value, expected): (&f64, &f64)| (value - expected).abs() <= 1e-6 * expected.abs();
        assert!(values.iter().zip(&expected).all(is_near), "{name}");
    }
}
