//! The same model gives the same bytes: no order of a hash table, no clock, no folder leaks into an artifact. (A model without a name of
//! its own is called as its file is.)

use std::path::Path;

use libtest_mimic::Trial;
use simc_model::files::{FileError, Files, MemoryFiles};
use tests::subject::{LEVELS, Subject};

use crate::models::models;
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![trial("determinism::two_builds_of_every_model_are_the_same_bytes", builds)]
}

fn builds() -> Result<(), String> {
    let mut texts = vec![(tests::generate::chain(3000), MemoryFiles::new())];
    for path in models() {
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        texts.push((text, files_beside(&path)?));
    }
    for (text, files) in &texts {
        for level in LEVELS {
            let first = Subject::from_files("model.xmile", text, files, level)?;
            let second = Subject::from_files("somewhere/else/model.xmile", text, &Moved(files), level)?;
            if first.wasm != second.wasm {
                let at = first.wasm.iter().zip(&second.wasm).take_while(|(a, b)| a == b).count();
                let name = first.model.name;
                return Err(format!("two builds of {name:?} at {level} differ from byte {at} on"));
            }
        }
    }
    Ok(())
}

/// The files in the folder that has a model's name, alone or with `_Modules` after it, as seen from the model.
fn files_beside(model: &Path) -> Result<MemoryFiles, String> {
    let mut files = MemoryFiles::new();
    let stem = model.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let mut pending = vec![model.with_extension(""), model.with_file_name(format!("{stem}_Modules"))];
    pending.retain(|folder| folder.is_dir());
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(&folder).map_err(|error| error.to_string())? {
            let path = entry.map_err(|error| error.to_string())?.path();
            if path.is_dir() {
                pending.push(path);
            } else {
                let name = path.strip_prefix(model.parent().unwrap_or(model)).map_err(|error| error.to_string())?;
                let contents = std::fs::read(&path).map_err(|error| error.to_string())?;
                files.add(name.to_string_lossy().replace('\\', "/"), contents);
            }
        }
    }
    Ok(files)
}

/// The same files in another place.
struct Moved<'f>(&'f MemoryFiles);

/// Where that place is.
const MOVED: &str = "somewhere/else/";

impl Files for Moved<'_> {
    fn find(&self, from: &str, resource: &str) -> Result<Vec<String>, FileError> {
        let found = self.0.find(from.strip_prefix(MOVED).unwrap_or(from), resource)?;
        Ok(found.into_iter().map(|name| format!("{MOVED}{name}")).collect())
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, FileError> {
        self.0.read(name.strip_prefix(MOVED).unwrap_or(name))
    }
}
