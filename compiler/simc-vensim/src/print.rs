//! Definitions as Vensim's `.mdl`: the same file for the same definition, laid out as Vensim saves it.
//!
//! A definition that comes from Vensim is printed as it is, one from XMILE in Vensim's words: its
//! stocks as levels with the sum of their flows, its functions as those that compute the same bits,
//! arrays with all subscripts written. What Vensim cannot say is refused, all of it in one go.

use std::collections::{HashMap, HashSet};

use simc_model::builtin::Dialect;
use simc_model::definition::Definition;
use simc_model::diagnostic::Diagnostic;
use simc_model::model::Method;
use simc_model::name::Key;
use simc_model::source::Span;

use crate::neutral::Code;

mod call;
mod clause;
mod control;
mod hoist;
mod level;
mod limit;
mod names;
mod notation;
mod points;
mod rewrite;
mod section;
mod subscript;
mod text;
mod variable;

/// A definition as text; it counts only when no diagnostic is an error.
pub fn print(definition: &Definition) -> (String, Vec<Diagnostic>) {
    let mut printer = Printer {
        definition,
        is_own: definition.dialect == Dialect::Vensim,
        method: control::method(definition),
        out: String::new(),
        diagnostics: Vec::new(),
        inline: HashMap::new(),
        renamed: HashMap::new(),
        made: HashSet::new(),
        by_elements: None,
        is_macro: false,
        variable: None,
    };
    printer.file();
    simc_model::diagnostic::sort(&mut printer.diagnostics);
    (printer.out, printer.diagnostics)
}

/// What printing works with.
struct Printer<'d> {
    definition: &'d Definition,
    /// The definition comes from Vensim.
    is_own: bool,
    /// How the model is integrated.
    method: Method,
    out: String,
    diagnostics: Vec<Diagnostic>,
    /// The points of lookups that the file does not name, by the names that they have been given.
    inline: HashMap<Key, String>,
    /// Other names for functions that the file does not name.
    renamed: HashMap<Key, String>,
    /// The names of variables that functions have been given.
    made: HashSet<Key>,
    /// The ranges by their elements, once they have been asked for.
    by_elements: Option<HashMap<Vec<Key>, &'d String>>,
    /// A macro is being printed, in which names of the model have a `$` at their end.
    is_macro: bool,
    /// The variable that is being printed.
    variable: Option<String>,
}

impl<'d> Printer<'d> {
    /// Reports something that Vensim cannot say.
    fn refuse(&mut self, code: Code, span: Span, message: impl Into<String>, hint: impl Into<String>) {
        let mut error = Diagnostic::error(code, span, message).with_hint(hint);
        error.variable.clone_from(&self.variable);
        self.diagnostics.push(error);
    }

    /// Warns of something on which no number depends.
    fn note(&mut self, span: Span, message: impl Into<String>) {
        let mut warning = Diagnostic::warning(simc_model::diagnostic::code::CONVERT_NOTE, span, message);
        warning.variable.clone_from(&self.variable);
        self.diagnostics.push(warning);
    }
}
