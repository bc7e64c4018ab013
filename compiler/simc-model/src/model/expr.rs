//! Expressions: what equations have become.

use crate::model::dimension::Extent;
use crate::model::id::{StateId, TableId, VarId};
use crate::model::index::{Index, NodeId};
use crate::model::transport_read::TransportRead;
use crate::model::vector::{VectorFn, VectorRead};
use crate::source::Span;

/// A reducer: the body is evaluated for each element of the extents, row-major.
#[derive(Clone, Debug)]
pub struct Reduce {
    /// What becomes of the values.
    pub op: ReduceOp,
    /// What it runs over; never empty.
    pub extents: Vec<Extent>,
    /// Evaluated for each element; a complete expression of its own that sees the loops and reducers around it.
    pub body: Expr,
}

/// What becomes of the values of a reducer's body, taken in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReduceOp {
    /// `0 + v1 + v2 + ...`
    Sum,
    /// `1 * v1 * v2 * ...`
    Product,
    /// Least: `Min` of infinity and each value in turn.
    Min,
    /// Greatest: `Max` of minus infinity and each value in turn.
    Max,
    /// The sum divided by the count.
    Mean,
    /// All of them, one after the other: an input of a vector function, which is in [`ExprKind::Arrange`] alone.
    List,
    /// Population standard deviation: `m` the mean; the square root of (`0 + (v1 - m)*(v1 - m) + ...`) divided by the count.
    StdDev,
}

/// Which table a lookup reads.
#[derive(Clone, Debug)]
pub enum TableRef {
    /// Always the same.
    One(TableId),
    /// One of an arrayed graphical function: tables row-major, and the subscripts that choose.
    Each {
        /// One for each element.
        tables: Vec<TableId>,
        /// Lengths of the dimensions of the graphical function.
        shape: Vec<u32>,
        /// One subscript for each dimension; never [`Index::Computed`].
        indices: Vec<Index>,
    },
}

/// An expression in evaluation order: every node is after its operands, and the last one is the result.
/// There is no nesting to recurse into, so no expression is too deep for whoever reads it.
#[derive(Clone, Debug, Default)]
pub struct Expr {
    /// Nodes; operands come before the node that uses them. Never empty in a [`Model`](super::Model).
    pub nodes: Vec<ExprNode>,
}

/// One node with its place in the source.
#[derive(Clone, Debug)]
pub struct ExprNode {
    /// What it computes.
    pub kind: ExprKind,
    /// The text it came from.
    pub span: Span,
}

/// What a node computes. Truth values are numbers: 1 and 0; a number is true when it is not equal to 0.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A number; DT, STARTTIME, STOPTIME, PI, INF and NAN are numbers by now.
    Number(f64),
    /// TIME: the time of the step, or of the stage within a Runge-Kutta step.
    Time,
    /// A variable's value, with one subscript for each of its dimensions.
    Var(VarId, Vec<Index>),
    /// What a transport shows.
    Transport(Box<TransportRead>),
    /// An element of what a vector function gives.
    Vector(Box<VectorRead>),
    /// What a vector function gives, of its inputs, each a reducer of [`ReduceOp::List`] over the same extents, and then of its single numbers.
    /// It is the result of the input of a [`StateKind::Vector`](super::StateKind::Vector) and of nothing else.
    Arrange(VectorFn, Vec<NodeId>),
    /// The value of a stateful call, for the present position of every loop and reducer around it.
    State(StateId),
    /// A position as a number, counted from 1: a dimension's name, or `Dim.element`.
    Position(Index),
    /// A reducer.
    Reduce(Box<Reduce>),
    /// One operand.
    Unary(UnaryOp, NodeId),
    /// Two operands, both evaluated.
    Binary(BinaryOp, NodeId, NodeId),
    /// `IF cond THEN then ELSE otherwise`; all three are evaluated.
    If {
        /// The condition.
        cond: NodeId,
        /// Value when it is true.
        then: NodeId,
        /// Value when it is not.
        otherwise: NodeId,
    },
    /// A function without memory, with all its arguments: defaults have been filled in.
    Call(PureFn, Vec<NodeId>),
    /// A table at x.
    Lookup(TableRef, NodeId),
}

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-x`.
    Neg,
    /// 1 when x is 0, else 0.
    Not,
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `a + b`.
    Add,
    /// `a - b`.
    Sub,
    /// `a * b`.
    Mul,
    /// `a / b`, IEEE division.
    Div,
    /// `a // b`: 0 when b is 0, else `a / b`.
    SafeDiv,
    /// `a MOD b`, floored: `a - b*floor(a/b)`.
    Mod,
    /// `a ^ b`.
    Pow,
    /// 1 when equal (exactly), else 0.
    Eq,
    /// 1 when not equal.
    Ne,
    /// 1 when less.
    Lt,
    /// 1 when less or equal.
    Le,
    /// 1 when greater.
    Gt,
    /// 1 when greater or equal.
    Ge,
    /// 1 when both are true.
    And,
    /// 1 when at least one is true.
    Or,
}

