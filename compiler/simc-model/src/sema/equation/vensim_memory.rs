//! Functions of Vensim's that remember and are made of others: trends, present values, noise, and
//! delays whose order follows from the time step.

use crate::builtin::{MemoryFn, Valuation};
use crate::model::{BinaryOp, Expr, ExprKind, NodeId, PureFn, StateId, StateKind, UnaryOp};
use crate::sema::base::inline;
use crate::sema::base::stand_in::stand_in;
use crate::sema::builder::model_builder::PendingOrder;
use crate::sema::equation::composed::Composer;
use crate::sema::equation::memory::Parts;
use crate::sema::equation::resolver::{Call, Frames, Resolver};
use crate::source::Span;

/// How much of a step a time may lack of a whole number of steps.
const TOLERANCE: f64 = 1e-6;

impl Resolver<'_, '_, '_> {
    /// The value of a call.
    pub(in crate::sema) fn vensim_memory(
        &mut self,
        frames: &Frames<'_>,
        call: &Call<'_>,
        function: MemoryFn,
        args: &[Expr],
    ) -> Expr {
        match (function, args) {
            (MemoryFn::Trend, [input, time, initial]) => self.vensim_trend(frames, call, [input, time, initial]),
            (MemoryFn::Forecast, [input, time, horizon]) => self.vensim_forecast(frames, call, [input, time, horizon]),
            (MemoryFn::PresentValue(valuation), [stream, rate, initial, factor]) => {
                self.present_value(frames, call, valuation, [stream, rate, initial, factor])
            }
            (MemoryFn::SmoothN, [input, time, initial, order]) => {
                self.shortened(frames, call, false, [input, time, initial, order])
            }
            (MemoryFn::DelayN, [input, time, initial, order]) => {
                self.shortened(frames, call, true, [input, time, initial, order])
            }
            (MemoryFn::PinkNoise, [mean, sd, time, _]) => self.pink_noise(frames, call, [mean, sd, time]),
            (MemoryFn::Depreciation, [stream, time, period, initial]) => {
                self.depreciation(frames, call, [stream, time, period, initial])
            }
            _ => unreachable!("each of these functions has its number of arguments"),
        }
    }

    /// `XIDZ(in - A, time*ABS(A), 0)` where A smooths the input from `in/(1 + initial*time)` on.
    fn vensim_trend(&mut self, frames: &Frames<'_>, call: &Call<'_>, [input, time, initial]: [&Expr; 3]) -> Expr {
        let first = composed(call.span, |c| {
            let [input, initial, time] = [input, initial, time].map(|arg| c.append(arg));
            let gain = c.binary(BinaryOp::Mul, initial, time);
            let one = c.number(1.0);
            let divisor = c.binary(BinaryOp::Add, one, gain);
            c.binary(BinaryOp::Div, input, divisor)
        });
        let average = self.push_average(frames, call, [input, time], Some(first));
        composed(call.span, |c| {
            let average = c.push(ExprKind::State(average));
            let size = c.call(PureFn::Abs, &[average]);
            growth(c, [input, time], average, size)
        })
    }

    /// `in*(1 + XIDZ(in - A, time*A, 0)*horizon)` where A smooths the input.
    fn vensim_forecast(&mut self, frames: &Frames<'_>, call: &Call<'_>, [input, time, horizon]: [&Expr; 3]) -> Expr {
        let average = self.push_average(frames, call, [input, time], None);
        composed(call.span, |c| {
            let average = c.push(ExprKind::State(average));
            let trend = growth(c, [input, time], average, average);
            let horizon = c.append(horizon);
            let ahead = c.binary(BinaryOp::Mul, trend, horizon);
            let one = c.number(1.0);
            let factor = c.binary(BinaryOp::Add, one, ahead);
            let input = c.append(input);
            c.binary(BinaryOp::Mul, input, factor)
        })
    }

    /// The average of an input over a time.
    fn push_average(
        &mut self,
        frames: &Frames<'_>,
        call: &Call<'_>,
        [input, time]: [&Expr; 2],
        init: Option<Expr>,
    ) -> StateId {
        let parts = Parts { input: input.clone(), time: Some(time.clone()), init, horizon: None };
        self.push_made(frames, call, StateKind::Smooth { order: 1 }, parts)
    }

    /// `(C + stream*dt*D)*factor` with the stocks `C' = stream*D` from `initial` on and `D' =
    /// -(rate*D)/(1 + rate*dt)` from 1 on, or from `1/(1 + rate*dt)` on where the stream is valued
    /// at the end of each step.
    fn present_value(
        &mut self,
        frames: &Frames<'_>,
        call: &Call<'_>,
        valuation: Valuation,
        [stream, rate, initial, factor]: [&Expr; 4],
    ) -> Expr {
        let dt = self.time.spec.dt;
        let growth_of_step = |c: &mut Composer<'_>, rate: NodeId| {
            let (one, dt) = (c.number(1.0), c.number(dt));
            let gain = c.binary(BinaryOp::Mul, rate, dt);
            c.binary(BinaryOp::Add, one, gain)
        };
        let first = match valuation {
            Valuation::AsItFlows => Expr::number(1.0, call.span),
            Valuation::AtTheEnd => composed(call.span, |c| {
                let rate = c.append(rate);
                let growth = growth_of_step(c, rate);
                let one = c.number(1.0);
                c.binary(BinaryOp::Div, one, growth)
            }),
        };
        let discount = self.push_integral(frames, call, first);
        self.builder.states[discount.0 as usize].input = composed(call.span, |c| {
            let rate = c.append(rate);
            let discount = c.push(ExprKind::State(discount));
            let loss = c.binary(BinaryOp::Mul, rate, discount);
            let growth = growth_of_step(c, rate);
            let loss = c.binary(BinaryOp::Div, loss, growth);
            c.push(ExprKind::Unary(UnaryOp::Neg, loss))
        });
        let sum = self.push_integral(frames, call, initial.clone());
        self.builder.states[sum.0 as usize].input = composed(call.span, |c| {
            let stream = c.append(stream);
            let discount = c.push(ExprKind::State(discount));
            c.binary(BinaryOp::Mul, stream, discount)
        });
        composed(call.span, |c| {
            let sum = c.push(ExprKind::State(sum));
            let stream = c.append(stream);
            let dt = c.number(dt);
            let amount = c.binary(BinaryOp::Mul, stream, dt);
            let discount = c.push(ExprKind::State(discount));
            let worth = c.binary(BinaryOp::Mul, amount, discount);
            let total = c.binary(BinaryOp::Add, sum, worth);
            let factor = c.append(factor);
            c.binary(BinaryOp::Mul, total, factor)
        })
    }

    /// A stock whose net flow is still to be said.
    fn push_integral(&mut self, frames: &Frames<'_>, call: &Call<'_>, init: Expr) -> StateId {
        let input = stand_in(call.span);
        self.push_made(frames, call, StateKind::Integral, Parts { input, time: None, init: Some(init), horizon: None })
    }

    /// A smooth or delay with as many levels as the order says at the start, or as many steps as
    /// the time then has if those are fewer. A delay takes the time of the last step.
    fn shortened(
        &mut self,
        frames: &Frames<'_>,
        call: &Call<'_>,
        is_delay: bool,
        [input, time, initial, order]: [&Expr; 4],
    ) -> Expr {
        let dt = self.time.spec.dt;
        let n_steps = composed(call.span, |c| {
            let time = c.append(time);
            let (dt, tolerance) = (c.number(dt), c.number(TOLERANCE));
            let steps = c.binary(BinaryOp::Div, time, dt);
            let steps = c.binary(BinaryOp::Add, steps, tolerance);
            c.call(PureFn::Int, &[steps])
        });
        let most = Parts { input: n_steps, time: None, init: None, horizon: None };
        let most = self.push_made(frames, call, StateKind::Init, most);
        let time = if is_delay {
            let before = Parts { input: time.clone(), time: None, init: Some(time.clone()), horizon: None };
            value_of(self.push_made(frames, call, StateKind::Previous, before), call.span)
        } else {
            time.clone()
        };
        let kind =
            if is_delay { StateKind::ShortenedDelay { order: 1 } } else { StateKind::ShortenedSmooth { order: 1 } };
        let parts = Parts {
            input: input.clone(),
            time: Some(time),
            init: Some(initial.clone()),
            horizon: Some(value_of(most, call.span)),
        };
        let state = self.push_made(frames, call, kind, parts);
        self.builder.orders.push(PendingOrder { state, expr: order.clone(), at_start: true });
        value_of(state, call.span)
    }

    /// What is spent in a fiscal period is written off in equal parts over that many of them, its own
    /// the first. With F the length of a period, `n = MAX(1, round(time/F))`, q the number of the
    /// period that the step lies in, counted from 0, and `C(p)` what has been spent before period
    /// p: `stream/n + (C(q) - C(q - n + 1) + initial*F*MAX(n - 1 - q, 0))/(n*F)`.
    fn depreciation(
        &mut self,
        frames: &Frames<'_>,
        call: &Call<'_>,
        [stream, time, period, initial]: [&Expr; 4],
    ) -> Expr {
        let spec = &self.time.spec;
        let (start, dt) = (spec.start, spec.dt);
        let periods = |c: &mut Composer<'_>| {
            let (time, length) = (c.append(time), c.append(period));
            let ratio = c.binary(BinaryOp::Div, time, length);
            let rounded = c.call(PureFn::Round, &[ratio]);
            let one = c.number(1.0);
            let n = c.call(PureFn::Max, &[rounded, one]);
            let (index, dt, tolerance) = (c.call(PureFn::StepIndex, &[]), c.number(dt), c.number(TOLERANCE));
            let passed = c.binary(BinaryOp::Mul, index, dt);
            let passed = c.binary(BinaryOp::Div, passed, length);
            let passed = c.binary(BinaryOp::Add, passed, tolerance);
            let q = c.call(PureFn::Int, &[passed]);
            (n, q, length, one)
        };
        let nothing = Expr::number(0.0, call.span);
        let parts = Parts { input: nothing.clone(), time: None, init: Some(nothing), horizon: None };
        let spent = self.push_made(frames, call, StateKind::Previous, parts);
        self.builder.states[spent.0 as usize].input = composed(call.span, |c| {
            let before = c.push(ExprKind::State(spent));
            let (stream, dt) = (c.append(stream), c.number(dt));
            let amount = c.binary(BinaryOp::Mul, stream, dt);
            c.binary(BinaryOp::Add, before, amount)
        });
        let [until, from] = [false, true].map(|is_first| {
            let when = composed(call.span, |c| {
                let (n, q, length, one) = periods(c);
                let first = c.binary(BinaryOp::Sub, q, n);
                let first = c.binary(BinaryOp::Add, first, one);
                let number = if is_first { first } else { q };
                let passed = c.binary(BinaryOp::Mul, number, length);
                let start = c.number(start);
                c.binary(BinaryOp::Add, start, passed)
            });
            let input = value_of(spent, call.span);
            let parts = Parts { input, time: Some(when), init: None, horizon: None };
            self.push_made(frames, call, StateKind::History, parts)
        });
        composed(call.span, |c| {
            let (n, q, length, one) = periods(c);
            let (until, from) = (c.push(ExprKind::State(until)), c.push(ExprKind::State(from)));
            let within = c.binary(BinaryOp::Sub, until, from);
            let before = c.binary(BinaryOp::Sub, n, one);
            let before = c.binary(BinaryOp::Sub, before, q);
            let zero = c.number(0.0);
            let before = c.call(PureFn::Max, &[before, zero]);
            let initial = c.append(initial);
            let amount = c.binary(BinaryOp::Mul, initial, length);
            let amount = c.binary(BinaryOp::Mul, amount, before);
            let sum = c.binary(BinaryOp::Add, within, amount);
            let whole = c.binary(BinaryOp::Mul, n, length);
            let earlier = c.binary(BinaryOp::Div, sum, whole);
            let stream = c.append(stream);
            let now = c.binary(BinaryOp::Div, stream, n);
            c.binary(BinaryOp::Add, now, earlier)
        })
    }

    /// White noise, smoothed: `mean + sd*SQRT((2 - a)/a)*normal` with `a = dt/time`, over a time,
    /// from `mean + sd*normal` on. Whatever the time and the step are, its mean and standard
    /// deviation are these.
    fn pink_noise(&mut self, frames: &Frames<'_>, call: &Call<'_>, [mean, sd, time]: [&Expr; 3]) -> Expr {
        let dt = self.time.spec.dt;
        let within = frames.planned.frames[call.frame].clone();
        let mut noises = [Expr::default(), Expr::default()];
        for (stream, noise) in (0..).zip(&mut noises) {
            self.push_noise(&within, noise, call, stream);
        }
        let [first, white] = &noises;
        let init = composed(call.span, |c| {
            let [mean, sd, normal] = [mean, sd, first].map(|arg| c.append(arg));
            let deviation = c.binary(BinaryOp::Mul, sd, normal);
            c.binary(BinaryOp::Add, mean, deviation)
        });
        let input = composed(call.span, |c| {
            let [mean, sd, time, normal] = [mean, sd, time, white].map(|arg| c.append(arg));
            let (dt, two) = (c.number(dt), c.number(2.0));
            let part = c.binary(BinaryOp::Div, dt, time);
            let rest = c.binary(BinaryOp::Sub, two, part);
            let ratio = c.binary(BinaryOp::Div, rest, part);
            let gain = c.call(PureFn::Sqrt, &[ratio]);
            let scale = c.binary(BinaryOp::Mul, sd, gain);
            let deviation = c.binary(BinaryOp::Mul, scale, normal);
            c.binary(BinaryOp::Add, mean, deviation)
        });
        value_of(self.push_average(frames, call, [&input, time], Some(init)), call.span)
    }
}

/// `XIDZ(in - A, time*size, 0)`
fn growth(c: &mut Composer<'_>, [input, time]: [&Expr; 2], average: NodeId, size: NodeId) -> NodeId {
    let input = c.append(input);
    let gap = c.binary(BinaryOp::Sub, input, average);
    let time = c.append(time);
    let divisor = c.binary(BinaryOp::Mul, time, size);
    let zero = c.number(0.0);
    c.call(PureFn::Xidz, &[gap, divisor, zero])
}

/// An expression whose last node is its result.
fn composed(span: Span, compose: impl FnOnce(&mut Composer<'_>) -> NodeId) -> Expr {
    let mut expr = Expr::default();
    compose(&mut Composer { expr: &mut expr, span });
    expr
}

fn value_of(state: StateId, span: Span) -> Expr {
    composed(span, |c| c.push(ExprKind::State(state)))
}

impl Composer<'_> {
    /// A whole expression.
    fn append(&mut self, expr: &Expr) -> NodeId {
        inline::append(expr, self.expr)
    }
}
