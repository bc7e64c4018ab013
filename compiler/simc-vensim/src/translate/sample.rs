//! `SAMPLE IF TRUE` that reads its own variable, as in `highest = SAMPLE IF TRUE(x > highest, x, x)`: what it was in the step before.

use simc_model::definition::Equation;
use simc_model::name::Key;

use crate::ast::{self, Name, Node, NodeKind, Output, Subscript, Variable};
use crate::translate::variable::part;
use crate::translate::{Names, Translator};

/// Whether the condition or the input reads the variable of the left side, at the same subscripts.
pub(super) fn reads_itself(variable: &Variable, equation: &ast::Equation, input: u32) -> bool {
    equation.nodes[..=input as usize].iter().any(|node| is_itself(variable, &node.kind))
}

fn is_itself(variable: &Variable, kind: &NodeKind) -> bool {
    let NodeKind::Reference(name, subscripts) = kind else { return false };
    let is_same =
        |(own, read): (&Name, &Subscript)| !read.is_marked && Key::new(&own.text) == Key::new(&read.name.text);
    Key::new(&name.text) == Key::new(&variable.name.text)
        && subscripts.len() == variable.subscripts.len()
        && variable.subscripts.iter().zip(subscripts).all(is_same)
}

impl Translator<'_> {
    /// The equation, with a variable beside it that is the one of the left side a step later, and the initial value at the start.
    pub(super) fn sample_of_itself(
        &mut self,
        variable: &Variable,
        equation: &ast::Equation,
        [input, initial]: [u32; 2],
        names: &mut Names,
    ) -> Option<Equation> {
        let span = equation.span;
        let before = names.fresh(format!("{}: before", variable.name.text), variable.name.span);
        let before = Name { text: before.text, span: before.span };
        let subscripts: Vec<Subscript> =
            variable.subscripts.iter().map(|name| Subscript { name: name.clone(), is_marked: false }).collect();
        // The shortest DELAY FIXED lasts a step.
        let mut delay = part(equation, input + 1, initial);
        let root = u32::try_from(delay.nodes.len()).ok()?.checked_sub(1)?;
        let further = [
            NodeKind::Reference(variable.name.clone(), subscripts),
            NodeKind::Number(0.0),
            NodeKind::Call {
                name: Name { text: "DELAY FIXED".to_owned(), span },
                subscripts: Vec::new(),
                arguments: vec![root + 1, root + 2, root],
                outputs: Vec::new(),
            },
        ];
        delay.nodes.extend(further.into_iter().map(|kind| Node { kind, span }));
        let delay = self.equation(&delay, &before, names)?;
        let mut def = self.output(&Output { name: before.clone(), subscripts: variable.subscripts.clone() }, delay)?;
        def.is_implied = true;
        names.made.push(def);
        let mut own = equation.clone();
        for node in &mut own.nodes[..=input as usize] {
            if is_itself(variable, &node.kind)
                && let NodeKind::Reference(name, _) = &mut node.kind
            {
                name.text.clone_from(&before.text);
            }
        }
        self.equation(&own, &variable.name, names)
    }
}
