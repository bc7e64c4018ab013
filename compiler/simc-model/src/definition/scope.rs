//! What names of equations mean as far as a definition says it alone: for whoever prints one.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use super::{DefKind, Definition, DimDef, DimElements, ModelDef, Name, Path, VarDef};
use crate::builtin::{self, Builtin, Dialect};
use crate::name::Key;

/// What a name with arguments is.
#[derive(Clone, Copy, Debug)]
pub enum Callee<'d> {
    /// A graphical function.
    Table(&'d VarDef),
    /// A function of the model.
    Macro,
    /// A builtin of the definition's dialect.
    Builtin(&'static Builtin),
    /// Something else: an array whose elements are read by number, a model that is called, or an error.
    Other,
}

/// The elements of all dimensions by name.
#[derive(Default)]
struct Elements {
    all: HashSet<Key>,
    positions: HashMap<Key, HashMap<Key, usize>>,
}

/// The names of a model or of the body of a function.
pub struct Scope<'d> {
    /// Whose meaning the names of functions have.
    pub dialect: Dialect,
    vars: HashMap<Key, &'d VarDef>,
    dims: HashMap<Key, &'d DimDef>,
    macros: HashSet<Key>,
    modules: HashSet<Key>,
    definition: &'d Definition,
    elements: OnceCell<Elements>,
    /// The variables of the model itself.
    of_root: OnceCell<HashMap<Key, &'d VarDef>>,
}

impl<'d> Scope<'d> {
    /// The names that the equations of a model see.
    pub fn new(definition: &'d Definition, model: &'d ModelDef) -> Self {
        Self {
            dialect: definition.dialect,
            vars: model.vars.iter().rev().map(|var| (Key::new(&var.name.text), var)).collect(),
            dims: definition.dims.iter().rev().map(|dim| (Key::new(&dim.name.text), dim)).collect(),
            macros: definition.macros.iter().map(|function| Key::new(&function.name.text)).collect(),
            modules: model.modules.iter().map(|module| Key::new(&module.name.text)).collect(),
            definition,
            elements: OnceCell::new(),
            of_root: OnceCell::new(),
        }
    }

    /// The variable of this name.
    pub fn var(&self, name: &str) -> Option<&'d VarDef> {
        self.vars.get(&Key::new(name)).copied()
    }

    /// The variable that a path names: within the same model, or that of the root after a leading point.
    pub fn var_of(&self, path: &Path) -> Option<&'d VarDef> {
        match path.parts.as_slice() {
            [name] if path.absolute => self.root_vars().get(&Key::new(&name.text)).copied(),
            [name] => self.var(&name.text),
            _ => None,
        }
    }

    fn root_vars(&self) -> &HashMap<Key, &'d VarDef> {
        self.of_root.get_or_init(|| {
            let vars = self.definition.root().map_or(&[][..], |root| &root.vars);
            vars.iter().rev().map(|var| (Key::new(&var.name.text), var)).collect()
        })
    }

    /// The dimension of this name.
    pub fn dim(&self, name: &str) -> Option<&'d DimDef> {
        self.dims.get(&Key::new(name)).copied()
    }

    /// Whether a name is that of an element of some dimension with named elements.
    pub fn is_element(&self, name: &str) -> bool {
        self.elements().all.contains(&Key::new(name))
    }

    /// Where an element is in a dimension.
    pub fn position(&self, dim: &DimDef, element: &Key) -> Option<usize> {
        match &dim.elements {
            DimElements::Size(size) => {
                let number: usize = element.as_str().parse().ok()?;
                (1..=*size as usize).contains(&number).then(|| number - 1)
            }
            DimElements::Named(_) => self.elements().positions.get(&Key::new(&dim.name.text))?.get(element).copied(),
        }
    }

    fn elements(&self) -> &Elements {
        self.elements.get_or_init(|| {
            let mut elements = Elements::default();
            for dim in &self.definition.dims {
                let DimElements::Named(names) = &dim.elements else { continue };
                let keys = || names.iter().map(|name| Key::new(&name.text));
                elements.all.extend(keys());
                // The first of two that have one name.
                let positions = keys().zip(0..).collect::<Vec<_>>().into_iter().rev().collect();
                elements.positions.entry(Key::new(&dim.name.text)).or_insert(positions);
            }
            elements
        })
    }

    /// Whether the model has a variable, a module or a function of this name.
    pub fn is_taken(&self, key: &Key) -> bool {
        self.vars.contains_key(key) || self.macros.contains(key) || self.modules.contains(key)
    }

    /// What a name with arguments is.
    pub fn callee(&self, path: &Path) -> Callee<'d> {
        if let Some(var) = self.var_of(path).filter(|var| has_table(var)) {
            return Callee::Table(var);
        }
        if let [name] = path.parts.as_slice()
            && self.macros.contains(&Key::new(&name.text))
        {
            return Callee::Macro;
        }
        self.builtin(path).map_or(Callee::Other, Callee::Builtin)
    }

    /// The builtin that a name without arguments is, in the equation of the variable `owner`.
    pub fn constant(&self, owner: &str, path: &Path) -> Option<&'static Builtin> {
        let builtin = self.builtin(path).filter(|builtin| builtin.is_constant())?;
        let [name] = path.parts.as_slice() else { return Some(builtin) };
        let key = Key::new(&name.text);
        (!self.is_taken(&key) || key == Key::new(owner)).then_some(builtin)
    }

    /// The builtin of a name, after its namespace or alone.
    fn builtin(&self, path: &Path) -> Option<&'static Builtin> {
        match path.parts.as_slice() {
            _ if path.absolute => None,
            [name] => builtin::find(self.dialect, &Key::new(&name.text)),
            [namespace, name] => {
                let key = Key::new(&namespace.text);
                let meant = match key.as_str() {
                    _ if self.modules.contains(&key) => return None,
                    "std" | "isee" => self.dialect,
                    "vensim" => Dialect::Vensim,
                    _ => return None,
                };
                builtin::find(meant, &Key::new(&name.text))
            }
            _ => None,
        }
    }
}

/// Whether a variable can be called.
fn has_table(var: &VarDef) -> bool {
    var.kind == DefKind::Table || var.table.is_some() || var.elements.iter().any(|element| element.table.is_some())
}

/// Whether a variable is a graphical function, or several, and nothing else.
pub fn is_table(var: &VarDef) -> bool {
    let has_equation =
        var.equation.is_some() || !var.list.is_empty() || var.elements.iter().any(|element| element.equation.is_some());
    var.kind == DefKind::Table || var.kind == DefKind::Aux && has_table(var) && !has_equation
}

/// Whether two lists of names are the same names.
pub fn are_same(a: &[Name], b: &[Name]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| Key::new(&a.text) == Key::new(&b.text))
}

#[cfg(test)]
mod tests;
