//! The value of an equation of numbers, and of an expression of numbers and known variables.

use std::hint::black_box;

use kernel::function::Function;

use crate::definition::{Equation, EquationKind};
use crate::model::{BinaryOp, Expr, ExprKind, NodeId, PureFn, TimeSpec, UnaryOp, VarId};

/// The value of an equation built of numbers, operators and conditions alone. Such a variable is a constant that a host may set.
pub(in crate::sema) fn fold_literals(equation: &Equation) -> Option<f64> {
    let mut values: Vec<f64> = Vec::with_capacity(equation.nodes.len());
    for node in &equation.nodes {
        let operand = |id: u32| values[id as usize];
        values.push(match &node.kind {
            EquationKind::Number(value) => *value,
            EquationKind::Unary(UnaryOp::Neg, a) => -operand(*a),
            EquationKind::Unary(UnaryOp::Not, a) => truth(!is_true(operand(*a))),
            EquationKind::Binary(op, a, b) => fold_binary(*op, operand(*a), operand(*b))?,
            EquationKind::If(cond, then, otherwise) => {
                operand(if is_true(operand(*cond)) { *then } else { *otherwise })
            }
            EquationKind::Reference(..)
            | EquationKind::Call(..)
            | EquationKind::SubscriptedCall(..)
            | EquationKind::Wildcard(_)
            | EquationKind::Range(..)
            | EquationKind::Position(_)
            | EquationKind::Transpose(_)
            | EquationKind::InnerProduct(..) => return None,
        });
    }
    // A NaN has the bits of the machine that makes it, which artifacts must not have.
    values.last().map(|&value| if value.is_nan() { f64::from_bits(black_box(f64::NAN.to_bits())) } else { value })
}

/// All operators; powers with the digits of the kernel, which artifacts have. A division that is made safe must be one.
pub(in crate::sema) fn fold_binary(op: BinaryOp, a: f64, b: f64) -> Option<f64> {
    Some(match op {
        BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div => return fold_arithmetic(op, a, b),
        BinaryOp::SafeDiv if is_true(b) && !b.is_nan() => a / b,
        BinaryOp::SafeDiv => return None,
        BinaryOp::Pow => Function::Pow.eval(&[a, b]),
        BinaryOp::Mod => a - b * (a / b).floor(),
        BinaryOp::Eq => truth(a == b),
        BinaryOp::Ne => truth(a != b),
        BinaryOp::Lt => truth(a < b),
        BinaryOp::Le => truth(a <= b),
        BinaryOp::Gt => truth(a > b),
        BinaryOp::Ge => truth(a >= b),
        BinaryOp::And => truth(is_true(a) && is_true(b)),
        BinaryOp::Or => truth(is_true(a) || is_true(b)),
    })
}

/// Whether a number counts as true.
pub(in crate::sema) fn is_true(value: f64) -> bool {
    value != 0.0
}

/// The number of a truth.
pub(in crate::sema) fn truth(value: bool) -> f64 {
    if value { 1.0 } else { 0.0 }
}

/// Makes a time no less than a number: within the expression, or by a call of MAX.
pub(in crate::sema) fn limit_below(time: &mut Expr, least: f64) {
    let value = time.root();
    let span = time.node(value).span;
    if time.as_number().is_some_and(|time| time >= least) {
        return;
    }
    let least = time.push(ExprKind::Number(least), span);
    time.push(ExprKind::Call(PureFn::Max, vec![value, least]), span);
}

/// The four operations, which IEEE 754 defines to the bit.
pub(in crate::sema) fn fold_arithmetic(op: BinaryOp, a: f64, b: f64) -> Option<f64> {
    match op {
        BinaryOp::Add => Some(a + b),
        BinaryOp::Sub => Some(a - b),
        BinaryOp::Mul => Some(a * b),
        BinaryOp::Div => Some(a / b),
        BinaryOp::SafeDiv
        | BinaryOp::Mod
        | BinaryOp::Pow
        | BinaryOp::Eq
        | BinaryOp::Ne
        | BinaryOp::Lt
        | BinaryOp::Le
        | BinaryOp::Gt
        | BinaryOp::Ge
        | BinaryOp::And
        | BinaryOp::Or => None,
    }
}

