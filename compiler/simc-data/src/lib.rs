//! Tables of cells from the bytes of CSV files, Excel workbooks and XML spreadsheets.
//!
//! What a file is, its content says, not its name. Nothing here does input or output, and nothing knows what the cells
//! are for: a [`Sheet`] gives them by row and column, or line by line. Files are hostile: sizes are bounded before
//! memory is taken, and whatever is wrong is a [`Fault`] in words that a user can act on.

#[cfg(feature = "workbooks")]
mod archive;
mod bounds;
mod csv;
mod number;
mod place;
mod sheet;
mod spreadsheet;
mod text;
#[cfg(feature = "workbooks")]
mod workbook;
#[cfg(not(feature = "workbooks"))]
#[path = "workbook/absent.rs"]
mod workbook;
mod worksheet;

use std::fmt;

pub use place::{Area, NamedArea, parse_cell, parse_column, parse_row};
pub use sheet::{Cell, Kind, Line, Orientation, Sheet, column_name};

/// What a workbook in Excel's XML format begins with, as every zip archive does.
const ARCHIVE_MAGIC: &[u8] = b"PK\x03\x04";

/// What a workbook of the older format begins with.
const XLS_MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Why there are no cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, to be after the name of the file.
    pub message: String,
    /// The cure.
    pub hint: String,
}

/// Reads the cells of a file. A workbook gives the named worksheet, or its first one; a text has a single sheet, whatever
/// the name is.
///
/// # Errors
/// The file is larger than what is read, is none of the formats, is damaged, or has no such worksheet.
pub fn read(bytes: &[u8], worksheet: Option<&str>) -> Result<Sheet, Fault> {
    if bytes.len() > bounds::MAX_BYTES {
        return Err(bounds::too_many_bytes());
    }
    if bytes.starts_with(ARCHIVE_MAGIC) {
        return workbook::read_xlsx(bytes, worksheet);
    }
    if bytes.starts_with(XLS_MAGIC) {
        return workbook::read_xls(bytes, worksheet);
    }
    let text = text::decode(bytes)?;
    if text.trim_start().starts_with('<') { spreadsheet::read(&text, worksheet) } else { csv::read(&text) }
}

/// Reads the cells of a file as [`read`] does, but of a text with a separator that is known, and with decimals after points.
///
/// # Errors
/// As of [`read`]; or the separator is not in ASCII.
pub fn read_separated(bytes: &[u8], worksheet: Option<&str>, separator: char) -> Result<Sheet, Fault> {
    if is_workbook(bytes) {
        return read(bytes, worksheet);
    }
    if bytes.len() > bounds::MAX_BYTES {
        return Err(bounds::too_many_bytes());
    }
    let is_separator = |separator: &u8| separator.is_ascii() && !matches!(separator, b'"' | b'\r' | b'\n');
    let Some(separator) = u8::try_from(separator).ok().filter(is_separator) else {
        return Err(Fault::new(
            format!("has no cells separated by `{separator}`"),
            "separate its cells by commas or tabs",
        ));
    };
    let text = text::decode(bytes)?;
    if text.trim_start().starts_with('<') {
        return spreadsheet::read(&text, worksheet);
    }
    csv::read_separated(&text, separator)
}

/// Whether bytes begin as a workbook of Excel does, of either generation.
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(ARCHIVE_MAGIC) || bytes.starts_with(XLS_MAGIC)
}

/// The names that a workbook gives to cells. A text has none.
///
/// # Errors
/// The workbook is damaged or too large.
pub fn read_names(bytes: &[u8]) -> Result<Vec<NamedArea>, Fault> {
    if bytes.len() > bounds::MAX_BYTES {
        return Err(bounds::too_many_bytes());
    }
    if is_workbook(bytes) {
        return workbook::read_names(bytes);
    }
    Ok(Vec::new())
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
