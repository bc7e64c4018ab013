//! Equations that a file implies: what a flow with a `<multiplier>` delivers, and the choice between `<init_eqn>` and `<eqn>`.

use roxmltree::Node;

use super::reader::Reader;
use crate::ast::{DefKind, Equation, EquationKind, EquationNode, Name, Path, VarDef};
use crate::diagnostic::code;
use crate::model::BinaryOp;
use crate::source::Span;

impl Reader<'_> {
    /// What a flow gives to the stock downstream: its value times its `<multiplier>` (XMILE 1.0, section 4.3).
    pub(super) fn delivered(&mut self, node: Node<'_, '_>, flow: &VarDef) -> Option<VarDef> {
        let mut elements = Self::elements(node).filter(|child| child.tag_name().name() == "multiplier");
        let written = elements.next()?;
        self.enter_variable(Some(&flow.name));
        if let Some(second) = elements.next() {
            self.once(second, &Some(()));
        }
        let multiplier = self.equation(written);
        self.enter_variable(None);
        let Equation { mut nodes, span } = multiplier?;
        let factor = last(&nodes);
        let own = push(&mut nodes, reference(&[&flow.name.text], span), span);
        push(&mut nodes, EquationKind::Binary(BinaryOp::Mul, own, factor), span);
        let name = Name { text: format!("{}: delivered", flow.name.text), span: flow.name.span };
        Some(VarDef {
            dims: flow.dims.clone(),
            equation: Some(Equation { nodes, span }),
            is_implied: true,
            ..VarDef::new(name, DefKind::Aux, flow.span)
        })
    }

    /// Gives a variable with an `<init_eqn>` the equation `IF TIME = STARTTIME THEN init_eqn ELSE eqn`.
    pub(super) fn settle_initial(&mut self, node: Node<'_, '_>, var: &mut VarDef) {
        let Some(written) = Self::elements(node).find(|child| child.tag_name().name() == "init_eqn") else { return };
        if var.kind == DefKind::Stock || !var.list.is_empty() || !var.elements.is_empty() {
            return self.unsupported(
                written,
                code::INITIAL_EQUATIONS,
                "initial equations of stocks and of single elements",
            );
        }
        let (Some(initial), Some(equation)) = (self.equation(written), var.equation.take()) else { return };
        let span = equation.span;
        let mut nodes = initial.nodes;
        let then = last(&nodes);
        let moved = u32::try_from(nodes.len()).expect("an equation has fewer nodes");
        nodes.extend(equation.nodes.into_iter().map(|node| EquationNode { kind: shift(node.kind, moved), ..node }));
        let otherwise = last(&nodes);
        let time = push(&mut nodes, reference(&["std", "TIME"], span), span);
        let start = push(&mut nodes, reference(&["std", "STARTTIME"], span), span);
        let cond = push(&mut nodes, EquationKind::Binary(BinaryOp::Eq, time, start), span);
        push(&mut nodes, EquationKind::If(cond, then, otherwise), span);
        var.equation = Some(Equation { nodes, span });
    }
}

fn push(nodes: &mut Vec<EquationNode>, kind: EquationKind, span: Span) -> u32 {
    nodes.push(EquationNode { kind, span });
    last(nodes)
}

/// The node that is the result of those so far.
fn last(nodes: &[EquationNode]) -> u32 {
    u32::try_from(nodes.len() - 1).expect("an equation has fewer nodes")
}

fn reference(parts: &[&str], span: Span) -> EquationKind {
    let parts = parts.iter().map(|&part| Name { text: part.to_owned(), span }).collect();
    EquationKind::Reference(Path { absolute: false, parts, span }, Vec::new())
}

/// A node behind `moved` others.
fn shift(kind: EquationKind, moved: u32) -> EquationKind {
    let all = |nodes: Vec<u32>| nodes.into_iter().map(|node| node + moved).collect::<Vec<u32>>();
    match kind {
        EquationKind::Number(_) => kind,
        EquationKind::Reference(path, subscripts) => EquationKind::Reference(path, all(subscripts)),
        EquationKind::Call(path, args) => EquationKind::Call(path, all(args)),
        EquationKind::SubscriptedCall(path, subscripts, args) => {
            EquationKind::SubscriptedCall(path, all(subscripts), all(args))
        }
        EquationKind::Unary(op, a) => EquationKind::Unary(op, a + moved),
        EquationKind::Binary(op, a, b) => EquationKind::Binary(op, a + moved, b + moved),
        EquationKind::If(a, b, c) => EquationKind::If(a + moved, b + moved, c + moved),
        EquationKind::Wildcard(name) => EquationKind::Wildcard(name.map(|name| name + moved)),
        EquationKind::Range(a, b) => EquationKind::Range(a + moved, b + moved),
        EquationKind::Position(a) => EquationKind::Position(a + moved),
        EquationKind::Transpose(a) => EquationKind::Transpose(a + moved),
        EquationKind::InnerProduct(a, b) => EquationKind::InnerProduct(a + moved, b + moved),
    }
}
