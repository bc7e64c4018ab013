//! RANK: which element of an array is the k-th smallest.

use crate::diagnostic::code;
use crate::model::{Base, BinaryOp, Expr, ExprKind, Extent, Index, NodeId, Reduce, ReduceOp};
use crate::sema::call::Call;
use crate::sema::equation::{Cx, Frames};
use crate::sema::graft;
use crate::source::Span;

impl Cx<'_, '_, '_> {
    /// The greatest of: the number of each element, where so many elements stand before it as k says, else 0. So it is 0 where there is
    /// no k-th element.
    pub(super) fn resolve_rank(&mut self, frames: &mut Frames, call: &Call<'_>) -> ExprKind {
        let inner = call.first_frame;
        let depth = frames.planned.frames[call.frame].len();
        let extents: Vec<Extent> =
            frames.planned.frames.get(inner).and_then(|all| all.get(depth..)).unwrap_or_default().to_vec();
        if extents.is_empty() {
            return ExprKind::Number(0.0);
        }
        if !frames.limits[inner].is_empty() {
            std::mem::take(&mut frames.limits[inner]);
            let message = "RANK of a range whose ends are computed is not supported";
            self.problems.report(self.place.error(code::COMPUTED_RANGE, call.span, message));
            return ExprKind::Number(0.0);
        }
        let node = |position: usize| call.args.get(position).map(|&arg| frames.id(arg));
        let (Some(value), Some(rank), tie) = (node(0), node(1), node(2)) else { return ExprKind::Number(0.0) };
        let here = frames.take(inner, call.span);
        if graft::remembers(&here) {
            let message = "RANK looks at its array many times, which a function that remembers does not allow";
            let hint = "give the array, or the rank, a variable of its own";
            self.problems.report(self.place.error(code::RANKED_MEMORY, call.span, message).with_hint(hint));
            return ExprKind::Number(0.0);
        }
        let ranked = Ranked { here, value, tie, extents, depth: depth as u32, span: call.span };
        ranked.kth(rank)
    }
}

/// An array that is looked at from two places at once.
struct Ranked {
    /// The array's expression, and that of the ties.
    here: Expr,
    value: NodeId,
    tie: Option<NodeId>,
    extents: Vec<Extent>,
    /// How many loops of reducers are around.
    depth: u32,
    span: Span,
}

impl Ranked {
    fn kth(self, rank: NodeId) -> ExprKind {
        let before = Reduce { op: ReduceOp::Sum, extents: self.extents.clone(), body: self.stands_before() };
        let mut body = self.here.clone();
        let number = self.push_number(&mut body, 0);
        let mut push = |kind: ExprKind| body.push(kind, self.span);
        let before = push(ExprKind::Reduce(Box::new(before)));
        let one = push(ExprKind::Number(1.0));
        let own = push(ExprKind::Binary(BinaryOp::Add, before, one));
        let cond = push(ExprKind::Binary(BinaryOp::Eq, own, rank));
        let otherwise = push(ExprKind::Number(0.0));
        push(ExprKind::If { cond, then: number, otherwise });
        ExprKind::Reduce(Box::new(Reduce { op: ReduceOp::Max, extents: self.extents, body }))
    }

    /// Whether the element at the inner place stands before the one at the outer: it is less, or as great and its tie is less, or that is
    /// the same and it comes first.
    fn stands_before(&self) -> Expr {
        let by = self.extents.len() as u32;
        let mut body = self.here.clone();
        let offset = body.nodes.len() as u32;
        graft::append(&graft::under_reducers(&self.here, self.depth, by), &mut body);
        let there = |node: NodeId| NodeId(node.0 + offset);
        let (other, own) = (self.push_number(&mut body, by), self.push_number(&mut body, 0));
        let mut result = body.push(ExprKind::Binary(BinaryOp::Lt, other, own), self.span);
        for node in [self.tie, Some(self.value)].into_iter().flatten() {
            let mut push = |op: BinaryOp, a: NodeId, b: NodeId| body.push(ExprKind::Binary(op, a, b), self.span);
            let less = push(BinaryOp::Lt, there(node), node);
            let equal = push(BinaryOp::Eq, there(node), node);
            let later = push(BinaryOp::And, equal, result);
            result = push(BinaryOp::Or, less, later);
        }
        body
    }

    /// The number of an element in the part of the array that is ranked, counted from 1, row-major.
    fn push_number(&self, expr: &mut Expr, by: u32) -> NodeId {
        let mut push = |kind: ExprKind| expr.push(kind, self.span);
        let mut number = None;
        for (extent, n) in self.extents.iter().zip(self.depth + by..) {
            let position = push(ExprKind::Position(Index::Moving { base: Base::Bound(n), offset: 0 }));
            let start = push(ExprKind::Number(f64::from(extent.start)));
            let place = push(ExprKind::Binary(BinaryOp::Sub, position, start));
            number = Some(match number {
                None => place,
                Some(number) => {
                    let one = push(ExprKind::Number(1.0));
                    let len = push(ExprKind::Number(f64::from(extent.len)));
                    let passed = push(ExprKind::Binary(BinaryOp::Sub, number, one));
                    let whole = push(ExprKind::Binary(BinaryOp::Mul, passed, len));
                    push(ExprKind::Binary(BinaryOp::Add, whole, place))
                }
            });
        }
        number.unwrap_or_else(|| push(ExprKind::Number(1.0)))
    }
}
