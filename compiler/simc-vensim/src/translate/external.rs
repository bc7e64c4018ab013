//! Functions that read another file.

/// Whether a function reads a file.
pub(super) fn is_external(key: &str) -> bool {
    let kinds = ["_xls_", "_direct_", "_vdf_", "_123_"];
    kinds.iter().any(|kind| key.contains(kind))
}
