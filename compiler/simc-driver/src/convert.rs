//! A model in another format: read, printed, and read back before it counts.

use simc_model::data::AddedFile;
use simc_model::definition::over_time;
use simc_model::diagnostic::{Diagnostic, code, one_line};
use simc_model::files::{Files, NoFiles};
use simc_model::source::{FileId, Sources};

use crate::driver::Failure;
use crate::front;

/// A format that models are printed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// XMILE.
    Xmile,
    /// Vensim's `.mdl`.
    Mdl,
}

impl Format {
    /// The format of a file by the end of its name.
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "xmile" | "stmx" | "itmx" | "xml" => Some(Format::Xmile),
            "mdl" => Some(Format::Mdl),
            _ => None,
        }
    }

    /// A name for a file in this format.
    fn file_name(self) -> &'static str {
        match self {
            Format::Xmile => "converted.xmile",
            Format::Mdl => "converted.mdl",
        }
    }
}

/// A converted model.
#[derive(Clone, Debug)]
pub struct Converted {
    /// The text of its file.
    pub text: String,
    /// What should be said although nothing stood in the way.
    pub warnings: Vec<Diagnostic>,
}

/// Converts the model in a file. The files that it refers to are added to `sources`; what they say
/// becomes a part of the result.
///
/// # Errors
/// The errors of the model, else everything that the format cannot say.
pub fn convert(
    sources: &mut Sources,
    root: FileId,
    files: &dyn Files,
    data: Vec<AddedFile>,
    format: Format,
) -> Result<Converted, Failure> {
    let (definition, diagnostics, added) = front::parse_with_data(sources, root, files, data);
    if let Some(file) = added.first() {
        let message = format!("values from `{}` take the places of equations, which no model holds", file.name);
        let error = Diagnostic::error_without_place(code::CONVERT_DATA, message);
        return Err(Failure { diagnostics: vec![error.with_hint("convert the model without them")] });
    }
    let compiled = simc_model::resolve(&definition, diagnostics, sources, root, files, added);
    if compiled.model.is_none() || compiled.diagnostics.iter().any(Diagnostic::is_error) {
        return Err(Failure { diagnostics: compiled.diagnostics });
    }
    let written = over_time::as_tables(&definition);
    let written = written.as_ref().unwrap_or(&definition);
    let (text, said) = match format {
        Format::Xmile => simc_xmile::print(written),
        Format::Mdl => simc_vensim::print(written),
    };
    // Units that do not agree do so in either language.
    let of_model = compiled.diagnostics.into_iter().filter(|warning| !warning.code.is_about_units());
    let mut warnings: Vec<Diagnostic> = of_model.chain(said).collect();
    simc_model::diagnostic::sort(&mut warnings);
    if warnings.iter().any(Diagnostic::is_error) {
        return Err(Failure { diagnostics: warnings });
    }
    let faults = read_back(&text, format);
    if faults.is_empty() { Ok(Converted { text, warnings }) } else { Err(Failure { diagnostics: faults }) }
}

/// What is wrong with a text that has been printed.
fn read_back(text: &str, format: Format) -> Vec<Diagnostic> {
    let mut sources = Sources::new();
    let root = sources.add(format.file_name(), text);
    let compiled = front::compile(&mut sources, root, &NoFiles);
    let errors = compiled.diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
    let faults = errors.map(|error| {
        let message = format!("the converted model is not accepted: {}", one_line(error, &sources));
        let fault = Diagnostic::error_without_place(code::CONVERT_RESULT, message);
        let variable = error.variable.clone().unwrap_or_default();
        fault.with_hint("the model says this in a way that the other language does not take").with_variable(variable)
    });
    faults.collect()
}
