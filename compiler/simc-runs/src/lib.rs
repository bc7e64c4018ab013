//! Runs that simulators have saved: what each variable was at each saved time, and how two runs differ.
//!
//! A file is what its bytes say, not its name: a table (CSV, tab, workbook) with the times down a column or along a row,
//! Vensim's text data (`.dat`), Vensim's binary runs and data sets (`.vdf`, `.vdfx`), or Stella's databases of runs
//! (`.isdb`). Nothing here does input or output. Files are hostile: sizes are bounded before memory is taken, and
//! whatever is wrong is a [`Fault`] in words that a user can act on.

pub mod compare;
mod dat;
mod grid;
mod isdb;
mod sqlite;
mod table;
mod text;
mod vdf;

use std::fmt;
use std::sync::Arc;

/// Why there is no run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, to follow the name of the file.
    pub message: String,
    /// The cure.
    pub hint: String,
}

/// How exactly a file gives its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// About seven digits: what Vensim's `.vdf` holds and its tables print.
    Single,
    /// More than that.
    Double,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// How exact its values are.
    pub precision: Precision,
    /// Its variables, and elements of arrays, in the order of the file; no name occurs twice.
    pub series: Vec<Series>,
}

/// A variable, or an element of an array, over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The name as the file has it, with subscripts in brackets: `Rate[North,Young]`.
    pub name: String,
    /// Times at which there is a value, ascending, in the model's unit of time.
    pub times: Arc<[f64]>,
    /// As many values; one that is missing is NaN.
    pub values: Vec<f64>,
}

/// Whether bytes are a run or a data set of Vensim's own.
pub fn is_run_file(bytes: &[u8]) -> bool {
    vdf::is_vdf(bytes)
}

/// Reads what a simulator has saved. A workbook gives its first worksheet.
///
/// # Errors
/// The bytes are none of the formats, are damaged, or hold more than is read.
pub fn read(bytes: &[u8]) -> Result<Run, Fault> {
    if vdf::is_vdf(bytes) {
        return vdf::read(bytes);
    }
    if bytes.starts_with(sqlite::MARK) {
        return isdb::read(bytes);
    }
    if simc_data::is_workbook(bytes) {
        return table::read(grid::Grid::of_sheet(&simc_data::read(bytes, None)?)?);
    }
    let text = text::decode(bytes)?;
    if dat::is_dat(&text) { dat::read(&text) } else { table::read(grid::Grid::of_text(&text)?) }
}

/// Values of all series of a run together: beyond any run that is compared, and little enough to hold in memory.
const MAX_VALUES: usize = 1 << 26;

fn too_many_values() -> Fault {
    Fault::new(
        format!("holds more than {MAX_VALUES} values"),
        "save fewer variables, or save them less often (SAVEPER)",
    )
}

impl Fault {
    fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into() }
    }
}

impl From<simc_data::Fault> for Fault {
    fn from(fault: simc_data::Fault) -> Self {
        Self { message: fault.message, hint: fault.hint }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

#[cfg(test)]
mod tests;
