//! Equations of one element: what follows from its position alone. Which element a computed subscript names is then known, and so may be
//! which branch of a choice counts.

use crate::model::{
    Base, BinaryOp, Expr, ExprKind, ExprNode, Extent, Index, NodeId, PureFn, Reduce, ReduceOp, UnaryOp, VarId,
};
use crate::sema::base::constant::{fold_binary, is_true, truth};

/// What is known of variables outside of the expression.
pub(in crate::sema) struct Outside<'o> {
    /// The size of a dimension of a variable.
    pub(in crate::sema) len: &'o dyn Fn(VarId, usize) -> u32,
    /// The number that the element of a variable at these positions always has, where that may count as known.
    pub(in crate::sema) number: &'o dyn Fn(VarId, &[u32]) -> Option<f64>,
    /// What a read gives whose subscript names no element.
    pub(in crate::sema) invalid_index: f64,
}

/// Takes reads out of an expression that the loops around it show to be none, where each loop that matters has one position: computed
/// subscripts become the elements that they name, or the number that stands for none; ranges whose ends are computed become those between
/// these ends; and what only a branch reads that is never taken becomes 0. `depth` says how many extents reducers around the
/// expression run over; `used` gets the variables whose numbers have told which elements are read. Says whether anything was settled.
pub(in crate::sema) fn fix(
    expr: &mut Expr,
    depth: usize,
    loops: &[Extent],
    outside: &Outside<'_>,
    used: &mut Vec<VarId>,
) -> bool {
    let mut is_any = false;
    let mut pending = vec![(expr, depth)];
    while let Some((expr, depth)) = pending.pop() {
        if !expr.nodes.iter().any(|node| is_read(&node.kind)) {
            continue;
        }
        let known = values(&expr.nodes, loops, &|_, _| None);
        let counts = counting(&expr.nodes, &known);
        let with_numbers = values(&expr.nodes, loops, outside.number);
        for (at, &counts) in counts.iter().enumerate() {
            let kind = &expr.nodes[at].kind;
            let fixed = if !counts && is_read(kind) {
                Some(ExprKind::Number(0.0))
            } else if let ExprKind::Var(var, indices) = kind {
                fix_read(*var, indices, &with_numbers, outside)
            } else {
                None
            };
            if let Some(fixed) = fixed {
                used.extend(numbers_below(&expr.nodes, &computed_of(kind), &known));
                expr.nodes[at].kind = fixed;
                is_any = true;
            }
        }
        for node in &mut expr.nodes {
            if let ExprKind::Reduce(reduce) = &mut node.kind {
                let before = reduce.extents.clone();
                let neutral = narrow(reduce, depth, loops, outside, used);
                is_any |= neutral.is_some() || reduce.extents != before;
                if let Some(neutral) = neutral {
                    node.kind = ExprKind::Number(neutral);
                }
            }
        }
        for node in &mut expr.nodes {
            if let ExprKind::Reduce(reduce) = &mut node.kind {
                let within = depth + reduce.extents.len();
                pending.push((&mut reduce.body, within));
            }
        }
    }
    is_any
}

/// A read whose computed subscripts are known: of the elements that they name, or of none. Nothing where none is known.
fn fix_read(var: VarId, indices: &[Index], known: &[Option<f64>], outside: &Outside<'_>) -> Option<ExprKind> {
    let mut fixed = indices.to_vec();
    for (dim, index) in fixed.iter_mut().enumerate() {
        let Index::Computed(NodeId(at)) = *index else { continue };
        let Some(number) = known[at as usize].map(f64::floor) else { continue };
        if !(1.0..=f64::from((outside.len)(var, dim))).contains(&number) {
            return Some(ExprKind::Number(outside.invalid_index));
        }
        *index = Index::Fixed(number as u32 - 1);
    }
    (fixed != indices).then_some(ExprKind::Var(var, fixed))
}

/// The nodes that compute subscripts of a read.
fn computed_of(kind: &ExprKind) -> Vec<NodeId> {
    let ExprKind::Var(_, indices) = kind else { return Vec::new() };
    indices.iter().filter_map(|index| if let Index::Computed(at) = index { Some(*at) } else { None }).collect()
}

/// The variables that nodes are made of where their values do not follow from the loops alone.
fn numbers_below(nodes: &[ExprNode], from: &[NodeId], known: &[Option<f64>]) -> Vec<VarId> {
    let mut pending = from.to_vec();
    let mut found = Vec::new();
    while let Some(NodeId(at)) = pending.pop() {
        if known[at as usize].is_some() {
            continue;
        }
        let kind = &nodes[at as usize].kind;
        if let ExprKind::Var(var, _) = kind {
            found.push(*var);
        }
        pending.extend(kind.operands());
    }
    found
}

