//! Equations as text in the notation of a language, for whoever prints a definition in a format.
//!
//! A language says how tightly each operator binds and how names, numbers and calls look; where
//! parentheses are needed follows from that. Depth costs no stack.

use super::{Equation, EquationKind, Path};
use crate::model::{BinaryOp, UnaryOp};

/// How tightly an operator binds: what binds more loosely has parentheses within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Level(pub u8);

impl Level {
    /// A whole expression: nothing needs parentheses.
    pub const WHOLE: Level = Level(0);
    /// A choice, whose last branch reaches as far as it can.
    pub const CHOICE: Level = Level(1);
    /// Names, numbers and calls: they need none anywhere.
    pub const OPERAND: Level = Level(u8::MAX);

    /// The next tighter one.
    fn above(self) -> Level {
        Level(self.0.saturating_add(1))
    }
}

/// How an operator is written.
#[derive(Clone, Copy, Debug)]
pub struct Operator {
    /// The sign, with the blanks around it.
    pub text: &'static str,
    /// How tightly it binds.
    pub level: Level,
}

/// How a choice is written.
#[derive(Clone, Copy, Debug)]
pub enum Choice {
    /// `IF c THEN a ELSE b`
    Words,
    /// As a call of this function.
    Call(&'static str),
}

/// The texts around something.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// Before it.
    pub open: String,
    /// After it.
    pub close: String,
}

/// A language's way to write equations.
pub trait Notation {
    /// An operator between two operands.
    fn binary(&self, op: BinaryOp) -> Operator;
    /// An operator before its operand.
    fn unary(&self, op: UnaryOp) -> Operator;
    /// How tightly the sign of a negative number binds.
    fn sign(&self) -> Level {
        self.unary(UnaryOp::Neg).level
    }
    /// A number; of a negative one with its sign.
    fn number(&self, value: f64) -> String;
    /// A name, with the modules before it.
    fn path(&self, path: &Path) -> String;
    /// A choice.
    fn choice(&self) -> Choice;
    /// What is around the arguments of a call, and the subscripts of a table before them.
    fn call(&self, path: &Path) -> Around {
        Around { open: format!("{}(", self.path(path)), close: ")".to_owned() }
    }
    /// What is around the name of a dimension to mean all of its elements.
    fn all_of(&self) -> (&'static str, &'static str);
}

/// Something still to be printed.
enum Pending {
    /// A node, with parentheses if it binds more loosely than this.
    Node(u32, Level),
    Text(String),
    Word(&'static str),
}

/// A printer of one equation.
struct Printer<'e> {
    notation: &'e dyn Notation,
    equation: &'e Equation,
    out: String,
    pending: Vec<Pending>,
}

/// An equation as text on one line.
pub fn print_equation(notation: &dyn Notation, equation: &Equation) -> String {
    print_node(notation, equation, equation.nodes.len().saturating_sub(1))
}

/// A node of an equation, with all below it, as text on one line.
pub fn print_node(notation: &dyn Notation, equation: &Equation, node: usize) -> String {
    let mut printer = Printer { notation, equation, out: String::new(), pending: Vec::new() };
    if let Ok(node) = u32::try_from(node)
        && !equation.nodes.is_empty()
    {
        printer.pending.push(Pending::Node(node, Level::WHOLE));
    }
    while let Some(next) = printer.pending.pop() {
        match next {
            Pending::Text(text) => printer.out.push_str(&text),
            Pending::Word(text) => printer.out.push_str(text),
            Pending::Node(node, least) => printer.node(node, least),
        }
    }
    printer.out
}