macro_rules! pure_functions {
    ($($(#[doc = $doc:literal])* $variant:ident $name:literal;)*) => {
        /// Functions without memory. Each takes exactly the arguments named here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum PureFn {
            $($(#[doc = $doc])* $variant,)*
            /// `(seed, call, element, sample, min, max, ...)`: a random number. `call` tells calls that share a seed apart; `element` is the
            /// element that is computed, counted from 0, row-major within whole dimensions; with `sample > 0` the number is drawn
            /// again for each such time, else in each step; it lies from `min` to `max`. Then come the parameters of the distribution.
            Draw(Distribution),
        }

        impl PureFn {
            /// The name where models are printed.
            pub fn name(self) -> &'static str {
                match self {
                    $(PureFn::$variant => $name,)*
                    PureFn::Draw(distribution) => distribution.name(),
                }
            }

            /// Whether it looks at the clock.
            pub fn reads_time(self) -> bool {
                matches!(
                    self,
                    PureFn::Step
                        | PureFn::Ramp
                        | PureFn::Pulse
                        | PureFn::SinWave
                        | PureFn::CosWave
                        | PureFn::PulseTrain
                        | PureFn::RampFromTo
                        | PureFn::Counter
                        | PureFn::StepIndex
                        | PureFn::StepTime
                        | PureFn::Draw(_)
                )
            }
        }
    };
}

pure_functions! {
    /// `(x)`
    Abs "ABS";
    /// `(x)`
    Exp "EXP";
    /// `(x)` natural logarithm
    Ln "LN";
    /// `(x)`
    Log10 "LOG10";
    /// `(x)`
    Sqrt "SQRT";
    /// `(x)` in radians
    Sin "SIN";
    /// `(x)` in radians
    Cos "COS";
    /// `(x)` in radians
    Tan "TAN";
    /// `(x)`
    Arcsin "ARCSIN";
    /// `(x)`
    Arccos "ARCCOS";
    /// `(x)`
    Arctan "ARCTAN";
    /// `(x)`: the greatest integer not above x
    Int "INT";
    /// `(x)`: rounded toward zero: `-floor(-x)` when `x < 0`, else `floor(x)`
    Trunc "INTEGER";
    /// `(a, b)`: the exact remainder with the sign of a, as C's `fmod`; NaN when b is 0
    Remainder "MODULO";
    /// `(a, b)`: NaN when either is; -0 is below +0
    Max "MAX";
    /// `(a, b)`: NaN when either is; -0 is below +0
    Min "MIN";
    /// `(a, b, c)`: c when b is 0, else `a / b`
    SafeDiv "SAFEDIV";
    /// `(a, b, c)`: c when `abs(b) < 1e-6`, else `a / b`
    Xidz "XIDZ";
    /// `(height, start)`: height once `TIME + dt/2 > start`, else 0
    Step "STEP";
    /// `(slope, start, end)`: `slope*(min(TIME, max(end, start)) - start)` once `TIME > start`, else 0. An absent end is infinity.
    Ramp "RAMP";
    /// `(magnitude, first, interval)`: `magnitude/dt` while a pulse is on, else 0. With T the time of the step (never of a stage) and
    /// `u = (T + dt/2) - first`, it is on when `u >= 0` and `v < dt`, where `v` is `u - interval*floor(u/interval)` if `interval > 0` and `u` otherwise.
    /// An absent interval is 0.
    Pulse "PULSE";
    /// `(x)`: 1 above 0, -1 below, else x
    Sign "SIGN";
    /// `(x)`: the nearest whole number, halves away from zero
    Round "ROUND";
    /// `(x)`: `100*x`
    Percent "PERCENT";
    /// `(x, n)`: the n-th root; of a negative x the negative one when n is an odd whole number
    Root "ROOTN";
    /// `(x, q)`: x when `q <= 0`, else `q*trunc(x/q)`
    Quantum "QUANTUM";
    /// `(x)`
    Sinh "SINH";
    /// `(x)`
    Cosh "COSH";
    /// `(x)`
    Tanh "TANH";
    /// `(y, x)`: the angle of the point (x, y) in radians
    Arctan2 "ARCTAN2";
    /// `(x)`: the logarithm of the magnitude of the gamma function
    GammaLn "GAMMALN";
    /// `(n)` of n rounded down
    Factorial "FACTORIAL";
    /// `(n, r)` of both rounded down
    Combinations "COMBINATIONS";
    /// `(n, r)` of both rounded down
    Permutations "PERMUTATIONS";
    /// `(p)`: the quantile of the standard normal distribution
    InverseNormal "INVNORM";
    /// `(left, right, mean, sd)`: how likely a normal number lies between
    NormalBetween "NORMALCDF";
    /// `(rate, periods, payment, present)`
    FutureValue "FV";
    /// `(rate, periods, payment, future)`
    PresentValue "PV";
    /// `(rate, periods, present, future)`
    Payment "PMT";
    /// `(amplitude, period)`: `amplitude*sin((2*PI*TIME)/period)`
    SinWave "SINWAVE";
    /// `(amplitude, period)`: `amplitude*cos((2*PI*TIME)/period)`
    CosWave "COSWAVE";
    /// `(percentage)`: `((1 + percentage/100)^dt - 1)/dt`
    CompoundGrowth "CGROWTH";
    /// `(start, width, interval, end)`, with T the time of the step: 1 when `T + dt/2 > start`, `T + dt/2 <= end + dt` and
    /// `v < max(width, dt)`, where `u = (T + dt/2) - start` and `v` is `u - interval*floor(u/interval)` if `interval > 0` and `u`
    /// otherwise; else 0
    PulseTrain "PULSE_TRAIN";
    /// `(from, to, start, end)`: `from` up to the start, `to` from the end on, and the line between in between
    RampFromTo "RAMP_FROM_TO";
    /// `(from, to, speed)`: with `s = speed*(T - STARTTIME)` and `w = to - from`: `from + (s - w*floor(s/w))` when `w > 0`, else from;
    /// T is the time of the step
    Counter "COUNTER";
    /// `()`: how many steps lie between the start and the step
    StepIndex "STEP_INDEX";
    /// `()`: the time of the step, never of a Runge-Kutta stage within it
    StepTime "STEP_TIME";
}

/// Distributions of random numbers, with their parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Distribution {
    /// `(low, high)`
    Uniform,
    /// `(mean, sd)`
    Normal,
    /// `(mean, sd)` of the number itself
    Lognormal,
    /// `(mean)`
    Exponential,
    /// `(mean, scale)`
    Logistic,
    /// `(shape, scale)`
    Pareto,
    /// `(shape, scale)`
    Weibull,
    /// `(low, mode, high)`
    Triangular,
    /// `(shape, scale)`
    Gamma,
    /// `(alpha, beta)`
    Beta,
    /// `(percent)`: 1 with this chance in each step, else 0
    MonteCarlo,
    /// `(mean)`
    Poisson,
    /// `(trials, probability)`
    Binomial,
    /// `(probability)`: trials up to the first success
    Geometric,
    /// `(successes, probability)`: trials up to that many successes
    NegativeBinomial,
}

impl Distribution {
    /// The name where models are printed.
    pub fn name(self) -> &'static str {
        match self {
            Distribution::Uniform => "UNIFORM",
            Distribution::Normal => "NORMAL",
            Distribution::Lognormal => "LOGNORMAL",
            Distribution::Exponential => "EXPRND",
            Distribution::Logistic => "LOGISTIC",
            Distribution::Pareto => "PARETO",
            Distribution::Weibull => "WEIBULL",
            Distribution::Triangular => "TRIANGULAR",
            Distribution::Gamma => "GAMMA",
            Distribution::Beta => "BETA",
            Distribution::MonteCarlo => "MONTECARLO",
            Distribution::Poisson => "POISSON",
            Distribution::Binomial => "BINOMIAL",
            Distribution::Geometric => "GEOMETRIC",
            Distribution::NegativeBinomial => "NEGBINOMIAL",
        }
    }
}

impl Expr {
    /// A single number.
    pub fn number(value: f64, span: Span) -> Self {
        Self { nodes: vec![ExprNode { kind: ExprKind::Number(value), span }] }
    }

    /// Appends a node and returns its id.
    pub fn push(&mut self, kind: ExprKind, span: Span) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).expect("fewer than 2^32 nodes in an expression"));
        self.nodes.push(ExprNode { kind, span });
        id
    }

    /// The node with this id.
    pub fn node(&self, id: NodeId) -> &ExprNode {
        &self.nodes[id.0 as usize]
    }

    /// The result.
    pub fn root(&self) -> NodeId {
        NodeId(u32::try_from(self.nodes.len()).expect("fewer than 2^32 nodes") - 1)
    }

    /// The number it is, when it is nothing else.
    pub fn as_number(&self) -> Option<f64> {
        match self.nodes.as_slice() {
            [ExprNode { kind: ExprKind::Number(value), .. }] => Some(*value),
            _ => None,
        }
    }
}
