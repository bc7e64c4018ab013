//! External data.

use super::entry::{Entry, entry};
use crate::diagnostic::code;

/// Pages in the order of their codes.
pub(super) const ENTRIES: &[Entry] = &[
    entry(
        code::DATA_FILE,
        "data that cannot be read",
        "A file of data is larger than what is read, is neither CSV nor a workbook (.xlsx, .xls, XML Spreadsheet 2003), is damaged, or has no worksheet of the name.",
        "Save the table as CSV in UTF-8, and name one of the worksheets that there are.",
    ),
    entry(
        code::DATA_NAME,
        "data for a variable that does not exist",
        "The first row of a table (of a horizontal one the first column) holds names of variables, and this is none. In a module the name is `Module.variable`. An import may hold more than the model needs, which is a warning; in a file given with `--data` it is an error.",
        "Correct the name. A column of times is called `Time`.",
    ),
    entry(
        code::DATA_SUBSCRIPT,
        "data for an element that does not exist",
        "The subscripts of a heading are elements, names of dimensions, or `*`, one for each dimension of the variable.",
        "Correct the subscripts. In CSV a name with commas stands between double quotes.",
    ),
    entry(
        code::DATA_TARGET,
        "a variable that cannot take data",
        "Stocks take an initial value and graphical functions take points, but neither takes values over time; a connected module input takes nothing.",
        "Give the data without times, or to the variable that is meant.",
    ),
    entry(
        code::DATA_VALUE,
        "data that is no number",
        "A cell below a heading holds text, an error, a date, a number that is too large, or a formula whose result is not in the file.",
        "Write a number with a decimal point. Between values over time, leave the cells of missing ones empty.",
    ),
    entry(
        code::DATA_TIMES,
        "times that are missing or not in order",
        "Every value over time needs its time, in the first column or, in a horizontal table, the first row. Times ascend.",
        "Sort the rows by time, and keep one row for each.",
    ),
    entry(
        code::DATA_TWICE,
        "data that is given twice",
        "Two headings of one table mean the same variable or the same element of an array.",
        "Keep one of them.",
    ),
    entry(
        code::DATA_COUNT,
        "values that are too many or too few",
        "Below a heading stand as many values as it means elements of an array, or one for all of them; below a graphical function one for each of its points, of which there may be another number where the x are evenly spaced. A heading without values is a warning.",
        "Count the values, which run without a gap from the heading on.",
    ),
    entry(
        code::DATA_IGNORED,
        "data of which a part is not taken",
        "A table without times has several values for a variable that takes one, or data that replaces no equations has a value for a variable that an equation computes. The first value is taken, or none.",
        "For values over time, call the first column `Time`. To replace an equation, import data that replaces equations.",
    ),
];
