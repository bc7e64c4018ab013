//! Files that functions of the model read: found once, their worksheets read once.

use std::collections::HashMap;
use std::rc::Rc;

use crate::translate::saved_run::RunFile;
use simc_data::{Fault, NamedArea, Sheet};
use simc_model::data::{AddedFile, Role};
use simc_model::diagnostic::{Diagnostic, code as shared};
use simc_model::files::{self, Files};
use simc_model::name::Key;
use simc_model::source::{Sources, Span};

use crate::ast;
use crate::code;

/// Bytes of all files together.
const MAX_BYTES: usize = 256 << 20;

/// Cells of all worksheets together.
const MAX_CELLS: usize = 1 << 23;

/// An argument that is a text.
#[derive(Clone, Debug)]
pub(super) struct Argument {
    /// The text, without blanks around it.
    pub(super) text: String,
    /// Where.
    pub(super) span: Span,
}

/// A worksheet, and the file that it is in by its position among the files of data.
pub(super) struct Found {
    /// The cells.
    pub(super) sheet: Rc<Sheet>,
    /// The name of the file, for messages.
    pub(super) name: String,
    file: usize,
}

/// All files that have been asked for.
pub(super) struct Tables<'a> {
    files: &'a dyn Files,
    pub(super) sources: &'a mut Sources,
    /// The files of tags that were given from outside, by their positions among the files of data.
    tags: HashMap<Key, usize>,
    /// The files of tags by the settings of the model.
    aliases: HashMap<Key, String>,
    sheets: HashMap<(usize, String), Result<Rc<Sheet>, Fault>>,
    runs: HashMap<usize, Result<Rc<RunFile>, String>>,
    names: HashMap<usize, Result<Rc<Vec<NamedArea>>, Fault>>,
    n_cells: usize,
}

impl<'a> Tables<'a> {
    /// None yet. Files with tags are taken from those that were added.
    pub(super) fn new(
        settings: &ast::Settings,
        sources: &'a mut Sources,
        files: &'a dyn Files,
        added: &mut Vec<AddedFile>,
    ) -> Self {
        let mut tags = HashMap::new();
        for file in std::mem::take(added) {
            if let Role::Tagged(tag) = &file.role {
                tags.insert(Key::new(tag.trim()), sources.data().len());
                sources.add_data(file.name, file.bytes);
            } else {
                added.push(file);
            }
        }
        let aliases = settings.file_aliases.iter();
        let aliases =
            aliases.map(|alias| (Key::new(alias.tag.text.trim()), alias.path.text.trim().to_owned())).collect();
        Self {
            files,
            sources,
            tags,
            aliases,
            sheets: HashMap::new(),
            runs: HashMap::new(),
            names: HashMap::new(),
            n_cells: 0,
        }
    }

    /// The worksheet that a function names; of a text the second argument is the separator.
    pub(super) fn sheet(&mut self, file: &Argument, tab: &Argument) -> Result<Found, Box<Diagnostic>> {
        let at = self.find(file)?;
        let data = &self.sources.data()[at];
        let name = data.name.clone();
        let known = self.sheets.get(&(at, tab.text.clone())).cloned();
        let read = known.unwrap_or_else(|| {
            let worksheet = Some(tab.text.as_str()).filter(|tab| !tab.is_empty());
            let read = simc_data::read_separated(&data.bytes, worksheet, separator(&data.name, &tab.text)).map(Rc::new);
            self.n_cells += read.as_ref().map_or(0, |sheet| sheet.n_cells());
            self.sheets.insert((at, tab.text.clone()), read.clone());
            read
        });
        if self.n_cells > MAX_CELLS {
            let message = format!("the worksheets that the model reads have more than {MAX_CELLS} cells together");
            return Err(Box::new(Diagnostic::error(shared::DATA_FILE, file.span, message)));
        }
        match read {
            Ok(sheet) => Ok(Found { sheet, name, file: at }),
            Err(fault) => Err(unreadable(&name, &fault, file.span)),
        }
    }

    /// The run that a function names.
    pub(super) fn run(&mut self, file: &Argument) -> Result<Rc<RunFile>, Box<Diagnostic>> {
        let at = self.find(file)?;
        let data = &self.sources.data()[at];
        let read = self.runs.entry(at).or_insert_with(|| {
            let run = simc_runs::read(&data.bytes);
            run.map(|run| Rc::new(RunFile::new(run))).map_err(|fault| format!("{}; {}", fault.message, fault.hint))
        });
        read.clone().map_err(|fault| {
            let message = format!("`{}` {fault}", data.name);
            Box::new(Diagnostic::error(shared::DATA_FILE, file.span, message))
        })
    }

