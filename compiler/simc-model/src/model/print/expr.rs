//! Expressions of the resolved model, written the way equations are.

use crate::model::dimension::Extent;
use crate::model::expr::{BinaryOp, Expr, ExprKind, Reduce, ReduceOp, TableRef, UnaryOp};
use crate::model::index::{Base, Index, NodeId};
use crate::model::resolved::Model;

/// Prints an expression the way an equation is written, with parentheses where they are needed.
pub fn print_expr(model: &Model, expr: &Expr) -> String {
    let mut text = String::new();
    // What is still to be written, last one first: no expression is too deep.
    let mut pending = vec![Part::Node(expr.root(), 0)];
    while let Some(part) = pending.pop() {
        match part {
            Part::Text(part) => text.push_str(part),
            Part::Made(part) => text.push_str(&part),
            Part::Node(id, outer) => {
                let kind = &expr.node(id).kind;
                let needs_parentheses = precedence(kind) < outer;
                if needs_parentheses {
                    text.push('(');
                    pending.push(Part::Text(")"));
                }
                push_parts(model, kind, &mut text, &mut pending);
            }
        }
    }
    text
}

/// A part of an expression's text.
enum Part {
    /// As it is.
    Text(&'static str),
    /// As it is, made for the occasion.
    Made(String),
    /// A node, in parentheses if it binds less than this.
    Node(NodeId, u8),
}

/// How tightly a node binds its operands; higher is tighter.
fn precedence(kind: &ExprKind) -> u8 {
    match kind {
        ExprKind::If { .. } => 1,
        ExprKind::Binary(op, ..) => binary(*op).1,
        ExprKind::Unary(..) => 8,
        ExprKind::Number(value) if value.is_sign_negative() => 8,
        ExprKind::Number(_)
        | ExprKind::Time
        | ExprKind::Var(..)
        | ExprKind::State(_)
        | ExprKind::Transport(_)
        | ExprKind::Vector(_)
        | ExprKind::Arrange(..)
        | ExprKind::Position(_)
        | ExprKind::Reduce(_)
        | ExprKind::Call(..)
        | ExprKind::Lookup(..) => 10,
    }
}

/// Symbol and precedence of an operator.
fn binary(op: BinaryOp) -> (&'static str, u8) {
    match op {
        BinaryOp::Or => (" OR ", 2),
        BinaryOp::And => (" AND ", 3),
        BinaryOp::Eq => (" = ", 4),
        BinaryOp::Ne => (" <> ", 4),
        BinaryOp::Lt => (" < ", 5),
        BinaryOp::Le => (" <= ", 5),
        BinaryOp::Gt => (" > ", 5),
        BinaryOp::Ge => (" >= ", 5),
        BinaryOp::Add => (" + ", 6),
        BinaryOp::Sub => (" - ", 6),
        BinaryOp::Mul => ("*", 7),
        BinaryOp::Div => ("/", 7),
        BinaryOp::SafeDiv => ("//", 7),
        BinaryOp::Mod => (" MOD ", 7),
        BinaryOp::Pow => ("^", 9),
    }
}

/// Writes the beginning of a node and leaves the rest, last part first.
fn push_parts(model: &Model, kind: &ExprKind, text: &mut String, pending: &mut Vec<Part>) {
    match kind {
        ExprKind::Number(value) => text.push_str(&show_number(*value)),
        ExprKind::Time => text.push_str("TIME"),
        ExprKind::Var(id, indices) => {
            let var = model.var(*id);
            text.push_str(&show_name(&var.name));
            let element = |position: usize, index: u32| {
                let dim = var.dims.get(position).and_then(|dim| model.dims.get(dim.0 as usize));
                dim.and_then(|dim| dim.elements.get(index as usize)).map(|name| show_name(name))
            };
            push_indices(indices, element, pending);
        }
        ExprKind::Position(index) => {
            text.push('@');
            push_index(*index, None, pending);
        }
        ExprKind::Reduce(reduce) => print_reduce(model, reduce, text),
        ExprKind::State(id) => text.push_str(&format!("state#{}", id.0)),
        ExprKind::Transport(read) => {
            text.push_str(&format!("state#{}", read.state.0));
            push_arguments(&read.args, pending);
            let query = if read.noted_with.is_some() { "trace" } else { read.query.name() };
            pending.push(Part::Made(format!(".{query}")));
            push_indices(&read.indices, |_, _| None, pending);
        }
        ExprKind::Vector(read) => {
            text.push_str(&format!("state#{}", read.state.0));
            push_indices(&read.element, |_, _| None, pending);
            push_indices(&read.indices, |_, _| None, pending);
        }
        ExprKind::Arrange(function, operands) => {
            text.push_str(function.name());
            push_arguments(operands, pending);
        }
        ExprKind::Unary(op, a) => {
            text.push_str(match op {
                UnaryOp::Neg => "-",
                UnaryOp::Not => "NOT ",
            });
            pending.push(Part::Node(*a, 8));
        }
        ExprKind::Binary(op, a, b) => {
            let (symbol, level) = binary(*op);
            // `^` groups to the right, all others to the left.
            let (left, right) = if *op == BinaryOp::Pow { (level + 1, level) } else { (level, level + 1) };
            pending.extend([Part::Node(*b, right), Part::Text(symbol), Part::Node(*a, left)]);
        }
        ExprKind::If { cond, then, otherwise } => {
            text.push_str("IF ");
            pending.extend([Part::Node(*otherwise, 0), Part::Text(" ELSE "), Part::Node(*then, 0)]);
            pending.extend([Part::Text(" THEN "), Part::Node(*cond, 0)]);
        }
        ExprKind::Call(function, args) => {
            text.push_str(function.name());
            push_arguments(args, pending);
        }
        ExprKind::Lookup(table, x) => {
            push_arguments(&[*x], pending);
            match table {
                TableRef::One(table) => text.push_str(&show_name(&model.table(*table).name)),
                TableRef::Each { tables, indices, .. } => {
                    let name = tables.first().map_or("", |&table| &model.table(table).name);
                    text.push_str(&show_name(name.split('[').next().unwrap_or(name)));
                    push_indices(indices, |_, _| None, pending);
                }
            }
        }
    }
}

/// `SUM(j0 in Dim 1..3: body)`; the loops of the reducers around are `j0`, `j1`, ... from the outermost. Reducers nest a few
/// levels only, so that recursion is bounded.
fn print_reduce(model: &Model, reduce: &Reduce, text: &mut String) {
    let name = match reduce.op {
        ReduceOp::Sum => "SUM",
        ReduceOp::Product => "PROD",
        ReduceOp::Min => "MIN",
        ReduceOp::Max => "MAX",
        ReduceOp::Mean => "MEAN",
        ReduceOp::StdDev => "STDDEV",
        ReduceOp::List => "LIST",
    };
    let extents: Vec<String> = reduce.extents.iter().map(|extent| show_extent(model, extent)).collect();
    let body = print_expr(model, &reduce.body);
    text.push_str(&format!("{name}({}: {body})", extents.join(", ")));
}

/// `Dim`, or `Dim 2..3` where only a part of it is meant; positions count from 1.
pub(super) fn show_extent(model: &Model, extent: &Extent) -> String {
    let dim = &model.dims[extent.dim.0 as usize];
    let name = show_name(&dim.name);
    if extent.start == 0 && extent.len as usize == dim.elements.len() {
        return name;
    }
    let last = extent.start + extent.len;
    if extent.len == 1 { format!("{name} {last}") } else { format!("{name} {}..{last}", extent.start + 1) }
}

/// `[a, b]`, or nothing.
fn push_indices(indices: &[Index], element: impl Fn(usize, u32) -> Option<String>, pending: &mut Vec<Part>) {
    for (position, &index) in indices.iter().enumerate().rev() {
        pending.push(Part::Text(if position + 1 == indices.len() { "]" } else { ", " }));
        let name = if let Index::Fixed(at) = index { element(position, at) } else { None };
        push_index(index, name, pending);
    }
    if !indices.is_empty() {
        pending.push(Part::Text("["));
    }
}

/// A subscript: an element's name or number, a loop's position `i0` or `j0` with what is added to it, or an expression.
fn push_index(index: Index, name: Option<String>, pending: &mut Vec<Part>) {
    match index {
        Index::Fixed(at) => pending.push(Part::Made(name.unwrap_or_else(|| (u64::from(at) + 1).to_string()))),
        Index::Moving { base, offset } => {
            let (letter, n) = match base {
                Base::Loop(n) => ('i', n),
                Base::Bound(n) => ('j', n),
            };
            let moved = if offset == 0 { String::new() } else { format!("{offset:+}") };
            pending.push(Part::Made(format!("{letter}{n}{moved}")));
        }
        Index::Computed(node) => pending.push(Part::Node(node, 0)),
    }
}

fn push_arguments(args: &[NodeId], pending: &mut Vec<Part>) {
    pending.push(Part::Text(if args.is_empty() { "()" } else { ")" }));
    for (index, &arg) in args.iter().enumerate().rev() {
        pending.push(Part::Node(arg, 0));
        pending.push(Part::Text(if index == 0 { "(" } else { ", " }));
    }
}

/// The shortest decimal that reads back as the same number.
pub(super) fn show_number(value: f64) -> String {
    if value.is_nan() {
        "NAN".to_owned()
    } else if value.is_infinite() {
        if value.is_sign_positive() { "INF".to_owned() } else { "-INF".to_owned() }
    } else if value == value.trunc() && value.abs() < 1e15 {
        format!("{value}")
    } else {
        format!("{value:?}")
    }
}

/// A name as an equation writes it, in quotes where it needs them.
pub(super) fn show_name(name: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | ' ' | '.') || !c.is_ascii();
    if name.chars().all(is_plain) && !name.starts_with(|c: char| c.is_ascii_digit()) {
        name.replace(' ', "_")
    } else {
        format!("{name:?}")
    }
}
