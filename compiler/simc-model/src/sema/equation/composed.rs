//! Functions that are made of other functions and operators: what a call becomes is an expression
//! of its arguments.

use crate::builtin::{ComposedFn, MISSING};
use crate::model::{BinaryOp, Expr, ExprKind, NodeId, PureFn};
use crate::sema::equation::resolver::{Call, Frames, Resolver};
use crate::source::Span;

/// Appends nodes to an expression.
pub(in crate::sema) struct Composer<'e> {
    pub(in crate::sema) expr: &'e mut Expr,
    pub(in crate::sema) span: Span,
}

impl Composer<'_> {
    pub(in crate::sema) fn push(&mut self, kind: ExprKind) -> NodeId {
        self.expr.push(kind, self.span)
    }

    pub(in crate::sema) fn number(&mut self, value: f64) -> NodeId {
        self.push(ExprKind::Number(value))
    }

    pub(in crate::sema) fn call(&mut self, function: PureFn, args: &[NodeId]) -> NodeId {
        self.push(ExprKind::Call(function, args.to_vec()))
    }

    pub(in crate::sema) fn binary(&mut self, op: BinaryOp, a: NodeId, b: NodeId) -> NodeId {
        self.push(ExprKind::Binary(op, a, b))
    }

    pub(in crate::sema) fn choose(&mut self, cond: NodeId, then: NodeId, otherwise: NodeId) -> NodeId {
        self.push(ExprKind::If { cond, then, otherwise })
    }

    /// The time of the step.
    fn step_time(&mut self) -> NodeId {
        self.call(PureFn::StepTime, &[])
    }
}

impl Resolver<'_, '_, '_> {
    /// What a call becomes, appended to its frame.
    pub(in crate::sema) fn resolve_composed(
        &mut self,
        frames: &mut Frames<'_>,
        call: &Call<'_>,
        function: ComposedFn,
    ) -> NodeId {
        let dt = self.time.spec.dt;
        if function == ComposedFn::TimeValue {
            return self.time_value(frames, call);
        }
        let args: Vec<NodeId> = (0..call.args.len()).map(|index| frames.argument(call, index)).collect();
        let base = call.args.get(1).map(|&base| &self.equation.nodes[base as usize].kind);
        let is_ten = base.is_some_and(|base| base.as_number() == Some(10.0));
        let mut c = Composer { expr: &mut frames.exprs[call.frame], span: call.span };
        match (function, args.as_slice()) {
            (ComposedFn::Same, &[x]) => x,
            (ComposedFn::Logarithm, &[x]) => c.call(PureFn::Log10, &[x]),
            // The decadic one, to the last bit.
            (ComposedFn::Logarithm, &[x, _]) if is_ten => c.call(PureFn::Log10, &[x]),
            (ComposedFn::Logarithm, &[x, base]) => {
                let (x, base) = (c.call(PureFn::Ln, &[x]), c.call(PureFn::Ln, &[base]));
                c.binary(BinaryOp::Div, x, base)
            }
            (ComposedFn::Step, &[height, start]) => step(&mut c, dt, height, start),
            (ComposedFn::Ramp, &[slope, start, ref end @ ..]) => ramp(&mut c, slope, start, end.first().copied()),
            (ComposedFn::Pulse, &[start, width]) => pulse(&mut c, dt, start, width),
            (ComposedFn::UnlessMissing, &[x, otherwise]) => {
                let missing = c.number(MISSING);
                let is_missing = c.binary(BinaryOp::Eq, x, missing);
                c.choose(is_missing, otherwise, x)
            }
            (ComposedFn::RampFromTo, &[from, to, start, end]) => ramp_from_to(&mut c, [from, to], [start, end]),
            (
                ComposedFn::Same
                | ComposedFn::Logarithm
                | ComposedFn::Step
                | ComposedFn::Ramp
                | ComposedFn::Pulse
                | ComposedFn::UnlessMissing
                | ComposedFn::TimeValue
                | ComposedFn::RampFromTo,
                _,
            ) => unreachable!("the number of arguments has been checked"),
        }
    }
}

/// `height` once `T + dt/2 > start`, else 0, with T the time of the step.
fn step(c: &mut Composer<'_>, dt: f64, height: NodeId, start: NodeId) -> NodeId {
    let reach = reach(c, dt);
    let is_on = c.binary(BinaryOp::Gt, reach, start);
    let zero = c.number(0.0);
    c.choose(is_on, height, zero)
}

/// `slope*(min(T, max(end, start)) - start)` once `T > start`, else 0; without an end it goes on.
fn ramp(c: &mut Composer<'_>, slope: NodeId, start: NodeId, end: Option<NodeId>) -> NodeId {
    let time = c.step_time();
    let is_on = c.binary(BinaryOp::Gt, time, start);
    let now = match end {
        Some(end) => {
            let last = c.call(PureFn::Max, &[end, start]);
            c.call(PureFn::Min, &[time, last])
        }
        None => time,
    };
    let run = c.binary(BinaryOp::Sub, now, start);
    let rise = c.binary(BinaryOp::Mul, slope, run);
    let zero = c.number(0.0);
    c.choose(is_on, rise, zero)
}

/// 1 while `start < T + dt/2 < start + width`, else 0; a width of 0 is dt.
fn pulse(c: &mut Composer<'_>, dt: f64, start: NodeId, width: NodeId) -> NodeId {
    let reach = reach(c, dt);
    let (zero, dt) = (c.number(0.0), c.number(dt));
    let is_empty = c.binary(BinaryOp::Eq, width, zero);
    let width = c.choose(is_empty, dt, width);
    let end = c.binary(BinaryOp::Add, start, width);
    let has_begun = c.binary(BinaryOp::Lt, start, reach);
    let has_not_ended = c.binary(BinaryOp::Lt, reach, end);
    c.binary(BinaryOp::And, has_begun, has_not_ended)
}

/// `from` up to the start, `to` from the end on, and the line between in between.
fn ramp_from_to(c: &mut Composer<'_>, [from, to]: [NodeId; 2], [start, end]: [NodeId; 2]) -> NodeId {
    let time = c.step_time();
    let rise = c.binary(BinaryOp::Sub, to, from);
    let passed = c.binary(BinaryOp::Sub, time, start);
    let length = c.binary(BinaryOp::Sub, end, start);
    let part = c.binary(BinaryOp::Div, passed, length);
    let risen = c.binary(BinaryOp::Mul, rise, part);
    let between = c.binary(BinaryOp::Add, from, risen);
    let is_behind = c.binary(BinaryOp::Ge, time, end);
    let later = c.choose(is_behind, to, between);
    let is_before = c.binary(BinaryOp::Le, time, start);
    c.choose(is_before, from, later)
}

/// Half a step after the time of the step.
fn reach(c: &mut Composer<'_>, dt: f64) -> NodeId {
    let time = c.step_time();
    let half = c.number(dt / 2.0);
    c.binary(BinaryOp::Add, time, half)
}
