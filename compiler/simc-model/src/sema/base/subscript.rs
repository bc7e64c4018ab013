//! Equations of one element: what follows from its position alone. Which element a computed subscript names is then known, and so may be
//! which branch of a choice counts.

use crate::model::{Base, Expr, ExprKind, ExprNode, Extent, Index, NodeId, PureFn, UnaryOp, VarId};
use crate::sema::base::constant::{fold_binary, is_true, truth};

/// Takes reads out of an expression that the loops around it show to be none, where each loop that matters has one position: computed
/// subscripts become the elements that they name, and what only a branch reads that is never taken becomes 0. A subscript that names no
/// element stays: what it gives is for the run to say. `len` is that of a dimension of a variable.
pub(in crate::sema) fn fix(expr: &mut Expr, loops: &[Extent], len: impl Fn(VarId, usize) -> u32) {
    let mut pending = vec![expr];
    while let Some(expr) = pending.pop() {
        if !expr.nodes.iter().any(|node| is_read(&node.kind)) {
            continue;
        }
        let known = values(&expr.nodes, loops);
        let counts = counting(&expr.nodes, &known);
        for (node, counts) in expr.nodes.iter_mut().zip(counts) {
            if !counts && is_read(&node.kind) {
                node.kind = ExprKind::Number(0.0);
            }
            if let ExprKind::Var(var, indices) = &mut node.kind {
                for (dim, index) in indices.iter_mut().enumerate() {
                    let Index::Computed(NodeId(at)) = *index else { continue };
                    let is_element = |number: &f64| (1.0..=f64::from(len(*var, dim))).contains(number);
                    if let Some(number) = known[at as usize].map(f64::floor).filter(is_element) {
                        *index = Index::Fixed(number as u32 - 1);
                    }
                }
            } else if let ExprKind::Reduce(reduce) = &mut node.kind {
                pending.push(&mut reduce.body);
            }
        }
    }
}

/// Whether it reads variables.
fn is_read(kind: &ExprKind) -> bool {
    matches!(kind, ExprKind::Var(..) | ExprKind::Reduce(_))
}

/// Which nodes the value of the last one depends on.
fn counting(nodes: &[ExprNode], known: &[Option<f64>]) -> Vec<bool> {
    let mut counts = vec![false; nodes.len()];
    if let Some(last) = counts.last_mut() {
        *last = true;
    }
    for index in (0..nodes.len()).rev() {
        if !counts[index] {
            continue;
        }
        let mut skipped = None;
        if let ExprKind::If { cond, then, otherwise } = &nodes[index].kind
            && then != otherwise
        {
            skipped = known[cond.0 as usize].map(|cond| if is_true(cond) { *otherwise } else { *then });
        }
        for operand in nodes[index].kind.operands() {
            counts[operand.0 as usize] |= Some(operand) != skipped;
        }
    }
    counts
}

/// What each node is, where that follows from numbers and from loops with one position.
fn values(nodes: &[ExprNode], loops: &[Extent]) -> Vec<Option<f64>> {
    let mut values: Vec<Option<f64>> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let value = |id: &NodeId| values[id.0 as usize];
        values.push(match &node.kind {
            ExprKind::Number(number) => Some(*number),
            ExprKind::Position(index) => position(*index, loops),
            ExprKind::Unary(UnaryOp::Neg, a) => value(a).map(|a| -a),
            ExprKind::Unary(UnaryOp::Not, a) => value(a).map(|a| truth(!is_true(a))),
            ExprKind::Binary(op, a, b) => value(a).zip(value(b)).and_then(|(a, b)| fold_binary(*op, a, b)),
            ExprKind::If { cond, then, otherwise } => {
                value(cond).and_then(|cond| value(if is_true(cond) { then } else { otherwise }))
            }
            ExprKind::Call(PureFn::Int, args) => args.first().and_then(value).map(f64::floor),
            ExprKind::Call(PureFn::Max, args) => both(args, value).map(|(a, b)| a.max(b)),
            ExprKind::Call(PureFn::Min, args) => both(args, value).map(|(a, b)| a.min(b)),
            ExprKind::Time
            | ExprKind::Var(..)
            | ExprKind::Transport(_)
            | ExprKind::Vector(_)
            | ExprKind::Arrange(..)
            | ExprKind::State(_)
            | ExprKind::Reduce(_)
            | ExprKind::Call(..)
            | ExprKind::Lookup(..) => None,
        });
    }
    values
}

fn both(args: &[NodeId], value: impl Fn(&NodeId) -> Option<f64>) -> Option<(f64, f64)> {
    let [a, b] = args else { return None };
    value(a).zip(value(b))
}

/// The number of a position, counted from 1.
fn position(index: Index, loops: &[Extent]) -> Option<f64> {
    match index {
        Index::Fixed(at) => Some(f64::from(at) + 1.0),
        Index::Moving { base: Base::Loop(n), offset } => {
            let extent = loops.get(n as usize).filter(|extent| extent.len == 1)?;
            Some((i64::from(extent.start) + offset) as f64 + 1.0)
        }
        Index::Moving { .. } | Index::Computed(_) => None,
    }
}
