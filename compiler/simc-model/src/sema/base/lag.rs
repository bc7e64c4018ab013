//! HISTORY of a time that always lies as far back as steps are long: what it gives is known before the step.

use crate::model::{BinaryOp, Expr, ExprKind, Method, State, StateKind, TimeSpec, VarId};
use crate::sema::base::constant::eval_constant;
use crate::sema::base::inline;

/// What HISTORY adds before it rounds down, in steps.
const TOLERANCE: f64 = 1e-6;

/// Makes HISTORY at `TIME - lag` the pipeline that gives the same numbers, as long as the lag is known and comes to a step or more: the
/// input of the present step does not matter then. `number` gives what a variable always is. Says whether it did. Stages of a
/// Runge-Kutta step ask for times of their own, so that there HISTORY stays.
pub(in crate::sema) fn shorten(state: &mut State, spec: &TimeSpec, number: impl Fn(VarId) -> Option<f64>) -> bool {
    if state.kind != StateKind::History || spec.method != Method::Euler {
        return false;
    }
    let lag = state.time.as_ref().and_then(|time| lag(time, number));
    let Some(n) = lag.and_then(|lag| steps(lag, spec)) else { return false };
    state.kind = StateKind::Pipeline;
    state.time = Some(Expr::number(n * spec.dt, state.span));
    state.init = Some(Expr::number(0.0, state.span));
    true
}

/// How far before the present an expression lies, if it is the time less what is known.
fn lag(expr: &Expr, number: impl Fn(VarId) -> Option<f64>) -> Option<f64> {
    let known = |node| eval_constant(&inline::part_of(expr, node), &number);
    let mut node = expr.root();
    let mut lag = 0.0;
    loop {
        let kind = &expr.node(node).kind;
        if let ExprKind::Time = kind {
            return Some(lag);
        } else if let ExprKind::Binary(BinaryOp::Sub, a, b) = kind {
            (node, lag) = (*a, lag + known(*b)?);
        } else if let ExprKind::Binary(BinaryOp::Add, a, b) = kind {
            (node, lag) = match known(*b) {
                Some(number) => (*a, lag - number),
                None => (*b, lag - known(*a)?),
            };
        } else {
            return None;
        }
    }
}

/// How many steps back HISTORY looks for a lag; none where rounding could make it another number, or where it may be the present step.
fn steps(lag: f64, spec: &TimeSpec) -> Option<f64> {
    let passed = lag / spec.dt - TOLERANCE;
    let is_exact = (passed - passed.round()).abs() > TOLERANCE / 2.0;
    let is_small = spec.start.abs() / spec.dt + spec.n_steps as f64 + passed.abs() < 1e8;
    (is_exact && is_small && passed.ceil() >= 1.0).then(|| passed.ceil())
}

#[cfg(test)]
mod tests;
