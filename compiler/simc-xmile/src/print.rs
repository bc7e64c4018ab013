//! Definitions as XMILE: the same file for the same definition, laid out as programs save it.
//!
//! A definition that comes from XMILE is printed as it is, one from Vensim in XMILE's words: its
//! functions as `vensim.NAME` where XMILE has none that computes the same. What XMILE cannot say is
//! refused, all of it in one go.

use std::collections::{HashMap, HashSet};

use simc_model::builtin::Dialect;
use simc_model::definition::scope::Scope;
use simc_model::definition::{Definition, Equation, ModelDef, Name};
use simc_model::diagnostic::{Diagnostic, code};
use simc_model::name::{self, Key};
use simc_model::source::Span;

use notation::Xmile;
use xml::Xml;

mod clause;
mod mapping;
mod notation;
mod rename;
mod section;
mod start;
mod transport;
mod variable;
mod xml;

/// A definition as text; it counts only when no diagnostic is an error.
pub fn print(definition: &Definition) -> (String, Vec<Diagnostic>) {
    let mut printer = Printer {
        definition,
        xml: Xml::default(),
        diagnostics: Vec::new(),
        names: HashMap::new(),
        outside: definition.models.first().map(|model| implied_names(definition, model)).unwrap_or_default(),
        variable: None,
        notation: Xmile { dialect: output_dialect(definition.dialect) },
    };
    printer.file();
    simc_model::diagnostic::sort(&mut printer.diagnostics);
    (printer.xml.finish(), printer.diagnostics)
}

/// The dialect of what is printed.
fn output_dialect(dialect: Dialect) -> Dialect {
    if dialect == Dialect::Vensim { Dialect::Xmile } else { dialect }
}

/// What printing works with.
struct Printer<'d> {
    definition: &'d Definition,
    xml: Xml,
    diagnostics: Vec<Diagnostic>,
    /// Other names for what the file does not write.
    names: HashMap<Key, String>,
    /// The same of the model around macros.
    outside: HashMap<Key, String>,
    /// The variable that is being printed.
    variable: Option<String>,
    notation: Xmile,
}

impl<'d> Printer<'d> {
    /// Reports something that XMILE cannot say.
    fn refuse(&mut self, code: simc_model::diagnostic::Code, span: Span, message: String, hint: &str) {
        let mut error = Diagnostic::error(code, span, message).with_hint(hint);
        error.variable.clone_from(&self.variable);
        self.diagnostics.push(error);
    }

    /// An attribute with a name in it.
    fn name(&mut self, name: &Name) -> String {
        let text = self.names.get(&Key::new(&name.text)).map_or(name.text.as_str(), String::as_str).to_owned();
        if let Some(c) = text.chars().find(|&c| c != '\n' && !xml::is_xml(c)) {
            let message = format!("the name `{}` has a character that XML cannot hold", name::display(&text));
            self.refuse(code::CONVERT_NAME, name.span, message, &format!("leave out U+{:04X}", u32::from(c)));
        }
        notation::outside(&text)
    }

    /// An equation as text, in XMILE's words.
    fn equation(&mut self, scope: &Scope<'d>, equation: &Equation) -> String {
        let owner = self.variable.clone().unwrap_or_default();
        let renamed =
            rename::Rename { scope, owner: &owner, names: &self.names, outside: &self.outside }.equation(equation);
        match renamed {
            Ok(renamed) => simc_model::definition::notation::print_equation(&self.notation, &renamed),
            Err(error) => {
                self.diagnostics.push((*error).with_variable(owner));
                String::new()
            }
        }
    }

    /// A text for readers, with what XML cannot hold left out.
    fn note(&mut self, text: &str, span: Span) -> String {
        let kept: String = text.chars().filter(|&c| xml::is_xml(c)).collect();
        if kept.len() < text.len() {
            let message = "characters that XML cannot hold are left out of this text";
            self.diagnostics.push(Diagnostic::warning(code::CONVERT_NOTE, span, message));
        }
        kept
    }

    /// Gives what the file does not write names that nothing else has.
    fn name_implied(&mut self, model: &ModelDef) {
        self.names = implied_names(self.definition, model);
    }
}

/// Names for what the file of a model does not write, by those that it has.
fn implied_names(definition: &Definition, model: &ModelDef) -> HashMap<Key, String> {
    let mut names = HashMap::new();
    if definition.dialect != Dialect::Vensim {
        return names;
    }
    let mut taken: HashSet<Key> = model.vars.iter().map(|var| Key::new(&var.name.text)).collect();
    for var in model.vars.iter().filter(|var| var.is_implied) {
        let plain: Vec<&str> = var.name.text.split([':', '(', ')']).map(str::trim).collect();
        let wanted = plain.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ");
        let mut text = wanted.clone();
        let mut n = 1;
        while !taken.insert(Key::new(&text)) {
            n += 1;
            text = format!("{wanted} {n}");
        }
        names.insert(Key::new(&var.name.text), text);
    }
    names
}
