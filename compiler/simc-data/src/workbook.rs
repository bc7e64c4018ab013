//! Excel's workbooks: `.xlsx` and the older `.xls`.

use std::io::Cursor;
use std::panic::{self, AssertUnwindSafe};

use calamine::{Data, DataRef, Reader, Sheet as Metadata, SheetType, Xls, Xlsx};

use crate::archive::{self, broken};
use crate::bounds::{self, MAX_CELLS};
use crate::number::{self, Mark};
use crate::place::{self, NamedArea};
use crate::sheet::{Cell, Kind, Sheet};
use crate::worksheet;
use crate::{Fault, XLS_MAGIC};

mod biff;

/// Reads a worksheet of an `.xlsx` file, cell by cell: a sheet of few cells far apart takes little memory.
pub(crate) fn read_xlsx(bytes: &[u8], wanted: Option<&str>) -> Result<Sheet, Fault> {
    archive::check(bytes)?;
    guarded(|| {
        let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error.to_string()))?;
        let name = choose(book.sheets_metadata(), wanted)?;
        let mut reader = book.worksheet_cells_reader(&name).map_err(|error| broken(&error.to_string()))?;
        let mut cells = Vec::new();
        while let Some(record) = reader.next_cell_with_formula_metadata().map_err(|error| broken(&error.to_string()))? {
            let is_uncomputed = record.formula.is_some() && matches!(record.value, DataRef::Empty);
            let cell = if is_uncomputed { Some(Cell::Uncomputed) } else { cell(&Data::from(record.value)) };
            cells.extend(cell.map(|cell| (record.pos, cell)));
            if cells.len() > MAX_CELLS {
                return Err(bounds::too_many_cells());
            }
        }
        Sheet::new(Kind::Workbook, cells)
    })
}

/// Reads a worksheet of an `.xls` file.
pub(crate) fn read_xls(bytes: &[u8], wanted: Option<&str>) -> Result<Sheet, Fault> {
    let checked = biff::repack(bytes)?;
    guarded(|| {
        let mut book = Xls::new(Cursor::new(checked)).map_err(|error| broken(&error.to_string()))?;
        let name = choose(book.sheets_metadata(), wanted)?;
        let range = book.worksheet_range(&name).map_err(|error| broken(&error.to_string()))?;
        let (top, left) = range.start().unwrap_or_default();
        let cells = range.used_cells().filter_map(|(row, column, value)| {
            let place = (top + u32::try_from(row).ok()?, left + u32::try_from(column).ok()?);
            cell(value).map(|cell| (place, cell))
        });
        Sheet::new(Kind::Workbook, cells.collect())
    })
}

/// The names of cells in a workbook of either format. Names of anything else are left out.
pub(crate) fn read_names(bytes: &[u8]) -> Result<Vec<NamedArea>, Fault> {
    if bytes.starts_with(XLS_MAGIC) {
        let checked = biff::repack(bytes)?;
        return guarded(|| {
            let book: Xls<_> = Xls::new(Cursor::new(checked)).map_err(|error| broken(&error.to_string()))?;
            Ok(named_areas(book.defined_names()))
        });
    }
    archive::check(bytes)?;
    guarded(|| {
        let book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error.to_string()))?;
        Ok(named_areas(book.defined_names()))
    })
}

fn named_areas(names: &[(String, String)]) -> Vec<NamedArea> {
    let area = |(name, formula): &(String, String)| {
        let (worksheet, area) = place::parse_reference(formula)?;
        Some(NamedArea { name: name.clone(), worksheet, area })
    };
    names.iter().filter_map(area).collect()
}

/// Lets a reader work on bytes that anybody may have made. A panic of it means that they are no workbook.
fn guarded<T>(read: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    panic::catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(broken("it is damaged")))
}

/// The worksheet of a name, compared as Excel does, or the first one.
fn choose(sheets: &[Metadata], wanted: Option<&str>) -> Result<String, Fault> {
    let names: Vec<&str> =
        sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).map(|sheet| sheet.name.as_str()).collect();
    worksheet::choose(&names, wanted)
}

/// What a cell of a workbook holds; nothing when it is empty.
fn cell(value: &Data) -> Option<Cell> {
    Some(match value {
        Data::Empty => return None,
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Float(number) => Cell::Number(*number),
        Data::String(text) => match text.trim() {
            "" => return None,
            text => number::parse(text, Mark::Point).map_or_else(|| Cell::Text(text.to_owned()), Cell::Number),
        },
        Data::Bool(truth) => Cell::Text(if *truth { "TRUE" } else { "FALSE" }.to_owned()),
        Data::DateTime(_) | Data::DateTimeIso(_) | Data::DurationIso(_) => Cell::Date,
        Data::Error(error) => Cell::Error(error.to_string()),
    })
}
