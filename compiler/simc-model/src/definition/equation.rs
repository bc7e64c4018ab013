//! Equations: one tree for all formats, whose names are not looked up yet.

use super::Name;
use crate::source::Span;

/// A dotted reference: `a`, `module.a`, `.a`.
#[derive(Clone, Debug)]
pub struct Path {
    /// A leading dot.
    pub absolute: bool,
    /// At least one name.
    pub parts: Vec<Name>,
    /// All of it.
    pub span: Span,
}

/// A parsed equation in evaluation order: operands before the node that uses them, the last node is the result.
#[derive(Clone, Debug, Default)]
pub struct Equation {
    /// Nodes. Never empty after a successful parse.
    pub nodes: Vec<EquationNode>,
    /// The text of the equation.
    pub span: Span,
}

/// One node with its place.
#[derive(Clone, Debug)]
pub struct EquationNode {
    /// What it says.
    pub kind: EquationKind,
    /// Where it says so; for a call and an operator, all of it.
    pub span: Span,
}

/// What a node says. Numbers are indices into [`Equation::nodes`].
#[derive(Clone, Debug)]
pub enum EquationKind {
    /// A number.
    Number(f64),
    /// A name without parentheses after it; subscripts, if any, are nodes.
    Reference(Path, Vec<u32>),
    /// A name with parentheses after it: a builtin or a table.
    Call(Path, Vec<u32>),
    /// A name with subscripts, then arguments: `table[north](x)`, an element of an array of tables.
    SubscriptedCall(Path, Vec<u32>, Vec<u32>),
    /// `-x`, `NOT x`. A unary plus leaves no node.
    Unary(crate::model::UnaryOp, u32),
    /// `a op b`.
    Binary(crate::model::BinaryOp, u32, u32),
    /// `IF .. THEN .. ELSE ..`.
    If(u32, u32, u32),
    /// A whole dimension as a subscript: `*`, or with the dimension named `*:Dim` and `Dim.*`. Only a subscript is one.
    Wildcard(Option<u32>),
    /// `a:b`, the elements from a to b. Only a subscript is one.
    Range(u32, u32),
    /// `@n`, the n-th element. Only a subscript is one.
    Position(u32),
    /// `x'`, the last two dimensions exchanged.
    Transpose(u32),
    /// `a *.* b`.
    InnerProduct(u32, u32),
}

impl EquationKind {
    /// The same node with other nodes for its operands, each asked for once, in order.
    #[must_use]
    pub fn with_operands(&self, mut moved: impl FnMut(u32) -> u32) -> Self {
        let mut all = |nodes: &[u32]| -> Vec<u32> { nodes.iter().map(|&node| moved(node)).collect() };
        match self {
            EquationKind::Number(value) => EquationKind::Number(*value),
            EquationKind::Reference(path, subscripts) => EquationKind::Reference(path.clone(), all(subscripts)),
            EquationKind::Call(path, arguments) => EquationKind::Call(path.clone(), all(arguments)),
            EquationKind::SubscriptedCall(path, subscripts, arguments) => {
                let subscripts = all(subscripts);
                EquationKind::SubscriptedCall(path.clone(), subscripts, all(arguments))
            }
            EquationKind::Unary(op, a) => EquationKind::Unary(*op, moved(*a)),
            EquationKind::Binary(op, a, b) => {
                let a = moved(*a);
                EquationKind::Binary(*op, a, moved(*b))
            }
            EquationKind::If(a, b, c) => {
                let (a, b) = (moved(*a), moved(*b));
                EquationKind::If(a, b, moved(*c))
            }
            EquationKind::Wildcard(dimension) => EquationKind::Wildcard(dimension.map(moved)),
            EquationKind::Range(a, b) => {
                let a = moved(*a);
                EquationKind::Range(a, moved(*b))
            }
            EquationKind::Position(a) => EquationKind::Position(moved(*a)),
            EquationKind::Transpose(a) => EquationKind::Transpose(moved(*a)),
            EquationKind::InnerProduct(a, b) => {
                let a = moved(*a);
                EquationKind::InnerProduct(a, moved(*b))
            }
        }
    }

    /// The number that it is.
    pub fn as_number(&self) -> Option<f64> {
        if let EquationKind::Number(value) = self { Some(*value) } else { None }
    }

    /// The name that it is, with or without subscripts.
    pub fn as_named(&self) -> Option<&Path> {
        if let EquationKind::Reference(path, _) = self { Some(path) } else { None }
    }

    /// The name that it is, without subscripts and arguments.
    pub fn as_name(&self) -> Option<&Path> {
        if let EquationKind::Reference(path, subscripts) = self {
            Some(path).filter(|_| subscripts.is_empty())
        } else {
            None
        }
    }
}
