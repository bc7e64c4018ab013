//! Units of measure.

use super::entry::{Entry, entry};
use crate::diagnostic::code;

/// Pages in the order of their codes.
pub(super) const ENTRIES: &[Entry] = &[
    entry(
        code::UNREADABLE_UNITS,
        "units that cannot be read",
        "Units are names with `*`, `/`, `^` and parentheses, where exponents are whole numbers. What cannot be read counts as if it were not written.",
        "Write units such as `people`, `people/year`, `dollars/(person*year)` or `1/month`.",
    ),
    entry(
        code::CONTRADICTING_UNITS,
        "a unit with two meanings",
        "Two definitions of units have the same name or alias in different ways, and nothing says which of them holds.",
        "Define each name once.",
    ),
    entry(
        code::CIRCULAR_UNITS,
        "a unit that is defined by itself",
        "The equation of a unit leads, directly or through others, back to the unit.",
        "Make one of them a base unit, without an equation.",
    ),
    entry(
        code::UNITS_OF_EQUATION,
        "a variable's units are not those of its equation",
        "What the equation gives, according to the units of what it mentions, is not in the units of the variable. Often a factor is missing, such as a time constant. It is a warning unless units are denied.",
        "Correct the units of the variable or of what it mentions, or the equation.",
    ),
    entry(
        code::UNITS_OF_OPERANDS,
        "quantities with different units side by side",
        "Only quantities with the same units can be added, subtracted and compared, and the branches of IF must have the same units. It is a warning unless units are denied.",
        "Convert one of them with a factor that has units, or correct the units.",
    ),
    entry(
        code::UNITS_OF_ARGUMENTS,
        "an argument with the wrong units",
        "A function asks for units that its argument does not have: a delay time must be in the model's time unit, and the arguments of MAX must have the same units. It is a warning unless units are denied.",
        "Pass what the function asks for, or correct the units. formats.md shows the units of every function.",
    ),
    entry(
        code::UNITS_OF_FLOWS,
        "a flow's units do not fit its stock",
        "A flow is in the units of its stock over the model's time unit. It is a warning unless units are denied.",
        "Correct the units of the flow, of the stock, or the `time_units` of the model.",
    ),
    entry(
        code::UNITS_OF_CONNECTIONS,
        "a module's input and its source differ in units",
        "The variable that feeds a module's input is not in the units of the input. It is a warning unless units are denied.",
        "Give both the same units, or convert in between.",
    ),
];
