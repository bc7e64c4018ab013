//! What equations are before the first step. `IF TIME = STARTTIME THEN a ELSE b` is `a` there, so that an initial value may follow from
//! it even though `b` follows from that initial value.

use crate::model::{BinaryOp, Clause, Def, Expr, ExprKind, NodeId, Reduce};
use crate::sema::base::inline;
use crate::sema::builder::model_builder::ModelBuilder;

/// Gives each equation that asks whether it is the start what it is there.
pub(in crate::sema) fn resolve_starts(builder: &mut ModelBuilder, start: f64) {
    for var in builder.vars_mut() {
        match &mut var.def {
            Def::Formula(clauses) | Def::Stock { init: clauses, .. } => {
                for clause in clauses {
                    let Clause { expr, start: first, .. } = clause;
                    let resolved = resolve_at_start(first.as_ref().unwrap_or(expr), start);
                    *first = resolved.or_else(|| first.take());
                }
            }
            Def::Constant(_) | Def::Lookup(_) => {}
        }
    }
}

/// The expression at t = start, if that is a shorter one.
fn resolve_at_start(expr: &Expr, start: f64) -> Option<Expr> {
    let mut bodies: Vec<Option<Reduce>> = Vec::with_capacity(expr.nodes.len());
    // What each node is at the start: itself, or the branch that is taken.
    let mut taken: Vec<NodeId> = Vec::with_capacity(expr.nodes.len());
    for (id, node) in (0u32..).map(NodeId).zip(&expr.nodes) {
        bodies.push(if let ExprKind::Reduce(reduce) = &node.kind {
            resolve_at_start(&reduce.body, start).map(|body| Reduce { body, ..(**reduce).clone() })
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
    (!is_same).then(|| inline::keep_needed(expr, &taken, bodies))
}

/// Whether a condition is `TIME = STARTTIME`.
fn asks_for_start(expr: &Expr, cond: NodeId, start: f64) -> bool {
    let ExprKind::Binary(BinaryOp::Eq, a, b) = expr.node(cond).kind else { return false };
    let is_time = |id: NodeId| matches!(expr.node(id).kind, ExprKind::Time);
    let is_start = |id: NodeId| matches!(expr.node(id).kind, ExprKind::Number(value) if value == start);
    is_time(a) && is_start(b) || is_start(a) && is_time(b)
}
