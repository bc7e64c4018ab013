//! How much is read: far beyond any table that a model needs, and little enough to hold in memory.

use crate::Fault;

/// Bytes of a file.
pub(crate) const MAX_BYTES: usize = 64 << 20;

/// Bytes of everything in a workbook, unpacked.
#[cfg(feature = "workbooks")]
pub(crate) const MAX_UNPACKED: u64 = 128 << 20;

/// Cells of a sheet.
pub(crate) const MAX_CELLS: usize = 1 << 21;

/// Worksheets of a workbook.
#[cfg(feature = "workbooks")]
pub(crate) const MAX_SHEETS: usize = 1024;

/// What is said of a file that is too large.
pub(crate) fn too_many_bytes() -> Fault {
    Fault::new(
        format!("is larger than {} MiB", MAX_BYTES >> 20),
        "keep the rows and columns that the model needs in a file of their own",
    )
}

/// What is said of a sheet that is too large.
pub(crate) fn too_many_cells() -> Fault {
    Fault::new(
        format!("has more than {MAX_CELLS} cells"),
        "keep the rows and columns that the model needs in a file of their own",
    )
}
