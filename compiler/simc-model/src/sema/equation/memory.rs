//! Functions that remember and are made of others: each keeps what it needs in calls of PREVIOUS.

use crate::builtin::{Builtin, Default, MemoryFn};
use crate::diagnostic::code;
use crate::model::{BinaryOp, Expr, ExprKind, NodeId, PureFn, State, StateId, StateKind};
use crate::sema::base::inline;
use crate::sema::base::stand_in::stand_in;
use crate::sema::equation::resolver::{Call, Frames, Resolver};

/// The greatest order of a derivative.
const MAX_DERIVATIVE: f64 = 20.0;

/// What a state is made of.
pub(in crate::sema) struct Parts {
    pub(in crate::sema) input: Expr,
    pub(in crate::sema) time: Option<Expr>,
    pub(in crate::sema) init: Option<Expr>,
    pub(in crate::sema) horizon: Option<Expr>,
}

impl Resolver<'_, '_, '_> {
    /// What a call becomes, appended to its frame.
    pub(in crate::sema) fn resolve_memory(
        &mut self,
        frames: &mut Frames,
        call: &Call<'_>,
        builtin: &Builtin,
        function: MemoryFn,
    ) -> NodeId {
        let args = builtin.params.iter().enumerate().map(|(index, param)| match param.default {
            _ if index < call.args.len() => frames.take(call.first_frame + index, call.span),
            Default::Value(value) => Expr::number(value, call.span),
            Default::Absent | Default::Required | Default::Start | Default::EveryStep => {
                unreachable!("{} has arguments without a value", builtin.name())
            }
        });
        let args: Vec<Expr> = args.collect();
        let mut value = match function {
            MemoryFn::Trend
            | MemoryFn::Forecast
            | MemoryFn::PresentValue(_)
            | MemoryFn::SmoothN
            | MemoryFn::DelayN
            | MemoryFn::PinkNoise
            | MemoryFn::Depreciation => self.vensim_memory(frames, call, function, &args),
            MemoryFn::Derivative => self.derivative(frames, call, &args[0], &args[1]),
            MemoryFn::NetPresentValue => self.net_present_value(frames, call, &args),
            MemoryFn::SampleIfTrue | MemoryFn::SampleUntil => {
                let state = self.push_previous(frames, call, args[2].clone());
                let mut value = Expr::default();
                let mut cond = inline::append(&args[0], &mut value);
                if function == MemoryFn::SampleUntil {
                    let time = value.push(ExprKind::Time, call.span);
                    cond = value.push(ExprKind::Binary(BinaryOp::Le, time, cond), call.span);
                }
                let then = inline::append(&args[1], &mut value);
                let otherwise = value.push(ExprKind::State(state), call.span);
                value.push(ExprKind::If { cond, then, otherwise }, call.span);
                self.builder.states[state.0 as usize].input = value.clone();
                value
            }
        };
        if is_discrete(function) && self.time.spec.method.has_stages() {
            let parts = Parts { input: value, time: None, init: None, horizon: None };
            let state = self.push_made(frames, call, StateKind::Frozen, parts);
            value = Expr::default();
            value.push(ExprKind::State(state), call.span);
        }
        inline::append(&value, &mut frames.exprs[call.frame])
    }

    /// The sum of `input*dt*(1 + rate)^-(T - STARTTIME)` over all steps up to the present one, and of what there is at first, times a
    /// factor.
    fn net_present_value(&mut self, frames: &Frames, call: &Call<'_>, args: &[Expr]) -> Expr {
        let [input, rate, initial, factor] = args else { unreachable!("four arguments") };
        let state = self.push_previous(frames, call, initial.clone());
        let dt = self.time.spec.dt;
        let mut value = Expr::default();
        let sum = value.push(ExprKind::State(state), call.span);
        let input = inline::append(input, &mut value);
        let rate = inline::append(rate, &mut value);
        let mut push = |kind: ExprKind| value.push(kind, call.span);
        let (dt, one) = (push(ExprKind::Number(dt)), push(ExprKind::Number(1.0)));
        let index = push(ExprKind::Call(PureFn::StepIndex, Vec::new()));
        let passed = push(ExprKind::Binary(BinaryOp::Mul, index, dt));
        let growth = push(ExprKind::Binary(BinaryOp::Add, one, rate));
        let discount = push(ExprKind::Binary(BinaryOp::Pow, growth, passed));
        let amount = push(ExprKind::Binary(BinaryOp::Mul, input, dt));
        let worth = push(ExprKind::Binary(BinaryOp::Div, amount, discount));
        let total = push(ExprKind::Binary(BinaryOp::Add, sum, worth));
        self.builder.states[state.0 as usize].input = value.clone();
        if factor.as_number() != Some(1.0) {
            let factor = inline::append(factor, &mut value);
            value.push(ExprKind::Binary(BinaryOp::Mul, total, factor), call.span);
        }
        value
    }

    /// Differences of differences, each divided by dt; 0 until there are enough steps.
    fn derivative(&mut self, frames: &Frames, call: &Call<'_>, input: &Expr, order: &Expr) -> Expr {
        let order = order.as_number().filter(|order| order.fract() == 0.0 && (0.0..=MAX_DERIVATIVE).contains(order));
        let Some(order) = order else {
            let message = format!("the order of a derivative must be a whole number from 0 to {MAX_DERIVATIVE}");
            self.diagnostics.report(self.place.error(code::BAD_ORDER, call.span, message));
            return stand_in(call.span);
        };
        let mut value = input.clone();
        let dt = self.time.spec.dt;
        for _ in 0..order as u32 {
            let state = self.push_previous(frames, call, Expr::number(0.0, call.span));
            self.builder.states[state.0 as usize].input = value.clone();
            let now = value.root();
            let mut push = |kind: ExprKind| value.push(kind, call.span);
            let before = push(ExprKind::State(state));
            let change = push(ExprKind::Binary(BinaryOp::Sub, now, before));
            let dt = push(ExprKind::Number(dt));
            push(ExprKind::Binary(BinaryOp::Div, change, dt));
        }
        let then = value.root();
        let mut push = |kind: ExprKind| value.push(kind, call.span);
        let index = push(ExprKind::Call(PureFn::StepIndex, Vec::new()));
        let first = push(ExprKind::Number(order));
        let cond = push(ExprKind::Binary(BinaryOp::Ge, index, first));
        let otherwise = push(ExprKind::Number(0.0));
        push(ExprKind::If { cond, then, otherwise });
        value
    }

    /// A call of PREVIOUS in the place of this call, whose input is still to be said.
    fn push_previous(&mut self, frames: &Frames, call: &Call<'_>, init: Expr) -> StateId {
        let input = stand_in(call.span);
        self.push_made(frames, call, StateKind::Previous, Parts { input, time: None, init: Some(init), horizon: None })
    }

    /// A state in the place of this call.
    pub(in crate::sema) fn push_made(
        &mut self,
        frames: &Frames,
        call: &Call<'_>,
        kind: StateKind,
        parts: Parts,
    ) -> StateId {
        let within = &frames.planned.frames[call.frame];
        self.builder.push_state(State {
            kind,
            input: parts.input,
            time: parts.time,
            init: parts.init,
            horizon: parts.horizon,
            owner: self.place.owner,
            extents: self.place.loops.iter().chain(within).copied().collect(),
            n_loops: u32::try_from(self.place.loops.len()).expect("dimensions are few"),
            span: call.span,
        })
    }
}

/// Whether the value stays the same within a Runge-Kutta step, as pipelines, samples and `DELAY N` of Vensim do
/// (vensim.com/documentation/fn_delay_n.html).
fn is_discrete(function: MemoryFn) -> bool {
    match function {
        MemoryFn::SampleIfTrue | MemoryFn::SampleUntil | MemoryFn::DelayN => true,
        MemoryFn::Derivative
        | MemoryFn::NetPresentValue
        | MemoryFn::Trend
        | MemoryFn::Forecast
        | MemoryFn::PresentValue(_)
        | MemoryFn::SmoothN
        | MemoryFn::PinkNoise
        | MemoryFn::Depreciation => false,
    }
}
