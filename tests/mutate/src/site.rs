//! What a mutation is.

use std::ops::Range;

/// What a mutation changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// An arithmetic operator or one on bits, alone or with an assignment.
    Operator,
    /// `==`, `<` and their like.
    Comparison,
    /// `&&` and `||`.
    Connective,
    /// A condition is negated, or a `!` or `-` left out.
    Negation,
    /// An integer or floating-point literal becomes one more or one less.
    Number,
    /// `true` and `false`.
    Truth,
    /// A function returns a constant at once, or a `return` returns one.
    Return,
    /// A call is left out.
    Call,
    /// The end of a range moves by one.
    Range,
    /// `min` and `max`.
    Extreme,
    /// What `unwrap_or` falls back to.
    Fallback,
}

impl Kind {
    /// For reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Comparison => "comparison",
            Self::Connective => "connective",
            Self::Negation => "negation",
            Self::Number => "number",
            Self::Truth => "truth",
            Self::Return => "return",
            Self::Call => "call",
            Self::Range => "range",
            Self::Extreme => "extreme",
            Self::Fallback => "fallback",
        }
    }
}

/// How a site is written so that its mutations can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// An expression: it or one of the alternatives is evaluated.
    Choice,
    /// A boolean expression: its value is negated by the only mutation.
    Negated,
    /// A statement: the only mutation leaves it out.
    Statement,
    /// The beginning of a function's body: an alternative is a value that is returned at once.
    Entry,
}

/// A place in a source file with the mutations that are possible there.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// Bytes of the file; empty for [`Form::Entry`].
    pub(crate) range: Range<usize>,
    /// How it is written.
    pub(crate) form: Form,
    /// What is changed.
    pub(crate) kind: Kind,
    /// Source text of each faulty form, made of unchanged text alone: only one mutation is active at a time.
    pub(crate) alternatives: Vec<String>,
    /// Line, from 1.
    pub(crate) line: usize,
    /// Column, from 1, in characters.
    pub(crate) column: usize,
    /// The innermost named function around it.
    pub(crate) function: String,
    /// What the mutation replaces, for people.
    pub(crate) shown: String,
}

/// One fault, with its number in the whole build.
#[derive(Clone, Debug)]
pub(crate) struct Mutation {
    /// From 1.
    pub(crate) number: u32,
    /// The crate, as `simc-model`.
    pub(crate) package: String,
    /// From the project's folder, as `compiler/simc-model/src/lib.rs`.
    pub(crate) file: String,
    /// Line, from 1.
    pub(crate) line: usize,
    /// Column, from 1.
    pub(crate) column: usize,
    /// The innermost named function around it.
    pub(crate) function: String,
    /// What is changed.
    pub(crate) kind: Kind,
    /// What is there and what the mutation puts in its place, on one line.
    pub(crate) text: String,
}

impl Mutation {
    /// What tells it from all others, and stays as it is as long as its place in the file does.
    pub(crate) fn key(&self) -> String {
        format!("{}:{}:{}: {}: {}", self.file, self.line, self.column, self.kind.name(), self.text)
    }
}
