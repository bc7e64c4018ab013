//! The insides of an `.xls` file, checked before a reader sees them.
//!
//! The container is read by a library that does not trust it, and written again around the one stream that matters; in
//! that stream no sheet may spread over more cells than are read. What a reader would only use to take memory
//! beforehand is blotted out.

use std::io::{Cursor, Read, Write};

use crate::Fault;
use crate::archive::broken;
use crate::bounds::{self, MAX_BYTES, MAX_CELLS, MAX_SHEETS};

/// Names of the stream that holds the workbook.
const STREAMS: [&str; 4] = ["Workbook", "Book", "WORKBOOK", "BOOK"];

/// Types of records.
mod record {
    pub(super) const FORMULA: u16 = 0x0006;
    pub(super) const EOF: u16 = 0x000a;
    pub(super) const BOUND_SHEET: u16 = 0x0085;
    pub(super) const MUL_RK: u16 = 0x00bd;
    pub(super) const RICH_STRING: u16 = 0x00d6;
    pub(super) const LABEL_SST: u16 = 0x00fd;
    pub(super) const DIMENSIONS: u16 = 0x0200;
    /// A blank cell, of which no reader takes notice.
    pub(super) const BLANK: u16 = 0x0201;
    pub(super) const NUMBER: u16 = 0x0203;
    pub(super) const LABEL: u16 = 0x0204;
    pub(super) const BOOL_ERROR: u16 = 0x0205;
    pub(super) const RK: u16 = 0x027e;
}

/// A sound container with the checked workbook in it.
pub(super) fn repack(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let fault = |error: std::io::Error| broken(&error.to_string());
    let mut container = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(fault)?;
    let name = STREAMS.into_iter().find(|name| container.is_stream(name)).ok_or_else(|| {
        if container.exists("EncryptedPackage") {
            Fault::new("is protected by a password", "save it without a password")
        } else {
            broken("it holds no workbook")
        }
    })?;
    let mut stream = Vec::new();
    let opened = container.open_stream(name).map_err(fault)?;
    opened.take(MAX_BYTES as u64 + 1).read_to_end(&mut stream).map_err(fault)?;
    if stream.len() > MAX_BYTES {
        return Err(bounds::too_many_bytes());
    }
    check(&mut stream)?;
    let mut sound = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).map_err(fault)?;
    sound.create_stream("Workbook").and_then(|mut out| out.write_all(&stream)).map_err(fault)?;
    sound.flush().map_err(fault)?;
    Ok(sound.into_inner().into_inner())
}

/// Bounds the area of all sheets together.
fn check(stream: &mut [u8]) -> Result<(), Fault> {
    let mut starts = Vec::new();
    let mut at = 0;
    while let Some((kind, body)) = record_at(stream, at) {
        match kind {
            record::BOUND_SHEET => starts.extend(u32_at(&stream[body.clone()], 0)),
            record::EOF => break,
            _ => {}
        }
        at = body.end;
    }
    if starts.len() > MAX_SHEETS {
        return Err(broken("it has more worksheets than any workbook needs"));
    }
    let mut area = 0_usize;
    let mut n_records = 0_usize;
    for start in starts {
        area = area.saturating_add(area_of_sheet(stream, start as usize, &mut n_records)?);
        if area > MAX_CELLS {
            return Err(bounds::too_many_cells());
        }
    }
    Ok(())
}

/// How many cells the smallest rectangle around those of a sheet has.
fn area_of_sheet(stream: &mut [u8], start: usize, n_records: &mut usize) -> Result<usize, Fault> {
    if start >= stream.len() {
        return Err(broken("a worksheet lies outside of it"));
    }
    let mut bounds: Option<([usize; 2], [usize; 2])> = None;
    let mut at = start;
    while let Some((kind, body)) = record_at(stream, at) {
        *n_records += 1;
        // Sheets may share their records; each is then read as often as it is named.
        if *n_records > 4 * MAX_CELLS {
            return Err(bounds::too_many_cells());
        }
        let data = &stream[body.clone()];
        match kind {
            record::EOF => break,
            record::DIMENSIONS => stream[at..at + 2].copy_from_slice(&record::BLANK.to_le_bytes()),
            record::NUMBER
            | record::LABEL
            | record::RICH_STRING
            | record::BOOL_ERROR
            | record::RK
            | record::LABEL_SST
            | record::FORMULA
            | record::MUL_RK => {
                let (Some(row), Some(first)) = (u16_at(data, 0), u16_at(data, 2)) else {
                    return Err(broken("a cell is cut short"));
                };
                let last = if kind == record::MUL_RK { u16_at(data, data.len().saturating_sub(2)) } else { None };
                for column in [first, last.unwrap_or(first)] {
                    let (low, high) = bounds.get_or_insert(([row, column], [row, column]));
                    *low = [low[0].min(row), low[1].min(column)];
                    *high = [high[0].max(row), high[1].max(column)];
                }
            }
            _ => {}
        }
        at = body.end;
    }
    Ok(bounds.map_or(0, |(low, high)| (high[0] - low[0] + 1) * (high[1] - low[1] + 1)))
}

/// The type and the place of the data of the record at a byte; nothing at the end, or when the record is cut short.
fn record_at(stream: &[u8], at: usize) -> Option<(u16, std::ops::Range<usize>)> {
    let kind = u16::try_from(u16_at(stream, at)?).ok()?;
    let len = u16_at(stream, at + 2)?;
    let end = at + 4 + len;
    (end <= stream.len()).then_some((kind, at + 4..end))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..)?.first_chunk().map(|&pair| usize::from(u16::from_le_bytes(pair)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|&four| u32::from_le_bytes(four))
}
