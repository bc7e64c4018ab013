//! Tables of cells from the bytes of CSV files and XML spreadsheets.
//!
//! What a file is, its content says, not its name. Nothing here does input or output, and nothing knows what the cells
//! are for: a [`Sheet`] gives them by row and column, or line by line. Files are hostile: sizes are bounded before
//! memory is taken, and whatever is wrong is a [`Fault`] in words that a user can act on.

mod bounds;
mod csv;
mod number;
mod sheet;
mod spreadsheet;
mod text;
mod worksheet;

use std::fmt;

pub use sheet::{Cell, Kind, Line, Orientation, Sheet, column_name};

/// Why there are no cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, to stand behind the name of the file.
    pub message: String,
    /// The cure.
    pub hint: String,
}

/// What the workbooks of spreadsheet programs begin with, newer and older.
const WORKBOOKS: [&[u8]; 2] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"];

/// Reads the cells of a file. A workbook gives the named worksheet, or its first one; a text has a single sheet, whatever
/// the name is.
///
/// # Errors
/// The file is larger than what is read, is none of the formats, is damaged, or has no such worksheet.
pub fn read(bytes: &[u8], worksheet: Option<&str>) -> Result<Sheet, Fault> {
    if bytes.len() > bounds::MAX_BYTES {
        return Err(bounds::too_many_bytes());
    }
    if WORKBOOKS.iter().any(|magic| bytes.starts_with(magic)) {
        return Err(Fault::new(
            "is a binary workbook, which is not read",
            "save the worksheet as CSV in UTF-8, or the workbook as an XML Spreadsheet 2003",
        ));
    }
    let text = text::decode(bytes)?;
    if text.trim_start().starts_with('<') { spreadsheet::read(&text, worksheet) } else { csv::read(&text) }
}

impl Fault {
    fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into() }
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