    /// The cells that a workbook gives a name to, in the worksheet at hand.
    ///
    /// # Errors
    /// The workbook is at fault, or the name is that of cells in another worksheet.
    pub(super) fn named(
        &mut self,
        found: &Found,
        name: &Argument,
        (file, tab): (&Argument, &Argument),
    ) -> Result<Option<NamedArea>, Box<Diagnostic>> {
        let bytes = &self.sources.data()[found.file].bytes;
        let names = self.names.entry(found.file).or_insert_with(|| simc_data::read_names(bytes).map(Rc::new));
        let names = names.as_ref().map_err(|fault| unreadable(&found.name, fault, name.span))?;
        let fitting: Vec<NamedArea> =
            names.iter().filter(|area| Key::new(&area.name) == Key::new(&name.text)).cloned().collect();
        let Some(any) = fitting.first().cloned() else { return Ok(None) };
        for area in fitting {
            let is_here = if tab.text.is_empty() {
                // The first worksheet, whose name nobody has said.
                let worksheet = Argument { text: area.worksheet.clone(), span: tab.span };
                self.sheet(file, &worksheet)?.sheet == found.sheet
            } else {
                area.worksheet.to_lowercase() == tab.text.to_lowercase()
            };
            if is_here {
                return Ok(Some(area));
            }
        }
        let message = format!(
            "`{}` is a name of cells in worksheet `{}` of `{}`, which is not the one that is read",
            name.text, any.worksheet, found.name
        );
        let error = Diagnostic::error(code::EXTERNAL, name.span, message);
        Err(Box::new(error.with_hint(format!("name that worksheet: '{}'", any.worksheet))))
    }

    /// The position of a file among the files of data.
    fn find(&mut self, file: &Argument) -> Result<usize, Box<Diagnostic>> {
        let mut path = file.text.clone();
        if path.starts_with('?') {
            let key = Key::new(&path);
            if let Some(&at) = self.tags.get(&key) {
                return Ok(at);
            }
            path = self.aliases.get(&key).cloned().ok_or_else(|| {
                let message = format!("no file is given for the tag `{}`", file.text);
                let error = Diagnostic::error(shared::DATA_FILE, file.span, message);
                Box::new(error.with_hint(format!("give one: `--data {}=FILE`", file.text)))
            })?;
        }
        if files::is_pattern(&path) {
            let message = format!("`{path}` is no name of a file");
            return Err(Box::new(Diagnostic::error(code::EXTERNAL, file.span, message)));
        }
        let from = self.sources.file(file.span.file).name.clone();
        let names = files::find(self.files, &from, &path, file.span)?;
        let Some(name) = names.into_iter().next() else {
            let message = format!("there is no file `{path}`");
            return Err(Box::new(Diagnostic::error(shared::DATA_FILE, file.span, message)));
        };
        if let Some(known) = self.sources.data().iter().position(|known| known.name == name) {
            return Ok(known);
        }
        let bytes = files::read(self.files, &name, file.span)?;
        let n_bytes: usize = self.sources.data().iter().map(|file| file.bytes.len()).sum();
        if n_bytes.saturating_add(bytes.len()) > MAX_BYTES {
            let message = format!("the files of data are together larger than {} MiB", MAX_BYTES >> 20);
            return Err(Box::new(Diagnostic::error(shared::DATA_FILE, file.span, message)));
        }
        self.sources.add_data(name, bytes);
        Ok(self.sources.data().len() - 1)
    }
}

/// The separator of a text: what the function says if it says one, else that of the file's kind.
fn separator(name: &str, tab: &str) -> char {
    let mut letters = tab.chars();
    match (letters.next(), letters.next()) {
        (Some(separator), None) if !separator.is_alphanumeric() => separator,
        _ if tab == "\\t" => '\t',
        _ if name.to_lowercase().ends_with(".csv") => ',',
        _ => '\t',
    }
}

fn unreadable(name: &str, fault: &Fault, span: Span) -> Box<Diagnostic> {
    let message = format!("`{name}` {}", fault.message);
    Box::new(Diagnostic::error(shared::DATA_FILE, span, message).with_hint(fault.hint.clone()))
}

#[cfg(test)]
mod tests {
    use super::separator;

    #[test]
    fn texts_have_the_separator_that_is_written_or_that_of_their_kind() {
        assert_eq!((separator("a.csv", ","), separator("a.csv", "\t"), separator("a.txt", ";")), (',', '\t', ';'));
        assert_eq!((separator("a.CSV", ""), separator("a.tab", ""), separator("a.csv", "\\t")), (',', '\t', '\t'));
        assert_eq!((separator("a.csv", "Sheet1"), separator("a.csv", "1")), (',', ','));
    }
}