/// Lets a reducer whose body counts between two known numbers alone run over these. Gives what stands for it where there is none.
///
/// What is outside adds 0, multiplies by 1, or is infinite: leaving it out changes no bit.
fn narrow(
    reduce: &mut Reduce,
    depth: usize,
    loops: &[Extent],
    outside: &Outside<'_>,
    used: &mut Vec<VarId>,
) -> Option<f64> {
    let nodes = &reduce.body.nodes;
    let ExprKind::If { cond, otherwise, .. } = &nodes.last()?.kind else { return None };
    let neutral = neutral_of(reduce.op).filter(|neutral| {
        matches!(&nodes[otherwise.0 as usize].kind, ExprKind::Number(number) if number.to_bits() == neutral.to_bits())
    })?;
    let known = values(nodes, loops, &|_, _| None);
    let with_numbers = values(nodes, loops, outside.number);
    let whole: Vec<(i64, i64)> =
        reduce.extents.iter().map(|extent| (i64::from(extent.start), i64::from(extent.start + extent.len))).collect();
    let mut ends = whole.clone();
    let mut told_by = Vec::new();
    let mut pending = vec![*cond];
    while let Some(NodeId(at)) = pending.pop() {
        let kind = &nodes[at as usize].kind;
        if let ExprKind::Binary(BinaryOp::And, a, b) = kind {
            pending.extend([*a, *b]);
        } else if let ExprKind::Binary(BinaryOp::Le, a, b) = kind {
            for (position, end, is_last) in [(*a, *b, true), (*b, *a, false)] {
                let along = position_along(&nodes[position.0 as usize].kind, depth);
                if let (Some((axis, offset)), Some(number)) = (along, with_numbers[end.0 as usize])
                    && let Some(extent) = ends.get_mut(axis)
                {
                    *extent = cut(*extent, number - offset as f64, is_last);
                    told_by.push(end);
                }
            }
        }
    }
    if ends != whole {
        used.extend(numbers_below(nodes, &told_by, &known));
    }
    if ends.iter().any(|(start, end)| start >= end) {
        return Some(neutral);
    }
    for (extent, (start, end)) in reduce.extents.iter_mut().zip(ends) {
        (extent.start, extent.len) = (start as u32, (end - start) as u32);
    }
    None
}

/// The positions of a range, counted from 0, that lie up to a number, counted from 1, or from it on. None do where it is NaN.
fn cut((start, end): (i64, i64), number: f64, is_last: bool) -> (i64, i64) {
    if number.is_nan() {
        return (start, start);
    }
    let within = |limit: f64| limit.clamp(start as f64, end as f64) as i64;
    if is_last { (start, within(number.floor())) } else { (within(number.ceil() - 1.0), end) }
}

/// What changes nothing in a reducer.
fn neutral_of(op: ReduceOp) -> Option<f64> {
    match op {
        ReduceOp::Sum => Some(0.0),
        ReduceOp::Product => Some(1.0),
        ReduceOp::Min => Some(f64::INFINITY),
        ReduceOp::Max => Some(f64::NEG_INFINITY),
        ReduceOp::Mean | ReduceOp::StdDev | ReduceOp::List => None,
    }
}

/// The axis of a reducer, whose extents begin at `depth`, along which a position lies, with what is added to it.
fn position_along(kind: &ExprKind, depth: usize) -> Option<(usize, i64)> {
    let ExprKind::Position(Index::Moving { base: Base::Bound(n), offset }) = kind else { return None };
    Some(((*n as usize).checked_sub(depth)?, *offset))
}

/// Whether it reads variables.
fn is_read(kind: &ExprKind) -> bool {
    matches!(
        kind,
        ExprKind::Var(..) | ExprKind::Reduce(_) | ExprKind::State(_) | ExprKind::Transport(_) | ExprKind::Vector(_)
    )
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

/// What each node is, where that follows from numbers, from loops with one position, and from variables whose numbers are known.
fn values(nodes: &[ExprNode], loops: &[Extent], number: &dyn Fn(VarId, &[u32]) -> Option<f64>) -> Vec<Option<f64>> {
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
            ExprKind::Var(var, indices) => {
                let at: Option<Vec<u32>> = indices.iter().map(|index| element(*index, loops)).collect();
                at.and_then(|at| number(*var, &at))
            }
            ExprKind::Time
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

/// The position, counted from 0, that a subscript without a computation names.
fn element(index: Index, loops: &[Extent]) -> Option<u32> {
    position(index, loops).map(|number| number as u32 - 1)
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

#[cfg(test)]
mod tests;
