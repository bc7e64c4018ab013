//! Reducers: SUM and its like, inner products, and SIZE.

use crate::diagnostic::code;
use crate::model::{BinaryOp, Expr, ExprKind, Extent, Index, NodeId, Reduce, ReduceOp};
use crate::sema::base::stand_in::STAND_IN;
use crate::sema::equation::resolver::{Call, Frames, Resolver};
use crate::source::Span;

/// Computed ranges in a body: a position, and the first and the last number that it may have.
type Limits = Vec<(Index, NodeId, NodeId)>;

impl Resolver<'_, '_, '_> {
    /// A reducer of its only argument.
    pub(in crate::sema) fn resolve_reduce(
        &mut self,
        frames: &mut Frames<'_>,
        call: &Call<'_>,
        op: ReduceOp,
    ) -> ExprKind {
        let outer = frames.planned.frames[call.frame].len();
        let extents = own_extents(frames, call.first_frame, outer);
        if extents.is_empty() {
            return STAND_IN;
        }
        let limits = std::mem::take(&mut frames.limits[call.first_frame]);
        let body = frames.take(call.first_frame, call.span);
        if limits.is_empty() {
            return ExprKind::Reduce(Box::new(Reduce { op, extents, body }));
        }
        self.resolve_limited(frames, call, Reduce { op, extents, body }, &limits)
    }

    /// A reducer over a computed range: what is outside of it adds nothing. A mean is the sum divided by how many there are.
    fn resolve_limited(
        &mut self,
        frames: &mut Frames<'_>,
        call: &Call<'_>,
        reduce: Reduce,
        limits: &Limits,
    ) -> ExprKind {
        let Reduce { op, extents, body } = reduce;
        let neutral = match op {
            ReduceOp::Sum | ReduceOp::Mean => 0.0,
            ReduceOp::Product => 1.0,
            ReduceOp::Min => f64::INFINITY,
            ReduceOp::Max => f64::NEG_INFINITY,
            ReduceOp::StdDev | ReduceOp::List => {
                let message = "STDDEV of a range whose ends are computed is not supported";
                self.diagnostics.report(self.place.error(code::COMPUTED_RANGE, call.span, message));
                return STAND_IN;
            }
        };
        if op != ReduceOp::Mean {
            let body = limit_body(body, limits, None, neutral, call.span);
            return ExprKind::Reduce(Box::new(Reduce { op, extents, body }));
        }
        let count = limit_body(body.clone(), limits, Some(1.0), neutral, call.span);
        let sum = limit_body(body, limits, None, neutral, call.span);
        let expr = &mut frames.exprs[call.frame];
        let mut push = |body: Expr| {
            let reduce = Reduce { op: ReduceOp::Sum, extents: extents.clone(), body };
            expr.push(ExprKind::Reduce(Box::new(reduce)), call.span)
        };
        let (sum, count) = (push(sum), push(count));
        ExprKind::Binary(BinaryOp::Div, sum, count)
    }

    /// `a *.* b`.
    pub(in crate::sema) fn resolve_product(
        &mut self,
        frames: &mut Frames<'_>,
        index: usize,
        (a, b): (u32, u32),
        span: Span,
    ) -> ExprKind {
        let Some(outer) = frames.planned.frame_of[index].map(|frame| frames.planned.frames[frame].len()) else {
            return STAND_IN;
        };
        let inner = frames.planned.first_frame[index];
        let is_planned = frames.planned.frame_of[a as usize] == Some(inner);
        let extents = if is_planned { own_extents(frames, inner, outer) } else { Vec::new() };
        if extents.is_empty() {
            return STAND_IN;
        }
        let product = ExprKind::Binary(BinaryOp::Mul, frames.id(a), frames.id(b));
        frames.exprs[inner].push(product, span);
        let body = frames.take(inner, span);
        ExprKind::Reduce(Box::new(Reduce { op: ReduceOp::Sum, extents, body }))
    }

    /// SIZE: how many elements its argument has.
    pub(in crate::sema) fn resolve_size(&mut self, frames: &Frames<'_>, call: &Call<'_>) -> ExprKind {
        let Some(&argument) = call.args.first() else { return STAND_IN };
        let has_limits = frames.planned.has_limits(argument);
        if has_limits {
            let message = "SIZE of a range whose ends are computed is not supported";
            self.diagnostics.report(self.place.error(code::COMPUTED_RANGE, call.span, message));
        }
        let shape = &frames.planned.shapes[argument as usize];
        ExprKind::Number(shape.iter().map(|axis| f64::from(axis.len)).product())
    }
}

/// What a frame runs over beyond the one around it.
fn own_extents(frames: &Frames<'_>, frame: usize, outer: usize) -> Vec<Extent> {
    frames.planned.frames[frame].get(outer..).unwrap_or_default().to_vec()
}

/// `IF first <= position AND position <= last AND ... THEN body ELSE neutral`; `value` may stand for the body.
fn limit_body(mut body: Expr, limits: &Limits, value: Option<f64>, neutral: f64, span: Span) -> Expr {
    let result = body.root();
    let mut all: Option<NodeId> = None;
    for &(position, first, last) in limits {
        let at = body.push(ExprKind::Position(position), span);
        for test in [ExprKind::Binary(BinaryOp::Le, first, at), ExprKind::Binary(BinaryOp::Le, at, last)] {
            let test = body.push(test, span);
            all = Some(all.map_or(test, |all| body.push(ExprKind::Binary(BinaryOp::And, all, test), span)));
        }
    }
    let then = value.map_or(result, |value| body.push(ExprKind::Number(value), span));
    let otherwise = body.push(ExprKind::Number(neutral), span);
    if let Some(cond) = all {
        body.push(ExprKind::If { cond, then, otherwise }, span);
    }
    body
}

impl Frames<'_> {
    /// `SUM(a, b, ...)`, `PROD(a, b, ...)` and `MEAN(a, b, ...)`: from the left, a mean then divided by how many there are.
    pub(in crate::sema) fn reduce_call(&mut self, call: &Call<'_>, reducer: ReduceOp) -> NodeId {
        let op = if reducer == ReduceOp::Product { BinaryOp::Mul } else { BinaryOp::Add };
        let mut result = self.argument(call, 0);
        for index in 1..call.args.len() {
            let next = self.argument(call, index);
            result = self.exprs[call.frame].push(ExprKind::Binary(op, result, next), call.span);
        }
        if reducer != ReduceOp::Mean {
            return result;
        }
        let count = self.exprs[call.frame].push(ExprKind::Number(call.args.len() as f64), call.span);
        self.exprs[call.frame].push(ExprKind::Binary(BinaryOp::Div, result, count), call.span)
    }
}
