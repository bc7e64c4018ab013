//! What equations are before the first step. `IF TIME = STARTTIME THEN a ELSE b` is `a` there, so that an initial value may follow from
//! it even though `b` follows from that initial value.

use crate::model::{BinaryOp, Def, Expr, ExprKind, ExprNode, NodeId, Piece, Reduce};
use crate::sema::base::inline;
use crate::sema::declare::variables::ModelBuilder;

/// Gives each equation that asks whether it is the start what it is there.
pub(in crate::sema) fn resolve_starts(builder: &mut ModelBuilder, start: f64) {
    for var in &mut builder.vars {
        match &mut var.def {
            Def::Formula(pieces) | Def::Stock { init: pieces, .. } => {
                for piece in pieces {
                    let Piece { expr, start: first, .. } = piece;
                    let settled = settle(first.as_ref().unwrap_or(expr), start);
                    *first = settled.or_else(|| first.take());
                }
            }
            Def::Constant(_) | Def::Lookup(_) => {}
        }
    }
}

/// The expression at t = start, if that is a shorter one.
fn settle(expr: &Expr, start: f64) -> Option<Expr> {
    let mut bodies: Vec<Option<Reduce>> = Vec::with_capacity(expr.nodes.len());
    // What each node is at the start: itself, or the branch that is taken.
    let mut taken: Vec<NodeId> = Vec::with_capacity(expr.nodes.len());
    for (id, node) in (0u32..).map(NodeId).zip(&expr.nodes) {
        bodies.push(if let ExprKind::Reduce(reduce) = &node.kind {
            settle(&reduce.body, start).map(|body| Reduce { body, ..(**reduce).clone() })
        } else {
            None
        });
        taken.push(
            if let ExprKind::If { cond, then, .. } = node.kind
                && asks_for_start(expr, taken[cond.0 as usize], start)
            {
                taken[then.0 as usize]
            } else {
                id
            },
        );
    }
    let is_same = bodies.iter().all(Option::is_none) && (0u32..).zip(&taken).all(|(id, taken)| taken.0 == id);
    (!is_same).then(|| keep_needed(expr, &taken, bodies))
}

/// A node of an expression as an expression of its own.
pub(in crate::sema) fn part_of(expr: &Expr, node: NodeId) -> Expr {
    let mut taken: Vec<NodeId> = (0u32..).map(NodeId).take(expr.nodes.len()).collect();
    taken[expr.root().0 as usize] = node;
    keep_needed(expr, &taken, vec![None; expr.nodes.len()])
}

/// Whether a condition is `TIME = STARTTIME`.
fn asks_for_start(expr: &Expr, cond: NodeId, start: f64) -> bool {
    let ExprKind::Binary(BinaryOp::Eq, a, b) = expr.node(cond).kind else { return false };
    let is_time = |id: NodeId| matches!(expr.node(id).kind, ExprKind::Time);
    let is_start = |id: NodeId| matches!(expr.node(id).kind, ExprKind::Number(value) if value == start);
    is_time(a) && is_start(b) || is_start(a) && is_time(b)
}

/// The nodes that the result needs, each operand in the place of which another one is `taken` replaced by that.
fn keep_needed(expr: &Expr, taken: &[NodeId], mut bodies: Vec<Option<Reduce>>) -> Expr {
    let mut is_needed = vec![false; expr.nodes.len()];
    is_needed[taken[expr.root().0 as usize].0 as usize] = true;
    for (index, node) in expr.nodes.iter().enumerate().rev() {
        if is_needed[index] {
            inline::move_operands(&node.kind, |operand| {
                is_needed[taken[operand.0 as usize].0 as usize] = true;
                operand
            });
        }
    }
    let mut kept = Expr::default();
    let mut places = vec![NodeId(0); expr.nodes.len()];
    for (index, ExprNode { kind, span }) in expr.nodes.iter().enumerate() {
        if is_needed[index] {
            let kind = match bodies[index].take() {
                Some(reduce) => ExprKind::Reduce(Box::new(reduce)),
                None => inline::move_operands(kind, |operand| places[taken[operand.0 as usize].0 as usize]),
            };
            places[index] = kept.push(kind, *span);
        }
    }
    kept
}
