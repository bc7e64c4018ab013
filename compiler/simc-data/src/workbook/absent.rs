//! In the place of Excel's workbooks where their readers are left out: they are refused by name.

use crate::Fault;
use crate::place::NamedArea;
use crate::sheet::Sheet;

pub(crate) fn read_xlsx(_: &[u8], _: Option<&str>) -> Result<Sheet, Fault> {
    Err(absent())
}

pub(crate) fn read_xls(_: &[u8], _: Option<&str>) -> Result<Sheet, Fault> {
    Err(absent())
}

pub(crate) fn read_names(_: &[u8]) -> Result<Vec<NamedArea>, Fault> {
    Err(absent())
}

fn absent() -> Fault {
    Fault::new("is a workbook, which this build of the compiler cannot read", "save the worksheet as CSV")
}
