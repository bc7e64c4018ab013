//! Functions without memory, as the operations that define them.

use kernel::abi::TIME_TOLERANCE;
use kernel::function::Function;
use simc_ir::entity::Value;
use simc_ir::opcode::{Immediate, Opcode};
use simc_model::model::{Distribution, PureFn};

use super::func_lowering::FuncLowering;

impl FuncLowering<'_> {
    /// A function of numbers. The number of arguments is the function's, as [`PureFn`] states it.
    pub(super) fn lower_call(&mut self, function: PureFn, args: &[Value]) -> Value {
        match function {
            PureFn::Abs => self.op(Opcode::Fabs, args),
            PureFn::Exp => self.b.call(Function::Exp, args),
            PureFn::Ln => self.b.call(Function::Ln, args),
            PureFn::Log10 => self.b.call(Function::Log10, args),
            PureFn::Sqrt => self.op(Opcode::Fsqrt, args),
            PureFn::Sin => self.b.call(Function::Sin, args),
            PureFn::Cos => self.b.call(Function::Cos, args),
            PureFn::Tan => self.b.call(Function::Tan, args),
            PureFn::Arcsin => self.b.call(Function::Arcsin, args),
            PureFn::Arccos => self.b.call(Function::Arccos, args),
            PureFn::Arctan => self.b.call(Function::Arctan, args),
            PureFn::Int => self.op(Opcode::Ffloor, args),
            PureFn::Trunc => self.truncate(args[0]),
            PureFn::Remainder => self.b.call(Function::Fmod, args),
            PureFn::Max => self.op(Opcode::Fmax, args),
            PureFn::Min => self.op(Opcode::Fmin, args),
            PureFn::SafeDiv => self.divide_unless_zero(args[0], args[1], args[2]),
            PureFn::Xidz => self.divide_unless_tiny(args[0], args[1], args[2]),
            PureFn::Step => self.step(args[0], args[1]),
            PureFn::Ramp => self.ramp(args[0], args[1], args[2]),
            PureFn::Pulse => self.pulse(args[0], args[1], args[2]),
            PureFn::Sign => self.sign(args[0]),
            PureFn::Percent => {
                let hundred = self.b.fconst(100.0);
                self.op(Opcode::Fmul, &[hundred, args[0]])
            }
            PureFn::Quantum => self.quantum(args[0], args[1]),
            PureFn::Round => self.b.call(Function::Round, args),
            PureFn::Root => self.b.call(Function::Root, args),
            PureFn::Sinh => self.b.call(Function::Sinh, args),
            PureFn::Cosh => self.b.call(Function::Cosh, args),
            PureFn::Tanh => self.b.call(Function::Tanh, args),
            PureFn::Arctan2 => self.b.call(Function::Arctan2, args),
            PureFn::GammaLn => self.b.call(Function::GammaLn, args),
            PureFn::Factorial => self.b.call(Function::Factorial, args),
            PureFn::Combinations => self.b.call(Function::Combinations, args),
            PureFn::Permutations => self.b.call(Function::Permutations, args),
            PureFn::InverseNormal => self.b.call(Function::InverseNormal, args),
            PureFn::NormalBetween => self.b.call(Function::NormalBetween, args),
            PureFn::FutureValue => self.b.call(Function::FutureValue, args),
            PureFn::PresentValue => self.b.call(Function::PresentValue, args),
            PureFn::Payment => self.b.call(Function::Payment, args),
            PureFn::SinWave => self.wave(Function::Sin, args[0], args[1]),
            PureFn::CosWave => self.wave(Function::Cos, args[0], args[1]),
            PureFn::CompoundGrowth => self.compound_growth(args[0]),
            PureFn::PulseTrain => self.pulse_train(args[0], args[1], args[2], args[3]),
            PureFn::RampFromTo => self.ramp_from_to(args[0], args[1], args[2], args[3]),
            PureFn::Counter => self.counter(args[0], args[1], args[2]),
            PureFn::StepIndex => self.step_index(),
            PureFn::StepTime => self.step_time(),
            PureFn::Draw(distribution) => self.draw(distribution, args),
        }
    }

    fn sign(&mut self, x: Value) -> Value {
        let (zero, one, minus) = (self.b.fconst(0.0), self.b.fconst(1.0), self.b.fconst(-1.0));
        let is_above = self.op(Opcode::Fgt, &[x, zero]);
        let is_below = self.op(Opcode::Flt, &[x, zero]);
        let rest = self.op(Opcode::Select, &[is_below, minus, x]);
        self.op(Opcode::Select, &[is_above, one, rest])
    }

    fn quantum(&mut self, x: Value, q: Value) -> Value {
        let zero = self.b.fconst(0.0);
        let is_none = self.op(Opcode::Fle, &[q, zero]);
        let ratio = self.op(Opcode::Fdiv, &[x, q]);
        let whole = self.truncate(ratio);
        let multiple = self.op(Opcode::Fmul, &[q, whole]);
        self.op(Opcode::Select, &[is_none, x, multiple])
    }

    fn wave(&mut self, function: Function, amplitude: Value, period: Value) -> Value {
        let (turn, time) = (self.b.fconst(std::f64::consts::TAU), self.time());
        let turned = self.op(Opcode::Fmul, &[turn, time]);
        let angle = self.op(Opcode::Fdiv, &[turned, period]);
        let wave = self.b.call(function, &[angle]);
        self.op(Opcode::Fmul, &[amplitude, wave])
    }

    fn compound_growth(&mut self, percentage: Value) -> Value {
        let (one, hundred, dt) = (self.b.fconst(1.0), self.b.fconst(100.0), self.dt());
        let fraction = self.op(Opcode::Fdiv, &[percentage, hundred]);
        let factor = self.op(Opcode::Fadd, &[one, fraction]);
        let grown = self.b.call(Function::Pow, &[factor, dt]);
        let gain = self.op(Opcode::Fsub, &[grown, one]);
        self.op(Opcode::Fdiv, &[gain, dt])
    }

    /// `since`, or when `interval` is above 0 what is left of it after the last whole interval.
    fn since_last(&mut self, since: Value, interval: Value) -> Value {
        let zero = self.b.fconst(0.0);
        let repeats = self.op(Opcode::Fgt, &[interval, zero]);
        let passed = self.op(Opcode::Fdiv, &[since, interval]);
        let whole = self.op(Opcode::Ffloor, &[passed]);
        let begun_at = self.op(Opcode::Fmul, &[interval, whole]);
        let since_begun = self.op(Opcode::Fsub, &[since, begun_at]);
        self.op(Opcode::Select, &[repeats, since_begun, since])
    }

    /// `since - interval*(ceil(since/interval) - 1)` when the interval is positive, else `since`.
    fn since_before(&mut self, since: Value, interval: Value) -> Value {
        let (zero, one) = (self.b.fconst(0.0), self.b.fconst(1.0));
        let repeats = self.op(Opcode::Fgt, &[interval, zero]);
        let passed = self.op(Opcode::Fdiv, &[since, interval]);
        let opposite = self.op(Opcode::Fneg, &[passed]);
        let below = self.op(Opcode::Ffloor, &[opposite]);
        let above = self.op(Opcode::Fneg, &[below]);
        let whole = self.op(Opcode::Fsub, &[above, one]);
        let begun_at = self.op(Opcode::Fmul, &[interval, whole]);
        let since_begun = self.op(Opcode::Fsub, &[since, begun_at]);
        self.op(Opcode::Select, &[repeats, since_begun, since])
    }

    fn pulse_train(&mut self, start: Value, width: Value, interval: Value, end: Value) -> Value {
        let (time, half, dt, zero) = (self.step_time(), self.half_dt(), self.dt(), self.b.fconst(0.0));
        let reach = self.op(Opcode::Fadd, &[time, half]);
        let since_start = self.op(Opcode::Fsub, &[reach, start]);
        let has_begun = self.op(Opcode::Fgt, &[since_start, zero]);
        let last = self.op(Opcode::Fadd, &[end, dt]);
        let has_not_ended = self.op(Opcode::Fle, &[reach, last]);
        let since = self.since_before(since_start, interval);
        let is_wide = self.op(Opcode::Flt, &[since, width]);
        let is_first = self.op(Opcode::Fle, &[since, dt]);
        let is_within = self.op(Opcode::Bor, &[is_wide, is_first]);
        let is_due = self.op(Opcode::Band, &[has_begun, has_not_ended]);
        let is_on = self.op(Opcode::Band, &[is_due, is_within]);
        self.op(Opcode::Btof, &[is_on])
    }

    fn ramp_from_to(&mut self, from: Value, to: Value, start: Value, end: Value) -> Value {
        let time = self.time();
        let is_before = self.op(Opcode::Fle, &[time, start]);
        let is_behind = self.op(Opcode::Fge, &[time, end]);
        let rise = self.op(Opcode::Fsub, &[to, from]);
        let passed = self.op(Opcode::Fsub, &[time, start]);
        let length = self.op(Opcode::Fsub, &[end, start]);
        let part = self.op(Opcode::Fdiv, &[passed, length]);
        let risen = self.op(Opcode::Fmul, &[rise, part]);
        let between = self.op(Opcode::Fadd, &[from, risen]);
        let later = self.op(Opcode::Select, &[is_behind, to, between]);
        self.op(Opcode::Select, &[is_before, from, later])
    }

    fn counter(&mut self, from: Value, to: Value, speed: Value) -> Value {
        let (time, start, zero) = (self.step_time(), self.b.fconst(self.cx.model.time.start), self.b.fconst(0.0));
        let passed_time = self.op(Opcode::Fsub, &[time, start]);
        let passed = self.op(Opcode::Fmul, &[speed, passed_time]);
        let width = self.op(Opcode::Fsub, &[to, from]);
        let is_wide = self.op(Opcode::Fgt, &[width, zero]);
        let rounds = self.op(Opcode::Fdiv, &[passed, width]);
        let whole = self.op(Opcode::Ffloor, &[rounds]);
        let begun_at = self.op(Opcode::Fmul, &[width, whole]);
        let since = self.op(Opcode::Fsub, &[passed, begun_at]);
        let counted = self.op(Opcode::Fadd, &[from, since]);
        self.op(Opcode::Select, &[is_wide, counted, from])
    }

    fn draw(&mut self, distribution: Distribution, args: &[Value]) -> Value {
        let [seed, call, element, sample, min, max, parameters @ ..] = args else {
            unreachable!("a draw begins with six numbers")
        };
        let function = match distribution {
            Distribution::Uniform => Function::RandomUniform,
            Distribution::Normal => Function::RandomNormal,
            Distribution::Lognormal => Function::RandomLognormal,
            Distribution::Exponential => Function::RandomExponential,
            Distribution::Logistic => Function::RandomLogistic,
            Distribution::Pareto => Function::RandomPareto,
            Distribution::Weibull => Function::RandomWeibull,
            Distribution::Triangular => Function::RandomTriangular,
            Distribution::Gamma => Function::RandomGamma,
            Distribution::Beta => Function::RandomBeta,
            Distribution::MonteCarlo => Function::RandomMonteCarlo,
            Distribution::Poisson => Function::RandomPoisson,
            Distribution::Binomial => Function::RandomBinomial,
            Distribution::Geometric => Function::RandomGeometric,
            Distribution::NegativeBinomial => Function::RandomNegativeBinomial,
        };
        let step = self.step_index();
        let (dt, zero) = (self.dt(), self.b.fconst(0.0));
        let is_sampled = self.op(Opcode::Fgt, &[*sample, zero]);
        let passed = self.op(Opcode::Fmul, &[step, dt]);
        let samples = self.op(Opcode::Fdiv, &[passed, *sample]);
        let tolerance = self.b.fconst(TIME_TOLERANCE);
        let reached = self.op(Opcode::Fadd, &[samples, tolerance]);
        let whole = self.op(Opcode::Ffloor, &[reached]);
        let step = self.op(Opcode::Select, &[is_sampled, whole, step]);
        let all: Vec<Value> = [*seed, *call, *element, step, *min, *max].iter().chain(parameters).copied().collect();
        self.b.call(function, &all)
    }

    fn truncate(&mut self, x: Value) -> Value {
        let zero = self.b.fconst(0.0);
        let is_negative = self.op(Opcode::Flt, &[x, zero]);
        let opposite = self.op(Opcode::Fneg, &[x]);
        let below = self.op(Opcode::Ffloor, &[opposite]);
        let negative = self.op(Opcode::Fneg, &[below]);
        let positive = self.op(Opcode::Ffloor, &[x]);
        self.op(Opcode::Select, &[is_negative, negative, positive])
    }

    fn divide_unless_tiny(&mut self, a: Value, b: Value, fallback: Value) -> Value {
        let size = self.op(Opcode::Fabs, &[b]);
        let threshold = self.b.fconst(1e-6);
        let is_tiny = self.op(Opcode::Flt, &[size, threshold]);
        let quotient = self.op(Opcode::Fdiv, &[a, b]);
        self.op(Opcode::Select, &[is_tiny, fallback, quotient])
    }

    fn step(&mut self, height: Value, start: Value) -> Value {
        let time = self.time();
        let half = self.half_dt();
        let reach = self.op(Opcode::Fadd, &[time, half]);
        let is_on = self.op(Opcode::Fgt, &[reach, start]);
        self.or_zero(is_on, height)
    }

    fn ramp(&mut self, slope: Value, start: Value, end: Value) -> Value {
        let time = self.time();
        let is_on = self.op(Opcode::Fgt, &[time, start]);
        let last = self.op(Opcode::Fmax, &[end, start]);
        let now = self.op(Opcode::Fmin, &[time, last]);
        let run = self.op(Opcode::Fsub, &[now, start]);
        let rise = self.op(Opcode::Fmul, &[slope, run]);
        self.or_zero(is_on, rise)
    }

    fn pulse(&mut self, magnitude: Value, first: Value, interval: Value) -> Value {
        let time = self.step_time();
        let half = self.half_dt();
        let reach = self.op(Opcode::Fadd, &[time, half]);
        let since_first = self.op(Opcode::Fsub, &[reach, first]);
        let zero = self.b.fconst(0.0);
        let has_begun = self.op(Opcode::Fge, &[since_first, zero]);

        let since = self.since_last(since_first, interval);
        let dt = self.dt();
        let has_not_ended = self.op(Opcode::Flt, &[since, dt]);
        let is_on = self.op(Opcode::Band, &[has_begun, has_not_ended]);
        let rate = self.op(Opcode::Fdiv, &[magnitude, dt]);
        self.or_zero(is_on, rate)
    }

    fn step_index(&mut self) -> Value {
        self.b.value(Opcode::StepIndex, &[], Immediate::None)
    }

    fn or_zero(&mut self, cond: Value, value: Value) -> Value {
        let zero = self.b.fconst(0.0);
        self.op(Opcode::Select, &[cond, value, zero])
    }

    fn dt(&mut self) -> Value {
        self.b.fconst(self.cx.model.time.dt)
    }

    fn half_dt(&mut self) -> Value {
        self.b.fconst(self.cx.model.time.dt / 2.0)
    }
}
