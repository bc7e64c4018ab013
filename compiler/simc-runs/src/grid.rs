//! The cells of a table, row by row.

use simc_data::Sheet;

use crate::text::{number, significant_digits};
use crate::{Fault, Precision};

/// Cells of a table, empty ones within rows included: beyond any run that is compared, and little enough to hold in memory.
const MAX_CELLS: usize = 1 << 24;

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    /// Nothing, or an error value, a date or a formula without its result.
    Empty,
    /// A number, or a word for a missing one: NaN.
    Number(f64),
    /// Anything else.
    Text(Box<str>),
}

/// Rows of cells, as long as each of them is.
pub(crate) struct Grid {
    /// The cells, row by row.
    pub(crate) rows: Vec<Vec<Cell>>,
    /// The greatest number of significant digits of a number; of a workbook as many as a double has.
    pub(crate) digits: usize,
}

impl Grid {
    /// The cells of a text, separated by tabs where its first line has one, else by semicolons, else by commas.
    pub(crate) fn of_text(text: &str) -> Result<Self, Fault> {
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let separator = ['\t', ';'].into_iter().find(|&separator| first.contains(separator)).unwrap_or(',');
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator as u8)
            .from_reader(text.as_bytes());
        let mut grid = Self { rows: Vec::new(), digits: 0 };
        let mut n_cells = 0;
        for record in reader.records() {
            let record =
                record.map_err(|error| Fault::new(format!("is no table: {error}"), "save the run as CSV again"))?;
            n_cells += record.len();
            if n_cells > MAX_CELLS {
                return Err(too_many_cells());
            }
            let row = record.iter().map(|written| {
                let cell = text_cell(written, separator);
                if matches!(cell, Cell::Number(_)) {
                    grid.digits = grid.digits.max(significant_digits(written.trim()));
                }
                cell
            });
            let row = row.collect();
            grid.rows.push(row);
        }
        Ok(grid)
    }

    /// The cells of a worksheet.
    pub(crate) fn of_sheet(sheet: &Sheet) -> Result<Self, Fault> {
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        let mut n_cells = 0;
        let first = sheet.cells().next().map_or(0, |((row, _), _)| row);
        for ((row, column), cell) in sheet.cells() {
            let (row, column) = ((row - first) as usize, column as usize);
            let missing_rows = (row + 1).saturating_sub(rows.len());
            let length = rows.get(row).map_or(0, Vec::len);
            n_cells += missing_rows + (column + 1).saturating_sub(length);
            if n_cells > MAX_CELLS {
                return Err(too_many_cells());
            }
            if missing_rows > 0 {
                rows.resize(row + 1, Vec::new());
            }
            rows[row].resize(column, Cell::Empty);
            rows[row].push(match cell {
                simc_data::Cell::Number(value) => Cell::Number(*value),
                simc_data::Cell::Text(text) => text_cell(text, '\t'),
                simc_data::Cell::Error(_) | simc_data::Cell::Date | simc_data::Cell::Uncomputed => Cell::Empty,
            });
        }
        Ok(Self { rows, digits: 17 })
    }

    /// How exact the numbers are: eight digits and fewer come from single precision.
    pub(crate) fn precision(&self) -> Precision {
        if self.digits > 8 { Precision::Double } else { Precision::Single }
    }

    /// The same cells with rows and columns exchanged.
    pub(crate) fn transposed(self) -> Result<Self, Fault> {
        let n_columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        if n_columns.saturating_mul(self.rows.len()) > MAX_CELLS {
            return Err(too_many_cells());
        }
        let mut rows = vec![Vec::with_capacity(self.rows.len()); n_columns];
        for row in self.rows {
            let padded = row.into_iter().chain(std::iter::repeat(Cell::Empty));
            for (column, cell) in rows.iter_mut().zip(padded) {
                column.push(cell);
            }
        }
        Ok(Self { rows, digits: self.digits })
    }
}

/// A written cell. A comma before decimals counts where commas do not separate cells.
fn text_cell(written: &str, separator: char) -> Cell {
    let written = written.trim().trim_start_matches('\u{feff}');
    if written.is_empty() {
        return Cell::Empty;
    }
    let value =
        number(written).or_else(|| if separator == ',' { None } else { number(&written.replacen(',', ".", 1)) });
    value.map_or_else(|| Cell::Text(written.into()), Cell::Number)
}

fn too_many_cells() -> Fault {
    Fault::new(format!("has more than {MAX_CELLS} cells"), "save fewer variables, or save them less often")
}
