//! Expressions: flat nodes in the order of evaluation.

use super::{Name, Table};
use crate::neutral::Span;

/// An expression: operands precede the node that uses them, the last node is the result.
#[derive(Clone, Debug, Default)]
pub struct Equation {
    /// Nodes; never empty.
    pub nodes: Vec<Node>,
    /// All of it.
    pub span: Span,
}

/// One node with its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it says.
    pub kind: NodeKind,
    /// Where it says so; for a call and an operator, all of it.
    pub span: Span,
}

/// What a node says. Numbers are indices into [`Equation::nodes`].
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// A number.
    Number(f64),
    /// `:NA:`
    NotAvailable,
    /// A literal in single quotes.
    Text(String),
    /// A name without parentheses after it.
    Reference(Name, Vec<Subscript>),
    /// A name with parentheses after it: a builtin, a macro or a lookup.
    Call {
        /// The function.
        name: Name,
        /// The subscripts of a lookup.
        subscripts: Vec<Subscript>,
        /// Arguments in order.
        arguments: Vec<u32>,
        /// Names after a colon: further results of a macro.
        outputs: Vec<Output>,
    },
    /// The points of a lookup, as an argument.
    Table(Table),
    /// An operator before its operand. A plus is none.
    Unary(UnaryOp, u32),
    /// An operator between two operands.
    Binary(BinaryOp, u32, u32),
}

/// A further result of a macro.
#[derive(Clone, Debug)]
pub struct Output {
    /// The variable that it defines.
    pub name: Name,
    /// Elements and ranges; empty for a scalar.
    pub subscripts: Vec<Name>,
}

/// An element or a range in brackets after a name.
#[derive(Clone, Debug)]
pub struct Subscript {
    /// The name.
    pub name: Name,
    /// `!`: a function takes all elements together.
    pub is_marked: bool,
}

/// An operator before its operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-`
    Negate,
    /// `:NOT:`
    Not,
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `^`
    Power,
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `:AND:`
    And,
    /// `:OR:`
    Or,
}

impl UnaryOp {
    /// How it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            UnaryOp::Negate => "-",
            UnaryOp::Not => ":NOT:",
        }
    }
}

impl BinaryOp {
    /// How it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            BinaryOp::Add => "+",
            BinaryOp::Subtract => "-",
            BinaryOp::Multiply => "*",
            BinaryOp::Divide => "/",
            BinaryOp::Power => "^",
            BinaryOp::Equal => "=",
            BinaryOp::NotEqual => "<>",
            BinaryOp::Less => "<",
            BinaryOp::LessOrEqual => "<=",
            BinaryOp::Greater => ">",
            BinaryOp::GreaterOrEqual => ">=",
            BinaryOp::And => ":AND:",
            BinaryOp::Or => ":OR:",
        }
    }
}