impl Printer<'_> {
    /// Prints how a node begins and leaves what follows in `pending`, last thing first.
    fn node(&mut self, node: u32, least: Level) {
        let kind = &self.equation.nodes[node as usize].kind;
        // A sign after an operator, or after another sign, is easily overlooked.
        let is_after_operator =
            self.out.ends_with(['-', '+', '*', '/', '^']) || self.out.ends_with("- ") || self.out.ends_with("+ ");
        let level = self.level(kind);
        let is_signed = matches!(kind, EquationKind::Unary(UnaryOp::Neg, _))
            || kind.as_number().is_some_and(|value| value.is_sign_negative());
        if level < least || (is_after_operator && is_signed) {
            self.out.push('(');
            self.pending.push(Pending::Word(")"));
        }
        match kind {
            EquationKind::Number(value) => self.out.push_str(&self.notation.number(*value)),
            EquationKind::Reference(path, subscripts) => {
                self.out.push_str(&self.notation.path(path));
                self.subscripts(subscripts);
            }
            EquationKind::Call(path, arguments) => {
                let around = self.notation.call(path);
                self.out.push_str(&around.open);
                self.list(arguments, Pending::Text(around.close));
            }
            EquationKind::SubscriptedCall(path, subscripts, arguments) => {
                self.out.push_str(&self.notation.path(path));
                self.list(arguments, Pending::Word(")"));
                self.pending.push(Pending::Word("("));
                self.subscripts(subscripts);
            }
            EquationKind::Unary(op, operand) => {
                let sign = self.notation.unary(*op);
                self.out.push_str(sign.text);
                let least = if *op == UnaryOp::Not { sign.level.above() } else { sign.level };
                self.pending.push(Pending::Node(*operand, least));
            }
            EquationKind::Binary(op, left, right) => {
                let infix = self.notation.binary(*op);
                let (of_left, of_right) = if *op == BinaryOp::Pow {
                    (infix.level.above(), infix.level)
                } else {
                    (infix.level, infix.level.above())
                };
                self.pending.extend([
                    Pending::Node(*right, of_right),
                    Pending::Word(infix.text),
                    Pending::Node(*left, of_left),
                ]);
            }
            EquationKind::If(cond, then, otherwise) => self.choice([*cond, *then, *otherwise]),
            EquationKind::Wildcard(None) => self.out.push('*'),
            EquationKind::Wildcard(Some(dimension)) => {
                let (before, after) = self.notation.all_of();
                self.out.push_str(before);
                self.pending.extend([Pending::Word(after), Pending::Node(*dimension, Level::WHOLE)]);
            }
            EquationKind::Range(first, last) => {
                self.pending.extend([
                    Pending::Node(*last, Level::WHOLE),
                    Pending::Word(":"),
                    Pending::Node(*first, Level::WHOLE),
                ]);
            }
            EquationKind::Position(position) => {
                self.out.push('@');
                self.pending.push(Pending::Node(*position, Level::WHOLE));
            }
            EquationKind::Transpose(operand) => {
                self.pending.extend([Pending::Word("'"), Pending::Node(*operand, Level::OPERAND)]);
            }
            EquationKind::InnerProduct(left, right) => {
                let level = self.level(kind);
                self.pending.extend([
                    Pending::Node(*right, level.above()),
                    Pending::Word(" *.* "),
                    Pending::Node(*left, level),
                ]);
            }
        }
    }

    fn level(&self, kind: &EquationKind) -> Level {
        match kind {
            EquationKind::Number(value) if value.is_sign_negative() => self.notation.sign(),
            EquationKind::Unary(op, _) => self.notation.unary(*op).level,
            EquationKind::Binary(op, ..) => self.notation.binary(*op).level,
            EquationKind::If(..) => match self.notation.choice() {
                Choice::Words => Level::CHOICE,
                Choice::Call(_) => Level::OPERAND,
            },
            EquationKind::InnerProduct(..) => self.notation.binary(BinaryOp::Pow).level.above(),
            EquationKind::Number(_)
            | EquationKind::Reference(..)
            | EquationKind::Call(..)
            | EquationKind::SubscriptedCall(..)
            | EquationKind::Wildcard(_)
            | EquationKind::Range(..)
            | EquationKind::Position(_)
            | EquationKind::Transpose(_) => Level::OPERAND,
        }
    }

    /// A choice; one within the condition or the first branch of another has parentheses.
    fn choice(&mut self, [cond, then, otherwise]: [u32; 3]) {
        match self.notation.choice() {
            Choice::Words => {
                self.out.push_str("IF ");
                let inner = Level::CHOICE.above();
                self.pending.extend([
                    Pending::Node(otherwise, Level::WHOLE),
                    Pending::Word(" ELSE "),
                    Pending::Node(then, inner),
                    Pending::Word(" THEN "),
                    Pending::Node(cond, inner),
                ]);
            }
            Choice::Call(name) => {
                self.out.push_str(name);
                self.out.push('(');
                self.list(&[cond, then, otherwise], Pending::Word(")"));
            }
        }
    }

    /// Nodes with commas between them, and what is after them.
    fn list(&mut self, nodes: &[u32], close: Pending) {
        self.pending.push(close);
        for (position, &node) in nodes.iter().enumerate().rev() {
            self.pending.push(Pending::Node(node, Level::WHOLE));
            if position > 0 {
                self.pending.push(Pending::Word(", "));
            }
        }
    }

    /// `[a, b]`, or nothing.
    fn subscripts(&mut self, subscripts: &[u32]) {
        if !subscripts.is_empty() {
            self.list(subscripts, Pending::Word("]"));
            self.pending.push(Pending::Word("["));
        }
    }
}

/// The shortest decimal that reads back to the same number, without an exponent where that is short.
pub fn print_number(value: f64) -> String {
    let is_plain = value == 0.0 || (1e-5..1e15).contains(&value.abs());
    if is_plain { format!("{value}") } else { format!("{value:e}") }
}

/// How many bytes at the start of a text are a number without a sign: digits with an optional point and an optional exponent.
pub fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |at: usize| at + bytes[at.min(bytes.len())..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if end > 0 && matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    end
}

#[cfg(test)]
mod tests;
