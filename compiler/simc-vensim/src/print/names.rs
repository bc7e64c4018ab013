//! Names that Vensim can have: variables, ranges and elements share one space of names.

use std::collections::{HashMap, HashSet};

use simc_model::builtin::{self, Builtin, Dialect};
use simc_model::definition::{DimElements, ModelDef, Name};
use simc_model::diagnostic::code;
use simc_model::name::Key;

use super::Printer;
use super::control::is_control;
use super::text::is_writable;
use super::variable::is_written;

impl<'d> Printer<'d> {
    /// Refuses names that Vensim cannot have, or takes for something else.
    pub(super) fn check_names(&mut self, model: &'d ModelDef) {
        let definition = self.definition;
        let mut ranges: HashMap<Key, &'static str> = HashMap::new();
        for dim in &definition.dims {
            self.check_writable(&dim.name);
            ranges.entry(Key::new(&dim.name.text)).or_insert("a dimension");
        }
        for dim in &definition.dims {
            let DimElements::Named(elements) = &dim.elements else { continue };
            for element in elements {
                self.check_writable(element);
                let key = Key::new(&element.text);
                if ranges.get(&key) == Some(&"a dimension") {
                    self.collide(element, "an element", "a dimension");
                }
                ranges.entry(key).or_insert("an element");
            }
        }
        for var in model.vars.iter().filter(|var| is_written(var)) {
            self.check_writable(&var.name);
            if self.is_own {
                continue;
            }
            let key = Key::new(&var.name.text);
            if let Some(what) = ranges.get(&key) {
                self.collide(&var.name, "a variable", what);
            }
            let is_function = |builtin: &Builtin| !builtin.is_constant();
            let found = builtin::find(Dialect::Vensim, &key);
            if found.is_some_and(is_function) || found.is_some() && !is_control(&key) {
                let message = format!("`{}` is a name of Vensim's own", var.name.text);
                self.refuse(code::CONVERT_NAME, var.name.span, message, "give the variable another name");
            }
        }
    }

    /// Refuses a name that cannot be written.
    pub(super) fn check_writable(&mut self, name: &Name) {
        if !is_writable(&name.text) {
            let shown: String = name.text.chars().take(40).collect();
            let message = format!(
                "the name `{shown}` cannot be written in a model of Vensim's: it is too long, or ends the model"
            );
            self.refuse(code::CONVERT_NAME, name.span, message, "give it another name");
        }
    }

    fn collide(&mut self, name: &Name, what: &str, other: &str) {
        let message = format!("`{}` is {what} and also {other}, which share one space of names in Vensim", name.text);
        self.refuse(code::CONVERT_NAME, name.span, message, "give one of them another name");
    }

    /// Gives functions that the file does not name names that can be written.
    pub(super) fn rename_functions(&mut self) {
        let definition = self.definition;
        let vars = definition.models.iter().flat_map(|model| &model.vars).map(|var| Key::new(&var.name.text));
        let functions = definition.macros.iter().map(|function| Key::new(&function.name.text));
        let mut taken: HashSet<Key> = vars.chain(functions).collect();
        for function in definition.macros.iter().filter(|function| function.name.text.contains(" : ")) {
            let wanted = function.name.text.replace(" : ", " ");
            let mut text = wanted.clone();
            let mut n = 1;
            while !taken.insert(Key::new(&text)) {
                n += 1;
                text = format!("{wanted} {n}");
            }
            self.renamed.insert(Key::new(&function.name.text), text);
        }
    }
}
