//! How equations are written.

use super::entry::{Entry, entry};
use crate::diagnostic::code;

/// Pages in the order of their codes.
pub(super) const ENTRIES: &[Entry] = &[
    entry(
        code::MISSING_OPERAND,
        "an operand is missing",
        "An operator, a parenthesis or a comma is used where a number, a name or an opening parenthesis is needed.",
        "Write what is missing, or remove the operator.",
    ),
    entry(
        code::UNBALANCED,
        "parentheses do not match",
        "A parenthesis or bracket is opened and not closed, or closed and not opened.",
        "Add or remove one.",
    ),
    entry(
        code::UNKNOWN_CHARACTER,
        "a character that equations do not use",
        "No operator, number or name is written with this character.",
        "Remove it; a name with unusual characters must stand in double quotes.",
    ),
    entry(
        code::UNTERMINATED,
        "not closed before the end",
        "A comment in braces or a name in double quotes is opened and not closed.",
        "Add the closing brace or quote.",
    ),
    entry(
        code::BAD_LITERAL,
        "a malformed number",
        "What begins as a number does not go on as one.",
        "Write digits with one decimal point at most, and an exponent such as 1e-3 if there is need; put names that begin with a digit in double quotes.",
    ),
    entry(
        code::FOREIGN_OPERATOR,
        "an operator of another language",
        "The operator belongs to a programming language or to another modelling tool, not to that of the file.",
        "Write the operator that the hint names.",
    ),
    entry(
        code::TOO_DEEP,
        "an equation nests too deeply",
        "Parentheses and calls stand within one another beyond the limit.",
        "Move an inner part to a variable of its own.",
    ),
    entry(
        code::TOO_LARGE,
        "an equation is too long",
        "The equation has more numbers, names and operators than the limit.",
        "Split it into several variables, or use a graphical function for tabulated data.",
    ),
    entry(
        code::STRAY_COMMA,
        "a comma out of place",
        "Commas separate arguments and subscripts, and mean nothing elsewhere. A decimal comma is not understood.",
        "Write a decimal point, or put the arguments in parentheses.",
    ),
    entry(
        code::MISSING_OPERATOR,
        "an operator is missing",
        "Two numbers, names or parentheses stand side by side. Names with spaces are written with underscores in equations.",
        "Write `birth_rate`, or the operator that belongs between the two.",
    ),
    entry(
        code::BAD_SUBSCRIPT,
        "a subscript out of place",
        "Brackets, `*`, `:` and `@` select elements of arrays, after the name of a variable and nowhere else.",
        "Put the subscript after the variable's name.",
    ),
];
