//! Subscripts that mean nothing: ranges with an exclamation mark outside of functions, and variables.

use simc_model::builtin::{self, Dialect};
use simc_model::diagnostic::{Diagnostic, code as shared};
use simc_model::name::Key;

use crate::ast::{self, Name, NodeKind, Subscript};
use crate::translate::{Names, Translator};

impl Translator<'_> {
    /// Reports subscripts of an equation of the variable `owner` that mean nothing.
    pub(super) fn report_misplaced(&mut self, equation: &ast::Equation, owner: &Name, names: &Names) {
        for (node, is_argument) in equation.nodes.iter().zip(arguments(equation)) {
            let (NodeKind::Reference(_, subscripts) | NodeKind::Call { subscripts, .. }) = &node.kind else { continue };
            let misplaced = |subscript: &Subscript| match subscript.is_marked {
                true if is_argument => None,
                true => self.misplaced_mark(&subscript.name),
                false => self.misplaced_variable(&subscript.name, names),
            };
            let error = subscripts.iter().find_map(misplaced);
            self.diagnostics.extend(error.map(|error| error.with_variable(owner.text.clone())));
        }
    }

    /// An exclamation mark after a range, outside of a function that could run over it.
    fn misplaced_mark(&self, name: &Name) -> Option<Diagnostic> {
        self.ranges.find(&name.text)?;
        let message = format!("no function runs over `{}!` here", name.text);
        let hint = format!("write `{0}` for the element at hand, or a function around it: `SUM(x[{0}!])`", name.text);
        Some(Diagnostic::error(shared::BAD_SUBSCRIPT, name.span, message).with_hint(hint))
    }

    /// A variable, or a name of the language, as a subscript. A name that nothing has is told later.
    fn misplaced_variable(&self, name: &Name, names: &Names) -> Option<Diagnostic> {
        let key = Key::new(&name.text);
        let is_subscript = self.ranges.find(&name.text).is_some() || self.ranges.is_element(&name.text);
        let is_variable = names.defined.contains(&key) || builtin::find(Dialect::Vensim, &key).is_some();
        if is_subscript || !is_variable {
            return None;
        }
        let message = format!("`{}` is a number, and neither a subscript range nor an element of one", name.text);
        let hint = "`VECTOR ELM MAP(x[first element], offset)` reads the element that a number chooses";
        Some(Diagnostic::error(shared::NO_SUCH_ELEMENT, name.span, message).with_hint(hint))
    }
}

/// For each node whether it is within the arguments of a function. Operands precede what they are operands of.
fn arguments(equation: &ast::Equation) -> Vec<bool> {
    let mut is_argument = vec![false; equation.nodes.len()];
    for (index, node) in equation.nodes.iter().enumerate().rev() {
        match &node.kind {
            NodeKind::Call { arguments, .. } => {
                arguments.iter().for_each(|&argument| is_argument[argument as usize] = true);
            }
            NodeKind::Unary(_, a) => is_argument[*a as usize] = is_argument[index],
            NodeKind::Binary(_, a, b) => {
                (is_argument[*a as usize], is_argument[*b as usize]) = (is_argument[index], is_argument[index]);
            }
            NodeKind::Number(_)
            | NodeKind::NotAvailable
            | NodeKind::Text(_)
            | NodeKind::Reference(..)
            | NodeKind::Table(_) => {}
        }
    }
    is_argument
}
