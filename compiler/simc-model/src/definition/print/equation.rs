//! Equations as prefix expressions: `(+ a (* 2.0 b))`. The order of evaluation can be read off, whatever the grouping was.

use crate::definition::{Equation, EquationKind, Name, Path};
use crate::model::{BinaryOp, UnaryOp};

/// Something still to be printed.
enum Pending {
    Node(u32),
    Text(String),
}

/// An equation as text. Depth costs no stack.
pub fn print_equation(equation: &Equation) -> String {
    let mut out = String::new();
    let Some(root) = equation.nodes.len().checked_sub(1) else { return out };
    let mut pending = vec![Pending::Node(u32::try_from(root).expect("an equation has fewer than 2^32 nodes"))];
    while let Some(next) = pending.pop() {
        match next {
            Pending::Text(text) => out.push_str(&text),
            Pending::Node(node) => print_node(&mut out, &equation.nodes[node as usize].kind, &mut pending),
        }
    }
    out
}

/// Prints how a node begins and leaves what follows in `pending`, last thing first.
fn print_node(out: &mut String, kind: &EquationKind, pending: &mut Vec<Pending>) {
    match kind {
        EquationKind::Number(value) => out.push_str(&format!("{value:?}")),
        EquationKind::Reference(path, subscripts) => {
            out.push_str(&print_path(path));
            print_subscripts(subscripts, pending);
        }
        EquationKind::Call(path, arguments) => print_form(out, &print_path(path), arguments, pending),
        EquationKind::SubscriptedCall(path, subscripts, arguments) => {
            out.push_str(&format!("({}", print_path(path)));
            print_operands(arguments, pending);
            print_subscripts(subscripts, pending);
        }
        EquationKind::Unary(op, operand) => print_form(out, unary_symbol(*op), &[*operand], pending),
        EquationKind::Binary(op, left, right) => print_form(out, binary_symbol(*op), &[*left, *right], pending),
        EquationKind::If(cond, then, otherwise) => print_form(out, "if", &[*cond, *then, *otherwise], pending),
        EquationKind::Wildcard(None) => out.push('*'),
        EquationKind::Wildcard(Some(dimension)) => print_form(out, "all", &[*dimension], pending),
        EquationKind::Range(first, last) => print_form(out, "range", &[*first, *last], pending),
        EquationKind::Position(position) => print_form(out, "@", &[*position], pending),
        EquationKind::Transpose(operand) => print_form(out, "transpose", &[*operand], pending),
        EquationKind::InnerProduct(left, right) => print_form(out, "*.*", &[*left, *right], pending),
    }
}

/// `(head operand operand ...)`.
fn print_form(out: &mut String, head: &str, operands: &[u32], pending: &mut Vec<Pending>) {
    out.push('(');
    out.push_str(head);
    print_operands(operands, pending);
}

/// A blank before each operand and the closing parenthesis.
fn print_operands(operands: &[u32], pending: &mut Vec<Pending>) {
    pending.push(Pending::Text(")".to_owned()));
    for &operand in operands.iter().rev() {
        pending.push(Pending::Node(operand));
        pending.push(Pending::Text(" ".to_owned()));
    }
}

/// `[a, b]`, or nothing.
fn print_subscripts(subscripts: &[u32], pending: &mut Vec<Pending>) {
    for (position, &subscript) in subscripts.iter().enumerate().rev() {
        let last = position + 1 == subscripts.len();
        pending.push(Pending::Text(if last { "]" } else { ", " }.to_owned()));
        pending.push(Pending::Node(subscript));
    }
    if !subscripts.is_empty() {
        pending.push(Pending::Text("[".to_owned()));
    }
}

/// A dotted path.
pub(super) fn print_path(path: &Path) -> String {
    let names: Vec<String> = path.parts.iter().map(print_name).collect();
    format!("{}{}", if path.absolute { "." } else { "" }, names.join("."))
}

/// A name, in quotes when it needs them in an equation.
pub(super) fn print_name(name: &Name) -> String {
    let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let is_plain = name.text.chars().all(plain) && !name.text.starts_with(|c: char| c.is_ascii_digit());
    if is_plain && !name.text.is_empty() { name.text.clone() } else { format!("{:?}", name.text) }
}

fn unary_symbol(op: UnaryOp) -> &'static str {
    match op {
        UnaryOp::Neg => "-",
        UnaryOp::Not => "not",
    }
}

fn binary_symbol(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::SafeDiv => "//",
        BinaryOp::Mod => "mod",
        BinaryOp::Pow => "^",
        BinaryOp::Eq => "=",
        BinaryOp::Ne => "<>",
        BinaryOp::Lt => "<",
        BinaryOp::Le => "<=",
        BinaryOp::Gt => ">",
        BinaryOp::Ge => ">=",
        BinaryOp::And => "and",
        BinaryOp::Or => "or",
    }
}