/// The value of an expression of numbers and known variables, with arithmetic, INT, MAX and MIN.
pub(in crate::sema) fn eval_constant(expr: &Expr, known: impl Fn(VarId) -> Option<f64>) -> Option<f64> {
    let mut values: Vec<f64> = Vec::with_capacity(expr.nodes.len());
    for node in &expr.nodes {
        values.push(match &node.kind {
            ExprKind::Number(value) => *value,
            ExprKind::Var(var, _) => known(*var)?,
            ExprKind::Unary(UnaryOp::Neg, a) => -values[a.0 as usize],
            ExprKind::Binary(op, a, b) => {
                let (a, b) = (values[a.0 as usize], values[b.0 as usize]);
                fold_arithmetic(*op, a, b)?
            }
            ExprKind::Call(function, args) => match (function, args.as_slice()) {
                (PureFn::Int, [x]) => values[x.0 as usize].floor(),
                (PureFn::Max, [a, b]) => values[a.0 as usize].max(values[b.0 as usize]),
                (PureFn::Min, [a, b]) => values[a.0 as usize].min(values[b.0 as usize]),
                _ => return None,
            },
            ExprKind::Time
            | ExprKind::State(_)
            | ExprKind::Transport(_)
            | ExprKind::Vector(_)
            | ExprKind::Arrange(..)
            | ExprKind::Position(_)
            | ExprKind::Reduce(_)
            | ExprKind::Unary(UnaryOp::Not, _)
            | ExprKind::If { .. }
            | ExprKind::Lookup(..) => return None,
        });
    }
    values.last().copied()
}

/// The value at the start of an expression of numbers, known variables and the time.
pub(in crate::sema) fn eval_at_start(
    expr: &Expr,
    known: impl Fn(VarId) -> Option<f64>,
    time: &TimeSpec,
) -> Option<f64> {
    let truth = |value: bool| if value { 1.0 } else { 0.0 };
    let mut values: Vec<f64> = Vec::with_capacity(expr.nodes.len());
    for node in &expr.nodes {
        let value = |id: &NodeId| values[id.0 as usize];
        values.push(match &node.kind {
            ExprKind::Number(number) => *number,
            ExprKind::Time => time.start,
            ExprKind::Var(var, _) => known(*var)?,
            ExprKind::Unary(UnaryOp::Neg, a) => -value(a),
            ExprKind::Unary(UnaryOp::Not, a) => truth(value(a) == 0.0),
            ExprKind::If { cond, then, otherwise } => value(if value(cond) == 0.0 { otherwise } else { then }),
            ExprKind::Binary(op, a, b) => {
                let (a, b) = (value(a), value(b));
                match op {
                    BinaryOp::Eq => truth(a == b),
                    BinaryOp::Ne => truth(a != b),
                    BinaryOp::Lt => truth(a < b),
                    BinaryOp::Le => truth(a <= b),
                    BinaryOp::Gt => truth(a > b),
                    BinaryOp::Ge => truth(a >= b),
                    BinaryOp::And => truth(a != 0.0 && b != 0.0),
                    BinaryOp::Or => truth(a != 0.0 || b != 0.0),
                    BinaryOp::Add
                    | BinaryOp::Sub
                    | BinaryOp::Mul
                    | BinaryOp::Div
                    | BinaryOp::SafeDiv
                    | BinaryOp::Mod
                    | BinaryOp::Pow => fold_arithmetic(*op, a, b)?,
                }
            }
            ExprKind::Call(function, args) => match (function, args.as_slice()) {
                (PureFn::StepTime, []) => time.start,
                (PureFn::Int, [x]) => value(x).floor(),
                (PureFn::Max, [a, b]) => value(a).max(value(b)),
                (PureFn::Min, [a, b]) => value(a).min(value(b)),
                (PureFn::Step, [height, first]) if time.start + time.dt / 2.0 > value(first) => value(height),
                (PureFn::Step, [_, _]) => 0.0,
                (PureFn::Ramp, [_, first, _]) if time.start <= value(first) => 0.0,
                _ => return None,
            },
            ExprKind::State(_)
            | ExprKind::Transport(_)
            | ExprKind::Vector(_)
            | ExprKind::Arrange(..)
            | ExprKind::Position(_)
            | ExprKind::Reduce(_)
            | ExprKind::Lookup(..) => return None,
        });
    }
    values.last().copied()
}

#[cfg(test)]
mod tests;
