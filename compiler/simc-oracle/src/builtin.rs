//! Operators and functions without memory.

use std::f64::consts::TAU as TURN;

use kernel::abi::TIME_TOLERANCE;
use kernel::function::Function;
use simc_model::model::{BinaryOp, Distribution, PureFn, UnaryOp};

/// When an expression is evaluated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Clock {
    /// What TIME reads: the time of the step or of a Runge-Kutta stage within it.
    pub(crate) time: f64,
    /// The time of the step.
    pub(crate) step_time: f64,
    /// The length of a step.
    pub(crate) dt: f64,
    /// The first time of the run.
    pub(crate) start: f64,
    /// How many steps lie between the start and the step.
    pub(crate) step: u64,
}

/// A number is true when it is not equal to 0; a NaN equals nothing and so is true.
pub(crate) fn is_true(x: f64) -> bool {
    x != 0.0
}

/// One operand.
pub(crate) fn eval_unary(op: UnaryOp, x: f64) -> f64 {
    match op {
        UnaryOp::Neg => -x,
        UnaryOp::Not => number(!is_true(x)),
    }
}

/// Two operands.
pub(crate) fn eval_binary(op: BinaryOp, a: f64, b: f64) -> f64 {
    match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::Div => a / b,
        BinaryOp::SafeDiv => safe_div(a, b, 0.0),
        BinaryOp::Mod => a - b * (a / b).floor(),
        BinaryOp::Pow => Function::Pow.eval(&[a, b]),
        BinaryOp::Eq => number(a == b),
        BinaryOp::Ne => number(a != b),
        BinaryOp::Lt => number(a < b),
        BinaryOp::Le => number(a <= b),
        BinaryOp::Gt => number(a > b),
        BinaryOp::Ge => number(a >= b),
        BinaryOp::And => number(is_true(a) && is_true(b)),
        BinaryOp::Or => number(is_true(a) || is_true(b)),
    }
}

/// A function of `args`, of which there are as many as [`PureFn`] says.
pub(crate) fn eval_call(function: PureFn, args: &[f64], clock: Clock) -> f64 {
    match function {
        PureFn::Abs => args[0].abs(),
        PureFn::Exp => Function::Exp.eval(args),
        PureFn::Ln => Function::Ln.eval(args),
        PureFn::Log10 => Function::Log10.eval(args),
        PureFn::Sqrt => args[0].sqrt(),
        PureFn::Sin => Function::Sin.eval(args),
        PureFn::Cos => Function::Cos.eval(args),
        PureFn::Tan => Function::Tan.eval(args),
        PureFn::Arcsin => Function::Arcsin.eval(args),
        PureFn::Arccos => Function::Arccos.eval(args),
        PureFn::Arctan => Function::Arctan.eval(args),
        PureFn::Int => args[0].floor(),
        PureFn::Trunc => args[0].trunc(),
        PureFn::Remainder => args[0] % args[1],
        PureFn::Max => max(args[0], args[1]),
        PureFn::Min => min(args[0], args[1]),
        PureFn::SafeDiv => safe_div(args[0], args[1], args[2]),
        PureFn::Xidz => xidz(args[0], args[1], args[2]),
        PureFn::Step => step(args[0], args[1], clock),
        PureFn::Ramp => ramp(args[0], args[1], args[2], clock),
        PureFn::Pulse => pulse(args[0], args[1], args[2], clock),
        PureFn::Sign => sign(args[0]),
        PureFn::Percent => 100.0 * args[0],
        PureFn::Quantum => quantum(args[0], args[1]),
        PureFn::Round => Function::Round.eval(args),
        PureFn::Root => Function::Root.eval(args),
        PureFn::Sinh => Function::Sinh.eval(args),
        PureFn::Cosh => Function::Cosh.eval(args),
        PureFn::Tanh => Function::Tanh.eval(args),
        PureFn::Arctan2 => Function::Arctan2.eval(args),
        PureFn::GammaLn => Function::GammaLn.eval(args),
        PureFn::Factorial => Function::Factorial.eval(args),
        PureFn::Combinations => Function::Combinations.eval(args),
        PureFn::Permutations => Function::Permutations.eval(args),
        PureFn::InverseNormal => Function::InverseNormal.eval(args),
        PureFn::NormalBetween => Function::NormalBetween.eval(args),
        PureFn::FutureValue => Function::FutureValue.eval(args),
        PureFn::PresentValue => Function::PresentValue.eval(args),
        PureFn::Payment => Function::Payment.eval(args),
        PureFn::SinWave => args[0] * Function::Sin.eval(&[TURN * clock.time / args[1]]),
        PureFn::CosWave => args[0] * Function::Cos.eval(&[TURN * clock.time / args[1]]),
        PureFn::CompoundGrowth => (Function::Pow.eval(&[1.0 + args[0] / 100.0, clock.dt]) - 1.0) / clock.dt,
        PureFn::PulseTrain => pulse_train(args[0], args[1], args[2], args[3], clock),
        PureFn::RampFromTo => ramp_from_to(args[0], args[1], args[2], args[3], clock),
        PureFn::Counter => counter(args[0], args[1], args[2], clock),
        PureFn::StepIndex => clock.step as f64,
        PureFn::StepTime => clock.step_time,
        PureFn::Draw(distribution) => draw(distribution, args, clock),
    }
}

