//! Equations: text in, flat post-order nodes out.
//!
//! The grammar is XMILE's with Stella's additions. From tight to loose: subscripts `[ ]`, transpose `'`, inner product `*.*`,
//! `^` (to the right), unary `+ - NOT`, `* / // MOD`, `+ -`, `< <= > >=`, `= <>`, `AND`, `OR`. `IF c THEN a ELSE b` is
//! wherever an operand may, and its last branch reaches as far as it can. In files of Stella `MOD` binds less tightly than `*`.

pub use limit::{NESTING_LIMIT, SIZE_LIMIT};
use simc_model::builtin::Dialect;
use simc_model::definition::Equation;
use simc_model::diagnostic::Diagnostic;
use simc_model::source::Excerpt;

mod complain;
mod lexer;
mod limit;
mod parser;
mod token;

/// Reads one equation; none when the text holds blanks and comments alone. Places in the result and in the diagnostic are places
/// in the file that the text was taken from.
///
/// # Errors
/// The first thing that is wrong: a single diagnostic, since what follows a slip is rarely what it seems.
pub fn parse(text: &Excerpt, dialect: Dialect) -> Result<Option<Equation>, Box<Diagnostic>> {
    parser::parse_equation(text, dialect)
}

/// Reads equations separated by commas: a list for the elements of an array. A semicolon may be after the last one of a
/// row, in place of the comma, and at the end.
///
/// # Errors
/// The first thing that is wrong.
pub fn parse_list(text: &Excerpt, dialect: Dialect) -> Result<Vec<Equation>, Box<Diagnostic>> {
    parser::parse_equations(text, dialect)
}

#[cfg(test)]
mod tests;
