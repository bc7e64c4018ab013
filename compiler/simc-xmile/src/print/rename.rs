//! Equations of a Vensim model in the words of XMILE: the same numbers by the same rows of the table
//! of builtins.

use std::collections::HashMap;

use simc_model::builtin::{self, Builtin, ComposedFn, Dialect, Meaning};
use simc_model::definition::scope::{Callee, Scope};
use simc_model::definition::{Equation, EquationKind, EquationNode, Name, Path};
use simc_model::diagnostic::{Diagnostic, code};
use simc_model::name::Key;
use simc_model::source::Span;

/// What names of an equation become.
pub(super) struct Rename<'r, 'd> {
    pub(super) scope: &'r Scope<'d>,
    /// The variable whose equation it is.
    pub(super) owner: &'r str,
    /// Other names for what the file does not write.
    pub(super) names: &'r HashMap<Key, String>,
    /// The same of the model around macros, which absolute names mean.
    pub(super) outside: &'r HashMap<Key, String>,
}

impl Rename<'_, '_> {
    /// The equation with XMILE's names; one of XMILE's own stays as it is.
    ///
    /// # Errors
    /// A name that XMILE would take for something else.
    pub(super) fn equation(&self, equation: &Equation) -> Result<Equation, Box<Diagnostic>> {
        if self.scope.dialect != Dialect::Vensim {
            return Ok(equation.clone());
        }
        let nodes = equation.nodes.iter().map(|node| {
            let kind = match &node.kind {
                EquationKind::Reference(path, subscripts) => {
                    EquationKind::Reference(self.reference(path)?, subscripts.clone())
                }
                EquationKind::Call(path, arguments) => match (self.scope.callee(path), arguments.as_slice()) {
                    (Callee::Builtin(builtin), &[cond, then, otherwise]) if builtin.meaning == Meaning::If => {
                        EquationKind::If(cond, then, otherwise)
                    }
                    (Callee::Builtin(builtin), &[_, _, measure])
                        if builtin.meaning == Meaning::Composed(ComposedFn::TimeValue)
                            && equation.nodes[measure as usize].kind.as_number() != Some(0.0) =>
                    {
                        let message = "GET TIME VALUE asks for a date, and XMILE does not say which date a time is";
                        let error = Diagnostic::error(code::CONVERT_FUNCTION, path.span, message);
                        return Err(Box::new(error.with_hint("compute the part of the date from the time")));
                    }
                    _ => EquationKind::Call(self.callee(path)?, arguments.clone()),
                },
                EquationKind::SubscriptedCall(path, subscripts, arguments) => {
                    EquationKind::SubscriptedCall(self.renamed(path), subscripts.clone(), arguments.clone())
                }
                kind @ (EquationKind::Number(_)
                | EquationKind::Unary(..)
                | EquationKind::Binary(..)
                | EquationKind::If(..)
                | EquationKind::Wildcard(_)
                | EquationKind::Range(..)
                | EquationKind::Position(_)
                | EquationKind::Transpose(_)
                | EquationKind::InnerProduct(..)) => kind.clone(),
            };
            Ok(EquationNode { kind, span: node.span })
        });
        Ok(Equation { nodes: nodes.collect::<Result<_, Box<Diagnostic>>>()?, span: equation.span })
    }

    fn reference(&self, path: &Path) -> Result<Path, Box<Diagnostic>> {
        if let Some(builtin) = self.scope.constant(self.owner, path) {
            return Ok(self.spelt(builtin, path.span));
        }
        if let [name] = path.parts.as_slice()
            && Key::new(&name.text) == Key::new(self.owner)
            && builtin::find(Dialect::Xmile, &Key::new(&name.text)).is_some_and(Builtin::is_constant)
        {
            let message = format!("in its own equation `{}` is a function of XMILE", name.text);
            let error = Diagnostic::error(code::CONVERT_NAME, path.span, message);
            return Err(Box::new(error.with_hint("give the variable another name")));
        }
        Ok(self.renamed(path))
    }

    fn callee(&self, path: &Path) -> Result<Path, Box<Diagnostic>> {
        match self.scope.callee(path) {
            Callee::Builtin(builtin) => Ok(self.spelt(builtin, path.span)),
            Callee::Table(_) | Callee::Macro | Callee::Other => Ok(self.renamed(path)),
        }
    }

    /// A name of the model.
    fn renamed(&self, path: &Path) -> Path {
        let mut path = path.clone();
        let names = if path.absolute { self.outside } else { self.names };
        for name in &mut path.parts {
            if let Some(other) = names.get(&Key::new(&name.text)) {
                name.text.clone_from(other);
            }
        }
        path
    }

    /// A builtin as XMILE calls it, else as Vensim's, with its namespace.
    fn spelt(&self, builtin: &'static Builtin, span: Span) -> Path {
        let is_it = |name: &&&str| {
            let key = Key::new(name);
            builtin::find(Dialect::Xmile, &key).is_some_and(|found| std::ptr::eq(found, builtin))
                && !self.scope.is_taken(&key)
        };
        let name = |text: String| Name { text, span };
        let parts = match builtin.names_in(Dialect::Xmile).iter().find(is_it) {
            Some(plain) => vec![name((*plain).to_owned())],
            None => {
                let own = builtin.name_in(Dialect::Vensim).replace(' ', "_");
                vec![name("vensim".to_owned()), name(own)]
            }
        };
        Path { absolute: false, parts, span }
    }
}