/// 1 or -1; what is neither above nor below 0 stays.
fn sign(x: f64) -> f64 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        x
    }
}

/// x rounded toward zero to a multiple of q, as it is when there is none.
fn quantum(x: f64, q: f64) -> f64 {
    if q <= 0.0 { x } else { q * (x / q).trunc() }
}

/// 1 in each of the pulses that begin at `start` and every `interval` after it, up to `end`; a pulse takes one step at least: the first
/// whose middle is after its begin.
fn pulse_train(start: f64, width: f64, interval: f64, end: f64, clock: Clock) -> f64 {
    let reach = clock.step_time + clock.dt / 2.0;
    let since_start = reach - start;
    let since_pulse =
        if interval > 0.0 { since_start - interval * ((since_start / interval).ceil() - 1.0) } else { since_start };
    let is_within = since_pulse < width || since_pulse <= clock.dt;
    number(since_start > 0.0 && reach <= end + clock.dt && is_within)
}

/// The line from one value to another between two times.
fn ramp_from_to(from: f64, to: f64, start: f64, end: f64, clock: Clock) -> f64 {
    if clock.time <= start {
        from
    } else if clock.time >= end {
        to
    } else {
        from + (to - from) * ((clock.time - start) / (end - start))
    }
}

/// Rises from `from` by `speed` in each time unit, and begins again when it reaches `to`.
fn counter(from: f64, to: f64, speed: f64, clock: Clock) -> f64 {
    let passed = speed * (clock.step_time - clock.start);
    let width = to - from;
    if width > 0.0 { from + (passed - width * (passed / width).floor()) } else { from }
}

/// A random number; see [`PureFn::Draw`].
fn draw(distribution: Distribution, args: &[f64], clock: Clock) -> f64 {
    let [seed, call, element, sample, min, max, parameters @ ..] = args else {
        unreachable!("a draw begins with six numbers")
    };
    let step = clock.step as f64;
    let sampled = (step * clock.dt / sample + TIME_TOLERANCE).floor();
    let step = if *sample > 0.0 { sampled } else { step };
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
    let all: Vec<f64> = [*seed, *call, *element, step, *min, *max].iter().chain(parameters).copied().collect();
    function.eval(&all)
}

/// `a / b`, or `fallback` when b is exactly 0.
fn safe_div(a: f64, b: f64, fallback: f64) -> f64 {
    if b == 0.0 { fallback } else { a / b }
}

/// `a / b`, or `fallback` when b is nearly 0.
fn xidz(a: f64, b: f64, fallback: f64) -> f64 {
    if b.abs() < 1e-6 { fallback } else { a / b }
}

/// `height` from half a step before `start` on.
fn step(height: f64, start: f64, clock: Clock) -> f64 {
    if clock.time + clock.dt / 2.0 > start { height } else { 0.0 }
}

/// Rises by `slope` from `start` to `end`, then stays; an end before the start is the start.
fn ramp(slope: f64, start: f64, end: f64, clock: Clock) -> f64 {
    if clock.time > start { slope * (min(clock.time, max(end, start)) - start) } else { 0.0 }
}

/// `magnitude/dt` for the one step nearest to `first`, and to `first` plus each multiple of a positive `interval`.
fn pulse(magnitude: f64, first: f64, interval: f64, clock: Clock) -> f64 {
    let since_first = (clock.step_time + clock.dt / 2.0) - first;
    let since_pulse =
        if interval > 0.0 { since_first - interval * (since_first / interval).floor() } else { since_first };
    if since_first >= 0.0 && since_pulse < clock.dt { magnitude / clock.dt } else { 0.0 }
}

/// The greater: NaN when either is, +0 above -0.
pub(crate) fn max(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a > b || (a == b && b.is_sign_negative()) {
        a
    } else {
        b
    }
}

/// The lesser: NaN when either is, -0 below +0.
pub(crate) fn min(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a < b || (a == b && a.is_sign_negative()) {
        a
    } else {
        b
    }
}

/// A truth value as a number.
fn number(truth: bool) -> f64 {
    if truth { 1.0 } else { 0.0 }
}

#[cfg(test)]
mod tests;
