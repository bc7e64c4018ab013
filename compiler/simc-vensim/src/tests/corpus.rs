//! Models that Vensim has saved are read without an error. They lie outside of the project: the
//! environment variable SIMC_SHARED names the folder that has `corpus` and `cases`.

use std::path::{Path, PathBuf};

use crate::decode;
use crate::neutral::diagnostic::one_line;
use crate::neutral::{Diagnostic, Sources};

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
        assert!(!tree.definitions.is_empty(), "{}", path.display());
        faults.extend(diagnostics.iter().filter(|it| Diagnostic::is_error(it)).map(|it| one_line(it, &sources)));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
