//! The zip archive that a modern workbook is: looked through once, before anything believes what it says of its sizes.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::Fault;
use crate::bounds::MAX_UNPACKED;

/// Digits of the number of a shared formula: readers keep a table with an entry for each number up to the greatest.
const MAX_SHARED_DIGITS: usize = 6;

/// Checks that an archive is a workbook in Excel's XML format, and that all of it unpacks to a bounded size.
pub(crate) fn check(bytes: &[u8]) -> Result<(), Fault> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error.to_string()))?;
    let has = |name: &str| archive.file_names().any(|file| file.eq_ignore_ascii_case(name));
    if has("content.xml") {
        return Err(Fault::new("is an OpenDocument spreadsheet", SAVE_AS));
    }
    if has("xl/workbook.bin") {
        return Err(Fault::new("is a binary workbook (.xlsb)", SAVE_AS));
    }
    if !has("xl/workbook.xml") {
        return Err(Fault::new("is an archive, but no workbook", SAVE_AS));
    }
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|error| broken(&error.to_string()))?;
        let is_sheet = file.name().to_ascii_lowercase().starts_with("xl/worksheets/");
        let mut unpacked = Vec::new();
        file.take(left + 1).read_to_end(&mut unpacked).map_err(|error| broken(&error.to_string()))?;
        let size = unpacked.len() as u64;
        if size > left {
            return Err(Fault::new(
                format!("unpacks to more than {} MiB", MAX_UNPACKED >> 20),
                "keep the worksheet that the model needs in a file of its own",
            ));
        }
        left -= size;
        if is_sheet && has_huge_shared_formula(&unpacked) {
            return Err(broken("a shared formula has a number that no workbook needs"));
        }
    }
    Ok(())
}

/// The advice where a format is not read.
const SAVE_AS: &str = "save it as an Excel workbook (.xlsx) or as CSV in UTF-8";

/// What is said of a damaged workbook.
pub(crate) fn broken(reason: &str) -> Fault {
    Fault::new(format!("cannot be read as a workbook: {reason}"), SAVE_AS)
}

/// Whether an attribute `si` has a number of too many digits.
fn has_huge_shared_formula(xml: &[u8]) -> bool {
    xml.windows(2).enumerate().filter(|(_, pair)| *pair == b"si").any(|(at, _)| {
        let Some(value) = xml[at + 2..].trim_ascii_start().strip_prefix(b"=") else { return false };
        let digits = value.trim_ascii_start().iter().skip(1).take_while(|byte| byte.is_ascii_digit());
        digits.take(MAX_SHARED_DIGITS + 1).count() > MAX_SHARED_DIGITS
    })
}
