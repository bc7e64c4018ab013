//! What an equation is made of.

use simc_model::builtin::Dialect;
use simc_model::model::BinaryOp;

/// A token and the decoded bytes it covers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Kinds of token. Keywords are recognised whatever their case; a quoted name is never a keyword.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum TokenKind {
    Number(f64),
    Name,
    If,
    Then,
    Else,
    Not,
    Plus,
    Minus,
    Star,
    /// `*.*`
    InnerProduct,
    /// An operator that has this one meaning wherever it is.
    Binary(BinaryOp),
    /// `'`
    Transpose,
    Dot,
    Comma,
    /// `;`
    Semicolon,
    Colon,
    At,
    OpenParen,
    CloseParen,
    OpenBracket,
    CloseBracket,
    End,
}

/// How tightly operators bind, loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// Everything: a whole expression.
    Expression,
    Or,
    And,
    Equality,
    Comparison,
    Sum,
    /// MOD in files of Stella; elsewhere it is a product.
    Remainder,
    Product,
    Sign,
    Power,
    InnerProduct,
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Infix {
    Binary(BinaryOp),
    InnerProduct,
}

impl TokenKind {
    /// The operator that this token is between two operands, with its level.
    pub(super) fn infix(self, dialect: Dialect) -> Option<(Infix, Level)> {
        let op = match self {
            TokenKind::Plus => BinaryOp::Add,
            TokenKind::Minus => BinaryOp::Sub,
            TokenKind::Star => BinaryOp::Mul,
            TokenKind::Binary(op) => op,
            TokenKind::InnerProduct => return Some((Infix::InnerProduct, Level::InnerProduct)),
            TokenKind::Number(_)
            | TokenKind::Name
            | TokenKind::If
            | TokenKind::Then
            | TokenKind::Else
            | TokenKind::Not
            | TokenKind::Transpose
            | TokenKind::Dot
            | TokenKind::Comma
            | TokenKind::Semicolon
            | TokenKind::Colon
            | TokenKind::At
            | TokenKind::OpenParen
            | TokenKind::CloseParen
            | TokenKind::OpenBracket
            | TokenKind::CloseBracket
            | TokenKind::End => return None,
        };
        Some((Infix::Binary(op), level(op, dialect)))
    }

    /// Whether an operand may begin with this token and nothing else can be meant by it.
    pub(super) fn begins_operand(self) -> bool {
        matches!(
            self,
            TokenKind::Number(_)
                | TokenKind::Name
                | TokenKind::Dot
                | TokenKind::If
                | TokenKind::Not
                | TokenKind::OpenParen
        )
    }
}

/// How tightly an operator binds.
fn level(op: BinaryOp, dialect: Dialect) -> Level {
    match op {
        BinaryOp::Mod if dialect == Dialect::Stella => Level::Remainder,
        BinaryOp::Or => Level::Or,
        BinaryOp::And => Level::And,
        BinaryOp::Eq | BinaryOp::Ne => Level::Equality,
        BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => Level::Comparison,
        BinaryOp::Add | BinaryOp::Sub => Level::Sum,
        BinaryOp::Mul | BinaryOp::Div | BinaryOp::SafeDiv | BinaryOp::Mod => Level::Product,
        BinaryOp::Pow => Level::Power,
    }
}
