//! Parts of equations as equations of their own, and equations put together of parts.

use crate::ast::{self, Node, NodeKind};
use simc_model::source::Span;

/// The part of an equation whose nodes begin at `first` and whose result is `root`.
pub(super) fn part(equation: &ast::Equation, first: u32, root: u32) -> ast::Equation {
    let nodes = &equation.nodes[first as usize..=root as usize];
    let nodes: Vec<Node> = nodes.iter().map(|node| with_operands(node, |index| index - first)).collect();
    let span = nodes.last().map_or(equation.span, |node| node.span);
    ast::Equation { nodes, span }
}

/// An equation that is being put together; what is added has the place of the whole.
pub(super) struct Whole {
    nodes: Vec<Node>,
    span: Span,
}

impl Whole {
    /// Nothing yet.
    pub(super) fn new(span: Span) -> Self {
        Self { nodes: Vec::new(), span }
    }

    /// Adds a node, whose operands have been added; gives its number.
    pub(super) fn push(&mut self, kind: NodeKind) -> u32 {
        self.nodes.push(Node { kind, span: self.span });
        self.last()
    }

    /// Adds an equation; gives the number of its result.
    pub(super) fn add(&mut self, equation: &ast::Equation) -> u32 {
        let before = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.nodes.extend(equation.nodes.iter().map(|node| with_operands(node, |index| index + before)));
        self.last()
    }

    /// The equation, whose result is what was added last.
    pub(super) fn finish(self) -> ast::Equation {
        ast::Equation { nodes: self.nodes, span: self.span }
    }

    fn last(&self) -> u32 {
        u32::try_from(self.nodes.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }
}

/// The same node with other numbers for its operands.
fn with_operands(node: &Node, moved: impl Fn(u32) -> u32) -> Node {
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
}
