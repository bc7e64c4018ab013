//! The other files of a model.

use super::entry::{Entry, entry};
use crate::diagnostic::code;

/// Pages in the order of their codes.
pub(super) const ENTRIES: &[Entry] = &[
    entry(
        code::FILE_MISSING,
        "a missing file",
        "The model refers to a file that does not exist, or to a pattern that no file matches. A relative path begins at the folder of the file in which it stands.",
        "<include resource=\"units/metric.xml\"/>",
        "Correct the path, or put the file there.",
    ),
    entry(
        code::FILE_OUTSIDE,
        "a file outside of the model's folder",
        "A model may refer to files in its own folder and below. Others are read only from folders that the user allows.",
        "<include resource=\"../../private.xml\"/>",
        "Move the file into the model's folder, or allow its folder with `--allow-path`.",
    ),
    entry(
        code::FILE_UNREADABLE,
        "a file that cannot be read",
        "The model refers to something that is no file, that is too large, that the user has no right to read, or that is not text where text is needed.",
        "<include resource=\"folder\"/>",
        "Check the file and its rights.",
    ),
    entry(
        code::BAD_RESOURCE,
        "not the path of a file",
        "A reference to a file is a relative or an absolute path, with wildcards (`*`, `?`) in its last part alone. Nothing is ever read from a network.",
        "<include resource=\"http://example.org/macros.xml\"/>",
        "Copy the file beside the model and refer to it by its path.",
    ),
    entry(
        code::INCLUDE_CIRCLE,
        "files include one another",
        "A file includes another that includes the first one again, directly or through others.",
        "a.xmile includes b.xmile, which includes a.xmile",
        "Move what both need into a file of its own.",
    ),
    entry(
        code::FILE_LIMIT,
        "too many files",
        "A model may consist of 1000 files, which may include one another 64 deep and have 256 MiB together.",
        "<include resource=\"*\"/> in a folder of thousands of files",
        "Include what is needed alone.",
    ),
    entry(
        code::UNUSED_MODEL,
        "a model that nothing can refer to",
        "An included file holds a model without a name, while the including file has a model without a name already: only one can be the root.",
        "<include resource=\"another_model.xmile\"/>",
        "Give it a name, or refer to its file with the `resource` of a module.",
    ),
];
