//! `DELAYP(input, time : pipeline)`: `DELAY3(input, time)`, and a level of what is on its way, which no other equation defines.

use simc_model::definition::{DefKind, Equation, VarDef};

use crate::ast::{self, BinaryOp, Name, Node, NodeKind, Output, Subscript, Variable};
use crate::translate::{Names, Translator};

impl Translator<'_> {
    /// The equation of the variable. The level is added to what the model needs besides.
    pub(super) fn delayp(
        &mut self,
        variable: &Variable,
        equation: &ast::Equation,
        [input, time]: [u32; 2],
        pipeline: &Output,
        names: &mut Names,
    ) -> Option<Equation> {
        let (last, nodes) = equation.nodes.split_last()?;
        let span = last.span;
        let NodeKind::Call { name, .. } = &last.kind else { return None };
        let with = |further: Vec<NodeKind>| {
            let further = further.into_iter().map(|kind| Node { kind, span });
            ast::Equation { nodes: nodes.iter().cloned().chain(further).collect(), span }
        };
        let delay = NodeKind::Call {
            name: Name { text: "DELAY3".to_owned(), span: name.span },
            subscripts: Vec::new(),
            arguments: vec![input, time],
            outputs: Vec::new(),
        };
        let value = self.equation(&with(vec![delay]), &variable.name, names)?;
        let initial = NodeKind::Binary(BinaryOp::Multiply, input, time);
        let initial = self.equation(&with(vec![initial]), &pipeline.name, names)?;
        let outflow = variable.subscripts.iter().map(|name| Subscript { name: name.clone(), is_marked: false });
        let outflow = NodeKind::Reference(variable.name.clone(), outflow.collect());
        let at = u32::try_from(nodes.len()).ok()?;
        let change = with(vec![outflow, NodeKind::Binary(BinaryOp::Subtract, input, at)]);
        let change = self.equation(&change, &pipeline.name, names)?;
        let mut level = self.output(pipeline, initial)?;
        level.kind = DefKind::Stock;
        let rate = names.fresh(format!("{}: rate of change", pipeline.name.text), pipeline.name.span);
        let place = Name { text: rate.text.clone(), span: rate.span };
        let rate = Output { name: place, subscripts: pipeline.subscripts.clone() };
        let rate = VarDef { kind: DefKind::Flow, is_implied: true, ..self.output(&rate, change)? };
        level.inflows = vec![rate.name.clone()];
        names.made.extend([level, rate]);
        Some(value)
    }
}
