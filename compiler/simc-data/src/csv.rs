//! Texts with a cell after each separator: comma, semicolon or tab, whichever the first line has most of.

use crate::Fault;
use crate::bounds::{self, MAX_CELLS};
use crate::number::{self, Mark};
use crate::sheet::{Cell, Kind, Sheet};

/// Separators, the most usual one first.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// Reads a text.
pub(crate) fn read(text: &str) -> Result<Sheet, Fault> {
    let (separator, text, n_skipped) = find_separator(text);
    read_cells(text, separator, find_mark(text, separator)?, n_skipped)
}

/// Reads a text whose separator is known. Decimals are after points.
pub(crate) fn read_separated(text: &str, separator: u8) -> Result<Sheet, Fault> {
    read_cells(text, separator, Mark::Point, 0)
}

/// The cells of a text after that many rows that do not count.
fn read_cells(text: &str, separator: u8, mark: Mark, n_skipped: u32) -> Result<Sheet, Fault> {
    let mut cells = Vec::new();
    read_records(text, separator, |row, record| {
        for (column, cell) in (0u32..).zip(record).filter(|(_, cell)| !cell.is_empty()) {
            cells.push(((row + n_skipped, column), parse(cell, mark)));
        }
        if cells.len() > MAX_CELLS { Err(bounds::too_many_cells()) } else { Ok(()) }
    })?;
    Sheet::new(Kind::Text, cells)
}

fn parse(cell: &str, mark: Mark) -> Cell {
    match number::parse(cell, mark) {
        Some(number) => Cell::Number(number),
        None if cell.starts_with('#') && cell.ends_with(['!', '?', 'A']) => Cell::Error(cell.to_owned()),
        None => Cell::Text(cell.to_owned()),
    }
}

/// The separator, the text after a first line that does nothing but name it (`sep=;`), and how many rows that line is.
fn find_separator(text: &str) -> (u8, &str, u32) {
    let line_end = text.find('\n').unwrap_or(text.len());
    let first = text[..line_end].trim_end_matches('\r');
    if let Some(&[separator]) = first.strip_prefix("sep=").map(str::as_bytes)
        && separator.is_ascii()
        && !matches!(separator, b'"' | b'\r')
    {
        return (separator, text.get(line_end + 1..).unwrap_or(""), 1);
    }
    let counts = SEPARATORS.map(|separator| count(first, char::from(separator)));
    let most = (0..SEPARATORS.len()).rev().max_by_key(|&index| counts[index]).unwrap_or(0);
    (SEPARATORS[most], text, 0)
}

/// How often a separator is outside of quotes and of the brackets of subscripts.
fn count(line: &str, separator: char) -> usize {
    let (mut quoted, mut depth, mut n) = (false, 0_u32, 0);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth = depth.saturating_sub(1),
            c if c == separator && !quoted && depth == 0 => n += 1,
            _ => {}
        }
    }
    n
}

/// Passes each row on, with the number, from 0, of the line on which it begins.
fn read_records(
    text: &str,
    separator: u8,
    mut each: impl FnMut(u32, &csv::StringRecord) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut next = 0;
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(error) => return Err(Fault::new(format!("cannot be read as CSV: {error}"), "save it as CSV again")),
        }
        let row = record.position().map_or(0, |position| line_of(text, position)).max(next);
        next = row + 1;
        each(row, &record)?;
    }
}

/// The line, from 0, of a record whose reading began at a position: empty lines before it have been skipped. Lines that end
/// with a carriage return alone are not counted.
fn line_of(text: &str, position: &csv::Position) -> u32 {
    let begin = usize::try_from(position.byte()).ok().and_then(|byte| text.as_bytes().get(byte..)).unwrap_or_default();
    let skipped = begin.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|&&byte| byte == b'\n').count();
    u32::try_from(position.line() - 1 + skipped as u64).unwrap_or(u32::MAX - 1)
}

/// Where the separator is no comma, decimals may be after one: all of them or none.
fn find_mark(text: &str, separator: u8) -> Result<Mark, Fault> {
    if separator == b',' {
        return Ok(Mark::Point);
    }
    let mut seen = (false, false);
    read_records(text, separator, |_, record| {
        let (point, comma) = number::marks(record.iter());
        seen = (seen.0 || point, seen.1 || comma);
        Ok(())
    })?;
    match seen {
        (true, true) => Err(Fault::new(
            "has numbers with a decimal point and others with a decimal comma",
            "write all of its decimals after a point",
        )),
        (false, true) => Ok(Mark::Comma),
        (_, false) => Ok(Mark::Point),
    }
}
