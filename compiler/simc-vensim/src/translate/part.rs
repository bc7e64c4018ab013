//! Parts of equations as equations of their own.

use crate::ast::{self, Node, NodeKind};

/// The part of an equation whose nodes begin at `first` and whose result is `root`.
pub(super) fn part(equation: &ast::Equation, first: u32, root: u32) -> ast::Equation {
    let moved = |index: u32| index - first;
    let nodes: Vec<Node> = equation.nodes[first as usize..=root as usize]
        .iter()
        .map(|node| {
            let kind = match &node.kind {
                NodeKind::Call { name, subscripts, arguments, outputs } => NodeKind::Call {
                    name: name.clone(),
                    subscripts: subscripts.clone(),
                    arguments: arguments.iter().map(|&argument| moved(argument)).collect(),
                    outputs: outputs.clone(),
                },
                NodeKind::Unary(op, a) => NodeKind::Unary(*op, moved(*a)),
                NodeKind::Binary(op, a, b) => NodeKind::Binary(*op, moved(*a), moved(*b)),
                NodeKind::Number(_)
                | NodeKind::NotAvailable
                | NodeKind::Text(_)
                | NodeKind::Reference(..)
                | NodeKind::Table(_) => node.kind.clone(),
            };
            Node { kind, span: node.span }
        })
        .collect();
    let span = nodes.last().map_or(equation.span, |node| node.span);
    ast::Equation { nodes, span }
}
