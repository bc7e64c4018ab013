//! Functions of whole vectors. What they are is the kernel's; here they get their inputs.

use kernel::vector;
use simc_model::model::{Expr, ExprKind, NodeId, Reduce, ReduceOp, State};

use crate::eval::Spot;
use crate::shape::positions;

/// What a vector function gives, row-major over the extents of its inputs.
pub(crate) fn eval_vector(state: &State, now: &Spot<'_>) -> Vec<f64> {
    let (function, extents) = state.vector().expect("the state is a vector function");
    let n = positions(extents).count();
    let mut block = Vec::with_capacity(function.rows() * n);
    for &list in state.lists() {
        let ExprKind::Reduce(list) = &state.input.node(list).kind else { unreachable!("inputs are lists") };
        block.extend(eval_list(list, now));
    }
    block.resize(function.rows() * n, 0.0);
    let numbers = eval_numbers(&state.input, now);
    vector::arrange(function, &mut block, n, &numbers);
    block[function.inputs() * n..][..n].to_vec()
}

/// How many numbers are at hand while a vector function is computed.
pub(crate) fn numbers(state: &State) -> u64 {
    let (function, extents) = state.vector().expect("the state is a vector function");
    let n = extents.iter().fold(1, |n, extent| u64::saturating_mul(n, u64::from(extent.len)));
    n.saturating_mul(function.rows() as u64)
}

/// The values of an input.
fn eval_list<'a>(list: &'a Reduce, now: &'a Spot<'_>) -> impl Iterator<Item = f64> + 'a {
    positions(&list.extents).map(|position| {
        let bounds = [now.bounds, &position].concat();
        Spot { bounds: &bounds, ..*now }.eval_expr(&list.body)
    })
}

/// The single numbers: what the result of the expression takes besides its lists.
fn eval_numbers(input: &Expr, now: &Spot<'_>) -> Vec<f64> {
    let is_list = |kind: &ExprKind| matches!(kind, ExprKind::Reduce(reduce) if reduce.op == ReduceOp::List);
    let mut values = Vec::with_capacity(input.nodes.len());
    for node in &input.nodes {
        if let ExprKind::Arrange(function, operands) = &node.kind {
            let value = |id: &NodeId| values[id.0 as usize];
            return operands[function.inputs()..].iter().map(value).collect();
        }
        let value = if is_list(&node.kind) { f64::NAN } else { now.eval_node(&node.kind, &values) };
        values.push(value);
    }
    unreachable!("the input of a vector function ends with what it gives")
}
