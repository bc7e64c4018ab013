//! How Vensim writes equations.

use std::collections::HashMap;

use simc_model::builtin::MISSING;
use simc_model::definition::notation::{Around, Choice, Level, Notation, Operator, print_number};
use simc_model::definition::scope::Scope;
use simc_model::definition::{Name, Path};
use simc_model::model::{BinaryOp, UnaryOp};
use simc_model::name::Key;

use super::text::print_name;

/// The notation, with what names become.
pub(super) struct Mdl<'m, 'd> {
    pub(super) scope: &'m Scope<'d>,
    /// The points of lookups that stand where they are used.
    pub(super) inline: &'m HashMap<Key, String>,
    /// Other names.
    pub(super) renamed: &'m HashMap<Key, String>,
    /// Names of the model have a `$` at their end.
    pub(super) is_macro: bool,
}

impl Mdl<'_, '_> {
    /// A name as it is spelt where it is defined.
    fn spelling<'n>(&'n self, name: &'n Name) -> &'n str {
        let var = self.scope.var(&name.text).map(|var| &var.name);
        let dim = || self.scope.dim(&name.text).map(|dim| &dim.name);
        &var.or_else(dim).unwrap_or(name).text
    }

    fn points(&self, path: &Path) -> Option<&String> {
        path.parts.last().and_then(|name| self.inline.get(&Key::new(&name.text)))
    }
}

impl Notation for Mdl<'_, '_> {
    fn binary(&self, op: BinaryOp) -> Operator {
        let (text, level) = match op {
            BinaryOp::Or => (" :OR: ", 2),
            BinaryOp::And => (" :AND: ", 3),
            BinaryOp::Eq => (" = ", 5),
            BinaryOp::Ne => (" <> ", 5),
            BinaryOp::Lt => (" < ", 5),
            BinaryOp::Le => (" <= ", 5),
            BinaryOp::Gt => (" > ", 5),
            BinaryOp::Ge => (" >= ", 5),
            BinaryOp::Add => (" + ", 6),
            BinaryOp::Sub => (" - ", 6),
            BinaryOp::Mul => ("*", 7),
            // Both have been written out.
            BinaryOp::Div | BinaryOp::SafeDiv | BinaryOp::Mod => ("/", 7),
            BinaryOp::Pow => ("^", 9),
        };
        Operator { text, level: Level(level) }
    }

    fn unary(&self, op: UnaryOp) -> Operator {
        match op {
            UnaryOp::Neg => Operator { text: "-", level: Level(8) },
            UnaryOp::Not => Operator { text: ":NOT: ", level: Level(4) },
        }
    }

    fn number(&self, value: f64) -> String {
        if value == MISSING { ":NA:".to_owned() } else { print_number(value) }
    }

    fn path(&self, path: &Path) -> String {
        if let Some(points) = self.points(path) {
            return points.clone();
        }
        let Some(name) = path.parts.last() else { return String::new() };
        let key = Key::new(&name.text);
        let text = self.renamed.get(&key).map_or_else(|| self.spelling(name), String::as_str);
        // An element has the name of its range before it.
        let is_inside = self.scope.var(&name.text).is_some() || self.scope.dim(&name.text).is_some();
        let is_outside = self.is_macro
            && path.parts.len() == 1
            && (path.absolute || !is_inside && !self.scope.is_element(&name.text));
        if is_outside { print_name(&format!("{text}$")) } else { print_name(text) }
    }

    fn choice(&self) -> Choice {
        Choice::Call("IF THEN ELSE")
    }

    fn call(&self, path: &Path) -> Around {
        if let Some(points) = self.points(path) {
            return Around { open: "WITH LOOKUP(".to_owned(), close: format!(", {points})") };
        }
        let Some(name) = path.parts.last() else { return Around::default() };
        let text = self.renamed.get(&Key::new(&name.text)).map_or_else(|| self.spelling(name), String::as_str);
        Around { open: format!("{}(", print_name(text)), close: ")".to_owned() }
    }

    fn all_of(&self) -> (&'static str, &'static str) {
        ("", "!")
    }
}
