//! The same model gives the same bytes: no order of a hash table, no clock, no folder leaks into an artifact. (A model without a name of
//! its own is called as its file is.)

use std::path::Path;

use libtest_mimic::Trial;
use simc_front::files::MemoryFiles;
use tests::subject::{LEVELS, Subject};

use crate::models::models;
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![trial("determinism::two_builds_of_every_model_are_the_same_bytes", builds)]
}

fn builds() -> Result<(), String> {
    let mut texts = vec![tests::generate::chain(3000)];
    for path in models() {
        texts.push(std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?);
    }
    let files = files_beside_models()?;
    for text in &texts {
        for level in LEVELS {
            let first = Subject::from_files("model.xmile", text, &files, level)?;
            let second = Subject::from_files("/somewhere/else/model.xmile", text, &files, level)?;
            if first.wasm != second.wasm {
                let at = first.wasm.iter().zip(&second.wasm).take_while(|(a, b)| a == b).count();
                let name = first.model.name;
                return Err(format!("two builds of {name:?} at {level} differ from byte {at} on"));
            }
        }
    }
    Ok(())
}

/// All files beside the models, as they are seen from either folder.
fn files_beside_models() -> Result<MemoryFiles, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let mut files = MemoryFiles::new();
    for entry in std::fs::read_dir(folder).map_err(|error| error.to_string())? {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.is_file() {
            let name = path.file_name().expect("a file has a name").to_string_lossy();
            let contents = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            files.add(format!("/somewhere/else/{name}"), contents.clone());
            files.add(name, contents);
        }
    }
    Ok(files)
}
