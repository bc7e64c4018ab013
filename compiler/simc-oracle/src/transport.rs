//! What conveyors and queues take at the start and in a step: the values of their expressions.

use simc_model::model::{Belt, BeltPort, Expr, ExprKind, StateId};

use crate::eval::Spot;

/// What a belt is charged with at the start.
pub(crate) fn eval_start(model: &Belt, now: &Spot<'_>) -> Vec<f64> {
    model.start.iter().map(|expr| now.eval_expr(expr)).collect()
}

/// What a belt needs to advance.
pub(crate) fn eval_advance(model: &Belt, now: &Spot<'_>) -> Vec<f64> {
    model.advance.iter().map(|expr| now.eval_expr(expr)).collect()
}

/// The belts whose leaks are inflows of this one, with what these are traced with.
pub(crate) fn eval_traces(model: &Belt, now: &Spot<'_>) -> Vec<(StateId, Vec<f64>)> {
    let traced = |expr: &Expr| {
        let ExprKind::Belt(read) = &expr.node(expr.root()).kind else { return None };
        let values = now.eval_nodes(expr);
        let args = read.args.iter().map(|arg| values[arg.0 as usize]).collect();
        matches!(read.port, BeltPort::Trace(_)).then_some((read.state, args))
    };
    model.advance.iter().filter_map(traced).collect()
}
