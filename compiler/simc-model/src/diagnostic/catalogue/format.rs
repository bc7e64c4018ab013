//! What a file holds, whatever its format.

use super::entry::{Entry, entry};
use crate::diagnostic::code;

/// Pages in the order of their codes.
pub(super) const ENTRIES: &[Entry] = &[
    entry(
        code::NO_MODEL,
        "no model in the file",
        "A file holds its variables in a model; this one has none.",
        "Add a model with variables.",
    ),
    entry(
        code::BAD_NUMBER,
        "not a number",
        "A number is needed here, and the text is none. Numbers have a decimal point, no thousands separators and no units.",
        "Write a number such as 100, 0.25 or 1e6.",
    ),
    entry(
        code::EMPTY_NAME,
        "an empty name",
        "A variable, module or model has a name without any character.",
        "Give it a name.",
    ),
    entry(
        code::BAD_TABLE,
        "a graphical function without proper points",
        "A graphical function needs at least one y, and either a least and a greatest x or as many x as y, in ascending order; all of them finite numbers. Where it has both, the points count, and a scale that is not their range is a warning.",
        "Give it a least and a greatest x, or one x for each y, sorted by x.",
    ),
];
