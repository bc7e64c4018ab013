//! Dimensions and arrays.

use super::entry::{Entry, entry};
use crate::diagnostic::code;

/// Pages in the order of their codes.
pub(super) const ENTRIES: &[Entry] = &[
    entry(
        code::UNKNOWN_DIMENSION,
        "an unknown dimension",
        "A variable or a subscript names a dimension that the file does not declare.",
        "Correct the spelling, or declare the dimension.",
    ),
    entry(
        code::NO_SUCH_ELEMENT,
        "an unknown element",
        "A subscript is no element of the dimension in whose place it is: neither one of its names nor a number from 1 to its size.",
        "Use an element of the dimension, a dimension's name for the current element, or an expression for a computed subscript.",
    ),
    entry(
        code::SUBSCRIPT_COUNT,
        "the wrong number of subscripts",
        "A variable takes one subscript for each of its dimensions, and a single number takes none.",
        "Give one subscript for each dimension, or none at all.",
    ),
    entry(
        code::DUPLICATE_ELEMENT,
        "an element named twice",
        "Two elements of one dimension have the same name, so a subscript could not tell them apart.",
        "Rename or remove one of them.",
    ),
    entry(
        code::ELEMENT_TWICE,
        "an element defined twice",
        "Two equations of a variable are for the same element.",
        "Remove one of them.",
    ),
    entry(
        code::MISSING_ELEMENTS,
        "elements without a definition",
        "Some elements of an array have neither an entry of their own nor an equation for all of them.",
        "Write an equation for each, or one for all the others.",
    ),
    entry(
        code::LIST_LENGTH,
        "a list of the wrong length",
        "An equation that lists one for each element has more or fewer of them than the array has elements.",
        "Give one equation for each element, or a single one for all of them.",
    ),
    entry(
        code::SHAPES,
        "shapes that do not fit",
        "Arrays meet element by element, so one of them must have all the dimensions of the other; and the result must have those of the variable that it defines.",
        "Pick an element with subscripts, reduce the array with SUM or its like, or give the variable the dimensions.",
    ),
    entry(
        code::NOT_AN_ARRAY,
        "a reducer of a single number",
        "SUM, MEAN, MIN, MAX, PROD and STDDEV of one argument reduce an array; this argument is a single number.",
        "Give it an array or a part of one, such as `SUM(population[*])`.",
    ),
    entry(
        code::REVERSED_RANGE,
        "a range that runs backwards",
        "The last element of a range comes before its first.",
        "Exchange the ends.",
    ),
    entry(
        code::UNRELATED_DIMENSION,
        "an unrelated dimension as a subscript",
        "A dimension's name as a subscript means the current element, which must be an element of the dimension in whose place it is.",
        "Use a dimension that shares its elements, or a number such as `population[Product + 0]` to go by position.",
    ),
    entry(
        code::ARRAY_TOO_LARGE,
        "too many elements",
        "A dimension, an array or all arrays together have more elements than can be computed.",
        "Use smaller dimensions, or fewer of them.",
    ),
    entry(
        code::BAD_SEED,
        "a seed that is no constant",
        "A variable of the name `random seed` is the seed of all random numbers that have no seed of their own. It must be a single number that a host can set.",
        "Give it a number, or another name.",
    ),
    entry(
        code::RANKED_MEMORY,
        "a vector of something that remembers",
        "RANK, ALLOCATE and the other functions of whole vectors take all elements at once, whichever element is computed. Delays, smooths and the other functions with a memory have one for each element that is computed.",
        "Give the array a variable of its own.",
    ),
    entry(
        code::BAD_PROFILE,
        "no profile of an allocation",
        "The profile of ALLOCATE AVAILABLE is an array. Its last dimension has four elements, whatever their names: the type of the curve, the priority, the width, and a further number. The call names the first of them.",
        "Give an array with such a dimension: `ALLOCATE_AVAILABLE(demand[region], profile[region, ptype], supply)`.",
    ),
    entry(
        code::ACTIVE_PART,
        "an initial equation for a part of an equation",
        "ACTIVE INITIAL says what a whole variable is before the first step, when initial values are found. So it cannot be a part of an equation.",
        "Give it a variable of its own, whose equation it is.",
    ),
];
