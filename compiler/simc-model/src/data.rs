//! Data sets: tables that give variables values. A model imports them, or whoever compiles it adds them.

use crate::definition::{Definition, ImportDef};
use crate::diagnostic::{Diagnostic, code};
use crate::files::{self, Files};
use crate::source::{Sources, Span};

pub use simc_data::Orientation;

/// How many data sets there may be.
const MAX_SETS: usize = 1024;

/// Bytes of all files of data together.
const MAX_BYTES: usize = 256 << 20;

/// What a file is for that whoever compiles a model adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// A data set, whose values run down its columns.
    DataSet,
    /// The file that functions of the model know by this tag, which begins with a question mark.
    Tagged(String),
    /// Other numbers for constants, and other points for lookups, in Vensim's format for changes.
    Changes,
}

/// A file that whoever compiles a model adds to what the model imports.
#[derive(Clone, Debug)]
pub struct AddedFile {
    /// What it is for.
    pub role: Role,
    /// The name shown to the user.
    pub name: String,
    /// The whole contents.
    pub bytes: Vec<u8>,
}

/// A table and how it is to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DataSet<'a> {
    /// The name of the file.
    pub(crate) name: &'a str,
    /// Its contents.
    pub(crate) bytes: &'a [u8],
    /// The worksheet; the first one when absent.
    pub(crate) worksheet: Option<&'a str>,
    /// Which way values run.
    pub(crate) orientation: Orientation,
    /// Whether values belong to times; its first heading says so when absent.
    pub(crate) is_series: Option<bool>,
    /// Whether it replaces numbers and points alone, and no other equation.
    pub(crate) is_direct: bool,
    /// Where the model imports it; absent for a file that was added.
    pub(crate) place: Option<Span>,
    /// The whole-model whose variables its names mean.
    pub(crate) whole: u32,
}

/// The data of a model: where each import has its file among the files of data, then the files that were added.
#[derive(Clone, Debug, Default)]
pub(crate) struct DataFiles {
    imports: Vec<(usize, usize)>,
    added: Vec<usize>,
}

/// Reads the files that a model imports and adds them to the sources, then those that were added.
pub(crate) fn read_files(
    file: &Definition,
    sources: &mut Sources,
    files: &dyn Files,
    added: Vec<AddedFile>,
    diagnostics: &mut Vec<Diagnostic>,
) -> DataFiles {
    let mut found_files = DataFiles::default();
    for (position, import) in file.imports.iter().enumerate() {
        match read_import(import, found_files.imports.len(), sources, files) {
            Ok(found) => found_files.imports.extend(found.into_iter().map(|index| (position, index))),
            Err(error) => diagnostics.push(*error),
        }
    }
    for import in file.idle_imports.iter().take(MAX_SETS) {
        let from = sources.file(import.span.file).name.clone();
        // Nothing is read, so that it may as well be missing.
        for name in files::find(files, &from, &import.text, import.span).unwrap_or_default() {
            sources.add_unread(name);
        }
    }
    for AddedFile { name, bytes, .. } in added {
        found_files.added.push(sources.data().len());
        sources.add_data(name, bytes);
    }
    found_files
}

/// The positions of an import's files among the files of data.
fn read_import(
    import: &ImportDef,
    n_before: usize,
    sources: &mut Sources,
    files: &dyn Files,
) -> Result<Vec<usize>, Box<Diagnostic>> {
    let place = import.resource.span;
    let from = sources.file(place.file).name.clone();
    let names = files::find(files, &from, &import.resource.text, place)?;
    let mut found = Vec::with_capacity(names.len());
    for name in names {
        let known = sources.data().iter().position(|file| file.name == name);
        if known.is_none() {
            let bytes = files::read(files, &name, place)?;
            let n_bytes: usize = sources.data().iter().map(|file| file.bytes.len()).sum();
            if n_bytes.saturating_add(bytes.len()) > MAX_BYTES {
                let message = format!("the files of data are together larger than {} MiB", MAX_BYTES >> 20);
                return Err(Box::new(Diagnostic::error(code::DATA_FILE, place, message)));
            }
            sources.add_data(name, bytes);
        }
        found.push(known.unwrap_or(sources.data().len() - 1));
        if n_before + found.len() > MAX_SETS {
            let message = format!("more than {MAX_SETS} files of data are imported");
            return Err(Box::new(Diagnostic::error(code::DATA_FILE, place, message)));
        }
    }
    Ok(found)
}

impl DataFiles {
    /// The data sets in the order in which they take effect: of two that give the same value, the later one holds.
    pub(crate) fn sets<'a>(&self, file: &'a Definition, sources: &'a Sources) -> Vec<DataSet<'a>> {
        let data = sources.data();
        let imported = self.imports.iter().map(|&(position, index)| {
            let import = &file.imports[position];
            DataSet {
                name: &data[index].name,
                bytes: &data[index].bytes,
                worksheet: import.worksheet.as_deref(),
                orientation: import.orientation,
                is_series: import.is_series,
                is_direct: import.is_direct,
                place: Some(import.resource.span),
                whole: import.whole,
            }
        });
        let added = self.added.iter().map(|&index| DataSet {
            name: &data[index].name,
            bytes: &data[index].bytes,
            worksheet: None,
            orientation: Orientation::Vertical,
            is_series: None,
            is_direct: false,
            place: None,
            whole: 0,
        });
        imported.chain(added).collect()
    }
}

#[cfg(test)]
mod tests;
