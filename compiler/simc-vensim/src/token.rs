//! What the first part of a definition is made of.

use crate::ast::BinaryOp;

/// A token and the joined bytes it covers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Kinds of token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TokenKind {
    Number(f64),
    /// A name of one word or several, or one in double quotes.
    Name,
    /// A literal in single quotes.
    Text,
    Plus,
    Minus,
    /// An operator that has this one meaning wherever it is.
    Binary(BinaryOp),
    Equals,
    Keyword(Keyword),
    /// `:=`
    Assign,
    /// `==`
    Identical,
    /// `->`
    Arrow,
    /// `<->`
    Equivalence,
    Colon,
    Comma,
    Semicolon,
    /// `!`
    Mark,
    OpenParen,
    CloseParen,
    OpenBracket,
    CloseBracket,
    End,
}

/// Words between colons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyword {
    And,
    Or,
    Not,
    NotAvailable,
    Macro,
    EndOfMacro,
    Except,
    Interpolate,
    Raw,
    HoldBackward,
    LookForward,
    Is,
    Implies,
    TestInput,
    TheCondition,
    /// A word that only reality checks use.
    OfRealityChecks,
    /// What a diagram draws into a variable and its equation does not read yet.
    Ignore,
}

/// How each keyword is written; case and the blanks around words do not count.
pub(crate) const KEYWORDS: [(&str, Keyword); 18] = [
    ("AND", Keyword::And),
    ("OR", Keyword::Or),
    ("NOT", Keyword::Not),
    ("NA", Keyword::NotAvailable),
    ("MACRO", Keyword::Macro),
    ("END OF MACRO", Keyword::EndOfMacro),
    ("EXCEPT", Keyword::Except),
    ("INTERPOLATE", Keyword::Interpolate),
    ("RAW", Keyword::Raw),
    ("HOLD BACKWARD", Keyword::HoldBackward),
    ("LOOK FORWARD", Keyword::LookForward),
    ("IS", Keyword::Is),
    ("IMPLIES", Keyword::Implies),
    ("TEST INPUT", Keyword::TestInput),
    ("THE CONDITION", Keyword::TheCondition),
    ("AT LEAST ONCE", Keyword::OfRealityChecks),
    ("CROSSING", Keyword::OfRealityChecks),
    ("IGNORE", Keyword::Ignore),
];

/// How tightly operators bind, loosest first. `^` binds tighter than a sign before it, `:NOT:` looser
/// than comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Everything: a whole expression.
    Expression,
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Sign,
    Power,
}

impl TokenKind {
    /// The operator that this token is between two operands, with its level.
    pub(crate) fn infix(self) -> Option<(BinaryOp, Level)> {
        let op = match self {
            TokenKind::Plus => BinaryOp::Add,
            TokenKind::Minus => BinaryOp::Subtract,
            TokenKind::Equals => BinaryOp::Equal,
            TokenKind::Keyword(Keyword::And) => BinaryOp::And,
            TokenKind::Keyword(Keyword::Or) => BinaryOp::Or,
            TokenKind::Binary(op) => op,
            TokenKind::Number(_)
            | TokenKind::Name
            | TokenKind::Text
            | TokenKind::Keyword(_)
            | TokenKind::Assign
            | TokenKind::Identical
            | TokenKind::Arrow
            | TokenKind::Equivalence
            | TokenKind::Colon
            | TokenKind::Comma
            | TokenKind::Semicolon
            | TokenKind::Mark
            | TokenKind::OpenParen
            | TokenKind::CloseParen
            | TokenKind::OpenBracket
            | TokenKind::CloseBracket
            | TokenKind::End => return None,
        };
        Some((op, level(op)))
    }
}

/// How tightly an operator binds.
fn level(op: BinaryOp) -> Level {
    match op {
        BinaryOp::Or => Level::Or,
        BinaryOp::And => Level::And,
        BinaryOp::Equal
        | BinaryOp::NotEqual
        | BinaryOp::Less
        | BinaryOp::LessOrEqual
        | BinaryOp::Greater
        | BinaryOp::GreaterOrEqual => Level::Comparison,
        BinaryOp::Add | BinaryOp::Subtract => Level::Sum,
        BinaryOp::Multiply | BinaryOp::Divide => Level::Product,
        BinaryOp::Power => Level::Power,
    }
}
