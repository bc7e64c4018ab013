//! The other files of a model.

use super::entry::{Entry, entry};
use crate::diagnostic::code;

/// Pages in the order of their codes.
pub(super) const ENTRIES: &[Entry] = &[
    entry(
        code::FILE_MISSING,
        "a missing file",
        "The model refers to a file that does not exist, or to a pattern that no file matches. A relative path begins at the folder of the file in which it is.",
        "Correct the path, or put the file there.",
    ),
    entry(
        code::FILE_OUTSIDE,
        "a file outside of the model's folder",
        "A model may refer to files in its own folder and below. Others are read only from folders that the user allows.",
        "Move the file into the model's folder, or allow its folder with `--allow-path`.",
    ),
    entry(
        code::FILE_UNREADABLE,
        "a file that cannot be read",
        "The model refers to something that is no file, that is too large, that the user has no right to read, or that is not text where text is needed.",
        "Check the file and its rights.",
    ),
    entry(
        code::BAD_RESOURCE,
        "not the path of a file",
        "A reference to a file is a relative or an absolute path, with wildcards (`*`, `?`) in its last part alone. Nothing is ever read from a network.",
        "Copy the file beside the model and refer to it by its path.",
    ),
];
